//! A look at a log that leaves it as it is: nothing is made, nothing is brought up to date.
#![allow(
    clippy::disallowed_methods,
    reason = "asks the system whether the database file may be written to"
)]

use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::{Config, Error, checked, open, time};
use crate::request::State;

/// A database of at most so many bytes is read as a whole, which takes a moment.
const SOON_READ: u64 = 256 << 20;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// the version of its tables
    pub version: u32,
    /// the version that this program brings them to
    pub current: u32,
    /// the size of the database file in bytes
    pub size_bytes: u64,
    /// requests that wait to be decided or answered
    pub waiting: u64,
    /// requests that were given up
    pub failed: u64,
    /// when the oldest that waits was received
    pub oldest_waiting: Option<Timestamp>,
    /// whether a daemon works on it
    pub held: bool,
}

/// Looks at the log; `None` if there is none yet.
///
/// # Errors
/// Whatever would keep the service from opening it.
pub async fn survey(config: &Config) -> Result<Option<Survey>, Error> {
    let path = config.path.as_path();
    let file = OpenOptions::new().append(true).open(path);
    let size_bytes = match file.and_then(|file| file.metadata()) {
        Ok(data) => data.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(open::unusable(path, &error)),
    };
    let mut survey = Survey {
        version: 0,
        current: open::current_version(),
        size_bytes,
        waiting: 0,
        failed: 0,
        oldest_waiting: None,
        held: checked::is_held(path),
    };
    if size_bytes == 0 {
        return Ok(Some(survey));
    }
    let options = open::options(path).pragma("query_only", "ON");
    let mut connection = options.connect().await.map_err(translate(path))?;
    let counted = count(&mut connection, path, &mut survey).await;
    let closed = connection.close().await.map_err(translate(path));
    counted.and(closed)?;
    Ok(Some(survey))
}

async fn count(
    connection: &mut SqliteConnection,
    path: &Path,
    survey: &mut Survey,
) -> Result<(), Error> {
    if !open::is_ours(connection).await.map_err(translate(path))? {
        return Err(Error::NotALog(path.to_owned()));
    }
    survey.version = version(connection).await.map_err(translate(path))?;
    if survey.version > survey.current {
        return Err(Error::TooNew(path.to_owned()));
    }
    if survey.size_bytes <= SOON_READ {
        let fault = fault(connection).await.map_err(translate(path))?;
        if let Some(reason) = fault {
            let path = path.to_owned();
            return Err(Error::Damaged { path, reason });
        }
    }
    if survey.version > 0 {
        let counts = states(connection).await.map_err(translate(path))?;
        (survey.waiting, survey.failed, survey.oldest_waiting) = counts;
    }
    Ok(())
}

/// The first thing that is broken in it.
async fn fault(connection: &mut SqliteConnection) -> sqlx::Result<Option<String>> {
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(connection)
        .await?;
    Ok((found != "ok").then_some(found))
}

/// 0 where there are no tables yet.
async fn version(connection: &mut SqliteConnection) -> sqlx::Result<u32> {
    let tables: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
            .fetch_one(&mut *connection)
            .await?;
    if tables == 0 {
        return Ok(0);
    }
    sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success")
        .fetch_one(connection)
        .await
}

/// How many wait and how many failed, and when the oldest that waits was received.
async fn states(connection: &mut SqliteConnection) -> sqlx::Result<(u64, u64, Option<Timestamp>)> {
    let (waiting, failed, oldest): (i64, i64, Option<String>) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE state IN (?1, ?2)), count(*) FILTER (WHERE state = ?3), \
         min(received_at) FILTER (WHERE state IN (?1, ?2)) FROM request",
    )
    .bind(State::Received.word())
    .bind(State::Waiting.word())
    .bind(State::Failed.word())
    .fetch_one(connection)
    .await?;
    let oldest = oldest.as_deref().map(time).transpose()?;
    Ok((waiting.unsigned_abs(), failed.unsigned_abs(), oldest))
}

fn translate(path: &Path) -> impl FnOnce(sqlx::Error) -> Error {
    move |error| Error::new(path, &error)
}
