//! Rows, cells and paragraphs that hold both the beginning and the end of their block, as
//! `{%tr for x in xs %}` and `{%tr endfor %}` in one row: they are what is repeated.

use std::ops::Range;

use super::layout::{Edit, Planner};
use crate::merge::block::groups;

impl Planner<'_> {
    /// Whether these marks of one row, cell or paragraph make blocks of it as a whole.
    pub(super) fn surrounds(&self, numbers: &[usize]) -> bool {
        let is_written = |number: &usize| {
            let placed = self.placed.get(*number);
            placed.is_some_and(|placed| placed.level == placed.found.level)
        };
        let statements = numbers.iter().map(|number| Some(self.code(*number)));
        let blocks = groups(statements);
        let nested = |block: &Vec<usize>| {
            let [first, last] = block.as_slice() else {
                return false;
            };
            first + last + 1 == numbers.len()
        };
        numbers.iter().all(is_written)
            && !blocks.is_empty()
            && 2 * blocks.len() == numbers.len()
            && blocks.iter().all(nested)
    }

    /// Puts an element that begins and ends its own blocks between their marks.
    pub(super) fn surround(&mut self, span: Range<usize>, numbers: &[usize]) {
        let (opening, closing) = numbers.split_at(numbers.len() / 2);
        for (at, numbers) in [(span.start, opening), (span.end, closing)] {
            let pieces = numbers
                .iter()
                .filter_map(|number| self.mark(*number))
                .collect();
            self.edits.push(Edit {
                span: at..at,
                pieces,
            });
        }
        for number in numbers {
            self.cut(*number, Vec::new());
        }
    }
}
