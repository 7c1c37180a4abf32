//! Mailboxes: bring mail, set aside what is handled.
//!
//! In: where the mail lies. Out: raw mail with its [`Place`]. Never here: what has
//! been handled (the log knows), what a mail means.
//!
//! One [`Mailbox`] is one connection. Every error ends it: the service drops it,
//! pauses, and opens another. A call that is dropped before its end ends it as well;
//! [`Mailbox::wait`] is interrupted by its own argument.

use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use jiff::Timestamp;

use crate::mail;
use crate::oauth::Credential;
use crate::request::Place;
use crate::tls::Security;

mod error;
mod imap;
mod maildir;
mod memory;
mod survey;

pub use error::Error;
pub use memory::Memory;
pub use survey::{Access, Archive, Survey, survey};

/// How many bytes of a header are read, in search of its end: far beyond any real one.
const HEADER_LIMIT: u64 = 256 * 1024;

/// Where mail is fetched (`[mailbox]`).
#[derive(Debug, Clone, PartialEq)]
pub enum Config {
    /// RFC 3501
    Imap(ImapConfig),
    /// a Maildir folder
    Maildir(MaildirConfig),
    /// a box in memory, for tests
    Memory(Memory),
}

/// An IMAP mailbox.
#[derive(Debug, Clone, PartialEq)]
pub struct ImapConfig {
    /// host name, also the one the certificate is checked against
    pub host: String,
    /// TCP port
    pub port: u16,
    /// how the connection is secured
    pub security: Security,
    /// login name
    pub username: String,
    /// what proves it
    pub credential: Credential,
    /// certificates trusted beside the system's
    pub ca_file: Option<PathBuf>,
    /// the folder that is watched
    pub folder: String,
    /// the folder that handled mail is moved to, made if missing; without it, handled mail is marked \Seen and kept
    pub archive: Option<String>,
    /// how long mail stays in the archive; without it, for ever
    pub archive_retention: Option<Duration>,
}

/// A Maildir.
#[derive(Debug, Clone, PartialEq)]
pub struct MaildirConfig {
    /// the folder with cur, new, tmp
    pub path: PathBuf,
    /// the Maildir that handled mail is moved to
    pub archive: Option<PathBuf>,
    /// how long mail stays in the archive; without it, for ever
    pub archive_retention: Option<Duration>,
}

impl Config {
    /// How long mail stays in the archive; `None` is for ever.
    pub fn archive_retention(&self) -> Option<Duration> {
        match self {
            Self::Imap(config) => config.archive_retention,
            Self::Maildir(config) => config.archive_retention,
            Self::Memory(_) => None,
        }
    }
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
    /// when it came, at the latest: INTERNALDATE (RFC 3501 2.3.3), the last change of a Maildir's file
    pub arrived: Timestamp,
    /// who has claimed it
    pub owner: Option<String>,
    /// it was answered and is kept
    pub handled: bool,
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
pub struct Mailbox(Kind);

#[derive(Debug)]
enum Kind {
    Imap(Box<imap::Imap>),
    Maildir(maildir::Maildir),
    Memory(Memory),
}

impl Mailbox {
    /// Connects, logs in, selects the folder, makes the archive folder if it is missing.
    ///
    /// # Errors
    /// Whatever stands in the way, named.
    pub async fn open(config: &Config) -> Result<Self, Error> {
        Ok(Self(match config {
            Config::Imap(config) => Kind::Imap(Box::new(imap::Imap::open(config).await?)),
            Config::Maildir(config) => Kind::Maildir(maildir::Maildir::open(config).await?),
            Config::Memory(memory) => Kind::Memory(memory.clone()),
        }))
    }

    /// The mailbox's name in the log, and its UIDVALIDITY (0 for Maildir).
    pub fn identity(&self) -> (&str, u32) {
        match &self.0 {
            Kind::Imap(imap) => imap.identity(),
            Kind::Maildir(maildir) => (maildir.name(), 0),
            Kind::Memory(_) => (memory::NAME, memory::VALIDITY),
        }
    }

    /// Lists what lies there from `next_uid` on (Maildir: everything), oldest first.
    ///
    /// # Errors
    /// When the mailbox cannot be read.
    pub async fn look(&mut self, next_uid: u32) -> Result<Vec<Listed>, Error> {
        match &mut self.0 {
            Kind::Imap(imap) => imap.look(next_uid).await,
            Kind::Maildir(maildir) => maildir.look().await,
            Kind::Memory(memory) => Ok(memory.look(next_uid)),
        }
    }

    /// Whether mails can be claimed ([`Mailbox::claim`]).
    pub fn claims(&self) -> bool {
        match &self.0 {
            Kind::Imap(imap) => imap.claims(),
            Kind::Maildir(_) => true,
            Kind::Memory(_) => false,
        }
    }

    /// Claims mails for `owner` (letters and digits), of whom there may be several; returns
    /// those that are its own now. Where nothing can be claimed, these are all.
    ///
    /// # Errors
    /// When the mailbox cannot be read or changed.
    pub async fn claim(&mut self, places: &[Place], owner: &str) -> Result<Vec<Place>, Error> {
        match &mut self.0 {
            Kind::Imap(imap) => imap.claim(places, owner).await,
            Kind::Maildir(maildir) => maildir.claim(places, owner).await,
            Kind::Memory(_) => Ok(places.to_vec()),
        }
    }

