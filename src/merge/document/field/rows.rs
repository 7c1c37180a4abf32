//! Rows that are repeated for each record of a list, as docx-mailmerge's users know it.

use std::collections::BTreeMap;

use crate::merge::block::groups;
use crate::merge::document::layout::{Edit, Piece, Slot};
use crate::merge::document::levels::Placed;
use crate::merge::document::scan::Scan;
use crate::merge::expression::{ROW, ROWS};
use crate::merge::mark::Kind;
use crate::merge::program::Mark;

/// The table rows that hold fields, any of which may turn out to be a list.
#[derive(Debug, Default)]
pub(in crate::merge::document) struct Rows {
    rows: BTreeMap<usize, Row>,
}

/// The fields of a row.
#[derive(Debug)]
struct Row {
    /// their names, as the template language writes them
    names: Vec<String>,
    /// a mark at the place of the first of them
    mark: Mark,
}

impl Rows {
    pub(super) fn add(&mut self, row: usize, name: &str, mark: impl FnOnce() -> Mark) {
        let row = self.rows.entry(row).or_insert_with(|| Row {
            names: Vec::new(),
            mark: mark(),
        });
        if !row.names.iter().any(|known| known == name) {
            row.names.push(name.to_owned());
        }
    }

    /// The edits that begin and that end the repetition of rows. A row stays single where
    /// a block of the author's begins or ends in the midst of it, or would notice.
    pub(in crate::merge::document) fn edits(
        self,
        scan: &Scan,
        placed: &[Placed],
    ) -> (Vec<Edit>, Vec<Edit>) {
        let mut begins = Vec::new();
        let mut ends = Vec::new();
        let marks = Marks::new(scan, placed);
        for (element, row) in self.rows {
            let Some(whole) = scan.elements.get(element).map(|row| row.whole()) else {
                continue;
            };
            if !marks.are_whole(whole.start, whole.end) {
                continue;
            }
            let names = row.names.join(", ");
            begins.push(
                row.mark
                    .edit(whole.start, format!("for {ROW} in {ROWS}({names})")),
            );
            ends.push(row.mark.edit(whole.end, "endfor".to_owned()));
        }
        (begins, ends)
    }
}

/// The author's marks, by their places.
struct Marks<'a> {
    scan: &'a Scan,
    placed: &'a [Placed],
    /// where the paragraph of a mark begins, and its number
    places: Vec<(usize, usize)>,
}

impl<'a> Marks<'a> {
    fn new(scan: &'a Scan, placed: &'a [Placed]) -> Self {
        let place = |(number, mark): (usize, &Placed)| {
            let region = scan.regions.get(mark.region)?;
            Some((scan.elements.get(region.element)?.open.start, number))
        };
        let mut places: Vec<_> = placed.iter().enumerate().filter_map(place).collect();
        places.sort_unstable();
        Self {
            scan,
            placed,
            places,
        }
    }

    /// Whether all blocks that have a mark between two places lie between them, and
    /// none of the marks depends on what is around.
    fn are_whole(&self, start: usize, end: usize) -> bool {
        let first = self.places.partition_point(|(at, _)| *at < start);
        let inside = self.places.iter().skip(first);
        let inside = inside.take_while(|(at, _)| *at < end);
        let mut statements = Vec::new();
        for placed in inside.filter_map(|(_, number)| self.placed.get(*number)) {
            let Some(region) = self.scan.regions.get(placed.region) else {
                continue;
            };
            let code = region.text.get(placed.found.code.clone());
            let code = code.unwrap_or_default();
            let mut words = code.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            if words.any(|word| word == "loop") {
                return false;
            }
            if placed.found.kind == Kind::Block {
                statements.push(Some(code));
            }
        }
        let count = statements.len();
        let grouped: usize = groups(statements.into_iter()).iter().map(Vec::len).sum();
        grouped == count
    }
}

impl Mark {
    /// An edit that puts a block mark in at the place of this one.
    fn edit(&self, at: usize, code: String) -> Edit {
        let mark = Self {
            code,
            ..self.clone()
        };
        Edit {
            span: at..at,
            pieces: vec![Piece::Mark(Box::new(mark), Slot::Plain)],
        }
    }
}
