//! Figures for monitoring: exact, also after a restart, and cheap however long the log has grown, for what is
//! counted stands in indexes.

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

impl Log {
    /// The figures of this moment.
    pub async fn figures(&self) -> Result<Figures, Error> {
        let mut figures = match self.read_figures().await {
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
    async fn read_figures(&self) -> sqlx::Result<Figures> {
        let mut transaction = self.readers.begin().await?;
        let figures = read(&mut transaction).await?;
        transaction.commit().await?;
        Ok(figures)
    }
}

async fn read(connection: &mut SqliteConnection) -> sqlx::Result<Figures> {
    let counted: Vec<(Option<String>, String, Option<String>, i64)> = sqlx::query_as(
        "SELECT decision, state, reason, count(*) FROM request GROUP BY decision, state, reason",
    )
    .fetch_all(&mut *connection)
    .await?;
    let (mut requests, mut reasons) = (BTreeMap::new(), BTreeMap::new());
    for (decision, state, reason, count) in counted {
        let count = count.unsigned_abs();
        if let Some(decision @ ("refuse" | "ignore")) = decision.as_deref() {
            let of = (decision.to_owned(), reason.unwrap_or_default());
            *reasons.entry(of).or_default() += count;
        }
        *requests.entry((decision, state)).or_default() += count;
    }
    let in_state = |wanted: State| {
        let counts = requests.iter();
        counts
            .filter(|((_, state), _)| state == wanted.word())
            .map(|(_, count)| count)
            .sum::<u64>()
    };
    // Left to itself, SQLite looks for the first row of a state from the first row of all.
    let undecided: Option<String> = sqlx::query_scalar(
        "SELECT min(received_at) FROM request INDEXED BY request_undecided WHERE state = 'received'",
    )
    .fetch_one(&mut *connection)
    .await?;
    let waiting: Option<String> = sqlx::query_scalar(
        "SELECT received_at FROM request WHERE seq = \
         (SELECT min(seq) FROM request INDEXED BY request_due WHERE state = 'waiting')",
    )
    .fetch_optional(&mut *connection)
    .await?;
    Ok(Figures {
        reasons,
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
