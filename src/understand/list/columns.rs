//! What the columns of a table hold: by their heads, or by what stands in them.

use super::heads::{Column, head};
use super::record::{Record, names_place};
use crate::kommune::{Kind, Register, Rolle, Words, fold, land_of};
use crate::sheet::Row;
use crate::understand::bodies;
use crate::understand::text::Text;

/// A table that is a list of municipalities.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) records: Vec<Record>,
    /// the motion that a column names; rows that name another are in doubt
    pub(super) vorlage: Option<String>,
    pub(super) plan: Plan,
}

/// How plain it is that motions are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Plan {
    /// it is about municipalities, and about persons or dates as well
    Mixed,
    /// it names municipalities and nothing foreign to a list of them
    Kommunen,
    /// heads name municipality and body
    Motions,
}

/// The heads stand in one of the first rows; a title and a date may stand above them.
const MAX_TITLES: usize = 5;

/// As many rows tell what a column without a head holds.
const SAMPLE: usize = 50;

/// Understands a table; `None` if it is no list of municipalities.
pub(super) fn read(rows: &[Row], register: &Register) -> Option<Table> {
    let headed = rows
        .iter()
        .take(MAX_TITLES)
        .enumerate()
        .find_map(|(i, row)| {
            let heads = heads(row, register)?;
            Some((heads, rows.get(i + 1..)?))
        });
    let (columns, rows, told) = match headed {
        Some((columns, rows)) => (columns, rows, true),
        None => (by_content(rows, register)?, rows, false),
    };
    let mut vorlage = None;
    let mut records: Vec<Record> = Vec::new();
    for row in rows {
        let cells = Cells {
            row,
            columns: &columns,
        };
        let Some(mut record) = record(&cells, register) else {
            continue;
        };
        let said = cells.all(Column::Vorlage).first().copied();
        let first = vorlage.get_or_insert(said);
        record.contradicts |= *first != said;
        records.push(record);
    }
    let placed = records
        .iter()
        .take(SAMPLE)
        .filter(|record| record.is_placed(register))
        .count();
    let weak = !columns
        .iter()
        .any(|c| matches!(c, Column::Kommune | Column::Kreis | Column::Schluessel));
    let enough = if weak {
        placed * 5 >= records.len().min(SAMPLE) * 4
    } else {
        placed > 0
    };
    if records.is_empty() || placed == 0 || !enough || !told && records.len() < 2 {
        return None;
    }
    let has = |column: Column| columns.contains(&column);
    let plan = match (
        weak,
        has(Column::Beirat) || has(Column::Phrase),
        has(Column::Other),
    ) {
        (false, true, _) if told => Plan::Motions,
        (_, true, _) => Plan::Kommunen,
        (weak, false, false) if !weak || !told => Plan::Kommunen,
        (false, false, true) => Plan::Mixed,
        _ => return None,
    };
    let vorlage = vorlage.flatten().map(str::to_owned);
    Some(Table {
        records,
        vorlage,
        plan,
    })
}

/// The columns if the row is one of heads: it names a place's column, and no place.
fn heads(row: &Row, register: &Register) -> Option<Vec<Column>> {
    let mut columns: Vec<Column> = row.cells.iter().map(|cell| head(cell)).collect();
    let places = |column: &Column| {
        matches!(
            column,
            Column::Kommune | Column::Place | Column::Kreis | Column::Schluessel
        )
    };
    let phrases = !columns.iter().any(places);
    if phrases {
        // "Gremium" alone, over "Ausländerbeirat Fürth"
        let beirat = columns
            .iter_mut()
            .find(|column| **column == Column::Beirat)?;
        *beirat = Column::Phrase;
    }
    let unknown = row
        .cells
        .iter()
        .zip(&columns)
        .filter(|(_, column)| **column == Column::Other);
    for (cell, _) in unknown {
        if names_place(cell, register) || Record::of_phrase(0, cell, register).is_placed(register) {
            return None;
        }
    }
    // of a municipality's columns the surest counts
    let sure = columns.contains(&Column::Kommune);
    for column in &mut columns {
        if sure && *column == Column::Place {
            *column = Column::Other;
        }
    }
    Some(columns)
}

/// The columns by what stands in them, if that is unmistakable: every filled one is known, and
/// just one names municipalities.
fn by_content(rows: &[Row], register: &Register) -> Option<Vec<Column>> {
    let width = rows.iter().map(|row| row.cells.len()).max()?;
    let mut columns: Vec<Column> = Vec::new();
    for i in 0..width {
        let cells: Vec<&str> = rows
            .iter()
            .take(SAMPLE)
            .filter_map(|row| row.cells.get(i))
            .map(String::as_str)
            .filter(|cell| !cell.is_empty())
            .collect();
        columns.push(content(&cells, register)?);
    }
    let of = |column: Column| columns.iter().filter(|c| **c == column).count();
    let places = of(Column::Kommune) + of(Column::Phrase) + of(Column::Schluessel);
    (places == 1 && of(Column::Kreis) <= 1 || places == 0 && of(Column::Kreis) == 1)
        .then_some(columns)
}

