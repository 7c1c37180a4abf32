//! What follows from the sources together, and from each of them.

use super::clue::{Clue, Offer};
use super::*;
use crate::dns::Srv;

mod autoconfig_files;
mod table;

fn account(address: &str) -> Account {
    Account::parse(address).unwrap()
}

fn at(host: &str, port: u16, security: Security) -> Endpoint {
    Endpoint {
        host: host.to_owned(),
        port,
        security,
    }
}

/// A clue: a server of this name and port, `.` for none at all, nothing where it is empty.
fn clue(source: Source, imap: &str, smtp: &str) -> Clue {
    let offer = |text: &str| match text.split_once(':') {
        _ if text.is_empty() => Offer::Unknown,
        _ if text == "." => Offer::Refused,
        Some((host, port)) => Offer::At(at(host, port.parse().unwrap(), Security::Tls)),
        None => panic!("{text}"),
    };
    Clue {
        source,
        imap: offer(imap),
        smtp: offer(smtp),
        username: None,
        takes_password: true,
    }
}

/// All that was found, in one line.
fn shown(found: &Found) -> String {
    format!(
        "{}:{} {}:{} {} {:?} {:?} {} {:?} {}",
        found.imap.host,
        found.imap.port,
        found.smtp.host,
        found.smtp.port,
        found.username,
        found.source,
        found.provider,
        found.takes_password,
        found.unconfirmed,
        found
            .note
            .unwrap_or("-")
            .chars()
            .take(20)
            .collect::<String>(),
    )
}

fn settled(address: &str, clues: Vec<Clue>) -> String {
    let account = account(address);
    let provider = providers::of_domain(&account);
    shown(&settle(&account, clues, provider.as_ref()))
}

#[test]
fn addresses_are_taken_apart() {
    for (address, parts) in [
        ("antrag@example.org", Some(("antrag", "example.org"))),
        (" antrag@Example.ORG. ", Some(("antrag", "example.org"))),
        ("\"a@b\"@example.org", Some(("\"a@b\"", "example.org"))),
        (
            "antrag@bürger.example",
            Some(("antrag", "xn--brger-kva.example")),
        ),
        ("antrag@localhost", Some(("antrag", "localhost"))),
        ("antrag", None),
        ("@example.org", None),
        ("antrag@", None),
        ("antrag@exa mple.org", None),
        ("antrag@127.0.0.1", None),
        ("antrag@[127.0.0.1]", None),
        ("antrag@example.org/pfad", None),
        ("antrag@example.org:25", None),
        ("antrag@-a.example", None),
        ("antrag@a..example", None),
    ] {
        let found = Account::parse(address);
        let found = found
            .as_ref()
            .map(|it| (it.local.as_str(), it.domain.as_str()));
        assert_eq!(found, parts, "{address}");
    }
}

#[test]
fn a_source_of_less_trust_fills_in_what_is_open() {
    use Source::{Autoconfig, Probe, Srv as Records};
    let own = "antrag@example.org";
    let full = |source, name: &str| {
        let [imap, smtp] = ["imap", "smtp"].map(|kind| format!("{kind}.{name}:1"));
        clue(source, &imap, &smtp)
    };
    for (clues, expected) in [
        (
            vec![
                full(Records, "example.org"),
                full(Autoconfig, "b.example.org"),
            ],
            "imap.example.org:1 smtp.example.org:1 antrag@example.org Srv None true [] -",
        ),
        (
            vec![
                clue(Records, "", ""),
                full(Autoconfig, "example.net"),
                full(Probe, "c"),
            ],
            "imap.example.net:1 smtp.example.net:1 antrag@example.org Autoconfig None true [] -",
        ),
        (
            vec![
                clue(Records, "a.example.org:9", ""),
                full(Autoconfig, "b.example.org"),
            ],
            "a.example.org:9 smtp.b.example.org:1 antrag@example.org Srv None true [] -",
        ),
        (
            vec![
                clue(Records, "", ""),
                clue(Probe, "", "smtp.example.org:465"),
            ],
            "mail.example.org:993 smtp.example.org:465 antrag@example.org Guess None true [] -",
        ),
        (
            vec![clue(Records, "", ""), clue(Probe, "", "")],
            "mail.example.org:993 mail.example.org:587 antrag@example.org Guess None true [] -",
        ),
        // a domain that says no is not second-guessed
        (
            vec![
                clue(Records, ".", "smtp.example.org:1"),
                full(Autoconfig, "example.org"),
            ],
            "mail.example.org:993 smtp.example.org:1 antrag@example.org Srv None false [] Die Domain gibt im D",
        ),
        (
            vec![
                clue(Records, "imap.example.org:1", "."),
                full(Autoconfig, "example.org"),
            ],
            "imap.example.org:1 mail.example.org:587 antrag@example.org Srv None true [] Die Domain gibt im D",
        ),
    ] {
        assert_eq!(settled(own, clues), expected);
    }
}

