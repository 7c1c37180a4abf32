//! The archive's Maildir: what has lain there long enough, and what is one person's, goes.

use std::fs;
use std::io;
use std::path::PathBuf;

use jiff::Timestamp;

use super::file::{Mail, list, read};
use super::{Maildir, trouble};
use crate::mailbox::{Error, Extent, is_from};

impl Maildir {
    /// Removes what was last changed before; returns how many.
    pub(in crate::mailbox) async fn expire(&mut self, before: Timestamp) -> Result<u64, Error> {
        self.remove(move |mail| Ok(mail.arrived < before)).await
    }

    /// Removes what this address sent; returns how many.
    pub(in crate::mailbox) async fn erase(&mut self, who: &str) -> Result<u64, Error> {
        let who = who.to_owned();
        self.remove(move |mail| match read(&mail.path, Extent::Header) {
            Ok(header) => Ok(is_from(&header, &who)),
            Err(error) => not_if_vanished(mail, error).map(|()| false),
        })
        .await
    }

    async fn remove(
        &self,
        goes: impl Fn(&Mail) -> Result<bool, Error> + Send + 'static,
    ) -> Result<u64, Error> {
        let Some(archive): Option<PathBuf> = self.archive.clone() else {
            return Ok(0);
        };
        self.off_thread(move || {
            let mut removed = 0;
            for mail in list(&archive, |_| true)? {
                if goes(&mail)? {
                    match fs::remove_file(&mail.path) {
                        Ok(()) => removed += 1,
                        Err(error) => not_if_vanished(&mail, error)?,
                    }
                }
            }
            Ok(removed)
        })
        .await
    }
}

/// What a person has removed or moved meanwhile is no trouble.
fn not_if_vanished(mail: &Mail, error: io::Error) -> Result<(), Error> {
    match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(trouble(&mail.path, error)),
    }
}
