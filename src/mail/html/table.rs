//! Tables: what stands beside or below a heading is said as `Heading: value`.

use crate::mail::lines::{Line, Place};

/// The longest first cell of a row that can name the second.
const MAX_LABEL: usize = 40;

/// A cell as it was read.
#[derive(Debug)]
pub(super) struct Cell {
    /// its lines
    pub(super) lines: Vec<Line>,
    /// all its text is bold, or it is a `th`
    pub(super) heading: bool,
}

impl Cell {
    /// Its text in one line.
    fn text(&self) -> String {
        let lines = self.lines.iter().map(|line| line.text.trim());
        lines
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn height(&self) -> usize {
        self.lines.iter().filter(|line| !line.is_blank()).count()
    }

    fn place(&self) -> Place {
        let written = self.lines.iter().find(|line| !line.is_blank());
        written.map_or(Place::Own, |line| line.place)
    }
}

/// A table being read.
#[derive(Debug)]
pub(super) struct Table {
    height: usize,
    row: Option<usize>,
    cell: Option<usize>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table that begins where `height` elements are open.
    pub(super) fn new(height: usize) -> Self {
        Self {
            height,
            row: None,
            cell: None,
            rows: Vec::new(),
        }
    }

    /// How many elements were open where it began.
    pub(super) fn height(&self) -> usize {
        self.height
    }

    /// How many open elements an end tag inside it cannot reach.
    pub(super) fn floor(&self) -> usize {
        self.cell.or(self.row).unwrap_or(self.height)
    }

    /// Begins a row where `height` elements are open.
    pub(super) fn start_row(&mut self, height: usize) {
        self.row = Some(height);
        self.rows.push(Vec::new());
    }

    /// Ends the open row; how many elements were open where it began.
    pub(super) fn end_row(&mut self) -> Option<usize> {
        self.row.take()
    }

    /// Begins a cell where `height` elements are open.
    pub(super) fn start_cell(&mut self, height: usize) {
        self.cell = Some(height);
    }

    /// Ends the open cell; how many elements were open where it began.
    pub(super) fn end_cell(&mut self) -> Option<usize> {
        self.cell.take()
    }

    /// Takes up a finished cell.
    pub(super) fn push(&mut self, cell: Cell) {
        match self.rows.last_mut() {
            Some(row) => row.push(cell),
            None => self.rows.push(vec![cell]),
        }
    }

    /// All of it as lines.
    pub(super) fn into_lines(self) -> Vec<Line> {
        let mut rows = self.rows;
        rows.retain(|row| row.iter().any(|cell| cell.height() > 0));
        let headings = match rows.split_first() {
            Some((first, rest)) if is_header(first, rest) => Some(rows.remove(0)),
            _ => None,
        };
        let grid = is_grid(&rows);
        let mut lines = Vec::new();
        for row in rows {
            match &headings {
                _ if grid && headings.is_none() => lines.push(grid_line(&row)),
                Some(headings) => {
                    lines.extend(below_headings(headings, &row));
                    lines.push(Line::new(Place::Own, ""));
                }
                None => lines.extend(row_lines(row)),
            }
        }
        lines
    }
}

/// Whether a first row names the columns of the others.
fn is_header(first: &[Cell], rest: &[Vec<Cell>]) -> bool {
    first.len() >= 2
        && first.iter().all(|cell| cell.heading && cell.height() == 1)
        && !rest.is_empty()
        && rest.iter().all(|row| row.len() == first.len())
        && rest.iter().flatten().any(|cell| !cell.heading)
}

/// Whether every row has the same three cells or more, of one line each.
fn is_grid(rows: &[Vec<Cell>]) -> bool {
    let width = rows.first().map_or(0, Vec::len);
    let same = |row: &Vec<Cell>| row.len() == width && row.iter().all(|cell| cell.height() <= 1);
    width >= 3 && rows.len() >= 2 && rows.iter().all(same)
}

/// A row of a grid, in which an empty cell keeps its place.
fn grid_line(row: &[Cell]) -> Line {
    let written = row.iter().find(|cell| cell.height() > 0);
    let texts: Vec<String> = row
        .iter()
        .map(|cell| match cell.height() {
            0 => "–".to_owned(),
            _ => cell.text(),
        })
        .collect();
    Line::new(written.map_or(Place::Own, Cell::place), &texts.join(" | "))
}

fn below_headings(headings: &[Cell], row: &[Cell]) -> Vec<Line> {
    headings
        .iter()
        .zip(row)
        .filter(|(_, cell)| cell.height() > 0)
        .map(|(heading, cell)| field(heading, cell))
        .collect()
}

fn field(label: &Cell, value: &Cell) -> Line {
    let label = label.text();
    let text = format!(
        "{}: {}",
        label.trim_end_matches(':').trim_end(),
        value.text()
    );
    Line::new(value.place(), &text)
}

fn row_lines(row: Vec<Cell>) -> Vec<Line> {
    let written: Vec<&Cell> = row.iter().filter(|cell| cell.height() > 0).collect();
    let one_line_each = written.iter().all(|cell| cell.height() == 1);
    match written.as_slice() {
        [label, value] if one_line_each && label.text().chars().count() <= MAX_LABEL => {
            vec![field(label, value)]
        }
        [first, _, _, ..] if one_line_each => {
            let texts: Vec<String> = written.iter().map(|cell| cell.text()).collect();
            vec![Line::new(first.place(), &texts.join(" | "))]
        }
        _ => row.into_iter().flat_map(|cell| cell.lines).collect(),
    }
}
