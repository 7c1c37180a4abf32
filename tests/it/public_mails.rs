//! The test mails that crates ship with their sources: nobody has written down what they say,
//! so only that reading holds what the fuzzer looks for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::cases::bodies;

/// The crates, where their mails lie, and how many there are at least.
const SHIPPED: &[(&str, &str, usize)] =
    &[("mail-parser", "resources", 100), ("lettre", "testdata", 1)];

/// The sources of our dependencies, as cargo knows them.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata: {told}");
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn mails_of(package: &Value, folder: &str) -> Vec<PathBuf> {
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let mut folders = vec![manifest.with_file_name(folder)];
    let mut mails = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("no test mails in {}: {error}", folder.display()));
        for entry in entries {
            let path = entry.unwrap().path();
            let maildir = folder.ends_with("cur") || folder.ends_with("new");
            let is_mail = |ext| ext == "eml" || ext == "txt" || ext == "msg";
            if path.is_dir() {
                folders.push(path);
            } else if maildir || path.extension().is_some_and(is_mail) {
                mails.push(path);
            }
        }
    }
    mails
}

#[test]
fn mails_that_crates_ship_are_read() {
    let packages = packages();
    for (name, folder, least) in SHIPPED {
        let package = packages.iter().find(|package| package["name"] == *name);
        let package = package.unwrap_or_else(|| panic!("{name} is no dependency any more"));
        let mails = mails_of(package, folder);
        assert!(mails.len() >= *least, "{name} ships {} mails", mails.len());
        for mail in mails {
            bodies::mail(&fs::read(mail).unwrap());
        }
    }
}
