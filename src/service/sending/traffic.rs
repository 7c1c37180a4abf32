//! How many deliveries may be under way, and whether the way out is open.
//!
//! Few work at once, but one that is slow no longer counts: a server that keeps one mail
//! waiting for minutes, as it may, holds up no other. When nothing gets through at all the
//! way is closed: one reply at a time tries it, ever more rarely, and the rest stays due.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::super::LONGEST_DELIVERY;
use crate::outbound::Closure;
use crate::request::RequestId;

/// Deliveries that work at once; Postfix takes 50 connections from one client, big providers
/// ten and less.
pub(super) const AT_ONCE: usize = 4;
/// What takes longer is slow; servers answer in fractions of a second.
pub(super) const SLOW: Duration = Duration::from_secs(5);
/// Deliveries under way at the most, the slow ones included.
const MOST: usize = 20;

/// The first pause on a closed way is short: most trouble is a restart on the other side.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Whoever is back is found after this at the latest.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Who is not let in asks more rarely: servers lock out who fails several times in ten minutes.
const LONGEST_PAUSE_UNWELCOME: Duration = Duration::from_secs(15 * 60);

/// The deliveries under way.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    began: BTreeMap<RequestId, Instant>,
    /// when a mail last got through
    got_through: Option<Instant>,
    closed: Option<Closed>,
}

/// A way on which nothing gets through.
#[derive(Debug, Clone, Copy)]
struct Closed {
    why: Closure,
    tries: u32,
    /// when one may try it again
    again: Instant,
}

/// What may begin now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// so many replies that are due
    Any(usize),
    /// one that a person asked for
    Asked,
    /// none
    None,
}

/// What a delivery that has ended says about the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// the server took the mail or refused it
    GotThrough,
    /// no mail gets through
    Closed(Closure),
    /// neither
    Nothing,
}

impl Traffic {
    /// What may begin.
    pub(super) fn room(&mut self, now: Instant, chance: f64) -> Room {
        let (slow, brisk) = self.count(now);
        if self.closed.is_none() && brisk == 0 && slow >= AT_ONCE && self.nothing_since(now) {
            self.close(Closure::Unreachable, now, chance);
        }
        let space = MOST.saturating_sub(slow + brisk);
        match self.closed {
            None => match AT_ONCE.saturating_sub(brisk).min(space) {
                0 => Room::None,
                room => Room::Any(room),
            },
            Some(_) if brisk > 0 || space == 0 => Room::None,
            Some(closed) if now < closed.again => Room::Asked,
            Some(_) => Room::Any(1),
        }
    }

    /// Whether mail gets through, as far as that is known.
    pub(super) fn is_open(&self) -> bool {
        self.closed.is_none() && self.got_through.is_some()
    }

    /// Whether one under way has taken longer than all of its deadlines together.
    pub(super) fn is_stuck(&self, now: Instant) -> bool {
        self.began
            .values()
            .any(|began| now >= *began + LONGEST_DELIVERY)
    }

    /// Whether nothing gets through.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// How long to wait at the most before looking for room again.
    pub(super) fn look_within(&self, now: Instant, anyway: Duration) -> Duration {
        let again = self.closed.map(|closed| closed.again);
        let pause = again.map_or(anyway, |again| again.saturating_duration_since(now));
        // Room has been looked for just now; what may begin began.
        if pause.is_zero() {
            anyway
        } else {
            pause.min(anyway)
        }
    }

    /// A delivery begins; `false` if one of the same reply is under way still.
    pub(super) fn begin(&mut self, id: RequestId, now: Instant, chance: f64) -> bool {
        if self.began.contains_key(&id) {
            return false;
        }
        self.began.insert(id, now);
        if let Some(closed) = self.closed {
            self.close(closed.why, now, chance);
        }
        true
    }

