//! A Maildir: mail lies in `new/` until it is read, then in `cur/` with its flags after
//! ":2,". inotify tells of what arrives.
#![allow(clippy::disallowed_methods, reason = "a Maildir is files")]

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use super::{Error, Extent, Fetched, Listed, MaildirConfig};
use crate::request::Place;

mod archive;
mod bell;
mod claims;
mod file;
#[cfg(test)]
mod tests;

use bell::Bell;
use claims::Claims;
use file::{fetch, list, locate, set_aside};

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

fn trouble(path: &Path, source: io::Error) -> Error {
    Error::Maildir {
        path: path.to_owned(),
        source,
    }
}
