//! What can go wrong with a mailbox, and what to do about it.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::oauth;
use crate::secret::SecretError;
use crate::tls;

/// Trouble with the mailbox.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// no connection, or none that is secure
    #[error("cannot connect to the IMAP server")]
    Connect(#[source] tls::Error),
    /// the server will not talk to us, or not any longer
    #[error("the IMAP server says good-bye: {words}")]
    Bye {
        /// what it said
        words: String,
    },
    /// the password cannot be read
    #[error("the password of the mailbox cannot be read")]
    Secret(#[source] SecretError),
    /// there is no token to log in with
    #[error("there is no token for the mailbox")]
    Token(#[source] oauth::Error),
    /// the server refuses the login
    #[error("the IMAP server refuses the login of {username}: {words}")]
    Login {
        /// as configured
        username: String,
        /// what the server said
        words: String,
    },
    /// a token is refused, or gives no right to the mailbox
    #[error("the IMAP server does not let a token into the mailbox of {username}: {words}")]
    NotLetIn {
        /// as configured
        username: String,
        /// what the server said
        words: String,
    },
    /// no way to log in
    #[error("the IMAP server offers no login by what is configured, password or token")]
    NoMechanism,
    /// a folder that cannot be used
    #[error("the folder \"{folder}\" cannot be used: {words}")]
    Folder {
        /// as configured
        folder: String,
        /// what the server said
        words: String,
    },
    /// any other command the server refuses
    #[error("the IMAP server refuses {command}: {words}")]
    Refused {
        /// without its arguments
        command: String,
        /// what the server said
        words: String,
    },
    /// an answer that is no IMAP; what it was may be mail and is not shown
    #[error("the IMAP server's answer to {command} cannot be understood")]
    Protocol {
        /// without its arguments
        command: String,
    },
    /// no answer
    #[error("the IMAP server did not answer {command} within {} seconds", limit.as_secs())]
    Timeout {
        /// without its arguments
        command: String,
        /// how long it had
        limit: Duration,
    },
    /// the connection has ended
    #[error("the IMAP server closed the connection during {command}")]
    Lost {
        /// without its arguments
        command: String,
        /// what the system said, if anything
        #[source]
        source: Option<io::Error>,
    },
    /// a Maildir that cannot be used
    #[error("the Maildir {} cannot be used", path.display())]
    Maildir {
        /// the folder or file
        path: PathBuf,
        /// why
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Connect(source) => source.hint(),
            Self::Secret(source) => source.hint(),
            Self::Token(source) => source.hint(),
            Self::Login { .. } => {
                "check username and password; some providers want a password made for this program, or IMAP switched on"
            }
            Self::NotLetIn { .. } => {
                "is username the mailbox, has whoever the token stands for a right to it, is IMAP switched on for it? at Microsoft 365 an app needs a service principal in Exchange and Add-MailboxPermission"
            }
            Self::NoMechanism => {
                "check auth and security: by a token it must offer OAUTHBEARER or XOAUTH2, by a password PLAIN or LOGIN"
            }
            Self::Folder { .. } => "check folder and archive; names are case-sensitive",
            Self::Maildir { .. } => "the folder must belong to the user that runs antragsbote",
            Self::Bye { .. }
            | Self::Refused { .. }
            | Self::Protocol { .. }
            | Self::Timeout { .. }
            | Self::Lost { .. } => "it is tried again; if it stays, ask the server's administrator",
        }
    }

    /// Whether it is the end of a connection that may have been sound until then.
    pub fn is_cut(&self) -> bool {
        matches!(
            self,
            Self::Bye { .. } | Self::Timeout { .. } | Self::Lost { .. }
        )
    }

    /// What was under way: the command without its arguments, if it was one.
    pub fn step(&self) -> &str {
        match self {
            Self::Refused { command, .. }
            | Self::Protocol { command }
            | Self::Timeout { command, .. }
            | Self::Lost { command, .. } => command,
            _ => "",
        }
    }

    /// A fixed word for log and counters.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Connect(source) => source.kind(),
            Self::Bye { .. } => "bye",
            Self::Secret(_) => "secret",
            Self::Token(source) => source.kind(),
            Self::Login { .. } => "login",
            Self::NotLetIn { .. } => "oauth-login",
            Self::NoMechanism => "no-login",
            Self::Folder { .. } => "folder",
            Self::Refused { .. } => "refused-command",
            Self::Protocol { .. } => "protocol",
            Self::Timeout { .. } => "timeout",
            Self::Lost { .. } => "lost",
            Self::Maildir { .. } => "maildir",
        }
    }
}
