//! Another antragsbote at the same mailbox: what it has claimed is its own, unless it is
//! dead.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use tokio::time::Instant;

use crate::mailbox::Listed;
use crate::request::Place;

/// Mail that was claimed and still lies there unanswered after this: whoever claimed it has
/// gone, with its log. Shorter than a working day, longer than repairs take.
const DEAD: Duration = Duration::from_hours(6);
/// Nothing seen of it for so long: there is no other any more.
const GONE: Duration = Duration::from_hours(1);

/// What is known of others.
#[derive(Debug, Default)]
pub(super) struct Rivals {
    /// what they have claimed and not answered, and since when it was seen
    claimed: HashMap<Place, Instant>,
    last: Option<Instant>,
}

impl Rivals {
    /// These mails are somebody else's at this look; returns what is to be taken from the
    /// dead, by whose it is.
    pub(super) fn seen(&mut self, mails: &[Listed], now: Instant) -> BTreeMap<String, Vec<Place>> {
        if !mails.is_empty() {
            self.last = Some(now);
        }
        let mut before = std::mem::take(&mut self.claimed);
        let mut dead: BTreeMap<String, Vec<Place>> = BTreeMap::new();
        for mail in mails {
            let since = before.remove(&mail.place).unwrap_or(now);
            if now - since < DEAD {
                self.claimed.insert(mail.place.clone(), since);
            } else if let Some(owner) = &mail.owner {
                dead.entry(owner.clone())
                    .or_default()
                    .push(mail.place.clone());
            }
        }
        dead
    }

    /// Whether there is another, as far as one can know.
    pub(super) fn exist(&self, now: Instant) -> bool {
        self.last.is_some_and(|last| now - last < GONE)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::listed;
    use super::*;

    #[test]
    fn what_the_dead_have_claimed_is_taken_over() {
        let mut mail = listed(1, 10);
        mail.owner = Some("other".to_owned());
        let mails = [mail.clone()];
        let start = Instant::now();
        let mut rivals = Rivals::default();
        assert!(!rivals.exist(start));
        assert!(rivals.seen(&mails, start).is_empty());
        assert!(rivals.exist(start));
        assert!(rivals.seen(&mails, start + DEAD / 2).is_empty());
        let taken = BTreeMap::from([("other".to_owned(), vec![mail.place.clone()])]);
        assert_eq!(rivals.seen(&mails, start + DEAD), taken);
        // Claimed anew, its time begins anew.
        assert!(rivals.seen(&mails, start + DEAD).is_empty());
        // What was answered in between is seen no more.
        assert!(rivals.seen(&[], start + DEAD * 3 / 2).is_empty());
        assert!(rivals.seen(&mails, start + DEAD * 2).is_empty());
        assert!(!rivals.exist(start + DEAD * 2 + GONE));
    }
}
