//! The files of a Maildir: what they are called, how they are found, read and set aside.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, DirEntry, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::trouble;
use crate::mailbox::{Error, Extent, HEADER_LIMIT, header};

/// A mail, and its bytes if they can be read.
pub(super) type Found = (Mail, io::Result<Vec<u8>>);

/// A file of a Maildir.
pub(super) struct Mail {
    pub(super) path: PathBuf,
    /// what the file is called
    pub(super) file: OsString,
    /// what the mail is called, whichever its flags
    pub(super) name: String,
    pub(super) flags: String,
    pub(super) seen: bool,
    pub(super) arrived: Timestamp,
    pub(super) size: u64,
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
    pub(super) fn age(&self) -> (u64, &str) {
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
pub(super) fn time_in(name: &str) -> Option<u64> {
    let (seconds, _) = name.split_once('.')?;
    (seconds.len() >= 9).then(|| seconds.parse().ok())?
}

/// The mails whose unique part is wanted; others are not even looked at.
pub(super) fn list(maildir: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<Mail>, Error> {
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
pub(super) fn locate(maildir: &Path, names: &BTreeSet<String>) -> Result<Vec<Mail>, Error> {
    let may_be_named = |unique: &str| time_in(unique).is_none() || names.contains(unique);
    let mut mails = list(maildir, may_be_named)?;
    mails.retain(|mail| names.contains(&mail.name));
    mails.sort_by(|one, other| one.age().cmp(&other.age()));
    Ok(mails)
}

pub(super) fn fetch(
    maildir: &Path,
    names: &BTreeSet<String>,
    extent: Extent,
) -> Result<Vec<Found>, Error> {
    let mut found = Vec::new();
    for mail in locate(maildir, names)? {
        match read(&mail.path, extent) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            raw => found.push((mail, raw)),
        }
    }
    Ok(found)
}

pub(super) fn read(path: &Path, extent: Extent) -> io::Result<Vec<u8>> {
    if extent == Extent::Whole {
        return fs::read(path);
    }
    let mut raw = Vec::new();
    File::open(path)?.take(HEADER_LIMIT).read_to_end(&mut raw)?;
    let length = header(&raw).len();
    raw.truncate(length);
    Ok(raw)
}

/// Moves a mail into the `cur/` of a Maildir, as read.
pub(super) fn set_aside(mail: &Mail, maildir: &Path) -> Result<(), Error> {
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
