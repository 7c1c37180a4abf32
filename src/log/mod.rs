//! The log: the durable record of every request, and the queue.
//!
//! In: mails as they arrive, decisions, results of deliveries. Out: what is to be done
//! next, and the record for people and programs. Never here: what a mail means, when
//! to try again.
//!
//! Every call that changes something is on disk (synchronous=FULL) when it returns;
//! calls that arrive together share one commit. Other processes may work on the same
//! file: whoever works on a request holds a lease on it.
//!
//! | what | where |
//! | --- | --- |
//! | a request's way: it arrives, is decided, leaves, perhaps comes back | `intake`, `decide`, `traffic`, `defer`, `queue`, `delivery`, `report` |
//! | what people and programs see of it | `record`, `figures`, `day` |
//! | one person: what is known of her, and its end | `person`, `mentions`, `dossier`, `erase` |
//! | the file: made, written, held, looked at | `open`, `writer`, `hold`, `presence`, `identity`, `survey`, `error` |
//! | what outlives a restart beside the requests | `alarms`, `checked` |

mod alarms;
mod checked;
mod day;
mod decide;
mod defer;
mod delivery;
mod dossier;
mod erase;
mod error;
mod figures;
mod hold;
mod identity;
mod intake;
mod mentions;
mod open;
mod person;
mod presence;
mod queue;
mod record;
mod report;
mod survey;
#[cfg(test)]
mod tests;
mod traffic;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use sqlx::{SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use crate::answer::Answer;
use crate::mail::{Address, Mail, MessageId};
use crate::request::{Place, RequestId, State, Verdict};
use crate::understand::Earlier;

pub use alarms::Told;
pub use checked::{Checked, TakenUp};
pub use day::Day;
pub use defer::Deferred;
pub use dossier::Dossier;
pub use erase::Forgotten;
pub use error::Error;
pub use figures::Figures;
pub use hold::Hold;
pub use identity::Stretch;
pub use record::Stats;
pub use survey::{Survey, survey};

/// Where requests are recorded (`[log]`).
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// the SQLite database file
    pub path: PathBuf,
    /// how long personal data is kept
    pub retention: Duration,
}

/// The log; a cheap handle.
#[derive(Debug, Clone)]
pub struct Log {
    path: Arc<Path>,
    writer: mpsc::Sender<writer::Task>,
    readers: SqlitePool,
}

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
    /// when the service first saw this mailbox: mail that was read before is left alone
    pub since: Timestamp,
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

/// A recorded mail that is to be answered.
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
    /// how often the program died on it
    pub deaths: u32,
}

/// Rows written with one statement; SQLite takes 32,766 values at once.
const ROWS: usize = 500;

/// A claimed mail whose sender and thread are asked about.
#[derive(Debug, Clone)]
pub struct Inquiry {
    /// the request
    pub id: RequestId,
    /// the mail's header fields
    pub headers: Headers,
    /// the ids of the mails it answers
    pub thread: Vec<MessageId>,
}

/// What the log knows of a mail's sender and thread.
#[derive(Debug, Clone, Default)]
pub struct Background {
    /// replies to this address in the hour before
    pub replies: u32,
    /// documents to this address in the hour before
    pub documents: u32,
    /// replies to this address in the day before, since the last one with a document
    pub fruitless: u32,
    /// replies to this address's domain in the hour before
    pub domain_replies: u32,
    /// whether one of them said that a limit was reached
    pub domain_told: bool,
    /// an earlier request with the same Message-ID and content
    pub duplicate_of: Option<RequestId>,
    /// what the newest reply to this address in this thread left
    pub earlier: Option<Earlier>,
    /// an earlier mail of this thread that waits for a motion, and for which
    pub behind: Option<(RequestId, String)>,
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
}

impl Headers {
    /// Those of a mail.
    pub fn of(mail: &Mail) -> Self {
        let email = |address: &Address| address.email.clone();
        Self {
            message_id: mail.message_id.clone(),
            from: mail.from.as_ref().map(email),
            reply_to: mail.reply_address().map(email),
            subject: mail.subject.clone(),
            fingerprint: mail.fingerprint.clone(),
        }
    }
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

/// What became of decisions that were to be recorded.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// the requests whose lease was lost: nothing was recorded of them, somebody else answers them
    pub lost: Vec<RequestId>,
    /// earlier requests that failed now: their replies came back
    pub bounced: Vec<RequestId>,
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
    /// why nothing else was decided; no field of the export
    #[serde(skip)]
    pub reason: Option<String>,
}

/// All about one request.
#[derive(Debug, Clone)]
pub struct History {
    /// the request
    pub row: Row,
    /// what decided
    pub evidence: Vec<String>,
    /// when each delivery ended, and how
    pub deliveries: Vec<(String, String)>,
    /// the ids of its thread's other requests, oldest first
    pub thread: Vec<String>,
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

impl Log {
    /// Opens or makes the database and brings its tables up to date.
    pub async fn open(config: &Config) -> Result<Self, Error> {
        let (connection, readers) = open::open(&config.path).await?;
        let path: Arc<Path> = config.path.as_path().into();
        let (writer, tasks) = mpsc::channel(writer::QUEUE);
        let work = writer::run(connection, tasks, Arc::clone(&path));
        #[expect(
            clippy::disallowed_methods,
            reason = "the log's one writer outlives any single call; it ends with `close` or the last handle"
        )]
        tokio::spawn(work);
        Ok(Self {
            path,
            writer,
            readers,
        })
    }

    /// Waits until every change made so far is on disk, and closes the database, also for other handles.
    pub async fn close(self) {
        self.readers.close().await;
        let (caller, closed) = oneshot::channel();
        if self.writer.send(writer::Task::Close(caller)).await.is_ok() {
            let _ = closed.await;
        }
    }

    async fn change<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, sqlx::Result<T>>
            + Send
            + 'static,
    {
        writer::change(&self.writer, &self.path, work).await
    }

    fn error(&self, error: sqlx::Error) -> Error {
        Error::new(&self.path, &error)
    }
}

/// A time as it is stored: fixed width, so that the order of texts is the order of times.
fn stamp(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// Reads what [`stamp`] wrote.
fn time(text: &str) -> sqlx::Result<Timestamp> {
    text.parse()
        .map_err(|error: jiff::Error| sqlx::Error::Decode(error.into()))
}

/// Reads an id.
fn id(text: &str) -> sqlx::Result<RequestId> {
    RequestId::parse(text).ok_or_else(|| sqlx::Error::Decode(format!("{text:?} is no id").into()))
}

/// A list for `json_each`.
fn json<T: serde::Serialize>(values: &T) -> sqlx::Result<String> {
    serde_json::to_string(values).map_err(|error| sqlx::Error::Encode(error.into()))
}
