//! Claims: of two who look at one Maildir each mail goes to one.
//!
//! They stand in a file beside cur, new and tmp, a line each: whose it is (with a "+" once
//! the mail was handled and is kept) and what the mail is called. It is replaced as a
//! whole, by whoever holds the lock beside it. Without the file nothing is claimed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::{list, trouble};
use crate::mailbox::Error;

const FILE: &str = "antragsbote-claims";
const LOCK: &str = "antragsbote-claims.lock";

/// From so many lines on, those about mail that has gone are dropped.
const MANY: usize = 1000;

/// Whoever holds the lock has it for milliseconds.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

/// What stands there, by the mail's name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Claims(BTreeMap<String, Claim>);

#[derive(Debug, PartialEq, Eq)]
struct Claim {
    owner: String,
    handled: bool,
}

impl Claims {
    /// What stands there now.
    pub(super) fn read(maildir: &Path) -> Result<Self, Error> {
        let path = maildir.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self(text.lines().filter_map(parse).collect())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(trouble(&path, source)),
        }
    }

    /// Changes what stands there, on disk when this returns.
    pub(super) fn change(maildir: &Path, work: impl FnOnce(&mut Self)) -> Result<Self, Error> {
        let path = maildir.join(LOCK);
        // Ends with this function.
        let _lock = lock(&path).map_err(|source| trouble(&path, source))?;
        let mut claims = Self::read(maildir)?;
        work(&mut claims);
        if claims.0.len() > MANY {
            let mails = list(maildir, |_| true)?;
            let there: BTreeSet<&str> = mails.iter().map(|mail| mail.name.as_str()).collect();
            claims.0.retain(|name, _| there.contains(name.as_str()));
        }
        let path = maildir.join(FILE);
        claims
            .write(&maildir.join("tmp").join(FILE), &path)
            .map_err(|source| trouble(&path, source))?;
        Ok(claims)
    }

    fn write(&self, draft: &Path, path: &Path) -> io::Result<()> {
        let mut file = File::create(draft)?;
        for (name, claim) in &self.0 {
            let sign = if claim.handled { "+" } else { "" };
            writeln!(file, "{}{sign} {name}", claim.owner)?;
        }
        file.sync_data()?;
        fs::rename(draft, path)
    }

    /// Whose a mail is.
    pub(super) fn owner(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|claim| claim.owner.as_str())
    }

    /// Whether it was handled and is kept.
    pub(super) fn handled(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|claim| claim.handled)
    }

    /// Claims a mail unless it is somebody's already.
    pub(super) fn claim(&mut self, name: &str, owner: &str) {
        // A name that would be two lines stays unclaimed; no mail server gives such.
        if !name.contains('\n') {
            self.0.entry(name.to_owned()).or_insert_with(|| Claim {
                owner: owner.to_owned(),
                handled: false,
            });
        }
    }

    /// Takes somebody's claim away.
    pub(super) fn release(&mut self, name: &str, owner: &str) {
        if self.owner(name) == Some(owner) {
            self.0.remove(name);
        }
    }

    /// Notes that a claimed mail was handled.
    pub(super) fn handle(&mut self, name: &str) {
        if let Some(claim) = self.0.get_mut(name) {
            claim.handled = true;
        }
    }
}

fn parse(line: &str) -> Option<(String, Claim)> {
    let (owner, name) = line.split_once(' ')?;
    let claim = Claim {
        owner: owner.trim_end_matches('+').to_owned(),
        handled: owner.ends_with('+'),
    };
    Some((name.to_owned(), claim))
}

fn lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::ErrorKind::WouldBlock.into())
}
