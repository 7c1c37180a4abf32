//! The workbook: a record a row, fields by the heads of their columns, which stand in
//! several rows above.

use super::records::{Raw, Records};
use super::{AGAIN, ANOTHER, Fault, Stand, Verzeichnis};

/// The rows of a sheet, each with its number as the program shows it, from 1.
pub type Rows = Vec<(usize, Vec<String>)>;

/// How many rows there are at most before the first record.
const MAX_HEAD: usize = 20;

/// The columns that are read, as their heads say without hyphens, marks and numbers of notes.
const COLUMNS: [&str; 10] = [
    "Satzart",
    "Textkennzeichen",
    "Land",
    "RB",
    "Kreis",
    "VB",
    "Gem",
    "Gemeindename",
    "insgesamt",
    "Postleitzahl",
];

/// How many digits the numbers have, in the order of the columns; some programs take the
/// noughts in front away.
const DIGITS: [usize; 10] = [2, 2, 2, 1, 2, 4, 3, 0, 0, 5];

pub(super) fn read(sheets: &[Rows]) -> Result<Verzeichnis, Fault> {
    let heads = sheets.iter().map(Head::of);
    let (rows, head) = sheets
        .iter()
        .zip(heads)
        .find(|(_, head)| head.column("Satzart").is_some())
        .ok_or_else(|| {
            let problem = "keine Tabelle dieser Datei hat eine Spalte „Satzart“";
            Fault::whole(problem, ANOTHER)
        })?;
    let columns = head.columns()?;
    let stand = head.stand.ok_or_else(|| {
        let problem = "über der Tabelle steht kein Gebietsstand („Gebietsstand am 31.12.2024“)";
        Fault::whole(problem, AGAIN)
    })?;
    let mut records = Records::default();
    for (number, cells) in rows.iter().filter(|(_, cells)| is_record(cells)) {
        let mut fields = columns.iter().zip(DIGITS).map(|(column, digits)| {
            let cell = cells.get(*column).map_or("", |cell| cell.trim());
            let is_number = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
            match is_number {
                true => format!("{cell:0>digits$}"),
                false => cell.to_owned(),
            }
        });
        let mut field = || fields.next().unwrap_or_default();
        records.add(
            *number,
            Raw {
                satzart: field(),
                kennzeichen: field(),
                land: field(),
                bezirk: field(),
                kreis: field(),
                verband: field(),
                gemeinde: field(),
                name: field(),
                full: false,
                einwohner: field(),
                plz: field(),
            },
        )?;
    }
    records.finish(stand)
}

/// Whether a row is a record: notes and sums are none.
fn is_record(cells: &[String]) -> bool {
    let satzart = cells.first().map(String::as_str);
    matches!(satzart, Some("10" | "20" | "30" | "40" | "50" | "60"))
}

/// What stands above the records of a sheet.
#[derive(Default)]
struct Head<'a> {
    /// each cell with its column and its plain text
    cells: Vec<(usize, String, &'a str)>,
    stand: Option<Stand>,
}

impl<'a> Head<'a> {
    fn of(rows: &'a Rows) -> Self {
        let above = rows.iter().take(MAX_HEAD);
        let above = above.take_while(|(_, cells)| !is_record(cells));
        let mut head = Self::default();
        for cell in above.flat_map(|(_, cells)| cells.iter().enumerate()) {
            let (column, text) = cell;
            let plain = text.chars().filter(|c| c.is_alphabetic()).collect();
            head.cells.push((column, plain, text));
            head.stand = head.stand.or_else(|| Stand::find_in(text));
        }
        head
    }

    fn column(&self, name: &str) -> Option<usize> {
        let found = self.cells.iter().find(|(_, plain, _)| plain == name)?;
        Some(found.0)
    }

    fn columns(&self) -> Result<Vec<usize>, Fault> {
        let columns = COLUMNS.map(|name| self.column(name).ok_or(name));
        columns
            .into_iter()
            .collect::<Result<_, _>>()
            .map_err(|missing| {
                let found = self.cells.iter().filter(|(_, plain, _)| !plain.is_empty());
                let found: Vec<&str> = found.map(|(_, _, text)| *text).take(30).collect();
                let problem = format!(
                    "die Spalte „{missing}“ fehlt; da sind: {}",
                    found.join(" | ")
                );
                Fault::whole(problem, ANOTHER)
            })
    }
}
