//! Growing pauses between attempts to reach what is out of reach.

use std::time::Duration;

use crate::clock;

/// The first pause is short: most trouble is a restart on the other side.
const FIRST: Duration = Duration::from_secs(1);
/// Above a minute a mailbox that is back would stay unread for too long.
const LONGEST: Duration = Duration::from_secs(60);

/// Doubles from pause to pause, with jitter, until there was success.
#[derive(Debug)]
pub(super) struct Pause {
    next: Duration,
}

impl Pause {
    pub(super) fn new() -> Self {
        Self { next: FIRST }
    }

    /// All is well again.
    pub(super) fn reset(&mut self) {
        self.next = FIRST;
    }

    /// How long to wait this time: between half and the whole of the current step.
    pub(super) fn next(&mut self) -> Duration {
        let step = self.next;
        self.next = (step * 2).min(LONGEST);
        step.mul_f64(0.5 + clock::chance() / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_minute_and_start_over_after_success() {
        let mut pause = Pause::new();
        let first = pause.next();
        assert!(first >= FIRST / 2 && first <= FIRST);
        let tenth = (0..9).map(|_| pause.next()).last().unwrap();
        assert!(tenth >= LONGEST / 2 && tenth <= LONGEST);
        pause.reset();
        assert!(pause.next() <= FIRST);
    }
}
