//! What became of an attempt to send a reply, in event lines and for the administrator.

use jiff::Timestamp;

use super::super::alarm::Cause;
use super::super::{Shared, second};
use super::Sent;
use super::traffic::News;
use crate::log::Due;
use crate::request::{State, Verdict};

/// Tells of an attempt; `next` is when there will be another.
pub(super) fn announce(
    shared: &Shared,
    reply: &Due,
    sent: &Sent,
    verdict: Verdict,
    next: Option<Timestamp>,
) {
    let (request, attempt, kind) = (reply.id.as_str(), reply.attempts, sent.kind);
    match (verdict, next) {
        (Verdict::Accepted, _) => tracing::info!(
            request.id = request,
            request.state = State::Answered.word(),
            attempt,
            "reply sent"
        ),
        (Verdict::TryAgain | Verdict::Unknown, Some(next)) => {
            let (state, next) = (State::Waiting.word(), second(next));
            // Of the way out it is told once for all; of what waits for days ever more rarely.
            if matches!(sent.news, News::Closed(_)) || !attempt.is_power_of_two() {
                tracing::debug!(
                    request.id = request,
                    request.state = state,
                    attempt,
                    error.kind = kind,
                    retry.at = next,
                    "reply not taken"
                );
            } else {
                tracing::warn!(
                    request.id = request,
                    request.state = state,
                    attempt,
                    error.kind = kind,
                    retry.at = next,
                    "reply not taken"
                );
            }
        }
        (Verdict::TryAgain | Verdict::Unknown | Verdict::GiveUp, _) => {
            tracing::error!(
                request.id = request,
                request.state = State::Failed.word(),
                attempt,
                error.kind = kind,
                "reply given up"
            );
            let detail =
                format!("Die Antwort auf die Anfrage {request} konnte nicht zugestellt werden.");
            shared.alarms.raise(Cause::RequestFailed, &detail);
        }
    }
}
