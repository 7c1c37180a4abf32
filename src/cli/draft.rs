//! Files that appear whole or not at all.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use super::confine;

/// A file that is complete and on disk under a name of its own; unless it is put in its place, it vanishes.
#[derive(Debug)]
pub(super) struct Draft {
    path: PathBuf,
    place: PathBuf,
}

impl Draft {
    /// Writes what is to lie at `place`, with these rights whatever the umask; in a folder of the
    /// service's, root's files are the service's, too.
    pub(super) fn write(place: &Path, mode: u32, content: &[u8]) -> io::Result<Self> {
        let path = place.with_added_extension("neu");
        // That of an earlier try which was killed.
        let _ = fs::remove_file(&path);
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&path)?;
        let draft = Self {
            path,
            place: place.to_owned(),
        };
        if let Some((user, group)) = confine::heir(folder_of(place))? {
            // By its handle: whoever owns the folder may have put something else under its name.
            fchown(&file, Some(user), Some(group))?;
        }
        file.set_permissions(Permissions::from_mode(mode))?;
        file.write_all(content)?;
        file.sync_all()?;
        Ok(draft)
    }

    /// Takes the place of whatever lies there.
    pub(super) fn put(self) -> io::Result<()> {
        fs::rename(&self.path, &self.place)?;
        File::open(folder_of(&self.place))?.sync_all()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Gone already, if it was put in its place.
        let _ = fs::remove_file(&self.path);
    }
}

/// The folder a file lies in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| *folder != Path::new(""))
        .unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_draft_takes_its_place_with_its_rights_or_vanishes() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("geheim");
        fs::write(&place, "alt").unwrap();
        fs::write(folder.path().join("geheim.neu"), "von gestern").unwrap();
        let draft = Draft::write(&place, 0o600, b"neu").unwrap();
        assert_eq!(fs::read(&place).unwrap(), b"alt");
        draft.put().unwrap();
        assert_eq!(fs::read(&place).unwrap(), b"neu");
        let mode = fs::metadata(&place).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        drop(Draft::write(&place, 0o644, b"nie").unwrap());
        assert_eq!(fs::read(&place).unwrap(), b"neu");
        assert_eq!(names(folder.path()), ["geheim"]);
    }
}
