//! The line to the mailbox breaks in every way, or ten thousand mails lie there: each is answered
//! once afterwards.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::correspondence::{assert_answered_once, request, rows, until_answered};
use crate::sending::clock::library;
use crate::support::{Chaos, Daemon, House, Settings, Toward, Trouble, eventually};

/// Only a failing test waits as long.
const PATIENCE: Duration = Duration::from_secs(90);

/// The house, its daemon's configuration with a proxy before Dovecot, and the proxy.
fn behind_chaos() -> (House, PathBuf, Chaos) {
    let house = House::start();
    let chaos = Chaos::before(house.dovecot.imap_port);
    let config = house.configure(Settings {
        mailbox: "none",
        outbound: "none",
        ..Settings::default()
    });
    let text = fs::read_to_string(&config).unwrap();
    let direct = format!("port = {}", house.dovecot.imap_port);
    assert!(text.contains(&direct));
    fs::write(
        &config,
        text.replace(&direct, &format!("port = {}", chaos.port)),
    )
    .unwrap();
    (house, config, chaos)
}

#[test]
fn the_line_is_cut_at_every_step() {
    use Toward::{Client, Server};
    let (house, config, chaos) = behind_chaos();
    let daemon = Daemon::start(&config);
    let cuts = [
        Trouble::CutAfter(Client, b"* OK ["),
        Trouble::CutBefore(Server, b"AUTHENTICATE"),
        Trouble::CutAfter(Server, b"AUTHENTICATE"),
        Trouble::CutBefore(Client, b"* FLAGS"),
        Trouble::CutAfter(Server, b"INTERNALDATE"),
        Trouble::CutAfter(Client, b"INTERNALDATE"),
        Trouble::CutAfter(Server, b"UNCHANGEDSINCE"),
        Trouble::CutBefore(Client, b"Store completed"),
        Trouble::CutBefore(Client, b"BODY[]"),
        Trouble::CutAfter(Client, b"Subject: Musterantrag"),
        Trouble::CutAfter(Client, b"+ idling"),
        Trouble::CutBefore(Server, b"UID MOVE"),
        Trouble::CutAfter(Server, b"UID MOVE"),
        Trouble::CutBefore(Client, b"Move completed"),
    ];
    let mut ids = Vec::new();
    for (number, cut) in cuts.into_iter().enumerate() {
        let before = chaos.cuts();
        chaos.set(cut.clone());
        chaos.cut();
        let id = format!("schnitt-{number}");
        house.dovecot.drop_in("antrag", &id, &request(&id));
        ids.push(id);
        eventually(&format!("{cut:?}"), PATIENCE, || {
            (chaos.cuts() > before).then_some(())
        });
        chaos.set(Trouble::Pass);
        until_answered(&house, ids.len());
    }
    let mut imap = house.dovecot.login("antrag");
    eventually("all mail in the archive", PATIENCE, || {
        (imap.count("INBOX") == 0 && imap.count("Erledigt") == ids.len()).then_some(())
    });
    daemon.stop();
    assert_answered_once(&house, &ids);
}

#[test]
fn garbage_refusal_trickle_and_a_restarted_server() {
    let (mut house, config, chaos) = behind_chaos();
    let daemon = Daemon::start(&config);
    let mut ids = Vec::new();
    for (name, trouble) in [
        ("nichts", Trouble::Refuse),
        (
            "muell",
            Trouble::Garbage(Toward::Client, b"\x00\xff{99999999999}\r\n* ] OK\r\n"),
        ),
        (
            "troepfeln",
            Trouble::Trickle(200, Duration::from_millis(20)),
        ),
    ] {
        let connections = chaos.connections();
        let passes = matches!(trouble, Trouble::Trickle(..));
        chaos.set(trouble);
        chaos.cut();
        house.dovecot.drop_in("antrag", name, &request(name));
        ids.push(name.to_owned());
        if passes {
            until_answered(&house, ids.len());
        } else if name != "nichts" {
            eventually("three attempts", PATIENCE, || {
                (chaos.connections() >= connections + 3).then_some(())
            });
        }
        chaos.set(Trouble::Pass);
        until_answered(&house, ids.len());
    }
    house.dovecot.stop();
    let id = "waehrend".to_owned();
    house.dovecot.drop_in("antrag", &id, &request(&id));
    ids.push(id);
    house.dovecot.resume();
    until_answered(&house, ids.len());
    daemon.stop();
    assert_answered_once(&house, &ids);
}

#[test]
fn a_dead_line_is_noticed_within_three_minutes() {
    // Sixty times as fast: three minutes are three seconds.
    let (house, config, chaos) = behind_chaos();
    let fast = [("LD_PRELOAD", &*library()), ("FAKETIME", "+0 x60")];
    let daemon = Daemon::start_with(&config, &fast);
    let mut ids = Vec::new();
    for (name, trouble) in [
        ("stille", Trouble::Stall),
        ("halb", Trouble::HalfOpen(Toward::Client)),
        ("taub", Trouble::HalfOpen(Toward::Server)),
    ] {
        house.dovecot.until_idle("antrag");
        let connections = chaos.connections();
        chaos.set(trouble);
        house.dovecot.drop_in("antrag", name, &request(name));
        ids.push(name.to_owned());
        eventually("another connection", PATIENCE, || {
            (chaos.connections() > connections).then_some(())
        });
        chaos.set(Trouble::Pass);
        until_answered(&house, ids.len());
    }
    daemon.stop();
    assert_answered_once(&house, &ids);
}

#[test]
fn ten_thousand_mails_on_the_first_start() {
    let house = House::start();
    let config = house.configure(Settings {
        outbound: "none",
        ..Settings::default()
    });
    // Recorded, and answered by nobody.
    let mail = |number: u32| {
        format!(
            "From: Anna <anna@example.org>\r\nTo: antrag@example.org\r\n\
             Auto-Submitted: auto-replied\r\nMessage-ID: <{number}@example.org>\r\n\
             Subject: Abwesend\r\n\r\nNummer {number}\r\n"
        )
    };
    let read = house.dovecot.maildir("antrag").join("cur");
    for number in 0..9_500 {
        let name = format!("17000{number:05}.M.host:2,S");
        fs::write(read.join(name), mail(number)).unwrap();
    }
    for number in 9_500..10_000 {
        let name = format!("17000{number:05}.M.host");
        house
            .dovecot
            .drop_in("antrag", &name, mail(number).as_bytes());
    }
    let last = "letzte".to_owned();
    house
        .dovecot
        .drop_in("antrag", "1800000000.M.host", &request(&last));
    let daemon = Daemon::start(&config);
    until_answered(&house, 1);
    let peak = daemon.peak_memory();
    assert!(peak < 60 << 20, "{peak} bytes");
    daemon.stop();
    assert_answered_once(&house, &[last]);
    assert_eq!(rows(&config).len(), 501);
}
