//! The line that closes a letter.

use super::contact::{Author, MAX_LENGTH, has_any, says_something, words};
use super::letterhead;

/// Words that close a letter.
const WORDS: &[&str] = &[
    "gruß",
    "gruss",
    "grüße",
    "grüßen",
    "grüsse",
    "grüssen",
    "gruesse",
    "gruessen",
    "grusse",
    "grussen",
    "gruse",
    "grüse",
    "grüßle",
    "grüßli",
    "grüessli",
    "grüezi-grüße",
    "hochachtung",
    "hochachtungsvoll",
    "herzlichst",
    "regards",
    "sincerely",
    "cheers",
    "cordialement",
    "salutations",
    "saygılarımla",
    "saygilarimla",
    "saygılar",
    "saygilar",
    "selamlar",
    "selamlarımla",
    "pozdrav",
    "pozdrawiam",
    "pozdrowienia",
    "groeten",
    "groet",
    "saludos",
    "saluti",
    "уважением",
    "повагою",
    "mfg",
    "m.f.g",
    "lieben-gruß",
];

/// Short forms, which close a letter only where they begin the line. "VG" may be a
/// Verbandsgemeinde: it needs a name that is the writer's, or nothing at all.
const SHORT: &[&str] = &["lg", "bg", "hg", "sg", "vlg", "glg", "fg", "vg"];

/// Lines that close a letter only if nothing else stands in them.
const LINES: &[&str] = &[
    "herzlich",
    "best",
    "beste",
    "ihr",
    "ihre",
    "euer",
    "eure",
    "dein",
    "deine",
    "i. a",
    "i.a",
    "im auftrag",
    "i. v",
    "i.v",
    "in vertretung",
    "gez",
    "bien à vous",
    "yours",
    "tschüss",
    "bis bald",
    "viele",
    "liebe",
];

/// Beginnings of lines that an official signs with a name: "i. A. Berger".
const ON_BEHALF: &[&str] = &["i. a. ", "i.a. ", "i. v. ", "i.v. ", "gez. "];

/// Words of thanks.
const THANKS: &[&str] = &[
    "dank",
    "danke",
    "dankend",
    "merci",
    "thanks",
    "thank",
    "teşekkürler",
    "teşekkür",
    "gracias",
    "grazie",
    "dziękuję",
    "спасибо",
    "дякую",
];

/// Beginnings of a postscript.
const POSTSCRIPTS: &[&str] = &[
    "ps:",
    "ps ",
    "ps.",
    "p.s",
    "p. s.",
    "pps",
    "p.p.s",
    "nachtrag:",
    "nb:",
    "n.b.",
    "not:",
];

/// The most words of a closing line, of which the closing one is among the first; of one that
/// only thanks ("Vielen Dank im Voraus"); of one that begins with a short form ("LG Anna und
/// Ali").
const MAX_WORDS: usize = 12;
const MAX_BEFORE: usize = 5;
const MAX_THANKS: usize = 4;
const MAX_SHORT: usize = 5;

/// What a closing does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// it only says goodbye
    Greets,
    /// it thanks, and so stays text: it may be all that is said
    Thanks,
}

/// The closing that a line is.
pub(super) fn of(text: &str, author: &Author) -> Option<Closing> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let words = words(text);
    if words.is_empty() || words.len() > MAX_WORDS || says_something(text, &words) {
        return None;
    }
    let lower = text.trim().to_lowercase();
    let whole = lower.trim_end_matches([',', '!', '.', ' ']);
    let first = words.first().map_or("", String::as_str);
    let short = SHORT.contains(&first) && words.len() <= MAX_SHORT && {
        let rest = words.get(1..).unwrap_or_default();
        first != "vg" || rest.is_empty() || author.has_all(rest)
    };
    let behalf = words.len() <= MAX_SHORT && ON_BEHALF.iter().any(|s| lower.starts_with(s));
    let closes = has_any(&words, WORDS);
    let only_thanks = words.len() <= MAX_THANKS && !letterhead::is_greeting(text);
    if has_any(&words, THANKS) && (closes || only_thanks) {
        return Some(Closing::Thanks);
    }
    let early = words
        .iter()
        .take(MAX_BEFORE)
        .any(|word| WORDS.contains(&word.as_str()));
    (LINES.contains(&whole) || short || behalf || early).then_some(Closing::Greets)
}

/// Whether a line begins a postscript.
pub(super) fn is_postscript(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(12).collect();
    let start = start.to_lowercase();
    POSTSCRIPTS.iter().any(|words| start.starts_with(words))
}
