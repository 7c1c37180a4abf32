//! Answering: recorded mails become decisions with their replies, in batches that share
//! two commits: one claims them, one records what came of them.
//!
//! A mail that the program does not survive must not take its batch along for ever: it is noted
//! which one is worked on, and on which the program died is taken up alone, after all others.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use prometheus_client::metrics::histogram::Histogram;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use super::ailing::Health;
use super::alarm::Cause;
use super::breaker::Breaker;
use super::deferral::{self, PAUSE, Unsound};
use super::pause::Pause;
use super::pulse::{Pulse, Stage, USUAL};
use super::signatures::Signatures;
use super::tally::Tally;
use super::{LOOK_ANYWAY, Shared, chain, trouble};
use crate::answer::{self, Answer, Circumstances, Decision, Knowledge};
use crate::clock;
use crate::log::{Background, Decided, Deferred, Headers, Hold, Inquiry, Undecided};
use crate::mail::{self, Mail};
use crate::policy::{Recent, Signature};
use crate::request::{RequestId, State, is_fatal};
use crate::template::TemplateId;
use crate::understand::Earlier;

/// Mails answered together: enough to share commits, few enough that the first of a
/// large heap does not wait for the last.
const BATCH: u32 = 64;

/// Replies that are held in memory together, in bytes, and the one that goes beyond: a list of 500 gets
/// up to 22 MB, and while it is made and recorded takes four times as much.
const REPLIES: usize = 16 << 20;

