//! What the log is to others, and what it knows of the clock.

use jiff::Timestamp;

use super::{Error, Log, stamp, time};

/// A time during which the clock was seen to go evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// its first look at the clock
    pub since: Timestamp,
    /// its last
    pub last: Timestamp,
}

impl Log {
    /// A name that no other log has: letters and digits, the same for ever.
    pub async fn identity(&self) -> Result<String, Error> {
        let id = sqlx::query_scalar("SELECT id FROM identity").fetch_one(&self.readers);
        id.await.map_err(|error| self.error(error))
    }

    /// How evenly the clock has gone; `None` before the first look at it.
    pub async fn stretch(&self) -> Result<Option<Stretch>, Error> {
        let found: Result<(Option<String>, Option<String>), _> =
            sqlx::query_as("SELECT clock_since, clock_last FROM identity")
                .fetch_one(&self.readers)
                .await;
        let read = found.and_then(|(since, last)| {
            let (Some(since), Some(last)) = (since, last) else {
                return Ok(None);
            };
            Ok(Some(Stretch {
                since: time(&since)?,
                last: time(&last)?,
            }))
        });
        read.map_err(|error| self.error(error))
    }

    /// Notes how evenly the clock has gone.
    pub async fn note_stretch(&self, stretch: Stretch) -> Result<(), Error> {
        self.change(move |connection| {
            Box::pin(async move {
                sqlx::query("UPDATE identity SET clock_since = ?, clock_last = ?")
                    .bind(stamp(stretch.since))
                    .bind(stamp(stretch.last))
                    .execute(connection)
                    .await
                    .map(drop)
            })
        })
        .await
    }
}
