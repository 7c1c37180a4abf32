//! The table of providers is sound.
#![allow(
    clippy::disallowed_methods,
    reason = "tests touch the world on purpose"
)]

use std::collections::BTreeSet;

use super::super::account::is_host_name;
use super::super::providers::{Match, of_domain, of_exchangers, rows};
use super::*;

#[test]
fn every_row_is_whole() {
    let mut seen = BTreeSet::new();
    assert!(rows().len() > 20);
    for row in rows() {
        let name = &row.name;
        assert!(!name.trim().is_empty());
        let names: Vec<&String> = row.domains.iter().chain(&row.exchangers).collect();
        assert!(!names.is_empty(), "{name} is never found");
        for host in names {
            assert!(is_host_name(host) && host.contains('.'), "{name}: {host}");
            assert_eq!(*host, host.to_ascii_lowercase(), "{name}");
        }
        for domain in &row.domains {
            assert!(
                seen.insert(("domain", domain)),
                "{domain} stands there twice"
            );
        }
        for exchanger in &row.exchangers {
            assert!(
                seen.insert(("exchanger", exchanger)),
                "{exchanger} stands there twice"
            );
        }
        match &row.note {
            Some(note) => assert!(note.ends_with('.') && note.len() > 40, "{name}: {note}"),
            None => assert!(row.takes_password, "{name} does not say why"),
        }
    }
}

/// Every server can be one, and is secured as its port has it.
#[test]
fn every_server_is_one() {
    for row in rows() {
        let known = row
            .domains
            .iter()
            .map(|domain| of_domain(&account(&format!("antrag@{domain}"))))
            .chain(row.exchangers.iter().map(|exchanger| {
                let exchangers = [format!("mx.{exchanger}")];
                of_exchangers(&account("antrag@example.org"), &exchangers)
            }));
        for known in known.map(Option::unwrap) {
            let name = &row.name;
            assert_eq!(&known.row.name, name);
            let clue = known.clue();
            let endpoints = [(&clue.imap, 993, 143), (&clue.smtp, 465, 587)];
            for (offer, tls, starttls) in endpoints {
                match offer {
                    Offer::At(endpoint) if endpoint.port == tls => {
                        assert_eq!(endpoint.security, Security::Tls, "{name}");
                    }
                    Offer::At(endpoint) => {
                        assert_eq!(endpoint.security, Security::Starttls, "{name}");
                        assert_eq!(endpoint.port, starttls, "{name}");
                    }
                    other => {
                        assert_eq!(other, &Offer::Refused, "{name}");
                        assert!(!row.takes_password, "{name}");
                    }
                }
            }
        }
    }
}

#[test]
fn providers_are_found_by_where_mail_is_sent() {
    let of = |exchangers: &[&str]| -> Option<String> {
        let exchangers: Vec<String> = exchangers.iter().map(|&it| it.to_owned()).collect();
        let known: Option<Match> = of_exchangers(&account("antrag@example.org"), &exchangers);
        known.map(|known| {
            let Offer::At(imap) = known.clue().imap else {
                panic!("no server");
            };
            format!("{} {}", known.row.name, imap.host)
        })
    };
    let found = |exchangers: &[&str], expected: &str| {
        assert_eq!(of(exchangers).as_deref(), Some(expected));
    };
    found(&["mx00.ionos.de", "mx01.ionos.de"], "IONOS imap.ionos.de");
    found(&["smtpin.rzone.de"], "STRATO imap.strato.de");
    found(
        &["W0123456.kasserver.com"],
        "ALL-INKL.COM w0123456.kasserver.com",
    );
    found(&["mxf123.netcup.net"], "netcup mxf123.netcup.net");
    found(&["alt1.aspmx.l.google.com"], "Google imap.gmail.com");
    found(
        &["example-org.r-v1.mx.microsoft"],
        "Microsoft 365 outlook.office365.com",
    );
    // a filter before the hoster's own
    found(
        &["mx.example.net", "www5.your-server.de"],
        "Hetzner mail.your-server.de",
    );
    assert_eq!(of(&["mx.example.net"]), None);
    assert_eq!(of(&["notionos.de"]), None);
    assert_eq!(of(&["ionos.de.example.net"]), None);
    assert_eq!(of(&[]), None);
}
