//! The file that tokens are kept in, beside the log: readable for its owner alone, never half
//! written, changed by one process at a time.
#![allow(
    clippy::disallowed_methods,
    reason = "the store is a file beside the log"
)]

use std::collections::BTreeMap;
use std::fs::{Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::fs::{File, OpenOptions, remove_file, rename};
use tokio::io::AsyncWriteExt as _;
use tokio::time::{Instant, sleep};

use super::ask::Given;
use super::{Audience, Config, Error, Grant, Tokens};
use crate::clock;

/// The first words of the file.
const FORMAT: &str = "antragsbote oauth 1";

/// How large the file may be, in bytes: a few tokens.
const LARGEST: u64 = 256 * 1024;

/// A token is renewed so long before its end, or at half its life if that is shorter.
const AHEAD: Duration = Duration::from_mins(5);

/// Whether an end is put off shows after so long.
const TELLING: SignedDuration = SignedDuration::from_mins(1);

/// Longer than another process may take to read its secret and ask the token server.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(50);

/// What is kept of a client; its tokens are shown to nobody.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    format: String,
    client: Client,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh: Option<Refresh>,
    access: BTreeMap<Audience, Access>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// Whose tokens they are: another configuration's do not count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Client {
    token_url: String,
    client_id: String,
    grant: String,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Refresh {
    token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Limit>,
}

/// The end of a refresh token, as the server said it.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Limit {
    end: Timestamp,
    said: Timestamp,
    /// whether it has stayed where it was: with some servers each use puts it off
    is_fixed: bool,
}

impl Limit {
    /// What is known once the server has said, or not, when the token it gave ends.
    fn next(before: Option<Self>, end: Option<Timestamp>, now: Timestamp) -> Option<Self> {
        let (before, end) = match (before, end) {
            (Some(before), Some(end)) => (before, end),
            (Some(before), None) => {
                return Some(Self {
                    is_fixed: true,
                    ..before
                });
            }
            (None, end) => {
                return end.map(|end| Self {
                    end,
                    said: now,
                    is_fixed: false,
                });
            }
        };
        let passed = now.duration_since(before.said);
        if passed < TELLING {
            return Some(before);
        }
        Some(Self {
            end,
            said: now,
            is_fixed: end.duration_since(before.end) < passed / 2,
        })
    }
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Access {
    scope: String,
    token: String,
    /// from when on it is renewed
    renew: Timestamp,
}

/// What could not be written.
#[derive(Debug)]
pub(super) struct Unsaved {
    /// instead of which content of the file; another has come from another process, and is newer
    instead_of: Option<Vec<u8>>,
    kept: Kept,
    /// why
    pub(super) error: Error,
}

/// The right to change the file; ends with the value or the process.
#[derive(Debug)]
pub(super) struct Lock {
    /// the folder, so that no file of the lock's own is left behind by anybody
    folder: std::fs::File,
}

impl Kept {
    fn none(config: &Config) -> Self {
        let grant = match config.grant {
            Grant::ClientCredentials => "client_credentials",
            // However she signs in: what the person gives is the same.
            Grant::DeviceCode | Grant::AuthorizationCode => "refresh_token",
        };
        Self {
            format: FORMAT.to_owned(),
            client: Client {
                token_url: config.endpoints.token.clone(),
                client_id: config.client_id.clone(),
                grant: grant.to_owned(),
            },
            refresh: None,
            access: BTreeMap::new(),
        }
    }

    /// The access token, while it need not be renewed.
    pub(super) fn good(&self, audience: Audience, scope: &str, now: Timestamp) -> Option<&String> {
        let access = self.access.get(&audience)?;
        (access.scope == scope && now < access.renew).then_some(&access.token)
    }

    pub(super) fn refresh(&self) -> Option<&str> {
        self.refresh.as_ref().map(|refresh| refresh.token.as_str())
    }

    /// When the refresh token ends, if use does not put that off.
    pub(super) fn refresh_end(&self) -> Option<Timestamp> {
        let limit = self.refresh.as_ref()?.limit?;
        limit.is_fixed.then_some(limit.end)
    }

    /// Drops an access token; whether it was there.
    pub(super) fn forget(&mut self, audience: Audience, token: &str) -> bool {
        let is_there = self.access.get(&audience);
        let is_there = is_there.is_some_and(|access| access.token == token);
        if is_there {
            self.access.remove(&audience);
        }
        is_there
    }

    /// Takes up what the token server has given.
    pub(super) fn take(&mut self, audience: Audience, scope: &str, given: Given, now: Timestamp) {
        let after = |life: Duration| {
            let life = SignedDuration::try_from(life).unwrap_or(SignedDuration::MAX);
            now.checked_add(life).unwrap_or(Timestamp::MAX)
        };
        let access = Access {
            scope: scope.to_owned(),
            token: given.access,
            renew: after(given.life.saturating_sub(AHEAD.min(given.life / 2))),
        };
        self.access.insert(audience, access);
        let end = given.refresh_life.map(after);
        let before = self.refresh.take();
        let (token, limit) = match (given.refresh, before) {
            (Some(token), Some(before)) if before.token != token && end.is_none() => (token, None),
            (Some(token), before) => (token, before.and_then(|before| before.limit)),
            (None, Some(before)) => (before.token, before.limit),
            (None, None) => return,
        };
        let limit = Limit::next(limit, end, now);
        self.refresh = Some(Refresh { token, limit });
    }
}

impl Tokens {
    /// What is kept for this client.
    pub(super) async fn kept(&self) -> Result<Kept, Error> {
        let bytes = self.read().await?;
        if let Some(unsaved) = &self.memory().unsaved
            && unsaved.instead_of == bytes
        {
            return Ok(unsaved.kept.clone());
        }
        let none = Kept::none(self.config());
        let Some(bytes) = bytes else {
            return Ok(none);
        };
        let kept: Option<Kept> = serde_json::from_slice(&bytes).ok();
        let path = || self.config().store.clone();
        let kept = kept.filter(|kept| kept.format == FORMAT);
        let kept = kept.ok_or_else(|| Error::Damaged { path: path() })?;
        Ok(if kept.client == none.client {
            kept
        } else {
            none
        })
    }

