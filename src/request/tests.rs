use std::time::Duration;

use jiff::Timestamp;

use super::State::{Answered, Failed, Ignored, Received, Waiting};
use super::{Event, RequestId, State, Verdict, cut_off_too_often, next_attempt, step};

#[test]
fn every_event_in_every_state() {
    let delivered = |verdict, again| Event::Delivered { verdict, again };
    let retried = |reply, mail| Event::Retried { reply, mail };
    // What becomes of: received, waiting, answered, failed, ignored.
    let table: [(Event, [Option<State>; 5]); 15] = [
        (
            Event::Decided { reply: true },
            [Some(Waiting), None, None, None, None],
        ),
        (
            Event::Decided { reply: false },
            [Some(Ignored), None, None, None, None],
        ),
        (Event::Broken, [Some(Failed), None, None, None, None]),
        (
            delivered(Verdict::Accepted, false),
            [None, Some(Answered), None, None, None],
        ),
        (
            delivered(Verdict::Accepted, true),
            [None, Some(Answered), None, None, None],
        ),
        (
            delivered(Verdict::TryAgain, true),
            [None, Some(Waiting), None, None, None],
        ),
        (
            delivered(Verdict::TryAgain, false),
            [None, Some(Failed), None, None, None],
        ),
        (
            delivered(Verdict::Unknown, true),
            [None, Some(Waiting), None, None, None],
        ),
        (
            delivered(Verdict::Unknown, false),
            [None, Some(Failed), None, None, None],
        ),
        (
            delivered(Verdict::GiveUp, true),
            [None, Some(Failed), None, None, None],
        ),
        (
            Event::Bounced,
            [None, Some(Failed), Some(Failed), None, None],
        ),
        (
            retried(true, true),
            [Some(Received), Some(Waiting), None, Some(Waiting), None],
        ),
        (
            retried(true, false),
            [Some(Received), Some(Waiting), None, Some(Waiting), None],
        ),
        (
            retried(false, true),
            [Some(Received), None, None, Some(Received), None],
        ),
        (
            retried(false, false),
            [Some(Received), None, None, None, None],
        ),
    ];
    for (event, expected) in table {
        let got = State::ALL.map(|state| step(state, event));
        assert_eq!(got, expected, "{event:?}");
    }
}

#[test]
fn words_are_read_back() {
    for state in State::ALL {
        assert_eq!(State::parse(state.word()), Some(state));
    }
    assert_eq!(State::parse("lost"), None);
    assert_eq!(State::Received.for_people(), State::Waiting);
    assert_eq!(State::Failed.for_people(), State::Failed);
}

#[test]
fn a_mail_is_begun_once_among_others_and_three_times_alone() {
    let given_up = [1, 2, 3, 4, 5].map(cut_off_too_often);
    assert_eq!(given_up, [false, false, false, false, true]);
}

#[test]
fn ids_are_ulids_and_sort_by_time() {
    let early = RequestId::from(ulid::Ulid::from_parts(1_000, u128::MAX));
    let late = RequestId::from(ulid::Ulid::from_parts(1_001, 0));
    assert!(early < late);
    assert_eq!(RequestId::parse(early.as_str()), Some(early));
    for wrong in [
        "",
        "01JD",
        "not-a-request-id-at-all-no",
        "01JDÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ",
    ] {
        assert_eq!(RequestId::parse(wrong), None, "{wrong}");
    }
}

/// Seconds until the next attempt, made `age` seconds after the first.
fn pause(attempts: u32, age: i64, max_age: u64, chance: f64) -> Option<i64> {
    let first = Timestamp::from_second(1_000_000).unwrap();
    let now = Timestamp::from_second(1_000_000 + age).unwrap();
    next_attempt(attempts, first, now, Duration::from_secs(max_age), chance)
        .map(|next| next.as_second() - now.as_second())
}

#[test]
fn pauses_grow_to_a_quarter_of_an_hour() {
    const DAY: u64 = 86_400;
    let longest: Vec<_> = (1..=8).map(|n| pause(n, 0, DAY, 0.0)).collect();
    let expected = [30, 60, 120, 240, 480, 900, 900, 900].map(Some);
    assert_eq!(longest, expected);
    let shortest: Vec<_> = (1..=8).map(|n| pause(n, 0, DAY, 1.0)).collect();
    assert_eq!(shortest, [15, 30, 60, 120, 240, 450, 450, 450].map(Some));
    assert_eq!(pause(u32::MAX, 0, DAY, 0.0), Some(900));
    assert_eq!(pause(0, 0, DAY, 0.0), Some(30));
}

#[test]
fn the_last_attempt_falls_on_the_end() {
    let table = [
        (0, 200, Some(120)),
        (80, 200, Some(120)),
        (180, 200, Some(20)),
        (199, 200, Some(1)),
        (200, 200, None),
        (201, 200, None),
        (0, 0, None),
        (0, u64::MAX, Some(120)),
        // No pause is longer than all of it.
        (0, 50, Some(50)),
    ];
    for (age, max_age, expected) in table {
        assert_eq!(pause(3, age, max_age, 0.0), expected, "{age} of {max_age}");
    }
}

#[test]
fn no_reply_is_given_up_before_its_third_attempt_whatever_the_clock_says() {
    const DAY: i64 = 86_400;
    let max_age = 5 * DAY.unsigned_abs();
    let after = |days: i64| [1, 2, 3].map(|attempts| pause(attempts, days * DAY, max_age, 0.0));
    assert_eq!(after(10), [Some(30), Some(60), None]);
    // Set back: as if the first attempt were still to come.
    assert_eq!(after(-365), [Some(30), Some(60), Some(120)]);
    assert_eq!(pause(1, 9, 0, 0.0), Some(1));
}
