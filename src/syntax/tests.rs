use super::*;

/// Where the flaws of a text are, as line and problem.
fn told(text: &str) -> Vec<(usize, String)> {
    let (_, flaws) = read(text);
    let line = |flaw: &Flaw| text.split_at(flaw.span.start).0.matches('\n').count() + 1;
    flaws
        .iter()
        .map(|flaw| (line(flaw), flaw.problem.clone()))
        .collect()
}

#[test]
fn what_people_mistype_is_said_in_german_where_it_is() {
    for (line, (problem, _)) in [
        ("name = \"Bote", OPEN_TEXT),
        ("name = 'Bote", OPEN_TEXT),
        ("name = \"Der „Bote“", OPEN_TEXT),
        ("name = \"Bote“", CURLY),
        ("name = „Bote“", CURLY),
        ("name = “Bote”", CURLY),
        ("name = ”Bote”", CURLY),
        ("name = „Bote\"", CURLY),
        ("name = ‚Bote‘", CURLY),
        ("name = «Bote»", CURLY),
        ("names = [„a“, \"b\"]", CURLY),
        ("names = [\"a“, \"b\"]", CURLY),
        ("[fields.“sitzung”]", CURLY),
        ("name \"Bote\"", EQUALS),
        ("name Bote", EQUALS),
        ("name", EQUALS),
        ("Das ist ein Satz.", EQUALS),
        ("name: \"Bote\"", COLON),
        ("name := \"Bote\"", COLON),
        ("name == \"Bote\"", TWO_EQUALS),
        ("; eine Bemerkung", COMMENT),
        ("// eine Bemerkung", COMMENT),
        ("name =", NO_VALUE),
        ("name = bote@example.org", BARE),
        ("name = @example.org", BARE),
        ("name = /etc/bote", BARE),
        ("name = 90d", BARE),
        ("name = 10 MiB", BARE),
        ("name = 22.11.2026", BARE),
        ("name = 0911", BARE),
        ("name = ja", BARE),
        ("names = [a, \"b\"]", BARE),
        ("name = True", BOOLEAN),
        ("[bot", OPEN_HEAD),
        ("bot]", OPEN_HEAD),
        ("[fields.mein feld]", NAME),
        ("[fields.größe]", NAME),
        ("größe = 1", NAME),
        ("[bot] name = \"x\"", BEHIND_HEAD),
        ("name = \"a\" b = \"c\"", BEHIND_VALUE),
        ("name = \"a\", \"b\"", BEHIND_VALUE),
        ("name = \"Der \"Bote\"", BEHIND_VALUE),
        ("name = 'it's'", BEHIND_VALUE),
        ("names = [\"a\" \"b\"]", COMMA),
        ("name = \"C:\\dir\"", BACKSLASH),
        ("first = 2", TWICE),
        ("\u{feff}name = 1", INVISIBLE),
        ("\u{a0}name = 1", INVISIBLE),
        ("name\u{a0}= 1", INVISIBLE),
        ("name = \"a\u{1}\"", INVISIBLE),
    ] {
        let text = format!("first = 1\n{line}\nlast = \"3\"\n");
        assert_eq!(told(&text), [(2, problem.to_owned())], "{line}");
    }
}

#[test]
fn an_open_list_is_told_where_it_begins_and_nothing_behind_it() {
    for text in [
        "a = 1\nnames = [\"a\", \"b\"\nb = 2\nc = x\n",
        "a = 1\nnames = [\"a\", \"b\"\n",
        "a = 1\nnames = [\n  \"a\",\n  \"b\"\n[bot]\nb = 2\n",
        "a = 1\nnames = [\n",
    ] {
        assert_eq!(told(text), [(2, OPEN_LIST.0.to_owned())], "{text}");
    }
}

#[test]
fn each_line_is_told_once_and_all_are() {
    let text = "[bot]\nname = \"b\naddress = a\nother: „b“\n";
    let expected = [(2, OPEN_TEXT), (3, BARE), (4, COLON)];
    assert_eq!(
        told(text),
        expected.map(|(line, said)| (line, said.0.to_owned()))
    );
}

#[test]
fn what_is_rare_keeps_the_readers_words() {
    let (_, flaws) = read("[a]\r[b]\n");
    let [flaw] = &flaws[..] else {
        panic!("{flaws:?}")
    };
    assert!(
        flaw.problem.starts_with("das ist kein gültiges TOML: "),
        "{flaw:?}"
    );
}

#[test]
fn sound_files_have_no_flaw_whatever_program_wrote_them() {
    for text in [
        "\u{feff}[bot]\r\nname = \"Der „Bote“\"\r\n",
        "\tname = 'a'\t# „so“\n",
        "",
    ] {
        assert_eq!(told(text), [], "{text:?}");
    }
}
