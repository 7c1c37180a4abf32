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
    /// alone: nobody knows how far others would be on their way out at that moment
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
        Point::Begun | Point::Answered | Point::Deciding | Point::Decided => Meeting::Together,
        Point::Claimed
        | Point::Connected
        | Point::Content
        | Point::Accepted
        | Point::Noting
        | Point::Noted
        | Point::Ended
        | Point::Moved
        | Point::Settling
        | Point::Settled => Meeting::Alone(Way::Smtp),
        Point::Drafted => Meeting::Alone(Way::Maildir),
        Point::Sendmail => Meeting::Alone(Way::Sendmail),
        Point::HandedIn => Meeting::HandedIn,
    }
}

/// How often in a row a daemon can be killed there: behind a commit the next one goes on.
fn most_kills(point: Point) -> usize {
    use Point::{Decided, Noted, Recorded, Settled};
    if matches!(point, Recorded | Decided | Noted | Settled) {
        1
    } else {
        2
    }
}

/// Whether the reply is out of our hands, and nothing on disk says so.
fn is_unnoted(point: Point) -> bool {
    matches!(point, Point::Accepted | Point::Noting | Point::Sendmail)
}

/// How many copies of its reply each request must have.
type Expected = BTreeMap<String, usize>;

/// What one daemon goes through: points, each with so many kills in a row, by so many requests.
struct Trip<'a> {
    lane: Lane<'a>,
    points: Vec<(Point, usize)>,
    requests: usize,
}

impl<'a> Trip<'a> {
    /// To all points that are met so, once with one kill and once with two.
    fn new(lane: Lane<'a>, how: &[Meeting], requests: usize) -> Self {
        let points = Point::ALL.iter().copied();
        let points = points.filter(|&point| how.contains(&meeting(point)));
        let points =
            points.flat_map(|point| (1..=most_kills(point)).map(move |kills| (point, kills)));
        Self {
            points: points.collect(),
            lane,
            requests,
        }
    }

    /// To each point of fetching on the first start of all, when the log is made and the mailbox was never seen.
    fn first_starts(house: &'a House, person: &'static str) -> Vec<Self> {
        let points = Point::ALL.iter().copied();
        let points = points.filter(|&point| meeting(point) == Meeting::Fetched);
        let trips = points.map(|point| Self {
            lane: Lane::new(house, person, point.name(), Way::Smtp),
            points: vec![(point, most_kills(point))],
            requests: 3,
        });
        trips.collect()
    }

    /// Makes the trip; at its end the mailbox is empty, for to the next log what lies there would be new.
    fn make(&self) -> Expected {
        let cuts = self.points.iter();
        let expected = cuts.flat_map(|&(point, kills)| self.cut_off(point, kills));
        let expected = expected.collect();
        self.lane.clear();
        expected
    }

    /// Kills the daemon at this point so many times in a row; then it may finish.
    fn cut_off(&self, point: Point, kills: usize) -> Expected {
        use Point::{Ended, Moved, Settled, Settling};
        let (lane, name) = (&self.lane, point.name());
        let ids = (0..self.requests).map(|number| format!("{}-{name}-{kills}-{number}", lane.name));
        let ids: Vec<String> = ids.collect();
        if matches!(point, Ended | Moved | Settling | Settled) {
            // It is this request that has ended, and none of an earlier cut.
            lane.clear();
        }
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
    let lane = |person, way| Lane::new(&house, person, &format!("{way:?}-{person}"), way);
    let together = [Meeting::Fetched, Meeting::Together];
    let alone = |lane, way| Trip::new(lane, &[Meeting::Alone(way)], 1);
    let mut trips = [
        Trip::first_starts(&house, "antrag"),
        vec![Trip::new(lane("bernd", Way::Smtp), &together, 3)],
        vec![alone(lane("verwaltung", Way::Smtp), Way::Smtp)],
    ];
    for way in [Way::Maildir, Way::Sendmail] {
        trips[0].push(alone(lane("antrag", way), way));
    }
    // Side by side by mailbox, for a daemon mostly waits.
    let expected: Vec<Expected> = thread::scope(|scope| {
        let making = trips
            .each_ref()
            .map(|trips| scope.spawn(|| trips.iter().map(Trip::make).collect::<Vec<_>>()));
        let made = making.map(|trips| trips.join().unwrap());
        made.into_iter().flatten().collect()
    });
    house.postfix.until_delivered();
    for (trip, expected) in trips.iter().flatten().zip(&expected) {
        assert_answered(&trip.lane, expected);
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
