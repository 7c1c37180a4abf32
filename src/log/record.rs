//! The record for people and programs: list, show, export, stats.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::{Error, History, Log, Row, RowDocument, json, stamp};
use crate::request::{RequestId, State};

/// How many rows an export holds in memory.
const PAGE: u32 = 500;

/// Figures about all requests.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Stats {
    /// how many there are
    pub total: u64,
    /// how many came in the last hour
    pub last_hour: u64,
    /// how many came in the last 24 hours
    pub last_day: u64,
    /// how many there are of each decision
    pub decisions: BTreeMap<String, u64>,
    /// how many there are in each state
    pub states: BTreeMap<State, u64>,
    /// when the oldest that waits was received
    pub oldest_waiting: Option<String>,
}

/// The columns of a [`Row`].
#[derive(sqlx::FromRow)]
struct Record {
    seq: i64,
    id: String,
    received_at: String,
    message_id: Option<String>,
    sender: Option<String>,
    subject: Option<String>,
    decision: Option<String>,
    template: Option<String>,
    state: String,
    attempts: u32,
    answered_at: Option<String>,
    reply_message_id: Option<String>,
    error: Option<String>,
    reason: Option<String>,
}

impl Log {
    /// Requests, newest first.
    pub async fn list(&self, limit: u32) -> Result<Vec<Row>, Error> {
        let records = sqlx::query_as(
            "SELECT seq, id, received_at, message_id, sender, subject, decision, template, state, \
             attempts, answered_at, reply_message_id, error, reason \
             FROM request ORDER BY seq DESC LIMIT ?",
        )
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .map_err(|error| self.error(error))?;
        self.rows(records).await.map_err(|error| self.error(error))
    }

    /// One request with its evidence, its deliveries and its thread.
    pub async fn show(&self, id: &RequestId) -> Result<Option<History>, Error> {
        self.find(id).await.map_err(|error| self.error(error))
    }

    /// Hands over every request, oldest first. Ends at the first error of `each`.
    pub async fn export<E: From<Error>>(
        &self,
        mut each: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut last = 0;
        loop {
            let records = self.page(last).await;
            let records = records.map_err(|error| self.error(error))?;
            let Some(newest) = records.last() else {
                return Ok(());
            };
            last = newest.seq;
            let rows = self.rows(records).await;
            for row in rows.map_err(|error| self.error(error))? {
                each(row)?;
            }
        }
    }

    /// Figures about all requests.
    pub async fn stats(&self, now: Timestamp) -> Result<Stats, Error> {
        self.count(now).await.map_err(|error| self.error(error))
    }

