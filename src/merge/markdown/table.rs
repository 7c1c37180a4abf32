//! Tables.

use docx_rs::{AlignmentType, Paragraph, Shading, ShdType, Table, TableCell, TableRow, WidthType};
use pulldown_cmark::Alignment;

use super::inline::Line;

/// Width of the text: A4 less the margins (twips).
const TEXT_WIDTH: usize = 11906 - 2 * 1417;
/// No column is narrower than this part of the table.
const NARROWEST: usize = 20;
/// What Word takes (its "Specifications and limits").
const MOST_COLUMNS: usize = 63;

/// A table while it is read.
#[derive(Debug)]
pub(super) struct Grid {
    alignments: Vec<Alignment>,
    /// twips
    widths: Vec<usize>,
    indent: i32,
    /// whether it begins a page
    page_break: bool,
    rows: Vec<TableRow>,
    cells: Vec<TableCell>,
}

impl Grid {
    /// A table whose Markdown this is; its columns share the room by how wide they are
    /// there: in the head or in the dashes below it.
    pub(super) fn new(
        alignments: Vec<Alignment>,
        source: &str,
        indent: i32,
        page_break: bool,
    ) -> Result<Self, String> {
        if alignments.len() > MOST_COLUMNS {
            return Err(format!(
                "eine Tabelle hat in Word höchstens {MOST_COLUMNS} Spalten"
            ));
        }
        let room = TEXT_WIDTH.saturating_sub(usize::try_from(indent).unwrap_or(0));
        let mut written = vec![1; alignments.len()];
        for line in source.lines().take(2) {
            let line = line.trim_start_matches(['>', ' ', '\t']).trim_end();
            for (width, cell) in written.iter_mut().zip(cells(line)) {
                *width = cell.trim().chars().count().max(*width);
            }
        }
        Ok(Self {
            widths: widths(written, room),
            alignments,
            indent,
            page_break,
            rows: Vec::new(),
            cells: Vec::new(),
        })
    }

    /// Whether the row that is being read is the head.
    pub(super) fn in_head(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether a row, of which this is the Markdown, can stand in the table.
    pub(super) fn prove(&self, row: &str) -> Result<(), String> {
        let columns = self.alignments.len();
        let count = cells(row.trim()).count();
        if count > columns {
            return Err(format!(
                "diese Zeile der Tabelle hat {count} Zellen, ihr Kopf nur {columns}; schreiben \
                 Sie \\| für das Zeichen"
            ));
        }
        if columns > 1 && !has_bar(row) {
            return Err("hinter eine Tabelle gehört eine Leerzeile".to_owned());
        }
        Ok(())
    }

    pub(super) fn end_cell(&mut self, line: Line) {
        let column = self.cells.len();
        let mut paragraph = Paragraph::new().style("Tabellentext");
        if self.page_break && self.in_head() && column == 0 {
            paragraph = paragraph.page_break_before(true);
        }
        paragraph = match self.alignments.get(column) {
            Some(Alignment::Right) => paragraph.align(AlignmentType::Right),
            Some(Alignment::Center) => paragraph.align(AlignmentType::Center),
            _ => paragraph,
        };
        let width = self.widths.get(column).copied().unwrap_or_default();
        let mut cell = TableCell::new()
            .add_paragraph(line.write(paragraph))
            .width(width, WidthType::Dxa);
        if self.in_head() {
            let grey = Shading::new()
                .shd_type(ShdType::Clear)
                .color("auto")
                .fill("E7E6E6");
            cell = cell.shading(grey);
        }
        self.cells.push(cell);
    }

    pub(super) fn end_row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        self.rows.push(TableRow::new(cells).cant_split());
    }

    pub(super) fn into_table(self) -> Table {
        let width = self.widths.iter().sum();
        let table = Table::without_borders(self.rows)
            .style("TableGrid")
            .set_grid(self.widths)
            .width(width, WidthType::Dxa);
        match self.indent {
            0 => table,
            indent => table.indent(indent),
        }
    }
}

/// Shares the room out among columns of these widths.
fn widths(mut written: Vec<usize>, room: usize) -> Vec<usize> {
    let all: usize = written.iter().sum();
    let least = all.div_ceil(NARROWEST);
    written.iter_mut().for_each(|one| *one = least.max(*one));
    let all: usize = written.iter().sum();
    let share = |one: &usize| room * one / all.max(1);
    written.iter().map(share).collect()
}

/// The cells of a row's Markdown; `\|` ends none.
fn cells(row: &str) -> impl Iterator<Item = &str> {
    let row = row.strip_prefix('|').unwrap_or(row);
    let row = match row.strip_suffix('|') {
        Some(rest) if !rest.ends_with('\\') => rest,
        _ => row,
    };
    let mut escaped = false;
    row.split(move |c| {
        let ends = c == '|' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })
}

fn has_bar(row: &str) -> bool {
    row.starts_with('|') || cells(row).count() > 1
}
