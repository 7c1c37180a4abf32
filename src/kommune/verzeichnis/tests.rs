mod changes;
mod rows;

use super::*;
use crate::kommune::{Files, Kommune, Register, Schluessel};

/// Lines as published; `tests/gemeindeverzeichnis/README.md`.
const EXCERPT: &str = include_str!("../../../tests/gemeindeverzeichnis/auszug.txt");

fn read(text: &str) -> Verzeichnis {
    Verzeichnis::of_text(text.as_bytes()).expect("sound")
}

fn fault(text: &str) -> String {
    Verzeichnis::of_text(text.as_bytes())
        .expect_err("a fault")
        .to_string()
}

fn key(key: &str) -> Schluessel {
    Schluessel::parse(key).expect("a key")
}

/// Kind, name, official name, Kreis, inhabitants, postal code.
fn shown(kommune: &Kommune) -> String {
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    [
        format!("{:?} {:?}", kommune.land, kommune.art),
        kommune.name.clone(),
        kommune.official_name.clone(),
        or_none(
            kommune
                .kreis
                .as_ref()
                .map(|kreis| kreis.as_str().to_owned()),
        ),
        or_none(kommune.einwohner.map(|number| number.to_string())),
        or_none(kommune.plz.clone()),
    ]
    .join("; ")
}

/// Expected by reading the lines, and by the rules of `config/register/README.md`.
const UNITS: [(&str, &str); 16] = [
    (
        "01001000",
        "SH KreisfreieStadt; Flensburg; Flensburg, Stadt; -; 92550; 24937",
    ),
    (
        "03354",
        "NI Landkreis; Landkreis Lüchow-Dannenberg; Lüchow-Dannenberg; -; 49178; -",
    ),
    (
        "03354001",
        "NI Flecken; Bergen an der Dumme; Bergen an der Dumme, Flecken; 03354; 1434; 29468",
    ),
    (
        "03354003",
        "NI Gemeinde; Damnatz; Damnatz; 03354; 316; 29472",
    ),
    (
        "033545403",
        "NI Samtgemeinde; Gartow; Gartow; 03354; 3751; -",
    ),
    (
        "05334",
        "NW Staedteregion; Städteregion Aachen; Städteregion Aachen; -; 562559; -",
    ),
    (
        "05334002",
        "NW Stadt; Aachen; Aachen, Stadt; 05334; 252136; 52062",
    ),
    (
        "09575",
        "BY Landkreis; Landkreis Neustadt an der Aisch-Bad Windsheim; Neustadt a.d.Aisch-Bad Windsheim; -; 103303; -",
    ),
    (
        "09575112",
        "BY Stadt; Bad Windsheim; Bad Windsheim, St; 09575; 12643; 91438",
    ),
    (
        "09575113",
        "BY Markt; Baudenbach; Baudenbach, M; 09575; 1231; 91460",
    ),
    (
        "10041",
        "SL Regionalverband; Regionalverband Saarbrücken; Regionalverband Saarbrücken; -; 330848; -",
    ),
    (
        "12052000",
        "BB KreisfreieStadt; Cottbus/Chóśebuz; Cottbus/Chóśebuz, Stadt; -; 99515; 03046",
    ),
    (
        "16068051",
        "TH Stadt; Sömmerda; Sömmerda, Stadt; 16068; 19156; 99610",
    ),
    (
        "16068063",
        "TH Gemeinde; Buttstädt; Buttstädt; 16068; 6651; 99628",
    ),
    (
        "02000001",
        "HH Bezirk; Hamburg-Mitte; Hamburg-Mitte; -; -; -",
    ),
    (
        "11000012",
        "BE Bezirk; Reinickendorf; Reinickendorf; -; -; -",
    ),
];

#[test]
fn each_kind_of_record_becomes_its_row() {
    let verzeichnis = read(EXCERPT);
    assert_eq!(verzeichnis.stand().to_string(), "31.12.2022");
    let kommunen = verzeichnis.kommunen(Register::built_in());
    let found: Vec<(&str, String)> = UNITS
        .iter()
        .map(|(name, _)| {
            (
                *name,
                kommunen.get(&key(name)).map(shown).unwrap_or_default(),
            )
        })
        .collect();
    let expected: Vec<(&str, String)> = UNITS
        .iter()
        .map(|(key, unit)| (*key, (*unit).to_owned()))
        .collect();
    assert_eq!(found, expected);
    // a kreisfreie Stadt stands once; a gemeindefreies Gebiet, a Verwaltungsgemeinschaft do not
    for absent in ["01001", "010010000", "12052", "09575444", "095755518"] {
        assert!(!kommunen.contains_key(&key(absent)), "{absent}");
    }
    assert_eq!(kommunen.len(), 5 + 3 + 125 + 19);
}

