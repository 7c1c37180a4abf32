//! Python packages for tests, of pinned versions from PyPI: other engines, validators,
//! documents. Made once below `target/`; whoever asks at the same time waits.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

/// The interpreter of a virtual environment with these requirements (`name==version`).
pub(crate) fn python_with(requirements: &[&str]) -> PathBuf {
    let folder = kept("venv", requirements, |folder| {
        run(Command::new("python3").args(["-m", "venv"]).arg(folder));
        run(Command::new(folder.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .arg("--disable-pip-version-check")
            .args(requirements));
    });
    folder.join("bin/python")
}

/// A folder that `make` fills once for each set of `words`.
pub(crate) fn kept(name: &str, words: &[&str], make: impl FnOnce(&Path)) -> PathBuf {
    let digest = Sha256::digest(words.join("\n"));
    let digest: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{digest}"));
    let lock = File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    // A run that was interrupted leaves a folder without this mark.
    let done = folder.join("done");
    if !done.exists() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        make(&folder);
        fs::write(done, "").unwrap();
    }
    folder
}

/// Runs a command to its end and gives what it printed.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| {
        panic!("{command:?} does not start ({error}): tests/run installs what is missing")
    });
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
