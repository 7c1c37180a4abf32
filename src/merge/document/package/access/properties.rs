//! The language of a document.

use std::collections::BTreeMap;

use super::Part;
use super::body::runs;
use crate::merge::Fault;
use crate::merge::document::package::parts::whole;
use crate::merge::document::package::styles::Styles;
use crate::merge::document::scan::Home;

/// Words that tell German from other languages.
const GERMAN: [&str; 16] = [
    "der", "die", "das", "und", "den", "dem", "des", "ist", "nicht", "für", "mit", "wird", "zu",
    "bittet", "eine", "auf",
];

/// A note if most of the text has no language, or one that it is surely not written in.
pub(super) fn language(part: &Part<'_>, styles: &Styles) -> Option<Fault> {
    let mut letters: BTreeMap<Option<String>, usize> = BTreeMap::new();
    let mut words = (0, 0);
    let regions = part.scan.regions.iter();
    for region in regions.filter(|region| region.home == Home::Paragraph) {
        for (text, run) in runs(part, region, styles) {
            let count = text.chars().filter(|c| c.is_alphabetic()).count();
            *letters.entry(run.language).or_default() += count;
        }
        for word in region.text.split(|c: char| !c.is_alphabetic()) {
            words.0 += usize::from(GERMAN.contains(&word.to_lowercase().as_str()));
            words.1 += usize::from(!word.is_empty());
        }
    }
    let is_german = words.0 >= 3 && 10 * words.0 >= words.1;
    const REMEDY: &str = "markieren Sie alles (Strg+A), und wählen Sie Überprüfen > Sprache > Sprache \
                          für die Korrekturhilfen festlegen > Deutsch (Deutschland)";
    let most = letters.into_iter().max_by_key(|(_, letters)| *letters);
    let problem = match most {
        Some((_, 0)) | None => match styles.paragraph(None).properties.language.as_ref() {
            None if styles.defaults.language.is_none() => MISSING.to_owned(),
            _ => return None,
        },
        Some((None, _)) => MISSING.to_owned(),
        Some((Some(language), _)) if is_german && !is_of(&language, "de") => format!(
            "der Text ist deutsch, aber als Sprache ist „{language}“ eingestellt: ein Vorleseprogramm \
             spricht ihn falsch aus"
        ),
        Some(_) => return None,
    };
    Some(whole(format!("{problem}; {REMEDY}")))
}

const MISSING: &str = "dem Dokument fehlt die Sprache, und ein Vorleseprogramm spricht es vielleicht \
                       falsch aus";

/// Whether a tag names this language, with a region or without (BCP 47).
fn is_of(tag: &str, language: &str) -> bool {
    let first = tag.split(['-', '_']).next();
    first.is_some_and(|first| first.eq_ignore_ascii_case(language))
}
