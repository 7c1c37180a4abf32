use super::{Action, enhanced_code, is_enhanced_code};
use crate::mail::parse;

#[test]
fn codes_are_told_from_versions_and_hosts() {
    for (text, expected) in [
        ("(#5.1.1)", Some("5.1.1")),
        ("status 4.4.7.", Some("4.4.7")),
        ("<5.7.133 x>", Some("5.7.133")),
        ("10.4.2.1", None),
        ("5.1.1.7", None),
        ("v5.0.6", None),
        ("Exim 4.94.2", None),
        ("2.0.0", None),
        ("5.1", None),
        ("5.1.1111", None),
        ("", None),
    ] {
        assert_eq!(enhanced_code(text, "45"), expected, "{text}");
    }
    assert!(is_enhanced_code("2.0.0"));
}

#[test]
fn words_and_recipients_are_bounded() {
    let mut raw = "From: MAILER-DAEMON@a.example\nTo: antrag@example.org\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n"
        .to_owned();
    for number in 0..300 {
        raw += &format!(
            "\nFinal-Recipient: rfc822; p{number}@a.example\nAction: failed\nStatus: 5.1.1\n\
             Diagnostic-Code: smtp; 550 {}\n",
            "ä".repeat(900)
        );
    }
    let report = parse(raw.as_bytes()).report.unwrap();
    assert_eq!(report.recipients.len(), 20);
    assert_eq!(report.gravest(), report.recipients.first());
    for recipient in &report.recipients {
        assert_eq!(recipient.words.chars().count(), 500);
        assert_eq!(recipient.action, Action::Failed);
    }
}

#[test]
fn very_much_of_anything_is_read() {
    let notices = [
        "455 ".repeat(250_000),
        "455:".repeat(250_000),
        "<455;455".repeat(100_000),
        "5.1.".repeat(250_000),
        "5.1 5.".repeat(150_000),
        "a@b.example:\n\n".repeat(70_000),
        "Message-ID:\n".repeat(80_000),
        "mailbox ful".repeat(90_000),
        "\"'<".repeat(300_000),
        "ß".repeat(500_000),
    ];
    for notice in notices {
        let raw = format!("From: MAILER-DAEMON@a.example\nSubject: failure notice\n\n{notice}");
        let report = parse(raw.as_bytes()).report.unwrap();
        assert!(report.recipients[0].words.chars().count() <= 500);
    }
}

#[test]
fn what_no_server_says_of_a_delivery_is_no_report() {
    for text in [
        "Ihr Antrag wurde abgelehnt.",
        "Zum Haus 512 Bürgerhaus kommen Sie so.",
        "Ich bin bis Montag nicht im Haus.",
        "",
    ] {
        let raw = format!("Return-Path: <>\nFrom: amt@a.example\n\n{text}\n");
        assert_eq!(parse(raw.as_bytes()).report, None, "{text}");
    }
}
