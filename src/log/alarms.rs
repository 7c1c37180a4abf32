//! What the administrator has been told, over restarts.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{Error, Log, json, stamp, time};
use crate::answer::Cause;

/// What is kept of one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// which
    pub cause: Cause,
    /// when its trouble began
    pub since: Timestamp,
    /// "well", "untold", "told" or "recovered"
    pub state: &'static str,
    /// whether an earlier mail told of this trouble
    pub known: bool,
    /// when a mail last told of trouble
    pub mailed_at: Option<Timestamp>,
    /// what the next mail is to list
    pub details: Vec<String>,
    /// how many further ones were left out
    pub more: u32,
}

/// The words `Told::state` may hold.
const STATES: [&str; 4] = ["well", "untold", "told", "recovered"];

type Row = (String, String, String, bool, Option<String>, String, u32);

impl Log {
    /// What was kept last; causes and states of another version are left out.
    pub async fn alarms(&self) -> Result<Vec<Told>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT cause, since, state, known, mailed_at, details, more FROM alarm ORDER BY cause",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(|error| self.error(error))?;
        rows.into_iter()
            .filter_map(|row| told(row).transpose())
            .collect::<sqlx::Result<_>>()
            .map_err(|error| self.error(error))
    }

    /// Keeps this and nothing else.
    pub async fn keep_alarms(&self, alarms: Vec<Told>) -> Result<(), Error> {
        self.change(move |connection| Box::pin(keep(connection, alarms)))
            .await
    }
}

fn told(row: Row) -> sqlx::Result<Option<Told>> {
    let (cause, since, state, known, mailed_at, details, more) = row;
    let state = STATES.into_iter().find(|word| *word == state);
    let (Some(cause), Some(state)) = (Cause::parse(&cause), state) else {
        return Ok(None);
    };
    Ok(Some(Told {
        cause,
        since: time(&since)?,
        state,
        known,
        mailed_at: mailed_at.as_deref().map(time).transpose()?,
        details: serde_json::from_str(&details)
            .map_err(|error| sqlx::Error::Decode(error.into()))?,
        more,
    }))
}

async fn keep(connection: &mut SqliteConnection, alarms: Vec<Told>) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM alarm")
        .execute(&mut *connection)
        .await?;
    for told in alarms {
        sqlx::query(
            "INSERT INTO alarm (cause, since, state, known, mailed_at, details, more) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(told.cause.word())
        .bind(stamp(told.since))
        .bind(told.state)
        .bind(told.known)
        .bind(told.mailed_at.map(stamp))
        .bind(json(&told.details)?)
        .bind(told.more)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
