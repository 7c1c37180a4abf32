//! Answering: recorded mails become decisions with their replies, in batches that share
//! two commits: one books the beginnings, one records what came of them.
//!
//! A mail that the program did not survive must not take its batch along: what was cut off before
//! is taken up alone, after what is new.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use anyhow::Context;
use tokio::task::spawn_blocking;

use super::alarm::Cause;
use super::{LOOK_ANYWAY, Shared, chain, trouble};
use crate::answer::{self, Answer, Circumstances, Knowledge};
use crate::clock;
use crate::log::{Background, Decided, Headers, Inquiry, Undecided};
use crate::mail::{self, Mail};
use crate::policy::Recent;
use crate::request::{RequestId, cut_off_too_often};
use crate::understand::Earlier;

/// Mails answered together: enough to share commits, few enough that the first of a
/// large heap does not wait for the last.
const BATCH: u32 = 64;

/// Answers what is recorded until the service stops.
pub(super) async fn run(shared: Arc<Shared>) -> anyhow::Result<()> {
    let mut left = Left {
        // A predecessor may have been killed.
        cut_off: true,
        unfinished: false,
    };
    while !shared.stop.is_cancelled() {
        let more = match answer_round(&shared, &mut left).await {
            Ok(more) => more,
            Err(error) => {
                trouble::tell_of_log(&shared.alarms, &error);
                tracing::error!(
                    error.kind = trouble::kind(&error),
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
async fn answer_round(shared: &Shared, left: &mut Left) -> anyhow::Result<bool> {
    if left.unfinished {
        shared.log.put_back(&shared.owner).await?;
        *left = Left {
            cut_off: true,
            unfinished: false,
        };
    }
    let new = shared.log.claim_undecided(&shared.lease(), BATCH).await?;
    let more = !new.is_empty();
    answer_batch(shared, new).await?;
    if left.cut_off {
        let one = shared.log.claim_cut_off(&shared.lease()).await?;
        left.cut_off = !one.is_empty();
        answer_batch(shared, one).await?;
    }
    Ok(more || left.cut_off)
}

async fn answer_batch(shared: &Shared, claimed: Vec<Undecided>) -> anyhow::Result<()> {
    if claimed.is_empty() {
        return Ok(());
    }
    crate::halt::at(crate::halt::Point::Begun);
    let read = spawn_blocking(move || claimed.into_iter().map(Reading::new).collect::<Vec<_>>())
        .await
        .context("reading mail broke")?;
    let inquiries = read.iter().map(Reading::inquiry).collect();
    let backgrounds = shared.log.backgrounds(inquiries).await?;
    let knowledge = Arc::clone(&shared.knowledge.borrow());
    let decided = spawn_blocking(move || decide_all(read, backgrounds, &knowledge))
        .await
        .context("answering broke")?;
    crate::halt::at(crate::halt::Point::Answered);
    for request in &decided {
        announce(shared, request);
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
struct Reading {
    request: Undecided,
    mail: Result<Mail, String>,
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
            headers,
        }
    }

    fn inquiry(&self) -> Inquiry {
        Inquiry {
            id: self.request.id.clone(),
            headers: self.headers.clone(),
            thread: self.mail.as_ref().map(Mail::thread).unwrap_or_default(),
            received_at: self.request.received_at,
        }
    }
}

/// Decides a batch in order. What one sender gets within the batch counts for the next mail of theirs.
fn decide_all(
    read: Vec<Reading>,
    backgrounds: Vec<Background>,
    knowledge: &Knowledge,
) -> Vec<Decided> {
    let mut tally: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    read.into_iter()
        .zip(backgrounds)
        .map(|(reading, background)| {
            let sender = reading.headers.reply_to.clone().unwrap_or_default();
            let (replies, documents) = tally.entry(sender.to_lowercase()).or_default();
            let recent = Recent {
                replies: background.replies + *replies,
                documents: background.documents + *documents,
                duplicate: background.duplicate_of.is_some(),
                size: reading.request.size,
            };
            let answer = decide(&reading, recent, background.earlier, knowledge);
            if let Ok(answer) = &answer {
                *replies += u32::from(answer.reply.is_some());
                *documents += u32::try_from(answer.documents.len()).unwrap_or(u32::MAX);
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
fn announce(shared: &Shared, request: &Decided) {
    let id = request.id.as_str();
    match &request.answer {
        Some(answer) => tracing::info!(
            request.id = id,
            decision = answer.decision.as_str(),
            documents = answer.documents.len(),
            "request decided"
        ),
        None => {
            let detail = format!("Die Anfrage {id} konnte nicht bearbeitet werden.");
            shared.alarms.raise(Cause::RequestFailed, &detail);
            tracing::error!(
                request.id = id,
                error.kind = "broken",
                "request failed, `log show` says why"
            );
        }
    }
}

/// The recipient and the server's words stand in the log alone.
fn tell_of_bounce(shared: &Shared, request: &RequestId) {
    let id = request.as_str();
    tracing::error!(
        request.id = id,
        error.kind = "bounce",
        "reply came back, `log show` says why"
    );
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
