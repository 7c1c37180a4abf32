//! Places left open for somebody to fill in: `______`, `……`, `XXX`, `[Name der Kommune]`.

use super::note;
use super::vocabulary::{Sort, is_kind};

/// A place left open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Blank {
    /// `______`, `……`
    Line,
    /// `XXX`, `XYZ`
    Letters,
    /// `N.N.`: usually somebody who is not known yet
    Nobody,
    /// letters in place of a part of a word, or of a date: `XXX-Beirat`, `XX.XX.2026`
    Part,
    /// "Musterstadt"
    Sample,
    /// a municipality of the register: "die Stadt/der Landkreis Fürth"
    Place,
    /// `[Name der Kommune]`, with what it stands for where that is known
    Label(Option<Sort>, String),
    /// `(nicht Zutreffendes streichen)` within a text
    Note,
}

/// Names that stand for any.
const SAMPLES: [&str; 9] = [
    "musterstadt",
    "musterhausen",
    "musterdorf",
    "mustergemeinde",
    "musterkommune",
    "musterkreis",
    "musterlandkreis",
    "beispielstadt",
    "beispielhausen",
];

/// A label is not longer than this (bytes).
const LONGEST: usize = 90;

/// The blank that a text begins with, and its length. `glued`: a word stands right before.
pub(super) fn begins(rest: &str, glued: bool) -> Option<(Blank, usize)> {
    match rest.chars().next()? {
        '_' => run(rest, &['_'], 3).map(|length| (Blank::Line, length)),
        '.' | '…' => dots(rest, glued).map(|length| (Blank::Line, length)),
        'N' | 'n' if !glued => {
            let nobody = ["N.N.", "N. N.", "N.\u{a0}N.", "n.n.", "N.N"];
            let found = nobody.iter().find(|nobody| rest.starts_with(**nobody))?;
            Some((Blank::Nobody, found.len()))
        }
        open @ ('[' | '<' | '(' | '{' | '«' | '‹') => bracket(rest, open),
        _ => None,
    }
}

/// The blank that a word is.
pub(super) fn word(word: &str) -> Option<Blank> {
    let letters = word.trim_end_matches(|c| !matches!(c, 'X' | 'x'));
    let all = |text: &str| text.chars().all(|c| c == 'X') || text.chars().all(|c| c == 'x');
    let lower = word.to_lowercase();
    match word {
        "XYZ" | "xyz" | "xy" | "XY" => Some(Blank::Letters),
        "NN" => Some(Blank::Nobody),
        _ if word.len() >= 3 && all(word) => Some(Blank::Letters),
        _ if word == "XX" => Some(Blank::Part),
        _ if letters.len() >= 3 && all(letters) => Some(Blank::Part),
        _ if lower.starts_with("xxx-") || lower.starts_with("xyz-") => Some(Blank::Part),
        _ if SAMPLES.contains(&lower.as_str()) => Some(Blank::Sample),
        _ => None,
    }
}

/// The length of a run of these characters, perhaps with blanks between them, if it has
/// at least so many.
fn run(rest: &str, of: &[char], least: usize) -> Option<usize> {
    let mut count = 0;
    let mut end = 0;
    for (at, c) in rest.char_indices() {
        if of.contains(&c) {
            count += 1;
            end = at + c.len_utf8();
        } else if !matches!(c, ' ' | '\u{a0}') || count < 2 || at > end {
            break;
        }
    }
    (count >= least).then_some(end)
}

/// Dots that are no ellipsis and lead to no page number.
fn dots(rest: &str, glued: bool) -> Option<usize> {
    let length = rest.len() - rest.trim_start_matches(['.', '…']).len();
    let dots = rest.get(..length)?;
    let weight: usize = dots.chars().map(|c| if c == '…' { 3 } else { 1 }).sum();
    let behind = rest.get(length..)?.trim();
    let leads = !behind.is_empty() && behind.chars().all(|c| c.is_ascii_digit());
    let least = if glued { 7 } else { 5 };
    (weight >= least && !leads).then_some(length)
}

