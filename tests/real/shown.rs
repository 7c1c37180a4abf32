//! The pictures that the build makes for the handbook.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::run;

/// No wider than a page of the handbook (pixels), and no larger than a line to a town hall takes in a moment (bytes).
const WIDEST: u32 = 900;
const LARGEST: u64 = 80_000;

/// The pictures that the handbook's pages show.
fn shown() -> BTreeSet<String> {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/handbuch");
    let mut names = BTreeSet::new();
    for page in fs::read_dir(pages).unwrap() {
        let path = page.unwrap().path();
        if path.extension().is_some_and(|kind| kind == "md") {
            let text = fs::read_to_string(path).unwrap();
            let pictures = text.split("](bilder/").skip(1);
            names.extend(pictures.map(|rest| rest.split(')').next().unwrap().to_owned()));
        }
    }
    names
}

#[test]
fn every_picture_of_the_handbook_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures/make");
    run(Command::new(script)
        .arg(env!("CARGO_BIN_EXE_antragsbote"))
        .arg(folder.path()));
    let mut made = BTreeSet::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let png = fs::read(entry.path()).unwrap();
        // ISO/IEC 15948 5.2 and 11.2.2
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n", "{name}");
        let width = u32::from_be_bytes(png[16..20].try_into().unwrap());
        let size = entry.metadata().unwrap().len();
        assert!(width <= WIDEST && size <= LARGEST, "{name}: {width} {size}");
        made.insert(name);
    }
    assert_eq!(made, shown());
}
