//! Mails as they arrive, the places they lie at, and how far a mailbox was read.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};
use sqlx::{QueryBuilder, SqliteConnection, SqlitePool};

use super::{Arrival, Error, Log, Progress, ROWS, json, stamp, time};
use crate::request::{Place, State};

/// The positions in a list of places of those that are known.
const KNOWN: &str = "SELECT l.key FROM json_each(?) l JOIN place p ON p.mailbox = l.value ->> 0 \
                     AND p.validity = l.value ->> 1 AND p.name = l.value ->> 2 ORDER BY l.key";

impl Log {
    /// How far this mailbox was read; `None` before the first start.
    pub async fn progress(&self, mailbox: &str) -> Result<Option<Progress>, Error> {
        let found = progress(&self.readers, mailbox).await;
        found.map_err(|error| self.error(error))
    }

    /// Which of these places are not recorded yet, in the order given.
    pub async fn unknown(&self, places: Vec<Place>) -> Result<Vec<Place>, Error> {
        let list = list(&places).map_err(|error| self.error(error))?;
        let known: Vec<u32> = sqlx::query_scalar(KNOWN)
            .bind(list)
            .fetch_all(&self.readers)
            .await
            .map_err(|error| self.error(error))?;
        let mut known = known.into_iter().peekable();
        Ok((0..)
            .zip(places)
            .filter(|(key, _)| known.next_if_eq(key).is_none())
            .map(|(_, place)| place)
            .collect())
    }

    /// Records mails under their places, and the progress, in one transaction. A place that is known is left as it is.
    ///
    /// After a change of UIDVALIDITY a mail that was recorded under another one, byte for byte the same,
    /// is no new request: its place is moved.
    pub async fn receive(
        &self,
        mailbox: &str,
        arrivals: Vec<Arrival>,
        progress: Option<Progress>,
    ) -> Result<(), Error> {
        let mailbox = mailbox.to_owned();
        self.change(move |connection| Box::pin(receive(connection, mailbox, arrivals, progress)))
            .await
    }

    /// Places of this mailbox whose request has ended or waits for the mail server, and that are not set aside yet.
    pub async fn unsettled(&self, mailbox: &str, limit: u32) -> Result<Vec<Place>, Error> {
        // A request waits for the mail server once a delivery was refused.
        let rows: Vec<(String, u32, String)> = sqlx::query_as(
            "SELECT p.mailbox, p.validity, p.name FROM place p \
             JOIN request r ON r.seq = p.request WHERE p.mailbox = ? AND p.settled = 0 \
             AND (r.state IN ('answered', 'failed', 'ignored') OR (r.state = 'waiting' AND r.error IS NOT NULL)) \
             ORDER BY p.request LIMIT ?",
        )
        .bind(mailbox)
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .map_err(|error| self.error(error))?;
        Ok(rows
            .into_iter()
            .map(|(mailbox, validity, name)| Place {
                mailbox,
                validity,
                name,
            })
            .collect())
    }

    /// Notes that these places have been set aside.
    pub async fn settled(&self, places: Vec<Place>) -> Result<(), Error> {
        self.change(|connection| Box::pin(settle(connection, places)))
            .await
    }
}

/// Places for `json_each`.
fn list(places: &[Place]) -> sqlx::Result<String> {
    let rows: Vec<_> = places
        .iter()
        .map(|place| (&place.mailbox, place.validity, &place.name))
        .collect();
    json(&rows)
}

async fn progress(readers: &SqlitePool, mailbox: &str) -> sqlx::Result<Option<Progress>> {
    let found: Option<(u32, u32, String)> =
        sqlx::query_as("SELECT validity, next_uid, since FROM mailbox WHERE name = ?")
            .bind(mailbox)
            .fetch_optional(readers)
            .await?;
    let Some((validity, next_uid, since)) = found else {
        return Ok(None);
    };
    Ok(Some(Progress {
        validity,
        next_uid,
        since: time(&since)?,
    }))
}

