use super::*;

#[test]
fn only_https_is_followed() {
    let place = |address: &str| {
        Place::parse(address)
            .ok()
            .map(|it| (it.host, it.port, it.path))
    };
    let at = |host: &str, port, path: &str| Some((host.to_owned(), port, path.to_owned()));
    for (address, expected) in [
        ("https://Example.org", at("example.org", 443, "/")),
        (
            "https://example.org/a?b=c",
            at("example.org", 443, "/a?b=c"),
        ),
        ("https://example.org:8443/a", at("example.org", 8443, "/a")),
        ("http://example.org/a", None),
        ("ftp://example.org/a", None),
        ("https://anna@example.org/a", None),
        ("https://[::1]/a", None),
        ("https:///a", None),
        ("/a", None),
        ("", None),
    ] {
        assert_eq!(place(address), expected, "{address}");
    }
}

#[test]
fn a_redirect_leads_to_another_address_or_path() {
    let here = Place::parse("https://example.org:8443/a/b?c").unwrap();
    let leads = |location: &str| here.elsewhere(location).ok().map(|it| format!("{it:?}"));
    let to = |address: &str| Some(format!("{:?}", Place::parse(address).unwrap()));
    for (location, expected) in [
        ("/d", to("https://example.org:8443/d")),
        ("https://example.net/d", to("https://example.net/d")),
        ("http://example.net/d", None),
        ("//example.net/d", None),
        ("d", None),
    ] {
        assert_eq!(leads(location), expected, "{location}");
    }
}

#[test]
fn inner_addresses_are_told_from_public_ones() {
    for public in [
        "9.9.9.9",
        "100.63.0.1",
        "100.128.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "223.255.255.255",
        "2620:fe::fe",
        "64:ff9b::909:909",
        "2002:909:909::1",
    ] {
        assert!(is_public(public.parse().unwrap()), "{public}");
    }
    for inner in [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
    ] {
        assert!(!is_public(inner.parse().unwrap()), "{inner}");
    }
}
