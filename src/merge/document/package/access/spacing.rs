//! Empty paragraphs that stand for space.

use super::body::{Block, Body, Content};
use super::{Found, gather};
use crate::merge::Fault;

/// A note on empty paragraphs between others. One beside a table is left alone: Word
/// demands it there, or there is no other way to leave space; so is one at the end.
pub(super) fn note(body: &Body<'_>) -> Option<Fault> {
    let mut found = Vec::new();
    let mut run: Vec<usize> = Vec::new();
    let mut words = "";
    let mut by_table = false;
    for (number, block) in body.blocks.iter().enumerate() {
        match block {
            Block::Paragraph(paragraph) if paragraph.content == Content::Empty => run.push(number),
            Block::Paragraph(paragraph) => {
                if run.len() > usize::from(by_table) {
                    found.extend(first_of(body, &run, words));
                }
                run.clear();
                by_table = false;
                if paragraph.content == Content::Text {
                    words = &paragraph.text;
                }
            }
            Block::Table(_) => {
                if run.len() > 1 {
                    found.extend(first_of(body, &run, words));
                }
                run.clear();
                by_table = true;
                words = "";
            }
        }
    }
    if run.len() > 1 {
        found.extend(first_of(body, &run, words));
    }
    gather(
        found,
        |words| match words {
            "" => "hier steht ein leerer Absatz als Abstand".to_owned(),
            words => format!("hinter „{words}“ steht ein leerer Absatz als Abstand"),
        },
        "ein Vorleseprogramm liest ihn mit: löschen Sie ihn, und stellen Sie den Abstand im Absatz \
         darüber ein, unter Layout > Absatz > Abstand > Nach",
    )
}

fn first_of(body: &Body<'_>, run: &[usize], words: &str) -> Option<Found> {
    match body.blocks.get(*run.first()?)? {
        Block::Paragraph(paragraph) => Some(Found::new(body.place(paragraph), words)),
        Block::Table(_) => None,
    }
}
