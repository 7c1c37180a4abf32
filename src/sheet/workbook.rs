//! Workbooks: zip archives of XML, as Excel (ECMA-376 part 1, 18) and LibreOffice
//! (OpenDocument 1.3 part 3, 9) write them. Of what a cell shows, the text is read.

use std::io::{BufRead, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::{MAX_CELL, MAX_CELLS, Row};

/// The most parts of a workbook; large ones have some hundred.
const MAX_PARTS: usize = 2_000;

/// The most that is inflated of one part, in bytes, if few rows are read; 500 take some 100 KiB.
const MAX_PART: u64 = 4 * 1024 * 1024;

/// The most that is inflated for each row that is read, in bytes; wide ones take some 900.
const MAX_ROW: u64 = 2 * 1024;

/// The most shared strings that are kept.
const MAX_STRINGS: usize = 100_000;

/// The most worksheets that are looked at.
const MAX_SHEETS: usize = 5;

/// The most rows or cells that one stands for: as many as the programs have rows.
const MAX_REPEATED: usize = 1 << 20;

/// The first `most` rows of each worksheet, in the order of the parts; `None` if the bytes are no
/// workbook.
pub fn read(bytes: &[u8], most: usize) -> Option<Vec<Vec<Row>>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    if archive.len() > MAX_PARTS {
        return None;
    }
    if archive.index_for_name("content.xml").is_some() {
        return Some(tables(part(&mut archive, "content.xml", most)?, most));
    }
    let strings = match part(&mut archive, "xl/sharedStrings.xml", most) {
        Some(part) => shared_strings(part),
        None => Vec::new(),
    };
    let mut sheets = Vec::new();
    for number in 1..=MAX_SHEETS {
        let name = format!("xl/worksheets/sheet{number}.xml");
        let Some(part) = part(&mut archive, &name, most) else {
            continue;
        };
        sheets.push(worksheet(part, &strings, most));
    }
    (!sheets.is_empty()).then_some(sheets)
}

/// A part to be read as XML, of a length that `most` rows bound, whatever the archive says.
fn part<'a, 'b>(
    archive: &'a mut ZipArchive<Cursor<&'b [u8]>>,
    name: &str,
    most: usize,
) -> Option<Reader<impl BufRead + use<'a, 'b>>> {
    let file = archive.by_name(name).ok()?;
    let bound = u64::try_from(most)
        .unwrap_or(u64::MAX)
        .saturating_mul(MAX_ROW);
    let mut reader = Reader::from_reader(BufReader::new(file.take(MAX_PART.max(bound))));
    reader.config_mut().check_end_names = false;
    Some(reader)
}

/// Hands over the events of a part up to its end or its first fault, until told to stop.
fn walk<R: BufRead>(mut part: Reader<R>, mut take: impl FnMut(Event<'_>) -> Option<()>) {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let Ok(event) = part.read_event_into(&mut buffer) else {
            return;
        };
        if matches!(event, Event::Eof) {
            return;
        }
        // an empty element begins and ends
        let taken = match event {
            Event::Empty(start) => {
                let end = start.to_end().into_owned();
                take(Event::Start(start)).and_then(|()| take(Event::End(end)))
            }
            other => take(other),
        };
        if taken.is_none() {
            return;
        }
    }
}

