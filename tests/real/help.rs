//! The help on paper: who prints it has one side in hand.

use std::fs;
use std::process::Command;

use mail_parser::MessageParser;

use crate::case::CONFIG;
use crate::support::converted;

const CRY: &str =
    "From: Ada <ada@example.com>\r\nSubject: Hilfe\r\nMessage-ID: <1@example.com>\r\n\r\n";

#[test]
fn the_help_is_one_printed_side() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let admin = "[admin]\naddress = \"integration@stadt-fuerth.example.org\"\n";
    fs::write(path("antragsbote.toml"), format!("{CONFIG}\n{admin}")).unwrap();
    fs::write(path("mail.eml"), CRY).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_antragsbote"));
    let output = command
        .args(["answer", "mail.eml"])
        .current_dir(folder.path())
        .env_remove("ANTRAGSBOTE_CONFIG")
        .output()
        .unwrap();
    let reply = MessageParser::default().parse(&output.stdout).unwrap();
    // what Windows has for it is as wide as this one, not as DejaVu
    let html = reply.body_html(0).unwrap();
    let html = html.replace("sans-serif", "Liberation Sans");
    let printed = converted(&path("office"), "html", "pdf", &[html.into_bytes()]);
    let pages = String::from_utf8_lossy(&printed[0])
        .matches("/Type/Page/")
        .count();
    assert_eq!(pages, 1);
}
