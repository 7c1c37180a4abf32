//! Who is let in, and how often: as the far mailboxes show it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::correspondence::{mail, replies, request, rows, until_answered, until_rows};
use crate::support::{Daemon, House, NameServer, Settings, Signature, Signer, eventually, program};

/// The daemon's configuration with these lines at the end of `[policy]`.
fn configure(house: &House, policy: &str) -> PathBuf {
    let file = house.configure(Settings::default());
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}{policy}\n")).unwrap();
    file
}

/// A request of this person with these fields above its own.
fn request_with(id: &str, above: &str, from: &str) -> Vec<u8> {
    let text = String::from_utf8(request(id)).unwrap();
    let text = text.replace(
        "From: Anna Muster <anna@example.org>",
        &format!("From: {from}"),
    );
    format!("{above}{text}").into_bytes()
}

/// State, decision and reason of a request, by the left part of its Message-ID.
fn fate(rows: &[Value], config: &Path, id: &str) -> String {
    let message_id = format!("<{id}@example.org>");
    let row = rows.iter().find(|row| row["message_id"] == *message_id);
    let row = row.unwrap_or_else(|| panic!("no row of {id}"));
    let shown = program(config, &["log", "show", row["id"].as_str().unwrap()]);
    format!("{} {}\n{}", row["state"], row["decision"], shown.output)
}

#[test]
fn only_what_the_own_mail_server_noted_on_top_is_believed() {
    let house = House::start();
    let config = configure(
        &house,
        "require = \"authenticated\"\nauthserv_id = \"mx.example.org\"",
    );
    let pass =
        "Authentication-Results: mx.example.org;\r\n\tdmarc=pass header.from=example.org\r\n";
    let fail = "Authentication-Results: mx.example.org; dmarc=fail header.from=example.org;\r\n dkim=pass header.d=example.org\r\n";
    let other = "Authentication-Results: mx.boese.example; dmarc=pass header.from=example.org\r\n";
    let daemon = Daemon::start(&config);
    let anna = "Anna <anna@example.org>";
    for (id, above, from) in [
        ("gut", pass.to_owned(), anna),
        ("unterschoben", format!("{fail}{pass}"), anna),
        ("fremd", other.to_owned(), anna),
        ("ohne", String::new(), anna),
        (
            "anderswo",
            format!("{pass}Reply-To: x@boese.example\r\n"),
            anna,
        ),
        (
            "zwei",
            pass.to_owned(),
            "anna@example.org, bernd@example.org",
        ),
    ] {
        // As Postfix delivers it: its own trace fields come on top.
        let raw = request_with(id, &above, from);
        house
            .postfix
            .send("anna@example.org", "antrag@example.org", &raw);
    }
    until_rows(&config, 6, |row| row["state"] != "waiting");
    daemon.stop();
    house.postfix.until_delivered();
    let answered: Vec<_> = replies(&house)
        .into_iter()
        .map(|reply| reply.answers)
        .collect();
    assert_eq!(answered, ["gut"]);
    let rows = rows(&config);
    for (id, told) in [
        (
            "unterschoben",
            "bestätigt example.org nicht; er hat vermerkt: dmarc=fail (example.org), dkim=pass (example.org).",
        ),
        ("fremd", "hat nichts vermerkt"),
        ("ohne", "hat nichts vermerkt"),
        ("anderswo", "Reply-To"),
        ("zwei", "mehrere Absender"),
    ] {
        let fate = fate(&rows, &config, id);
        assert!(fate.starts_with("\"ignored\" \"refuse\""), "{fate}");
        assert!(
            fate.contains("sender-not-allowed") && fate.contains(told),
            "{fate}"
        );
    }
}

