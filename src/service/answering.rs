//! Answering: recorded mails become decisions with their replies, in batches that share
//! two commits: one books the beginnings, one records what came of them.
//!
//! A mail that the program did not survive must not take its batch along: what was cut off before
//! is taken up alone, after what is new.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use anyhow::Context;
use tokio::task::spawn_blocking;

use super::alarm::Cause;
use super::breaker::Breaker;
use super::signatures::Signatures;
use super::tally::Tally;
use super::{LOOK_ANYWAY, Shared, chain};
use crate::answer::{self, Answer, Circumstances, Knowledge};
use crate::clock;
use crate::log::{Background, Decided, Headers, Inquiry, Undecided};
use crate::mail::{self, Mail};
use crate::policy::{Recent, Signature};
use crate::request::{RequestId, cut_off_too_often};
use crate::understand::Earlier;

/// Mails answered together: enough to share commits, few enough that the first of a
/// large heap does not wait for the last.
const BATCH: u32 = 64;

/// Answers what is recorded until the service stops.
pub(super) async fn run(shared: Arc<Shared>) -> anyhow::Result<()> {
    let mut breaker = Breaker::new(&shared);
    let mut signatures = Signatures::default();
    let mut left = Left {
        // A predecessor may have been killed.
        cut_off: true,
        unfinished: false,
    };
    while !shared.stop.is_cancelled() {
        let round = answer_round(&shared, &mut left, &mut breaker, &mut signatures);
        let more = match round.await {
            Ok(more) => more,
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "requests cannot be answered for now"
                );
                left.unfinished = true;
                false
            }
        };
        if !more {
            shared
                .stop
                .run_until_cancelled(shared.recorded.wait(LOOK_ANYWAY))
                .await;
        }
    }
    Ok(())
}

/// What may be left of earlier rounds.
struct Left {
    /// mails the work on which was cut off: only before the start, for nothing cuts it off and lets the
    /// process live
    cut_off: bool,
    /// mails of a round that failed, because the log could not be written to
    unfinished: bool,
}

/// Answers new mails, and one that was cut off; returns whether there may be more.
async fn answer_round(
    shared: &Shared,
    left: &mut Left,
    breaker: &mut Breaker,
    signatures: &mut Signatures,
) -> anyhow::Result<bool> {
    if left.unfinished {
        shared.log.put_back(&shared.owner).await?;
        *left = Left {
            cut_off: true,
            unfinished: false,
        };
    }
    // Each request gets one reply at most, so that a batch never goes past the limit.
    let room = breaker.room(shared).await?.min(BATCH);
    if room == 0 {
        return Ok(false);
    }
    let new = shared.log.claim_undecided(&shared.lease(), room).await?;
    let more = !new.is_empty();
    let is_full = new.len() == room as usize;
    answer_batch(shared, signatures, new).await?;
    if left.cut_off && !is_full {
        let one = shared.log.claim_cut_off(&shared.lease()).await?;
        left.cut_off = !one.is_empty();
        answer_batch(shared, signatures, one).await?;
    }
    Ok(more || left.cut_off)
}

async fn answer_batch(
    shared: &Shared,
    signatures: &mut Signatures,
    claimed: Vec<Undecided>,
) -> anyhow::Result<()> {
    if claimed.is_empty() {
        return Ok(());
    }
    crate::halt::at(crate::halt::Point::Begun);
    let read = spawn_blocking(move || claimed.into_iter().map(Reading::new).collect::<Vec<_>>())
        .await
        .context("reading mail broke")?;
    let knowledge = Arc::clone(&shared.knowledge.borrow());
    let read = signatures.check(shared, &knowledge.rules, read).await?;
    let inquiries = read.iter().map(Reading::inquiry).collect();
    let backgrounds = shared.log.backgrounds(inquiries, clock::now()).await?;
    let decided = spawn_blocking(move || decide_all(read, backgrounds, &knowledge))
        .await
        .context("answering broke")?;
    crate::halt::at(crate::halt::Point::Answered);
    for request in &decided {
        announce(request);
    }
    let recorded = shared.log.decide(&shared.owner, decided).await?;
    crate::halt::at(crate::halt::Point::Decided);
    if !recorded.lost.is_empty() {
        tracing::warn!(
            requests = recorded.lost.len(),
            "another process took these requests over"
        );
    }
    for request in &recorded.bounced {
        tell_of_bounce(shared, request);
    }
    shared.decided.ring();
    shared.ended.ring();
    Ok(())
}

