//! Empty paragraphs that stand for space.

use super::body::{Block, Body, Content};
use super::{Found, gather};
use crate::merge::Fault;

/// A note on empty paragraphs between others. One beside a table is left alone: Word
/// demands it there, or there is no other way to leave space; so is one at the end.
pub(super) fn note(body: &Body<'_>) -> Option<Fault> {
    let runs = body.blocks.chunk_by(|a, b| is_empty(a) == is_empty(b));
    let runs: Vec<&[Block<'_>]> = runs.collect();
    let mut found = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        let Some(Block::Paragraph(first)) = run.first().filter(|block| is_empty(block)) else {
            continue;
        };
        let before = number.checked_sub(1).and_then(|before| runs.get(before));
        let before = before.copied().unwrap_or_default();
        let behind = runs.get(number + 1).and_then(|behind| behind.first());
        let is_table = |block: Option<&Block<'_>>| matches!(block, Some(Block::Table(_)));
        let may_be = behind.is_none() || is_table(behind) || is_table(before.last());
        if run.len() > usize::from(may_be) {
            found.push(Found::new(body.place(first), last_words(before)));
        }
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

fn is_empty(block: &Block<'_>) -> bool {
    matches!(block, Block::Paragraph(paragraph) if paragraph.content == Content::Empty)
}

/// The text of the last paragraph that has some, unless a table stands behind it.
fn last_words<'b>(blocks: &'b [Block<'_>]) -> &'b str {
    let words = blocks.iter().rev().find_map(|block| match block {
        Block::Table(_) => Some(""),
        Block::Paragraph(paragraph) if paragraph.content == Content::Text => Some(&paragraph.text),
        Block::Paragraph(_) => None,
    });
    words.unwrap_or_default()
}
