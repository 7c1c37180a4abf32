//! A template on trial: `answer` to a mail of the administrator with a Word file.

use antragsbote::merge::word_package;
use mail_parser::{MessageParser, MimeHeaders as _};
use serde_json::Value;

use crate::program::{CONFIG, House, is_package};

/// A mail with a Word file made of this Markdown; its encoding is left to nobody: it is binary.
fn mail(from: &str, subject: &str, markdown: &str) -> Vec<u8> {
    let mut raw = format!(
        "From: {from}\r\nTo: antrag@example.org\r\nSubject: {subject}\r\nMessage-ID: <1@example.com>\r\n\
         Date: Sun, 22 Nov 2026 10:15:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=grenze\r\n\r\n\
         --grenze\r\nContent-Type: text/plain\r\n\r\nBitte.\r\n\
         --grenze\r\nContent-Type: application/octet-stream; name=\"Muster.docx\"\r\n\
         Content-Transfer-Encoding: binary\r\n\r\n"
    )
    .into_bytes();
    raw.extend(word_package(markdown, "Muster").unwrap());
    raw.extend(b"\r\n--grenze--\r\n");
    raw
}

fn house() -> House {
    let house = House::new();
    house.write(
        "antragsbote.toml",
        format!("{CONFIG}\n[admin]\naddress = \"amt@example.org\"\n"),
    );
    house
}

fn explain(house: &House, mail: &[u8]) -> Value {
    let run = house.feed(&["answer", "--explain"], mail);
    assert_eq!(run.code, 0, "{}", run.errors);
    serde_json::from_slice(&run.bytes).unwrap()
}

const SOUND: &str = "{{ Der Beirat }} bittet {{ den Rat }}.";
const FAULTY: &str = "{{ Der Beirat }} bittet {{ den Raht }}.";

#[test]
fn the_administrator_gets_a_report_and_what_belongs_to_it() {
    let house = house();
    let sound = mail("Amt <amt@example.org>", "Vorlage", SOUND);
    let explained = explain(&house, &sound);
    assert_eq!(explained["decision"], "document");
    assert_eq!(explained["template"], Value::Null);
    let name = explained["documents"][0]["file"].as_str().unwrap();
    let run = house.feed(&["answer"], &sound);
    let reply = MessageParser::default().parse(&run.bytes).unwrap();
    assert_eq!(reply.subject(), Some("Re: Vorlage"));
    let text = reply.body_text(0).unwrap();
    assert!(text.contains("„Muster.docx“ ist in Ordnung"), "{text}");
    let mut files = reply.attachments();
    let sample = files.find(|file| file.attachment_name() == Some(name));
    assert!(is_package(sample.unwrap().contents()));

    let faulty = mail("amt@example.org", "Re: Vorlage", FAULTY);
    let explained = explain(&house, &faulty);
    assert_eq!(explained["decision"], "question");
    assert_eq!(explained["question_about"], serde_json::json!(["template"]));
    assert_eq!(explained["documents"], serde_json::json!([]));
    let run = house.feed(&["answer"], &faulty);
    let reply = MessageParser::default().parse(&run.bytes).unwrap();
    let text = reply.body_text(0).unwrap();
    assert!(
        text.contains("Raht") && text.contains("Muster-geprüft.docx"),
        "{text}"
    );
    let names: Vec<_> = reply
        .attachments()
        .map(|file| file.attachment_name().unwrap())
        .collect();
    assert_eq!(names, ["Muster-geprüft.docx"]);
}

#[test]
fn others_and_other_mail_are_answered_as_ever() {
    let house = house();
    for (from, subject) in [
        ("anna@example.com", "Vorlage"),
        ("amt@example.org", "Beschlussvorlage 12/2026"),
    ] {
        let run = house.feed(&["answer"], &mail(from, subject, FAULTY));
        let reply = MessageParser::default().parse(&run.bytes).unwrap();
        let text = reply.body_text(0).unwrap();
        assert!(
            !text.contains("Raht") && !text.contains("Muster.docx"),
            "{text}"
        );
        assert_eq!(reply.attachments().count(), 0);
    }
    house.write("antragsbote.toml", CONFIG);
    let explained = explain(&house, &mail("amt@example.org", "Vorlage", SOUND));
    assert_eq!(
        explained["documents"],
        serde_json::json!([]),
        "no administrator is named"
    );
}
