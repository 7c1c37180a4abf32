//! Which file is written to: whoever removes or replaces the log under a running service would
//! else have it write into a file without a name.

use std::fs::metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Error;

/// The database file and its -wal, as they were when they were opened.
#[derive(Debug)]
pub(super) struct Presence {
    pub(super) path: Arc<Path>,
    wal: PathBuf,
    seen: [Option<(u64, u64)>; 2],
}

impl Presence {
    /// Of the file that has just been opened.
    pub(super) fn of(path: Arc<Path>) -> Self {
        let mut wal = path.as_os_str().to_owned();
        wal.push("-wal");
        let seen = [number(&path).ok(), None];
        Self {
            wal: PathBuf::from(wal),
            path,
            seen,
        }
    }

    /// Whether both files still have their names.
    ///
    /// # Errors
    /// [`Error::Replaced`]
    pub(super) fn check(&mut self) -> Result<(), Error> {
        let paths = [&*self.path, self.wal.as_path()];
        for (path, seen) in paths.into_iter().zip(&mut self.seen) {
            match (number(path), &seen) {
                // No answer is no news: SQLite will say what is wrong.
                (Err(error), _) if error.kind() != io::ErrorKind::NotFound => {}
                (Ok(now), Some(before)) if now == *before => {}
                (Ok(now), None) => *seen = Some(now),
                (Err(_), None) => {}
                _ => return Err(Error::Replaced(self.path.to_path_buf())),
            }
        }
        Ok(())
    }
}

fn number(path: &Path) -> io::Result<(u64, u64)> {
    metadata(path).map(|data| (data.dev(), data.ino()))
}
