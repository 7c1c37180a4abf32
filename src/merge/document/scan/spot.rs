//! Where paragraphs are, as people count them in Word.

use crate::merge::document::attribute::{tag_name, value};

/// What has begun so far in a part; all count from 1.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// the tables that are open
    tables: Vec<Position>,
    tables_begun: usize,
    /// those outside of tables
    paragraphs: usize,
    /// notes and comments
    notes: usize,
}

/// Where in a table something is.
#[derive(Debug, Default)]
struct Position {
    table: usize,
    row: usize,
    cell: usize,
}

impl Counts {
    /// Those of text boxes are not counted: their paragraphs are said by the one that holds
    /// the box.
    pub(super) fn enter_table(&mut self, is_counted: bool) {
        self.tables_begun += usize::from(is_counted);
        self.tables.push(Position {
            table: self.tables_begun,
            ..Position::default()
        });
    }

    pub(super) fn leave_table(&mut self) {
        self.tables.pop();
    }

    pub(super) fn enter_row(&mut self) {
        if let Some(position) = self.tables.last_mut() {
            position.row += 1;
            position.cell = 0;
        }
    }

    pub(super) fn enter_cell(&mut self) {
        if let Some(position) = self.tables.last_mut() {
            position.cell += 1;
        }
    }

    /// Notes and comments of the author's count; the lines that Word draws above notes have
    /// a type (ECMA-376 part 1, 17.18.33).
    pub(super) fn enter_story(&mut self, tag: &str) {
        let is_note = matches!(tag_name(tag), "footnote" | "endnote" | "comment");
        self.notes += usize::from(is_note && value(tag, "type").is_none());
    }

    /// Where the paragraph is that begins, in words; `outer` is that of the paragraph around
    /// its text box.
    pub(super) fn spot(&mut self, outer: Option<&str>) -> String {
        const BOX: &str = ", Textfeld";
        if let Some(outer) = outer {
            return format!("{}{BOX}", outer.trim_end_matches(BOX));
        }
        if let Some(Position { table, row, cell }) = self.tables.last() {
            return format!("Tabelle {table}, Zeile {row}, Zelle {cell}");
        }
        if self.notes > 0 {
            return format!("Nr. {}", self.notes);
        }
        self.paragraphs += 1;
        format!("Absatz {}", self.paragraphs)
    }
}
