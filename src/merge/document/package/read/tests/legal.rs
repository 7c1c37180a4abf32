//! What is legal though rare: it passes, and nothing else changes.

use std::io::{Cursor, Read};

use super::*;

/// All entries in order: names as they are written, and content.
fn contents(package: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name_raw().to_vec(), content)
        })
        .collect()
}

/// Merges in both ways; the mark in the main part is replaced, all else is as it was.
#[track_caller]
fn check(bytes: &[u8], items: &[Item]) {
    let expected: Vec<_> = items
        .iter()
        .map(|item| match std::str::from_utf8(&item.content) {
            Ok(text) => (
                item.name.clone(),
                text.replace("{{ datum }}", "heute").into_bytes(),
            ),
            Err(_) => (item.name.clone(), item.content.clone()),
        })
        .collect();
    for rules in [strict(), Rules::Lenient(values().schema())] {
        let template = Document::compile(bytes.to_vec(), &rules).unwrap();
        assert_eq!(contents(&template.merge(&values()).unwrap()), expected);
    }
}

#[track_caller]
fn check_items(items: &[Item]) {
    let items = with(items);
    check(&archive(&items, b"", b""), &items);
}

#[test]
fn every_way_of_packing_passes() {
    let all = with(&[item("word/media/a.png", b"\x89PNG")]);
    let each = |change: fn(&mut Item)| {
        let mut items = all.clone();
        items.iter_mut().for_each(change);
        check(&archive(&items, b"", b""), &items);
    };
    each(|_| {});
    each(|item| item.method = 0);
    each(|item| item.zip64 = true);
    each(|item| item.comment = b"Kommentar");
    each(|item| item.extra = &[0x55, 0x54, 5, 0, 1, 0, 0, 0, 0]);
    // a growth hint (ECMA-376 part 2, C.3.2), as Word itself writes it
    each(|item| item.extra = &[0x20, 0xa2, 4, 0, 0, 0, 0, 0]);
    check(&archive(&all, b"", b"Kommentar des Archivs"), &all);
    check(&archive(&all, b"#!/bin/sh\n", b""), &all);
}

#[test]
fn data_descriptors_pass() {
    use zip::write::SimpleFileOptions;
    let all = with(&[]);
    for large in [false, true] {
        let options = SimpleFileOptions::default().large_file(large);
        // a stream cannot be gone back in: sizes follow the data
        let mut writer = zip::ZipWriter::new_stream(Vec::new());
        for item in &all {
            let name = String::from_utf8(item.name.clone()).unwrap();
            writer.start_file(name, options).unwrap();
            writer.write_all(&item.content).unwrap();
        }
        check(&writer.finish().unwrap().into_inner(), &all);
    }
}

#[test]
fn whatever_else_lies_in_a_package_stays() {
    let nested = archive(&with(&[]), b"", b"");
    let old = b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe4</a>";
    check_items(&[
        item("word/", b""),
        item("word/media/", b""),
        item("unbekannt.xyz", b"\0\x01"),
        item("ohne_endung", b"x"),
        item("word/embeddings/innen.docx.bin", &nested),
        item("customXml/item1.xml", old),
        item("customXml/item2.xml", b"<a>kein XML"),
        item("word/media/bild.svg", b"<!DOCTYPE svg><svg/>"),
    ]);
    let mut items = vec![item("mimetype", b"application/msword")];
    items.extend(with(&[]));
    check(&archive(&items, b"", b""), &items);
}

#[test]
fn names_may_be_strange() {
    let new = Item {
        flags: 1 << 11,
        ..item("word/media/größe.jpg", b"x")
    };
    let old = Item {
        name: b"word/media/gr\x94\xe1e.png".to_vec(),
        ..item("", b"y")
    };
    check_items(&[new.clone(), old.clone()]);
    let bytes = archive(&with(&[new, old]), b"", b"");
    let merged = Document::compile(bytes, &strict())
        .unwrap()
        .merge(&values())
        .unwrap();
    let archived = zip::ZipArchive::new(Cursor::new(merged)).unwrap();
    let names: Vec<_> = archived
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    assert_eq!(names[3..], ["word/media/größe.jpg", "word/media/größe.png"]);

    let mut items = with(&[]);
    for item in &mut items {
        let slashes = item.name.iter_mut().filter(|byte| **byte == b'/');
        slashes.for_each(|byte| *byte = b'\\');
    }
    check(&archive(&items, b"", b""), &items);
}

/// A document in another place, with targets of all kinds.
fn elsewhere(target: &str) -> Vec<Item> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relationships: String = [
        ("image", "\"/word/media/x.png\""),
        ("image", "\"../word/media/x.png\""),
        ("image", "\"media/fehlt.png\""),
        ("oleObject", "\"file:///x\" TargetMode=\"External\""),
        (
            "hyperlink",
            "\"http://example.org\" TargetMode=\"External\"",
        ),
    ]
    .iter()
    .map(|(kind, target)| {
        format!(r#"<Relationship Id="1" Type="{office}/{kind}" Target={target}/>"#)
    })
    .collect();
    let relationships = format!("<Relationships>{relationships}</Relationships>");
    let mut items = with(&[
        item(
            "_rels/.rels",
            RELS.replace("word/document.xml", target).as_bytes(),
        ),
        item(
            "[Content_Types].xml",
            TYPES.replace("document.xml", "document2.xml").as_bytes(),
        ),
        item(
            "word/document2.xml",
            document(&p(&["{{ datum }}"])).as_bytes(),
        ),
        item("word/_rels/document2.xml.rels", relationships.as_bytes()),
        item("word/media/x.png", b"x"),
    ]);
    items.retain(|item| item.name != b"word/document.xml");
    items
}

#[test]
fn targets_may_be_written_in_many_ways() {
    for target in [
        "word/document2.xml",
        "/word/document2.xml",
        "./word/x/../document2.xml",
    ] {
        let items = elsewhere(target);
        let bytes = archive(&items, b"", b"");
        check(&bytes, &items);
        let template = Document::compile(bytes, &strict()).unwrap();
        let notes: Vec<String> = template.notes().iter().map(ToString::to_string).collect();
        // behind them stands what the document lacks, here its language
        assert_eq!(
            notes[..notes.len() - 1],
            [
                "Text: das Bild führt zu „media/fehlt.png“, das in der Datei fehlt; fügen Sie es \
                 in Word neu ein",
                "Text: ein Verweis lädt beim Öffnen „file:///x“ von außerhalb der Datei; fügen \
                 Sie in Word ein, was dort steht, statt es zu verknüpfen",
            ]
        );
    }
}

#[test]
fn a_package_without_marks_stays_as_it_is() {
    let items = with(&[
        item("word/document.xml", document(&p(&["kein Feld"])).as_bytes()),
        item("word/header1.xml", b"<hdr/>"),
        item(
            "docProps/core.xml",
            b"<coreProperties><created>1</created></coreProperties>",
        ),
    ]);
    let rules = Rules::Lenient(Schema::default());
    let template = Document::compile(archive(&items, b"", b""), &rules).unwrap();
    let merged = template.merge(&values()).unwrap();
    let expected: Vec<_> = items
        .into_iter()
        .map(|item| (item.name, item.content))
        .collect();
    assert_eq!(contents(&merged), expected);
}