/// Adds what a text or a reference says, as far as a cell may be long.
fn add(text: &mut String, event: &Event<'_>) {
    if text.len() > 4 * MAX_CELL {
        return;
    }
    match event {
        Event::Text(content) => text.push_str(&content.xml10_content()),
        Event::CData(content) => text.push_str(&content.xml10_content()),
        Event::GeneralRef(reference) => {
            let named = reference.resolve_char_ref().ok().flatten();
            let known = quick_xml::escape::resolve_predefined_entity(reference);
            match (named, known) {
                (Some(c), _) => text.push(c),
                (None, Some(known)) => text.push_str(known),
                _ => {}
            }
        }
        _ => {}
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    Some(attribute.value.into_owned())
}

/// The strings that cells refer to by number; what phonetic runs say is none of theirs.
fn shared_strings<R: BufRead>(part: Reader<R>) -> Vec<String> {
    let mut strings: Vec<String> = Vec::new();
    let (mut shown, mut phonetic) = (false, false);
    walk(part, |event| {
        match &event {
            Event::Start(start) => match start.local_name().as_ref() {
                "si" if strings.len() < MAX_STRINGS => strings.push(String::new()),
                "si" => return None,
                "rPh" => phonetic = true,
                "t" => shown = !phonetic,
                _ => {}
            },
            Event::End(end) => match end.local_name().as_ref() {
                "rPh" => phonetic = false,
                "t" => shown = false,
                _ => {}
            },
            other => {
                if let Some(string) = strings.last_mut().filter(|_| shown) {
                    add(string, other);
                }
            }
        }
        Some(())
    });
    strings
}

/// A row being read.
#[derive(Default)]
struct Open {
    number: usize,
    cells: Vec<String>,
    /// where the next cell goes that does not say
    column: usize,
}

impl Open {
    /// Puts a cell into its column, if it is one of those that are read.
    fn put(&mut self, column: usize, text: String) {
        if column < MAX_CELLS && !text.is_empty() {
            self.cells
                .resize(self.cells.len().max(column + 1), String::new());
            if let Some(cell) = self.cells.get_mut(column) {
                *cell = text;
            }
        }
    }

    fn finish(&mut self) -> Option<Row> {
        // Cells in no row at all are damage, too.
        self.number = self.number.max(1);
        Row::of(self.number, std::mem::take(&mut self.cells))
    }
}

fn worksheet<R: BufRead>(part: Reader<R>, strings: &[String], most: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = Open::default();
    let (mut shared, mut shown, mut text) = (false, false, String::new());
    walk(part, |event| {
        match &event {
            Event::Start(start) => match start.local_name().as_ref() {
                "row" => {
                    let said = attribute(start, "r").and_then(|number| number.parse().ok());
                    // A number that was there before, or none at all, is damage.
                    let next = row.number.saturating_add(1);
                    row.number = said.filter(|said| *said >= next).unwrap_or(next);
                    row.column = 0;
                }
                "c" => {
                    let place = attribute(start, "r").and_then(|place| column_of(&place));
                    row.column = place.unwrap_or(row.column);
                    shared = attribute(start, "t").as_deref() == Some("s");
                    text.clear();
                }
                "v" | "t" => shown = true,
                _ => {}
            },
            Event::End(end) => match end.local_name().as_ref() {
                "v" | "t" => shown = false,
                "c" => {
                    let said = std::mem::take(&mut text);
                    let string = || strings.get(said.trim().parse::<usize>().ok()?).cloned();
                    let cell = if shared {
                        string().unwrap_or_default()
                    } else {
                        said
                    };
                    row.put(row.column, cell);
                    row.column += 1;
                }
                "row" => rows.extend(row.finish()),
                "sheetData" => return None,
                _ => {}
            },
            other if shown => add(&mut text, other),
            _ => {}
        }
        (rows.len() < most).then_some(())
    });
    rows
}

/// The column of a place such as "AB12", from 0.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_uppercase).take(3);
    let number = letters.fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1);
    number.checked_sub(1)
}

/// The tables of an OpenDocument spreadsheet.
fn tables<R: BufRead>(part: Reader<R>, most: usize) -> Vec<Vec<Row>> {
    let mut tables: Vec<Vec<Row>> = Vec::new();
    let mut row = Open::default();
    let (mut shown, mut noted, mut text) = (0_usize, false, String::new());
    let (mut repeated_row, mut repeated_cell) = (1_usize, 1_usize);
    let times = |start: &BytesStart<'_>, name| {
        let said = attribute(start, name).and_then(|number| number.parse().ok());
        said.unwrap_or(1).clamp(1, MAX_REPEATED)
    };
    walk(part, |event| {
        match &event {
            Event::Start(start) => match start.local_name().as_ref() {
                "table" if tables.len() == MAX_SHEETS => return None,
                "table" => {
                    tables.push(Vec::new());
                    row = Open {
                        number: 1,
                        ..Open::default()
                    };
                }
                "table-row" => {
                    row.column = 0;
                    repeated_row = times(start, "table:number-rows-repeated");
                }
                "table-cell" | "covered-table-cell" => {
                    repeated_cell = times(start, "table:number-columns-repeated");
                    text.clear();
                }
                "annotation" => noted = true,
                "p" => shown += 1,
                _ => {}
            },
            Event::End(end) => match end.local_name().as_ref() {
                "annotation" => noted = false,
                "p" => {
                    shown = shown.saturating_sub(1);
                    text.push(' ');
                }
                "table-cell" | "covered-table-cell" => {
                    let last = row.column.saturating_add(repeated_cell);
                    for column in row.column..last.min(MAX_CELLS) {
                        row.put(column, text.trim().to_owned());
                    }
                    row.column = last;
                }
                "table-row" => {
                    let number = row.number;
                    if let (Some(table), Some(first)) = (tables.last_mut(), row.finish()) {
                        for i in 0..repeated_row.min(most.saturating_sub(table.len())) {
                            let number = number.saturating_add(i);
                            table.push(Row {
                                number,
                                ..first.clone()
                            });
                        }
                    }
                    row.number = number.saturating_add(repeated_row);
                }
                _ => {}
            },
            other if shown > 0 && !noted => add(&mut text, other),
            _ => {}
        }
        Some(())
    });
    tables
}

#[cfg(test)]
mod tests;
