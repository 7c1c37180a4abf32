//! From a claimed mail to its decision: what is known of its sender and thread, and what was decided.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::{QueryBuilder, SqliteConnection};

use super::defer::UNSOUND;
use super::delivery::drop_bytes;
use super::report::note_report;
use super::traffic::Traffic;
use super::{Background, Decided, Error, Inquiry, Log, ROWS, Recorded, id, json, stamp};
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
    let mut duplicates = note(connection, &inquiries).await?;
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
    for (inquiry, (before, waits)) in inquiries.iter().zip(found) {
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
            duplicate_of: duplicates.remove(&inquiry.id),
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

/// Notes header fields; returns the requests that are repeated, by what repeats them. That is judged when they
/// are noted first, so that two mails never take each other for the original. What failed or was refused
/// without a word was not answered: it may be repeated.
async fn note(
    connection: &mut SqliteConnection,
    inquiries: &[Inquiry],
) -> sqlx::Result<HashMap<RequestId, RequestId>> {
    let mut originals = HashMap::new();
    for round in in_turn(inquiries) {
        let noted: Vec<(String, Option<String>)> = sqlx::query_as(
            "UPDATE request SET message_id = coalesce(n.value ->> 'message_id', message_id), \
             sender = coalesce(n.value ->> 'sender', sender), reply_to = coalesce(n.value ->> 'reply_to', reply_to), \
             subject = coalesce(n.value ->> 'subject', subject), \
             duplicate_of = iif(fingerprint IS NULL, (\
                 SELECT min(o.seq) FROM request o \
                 WHERE o.fingerprint = n.value ->> 'fingerprint' AND o.message_id IS n.value ->> 'message_id' \
                 AND o.duplicate_of IS NULL AND o.state <> 'failed' AND o.seq <> request.seq \
                 AND NOT (o.state = 'ignored' AND o.decision = 'refuse')), duplicate_of), \
             fingerprint = coalesce(nullif(n.value ->> 'fingerprint', ''), fingerprint) \
             FROM json_each(?) n WHERE request.id = n.value ->> 'id' AND forgotten = 0 \
             RETURNING id, (SELECT o.id FROM request o WHERE o.seq = request.duplicate_of)",
        )
        .bind(json(&round)?)
        .fetch_all(&mut *connection)
        .await?;
        for (request, original) in noted {
            if let Some(original) = original {
                originals.insert(id(&request)?, id(&original)?);
            }
        }
    }
    Ok(originals)
}

/// Header fields, as they are written into the request's row.
#[derive(serde::Serialize)]
struct Noted<'a> {
    id: &'a str,
    message_id: Option<&'a str>,
    sender: Option<&'a str>,
    reply_to: Option<&'a str>,
    subject: Option<&'a str>,
    fingerprint: &'a str,
}

impl<'a> Noted<'a> {
    fn of(Inquiry { id, headers, .. }: &'a Inquiry) -> Self {
        Self {
            id: id.as_str(),
            message_id: headers.message_id.as_ref().map(MessageId::as_str),
            sender: headers.from.as_deref(),
            reply_to: headers.reply_to.as_deref(),
            subject: headers.subject.as_deref(),
            fingerprint: &headers.fingerprint,
        }
    }
}

/// Mails that are the same take turns, for each is to find those before it; all others come together.
fn in_turn(inquiries: &[Inquiry]) -> Vec<Vec<Noted<'_>>> {
    let mut turns: HashMap<_, usize> = HashMap::new();
    let mut rounds: Vec<Vec<_>> = Vec::new();
    for noted in inquiries.iter().map(Noted::of) {
        let turn = turns
            .entry((noted.message_id, noted.fingerprint))
            .or_default();
        match rounds.get_mut(*turn) {
            Some(round) => round.push(noted),
            None => rounds.push(vec![noted]),
        }
        *turn += 1;
    }
    rounds
}

