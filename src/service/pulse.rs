//! Signs of life: when the loops that the service lives by last succeeded, and by when they
//! have to be heard again. Feeds the watchdog, the status line and the figures.
//!
//! A promise is as long as the deadline of what a stage begins, and no longer: who waits for a
//! server has the server's time, who pauses has the pause, all else has [`USUAL`]. Trouble is no
//! lateness: a stage that tries again in time is alive. Promises are kept in the time of the
//! runtime, which stands still while the machine sleeps and does not follow the clock.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::clock;

/// For what has no deadline of its own. The log: while it is written anew, others wait; a log of
/// 2 GB takes two minutes on a slow disk. One mail: the longest list that is taken, 500
/// documents, takes seconds, and a minute on a very slow machine.
pub(super) const USUAL: Duration = Duration::from_mins(5);

/// What has nothing to do may be silent for so long.
const FOREVER: Duration = Duration::from_hours(24 * 365 * 100);

/// A loop that the service lives by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// looks at the mailbox
    Mailbox,
    /// decides on what is recorded
    Answering,
    /// hands over what is due
    Sending,
    /// records what became of what was handed over
    Recording,
}

impl Stage {
    pub(super) const ALL: [Self; 4] = [
        Self::Mailbox,
        Self::Answering,
        Self::Sending,
        Self::Recording,
    ];

    /// The word for it, in event lines and figures.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Mailbox => "mailbox",
            Self::Answering => "answering",
            Self::Sending => "sending",
            Self::Recording => "recording",
        }
    }
}

/// The signs of all stages.
#[derive(Debug)]
pub(super) struct Pulse([Mutex<Sign>; 4]);

/// The last sign of one stage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sign {
    /// when its work last succeeded; never yet if `None`
    pub(super) well: Option<Timestamp>,
    /// the kind of its trouble; none if its last attempt succeeded
    pub(super) trouble: Option<&'static str>,
    /// when that began
    pub(super) since: Option<Timestamp>,
    /// by when it has to be heard again
    pub(super) due: Instant,
}

impl Pulse {
    /// All stages begin now.
    pub(super) fn begin() -> Self {
        let sign = Sign {
            well: None,
            trouble: None,
            since: None,
            due: Instant::now() + USUAL,
        };
        let pulse = Self([sign; 4].map(Mutex::new));
        pulse.rest(Stage::Recording);
        pulse
    }

    /// The stage's work succeeded.
    pub(super) fn well(&self, stage: Stage) {
        *self.of(stage) = Sign {
            well: Some(clock::now()),
            trouble: None,
            since: None,
            due: Instant::now() + USUAL,
        };
    }

    /// The stage is in trouble of this kind, and tries again after a pause.
    pub(super) fn ill(&self, stage: Stage, kind: &'static str, pause: Duration) {
        let mut sign = self.of(stage);
        sign.trouble = Some(kind);
        sign.since = sign.since.or_else(|| Some(clock::now()));
        sign.due = Instant::now() + pause + USUAL;
    }

    /// The stage begins something that is over within `limit`.
    pub(super) fn alive(&self, stage: Stage, limit: Duration) {
        self.of(stage).due = Instant::now() + limit;
    }

    /// The stage has nothing to do and promises nothing.
    pub(super) fn rest(&self, stage: Stage) {
        self.alive(stage, FOREVER);
    }

    /// What a stage last said.
    pub(super) fn sign(&self, stage: Stage) -> Sign {
        *self.of(stage)
    }

    /// A stage that has not kept its promise.
    pub(super) fn late(&self, now: Instant) -> Option<Stage> {
        let is_late = |stage: &Stage| self.of(*stage).due < now;
        Stage::ALL.into_iter().find(is_late)
    }

    fn of(&self, stage: Stage) -> MutexGuard<'_, Sign> {
        let [mailbox, answering, sending, recording] = &self.0;
        let sign = match stage {
            Stage::Mailbox => mailbox,
            Stage::Answering => answering,
            Stage::Sending => sending,
            Stage::Recording => recording,
        };
        // What a panicking stage left is as true as before.
        sign.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);
    const SECOND: Duration = Duration::from_secs(1);

    /// One stage says something, all others rest; who is late right before and after `limit`.
    fn after(pulse: &Pulse, stage: Stage, say: impl Fn(), limit: Duration) -> [Option<Stage>; 2] {
        for other in Stage::ALL {
            pulse.rest(other);
        }
        let before = Instant::now();
        say();
        let said = Instant::now();
        assert_eq!(pulse.late(said), None, "{stage:?} has just been heard");
        [before + limit, said + limit + SECOND].map(|then| pulse.late(then))
    }

    #[test]
    fn a_stage_is_late_when_its_time_is_over() {
        let pulse = Pulse::begin();
        for stage in Stage::ALL {
            let late = [None, Some(stage)];
            let say = || pulse.well(stage);
            assert_eq!(after(&pulse, stage, say, USUAL), late);
            let say = || pulse.alive(stage, 12 * MINUTE);
            assert_eq!(after(&pulse, stage, say, 12 * MINUTE), late);
            // Who tries again in time is not late, however long there has been trouble.
            let say = || pulse.ill(stage, "login", 10 * MINUTE);
            assert_eq!(after(&pulse, stage, say, 10 * MINUTE + USUAL), late);
            let say = || pulse.rest(stage);
            assert_eq!(after(&pulse, stage, say, 10_000 * USUAL), [None, None]);
        }
    }

    #[test]
    fn at_the_start_all_but_who_waits_for_results_have_to_be_heard() {
        let before = Instant::now();
        let pulse = Pulse::begin();
        assert_eq!(pulse.late(before + USUAL), None);
        let then = Instant::now() + USUAL + SECOND;
        for stage in [Stage::Mailbox, Stage::Answering, Stage::Sending] {
            assert_eq!(pulse.late(then), Some(stage));
            pulse.rest(stage);
        }
        assert_eq!(pulse.late(then), None);
    }

    #[test]
    fn trouble_lasts_until_success_and_hides_nothing() {
        let pulse = Pulse::begin();
        assert_eq!(pulse.sign(Stage::Sending).well, None);
        pulse.well(Stage::Sending);
        let well = pulse.sign(Stage::Sending).well;
        assert!(well.is_some());
        pulse.ill(Stage::Sending, "refused", MINUTE);
        pulse.alive(Stage::Sending, MINUTE);
        let sign = pulse.sign(Stage::Sending);
        assert_eq!(sign.trouble, Some("refused"), "a new attempt is no success");
        assert_eq!(sign.well, well, "when it last was well stays known");
        pulse.well(Stage::Sending);
        assert_eq!(pulse.sign(Stage::Sending).trouble, None);
        assert_eq!(pulse.sign(Stage::Mailbox).well, None, "each has its own");
    }
}
