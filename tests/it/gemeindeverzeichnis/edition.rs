//! Editions of the Gemeindeverzeichnis in the layouts of the statistical office, made of the
//! shipped register.

use std::io::{Cursor, Write as _};

use antragsbote::kommune::{Art, Kommune, Register};
use zip::write::SimpleFileOptions;

/// A record with its fields as in GV100AD.
#[derive(Clone)]
pub(super) struct Record {
    pub(super) satzart: &'static str,
    pub(super) kennzeichen: &'static str,
    /// Land, Regierungsbezirk, Kreis
    pub(super) kreis: String,
    pub(super) gemeinde: String,
    pub(super) verband: String,
    pub(super) name: String,
    pub(super) einwohner: Option<u32>,
    pub(super) plz: String,
}

impl Record {
    pub(super) fn of(kommune: &Kommune) -> Vec<Self> {
        let key = kommune.schluessel.as_str();
        let (satzart, kennzeichen) = match kommune.art {
            Art::Kreis | Art::Staedteregion => ("40", "43"),
            Art::Landkreis | Art::Region => ("40", "44"),
            Art::Regionalverband => ("40", "45"),
            Art::Samtgemeinde => ("50", "52"),
            Art::Verbandsgemeinde => ("50", "53"),
            Art::Markt => ("60", "60"),
            Art::KreisfreieStadt => ("60", "61"),
            Art::Stadt => ("60", "63"),
            Art::Gemeinde | Art::Flecken => ("60", "64"),
            Art::Bezirk => return Vec::new(),
        };
        let (kreis, rest) = key.split_at(5);
        let record = Self {
            satzart,
            kennzeichen,
            kreis: kreis.to_owned(),
            gemeinde: rest
                .get(..3)
                .filter(|_| satzart == "60")
                .unwrap_or_default()
                .to_owned(),
            verband: if satzart == "50" { rest } else { "0000" }.to_owned(),
            name: kommune.official_name.clone(),
            einwohner: kommune.einwohner.filter(|_| satzart == "60"),
            plz: kommune.plz.clone().unwrap_or_default(),
        };
        if kommune.art != Art::KreisfreieStadt {
            return vec![record];
        }
        let of_kreis = Self {
            satzart: "40",
            kennzeichen: "41",
            gemeinde: String::new(),
            einwohner: None,
            plz: String::new(),
            ..record.clone()
        };
        vec![of_kreis, record]
    }

    pub(super) fn key(&self) -> String {
        format!("{}{}", self.kreis, self.gemeinde)
    }

    pub(super) fn line(&self, day: &str) -> String {
        let verband = if self.satzart == "40" {
            ""
        } else {
            &self.verband
        };
        let einwohner = self.einwohner.map(|number| format!("{number:011}"));
        format!(
            "{}{day}{:5}{:3}{verband:4}{:50}{:50}{:6}{:11}{:11}{:15}{:5}{:50}",
            self.satzart,
            self.kreis,
            self.gemeinde,
            self.name.chars().take(50).collect::<String>(),
            "",
            self.kennzeichen,
            "",
            einwohner.unwrap_or_default(),
            "",
            self.plz,
            ""
        )
    }

    pub(super) fn row(&self, number: usize) -> String {
        let (land, rest) = self.kreis.split_at(2);
        let (bezirk, kreis) = rest.split_at(1.min(rest.len()));
        let verband = if self.satzart == "40" {
            ""
        } else {
            &self.verband
        };
        let cells = [
            ("A", self.satzart),
            ("B", self.kennzeichen),
            ("C", land),
            ("D", bezirk),
            ("E", kreis),
            ("F", verband),
            ("G", &self.gemeinde),
            ("H", &self.name),
            ("N", &self.plz),
        ];
        let cell = |(column, text): (&str, &str)| {
            let text = quick_xml::escape::escape(text);
            format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        let mut cells: Vec<String> = cells.into_iter().map(cell).collect();
        if let Some(einwohner) = self.einwohner {
            cells.insert(8, format!("<c r=\"J{number}\"><v>{einwohner}</v></c>"));
        }
        format!("<row r=\"{number}\">{}</row>", cells.concat())
    }
}

/// All units of the shipped `kommunen.csv`, without what `nachtrag.csv` changes.
pub(super) fn records() -> Vec<Record> {
    let laender = (1..=16).map(|number| {
        let key = format!("{number:02}");
        let kommune = Register::built_in()
            .kommunen()
            .find(|k| k.schluessel.as_str().starts_with(&key));
        Record {
            satzart: "10",
            kennzeichen: "",
            name: kommune.unwrap().land.name().to_owned(),
            kreis: key,
            gemeinde: String::new(),
            verband: String::new(),
            einwohner: None,
            plz: String::new(),
        }
    });
    let files = antragsbote::kommune::Files {
        nachtrag: "",
        merged: "",
        ..antragsbote::kommune::Files::BUILT_IN
    };
    let register = Register::read(files).unwrap();
    laender
        .chain(register.kommunen().flat_map(Record::of))
        .collect()
}

pub(super) fn text(records: &[Record], day: &str) -> String {
    let lines = records.iter().map(|record| record.line(day) + "\n");
    lines.collect()
}

pub(super) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The workbook with its head as published.
pub(super) fn workbook(records: &[Record], day: &str) -> Vec<u8> {
    let heads = [
        ("A3", "Satz-art"),
        ("B3", "Text-kenn-zeichen"),
        ("C3", "Amtlicher Regionalschlüssel (ARS)"),
        ("H3", "Gemeindename"),
        ("J3", "Bevölkerung2)"),
        ("N3", "Postleit-zahl3)"),
        ("C4", "Land"),
        ("D4", "RB"),
        ("E4", "Kreis"),
        ("F4", "VB"),
        ("G4", "Gem"),
        ("J4", "insgesamt"),
        ("C5", &format!("Gebietsstand am {day} (Jahr)")),
    ];
    let head = |row: char| {
        let cells = heads.iter().filter(|(place, _)| place.ends_with(row));
        let cell = |(place, text): &(&str, &str)| {
            format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        format!(
            "<row r=\"{row}\">{}</row>",
            cells.map(cell).collect::<String>()
        )
    };
    let heads: String = ['3', '4', '5'].map(head).concat();
    let rows = records
        .iter()
        .zip(7..)
        .map(|(record, number)| record.row(number));
    let rows: String = rows.collect();
    let sheet = format!("<worksheet><sheetData>{heads}{rows}</sheetData></worksheet>");
    archive(&[
        ("xl/workbook.xml", b"<workbook/>"),
        (
            "xl/worksheets/sheet1.xml",
            b"<worksheet><sheetData/></worksheet>",
        ),
        ("xl/worksheets/sheet2.xml", sheet.as_bytes()),
    ])
}
