//! The tables of marks and of merge fields: each prints what stands beside it.

use crate::case::archive::word_file;
use crate::program::{CONFIG, House, text_of};

const MARKS: &str = include_str!("../../../docs/handbuch/vorlagen.md");
const FIELDS: &str = include_str!("../../../docs/handbuch/seriendruck.md");

/// The fields that the page says are its own, with the values it shows.
const MANIFEST: &str = "title = \"Probe\"\n\
    [fields.thema]\ntype = \"text\"\ndefault = \"jedes wort beginnt groß\"\n\
    [fields.sitzung]\ntype = \"date\"\ndefault = \"2026-05-03\"\n\
    [fields.betrag]\ntype = \"number\"\ndefault = 12500.5\n";

/// Rows that begin with code: that, and what it prints for Landkreis Fürth and for Hanau.
fn rows(text: &str) -> Vec<(&str, Vec<&str>)> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let rows = rows.map(|line| {
        let (code, printed) = line.split_once("` | ").unwrap();
        let printed = printed.strip_suffix(" |").unwrap();
        (code, printed.split(" | ").collect())
    });
    rows.collect()
}

/// A paragraph with a field, and what is in braces within it a field, too.
fn paragraph(code: &str) -> String {
    let character = |kind| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let code = code
        .strip_prefix('{')
        .and_then(|code| code.strip_suffix('}'));
    let begin = character("begin");
    let end = character("separate") + "<w:r><w:t>x</w:t></w:r>" + &character("end");
    let mut fields = begin.clone();
    for piece in code.unwrap().split_inclusive(['{', '}']) {
        let text = piece.trim_end_matches(['{', '}']);
        let text = text.replace('<', "&lt;").replace('>', "&gt;");
        fields += &format!("<w:r><w:instrText xml:space=\"preserve\">{text}</w:instrText></w:r>");
        fields += match piece.chars().last() {
            Some('{') => &begin,
            Some('}') => &end,
            _ => "",
        };
    }
    format!("<w:p>{fields}{end}</w:p>")
}

/// Makes a motion of these paragraphs, and compares what it says with the rows they are of.
fn check(rows: &[(&str, Vec<&str>)], paragraphs: &str) {
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body>{paragraphs}</w:body></w:document>"
    );
    let house = House::new();
    let templates = "[templates]\npath = \"vorlagen\"\ndefault = \"probe\"\n";
    house.write("antragsbote.toml", format!("{CONFIG}\n{templates}"));
    house.write("vorlagen/probe/template.toml", MANIFEST);
    house.write("vorlagen/probe/motion.docx", word_file(&document, &[]));
    for (column, kommune) in ["Landkreis Fürth", "Hanau"].iter().enumerate() {
        let chosen = ["--kommune", kommune, "--beirat", "Ausländerbeirat"];
        let arguments = ["render", "--template", "probe", "-o", "antrag.docx"];
        let run = house.run(&[arguments.as_slice(), &chosen].concat());
        assert_eq!(run.code, 0, "{}", run.errors);
        let printed = text_of(&house.path("antrag.docx"));
        let lines: Vec<&str> = printed.lines().collect();
        assert_eq!(lines.len(), rows.len(), "{printed}");
        for ((code, expected), line) in rows.iter().zip(lines) {
            if let Some(expected) = expected.get(column) {
                assert_eq!(line, *expected, "{code} for {kommune}");
            }
        }
    }
}

#[test]
fn marks_print_what_is_said() {
    let (_, table) = MARKS.split_once("| Sie schreiben |").unwrap();
    let rows = rows(table.split_once("\n\n").unwrap().0);
    assert!(rows.len() > 5);
    let paragraph = |(code, _): &(&str, _)| format!("<w:p><w:r><w:t>{code}</w:t></w:r></w:p>");
    let paragraphs: String = rows.iter().map(paragraph).collect();
    check(&rows, &paragraphs);
}

#[test]
fn merge_fields_print_what_is_said() {
    let mut rows = rows(FIELDS);
    rows.retain(|(code, _)| code.starts_with("{ "));
    assert!(rows.len() > 10);
    let paragraphs: String = rows.iter().map(|(code, _)| paragraph(code)).collect();
    check(&rows, &paragraphs);
}
