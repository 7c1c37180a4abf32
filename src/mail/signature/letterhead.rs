//! The letterhead above a text: who writes and how to reach them.

use super::contact;
use crate::mail::lines::{Line, Place};

/// Beginnings of the line by which a letter begins.
const SALUTATIONS: &[&str] = &[
    "sehr geehrte",
    "hallo",
    "guten tag",
    "guten morgen",
    "guten abend",
    "liebe",
    "moin",
    "grüß gott",
    "grüß dich",
    "gruess ",
    "servus",
    "dear ",
    "hello",
    "hi ",
    "merhaba",
    "sayın",
    "bonjour",
    "werte",
];

/// The most lines above a salutation.
const MAX_LINES: usize = 15;

/// Marks the paragraphs above the salutation that say nothing but who writes.
pub(super) fn mark(message: &mut [Line]) {
    let salutation = message
        .iter()
        .filter(|line| !line.is_blank())
        .take(MAX_LINES)
        .any(is_salutation);
    let at = message.iter().position(is_salutation).unwrap_or_default();
    if !salutation {
        return;
    }
    let above = message.get_mut(..at).unwrap_or_default();
    for paragraph in above.split_mut(Line::is_blank) {
        let contact = paragraph.iter().all(|line| contact::is_contact(&line.text));
        let certain = paragraph.iter().any(|line| contact::is_certain(&line.text));
        let dated = paragraph.len() == 1 && paragraph.iter().all(is_place_and_date);
        if contact && (certain || is_postal(paragraph) || dated) {
            let own = paragraph.iter_mut().filter(|line| line.place == Place::Own);
            own.for_each(|line| line.place = Place::Signature);
        }
    }
}

fn is_salutation(line: &Line) -> bool {
    line.place == Place::Own && is_greeting(&line.text)
}

/// Whether a letter begins with the line.
pub fn is_greeting(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(16).collect();
    let start = start.to_lowercase();
    SALUTATIONS.iter().any(|words| start.starts_with(words))
}

/// A street with its number above a postal code with its town.
fn is_postal(paragraph: &[Line]) -> bool {
    paragraph.windows(2).any(|pair| match pair {
        [street, town] => ends_with_number(&street.text) && begins_with_code(&town.text),
        _ => false,
    })
}

fn ends_with_number(text: &str) -> bool {
    let last = text.split_whitespace().next_back().unwrap_or_default();
    last.starts_with(|c: char| c.is_ascii_digit()) && last.len() <= 5
}

fn begins_with_code(text: &str) -> bool {
    let code = text.trim().trim_start_matches("D-");
    let digits = code.chars().take_while(char::is_ascii_digit).count();
    digits == 5 && code.split_whitespace().count() >= 2
}

/// "Hanau, den 3. März 2026", "Hanau, 03.03.2026"
fn is_place_and_date(line: &Line) -> bool {
    let Some((place, date)) = line.text.split_once(',') else {
        return false;
    };
    let date = date.trim_start();
    let date = date.strip_prefix("den ").unwrap_or(date);
    let year = |word: &str| word.len() == 4 && word.starts_with("20");
    place.split_whitespace().count() <= 4
        && !place.contains(|c: char| c.is_ascii_digit())
        && date.starts_with(|c: char| c.is_ascii_digit())
        && date
            .split([' ', '.', '/', '-'])
            .next_back()
            .is_some_and(year)
}
