//! Mailboxes: bring mail, set aside what is handled.
//!
//! In: where the mail lies. Out: raw mail with its [`Place`]. Never here: what has
//! been handled (the log knows), what a mail means.
//!
//! One [`Mailbox`] is one connection. Every error ends it: the service drops it,
//! pauses, and opens another.

use std::path::PathBuf;
use std::time::Duration;

use crate::request::Place;
use crate::secret::Secret;
use crate::tls::Security;

/// Where mail is fetched (`[mailbox]`).
#[derive(Debug, Clone)]
pub enum Config {
    /// RFC 3501
    Imap(ImapConfig),
    /// a Maildir folder
    Maildir(MaildirConfig),
}

/// An IMAP mailbox.
#[derive(Debug, Clone)]
pub struct ImapConfig {
    /// host name, also the one the certificate is checked against
    pub host: String,
    /// TCP port
    pub port: u16,
    /// how the connection is secured
    pub security: Security,
    /// login name
    pub username: String,
    /// password, read anew at every login
    pub password: Secret,
    /// certificates trusted beside the system's
    pub ca_file: Option<PathBuf>,
    /// the folder that is watched
    pub folder: String,
    /// the folder that handled mail is moved to, made if missing; without it, handled mail is marked \Seen and kept
    pub archive: Option<String>,
}

/// A Maildir.
#[derive(Debug, Clone)]
pub struct MaildirConfig {
    /// the folder with cur, new, tmp
    pub path: PathBuf,
    /// the Maildir that handled mail is moved to
    pub archive: Option<PathBuf>,
}

/// What a look at the mailbox finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// where it lies
    pub place: Place,
    /// its size in bytes
    pub size: u64,
    /// a person has read it, or says so
    pub seen: bool,
}

/// A mail, fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// where it lies
    pub place: Place,
    /// its size in bytes
    pub size: u64,
    /// the whole mail, or its header alone
    pub raw: Vec<u8>,
}

/// How much of a mail is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// all of it
    Whole,
    /// only the header: the mail is too large
    Header,
}

/// One open mailbox.
#[derive(Debug)]
pub enum Mailbox {}

impl Mailbox {
    /// Connects, logs in, selects the folder, makes the archive folder if it is missing.
    pub async fn open(config: &Config) -> Result<Self, Error> {
        let _ = config;
        todo!()
    }
    /// The mailbox's name in the log, and its UIDVALIDITY (0 for Maildir).
    pub fn identity(&self) -> (&str, u32) {
        todo!()
    }
    /// Lists what lies there from `next_uid` on (Maildir: everything), oldest first.
    pub async fn look(&mut self, next_uid: u32) -> Result<Vec<Listed>, Error> {
        let _ = next_uid;
        todo!()
    }
    /// Fetches mails without marking them as read; what has vanished is missing in the result.
    pub async fn fetch(&mut self, places: &[Place], extent: Extent) -> Result<Vec<Fetched>, Error> {
        let _ = (places, extent);
        todo!()
    }
    /// Sets handled mail aside: archive or \Seen. What has vanished is no error.
    pub async fn settle(&mut self, places: &[Place]) -> Result<(), Error> {
        let _ = places;
        todo!()
    }
    /// Waits until there may be something new, at most `limit`, or until `interrupt` ends.
    pub async fn wait(
        &mut self,
        limit: Duration,
        interrupt: impl Future<Output = ()>,
    ) -> Result<(), Error> {
        let _ = (limit, interrupt);
        todo!()
    }
    /// Whether the server tells of new mail by itself (IDLE, inotify); else `wait` merely waits.
    pub fn tells(&self) -> bool {
        todo!()
    }
    /// Says good-bye; errors no longer matter.
    pub async fn close(self) {
        todo!()
    }
}

/// Trouble with the mailbox.
#[derive(Debug, thiserror::Error)]
pub enum Error {}
