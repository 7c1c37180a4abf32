//! Python with the peers, from PyPI through pip, installed once per machine and version.

use std::collections::hash_map::DefaultHasher;
use std::ffi::OsStr;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

const REQUIREMENTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/real/peers/requirements.txt"
);

/// The interpreter that knows the peers.
static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| {
    let mut versions = DefaultHasher::new();
    fs::read(REQUIREMENTS).unwrap().hash(&mut versions);
    let name = format!("peers-{:x}", versions.finish());
    let folder = once(&name, |folder| {
        let venv = ["-m", "venv", "--clear"].map(OsStr::new);
        let venv = venv.into_iter().chain([folder.as_os_str()]);
        run(Path::new("python3"), venv);
        let install = ["install", "--requirement", REQUIREMENTS].map(OsStr::new);
        run(
            &folder.join("bin/python"),
            PIP.map(OsStr::new).into_iter().chain(install),
        );
    });
    folder.join("bin/python")
});

const PIP: [&str; 4] = ["-m", "pip", "--quiet", "--disable-pip-version-check"];

/// Runs a script that lies beside this file.
#[track_caller]
pub(crate) fn run_script(name: &str, argument: &Path) {
    let script = Path::new(REQUIREMENTS).with_file_name(name);
    run(&PYTHON, [script.as_os_str(), argument.as_os_str()]);
}

/// The folder of a source package from PyPI, such as `docxtpl-0.5.5`.
pub(crate) fn source_package(name: &str, version: &str) -> PathBuf {
    let package = format!("{name}-{version}");
    let folder = once(&package, |folder| {
        let exactly = format!("{name}=={version}");
        let what = [
            "download",
            "--no-deps",
            "--no-binary",
            ":all:",
            &exactly,
            "--dest",
        ];
        let download = PIP.into_iter().chain(what).map(OsStr::new);
        run(&PYTHON, download.chain([folder.as_os_str()]));
        let archive = folder.join(format!("{package}.tar.gz"));
        let unpack = ["-m", "tarfile", "--extract"].map(OsStr::new);
        let unpack = unpack
            .into_iter()
            .chain([archive.as_os_str(), folder.as_os_str()]);
        run(&PYTHON, unpack);
    });
    folder.join(package)
}

/// A folder that is filled once and then stays with the build.
fn once(name: &str, fill: impl FnOnce(&Path)) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let complete = folder.join("complete");
    if !complete.exists() {
        fs::create_dir_all(&folder).unwrap();
        fill(&folder);
        fs::write(complete, "").unwrap();
    }
    folder
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
