//! The queue: who works on what, deliveries and what became of them.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::{QueryBuilder, SqliteConnection};

use super::{Delivery, Due, Error, Lease, Log, ROWS, Undecided, id, json, stamp, time};
use crate::request::{Event, LONGEST_PAUSE, RequestId, State, Verdict, step};

impl Log {
    /// Claims mails that are to be answered, oldest first, but for those on which the program died.
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

    /// Claims replies that are due, oldest first, and books the attempt. What a person asked
    /// to be tried again comes before all others.
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

    /// Records results of deliveries; reply bytes and raw mail are dropped once a request has ended.
    ///
    /// That a reply was accepted counts whoever has the lease by now; that it was not, only
    /// while `owner` has it. What failed keeps its bytes for [`Log::retry`].
    pub async fn record(&self, owner: &str, deliveries: Vec<Delivery>) -> Result<(), Error> {
        let owner = owner.to_owned();
        self.change(move |connection| Box::pin(record(connection, owner, deliveries)))
            .await
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
    let mut rows: Vec<(String, i64, String, String, u32, String)> = sqlx::query_as(
        "UPDATE request SET claimed_by = ?1, claimed_until = ?2, attempts = attempts + 1, \
         first_attempt_at = min(coalesce(first_attempt_at, ?3), ?3) WHERE seq IN (\
             SELECT seq FROM request WHERE state = 'waiting' AND next_attempt_at <= ?5 \
             AND (claimed_until IS NULL OR claimed_until <= ?3 OR claimed_until > ?6) \
             ORDER BY next_attempt_at, seq LIMIT ?4) \
         RETURNING next_attempt_at, seq, id, reply_to, attempts, first_attempt_at",
    )
    .bind(&lease.owner)
    .bind(stamp(lease.until))
    .bind(stamp(lease.now))
    .bind(limit)
    .bind(stamp(due))
    .bind(stamp(farthest(&lease)))
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

/// A delivery that counts, with what it makes of its request.
struct Outcome {
    seq: i64,
    next: State,
    delivery: Delivery,
}

async fn record(
    connection: &mut SqliteConnection,
    owner: String,
    deliveries: Vec<Delivery>,
) -> sqlx::Result<()> {
    let outcomes = outcomes(connection, &owner, deliveries).await?;
    forget_repeated(connection, &outcomes).await?;
    for some in outcomes.chunks(ROWS) {
        let mut insert =
            QueryBuilder::new("INSERT INTO delivery (request, ended_at, verdict, response) ");
        insert.push_values(some, |mut row, outcome| {
            row.push_bind(outcome.seq)
                .push_bind(stamp(outcome.delivery.at))
                .push_bind(outcome.delivery.verdict.word())
                .push_bind(&outcome.delivery.response);
        });
        insert.build().execute(&mut *connection).await?;
    }
    let changes: Vec<_> = outcomes.iter().map(Outcome::columns).collect();
    sqlx::query(
        "UPDATE request SET state = o.value ->> 1, next_attempt_at = o.value ->> 2, \
         answered_at = o.value ->> 3, error = o.value ->> 4, claimed_by = NULL, claimed_until = NULL \
         FROM json_each(?) o WHERE request.seq = o.value ->> 0",
    )
    .bind(json(&changes)?)
    .execute(&mut *connection)
    .await?;
    let answered = outcomes
        .iter()
        .filter(|outcome| outcome.next == State::Answered);
    let answered: Vec<i64> = answered.map(|outcome| outcome.seq).collect();
    drop_bytes(connection, &answered).await?;
    crate::halt::at(crate::halt::Point::Noting);
    Ok(())
}

/// Of failures that repeat word for word the last is kept: a server that is down for days
/// is one line of a reply's history.
async fn forget_repeated(
    connection: &mut SqliteConnection,
    outcomes: &[Outcome],
) -> sqlx::Result<()> {
    let said: Vec<_> = outcomes
        .iter()
        .map(|outcome| {
            let delivery = &outcome.delivery;
            (outcome.seq, delivery.verdict.word(), &delivery.response)
        })
        .collect();
    sqlx::query(
        "DELETE FROM delivery WHERE seq IN (\
             SELECT d.seq FROM json_each(?) o JOIN delivery d ON d.request = o.value ->> 0 \
             WHERE d.verdict = o.value ->> 1 AND d.response = o.value ->> 2 \
             AND d.seq = (SELECT max(seq) FROM delivery WHERE request = d.request))",
    )
    .bind(json(&said)?)
    .execute(connection)
    .await
    .map(drop)
}

/// What of the deliveries counts: of a request that waits, accepted or while `owner` has its lease.
async fn outcomes(
    connection: &mut SqliteConnection,
    owner: &str,
    deliveries: Vec<Delivery>,
) -> sqlx::Result<Vec<Outcome>> {
    let ids: Vec<&str> = deliveries
        .iter()
        .map(|delivery| delivery.id.as_str())
        .collect();
    let rows: Vec<(String, i64, String, Option<String>)> = sqlx::query_as(
        "SELECT id, seq, state, claimed_by FROM request \
         WHERE forgotten = 0 AND id IN (SELECT value FROM json_each(?))",
    )
    .bind(json(&ids)?)
    .fetch_all(connection)
    .await?;
    let mut rows: HashMap<_, _> = rows
        .into_iter()
        .map(|(id, seq, state, by)| (id, (seq, state, by)))
        .collect();
    let outcomes = deliveries.into_iter().filter_map(|delivery| {
        let (seq, state, claimed_by) = rows.remove(delivery.id.as_str())?;
        let counts = delivery.verdict == Verdict::Accepted || claimed_by.as_deref() == Some(owner);
        let event = Event::Delivered {
            verdict: delivery.verdict,
            again: delivery.next.is_some(),
        };
        let next = step(State::parse(&state)?, event)?;
        counts.then_some(Outcome {
            seq,
            next,
            delivery,
        })
    });
    Ok(outcomes.collect())
}

impl Outcome {
    /// Its request's number and new state, next_attempt_at, answered_at, error.
    fn columns(&self) -> (i64, &str, Option<String>, Option<String>, Option<&str>) {
        let accepted = self.next == State::Answered;
        let again = self.delivery.next.filter(|_| self.next == State::Waiting);
        (
            self.seq,
            self.next.word(),
            again.map(stamp),
            accepted.then(|| stamp(self.delivery.at)),
            (!accepted).then_some(&self.delivery.response),
        )
    }
}

/// Drops mail and reply of requests that have ended well.
pub(super) async fn drop_bytes(
    connection: &mut SqliteConnection,
    requests: &[i64],
) -> sqlx::Result<()> {
    if requests.is_empty() {
        return Ok(());
    }
    let requests = json(&requests)?;
    sqlx::query("DELETE FROM mail WHERE request IN (SELECT value FROM json_each(?))")
        .bind(&requests)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM reply WHERE request IN (SELECT value FROM json_each(?))")
        .bind(&requests)
        .execute(connection)
        .await
        .map(drop)
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
