//! Tables as spreadsheet programs write them: text or bytes → rows of cells.
//!
//! In: the text of a CSV file, the bytes of an XLSX or ODS workbook. Out: its first rows that
//! are not empty, as [`Row`]s. Never here: what the cells mean. Every size is bounded while
//! reading, so that no small file becomes a large one.

mod delimited;
mod workbook;

pub use delimited::{Delimiter, cells, read as read_delimited};
pub use workbook::read as read_workbook;

/// A row that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// its number in the file, from 1, as programs show it
    pub number: usize,
    /// its cells without blanks round them; empty ones up to the last that is filled
    pub cells: Vec<String>,
}

/// The most cells of a row that are read; lists have some ten.
const MAX_CELLS: usize = 64;

/// The longest cell, in characters; what is longer is cut.
const MAX_CELL: usize = 200;

impl Row {
    /// The row of these cells; `None` if all are empty.
    fn of<S: AsRef<str>>(number: usize, cells: impl IntoIterator<Item = S>) -> Option<Self> {
        let mut cells: Vec<String> = cells
            .into_iter()
            .take(MAX_CELLS)
            .map(|cell| cut(cell.as_ref()))
            .collect();
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        (!cells.is_empty()).then_some(Self { number, cells })
    }
}

/// On one line, of bearable length.
fn cut(cell: &str) -> String {
    let words: Vec<&str> = cell.split_whitespace().take(MAX_CELL).collect();
    words.join(" ").chars().take(MAX_CELL).collect()
}
