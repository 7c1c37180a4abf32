//! A client nobody here wrote: Python's smtplib and imaplib.

use std::process::Command;

use crate::support::{Daemon, House, PASSWORD, Settings};

#[test]
fn python_gets_its_answer() {
    let house = House::start();
    let daemon = Daemon::start(&house.configure(Settings::default()));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real/client.py");
    let mut python = Command::new("python3");
    python.arg(script).arg(&house.ca_file);
    python.arg(house.postfix.submission_port.to_string());
    python.arg(house.dovecot.imaps_port.to_string());
    python.arg(PASSWORD);
    let output = python
        .output()
        .expect("python3 is missing: tests/run installs it");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    daemon.stop();
}
