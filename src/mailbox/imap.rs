//! IMAP (RFC 3501), with IDLE (RFC 2177), UIDPLUS (RFC 4315) and MOVE (RFC 6851) where
//! the server has them.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::time::Duration;

use async_imap::imap_proto::{AttributeValue, Response};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::{Error, Extent, Fetched, ImapConfig, Listed};
use crate::request::Place;

mod archive;
mod folders;
mod names;
#[cfg(test)]
mod tests;
mod wire;

use names::uid_sets;
use wire::{COMMAND_LIMIT, Idled, Wire};

/// How long one IDLE lasts: a line that died unnoticed, as behind a forgetful router,
/// is found out after two minutes by its DONE.
const IDLE_LIMIT: Duration = Duration::from_secs(2 * 60);

/// How long to sleep where the server cannot tell of new mail.
const POLL_PAUSE: Duration = Duration::from_secs(30);

/// How long one mail may take to arrive: 10 MiB over a line of 300 kbit/s.
const TRANSFER_LIMIT: Duration = Duration::from_secs(5 * 60);

/// How many bytes, going by their listed sizes, are fetched by one command: enough for
/// hundreds of ordinary mails, little enough to hold in memory.
const BATCH_BYTES: u64 = 16 * 1024 * 1024;

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
}

/// What the server offers, read after the login.
#[derive(Debug, Clone, Copy)]
struct Abilities {
    idle: bool,
    move_: bool,
    uidplus: bool,
}

impl Imap {
    pub(super) async fn open(config: &ImapConfig) -> Result<Self, Error> {
        let mut wire = Wire::open(config).await?;
        let can = abilities(&mut wire).await?;
        let delimiter = folders::delimiter(&mut wire).await?;
        let delimiter = delimiter.as_deref();
        let selected = folders::select(&mut wire, &config.folder, delimiter).await?;
        let archive = match &config.archive {
            Some(name) => Some(folders::find_or_create(&mut wire, name, delimiter).await?),
            None => None,
        };
        if archive.as_ref() == Some(&selected.argument) {
            return Err(Error::Folder {
                folder: config.folder.clone(),
                words: "the archive is the same folder".to_owned(),
            });
        }
        Ok(Self {
            wire,
            name: format!("imap:{}/{}/{}", config.host, config.username, config.folder),
            validity: selected.validity,
            folder: selected.argument,
            archive,
            can,
        })
    }

    pub(super) fn identity(&self) -> (&str, u32) {
        (&self.name, self.validity)
    }

    pub(super) fn tells(&self) -> bool {
        self.can.idle
    }

    pub(super) async fn look(&mut self, next_uid: u32) -> Result<Vec<Listed>, Error> {
        let next_uid = next_uid.max(1);
        // What the server told so far, this look will see.
        self.wire.take_news();
        let mut listed = BTreeMap::new();
        let command = format!("UID FETCH {next_uid}:* (UID FLAGS INTERNALDATE RFC822.SIZE)");
        self.wire
            .run(&command, COMMAND_LIMIT, |response| {
                let fetched = Attributes::read(response);
                if let (Some(uid), Some(size)) = (fetched.uid, fetched.size) {
                    listed.insert(uid, (size, fetched.seen, fetched.arrived));
                }
            })
            .await?;
        // "n:*" names the last mail even where n lies beyond it (RFC 3501 6.4.8).
        let listed = listed.range(next_uid..);
        Ok(listed
            .map(|(&uid, &(size, seen, arrived))| Listed {
                place: self.place(uid),
                size,
                seen,
                // A server that does not say when leaves the mail to be answered.
                arrived: arrived.unwrap_or(Timestamp::MAX),
            })
            .collect())
    }

    pub(super) async fn fetch(
        &mut self,
        places: &[Place],
        extent: Extent,
    ) -> Result<Vec<Fetched>, Error> {
        let uids = self.uids(places);
        let mut fetched = Vec::with_capacity(uids.len());
        for batch in self.batches(&uids, extent).await? {
            for set in uid_sets(&batch) {
                self.fetch_set(&set, extent, &mut fetched).await?;
            }
        }
        Ok(fetched)
    }

    async fn fetch_set(
        &mut self,
        set: &str,
        extent: Extent,
        fetched: &mut Vec<Fetched>,
    ) -> Result<(), Error> {
        let part = match extent {
            Extent::Whole => "BODY.PEEK[]",
            Extent::Header => "BODY.PEEK[HEADER]",
        };
        let command = format!("UID FETCH {set} (UID RFC822.SIZE {part})");
        let (name, validity) = (&self.name, self.validity);
        self.wire
            .run(&command, TRANSFER_LIMIT, |response| {
                let found = Attributes::read(response);
                if let (Some(uid), Some(size), Some(raw)) = (found.uid, found.size, found.body) {
                    fetched.push(Fetched {
                        place: place(name, validity, uid),
                        size,
                        raw: raw.to_vec(),
                    });
                }
            })
            .await
    }

    /// Divides UIDs into what one command may fetch.
    async fn batches(&mut self, uids: &[u32], extent: Extent) -> Result<Vec<Vec<u32>>, Error> {
        if uids.len() < 2 || extent == Extent::Header {
            return Ok(vec![uids.to_vec()]);
        }
        let mut sizes = BTreeMap::new();
        for set in uid_sets(uids) {
            let command = format!("UID FETCH {set} (UID RFC822.SIZE)");
            self.wire
                .run(&command, COMMAND_LIMIT, |response| {
                    let found = Attributes::read(response);
                    if let (Some(uid), Some(size)) = (found.uid, found.size) {
                        sizes.insert(uid, size);
                    }
                })
                .await?;
        }
        let mut batches = Vec::new();
        let (mut batch, mut total) = (Vec::new(), 0);
        for uid in uids {
            // What has no size has vanished.
            let Some(&size) = sizes.get(uid) else {
                continue;
            };
            if !batch.is_empty() && total + size > BATCH_BYTES {
                batches.push(std::mem::take(&mut batch));
                total = 0;
            }
            batch.push(*uid);
            total += size;
        }
        batches.push(batch);
        Ok(batches)
    }

    pub(super) async fn settle(&mut self, places: &[Place]) -> Result<(), Error> {
        let uids = self.uids(places);
        for set in uid_sets(&uids) {
            match self.archive.clone() {
                None => self.command(&store(&set, "\\Seen")).await?,
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
        let selected = folders::select_exactly(&mut self.wire, &self.folder).await?;
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
    seen: bool,
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
                    read.seen = flags.iter().any(|flag| flag.eq_ignore_ascii_case("\\Seen"));
                }
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
    })
}
