//! Mails no server should have let in.

use std::fmt::Write;

use crate::correspondence::{replies, request, rows, until_answered, until_rows};
use crate::support::{Daemon, House, Settings};

#[test]
fn broken_mails_get_their_rows_and_the_daemon_goes_on() {
    let house = House::start();
    let config = house.configure(Settings::default());
    let daemon = Daemon::start(&config);
    let mut huge = request("riesig");
    huge.resize(30 << 20, b'x');
    let mails: [(&str, Vec<u8>); 6] = [
        ("leer", Vec::new()),
        ("kopflos", b"Ausl\xe4nderbeirat der Stadt F\xfcrth".to_vec()),
        ("nur-muell", (0..=255).cycle().take(10_000).collect()),
        ("verschachtelt", nested(500)),
        ("zeichensatz", unknown_charset()),
        ("riesig", huge),
    ];
    for (name, raw) in &mails {
        house.dovecot.drop_in("antrag", name, raw);
    }
    until_rows(&config, mails.len(), |row| {
        row["state"] == "answered" || row["state"] == "ignored"
    });
    let rows = rows(&config);
    let row = |id: &str| {
        let message_id = format!("<{id}@example.org>");
        let found = rows
            .iter()
            .find(|row| row["message_id"] == message_id.as_str());
        found.unwrap_or_else(|| panic!("no row of {id} in {rows:#?}"))
    };
    assert_eq!(row("riesig")["decision"], "refuse");
    assert_eq!(row("zeichensatz")["decision"], "document");
    let nameless = rows
        .iter()
        .filter(|row| row["message_id"].is_null() && row["from"].is_null());
    assert_eq!(nameless.count(), 3);

    house.postfix.until_delivered();
    let before = replies(&house).len();
    house.dovecot.drop_in("antrag", "gut", &request("gut"));
    until_answered(&house, before + 1);
    let replies = replies(&house);
    assert!(
        replies
            .iter()
            .any(|reply| reply.answers == "gut" && reply.documents.len() == 1)
    );
    daemon.stop();
}

/// A request below so many nested parts.
fn nested(depth: usize) -> Vec<u8> {
    let mut raw = String::from(
        "From: Anna Muster <anna@example.org>\r\n\
         To: antrag@example.org\r\n\
         Message-ID: <verschachtelt@example.org>\r\n\
         MIME-Version: 1.0\r\n",
    );
    for level in 0..depth {
        write!(
            raw,
            "Content-Type: multipart/mixed; boundary=\"b{level}\"\r\n\r\n--b{level}\r\n"
        )
        .unwrap();
    }
    raw.push_str("Content-Type: text/plain\r\n\r\nAuslaenderbeirat der Stadt Fuerth\r\n");
    for level in (0..depth).rev() {
        write!(raw, "--b{level}--\r\n").unwrap();
    }
    raw.into_bytes()
}

/// A request in a character set that does not exist; its fields are plain ASCII.
fn unknown_charset() -> Vec<u8> {
    let raw = String::from_utf8(request("zeichensatz")).unwrap();
    let raw = raw.replace("charset=utf-8", "charset=x-nirgends");
    let raw = raw
        .replace("Fürth", "Fuerth")
        .replace("Ausländer", "Auslaender");
    raw.into_bytes()
}
