//! Servers that go away, and a daemon that has to: nothing is lost, nothing is doubled.

use std::collections::BTreeSet;

use crate::correspondence::{
    assert_answered_once, replies, request, rows, until_answered, until_rows,
};
use crate::support::{Daemon, House, Settings};

/// Puts this many requests into the mailbox at once, and names them.
fn drop_in_requests(house: &House, count: usize) -> Vec<String> {
    let ids: Vec<String> = (0..count)
        .map(|number| format!("anfrage-{number}"))
        .collect();
    for id in &ids {
        house.dovecot.drop_in("antrag", id, &request(id));
    }
    ids
}

#[test]
fn dovecot_restarts_while_the_daemon_idles() {
    let mut house = House::start();
    let daemon = Daemon::start(&house.configure(Settings::default()));
    house
        .dovecot
        .drop_in("antrag", "vorher", &request("vorher"));
    until_answered(&house, 1);
    house.dovecot.until_idle("antrag");
    house.dovecot.stop();
    house.dovecot.resume();
    house
        .dovecot
        .drop_in("antrag", "nachher", &request("nachher"));
    until_answered(&house, 2);
    daemon.stop();
    assert_answered_once(&house, &["vorher", "nachher"].map(str::to_owned));
}

#[test]
fn postfix_is_down_for_a_while() {
    let mut house = House::start();
    let config = house.configure(Settings::default());
    let daemon = Daemon::start(&config);
    house.postfix.stop();
    let ids = drop_in_requests(&house, 3);
    until_rows(&config, 3, |row| {
        row["state"] == "waiting" && row["attempts"].as_u64() > Some(0)
    });
    assert_eq!(replies(&house), []);
    house.postfix.resume();
    until_answered(&house, 3);
    until_rows(&config, 3, |row| row["state"] == "answered");
    daemon.stop();
    assert_answered_once(&house, &ids);
}

#[test]
fn replies_wait_while_neither_postfix_nor_the_daemon_runs() {
    let mut house = House::start();
    let config = house.configure(Settings::default());
    house.postfix.stop();
    let daemon = Daemon::start(&config);
    let ids = drop_in_requests(&house, 3);
    until_rows(&config, 3, |row| row["state"] == "waiting");
    daemon.stop();
    house.postfix.resume();
    let daemon = Daemon::start(&config);
    until_answered(&house, 3);
    daemon.stop();
    assert_answered_once(&house, &ids);
}

#[test]
fn sigterm_in_the_midst_of_many_mails() {
    let house = House::start();
    let config = house.configure(Settings::default());
    let ids = drop_in_requests(&house, 100);
    let daemon = Daemon::start(&config);
    until_answered(&house, 1);
    daemon.stop();
    let daemon = Daemon::start(&config);
    until_answered(&house, ids.len());
    daemon.stop();
    assert_answered_once(&house, &ids);
    assert!(rows(&config).iter().all(|row| row["state"] == "answered"));
}

#[test]
fn a_kill_in_the_midst_of_many_mails_loses_none() {
    let house = House::start();
    let config = house.configure(Settings::default());
    let ids = drop_in_requests(&house, 100);
    let daemon = Daemon::start(&config);
    until_answered(&house, 1);
    daemon.kill();
    let daemon = Daemon::start(&config);
    until_rows(&config, ids.len(), |row| row["state"] == "answered");
    daemon.stop();
    house.postfix.until_delivered();
    // What Postfix had accepted but the log had not noted comes again, as the same mail.
    let replies = replies(&house).into_iter();
    let distinct: BTreeSet<_> = replies
        .map(|reply| (reply.answers, reply.message_id))
        .collect();
    let answered: Vec<_> = distinct.into_iter().map(|(answers, _)| answers).collect();
    let expected: BTreeSet<_> = ids.into_iter().collect();
    assert_eq!(answered, expected.into_iter().collect::<Vec<_>>());
}
