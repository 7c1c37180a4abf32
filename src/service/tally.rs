//! What the mails of one batch get counts for the next of their senders and domains.

use std::collections::BTreeMap;

use crate::answer::{Answer, Decision};
use crate::log::Background;
use crate::policy::{Recent, Refused};

/// What was decided in a batch so far, by lower-case addresses and domains.
#[derive(Debug, Default)]
pub(super) struct Tally {
    senders: BTreeMap<String, Sender>,
    domains: BTreeMap<String, Domain>,
}

#[derive(Debug, Default)]
struct Sender {
    replies: u32,
    documents: u32,
    /// since the last reply with a document; before that, what the log knows does not count
    fruitless: u32,
}

#[derive(Debug, Default)]
struct Domain {
    replies: u32,
    told: bool,
}

impl Tally {
    /// What the log and the batch know of the sender of a mail of `size` bytes.
    pub(super) fn recent(&self, sender: &str, background: &Background, size: u64) -> Recent {
        let (sender, domain) = keys(sender);
        let (sender, domain) = (self.senders.get(&sender), self.domains.get(&domain));
        let before = match sender {
            Some(sender) if sender.documents > 0 => 0,
            _ => background.fruitless,
        };
        Recent {
            replies: background.replies + sender.map_or(0, |sender| sender.replies),
            documents: background.documents + sender.map_or(0, |sender| sender.documents),
            fruitless: before + sender.map_or(0, |sender| sender.fruitless),
            domain_replies: background.domain_replies + domain.map_or(0, |domain| domain.replies),
            domain_told: background.domain_told || domain.is_some_and(|domain| domain.told),
            duplicate: background.duplicate_of.is_some(),
            size,
            signatures: None,
        }
    }

    /// Counts what a mail gets.
    pub(super) fn count(&mut self, sender: &str, answer: &Answer) {
        if answer.reply.is_none() {
            return;
        }
        let (sender, domain) = keys(sender);
        let sender = self.senders.entry(sender).or_default();
        let documents = u32::try_from(answer.documents.len()).unwrap_or(u32::MAX);
        sender.replies += 1;
        sender.documents = sender.documents.saturating_add(documents);
        sender.fruitless = if documents > 0 {
            0
        } else {
            sender.fruitless + 1
        };
        let domain = self.domains.entry(domain).or_default();
        domain.replies += 1;
        domain.told |= answer.decision == Decision::Refuse(Refused::RateLimit);
    }
}

fn keys(email: &str) -> (String, String) {
    let email = email.to_lowercase();
    let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
    let domain = domain.to_owned();
    (email, domain)
}
