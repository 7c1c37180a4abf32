//! Claimed mails that cannot be decided yet.

use jiff::Timestamp;

use super::{Error, Log, json, stamp};
use crate::request::RequestId;

/// Why a request waits whose motion is not sound: its `reason` until it is decided.
pub(super) const UNSOUND: &str = "unsound";

/// A claimed mail that is put off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deferred {
    /// the request
    pub id: RequestId,
    /// when it is tried again
    pub until: Timestamp,
    /// the motion that it waits for, if that is why
    pub motion: Option<String>,
}

impl Log {
    /// Puts claimed mails off until their times, or until a person wants them tried again.
    pub async fn defer(&self, owner: &str, deferred: Vec<Deferred>) -> Result<(), Error> {
        let owner = owner.to_owned();
        self.change(move |connection| {
            Box::pin(async move {
                let deferred: Vec<_> = deferred
                    .iter()
                    .map(|it| (it.id.as_str(), stamp(it.until), it.motion.as_deref()))
                    .collect();
                sqlx::query(
                    "UPDATE request SET claimed_by = NULL, claimed_until = d.value ->> 1, \
                     template = d.value ->> 2, reason = iif(d.value ->> 2 IS NULL, NULL, ?3) \
                     FROM json_each(?1) d WHERE request.id = d.value ->> 0 AND request.state = 'received' \
                     AND request.claimed_by = ?2",
                )
                .bind(json(&deferred)?)
                .bind(owner)
                .bind(UNSOUND)
                .execute(connection)
                .await
                .map(drop)
            })
        })
        .await
    }

    /// Has all mails that wait for a motion tried again at once: it may be sound by now.
    pub async fn recall(&self) -> Result<(), Error> {
        self.change(|connection| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE request SET claimed_until = NULL \
                     WHERE state = 'received' AND claimed_by IS NULL AND reason = ?",
                )
                .bind(UNSOUND)
                .execute(connection)
                .await
                .map(drop)
            })
        })
        .await
    }
}
