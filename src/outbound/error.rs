//! Why a mail was not taken: whether to try it again, whether any other may leave, what to do about it.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::GraphError;
use super::verdict::{self, Refusal};
use crate::oauth;
use crate::request::Verdict;
use crate::secret::SecretError;
use crate::tls;

/// How far a conversation by SMTP had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// greeting and EHLO
    Greeting,
    /// AUTH, by a password
    Login,
    /// AUTH, by a token
    Token,
    /// MAIL
    Mail,
    /// RCPT
    Rcpt,
    /// DATA, up to the 354
    Data,
    /// from the first byte of the mail to the reply to its final dot: it may have been taken
    Content,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Greeting => "the greeting",
            Self::Login => "the login",
            Self::Token => "the token",
            Self::Mail => "the sender",
            Self::Rcpt => "the recipient",
            Self::Data => "DATA",
            Self::Content => "the mail",
        })
    }
}

/// Why no mail at all can leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closure {
    /// nobody is there, or is too busy for now
    Unreachable,
    /// this machine or its login is refused; whoever asks often is locked out for longer
    Unwelcome,
    /// the server wants to be left in peace for this time
    Throttled(Duration),
}

/// A mail that was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// no connection, or none that is secure
    #[error("cannot connect to the mail server")]
    Connect(#[source] tls::Error),
    /// the password cannot be read
    #[error("the password of the mail server cannot be read")]
    Secret(#[source] SecretError),
    /// there is no token to log in with
    #[error("there is no token for the mail server")]
    Token(#[source] oauth::Error),
    /// no way to log in
    #[error("the mail server offers no login by what is configured, password or token")]
    NoMechanism,
    /// the server says no
    #[error("the mail server refuses {step}: {code} {reply}")]
    Refused {
        /// what it refuses
        step: Step,
        /// RFC 5321 4.2.1
        code: u16,
        /// RFC 3463, if it gives one
        enhanced: Option<String>,
        /// all its lines, without the code
        reply: String,
    },
    /// no answer
    #[error("the mail server did not answer to {step} within {} minutes", limit.as_secs() / 60)]
    Timeout {
        /// what it did not answer to
        step: Step,
        /// how long it had
        limit: Duration,
    },
    /// the connection has ended
    #[error("the mail server closed the connection during {step}")]
    Lost {
        /// what it broke off
        step: Step,
        /// what the system said
        #[source]
        source: Option<io::Error>,
    },
    /// an answer that is no SMTP
    #[error("the mail server's answer to {step} cannot be understood")]
    Protocol {
        /// what it answered
        step: Step,
    },
    /// an address that SMTP cannot carry
    #[error("an address of the envelope is not valid")]
    Address(#[source] lettre::address::AddressError),
    /// an address in letters that the server does not take (RFC 6531)
    #[error("the mail server does not take addresses beyond ASCII")]
    NoSmtputf8,
    /// Microsoft Graph did not take it
    #[error(transparent)]
    Graph(GraphError),
    /// the program cannot be run
    #[error("the sendmail program {} cannot be run", program.display())]
    Program {
        /// as configured
        program: PathBuf,
        /// why
        #[source]
        source: io::Error,
    },
    /// the program reports a failure
    #[error("the sendmail program ended with {status}: {words}")]
    Exit {
        /// as sysexits.h; -1 where a signal ended it
        status: i32,
        /// what it wrote to standard error
        words: String,
    },
    /// the program does not end
    #[error("the sendmail program did not end within {} minutes", limit.as_secs() / 60)]
    Slow {
        /// how long it had
        limit: Duration,
    },
    /// a Maildir that cannot be written to
    #[error("the Maildir {} cannot be written to", path.display())]
    Maildir {
        /// the folder or file
        path: PathBuf,
        /// why
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// Whether to try again. What an administrator can put right is tried again, and so
    /// is a mail that may or may not have been taken: its Message-ID stays the same.
    pub fn verdict(&self) -> Verdict {
        if let Some(refusal) = self.refusal() {
            return refusal.verdict();
        }
        match self {
            Self::Graph(error) => error.verdict(),
            Self::Timeout { step, .. } | Self::Lost { step, .. } | Self::Protocol { step }
                if *step == Step::Content =>
            {
                Verdict::Unknown
            }
            Self::Slow { .. } | Self::Exit { status: ..0, .. } => Verdict::Unknown,
            // sysexits.h: EX_USAGE, EX_DATAERR, EX_NOINPUT, EX_NOUSER, EX_NOHOST
            Self::Exit {
                status: 64..=68, ..
            } => Verdict::GiveUp,
            Self::Address(_) | Self::NoSmtputf8 => Verdict::GiveUp,
            _ => Verdict::TryAgain,
        }
    }

    fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused {
                step,
                code,
                enhanced,
                ..
            } => Some(verdict::of_refusal(*step, *code, enhanced.as_deref())),
            _ => None,
        }
    }

    /// Whether the server refuses a token for good, and would perhaps not another.
    pub(super) fn is_about_token(&self) -> bool {
        let refused = matches!(
            self,
            Self::Refused {
                step: Step::Token,
                code: 500..,
                ..
            }
        );
        refused && !self.is_switched_off()
    }

    /// Whether sending by SMTP is switched off, as Exchange says it (November 2026): "535 5.7.139 Authentication
    /// unsuccessful, SmtpClientAuthentication is disabled for the Tenant", or "for the Mailbox".
    pub fn is_switched_off(&self) -> bool {
        let is_entrance = |step: &Step| matches!(step, Step::Login | Step::Token);
        matches!(self, Self::Refused { step, reply, .. }
            if is_entrance(step) && reply.contains("SmtpClientAuthentication is disabled"))
    }

    /// Whether the server said no, and so is there.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Refused { .. } | Self::Exit { status: 0.., .. } => true,
            Self::Graph(error) => error.is_refusal(),
            _ => false,
        }
    }

    /// What it says about the way out itself; `None` if it may concern this one mail alone.
    pub fn closure(&self) -> Option<Closure> {
        let entrance = |step: &Step| matches!(step, Step::Greeting | Step::Login | Step::Token);
        match self {
            Self::Graph(error) => error.closure(),
            Self::Secret(_) | Self::NoMechanism => Some(Closure::Unwelcome),
            Self::Refused { code, .. } => match (self.refusal()?, code) {
                (Refusal::Login | Refusal::Sender, 500..) => Some(Closure::Unwelcome),
                (Refusal::Login | Refusal::Sender, _) => Some(Closure::Unreachable),
                _ => None,
            },
            Self::Timeout { step, .. } | Self::Lost { step, .. } | Self::Protocol { step } => {
                entrance(step).then_some(Closure::Unreachable)
            }
            Self::Connect(_) | Self::Token(_) | Self::Program { .. } | Self::Maildir { .. } => {
                Some(Closure::Unreachable)
            }
            _ => None,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Connect(source) => source.hint(),
            Self::Secret(source) => source.hint(),
            Self::Token(source) => source.hint(),
            Self::Graph(error) => error.hint(),
            Self::NoMechanism => {
                "some servers offer a login only after STARTTLS, or none on port 25; by a token it must be OAUTHBEARER or XOAUTH2; leave out username if none is needed"
            }
            Self::Refused { .. } if self.is_switched_off() => {
                "set kind = \"graph\" in [outbound], or have SMTP AUTH switched on for the mailbox"
            }
            Self::Refused {
                step: Step::Token, ..
            } => {
                "is username the mailbox, has whoever the token stands for a right to send from it, is SMTP AUTH switched on for it?"
            }
            Self::Refused {
                code: 530 | 534 | 535 | 538,
                ..
            } => {
                "check username and password; some providers want a password made for this program"
            }
            Self::Refused { .. } if self.refusal() == Some(Refusal::Sender) => {
                "the server must let this login send as bot.address"
            }
            Self::Refused { .. } => "the server's own words say why",
            Self::Timeout { .. } | Self::Lost { .. } | Self::Protocol { .. } => {
                "it is tried again; if it stays, check host, port and security"
            }
            Self::Address(_) | Self::NoSmtputf8 => "nothing can be sent to this address",
            Self::Program { .. } => "give the full path of sendmail, as in /usr/sbin/sendmail",
            Self::Exit { .. } | Self::Slow { .. } => "see the mail system's own log",
            Self::Maildir { .. } => "the folder must belong to the user that runs antragsbote",
        }
    }

    /// A fixed word for log and counters.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Connect(source) => source.kind(),
            Self::Secret(_) => "secret",
            Self::Token(source) => source.kind(),
            Self::Graph(error) => error.kind(),
            Self::NoMechanism => "no-login",
            Self::Refused {
                step: Step::Greeting,
                ..
            } => "greeting",
            Self::Refused { .. } if self.is_switched_off() => "smtp-off",
            Self::Refused { .. } if self.is_about_token() => "oauth-login",
            Self::Refused { code, .. } => match (self.refusal(), code) {
                (Some(Refusal::Login), 500..) => "login",
                (Some(Refusal::Sender), _) => "sender",
                (Some(Refusal::Mail), _) => "refused-for-good",
                _ => "refused-for-now",
            },
            Self::Timeout { .. } | Self::Slow { .. } => "timeout",
            Self::Lost { .. } => "lost",
            Self::Protocol { .. } => "protocol",
            Self::Address(_) | Self::NoSmtputf8 => "address",
            Self::Program { .. } | Self::Exit { .. } => "sendmail",
            Self::Maildir { .. } => "maildir",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_never_repeats_its_source() {
        let cause = "no such thing";
        let source = || io::Error::other(cause);
        for error in [
            Error::Connect(tls::Error::HostNotFound {
                host: "mail.example.org".to_owned(),
                source: source(),
            }),
            Error::Lost {
                step: Step::Content,
                source: Some(source()),
            },
            Error::Program {
                program: PathBuf::from("/usr/sbin/sendmail"),
                source: source(),
            },
        ] {
            let inner = std::error::Error::source(&error).unwrap();
            assert!(!error.to_string().contains(&inner.to_string()), "{error}");
            assert!(!error.hint().is_empty());
        }
    }
}
