//! The archive folder: what has lain there long enough, and what is one person's, goes.
//!
//! The folder that is watched is never touched: the archive is selected for it, and the
//! other one again after it.

use std::collections::BTreeSet;

use async_imap::imap_proto::{MailboxDatum, Response};
use jiff::Timestamp;

use super::names::{argument, needle, uid_sets};
use super::wire::COMMAND_LIMIT;
use super::{Attributes, Imap, store};
use crate::mailbox::{Error, is_from};

impl Imap {
    /// Removes what came (INTERNALDATE) on a day before that of `before`; returns how many.
    pub(in crate::mailbox) async fn expire(&mut self, before: Timestamp) -> Result<u64, Error> {
        let day = before.strftime("%d-%b-%Y");
        self.in_archive(&format!("BEFORE {day}"), None).await
    }

    /// Removes what this address sent; returns how many.
    pub(in crate::mailbox) async fn erase(&mut self, who: &str) -> Result<u64, Error> {
        let text = argument(needle(who));
        let search = format!("OR OR FROM {text} HEADER REPLY-TO {text} HEADER SENDER {text}");
        self.in_archive(&search, Some(who)).await
    }

    async fn in_archive(&mut self, search: &str, who: Option<&str>) -> Result<u64, Error> {
        let Some(archive) = self.archive.clone() else {
            return Ok(0);
        };
        self.command(&format!("SELECT {archive}")).await?;
        let removed = self.remove_found(search, who).await?;
        self.select_again().await?;
        Ok(removed)
    }

    async fn remove_found(&mut self, search: &str, who: Option<&str>) -> Result<u64, Error> {
        let mut found = self.search(search).await?;
        if let Some(who) = who {
            // SEARCH finds parts of addresses as well (RFC 3501 6.4.4).
            found = self.only_from(&found, who).await?;
        }
        let uids: Vec<u32> = found.into_iter().collect();
        for set in uid_sets(&uids) {
            self.command(&store(&set, "\\Deleted")).await?;
            if self.can.uidplus {
                self.command(&format!("UID EXPUNGE {set}")).await?;
            }
        }
        let gone = self.can.uidplus || uids.is_empty() || self.expunge_only(&uids).await?;
        Ok(if gone { uids.len() as u64 } else { 0 })
    }

    /// The UIDs that fit, in the folder that is selected.
    pub(super) async fn search(&mut self, search: &str) -> Result<BTreeSet<u32>, Error> {
        let mut found = BTreeSet::new();
        let command = format!("UID SEARCH {search}");
        self.wire
            .run(&command, COMMAND_LIMIT, |response| {
                if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                    found.extend(uids);
                }
            })
            .await?;
        Ok(found)
    }

    async fn only_from(&mut self, uids: &BTreeSet<u32>, who: &str) -> Result<BTreeSet<u32>, Error> {
        let uids: Vec<u32> = uids.iter().copied().collect();
        let mut theirs = BTreeSet::new();
        for set in uid_sets(&uids) {
            let command =
                format!("UID FETCH {set} (UID BODY.PEEK[HEADER.FIELDS (FROM REPLY-TO SENDER)])");
            self.wire
                .run(&command, COMMAND_LIMIT, |response| {
                    let found = Attributes::read(response);
                    if let (Some(uid), Some(header)) = (found.uid, found.body)
                        && is_from(header, who)
                    {
                        theirs.insert(uid);
                    }
                })
                .await?;
        }
        Ok(theirs)
    }
}
