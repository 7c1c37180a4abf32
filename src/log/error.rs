//! Trouble with the log, in its own words.

use std::path::{Path, PathBuf};

/// Trouble with the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// the folder for it is missing
    #[error("the folder of the log, {}, does not exist", .0.display())]
    NoFolder(PathBuf),
    /// the file cannot be opened or made
    #[error("the log {} cannot be opened: {reason}", .path.display())]
    CannotOpen {
        /// the file
        path: PathBuf,
        /// what the system or SQLite says
        reason: String,
    },
    /// the file can be read only
    #[error("the log {} cannot be written to", .0.display())]
    ReadOnly(PathBuf),
    /// the file is something else
    #[error("{} is not a log of antragsbote", .0.display())]
    NotALog(PathBuf),
    /// its tables are those of a later version
    #[error("the log {} was written by a newer antragsbote", .0.display())]
    TooNew(PathBuf),
    /// its content is broken
    #[error("the log {} is damaged: {reason}", .path.display())]
    Damaged {
        /// the file
        path: PathBuf,
        /// what was found
        reason: String,
    },
    /// another process does not let go of it
    #[error("the log {} is locked by another process", .0.display())]
    Busy(PathBuf),
    /// the file was removed or another one put in its place
    #[error("the log {} was removed or replaced", .0.display())]
    Replaced(PathBuf),
    /// another daemon answers its requests
    #[error("another antragsbote works on the log {}", .0.display())]
    Held(PathBuf),
    /// no room is left
    #[error("there is no room left for the log {}", .0.display())]
    Full(PathBuf),
    /// reading or writing failed
    #[error("the log {} cannot be used: {reason}", .path.display())]
    Failed {
        /// the file
        path: PathBuf,
        /// what SQLite says
        reason: String,
    },
    /// it was closed before, or the work on it broke off: a restart opens it again
    #[error("the log is closed")]
    Closed,
}

impl Error {
    /// Translates SQLite's result codes (<https://www.sqlite.org/rescode.html>).
    pub(super) fn new(path: &Path, error: &sqlx::Error) -> Self {
        let path = path.to_owned();
        let (code, reason) = match error {
            sqlx::Error::Database(said) => (
                said.code().and_then(|code| code.parse::<u32>().ok()),
                said.message().to_owned(),
            ),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                let reason = error.to_string();
                return Self::Damaged { path, reason };
            }
            // The thread that works for a connection ends when there is no memory left.
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => return Self::Closed,
            other => (None, other.to_string()),
        };
        // The low byte is the primary code, the rest refines it.
        match code.map(|code| code & 0xff) {
            Some(3 | 14 | 23) => Self::CannotOpen { path, reason },
            Some(5 | 6) => Self::Busy(path),
            Some(8) => Self::ReadOnly(path),
            Some(11) => Self::Damaged { path, reason },
            Some(13) => Self::Full(path),
            Some(26) => Self::NotALog(path),
            _ => Self::Failed { path, reason },
        }
    }

    /// A fixed word for event lines and counters.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NoFolder(_) => "no-folder",
            Self::CannotOpen { .. } => "cannot-open",
            Self::ReadOnly(_) => "read-only",
            Self::NotALog(_) => "not-a-log",
            Self::TooNew(_) => "too-new",
            Self::Damaged { .. } => "damaged",
            Self::Busy(_) => "busy",
            Self::Replaced(_) => "replaced",
            Self::Held(_) => "held",
            Self::Full(_) => "full",
            Self::Failed { .. } => "failed",
            Self::Closed => "closed",
        }
    }

    /// Whether the same call may succeed later without anybody's help.
    pub fn transient(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Full(_) | Self::Failed { .. })
    }
}
