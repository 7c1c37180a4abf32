//! One daemon a log: the lock beside the database.
#![allow(
    clippy::disallowed_methods,
    reason = "the lock is a file beside the database"
)]

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::PathBuf;
use std::time::Duration;

use super::open::give_away;
use super::{Error, Log};
use crate::request::RequestId;

/// Stands in the file while no mail is worked on; as long as an id.
const NONE: &str = "--------------------------";

/// How often, and how far apart, the lock is tried.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(50);

/// The right to work on a log's requests; ends with the value or the process, however it ends.
#[derive(Debug)]
pub struct Hold {
    file: File,
}

impl Hold {
    /// Notes which mail is worked on, or that none is: should the process die now, its successor learns on which.
    ///
    /// The note outlives the process, but is not forced to disk: a power cut is no mail's fault. That it cannot
    /// be made stops no work.
    pub fn note(&self, request: Option<&RequestId>) {
        let words = request.map_or(NONE, RequestId::as_str);
        let _ = self.file.write_all_at(words.as_bytes(), 0);
    }

    /// On which mail the predecessor died, if it did.
    fn noted(&self) -> Option<RequestId> {
        let mut words = [0; NONE.len()];
        let read: io::Result<()> = self.file.read_exact_at(&mut words, 0);
        read.ok()?;
        RequestId::parse(std::str::from_utf8(&words).ok()?)
    }
}

impl Log {
    /// Makes this process the one that answers and sends: leases of a predecessor that was
    /// killed are free at once. Did it die while it worked on a mail, that counts against the mail.
    ///
    /// # Errors
    /// [`Error::Held`] if another daemon works on this log.
    pub async fn hold(&self) -> Result<Hold, Error> {
        let mut name = self.path.as_os_str().to_owned();
        name.push("-lock");
        let path = PathBuf::from(name);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|error| self.cannot_lock(&error))?;
        let owned = file.metadata().and_then(|data| give_away(&path, &data));
        owned.map_err(|error| self.cannot_lock(&error))?;
        let mut tries = 1;
        let locked = loop {
            match file.try_lock() {
                // Whoever asks whether a daemon runs (`Log::is_held`) has it for a moment.
                Err(TryLockError::WouldBlock) if tries < TRIES => {
                    tries += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                locked => break locked,
            }
        };
        locked.map_err(|error| match error {
            TryLockError::WouldBlock => Error::Held(self.path.to_path_buf()),
            TryLockError::Error(error) => self.cannot_lock(&error),
        })?;
        let hold = Hold { file };
        self.release().await?;
        if let Some(request) = hold.noted() {
            self.blame(&request).await?;
        }
        hold.note(None);
        Ok(hold)
    }

    fn cannot_lock(&self, error: &std::io::Error) -> Error {
        Error::CannotOpen {
            path: self.path.to_path_buf(),
            reason: error.to_string(),
        }
    }
}
