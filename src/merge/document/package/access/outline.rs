//! Headings: real ones, in order, and none that are only bold text.

use std::collections::BTreeMap;

use super::body::{Block, Body, Content, Paragraph};
use super::{Found, gather};
use crate::merge::{Fault, Place};

/// The longest line that is taken for a heading (characters, words).
const LONGEST: (usize, usize) = (100, 14);
/// A text that ends like a lead-in is one if it has more words than this.
const LEAD_IN: usize = 5;
/// Lines on end that are taken for headings; more are an address or a form.
const IN_A_ROW: usize = 3;
/// The shortest paragraph that is surely text (characters).
const TEXT: usize = 60;
/// A text of this length needs headings: about two pages (characters).
const LONG: usize = 5_000;

/// Built-in styles, in small letters, whose paragraphs are something of their own though
/// they are no headings.
const ROLES: [&str; 16] = [
    "title",
    "subtitle",
    "caption",
    "quote",
    "intense quote",
    "block text",
    "signature",
    "closing",
    "date",
    "salutation",
    "message header",
    "envelope address",
    "envelope return",
    "header",
    "footer",
    "macro",
];

/// What is wrong with the headings of a document.
pub(super) fn notes(body: &Body<'_>) -> Vec<Fault> {
    let bold = only_bold(body);
    let has_heading = body
        .paragraphs()
        .any(|paragraph| paragraph.heading.is_some());
    let mut notes = Vec::new();
    if bold.is_empty() && !has_heading && length(body) > LONG {
        notes.push(Fault::new(
            Place::of_part(body.part.name),
            "der Text ist lang und hat keine Überschrift; wer ihn sich vorlesen lässt, kann in ihm \
             nicht springen: geben Sie den Überschriften Start > Formatvorlagen > Überschrift 1",
        ));
    }
    let found = bold
        .into_iter()
        .map(|paragraph| Found::new(body.place(paragraph), &paragraph.text));
    notes.extend(gather(
        found.collect(),
        |words| format!("„{words}“ sieht wie eine Überschrift aus, ist aber nur fett oder groß"),
        "ein Vorleseprogramm erkennt sie so nicht: wählen Sie in der Zeile Start > Formatvorlagen > \
         Überschrift 1 (oder 2, 3)",
    ));
    notes.extend(skipped(body));
    notes
}

/// The length of the text (characters).
fn length(body: &Body<'_>) -> usize {
    let lengths = body
        .paragraphs()
        .map(|paragraph| paragraph.text.chars().count());
    lengths.sum()
}

/// Lines that look like headings and are text.
fn only_bold<'b, 'p>(body: &'b Body<'p>) -> Vec<&'b Paragraph<'p>> {
    let usual = usual_size(body);
    let mut found = Vec::new();
    let mut lines: Vec<&Paragraph<'p>> = Vec::new();
    for block in &body.blocks {
        match block {
            Block::Table(_) => lines.clear(),
            Block::Paragraph(paragraph) if paragraph.content != Content::Text => {}
            Block::Paragraph(paragraph) if looks_like_heading(paragraph, usual) => {
                lines.push(paragraph);
            }
            Block::Paragraph(paragraph) => {
                let lines = std::mem::take(&mut lines);
                let last = lines.last().map_or(0, |line| line.text.chars().count());
                if lines.len() <= IN_A_ROW && is_text(paragraph, last) {
                    found.extend(lines);
                }
            }
        }
    }
    // where most is bold, bold means nothing
    let letters = |paragraphs: &mut dyn Iterator<Item = &Paragraph<'p>>| -> usize {
        paragraphs.map(|paragraph| paragraph.text.len()).sum()
    };
    let bold = letters(&mut body.paragraphs().filter(|paragraph| paragraph.bold));
    if 2 * bold > letters(&mut body.paragraphs()) {
        found.clear();
    }
    found
}

/// The size of most letters (half points).
fn usual_size(body: &Body<'_>) -> Option<u32> {
    let mut letters: BTreeMap<u32, usize> = BTreeMap::new();
    for paragraph in body.paragraphs() {
        if let Some(size) = paragraph.size {
            *letters.entry(size).or_default() += paragraph.text.len();
        }
    }
    let most = letters.into_iter().max_by_key(|(_, letters)| *letters);
    most.map(|(size, _)| size)
}

fn looks_like_heading(paragraph: &Paragraph<'_>, usual: Option<u32>) -> bool {
    let text = &paragraph.text;
    let words = text.split_whitespace().count();
    let is_large = match (paragraph.size, usual) {
        (Some(size), Some(usual)) => 5 * size >= 6 * usual,
        _ => false,
    };
    let style = paragraph.style;
    let has_role = style.is_of_contents() || ROLES.iter().any(|role| style.is(role));
    (paragraph.bold || is_large)
        && paragraph.heading.is_none()
        && !paragraph.listed
        && !has_role
        && text.chars().filter(|c| c.is_alphabetic()).count() > 2
        && text.chars().count() <= LONGEST.0
        && words <= LONGEST.1
        && !text.ends_with(['.', ',', ';', '!', '…'])
        && !(text.ends_with(':') && words > LEAD_IN)
}

/// Whether a paragraph is text that a heading of this length may stand over.
fn is_text(paragraph: &Paragraph<'_>, heading: usize) -> bool {
    let length = paragraph.text.chars().count();
    let is_sentence = length > heading && paragraph.text.ends_with(['.', ':', '!', '?']);
    paragraph.heading.is_none()
        && !paragraph.bold
        && (paragraph.listed || length >= TEXT || is_sentence)
}

/// The first heading that is more than one level below the one before it.
fn skipped(body: &Body<'_>) -> Option<Fault> {
    let titled = body
        .paragraphs()
        .any(|paragraph| paragraph.style.is("title"));
    let mut before: Option<(u8, &str)> = None;
    for paragraph in body.paragraphs().filter(|one| one.content == Content::Text) {
        let Some(level) = paragraph.heading else {
            continue;
        };
        let place = || body.place(paragraph);
        let found = Found::new(place(), &paragraph.text);
        let text = &found.words;
        let problem = match before {
            Some((last, above)) if level > last + 1 => {
                let above = Found::new(place(), above).words;
                let missing = last + 1;
                format!(
                    "auf „{above}“ (Überschrift {last}) folgt „{text}“ als Überschrift {level}; dazwischen \
                     fehlt eine Stufe: wählen Sie Start > Formatvorlagen > Überschrift {missing}"
                )
            }
            None if level > 1 && !titled => format!(
                "die erste Überschrift „{text}“ ist Überschrift {level}; beginnen Sie mit Start > \
                 Formatvorlagen > Überschrift 1"
            ),
            _ => {
                before = Some((level, &paragraph.text));
                continue;
            }
        };
        return Some(Fault::new(found.place, problem));
    }
    None
}
