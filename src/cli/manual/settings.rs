//! The page of section 5: the commented sample, read as a text.

use clap_mangen::roff::{Roff, bold, roman};

use super::page::{MANUAL, SOURCE, date, see_also};

const SAMPLE: &str = include_str!("../../../config/antragsbote.toml");
const SUMMARY: &str = "antragsbote.toml - Konfiguration des Antragsboten";

/// A line of the sample.
#[derive(Debug, Clone, Copy)]
enum Line<'a> {
    /// the head of a table
    Table(&'a str),
    /// a comment
    Text(&'a str),
    /// a key with its value, or what an indented comment shows
    Shown(&'a str),
    /// nothing
    Blank,
}

/// antragsbote.toml(5): a section a table, its comments as text, all else as it stands.
pub(super) fn page() -> String {
    let mut page = Roff::default();
    let date = date();
    page.control("TH", ["antragsbote.toml", "5", date, SOURCE, MANUAL]);
    page.control("nh", []).control("ad", ["l"]);
    page.control("SH", ["NAME"]).text([roman(SUMMARY)]);
    page.control("SH", ["BESCHREIBUNG"]);
    let mut last = Line::Table("");
    // The sample's first line is the summary again.
    for line in SAMPLE.lines().skip(2).map(read) {
        match (last, line) {
            (_, Line::Table(head)) => page.control("SH", [head]),
            (Line::Text(_) | Line::Table(_), Line::Text(text)) => page.text([roman(text)]),
            (_, Line::Text(text)) => page.control("PP", []).text([roman(text)]),
            (Line::Shown(_), Line::Shown(text)) => page.control("br", []).text([bold(text)]),
            (_, Line::Shown(text)) => page.control("IP", []).text([bold(text)]),
            (_, Line::Blank) => &mut page,
        };
        last = line;
    }
    let others = [
        "antragsbote(1)",
        "antragsbote-setup(1)",
        "antragsbote-check(1)",
    ];
    see_also(&mut page, &others);
    page.render()
}

fn read(line: &str) -> Line<'_> {
    match line.strip_prefix("# ") {
        Some(shown) if shown.starts_with(' ') => Line::Shown(shown.trim()),
        Some(text) => Line::Text(text),
        None if line.starts_with('[') => Line::Table(line),
        None if line.trim_matches('#').is_empty() => Line::Blank,
        None => Line::Shown(line),
    }
}
