//! What `template check` found sound, for the service to take up: a note between two processes.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{Error, Log, stamp, time};

/// What was checked and found sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// the motion's id
    pub motion: String,
    /// the folder of templates that it lies in
    pub folder: PathBuf,
    /// when
    pub at: Timestamp,
}

/// What became of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakenUp {
    /// nobody has looked at it
    NotYet,
    /// the service uses it
    Yes,
    /// the service cannot use it; why, in German
    Refused(String),
}

impl Log {
    /// Notes that something was checked; an earlier note of the same is replaced.
    pub async fn note_checked(&self, checked: Checked) -> Result<(), Error> {
        self.change(move |connection| Box::pin(note(connection, checked)))
            .await
    }

    /// What was checked and nobody has looked at yet, oldest first.
    pub async fn checked(&self) -> Result<Vec<Checked>, Error> {
        let rows: Result<Vec<(String, String, String)>, _> = sqlx::query_as(
            "SELECT motion, folder, at FROM checked WHERE refused IS NULL ORDER BY at, motion",
        )
        .fetch_all(&self.readers)
        .await;
        let checked = |(motion, folder, at): (String, String, String)| {
            Ok(Checked {
                motion,
                folder: folder.into(),
                at: time(&at)?,
            })
        };
        rows.and_then(|rows| rows.into_iter().map(checked).collect())
            .map_err(|error| self.error(error))
    }

    /// Notes that what was checked is in use: nothing is left of the note; or why it is not.
    /// A later note of the same motion stays.
    pub async fn settle_checked(
        &self,
        checked: Checked,
        refused: Option<String>,
    ) -> Result<(), Error> {
        self.change(move |connection| Box::pin(settle(connection, checked, refused)))
            .await
    }

    /// What became of a note.
    pub async fn taken_up(&self, motion: &str) -> Result<TakenUp, Error> {
        let row: Result<Option<Option<String>>, _> =
            sqlx::query_scalar("SELECT refused FROM checked WHERE motion = ?")
                .bind(motion)
                .fetch_optional(&self.readers)
                .await;
        Ok(match row.map_err(|error| self.error(error))? {
            None => TakenUp::Yes,
            Some(None) => TakenUp::NotYet,
            Some(Some(words)) => TakenUp::Refused(words),
        })
    }

    /// Whether a daemon works on this log; `false` where that cannot be seen.
    pub fn is_held(&self) -> bool {
        is_held(&self.path)
    }
}

/// Whether a daemon works on the log of this path; `false` where that cannot be seen.
pub(super) fn is_held(log: &Path) -> bool {
    let mut name = log.as_os_str().to_owned();
    name.push("-lock");
    #[expect(
        clippy::disallowed_methods,
        reason = "the lock is a file beside the database; it is not made here"
    )]
    let file = File::open(PathBuf::from(name));
    let shared = file.map(|file| file.try_lock_shared());
    matches!(shared, Ok(Err(TryLockError::WouldBlock)))
}

async fn note(connection: &mut SqliteConnection, checked: Checked) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO checked (motion, folder, at, refused) VALUES (?, ?, ?, NULL) \
         ON CONFLICT (motion) DO UPDATE SET folder = excluded.folder, at = excluded.at, refused = NULL",
    )
    .bind(checked.motion)
    .bind(checked.folder.to_string_lossy())
    .bind(stamp(checked.at))
    .execute(connection)
    .await
    .map(drop)
}

async fn settle(
    connection: &mut SqliteConnection,
    checked: Checked,
    refused: Option<String>,
) -> sqlx::Result<()> {
    let query = match &refused {
        Some(words) => sqlx::query("UPDATE checked SET refused = ? WHERE motion = ? AND at = ?")
            .bind(words.as_str()),
        None => sqlx::query("DELETE FROM checked WHERE motion = ? AND at = ?"),
    };
    query
        .bind(checked.motion)
        .bind(stamp(checked.at))
        .execute(connection)
        .await
        .map(drop)
}
