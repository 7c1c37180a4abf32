//! A Maildir: mail lies in `new/` until it is read, then in `cur/` with its flags after
//! ":2,". inotify tells of what arrives.
#![allow(clippy::disallowed_methods, reason = "a Maildir is files")]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, DirEntry, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use inotify::{EventMask, Inotify, WatchMask};
use jiff::Timestamp;
use tokio::io::unix::AsyncFd;

use super::{Error, Extent, Fetched, Listed, MaildirConfig};
use crate::request::Place;

mod archive;
mod claims;
#[cfg(test)]
mod tests;

use claims::Claims;

/// How much of a mail is searched for the end of its header: far beyond any real one.
const HEADER_LIMIT: u64 = 256 * 1024;

/// How long to sleep where inotify is not to be had, as on some network file systems.
const POLL_PAUSE: Duration = Duration::from_secs(30);

/// One Maildir.
#[derive(Debug)]
pub(super) struct Maildir {
    path: PathBuf,
    archive: Option<PathBuf>,
    name: String,
    bell: Option<Bell>,
    /// mails of which it was told that they cannot be read
    told: BTreeSet<String>,
}

impl Maildir {
    pub(super) async fn open(config: &MaildirConfig) -> Result<Self, Error> {
        for maildir in config.archive.iter().chain([&config.path]) {
            for folder in ["tmp", "new", "cur"] {
                let folder = maildir.join(folder);
                fs::create_dir_all(&folder).map_err(|source| trouble(&folder, source))?;
            }
        }
        Ok(Self {
            // Watched from here on: what arrives before the first look rings as well.
            bell: Bell::new(&config.path).ok(),
            name: format!("maildir:{}", config.path.display()),
            path: config.path.clone(),
            archive: config.archive.clone(),
            told: BTreeSet::new(),
        })
    }

    /// Claims mails; returns those that are `owner`'s now.
    pub(super) async fn claim(
        &mut self,
        places: &[Place],
        owner: &str,
    ) -> Result<Vec<Place>, Error> {
        let (names, new_owner) = (self.names(places), owner.to_owned());
        let claims = self
            .change_claims(move |claims| {
                names.iter().for_each(|name| claims.claim(name, &new_owner));
            })
            .await?;
        let is_ours = |place: &&Place| claims.owner(&place.name).is_none_or(|other| other == owner);
        Ok(places.iter().filter(is_ours).cloned().collect())
    }

    /// Takes somebody's claims away.
    pub(super) async fn release(&mut self, places: &[Place], owner: &str) -> Result<(), Error> {
        let (names, owner) = (self.names(places), owner.to_owned());
        self.change_claims(move |claims| {
            names.iter().for_each(|name| claims.release(name, &owner));
        })
        .await
        .map(drop)
    }

    async fn change_claims(
        &self,
        work: impl FnOnce(&mut Claims) + Send + 'static,
    ) -> Result<Claims, Error> {
        let path = self.path.clone();
        self.off_thread(move || Claims::change(&path, work)).await
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn tells(&self) -> bool {
        self.bell.is_some()
    }

    pub(super) async fn look(&mut self) -> Result<Vec<Listed>, Error> {
        let path = self.path.clone();
        // Claims after mails: what is settled meanwhile has vanished by the time it is fetched.
        let (mut mails, claims) = self
            .off_thread(move || Ok((list(&path, |_| true)?, Claims::read(&path)?)))
            .await?;
        if let Some(bell) = &mut self.bell {
            // Read after the list: whoever was in it while being written is known by now.
            bell.read().map_err(|source| trouble(&self.path, source))?;
            mails.retain(|mail| !bell.unfinished.contains(&mail.file));
        }
        mails.sort_by(|one, other| one.age().cmp(&other.age()));
        Ok(mails
            .into_iter()
            .map(|mail| Listed {
                place: self.place(&mail.name),
                size: mail.size,
                seen: mail.seen,
                arrived: mail.arrived,
                owner: claims.owner(&mail.name).map(str::to_owned),
                handled: claims.handled(&mail.name),
            })
            .collect())
    }

    pub(super) async fn fetch(
        &mut self,
        places: &[Place],
        extent: Extent,
    ) -> Result<Vec<Fetched>, Error> {
        let (path, names) = (self.path.clone(), self.names(places));
        let found = self
            .off_thread(move || fetch(&path, &names, extent))
            .await?;
        let mut fetched = Vec::new();
        for (mail, raw) in found {
            match raw {
                Ok(raw) => fetched.push(Fetched {
                    place: self.place(&mail.name),
                    size: mail.size,
                    raw,
                }),
                // Others must not wait for it; every look finds it again.
                Err(error) if self.told.insert(mail.name) => tracing::error!(
                    error.kind = "maildir",
                    error.system = %error.kind(),
                    "a mail in the Maildir cannot be read"
                ),
                Err(_) => {}
            }
        }
        Ok(fetched)
    }

    pub(super) async fn settle(&mut self, places: &[Place]) -> Result<(), Error> {
        let (path, names) = (self.path.clone(), self.names(places));
        let target = self.archive.clone().unwrap_or_else(|| path.clone());
        let stays = self.archive.is_none() && !names.is_empty();
        self.off_thread(move || {
            if stays {
                Claims::change(&path, |claims| {
                    names.iter().for_each(|name| claims.handle(name))
                })?;
            }
            locate(&path, &names)?
                .iter()
                .try_for_each(|mail| set_aside(mail, &target))
        })
        .await
    }

    pub(super) async fn wait(
        &mut self,
        limit: Duration,
        interrupt: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<(), Error> {
        let path = &self.path;
        match &mut self.bell {
            Some(bell) => tokio::select! {
                () = interrupt => Ok(()),
                () = tokio::time::sleep(limit) => Ok(()),
                rung = bell.ring() => rung.map_err(|source| trouble(path, source)),
            },
            None => tokio::select! {
                () = interrupt => Ok(()),
                () = tokio::time::sleep(limit.min(POLL_PAUSE)) => Ok(()),
            },
        }
    }

    /// Reads and writes files on a thread of their own, for disks may be slow.
    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done,
            Err(error) => Err(trouble(&self.path, io::Error::other(error))),
        }
    }

