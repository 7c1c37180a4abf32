//! Long tables and long texts: what a merge of them costs, in time and in memory.

use std::hint::black_box;
use std::io::{Cursor, Write};
use std::process::Command;
use std::time::Duration;

use antragsbote::merge::{Document, Rules, Schema, Values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::processor_time;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const WORD: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const KIND: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// Paragraphs of a page, and how many words each has: about 3,000 characters together.
const PARAGRAPHS: usize = 8;
const LENGTH: usize = 45;

/// What is measured: the shape, how large, what it shows.
const DOCUMENTS: [(&str, usize, &str); 8] = [
    ("rows", 10, "table of 10 rows"),
    ("rows", 100, "table of 100 rows"),
    ("rows", 1_000, "table of 1,000 rows"),
    ("rows", 10_000, "table of 10,000 rows"),
    ("header", 1, "1 page, a mark in its header"),
    ("header", 2_000, "2,000 pages, a mark in their header"),
    ("body", 1, "1 page, 10 marks in it"),
    ("body", 2_000, "2,000 pages, 10 marks among them"),
];

/// Prints the table, each figure measured in a process of its own.
pub(crate) fn table() {
    println!("| document | a merge | with the check | package | its parts | memory |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (shape, size, what) in DOCUMENTS {
        let document = format!("{shape}-{size}");
        let plain = measured(&document, "lenient", &[]);
        let checked = measured(&document, "strict", &[]);
        // what was freed before the merge goes back to the system and is not taken for it
        let memory = [
            ("MALLOC_MMAP_THRESHOLD_", "65536"),
            ("MALLOC_TRIM_THRESHOLD_", "0"),
        ];
        let memory = measured(&document, "strict", &memory);
        println!(
            "| {what} | {:.1} µs | {:.1} µs | {:.0} kB | {:.0} kB | {:.0} kB |",
            plain.nanoseconds / 1e3,
            checked.nanoseconds / 1e3,
            checked.package / 1e3,
            checked.parts / 1e3,
            memory.memory / 1e3,
        );
    }
}

/// What a process found.
#[derive(Serialize, Deserialize)]
struct Measured {
    /// processor time of a merge, the median
    nanoseconds: f64,
    /// bytes
    package: f64,
    /// bytes, inflated
    parts: f64,
    /// how many bytes the process grew while it merged
    memory: f64,
}

fn measured(document: &str, rules: &str, environment: &[(&str, &str)]) -> Measured {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["large", document, rules])
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    assert!(child.status.success(), "{child:?}");
    serde_json::from_slice(&child.stdout).unwrap()
}

/// Measures one document in this process.
pub(crate) fn measure(document: &str, rules: &str) {
    let (shape, size) = document.split_once('-').unwrap();
    let size = size.parse().unwrap();
    let schema = Schema {
        fields: ["name", "rows"].map(String::from).into(),
        ..Schema::default()
    };
    let rules = match rules {
        "strict" => Rules::Strict(schema),
        _ => Rules::Lenient(schema),
    };
    let document = Document::compile(template(shape, size), &rules).unwrap();
    let rows = if shape == "rows" { size } else { 0 };
    let rows: Vec<Value> = (0..rows)
        .map(|n| json!({ "name": format!("Verein Nr. {n}"), "place": "Fürth & Nürnberg", "sum": n * 17 % 9_973 }))
        .collect();
    let data = json!({ "name": "Anna Muster", "rows": rows });
    let mut values = Values::new();
    values.json(data.as_object().unwrap());

    let before = resident_afresh();
    let first = document.merge(&values).unwrap();
    let memory = peak().saturating_sub(before);
    // until here, lest the merge use its room again
    drop(data);
    let processor = |merges: u32| {
        let before = processor_time();
        for _ in 0..merges {
            black_box(document.merge(&values).unwrap());
        }
        (processor_time() - before) / merges
    };
    let merges = Duration::from_millis(20).as_nanos() / processor(1).as_nanos();
    let merges = u32::try_from(merges).unwrap().max(1);
    let mut times: Vec<Duration> = (0..31).map(|_| processor(merges)).collect();
    times.sort();
    let measured = Measured {
        nanoseconds: times.get(times.len() / 2).unwrap().as_nanos() as f64,
        package: first.len() as f64,
        parts: parts(&first) as f64,
        memory: memory as f64,
    };
    println!("{}", serde_json::to_string(&measured).unwrap());
}

