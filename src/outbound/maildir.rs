//! Each reply becomes one message in a Maildir: written to `tmp/`, then moved to `new/`.
#![allow(clippy::disallowed_methods, reason = "a Maildir is files")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Error;

/// Makes the folders that are missing.
pub(super) async fn prepare(maildir: PathBuf) -> Result<(), Error> {
    off_thread(maildir, make_folders).await
}

/// Stores a message; returns its file name.
pub(super) async fn send(maildir: PathBuf, bytes: Vec<u8>) -> Result<String, Error> {
    off_thread(maildir, move |maildir| {
        make_folders(maildir)?;
        store(maildir, &bytes)
    })
    .await
}

/// Reads and writes files on a thread of their own, for disks may be slow.
async fn off_thread<T: Send + 'static>(
    maildir: PathBuf,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let path = maildir.clone();
    tokio::task::spawn_blocking(move || work(&path))
        .await
        .unwrap_or_else(|error| Err(io::Error::other(error)))
        .map_err(|source| Error::Maildir {
            path: maildir,
            source,
        })
}

fn make_folders(maildir: &Path) -> io::Result<()> {
    ["tmp", "new", "cur"]
        .iter()
        .try_for_each(|folder| fs::create_dir_all(maildir.join(folder)))
}

fn store(maildir: &Path, bytes: &[u8]) -> io::Result<String> {
    let (draft, mut file) = create(&maildir.join("tmp"))?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let name = unique_name(&file)?;
    crate::halt::at(crate::halt::Point::Drafted);
    let new = maildir.join("new");
    fs::rename(&draft, new.join(&name))?;
    // The name itself must survive a power cut, too.
    File::open(new)?.sync_all()?;
    Ok(name)
}

/// Opens a file nobody else has.
fn create(folder: &Path) -> io::Result<(PathBuf, File)> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("P{}Q{count}", process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            // Left behind by a process that had this number before.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            file => return Ok((path, file?)),
        }
    }
}

/// A name that begins with the second of the delivery and is never given twice: no two
/// files have the same inode of the same device at the same time.
fn unique_name(file: &File) -> io::Result<String> {
    let metadata = file.metadata()?;
    Ok(format!(
        "{}.M{:09}V{:x}I{:x}.antragsbote",
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.dev(),
        metadata.ino(),
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[tokio::test]
    async fn each_mail_becomes_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let maildir = folder.path().join("replies");
        prepare(maildir.clone()).await.unwrap();
        fs::write(
            maildir.join("tmp").join(format!("P{}Q0", process::id())),
            "",
        )
        .unwrap();
        let mut names = BTreeSet::new();
        for number in 0..20 {
            let content = format!("mail {number}\r\n");
            let name = send(maildir.clone(), content.clone().into_bytes())
                .await
                .unwrap();
            let stored = fs::read_to_string(maildir.join("new").join(&name)).unwrap();
            assert_eq!(stored, content);
            names.insert(name);
        }
        assert_eq!(names.len(), 20);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "").unwrap();
        let error = send(path.join("replies"), Vec::new()).await.unwrap_err();
        assert_eq!(error.kind(), "maildir");
        assert!(error.to_string().contains("replies"));
    }
}
