//! Mails at which fetching broke off: each is fetched by itself from then on, and rests
//! when that fails again and again, so that the others do not wait for it.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::mailbox::Listed;
use crate::request::Place;

/// A line that breaks off now and then does not hit the same mail so often.
const ENOUGH: u32 = 3;
/// How long such a mail rests.
const REST: Duration = Duration::from_mins(10);

/// The mails under suspicion.
#[derive(Debug, Default)]
pub(super) struct Suspects(HashMap<Place, Suspect>);

#[derive(Debug)]
struct Suspect {
    /// how often it failed by itself
    failures: u32,
    last: Instant,
}

impl Suspects {
    /// Fetching these together failed: one of them may be the reason.
    pub(super) fn failed(&mut self, mails: &[Listed], now: Instant) {
        let alone = mails.len() == 1;
        for mail in mails {
            let suspect = self.0.entry(mail.place.clone()).or_insert(Suspect {
                failures: 0,
                last: now,
            });
            suspect.failures += u32::from(alone);
            suspect.last = now;
        }
    }

    /// These could be fetched.
    pub(super) fn fetched(&mut self, mails: &[Listed]) {
        for mail in mails {
            self.0.remove(&mail.place);
        }
    }

    /// Forgets those that no longer lie there.
    pub(super) fn keep(&mut self, lies_there: impl Fn(&Place) -> bool) {
        self.0.retain(|place, _| lies_there(place));
    }

    /// Whether it is to be fetched by itself.
    pub(super) fn contains(&self, place: &Place) -> bool {
        self.0.contains_key(place)
    }

    /// Whether it is to be left alone for now.
    pub(super) fn rests(&self, place: &Place, now: Instant) -> bool {
        let suspect = self.0.get(place);
        suspect.is_some_and(|suspect| suspect.failures >= ENOUGH && now - suspect.last < REST)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::listed;
    use super::*;

    #[test]
    fn a_mail_that_cannot_be_fetched_holds_up_no_other() {
        let mails = [listed(1, 10), listed(2, 10)];
        let (now, place) = (Instant::now(), &mails[1].place);
        let mut suspects = Suspects::default();
        suspects.failed(&mails, now);
        assert!(mails.iter().all(|mail| suspects.contains(&mail.place)));
        suspects.fetched(&mails[..1]);
        assert!(!suspects.contains(&mails[0].place));
        for _ in 0..ENOUGH {
            assert!(!suspects.rests(place, now));
            suspects.failed(&mails[1..], now);
        }
        assert!(suspects.rests(place, now));
        let later = now + REST;
        assert!(!suspects.rests(place, later));
        suspects.failed(&mails[1..], later);
        assert!(suspects.rests(place, later));
        suspects.keep(|_| false);
        assert!(!suspects.contains(place));
    }
}
