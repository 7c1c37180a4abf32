//! Servers that fall silent for good, seen by a daemon that lives sixty times as fast.

use std::fs;

use tempfile::TempDir;

use super::clock::library;
use super::refusals::{HELLO, MAIL};
use super::{shown, until};
use crate::correspondence::request;
use crate::support::{Daemon, Script};

#[test]
fn every_wait_for_a_silent_server_has_an_end() {
    let silent = [HELLO, MAIL, "! stall"].concat();
    let taken = [HELLO, MAIL, "S: 250 2.0.0 Ok"].concat();
    let server = Script::play(&["! stall", &silent, &taken]);
    let folder = TempDir::with_prefix("antragsbote-").unwrap();
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(folder.path().join("in").join(part)).unwrap();
    }
    let config = folder.path().join("antragsbote.toml");
    fs::write(&config, configuration(server.port)).unwrap();
    let daemon = Daemon::start_with(
        &config,
        &[("LD_PRELOAD", library().as_str()), ("FAKETIME", "+0 x60")],
    );
    fs::write(folder.path().join("in/new/one"), request("still")).unwrap();
    until(&config, "still", "answered", 3);
    let shown = shown(&config, "still");
    let waits = [
        "wird wiederholt: the mail server did not answer to the greeting within 5 minutes",
        "ungewiss, wird wiederholt: the mail server did not answer to the mail within 13 minutes",
    ];
    for wait in waits {
        assert!(shown.contains(wait), "{shown}");
    }
    daemon.stop();
    assert_eq!(server.surprises(), [] as [String; 0]);
}

/// A Maildir in, this port out.
fn configuration(port: u16) -> String {
    format!(
        r#"[bot]
address = "antrag@example.org"

[mailbox]
kind = "maildir"
path = "in"

[outbound]
kind = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"

[log]
url = "sqlite:log.db"
"#
    )
}
