//! From a claimed mail to its decision: what is known of its sender and thread, and what was decided.

use jiff::Timestamp;
use sqlx::{QueryBuilder, SqliteConnection};

use super::defer::UNSOUND;
use super::delivery::drop_bytes;
use super::report::note_report;
use super::traffic::Traffic;
use super::{Background, Decided, Error, Headers, Inquiry, Log, ROWS, Recorded, id, json, stamp};
use crate::answer::{Decision, Finished, Reply};
use crate::mail::MessageId;
use crate::request::{Event, RequestId, State, step};
use crate::understand::Earlier;

impl Log {
    /// What is known at `now` of the senders and threads of claimed mails, in the order given; their
    /// header fields are noted, so that a mail that comes twice is told from its copy.
    pub async fn backgrounds(
        &self,
        inquiries: Vec<Inquiry>,
        now: Timestamp,
    ) -> Result<Vec<Background>, Error> {
        self.change(move |connection| Box::pin(backgrounds(connection, inquiries, now)))
            .await
    }

    /// Records decisions with documents and reply: `waiting`, `ignored` or `failed`; and what mail servers
    /// report on earlier replies; all in one transaction.
    pub async fn decide(&self, owner: &str, decided: Vec<Decided>) -> Result<Recorded, Error> {
        let owner = owner.to_owned();
        self.change(move |connection| Box::pin(decide(connection, owner, decided)))
            .await
    }
}

async fn backgrounds(
    connection: &mut SqliteConnection,
    inquiries: Vec<Inquiry>,
    now: Timestamp,
) -> sqlx::Result<Vec<Background>> {
    let mut duplicates = Vec::with_capacity(inquiries.len());
    for inquiry in &inquiries {
        duplicates.push(note(connection, &inquiry.id, &inquiry.headers).await?);
    }
    let traffic = Traffic::before(connection, &inquiries, now).await?;
    let asked: Vec<_> = inquiries
        .iter()
        .map(|inquiry| {
            let thread: Vec<&str> = inquiry.thread.iter().map(MessageId::as_str).collect();
            (&inquiry.headers.reply_to, thread, inquiry.id.as_str())
        })
        .collect();
    // The newest request of the thread that was answered to the same address: by the id of our
    // reply, or that of the sender's own mail.
    // Before it comes whoever waits in the same thread: the oldest of them first.
    let found: Vec<(Option<i64>, Option<i64>)> = sqlx::query_as(
        "SELECT (SELECT max(r.seq) FROM json_each(i.value -> 1) t \
             JOIN request r ON r.reply_message_id = t.value OR r.message_id = t.value \
             WHERE r.leaves IS NOT NULL AND r.reply_to = i.value ->> 0), \
         (SELECT min(r.seq) FROM json_each(i.value -> 1) t \
             JOIN request e ON e.reply_message_id = t.value OR e.message_id = t.value \
             JOIN request r ON r.seq = e.seq OR r.thread = coalesce(e.thread, e.seq) \
             WHERE r.state = 'received' AND r.reason = ?2 AND r.reply_to = i.value ->> 0 \
             AND r.seq < (SELECT seq FROM request WHERE id = i.value ->> 2)) \
         FROM json_each(?1) i ORDER BY i.key",
    )
    .bind(json(&asked)?)
    .bind(UNSOUND)
    .fetch_all(&mut *connection)
    .await?;
    let mut backgrounds = Vec::with_capacity(found.len());
    for ((inquiry, duplicate_of), (before, waits)) in inquiries.iter().zip(duplicates).zip(found) {
        let earlier = match before {
            Some(seq) => Some(join_thread(connection, &inquiry.id, seq).await?),
            None => None,
        };
        let behind = match waits {
            Some(seq) => Some(waiting(connection, seq).await?),
            None => None,
        };
        let (sender, domain) = traffic.of(inquiry);
        backgrounds.push(Background {
            replies: sender.replies,
            documents: sender.documents,
            fruitless: sender.fruitless,
            domain_replies: domain.replies,
            domain_told: domain.told,
            duplicate_of,
            earlier,
            behind,
        });
    }
    Ok(backgrounds)
}

