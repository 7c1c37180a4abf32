//! The log: the durable record of every request, and the queue.
//!
//! In: mails as they arrive, decisions, results of deliveries. Out: what is to be done
//! next, and the record for people and programs. Never here: what a mail means, when
//! to try again.
//!
//! Every call that changes something is on disk (synchronous=FULL) when it returns;
//! calls that arrive together share one commit. Other processes may work on the same
//! file: whoever works on a request holds a lease on it.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use crate::answer::Answer;
use crate::mail::MessageId;
use crate::request::{Place, RequestId, State, Verdict};

/// Where requests are recorded (`[log]`).
#[derive(Debug, Clone)]
pub struct Config {
    /// the SQLite database file
    pub path: PathBuf,
    /// how long personal data is kept
    pub retention: Duration,
}

/// The log; a cheap handle.
#[derive(Debug, Clone)]
pub struct Log {}

/// A mail that has just been fetched.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// the id it gets if it is new
    pub id: RequestId,
    /// where it was found
    pub place: Place,
    /// the mail, or its header alone
    pub raw: Vec<u8>,
    /// the size of the whole mail in bytes
    pub size: u64,
    /// when it was fetched
    pub received_at: Timestamp,
}

/// How far a mailbox has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// UIDVALIDITY under which `next_uid` holds
    pub validity: u32,
    /// all mail below has been recorded or was read before the first start
    pub next_uid: u32,
}

/// Whose lease, and until when.
#[derive(Debug, Clone)]
pub struct Lease {
    /// the process that works on it
    pub owner: String,
    /// now
    pub now: Timestamp,
    /// when the lease ends by itself
    pub until: Timestamp,
}

/// A recorded mail that is to be answered; the attempt is booked.
#[derive(Debug, Clone)]
pub struct Undecided {
    /// the request
    pub id: RequestId,
    /// the mail, or its header alone
    pub raw: Vec<u8>,
    /// the size of the whole mail in bytes
    pub size: u64,
    /// when it was fetched
    pub received_at: Timestamp,
    /// how often it was begun, this time included: more than one means that the work was cut off
    pub attempts: u32,
}

/// What the log knows of a mail's sender and thread.
#[derive(Debug, Clone, Default)]
pub struct Background {
    /// replies to this address in the hour before
    pub replies: u32,
    /// documents to this address in the hour before
    pub documents: u32,
    /// an earlier request with the same Message-ID and content
    pub duplicate_of: Option<RequestId>,
    /// the newest question to this address in this thread that is still open: mail text and topics as stored by `decide`
    pub open: Option<OpenThread>,
}

/// An open question of a thread.
#[derive(Debug, Clone)]
pub struct OpenThread {
    /// the newly written text of the mail that raised it
    pub text: String,
    /// the topics that were asked about, in the contract's words
    pub asked: Vec<String>,
}

/// The header fields of a mail that the log keeps.
#[derive(Debug, Clone, Default)]
pub struct Headers {
    /// Message-ID
    pub message_id: Option<MessageId>,
    /// address of the author
    pub from: Option<String>,
    /// the one address a reply goes to
    pub reply_to: Option<String>,
    /// the subject
    pub subject: Option<String>,
    /// SHA-256 of the content
    pub fingerprint: String,
    /// the newly written text, kept while a question is open
    pub text: String,
}

/// A decided request.
#[derive(Debug)]
pub struct Decided {
    /// the request
    pub id: RequestId,
    /// the mail's header fields
    pub headers: Headers,
    /// the decision, documents and reply; `None` if the core failed on it: `error` says how
    pub answer: Option<Answer>,
    /// what went wrong, for people
    pub error: Option<String>,
    /// when it was decided
    pub at: Timestamp,
}

/// A reply that is due; the attempt is booked.
#[derive(Debug, Clone)]
pub struct Due {
    /// the request
    pub id: RequestId,
    /// the forward-path
    pub to: String,
    /// the reply's bytes
    pub bytes: Vec<u8>,
    /// deliveries tried of this reply, this one included
    pub attempts: u32,
    /// when the first was tried
    pub first_attempt_at: Timestamp,
}

/// What became of a delivery.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// the request
    pub id: RequestId,
    /// how it ended
    pub verdict: Verdict,
    /// the server's words
    pub response: String,
    /// when it ended
    pub at: Timestamp,
    /// when to try again; `None` with [`Verdict::TryAgain`] gives up
    pub next: Option<Timestamp>,
}

