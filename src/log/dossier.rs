//! All that is known of one person (Art. 15 DSGVO).

use serde::Serialize;

use super::erase::OWN;
use super::person::Person;
use super::record::to_seconds;
use super::{Error, Log, Row, id, json};

/// One request with everything that is stored of it: the fields of the export first.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the columns' names")]
pub struct Dossier {
    #[serde(flatten)]
    pub row: Row,
    pub reason: Option<String>,
    pub reply_to: Option<String>,
    pub size_bytes: u64,
    pub decided_at: Option<String>,
    pub duplicate_of: Option<String>,
    /// what decided
    pub evidence: Vec<String>,
    /// what was understood and asked, for the next mail of the thread
    pub leaves: Option<serde_json::Value>,
    /// the ids of the thread's other requests
    pub thread: Vec<String>,
    pub deliveries: Vec<Attempt>,
    /// where the mail lay
    pub places: Vec<Found>,
    /// the mail, while it is kept
    pub mail: Option<Kept>,
    /// the reply, while it is kept
    pub reply: Option<Kept>,
    pub content_sha256: String,
    pub fingerprint: Option<String>,
}

/// A delivery that ended.
#[derive(Debug, Serialize)]
pub struct Attempt {
    pub ended_at: String,
    pub result: String,
}

/// A place in a mailbox.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub struct Found {
    pub mailbox: String,
    pub name: String,
}

/// Bytes that are kept: text where they are text, else in hexadecimal.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kept {
    Text(String),
    Hex(String),
}

/// What a [`Dossier`] holds beyond a [`super::History`].
#[derive(sqlx::FromRow)]
struct Further {
    reply_to: Option<String>,
    size_bytes: i64,
    decided_at: Option<String>,
    duplicate_of: Option<String>,
    leaves: Option<String>,
    content_sha256: String,
    fingerprint: Option<String>,
    mail: Option<Vec<u8>>,
    reply: Option<Vec<u8>>,
}

impl Log {
    /// Hands over all that is known of the requests that came from this address or were answered to it,
    /// oldest first. Ends at the first error of `each`.
    ///
    /// What others wrote about the person is theirs and not handed over.
    pub async fn dossier<E: From<Error>>(
        &self,
        address: &str,
        mut each: impl FnMut(Dossier) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(person) = Person::new(address) else {
            return Ok(());
        };
        let own = self.own(&person).await;
        for (_, name) in own.map_err(|error| self.error(error))? {
            let found = self.one_dossier(&name).await;
            if let Some(dossier) = found.map_err(|error| self.error(error))? {
                each(dossier)?;
            }
        }
        Ok(())
    }

    async fn own(&self, person: &Person) -> sqlx::Result<Vec<(i64, String)>> {
        sqlx::query_as(OWN)
            .bind(json(&person.addresses())?)
            .fetch_all(&self.readers)
            .await
    }

    async fn one_dossier(&self, name: &str) -> sqlx::Result<Option<Dossier>> {
        let Some(history) = self.find(&id(name)?).await? else {
            return Ok(None);
        };
        let further: Further = sqlx::query_as(
            "SELECT r.reply_to, r.size_bytes, r.decided_at, o.id AS duplicate_of, r.leaves, \
             r.content_sha256, r.fingerprint, m.bytes AS mail, a.bytes AS reply FROM request r \
             LEFT JOIN request o ON o.seq = r.duplicate_of LEFT JOIN mail m ON m.request = r.seq \
             LEFT JOIN reply a ON a.request = r.seq WHERE r.id = ?",
        )
        .bind(name)
        .fetch_one(&self.readers)
        .await?;
        let places = sqlx::query_as(
            "SELECT p.mailbox, p.name FROM place p JOIN request r ON r.seq = p.request WHERE r.id = ?",
        )
        .bind(name)
        .fetch_all(&self.readers)
        .await?;
        let leaves = further.leaves.as_deref().map(serde_json::from_str);
        let leaves = leaves
            .transpose()
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        let deliveries = history.deliveries.into_iter();
        Ok(Some(Dossier {
            reason: history.row.reason.clone(),
            row: history.row,
            reply_to: further.reply_to,
            size_bytes: further.size_bytes.unsigned_abs(),
            decided_at: further.decided_at.map(to_seconds),
            duplicate_of: further.duplicate_of,
            evidence: history.evidence,
            leaves,
            thread: history.thread,
            deliveries: deliveries
                .map(|(ended_at, result)| Attempt { ended_at, result })
                .collect(),
            places,
            mail: further.mail.map(Kept::new),
            reply: further.reply.map(Kept::new),
            content_sha256: further.content_sha256,
            fingerprint: further.fingerprint,
        }))
    }
}

impl Kept {
    fn new(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(
            |error| {
                let bytes = error.into_bytes();
                Self::Hex(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
            },
            Self::Text,
        )
    }
}