#[test]
fn signatures_are_checked_with_the_keys_in_the_dns() {
    let house = House::start();
    let config = configure(&house, "require = \"authenticated\"");
    let dns = NameServer::start();
    let resolv_conf = house.path("resolv.conf");
    dns.write_resolv_conf(&resolv_conf);
    let signer = |domain, selector, bits| Signer::make(&house.path(""), domain, selector, bits);
    let ours = signer("example.org", "k1", 2048);
    let below = signer("post.example.org", "k1", 1024);
    let theirs = signer("boese.example", "k1", 1024);
    let weak = signer("example.org", "schwach", 512);
    let unpublished = signer("example.org", "fehlt", 1024);
    for known in [&ours, &below, &theirs, &weak] {
        let (name, text) = known.record();
        dns.add(&name, text);
    }
    let usual = Signature::default();
    let with = |tags| Signature { tags, ..usual };
    let sign = |id: &str, signer: &Signer, with| signer.sign(&request(id), with);
    let text = |raw: &[u8]| String::from_utf8(raw.to_vec()).unwrap();
    let changed = text(&sign("verändert", &ours, usual)).replace("Fürth", "Forst");
    let retitled = text(&sign("umbenannt", &ours, usual)).replace("Musterantrag", "Anderes");
    let second = format!(
        "From: Bernd <bernd@example.org>\r\n{}",
        text(&sign("zwei", &ours, usual))
    );
    let redirected = format!(
        "Reply-To: bernd@example.org\r\n{}",
        text(&sign("umgeleitet", &ours, usual))
    );
    let without_from = Signature {
        fields: "to:subject:date",
        ..usual
    };
    let sha1 = Signature {
        hash: "sha1",
        ..usual
    };
    let mails = [
        ("gut", sign("gut", &ours, usual), None),
        ("unten", sign("unten", &below, usual), None),
        (
            "beide",
            ours.sign(&sign("beide", &theirs, usual), usual),
            None,
        ),
        (
            "gültig",
            sign("gültig", &ours, with("t=1; x=4000000000; ")),
            None,
        ),
        (
            "ohne",
            request("ohne"),
            Some("trägt keine DKIM-Unterschrift von example.org"),
        ),
        (
            "fremd",
            sign("fremd", &theirs, usual),
            Some("boese.example: gültig, aber eine andere Domain"),
        ),
        (
            "verändert",
            changed.into_bytes(),
            Some("der Inhalt wurde unterwegs verändert"),
        ),
        (
            "umbenannt",
            retitled.into_bytes(),
            Some("der Kopf wurde unterwegs verändert"),
        ),
        (
            "kurz",
            sign("kurz", &ours, with("l=10; ")),
            Some("deckt nicht den ganzen Inhalt (l=)"),
        ),
        (
            "alt",
            sign("alt", &ours, with("t=1; x=2; ")),
            Some("abgelaufen"),
        ),
        (
            "schwach",
            sign("schwach", &weak, usual),
            Some("der Schlüssel ist zu schwach"),
        ),
        ("sha1", sign("sha1", &ours, sha1), Some("SHA-1")),
        (
            "fehlt",
            sign("fehlt", &unpublished, usual),
            Some("im DNS steht kein Schlüssel"),
        ),
        (
            "absender",
            sign("absender", &ours, without_from),
            Some("deckt den Absender (From) nicht"),
        ),
        ("zwei", second.into_bytes(), Some("mehrere Absender")),
        (
            "umgeleitet",
            redirected.into_bytes(),
            Some("deckt Reply-To nicht"),
        ),
    ];
    for (id, raw, _) in &mails {
        house.dovecot.drop_in("antrag", id, raw);
    }
    let daemon = Daemon::start_with_dns(&config, &resolv_conf);
    until_rows(&config, mails.len(), |row| {
        row["decision"] != Value::Null && row["state"] != "waiting"
    });
    let rows_by_now = rows(&config);
    for (id, _, refused) in &mails {
        let fate = fate(&rows_by_now, &config, id);
        match refused {
            None => assert!(
                fate.starts_with("\"answered\" \"document\""),
                "{id}: {fate}"
            ),
            Some(told) => {
                assert!(fate.starts_with("\"ignored\" \"refuse\""), "{id}: {fate}");
                assert!(fate.contains(told), "{id}: {fate}");
            }
        }
    }
    until_answered(&house, 4);

    // A name server that is out of order refuses nobody.
    let late = signer("example.org", "k2", 1024);
    let (name, record) = late.record();
    dns.add(&name, record);
    dns.fail(true);
    house
        .dovecot
        .drop_in("antrag", "später", &sign("später", &late, usual));
    eventually("a question in vain", Duration::from_secs(30), || {
        (dns.asked(&name) > 0).then_some(())
    });
    let waiting = mails.len() + 1;
    until_rows(&config, waiting, |_| true);
    assert!(
        rows(&config)
            .iter()
            .any(|row| row["state"] == "waiting" && row["decision"] == Value::Null)
    );
    dns.fail(false);
    // Whoever does not want to wait for the next try says so; it may have come by itself.
    let id = rows(&config).last().unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    program(&config, &["log", "retry", &id]);
    until_answered(&house, 5);
    daemon.stop();
    assert_eq!(dns.asked("k1._domainkey.example.org"), 1, "keys are kept");
}

