//! Python with the peers, from PyPI through pip, installed once per machine and version.

use std::collections::hash_map::DefaultHasher;
use std::ffi::OsStr;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const REQUIREMENTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/real/peers/requirements.txt"
);

/// Runs a script that lies beside this file.
#[track_caller]
pub(crate) fn run_script(name: &str, argument: &Path) {
    let folder = Path::new(REQUIREMENTS).parent().unwrap();
    run(python(), [folder.join(name).as_os_str(), argument.as_os_str()]);
}

/// Runs pip.
#[track_caller]
pub(crate) fn pip<'a>(arguments: impl IntoIterator<Item = &'a OsStr>) {
    let pip = ["-m", "pip", "--quiet", "--disable-pip-version-check"].map(OsStr::new);
    run(python(), pip.into_iter().chain(arguments));
}

/// The interpreter that knows the peers.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let mut versions = DefaultHasher::new();
        fs::read(REQUIREMENTS).unwrap().hash(&mut versions);
        let name = format!("peers-{:x}", versions.finish());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let python = folder.join("bin/python");
        let complete = folder.join("complete");
        if !complete.exists() {
            let venv = ["-m", "venv", "--clear"].map(OsStr::new);
            run(Path::new("python3"), venv.into_iter().chain([folder.as_os_str()]));
            let install = ["-m", "pip", "--quiet", "--disable-pip-version-check", "install"];
            let install = install.into_iter().chain(["--requirement", REQUIREMENTS]);
            run(&python, install.map(OsStr::new));
            fs::write(complete, "").unwrap();
        }
        python
    })
}

#[track_caller]
fn run<'a>(program: &Path, arguments: impl IntoIterator<Item = &'a OsStr>) {
    let mut command = Command::new(program);
    command.args(arguments);
    let output = command.output();
    let output = output.unwrap_or_else(|error| {
        panic!("{command:?} does not start ({error}): tests/run installs what is missing")
    });
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}
