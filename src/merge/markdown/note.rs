//! Footnotes: what explains them stands anywhere in the Markdown, each reference becomes
//! a footnote of its own.
//!
//! Word knows no two references to one footnote but by a field that is out of date as
//! soon as a condition takes the first away, so that further references get a copy.

use std::collections::BTreeMap;
use std::ops::Range;

use docx_rs::{Footnote, Paragraph};
use pulldown_cmark::{Event, Tag, TagEnd};

use super::Spanned;
use super::link::Links;
use super::marks::Hidden;
use super::writer::Writer;
use crate::merge::Fault;

/// Bytes of Markdown that all footnotes may come to, copies included.
const ROOM: usize = 8 * 1024 * 1024;

/// A definition: its label, where it stands, and what it says.
pub(super) struct Definition<'a> {
    label: String,
    span: Range<usize>,
    events: Vec<Spanned<'a>>,
}

/// Parts the events of the definitions from those of the text.
pub(super) fn split<'a>(events: Vec<Spanned<'a>>) -> (Vec<Spanned<'a>>, Vec<Definition<'a>>) {
    let mut text = Vec::new();
    let mut done = Vec::new();
    let mut open: Vec<Definition<'a>> = Vec::new();
    for (event, span) in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => open.push(Definition {
                label: label.to_string(),
                span,
                events: Vec::new(),
            }),
            Event::End(TagEnd::FootnoteDefinition) => done.extend(open.pop()),
            _ => match open.last_mut() {
                Some(definition) => definition.events.push((event, span)),
                None => text.push((event, span)),
            },
        }
    }
    (text, done)
}

/// A footnote as it was written.
struct Note {
    label: String,
    /// where it stands
    at: usize,
    /// bytes of Markdown
    size: usize,
    paragraphs: Vec<Paragraph>,
    used: bool,
}

/// The footnotes that a text may refer to, by their labels in small letters.
#[derive(Default)]
pub(super) struct Notes {
    notes: BTreeMap<String, Note>,
    links: Links,
    /// how many there are in the document so far, and their bytes
    count: usize,
    size: usize,
}

impl Notes {
    pub(super) fn read(definitions: Vec<Definition<'_>>, hidden: &Hidden) -> Result<Self, Fault> {
        let mut notes = Self::default();
        for Definition {
            label,
            span,
            events,
        } in definitions
        {
            let fault = |problem: String| Err(hidden.fault(span.start, problem));
            if let Some((event, at)) = events.iter().find(|(event, _)| !may_stand_in_note(event)) {
                let problem = match event {
                    Event::FootnoteReference(_) => "eine Fußnote kann keine Fußnote haben",
                    _ => "in einer Fußnote kann nur Text stehen, keine Überschrift, Liste, Tabelle",
                };
                return Err(hidden.fault(at.start, problem));
            }
            let mut writer = Writer::new(hidden, None);
            writer.continue_links(std::mem::take(&mut notes.links));
            writer.read(events)?;
            let (paragraphs, links) = writer.into_paragraphs();
            notes.links = links;
            if paragraphs.iter().all(|it| it.property.style.is_none()) {
                return fault(format!("die Fußnote [^{label}] ist leer"));
            }
            let note = Note {
                at: span.start,
                size: span.len(),
                paragraphs,
                used: false,
                label: label.clone(),
            };
            if notes.notes.insert(label.to_lowercase(), note).is_some() {
                return fault(format!("die Fußnote [^{label}] ist zweimal erklärt"));
            }
        }
        Ok(notes)
    }

    /// The footnote for a reference.
    pub(super) fn refer(&mut self, label: &str) -> Result<Footnote, String> {
        let note = self.notes.get_mut(&label.to_lowercase());
        let note = note.ok_or_else(|| missing(label))?;
        note.used = true;
        self.count += 1;
        self.size += note.size;
        if self.size > ROOM {
            return Err("die Fußnoten sind zusammen zu lang".to_owned());
        }
        Ok(Footnote {
            id: self.count,
            content: note.paragraphs.clone(),
        })
    }

    /// The targets of links in footnotes, once all references are read.
    pub(super) fn into_links(self, hidden: &Hidden) -> Result<Links, Fault> {
        match self.notes.values().find(|note| !note.used) {
            Some(note) => {
                let label = &note.label;
                let problem = format!("auf die Fußnote [^{label}] verweist nichts im Text");
                Err(hidden.fault(note.at, problem))
            }
            None => Ok(self.links),
        }
    }
}

/// What to say of a reference to nothing.
pub(super) fn missing(label: &str) -> String {
    format!(
        "die Fußnote [^{label}] ist nirgends erklärt; es fehlt ein Absatz, der mit [^{label}]: \
         beginnt"
    )
}

/// The label of what looks like a reference to a footnote at the beginning of this text.
pub(super) fn label_at(text: &str) -> Option<&str> {
    let (label, _) = text.strip_prefix("[^")?.split_once(']')?;
    let sound = !label.is_empty() && !label.contains(['[', '\n']);
    sound.then_some(label)
}

fn may_stand_in_note(event: &Event<'_>) -> bool {
    match event {
        Event::Rule | Event::FootnoteReference(_) => false,
        Event::Start(tag) => matches!(
            tag,
            Tag::Paragraph
                | Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Link { .. }
                // which say themselves what is wrong with them
                | Tag::Image { .. }
                | Tag::HtmlBlock
                | Tag::CodeBlock(_)
        ),
        _ => true,
    }
}
