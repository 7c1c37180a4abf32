//! Proving at loading that whatever the blocks of a part do, the XML stays well-formed:
//! a branch leaves open what was open when it began.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::attribute::tag_name;
use super::layout::Layout;
use crate::merge::Fault;
use crate::merge::block::Block;
use crate::merge::document::package::encoding::decode;

/// The elements that are open at each cut, and how many paragraphs begin before it.
struct Position<'s> {
    open: Vec<&'s str>,
    /// where the innermost table cell begins
    cell: Option<usize>,
    paragraphs: usize,
}

/// What is wrong with the blocks of a part. `strict`: none may join table cells.
pub(super) fn prove(layout: &Layout, blocks: &[Block], strict: bool, faults: &mut Vec<Fault>) {
    if blocks.is_empty() {
        return;
    }
    let positions = positions(layout);
    for block in blocks {
        let mut marks = block.marks.iter().filter_map(|mark| positions.get(*mark));
        let Some(first) = marks.next() else { continue };
        let sound = marks.all(|mark| {
            mark.open == first.open
                && (mark.cell == first.cell || !strict)
                && (mark.paragraphs == first.paragraphs || !block.captures())
        });
        let cut = block.marks.first().and_then(|mark| layout.cuts.get(*mark));
        if let (false, Some(cut)) = (sound, cut) {
            let end = block.marks.last().and_then(|mark| layout.cuts.get(*mark));
            let end = end.map_or("", |end| end.mark.place.text.as_str());
            let mut marks = block.marks.iter().filter_map(|mark| positions.get(*mark));
            let remedy = match marks.any(|mark| mark.cell.is_some()) {
                true => "in dieselbe Zelle, oder jedes in eine eigene Zeile der Tabelle",
                false => "in eigene Absätze oder in denselben Absatz",
            };
            faults.push(cut.mark.fault(&format!(
                "der Block „{}“ beginnt hier und endet an anderer Stelle ({end}); setzen Sie \
                 Anfang und Ende {remedy}",
                block.keyword
            )));
        }
    }
}

fn positions(layout: &Layout) -> Vec<Position<'_>> {
    let mut positions = Vec::with_capacity(layout.cuts.len());
    let mut cuts = layout.cuts.iter().peekable();
    let mut reader = Reader::from_str(&layout.skeleton);
    let mut open = Vec::new();
    let mut cells = Vec::new();
    let mut paragraphs = 0;
    let mut start = 0;
    loop {
        let Ok(event) = reader.read_event() else {
            return positions;
        };
        let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let done = matches!(event, Event::Eof);
        while cuts.next_if(|cut| cut.at < end || done).is_some() {
            positions.push(Position {
                open: open.clone(),
                cell: cells.last().copied(),
                paragraphs,
            });
        }
        match event {
            Event::Start(_) => {
                let name = tag_name(layout.skeleton.get(start..end).unwrap_or_default());
                paragraphs += usize::from(name == "p" || name.ends_with(":p"));
                open.push(name);
                cells.extend(is_cell(name).then_some(start));
            }
            Event::End(_) => {
                let closed = open.pop();
                if closed.is_some_and(is_cell) {
                    cells.pop();
                }
            }
            Event::Eof => return positions,
            _ => {}
        }
        start = end;
    }
}

fn is_cell(name: &str) -> bool {
    name == "tc" || name.ends_with(":tc")
}

/// Parses what a merge made.
pub(super) fn well_formed(part: &[u8]) -> Result<(), String> {
    // a long part is not copied only to be read
    let text = match std::str::from_utf8(part) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(decode(part).ok_or("das Ergebnis ist kein Text")?.0),
    };
    let mut reader = Reader::from_str(&text);
    let mut depth = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) if depth == 0 => return Ok(()),
            Ok(Event::Eof) => return Err("das Ergebnis endet mittendrin".to_owned()),
            Ok(_) => {}
            Err(failure) => return Err(format!("das Ergebnis ist kein gültiges XML ({failure})")),
        }
    }
}
