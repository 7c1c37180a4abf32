//! Removing personal data; the rows stay, and with them the counts.

use jiff::Timestamp;
use sqlx::SqliteConnection;
use tokio::sync::oneshot;

use super::writer::Task;
use super::{Error, Log, json, stamp};

impl Log {
    /// Removes what is known of this address, upper or lower case; returns how many requests were its own.
    ///
    /// Those that were not finished end as failed. Where the address stands in the record of somebody
    /// else's request, that part of the record goes; a mail that is still to be answered keeps its bytes
    /// until then. When this returns, the file and its -wal and -shm hold nothing more of it.
    pub async fn forget(&self, address: &str) -> Result<u64, Error> {
        let address = address.trim().to_owned();
        let forgotten = self
            .change(|connection| Box::pin(forget(connection, address)))
            .await?;
        self.scrub().await?;
        Ok(forgotten)
    }

    /// Removes the personal data of requests that were received before and have ended; returns how many.
    pub async fn purge(&self, before: Timestamp) -> Result<u64, Error> {
        let purged = self
            .change(move |connection| Box::pin(purge(connection, before)))
            .await?;
        if purged > 0 {
            self.scrub().await?;
        }
        Ok(purged)
    }

    async fn scrub(&self) -> Result<(), Error> {
        let (caller, done) = oneshot::channel();
        let sent = self.writer.send(Task::Scrub(caller)).await;
        sent.map_err(|_| Error::Closed)?;
        done.await.map_err(|_| Error::Closed)?
    }
}

async fn forget(connection: &mut SqliteConnection, address: String) -> sqlx::Result<u64> {
    if address.is_empty() {
        return Ok(0);
    }
    let own: Vec<i64> =
        sqlx::query_scalar("SELECT seq FROM request WHERE sender = ?1 OR reply_to = ?1")
            .bind(&address)
            .fetch_all(&mut *connection)
            .await?;
    wipe(connection, &own).await?;
    for sql in MENTIONS {
        sqlx::query(sql)
            .bind(&address)
            .execute(&mut *connection)
            .await?;
    }
    Ok(own.len() as u64)
}

/// The address in the records of others.
const MENTIONS: [&str; 4] = [
    "UPDATE request SET subject = NULL, leaves = NULL, evidence = NULL, error = NULL, message_id = NULL \
     WHERE instr(lower(concat_ws(' ', subject, leaves, evidence, error, message_id)), lower(?)) > 0",
    "DELETE FROM delivery WHERE instr(lower(response), lower(?)) > 0",
    "DELETE FROM mail WHERE instr(lower(CAST(bytes AS TEXT)), lower(?)) > 0 \
     AND request NOT IN (SELECT seq FROM request WHERE state IN ('received', 'waiting'))",
    "DELETE FROM reply WHERE instr(lower(CAST(bytes AS TEXT)), lower(?)) > 0 \
     AND request NOT IN (SELECT seq FROM request WHERE state = 'waiting')",
];

async fn purge(connection: &mut SqliteConnection, before: Timestamp) -> sqlx::Result<u64> {
    let old: Vec<i64> = sqlx::query_scalar(
        "SELECT seq FROM request WHERE received_at < ? AND forgotten = 0 \
         AND state IN ('answered', 'failed', 'ignored')",
    )
    .bind(stamp(before))
    .fetch_all(&mut *connection)
    .await?;
    wipe(connection, &old).await?;
    Ok(old.len() as u64)
}

/// Removes the personal data of requests. Fingerprints stay: they tell nothing of a person, and without
/// them a mail that still lies in the mailbox would be answered once more after a change of UIDVALIDITY.
async fn wipe(connection: &mut SqliteConnection, requests: &[i64]) -> sqlx::Result<()> {
    let requests = json(&requests)?;
    for sql in [
        "UPDATE request SET message_id = NULL, sender = NULL, reply_to = NULL, subject = NULL, \
         evidence = NULL, leaves = NULL, reply_message_id = NULL, next_attempt_at = NULL, \
         error = iif(state IN ('received', 'waiting'), 'forgotten before it was finished', NULL), \
         state = iif(state IN ('received', 'waiting'), 'failed', state), forgotten = 1 \
         WHERE seq IN (SELECT value FROM json_each(?))",
        "DELETE FROM mail WHERE request IN (SELECT value FROM json_each(?))",
        "DELETE FROM reply WHERE request IN (SELECT value FROM json_each(?))",
        "DELETE FROM delivery WHERE request IN (SELECT value FROM json_each(?))",
    ] {
        sqlx::query(sql)
            .bind(&requests)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
