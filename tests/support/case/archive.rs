//! What can be wrong with a file as a whole, and what is unusual but legal: done to the
//! package of a case by the words in its `archive.txt`.

use std::io::{Cursor, Write as _};

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::package::{Part, packed};

/// Packs the parts as `how` says.
pub(super) fn pack(how: &str, mut parts: Vec<Part>) -> Vec<u8> {
    let content_types = |parts: &mut Vec<Part>, from: &str, to: &str| {
        let types = String::from_utf8(parts[0].1.clone()).unwrap();
        assert!(types.contains(from), "{types}");
        parts[0].1 = types.replace(from, to).into_bytes();
    };
    let main = "wordprocessingml.document.main+xml";
    match how {
        "leer" => Vec::new(),
        "kein Word" => b"Sehr geehrte Damen und Herren".to_vec(),
        "PDF" => b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(),
        "RTF" => br"{\rtf1\ansi Antrag}".to_vec(),
        "altes .doc" => compound_file("WordDocument"),
        "verschlüsselt" => compound_file("EncryptedPackage"),
        "OpenDocument" => packed(&[
            (
                "mimetype".to_owned(),
                b"application/vnd.oasis.opendocument.text".to_vec(),
            ),
            ("content.xml".to_owned(), b"<office/>".to_vec()),
        ]),
        "abgeschnitten" => {
            let mut bytes = packed(&parts);
            bytes.truncate(bytes.len() / 2);
            bytes
        }
        "ohne Hauptteil" => {
            parts.retain(|(name, _)| name != "word/document.xml");
            packed(&parts)
        }
        "Makros" => {
            content_types(&mut parts, main, "ms-word.document.macroEnabled.main+xml");
            parts.push((
                "word/vbaProject.bin".to_owned(),
                b"\xd0\xcf\x11\xe0".to_vec(),
            ));
            packed(&parts)
        }
        "Makros ohne eigenen Typ" => {
            let bin =
                r#"<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>"#;
            content_types(&mut parts, "</Types>", &format!("{bin}</Types>"));
            parts.push((
                "word/vbaProject.bin".to_owned(),
                b"\xd0\xcf\x11\xe0".to_vec(),
            ));
            packed(&parts)
        }
        "Excel" => {
            content_types(&mut parts, main, "spreadsheetml.sheet.main+xml");
            packed(&parts)
        }
        "Dokumentvorlage" => {
            content_types(&mut parts, main, "wordprocessingml.template.main+xml");
            packed(&parts)
        }
        "Zipbombe" => {
            parts.push(("word/media/bild.bmp".to_owned(), vec![0; 100 << 20]));
            packed(&parts)
        }
        "zu viele Teile" => {
            parts.extend((0..2_500).map(|n| (format!("word/media/{n}.png"), Vec::new())));
            packed(&parts)
        }
        "Name doppelt" => {
            parts.push(("word/documenu.xml".to_owned(), b"<x/>".to_vec()));
            replace(&mut packed(&parts), b"documenu", b"document")
        }
        "überlappend" => {
            let mut bytes = packed(&parts);
            let last = bytes
                .windows(4)
                .rposition(|window| window == b"PK\x01\x02")
                .unwrap();
            // the place of the last part's local header (APPNOTE.TXT 4.3.12)
            bytes[last + 42..last + 46].fill(0);
            bytes
        }
        "falsche Prüfsumme" => {
            let mut bytes = packed(&parts);
            let last = bytes
                .windows(4)
                .rposition(|window| window == b"PK\x01\x02")
                .unwrap();
            bytes[last + 16] ^= 0xff;
            bytes
        }
        "Latin-1" => {
            let text = String::from_utf8(parts[2].1.clone()).unwrap();
            parts[2].1 = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
            packed(&parts)
        }
        "gespeichert" => streamed(&parts, CompressionMethod::Stored, false),
        "ZIP64 mit Größen dahinter" => streamed(&parts, CompressionMethod::Deflated, true),
        "strenges OOXML" => {
            for (_, content) in &mut parts {
                *content = strict(&String::from_utf8(content.clone()).unwrap()).into_bytes();
            }
            packed(&parts)
        }
        "anderes Präfix" => {
            let text = String::from_utf8(parts[2].1.clone()).unwrap();
            let text = ["<w:", "</w:", " w:"].iter().fold(text, |text, from| {
                text.replace(from, &from.replace("w:", "wort:"))
            });
            parts[2].1 = text.replace("xmlns:w=", "xmlns:wort=").into_bytes();
            packed(&parts)
        }
        "UTF-16" => {
            let text = String::from_utf8(parts[2].1.clone()).unwrap();
            let text = format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?>{text}");
            parts[2].1 = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            packed(&parts)
        }
        "absolute Ziele" => {
            let links = String::from_utf8(parts[1].1.clone()).unwrap();
            parts[1].1 = links
                .replace("\"word/document.xml\"", "\"/word/document.xml\"")
                .into_bytes();
            packed(&parts)
        }
        other => panic!("{other} is no way to pack a case"),
    }
}

/// The namespaces of strict OOXML (ECMA-376 part 1, annex A) instead of the transitional ones.
fn strict(text: &str) -> String {
    let transitional = "http://schemas.openxmlformats.org";
    [
        ("wordprocessingml/2006/main", "wordprocessingml/main"),
        ("drawingml/2006/main", "drawingml/main"),
        (
            "officeDocument/2006/relationships",
            "officeDocument/relationships",
        ),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| {
        text.replace(
            &format!("{transitional}/{from}"),
            &format!("http://purl.oclc.org/ooxml/{to}"),
        )
    })
}

/// A compound file (MS-CFB) that holds a stream of this name.
fn compound_file(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    bytes.resize(512, 0);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(1024, 0);
    bytes
}

fn replace(bytes: &mut [u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    for at in 0..bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes.to_vec()
}

/// Written to a stream that cannot be gone back in: sizes follow the data.
fn streamed(parts: &[Part], method: CompressionMethod, large: bool) -> Vec<u8> {
    let options = SimpleFileOptions::default()
        .compression_method(method)
        .large_file(large);
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    for (name, content) in parts {
        writer.start_file(name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The parts of a package, in its order.
pub(crate) fn unpacked(package: &[u8]) -> Vec<Part> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// A Word file of this main part and further ones.
pub(crate) fn word_file(document: &str, further: &[(&str, &str)]) -> Vec<u8> {
    let own = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>",
        ),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             <Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
             Target=\"word/document.xml\"/></Relationships>",
        ),
        ("word/document.xml", document),
    ];
    let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in own.iter().chain(further) {
        package
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        package.write_all(content.as_bytes()).unwrap();
    }
    package.finish().unwrap().into_inner()
}
