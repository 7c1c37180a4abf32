//! Claims: a mail is marked with whose it is before it is recorded, so that of two who
//! look at one mailbox each mail goes to one.
//!
//! A claim is a keyword. Who comes first is the server's to say: it sets the keyword only
//! if the mail has not changed since it was seen without one (RFC 7162 3.1.3).

use std::collections::BTreeSet;

use super::names::uid_sets;
use super::wire::COMMAND_LIMIT;
use super::{Attributes, Imap, store};
use crate::mailbox::Error;
use crate::request::Place;

/// What a claim begins with; whose it is follows.
const CLAIM: &str = "$antragsbote-";

/// Set on mail that was handled and is kept; what it says, \Seen cannot: people read, too.
pub(super) const HANDLED: &str = "$antragsbote";

impl Imap {
    /// Claims mails; returns those that are `owner`'s now.
    pub(in crate::mailbox) async fn claim(
        &mut self,
        places: &[Place],
        owner: &str,
    ) -> Result<Vec<Place>, Error> {
        if !self.can.claim {
            return Ok(places.to_vec());
        }
        let uids = self.uids(places);
        // What changes from here on gets a higher mod-sequence than any seen so far.
        let seen = self.modseq;
        let mut free = BTreeSet::new();
        let mut numbered = true;
        self.flags(&uids, |uid, mail| {
            numbered &= mail.modseq.is_some();
            if mail.owner.is_none() && mail.modseq.is_some_and(|modseq| modseq <= seen) {
                free.insert(uid);
            }
        })
        .await?;
        self.can.claim &= numbered;
        let free: Vec<u32> = free.into_iter().collect();
        for set in uid_sets(&free) {
            let command =
                format!("UID STORE {set} (UNCHANGEDSINCE {seen}) +FLAGS.SILENT ({CLAIM}{owner})");
            match self.command(&command).await {
                // Some of them had changed: the look below tells which.
                Err(Error::Refused { words, .. }) if words.contains("MODIFIED") => {}
                Err(Error::Refused { .. }) => self.can.claim = false,
                claimed => claimed?,
            }
        }
        let refused = !self.can.claim;
        let mut ours = BTreeSet::new();
        self.flags(&uids, |uid, mail| match &mail.owner {
            Some(other) if other == owner => drop(ours.insert(uid)),
            // A server that takes no keyword after all: better unclaimed than unanswered.
            None if refused => drop(ours.insert(uid)),
            _ => {}
        })
        .await?;
        Ok(ours.into_iter().map(|uid| self.place(uid)).collect())
    }

    /// Takes somebody's claims away.
    pub(in crate::mailbox) async fn release(
        &mut self,
        places: &[Place],
        owner: &str,
    ) -> Result<(), Error> {
        for set in uid_sets(&self.uids(places)) {
            self.command(&format!("UID STORE {set} -FLAGS.SILENT ({CLAIM}{owner})"))
                .await?;
        }
        Ok(())
    }

    /// Marks mails as handled, in place.
    pub(super) async fn mark(&mut self, set: &str) -> Result<(), Error> {
        if self.can.claim {
            match self
                .command(&store(set, &format!("\\Seen {HANDLED}")))
                .await
            {
                Err(Error::Refused { .. }) => self.can.claim = false,
                marked => return marked,
            }
        }
        self.command(&store(set, "\\Seen")).await
    }

    async fn flags(
        &mut self,
        uids: &[u32],
        mut take: impl FnMut(u32, &Attributes<'_>),
    ) -> Result<(), Error> {
        for set in uid_sets(uids) {
            self.wire
                .run(
                    &format!("UID FETCH {set} (UID FLAGS MODSEQ)"),
                    COMMAND_LIMIT,
                    |response| {
                        let found = Attributes::read(response);
                        if let (Some(uid), true) = (found.uid, found.flags) {
                            take(uid, &found);
                        }
                    },
                )
                .await?;
        }
        Ok(())
    }
}

/// Whose claim a keyword is; some servers change the case of letters.
pub(super) fn owner(flag: &str) -> Option<String> {
    let (start, owner) = flag.split_at_checked(CLAIM.len())?;
    start
        .eq_ignore_ascii_case(CLAIM)
        .then(|| owner.to_ascii_lowercase())
}