async fn receive(
    connection: &mut SqliteConnection,
    mailbox: String,
    arrivals: Vec<Arrival>,
    progress: Option<Progress>,
) -> sqlx::Result<()> {
    let arrivals = unrecorded(connection, arrivals).await?;
    let mut new = Vec::with_capacity(arrivals.len());
    let renumbered = has_other_validity(connection, &mailbox, &arrivals).await?;
    for arrival in arrivals {
        let content = sha256(&arrival.raw);
        if !renumbered || !move_place(connection, &arrival.place, &content).await? {
            new.push((arrival, content));
        }
    }
    insert(connection, &new).await?;
    if let Some(progress) = progress {
        sqlx::query(
            "INSERT INTO mailbox (name, validity, next_uid, since) VALUES (?, ?, ?, ?) ON CONFLICT (name) \
             DO UPDATE SET validity = excluded.validity, next_uid = excluded.next_uid, since = excluded.since",
        )
        .bind(mailbox)
        .bind(progress.validity)
        .bind(progress.next_uid)
        .bind(stamp(progress.since))
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// Without those whose place is known.
async fn unrecorded(
    connection: &mut SqliteConnection,
    arrivals: Vec<Arrival>,
) -> sqlx::Result<Vec<Arrival>> {
    let places: Vec<_> = arrivals
        .iter()
        .map(|arrival| arrival.place.clone())
        .collect();
    let known: HashSet<u32> = sqlx::query_scalar(KNOWN)
        .bind(list(&places)?)
        .fetch_all(connection)
        .await?
        .into_iter()
        .collect();
    let numbered = (0..).zip(arrivals);
    let unrecorded = numbered.filter(|(number, _)| !known.contains(number));
    Ok(unrecorded.map(|(_, arrival)| arrival).collect())
}

/// Whether mails of this mailbox were recorded under another UIDVALIDITY than these.
async fn has_other_validity(
    connection: &mut SqliteConnection,
    mailbox: &str,
    arrivals: &[Arrival],
) -> sqlx::Result<bool> {
    let Some(first) = arrivals.first() else {
        return Ok(false);
    };
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM place WHERE mailbox = ?1 AND validity < ?2) \
         OR EXISTS (SELECT 1 FROM place WHERE mailbox = ?1 AND validity > ?2)",
    )
    .bind(mailbox)
    .bind(first.place.validity)
    .fetch_one(connection)
    .await
}

/// Finds the same bytes in the same mailbox under another UIDVALIDITY and moves their place here;
/// under its new name the mail can be set aside again.
async fn move_place(
    connection: &mut SqliteConnection,
    place: &Place,
    content: &str,
) -> sqlx::Result<bool> {
    let moved = sqlx::query(
        "UPDATE place SET validity = ?2, name = ?3, settled = 0 WHERE rowid = (\
             SELECT p.rowid FROM request r JOIN place p ON p.request = r.seq \
             WHERE r.content_sha256 = ?4 AND p.mailbox = ?1 AND p.validity <> ?2 ORDER BY r.seq LIMIT 1)",
    )
    .bind(&place.mailbox)
    .bind(place.validity)
    .bind(&place.name)
    .bind(content)
    .execute(connection)
    .await?;
    Ok(moved.rows_affected() > 0)
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn insert(
    connection: &mut SqliteConnection,
    arrivals: &[(Arrival, String)],
) -> sqlx::Result<()> {
    for some in arrivals.chunks(ROWS) {
        let mut requests = QueryBuilder::new(
            "INSERT INTO request (id, state, received_at, size_bytes, content_sha256) ",
        );
        requests.push_values(some, |mut row, (arrival, content)| {
            row.push_bind(arrival.id.as_str())
                .push_bind(State::Received.word())
                .push_bind(stamp(arrival.received_at))
                .push_bind(i64::try_from(arrival.size).unwrap_or(i64::MAX))
                .push_bind(content);
        });
        requests.push(" RETURNING id, seq");
        let numbers: Vec<(String, i64)> = requests
            .build_query_as()
            .fetch_all(&mut *connection)
            .await?;
        let numbers: HashMap<String, i64> = numbers.into_iter().collect();
        let number = |arrival: &Arrival| numbers.get(arrival.id.as_str()).copied();
        let mut mails = QueryBuilder::new("INSERT INTO mail (request, bytes) ");
        mails.push_values(some, |mut row, (arrival, _)| {
            row.push_bind(number(arrival))
                .push_bind(arrival.raw.as_slice());
        });
        mails.build().execute(&mut *connection).await?;
        let mut places = QueryBuilder::new("INSERT INTO place (mailbox, validity, name, request) ");
        places.push_values(some, |mut row, (arrival, _)| {
            row.push_bind(&arrival.place.mailbox)
                .push_bind(arrival.place.validity)
                .push_bind(&arrival.place.name)
                .push_bind(number(arrival));
        });
        places.build().execute(&mut *connection).await?;
        crate::halt::at(crate::halt::Point::Recording);
    }
    Ok(())
}

async fn settle(connection: &mut SqliteConnection, places: Vec<Place>) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE place SET settled = 1 WHERE (mailbox, validity, name) IN \
         (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))",
    )
    .bind(list(&places)?)
    .execute(connection)
    .await?;
    crate::halt::at(crate::halt::Point::Settling);
    Ok(())
}
