//! A mailbox in memory, shared by its clones: what tests of other rooms put mail into.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

use super::{Extent, Fetched, Listed};
use crate::request::Place;

pub(super) const NAME: &str = "memory";
pub(super) const VALIDITY: u32 = 1;

/// A mailbox in memory; its clones are the same box.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Shared>);

impl PartialEq for Memory {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Debug, Default)]
struct Shared {
    content: Mutex<Content>,
    bell: Notify,
}

#[derive(Debug, Default)]
struct Content {
    last_uid: u32,
    mails: BTreeMap<u32, (Vec<u8>, bool)>,
    settled: Vec<Place>,
}

impl Memory {
    /// Puts a mail in, already read or not.
    pub fn deliver(&self, raw: impl Into<Vec<u8>>, seen: bool) -> Place {
        let mut content = self.content();
        content.last_uid += 1;
        let uid = content.last_uid;
        content.mails.insert(uid, (raw.into(), seen));
        self.0.bell.notify_one();
        place(uid)
    }

    /// What has been set aside, in that order.
    pub fn settled(&self) -> Vec<Place> {
        self.content().settled.clone()
    }

    pub(super) fn look(&self, next_uid: u32) -> Vec<Listed> {
        self.content()
            .mails
            .range(next_uid..)
            .map(|(&uid, (raw, seen))| Listed {
                place: place(uid),
                size: raw.len() as u64,
                seen: *seen,
                arrived: Timestamp::UNIX_EPOCH,
                owner: None,
                handled: false,
            })
            .collect()
    }

    pub(super) fn fetch(&self, places: &[Place], extent: Extent) -> Vec<Fetched> {
        let content = self.content();
        let fetch = |place: &Place| {
            let (raw, _) = content.mails.get(&uid(place)?)?;
            Some(Fetched {
                place: place.clone(),
                size: raw.len() as u64,
                raw: match extent {
                    Extent::Whole => raw.clone(),
                    Extent::Header => super::header(raw).to_vec(),
                },
            })
        };
        places.iter().filter_map(fetch).collect()
    }

    pub(super) fn settle(&self, places: &[Place]) {
        let mut content = self.content();
        for place in places {
            if uid(place).is_some_and(|uid| content.mails.remove(&uid).is_some()) {
                content.settled.push(place.clone());
            }
        }
    }

    pub(super) async fn wait(
        &self,
        limit: Duration,
        interrupt: Pin<&mut impl Future<Output = ()>>,
    ) {
        tokio::select! {
            () = self.0.bell.notified() => {}
            () = interrupt => {}
            () = tokio::time::sleep(limit) => {}
        }
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.0
            .content
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn place(uid: u32) -> Place {
    Place {
        mailbox: NAME.to_owned(),
        validity: VALIDITY,
        name: uid.to_string(),
    }
}

fn uid(place: &Place) -> Option<u32> {
    place.name.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn its_clones_are_the_same_box() {
        let box_ = Memory::default();
        let other = box_.clone();
        let place = other.deliver("A: b\r\n\r\nc", true);
        box_.wait(Duration::MAX, pin!(pending())).await;
        let listed = box_.look(1);
        assert_eq!((listed[0].size, listed[0].seen), (9, true));
        assert_eq!(box_.look(2), []);
        let places = [place];
        assert_eq!(box_.fetch(&places, Extent::Header)[0].raw, b"A: b\r\n\r\n");
        box_.settle(&places);
        box_.settle(&places);
        assert_eq!(other.settled(), places);
        assert_eq!(box_.fetch(&places, Extent::Whole), []);
    }
}
