use super::{Judgement, Mail, OWN, Recent, Refused, Rules, judge, rules};
use crate::mail::parse;
use crate::policy::{Authentication, Signature};

const ID: &str = "mx.example.org";

/// A mail with these fields above its own.
fn mail(above: &str, from: &str) -> Mail {
    let raw = format!(
        "Return-Path: <anna@stadt.example>\r\n{above}From: {from}\r\nTo: {OWN}\r\n\
         Subject: Musterantrag\r\nMessage-ID: <1@stadt.example>\r\n\r\nBitte!\r\n"
    );
    parse(raw.as_bytes())
}

fn by_server(id: &str) -> Rules {
    Rules {
        authentication: Authentication::Server(id.to_owned()),
        ..rules()
    }
}

/// Why it is refused; `None` if it is answered.
#[track_caller]
fn doubt(mail: &Mail, rules: &Rules, recent: &Recent) -> Option<String> {
    match judge(mail, rules, OWN, recent) {
        Judgement::Proceed => None,
        Judgement::Refuse { reason, answered } => {
            assert_eq!((reason, answered), (Refused::SenderNotAllowed, false));
            Some(reason.explain(mail, rules, recent))
        }
        Judgement::Ignore(reason) => panic!("ignored: {reason:?}"),
    }
}

#[track_caller]
fn check(field: &str, expected: Option<&str>) {
    let above = format!("Authentication-Results: {field}\r\n");
    let mail = mail(&above, "Anna <anna@stadt.example>");
    let found = doubt(&mail, &by_server(ID), &Recent::default());
    assert_eq!(found.as_deref(), expected, "{field}");
}

#[test]
fn what_counts_and_what_does_not() {
    for field in [
        "mx.example.org; dmarc=pass header.from=stadt.example",
        "mx.example.org; dmarc=pass header.from=amt.stadt.example",
        "mx.example.org; dmarc=pass (p=none)",
        "mx.example.org; dkim=pass header.d=stadt.example",
        "mx.example.org; dkim=pass header.d=post.stadt.example",
        "mx.example.org; dkim=pass header.i=@stadt.example",
        "mx.example.org; dkim=fail header.d=stadt.example; dkim=pass header.d=stadt.example",
        "mx.example.org; dkim=pass header.d=anbieter.example; spf=pass smtp.mailfrom=x@stadt.example",
        "mx.example.org; spf=pass smtp.mailfrom=stadt.example; dmarc=none",
        "mx.example.org; spf=pass smtp.mailfrom=\"a b\"@stadt.example; dmarc=temperror",
        "MX.EXAMPLE.ORG 1; DKIM=PASS HEADER.D=STADT.EXAMPLE",
    ] {
        check(field, None);
    }
    let doubts = |told: &str| {
        format!(
            "Der Mailserver mx.example.org bestätigt stadt.example nicht; er hat vermerkt: {told}."
        )
    };
    for (field, told) in [
        (
            "mx.example.org; dmarc=fail header.from=stadt.example; dkim=pass header.d=stadt.example; spf=pass smtp.mailfrom=stadt.example",
            "dmarc=fail (stadt.example), dkim=pass (stadt.example), spf=pass (stadt.example)",
        ),
        (
            "mx.example.org; dkim=pass header.d=boese.example; dmarc=pass header.from=boese.example",
            "dkim=pass (boese.example), dmarc=pass (boese.example)",
        ),
        (
            "mx.example.org; spf=softfail smtp.mailfrom=stadt.example; dkim=none; iprev=pass; arc=pass",
            "spf=softfail (stadt.example), dkim=none",
        ),
        (
            "mx.example.org; spf=pass smtp.helo=mail.stadt.example",
            "spf=pass",
        ),
        ("mx.example.org; dkim=pass header.s=k1", "dkim=pass"),
        (
            "mx.example.org; dkim=pass header.d=example",
            "dkim=pass (example)",
        ),
        (
            "mx.example.org; dkim=pass header.d=nicht-stadt.example",
            "dkim=pass (nicht-stadt.example)",
        ),
        (
            "mx.example.org; dmarc=bestguesspass header.from=stadt.example",
            "dmarc=bestguesspass (stadt.example)",
        ),
        (
            "mx.example.org; x=\"; dmarc=pass\"",
            "kein Ergebnis von DMARC, DKIM oder SPF",
        ),
        (
            "mx.example.org (; dmarc=pass)",
            "kein Ergebnis von DMARC, DKIM oder SPF",
        ),
        (
            "mx.example.org; none",
            "kein Ergebnis von DMARC, DKIM oder SPF",
        ),
    ] {
        check(field, Some(&doubts(told)));
    }
    let silent =
        "Der Mailserver mx.example.org hat nichts vermerkt (kein Authentication-Results von ihm).";
    for field in [
        "mx.other.example; dmarc=pass header.from=stadt.example",
        "mx.example.org.boese.example; dmarc=pass",
        "sub.mx.example.org; dmarc=pass",
        "dmarc=pass header.from=stadt.example",
        "(mx.example.org) mx.boese.example; dmarc=pass",
    ] {
        check(field, Some(silent));
    }
}

