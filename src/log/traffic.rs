//! How much left lately: to a sender, to a domain, in all.
//!
//! A reply counts from its decision on, whether it has arrived or not. What is dated in the
//! future was written before the clock was set back: it counts for nobody.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;

use super::{Error, Inquiry, Log, json, stamp};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What left to the senders of a batch and to their domains, by these in lower case.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    senders: HashMap<String, Sender>,
    domains: HashMap<String, Domain>,
}

/// What left to one address.
#[derive(Debug, Clone, Default)]
pub(super) struct Sender {
    /// replies of the last hour
    pub(super) replies: u32,
    /// documents of the last hour
    pub(super) documents: u32,
    /// replies of the last day since the last one with a document
    pub(super) fruitless: u32,
}

/// What left to all addresses of a domain.
#[derive(Debug, Clone, Default)]
pub(super) struct Domain {
    /// replies of the last hour
    pub(super) replies: u32,
    /// whether one of them said that a limit was reached
    pub(super) told: bool,
}

impl Log {
    /// How many replies were decided on in the hour before `now`, but none before `since`.
    pub async fn replied(&self, since: Option<Timestamp>, now: Timestamp) -> Result<u32, Error> {
        let hour_ago = now.saturating_sub(HOUR).unwrap_or(Timestamp::MIN);
        sqlx::query_scalar(
            "SELECT count(*) FROM request WHERE reply_message_id IS NOT NULL \
             AND decided_at > ? AND decided_at <= ?",
        )
        .bind(stamp(since.map_or(hour_ago, |since| since.max(hour_ago))))
        .bind(stamp(now))
        .fetch_one(&self.readers)
        .await
        .map_err(|error| self.error(error))
    }
}

impl Traffic {
    /// Asks for each sender and each domain once, however many mails came from there.
    pub(super) async fn before(
        connection: &mut SqliteConnection,
        inquiries: &[Inquiry],
        now: Timestamp,
    ) -> sqlx::Result<Self> {
        let senders: BTreeSet<String> = inquiries.iter().filter_map(sender_of).collect();
        let domains: BTreeSet<&str> = senders.iter().filter_map(|email| domain(email)).collect();
        Ok(Self {
            senders: to_senders(connection, &senders, now).await?,
            domains: to_domains(connection, &domains, now).await?,
        })
    }

    /// What left to whom a mail is to be answered, and to their domain.
    pub(super) fn of(&self, inquiry: &Inquiry) -> (Sender, Domain) {
        let email = sender_of(inquiry).unwrap_or_default();
        let domain = domain(&email).and_then(|domain| self.domains.get(domain));
        let sender = self.senders.get(&email).cloned();
        (
            sender.unwrap_or_default(),
            domain.cloned().unwrap_or_default(),
        )
    }
}

fn sender_of(inquiry: &Inquiry) -> Option<String> {
    let reply_to = inquiry.headers.reply_to.as_ref();
    reply_to.map(|email| email.to_ascii_lowercase())
}

fn domain(email: &str) -> Option<&str> {
    email.rsplit_once('@').map(|(_, domain)| domain)
}

async fn to_senders(
    connection: &mut SqliteConnection,
    senders: &BTreeSet<String>,
    now: Timestamp,
) -> sqlx::Result<HashMap<String, Sender>> {
    // Of the day the newest rows come first, so that a sender who gets documents costs one row.
    let rows: Vec<(String, u32, u32, u32)> = sqlx::query_as(
        "SELECT i.value, \
         (SELECT count(*) FROM request r WHERE r.reply_to = i.value \
             AND r.reply_message_id IS NOT NULL AND r.decided_at > ?2 AND r.decided_at <= ?4), \
         (SELECT count(*) FROM request r JOIN document d ON d.request = r.seq \
             WHERE r.reply_to = i.value AND r.reply_message_id IS NOT NULL \
             AND r.decided_at > ?2 AND r.decided_at <= ?4), \
         (SELECT count(*) FROM request r WHERE r.reply_to = i.value \
             AND r.reply_message_id IS NOT NULL AND r.decided_at <= ?4 AND r.decided_at > coalesce((\
                 SELECT d.decided_at FROM request d WHERE d.reply_to = i.value \
                 AND d.decided_at > ?3 AND d.decided_at <= ?4 AND d.decision = 'document' \
                 ORDER BY d.decided_at DESC LIMIT 1), ?3)) \
         FROM json_each(?1) i",
    )
    .bind(json(senders)?)
    .bind(stamp(now - HOUR))
    .bind(stamp(now - DAY))
    .bind(stamp(now))
    .fetch_all(connection)
    .await?;
    let sender = |(email, replies, documents, fruitless)| {
        let sender = Sender {
            replies,
            documents,
            fruitless,
        };
        (email, sender)
    };
    Ok(rows.into_iter().map(sender).collect())
}

async fn to_domains(
    connection: &mut SqliteConnection,
    domains: &BTreeSet<&str>,
    now: Timestamp,
) -> sqlx::Result<HashMap<String, Domain>> {
    // CROSS JOIN: the domains lead, and their rows are found by the index alone.
    let rows: Vec<(String, u32, bool)> = sqlx::query_as(
        "SELECT i.value, count(*), max(r.reason IS 'rate-limit') FROM json_each(?1) i \
         CROSS JOIN request r ON r.reply_domain = i.value WHERE r.reply_message_id IS NOT NULL \
         AND r.decided_at > ?2 AND r.decided_at <= ?3 GROUP BY i.key",
    )
    .bind(json(domains)?)
    .bind(stamp(now - HOUR))
    .bind(stamp(now))
    .fetch_all(connection)
    .await?;
    let domain = |(name, replies, told)| (name, Domain { replies, told });
    Ok(rows.into_iter().map(domain).collect())
}