#[test]
fn the_breaker_holds_requests_back_and_loses_none() {
    let house = House::start();
    let config = configure(&house, "replies_per_hour = 3");
    for number in 0..7 {
        let id = format!("anfrage-{number}");
        house.dovecot.drop_in("antrag", &id, &request(&id));
    }
    let daemon = Daemon::start(&config);
    until_answered(&house, 3);
    eventually("the breaker's word", Duration::from_secs(30), || {
        daemon.errors().contains("requests wait").then_some(())
    });
    until_rows(&config, 4, |row| {
        row["state"] == "waiting" && row["decision"] == Value::Null
    });
    house.postfix.until_delivered();
    assert_eq!(replies(&house).len(), 3);
    daemon.stop();

    // A restart does not forget what left; the administrator who reloads starts anew.
    let daemon = Daemon::start(&config);
    eventually("the breaker's word", Duration::from_secs(30), || {
        daemon.errors().contains("requests wait").then_some(())
    });
    assert_eq!(replies(&house).len(), 3);
    let text = fs::read_to_string(&config).unwrap();
    fs::write(
        &config,
        text.replace("replies_per_hour = 3", "replies_per_hour = 50"),
    )
    .unwrap();
    daemon.reload();
    until_answered(&house, 7);
    until_rows(&config, 7, |row| row["state"] == "answered");
    daemon.stop();
    house.postfix.until_delivered();
    assert_eq!(replies(&house).len(), 7);
}

#[test]
fn a_domain_shares_its_limit_and_a_reload_changes_who_is_let_in() {
    let house = House::start();
    let config = configure(&house, "replies_per_domain_per_hour = 2\ndeny = []");
    let daemon = Daemon::start(&config);
    let anna = "anna@example.org";
    for (number, id) in ["eins", "zwei", "drei", "vier"].into_iter().enumerate() {
        house
            .dovecot
            .drop_in("antrag", id, &request_with(id, "", anna));
        until_rows(&config, number + 1, |row| row["state"] != "waiting");
    }
    let found: Vec<_> = rows(&config)
        .iter()
        .map(|row| format!("{} {}", row["state"], row["decision"]))
        .collect();
    assert_eq!(
        found,
        [
            r#""answered" "document""#,
            r#""answered" "document""#,
            r#""answered" "refuse""#,
            r#""ignored" "refuse""#,
        ]
    );
    let text = fs::read_to_string(&config).unwrap();
    let text = text.replace("replies_per_domain_per_hour = 2\n", "");
    fs::write(
        &config,
        text.replace("deny = []", "deny = [\"bernd@example.org\"]"),
    )
    .unwrap();
    daemon.reload();
    eventually("the reload", Duration::from_secs(30), || {
        daemon.errors().contains("reloaded").then_some(())
    });
    house.dovecot.drop_in(
        "antrag",
        "fünf",
        &request_with("fünf", "", "bernd@example.org"),
    );
    house.dovecot.drop_in(
        "antrag",
        "sechs",
        &mail("sechs", "Kommune: Stadt Bonn\nBeirat: Integrationsrat\n"),
    );
    until_rows(&config, 6, |row| row["state"] != "waiting");
    daemon.stop();
    let fate = |id: &str| fate(&rows(&config), &config, id);
    assert!(fate("vier").contains("Diese Domain hat in dieser Stunde genug Antworten bekommen"));
    assert!(fate("fünf").contains("Der Absender steht auf der Liste deny"));
    assert!(fate("sechs").starts_with("\"answered\" \"document\""));
    house.postfix.until_delivered();
    let answered: Vec<_> = replies(&house)
        .into_iter()
        .map(|reply| reply.answers)
        .collect();
    assert_eq!(answered, ["drei", "eins", "sechs", "zwei"]);
}