/// A package of the shape.
fn template(shape: &str, size: usize) -> Vec<u8> {
    let (mark, body) = match shape {
        "rows" => (paragraph("{{ name }}"), rows()),
        "header" => (paragraph("{{ name }}"), pages(size, usize::MAX)),
        "body" => (String::new(), pages(size, size * PARAGRAPHS / 10 + 1)),
        _ => panic!("{shape}?"),
    };
    let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        (
            "[Content_Types].xml",
            format!(
                "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\">\
                 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Override PartName=\"/word/document.xml\" ContentType=\"{KIND}.document.main+xml\"/>\
                 <Override PartName=\"/word/header1.xml\" ContentType=\"{KIND}.header+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            relationship("officeDocument", "word/document.xml"),
        ),
        (
            "word/_rels/document.xml.rels",
            relationship("header", "header1.xml"),
        ),
        (
            "word/document.xml",
            format!(
                "{HEAD}<w:document {WORD} xmlns:r=\"{RELATIONSHIPS}\"><w:body>{body}<w:sectPr>\
                 <w:headerReference w:type=\"default\" r:id=\"rId1\"/></w:sectPr></w:body></w:document>"
            ),
        ),
        (
            "word/header1.xml",
            format!("{HEAD}<w:hdr {WORD}>{mark}</w:hdr>"),
        ),
    ] {
        let options = zip::write::SimpleFileOptions::default();
        package.start_file(name, options).unwrap();
        package.write_all(content.as_bytes()).unwrap();
    }
    package.finish().unwrap().into_inner()
}

fn relationship(kind: &str, target: &str) -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{RELATIONSHIPS}/{kind}\" Target=\"{target}\"/></Relationships>"
    )
}

/// A table whose middle row repeats.
fn rows() -> String {
    let row = |cells: &[&str]| {
        let cells: String = cells
            .iter()
            .map(|cell| {
                format!(
                    "<w:tc><w:tcPr><w:tcW w:w=\"0\" w:type=\"auto\"/></w:tcPr>{}</w:tc>",
                    paragraph(cell)
                )
            })
            .collect();
        format!("<w:tr>{cells}</w:tr>")
    };
    let rows: String = [
        &["{% for row in rows %}"][..],
        &[
            "{{ loop.index }}",
            "{{ row.name }}",
            "{{ row.place }}",
            "{{ row.sum }}",
        ],
        &["{% endfor %}"],
    ]
    .map(row)
    .concat();
    format!(
        "<w:tbl><w:tblPr/><w:tblGrid/>{rows}</w:tbl>{}",
        paragraph("")
    )
}

/// Pages of text, a mark in each paragraph whose number divides by `every`.
fn pages(count: usize, every: usize) -> String {
    let mut pages = String::new();
    let mut chance = 1u32;
    for number in 0..count * PARAGRAPHS {
        let mut text = String::new();
        for _ in 0..LENGTH {
            // the generator of ANSI C's example: any will do
            chance = chance.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            let word = WORDS.get((chance >> 16) as usize % WORDS.len());
            text.extend([word.unwrap(), " "]);
        }
        if number % every == 0 && every != usize::MAX {
            text.push_str("{{ name }}");
        }
        pages.push_str(&paragraph(&text));
    }
    pages
}

const WORDS: [&str; 16] = [
    "Integration",
    "der",
    "Menschen",
    "die",
    "Verwaltung",
    "und",
    "gesellschaftliche",
    "zu",
    "Beteiligung",
    "von",
    "Ausländerbeirat",
    "in",
    "Kommune",
    "wird",
    "gefördert,",
    "beschließt",
];

fn paragraph(text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:jc w:val=\"both\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>"
    )
}

/// How large the parts of a package are, inflated.
fn parts(package: &[u8]) -> u64 {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    (0..archive.len())
        .map(|index| archive.by_index(index).unwrap().size())
        .sum()
}

/// The memory of this process now; its peak is counted anew from here (proc(5)).
fn resident_afresh() -> u64 {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    status("VmRSS:")
}

fn peak() -> u64 {
    status("VmHWM:")
}

/// A figure of this process in bytes.
fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.unwrap().trim().trim_end_matches(" kB");
    kilobytes.parse::<u64>().unwrap() * 1024
}
