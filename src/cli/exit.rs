//! How the program ends: the classes of failure and their codes (sysexits.h).

use std::io;

use super::remedy;
use crate::service::trouble;
use crate::{config, log, merge};

/// Why a command ends without success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// called in a wrong way
    Usage,
    /// what was given cannot be used
    Data,
    /// what was named does not exist
    NoInput,
    /// a server or a capability is not there
    Unavailable,
    /// a file cannot be written
    CantCreate,
    /// not now, perhaps later
    TryAgain,
    /// the configuration is wrong
    Config,
}

impl Class {
    /// Its code in sysexits.h.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Usage => 64,
            Self::Data => 65,
            Self::NoInput => 66,
            Self::Unavailable => 69,
            Self::CantCreate => 73,
            Self::TryAgain => 75,
            Self::Config => 78,
        }
    }
}

/// A command that ends without success.
#[derive(Debug)]
pub(crate) struct Failure {
    /// what picks the exit code
    pub(crate) class: Class,
    /// a fixed word for the journal
    pub(crate) kind: &'static str,
    /// what went wrong, with its causes
    pub(crate) error: anyhow::Error,
    /// what to do
    pub(crate) hint: Option<String>,
}

impl Failure {
    /// With an error that tells all.
    pub(crate) fn new(class: Class, error: impl Into<anyhow::Error>) -> Self {
        let error = error.into();
        Self {
            class,
            kind: trouble::kind(&error),
            error,
            hint: None,
        }
    }

    /// With a sentence instead of an error.
    pub(crate) fn say(class: Class, message: impl Into<String>) -> Self {
        Self::new(class, anyhow::Error::msg(message.into()))
    }

    /// And says what to do.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<config::Error> for Failure {
    fn from(error: config::Error) -> Self {
        Self::new(Class::Config, error)
    }
}

impl From<log::Error> for Failure {
    fn from(error: log::Error) -> Self {
        let class = match &error {
            log::Error::NoFolder(_) | log::Error::NotALog(_) => Class::Config,
            error if error.transient() => Class::TryAgain,
            _ => Class::Unavailable,
        };
        let (words, remedy) = remedy::of_log(&error);
        Self {
            kind: error.kind(),
            ..Self::say(class, words).hint(remedy)
        }
    }
}

/// What the service reports: trouble that has its own class, or else a peer that is not there.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        error
            .downcast::<config::Error>()
            .map(Self::from)
            .or_else(|error| error.downcast::<log::Error>().map(Self::from))
            .unwrap_or_else(|error| Self::new(Class::Unavailable, error))
    }
}

impl From<merge::Error> for Failure {
    fn from(error: merge::Error) -> Self {
        Self::new(Class::Data, error)
    }
}

/// Trouble with standard output: what is read or written by name has its own [`Class`].
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(Class::CantCreate, error)
    }
}
