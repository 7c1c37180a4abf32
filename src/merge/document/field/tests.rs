use serde_json::{Value, json};

use crate::merge::document::tests::{check, check_fault, document, merge_part, r};

/// A run with a piece of a field.
fn mark(kind: &str) -> String {
    format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#)
}

fn instruction(text: &str) -> String {
    format!(r#"<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>"#)
}

/// A complex field: each part of its instruction is text, or a field.
fn field(code: &[&str], result: &str) -> String {
    let code: String = code
        .iter()
        .map(|part| match part.starts_with("<w:") {
            true => (*part).to_owned(),
            false => instruction(part),
        })
        .collect();
    let (begin, separate, end) = (mark("begin"), mark("separate"), mark("end"));
    format!("{begin}{code}{separate}{result}{end}")
}

fn merge_field(name: &str) -> String {
    field(&[&format!(" MERGEFIELD {name} ")], &r(&format!("«{name}»")))
}

fn in_paragraph(inner: &str) -> String {
    format!("<w:p>{inner}</w:p>")
}

/// Merges the inside of a paragraph and compares what comes out.
#[track_caller]
fn check_runs(runs: &str, data: Value, expected: &str) {
    check(&in_paragraph(runs), data, &in_paragraph(expected));
}

/// What a reader of the merged body reads: its text, its paragraphs divided by `|`.
#[track_caller]
fn check_text(body: &str, data: Value, expected: &str) {
    let merged = merge_part("word/document.xml", &document(body), data);
    for left in ["fldChar", "instrText", "fldSimple"] {
        assert!(!merged.contains(left), "{merged}");
    }
    assert_eq!(text(&merged), expected, "{merged}");
}

fn text(xml: &str) -> String {
    let ends = xml.replace("</w:p>", "|").replace("<w:br/>", "/");
    let mut text = String::new();
    for piece in ends.split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    text.trim_end_matches('|').to_owned()
}

#[test]
fn fields_become_runs() {
    check_runs(&merge_field("a"), json!({"a": "x"}), &r("x"));
}