/// Records decisions.
async fn decide(
    connection: &mut SqliteConnection,
    owner: String,
    decided: Vec<Decided>,
) -> sqlx::Result<Recorded> {
    let (mut recorded, mut ended) = (Recorded::default(), Vec::new());
    let (mut documents, mut replies) = (Vec::new(), Vec::new());
    let mut numbers = update(connection, &owner, &decided).await?;
    for decided in decided {
        let Some(seq) = numbers.remove(decided.id.as_str()) else {
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

/// A decision, as it is written into the request's row.
#[derive(serde::Serialize)]
struct Columns<'a> {
    id: &'a str,
    state: Option<&'static str>,
    decided_at: String,
    decision: Option<&'static str>,
    reason: Option<&'static str>,
    template: Option<&'a str>,
    evidence: Option<&'a [String]>,
    leaves: Option<&'a Earlier>,
    error: Option<&'a str>,
    reply_message_id: Option<&'a str>,
    message_id: Option<&'a str>,
    sender: Option<&'a str>,
    reply_to: Option<&'a str>,
    subject: Option<&'a str>,
}

impl<'a> Columns<'a> {
    fn of(decided: &'a Decided) -> Self {
        let answer = decided.answer.as_ref();
        let reply = answer.and_then(|answer| answer.reply.as_ref());
        let event = match answer {
            Some(_) => Event::Decided {
                reply: reply.is_some(),
            },
            None => Event::Broken,
        };
        let decision = answer.map(|answer| &answer.decision);
        let template = answer.and_then(|answer| answer.template.as_ref());
        let headers = &decided.headers;
        let reply_to = reply.map(|reply| reply.to.as_str());
        Self {
            id: decided.id.as_str(),
            state: step(State::Received, event).map(State::word),
            decided_at: stamp(decided.at),
            decision: decision.map(Decision::as_str),
            reason: decision.and_then(Decision::reason),
            template: template.map(|template| template.as_str()),
            evidence: answer.map(|answer| answer.evidence.as_slice()),
            leaves: answer.and_then(|answer| answer.leaves.as_ref()),
            error: decided.error.as_deref(),
            reply_message_id: reply.map(|reply| reply.message_id.as_str()),
            message_id: headers.message_id.as_ref().map(MessageId::as_str),
            sender: headers.from.as_deref(),
            reply_to: reply_to.or(headers.reply_to.as_deref()),
            subject: headers.subject.as_deref(),
        }
    }
}

/// Writes decisions into the requests' rows; returns the numbers of those whose lease was not lost.
async fn update(
    connection: &mut SqliteConnection,
    owner: &str,
    decided: &[Decided],
) -> sqlx::Result<HashMap<String, i64>> {
    let columns: Vec<_> = decided.iter().map(Columns::of).collect();
    let numbers: Vec<(String, i64)> = sqlx::query_as(
        "UPDATE request SET state = d.value ->> 'state', decided_at = d.value ->> 'decided_at', \
         decision = d.value ->> 'decision', reason = d.value ->> 'reason', \
         template = d.value ->> 'template', evidence = d.value ->> 'evidence', \
         leaves = d.value ->> 'leaves', error = d.value ->> 'error', \
         reply_message_id = d.value ->> 'reply_message_id', \
         next_attempt_at = iif(d.value ->> 'state' = 'waiting', d.value ->> 'decided_at', NULL), \
         message_id = coalesce(d.value ->> 'message_id', message_id), \
         sender = coalesce(d.value ->> 'sender', sender), \
         reply_to = coalesce(d.value ->> 'reply_to', reply_to), \
         subject = coalesce(d.value ->> 'subject', subject), claimed_by = NULL, claimed_until = NULL \
         FROM json_each(?) d WHERE request.id = d.value ->> 'id' AND claimed_by = ? AND state = 'received' \
         RETURNING id, seq",
    )
    .bind(json(&columns)?)
    .bind(owner)
    .fetch_all(connection)
    .await?;
    Ok(numbers.into_iter().collect())
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
