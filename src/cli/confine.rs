//! What a process that reads secrets gives up at its start.

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