    fn place(&self, name: &str) -> Place {
        Place {
            mailbox: self.name.clone(),
            validity: 0,
            name: name.to_owned(),
        }
    }

    fn names(&self, places: &[Place]) -> BTreeSet<String> {
        places
            .iter()
            .filter(|place| place.mailbox == self.name)
            .map(|place| place.name.clone())
            .collect()
    }
}

/// A mail, and its bytes if they can be read.
type Found = (Mail, io::Result<Vec<u8>>);

/// A file of a Maildir.
struct Mail {
    path: PathBuf,
    /// what the file is called
    file: std::ffi::OsString,
    /// what the mail is called, whichever its flags
    name: String,
    flags: String,
    seen: bool,
    arrived: Timestamp,
    size: u64,
}

impl Mail {
    /// `None` for what is no mail.
    fn read(entry: &DirEntry, new: bool, wanted: impl Fn(&str) -> bool) -> Option<Self> {
        let file = entry.file_name();
        let text = file.to_string_lossy().into_owned();
        let (unique, flags) = text.split_once(":2,").unwrap_or((&text, ""));
        if text.starts_with('.') || !wanted(unique) {
            return None;
        }
        // What has vanished since the folder was read is no mail either.
        let metadata = fs::metadata(entry.path()).ok()?;
        if !metadata.is_file() {
            return None;
        }
        Some(Self {
            path: entry.path(),
            name: mail_name(unique, &metadata),
            seen: !new && flags.contains('S'),
            flags: flags.to_owned(),
            arrived: changed(&metadata),
            size: metadata.len(),
            file,
        })
    }

    /// Names begin with the second of the delivery.
    fn age(&self) -> (u64, &str) {
        (time_in(&self.name).unwrap_or(u64::MAX), &self.name)
    }
}

/// Names that mail servers give are never given twice. What a person copies into the
/// folder may be called as something before it was: the time of its last change tells
/// them apart, and stands in the file's own name once it has been set aside.
fn mail_name(unique: &str, metadata: &Metadata) -> String {
    let changed = format!("@{}.{:09}", metadata.mtime(), metadata.mtime_nsec());
    if time_in(unique).is_some() || unique.ends_with(&changed) {
        unique.to_owned()
    } else {
        format!("{unique}{changed}")
    }
}

/// When the file last changed; its flags are in its name and do not count.
fn changed(metadata: &Metadata) -> Timestamp {
    let nanoseconds = i32::try_from(metadata.mtime_nsec()).unwrap_or(0);
    Timestamp::new(metadata.mtime(), nanoseconds).unwrap_or(Timestamp::MAX)
}

/// The time a mail server puts at the start of a name: seconds and a full stop.
fn time_in(name: &str) -> Option<u64> {
    let (seconds, _) = name.split_once('.')?;
    (seconds.len() >= 9).then(|| seconds.parse().ok())?
}

