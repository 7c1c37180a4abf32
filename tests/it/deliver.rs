//! `deliver` and the daemon while things go wrong around them.

use std::fs;
use std::io::Write as _;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Stdio};
use std::time::Duration;

use super::program::{CONFIG, House};

const MAIL: &str = "From: anna@example.net\r\nSubject: Antrag\r\nMessage-ID: <one@example.net>\r\n\r\nBitte den Musterantrag für die Stadt Fürth in Bayern, Ausländerbeirat\r\n";

/// A daemon that ends with this value.
struct Daemon(Child);

impl Daemon {
    /// Starts it and waits until it has told the service manager that it is ready.
    fn start(house: &House) -> Self {
        let manager = UnixDatagram::bind(house.path("manager.sock")).unwrap();
        manager
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let mut command = house.command(&["serve"]);
        command.env("NOTIFY_SOCKET", house.path("manager.sock"));
        let daemon = Self(command.stderr(Stdio::null()).spawn().unwrap());
        loop {
            let mut told = [0; 512];
            let length = manager.recv(&mut told).expect("the daemon gets ready");
            let told = String::from_utf8_lossy(&told[..length]);
            if told.lines().any(|line| line == "READY=1") {
                return daemon;
            }
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn rows(house: &House) -> Vec<serde_json::Value> {
    let run = house.run(&["log", "export", "--format", "jsonl"]);
    assert_eq!(run.code, 0, "{run:?}");
    let lines = run.output();
    let rows = lines.lines().map(serde_json::from_str);
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_mailbox_out_of_reach_is_no_failed_start() {
    let house = House::new();
    let imap = "host = \"localhost\"\nport = 9\nsecurity = \"none\"\npassword = \"x\"";
    let maildir = "kind = \"maildir\"\npath = \"in\"";
    assert!(CONFIG.contains(maildir), "{CONFIG}");
    house.write("antragsbote.toml", CONFIG.replace(maildir, imap));
    let _daemon = Daemon::start(&house);
    let run = house.feed(&["deliver"], MAIL.as_bytes());
    assert_eq!(run.code, 0, "{run:?}");
    let begin = std::time::Instant::now();
    while rows(&house)[0]["state"] != "answered" {
        assert!(begin.elapsed() < Duration::from_secs(60), "no answer");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(fs::read_dir(house.path("out/new")).unwrap().count(), 1);
}

#[test]
fn what_a_killed_client_handed_over_is_not_taken() {
    let house = House::new();
    for folder in ["in/cur", "in/new", "in/tmp"] {
        fs::create_dir_all(house.path(folder)).unwrap();
    }
    house.write("antragsbote.toml", CONFIG);
    let _daemon = Daemon::start(&house);
    for half in [0, 40, MAIL.len() - 20] {
        let mut command = house.command(&["deliver"]);
        let mut client = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut pipe = client.stdin.take().unwrap();
        pipe.write_all(&MAIL.as_bytes()[..half]).unwrap();
        client.kill().unwrap();
        client.wait().unwrap();
    }
    // clients are served in the order in which they came
    assert_eq!(house.feed(&["deliver"], MAIL.as_bytes()).code, 0);
    // What is on disk is read a moment later.
    let begin = std::time::Instant::now();
    let rows = loop {
        let rows = rows(&house);
        if rows.iter().all(|row| !row["decision"].is_null()) {
            break rows;
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "no decision");
        std::thread::sleep(Duration::from_millis(20));
    };
    let ids: Vec<_> = rows.iter().map(|row| &row["message_id"]).collect();
    assert_eq!(ids, ["<one@example.net>"]);
    assert_eq!(rows[0]["decision"], "document");
}