/// Answers what is recorded until the service stops.
pub(super) async fn run(shared: Arc<Shared>, hold: Arc<Hold>) -> anyhow::Result<()> {
    let notes = Notes {
        hold,
        pulse: Arc::clone(&shared.pulse),
    };
    let mut desk = Desk {
        notes,
        breaker: Breaker::new(&shared),
        signatures: Signatures::default(),
        unsound: Unsound::default(),
    };
    let mut left = Left {
        // A predecessor may have died.
        fatal: true,
        unfinished: false,
    };
    let mut health = Health::of("decisions");
    while !shared.stop.is_cancelled() {
        let more = match answer_round(&shared, &mut desk, &mut left).await {
            Ok(more) => {
                shared.pulse.well(Stage::Answering);
                health.well(&shared);
                more
            }
            Err(error) => {
                left.unfinished = true;
                recover(&shared, &mut health, error).await?
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

/// Says so, and waits if it is the log's; returns whether it is time for another round.
async fn recover(
    shared: &Shared,
    health: &mut Health,
    error: anyhow::Error,
) -> anyhow::Result<bool> {
    let kind = trouble::kind(&error);
    shared.pulse.ill(Stage::Answering, kind, Pause::SHORT);
    match error.downcast() {
        Ok(error) => {
            health.ill(shared, error).await?;
            Ok(true)
        }
        Err(_) => {
            tracing::error!(error.kind = kind, "requests cannot be answered for now");
            Ok(false)
        }
    }
}

/// What may be left of earlier rounds.
struct Left {
    /// mails on which the program died: only before the start, for it does not live on
    fatal: bool,
    /// claimed mails of a round that failed, for the log could not be written to
    unfinished: bool,
}

/// On which mail is worked: for the successor, should the program die on it, and as a sign of life.
#[derive(Clone)]
struct Notes {
    hold: Arc<Hold>,
    pulse: Arc<Pulse>,
}

impl Notes {
    fn begin(&self, request: &RequestId) {
        self.hold.note(Some(request));
        self.pulse.alive(Stage::Answering, USUAL);
    }

    fn end(&self) {
        self.hold.note(None);
        self.pulse.alive(Stage::Answering, USUAL);
    }
}

/// What answering works with, from round to round.
struct Desk {
    notes: Notes,
    breaker: Breaker,
    signatures: Signatures,
    unsound: Unsound,
}

/// Answers mails, and one of those on which the program died; returns whether there may be more.
async fn answer_round(shared: &Shared, desk: &mut Desk, left: &mut Left) -> anyhow::Result<bool> {
    if left.unfinished {
        shared.log.put_back(&shared.owner).await?;
        left.fatal = true;
        left.unfinished = false;
    }
    // Each request gets one reply at most, so that a batch never goes past the limit.
    let room = desk.breaker.room(shared).await?.min(BATCH);
    if room == 0 {
        return Ok(false);
    }
    let claimed = shared.log.claim_undecided(&shared.lease(), room).await?;
    let more = !claimed.is_empty();
    answer_batch(shared, desk, claimed).await?;
    if left.fatal && !more {
        let one = shared.log.claim_fatal(&shared.lease()).await?;
        left.fatal = !one.is_empty();
        answer_batch(shared, desk, one).await?;
    }
    Ok(more || left.fatal)
}

async fn answer_batch(
    shared: &Shared,
    desk: &mut Desk,
    claimed: Vec<Undecided>,
) -> anyhow::Result<()> {
    if claimed.is_empty() {
        return Ok(());
    }
    crate::halt::at(crate::halt::Point::Begun);
    let knowledge = Arc::clone(&shared.knowledge.borrow());
    let (known, notes) = (Arc::clone(&knowledge), desk.notes.clone());
    let read = spawn_blocking(move || read_all(claimed, &known, &notes))
        .await
        .context("reading mail broke")?;
    let read = desk
        .signatures
        .check(shared, &knowledge.rules, read)
        .await?;
    let readings = read.len();
    let inquiries = read.iter().map(Reading::inquiry).collect();
    let backgrounds = shared.log.backgrounds(inquiries, clock::now()).await?;
    let (known, notes) = (Arc::clone(&knowledge), desk.notes.clone());
    let took = shared.meters.deciding.clone();
    let batch = spawn_blocking(move || decide_all(read, backgrounds, &known, &notes, &took));
    let Batch { decided, deferred } = batch.await.context("answering broke")?;
    crate::halt::at(crate::halt::Point::Answered);
    let outcomes: Vec<_> = decided.iter().map(Outcome::of).collect();
    let recorded = shared.log.decide(&shared.owner, decided).await?;
    crate::halt::at(crate::halt::Point::Decided);
    let is_cut = outcomes.len() + deferred.len() < readings;
    let waits = !deferred.is_empty();
    desk.unsound.defer(shared, deferred).await?;
    if is_cut {
        shared.log.put_back(&shared.owner).await?;
    }
    if waits && !Arc::ptr_eq(&knowledge, &shared.knowledge.borrow()) {
        // The motion may have become sound meanwhile.
        deferral::recall(shared).await;
    }
    for outcome in &outcomes {
        if recorded.lost.contains(&outcome.id) {
            tracing::warn!(
                request.id = outcome.id.as_str(),
                error.kind = "lease",
                "decision dropped"
            );
        } else {
            outcome.announce(shared);
        }
    }
    for request in &recorded.bounced {
        tell_of_bounce(shared, request);
    }
    shared.decided.ring();
    shared.ended.ring();
    Ok(())
}

fn read_all(claimed: Vec<Undecided>, knowledge: &Knowledge, notes: &Notes) -> Vec<Reading> {
    let read = claimed.into_iter().map(|request| {
        notes.begin(&request.id);
        Reading::new(request, knowledge)
    });
    let read = read.collect();
    notes.end();
    read
}

/// A claimed request with its mail read, or why it could not be.
pub(super) struct Reading {
    pub(super) request: Undecided,
    pub(super) mail: Result<Mail, String>,
    /// the mail's DKIM signatures, where the policy asks for them
    pub(super) signatures: Option<Vec<Signature>>,
    headers: Headers,
    /// how long it took to read
    took: Duration,
}

impl Reading {
    fn new(request: Undecided, knowledge: &Knowledge) -> Self {
        let began = Instant::now();
        let mail = if is_fatal(request.deaths) {
            Err("given up: the program died on this mail again and again".to_owned())
        } else {
            crate::halt::poison(&request.raw);
            unbroken(|| mail::parse(&request.raw))
        };
        let headers = mail.as_ref().map_or_else(
            |_| Headers::default(),
            |mail| Headers {
                reply_to: answer::recipient(mail, knowledge).map(|to| to.email),
                ..Headers::of(mail)
            },
        );
        Self {
            request,
            mail,
            signatures: None,
            headers,
            took: began.elapsed(),
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

/// What came of a batch.
#[derive(Default)]
struct Batch {
    decided: Vec<Decided>,
    /// they wait for motions that are not sound
    deferred: Vec<Deferred>,
}

impl Batch {
    /// Puts a mail off until its motion is sound, or the pause is over.
    fn defer(&mut self, id: RequestId, motion: String, pause: SignedDuration) {
        self.deferred.push(Deferred {
            id,
            until: clock::now().saturating_add(pause).unwrap_or(Timestamp::MAX),
            motion: Some(motion),
        });
    }

    /// Puts a mail off until an earlier one of its thread is decided, which waits for this motion.
    fn defer_behind(&mut self, id: RequestId, earlier: &RequestId, motion: String) {
        let is_decided = self.decided.iter().any(|decided| decided.id == *earlier);
        // What it left is known from the next round on.
        let pause = if is_decided {
            SignedDuration::ZERO
        } else {
            PAUSE
        };
        self.defer(id, motion, pause);
    }
}

/// Why a mail is not decided.
enum Undecidable {
    /// the motion that it asks for is not sound
    Unsound(TemplateId),
    /// the program failed on it
    Broken(String),
}

/// Decides a batch in order, as far as the replies fit into memory together. What a sender gets within
/// the batch counts for the next mail of theirs.
fn decide_all(
    read: Vec<Reading>,
    backgrounds: Vec<Background>,
    knowledge: &Knowledge,
    notes: &Notes,
    took: &Histogram,
) -> Batch {
    let mut tally = Tally::default();
    let mut batch = Batch::default();
    let mut bytes = 0;
    for (mut reading, background) in read.into_iter().zip(backgrounds) {
        if bytes >= REPLIES {
            break;
        }
        if let Some((earlier, motion)) = background.behind {
            batch.defer_behind(reading.request.id, &earlier, motion);
            continue;
        }
        notes.begin(&reading.request.id);
        let began = Instant::now();
        let sender = reading.headers.reply_to.clone().unwrap_or_default();
        let recent = Recent {
            signatures: reading.signatures.take(),
            ..tally.recent(&sender, &background, reading.request.size)
        };
        let answer = decide(&reading, recent, background.earlier, knowledge);
        if let Ok(answer) = &answer {
            tally.count(&sender, answer);
            bytes += answer.reply.as_ref().map_or(0, |reply| reply.bytes.len());
        }
        took.observe((reading.took + began.elapsed()).as_secs_f64());
        let (answer, error) = match answer {
            Ok(answer) => (Some(answer), None),
            Err(Undecidable::Broken(error)) => (None, Some(error)),
            Err(Undecidable::Unsound(motion)) => {
                batch.defer(reading.request.id, motion.as_str().to_owned(), PAUSE);
                continue;
            }
        };
        batch.decided.push(Decided {
            id: reading.request.id,
            headers: reading.headers,
            answer,
            error,
            at: clock::now(),
        });
    }
    notes.end();
    batch
}

fn decide(
    reading: &Reading,
    recent: Recent,
    earlier: Option<Earlier>,
    knowledge: &Knowledge,
) -> Result<Answer, Undecidable> {
    let mail = (reading.mail.as_ref()).map_err(|error| Undecidable::Broken(error.clone()))?;
    let circumstances = Circumstances::new(
        reading.request.received_at,
        reading.request.id.clone(),
        &knowledge.bot,
        recent,
        earlier,
    );
    let answered = unbroken(|| answer::answer(mail, knowledge, &circumstances));
    answered
        .map_err(Undecidable::Broken)?
        .map_err(|error| match error {
            answer::Error::Unsound { template } => Undecidable::Unsound(template),
            error => Undecidable::Broken(chain(&error)),
        })
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

/// What is told of a decision. An error may quote the mail: it stands in the log alone.
struct Outcome {
    id: RequestId,
    state: State,
    decision: &'static str,
    reason: Option<&'static str>,
    documents: usize,
}

impl Outcome {
    fn of(request: &Decided) -> Self {
        let answer = request.answer.as_ref();
        let decision = answer.map(|answer| &answer.decision);
        Self {
            id: request.id.clone(),
            state: match answer.map(|answer| &answer.reply) {
                Some(Some(_)) => State::Waiting,
                Some(None) => State::Ignored,
                None => State::Failed,
            },
            decision: decision.map_or("", Decision::as_str),
            reason: decision.and_then(Decision::reason),
            documents: answer.map_or(0, |answer| answer.documents.len()),
        }
    }

    fn announce(&self, shared: &Shared) {
        let id = self.id.as_str();
        if self.state == State::Failed {
            let detail = format!("Die Anfrage {id} konnte nicht bearbeitet werden.");
            shared.alarms.raise(Cause::RequestFailed, &detail);
            tracing::error!(
                request.id = id,
                request.state = self.state.word(),
                error.kind = "broken",
                "request given up"
            );
        } else {
            tracing::info!(
                request.id = id,
                request.state = self.state.word(),
                request.decision = self.decision,
                request.reason = self.reason,
                documents = self.documents,
                "request decided"
            );
        }
    }
}

/// The recipient and the server's words stand in the log alone.
fn tell_of_bounce(shared: &Shared, request: &RequestId) {
    let id = request.as_str();
    tracing::error!(
        request.id = id,
        request.state = State::Failed.word(),
        error.kind = "bounce",
        "reply came back"
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