/// The mails whose unique part is wanted; others are not even looked at.
fn list(maildir: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<Mail>, Error> {
    let mut mails = Vec::new();
    for folder in ["new", "cur"] {
        let path = maildir.join(folder);
        for entry in fs::read_dir(&path).map_err(|source| trouble(&path, source))? {
            let entry = entry.map_err(|source| trouble(&path, source))?;
            mails.extend(Mail::read(&entry, folder == "new", &wanted));
        }
    }
    Ok(mails)
}

/// The files of these names, oldest first.
fn locate(maildir: &Path, names: &BTreeSet<String>) -> Result<Vec<Mail>, Error> {
    let may_be_named = |unique: &str| time_in(unique).is_none() || names.contains(unique);
    let mut mails = list(maildir, may_be_named)?;
    mails.retain(|mail| names.contains(&mail.name));
    mails.sort_by(|one, other| one.age().cmp(&other.age()));
    Ok(mails)
}

fn fetch(maildir: &Path, names: &BTreeSet<String>, extent: Extent) -> Result<Vec<Found>, Error> {
    let mut found = Vec::new();
    for mail in locate(maildir, names)? {
        match read(&mail.path, extent) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            raw => found.push((mail, raw)),
        }
    }
    Ok(found)
}

fn read(path: &Path, extent: Extent) -> io::Result<Vec<u8>> {
    if extent == Extent::Whole {
        return fs::read(path);
    }
    let mut raw = Vec::new();
    File::open(path)?.take(HEADER_LIMIT).read_to_end(&mut raw)?;
    let length = header(&raw).len();
    raw.truncate(length);
    Ok(raw)
}

/// A mail up to and with the blank line that ends its header.
pub(crate) fn header(raw: &[u8]) -> &[u8] {
    let mut length = 0;
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        length += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            break;
        }
    }
    raw.get(..length).unwrap_or(raw)
}

/// Moves a mail into the `cur/` of a Maildir, as read.
fn set_aside(mail: &Mail, maildir: &Path) -> Result<(), Error> {
    // Flags stand in ASCII order.
    let flags: BTreeSet<char> = mail.flags.chars().chain(['S']).collect();
    let file = format!("{}:2,{}", mail.name, String::from_iter(flags));
    let target = maildir.join("cur").join(&file);
    let moved = match fs::rename(&mail.path, &target) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let copy = maildir.join("tmp").join(&file);
            fs::copy(&mail.path, &copy)
                .and_then(|_| fs::rename(&copy, &target))
                .and_then(|()| fs::remove_file(&mail.path))
        }
        moved => moved,
    };
    match moved {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !mail.path.exists() => Ok(()),
        moved => moved.map_err(|source| trouble(&mail.path, source)),
    }
}

fn trouble(path: &Path, source: io::Error) -> Error {
    Error::Maildir {
        path: path.to_owned(),
        source,
    }
}

/// Tells of what arrives in `new/` and `cur/`.
#[derive(Debug)]
struct Bell {
    inotify: AsyncFd<Inotify>,
    /// what is being written in place, by a person who copies it there
    unfinished: BTreeSet<std::ffi::OsString>,
    rung: bool,
}

impl Bell {
    #[expect(
        deprecated,
        reason = "its successor needs unsafe; this descriptor is owned and never changes"
    )]
    fn new(maildir: &Path) -> io::Result<Self> {
        let inotify = Inotify::init()?;
        for folder in ["new", "cur"] {
            inotify.watches().add(
                maildir.join(folder),
                WatchMask::CREATE | WatchMask::MOVED_TO | WatchMask::CLOSE_WRITE,
            )?;
        }
        Ok(Self {
            inotify: AsyncFd::new(inotify)?,
            unfinished: BTreeSet::new(),
            rung: false,
        })
    }

    /// Waits until something has arrived since the last time.
    async fn ring(&mut self) -> io::Result<()> {
        loop {
            self.read()?;
            if std::mem::take(&mut self.rung) {
                return Ok(());
            }
            // Cleared before the next reading, so that nothing slips in between.
            self.inotify.readable_mut().await?.clear_ready();
        }
    }

    /// Takes in what has happened so far.
    fn read(&mut self) -> io::Result<()> {
        let mut buffer = [0; 4096];
        loop {
            let events = match self.inotify.get_mut().read_events(&mut buffer) {
                Ok(events) => events,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            };
            for event in events {
                if event.mask.contains(EventMask::IGNORED) {
                    return Err(io::Error::new(
                        io::ErrorKind::NotFound,
                        "the folder has been removed",
                    ));
                }
                let file = event.name.unwrap_or(OsStr::new(""));
                if event.mask.contains(EventMask::CREATE)
                    && time_in(&file.to_string_lossy()).is_none()
                {
                    self.unfinished.insert(file.to_owned());
                } else {
                    self.unfinished.remove(file);
                    self.rung = true;
                }
            }
        }
    }
}
