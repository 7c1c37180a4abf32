//! The queue: who works on what, and until when.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{Due, Error, Lease, Log, Undecided, id, json, stamp, time};
use crate::request::{Event, LONGEST_PAUSE, RequestId, State, step};

/// Bytes of mails or replies that are claimed together: they are held in memory.
const TOGETHER: i64 = 16 << 20;

impl Log {
    /// Claims mails that are to be answered, oldest first, but for those on which the program died; fewer
    /// than `limit` where they are large.
    pub async fn claim_undecided(
        &self,
        lease: &Lease,
        limit: u32,
    ) -> Result<Vec<Undecided>, Error> {
        let lease = lease.clone();
        self.change(move |connection| Box::pin(claim_undecided(connection, lease, NEW, limit)))
            .await
    }

    /// Claims one of the mails on which the program died: it alone, for if it is to blame, it must not take
    /// others along.
    pub async fn claim_fatal(&self, lease: &Lease) -> Result<Vec<Undecided>, Error> {
        let lease = lease.clone();
        self.change(move |connection| Box::pin(claim_undecided(connection, lease, FATAL, 1)))
            .await
    }

    /// Counts against a mail that the program died on it.
    pub(super) async fn blame(&self, request: &RequestId) -> Result<(), Error> {
        let request = request.clone();
        self.change(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE request SET begun = begun + 1 WHERE id = ? AND state = 'received'",
                )
                .bind(request.as_str())
                .execute(connection)
                .await
                .map(drop)
            })
        })
        .await
    }

    /// Gives back the mails that `owner` has claimed and cannot answer now.
    pub async fn put_back(&self, owner: &str) -> Result<(), Error> {
        let owner = owner.to_owned();
        self.change(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE request SET claimed_by = NULL, claimed_until = NULL \
                     WHERE claimed_by = ? AND state = 'received'",
                )
                .bind(owner)
                .execute(connection)
                .await
                .map(drop)
            })
        })
        .await
    }

    /// Claims replies that are due, oldest first, and books the attempt; fewer than `limit` where they are
    /// large. What a person asked to be tried again comes before all others.
    pub async fn claim_due(&self, lease: &Lease, limit: u32) -> Result<Vec<Due>, Error> {
        let lease = lease.clone();
        self.change(move |connection| Box::pin(claim_due(connection, lease.now, lease, limit)))
            .await
    }

    /// As [`Log::claim_due`], but only what a person asked to be tried again.
    pub async fn claim_retried(&self, lease: &Lease, limit: u32) -> Result<Vec<Due>, Error> {
        let lease = lease.clone();
        self.change(move |connection| Box::pin(claim_due(connection, RETRIED, lease, limit)))
            .await
    }

    /// Gives back replies that `owner` has claimed and not tried to send: as if they had not been claimed.
    pub async fn give_back(&self, owner: &str, requests: &[RequestId]) -> Result<(), Error> {
        let ids: Vec<&str> = requests.iter().map(RequestId::as_str).collect();
        let ids = json(&ids).map_err(|error| self.error(error))?;
        let owner = owner.to_owned();
        self.change(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE request SET claimed_by = NULL, claimed_until = NULL, attempts = attempts - 1 \
                     WHERE id IN (SELECT value FROM json_each(?)) AND claimed_by = ? AND state = 'waiting'",
                )
                .bind(ids)
                .bind(owner)
                .execute(connection)
                .await
                .map(drop)
            })
        })
        .await
    }

    /// Whether `owner` still works on a reply that is to be sent: asked right before it is sent.
    pub async fn has_lease(&self, owner: &str, id: &RequestId) -> Result<bool, Error> {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM request WHERE id = ? AND claimed_by = ? AND state = 'waiting')",
        )
        .bind(id.as_str())
        .bind(owner)
        .fetch_one(&self.readers)
        .await
        .map_err(|error| self.error(error))
    }

    /// Gives all leases back, so that nobody has to wait for their end: at a stop one's own, at a start
    /// those of a predecessor that was killed. Only the process that [`holds`](Log::hold) the log may do
    /// so. Deliveries of which nothing was recorded do not count.
    pub async fn release(&self) -> Result<(), Error> {
        self.change(|connection| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE request SET claimed_by = NULL, claimed_until = NULL, \
                     attempts = attempts - (state = 'waiting') \
                     WHERE claimed_by IS NOT NULL",
                )
                .execute(connection)
                .await
                .map(drop)
            })
        })
        .await
    }

    /// Tries a request again that failed or waits: its reply is due at once, or, if it has none, its
    /// mail is to be answered once more. Returns its state from now on; `None` if it is unknown.
    /// What was answered or ignored stays so, and so does what has lost its bytes. Whoever works on
    /// it at this moment keeps the lease.
    pub async fn retry(&self, id: &RequestId) -> Result<Option<State>, Error> {
        let id = id.clone();
        self.change(move |connection| Box::pin(retry(connection, id)))
            .await
    }
}

