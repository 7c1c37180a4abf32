//! What an IMAP mailbox offers the service, found out without touching anybody's mail.

use jiff::Timestamp;
use tokio::time::Instant;

use super::{Error, ImapConfig, imap};

/// What was found.
#[derive(Debug)]
pub struct Survey {
    /// when the server's certificate ends; `None` without TLS, or if it names no end
    pub certificate_end: Option<Timestamp>,
    /// whether handled mail can be taken out of the folder or, without an archive, be marked
    pub folder: Access,
    /// the server tells of new mail by itself (IDLE, RFC 2177)
    pub idle: bool,
    /// it moves mail in one step (MOVE, RFC 6851)
    pub moves: bool,
    /// it removes single mails (UIDPLUS, RFC 4315)
    pub uidplus: bool,
    /// mails can be claimed (CONDSTORE, RFC 7162, and keywords)
    pub claims: bool,
    /// the folder for handled mail, if there is to be one
    pub archive: Option<Archive>,
    /// the server's time, and when it was that; `None` if it had no occasion to tell
    pub clock: Option<(Timestamp, Instant)>,
}

/// Whether something is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// it was tried, or the server says so
    Granted,
    /// why not: what the server said, or which of its rights are missing
    Denied(String),
    /// the server does not tell, and it cannot be tried without a trace
    Untold,
}

/// The folder for handled mail.
#[derive(Debug, PartialEq, Eq)]
pub struct Archive {
    /// it is there already
    pub exists: bool,
    /// whether mail can be put into it, or it can be made
    pub access: Access,
    /// what the probe had to leave behind: a folder, or a mail in this folder
    pub left: Option<String>,
}

/// Logs in and looks; `token` (letters and digits) marks what is made for a moment, and has
/// to be a new one each time.
///
/// # Errors
/// Whatever would keep the service from reading the mailbox.
pub async fn survey(config: &ImapConfig, token: &str) -> Result<Survey, Error> {
    imap::survey(config, token).await
}