#[test]
fn only_the_topmost_field_of_the_server_is_believed() {
    let pass = "Authentication-Results: mx.example.org; dmarc=pass header.from=stadt.example\r\n";
    let fail =
        "Authentication-Results: mx.example.org;\r\n\tdmarc=fail header.from=stadt.example\r\n";
    let none = "Authentication-Results: mx.example.org; dkim=none; spf=none\r\n";
    let other =
        "Authentication-Results: relay.example.net; dmarc=fail header.from=stadt.example\r\n";
    let received = "Received: from a.example by mx.example.org; Mon, 2 Mar 2026 10:00:00 +0100\r\n";
    for (above, passes) in [
        (format!("{pass}{received}{fail}"), true),
        (format!("{fail}{received}{pass}"), false),
        (format!("{none}{pass}"), false),
        (format!("{other}{pass}"), true),
        (format!("{received}{other}{received}{pass}"), true),
        (received.to_owned(), false),
    ] {
        let mail = mail(&above, "anna@stadt.example");
        let found = doubt(&mail, &by_server(ID), &Recent::default());
        assert_eq!(found.is_none(), passes, "{above}");
    }
}

#[test]
fn several_authors_none_and_replies_elsewhere_never_pass() {
    let pass = "Authentication-Results: mx.example.org; dmarc=pass\r\n";
    for (above, from, passes) in [
        (pass.to_owned(), "anna@stadt.example", true),
        (
            pass.to_owned(),
            "anna@stadt.example, Anna <ANNA@stadt.example>",
            true,
        ),
        (
            pass.to_owned(),
            "anna@stadt.example, b@boese.example",
            false,
        ),
        (
            format!("{pass}From: b@boese.example\r\n"),
            "anna@stadt.example",
            false,
        ),
        (pass.to_owned(), "undisclosed", false),
        (
            format!("{pass}Reply-To: x@boese.example\r\n"),
            "anna@stadt.example",
            false,
        ),
        (
            format!("{pass}Reply-To: rat@amt.stadt.example\r\n"),
            "anna@stadt.example",
            true,
        ),
        (
            format!("{pass}Sender: x@boese.example\r\n"),
            "anna@stadt.example",
            true,
        ),
    ] {
        let mail = mail(&above, from);
        let found = doubt(&mail, &by_server(ID), &Recent::default());
        assert_eq!(found.is_none(), passes, "{above} {from}: {found:?}");
    }
}

#[test]
fn signatures_that_were_checked() {
    let rules = Rules {
        authentication: Authentication::Dkim,
        ..rules()
    };
    let signed = |domain: &str, fault: Option<&str>| Signature {
        domain: domain.to_owned(),
        fault: fault.map(str::to_owned),
    };
    for (signatures, told) in [
        (Some(vec![signed("stadt.example", None)]), None),
        (
            Some(vec![
                signed("anbieter.example", None),
                signed("post.stadt.example", None),
            ]),
            None,
        ),
        (
            Some(Vec::new()),
            Some("Die Mail trägt keine DKIM-Unterschrift von stadt.example."),
        ),
        (
            Some(vec![
                signed("stadt.example", Some("abgelaufen")),
                signed("boese.example", None),
            ]),
            Some(
                "Keine gültige DKIM-Unterschrift von stadt.example (stadt.example: abgelaufen; \
                 boese.example: gültig, aber eine andere Domain als die des Absenders).",
            ),
        ),
        (
            None,
            Some(
                "Die DKIM-Unterschriften wurden nicht geprüft: das tut nur der laufende Dienst, \
                 denn die Schlüssel stehen im DNS.",
            ),
        ),
    ] {
        let recent = Recent {
            signatures,
            ..Recent::default()
        };
        let mail = mail(
            "Authentication-Results: mx.example.org; dmarc=pass\r\n",
            "anna@stadt.example",
        );
        assert_eq!(doubt(&mail, &rules, &recent).as_deref(), told, "{recent:?}");
    }
}