/// A request that waits, and the motion it waits for.
async fn waiting(connection: &mut SqliteConnection, seq: i64) -> sqlx::Result<(RequestId, String)> {
    let (name, motion): (String, String) =
        sqlx::query_as("SELECT id, coalesce(template, '') FROM request WHERE seq = ?")
            .bind(seq)
            .fetch_one(connection)
            .await?;
    Ok((id(&name)?, motion))
}

/// Notes that a request belongs to the thread of an earlier one; returns what that one left.
///
/// The rounds are counted in the whole thread: whoever answers an old question again gets no further one.
async fn join_thread(
    connection: &mut SqliteConnection,
    request: &RequestId,
    earlier: i64,
) -> sqlx::Result<Earlier> {
    let first: i64 = sqlx::query_scalar(
        "UPDATE request SET thread = (SELECT coalesce(e.thread, e.seq) FROM request e WHERE e.seq = ?1) \
         WHERE id = ?2 RETURNING thread",
    )
    .bind(earlier)
    .bind(request.as_str())
    .fetch_one(&mut *connection)
    .await?;
    let (leaves, rounds): (String, u32) = sqlx::query_as(
        "SELECT e.leaves, (SELECT count(*) FROM request r \
             WHERE (r.seq = ?1 OR r.thread = ?1) AND r.decision = 'question' AND r.seq > coalesce((\
                 SELECT max(d.seq) FROM request d \
                 WHERE (d.seq = ?1 OR d.thread = ?1) AND d.decision = 'document'), 0)) \
         FROM request e WHERE e.seq = ?2",
    )
    .bind(first)
    .bind(earlier)
    .fetch_one(connection)
    .await?;
    let left: Earlier =
        serde_json::from_str(&leaves).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Earlier { rounds, ..left })
}

/// Notes header fields; returns the request it repeats. That is judged when they are noted first, so that
/// two mails never take each other for the original. What failed or was refused without a word was not
/// answered: it may be repeated.
async fn note(
    connection: &mut SqliteConnection,
    request: &RequestId,
    headers: &Headers,
) -> sqlx::Result<Option<RequestId>> {
    let original: Option<Option<String>> = sqlx::query_scalar(
        "UPDATE request SET message_id = coalesce(?1, message_id), sender = coalesce(?2, sender), \
         reply_to = coalesce(?3, reply_to), subject = coalesce(?4, subject), \
         duplicate_of = iif(fingerprint IS NULL, (\
             SELECT min(o.seq) FROM request o WHERE o.fingerprint = ?5 AND o.message_id IS ?1 \
             AND o.duplicate_of IS NULL AND o.state <> 'failed' AND o.seq <> request.seq \
             AND NOT (o.state = 'ignored' AND o.decision = 'refuse')), duplicate_of), \
         fingerprint = coalesce(nullif(?5, ''), fingerprint) WHERE id = ?6 AND forgotten = 0 \
         RETURNING (SELECT o.id FROM request o WHERE o.seq = request.duplicate_of)",
    )
    .bind(headers.message_id.as_ref().map(MessageId::as_str))
    .bind(&headers.from)
    .bind(&headers.reply_to)
    .bind(&headers.subject)
    .bind(&headers.fingerprint)
    .bind(request.as_str())
    .fetch_optional(connection)
    .await?;
    original.flatten().as_deref().map(id).transpose()
}

/// Records decisions.
async fn decide(
    connection: &mut SqliteConnection,
    owner: String,
    decided: Vec<Decided>,
) -> sqlx::Result<Recorded> {
    let (mut recorded, mut ended) = (Recorded::default(), Vec::new());
    let (mut documents, mut replies) = (Vec::new(), Vec::new());
    for decided in decided {
        let Some(seq) = update(connection, &owner, &decided).await? else {
            recorded.lost.push(decided.id);
            continue;
        };
        let Some(answer) = decided.answer else {
            continue;
        };
        documents.extend(
            (1_i64..)
                .zip(answer.documents)
                .map(|(position, document)| (seq, position, document)),
        );
        if let Some(report) = &answer.report {
            let bounced = note_report(connection, seq, &decided.id, report).await?;
            recorded.bounced.extend(bounced);
        }
        match answer.reply {
            Some(reply) => replies.push((seq, reply)),
            None => ended.push(seq),
        }
    }
    insert_documents(connection, &documents).await?;
    insert_replies(connection, &replies).await?;
    drop_bytes(connection, &ended).await?;
    crate::halt::at(crate::halt::Point::Deciding);
    Ok(recorded)
}

