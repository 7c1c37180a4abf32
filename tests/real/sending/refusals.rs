//! What servers say instead of 250: scripted ones, and a Postfix that keeps a grey list.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::thread;

use super::{ask, leaving_by, retry, shown, until};
use crate::correspondence::{assert_answered_once, until_answered};
use crate::support::{Daemon, House, Script, Settings};

/// A server without any extension, up to the envelope.
pub(super) const HELLO: &str = "
    S: 220 mail.example.org ESMTP
    C: EHLO
    S: 250 mail.example.org
    C: EHLO
    S: 250 mail.example.org
    C: MAIL FROM:<antrag@example.org>
    S: 250 2.1.0 Ok
    C: RCPT TO:<anna@example.org>
";

/// From there to the end of the mail.
pub(super) const MAIL: &str = "
    S: 250 2.1.5 Ok
    C: DATA
    S: 354 go on
    C* .
";

#[test]
fn what_a_server_says_decides_and_stands_in_the_log() {
    let said = |end: &str| [HELLO, end].concat();
    let after_mail = |end: &str| [HELLO, MAIL, end].concat();
    let long = format!("S: 250 2.0.0 {}", "x".repeat(5_000));
    let server = Script::play(&[
        &after_mail("S: 552-5.3.4 much\nS: 552 5.3.4 too big\nC: QUIT"),
        &after_mail("S: 554 5.7.1 no spam\nC: QUIT"),
        &said("S: 550-5.1.1 nobody here\nS: 550-5.1.1 of this\nS: 550 5.1.1 name\nC: QUIT"),
        &said("S: 421 4.3.2 going down"),
        &after_mail("S: 250 2.0.0 Ok"),
        &after_mail(&long),
        &after_mail("! wait\nS: 250 2.0.0 late"),
        &after_mail("S: 250 2.0.0 Ok"),
        &after_mail("S* 100000 250-again"),
    ]);
    let house = House::start();
    let config = leaving_by(&house, server.port);
    let daemon = Daemon::start(&config);
    for (id, words) in [
        (
            "zu-gross",
            "endgültig abgelehnt: the mail server refuses the mail: 552 5.3.4 much too big",
        ),
        (
            "spam",
            "endgültig abgelehnt: the mail server refuses the mail: 554 5.7.1 no spam",
        ),
        (
            "unbekannt",
            "endgültig abgelehnt: the mail server refuses the recipient: 550 5.1.1 nobody here of this name",
        ),
    ] {
        ask(&house, id);
        until(&config, id, "failed", 1);
        let shown = shown(&config, id);
        assert!(shown.contains(words), "{shown}");
    }
    ask(&house, "mittendrin");
    super::until_failed_once(&config, "mittendrin");
    retry(&config, "mittendrin");
    until(&config, "mittendrin", "answered", 2);
    ask(&house, "lange-zeile");
    until(&config, "lange-zeile", "answered", 1);
    ask(&house, "spaet");
    until(&config, "spaet", "waiting", 1);
    ask(&house, "daneben");
    until(&config, "daneben", "answered", 1);
    server.go();
    until(&config, "spaet", "answered", 1);
    ask(&house, "endlos");
    super::until_failed_once(&config, "endlos");
    let shown = shown(&config, "endlos");
    assert!(shown.contains("ungewiss"), "{shown}");
    daemon.stop();
    assert_eq!(server.surprises(), [] as [String; 0]);
}

#[test]
fn a_grey_list_is_waited_out() {
    let mut house = House::start();
    let policy = grey_list();
    let setting =
        format!("smtpd_recipient_restrictions=check_policy_service inet:127.0.0.1:{policy}");
    let mut postconf = Command::new("postconf");
    postconf.arg("-c").arg(house.path("postfix/etc"));
    assert!(postconf.args(["-e", &setting]).status().unwrap().success());
    house.postfix.stop();
    house.postfix.resume();
    let config = house.configure(Settings {
        outbound: "none",
        ..Settings::default()
    });
    let daemon = Daemon::start(&config);
    ask(&house, "grau");
    super::until_failed_once(&config, "grau");
    let shown = shown(&config, "grau");
    assert!(shown.contains("450 4.7.1"), "{shown}");
    until_answered(&house, 1);
    until(&config, "grau", "answered", 2);
    daemon.stop();
    assert_answered_once(&house, &["grau".to_owned()]);
}

/// A policy server (Postfix SMTPD_POLICY_README) that turns each correspondence away once;
/// returns its port. It ends with the test's process.
fn grey_list() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut known = BTreeSet::new();
        for client in listener.incoming().map_while(Result::ok) {
            judge(&client, &mut known);
        }
    });
    port
}

fn judge(client: &TcpStream, known: &mut BTreeSet<Vec<String>>) {
    let mut answers = client;
    let mut who = Vec::new();
    for line in BufReader::new(client).lines().map_while(Result::ok) {
        if line.starts_with("sender=") || line.starts_with("recipient=") {
            who.push(line);
        } else if line.is_empty() {
            let action = match known.insert(std::mem::take(&mut who)) {
                true => "450 4.7.1 Greylisted, come back later",
                false => "DUNNO",
            };
            let _ = write!(answers, "action={action}\n\n");
        }
    }
}