    /// A delivery has ended.
    pub(super) fn end(&mut self, id: &RequestId, news: News, now: Instant, chance: f64) {
        self.began.remove(id);
        match (news, self.closed) {
            (News::GotThrough, _) => {
                self.closed = None;
                self.got_through = Some(now);
            }
            (News::Closed(why), None) => self.close(why, now, chance),
            // Its try was counted when it began; the pause begins when it ends.
            (News::Closed(why), Some(closed)) => {
                let again = now + pause(why, closed.tries.saturating_sub(1), chance);
                self.closed = Some(Closed {
                    why,
                    again,
                    ..closed
                });
            }
            (News::Nothing, _) => {}
        }
    }

    fn close(&mut self, why: Closure, now: Instant, chance: f64) {
        let tries = self.closed.map_or(0, |closed| closed.tries);
        self.closed = Some(Closed {
            why,
            tries: tries.saturating_add(1),
            again: now + pause(why, tries, chance),
        });
    }

    /// How many under way are slow, and how many are not.
    fn count(&self, now: Instant) -> (usize, usize) {
        let slow = self.began.values().filter(|began| now >= **began + SLOW);
        let slow = slow.count();
        (slow, self.began.len() - slow)
    }

    /// Whether nothing has got through since the last one began.
    fn nothing_since(&self, now: Instant) -> bool {
        let last = self.began.values().max().copied().unwrap_or(now);
        self.got_through
            .is_none_or(|got_through| got_through < last)
    }
}