/// When what a person asked to be tried again is due: before all others.
const RETRIED: Timestamp = Timestamp::UNIX_EPOCH;

/// Leases that end later were given by a clock that has been set back since.
fn farthest(lease: &Lease) -> Timestamp {
    let length = lease.now.duration_until(lease.until);
    lease.until.checked_add(length).unwrap_or(Timestamp::MAX)
}

// `begun` counts how often the program died on a mail.

/// Mails on which the program never died, oldest first.
const NEW: &str = "SELECT seq FROM request WHERE state = 'received' AND begun = 0 \
                   AND (claimed_until IS NULL OR claimed_until <= ?1 OR claimed_until > ?3) ORDER BY received_at, seq LIMIT ?2";

/// Mails on which it died: those first on which it did so less often.
const FATAL: &str = "SELECT seq FROM request WHERE state = 'received' AND begun > 0 \
                     AND (claimed_until IS NULL OR claimed_until <= ?1 OR claimed_until > ?3) \
                     ORDER BY begun, received_at, seq LIMIT ?2";

async fn claim_undecided(
    connection: &mut SqliteConnection,
    lease: Lease,
    which: &'static str,
    limit: u32,
) -> sqlx::Result<Vec<Undecided>> {
    let found: Vec<i64> = sqlx::query_scalar(which)
        .bind(stamp(lease.now))
        .bind(limit)
        .bind(stamp(farthest(&lease)))
        .fetch_all(&mut *connection)
        .await?;
    let found = some_of(
        connection,
        "SELECT request, length(bytes) FROM mail WHERE request IN (SELECT value FROM json_each(?))",
        found,
    )
    .await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: Vec<(i64, String, i64, String, u32)> = sqlx::query_as(
        "UPDATE request SET claimed_by = ?1, claimed_until = ?2 \
         WHERE seq IN (SELECT value FROM json_each(?3)) \
         RETURNING seq, id, size_bytes, received_at, begun",
    )
    .bind(&lease.owner)
    .bind(stamp(lease.until))
    .bind(json(&found)?)
    .fetch_all(&mut *connection)
    .await?;
    rows.sort_by(|a, b| (&a.3, a.0).cmp(&(&b.3, b.0)));
    let mut mails = bytes_of(
        connection,
        "SELECT request, bytes FROM mail WHERE request IN (SELECT value FROM json_each(?))",
        rows.iter().map(|row| row.0).collect(),
    )
    .await?;
    rows.into_iter()
        .map(|(seq, name, size, received_at, deaths)| {
            Ok(Undecided {
                id: id(&name)?,
                raw: mails.remove(&seq).unwrap_or_default(),
                size: size.unsigned_abs(),
                received_at: time(&received_at)?,
                deaths,
            })
        })
        .collect()
}

