//! What a process that reads secrets gives up at its start, and what root leaves to the service.

use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;

use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};

/// No core dump of this process, and none of the programs it starts: memory holds passwords
/// and mail. Other processes of the same user cannot look into it either.
pub(super) fn no_dumps() {
    // Where the system refuses, the sandbox of the service forbids more than this.
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    let _ = prctl::set_dumpable(false);
}

/// Whether this process may do anything, as no service needs to.
pub(super) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// What root makes in a folder of the service belongs to the service.
pub(super) fn give_away(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new(".")).metadata()?;
    if is_root() && folder.uid() != 0 {
        chown(path, Some(folder.uid()), Some(folder.gid()))?;
    }
    Ok(())
}
