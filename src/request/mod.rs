//! The life of a request, as a function.
//!
//! In: the state it is in and what happened. Out: the next state, and when to try
//! again. Never here: doing it.
//!
//! ```text
//! received ─┬─► waiting ─┬─► answered
//!           ├─► ignored  │      │ bounced
//!           └─► failed ◄─┴──────┘   retried: failed ─► waiting, or received if there is no reply
//! ```

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

#[cfg(test)]
mod tests;

/// How often the program may die on a mail before the mail is given up: one time and another may be bad luck
/// (a restart, somebody else's full memory), four times it is the mail.
const MOST_DEATHS: u32 = 3;

/// The longest pause before the first retry.
const FIRST_PAUSE: Duration = Duration::from_secs(30);

/// No pause is shorter, jitter apart.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause of all: an attempt planned farther ahead was planned by a clock that
/// has been set back since.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// How often a reply is tried at the least, whatever the clock says.
const FEWEST_ATTEMPTS: u32 = 3;

/// The name of a request in the log and towards people: a ULID, sortable by time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(String);

impl RequestId {
    /// Reads an id; `None` unless it is a ULID (26 letters and digits).
    pub fn parse(text: &str) -> Option<Self> {
        ulid::Ulid::from_string(text).ok().map(Self::from)
    }

    /// The letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// When it was given, which is when its mail arrived: to the millisecond.
    pub fn given_at(&self) -> Timestamp {
        let millisecond = ulid::Ulid::from_string(&self.0).map_or(0, |id| id.timestamp_ms());
        i64::try_from(millisecond)
            .ok()
            .and_then(|millisecond| Timestamp::from_millisecond(millisecond).ok())
            .unwrap_or(Timestamp::UNIX_EPOCH)
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
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

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Received,
        Self::Waiting,
        Self::Answered,
        Self::Failed,
        Self::Ignored,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Waiting => "waiting",
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::Ignored => "ignored",
        }
    }

    /// Reads a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// As people are told: who asked waits for the decision as well as for the reply.
    pub fn for_people(self) -> Self {
        match self {
            Self::Received => Self::Waiting,
            state => state,
        }
    }
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
    /// cut off or timed out after the mail itself had begun: it may have been taken, or not.
    /// It is tried again, by the same Message-ID
    Unknown,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Accepted, Self::TryAgain, Self::GiveUp, Self::Unknown];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::TryAgain => "try-again",
            Self::GiveUp => "give-up",
            Self::Unknown => "unknown",
        }
    }
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// it was decided
    Decided {
        /// whether a reply is to be sent
        reply: bool,
    },
    /// it cannot be decided: the work on it failed or was cut off too often
    Broken,
    /// a delivery of its reply ended
    Delivered {
        /// how
        verdict: Verdict,
        /// whether there is time for another
        again: bool,
    },
    /// a mail server reports that its reply could not be delivered; that may come before the
    /// result of the delivery itself
    Bounced,
    /// a person wants it tried again
    Retried {
        /// whether its reply is still there
        reply: bool,
        /// whether its mail is still there
        mail: bool,
    },
}

/// The state after an event; `None` if the event comes too late and changes nothing.
pub fn step(state: State, event: Event) -> Option<State> {
    use State::{Answered, Failed, Ignored, Received, Waiting};
    match (state, event) {
        (Received, Event::Decided { reply: true }) => Some(Waiting),
        (Received, Event::Decided { reply: false }) => Some(Ignored),
        (Received, Event::Broken) => Some(Failed),
        (Waiting, Event::Delivered { verdict, again }) => Some(match verdict {
            Verdict::Accepted => Answered,
            Verdict::TryAgain | Verdict::Unknown if again => Waiting,
            Verdict::TryAgain | Verdict::Unknown | Verdict::GiveUp => Failed,
        }),
        (Waiting | Answered, Event::Bounced) => Some(Failed),
        (Received, Event::Retried { .. }) => Some(Received),
        (Waiting | Failed, Event::Retried { reply: true, .. }) => Some(Waiting),
        (Failed, Event::Retried { mail: true, .. }) => Some(Received),
        _ => None,
    }
}

/// Whether a mail is given up instead of being worked on once more, after the program died on it so often.
pub fn is_fatal(deaths: u32) -> bool {
    deaths > MOST_DEATHS
}

/// When the next attempt is due after `attempts` tries, the first of them at `first`;
/// `None` once `max_age` is over. `chance` in 0..1 is the jitter.
///
/// Pauses double from at most 30 seconds to at most 15 minutes, none longer than `max_age`;
/// jitter takes away up to half of one. The last attempt falls on the end of `max_age`.
/// No reply is given up before its third attempt: a clock that is set forward by days
/// makes it old, not undeliverable.
pub fn next_attempt(
    attempts: u32,
    first: Timestamp,
    now: Timestamp,
    max_age: Duration,
    chance: f64,
) -> Option<Timestamp> {
    let age = SignedDuration::try_from(max_age).unwrap_or(SignedDuration::MAX);
    let end = first.saturating_add(age).unwrap_or(Timestamp::MAX);
    if now >= end && attempts >= FEWEST_ATTEMPTS {
        return None;
    }
    let doublings = attempts.saturating_sub(1).min(16);
    let longest = (FIRST_PAUSE * (1 << doublings)).min(LONGEST_PAUSE);
    let longest = longest.min(max_age.max(SHORTEST_PAUSE));
    let pause = longest.mul_f64(1.0 - chance.clamp(0.0, 1.0) / 2.0);
    let pause = SignedDuration::try_from(pause).unwrap_or(SignedDuration::MAX);
    let next = now.saturating_add(pause).unwrap_or(Timestamp::MAX);
    Some(if now < end { next.min(end) } else { next })
}
