//! What a day has brought so far, for who glances at the service. Cheap however long the log is:
//! only requests that can have ended on the day are looked at.

use jiff::{SignedDuration, Timestamp};

use super::{Error, Log, stamp};

/// How long before the day a request may have come that ends on it: replies are tried for five
/// days by default, and a mail waits two for its signatures.
const BEFORE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What a day has brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Day {
    /// requests that were answered on the day
    pub answered: u64,
    /// requests that were given up on the day
    pub failed: u64,
    /// requests that have no answer yet, of whatever day
    pub waiting: u64,
}

impl Log {
    /// What the day that began then has brought so far.
    pub async fn day(&self, began: Timestamp) -> Result<Day, Error> {
        let counted: Result<(i64, i64, i64), sqlx::Error> = sqlx::query_as(
            "SELECT count(*) FILTER (WHERE state = 'answered' AND answered_at >= ?1), \
             count(*) FILTER (WHERE state = 'failed' AND ?1 <= \
                 coalesce((SELECT max(ended_at) FROM delivery WHERE request = seq), decided_at)), \
             (SELECT count(*) FROM request WHERE state = 'received') + \
             (SELECT count(*) FROM request WHERE state = 'waiting') \
             FROM request WHERE received_at >= ?2",
        )
        .bind(stamp(began))
        .bind(stamp(began.checked_sub(BEFORE).unwrap_or(began)))
        .fetch_one(&self.readers)
        .await;
        let (answered, failed, waiting) = counted.map_err(|error| self.error(error))?;
        Ok(Day {
            answered: answered.unsigned_abs(),
            failed: failed.unsigned_abs(),
            waiting: waiting.unsigned_abs(),
        })
    }
}
