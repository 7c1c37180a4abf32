//! What mail servers report on replies, noted with both: the reply's request and the report.

use sqlx::SqliteConnection;

use crate::answer::Reported;
use crate::mail::{Action, Recipient};
use crate::request::{Event, RequestId, State, step};

/// Reports noted with one request at the most: some servers warn every few hours.
const MOST_NOTED: u32 = 20;

/// What every note of a report holds.
const REPORTED_BY: &str = "gemeldet durch";

/// Notes the report that row `seq` is, whose id is `report`; returns the request that failed by it.
///
/// A report on a reply nobody knows, or knows no more, is left alone; a second one on the same
/// failure changes nothing.
pub(super) async fn note_report(
    connection: &mut SqliteConnection,
    seq: i64,
    report: &RequestId,
    reported: &Reported,
) -> sqlx::Result<Option<RequestId>> {
    let found: Option<(i64, String, String)> = sqlx::query_as(
        "SELECT seq, id, state FROM request WHERE reply_message_id = ? ORDER BY seq DESC LIMIT 1",
    )
    .bind(reported.reply.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    let Some((answered, id, state)) = found else {
        return Ok(None);
    };
    let about = format!("Der Bericht gilt der Antwort auf die Anfrage {id}.");
    add_evidence(connection, seq, &about).await?;
    let outcome = &reported.outcome;
    if outcome.action < Action::Failed {
        let note = note(outcome, report);
        add_evidence(connection, answered, &note).await?;
        return Ok(None);
    }
    let next = State::parse(&state).and_then(|state| step(state, Event::Bounced));
    let Some(next) = next else {
        return Ok(None);
    };
    add_evidence(connection, answered, &note(outcome, report)).await?;
    sqlx::query(
        "UPDATE request SET state = ?1, error = ?2, next_attempt_at = NULL, \
         claimed_by = NULL, claimed_until = NULL WHERE seq = ?3",
    )
    .bind(next.word())
    .bind(format!("unzustellbar: {}", cause(outcome)))
    .bind(answered)
    .execute(connection)
    .await?;
    super::id(&id).map(Some)
}

async fn add_evidence(
    connection: &mut SqliteConnection,
    seq: i64,
    sentence: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE request SET evidence = json_insert(coalesce(evidence, '[]'), '$[#]', ?1) \
         WHERE seq = ?2 AND (SELECT count(*) FROM json_each(coalesce(evidence, '[]')) e \
             WHERE instr(e.value, ?3) > 0) < ?4",
    )
    .bind(sentence)
    .bind(seq)
    .bind(REPORTED_BY)
    .bind(MOST_NOTED)
    .execute(connection)
    .await
    .map(drop)
}

/// What the request's record says of a report.
fn note(outcome: &Recipient, report: &RequestId) -> String {
    let report = report.as_str();
    match outcome.action {
        Action::Delivered => format!("Als zugestellt {REPORTED_BY} {report}."),
        Action::Delayed => format!("Verzögerung {REPORTED_BY} {report}: {}", cause(outcome)),
        Action::Failed => format!("Unzustellbar {REPORTED_BY} {report}."),
    }
}

/// The server's words, with the status where they do not hold it.
fn cause(outcome: &Recipient) -> String {
    let words = outcome.words.as_str();
    match outcome.status.as_deref() {
        Some(status) if words.is_empty() => format!("Status {status}"),
        Some(status) if !words.contains(status) => format!("{words} (Status {status})"),
        None if words.is_empty() => "ohne Angabe eines Grundes".to_owned(),
        _ => words.to_owned(),
    }
}