#[test]
fn a_person_agrees_to_servers_that_only_the_dns_names() {
    let outside = |source| vec![clue(source, "imap.example.net:1", "mx.example.net:1")];
    let of = |address, clues| settled(address, clues);
    assert!(
        of("a@example.org", outside(Source::Srv))
            .contains(r#"["imap.example.net", "mx.example.net"]"#)
    );
    // the file of the domain comes by HTTPS from the domain
    assert!(of("a@example.org", outside(Source::Autoconfig)).contains(" [] "));
    let one = vec![clue(
        Source::Srv,
        "mail.example.net:1",
        "mail.example.net:2",
    )];
    assert!(of("a@example.org", one).contains(r#"["mail.example.net"]"#));
    // a name that only ends alike lies outside
    let alike = vec![clue(
        Source::Srv,
        "imap.badexample.org:1",
        "smtp.example.org:1",
    )];
    assert!(of("a@example.org", alike).contains(r#"["imap.badexample.org"]"#));
    // the table knows whose these are
    let known = vec![clue(
        Source::Srv,
        "imap.mail.me.com:993",
        "smtp.mail.me.com:587",
    )];
    assert!(of("a@icloud.com", known).contains(" [] "));
}

#[test]
fn a_provider_adds_its_note_to_what_other_sources_say() {
    let records = || {
        vec![clue(
            Source::Srv,
            "imap.gmail.com:993",
            "smtp.gmail.com:465",
        )]
    };
    assert_eq!(
        settled("a@gmail.com", records()),
        "imap.gmail.com:993 smtp.gmail.com:465 a@gmail.com Srv Some(\"Google\") true [] Google nimmt nicht d",
    );
    let of_mx = |address: &str, exchanger: &str, clues: Vec<Clue>| {
        let account = account(address);
        let provider = providers::of_exchangers(&account, &[exchanger.to_owned()]);
        let mut all = clues;
        all.extend(provider.as_ref().map(providers::Match::clue));
        shown(&settle(&account, all, provider.as_ref()))
    };
    let exchanger = "example-org.mail.protection.outlook.com";
    assert_eq!(
        of_mx("a@example.org", exchanger, Vec::new()),
        "outlook.office365.com:993 smtp.office365.com:587 a@example.org Provider \
         Some(\"Microsoft 365\") false [] Das geht nicht: Micr",
    );
    // mail comes in there, but is fetched elsewhere
    let own = vec![clue(
        Source::Srv,
        "imap.example.org:993",
        "smtp.example.org:465",
    )];
    assert_eq!(
        of_mx("a@example.org", exchanger, own),
        "imap.example.org:993 smtp.example.org:465 a@example.org Srv None true [] -",
    );
    // no access at all
    assert_eq!(
        of_mx("a@example.org", "mail.protonmail.ch", Vec::new()),
        "mail.example.org:993 mail.example.org:587 a@example.org Provider \
         Some(\"Proton Mail\") false [] Das geht nicht: Prot",
    );
}

#[test]
fn oauth_alone_is_no_access() {
    let mut only = clue(
        Source::Autoconfig,
        "imap.example.org:993",
        "smtp.example.org:465",
    );
    only.takes_password = false;
    let account = account("a@example.org");
    let found = settle(&account, vec![only], None);
    assert!(!found.takes_password);
    assert!(found.note.unwrap().contains("OAuth 2.0"));
}

#[test]
fn why_nothing_opens_a_mailbox_is_said_before_what_to_do_there() {
    let account = account("a@gmx.de");
    let provider = providers::of_domain(&account);
    let mut only = clue(Source::Autoconfig, "imap.gmx.net:993", "mail.gmx.net:465");
    only.takes_password = false;
    let found = settle(&account, vec![only], provider.as_ref());
    assert!(found.note.unwrap().contains("OAuth 2.0"), "{found:?}");
    assert!(!found.takes_password);
    let refused = clue(Source::Srv, ".", ".");
    let found = settle(&account, vec![refused], provider.as_ref());
    assert!(found.note.unwrap().contains("kein IMAP"), "{found:?}");
}

#[test]
fn what_is_known_without_asking() {
    let known = guess("antrag@web.de");
    assert_eq!(known.imap, at("imap.web.de", 993, Security::Tls));
    assert_eq!(known.smtp, at("smtp.web.de", 587, Security::Starttls));
    assert_eq!(
        (known.username.as_str(), known.source),
        ("antrag", Source::Provider)
    );
    let unknown = guess("antrag@example.org");
    assert_eq!(unknown.imap, at("mail.example.org", 993, Security::Tls));
    assert_eq!(unknown.source, Source::Guess);
    assert_eq!(guess("antrag").source, Source::Guess);
}

/// Service records, written `priority target port`, in the order to try them.
fn records(lines: &[&str]) -> Vec<Srv> {
    let record = |line: &&str| {
        let words: Vec<&str> = line.split(' ').collect();
        Srv {
            priority: words[0].parse().unwrap(),
            weight: 0,
            target: words[1].trim_end_matches('.').to_owned(),
            port: words[2].parse().unwrap(),
        }
    };
    lines.iter().map(record).collect()
}

#[test]
fn service_records_are_chosen_by_security_and_order() {
    let tls = |host, port| Offer::At(at(host, port, Security::Tls));
    let starttls = |host, port| Offer::At(at(host, port, Security::Starttls));
    for (by_tls, by_starttls, expected) in [
        (
            &["1 a.example 993", "2 b.example 993"][..],
            &["0 c.example 143"][..],
            tls("a.example", 993),
        ),
        (&[], &["0 c.example 143"], starttls("c.example", 143)),
        (&["0 . 0"], &["0 c.example 143"], starttls("c.example", 143)),
        (&["0 a.example 993"], &["0 . 0"], tls("a.example", 993)),
        (&["0 . 0"], &["0 . 0"], Offer::Refused),
        // one of two that is silent says nothing about the other
        (&["0 . 0"], &[], Offer::Unknown),
        (&[], &["0 . 0"], Offer::Unknown),
        (&[], &[], Offer::Unknown),
        // 465 speaks TLS from the first byte, whatever it is published as
        (&[], &["0 A.Example 465"], tls("a.example", 465)),
        (
            &["0 127.0.0.1 993", "1 a_b.example 993", "2 a.example 0"],
            &[],
            Offer::Unknown,
        ),
    ] {
        let found = srv::choose(&records(by_tls), &records(by_starttls));
        assert_eq!(found, expected, "{by_tls:?} {by_starttls:?}");
    }
}
