//! A mail that Graph did not take.

use std::time::Duration;

use super::LARGEST;
use super::refusal::{self, Refusal};
use crate::http;
use crate::outbound::Closure;
use crate::request::Verdict;

/// A mail that Graph did not take.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// it says no
    #[error("Microsoft Graph refuses: {status} {code}")]
    Refused {
        /// RFC 9110 section 15
        status: u16,
        /// its word for why; empty if there is none
        code: String,
        /// how long it wants to be left in peace
        pause: Option<Duration>,
    },
    /// somebody on the way there answers with a page for people: a proxy, or whoever watches over the network
    #[error("a web page comes ({status}) where Microsoft Graph should answer")]
    Page {
        /// RFC 9110 section 15
        status: u16,
    },
    /// there is no answer
    #[error("Microsoft Graph gives no answer")]
    Http(#[source] http::Error),
    /// the mail is too large
    #[error("the mail has {size} bytes, and Microsoft Graph takes {LARGEST}")]
    TooLarge {
        /// in bytes
        size: usize,
    },
    /// whoever stands in the header gets the mail, and that is not who is to get it
    #[error("the mail's header does not name its recipient alone")]
    Recipients,
}

impl Error {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused { status, code, .. } => Some(refusal::of(*status, code)),
            _ => None,
        }
    }

    /// Whether it said no, and so is there.
    pub(in crate::outbound) fn is_refusal(&self) -> bool {
        self.refusal().is_some_and(|it| it != Refusal::Doubtful)
    }

    /// Whether the mail's bytes are what is wrong.
    pub(super) fn is_about_content(&self) -> bool {
        matches!(self, Self::Refused { status: 400, code, .. } if code.starts_with("ErrorMimeContent"))
    }

    pub(in crate::outbound) fn verdict(&self) -> Verdict {
        match (self, self.refusal()) {
            (_, Some(refusal)) => refusal.verdict(),
            (Self::Http(error), _) if error.may_have_arrived() => Verdict::Unknown,
            (Self::Http(_) | Self::Page { .. }, _) => Verdict::TryAgain,
            _ => Verdict::GiveUp,
        }
    }

    pub(in crate::outbound) fn closure(&self) -> Option<Closure> {
        match self {
            Self::Refused { pause, .. } => self.refusal()?.closure(*pause),
            Self::Http(error) if !error.may_have_arrived() => Some(Closure::Unreachable),
            Self::Page { .. } => Some(Closure::Unreachable),
            _ => None,
        }
    }

    pub(in crate::outbound) fn hint(&self) -> &'static str {
        match (self, self.refusal()) {
            (_, Some(refusal)) => refusal.hint(),
            (Self::TooLarge { .. }, _) => "ask for fewer motions in one mail",
            (Self::Recipients, _) => "answer this mail by hand, and report it",
            _ => {
                "it is tried again; if it stays, check url, and whether this machine may reach it by HTTPS"
            }
        }
    }

    /// A fixed word for log and counters.
    pub fn kind(&self) -> &'static str {
        match (self, self.refusal()) {
            (_, Some(refusal)) => refusal.kind(),
            (Self::TooLarge { .. }, _) => "refused-for-good",
            (Self::Recipients, _) => "broken",
            (Self::Http(http::Error::Dns(_)), _) => "resolver",
            (Self::Http(http::Error::NoAnswer), _) => "no-answer",
            (Self::Http(http::Error::Unanswered { .. }), _) => "timeout",
            _ => "protocol",
        }
    }
}