async fn claim_due(
    connection: &mut SqliteConnection,
    due: Timestamp,
    lease: Lease,
    limit: u32,
) -> sqlx::Result<Vec<Due>> {
    let latest = lease.now.checked_add(LONGEST_PAUSE);
    // The clock was set back: what was planned by it before is due.
    sqlx::query(
        "UPDATE request SET next_attempt_at = ?1 WHERE state = 'waiting' AND next_attempt_at > ?2",
    )
    .bind(stamp(lease.now))
    .bind(stamp(latest.unwrap_or(Timestamp::MAX)))
    .execute(&mut *connection)
    .await?;
    let found: Vec<i64> = sqlx::query_scalar(
        "SELECT seq FROM request WHERE state = 'waiting' AND next_attempt_at <= ?1 \
         AND (claimed_until IS NULL OR claimed_until <= ?2 OR claimed_until > ?3) \
         ORDER BY next_attempt_at, seq LIMIT ?4",
    )
    .bind(stamp(due))
    .bind(stamp(lease.now))
    .bind(stamp(farthest(&lease)))
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    let found = some_of(
        connection,
        "SELECT request, length(bytes) FROM reply WHERE request IN (SELECT value FROM json_each(?))",
        found,
    )
    .await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: Vec<(String, i64, String, String, u32, String)> = sqlx::query_as(
        "UPDATE request SET claimed_by = ?1, claimed_until = ?2, attempts = attempts + 1, \
         first_attempt_at = min(coalesce(first_attempt_at, ?3), ?3) \
         WHERE seq IN (SELECT value FROM json_each(?4)) \
         RETURNING next_attempt_at, seq, id, reply_to, attempts, first_attempt_at",
    )
    .bind(&lease.owner)
    .bind(stamp(lease.until))
    .bind(stamp(lease.now))
    .bind(json(&found)?)
    .fetch_all(&mut *connection)
    .await?;
    rows.sort();
    let mut replies = bytes_of(
        connection,
        "SELECT request, bytes FROM reply WHERE request IN (SELECT value FROM json_each(?))",
        rows.iter().map(|row| row.1).collect(),
    )
    .await?;
    rows.into_iter()
        .map(|(_, seq, name, to, attempts, first_attempt_at)| {
            Ok(Due {
                id: id(&name)?,
                to,
                bytes: replies.remove(&seq).unwrap_or_default(),
                attempts,
                first_attempt_at: time(&first_attempt_at)?,
            })
        })
        .collect()
}

/// Those of these requests, in order, whose bytes fit into memory together, and the one that goes beyond.
async fn some_of(
    connection: &mut SqliteConnection,
    lengths: &'static str,
    mut requests: Vec<i64>,
) -> sqlx::Result<Vec<i64>> {
    if requests.is_empty() {
        return Ok(requests);
    }
    let found: Vec<(i64, i64)> = sqlx::query_as(lengths)
        .bind(json(&requests)?)
        .fetch_all(connection)
        .await?;
    let lengths: HashMap<i64, i64> = found.into_iter().collect();
    let mut bytes = 0;
    requests.retain(|request| {
        let fits = bytes < TOGETHER;
        bytes += lengths.get(request).copied().unwrap_or(0);
        fits
    });
    Ok(requests)
}

async fn bytes_of(
    connection: &mut SqliteConnection,
    sql: &'static str,
    requests: Vec<i64>,
) -> sqlx::Result<HashMap<i64, Vec<u8>>> {
    if requests.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query_as(sql)
        .bind(json(&requests)?)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

async fn retry(connection: &mut SqliteConnection, id: RequestId) -> sqlx::Result<Option<State>> {
    let found: Option<(i64, String, bool, bool)> = sqlx::query_as(
        "SELECT seq, state, EXISTS (SELECT 1 FROM reply WHERE request = seq), \
         EXISTS (SELECT 1 FROM mail WHERE request = seq) FROM request WHERE id = ?",
    )
    .bind(id.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    let Some((seq, state, reply, mail)) = found else {
        return Ok(None);
    };
    let Some(state) = State::parse(&state) else {
        return Ok(None);
    };
    let Some(next) = step(state, Event::Retried { reply, mail }) else {
        return Ok(Some(state));
    };
    // The clock of `max_retry_age` and the count of beginnings start anew.
    sqlx::query(
        "UPDATE request SET state = ?1, error = NULL, begun = 0, first_attempt_at = NULL, \
         next_attempt_at = iif(?1 = 'waiting', ?2, NULL), \
         claimed_until = iif(claimed_by IS NULL, NULL, claimed_until) WHERE seq = ?3",
    )
    .bind(next.word())
    .bind(stamp(RETRIED))
    .bind(seq)
    .execute(connection)
    .await?;
    Ok(Some(next))
}