/// What stands in brackets, if it is a blank.
fn bracket(rest: &str, open: char) -> Option<(Blank, usize)> {
    let close = match open {
        '[' => ']',
        '<' => '>',
        '(' => ')',
        '«' => '»',
        '‹' => '›',
        _ => '}',
    };
    let inner_at = open.len_utf8();
    let end = find_within(rest, LONGEST, close)?;
    let inner = rest.get(inner_at..end)?.trim();
    let length = end + close.len_utf8();
    let only_line = !inner.is_empty() && inner.trim_matches(['_', '.', '…', ' ']).is_empty();
    if only_line && open != '(' {
        return Some((Blank::Line, length));
    }
    if word(inner) == Some(Blank::Letters) {
        return Some((Blank::Letters, length));
    }
    let sort = label(inner).and_then(|(sort, offers)| (!offers).then_some(sort));
    if sort.is_none() && note::is_note(inner) {
        return Some((Blank::Note, length));
    }
    match open {
        '(' if is_request(inner) && (sort.is_some() || begins_with_name(inner)) => {}
        '[' | '<' | '{' if sort.is_some() => {}
        '«' | '‹' if sort.is_some() && is_request(inner) => {}
        '<' if rest
            .get(1..)
            .is_some_and(|rest| rest.starts_with(char::is_whitespace)) =>
        {
            return None;
        }
        // what is left open, though nobody knows what for
        '[' | '<' if is_words(inner) && !holds_alternatives(inner) => {}
        _ => return None,
    }
    Some((Blank::Label(sort, inner.to_owned()), length))
}

/// Where a character stands, if that is within so many bytes.
fn find_within(text: &str, most: usize, wanted: char) -> Option<usize> {
    let near = text.char_indices().take_while(|(at, _)| *at <= most);
    let mut found = near.filter(|(_, c)| *c == wanted);
    found.next().map(|(at, _)| at)
}

fn is_words(inner: &str) -> bool {
    inner.starts_with(char::is_alphabetic) && !inner.contains(['/', '@']) && !inner.contains("www.")
}

/// `[Stadtrat/Kreistag]` says what stands there, not what is missing.
fn holds_alternatives(inner: &str) -> bool {
    inner.contains(['/', '|']) || inner.contains(" oder ") || inner.contains(" bzw")
}

/// Whether it asks for a name: "Name der Kommune", "Kommune einsetzen".
fn is_request(inner: &str) -> bool {
    let lower = inner.to_lowercase();
    let asks = ["name", "einsetzen", "einfügen", "eintragen", "ergänzen"];
    asks.iter().any(|word| lower.contains(word))
}

fn begins_with_name(inner: &str) -> bool {
    let lower = inner.to_lowercase();
    ["name", "bitte name", "hier name"]
        .iter()
        .any(|begin| lower.starts_with(begin))
}

/// Words of labels that do not say what is missing.
const FILLERS: [&str; 36] = [
    "name",
    "namen",
    "der",
    "die",
    "den",
    "dem",
    "des",
    "ihr",
    "ihre",
    "ihrer",
    "ihres",
    "ihren",
    "eigene",
    "eigenen",
    "bitte",
    "hier",
    "einsetzen",
    "einfügen",
    "eintragen",
    "ergänzen",
    "eingeben",
    "angeben",
    "jeweilige",
    "jeweiligen",
    "jeweiliger",
    "oder",
    "bzw",
    "und",
    "betreffenden",
    "betreffende",
    "zuständigen",
    "für",
    "in",
    "im",
    "entsprechenden",
    "konkrete",
];

/// The words of a label that say what is missing, in small letters, and what joins them.
pub(super) fn telling(label: &str) -> Vec<String> {
    let lower = label.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let asks = |word: &String| FILLERS.contains(&word.as_str());
    let first = words
        .iter()
        .position(|word| !asks(word))
        .unwrap_or(words.len());
    let last = words
        .iter()
        .rposition(|word| !asks(word))
        .map_or(0, |last| last + 1);
    words.get(first..last).unwrap_or_default().to_vec()
}

/// What a label asks for ("Name der Stadt/des Landkreises", "Kommune"), and whether it offers
/// words to choose from rather than asking for a name ("Stadt/Landkreis").
pub(super) fn label(label: &str) -> Option<(Sort, bool)> {
    let lower = label.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let (mut asks, mut sort) = (false, None);
    for word in words {
        if FILLERS.contains(&word) {
            asks |= word.starts_with("name") || word.starts_with("ein");
            continue;
        }
        let means = match word {
            "kommunenname" | "ortsname" | "stadtname" | "gemeindename" => Sort::Kommune,
            "kommunen" => return None,
            word if is_kind(word) => Sort::Kommune,
            "beirat" | "beirats" | "beirates" => Sort::Beirat,
            "rat" | "rats" | "rates" => Sort::Rat,
            _ => return None,
        };
        if sort.is_some_and(|sort| sort != means) {
            return None;
        }
        sort = Some(means);
    }
    let offers = holds_alternatives(label) && !asks;
    sort.map(|sort| (sort, offers))
}
