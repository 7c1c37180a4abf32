//! Signs of life: when the loops that the service lives by last succeeded, and by when they
//! have to be heard again. Feeds the watchdog, the status line and the figures.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::clock;

/// A loop that the service lives by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// looks at the mailbox
    Mailbox,
    /// decides on what is recorded
    Answering,
    /// hands over what is due
    Sending,
}

/// The signs of all stages.
#[derive(Debug)]
pub(super) struct Pulse([Mutex<Sign>; 3]);

/// The last sign of one stage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sign {
    /// when its work last succeeded; never yet if `None`
    pub(super) well: Option<Timestamp>,
    /// the kind of its trouble; none if its last attempt succeeded
    pub(super) trouble: Option<&'static str>,
    /// by when it has to be heard again
    pub(super) due: Instant,
}

impl Pulse {
    /// All stages begin now and have this long for their first sign.
    pub(super) fn begin(first: Duration) -> Self {
        let sign = Sign {
            well: None,
            trouble: None,
            due: Instant::now() + first,
        };
        Self([sign, sign, sign].map(Mutex::new))
    }

    /// The stage's work succeeded; its next sign comes within `next`.
    pub(super) fn well(&self, stage: Stage, next: Duration) {
        *self.of(stage) = Sign {
            well: Some(clock::now()),
            trouble: None,
            due: Instant::now() + next,
        };
    }

    /// The stage is in trouble of this kind; its next sign comes within `next`.
    pub(super) fn ill(&self, stage: Stage, kind: &'static str, next: Duration) {
        let mut sign = self.of(stage);
        sign.trouble = Some(kind);
        sign.due = Instant::now() + next;
    }

    /// What a stage last said.
    pub(super) fn sign(&self, stage: Stage) -> Sign {
        *self.of(stage)
    }

    fn of(&self, stage: Stage) -> MutexGuard<'_, Sign> {
        let [mailbox, answering, sending] = &self.0;
        let sign = match stage {
            Stage::Mailbox => mailbox,
            Stage::Answering => answering,
            Stage::Sending => sending,
        };
        // What a panicking stage left is as true as before.
        sign.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