/// Writes a decision into the request's row; returns its number, or `None` if the lease was lost.
async fn update(
    connection: &mut SqliteConnection,
    owner: &str,
    decided: &Decided,
) -> sqlx::Result<Option<i64>> {
    let answer = decided.answer.as_ref();
    let reply = answer.and_then(|answer| answer.reply.as_ref());
    let event = match answer {
        Some(_) => Event::Decided {
            reply: reply.is_some(),
        },
        None => Event::Broken,
    };
    let decision = answer.map(|answer| &answer.decision);
    let leaves = answer.and_then(|answer| answer.leaves.as_ref());
    let template = answer.and_then(|answer| answer.template.as_ref());
    let evidence = answer.map(|answer| json(&answer.evidence));
    let headers = &decided.headers;
    let reply_to = reply.map(|reply| &reply.to);
    sqlx::query_scalar(
        "UPDATE request SET state = ?1, decided_at = ?2, decision = ?3, reason = ?4, template = ?5, \
         evidence = ?6, leaves = ?7, error = ?8, reply_message_id = ?9, \
         next_attempt_at = iif(?1 = 'waiting', ?2, NULL), message_id = coalesce(?10, message_id), \
         sender = coalesce(?11, sender), reply_to = coalesce(?12, reply_to), subject = coalesce(?13, subject), \
         claimed_by = NULL, claimed_until = NULL \
         WHERE id = ?14 AND claimed_by = ?15 AND state = 'received' RETURNING seq",
    )
    .bind(step(State::Received, event).map(State::word))
    .bind(stamp(decided.at))
    .bind(decision.map(Decision::as_str))
    .bind(decision.and_then(Decision::reason))
    .bind(template.map(|template| template.as_str()))
    .bind(evidence.transpose()?)
    .bind(leaves.map(json).transpose()?)
    .bind(&decided.error)
    .bind(reply.map(|reply| reply.message_id.as_str()))
    .bind(headers.message_id.as_ref().map(MessageId::as_str))
    .bind(&headers.from)
    .bind(reply_to.or(headers.reply_to.as_ref()))
    .bind(&headers.subject)
    .bind(decided.id.as_str())
    .bind(owner)
    .fetch_optional(connection)
    .await
}

async fn insert_documents(
    connection: &mut SqliteConnection,
    documents: &[(i64, i64, Finished)],
) -> sqlx::Result<()> {
    for some in documents.chunks(ROWS) {
        let mut insert = QueryBuilder::new(
            "INSERT INTO document (request, position, kommune, beirat, rat, file, sha256) ",
        );
        insert.push_values(some, |mut row, (seq, position, document)| {
            row.push_bind(seq)
                .push_bind(position)
                .push_bind(document.kommune.as_str())
                .push_bind(&document.beirat)
                .push_bind(&document.rat)
                .push_bind(&document.file)
                .push_bind(&document.sha256);
        });
        insert.build().execute(&mut *connection).await?;
    }
    Ok(())
}

async fn insert_replies(
    connection: &mut SqliteConnection,
    replies: &[(i64, Reply)],
) -> sqlx::Result<()> {
    for some in replies.chunks(ROWS) {
        let mut insert = QueryBuilder::new("INSERT INTO reply (request, bytes) ");
        insert.push_values(some, |mut row, (seq, reply)| {
            row.push_bind(seq).push_bind(reply.bytes.as_slice());
        });
        insert.build().execute(&mut *connection).await?;
    }
    Ok(())
}
