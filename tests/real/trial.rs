//! A template on trial, through both servers and back, and what LibreOffice makes of it.

use std::fs;
use std::io::{Cursor, Read as _};
use std::path::PathBuf;

use antragsbote::merge::word_package;
use mail_parser::{MessageParser, MimeHeaders as _};

use crate::correspondence::{rows, until_rows};
use crate::support::{Daemon, House, Settings, program, saved_again};

const SOUND: &str = "# Antrag\n\n{{ Der Beirat }} bittet {{ den Rat }} {{ in kommune }}.";
const FAULTY: &str = "# Antrag\n\n{{ Der Beirat }} bittet {{ kommun }} um Hilfe.";

/// The configuration of a daemon whose administrator is verwaltung@example.org.
fn configure(house: &House) -> PathBuf {
    let file = house.configure(Settings::default());
    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        text + "[admin]\naddress = \"verwaltung@example.org\"\n",
    )
    .unwrap();
    file
}

/// Sends a mail with a Word file, as one with binary content cannot be.
fn send(house: &House, person: &str, id: &str, field: &str, markdown: &str) {
    let word = word_package(markdown, "Antrag").unwrap();
    let hex: String = word.iter().map(|byte| format!("={byte:02X}")).collect();
    let lines: Vec<&str> = hex
        .as_bytes()
        .chunks(72)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let mail = format!(
        "From: {person}@example.org\r\nTo: antrag@example.org\r\nSubject: Vorlage\r\n{field}\
         Date: Mon, 2 Mar 2026 10:00:00 +0100\r\nMessage-ID: <{id}@example.org>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=grenze\r\n\r\n\
         --grenze\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         Kommune: Landkreis Fürth\r\nBeirat: Ausländerbeirat\r\n\
         --grenze\r\nContent-Type: application/octet-stream; name=\"Neu.docx\"\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n--grenze--\r\n",
        lines.join("=\r\n")
    );
    let from = format!("{person}@example.org");
    house
        .postfix
        .send(&from, "antrag@example.org", mail.as_bytes());
}

/// What came back: the text, and names and bytes of what is attached.
#[derive(Debug)]
struct Report {
    text: String,
    files: Vec<(String, Vec<u8>)>,
}

/// The reply to this mail in a person's mailbox.
fn report(house: &House, person: &str, id: &str) -> Report {
    let mails = house.dovecot.login(person).messages("INBOX");
    let reads = mails.iter().map(|mail| {
        let mail = MessageParser::default().parse(&mail.raw).unwrap();
        let files = mail.attachments().map(|file| {
            let name = file.attachment_name().unwrap().to_owned();
            (name, file.contents().to_vec())
        });
        let report = Report {
            text: mail.body_text(0).unwrap().into_owned(),
            files: files.collect(),
        };
        let answers = mail.in_reply_to().as_text().unwrap_or_default().to_owned();
        (answers, report)
    });
    let mut found: Vec<Report> = reads
        .filter(|(answers, _)| answers.starts_with(&format!("{id}@")))
        .map(|(_, report)| report)
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// A part of a Word package.
fn part(package: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut text = String::new();
    let mut part = zip.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_administrator_gets_report_copy_and_sample_and_nobody_else_does() {
    let house = House::start();
    let config = configure(&house);
    let daemon = Daemon::start(&config);
    send(&house, "verwaltung", "gut", "", SOUND);
    send(&house, "verwaltung", "schlecht", "", FAULTY);
    let automatic = "Auto-Submitted: auto-replied\r\n";
    send(&house, "verwaltung", "automatisch", automatic, SOUND);
    send(&house, "anna", "fremd", "", FAULTY);
    until_rows(&config, 3, |row| row["state"] == "answered");
    until_rows(&config, 1, |row| row["state"] == "ignored");
    for command in [&["log", "list"][..], &["log", "stats"]] {
        assert_eq!(program(&config, command).code, 0);
    }
    daemon.stop();
    house.postfix.until_delivered();

    let rows = rows(&config);
    let row = |id: &str| {
        let mut own = rows.iter();
        let id = format!("<{id}@example.org>");
        own.find(|row| row["message_id"] == id.as_str()).unwrap()
    };
    assert_eq!(row("gut")["decision"], "document");
    assert_eq!(row("gut")["template"], serde_json::Value::Null);
    assert_eq!(row("gut")["documents"][0]["kommune"], "09573");
    assert_eq!(row("schlecht")["decision"], "question");
    assert_eq!(row("automatisch")["decision"], "ignore");
    let show = program(
        &config,
        &["log", "show", row("gut")["id"].as_str().unwrap()],
    );
    assert_eq!(show.code, 0, "{}", show.errors);

    let stranger = report(&house, "anna", "fremd");
    assert!(!stranger.text.contains("Neu.docx"), "{stranger:?}");
    assert!(!stranger.text.contains("„kommun“"), "{stranger:?}");
    let sound = report(&house, "verwaltung", "gut");
    assert!(
        sound.text.contains("„Neu.docx“ ist in Ordnung"),
        "{}",
        sound.text
    );
    let faulty = report(&house, "verwaltung", "schlecht");
    assert!(faulty.text.contains("„kommun“"), "{}", faulty.text);
    let [(name, copy)] = faulty.files.as_slice() else {
        panic!("{:?}", faulty.text);
    };
    assert_eq!(name, "Neu-geprüft.docx");
    let name = "Probe_Musterantrag_Landkreis-Fürth_Ausländerbeirat.docx";
    let sample = sound.files.iter().find(|(own, _)| own == name).unwrap();

    let opened = saved_again(&house.path("office"), &[sample.1.clone(), copy.clone()]);
    let text = part(&opened[0], "word/document.xml");
    assert!(
        text.contains("Der Ausländerbeirat bittet den Kreistag im Landkreis Fürth."),
        "{text}"
    );
    assert!(part(&opened[1], "word/document.xml").contains("um Hilfe"));
    assert!(part(&opened[1], "word/comments.xml").contains("„kommun“"));
}
