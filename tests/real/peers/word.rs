//! Small Word documents made of lines of text, and what a reader finds in one.
//!
//! A line is a paragraph. `‖a‖b` is a table row; within a cell `¶` begins a new paragraph.
//! `⇥` is a tab, `↵` a line break, `¦` the end of a run, `⟨…⟩` a field with this code. `^` begins a line of the header,
//! `_` one of the footer, `¶` is a paragraph without text; a line of XML is put in as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Cursor, Read, Write as _};

use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A document of these lines, whose text Word has split in some way: in none for seed 0.
pub(crate) fn document(lines: &str, seed: u64) -> Vec<u8> {
    let mut split = Split { seed };
    let mut body = String::new();
    let mut header = String::new();
    let mut footer = String::new();
    let mut rows = String::new();
    for line in lines.lines() {
        if !line.starts_with('‖') && !rows.is_empty() {
            body.push_str(&table(&std::mem::take(&mut rows)));
        }
        match line.split_at(line.chars().next().map_or(0, char::len_utf8)) {
            ("‖", cells) => rows.push_str(&row(cells, &mut split)),
            ("^", text) => header.push_str(&split.paragraph(text)),
            ("_", text) => footer.push_str(&split.paragraph(text)),
            ("<", _) => body.push_str(line),
            ("¶", _) => body.push_str("<w:p/>"),
            _ => body.push_str(&split.paragraph(line)),
        }
    }
    if !rows.is_empty() {
        body.push_str(&table(&rows));
    }
    package(&body, &header, &footer)
}

fn table(rows: &str) -> String {
    let columns = rows
        .split("</w:tr>")
        .map(|row| row.matches("<w:tc>").count());
    let grid = r#"<w:gridCol w:w="1000"/>"#.repeat(columns.max().unwrap_or(1));
    format!("<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>")
}

fn row(cells: &str, split: &mut Split) -> String {
    let mut row = "<w:tr>".to_owned();
    for cell in cells.split('‖') {
        let paragraphs: String = cell.split('¶').map(|text| split.paragraph(text)).collect();
        let width = r#"<w:tcPr><w:tcW w:w="1000" w:type="dxa"/></w:tcPr>"#;
        let _ = write!(row, "<w:tc>{width}{paragraphs}</w:tc>");
    }
    row + "</w:tr>"
}

/// Splits text into runs as Word does, wherever the cursor has once stood.
struct Split {
    seed: u64,
}

impl Split {
    fn paragraph(&mut self, text: &str) -> String {
        let mut runs = String::new();
        let mut rest = text;
        while let Some((before, (code, after))) = rest
            .split_once('⟨')
            .and_then(|(before, field)| Some((before, field.split_once('⟩')?)))
        {
            runs.push_str(&self.runs(before));
            runs.push_str(&field(code));
            rest = after;
        }
        format!("<w:p>{runs}{}</w:p>", self.runs(rest))
    }

    fn runs(&mut self, text: &str) -> String {
        let mut runs = String::new();
        let mut run = String::new();
        for c in text.chars() {
            if c == '¦' || self.one_of(3) {
                runs.push_str(&self.run(&std::mem::take(&mut run)));
            }
            if c != '¦' {
                run.push(c);
            }
        }
        runs + &self.run(&run)
    }

    fn run(&mut self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        let tag = r#"<w:t xml:space="preserve">"#;
        let text = escape(text)
            .replace('⇥', &format!("</w:t><w:tab/>{tag}"))
            .replace('↵', &format!("</w:t><w:br/>{tag}"));
        let page = if self.one_of(5) {
            "<w:lastRenderedPageBreak/>"
        } else {
            ""
        };
        let beside = match (self.one_of(4), self.one_of(4)) {
            (true, _) => r#"<w:proofErr w:type="spellStart"/><w:proofErr w:type="spellEnd"/>"#,
            (_, true) => r#"<w:bookmarkStart w:id="7" w:name="_GoBack"/><w:bookmarkEnd w:id="7"/>"#,
            _ => "",
        };
        format!("{beside}<w:r>{page}{tag}{text}</w:t></w:r>")
    }

    /// Whether the dice show the one side of so many (Knuth's MMIX generator).
    fn one_of(&mut self, sides: u64) -> bool {
        if self.seed == 0 {
            return false;
        }
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005);
        self.seed = self.seed.wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33).is_multiple_of(sides)
    }
}

/// A complex field (ECMA-376 part 1, 17.16.18).
fn field(code: &str) -> String {
    let mark = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
    let code = escape(code);
    format!(
        r#"{}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>{}<w:r><w:t>«Feld»</w:t></w:r>{}"#,
        mark("begin"),
        mark("separate"),
        mark("end")
    )
}

