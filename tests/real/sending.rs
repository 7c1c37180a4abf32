//! The way out in trouble: connections that break at any step, servers that stall, refuse,
//! talk nonsense or come back. Every request gets its reply, and no reply waits for another.

mod clock;
mod refusals;
mod retry;
mod silence;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::correspondence::{
    assert_answered_once, replies, request, rows, until_answered, until_rows,
};
use crate::support::{
    Chaos, Daemon, Finished, House, Settings, Toward, Trouble, eventually, program,
};

/// How long something may take that is not bound to pauses.
const PATIENCE: Duration = Duration::from_secs(30);

/// A configuration by which replies leave in clear through this port.
fn leaving_by(house: &House, port: u16) -> PathBuf {
    let config = house.configure(Settings {
        outbound: "none",
        ..Settings::default()
    });
    let text = fs::read_to_string(&config).unwrap();
    let direct = format!("port = {}\n", house.postfix.smtp_port);
    let changed = text.replace(&direct, &format!("port = {port}\n"));
    assert_ne!(changed, text);
    fs::write(&config, changed).unwrap();
    config
}

/// Puts a request into the mailbox.
fn ask(house: &House, id: &str) {
    house.dovecot.drop_in("antrag", id, &request(id));
}

/// The log's row of a request, once there is one.
fn row(config: &Path, id: &str) -> Option<serde_json::Value> {
    let message_id = format!("<{id}@example.org>");
    let mut rows = rows(config).into_iter();
    rows.find(|row| row["message_id"] == message_id.as_str())
}

/// Waits until the log says so of a request.
#[track_caller]
fn until(config: &Path, id: &str, state: &str, attempts: u64) {
    let message_id = format!("<{id}@example.org>");
    until_rows(config, 1, |row| {
        row["message_id"] == message_id.as_str()
            && row["state"] == state
            && row["attempts"].as_u64() >= Some(attempts)
    });
}

/// Waits until an attempt to deliver it has failed.
#[track_caller]
fn until_failed_once(config: &Path, id: &str) {
    let message_id = format!("<{id}@example.org>");
    until_rows(config, 1, |row| {
        row["message_id"] == message_id.as_str() && !row["error"].is_null()
    });
}

/// What `log show` says.
fn shown(config: &Path, id: &str) -> String {
    let row = row(config, id).unwrap();
    program(config, &["log", "show", row["id"].as_str().unwrap()]).output
}

/// Has a reply tried again at once.
fn retry(config: &Path, id: &str) -> Finished {
    let row = row(config, id).unwrap();
    program(config, &["log", "retry", row["id"].as_str().unwrap()])
}

#[test]
fn a_connection_cut_at_any_step_costs_no_reply() {
    use Toward::{Client, Server};
    let house = House::start();
    let chaos = Chaos::before(house.postfix.smtp_port);
    let config = leaving_by(&house, chaos.port);
    let daemon = Daemon::start(&config);
    let steps = [
        ("punkt", Trouble::CutBefore(Client, b"250 2.0.0 Ok: queued")),
        ("gruss", Trouble::CutBefore(Client, b"220 ")),
        ("absender", Trouble::CutAfter(Server, b"MAIL FROM")),
        ("empfaenger", Trouble::CutAfter(Server, b"RCPT TO")),
        ("data", Trouble::CutAfter(Server, b"DATA\r\n")),
        ("los", Trouble::CutAfter(Client, b"354 ")),
        ("inhalt", Trouble::CutAfter(Server, b"Auto-Submitted")),
    ];
    for (id, trouble) in steps.clone() {
        let before = chaos.cuts();
        chaos.set(trouble);
        ask(&house, id);
        eventually(id, PATIENCE, || (chaos.cuts() > before).then_some(()));
        until_failed_once(&config, id);
    }
    assert!(shown(&config, "punkt").contains("ungewiss"));
    assert!(!shown(&config, "data").contains("ungewiss"));
    chaos.set(Trouble::Pass);
    for (id, _) in &steps {
        retry(&config, id);
    }
    until_rows(&config, steps.len(), |row| row["state"] == "answered");
    daemon.stop();
    house.postfix.until_delivered();
    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for reply in replies(&house) {
        ids.entry(reply.answers).or_default().push(reply.message_id);
    }
    for (id, _) in &steps {
        let sent = &ids[*id];
        match *id {
            "punkt" => assert!(sent.len() <= 2 && sent.iter().all(|one| *one == sent[0])),
            _ => assert_eq!(sent.len(), 1, "{id}"),
        }
    }
}

