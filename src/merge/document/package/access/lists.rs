//! Lists whose numbers or bullets are typed.

use super::body::{Body, Content, Paragraph};
use super::{Found, gather};
use crate::merge::Fault;

/// What somebody types before an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Bullet(char),
    Number(u32),
    Letter(char),
}

/// A note on typed lists of two items or more.
pub(super) fn note(body: &Body<'_>) -> Option<Fault> {
    let mut found = Vec::new();
    // the item before, and whether its list has been noted
    let mut last: Option<(Label, &Paragraph<'_>, bool)> = None;
    for paragraph in body.paragraphs().filter(|one| one.content == Content::Text) {
        let is_more = paragraph.heading.is_some() || paragraph.style.is_of_contents();
        let is_text = !paragraph.listed && !is_more;
        for line in paragraph.text.lines() {
            let label = Label::read(line).filter(|_| is_text);
            last = match (label, last) {
                (Some(label), Some((before, first, noted))) if label.follows(before) => {
                    if !noted {
                        found.push(Found::new(body.place(first), &first.text));
                    }
                    Some((label, first, true))
                }
                (label, _) => label.map(|label| (label, paragraph, false)),
            };
        }
    }
    gather(
        found,
        |words| format!("bei „{words}“ beginnt eine Liste, deren Zeichen getippt sind"),
        "ein Vorleseprogramm erkennt sie so nicht: löschen Sie das Getippte, markieren Sie die \
         Absätze, und wählen Sie Start > Nummerierung oder Start > Aufzählungszeichen",
    )
}

impl Label {
    /// What a line begins with, if white space and text follow.
    fn read(line: &str) -> Option<Self> {
        const BULLETS: [char; 10] = ['-', '–', '—', '•', '·', '*', '▪', '●', '○', '\u{f0b7}'];
        let (label, text) = line.trim_start().split_once(char::is_whitespace)?;
        if text.trim().is_empty() {
            return None;
        }
        let mut letters = label.chars();
        match (letters.next()?, letters.next(), letters.next()) {
            (bullet, None, None) if BULLETS.contains(&bullet) => Some(Self::Bullet(bullet)),
            (letter, Some(')'), None) if letter.is_ascii_lowercase() => Some(Self::Letter(letter)),
            _ => {
                let number = label.strip_suffix(['.', ')'])?;
                (number.len() < 3).then_some(())?;
                number.parse().ok().map(Self::Number)
            }
        }
    }

    fn follows(self, before: Self) -> bool {
        match (before, self) {
            (Self::Bullet(before), Self::Bullet(now)) => before == now,
            (Self::Number(before), Self::Number(now)) => now == before + 1,
            (Self::Letter(before), Self::Letter(now)) => u32::from(now) == u32::from(before) + 1,
            _ => false,
        }
    }
}
