//! Where tokens are kept while the answers are tried: what is written is written at the end.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::super::draft::folder_of;
use super::super::exit::Failure;
use super::place::{Place, failed};

/// A folder beside the configuration that only its owner enters; it vanishes with this value.
#[derive(Debug)]
pub(super) struct Interim(PathBuf);

/// What is to be kept.
pub(super) struct Kept {
    /// where the service looks for it
    pub(super) place: PathBuf,
    pub(super) content: Vec<u8>,
}

impl Interim {
    /// Makes it.
    ///
    /// # Errors
    /// [`super::super::exit::Class::CantCreate`]
    pub(super) fn beside(place: &Place) -> Result<Self, Failure> {
        let folder = folder_of(place.file()).join("oauth.neu");
        // That of an earlier try which was killed.
        let made = match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => DirBuilder::new().mode(0o700).create(&folder),
        };
        made.map_err(|error| failed(&folder, error))?;
        Ok(Self(folder))
    }

    /// The file for tokens.
    pub(super) fn file(&self) -> PathBuf {
        self.0.join("oauth.json")
    }

    /// Forgets them.
    pub(super) fn clear(&self) {
        // Whoever cannot sign in anew is told.
        let _ = fs::remove_file(self.file());
    }

    /// What is in it, for this place; `None` if nobody has signed in.
    pub(super) fn keep_at(&self, place: &Path) -> Option<Kept> {
        let content = fs::read(self.file()).ok()?;
        Some(Kept {
            place: place.to_owned(),
            content,
        })
    }
}

impl Drop for Interim {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