#[test]
fn line_ends_and_encodings_do_not_matter() {
    let plain = format!("{:?}", read(EXCERPT));
    let latin: Vec<u8> = EXCERPT
        .replace("Chóśebuz", "Chosebuz")
        .chars()
        .map(|c| u8::try_from(u32::from(c)).expect("Latin"))
        .collect();
    let latin = Verzeichnis::of_text(&latin).expect("sound");
    assert_eq!(format!("{latin:?}"), plain.replace("Chóśebuz", "Chosebuz"));
    let trimmed: Vec<&str> = EXCERPT.lines().map(str::trim_end).collect();
    for text in [
        EXCERPT.replace('\n', "\r\n"),
        format!("\u{feff}{EXCERPT}"),
        format!("{}\u{1a}", trimmed.join("\n")),
    ] {
        assert_eq!(format!("{:?}", read(&text)), plain);
    }
}

#[test]
fn a_name_that_fills_its_field_is_known_from_before() {
    let long = "Lutherstadt Eisleben, Stadt der vielen Zusätze und";
    assert_eq!(long.chars().count(), 50);
    let before = format!("{:50}", "Flensburg, Stadt");
    let text = EXCERPT.replace(
        &format!("010010000000{before}"),
        &format!("010010000000{long}"),
    );
    let official = |known: &str| {
        let kommunen = format!(
            "key,kind,name,official_name,state,district,population,postal_code\n\
             01001000,kreisfreie-stadt,X,\"{known}\",SH,,1,24937\n"
        );
        let files = Files {
            kommunen: &kommunen,
            nachtrag: "",
            merged: "",
            ..Files::BUILT_IN
        };
        let present = Register::read(files).expect("sound");
        read(&text)
            .kommunen(&present)
            .remove(&key("01001000"))
            .expect("there")
            .official_name
    };
    assert_eq!(official(&format!("{long} Hügel")), format!("{long} Hügel"));
    assert_eq!(official("Flensburg, Stadt"), long);
}

/// The excerpt with another text at a place of a line, both counted from 1.
fn put(number: usize, place: usize, text: &str) -> String {
    let put = |line: &str| {
        let before = line.chars().take(place - 1);
        let behind = line.chars().skip(place - 1 + text.chars().count());
        before.chain(text.chars()).chain(behind).collect()
    };
    let lines = (1..).zip(EXCERPT.lines());
    let lines = lines.map(|(i, line)| match i == number {
        true => put(line),
        false => line.to_owned(),
    });
    lines.collect::<Vec<String>>().join("\n")
}

/// The excerpt without the lines that begin so.
fn without(start: &str) -> String {
    let left = EXCERPT.lines().filter(|line| !line.starts_with(start));
    left.collect::<Vec<_>>().join("\n")
}

