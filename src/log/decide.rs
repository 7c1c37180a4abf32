//! From a claimed mail to its decision: what is known of its sender and thread, and what was decided.

use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;

use super::queue::drop_bytes;
use super::{Background, Decided, Error, Headers, Log, OpenThread, id, json, stamp};
use crate::answer::{Decision, Finished, Reply};
use crate::mail::MessageId;
use crate::request::{Event, RequestId, State, step};
use crate::understand::Topic;

impl Log {
    /// What is known of the sender and thread of a claimed mail; its header fields are noted.
    ///
    /// Of two mails with the same content the one that is noted later is the duplicate.
    pub async fn background(
        &self,
        id: &RequestId,
        headers: &Headers,
        references: &[MessageId],
        now: Timestamp,
    ) -> Result<Background, Error> {
        let (id, headers) = (id.clone(), headers.clone());
        let references: Vec<_> = references.iter().map(|id| id.as_str().to_owned()).collect();
        self.change(move |connection| {
            Box::pin(background(connection, id, headers, references, now))
        })
        .await
    }

    /// Records decisions with documents and reply: `waiting`, `ignored` or `failed`; all in one transaction.
    ///
    /// Returns the requests whose lease `owner` had lost: nothing was recorded of them, somebody else answers them.
    pub async fn decide(
        &self,
        owner: &str,
        decided: Vec<Decided>,
    ) -> Result<Vec<RequestId>, Error> {
        let owner = owner.to_owned();
        self.change(|connection| {
            Box::pin(async move {
                let mut lost = Vec::new();
                for decided in decided {
                    lost.extend(decide(connection, &owner, decided).await?);
                }
                Ok(lost)
            })
        })
        .await
    }
}

async fn background(
    connection: &mut SqliteConnection,
    request: RequestId,
    headers: Headers,
    references: Vec<String>,
    now: Timestamp,
) -> sqlx::Result<Background> {
    let duplicate_of = note(connection, &request, &headers).await?;
    let hour_ago = stamp(now - SignedDuration::from_hours(1));
    let replies = sqlx::query_scalar(
        "SELECT count(*) FROM request \
         WHERE reply_to = ? AND reply_message_id IS NOT NULL AND decided_at > ?",
    )
    .bind(&headers.reply_to)
    .bind(&hour_ago)
    .fetch_one(&mut *connection)
    .await?;
    let documents = sqlx::query_scalar(
        "SELECT count(*) FROM request r JOIN document d ON d.request = r.seq \
         WHERE r.reply_to = ? AND r.reply_message_id IS NOT NULL AND r.decided_at > ?",
    )
    .bind(&headers.reply_to)
    .bind(&hour_ago)
    .fetch_one(&mut *connection)
    .await?;
    let open: Option<(String, String)> = sqlx::query_as(
        "SELECT text, asked FROM request WHERE reply_message_id IN (SELECT value FROM json_each(?)) \
         AND decision = 'question' AND reply_to = ? ORDER BY seq DESC LIMIT 1",
    )
    .bind(json(&references)?)
    .bind(&headers.reply_to)
    .fetch_optional(connection)
    .await?;
    let open = match open {
        Some((text, asked)) => {
            let asked = serde_json::from_str(&asked);
            let asked = asked.map_err(|error| sqlx::Error::Decode(error.into()))?;
            Some(OpenThread { text, asked })
        }
        None => None,
    };
    Ok(Background {
        replies,
        documents,
        duplicate_of,
        open,
    })
}

/// Notes header fields; returns the request it repeats. That is judged when they are noted first, so that
/// two mails never take each other for the original. What failed was not answered: it may be repeated.
async fn note(
    connection: &mut SqliteConnection,
    request: &RequestId,
    headers: &Headers,
) -> sqlx::Result<Option<RequestId>> {
    let original: Option<Option<i64>> = sqlx::query_scalar(
        "UPDATE request SET message_id = ?1, sender = ?2, reply_to = ?3, subject = ?4, \
         duplicate_of = iif(fingerprint IS NULL, (\
             SELECT min(o.seq) FROM request o WHERE o.fingerprint = ?5 AND o.message_id IS ?1 \
             AND o.duplicate_of IS NULL AND o.state <> 'failed' AND o.seq <> request.seq), duplicate_of), \
         fingerprint = nullif(?5, '') WHERE id = ?6 RETURNING duplicate_of",
    )
    .bind(headers.message_id.as_ref().map(MessageId::as_str))
    .bind(&headers.from)
    .bind(&headers.reply_to)
    .bind(&headers.subject)
    .bind(&headers.fingerprint)
    .bind(request.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    let original: Option<String> = sqlx::query_scalar("SELECT id FROM request WHERE seq = ?")
        .bind(original.flatten())
        .fetch_optional(connection)
        .await?;
    original.as_deref().map(id).transpose()
}

/// Records one decision; returns its request if the lease was lost.
async fn decide(
    connection: &mut SqliteConnection,
    owner: &str,
    decided: Decided,
) -> sqlx::Result<Option<RequestId>> {
    let Some(seq) = update(connection, owner, &decided).await? else {
        return Ok(Some(decided.id));
    };
    if let Some(answer) = decided.answer {
        insert_documents(connection, seq, &answer.documents).await?;
        match answer.reply {
            Some(reply) => insert_reply(connection, seq, reply).await?,
            None => drop_bytes(connection, seq).await?,
        }
    }
    Ok(None)
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
    let asked: Option<Vec<&str>> = match decision {
        Some(Decision::Question(topics)) => Some(topics.iter().map(Topic::as_str).collect()),
        _ => None,
    };
    let template = answer.and_then(|answer| answer.template.as_ref());
    let evidence = answer.map(|answer| json(&answer.evidence));
    let headers = &decided.headers;
    let reply_to = reply.map(|reply| &reply.to);
    sqlx::query_scalar(
        "UPDATE request SET state = ?1, decided_at = ?2, decision = ?3, reason = ?4, template = ?5, \
         evidence = ?6, asked = ?7, text = ?8, error = ?9, reply_message_id = ?10, \
         next_attempt_at = iif(?1 = 'waiting', ?2, NULL), message_id = coalesce(?11, message_id), \
         sender = coalesce(?12, sender), reply_to = coalesce(?13, reply_to), subject = coalesce(?14, subject), \
         claimed_by = NULL, claimed_until = NULL \
         WHERE id = ?15 AND claimed_by = ?16 AND state = 'received' RETURNING seq",
    )
    .bind(step(State::Received, event).map(State::word))
    .bind(stamp(decided.at))
    .bind(decision.map(Decision::as_str))
    .bind(decision.and_then(Decision::reason))
    .bind(template.map(|template| template.as_str()))
    .bind(evidence.transpose()?)
    .bind(asked.as_ref().map(json).transpose()?)
    .bind(asked.is_some().then_some(&headers.text))
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
    seq: i64,
    documents: &[Finished],
) -> sqlx::Result<()> {
    for (position, document) in (1_i64..).zip(documents) {
        sqlx::query(
            "INSERT INTO document (request, position, kommune, beirat, rat, file, sha256) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(seq)
        .bind(position)
        .bind(document.kommune.as_str())
        .bind(&document.beirat)
        .bind(&document.rat)
        .bind(&document.file)
        .bind(&document.sha256)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn insert_reply(
    connection: &mut SqliteConnection,
    seq: i64,
    reply: Reply,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO reply (request, bytes) VALUES (?, ?)")
        .bind(seq)
        .bind(reply.bytes)
        .execute(connection)
        .await
        .map(drop)
}
