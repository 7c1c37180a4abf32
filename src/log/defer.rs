//! Claimed mails that cannot be decided yet.

use jiff::Timestamp;

use super::{Error, Log, json, stamp};
use crate::request::RequestId;

impl Log {
    /// Puts claimed mails off until their times, or until a person wants them tried again.
    pub async fn defer(
        &self,
        owner: &str,
        requests: Vec<(RequestId, Timestamp)>,
    ) -> Result<(), Error> {
        let owner = owner.to_owned();
        self.change(move |connection| {
            Box::pin(async move {
                let requests: Vec<_> = requests
                    .iter()
                    .map(|(id, until)| (id.as_str(), stamp(*until)))
                    .collect();
                sqlx::query(
                    "UPDATE request SET claimed_by = NULL, claimed_until = d.value ->> 1 \
                     FROM json_each(?) d WHERE request.id = d.value ->> 0 AND request.state = 'received' \
                     AND request.claimed_by = ?",
                )
                .bind(json(&requests)?)
                .bind(owner)
                .execute(connection)
                .await
                .map(drop)
            })
        })
        .await
    }
}
