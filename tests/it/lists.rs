//! Lists of municipalities, whole mails in, whole replies out.

use std::io::{Cursor, Read as _, Write as _};

use serde_json::Value;
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::program::House;

/// A mail with a text and files.
fn mail(text: &str, files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut mail = format!(
        "From: Ada <ada@example.com>\r\nTo: antrag@example.org\r\nSubject: Musteranträge\r\n\
         Message-ID: <1@example.com>\r\nDate: Sun, 22 Nov 2026 10:15:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=x\r\n\r\n\
         --x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
    .into_bytes();
    for (name, media_type, bytes) in files {
        mail.extend(
            format!(
                "--x\r\nContent-Type: {media_type}; name=\"{name}\"\r\n\
                 Content-Disposition: attachment; filename=\"{name}\"\r\n\
                 Content-Transfer-Encoding: binary\r\n\r\n"
            )
            .bytes(),
        );
        mail.extend(*bytes);
        mail.extend(b"\r\n");
    }
    mail.extend(b"--x--\r\n");
    mail
}

fn explain(mail: &[u8]) -> Value {
    let run = House::new().feed(&["answer", "--explain"], mail);
    assert_eq!(run.code, 0, "{}", run.errors);
    serde_json::from_slice(&run.bytes).unwrap()
}

/// The text of the reply, and its files.
fn reply(mail: &[u8]) -> (String, Vec<antragsbote::mail::File>) {
    let run = House::new().feed(&["answer"], mail);
    assert_eq!(run.code, 0, "{}", run.errors);
    let parsed = mail_parser::MessageParser::default()
        .parse(&run.bytes)
        .unwrap();
    let text = parsed.body_text(0).unwrap().replace("\r\n", "\n");
    (text, antragsbote::mail::attachments(&run.bytes))
}

fn keys(explained: &Value) -> Vec<&str> {
    let documents = explained["documents"].as_array().unwrap();
    documents
        .iter()
        .map(|d| d["kommune"].as_str().unwrap())
        .collect()
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A workbook of one sheet with inline strings.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let row = |row: &&[&str]| {
        let cell = |cell: &&str| format!("<c t=\"inlineStr\"><is><t>{cell}</t></is></c>");
        format!("<row>{}</row>", row.iter().map(cell).collect::<String>())
    };
    let rows: String = rows.iter().map(row).collect();
    archive(
        "xl/worksheets/sheet1.xml",
        &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
    )
}

fn archive(part: &str, content: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .start_file(part, SimpleFileOptions::default())
        .unwrap();
    writer.write_all(content.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_list_comes_in_the_text_as_csv_or_as_workbook() {
    let expected = ["09563000", "06415000", "09573"];
    let text = mail(
        "Bitte Anträge für die Ausländerbeiräte:\r\n\r\n- Fürth\r\n- Hanau\r\n- Landkreis Fürth",
        &[],
    );
    let latin = b"Kommune;Gremium\r\nF\xFCrth;Ausl\xE4nderbeirat\r\nHanau;Ausl\xE4nderbeirat\r\nLandkreis F\xFCrth;Ausl\xE4nderbeirat\r\n";
    let csv = mail(
        "Anträge laut beigefügter Liste, bitte.",
        &[("liste.csv", "application/vnd.ms-excel", latin)],
    );
    let book = workbook(&[
        &["Kommune", "Gremium", "Rat"],
        &["Fürth", "Ausländerbeirat", "Stadtrat"],
        &["Hanau", "Ausländerbeirat"],
        &["Landkreis Fürth", "Ausländerbeirat", "Kreistag"],
    ]);
    let book = mail(
        "Bitte für alle in der Tabelle.",
        &[("Mitglieder.xlsx", XLSX, &book)],
    );
    for mail in [text, csv, book] {
        let explained = explain(&mail);
        assert_eq!(keys(&explained), expected, "{explained}");
    }
}

#[test]
fn up_to_five_documents_are_files_and_more_are_one_zip() {
    let five = ["Fürth", "Hanau", "Erlangen", "Kassel", "Fulda"];
    let request = |places: &[&str]| {
        mail(
            &format!("Ausländerbeiräte:\r\n- {}", places.join("\r\n- ")),
            &[],
        )
    };
    let (text, files) = reply(&request(&five));
    assert_eq!(files.len(), 5, "{text}");
    let six = [&five[..], &["Hof"]].concat();
    let request = request(&six);
    let (text, files) = reply(&request);
    assert!(
        text.contains("6 Musteranträge") && text.contains("in der Datei Musteranträge.zip"),
        "{text}"
    );
    let [file] = files.as_slice() else {
        panic!("{} files", files.len());
    };
    assert_eq!(
        (file.name.as_str(), file.media_type.as_str()),
        ("Musteranträge.zip", "application/zip")
    );
    let explained = explain(&request);
    let named: Vec<&str> = explained["documents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["file"].as_str().unwrap())
        .collect();
    let mut archive = ZipArchive::new(Cursor::new(&file.bytes)).unwrap();
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    assert_eq!(names, named);
    for (i, name) in named.iter().enumerate() {
        let mut document = Vec::new();
        archive
            .by_index(i)
            .unwrap()
            .read_to_end(&mut document)
            .unwrap();
        assert!(ZipArchive::new(Cursor::new(document)).is_ok(), "{name}");
        assert!(text.contains(name), "{name} in {text}");
    }
}

#[test]
fn faulty_rows_are_listed_with_what_was_understood() {
    let csv = "Kommune;Gremium\r\nFürth;Ausländerbeirat\r\nNeustadt;Ausländerbeirat\r\nHanau;\r\nXyhausen;Ausländerbeirat\r\n";
    let request = mail(
        "Bitte Anträge laut Liste.",
        &[("liste.csv", "text/csv", csv.as_bytes())],
    );
    let explained = explain(&request);
    assert_eq!(
        explained["question_about"],
        serde_json::json!(["kommune", "beirat"])
    );
    let (text, files) = reply(&request);
    assert_eq!(files, []);
    for said in [
        "in Ihrer Liste „liste.csv“ sind 3 Zeilen noch nicht klar:\n\n",
        "- Zeile 3 („Neustadt; Ausländerbeirat“): „Neustadt“ kann mehrere Kommunen meinen, zum Beispiel: Stadt Neustadt",
        "- Zeile 4 („Hanau“): Bitte nennen Sie das Gremium genau",
        "- Zeile 5 („Xyhausen; Ausländerbeirat“): „Xyhausen“ ist keine Kommune, die ich kenne.\n",
        "- Stadt Fürth (Bayern), Ausländerbeirat, Stadtrat\n",
        "schicken Sie mir die ganze Liste noch einmal",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    assert!(
        !text.contains("\n\n\n") && !text.contains("Antworten Sie einfach"),
        "{text}"
    );
}

#[test]
fn no_file_takes_long_or_much() {
    let rows = "Fürth;Ausländerbeirat\r\n".repeat(1_000_000);
    let csv = format!("Kommune;Gremium\r\n{rows}").into_bytes();
    let cells = "<row><c t=\"inlineStr\"><is><t>Hanau</t></is></c></row>".repeat(2_000_000);
    let bomb = archive(
        "xl/worksheets/sheet1.xml",
        &format!("<worksheet><sheetData>{cells}"),
    );
    for (name, media_type, bytes) in [("a.csv", "text/csv", csv), ("a.xlsx", XLSX, bomb)] {
        let house = House::new();
        let text = "Bitte für die Ausländerbeiräte laut Liste.";
        house.write(
            "antragsbote.toml",
            crate::program::CONFIG.to_owned() + "\n[policy]\nmax_message_size = \"100 MiB\"\n",
        );
        let run = house.feed(&["answer"], &mail(text, &[(name, media_type, &bytes)]));
        let parsed = mail_parser::MessageParser::default()
            .parse(&run.bytes)
            .unwrap();
        let text = parsed.body_text(0).unwrap();
        assert!(text.contains("hat mehr als 500 Zeilen"), "{text}");
    }
}
