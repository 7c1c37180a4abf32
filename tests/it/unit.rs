//! The unit that systemd runs the service by: its sandbox as systemd itself judges it, and its limits.

use std::fs;
use std::path::Path;
use std::process::Command;

fn unit() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join("deploy/antragsbote.service")).unwrap()
}

/// What systemd's own tool says of the unit, that it is there being part of the test.
fn analyze(arguments: &[&str], unit: &Path) -> (bool, String) {
    let run = Command::new("systemd-analyze")
        .args(arguments)
        .arg(unit)
        .env("LC_ALL", "C")
        .output()
        .expect("tests/packages lists systemd");
    let said = [run.stdout, run.stderr].concat();
    (
        run.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// The unit in a folder of its own, with a program that is there and pages that need not be.
fn written() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("antragsbote.service");
    let program = format!("ExecStart={} ", env!("CARGO_BIN_EXE_antragsbote"));
    let text = unit().replace("ExecStart=/usr/bin/antragsbote ", &program);
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("Documentation="));
    fs::write(&path, lines.collect::<Vec<_>>().join("\n")).unwrap();
    (folder, path)
}

#[test]
fn the_sandbox_is_as_tight_as_promised() {
    let (_folder, path) = written();
    // In tenths: 1.5.
    let (kept, said) = analyze(
        &["security", "--offline=true", "--threshold=15", "--no-pager"],
        &path,
    );
    assert!(kept, "{said}");
    assert!(said.contains("Overall exposure level"), "{said}");
}

#[test]
fn systemd_understands_every_line() {
    let (_folder, path) = written();
    let (sound, said) = analyze(&["verify", "--man=no"], &path);
    let name = path.file_name().unwrap().to_str().unwrap();
    let about: Vec<&str> = said.lines().filter(|line| line.contains(name)).collect();
    assert_eq!((sound, about), (true, Vec::new()), "{said}");
}
