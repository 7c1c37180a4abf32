//! OAuth 2.0 (RFC 6749): the tokens that servers take in place of a password.
//!
//! In: how this bot is registered with its provider. Out: an access token for whoever logs in or
//! calls. Never here: SASL, mail, whom to tell.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::secret::Secret;

mod ask;
mod end;
mod error;
mod refusal;
mod renew;
mod sign_in;
mod store;
#[cfg(test)]
mod tests;

pub use end::{End, Ending};
pub use error::Error;
pub use refusal::Refusal;
pub use sign_in::{Browse, Device};

/// How tokens are had (`[oauth]`).
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// who gives them out, and so whose words a refusal is in
    pub provider: Provider,
    /// what they are given for
    pub grant: Grant,
    /// where the client asks
    pub endpoints: Endpoints,
    /// the client's name at the provider (RFC 6749 section 2.2)
    pub client_id: String,
    /// what proves that it is the client (section 2.3.1); public clients have none
    pub client_secret: Option<Secret>,
    /// its last day, as the provider said when it made it
    pub client_secret_expires: Option<Date>,
    /// what is asked for to read and send mail by IMAP and SMTP (section 3.3), blanks between
    pub mail_scope: String,
    /// what is asked for to send mail by Microsoft Graph
    pub graph_scope: String,
    /// what a person signs in for; what else is needed her consent has to cover
    pub first: Audience,
    /// certificates trusted beside the system's
    pub ca_file: Option<PathBuf>,
    /// the file that tokens are kept in
    pub store: PathBuf,
}

/// Who gives tokens out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Microsoft Entra ID
    Microsoft,
    /// Google
    Google,
    /// any other
    Other,
}

/// What tokens are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// the client's own secret (RFC 6749 section 4.4)
    ClientCredentials,
    /// a person's consent, given on another device with a code (RFC 8628); then a refresh token
    DeviceCode,
    /// a person's consent, given in a browser (RFC 6749 section 4.1); then a refresh token
    AuthorizationCode,
}

/// The provider's addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// RFC 6749 section 3.2
    pub token: String,
    /// RFC 8628 section 3.1, for [`Grant::DeviceCode`]
    pub device: Option<String>,
    /// RFC 6749 section 3.1, for [`Grant::AuthorizationCode`]
    pub authorization: Option<String>,
}

/// Whom a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// IMAP and SMTP
    Mail,
    /// Microsoft Graph
    Graph,
}

/// What proves to a server who logs in.
#[derive(Debug, Clone, PartialEq)]
pub enum Credential {
    /// a password, read anew at every login
    Password(Secret),
    /// a token
    OAuth(Tokens),
}

/// An access token (RFC 6749 section 1.4): worth as much as a password while it lasts.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    text: String,
    /// whether it has just come from the token server
    is_fresh: bool,
}

impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl AccessToken {
    /// For the server it is meant for, and for nobody else.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Where tokens come from; all that log in share one.
#[derive(Debug, Clone)]
pub struct Tokens(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: Config,
    memory: Mutex<renew::Memory>,
    /// rung when the token server, the store or the clock has shown how it fares
    news: Notify,
}

impl PartialEq for Tokens {
    fn eq(&self, other: &Self) -> bool {
        self.0.config == other.0.config
    }
}

impl Tokens {
    /// Those of a client.
    pub fn of(config: Config) -> Self {
        Self(Arc::new(Inner {
            config,
            memory: Mutex::default(),
            news: Notify::new(),
        }))
    }

    /// How they are had.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    fn scope(&self, audience: Audience) -> &str {
        match audience {
            Audience::Mail => &self.config().mail_scope,
            Audience::Graph => &self.config().graph_scope,
        }
    }

    fn memory(&self) -> MutexGuard<'_, renew::Memory> {
        // What a panicking task left is as true as before.
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
