//! Removing personal data; the rows stay, and with them the counts.

use jiff::Timestamp;
use sqlx::SqliteConnection;
use tokio::sync::oneshot;

use super::mentions::blank_mentions;
use super::person::Person;
use super::writer::Task;
use super::{Error, Headers, Log, json, stamp};
use crate::mail;

/// The requests that came from one of these addresses or are answered to it, oldest first.
pub(super) const OWN: &str = "SELECT seq, id FROM request WHERE sender IN (SELECT value FROM json_each(?1)) \
                              OR reply_to IN (SELECT value FROM json_each(?1)) ORDER BY seq";

/// What became of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// how many requests were its own
    pub requests: u64,
    /// why the file could not be written anew yet: until then, scraps of what was removed may be
    /// left between the rows. The service makes up for it.
    pub scraps: Option<Error>,
}

impl Log {
    /// Removes what is known of this address, upper or lower case, its domain in either spelling.
    ///
    /// Its own requests that were not finished end as failed. Where the address stands in what is kept
    /// of somebody else's request, it alone is blanked out, in encodings as well; what compressed files
    /// hold is not looked into. When this returns without scraps, the file and its -wal and -shm hold
    /// nothing more of it. What is cut off in the midst is finished by the service.
    pub async fn forget(&self, address: &str) -> Result<Forgotten, Error> {
        let Some(person) = Person::new(address) else {
            return Ok(Forgotten {
                requests: 0,
                scraps: None,
            });
        };
        let requests = self
            .change(|connection| Box::pin(forget(connection, person)))
            .await?;
        let scraps = self.scrub().await.err();
        Ok(Forgotten { requests, scraps })
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

pub(super) async fn forget(connection: &mut SqliteConnection, person: Person) -> sqlx::Result<u64> {
    owe_scrub(connection).await?;
    let own = own_requests(connection, &person).await?;
    wipe(connection, &own).await?;
    blank_mentions(connection, &person).await?;
    Ok(own.len() as u64)
}

/// The requests that came from this person or are answered to them; also those nobody has read yet.
async fn own_requests(
    connection: &mut SqliteConnection,
    person: &Person,
) -> sqlx::Result<Vec<i64>> {
    let own: Vec<(i64, String)> = sqlx::query_as(OWN)
        .bind(json(&person.addresses())?)
        .fetch_all(&mut *connection)
        .await?;
    let mut own: Vec<i64> = own.into_iter().map(|(seq, _)| seq).collect();
    let unread: Vec<i64> = sqlx::query_scalar(
        "SELECT seq FROM request WHERE state = 'received' AND fingerprint IS NULL",
    )
    .fetch_all(&mut *connection)
    .await?;
    for seq in unread {
        let raw: Option<Vec<u8>> = sqlx::query_scalar("SELECT bytes FROM mail WHERE request = ?")
            .bind(seq)
            .fetch_optional(&mut *connection)
            .await?;
        let headers = Headers::of(&mail::parse(&raw.unwrap_or_default()));
        let mut addresses = headers.from.iter().chain(&headers.reply_to);
        if addresses.any(|address| person.is(address)) {
            own.push(seq);
        }
    }
    Ok(own)
}

async fn purge(connection: &mut SqliteConnection, before: Timestamp) -> sqlx::Result<u64> {
    let old: Vec<i64> = sqlx::query_scalar(
        "SELECT seq FROM request WHERE received_at < ? AND forgotten = 0 \
         AND state IN ('answered', 'failed', 'ignored')",
    )
    .bind(stamp(before))
    .fetch_all(&mut *connection)
    .await?;
    if !old.is_empty() {
        owe_scrub(connection).await?;
        wipe(connection, &old).await?;
    }
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

/// Notes in the file that it is to be written anew, whatever becomes of this process, and has what is
/// deleted from now on overwritten wherever it lies.
async fn owe_scrub(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::raw_sql("PRAGMA secure_delete = ON; PRAGMA user_version = 1")
        .execute(connection)
        .await
        .map(drop)
}