fn package(body: &str, header: &str, footer: &str) -> Vec<u8> {
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let part = |name: &str, kind: &str| {
        format!(r#"<Override PartName="/word/{name}.xml" ContentType="{kind}"/>"#)
    };
    let types = format!(
        r#"<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{}{}{}{}</Types>"#,
        part("document", &format!("{kind}.document.main+xml")),
        part("header1", &format!("{kind}.header+xml")),
        part("footer1", &format!("{kind}.footer+xml")),
        part("settings", &format!("{kind}.settings+xml")),
    );
    let relationships = |targets: &[(&str, &str)]| {
        let mut all = format!(r#"<Relationships xmlns="{PACKAGE}/relationships">"#);
        for (kind, target) in targets {
            let to = format!(r#"Type="{RELATIONSHIPS}/{kind}" Target="{target}""#);
            let _ = write!(all, r#"<Relationship Id="{kind}" {to}/>"#);
        }
        all + "</Relationships>"
    };
    let root = |name: &str, content: &str| {
        format!(r#"<w:{name} xmlns:w="{WORD}" xmlns:r="{RELATIONSHIPS}">{content}</w:{name}>"#)
    };
    let section = r#"<w:sectPr><w:headerReference w:type="default" r:id="header"/><w:footerReference w:type="default" r:id="footer"/></w:sectPr>"#;
    let parts = [
        ("[Content_Types].xml", types),
        (
            "_rels/.rels",
            relationships(&[("officeDocument", "word/document.xml")]),
        ),
        (
            "word/document.xml",
            root("document", &format!("<w:body>{body}{section}</w:body>")),
        ),
        (
            "word/_rels/document.xml.rels",
            relationships(&[
                ("header", "header1.xml"),
                ("footer", "footer1.xml"),
                ("settings", "settings.xml"),
            ]),
        ),
        ("word/header1.xml", root("hdr", header)),
        ("word/footer1.xml", root("ftr", footer)),
        ("word/settings.xml", root("settings", "")),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// What a reader finds: the paragraphs and tables of body, headers, footers and notes.
pub(crate) fn outline(document: &[u8]) -> String {
    let mut archive = ZipArchive::new(Cursor::new(document)).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let kinds = ["document", "header", "footer", "footnotes"];
        let is_text = |kind: &&str| name.starts_with(&format!("word/{kind}"));
        if kinds.iter().any(is_text) && name.ends_with(".xml") {
            let mut xml = String::new();
            file.read_to_string(&mut xml).unwrap();
            parts.insert(name, text(&xml));
        }
    }
    let part = |(name, text): (&String, &String)| format!("{name}\n{text}");
    parts.iter().map(part).collect()
}

/// The text of a part, a paragraph a line.
fn text(xml: &str) -> String {
    let mut reader = Reader::from_str(xml);
    let mut out = String::new();
    let mut is_text = false;
    // docxtpl puts them into an order that the schema does not know
    let mut properties = BTreeSet::new();
    loop {
        let event = reader
            .read_event()
            .unwrap_or_else(|error| panic!("{error}: {xml}"));
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let empty = matches!(event, Event::Empty(_));
                is_text = tag.local_name().as_ref() == "t" && !empty;
                if tag.local_name().as_ref() == "tcPr" {
                    properties.clear();
                }
                properties.extend(property(tag));
                out.push_str(&opening(tag));
                if empty && tag.local_name().as_ref() == "p" {
                    out.push('\n');
                }
            }
            Event::End(tag) => {
                is_text = false;
                if tag.local_name().as_ref() == "tcPr" {
                    out.extend(std::mem::take(&mut properties));
                }
                out.push_str(match tag.local_name().as_ref() {
                    "p" => "\n",
                    "tc" => "-tc\n",
                    "tr" => "-tr\n",
                    "tbl" => "-tbl\n",
                    _ => "",
                });
            }
            Event::Text(text) if is_text => out.push_str(text),
            Event::CData(text) if is_text => out.push_str(&escape(&**text)),
            Event::GeneralRef(name) if is_text => {
                let _ = write!(out, "&{};", &**name);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    quick_xml::escape::unescape(&out).unwrap().into_owned()
}

/// What a start tag shows a reader.
fn opening(tag: &BytesStart<'_>) -> String {
    match tag.local_name().as_ref() {
        // a tab stop has a value
        "tab" if attribute(tag, "val").is_none() => "⇥".to_owned(),
        "br" => format!("↵{}", attribute(tag, "type").unwrap_or_default()),
        name @ ("tc" | "tr" | "tbl") => format!("+{name}\n"),
        _ => String::new(),
    }
}

/// What is said of a table cell.
fn property(tag: &BytesStart<'_>) -> Option<String> {
    let (what, name) = match tag.local_name().as_ref() {
        "gridSpan" => ("span", "val"),
        "vMerge" => ("merge", "val"),
        "shd" => ("fill", "fill"),
        _ => return None,
    };
    Some(format!(
        "{what}={}\n",
        attribute(tag, name).unwrap_or_default()
    ))
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes().flatten();
    let attribute = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    let value = attribute.normalized_value(XmlVersion::default()).unwrap();
    Some(value.into_owned())
}
