//! The circuit breaker: after too many replies in an hour nothing is decided for a while.
//!
//! What is not decided stays recorded and waits: nothing is refused, nothing is lost. The
//! breaker closes when a part of the hour's replies has grown old, or when the administrator
//! reloads the configuration: who has looked starts a new hour.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;

use super::Shared;
use super::alarm::Cause;
use crate::answer::Knowledge;
use crate::clock;
use crate::log;

/// The part of the hour's replies that has to be free before it closes, so that it does not
/// open and close with every reply that grows old.
const PART: u32 = 10;

/// Counts what leaves, before each batch.
#[derive(Debug)]
pub(super) struct Breaker {
    knowledge: watch::Receiver<Arc<Knowledge>>,
    reloaded_at: Option<Timestamp>,
    open: bool,
}

impl Breaker {
    pub(super) fn new(shared: &Shared) -> Self {
        Self {
            knowledge: shared.knowledge.subscribe(),
            reloaded_at: None,
            open: false,
        }
    }

    /// How many requests may be decided now; 0 while it is open.
    pub(super) async fn room(&mut self, shared: &Shared) -> Result<u32, log::Error> {
        let now = clock::now();
        if self.knowledge.has_changed().unwrap_or(false) {
            self.reloaded_at = Some(now);
        }
        let limit = self.knowledge.borrow_and_update().rules.replies_per_hour;
        // A reload in the future was before the clock was set back.
        let since = self.reloaded_at.filter(|at| *at <= now);
        let replied = shared.log.replied(since, now).await?;
        let room = limit.saturating_sub(replied);
        let was_open = self.open;
        self.open = is_open(was_open, room, limit);
        if self.open {
            let detail = format!(
                "In einer Stunde sind {replied} Antworten entstanden, so viele wie erlaubt \
                 (policy.replies_per_hour). Weitere Anfragen warten, bis die Stunde um ist oder die \
                 Konfiguration neu geladen wird; `antragsbote log list` zeigt, wer fragt."
            );
            shared.alarms.raise(Cause::Breaker, &detail);
        } else {
            shared.alarms.clear(Cause::Breaker);
        }
        match (was_open, self.open) {
            (false, true) => tracing::error!(
                error.kind = "breaker",
                replies = replied,
                limit,
                "requests wait"
            ),
            (true, false) => tracing::info!(replies = replied, limit, "requests are decided again"),
            _ => {}
        }
        Ok(if self.open { 0 } else { room })
    }
}

/// Whether it is open with `room` replies left of `limit`.
fn is_open(was_open: bool, room: u32, limit: u32) -> bool {
    let least = if was_open { (limit / PART).max(1) } else { 1 };
    room < least
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_at_the_limit_and_closes_with_a_tenth_of_it_free() {
        for (was_open, room, limit, open) in [
            (false, 100, 100, false),
            (false, 1, 100, false),
            (false, 0, 100, true),
            (true, 0, 100, true),
            (true, 9, 100, true),
            (true, 10, 100, false),
            (true, 0, 1, true),
            (true, 1, 1, false),
        ] {
            assert_eq!(
                is_open(was_open, room, limit),
                open,
                "{was_open} {room} {limit}"
            );
        }
    }
}
