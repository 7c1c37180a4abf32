use super::Person;

const ADDRESS: &str = "frieda.forget@example.org";

/// What becomes of a text when the address goes.
fn check(address: &str, text: &str, expected: &str) {
    let mut bytes = text.as_bytes().to_vec();
    let hit = Person::new(address).unwrap().blank(&mut bytes);
    let after = String::from_utf8_lossy(&bytes).into_owned();
    assert_eq!((after.as_str(), hit), (expected, text != expected));
}

#[test]
fn whole_addresses_go_and_others_stay() {
    let gone = "x".repeat(ADDRESS.len());
    for around in [
        ["Cc: <", ">"],
        ["„", "“"],
        ["", ""],
        ["mailto:", "?subject=x"],
        ["an ", ". Danke"],
        ["{\"to\":\"", "\"}"],
        ["erste\\n", "\\nzweite"],
    ] {
        let [before, after] = around;
        check(
            ADDRESS,
            &format!("{before}{ADDRESS}{after}"),
            &format!("{before}{gone}{after}"),
        );
    }
    for other in [
        "elfrieda.forget@example.org",
        "x+frieda.forget@example.org",
        "frieda.forget@example.org.uk",
        "frieda.forget@example.organ",
        "forget@example.org",
    ] {
        check(ADDRESS, other, other);
    }
}

#[test]
fn disguises_are_seen_through() {
    let table = [
        ("FRIEDA.Forget@EXAMPLE.org", "xxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("frieda.forget%40example.org", "xxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        (
            "=0Afrieda=2Eforget=40example.org=0A",
            "=0Axxxxxxxxxxxxxxxxxxxxxxxxxxxxx=0A",
        ),
        (
            "a frieda.for=\r\nget@example.org",
            "a xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ),
        (
            "<bounce+frieda.forget=example.org@example.net>",
            "<bounce+xxxxxxxxxxxxxxxxxxxxxxxxx@example.net>",
        ),
    ];
    for (text, expected) in table {
        check(ADDRESS, text, expected);
    }
}

#[test]
fn base64_keeps_its_lines() {
    // "Guten Tag,\r\nmeine Adresse ist Frieda.Forget@example.org.\r\nGruß\r\n"
    let text = "Content-Transfer-Encoding: base64\r\n\r\n\
                R3V0ZW4gVGFnLA0KbWVpbmUgQWRyZXNzZSBpc3QgRnJpZWRh\r\n\
                LkZvcmdldEBleGFtcGxlLm9yZy4NCkdydcOfDQo=\r\n--ende\r\n";
    let mut bytes = text.as_bytes().to_vec();
    assert!(Person::new(ADDRESS).unwrap().blank(&mut bytes));
    let after = String::from_utf8(bytes).unwrap();
    assert_eq!(after.len(), text.len());
    let body = "R3V0ZW4gVGFnLA0KbWVpbmUgQWRyZXNzZSBpc3QgeHh4eHh4\r\n\
                eHh4eHh4eHh4eHh4eHh4eHh4eC4NCkdydcOfDQo=\r\n--ende\r\n";
    assert!(after.ends_with(body), "{after}");
}

#[test]
fn domains_are_known_in_both_spellings() {
    for address in ["anna@bücher.example", "Anna@xn--bcher-kva.example"] {
        let person = Person::new(address).unwrap();
        for same in [
            "ANNA@BÜCHER.EXAMPLE",
            "anna@xn--bcher-kva.example",
            "anna@bücher.example",
        ] {
            assert!(person.is(same), "{address} {same}");
            assert!(
                person.blank(&mut same.as_bytes().to_vec()),
                "{address} {same}"
            );
        }
        assert!(person.blank(&mut b"<anna@b\xfccher.example>".to_vec()));
        assert!(!person.is("anna@bucher.example"));
    }
}

#[test]
fn what_is_no_address_is_nobody() {
    for text in ["", " ", "b.de", "@b.de", "a@"] {
        assert!(Person::new(text).is_none(), "{text}");
    }
}

proptest::proptest! {
    /// Any bytes: no panic, the same length, and nothing changes twice.
    #[test]
    fn blanking_twice_is_blanking_once(mut bytes: Vec<u8>, at in 0_usize..64, form in 0_usize..3) {
        let person = Person::new("a@b.de").unwrap();
        let written: [&[u8]; 3] = [b" a@b.de ", b"\nIGFAYi5kZSA=\n", b" a=40b.de "];
        let at = at.min(bytes.len());
        bytes.splice(at..at, written[form].iter().copied());
        let length = bytes.len();
        person.blank(&mut bytes);
        proptest::prop_assert_eq!(bytes.len(), length);
        let once = bytes.clone();
        proptest::prop_assert!(!person.blank(&mut bytes));
        proptest::prop_assert_eq!(once, bytes);
    }
}
