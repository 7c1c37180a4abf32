//! Figures for monitoring: exact, also after a restart, and cheap however long the log has grown.
//!
//! States and decisions are counted on indexes. The reasons of decisions stand in the rows alone: they are
//! counted once, and from then on those of new rows only.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{Error, Log, time};
use crate::request::State;

/// What the log knows about all requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// how many requests there are, by decision (`None`: not decided, or failed before) and state
    pub requests: BTreeMap<(Option<String>, String), u64>,
    /// how many were refused or ignored, by decision and reason
    pub reasons: BTreeMap<(String, String), u64>,
    /// mails that are recorded and not decided yet
    pub undecided: u64,
    /// replies that are queued or being retried
    pub waiting: u64,
    /// when the oldest request that has no reply yet, and is to get one, was received
    pub oldest_waiting: Option<Timestamp>,
    /// the size of the database and its write-ahead log in bytes
    pub size: u64,
}

/// The reasons counted so far; carried from one call of [`Log::figures`] to the next.
#[derive(Debug, Clone, Default)]
pub struct Reasons {
    /// rows up to this one are counted, for their decisions stay
    through: i64,
    counts: BTreeMap<(String, String), u64>,
}

impl Log {
    /// The figures of this moment.
    pub async fn figures(&self, counted: &mut Reasons) -> Result<Figures, Error> {
        let mut figures = match self.read_figures(counted).await {
            Ok(figures) => figures,
            Err(error) => return Err(self.error(error)),
        };
        for suffix in ["", "-wal"] {
            let mut file = self.path.as_os_str().to_owned();
            file.push(suffix);
            // The write-ahead log may be missing.
            figures.size += tokio::fs::metadata(file).await.map_or(0, |file| file.len());
        }
        Ok(figures)
    }

    /// All in one transaction: the counts fit together.
    async fn read_figures(&self, counted: &mut Reasons) -> sqlx::Result<Figures> {
        let mut transaction = self.readers.begin().await?;
        let figures = read(&mut transaction, counted).await?;
        transaction.commit().await?;
        Ok(figures)
    }
}

async fn read(connection: &mut SqliteConnection, counted: &mut Reasons) -> sqlx::Result<Figures> {
    let requests: Vec<(Option<String>, String, i64)> =
        sqlx::query_as("SELECT decision, state, count(*) FROM request GROUP BY decision, state")
            .fetch_all(&mut *connection)
            .await?;
    let requests: BTreeMap<_, _> = requests
        .into_iter()
        .map(|(decision, state, count)| ((decision, state), count.unsigned_abs()))
        .collect();
    let in_state = |wanted: State| {
        let counts = requests.iter();
        counts
            .filter(|((_, state), _)| state == wanted.word())
            .map(|(_, count)| count)
            .sum::<u64>()
    };
    // Left to itself, SQLite looks for the first row of a state from the first row of all.
    let (undecided, first): (Option<String>, Option<i64>) = sqlx::query_as(
        "SELECT min(received_at), min(seq) FROM request INDEXED BY request_undecided \
         WHERE state = 'received'",
    )
    .fetch_one(&mut *connection)
    .await?;
    let waiting: Option<String> = sqlx::query_scalar(
        "SELECT received_at FROM request WHERE seq = \
         (SELECT min(seq) FROM request INDEXED BY request_due WHERE state = 'waiting')",
    )
    .fetch_optional(&mut *connection)
    .await?;
    let expected = requests
        .iter()
        .filter(|((decision, _), _)| matches!(decision.as_deref(), Some("refuse" | "ignore")));
    let expected = expected.map(|(_, count)| count).sum();
    Ok(Figures {
        reasons: reasons(connection, counted, expected, first).await?,
        undecided: in_state(State::Received),
        waiting: in_state(State::Waiting),
        requests,
        oldest_waiting: undecided
            .into_iter()
            .chain(waiting)
            .min()
            .map(|stamp| time(&stamp))
            .transpose()?,
        size: 0,
    })
}

/// The reasons of all rows, of which there are `expected`; `undecided` is the first row without a decision.
async fn reasons(
    connection: &mut SqliteConnection,
    counted: &mut Reasons,
    expected: u64,
    undecided: Option<i64>,
) -> sqlx::Result<BTreeMap<(String, String), u64>> {
    let last: Option<i64> = sqlx::query_scalar("SELECT max(seq) FROM request")
        .fetch_one(&mut *connection)
        .await?;
    let through = undecided.map_or(last.unwrap_or(0), |first| first - 1);
    loop {
        let from = counted.through;
        let to = through.max(from);
        count(connection, from, to, &mut counted.counts).await?;
        counted.through = to;
        let mut all = counted.counts.clone();
        count(connection, to, i64::MAX, &mut all).await?;
        if from == 0 || all.values().sum::<u64>() == expected {
            return Ok(all);
        }
        // One that had failed undecided was tried again and has been decided since.
        *counted = Reasons::default();
    }
}

/// Adds the reasons of the rows after one, up to another.
async fn count(
    connection: &mut SqliteConnection,
    after: i64,
    through: i64,
    counts: &mut BTreeMap<(String, String), u64>,
) -> sqlx::Result<()> {
    let found: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT decision, coalesce(reason, ''), count(*) FROM request NOT INDEXED \
         WHERE seq > ?1 AND seq <= ?2 AND decision IN ('refuse', 'ignore') GROUP BY 1, 2",
    )
    .bind(after)
    .bind(through)
    .fetch_all(connection)
    .await?;
    for (decision, reason, count) in found {
        *counts.entry((decision, reason)).or_default() += count.unsigned_abs();
    }
    Ok(())
}
