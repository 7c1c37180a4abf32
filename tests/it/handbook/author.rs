//! What the author of a template does between two commands: the page's `word` and `toml` blocks, done to the
//! template that its commands have made.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use toml::Table;
use zip::write::SimpleFileOptions;

use super::folder::EXAMPLE;
use super::page::{Block, Finding, Page};
use crate::case::archive::unpacked;
use crate::program::House;

/// Stands between what an author looks for in Word and what they put in its place.
const BECOMES: &str = " → ";

/// The folder of the template that the page's commands have made.
fn own(house: &House) -> Option<PathBuf> {
    let folders = fs::read_dir(house.path("vorlagen")).unwrap();
    let mut folders = folders.map(|entry| entry.unwrap().path());
    folders.find(|folder| folder.join("motion.docx").is_file() && !folder.ends_with(EXAMPLE))
}

/// Finds and replaces in Word, a line each.
pub(super) fn replace(page: &Page, block: &Block, house: &House) -> Vec<Finding> {
    let Some(file) = own(house).map(|folder| folder.join("motion.docx")) else {
        return vec![page.finding(block.line, "no command has made a template yet")];
    };
    let mut found = Vec::new();
    let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, mut content) in unpacked(&fs::read(&file).unwrap()) {
        if name == "word/document.xml" {
            let mut text = String::from_utf8(content).unwrap();
            for (number, line) in block.lines() {
                match line.split_once(BECOMES) {
                    Some((before, after)) if text.contains(before) => {
                        text = text.replace(before, after);
                    }
                    _ => found.push(page.finding(number, format!("not in the template: {line}"))),
                }
            }
            content = text.into_bytes();
        }
        package
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        package.write_all(&content).unwrap();
    }
    fs::write(file, package.finish().unwrap().into_inner()).unwrap();
    found
}

/// Writes these lines into `template.toml`, in the place of those of the same name.
pub(super) fn declare(block: &Block, house: &House) {
    let (Some(folder), Ok(part)) = (own(house), block.text.parse::<Table>()) else {
        return;
    };
    let file = folder.join("template.toml");
    let mut whole: Table = fs::read_to_string(&file).unwrap().parse().unwrap();
    whole.extend(part);
    fs::write(file, whole.to_string()).unwrap();
}
