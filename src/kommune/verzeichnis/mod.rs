//! The Gemeindeverzeichnis of the Statistisches Bundesamt (Destatis), taken over.
//!
//! In: the text GV100AD, or the rows of the workbook "Auszug aus dem Gemeindeverzeichnis",
//! and the register in use. Out: the register's files anew and what changes by them
//! ([`update`]). What the Gemeindeverzeichnis does not know stays: Bezirke, the full names
//! of Kreise, old names, changes after its day.
//!
//! Both hold a record a unit, of a kind (Satzart): 10 Land, 20 Regierungsbezirk, 30 Region
//! (BW only), 40 Kreis, 50 Gemeindeverband, 60 Gemeinde. Places in the lines of GV100AD, in
//! characters from 1, 220 in all ("Datensatzbeschreibung GV100", Destatis, valid from
//! 14 June 2000; compared with the editions of 2018 to 2025):
//!
//! | places | holds |
//! | --- | --- |
//! | 1–2 | Satzart |
//! | 3–10 | Gebietsstand: year, month, day |
//! | 11–12, 13, 14–15, 16–18 | Land, Regierungsbezirk, Kreis, Gemeinde |
//! | 19–22 | Gemeindeverband |
//! | 23–72 | name; a longer one is cut |
//! | 123–124 | Textkennzeichen |
//! | 140–150 | 60: inhabitants |
//! | 166–170 | 60: postal code of the administration |
//!
//! Textkennzeichen: 41 kreisfreie Stadt, 42 Stadtkreis, 43 Kreis, 44 Landkreis,
//! 45 Regionalverband; 52 Samtgemeinde, 53 Verbandsgemeinde; 60 Markt, 61 kreisfreie Stadt,
//! 62 Stadtkreis, 63 Stadt, 64 Gemeinde, 65 and 66 gemeindefreies Gebiet, 67 Große Kreisstadt.
//! The other kinds of Gemeindeverband stand in no register of ours.

mod changes;
mod file;
mod records;
mod rows;
mod text;
mod units;
mod update;

#[cfg(test)]
mod tests;

use std::fmt;

use jiff::civil::Date;

pub use changes::{Changes, Gone};
pub use file::File;
use records::Record;
pub use rows::Rows;
pub use update::{SOURCE, Update, update};

/// The units of a Gemeindeverzeichnis that the register knows, all of one day.
#[derive(Debug)]
pub struct Verzeichnis {
    /// the day of its territory
    stand: Stand,
    records: Vec<Record>,
}

impl Verzeichnis {
    /// Reads GV100AD: UTF-8, with or without a mark in front, else Windows-1252.
    ///
    /// # Errors
    /// The first line that does not fit the layout, or what the whole lacks.
    pub fn of_text(bytes: &[u8]) -> Result<Self, Fault> {
        text::read(bytes)
    }

    /// Reads the sheets of the workbook.
    ///
    /// # Errors
    /// A column that is missing, the first row that does not fit, or what the whole lacks.
    pub fn of_sheets(sheets: &[Rows]) -> Result<Self, Fault> {
        rows::read(sheets)
    }

    /// The day of its territory.
    pub fn stand(&self) -> Stand {
        self.stand
    }
}

/// The day whose territory a register shows (Gebietsstand).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stand(Date);

impl Stand {
    /// That of the built-in register; `config/register/README.md`.
    pub const BUILT_IN: Self = Self(jiff::civil::date(2023, 12, 31));

    /// The first day behind the word "Gebietsstand" in a text ("Gebietsstand am 31.12.2024").
    pub fn find_in(text: &str) -> Option<Self> {
        let (_, behind) = text.split_once("Gebietsstand")?;
        let day = behind.find(|c: char| c.is_ascii_digit())?;
        let mut parts = behind.get(day..)?.split(|c: char| !c.is_ascii_digit());
        let [day, month, year] = [parts.next()?, parts.next()?, parts.next()?];
        Self::of(year, month, day)
    }

    fn of(year: &str, month: &str, day: &str) -> Option<Self> {
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        date.ok().map(Self)
    }

    /// As the register's files write days: "2024-12-31".
    fn iso(self) -> String {
        self.0.to_string()
    }

    fn year(self) -> i16 {
        self.0.year()
    }

    /// Whether all that happened since another day happened in the year of this one.
    fn within_a_year_of(self, before: Self) -> bool {
        jiff::civil::Date::new(self.year() - 1, 12, 31).is_ok_and(|last| before.0 >= last)
    }
}

impl fmt::Display for Stand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.0;
        write!(f, "{:02}.{:02}.{}", date.day(), date.month(), date.year())
    }
}

/// Why a file is not taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", in_line(*.line))]
pub struct Fault {
    /// the line or row, from 1, where it is about one
    pub line: Option<usize>,
    /// what is wrong, in German
    pub problem: String,
    /// what to do, in German
    pub remedy: String,
}

fn in_line(line: Option<usize>) -> String {
    line.map(|line| format!("Zeile {line}: "))
        .unwrap_or_default()
}

/// Where the files are, for whoever has the wrong one.
const ANOTHER: &str = "laden Sie von www.destatis.de, Thema „Gemeindeverzeichnis“, die Datei GV100AD (Text oder ZIP) oder den Auszug aus dem Gemeindeverzeichnis (XLSX) herunter";
/// For what once was such a file.
const AGAIN: &str = "laden Sie die Datei noch einmal herunter und geben Sie sie unverändert an";

impl Fault {
    /// About the whole file.
    fn whole(problem: impl Into<String>, remedy: &str) -> Self {
        Self {
            line: None,
            problem: problem.into(),
            remedy: remedy.to_owned(),
        }
    }

    /// About a line.
    fn at(line: usize, problem: impl Into<String>, remedy: &str) -> Self {
        Self {
            line: Some(line),
            ..Self::whole(problem, remedy)
        }
    }
}
