//! Alarms: what needs a person is told by mail, once an hour at most for one cause.
//!
//! The mail goes past the queue: the log may be what is broken. What was told is kept in
//! the log where that can be done, so that a daemon that is started again and again does
//! not tell it again and again.

mod ledger;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::bell::Bell;
use super::{Shared, trouble};
use crate::answer::{Alarm, Reply};
use crate::clock;
use crate::log::{Log, Told};
use crate::outbound::{Envelope, Error, Outbound};
use crate::request::{Verdict, next_attempt};
use ledger::Ledger;

pub(super) use crate::answer::Cause;

/// Pauses end and trouble gets old without anybody's ring.
const LOOK_ANYWAY: Duration = Duration::from_secs(5);
/// A log that was in trouble is tried this often.
const TRY_LOG: Duration = Duration::from_secs(30);

/// Who hears of trouble.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    ledger: Mutex<Ledger>,
    raised: Bell,
}

impl Alarms {
    /// Those an earlier process left in the log; none if they cannot be read.
    pub(super) async fn of(log: &Log) -> Self {
        let told = log.alarms().await.unwrap_or_else(|error| {
            tracing::warn!(error.kind = error.kind(), "what was told before is unknown");
            Vec::new()
        });
        Self {
            ledger: Mutex::new(Ledger::remembering(told)),
            raised: Bell::default(),
        }
    }

    /// Something is wrong, or still is; `detail` in German, for [`Cause::Reload`] a line each, without personal data: what looks
    /// like an address is left out. For [`Cause::RequestFailed`] it names the Aktenzeichen.
    pub(super) fn raise(&self, cause: Cause, detail: &str) {
        let lines: Vec<String> = detail.lines().map(without_addresses).collect();
        self.ledger().raise(cause, &lines.join("\n"), clock::now());
        self.raised.ring();
    }

    /// It is well again, or still is.
    pub(super) fn clear(&self, cause: Cause) {
        self.ledger().clear(cause, clock::now());
        self.raised.ring();
    }

    /// What is wrong at this moment: the cause, since when, and the first line about it.
    pub(super) fn open(&self) -> Vec<(Cause, Timestamp, String)> {
        self.ledger().open()
    }

