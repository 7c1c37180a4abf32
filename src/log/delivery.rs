//! Deliveries: what became of them, and what that makes of their requests.

use std::collections::HashMap;

use sqlx::{QueryBuilder, SqliteConnection};

use super::{Delivery, Error, Log, ROWS, json, stamp};
use crate::request::{Event, State, Verdict, step};

impl Log {
    /// Records results of deliveries; reply bytes and raw mail are dropped once a request has ended.
    ///
    /// That a reply was accepted counts whoever has the lease by now; that it was not, only
    /// while `owner` has it. What failed keeps its bytes for [`Log::retry`].
    pub async fn record(&self, owner: &str, deliveries: Vec<Delivery>) -> Result<(), Error> {
        let owner = owner.to_owned();
        self.change(move |connection| Box::pin(record(connection, owner, deliveries)))
            .await
    }
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
