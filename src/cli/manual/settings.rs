//! The page of section 5: the commented sample, read as a text.

use clap_mangen::roff::{Roff, bold, roman};

use super::page::{MANUAL, SOURCE, date, see_also};

const SAMPLE: &str = include_str!("../../../config/antragsbote.toml");
const SUMMARY: &str = "antragsbote.toml - Konfiguration des Antragsboten";

/// antragsbote.toml(5): a section a table, comments as text, keys and what is shown in comments as they stand.
pub(super) fn page() -> String {
    let mut page = Roff::default();
    let date = date();
    page.control("TH", ["antragsbote.toml", "5", &date, SOURCE, MANUAL]);
    // English rules would hyphenate the German text.
    page.control("nh", []).control("ad", ["l"]);
    page.control("SH", ["NAME"]);
    page.text([roman(SUMMARY)]);
    page.control("SH", ["BESCHREIBUNG"]);
    let mut in_text = false;
    // The first line is the summary again.
    for line in SAMPLE.lines().skip(2) {
        if line.starts_with('[') {
            page.control("SH", [line]);
            in_text = false;
            continue;
        }
        match line
            .strip_prefix("# ")
            .filter(|text| !text.starts_with(' '))
        {
            Some(text) => {
                if !in_text {
                    page.control("PP", []);
                }
                page.text([roman(text)]);
            }
            None if line.trim_matches('#').is_empty() => {}
            None => {
                let shown = line.strip_prefix("# ").unwrap_or(line).trim();
                page.control(if in_text { "IP" } else { "br" }, []);
                page.text([bold(shown)]);
            }
        }
        in_text = line.starts_with("# ") && !line.starts_with("#  ");
    }
    see_also(
        &mut page,
        &[
            "antragsbote(1)",
            "antragsbote-check(1)",
            "antragsbote-setup(1)",
        ],
    );
    page.render()
}
