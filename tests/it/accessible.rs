//! The motions we ship can be read out: nothing is noted of any.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use antragsbote::kommune::Register;
use antragsbote::template::{Catalogue, Files, TemplateId};

/// The folders below this one that hold a motion.
fn motions(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(motions(&path));
        } else if path.ends_with("template.toml") {
            found.push(folder.to_owned());
        }
    }
    found.sort();
    found
}

#[test]
fn nothing_is_noted_of_the_motions_we_ship() {
    let shipped = motions(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"));
    assert!(
        shipped
            .iter()
            .any(|path| path.ends_with("nationaler-integrationsplan"))
    );
    let mut notes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for folder in shipped {
        let id = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let mut files = Files::new();
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            files.insert(format!("{id}/{name}"), fs::read(&path).unwrap());
        }
        let catalogue = Catalogue::read(
            &files,
            &TemplateId::parse(&id).unwrap(),
            Register::built_in(),
        );
        let catalogue = catalogue.unwrap_or_else(|faults| panic!("{id}: {faults:#?}"));
        let noted = catalogue
            .default_motion()
            .expect("sound")
            .document
            .notes()
            .iter();
        let noted: Vec<String> = noted.map(ToString::to_string).collect();
        if !noted.is_empty() {
            notes.insert(id, noted);
        }
    }
    assert_eq!(notes, BTreeMap::new());
}