/// A claimed request with its mail read, or why it could not be.
pub(super) struct Reading {
    pub(super) request: Undecided,
    pub(super) mail: Result<Mail, String>,
    /// the mail's DKIM signatures, where the policy asks for them
    pub(super) signatures: Option<Vec<Signature>>,
    headers: Headers,
}

impl Reading {
    fn new(request: Undecided) -> Self {
        let mail = if cut_off_too_often(request.attempts) {
            Err("given up: the work on this mail was cut off again and again".to_owned())
        } else {
            crate::halt::poison(&request.raw);
            unbroken(|| mail::parse(&request.raw))
        };
        let headers = mail.as_ref().map(Headers::of).unwrap_or_default();
        Self {
            request,
            mail,
            signatures: None,
            headers,
        }
    }

    fn inquiry(&self) -> Inquiry {
        Inquiry {
            id: self.request.id.clone(),
            headers: self.headers.clone(),
            thread: self.mail.as_ref().map(Mail::thread).unwrap_or_default(),
        }
    }
}

/// Decides a batch in order. What a sender gets within the batch counts for the next mail of theirs.
fn decide_all(
    read: Vec<Reading>,
    backgrounds: Vec<Background>,
    knowledge: &Knowledge,
) -> Vec<Decided> {
    let mut tally = Tally::default();
    read.into_iter()
        .zip(backgrounds)
        .map(|(mut reading, background)| {
            let sender = reading.headers.reply_to.clone().unwrap_or_default();
            let recent = Recent {
                signatures: reading.signatures.take(),
                ..tally.recent(&sender, &background, reading.request.size)
            };
            let answer = decide(&reading, recent, background.earlier, knowledge);
            if let Ok(answer) = &answer {
                tally.count(&sender, answer);
            }
            let (answer, error) = match answer {
                Ok(answer) => (Some(answer), None),
                Err(error) => (None, Some(error)),
            };
            Decided {
                id: reading.request.id,
                headers: reading.headers,
                answer,
                error,
                at: clock::now(),
            }
        })
        .collect()
}

fn decide(
    reading: &Reading,
    recent: Recent,
    earlier: Option<Earlier>,
    knowledge: &Knowledge,
) -> Result<Answer, String> {
    let mail = reading.mail.as_ref().map_err(Clone::clone)?;
    let circumstances = Circumstances::new(
        reading.request.received_at,
        reading.request.id.clone(),
        &knowledge.bot,
        recent,
        earlier,
    );
    unbroken(|| answer::answer(mail, knowledge, &circumstances))?.map_err(|error| chain(&error))
}

/// Runs the core on one mail; a panic is that mail's failure and nobody else's.
fn unbroken<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let words = words_of(panic.as_ref());
        format!("the program broke on this mail ({words}); please report it with the mail")
    })
}

fn words_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}

/// The error itself may quote the mail: it stands in the log alone.
fn announce(request: &Decided) {
    let id = request.id.as_str();
    match &request.answer {
        Some(answer) => tracing::info!(
            request.id = id,
            decision = answer.decision.as_str(),
            documents = answer.documents.len(),
            "request decided"
        ),
        None => tracing::error!(request.id = id, "request failed, `log show` says why"),
    }
}

/// The recipient and the server's words stand in the log alone.
fn tell_of_bounce(shared: &Shared, request: &RequestId) {
    let id = request.as_str();
    tracing::error!(request.id = id, "reply came back, `log show` says why");
    let detail = format!("Die Antwort auf die Anfrage {id} kam als unzustellbar zurück.");
    shared.alarms.raise(Cause::RequestFailed, &detail);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_in_its_own_words() {
        let broken: Result<(), String> = unbroken(|| panic!("seven is not a colour"));
        assert!(broken.unwrap_err().contains("seven is not a colour"));
    }
}
