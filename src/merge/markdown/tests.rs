use super::*;
use std::io::Read;

/// A part of the package as text.
fn part(package: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(package)).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn seed_prototype() {
    let md = std::fs::read_to_string("/tmp/seed.md").unwrap();
    let p = word_package(&md, "Titel & mehr").unwrap();
    assert_eq!(p, word_package(&md, "Titel & mehr").unwrap());
    std::fs::write("/tmp/seed.docx", &p).unwrap();
    println!("{}", part(&p, "word/document.xml"));
    println!("{}", part(&p, "word/numbering.xml"));
}
