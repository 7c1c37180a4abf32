//! The workbook.

use super::{EXCERPT, read};
use crate::kommune::Register;
use crate::kommune::verzeichnis::{Fault, Rows, Verzeichnis};

/// The sheet as published, of the records of a text.
fn sheet(text: &str) -> Rows {
    let row = |number: usize, cells: &[&str]| {
        (
            number,
            cells.iter().map(|cell| (*cell).to_owned()).collect(),
        )
    };
    let mut rows = vec![
        row(
            1,
            &[
                "Gemeinden in Deutschland nach Fläche, Bevölkerung und Postleitzahl am 31.12.2022 (Jahr)",
            ],
        ),
        row(
            3,
            &[
                "Satz-art",
                "Text-kenn-zeichen",
                "Amtlicher Regionalschlüssel (ARS)",
                "",
                "",
                "",
                "",
                "Gemeindename",
                "Fläche km2 1)",
                "Bevölkerung2)",
                "",
                "",
                "",
                "Postleit-zahl3)",
            ],
        ),
        row(
            4,
            &[
                "",
                "",
                "Land",
                "RB",
                "Kreis",
                "VB",
                "Gem",
                "",
                "",
                "insgesamt",
                "männlich",
                "weiblich",
                "je km2",
            ],
        ),
        row(
            5,
            &[
                "",
                "",
                "Gebietsstand am 31.12.2022 (Jahr)",
                "",
                "",
                "",
                "",
                "",
                "31.12.2022 (Jahr)",
            ],
        ),
    ];
    for (number, line) in (7..).zip(text.lines()) {
        let field = |from: usize, to: usize| {
            let chars = line.chars().take(to).skip(from - 1);
            chars.collect::<String>().trim().to_owned()
        };
        let number_at = |from, to| field(from, to).trim_start_matches('0').to_owned();
        let is_gemeinde = line.starts_with("60");
        let [einwohner, plz] = match is_gemeinde {
            true => [number_at(140, 150), field(166, 170)],
            false => Default::default(),
        };
        rows.push((
            number,
            vec![
                field(1, 2),
                field(123, 124),
                field(11, 12),
                field(13, 13),
                field(14, 15),
                field(19, 22),
                field(16, 18),
                field(23, 72),
                String::new(),
                einwohner,
                String::new(),
                String::new(),
                String::new(),
                plz,
            ],
        ));
    }
    rows.push(row(
        300,
        &["Quelle: Gemeindeverzeichnis-Informationssytem GV-ISys"],
    ));
    rows
}

fn of_sheet(rows: Rows) -> Result<Verzeichnis, Fault> {
    Verzeichnis::of_sheets(&[vec![(4, vec!["Gemeindeverzeichnis".to_owned()])], rows])
}

#[test]
fn the_workbook_says_the_same_as_the_text() {
    let kommunen = |verzeichnis: &Verzeichnis| verzeichnis.kommunen(Register::built_in());
    let expected = kommunen(&read(EXCERPT));
    let sound = of_sheet(sheet(EXCERPT)).expect("sound");
    assert_eq!(sound.stand().to_string(), "31.12.2022");
    assert_eq!(kommunen(&sound), expected);
    // saved by a program that takes keys for numbers
    let mut rows = sheet(EXCERPT);
    for (_, cells) in rows.iter_mut().skip(4) {
        for (column, cell) in cells.iter_mut().enumerate() {
            let short = cell.trim_start_matches('0');
            if column != 7 && !cell.is_empty() {
                *cell = if short.is_empty() { "0" } else { short }.to_owned();
            }
        }
    }
    assert_eq!(kommunen(&of_sheet(rows).expect("sound")), expected);
}

#[test]
fn faults_of_the_workbook_name_column_or_row() {
    let with = |row: usize, column: usize, text: &str| {
        let mut rows = sheet(EXCERPT);
        let cell = rows
            .get_mut(row)
            .and_then(|(_, cells)| cells.get_mut(column));
        *cell.expect("a cell") = text.to_owned();
        rows
    };
    for (rows, expected) in [
        (
            with(1, 13, "PLZ"),
            "die Spalte „Postleitzahl“ fehlt; da sind: Gemeinden in Deutschland",
        ),
        (
            with(1, 0, "Art"),
            "keine Tabelle dieser Datei hat eine Spalte „Satzart“",
        ),
        (
            with(3, 2, "Stand"),
            "über der Tabelle steht kein Gebietsstand",
        ),
        (with(20, 1, "99"), "Zeile 23: das Textkennzeichen ist „99“"),
        (sheet(EXCERPT).into_iter().take(60).collect(), "es fehlen "),
        (
            Vec::new(),
            "keine Tabelle dieser Datei hat eine Spalte „Satzart“",
        ),
    ] {
        let fault = of_sheet(rows).expect_err("a fault").to_string();
        assert!(fault.starts_with(expected), "{fault}\n{expected}");
    }
}
