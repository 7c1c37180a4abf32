//! One daemon a log: the lock beside the database.
#![allow(
    clippy::disallowed_methods,
    reason = "the lock is a file beside the database"
)]

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use super::open::give_away;
use super::{Error, Log};

/// The right to work on a log's requests; ends with the value or the process, however it ends.
#[derive(Debug)]
pub struct Hold {
    #[expect(dead_code, reason = "the lock lives as long as the open file")]
    file: File,
}

impl Log {
    /// Makes this process the one that answers and sends: leases of a predecessor that was
    /// killed are free at once.
    ///
    /// # Errors
    /// [`Error::Held`] if another daemon works on this log.
    pub async fn hold(&self) -> Result<Hold, Error> {
        let mut name = self.path.as_os_str().to_owned();
        name.push("-lock");
        let path = PathBuf::from(name);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|error| self.cannot_lock(&error))?;
        let owned = file.metadata().and_then(|data| give_away(&path, &data));
        owned.map_err(|error| self.cannot_lock(&error))?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => Error::Held(self.path.to_path_buf()),
            TryLockError::Error(error) => self.cannot_lock(&error),
        })?;
        self.release().await?;
        Ok(Hold { file })
    }

    fn cannot_lock(&self, error: &std::io::Error) -> Error {
        Error::CannotOpen {
            path: self.path.to_path_buf(),
            reason: error.to_string(),
        }
    }
}
