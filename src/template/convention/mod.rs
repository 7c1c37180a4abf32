//! The convention of model motions: words to choose from ("Stadtrat/Kreistag*"), places
//! left open ("XXX**", "______", "[Name der Kommune]"), and notes that explain both.
//!
//! In: the paragraphs of a motion as text, and the words of the register. Out: what
//! stands for what, with the mark that says it; what may be meant, but is not sure; the
//! notes that go. Never here: Word. What is in doubt is never replaced.

mod blank;
mod case;
mod context;
mod determiner;
mod judge;
mod note;
mod phrase;
mod pronoun;
#[cfg(test)]
mod tests;
mod token;
mod vocabulary;

use std::collections::BTreeMap;
use std::ops::Range;

use self::blank::Blank;
use self::judge::Verdict;
use self::note::Meaning;
use self::phrase::Reader;
use self::token::{Kind, Token, tokens};
use self::vocabulary::{Sort, Vocabulary};
use crate::kommune::Register;

/// Something of the convention in a motion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// the number of its paragraph
    pub(super) paragraph: usize,
    /// where it stands in the paragraph's text (bytes)
    pub(super) span: Range<usize>,
    /// what is to become of it
    pub(super) found: Found,
}

/// What is to become of a part of a motion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// this text takes its place
    Mark(String),
    /// the paragraph is a note and goes
    Note,
    /// it stays; why, and the marks that may be meant
    Doubt(String, Vec<String>),
}

/// Reads the paragraphs of a motion; the findings are in their order.
pub(super) fn findings(paragraphs: &[&str], register: &Register) -> Vec<Finding> {
    let notes = Notes::read(paragraphs);
    let vocabulary = Vocabulary { register };
    let mut findings = Vec::new();
    for (number, plain) in paragraphs.iter().enumerate() {
        let add = |(span, found)| Finding {
            paragraph: number,
            span,
            found,
        };
        if note::is_all_notes(plain) {
            findings.push(add((0..plain.len(), Found::Note)));
            continue;
        }
        let text = Text::of(plain);
        let reader = Reader {
            text: &text,
            vocabulary,
            notes: &notes,
        };
        findings.extend(reader.findings().into_iter().map(add));
    }
    findings
}

/// Of a municipality behind a body that is no longer said by name.
fn named_place() -> Found {
    let reason = "hier steht eine bestimmte Kommune; soll der Antrag für alle gelten, setzen Sie \
                  die Marke ein";
    let marks = vec![case::mark("des", Sort::Kommune, false)];
    Found::Doubt(reason.to_owned(), marks)
}

/// What the notes of a motion explain.
#[derive(Debug, Default)]
struct Notes {
    stars: BTreeMap<String, Meaning>,
    /// whether one of them asks for the name of the municipality
    names_kommune: bool,
}

impl Notes {
    fn read(paragraphs: &[&str]) -> Self {
        let mut notes = Self::default();
        let lines = paragraphs.iter().flat_map(|paragraph| paragraph.lines());
        for line in lines {
            for piece in note::pieces(line) {
                if let Some(note) = note::note(piece) {
                    notes.names_kommune |= note.meaning == Meaning::Kommune;
                    notes.stars.entry(note.star).or_insert(note.meaning);
                }
            }
            notes.names_kommune |= note::asks_for_name(line);
        }
        notes
    }
}

/// A paragraph.
#[derive(Debug)]
struct Text<'t> {
    plain: &'t str,
    tokens: Vec<Token>,
    /// how many places are left open
    blanks: usize,
    /// whether somebody is to sign here, or nothing stands here but lines
    is_signature: bool,
}

impl<'t> Text<'t> {
    fn of(plain: &'t str) -> Self {
        let tokens = tokens(plain);
        let is_blank = |token: &&Token| matches!(token.kind, Kind::Blank(_));
        let mut words = tokens.iter().filter(|token| token.kind == Kind::Word);
        Self {
            plain,
            blanks: tokens.iter().filter(is_blank).count(),
            is_signature: words.all(|word| SIGNING.contains(&word.lower().as_str())),
            tokens,
        }
    }

    fn span(&self, tokens: Range<usize>) -> Range<usize> {
        let tokens = self.tokens.get(tokens).unwrap_or_default();
        let start = tokens.first().map_or(0, |token| token.span.start);
        let end = tokens.last().map_or(0, |token| token.span.end);
        start..end
    }
}

/// Words where somebody is to sign.
const SIGNING: [&str; 22] = [
    "ort",
    "datum",
    "den",
    "unterschrift",
    "unterschriften",
    "name",
    "vorname",
    "gez",
    "i",
    "a",
    "im",
    "auftrag",
    "für",
    "vorsitz",
    "vorsitzende",
    "vorsitzender",
    "stempel",
    "siegel",
    "und",
    "der",
    "des",
    "am",
];

impl Reader<'_> {
    fn findings(&self) -> Vec<(Range<usize>, Found)> {
        let mut findings = Vec::new();
        // what was spoken of so far
        let mut nouns = Vec::new();
        let mut at = 0;
        while at < self.text.tokens.len() {
            let judged = self.phrase(at).map(|phrase| (self.judge(&phrase), phrase));
            match judged {
                Some((Verdict::Replace(start, text), phrase)) => {
                    let end = phrase.tokens.end;
                    findings.push((self.text.span(start..end), Found::Mark(text)));
                    nouns.extend(phrase.sort);
                    if phrase.sort != Some(Sort::Kommune) && self.is_place(end) {
                        findings.push((self.text.span(end..end + 1), named_place()));
                    }
                    at = end;
                }
                Some((Verdict::Doubt(reason, marks), phrase)) => {
                    at = phrase.tokens.end;
                    let found = Found::Doubt(reason, marks);
                    findings.push((self.text.span(phrase.tokens), found));
                }
                Some((Verdict::Nothing, _)) | None => {
                    let aside = self.note(at).or_else(|| self.aside(at, &nouns));
                    at += aside.as_ref().map_or(1, |(tokens, ..)| tokens.len());
                    findings.extend(aside.map(|(_, span, found)| (span, found)));
                }
            }
        }
        findings
    }

    /// A note within a text, which goes with the white space before it.
    fn note(&self, at: usize) -> Option<(Range<usize>, Range<usize>, Found)> {
        let token = self.token(at)?;
        if token.kind != Kind::Blank(Blank::Note) {
            return None;
        }
        let before = self.text.plain.get(..token.span.start)?;
        let span = before.trim_end().len()..token.span.end;
        Some((at..at + 1, span, Found::Mark(String::new())))
    }
}
