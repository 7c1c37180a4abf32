//! A paragraph in words, stars, blanks and what stands between them.

use std::ops::Range;

use super::blank::{self, Blank};

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// between alternatives
    Slash,
    /// a star or number that leads to a note
    Star,
    Blank(Blank),
    Open,
    Close,
    Colon,
    /// what ends a sentence
    Stop,
    /// the end of a line, or a tab
    Break,
    /// a mark of a template
    Mark,
    Other,
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
    /// as it reads: without soft hyphens, hyphens plain
    pub(super) text: String,
    /// whether nothing stands between it and the token before it
    pub(super) glued: bool,
}

impl Token {
    pub(super) fn lower(&self) -> String {
        self.text.to_lowercase()
    }

    pub(super) fn is_capital(&self) -> bool {
        self.kind == Kind::Word && self.text.starts_with(char::is_uppercase)
    }
}

/// Takes a paragraph apart; white space goes.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    let mut glued = false;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = match token(rest, glued) {
            Some(found) => found,
            None => {
                at += rest.chars().next().map_or(1, char::len_utf8);
                glued = false;
                continue;
            }
        };
        let span = at..at + length;
        at = span.end;
        let plain = text.get(span.clone()).unwrap_or_default();
        tokens.push(Token {
            kind,
            span,
            text: plain.chars().filter_map(reads).collect(),
            glued,
        });
        glued = true;
    }
    tokens
}

/// What a character reads as; nothing for what only tells where a line may break.
fn reads(c: char) -> Option<char> {
    match c {
        c if is_silent(c) => None,
        '\u{2010}' | '\u{2011}' => Some('-'),
        c => Some(c),
    }
}

/// Soft hyphens, joiners, marks of direction.
fn is_silent(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

/// The token that a text begins with, and its length; `None` before white space.
fn token(rest: &str, glued: bool) -> Option<(Kind, usize)> {
    let first = rest.chars().next()?;
    if let Some(length) = mark(rest) {
        return Some((Kind::Mark, length));
    }
    if let Some((blank, length)) = blank::begins(rest, glued) {
        return Some((Kind::Blank(blank), length));
    }
    let one = first.len_utf8();
    match first {
        '\n' | '\t' => Some((Kind::Break, one)),
        c if c.is_whitespace() || is_silent(c) => None,
        '/' | '\u{2044}' | '\u{2215}' | '|' => Some((Kind::Slash, one)),
        c if is_star(c) => Some((Kind::Star, star(rest))),
        '(' | '[' | '<' => Some((Kind::Open, one)),
        ')' | ']' | '>' => Some((Kind::Close, one)),
        ':' => Some((Kind::Colon, one)),
        '.' | '!' | '?' => Some((Kind::Stop, one)),
        c if c.is_alphanumeric() => Some(word(rest)),
        _ => Some((Kind::Other, one)),
    }
}

/// The length of a mark of a template; one that is not closed soon is none.
fn mark(rest: &str) -> Option<usize> {
    let end = ["{{", "{%", "{#"]
        .iter()
        .zip(["}}", "%}", "#}"])
        .find_map(|(begin, end)| rest.starts_with(begin).then_some(end))?;
    const LONGEST: usize = 2_000;
    let mut within = rest.char_indices().take_while(|(at, _)| *at <= LONGEST);
    let at = within.find(|(at, _)| rest.get(*at..).is_some_and(|rest| rest.starts_with(end)));
    at.map(|(at, _)| at + end.len())
}

/// What leads to a note; of numbers those that are raised.
pub(super) fn is_star(c: char) -> bool {
    matches!(c, '*' | '†' | '¹' | '²' | '³')
}

/// The length of a run of stars, with the bracket that may close it: `*)`.
pub(super) fn star(rest: &str) -> usize {
    let stars = rest.len() - rest.trim_start_matches(is_star).len();
    let bracket = rest.get(stars..).is_some_and(|rest| rest.starts_with(')'));
    stars + usize::from(bracket)
}

/// The word a text begins with; a star that a letter follows parts nobody's gender here.
fn word(rest: &str) -> (Kind, usize) {
    let mut length = 0;
    while let Some(tail) = rest.get(length..) {
        let mut letters = tail.chars();
        let Some(c) = letters.next() else { break };
        let behind = letters.as_str();
        let goes_on = match c {
            c if is_star(c) && c != '*' => false,
            c if c.is_alphanumeric() || is_silent(c) => true,
            '-' | '\u{2010}' | '\u{2011}' => {
                length += c.len_utf8();
                if behind.starts_with(char::is_alphanumeric) {
                    continue;
                }
                break;
            }
            '*' | ':' | '_' | '·' => behind.starts_with("in"),
            '/' => ["innen", "-in"].iter().any(|end| behind.starts_with(end)),
            _ => false,
        };
        if !goes_on {
            break;
        }
        length += c.len_utf8();
    }
    let word: String = rest
        .get(..length)
        .unwrap_or_default()
        .chars()
        .filter_map(reads)
        .collect();
    match blank::word(&word) {
        Some(blank) => (Kind::Blank(blank), length),
        None => (Kind::Word, length),
    }
}