/// One request as `log list`, `show` and `export` give it.
#[derive(Debug, Clone, serde::Serialize)]
#[expect(
    missing_docs,
    reason = "the contract's names: what `log export --format jsonl` prints"
)]
pub struct Row {
    pub id: String,
    pub received_at: String,
    pub message_id: Option<String>,
    pub from: Option<String>,
    pub subject: Option<String>,
    pub decision: Option<String>,
    pub template: Option<String>,
    pub documents: Vec<RowDocument>,
    pub state: State,
    pub attempts: u32,
    pub answered_at: Option<String>,
    pub reply_message_id: Option<String>,
    pub error: Option<String>,
}

/// One document of a [`Row`].
#[derive(Debug, Clone, serde::Serialize)]
#[expect(missing_docs, reason = "the contract's names")]
pub struct RowDocument {
    pub kommune: String,
    pub beirat: String,
    pub rat: String,
    pub file: String,
    pub sha256: String,
}

/// Trouble with the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {}

impl Log {
    /// Opens or makes the database and brings its tables up to date.
    pub async fn open(config: &Config) -> Result<Self, Error> {
        let _ = config;
        todo!()
    }
    /// How far this mailbox was read; `None` before the first start.
    pub async fn progress(&self, mailbox: &str) -> Result<Option<Progress>, Error> {
        let _ = mailbox;
        todo!()
    }
    /// Which of these places are not recorded yet, in the order given.
    pub async fn unknown(&self, places: Vec<Place>) -> Result<Vec<Place>, Error> {
        let _ = places;
        todo!()
    }
    /// Records mails under their places, and the progress, in one transaction. A place that is known is left as it is.
    pub async fn receive(
        &self,
        mailbox: &str,
        arrivals: Vec<Arrival>,
        progress: Option<Progress>,
    ) -> Result<(), Error> {
        let _ = (mailbox, arrivals, progress);
        todo!()
    }
    /// Claims mails that are to be answered, oldest first, and books the attempt.
    pub async fn claim_undecided(
        &self,
        lease: &Lease,
        limit: u32,
    ) -> Result<Vec<Undecided>, Error> {
        let _ = (lease, limit);
        todo!()
    }
    /// What is known of the sender and thread of a claimed mail.
    pub async fn background(
        &self,
        id: &RequestId,
        headers: &Headers,
        references: &[MessageId],
        now: Timestamp,
    ) -> Result<Background, Error> {
        let _ = (id, headers, references, now);
        todo!()
    }
    /// Records decisions with documents and reply: `waiting`, `ignored` or `failed`; all in one transaction.
    pub async fn decide(&self, decided: Vec<Decided>) -> Result<(), Error> {
        let _ = decided;
        todo!()
    }
    /// Claims replies that are due, oldest first, and books the attempt.
    pub async fn claim_due(&self, lease: &Lease, limit: u32) -> Result<Vec<Due>, Error> {
        let _ = (lease, limit);
        todo!()
    }
    /// When the next reply will be due, if any waits and none is due.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, Error> {
        todo!()
    }
    /// Records results of deliveries; reply bytes and raw mail are dropped once a request has ended.
    pub async fn record(&self, deliveries: Vec<Delivery>) -> Result<(), Error> {
        let _ = deliveries;
        todo!()
    }
    /// Gives leases back, so that nobody has to wait for their end.
    pub async fn release(&self, owner: &str) -> Result<(), Error> {
        let _ = owner;
        todo!()
    }
    /// Places of this mailbox whose request has ended or waits for the mail server, and that are not set aside yet.
    pub async fn unsettled(&self, mailbox: &str, limit: u32) -> Result<Vec<Place>, Error> {
        let _ = (mailbox, limit);
        todo!()
    }
    /// Notes that these places have been set aside.
    pub async fn settled(&self, places: Vec<Place>) -> Result<(), Error> {
        let _ = places;
        todo!()
    }
    /// Requests, newest first.
    pub async fn list(&self, limit: u32) -> Result<Vec<Row>, Error> {
        let _ = limit;
        todo!()
    }
    /// One request, with its evidence and the history of its deliveries.
    pub async fn show(
        &self,
        id: &RequestId,
    ) -> Result<Option<(Row, Vec<String>, Vec<(String, String)>)>, Error> {
        let _ = id;
        todo!()
    }
    /// Waits until every change made so far is on disk, and closes the database.
    pub async fn close(self) {
        todo!()
    }
}
