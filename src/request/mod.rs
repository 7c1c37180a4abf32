//! The life of a request, as a function.
//!
//! In: the state it is in and what happened. Out: the next state and what is to be
//! done. Never here: doing it.

use jiff::Timestamp;

/// The name of a request in the log and towards people: a ULID, sortable by time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(String);

impl RequestId {
    /// Reads an id; `None` unless it is a ULID (26 letters and digits).
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 26).then(|| {
            ulid::Ulid::from_string(text)
                .ok()
                .map(|id| Self(id.to_string()))
        })?
    }

    /// The letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<ulid::Ulid> for RequestId {
    fn from(id: ulid::Ulid) -> Self {
        Self(id.to_string())
    }
}

/// Where a mail was found: the key under which it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// which mailbox: "imap:host/user/folder", "maildir:path", "deliver"
    pub mailbox: String,
    /// UIDVALIDITY (RFC 3501 2.3.1.1); 0 where names are never used again
    pub validity: u32,
    /// UID in decimal, or the unique name of a Maildir file without its flags
    pub name: String,
}

/// How far a request has come; the contract's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// recorded, not yet decided
    Received,
    /// decided; its reply is queued or is being retried
    Waiting,
    /// its reply was accepted by the mail server
    Answered,
    /// given up
    Failed,
    /// nothing is sent
    Ignored,
}

/// What became of one attempt to deliver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// accepted
    Accepted,
    /// refused for now or not reached: try again
    TryAgain,
    /// refused for good
    GiveUp,
}

/// When the next attempt is due after `attempts` tries, the first of them at `first`;
/// `None` once `max_age` is over. `chance` in 0..1 is the jitter.
pub fn next_attempt(
    attempts: u32,
    first: Timestamp,
    now: Timestamp,
    max_age: std::time::Duration,
    chance: f64,
) -> Option<Timestamp> {
    let _ = (attempts, first, now, max_age, chance);
    todo!()
}