/// What nearly all cells are.
fn content(cells: &[&str], register: &Register) -> Option<Column> {
    if cells.is_empty() {
        return Some(Column::Beside);
    }
    let digits = |cell: &str| cell.bytes().all(|b| b.is_ascii_digit());
    let nearly = |fits: &dyn Fn(&str) -> bool| {
        cells.iter().filter(|cell| fits(cell)).count() * 5 >= cells.len() * 4
    };
    let is_body = |cell: &str, rolle: Rolle| {
        let text = Text::of(cell);
        let bodies = bodies::read(&text, register);
        matches!(bodies.as_slice(), [body] if body.gremium.rolle == rolle && body.words.len() == text.words.len())
    };
    let kreis = |cell: &str| {
        let words = Words::of(cell);
        let said = Kind::of(words.word(0)).is_some_and(|(kind, _)| kind == Kind::Kreis);
        said || words.word(words.len().saturating_sub(1)).ends_with("kreis")
    };
    type Test<'a> = (Column, &'a dyn Fn(&str) -> bool);
    let tests: [Test<'_>; 9] = [
        (Column::Beside, &|cell| {
            digits(cell.trim_end_matches(['.', ')'])) && cell.len() <= 4
        }),
        (Column::Plz, &|cell| digits(cell) && cell.len() == 5),
        (Column::Schluessel, &|cell| digits(cell) && cell.len() >= 7),
        (Column::Land, &|cell| land_of(&fold(cell)).is_some()),
        (Column::Beirat, &|cell| is_body(cell, Rolle::Beirat)),
        (Column::Rat, &|cell| is_body(cell, Rolle::Rat)),
        (Column::Kreis, &|cell| {
            names_place(cell, register) && kreis(cell)
        }),
        (Column::Kommune, &|cell| names_place(cell, register)),
        (Column::Phrase, &|cell| {
            Record::of_phrase(0, cell, register).is_placed(register)
        }),
    ];
    let known = tests.iter().find(|(_, fits)| nearly(fits));
    known.map(|(column, _)| *column)
}

/// The filled cells of a row, each in its column.
struct Cells<'r> {
    row: &'r Row,
    columns: &'r [Column],
}

impl<'r> Cells<'r> {
    fn filled(&self) -> impl Iterator<Item = (&'r str, Column)> {
        let cells = self.row.cells.iter().zip(self.columns);
        cells
            .filter(|(cell, _)| !cell.is_empty())
            .map(|(cell, column)| (cell.as_str(), *column))
    }

    /// What the columns of one kind say, each once.
    fn all(&self, wanted: Column) -> Vec<&'r str> {
        let mut values: Vec<&str> = Vec::new();
        for (cell, column) in self.filled() {
            if column == wanted && !values.contains(&cell) {
                values.push(cell);
            }
        }
        values
    }

    /// As [`Self::all`]; of several, nobody knows which is meant.
    fn one(&self, wanted: Column) -> String {
        self.all(wanted).join(" oder ")
    }
}

/// What a row says; `None` if it says nothing of a municipality or a body.
fn record(cells: &Cells<'_>, register: &Register) -> Option<Record> {
    let number = cells.row.number;
    let mut record = match cells.all(Column::Phrase).first() {
        Some(phrase) => Record::of_phrase(number, phrase, register),
        None => Record {
            number,
            ..Record::default()
        },
    };
    let shown = |column: &Column| !matches!(column, Column::Beside | Column::Other);
    let heard: Vec<&str> = cells
        .filled()
        .filter(|(_, column)| shown(column))
        .map(|(cell, _)| cell)
        .collect();
    record.heard = heard.join("; ");
    place(&mut record, cells);
    for (column, value) in [
        (Column::Beirat, &mut record.beirat),
        (Column::Rat, &mut record.rat),
        (Column::Land, &mut record.land),
        (Column::Plz, &mut record.plz),
    ] {
        if cells.columns.contains(&column) {
            *value = cells.one(column);
        }
    }
    if record.plz.len() == 4 {
        record.plz.insert(0, '0');
    }
    if let Some(key) = cells.all(Column::Schluessel).first() {
        record.set_key(key, register);
    }
    (!record.kommune.is_empty() || !record.beirat.is_empty()).then_some(record)
}

/// Sets the municipality: a Kreis beside it says where it lies, alone it is meant itself.
fn place(record: &mut Record, cells: &Cells<'_>) {
    let mut places = cells.all(Column::Kommune);
    places.extend(cells.all(Column::Place));
    if let Some(place) = places.first() {
        (*place).clone_into(&mut record.kommune);
        record.contradicts = places.len() > 1;
    }
    record.kreis = cells.one(Column::Kreis);
    if record.kommune.is_empty() {
        record.kommune = std::mem::take(&mut record.kreis);
        record.kind = Some(Kind::Kreis).filter(|_| !record.kommune.is_empty());
    } else if names_kreis(&record.kommune) {
        record.kreis.clear();
    }
}

/// "Landkreis Fürth" beside "Fürth" in the column of the Kreise.
fn names_kreis(kommune: &str) -> bool {
    let words = Words::of(kommune);
    Kind::of(words.word(0)).is_some_and(|(kind, _)| kind == Kind::Kreis)
}