    /// Takes the claims of `owner` away.
    ///
    /// # Errors
    /// When the mailbox cannot be changed.
    pub async fn release(&mut self, places: &[Place], owner: &str) -> Result<(), Error> {
        match &mut self.0 {
            Kind::Imap(imap) => imap.release(places, owner).await,
            Kind::Maildir(maildir) => maildir.release(places, owner).await,
            Kind::Memory(_) => Ok(()),
        }
    }

    /// Fetches mails without marking them as read; what has vanished is missing in the result.
    /// They are held in memory together.
    ///
    /// # Errors
    /// When the mailbox cannot be read.
    pub async fn fetch(&mut self, mails: &[Listed], extent: Extent) -> Result<Vec<Fetched>, Error> {
        match &mut self.0 {
            Kind::Imap(imap) => imap.fetch(mails, extent).await,
            Kind::Maildir(maildir) => maildir.fetch(&places(mails), extent).await,
            Kind::Memory(memory) => Ok(memory.fetch(&places(mails), extent)),
        }
    }

    /// Sets handled mail aside: archive or \Seen. What has vanished is no error.
    ///
    /// # Errors
    /// When the mailbox cannot be changed.
    pub async fn settle(&mut self, places: &[Place]) -> Result<(), Error> {
        match &mut self.0 {
            Kind::Imap(imap) => imap.settle(places).await,
            Kind::Maildir(maildir) => maildir.settle(places).await,
            Kind::Memory(memory) => {
                memory.settle(places);
                Ok(())
            }
        }
    }

    /// Removes mail from the archive that came before; returns how many. Without an archive
    /// there is nothing to do.
    ///
    /// # Errors
    /// When the archive cannot be read or changed.
    pub async fn expire(&mut self, before: Timestamp) -> Result<u64, Error> {
        match &mut self.0 {
            Kind::Imap(imap) => imap.expire(before).await,
            Kind::Maildir(maildir) => maildir.expire(before).await,
            Kind::Memory(_) => Ok(0),
        }
    }

    /// Removes the mail of this address (From, Reply-To or Sender, upper or lower case) from
    /// the archive; returns how many. Without an archive there is nothing to do.
    ///
    /// # Errors
    /// When the archive cannot be read or changed.
    pub async fn erase(&mut self, who: &str) -> Result<u64, Error> {
        match &mut self.0 {
            Kind::Imap(imap) => imap.erase(who).await,
            Kind::Maildir(maildir) => maildir.erase(who).await,
            Kind::Memory(_) => Ok(0),
        }
    }

    /// Waits until there may be something new, at most `limit`, or until `interrupt` ends.
    ///
    /// # Errors
    /// When the connection is found to be dead.
    pub async fn wait(
        &mut self,
        limit: Duration,
        interrupt: impl Future<Output = ()>,
    ) -> Result<(), Error> {
        let interrupt = pin!(interrupt);
        match &mut self.0 {
            Kind::Imap(imap) => imap.wait(limit, interrupt).await,
            Kind::Maildir(maildir) => maildir.wait(limit, interrupt).await,
            Kind::Memory(memory) => {
                memory.wait(limit, interrupt).await;
                Ok(())
            }
        }
    }

    /// Whether the server tells of new mail by itself (IDLE, inotify); else `wait` merely waits.
    pub fn tells(&self) -> bool {
        match &self.0 {
            Kind::Imap(imap) => imap.tells(),
            Kind::Maildir(maildir) => maildir.tells(),
            Kind::Memory(_) => true,
        }
    }

    /// Says good-bye; errors no longer matter.
    pub async fn close(self) {
        if let Kind::Imap(imap) = self.0 {
            imap.close().await;
        }
    }
}

/// Where these mails lie.
fn places(mails: &[Listed]) -> Vec<Place> {
    mails.iter().map(|mail| mail.place.clone()).collect()
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

/// Whether this header names the address as who sent the mail.
fn is_from(header: &[u8], who: &str) -> bool {
    let mail = mail::parse(header);
    let named = [&mail.from, &mail.reply_to, &mail.sender];
    let mut emails = named.into_iter().flatten().map(|address| &address.email);
    emails.any(|email| email.to_lowercase() == who.trim().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The service runs it on a runtime of several threads.
    #[test]
    fn everything_it_does_may_change_threads() {
        fn is_send(_: impl Send) {}
        let config = Config::Memory(Memory::default());
        is_send(Mailbox::open(&config));
        let _ = |mut mailbox: Mailbox| {
            is_send(mailbox.look(1));
            is_send(mailbox.fetch(&[], Extent::Whole));
            is_send(mailbox.settle(&[]));
            is_send(mailbox.wait(Duration::ZERO, std::future::pending()));
            is_send(mailbox.close());
        };
    }

    #[test]
    fn headers_end_at_the_first_blank_line() {
        for (raw, expected) in [
            ("", ""),
            ("A: b", "A: b"),
            ("A: b\n\nc\n\n", "A: b\n\n"),
            ("A: b\r\n\r\nc", "A: b\r\n\r\n"),
            ("\r\nc", "\r\n"),
        ] {
            assert_eq!(header(raw.as_bytes()), expected.as_bytes());
        }
    }
}
