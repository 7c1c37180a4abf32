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
    written_as("antragsbote.service", &unit())
}

fn written_as(name: &str, unit: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let program = format!("ExecStart={} ", env!("CARGO_BIN_EXE_antragsbote"));
    let text = unit.replace("ExecStart=/usr/bin/antragsbote ", &program);
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

/// The unit of every further bot.
fn further() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy");
    let made = Command::new("sed")
        .args(["-f", "antragsbote@.sed", "antragsbote.service"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    String::from_utf8(made.stdout).unwrap()
}

#[test]
fn a_further_bot_differs_by_its_folders_alone() {
    let (first, further) = (unit(), further());
    let lines = first.lines().zip(further.lines());
    let differing = lines.filter(|(first, further)| first != further);
    let differing: Vec<_> = differing.map(|(_, further)| further).collect();
    let expected = [
        "Description=Antragsbote: answers mails that ask for a model motion (%i)",
        "ExecStart=/usr/bin/antragsbote --config /etc/antragsbote/%i/antragsbote.toml serve",
        "StateDirectory=antragsbote/%i",
        "RuntimeDirectory=antragsbote-%i",
        "LoadCredential=credentials:/etc/antragsbote/%i/credentials",
    ];
    assert_eq!(differing, expected);
}

#[test]
fn systemd_understands_the_unit_of_a_further_bot() {
    let (_folder, path) = written_as("antragsbote@verein.service", &further());
    let (sound, said) = analyze(&["verify", "--man=no"], &path);
    let about: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("antragsbote@"))
        .collect();
    assert_eq!((sound, about), (true, Vec::new()), "{said}");
}
