//! Mails that are fetched with one command and recorded in one transaction.

use crate::mailbox::{Extent, Listed};
use crate::request::Place;

/// Mails of one batch.
const FETCH: usize = 64;
/// Bytes of one batch, so that a few large mails do not fill the memory.
const FETCH_BYTES: u64 = 16 << 20;

/// Mails of one extent.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) extent: Extent,
    pub(super) mails: Vec<Listed>,
}

impl Batch {
    /// Its bytes, as far as they are fetched.
    pub(super) fn size(&self) -> u64 {
        match self.extent {
            Extent::Whole => self.mails.iter().map(|mail| mail.size).sum(),
            Extent::Header => 0,
        }
    }
}

/// Cuts a list into batches of one extent, in order, each within [`FETCH`] and
/// [`FETCH_BYTES`]; what goes `alone` is a batch by itself.
pub(super) fn batches(
    mails: &[Listed],
    max_message_size: u64,
    alone: impl Fn(&Place) -> bool,
) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let mut bytes = 0_u64;
    let mut open = false;
    for mail in mails {
        let extent = if mail.size > max_message_size {
            Extent::Header
        } else {
            Extent::Whole
        };
        let alone = alone(&mail.place);
        match batches.last_mut() {
            Some(batch)
                if open
                    && !alone
                    && batch.extent == extent
                    && batch.mails.len() < FETCH
                    && bytes.saturating_add(mail.size) <= FETCH_BYTES =>
            {
                batch.mails.push(mail.clone());
                bytes = bytes.saturating_add(mail.size);
            }
            _ => {
                batches.push(Batch {
                    extent,
                    mails: vec![mail.clone()],
                });
                bytes = mail.size;
            }
        }
        open = !alone;
    }
    batches
}

/// The UID after the last of these; 0 where names are no numbers.
pub(super) fn after(mails: &[Listed]) -> u32 {
    let uids = mails.iter().filter_map(|mail| uid(&mail.place));
    uids.max().map_or(0, |uid| uid.saturating_add(1))
}

/// The UID of a place, where names are numbers.
pub(super) fn uid(place: &Place) -> Option<u32> {
    place.name.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::tests::listed;
    use super::*;

    fn cut(mails: &[Listed], max_message_size: u64) -> Vec<Batch> {
        batches(mails, max_message_size, |_| false)
    }

    #[test]
    fn large_mails_are_fetched_by_their_header_and_keep_their_turn() {
        let mails = [listed(1, 10), listed(2, 2000), listed(3, 10)];
        let extents: Vec<Extent> = cut(&mails, 1000).iter().map(|b| b.extent).collect();
        assert_eq!(extents, [Extent::Whole, Extent::Header, Extent::Whole]);
    }

    #[test]
    fn batches_are_bounded_in_count_and_bytes() {
        let many: Vec<Listed> = (0..200).map(|uid| listed(uid, 10)).collect();
        assert!(cut(&many, 1000).iter().all(|b| b.mails.len() <= FETCH));
        let heavy: Vec<Listed> = (0..5).map(|uid| listed(uid, FETCH_BYTES / 2 + 1)).collect();
        assert_eq!(cut(&heavy, u64::MAX).len(), 5);
    }

    #[test]
    fn what_goes_alone_is_a_batch_by_itself() {
        let mails: Vec<Listed> = (1..=4).map(|uid| listed(uid, 10)).collect();
        let batches = batches(&mails, 1000, |place| place.name == "2");
        let counts: Vec<usize> = batches.iter().map(|batch| batch.mails.len()).collect();
        assert_eq!(counts, [1, 1, 2]);
    }

    #[test]
    fn progress_goes_past_the_highest_uid() {
        assert_eq!(after(&[listed(4, 1), listed(9, 1), listed(5, 1)]), 10);
        assert_eq!(after(&[]), 0);
    }
}
