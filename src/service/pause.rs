//! Growing pauses between attempts to reach what is out of reach.

use std::time::Duration;

use crate::clock;

/// Doubles from pause to pause, with jitter, until there was success.
#[derive(Debug)]
pub(super) struct Pause {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Pause {
    /// The longest of [`Pause::short`].
    pub(super) const SHORT: Duration = Duration::from_secs(60);

    /// For what is back soon: most trouble is a restart on the other side. Above a minute a
    /// mailbox that is back would stay unread for too long.
    pub(super) fn short() -> Self {
        Self::between(Duration::from_secs(1), Self::SHORT)
    }

    /// For a password that is refused: servers lock an account, or bar an address, after
    /// five or more failures within ten minutes; these are four at most.
    pub(super) fn login() -> Self {
        Self::between(Duration::from_mins(3), Duration::from_mins(10))
    }

    fn between(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            next: first,
        }
    }

    /// All is well again.
    pub(super) fn reset(&mut self) {
        self.next = self.first;
    }

    /// How long to wait this time: between half and the whole of the current step.
    pub(super) fn next(&mut self) -> Duration {
        let step = self.next;
        self.next = (step * 2).min(self.longest);
        step.mul_f64(0.5 + clock::chance() / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_minute_and_start_over_after_success() {
        let mut pause = Pause::short();
        let first = pause.next();
        assert!(first >= Duration::from_millis(500) && first <= Duration::from_secs(1));
        let tenth = (0..9).map(|_| pause.next()).last().unwrap();
        assert!(tenth >= Duration::from_secs(30) && tenth <= Duration::from_secs(60));
        pause.reset();
        assert!(pause.next() <= Duration::from_secs(1));
    }

    #[test]
    fn a_refused_login_is_tried_four_times_in_ten_minutes_at_most() {
        for _ in 0..100 {
            let mut pause = Pause::login();
            let four: Duration = (0..4).map(|_| pause.next()).sum();
            assert!(four >= Duration::from_mins(10));
            let later = pause.next();
            assert!(later >= Duration::from_mins(5) && later <= Duration::from_mins(10));
        }
    }
}
