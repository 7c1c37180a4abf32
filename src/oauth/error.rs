//! Why there is no token.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::refusal::Refusal;
use crate::secret::SecretError;
use crate::{dns, http};

/// No token. It can be told to several that wait for the same one.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// the client's secret cannot be read
    #[error("the client secret cannot be read")]
    Secret(#[source] Arc<SecretError>),
    /// the DNS cannot be asked
    #[error("the token server cannot be looked up")]
    Dns(#[source] Arc<dns::Error>),
    /// the token server gives no answer
    #[error("the token server cannot be asked")]
    Http(#[source] Arc<http::Error>),
    /// something answers with a page for people
    #[error("{host} answers with a web page, not as a token server")]
    Page {
        /// who
        host: String,
    },
    /// it gives an answer that no token server would
    #[error("the token server does not answer as one")]
    Protocol,
    /// it has too much to do, or is out of order (RFC 9110 sections 15.5.20 and 15.6)
    #[error("the token server answers {status} and is to be asked later")]
    Busy {
        /// RFC 9110 section 15
        status: u16,
    },
    /// it says no
    #[error("the token server refuses: {code}")]
    Refused {
        /// what that means
        refusal: Refusal,
        /// the provider's own number, else RFC 6749 section 5.2
        code: String,
    },
    /// the same, and this machine's clock is wrong: the first suspect
    #[error(
        "the token server refuses: {code}, and this machine's clock is off by {} minutes",
        seconds.unsigned_abs() / 60
    )]
    Clock {
        /// the provider's own number, else RFC 6749 section 5.2
        code: String,
        /// by how much it is fast, in seconds
        seconds: i64,
    },
    /// nobody has signed in yet
    #[error("nobody has signed in for this program yet")]
    SignedOut,
    /// the provider has no such sign-in, by what is configured
    #[error("this sign-in is not configured")]
    NotConfigured,
    /// the time to sign in is over (RFC 8628 section 3.5)
    #[error("the time to sign in is over")]
    Late,
    /// the address has no code in it (RFC 6749 section 4.1.2)
    #[error("this is no address that a sign-in ends at")]
    NotLanded,
    /// what was brought along is no token (RFC 6749 appendix A.17)
    #[error("this is no refresh token")]
    NoToken,
    /// the address is another sign-in's (RFC 6749 section 10.12)
    #[error("this address belongs to another sign-in")]
    OtherSignIn,
    /// the provider gives no refresh token, and without one nothing lasts
    #[error("the token server gives no refresh token")]
    NotLasting,
    /// the file that tokens are kept in cannot be used
    #[error("{} cannot be used", path.display())]
    Store {
        /// the file
        path: PathBuf,
        /// why
        #[source]
        source: Arc<io::Error>,
    },
    /// there is something else in it
    #[error("{} is damaged, or no file of tokens", path.display())]
    Damaged {
        /// the file
        path: PathBuf,
    },
    /// another process holds it for too long
    #[error("{} is in use by another process", path.display())]
    Held {
        /// the file
        path: PathBuf,
    },
}

impl Error {
    /// Whether what a person has given is over.
    pub(super) fn is_spent(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                refusal: Refusal::SignIn,
                ..
            }
        )
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Secret(source) => source.hint(),
            Self::Dns(_) | Self::Http(_) | Self::Protocol => {
                "it is tried again; if it stays, check token_url, and whether this machine may reach it by HTTPS"
            }
            Self::Page { .. } => {
                "check token_url; a proxy or a network that wants a login first may stand in between"
            }
            Self::Busy { .. } => "nothing is to be done, it is tried again",
            Self::Refused { refusal, .. } => refusal.hint(),
            Self::Clock { .. } => {
                "set this machine's clock, for instance by timedatectl set-ntp true"
            }
            Self::SignedOut | Self::NotLasting | Self::Late => "run `antragsbote login`",
            Self::NotConfigured => "check grant in [oauth], and the address for it",
            Self::NotLanded => "paste the whole address from the browser's address line",
            Self::NoToken => "paste the refresh token whole, and nothing else",
            Self::OtherSignIn => {
                "sign in with the address that was shown last, and paste where that ends"
            }
            Self::Store { .. } => {
                "the file and its folder must belong to the user that runs the service, and have room"
            }
            Self::Damaged { .. } => {
                "move the file aside; then run `antragsbote login`, unless grant is client_credentials"
            }
            Self::Held { .. } => "it is tried again; is another antragsbote hanging?",
        }
    }

    /// A fixed word for log and counters.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Secret(_) => "secret",
            Self::Dns(_)
            | Self::Http(_)
            | Self::Page { .. }
            | Self::Protocol
            | Self::Busy { .. } => "oauth-server",
            Self::Refused { refusal, .. } => refusal.kind(),
            Self::Clock { .. } => "oauth-clock",
            Self::SignedOut
            | Self::NotLasting
            | Self::Late
            | Self::NotLanded
            | Self::NoToken
            | Self::OtherSignIn => "oauth-signin",
            Self::NotConfigured => "oauth-client",
            Self::Store { .. } | Self::Damaged { .. } | Self::Held { .. } => "oauth-store",
        }
    }
}
