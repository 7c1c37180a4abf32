//! IMAP (RFC 3501), with IDLE (RFC 2177), UIDPLUS (RFC 4315) and MOVE (RFC 6851) where
//! the server has them.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::time::Duration;

use async_imap::imap_proto::{AttributeValue, Response};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::{Error, Extent, Fetched, HEADER_LIMIT, ImapConfig, Listed, places};
use crate::request::Place;

mod archive;
mod claims;
mod folders;
mod meter;
mod names;
mod survey;
#[cfg(test)]
mod tests;
mod wire;

use names::uid_sets;
pub(super) use survey::survey;
use wire::{Budget, COMMAND_LIMIT, Idled, Wire};

/// How long one IDLE lasts: a line that died unnoticed, as behind a forgetful router,
/// is found out after two minutes by its DONE.
const IDLE_LIMIT: Duration = Duration::from_secs(2 * 60);

/// How long to sleep where the server cannot tell of new mail.
const POLL_PAUSE: Duration = Duration::from_secs(30);

/// How long one mail may take to arrive: 10 MiB over a line of 300 kbit/s.
const TRANSFER_LIMIT: Duration = Duration::from_secs(5 * 60);

const SAME_FOLDER: &str = "the archive is the same folder";

/// One connection to an IMAP server, with a folder selected.
#[derive(Debug)]
pub(super) struct Imap {
    wire: Wire,
    name: String,
    validity: u32,
    /// as an argument
    folder: String,
    /// as an argument
    archive: Option<String>,
    can: Abilities,
    /// the highest mod-sequence that a look has met (RFC 7162 3.1.1)
    modseq: u64,
}

/// What the server offers, read after the login.
#[derive(Debug, Clone, Copy, Default)]
struct Abilities {
    idle: bool,
    move_: bool,
    uidplus: bool,
    /// mails can be claimed
    claim: bool,
    /// it tells who may do what in a folder (RFC 4314)
    rights: bool,
}

impl Imap {
    pub(super) async fn open(config: &ImapConfig) -> Result<Self, Error> {
        let mut wire = Wire::open(config).await?;
        let mut can = abilities(&mut wire).await?;
        let delimiter = folders::delimiter(&mut wire).await?;
        let delimiter = delimiter.as_deref();
        let selected = folders::select(&mut wire, &config.folder, delimiter, can.claim).await?;
        can.claim &= selected.claimable;
        let archive = match &config.archive {
            Some(name) => Some(folders::find_or_create(&mut wire, name, delimiter).await?),
            None => None,
        };
        if archive.as_ref() == Some(&selected.argument) {
            return Err(Error::Folder {
                folder: config.folder.clone(),
                words: SAME_FOLDER.to_owned(),
            });
        }
        Ok(Self {
            wire,
            name: format!("imap:{}/{}/{}", config.host, config.username, config.folder),
            validity: selected.validity,
            folder: selected.argument,
            archive,
            can,
            modseq: 0,
        })
    }

    pub(super) fn identity(&self) -> (&str, u32) {
        (&self.name, self.validity)
    }

    pub(super) fn tells(&self) -> bool {
        self.can.idle
    }

    pub(super) fn claims(&self) -> bool {
        self.can.claim
    }

    pub(super) async fn look(&mut self, next_uid: u32) -> Result<Vec<Listed>, Error> {
        let next_uid = next_uid.max(1);
        // What the server told so far, this look will see.
        self.wire.take_news();
        let modseq = if self.can.claim { " MODSEQ" } else { "" };
        let command =
            format!("UID FETCH {next_uid}:* (UID FLAGS INTERNALDATE RFC822.SIZE{modseq})");
        let mut listed = BTreeMap::new();
        let mut highest = self.modseq;
        let (name, validity) = (&self.name, self.validity);
        self.wire
            .run(&command, COMMAND_LIMIT, |response| {
                let found = Attributes::read(response);
                highest = highest.max(found.modseq.unwrap_or(0));
                if let (Some(uid), Some(size)) = (found.uid, found.size) {
                    let mail = Listed {
                        place: place(name, validity, uid),
                        size,
                        seen: found.seen,
                        // A server that does not say when leaves the mail to be answered.
                        arrived: found.arrived.unwrap_or(Timestamp::MAX),
                        owner: found.owner,
                        handled: found.handled,
                    };
                    listed.insert(uid, mail);
                }
            })
            .await?;
        self.modseq = highest;
        // "n:*" names the last mail even where n lies beyond it (RFC 3501 6.4.8).
        Ok(listed.split_off(&next_uid).into_values().collect())
    }

