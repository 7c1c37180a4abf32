//! Which of the settings a server finds fault with.

use rustls::CertificateError;

use crate::{mailbox, oauth, outbound, tls};

/// A server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer {
    /// where mail is fetched
    Imap,
    /// where replies are handed over
    Smtp,
}

/// What to set otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// the server's name, port or security
    Server(Peer),
    /// who vouches for the server is not known here
    Authority(Peer),
    /// name or password
    Login(Peer),
    /// a folder of the mailbox
    Folder,
    /// how the bot is registered for tokens
    Client,
    /// the secret that proves it
    Secret,
    /// what a person has given
    SignIn,
}

impl Flaw {
    /// `None` if no setting is to blame, as far as one can tell.
    pub(super) fn of_mailbox(error: &mailbox::Error) -> Option<Self> {
        use mailbox::Error as E;
        match error {
            E::Connect(error) => Self::of_connection(Peer::Imap, error),
            E::Login { .. } | E::NotLetIn { .. } | E::NoMechanism => Some(Self::Login(Peer::Imap)),
            E::Folder { .. } => Some(Self::Folder),
            _ => None,
        }
    }

    /// `None` if no setting is to blame, as far as one can tell.
    pub(super) fn of_outbound(error: &outbound::Error) -> Option<Self> {
        use outbound::{Error as E, Step};
        match error {
            E::Connect(error) => Self::of_connection(Peer::Smtp, error),
            E::NoMechanism
            | E::Refused {
                step: Step::Login | Step::Token,
                code: 500..,
                ..
            } => Some(Self::Login(Peer::Smtp)),
            _ => None,
        }
    }

    /// `None` if no setting is to blame, as far as one can tell.
    pub(super) fn of_oauth(error: &oauth::Error) -> Option<Self> {
        use oauth::{Error as E, Refusal as R};
        match error {
            E::Refused { refusal, .. } => match refusal {
                R::SecretExpired | R::SecretWrong => Some(Self::Secret),
                R::Client | R::Scope | R::Other => Some(Self::Client),
                R::SignIn | R::Denied => Some(Self::SignIn),
                R::Consent | R::Forbidden | R::ForNow => None,
            },
            E::NotConfigured => Some(Self::Client),
            E::SignedOut | E::NotLasting | E::Late | E::NotLanded | E::OtherSignIn => {
                Some(Self::SignIn)
            }
            _ => None,
        }
    }

    fn of_connection(peer: Peer, error: &tls::Error) -> Option<Self> {
        match error {
            tls::Error::CaFile { .. }
            | tls::Error::Certificate {
                source: rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer),
                ..
            } => Some(Self::Authority(peer)),
            tls::Error::NoRoots { .. } => None,
            _ => Some(Self::Server(peer)),
        }
    }
}
