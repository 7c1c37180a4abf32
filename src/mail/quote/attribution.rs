//! "Am … schrieb …:" and its like in other languages.

use super::{Head, has_time};
use crate::mail::lines::{Line, Place, lower};

/// The words that say somebody wrote.
const WROTE: &[&str] = &[
    "schrieb",
    "geschrieben",
    "schreibt",
    "wrote",
    "writes",
    "écrit",
    "ecrit",
    "yazdı",
    "yazdi",
    "yazmış",
    "escribió",
    "escribio",
    "scritto",
    "scrisse",
    "schreef",
    "geschreven",
    "napisał",
    "napisała",
    "pisze",
    "написал",
    "написала",
    "пишет",
    "написав",
    "пише",
    "كتب",
    "كتبت",
    "كتابة",
    "skrev",
    "kirjoitti",
    "írta",
    "napsal",
    "napsala",
    "napísal",
    "έγραψε",
    "escreveu",
    "scris",
    "kirjutas",
];

/// Attributions without a verb.
const QUOTING: &[&str] = &[
    "zitat von ",
    "quoting ",
    "zitiere ",
    "citando a ",
    "citation de ",
];

/// The words an attribution begins with where the date comes first.
const OPENING: &[&str] = &[
    "am", "on", "le", "il", "el", "em", "op", "den", "w", "dnia", "dne", "a", "на", "в", "у", "في",
    "at", "pe", "στις",
];

/// Words of a person's own sentence about somebody who wrote.
const TOLD: &[&str] = &[
    "uns", "mir", "mich", "ich", "wir", "dass", "euch", "ihnen", "unser", "unserem", "unseren",
    "me", "us", "that", "nous", "bize", "bana",
];

/// The most lines an attribution is broken into, and the longest of them.
const MAX_LINES: usize = 4;
const MAX_LINE: usize = 300;

/// The most words of one that has neither date nor address ("Anna Berger schrieb:").
const MAX_BARE: usize = 7;

/// An attribution at the first line. Date, time and address make it certain; a bare verb
/// counts only before lines that are marked as quoted.
pub(super) fn read(lines: &[Line]) -> Option<Head> {
    let (length, surely) = attribution(lines)?;
    // The writer's last line, without a blank line below, is none of it.
    let later = (1..length).any(|start| {
        let rest = lines.get(start..).unwrap_or_default();
        let opens = rest.first().is_some_and(|line| opens(&line.text));
        opens && attribution(rest).is_some()
    });
    (!later).then_some(Head { length, surely })
}

fn attribution(lines: &[Line]) -> Option<(usize, bool)> {
    let ends = |line: &Line| {
        let text = line.text.trim_end_matches(['*', '_', ' ', '\t']);
        text.ends_with([':', '：'])
    };
    let is_part = |line: &&Line| {
        !line.is_blank() && line.place != Place::Quote && line.text.len() <= MAX_LINE
    };
    let length = 1 + lines
        .iter()
        .take(MAX_LINES)
        .take_while(is_part)
        .position(ends)?;
    let lines: Vec<String> = lines
        .iter()
        .take(length)
        .map(|line| lower(line.text.trim()))
        .collect();
    let first = lines.first()?;
    let text = lines.join(" ");
    if QUOTING.iter().any(|words| text.starts_with(words)) {
        return Some((length, text.contains('@')));
    }
    let shape = Shape::of(&text);
    let begins = opens(first) || first.starts_with(['<', '"', '\'']) || {
        let first = Shape::of(first);
        first.addressed || first.dated || first.wrote.is_some()
    };
    if !begins || shape.told || shape.wrote.is_none() && !shape.is_address_and_time() {
        return None;
    }
    let hint = shape.numbered || text.contains('@') || shape.words <= MAX_BARE;
    hint.then(|| (length, shape.is_certain(&text)))
}

/// Whether some word says that somebody wrote.
pub(super) fn says_wrote(text: &str) -> bool {
    Shape::of(text).wrote.is_some()
}

fn opens(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    OPENING.contains(&word.to_lowercase().as_str())
}

/// What of an attribution stands in a text in lower case.
struct Shape {
    words: usize,
    /// the number of the word that says somebody wrote
    wrote: Option<usize>,
    /// a full date
    dated: bool,
    /// a time of day
    timed: bool,
    /// any number
    numbered: bool,
    /// an address in brackets
    addressed: bool,
    /// a person tells of it
    told: bool,
}

impl Shape {
    fn of(text: &str) -> Self {
        let is_gap = |c: char| !c.is_alphanumeric();
        let words: Vec<&str> = text.split(is_gap).filter(|word| !word.is_empty()).collect();
        let is_number = |word: &&str| word.chars().all(char::is_numeric);
        let day = |word: &&str| is_number(word) && word.chars().count() <= 2;
        let short_dates = words.windows(3).any(|three| three.iter().all(day));
        let year = |word: &&str| is_number(word) && word.chars().count() == 4;
        let bracket = text
            .find('<')
            .or_else(|| text.find('('))
            .or_else(|| text.find('['));
        Self {
            words: words.len(),
            wrote: words.iter().position(|word| WROTE.contains(word)),
            dated: short_dates || words.iter().any(year),
            timed: has_time(text),
            numbered: words.iter().any(is_number),
            addressed: bracket.is_some_and(|at| text.get(at..).is_some_and(|t| t.contains('@'))),
            told: words.iter().any(|word| TOLD.contains(word)),
        }
    }

    /// Gmail in Russian has no verb.
    fn is_address_and_time(&self) -> bool {
        self.addressed && self.dated && self.timed
    }

    /// Nobody writes so but a program.
    fn is_certain(&self, text: &str) -> bool {
        let wrote = self.wrote.is_some();
        let last = self.wrote.is_some_and(|at| at + 1 >= self.words);
        let shaped =
            opens(text) || last || text.contains("schrieb am ") || text.contains(" hat am ");
        wrote && self.dated && (self.timed && shaped || self.addressed)
            || self.is_address_and_time()
    }
}
