//! inotify tells of what arrives.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use inotify::{EventMask, Inotify, WatchMask};
use tokio::io::unix::AsyncFd;

use super::file::time_in;

/// Tells of what arrives in `new/` and `cur/`.
#[derive(Debug)]
pub(super) struct Bell {
    inotify: AsyncFd<Inotify>,
    /// what is being written in place, by a person who copies it there
    pub(super) unfinished: BTreeSet<OsString>,
    rung: bool,
}

impl Bell {
    #[expect(
        deprecated,
        reason = "its successor needs unsafe; this descriptor is owned and never changes"
    )]
    pub(super) fn new(maildir: &Path) -> io::Result<Self> {
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
    pub(super) async fn ring(&mut self) -> io::Result<()> {
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
    pub(super) fn read(&mut self) -> io::Result<()> {
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