    pub(super) async fn fetch(
        &mut self,
        mails: &[Listed],
        extent: Extent,
    ) -> Result<Vec<Fetched>, Error> {
        let here = self.uids(&places(mails));
        let sizes: BTreeMap<u32, u64> = mails
            .iter()
            .filter_map(|mail| Some((mail.place.name.parse().ok()?, mail.size)))
            .filter(|(uid, _)| here.binary_search(uid).is_ok())
            .collect();
        let mut fetched = BTreeMap::new();
        let budget = match extent {
            Extent::Whole => Budget::mails(sizes.values().copied()),
            Extent::Header => Budget::mails(sizes.values().map(|_| HEADER_LIMIT)),
        };
        for set in uid_sets(&here) {
            self.fetch_set(&set, extent, budget, |uid, size, raw| {
                if sizes.contains_key(&uid) {
                    fetched.insert(uid, (size, raw.to_vec()));
                }
            })
            .await?;
        }
        self.check_gone(here.into_iter().filter(|uid| !fetched.contains_key(uid)))
            .await?;
        Ok(fetched
            .into_iter()
            .map(|(uid, (size, raw))| Fetched {
                place: self.place(uid),
                // A server that does not say it again has said it in the list.
                size: size.or(sizes.get(&uid).copied()).unwrap_or_default(),
                raw,
            })
            .collect())
    }

    async fn fetch_set(
        &mut self,
        set: &str,
        extent: Extent,
        budget: Budget,
        mut take: impl FnMut(u32, Option<u64>, &[u8]),
    ) -> Result<(), Error> {
        let part = match extent {
            Extent::Whole => "BODY.PEEK[]".to_owned(),
            Extent::Header => format!("BODY.PEEK[HEADER]<0.{HEADER_LIMIT}>"),
        };
        let command = format!("UID FETCH {set} (UID RFC822.SIZE {part})");
        self.wire
            .run_within(&command, TRANSFER_LIMIT, budget, |response| {
                let found = Attributes::read(response);
                if let (Some(uid), Some(raw)) = (found.uid, found.body) {
                    take(uid, found.size, raw);
                }
            })
            .await
    }

    /// What was not sent has vanished, or else the server owes it: then nothing may go past it.
    async fn check_gone(&mut self, missing: impl Iterator<Item = u32>) -> Result<(), Error> {
        let missing: Vec<u32> = missing.collect();
        for set in uid_sets(&missing) {
            let there = self.search(&format!("UID {set}")).await?;
            if missing.iter().any(|uid| there.contains(uid)) {
                return Err(Error::Protocol {
                    command: "UID FETCH".to_owned(),
                });
            }
        }
        Ok(())
    }

    pub(super) async fn settle(&mut self, places: &[Place]) -> Result<(), Error> {
        let uids = self.uids(places);
        for set in uid_sets(&uids) {
            match self.archive.clone() {
                None => self.mark(&set).await?,
                Some(archive) if self.can.move_ => {
                    self.command(&format!("UID MOVE {set} {archive}")).await?;
                }
                Some(archive) => {
                    self.command(&format!("UID COPY {set} {archive}")).await?;
                    self.command(&store(&set, "\\Seen \\Deleted")).await?;
                    if self.can.uidplus {
                        self.command(&format!("UID EXPUNGE {set}")).await?;
                    }
                }
            }
        }
        if self.archive.is_some() && !self.can.move_ && !self.can.uidplus {
            self.expunge_only(&uids).await?;
        }
        Ok(())
    }

    /// Removes mails flagged \Deleted if nobody else has flagged any: a bare EXPUNGE
    /// takes them all. Otherwise they stay flagged, and this is false.
    async fn expunge_only(&mut self, uids: &[u32]) -> Result<bool, Error> {
        let deleted = self.search("DELETED").await?;
        if deleted.iter().any(|uid| uids.binary_search(uid).is_err()) {
            return Ok(false);
        }
        self.command("EXPUNGE").await?;
        Ok(true)
    }

