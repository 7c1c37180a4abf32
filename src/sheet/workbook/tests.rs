use std::io::Write;

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .expect("a part");
        writer.write_all(content.as_bytes()).expect("memory");
    }
    writer.finish().expect("an archive").into_inner()
}

fn shown(sheets: Option<Vec<Vec<Row>>>) -> Vec<Vec<(usize, String)>> {
    let sheets = sheets.expect("a workbook");
    let row = |row: &Row| (row.number, row.cells.join("|"));
    sheets
        .iter()
        .map(|rows| rows.iter().map(row).collect())
        .collect()
}

const STRINGS: &str = "<sst><si><t>Kommune</t></si><si><r><t>F\u{fc}</t></r><r><t>rth</t></r>\
    <rPh><t>x</t></rPh></si><si><t xml:space=\"preserve\"> A &amp; B&#x21; </t></si></sst>";

#[test]
fn worksheets_are_read() {
    let first = "<worksheet><sheetData>\
        <row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"inlineStr\"><is><t>Land</t></is></c></row>\
        <row r=\"2\"/>\
        <row r=\"4\"><c r=\"A4\" t=\"s\"><v>1</v></c><c r=\"B4\"><v>9563000</v></c><c r=\"C4\" t=\"str\"><f>X</f><v>Bayern</v></c></row>\
        <row><c t=\"s\"><v>2</v></c><c t=\"s\"><v>99</v></c></row>\
        </sheetData></worksheet>";
    let bytes = archive(&[
        ("xl/sharedStrings.xml", STRINGS),
        ("xl/worksheets/sheet1.xml", first),
        ("xl/worksheets/sheet3.xml", "<worksheet/>"),
    ]);
    let expected = vec![
        vec![
            (1, "Kommune||Land".to_owned()),
            (4, "Fürth|9563000|Bayern".to_owned()),
            (5, "A & B!".to_owned()),
        ],
        vec![],
    ];
    assert_eq!(shown(read(&bytes, 10)), expected);
}

#[test]
fn damaged_numbers_of_rows_rise_all_the_same() {
    let row = |number: &str| format!("<row r=\"{number}\"><c t=\"s\"><v>0</v></c></row>");
    let rows: String = ["3", "3", "1", "0", "x", "9"].map(row).concat();
    let stray = "<c t=\"s\"><v>0</v></c></row>";
    let first = format!("<worksheet><sheetData>{stray}{rows}</sheetData></worksheet>");
    let bytes = archive(&[
        ("xl/sharedStrings.xml", STRINGS),
        ("xl/worksheets/sheet1.xml", &first),
    ]);
    let expected = [1, 3, 4, 5, 6, 7, 9].map(|number| (number, "Kommune".to_owned()));
    assert_eq!(shown(read(&bytes, 10)), [expected.to_vec()]);
}

#[test]
fn tables_of_open_documents_are_read() {
    let content = "<office:document-content><table:table>\
        <table:table-row><table:table-cell><text:p>Kommune</text:p></table:table-cell>\
        <table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>\
        <table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>\
        <table:table-row><table:table-cell><office:annotation><text:p>Notiz</text:p></office:annotation>\
        <text:p>F\u{fc}<text:span>rth</text:span></text:p></table:table-cell></table:table-row>\
        <table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell/></table:table-row>\
        </table:table></office:document-content>";
    let bytes = archive(&[("content.xml", content)]);
    let expected = vec![vec![(1, "Kommune".to_owned()), (4, "Fürth".to_owned())]];
    assert_eq!(shown(read(&bytes, 10)), expected);
}

#[test]
fn no_file_grows_beyond_its_bounds() {
    let cell = "<c r=\"A1\"><v>1</v></c>";
    let far = format!(
        "<sheetData><row r=\"18446744073709551615\">{cell}</row><row>{cell}</row></sheetData>"
    );
    let wide = "<sheetData><row><c r=\"XFD1\"><v>1</v></c><c r=\"ZZZZZZZ1\"><v>1</v></c></row></sheetData>";
    let long = format!(
        "<sheetData>{}</sheetData>",
        format!("<row>{cell}</row>").repeat(1_000_000)
    );
    let fat = format!(
        "<sheetData><row><c><v>{}</v></c></row></sheetData>",
        "x".repeat(20_000_000)
    );
    for (sheet, rows) in [(far.as_str(), 1), (wide, 0), (&long, 502), (&fat, 0)] {
        let bytes = archive(&[("xl/worksheets/sheet1.xml", sheet)]);
        let sheets = read(&bytes, 502).expect("a workbook");
        assert!(sheets[0].len() >= rows && sheets[0].len() <= 502);
    }
    let repeated = "<table:table><table:table-row table:number-rows-repeated=\"4000000000\">\
        <table:table-cell table:number-columns-repeated=\"4000000000\"><text:p>x</text:p></table:table-cell>\
        </table:table-row></table:table>";
    let bytes = archive(&[("content.xml", repeated)]);
    assert_eq!(read(&bytes, 502).expect("a workbook")[0].len(), 502);
}

#[test]
fn what_is_no_workbook_is_none() {
    let whole = archive(&[("xl/worksheets/sheet1.xml", "<worksheet/>")]);
    for length in 0..whole.len() {
        let _ = read(&whole[..length], 10);
    }
    assert_eq!(read(b"Kommune;Gremium", 10), None);
    assert_eq!(read(&archive(&[("word/document.xml", "<x/>")]), 10), None);
}

#[test]
fn long_sheets_are_read_if_many_rows_are_wanted() {
    let cell = "x".repeat(300);
    let row = format!("<row><c><v>{cell}</v></c></row>");
    let sheet = format!(
        "<worksheet><sheetData>{}</sheetData></worksheet>",
        row.repeat(20_000)
    );
    let bytes = archive(&[("xl/worksheets/sheet1.xml", &sheet)]);
    let rows = |most| read(&bytes, most).map(|sheets| sheets.concat().len());
    assert_eq!(rows(50_000), Some(20_000));
    assert_eq!(rows(50), Some(50));
    assert!(rows(1_000) < Some(20_000));
}