#[test]
fn connections_that_hang_hold_up_nobody_else() {
    let house = House::start();
    let chaos = Chaos::before(house.postfix.smtp_port);
    let config = leaving_by(&house, chaos.port);
    let daemon = Daemon::start(&config);
    let mut asked = Vec::new();
    let mut answered = 0;
    let mut ask = |id: &str| {
        ask(&house, id);
        asked.push(id.to_owned());
    };

    // As many as work at once meet a server that accepts connections and says nothing.
    chaos.set(Trouble::Stall);
    for number in 0..4 {
        ask(&format!("still-{number}"));
    }
    let connected = || (chaos.connections() >= 4).then_some(());
    eventually("four connections", PATIENCE, connected);
    chaos.set(Trouble::Pass);
    ask("andere");
    until(&config, "andere", "answered", 1);
    chaos.cut();
    answered += 5;
    until_answered(&house, answered);

    // A connection that is kept dies in one direction.
    for (id, dead) in [("taub", Toward::Server), ("stumm", Toward::Client)] {
        chaos.set(Trouble::HalfOpen(dead));
        ask(id);
        until(&config, id, "waiting", 1);
        chaos.set(Trouble::Pass);
        let other = format!("neben-{id}");
        ask(&other);
        until(&config, &other, "answered", 1);
        chaos.cut();
        answered += 2;
        until_answered(&house, answered);
    }

    chaos.set(Trouble::Trickle(2000, Duration::from_millis(20)));
    ask("langsam");
    answered += 1;
    until_answered(&house, answered);

    // Replies to commands that were never given are not believed.
    for (id, garbage) in [
        ("antwort-zuviel", &b"250 2.0.0 Ok: queued\r\n"[..]),
        ("unsinn", b"\x00\xff\xfe\r\n\r\n"),
    ] {
        chaos.set(Trouble::Garbage(Toward::Client, garbage));
        ask(id);
        until_failed_once(&config, id);
        chaos.set(Trouble::Pass);
        retry(&config, id);
        answered += 1;
        until_answered(&house, answered);
    }
    until_rows(&config, answered, |row| row["state"] == "answered");
    daemon.stop();
    assert_answered_once(&house, &asked);
}

#[test]
fn while_the_server_is_down_one_reply_tries_for_all_and_then_all_leave() {
    const COUNT: usize = 40;
    let house = House::start();
    let chaos = Chaos::before(house.postfix.smtp_port);
    let config = leaving_by(&house, chaos.port);
    let daemon = Daemon::start(&config);
    chaos.set(Trouble::Refuse);
    let ids: Vec<String> = (0..COUNT)
        .map(|number| format!("anfrage-{number}"))
        .collect();
    ids.iter().for_each(|id| ask(&house, id));
    until_rows(&config, COUNT, |row| row["state"] == "waiting");
    let attempts = || -> u64 {
        let rows = rows(&config);
        rows.iter()
            .map(|row| row["attempts"].as_u64().unwrap())
            .sum()
    };
    eventually("some attempts", PATIENCE, || (attempts() > 5).then_some(()));
    let attempts = attempts();
    assert!(attempts < COUNT as u64, "{attempts} attempts");
    chaos.set(Trouble::Pass);
    until_answered(&house, COUNT);
    until_rows(&config, COUNT, |row| row["state"] == "answered");
    daemon.stop();
    assert_answered_once(&house, &ids);
}
