//! The notes below a model motion that say what to do with it, and the stars that lead to
//! them.

use super::token::{is_star, star};

/// What a star means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// "nicht Zutreffendes streichen"
    Choose,
    /// "Name der Kommune einsetzen"
    Kommune,
    /// something of the author's
    Other,
}

/// A line that explains a star.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// the star without a bracket
    pub(super) star: String,
    pub(super) meaning: Meaning,
}

/// The note that a line is.
pub(super) fn note(line: &str) -> Option<Note> {
    let line = line.trim();
    let length = star(line);
    let (star, rest) = (line.get(..length)?, line.get(length..)?);
    if star.is_empty() || rest.trim().is_empty() || rest.trim_end().ends_with('*') {
        return None;
    }
    Some(Note {
        star: key(star),
        meaning: meaning(rest),
    })
}

/// The star itself, without its bracket.
pub(super) fn key(star: &str) -> String {
    star.trim_end_matches(')').to_owned()
}

/// Whether a text tells what to do; without a star before it, it must say more of that.
pub(super) fn is_note(text: &str) -> bool {
    let text = text
        .trim()
        .trim_matches(['(', ')', '[', ']', ',', ';'])
        .trim();
    let star = star(text);
    let begins = |words: &[&str]| {
        let lower = text.to_lowercase();
        words.iter().any(|word| lower.starts_with(word))
    };
    match meaning(text.get(star..).unwrap_or_default()) {
        Meaning::Other => false,
        _ if star > 0 => true,
        Meaning::Choose => begins(&CHOOSING),
        Meaning::Kommune => begins(&NAMING),
    }
}

/// How notes without a star begin.
const CHOOSING: [&str; 5] = ["nicht ", "nichtz", "unzutr", "zutreff", "bitte "];
const NAMING: [&str; 5] = [
    "name",
    "bitte name",
    "bitte den namen",
    "hier name",
    "hier den namen",
];

/// Whether a line without a star asks for the name of the municipality.
pub(super) fn asks_for_name(line: &str) -> bool {
    is_note(line) && meaning(line) == Meaning::Kommune
}

/// Whether a paragraph is made of such notes alone.
pub(super) fn is_all_notes(paragraph: &str) -> bool {
    let mut notes = 0;
    paragraph.lines().flat_map(pieces).all(|piece| {
        let is_blank = piece.trim().is_empty();
        notes += usize::from(!is_blank);
        is_blank || is_note(piece)
    }) && notes > 0
}

/// A line in its notes: each begins with a star behind a blank.
pub(super) fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut blank = false;
    for (at, c) in line.char_indices() {
        if blank && is_star(c) {
            pieces.extend(line.get(start..at));
            start = at;
        }
        blank = c.is_whitespace();
    }
    pieces.extend(line.get(start..));
    pieces
}

/// What these words tell to do.
fn meaning(words: &str) -> Meaning {
    let words: String = words
        .chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}'))
        .collect();
    let words = words.to_lowercase();
    let words: Vec<&str> = words
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > 12 {
        return Meaning::Other;
    }
    let has = |stem: &str| words.iter().any(|word| word.starts_with(stem));
    let chooses = has("zutreffend") || has("unzutreffend") || has("nichtzutreffend");
    let acts = [
        "streichen",
        "gestrichen",
        "auswählen",
        "wählen",
        "löschen",
        "entfernen",
    ];
    if chooses && acts.iter().any(|act| has(act)) {
        return Meaning::Choose;
    }
    let fills = [
        "einsetzen",
        "einzusetzen",
        "einfügen",
        "einzufügen",
        "eintragen",
        "ergänzen",
        "ersetzen",
        "anpassen",
    ];
    let names = ["kommune", "stadt", "gemeinde", "landkreis", "ort", "kreis"];
    if fills.iter().any(|fill| has(fill)) && names.iter().any(|name| has(name)) {
        return Meaning::Kommune;
    }
    Meaning::Other
}
