//! Tables: what stands beside or below a heading is said as `Heading: value`.

use crate::mail::lines::{Line, Place};

/// The longest first cell of a row that can name the second, in characters and in words.
const MAX_LABEL: usize = 60;
const MAX_WORDS: usize = 6;

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

    fn is_written(&self) -> bool {
        self.lines.iter().any(|line| !line.is_blank())
    }

    /// Whether its text can name what stands beside it, as a sentence cannot.
    fn is_label(&self) -> bool {
        let text = self.text();
        let short = text.chars().count() <= MAX_LABEL && text.split(' ').count() <= MAX_WORDS;
        self.is_marked_label() || short && !text.contains(['.', ',', ';', '!', '?', '@', '|'])
    }

    /// Whether it can name a column; what is repeated in every row must be short.
    fn is_column_name(&self) -> bool {
        self.heading && self.height() == 1 && self.text().chars().count() <= MAX_LABEL
    }

    /// Whether it shows that it names what stands beside it.
    fn is_marked_label(&self) -> bool {
        let text = self.text();
        text.chars().count() <= MAX_LABEL && (text.ends_with(':') || self.heading)
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

    /// All of it as lines: records where its first row names the columns, fields where its
    /// first column names the rows; else it only lays out.
    pub(super) fn into_lines(self) -> Vec<Line> {
        let mut rows = self.rows;
        rows.retain(|row| row.iter().any(Cell::is_written));
        if let Some((headings, records)) = rows.split_first()
            && is_header(headings, records)
        {
            let records = records.iter().map(|row| below_headings(headings, row));
            let blank = || Line::new(Place::Own, "");
            return records
                .flat_map(|mut lines| {
                    lines.push(blank());
                    lines
                })
                .collect();
        }
        if is_grid(&rows) {
            return rows.iter().map(|row| grid_line(row)).collect();
        }
        let form = is_form(&rows);
        rows.into_iter()
            .flat_map(|row| row_lines(row, form))
            .collect()
    }
}

/// Whether a first row names the columns of the others.
fn is_header(first: &[Cell], rest: &[Vec<Cell>]) -> bool {
    first.len() >= 2
        && first.iter().all(Cell::is_column_name)
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
    let written = row.iter().find(|cell| cell.is_written());
    let texts: Vec<String> = row
        .iter()
        .map(|cell| match cell.is_written() {
            true => cell.text(),
            false => "–".to_owned(),
        })
        .collect();
    Line::new(written.map_or(Place::Own, Cell::place), &texts.join(" | "))
}

/// Whether in all rows of two cells the first names the second. A single row must say so: by
/// its type, a colon, or by being one word.
fn is_form(rows: &[Vec<Cell>]) -> bool {
    let pairs: Vec<(&Cell, &Cell)> = rows.iter().filter_map(|row| pair(row)).collect();
    match pairs.as_slice() {
        [] => false,
        [(label, _)] => label.is_marked_label() || label.is_label() && !label.text().contains(' '),
        pairs => pairs.iter().all(|(label, _)| label.is_label()),
    }
}

/// The cells of a row in which two hold a line each.
fn pair(row: &[Cell]) -> Option<(&Cell, &Cell)> {
    let mut written = row.iter().filter(|cell| cell.is_written());
    let pair = (written.next()?, written.next()?);
    let one_line_each = pair.0.height() == 1 && pair.1.height() == 1;
    (one_line_each && written.next().is_none()).then_some(pair)
}

fn below_headings(headings: &[Cell], row: &[Cell]) -> Vec<Line> {
    headings
        .iter()
        .zip(row)
        .filter(|(_, cell)| cell.is_written())
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

fn row_lines(row: Vec<Cell>, form: bool) -> Vec<Line> {
    if let Some((label, value)) = pair(&row).filter(|(label, _)| form || label.is_marked_label()) {
        return vec![field(label, value)];
    }
    let written: Vec<&Cell> = row.iter().filter(|cell| cell.is_written()).collect();
    match written.as_slice() {
        [first, _, ..] if written.iter().all(|cell| cell.height() == 1) => {
            let texts: Vec<String> = written.iter().map(|cell| cell.text()).collect();
            vec![Line::new(first.place(), &texts.join(" | "))]
        }
        _ => row.into_iter().flat_map(|cell| cell.lines).collect(),
    }
}