/// As long as the server wants, else doubling from pause to pause; `chance` in 0..1 takes away up to half.
fn pause(why: Closure, tries: u32, chance: f64) -> Duration {
    let longest = match why {
        Closure::Throttled(pause) => return pause.max(FIRST_PAUSE),
        Closure::Unreachable => LONGEST_PAUSE,
        Closure::Unwelcome => LONGEST_PAUSE_UNWELCOME,
    };
    let step = FIRST_PAUSE * (1 << tries.min(16));
    step.min(longest)
        .mul_f64(1.0 - chance.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNREACHABLE: News = News::Closed(Closure::Unreachable);

    /// Deliveries by number, at seconds since the begin, without jitter.
    struct Road {
        traffic: Traffic,
        zero: Instant,
    }

    impl Road {
        fn new() -> Self {
            Self {
                traffic: Traffic::default(),
                zero: Instant::now(),
            }
        }

        fn at(&self, second: u64) -> Instant {
            self.zero + Duration::from_secs(second)
        }

        fn room(&mut self, second: u64) -> Room {
            let now = self.at(second);
            self.traffic.room(now, 0.0)
        }

        fn begin(&mut self, number: u64, second: u64) -> bool {
            let now = self.at(second);
            self.traffic.begin(id(number), now, 0.0)
        }

        fn end(&mut self, number: u64, news: News, second: u64) {
            let now = self.at(second);
            self.traffic.end(&id(number), news, now, 0.0);
        }
    }

    fn id(number: u64) -> RequestId {
        RequestId::from(ulid::Ulid::from_parts(number, 0))
    }

    #[test]
    fn a_slow_delivery_holds_up_no_other() {
        let mut road = Road::new();
        assert_eq!(road.room(0), Room::Any(4));
        for number in 0..4 {
            assert!(road.begin(number, 0));
        }
        assert_eq!(road.room(1), Room::None);
        road.end(0, News::GotThrough, 1);
        assert_eq!(road.room(1), Room::Any(1));
        // The other three are slow by now, but others get through.
        assert!(road.begin(4, 2));
        road.end(4, News::GotThrough, 3);
        assert_eq!(road.room(6), Room::Any(4));
        for number in 5..9 {
            assert!(road.begin(number, 6));
        }
        assert_eq!(road.room(7), Room::None);
    }

    #[test]
    fn slow_deliveries_have_a_cap() {
        let mut road = Road::new();
        for number in 0..18 {
            road.begin(number, 0);
        }
        road.begin(18, 6);
        road.end(18, News::GotThrough, 6);
        assert_eq!(road.room(6), Room::Any(2));
        road.begin(19, 7);
        road.begin(20, 7);
        assert_eq!(road.room(7), Room::None);
    }

    #[test]
    fn on_a_closed_way_one_tries_ever_more_rarely_until_it_is_open() {
        let mut road = Road::new();
        for number in 0..4 {
            road.begin(number, 0);
        }
        for number in 0..4 {
            road.end(number, UNREACHABLE, 0);
        }
        assert_eq!(road.room(0), Room::Asked);
        let mut second = 0;
        let mut pauses = Vec::new();
        for number in 10..19 {
            let from = second;
            while road.room(second) != Room::Any(1) {
                second += 1;
            }
            pauses.push(second - from);
            road.begin(number, second);
            assert_eq!(road.room(second), Room::None);
            road.end(number, UNREACHABLE, second);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(road.room(second), Room::Asked);
        road.begin(20, second);
        road.end(20, News::GotThrough, second);
        assert_eq!(road.room(second), Room::Any(4));
    }

    #[test]
    fn who_is_not_let_in_asks_more_rarely() {
        let pauses = |why| [0, 3, 6, 9, 10, 99].map(|tries| pause(why, tries, 0.0).as_secs());
        assert_eq!(pauses(Closure::Unreachable), [1, 8, 60, 60, 60, 60]);
        assert_eq!(pauses(Closure::Unwelcome), [1, 8, 64, 512, 900, 900]);
        let throttled = Closure::Throttled(Duration::from_secs(120));
        assert_eq!(pauses(throttled), [120; 6]);
        assert_eq!(pause(throttled, 0, 1.0), Duration::from_secs(120));
        let shortest = pause(Closure::Unreachable, 6, 1.0);
        assert_eq!(shortest, Duration::from_secs(30));
    }

    #[test]
    fn a_server_that_stalls_is_noticed_and_probed() {
        let mut road = Road::new();
        for number in 0..4 {
            road.begin(number, 0);
        }
        assert_eq!(road.room(4), Room::None);
        assert_eq!(road.room(5), Room::Asked);
        assert_eq!(road.room(6), Room::Any(1));
        assert!(road.begin(4, 6));
        assert_eq!(road.room(9), Room::None, "one probe at a time");
        assert_eq!(
            road.room(11),
            Room::Any(1),
            "a slow probe makes room for one more"
        );
        road.end(4, News::GotThrough, 12);
        assert_eq!(road.room(12), Room::Any(4));
    }

    #[test]
    fn a_delivery_that_outlasts_its_deadlines_is_stuck() {
        let mut road = Road::new();
        assert!(!road.traffic.is_stuck(road.at(9999)));
        road.begin(1, 0);
        road.begin(2, 60);
        assert!(!road.traffic.is_stuck(road.at(5399)));
        assert!(road.traffic.is_stuck(road.at(5400)));
        road.end(1, News::GotThrough, 5401);
        assert!(!road.traffic.is_stuck(road.at(5401)));
        assert!(road.traffic.is_stuck(road.at(5460)));
    }

    #[test]
    fn one_reply_is_under_way_once() {
        let mut road = Road::new();
        assert!(road.begin(1, 0));
        assert!(!road.begin(1, 4000));
        road.end(1, News::Nothing, 4001);
        assert!(road.begin(1, 4002));
    }

    #[test]
    fn the_next_look_comes_when_the_way_may_be_tried() {
        let anyway = Duration::from_secs(3);
        let mut road = Road::new();
        assert_eq!(road.traffic.look_within(road.at(0), anyway), anyway);
        road.begin(1, 0);
        road.end(1, UNREACHABLE, 0);
        let look = road.traffic.look_within(road.at(0), anyway);
        assert_eq!(look, Duration::from_secs(1));
        let look = road.traffic.look_within(road.at(9), anyway);
        assert_eq!(look, anyway);
    }
}
