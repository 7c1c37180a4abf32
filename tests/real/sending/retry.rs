//! `log retry` at any moment: noticed at once by the running daemon, and never twice sent.

use std::time::Duration;

use super::refusals::{HELLO, MAIL};
use super::{ask, leaving_by, retry, until};
use crate::support::{Daemon, House, Script, eventually};

/// What another process does to the log the daemon sees within this (contract).
const NOTICED: Duration = Duration::from_secs(5);

#[test]
fn a_person_has_a_reply_tried_again() {
    let refused = [HELLO, "S: 550 5.1.1 unknown\nC: QUIT"].concat();
    let slow = [HELLO, MAIL, "! wait\nS: 250 2.0.0 Ok"].concat();
    let server = Script::play(&[&refused, &slow, &refused]);
    let house = House::start();
    let config = leaving_by(&house, server.port);
    let daemon = Daemon::start(&config);
    ask(&house, "anfrage");
    until(&config, "anfrage", "failed", 1);

    // Two people at once, then one while it is just being sent.
    let outputs = std::thread::scope(|scope| {
        let both = [0, 1].map(|_| scope.spawn(|| retry(&config, "anfrage")));
        both.map(|one| one.join().unwrap())
    });
    for done in outputs {
        assert_eq!(done.code, 0, "{}", done.errors);
        assert!(done.output.contains("wird noch einmal versucht"));
    }
    let sent = || server.heard().iter().filter(|line| *line == ".").count();
    eventually("the second attempt", NOTICED, || {
        (sent() == 1).then_some(())
    });
    assert_eq!(retry(&config, "anfrage").code, 0);
    server.go();
    until(&config, "anfrage", "answered", 2);

    let late = retry(&config, "anfrage");
    assert_eq!(late.code, 65);
    assert!(
        late.errors.contains("bleibt: beantwortet"),
        "{}",
        late.errors
    );
    daemon.stop();
    assert_eq!((sent(), server.connections()), (1, 2));
}