    /// Has the log hold what the next process has to know; a log in trouble does without.
    pub(super) async fn keep(&self, log: &Log) {
        let told = self.ledger().to_remember();
        if let Err(error) = log.keep_alarms(told).await {
            tracing::warn!(error.kind = error.kind(), "what was told is not in the log");
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The words of a text without those that may be addresses.
pub(super) fn without_addresses(text: &str) -> String {
    let words = text.split_whitespace();
    let words = words.map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// Tells what is to be told until the service stops.
pub(super) async fn run(shared: Arc<Shared>) -> anyhow::Result<()> {
    let mut desk = Desk::new(&shared);
    while !shared.stop.is_cancelled() {
        desk.keep().await;
        shared.stop.run_until_cancelled(desk.tell()).await;
        desk.keep().await;
        shared
            .stop
            .run_until_cancelled(shared.alarms.raised.wait(LOOK_ANYWAY))
            .await;
    }
    Ok(())
}

/// Where mails to the administrator are written.
struct Desk<'a> {
    shared: &'a Shared,
    outbound: Outbound,
    /// what the log holds
    kept: Vec<Told>,
    /// when the log was last tried
    tried: Option<Timestamp>,
    /// a mail of which nobody knows whether it was taken: the same goes once more
    doubtful: Option<(Alarm, Reply)>,
    attempts: u32,
    first_attempt: Timestamp,
    next_attempt: Option<Timestamp>,
}

impl<'a> Desk<'a> {
    fn new(shared: &'a Shared) -> Self {
        Self {
            shared,
            outbound: Outbound::new(&shared.config.outbound),
            kept: shared.alarms.ledger().to_remember(),
            tried: None,
            doubtful: None,
            attempts: 0,
            first_attempt: clock::now(),
            next_attempt: None,
        }
    }

    /// Has the log hold what was told; where the log was in trouble, that shows whether it still is.
    async fn keep(&mut self) {
        let alarms = &self.shared.alarms;
        let now = clock::now();
        let (told, in_trouble) = {
            let ledger = alarms.ledger();
            (ledger.to_remember(), ledger.is_open(Cause::Log))
        };
        let tried_lately = |at: Timestamp| now.duration_since(at).unsigned_abs() < TRY_LOG;
        if in_trouble && self.tried.is_some_and(tried_lately) || !in_trouble && told == self.kept {
            return;
        }
        self.tried = Some(now);
        match self.shared.log.keep_alarms(told.clone()).await {
            Ok(()) => {
                self.kept = told;
                alarms.ledger().clear(Cause::Log, now);
            }
            Err(error) => {
                tracing::debug!(error.kind = error.kind(), "what was told is not in the log");
                let detail = trouble::words(error.kind());
                alarms.ledger().raise(Cause::Log, detail, now);
            }
        }
    }

    /// Sends at most one mail, if one is due and the mail server is not being left in peace.
    async fn tell(&mut self) {
        let now = clock::now();
        let too_early = |at: Timestamp| now < at && now >= self.first_attempt;
        let knowledge = Arc::clone(&self.shared.knowledge.borrow());
        let Some(to) = knowledge.admin.as_deref() else {
            return;
        };
        if self.next_attempt.is_some_and(too_early) {
            return;
        }
        let (alarm, reply) = match self.doubtful.take() {
            Some(doubtful) => doubtful,
            None => {
                let Some(alarm) = self.shared.alarms.ledger().due(now) else {
                    return;
                };
                let id = clock::request_id();
                match alarm.mail(&knowledge, to, id.as_str(), now) {
                    Ok(reply) => (alarm, reply),
                    Err(_) => {
                        tracing::error!(
                            alarm.cause = alarm.cause.word(),
                            error.kind = "text",
                            "the administrator cannot be written to"
                        );
                        self.shared.alarms.ledger().book(&alarm, now);
                        self.shared.alarms.ledger().told(&alarm);
                        return;
                    }
                }
            }
        };
        let before = self.shared.alarms.ledger().book(&alarm, now);
        self.keep().await;
        if self.attempts == 0 {
            self.first_attempt = now;
        }
        self.attempts = self.attempts.saturating_add(1);
        let envelope = Envelope {
            from: knowledge.bot.email.clone(),
            to: reply.to.clone(),
        };
        let sent = self.outbound.send(&envelope, &reply.bytes).await;
        self.outbound.close().await;
        self.note(alarm, reply, before, sent.err());
    }

    /// Takes up how a mail fared.
    fn note(
        &mut self,
        alarm: Alarm,
        reply: Reply,
        before: Option<Timestamp>,
        error: Option<Error>,
    ) {
        let mut ledger = self.shared.alarms.ledger();
        let (cause, attempt) = (alarm.cause.word(), self.attempts);
        match error {
            None => tracing::info!(
                alarm.cause = cause,
                alarm.well = alarm.well,
                attempt,
                "administrator told"
            ),
            Some(error) if error.verdict() != Verdict::GiveUp => {
                tracing::warn!(
                    alarm.cause = cause,
                    attempt,
                    error.kind = error.kind(),
                    "administrator not told yet, trying again"
                );
                let now = clock::now();
                let (first, chance) = (self.first_attempt, clock::chance());
                self.next_attempt = next_attempt(attempt, first, now, Duration::MAX, chance);
                if error.verdict() == Verdict::Unknown {
                    self.doubtful = Some((alarm, reply));
                } else {
                    ledger.unbook(&alarm, before);
                }
                return;
            }
            Some(error) => tracing::error!(
                alarm.cause = cause,
                attempt,
                error.kind = error.kind(),
                "mail to admin.address refused: the administrator is not told"
            ),
        }
        ledger.told(&alarm);
        self.attempts = 0;
        self.next_attempt = None;
    }
}

#[cfg(test)]
mod tests;
