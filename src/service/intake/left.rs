//! What a look leaves for the next.

use std::collections::HashSet;

use super::batch::uid;
use crate::mailbox::Listed;
use crate::request::Place;

/// What is not recorded by a look, and is to be met by the next.
#[derive(Debug, Default)]
pub(super) struct Left {
    places: HashSet<Place>,
    first: Option<u32>,
}

impl Left {
    pub(super) fn extend(&mut self, mails: &[Listed]) {
        for mail in mails {
            let uid = uid(&mail.place).unwrap_or(u32::MAX);
            self.first = Some(self.first.map_or(uid, |first| first.min(uid)));
            self.places.insert(mail.place.clone());
        }
    }

    /// These are asked about again if they are listed again, but hold up no progress.
    pub(super) fn pass<'a>(&mut self, mails: impl Iterator<Item = &'a Listed>) {
        self.places.extend(mails.map(|mail| mail.place.clone()));
    }

    pub(super) fn contains(&self, place: &Place) -> bool {
        self.places.contains(place)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Progress may not go past this.
    pub(super) fn first_uid(&self) -> u32 {
        self.first.unwrap_or(u32::MAX)
    }
}
