//! Trouble with the log: told once for each cause, tried again with growing pauses, and well again
//! when no stage has any left.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Shared;
use super::alarm::Cause;
use super::pause::Pause;
use super::trouble::{self, tell};
use crate::log;

/// Between attempts once a stop is asked for.
const AT_THE_END: Duration = Duration::from_millis(200);

/// Which stages cannot use the log, each with the kind of its trouble.
#[derive(Debug, Default)]
pub(super) struct Ailing(Mutex<BTreeMap<&'static str, &'static str>>);

impl Ailing {
    /// Notes a stage's trouble; whether it is news.
    fn is_news(&self, stage: &'static str, kind: &'static str) -> bool {
        self.stages().insert(stage, kind) != Some(kind)
    }

    /// Notes that a stage is well; whether it was the last that was not.
    fn was_last(&self, stage: &'static str) -> bool {
        let mut stages = self.stages();
        stages.remove(stage).is_some() && stages.is_empty()
    }

    fn stages(&self) -> MutexGuard<'_, BTreeMap<&'static str, &'static str>> {
        // What a panicking stage left is as true as before.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How one stage fares with the log.
#[derive(Debug)]
pub(super) struct Health {
    stage: &'static str,
    pause: Pause,
}

impl Health {
    /// Of a stage that is well; `stage` says in event lines what cannot be done.
    pub(super) fn of(stage: &'static str) -> Self {
        Self {
            stage,
            pause: Pause::short(),
        }
    }

    /// It is well, or well again.
    pub(super) fn well(&mut self, shared: &Shared) {
        self.pause.reset();
        if shared.ailing.was_last(self.stage) {
            tracing::info!("the log can be used again");
            shared.alarms.clear(Cause::Log);
        }
    }

    /// It is in trouble: says so, and waits until it is time for the next attempt.
    ///
    /// # Errors
    /// The same, where no attempt in this process can succeed: the next process finds all of its work.
    pub(super) async fn ill(
        &mut self,
        shared: &Shared,
        error: log::Error,
    ) -> Result<(), log::Error> {
        if shared.ailing.is_news(self.stage, error.kind()) {
            tell!(error.kind(), stage = self.stage, "the log cannot be used");
        }
        shared
            .alarms
            .raise(Cause::Log, trouble::words(error.kind()));
        if error == log::Error::Closed {
            return Err(error);
        }
        if shared.stop.is_cancelled() {
            // A stop leaves a few seconds: what is in hand is tried until they are over.
            tokio::time::sleep(AT_THE_END).await;
        } else {
            let pause = tokio::time::sleep(self.pause.next());
            shared.stop.run_until_cancelled(pause).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_news_once_and_the_last_stage_ends_it() {
        let ailing = Ailing::default();
        assert!(ailing.is_news("decisions", "full"));
        assert!(!ailing.is_news("decisions", "full"));
        assert!(ailing.is_news("decisions", "read-only"));
        assert!(ailing.is_news("results", "full"));
        assert!(!ailing.was_last("decisions"));
        assert!(!ailing.was_last("decisions"));
        assert!(ailing.was_last("results"));
        assert!(!ailing.was_last("results"));
    }
}