    pub(super) async fn wait(
        &mut self,
        limit: Duration,
        mut interrupt: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<(), Error> {
        if self.wire.take_news() {
            return Ok(());
        }
        if self.can.idle {
            let until = Instant::now() + limit.min(IDLE_LIMIT);
            match self.wire.idle(until, interrupt.as_mut()).await? {
                Idled::Ended => return Ok(()),
                Idled::Refused => self.can.idle = false,
            }
        }
        tokio::select! {
            () = interrupt => Ok(()),
            // NOOP makes the server bring its view of the folder up to date.
            () = tokio::time::sleep(limit.min(POLL_PAUSE)) => self.command("NOOP").await,
        }
    }

    pub(super) async fn close(self) {
        self.wire.close().await;
    }

    /// After another folder was selected: the one that is watched.
    async fn select_again(&mut self) -> Result<(), Error> {
        let selected =
            folders::select_exactly(&mut self.wire, &self.folder, self.can.claim).await?;
        self.validity = selected.validity;
        Ok(())
    }

    async fn command(&mut self, command: &str) -> Result<(), Error> {
        self.wire.run(command, COMMAND_LIMIT, |_| {}).await
    }

    fn place(&self, uid: u32) -> Place {
        place(&self.name, self.validity, uid)
    }

    /// The UIDs of places in this folder, in order. Places of an earlier UIDVALIDITY
    /// name nothing any more.
    fn uids(&self, places: &[Place]) -> Vec<u32> {
        let here = |place: &&Place| place.mailbox == self.name && place.validity == self.validity;
        let uids: BTreeSet<u32> = places
            .iter()
            .filter(here)
            .filter_map(|place| place.name.parse().ok())
            .collect();
        uids.into_iter().collect()
    }
}

fn place(name: &str, validity: u32, uid: u32) -> Place {
    Place {
        mailbox: name.to_owned(),
        validity,
        name: uid.to_string(),
    }
}

fn store(set: &str, flags: &str) -> String {
    format!("UID STORE {set} +FLAGS.SILENT ({flags})")
}

/// What a FETCH response says of a mail.
#[derive(Default)]
struct Attributes<'a> {
    uid: Option<u32>,
    size: Option<u64>,
    /// whether its flags are told
    flags: bool,
    seen: bool,
    handled: bool,
    /// of several claims, all take the same one for the one that counts
    owner: Option<String>,
    modseq: Option<u64>,
    arrived: Option<Timestamp>,
    body: Option<&'a [u8]>,
}

impl<'a> Attributes<'a> {
    fn read(response: &'a Response<'_>) -> Self {
        let mut read = Self::default();
        let Response::Fetch(_, attributes) = response else {
            return read;
        };
        for attribute in attributes {
            match attribute {
                AttributeValue::Uid(uid) => read.uid = Some(*uid),
                AttributeValue::Rfc822Size(size) => read.size = Some(u64::from(*size)),
                AttributeValue::Flags(flags) => {
                    let has = |name: &str| flags.iter().any(|flag| flag.eq_ignore_ascii_case(name));
                    read.flags = true;
                    read.seen = has("\\Seen");
                    read.handled = has(claims::HANDLED);
                    read.owner = flags.iter().filter_map(|flag| claims::owner(flag)).min();
                }
                AttributeValue::ModSeq(modseq) => read.modseq = Some(*modseq),
                AttributeValue::InternalDate(date) => read.arrived = date_time(date),
                // An empty mail is NIL on some servers.
                AttributeValue::BodySection { data, .. } => {
                    read.body = Some(data.as_deref().unwrap_or_default());
                }
                _ => {}
            }
        }
        read
    }
}

/// A date-time (RFC 3501 9): " 1-Feb-2026 08:00:00 +0100"; the end of that second.
fn date_time(text: &str) -> Option<Timestamp> {
    let second = Timestamp::strptime("%d-%b-%Y %H:%M:%S %z", text.trim_start());
    second
        .ok()?
        .checked_add(SignedDuration::from_millis(999))
        .ok()
}

async fn abilities(wire: &mut Wire) -> Result<Abilities, Error> {
    let mut offered = Vec::new();
    wire.run("CAPABILITY", COMMAND_LIMIT, |response| {
        offered.extend(wire::read_capabilities(response));
    })
    .await?;
    let offers = |name: &str| offered.iter().any(|offer| offer == name);
    Ok(Abilities {
        idle: offers("IDLE"),
        move_: offers("MOVE"),
        uidplus: offers("UIDPLUS"),
        claim: offers("CONDSTORE"),
        rights: offers("ACL"),
    })
}