    async fn page(&self, last: i64) -> sqlx::Result<Vec<Record>> {
        sqlx::query_as(
            "SELECT seq, id, received_at, message_id, sender, subject, decision, template, state, \
             attempts, answered_at, reply_message_id, error, reason FROM request \
             WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )
        .bind(last)
        .bind(PAGE)
        .fetch_all(&self.readers)
        .await
    }

    pub(super) async fn find(&self, id: &RequestId) -> sqlx::Result<Option<History>> {
        let record: Option<Record> = sqlx::query_as(
            "SELECT seq, id, received_at, message_id, sender, subject, decision, template, state, \
             attempts, answered_at, reply_message_id, error, reason FROM request WHERE id = ?",
        )
        .bind(id.as_str())
        .fetch_optional(&self.readers)
        .await?;
        let Some(record) = record else {
            return Ok(None);
        };
        let evidence: Vec<String> = sqlx::query_scalar(
            "SELECT e.value FROM request r JOIN json_each(r.evidence) e WHERE r.seq = ? ORDER BY e.key",
        )
        .bind(record.seq)
        .fetch_all(&self.readers)
        .await?;
        let deliveries: Vec<(String, String)> = sqlx::query_as(
            "SELECT ended_at, verdict || ': ' || response FROM delivery WHERE request = ? ORDER BY seq",
        )
        .bind(record.seq)
        .fetch_all(&self.readers)
        .await?;
        let deliveries = deliveries
            .into_iter()
            .map(|(at, how)| (to_seconds(at), how))
            .collect();
        let thread: Vec<String> = sqlx::query_scalar(
            "SELECT o.id FROM request r \
             JOIN request o ON o.seq = coalesce(r.thread, r.seq) OR o.thread = coalesce(r.thread, r.seq) \
             WHERE r.seq = ?1 AND o.seq <> ?1 ORDER BY o.seq",
        )
        .bind(record.seq)
        .fetch_all(&self.readers)
        .await?;
        let row = self.rows(vec![record]).await?.into_iter().next();
        Ok(row.map(|row| History {
            row,
            evidence,
            deliveries,
            thread,
        }))
    }

    /// Adds the documents.
    async fn rows(&self, records: Vec<Record>) -> sqlx::Result<Vec<Row>> {
        let requests: Vec<i64> = records.iter().map(|record| record.seq).collect();
        let found: Vec<(i64, String, String, String, String, String)> = sqlx::query_as(
            "SELECT request, kommune, beirat, rat, file, sha256 FROM document \
             WHERE request IN (SELECT value FROM json_each(?)) ORDER BY request, position",
        )
        .bind(json(&requests)?)
        .fetch_all(&self.readers)
        .await?;
        let mut documents: HashMap<i64, Vec<RowDocument>> = HashMap::new();
        for (request, kommune, beirat, rat, file, sha256) in found {
            documents.entry(request).or_default().push(RowDocument {
                kommune,
                beirat,
                rat,
                file,
                sha256,
            });
        }
        records
            .into_iter()
            .map(|record| {
                let documents = documents.remove(&record.seq).unwrap_or_default();
                record.into_row(documents)
            })
            .collect()
    }

    async fn count(&self, now: Timestamp) -> sqlx::Result<Stats> {
        let mut stats = Stats::default();
        let counts: Vec<(String, Option<String>, i64)> = sqlx::query_as(
            "SELECT state, decision, count(*) FROM request GROUP BY state, decision",
        )
        .fetch_all(&self.readers)
        .await?;
        for (state, decision, count) in counts {
            let count = count.unsigned_abs();
            stats.total += count;
            *stats.states.entry(parse_state(&state)?).or_default() += count;
            if let Some(decision) = decision {
                *stats.decisions.entry(decision).or_default() += count;
            }
        }
        let since = |hours| stamp(now - SignedDuration::from_hours(hours));
        let (hour, day, oldest): (i64, i64, Option<String>) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM request WHERE received_at > ?), \
             (SELECT count(*) FROM request WHERE received_at > ?), \
             (SELECT min(received_at) FROM (SELECT received_at FROM request WHERE state = 'received' \
             UNION ALL SELECT received_at FROM request WHERE state = 'waiting'))",
        )
        .bind(since(1))
        .bind(since(24))
        .fetch_one(&self.readers)
        .await?;
        stats.last_hour = hour.unsigned_abs();
        stats.last_day = day.unsigned_abs();
        stats.oldest_waiting = oldest.map(to_seconds);
        Ok(stats)
    }
}

impl Record {
    fn into_row(self, documents: Vec<RowDocument>) -> sqlx::Result<Row> {
        Ok(Row {
            state: parse_state(&self.state)?,
            id: self.id,
            received_at: to_seconds(self.received_at),
            message_id: self.message_id,
            from: self.sender,
            subject: self.subject,
            decision: self.decision,
            template: self.template,
            documents,
            attempts: self.attempts,
            answered_at: self.answered_at.map(to_seconds),
            reply_message_id: self.reply_message_id,
            error: self.error,
            reason: self.reason,
        })
    }
}

/// A state as people are told.
fn parse_state(word: &str) -> sqlx::Result<State> {
    let unknown = || sqlx::Error::Decode(format!("{word:?} is no state").into());
    State::parse(word)
        .map(State::for_people)
        .ok_or_else(unknown)
}

/// The contract's times have no fractions of a second.
pub(super) fn to_seconds(stamp: String) -> String {
    match stamp.split_once('.') {
        Some((seconds, _)) => format!("{seconds}Z"),
        None => stamp,
    }
}