    /// The same, for changing it.
    pub(super) async fn locked(&self) -> Result<(Lock, Kept), Error> {
        let lock = self.lock().await?;
        Ok((lock, self.kept().await?))
    }

    /// Writes it down, before anything else is done with it. Where that is impossible it is kept
    /// in memory: what the token server gave it may not give again.
    pub(super) async fn keep(&self, lock: &Lock, kept: Kept) {
        let written = self.write(lock, &kept).await;
        let unsaved = match written {
            Ok(()) => None,
            Err(source) => {
                let (instead_of, error) = (self.read().await.unwrap_or(None), self.error(source));
                Some(Unsaved {
                    instead_of,
                    kept,
                    error,
                })
            }
        };
        self.memory().unsaved = unsaved;
        self.0.news.notify_one();
    }

    /// Keeps what a sign-in has brought, and nothing else; who signed in can do it again.
    pub(super) async fn begin(&self, lock: &Lock, given: Given) -> Result<(), Error> {
        let audience = self.config().first;
        let mut kept = Kept::none(self.config());
        kept.take(audience, self.scope(audience), given, clock::now());
        let written = self.write(lock, &kept).await;
        written.map_err(|error| self.error(error))?;
        self.memory().unsaved = None;
        Ok(())
    }

    async fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        let path = &self.config().store;
        let read = async {
            use tokio::io::AsyncReadExt as _;
            let mut bytes = Vec::new();
            let file = File::open(path).await?;
            file.take(LARGEST).read_to_end(&mut bytes).await?;
            Ok(bytes)
        };
        match read.await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if io::Error::kind(&error) == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.error(error)),
        }
    }

    /// The folder's lock: it is this process's alone as long as the value lives.
    pub(super) async fn lock(&self) -> Result<Lock, Error> {
        let path = &self.config().store;
        let folder = folder(path).to_owned();
        let opened = File::open(folder)
            .await
            .map_err(|error| self.error(error))?;
        let folder = opened.into_std().await;
        let until = Instant::now() + PATIENCE;
        loop {
            match folder.try_lock() {
                Ok(()) => return Ok(Lock { folder }),
                Err(TryLockError::Error(error)) => return Err(self.error(error)),
                Err(TryLockError::WouldBlock) if Instant::now() < until => sleep(LOOK).await,
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::Held { path: path.clone() });
                }
            }
        }
    }

    async fn write(&self, lock: &Lock, kept: &Kept) -> io::Result<()> {
        let path = &self.config().store;
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let new = Path::new(&name);
        let written = write_new(new, lock, kept).await;
        if let Err(error) = written {
            let _ = remove_file(new).await;
            return Err(error);
        }
        rename(new, path).await?;
        lock.folder.sync_all()
    }

    fn error(&self, source: io::Error) -> Error {
        Error::Store {
            path: self.config().store.clone(),
            source: Arc::new(source),
        }
    }
}

async fn write_new(new: &Path, lock: &Lock, kept: &Kept) -> io::Result<()> {
    // One that a killed process left.
    let _ = remove_file(new).await;
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(new)
        .await?;
    file.write_all(&serde_json::to_vec_pretty(kept)?).await?;
    file.flush().await?;
    let file = file.into_std().await;
    // Whatever the umask takes away.
    file.set_permissions(Permissions::from_mode(0o600))?;
    // What root makes here is the service's, whose folder this is.
    let owner = lock.folder.metadata()?;
    if owner.uid() != file.metadata()?.uid() {
        let _ = fchown(&file, Some(owner.uid()), Some(owner.gid()));
    }
    File::from_std(file).sync_all().await
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_counts_unless_each_use_puts_it_off() {
        let begin: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        let at = |minutes: i64| begin + SignedDuration::from_mins(minutes);
        // minute of the answer, minute of the end it says; the end that is known then
        for (answers, expected) in [
            (&[(0, Some(1000))][..], None),
            (&[(0, Some(1000)), (60, Some(1000))], Some(1000)),
            (&[(0, Some(1000)), (60, None)], Some(1000)),
            (&[(0, Some(1000)), (60, Some(1060))], None),
            (&[(0, Some(1000)), (0, Some(1000)), (60, Some(1060))], None),
            (
                &[(0, Some(1000)), (60, Some(1060)), (90, Some(1060))],
                Some(1060),
            ),
            (&[(0, None), (60, None)], None),
        ] {
            let mut limit = None;
            for (said, end) in answers {
                limit = Limit::next(limit, end.map(at), at(*said));
            }
            let known = limit.filter(|limit| limit.is_fixed);
            assert_eq!(
                known.map(|limit| limit.end),
                expected.map(at),
                "{answers:?}"
            );
        }
    }
}
