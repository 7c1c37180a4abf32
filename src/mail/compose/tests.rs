use proptest::prelude::{Strategy, any, proptest};

use super::*;
use crate::mail::parse;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

fn address(name: &str, email: &str) -> Address {
    Address {
        name: (!name.is_empty()).then(|| name.to_owned()),
        email: email.to_owned(),
    }
}

fn draft(answers: &Mail) -> Draft<'_> {
    Draft {
        from: address("Antragsbote", "antrag@example.org"),
        to: address("Müller, Anna", "anna@verein.example"),
        answers: Some(answers),
        subject: None,
        message_id: MessageId::parse("<1@example.org>").unwrap(),
        date: Timestamp::from_second(1_768_205_642).unwrap(),
        boundary: "b0undary".to_owned(),
        text: "Guten Tag,\n\nhier ist der Antrag.\n".to_owned(),
        html: "<p>Guten Tag</p>".to_owned(),
        attachments: vec![Attachment {
            name: "Musterantrag_Stadt-Fürth_Ausländerbeirat.docx".to_owned(),
            media_type: DOCX,
            bytes: vec![0, 1, 2, 255],
        }],
    }
}

fn composed(draft: &Draft<'_>) -> String {
    String::from_utf8(compose(draft).unwrap()).unwrap()
}

/// The names of the header fields of the whole mail, in order.
fn field_names(mail: &str) -> Vec<&str> {
    let header = mail.split("\r\n\r\n").next().unwrap();
    let starts = header.split("\r\n").filter(|line| !line.starts_with(' '));
    starts.map(|line| line.split(':').next().unwrap()).collect()
}

const FIELDS: [&str; 12] = [
    "From",
    "To",
    "Date",
    "Message-ID",
    "Subject",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Loop",
    "Content-Language",
    "MIME-Version",
];

#[test]
fn a_reply_has_the_fields_of_a_reply() {
    let request = parse(
        b"From: a@b.example\nSubject: AW: Antrag\nMessage-ID: <m@b>\nReferences: <k@b> <l@b>\n\nHallo",
    );
    let bytes = composed(&draft(&request));
    for line in [
        "From: Antragsbote <antrag@example.org>",
        "Date: Mon, 12 Jan 2026 08:14:02 +0000",
        "Message-ID: <1@example.org>",
        "Subject: Re: Antrag",
        "In-Reply-To: <m@b>",
        "References: <k@b> <l@b> <m@b>",
        "Auto-Submitted: auto-replied",
        "X-Auto-Response-Suppress: All",
        "X-Loop: antrag@example.org",
        "Content-Language: de",
        " name=\"=?utf-8?b?TXVzdGVyYW50cmFnX1N0YWR0LUbDvHJ0aF9BdXNsw6RuZGVyYmVp?=",
        " filename=\"Musterantrag_Stadt-Fuerth_Auslaenderbeirat.docx\"",
        " filename*=UTF-8''Musterantrag_Stadt-F%C3%BCrth_Ausl%C3%A4nderbeirat.docx;",
    ] {
        assert!(
            bytes.contains(&format!("{line}\r\n")),
            "{line} is not in\n{bytes}"
        );
    }
    assert_eq!(bytes.matches('\n').count(), bytes.matches("\r\n").count());
    // The media type of Word has no place where it could be folded.
    let mut lines = bytes
        .split("\r\n")
        .filter(|line| !line.ends_with(&format!("{DOCX};")));
    assert!(lines.all(|line| line.len() <= 78), "{bytes}");
    assert_eq!(bytes, composed(&draft(&request)));
}

#[test]
fn our_own_reply_is_read_as_what_it_is() {
    let request = parse(b"From: a@b.example\nMessage-ID: <m@b>\n\nHallo");
    let reply = parse(&compose(&draft(&request)).unwrap());
    assert_eq!(reply.origin, crate::mail::Origin::Automatic);
    assert_eq!(reply.loops, ["antrag@example.org"]);
    assert_eq!(reply.in_reply_to, [MessageId::parse("m@b").unwrap()]);
    assert_eq!(reply.text.new, "Guten Tag,\n\nhier ist der Antrag.");
}

