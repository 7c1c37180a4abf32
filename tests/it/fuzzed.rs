//! What the fuzzer starts from and what it has found, each through its target's body.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cases::bodies;

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn names(folder: &str) -> Vec<String> {
    let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files(folder).into_iter().map(name).collect()
}

#[test]
fn every_seed_holds_what_the_fuzzer_looks_for() {
    for folder in names("fuzz/seeds") {
        let body = match folder.as_str() {
            "authentication" => bodies::authentication,
            "autoconfig" => bodies::autoconfig,
            "configuration" => bodies::configuration,
            "register" => bodies::register,
            "reply" => bodies::reply,
            "sheet" => bodies::sheet,
            "verzeichnis" => bodies::verzeichnis,
            other => panic!("no target is called {other}"),
        };
        for file in files(&format!("fuzz/seeds/{folder}")) {
            // a failure names its file
            println!("{}", file.display());
            body(&fs::read(file).unwrap());
        }
    }
}

/// Replies to the mails of real programs, and to what came before.
#[test]
fn every_mail_is_answered_with_a_sound_reply() {
    for file in files("tests/mails") {
        if file.extension().is_some_and(|ext| ext == "eml") {
            println!("{}", file.display());
            bodies::reply(&fs::read(file).unwrap());
        }
    }
}

#[test]
fn every_target_is_built() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    for target in names("fuzz/targets") {
        let path = format!("path = \"targets/{target}.rs\"");
        assert!(
            manifest.contains(&path),
            "{target} is not in fuzz/Cargo.toml"
        );
    }
}