/// A system, the id its fields begin with, and a field as it writes them, to mail of
/// stadt.example that passes; hosts and people are invented.
const SYSTEMS: &[(&str, &str, &str)] = &[
    (
        "Postfix with OpenDMARC",
        "mx1.kommune.example",
        "mx1.kommune.example; dmarc=pass (p=none dis=none) header.from=stadt.example",
    ),
    (
        "Postfix with OpenDKIM",
        "mx1.kommune.example",
        "mx1.kommune.example;\r\n\tdkim=pass (2048-bit key; unprotected) header.d=stadt.example header.i=@stadt.example header.a=rsa-sha256 header.s=mail header.b=Zk3rW0aB",
    ),
    (
        "policyd-spf",
        "mx1.kommune.example",
        "mx1.kommune.example; spf=Pass (mailfrom) smtp.mailfrom=stadt.example (client-ip=192.0.2.7; helo=post.stadt.example; envelope-from=anna@stadt.example; receiver=<UNKNOWN>)",
    ),
    (
        "rspamd",
        "mail.kommune.example",
        "mail.kommune.example;\r\n\tdkim=pass header.d=stadt.example header.s=dkim header.b=ab0+dE/F;\r\n\tdmarc=pass (policy=quarantine) header.from=stadt.example;\r\n\tspf=pass (mail.kommune.example: domain of anna@stadt.example designates 192.0.2.7 as permitted sender) smtp.mailfrom=anna@stadt.example",
    ),
    (
        "Gmail",
        "mx.google.com",
        "mx.google.com;\r\n       dkim=pass header.i=@stadt.example header.s=s1 header.b=\"Kq7/1+Ab\";\r\n       spf=pass (google.com: domain of anna@stadt.example designates 192.0.2.7 as permitted sender) smtp.mailfrom=anna@stadt.example;\r\n       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=stadt.example",
    ),
    (
        "GMX and web.de",
        "gmx.net",
        "gmx.net; dkim=pass header.i=@stadt.example",
    ),
    (
        "mailbox.org",
        "mx2.mailbox.example",
        "mx2.mailbox.example;\r\n\tdkim=pass header.d=stadt.example header.s=2026 header.b=\"qT8x\";\r\n\tdmarc=pass (policy=reject) header.from=stadt.example;\r\n\tspf=pass (mx2.mailbox.example: domain of anna@stadt.example designates 192.0.2.7 as permitted sender)\r\n\t smtp.mailfrom=anna@stadt.example",
    ),
    (
        "Strato",
        "smtpin.rzone.example",
        "smtpin.rzone.example;\r\n\tdkim=pass header.d=\"stadt.example\" header.s=\"default\" header.a=\"rsa-sha256\";\r\n\tdkim-adsp=none;\r\n\tspf=pass smtp.mailfrom=\"anna@stadt.example\"",
    ),
    (
        "IONOS",
        "kundenserver.example",
        "kundenserver.example; dkim=pass header.i=@stadt.example",
    ),
    (
        "Proofpoint",
        "ppops.net",
        "ppops.net;\r\n\tspf=pass smtp.mailfrom=anna@stadt.example;\r\n\tdkim=pass header.d=stadt.example header.s=selector1;\r\n\tdmarc=pass header.from=stadt.example",
    ),
    (
        "Cisco Secure Email",
        "esa1.kommune.example",
        "esa1.kommune.example; dkim=pass (signature verified) header.i=@stadt.example; spf=Pass smtp.mailfrom=anna@stadt.example; spf=None smtp.helo=postmaster@post.stadt.example; dmarc=pass (p=none dis=none) d=stadt.example",
    ),
    (
        "Amavis",
        "post.kommune.example",
        "post.kommune.example (amavisd-new);\r\n\tdkim=pass (2048-bit key) header.d=stadt.example",
    ),
    (
        "Haraka",
        "mx.haraka.example",
        "mx.haraka.example; auth=pass (plain); spf=pass smtp.mailfrom=stadt.example; dkim=pass header.i=@stadt.example header.d=stadt.example header.s=x; iprev=pass",
    ),
    (
        "Stalwart",
        "mail.stalwart.example",
        "mail.stalwart.example;\r\n\tdkim=pass header.d=stadt.example header.s=rsa-2026 header.b=Hh+0/A==;\r\n\tspf=pass (mail.stalwart.example: domain of anna@stadt.example designates 192.0.2.7 as permitted sender) smtp.mailfrom=anna@stadt.example smtp.helo=post.stadt.example;\r\n\tiprev=pass policy.iprev=192.0.2.7;\r\n\tdmarc=pass header.from=stadt.example policy.dmarc=none",
    ),
    (
        "Exim",
        "exim.kommune.example",
        "exim.kommune.example;\r\n\tiprev=pass (post.stadt.example) smtp.remote-ip=192.0.2.7;\r\n\tspf=pass smtp.mailfrom=stadt.example;\r\n\tdkim=pass header.d=stadt.example header.s=20260101 header.a=rsa-sha256;\r\n\tdmarc=pass header.from=stadt.example;\r\n\tarc=none",
    ),
    (
        "Yahoo",
        "atlas-production.omega.example",
        "atlas-production.omega.example;\r\n dkim=pass header.i=@stadt.example header.s=s1;\r\n spf=pass smtp.mailfrom=stadt.example;\r\n dmarc=pass(p=NONE) header.from=stadt.example;",
    ),
    (
        "iCloud",
        "bimi.icloud.example",
        "bimi.icloud.example; bimi=skipped reason=\"insufficient dmarc\" policy.pct=100; dmarc=pass (p=none) header.from=stadt.example; dkim=pass (2048-bit key) header.d=stadt.example header.i=@stadt.example",
    ),
    (
        "Fastmail",
        "mx6.messagingengine.example",
        "mx6.messagingengine.example;\r\n    bimi=none (No BIMI records found);\r\n    arc=none (no signatures found);\r\n    dkim=pass (2048-bit rsa key sha256) header.d=stadt.example\r\n    header.i=@stadt.example header.b=Yx1 header.a=rsa-sha256 header.s=fm1;\r\n    dmarc=pass policy.published-domain-policy=none\r\n    policy.applied-disposition=none (p=none) header.from=stadt.example;\r\n    iprev=pass smtp.remote-ip=192.0.2.7 (post.stadt.example);\r\n    spf=pass smtp.mailfrom=anna@stadt.example smtp.helo=post.stadt.example",
    ),
    (
        "Mimecast",
        "relay.mimecast.example",
        "relay.mimecast.example;\r\n\tdkim=pass header.d=stadt.example header.s=k1 header.b=aBcDeF12;\r\n\tdmarc=pass (policy=none) header.from=stadt.example;\r\n\tspf=pass (relay.mimecast.example: domain of anna@stadt.example designates 192.0.2.7 as permitted sender) smtp.mailfrom=anna@stadt.example",
    ),
    (
        "Zoho",
        "mx.zohomail.example",
        "mx.zohomail.example;\r\n\tdkim=pass;\r\n\tspf=pass (zohomail.example: domain of stadt.example designates 192.0.2.7 as permitted sender) smtp.mailfrom=anna@stadt.example;\r\n\tdmarc=pass(p=none dis=none) header.from=anna@stadt.example",
    ),
    (
        "Courier",
        "courier.kommune.example",
        "courier.kommune.example; spf=pass SPF=MAILFROM smtp.mailfrom=anna@stadt.example",
    ),
    (
        "OpenSMTPD with filter-dkimverify",
        "osmtpd.kommune.example",
        "osmtpd.kommune.example;\r\n dkim=pass header.d=stadt.example header.s=obsd header.a=rsa-sha256 header.b=\"qWe\"",
    ),
    (
        "Exchange behind a gateway with an id",
        "gw.kommune.example",
        "gw.kommune.example 1; spf=pass smtp.mailfrom=stadt.example; dkim=pass (signature was verified) header.d=stadt.example;dmarc=pass action=none header.from=stadt.example;compauth=pass reason=100",
    ),
];

#[test]
fn fields_as_real_systems_write_them() {
    assert!(SYSTEMS.len() >= 20);
    for (system, id, field) in SYSTEMS {
        let above = format!("Authentication-Results: {field}\r\n");
        let author = |from: &str| doubt(&mail(&above, from), &by_server(id), &Recent::default());
        assert_eq!(author("anna@stadt.example"), None, "{system}");
        assert!(author("anna@andere.example").is_some(), "{system}");
    }
    let exchange_online = "Authentication-Results: spf=pass (sender IP is 192.0.2.7)\r\n \
         smtp.mailfrom=stadt.example; dkim=pass (signature was verified)\r\n header.d=stadt.example;\
         dmarc=pass action=none\r\n header.from=stadt.example;compauth=pass reason=100\r\n";
    let mail = mail(exchange_online, "anna@stadt.example");
    assert_eq!(mail.authentication[0].results.len(), 4);
    let told = doubt(
        &mail,
        &by_server("protection.outlook.example"),
        &Recent::default(),
    );
    assert!(told.unwrap().contains("nichts vermerkt"));
}
