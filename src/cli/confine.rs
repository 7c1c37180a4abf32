//! What a process that reads secrets gives up at its start, and what root leaves to the service.

use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};

/// Homes, which the service's unit hides from it.
const HOMES: [&str; 3] = ["/home", "/root", "/run/user"];

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

/// Whose what root makes in this folder is to be, user and group: the service's, if the folder is.
pub(super) fn heir(folder: &Path) -> io::Result<Option<(u32, u32)>> {
    let owner = folder.metadata()?;
    let is_given_away = is_root() && owner.uid() != 0;
    Ok(is_given_away.then(|| (owner.uid(), owner.gid())))
}

/// Whether a service of any user can read this file, given by its full path.
pub(super) fn is_open_to_all(path: &Path) -> bool {
    let allows = |path: &Path, right: u32| {
        path.metadata()
            .is_ok_and(|data| data.permissions().mode() & right != 0)
    };
    let hidden = HOMES.iter().any(|home| path.starts_with(home));
    !hidden && allows(path, 0o004) && path.ancestors().skip(1).all(|folder| allows(folder, 0o001))
}
