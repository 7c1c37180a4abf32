//! The daemon is killed between any two steps of a request's way, once and twice in a row, and nothing is lost.
//! Doubled is only what the mail server had accepted and nobody had noted, and then with the same Message-ID.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use antragsbote::halt::Point;

use crate::correspondence::{request, rows};
use crate::lane::{Lane, Way};
use crate::support::{Daemon, House, command, eventually};

/// How a request comes to a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meeting {
    /// with others, when they are fetched
    Fetched,
    /// with others, later
    Together,
    /// alone on its way out: what others would be doing at that moment nobody knows
    Alone(Way),
    /// handed in by `deliver`
    HandedIn,
}

/// A point without a meeting does not compile.
fn meeting(point: Point) -> Meeting {
    match point {
        Point::Migrating | Point::Listed | Point::Fetched | Point::Recording | Point::Recorded => {
            Meeting::Fetched
        }
        Point::Begun
        | Point::Answered
        | Point::Deciding
        | Point::Decided
        | Point::Noted
        | Point::Ended
        | Point::Moved
        | Point::Settling
        | Point::Settled => Meeting::Together,
        Point::Claimed | Point::Connected | Point::Content | Point::Accepted | Point::Noting => {
            Meeting::Alone(Way::Smtp)
        }
        Point::Drafted => Meeting::Alone(Way::Maildir),
        Point::Sendmail => Meeting::Alone(Way::Sendmail),
        Point::HandedIn => Meeting::HandedIn,
    }
}

/// Whether something was committed right before: the next daemon goes on behind it.
fn is_committed(point: Point) -> bool {
    use Point::{Decided, Noted, Recorded, Settled};
    matches!(point, Recorded | Decided | Noted | Settled)
}

/// Whether the reply is out of our hands, and nothing on disk says so.
fn is_unnoted(point: Point) -> bool {
    matches!(point, Point::Accepted | Point::Noting | Point::Sendmail)
}

/// How many copies of its reply each request must have.
type Expected = BTreeMap<String, usize>;

/// Kills the daemon at each point that is met so, once and twice in a row; each time the next one finishes.
fn walk(lane: &Lane, how: Meeting, requests: usize) -> Expected {
    let mut expected = Expected::new();
    for &point in Point::ALL {
        let most = if is_committed(point) { 1 } else { 2 };
        for kills in (1..=most).filter(|_| meeting(point) == how) {
            expected.extend(cut_off(lane, point, kills, requests));
        }
    }
    expected
}

/// Kills the daemon at this point so many times in a row.
fn cut_off(lane: &Lane, point: Point, kills: usize, requests: usize) -> Expected {
    let name = point.name();
    let ids = (0..requests).map(|number| format!("{name}-{kills}-{number}-{}", lane.name));
    let ids: Vec<String> = ids.collect();
    for id in &ids {
        lane.drop_in(id);
    }
    for _ in 0..kills {
        lane.kill_at(point);
    }
    lane.finish(&ids);
    let copies = if is_unnoted(point) { 1 + kills } else { 1 };
    ids.into_iter().map(|id| (id, copies)).collect()
}

/// A point on the first start of all, when the log is made and the mailbox was never seen.
fn first_start(lane: &Lane, point: Point) -> Expected {
    let kills = if is_committed(point) { 1 } else { 2 };
    let expected = cut_off(lane, point, kills, 3);
    // To the next log what lies there would be new.
    lane.clear();
    expected
}

#[track_caller]
fn assert_answered(lane: &Lane, expected: &Expected) {
    let arrived = lane.arrived().look();
    for (id, copies) in expected {
        let message_ids = arrived.get(id).map(Vec::as_slice).unwrap_or_default();
        let same = message_ids.windows(2).all(|two| two[0] == two[1]);
        assert!(same, "different replies to {id}: {message_ids:?}");
        assert_eq!(message_ids.len(), *copies, "copies of the reply to {id}");
    }
}

#[test]
fn a_kill_at_any_step_loses_nothing_and_doubles_only_what_nobody_had_noted() {
    let house = House::start();
    let first: Vec<_> = Point::ALL
        .iter()
        .filter(|&&point| meeting(point) == Meeting::Fetched)
        .map(|&point| (Lane::new(&house, "antrag", point.name(), Way::Smtp), point))
        .collect();
    let together = Lane::new(&house, "bernd", "together", Way::Smtp);
    let ways = [Way::Smtp, Way::Maildir, Way::Sendmail];
    let alone = ways.map(|way| Lane::new(&house, "verwaltung", &format!("{way:?}"), way));
    // Side by side, for a daemon mostly waits: each with its own mailbox, log and way out.
    let expected: Vec<(&Lane, Expected)> = thread::scope(|scope| {
        let first = scope.spawn(|| {
            let starts = first.iter();
            starts
                .map(|(lane, point)| (lane, first_start(lane, *point)))
                .collect::<Vec<_>>()
        });
        let together = scope.spawn(|| {
            let lane = &together;
            [Meeting::Fetched, Meeting::Together].map(|how| (lane, walk(lane, how, 3)))
        });
        let alone = scope.spawn(|| {
            let lanes = ways.iter().zip(&alone).map(|(&way, lane)| {
                let expected = walk(lane, Meeting::Alone(way), 1);
                lane.clear();
                (lane, expected)
            });
            lanes.collect::<Vec<_>>()
        });
        let mut all = first.join().unwrap();
        all.extend(together.join().unwrap());
        all.extend(alone.join().unwrap());
        all
    });
    house.postfix.until_delivered();
    for (lane, expected) in &expected {
        assert_answered(lane, expected);
    }
}

#[test]
fn who_does_not_hear_that_a_mail_is_on_disk_hands_it_in_again() {
    let house = House::start();
    let lane = Lane::new(&house, "antrag", "handed-in", Way::Maildir);
    let hand_in = || {
        let mail = lane.config.with_file_name("mail.eml");
        std::fs::write(&mail, request("1")).unwrap();
        let mut deliver = command(&lane.config, &["deliver"]);
        deliver.stdin(std::fs::File::open(mail).unwrap());
        deliver.stderr(Stdio::null()).spawn().unwrap()
    };
    let mut serve = command(&lane.config, &["serve"]);
    serve.env("ANTRAGSBOTE_HALT", Point::HandedIn.name());
    let daemon = Daemon::run(&lane.config, &mut serve);
    let limit = Duration::from_secs(30);
    let socket = lane.config.with_file_name("deliver.sock");
    eventually("the socket", limit, || socket.exists().then_some(()));
    let mut client = hand_in();
    eventually("the halt", limit, || daemon.stands().then_some(()));
    daemon.kill();
    assert_eq!(client.wait().unwrap().code(), Some(75));
    let daemon = Daemon::start(&lane.config);
    assert_eq!(hand_in().wait().unwrap().code(), Some(0));
    eventually("both mails decided", limit, || {
        let rows = rows(&lane.config);
        let mut states: Vec<_> = rows.iter().map(|row| row["state"].to_string()).collect();
        states.sort();
        (states == ["\"answered\"", "\"ignored\""]).then_some(())
    });
    daemon.stop();
    assert_answered(&lane, &Expected::from([("1".to_owned(), 1)]));
}