#[test]
fn faults_name_line_and_reason() {
    // the fourth line is the Gemeinde Flensburg
    let flensburg = EXCERPT.lines().nth(3).expect("a line");
    let cut: String = flensburg.chars().take(150).collect();
    let first: Vec<&str> = EXCERPT.lines().take(60).collect();
    let cases = [
        (String::new(), "die Datei ist leer"),
        (
            "key,level,kind,name\n09573,kreis,landkreis,X\n".to_owned(),
            "Zeile 1: erwartet werden Satzart (10 bis 60) und Gebietsstand (JJJJMMTT) wie in GV100AD, da steht „key,level,kind,name“",
        ),
        (put(2, 1, "70"), "Zeile 2: erwartet werden Satzart"),
        (put(2, 7, "13"), "Zeile 2: erwartet werden Satzart"),
        (
            put(2, 3, "2023"),
            "Zeile 2: der Gebietsstand ist ein anderer als in den Zeilen darüber",
        ),
        (
            put(2, 220, "xy"),
            "Zeile 2: die Zeile hat 221 statt 220 Zeichen: ein anderer Satzaufbau",
        ),
        (
            put(4, 123, "71"),
            "Zeile 4: das Textkennzeichen ist „71“: ein anderer Satzaufbau",
        ),
        (
            put(4, 11, "99"),
            "Zeile 4: das Land ist „99“: ein anderer Satzaufbau",
        ),
        (
            put(4, 16, "0x0"),
            "Zeile 4: der Schlüssel ist „010010x0“: ein anderer Satzaufbau",
        ),
        (put(4, 23, &" ".repeat(50)), "Zeile 4: der Name ist „“"),
        (
            put(4, 166, "2493X"),
            "Zeile 4: die Postleitzahl ist „2493X“",
        ),
        (
            put(4, 150, "x"),
            "Zeile 4: die Bevölkerung ist „0000009255x“",
        ),
        (
            EXCERPT.replace(flensburg, &cut),
            "Zeile 4: die Zeile bricht nach 150 von 220 Zeichen ab",
        ),
        (
            format!("{EXCERPT}{flensburg}\n"),
            "Zeile 207: der Schlüssel 01001000 steht schon in Zeile 4",
        ),
        (
            EXCERPT.replace("Baden-Württemberg", "Baden-W\u{81}rttemberg"),
            "Zeile 67: statt „Baden-Württemberg“ steht da „Baden-W\u{81}rttemberg“: ein anderer Zeichensatz",
        ),
        (
            first.join("\n"),
            "es fehlen Hessen, Rheinland-Pfalz, Baden-Württemberg, Bayern,",
        ),
        (
            without("602022123105334"),
            "der Kreis 05334 hat keine Gemeinde; die Datei ist unvollständig",
        ),
        (
            without("402022123105334"),
            "der Kreis 05334 fehlt; die Datei ist unvollständig",
        ),
    ];
    for (text, expected) in cases {
        let fault = fault(&text);
        assert!(fault.starts_with(expected), "{fault}\n{expected}");
    }
}

#[test]
fn the_kind_of_file_is_told_by_its_bytes() {
    let kind = |bytes: &[u8]| match File::of(bytes) {
        Ok(File::Text(text)) => format!("text of {}", text.len()),
        Ok(File::Workbook) => "workbook".to_owned(),
        Err(fault) => fault.problem,
    };
    let zip = |names: &[&str]| {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for name in names {
            let options = zip::write::SimpleFileOptions::default();
            writer.start_file(*name, options).expect("a file");
            std::io::Write::write_all(&mut writer, b"102022").expect("memory");
        }
        writer.finish().expect("an archive").into_inner()
    };
    let sound = zip(&["GV100AD_31122022.txt", "Hinweise.txt"]);
    let cases: [(&[u8], &str); 12] = [
        (b"", "die Datei ist leer"),
        (b" \r\n", "die Datei ist leer"),
        (b"102022", "text of 6"),
        (b"%PDF-1.7", "das ist ein PDF, kein Gemeindeverzeichnis"),
        (
            b"\n<!DOCTYPE html>",
            "das ist eine Webseite, kein Gemeindeverzeichnis",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "das ist eine Datei des alten Excel (.xls)",
        ),
        (&sound, "text of 6"),
        (&zip(&["x/gv100ad.ASC"]), "text of 6"),
        (&zip(&["xl/workbook.xml"]), "workbook"),
        (
            &zip(&["word/document.xml"]),
            "in diesem Archiv liegt keine Datei GV100AD",
        ),
        (
            &zip(&["GV100AD_1.txt", "GV100AD_2.txt"]),
            "in diesem Archiv liegen mehrere Dateien GV100AD",
        ),
        (&sound[..40], "die Datei ist beschädigt oder abgeschnitten"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(kind(bytes), expected);
    }
}

#[test]
fn the_day_is_found_in_words() {
    let day = |text: &str| Stand::find_in(text).map(|stand| stand.to_string());
    for (text, expected) in [
        (
            "Gebietsstand am 31.12.2024 (4. Quartal)",
            Some("31.12.2024"),
        ),
        (
            "Gemeindeverzeichnis, Gebietsstand: 30.6.2025, www.destatis.de",
            Some("30.06.2025"),
        ),
        ("Gebietsstand am 31.13.2024", None),
        ("Gebietsstand", None),
        ("am 31.12.2024", None),
    ] {
        assert_eq!(day(text).as_deref(), expected, "{text}");
    }
    let readme = include_str!("../../../config/register/README.md");
    let built_in = format!("Gebietsstand {}", Stand::BUILT_IN);
    assert!(readme.contains(&built_in), "{built_in}");
}