#[test]
fn subjects_of_replies() {
    let cases = [
        (Some("Antrag"), "Re: Antrag"),
        (Some("Re: Antrag"), "Re: Antrag"),
        (Some("AW: RE: Re:Antrag"), "Re: Antrag"),
        (Some("WG: Antrag"), "Re: WG: Antrag"),
        (Some("Rede: Antrag"), "Re: Rede: Antrag"),
        (Some(" \u{202e} "), "Re: Ihre Nachricht"),
        (None, "Re: Ihre Nachricht"),
    ];
    for (subject, expected) in cases {
        assert_eq!(reply_subject(subject), expected, "{subject:?}");
    }
}

#[test]
fn long_threads_keep_their_last_ids() {
    let ids: Vec<String> = (0..90).map(|i| format!("<{i}@b>")).collect();
    let raw = format!("Message-ID: <last@b>\nReferences: {}\n\n", ids.join(" "));
    let request = parse(raw.as_bytes());
    let reply = parse(&compose(&draft(&request)).unwrap());
    assert_eq!(reply.references.len(), MAX_REFERENCES);
    assert_eq!(reply.references.last().unwrap().as_str(), "<last@b>");
}

#[test]
fn addresses_no_server_takes_are_errors() {
    let request = parse(b"");
    for email in [
        "",
        "anna",
        "anna@",
        "a b@c.example",
        "a@b.example\r\nBcc: x@y.example",
        "ä@b.example",
    ] {
        let draft = Draft {
            to: address("", email),
            ..draft(&request)
        };
        assert!(compose(&draft).is_err(), "{email:?}");
    }
}

#[test]
fn without_files_it_is_an_alternative() {
    let request = parse(b"");
    let draft = Draft {
        attachments: Vec::new(),
        ..draft(&request)
    };
    let bytes = composed(&draft);
    assert!(
        bytes.contains("Content-Type: multipart/alternative;"),
        "{bytes}"
    );
    assert!(!bytes.contains("multipart/mixed"), "{bytes}");
}

/// Text as it comes from mails and registers, with all that could break a header.
fn text() -> impl Strategy<Value = String> {
    let pieces = proptest::collection::vec(
        proptest::prop_oneof![
            any::<String>(),
            proptest::sample::select(vec![
                "\r\nBcc: x@y.example\r\n\r\n", "=?utf-8?q?x?=", "\"", ",", "Fürth", "\\", "<a@b>",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                " ", ": ", ";", "🏛️", "\0", "\u{202e}", "ä ö", "%41",
            ])
            .prop_map(str::to_owned),
        ],
        0..6,
    );
    pieces.prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_value_breaks_a_header(subject in text(), name in text(), file in text(), body in text()) {
        let request = parse(b"Message-ID: <m@b>\n\n");
        let draft = Draft {
            to: address(&name, "anna@verein.example"),
            subject: Some(subject.clone()),
            text: body,
            attachments: vec![Attachment { name: file.clone(), media_type: DOCX, bytes: vec![1] }],
            ..draft(&request)
        };
        let bytes = composed(&draft);
        let mut names = field_names(&bytes);
        names.retain(|name| *name != "Content-Type");
        let mut expected = FIELDS.to_vec();
        if one_line(&subject, MAX_TEXT).is_empty() {
            expected.retain(|name| *name != "Subject" );
            names.retain(|name| *name != "Subject" );
        }
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected);
        assert!(bytes.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
        assert!(bytes.is_ascii());

        let read = mail_parser::MessageParser::default().parse(bytes.as_bytes()).unwrap();
        assert_eq!(read.subject().unwrap_or_default(), one_line(&subject, MAX_TEXT));
        let to = read.to().unwrap();
        assert_eq!(to.iter().count(), 1);
        assert_eq!(to.first().unwrap().address(), Some("anna@verein.example"));
        assert_eq!(to.first().unwrap().name().unwrap_or_default(), one_line(&name, MAX_TEXT));
        use mail_parser::MimeHeaders;
        let attached = read.attachment(0).unwrap();
        assert_eq!(attached.contents(), [1]);
        assert_eq!(read.attachment_count(), 1);
        assert_eq!(attached.attachment_name().unwrap_or_default(), file_name(&file));
    }
}
