//! Text with a delimiter between cells (RFC 4180 and its German relatives).

use super::Row;

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the characters themselves")]
pub enum Delimiter {
    Tab,
    Semicolon,
    Bar,
    Comma,
}

/// The order settles between those that are equally frequent.
const DELIMITERS: [Delimiter; 4] = [
    Delimiter::Tab,
    Delimiter::Semicolon,
    Delimiter::Bar,
    Delimiter::Comma,
];

/// As many lines tell which delimiter a file has.
const SAMPLE: usize = 20;

impl Delimiter {
    /// The character.
    pub fn as_char(self) -> char {
        match self {
            Self::Tab => '\t',
            Self::Semicolon => ';',
            Self::Bar => '|',
            Self::Comma => ',',
        }
    }

    fn of(c: char) -> Option<Self> {
        DELIMITERS
            .into_iter()
            .find(|delimiter| delimiter.as_char() == c)
    }

    /// The one that most of the first lines have: a file of one column has none.
    fn guess(text: &str) -> Option<Self> {
        let lines = || {
            text.lines()
                .filter(|line| !line.trim().is_empty())
                .take(SAMPLE)
        };
        let having = |delimiter: Self| {
            lines()
                .filter(|line| line.contains(delimiter.as_char()))
                .count()
        };
        let best = DELIMITERS.into_iter().rev().max_by_key(|d| having(*d))?;
        (having(best) * 2 > lines().count()).then_some(best)
    }
}

/// The first `most` rows of a file. A first line `sep=;` says what the delimiter is.
pub fn read(text: &str, most: usize) -> Vec<Row> {
    let (first, behind) = text.split_once('\n').unwrap_or((text, ""));
    let said = first
        .trim()
        .strip_prefix("sep=")
        .and_then(|rest| rest.chars().next());
    let (said, text, before) = match said.and_then(Delimiter::of) {
        Some(delimiter) => (Some(delimiter), behind, 1),
        None => (None, text, 0),
    };
    match said.or_else(|| Delimiter::guess(text)) {
        Some(delimiter) => quoted(text, delimiter, most, before),
        None => {
            let lines = text.lines().enumerate();
            let rows = lines.filter_map(|(i, line)| Row::of(i + 1 + before, [unquoted(line)]));
            rows.take(most).collect()
        }
    }
}

/// The cells of one line of a mail's text; quotation marks are ordinary there.
pub fn cells(line: &str, delimiter: Delimiter) -> Vec<&str> {
    // a table drawn with bars has them at both ends
    let inner = line
        .trim()
        .strip_prefix('|')
        .and_then(|line| line.strip_suffix('|'));
    let line = inner
        .filter(|_| delimiter == Delimiter::Bar)
        .unwrap_or(line);
    line.split(delimiter.as_char()).map(str::trim).collect()
}

fn unquoted(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix('"')
        .and_then(|inner| inner.strip_suffix('"'))
        .unwrap_or(line)
}

fn quoted(text: &str, delimiter: Delimiter, most: usize, before: usize) -> Vec<Row> {
    let delimiter = u8::try_from(delimiter.as_char()).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut number = before;
    for record in reader.records().map_while(Result::ok) {
        // the reader skips empty lines, programs that show the file do not
        let start = record
            .position()
            .and_then(|p| usize::try_from(p.byte()).ok());
        let rest = start.and_then(|start| text.as_bytes().get(start..));
        let skipped = rest
            .unwrap_or_default()
            .iter()
            .take_while(|byte| **byte == b'\n');
        number += skipped.count() + 1;
        rows.extend(Row::of(number, record.iter()));
        if rows.len() >= most {
            break;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_whatever_stands_between_cells() {
        let rows = |rows: &[(usize, &[&str])]| -> Vec<Row> {
            rows.iter()
                .map(|(number, cells)| Row {
                    number: *number,
                    cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
                })
                .collect()
        };
        /// text, then number and cells of every row
        type Case<'a> = (&'a str, &'a [(usize, &'a [&'a str])]);
        let table: [Case<'_>; 9] = [
            ("a;b\nc;d\n", &[(1, &["a", "b"]), (2, &["c", "d"])]),
            ("a,b\nc,d", &[(1, &["a", "b"]), (2, &["c", "d"])]),
            ("a\tb\n\nc\t\n", &[(1, &["a", "b"]), (3, &["c"])]),
            ("a|b\n", &[(1, &["a", "b"])]),
            ("sep=;\na;\"b; c\"\n", &[(2, &["a", "b; c"])]),
            (
                "a;\"sagt \"\"ja\"\"\"\n\"zwei\nZeilen\";x",
                &[(1, &["a", "sagt \"ja\""]), (2, &["zwei Zeilen", "x"])],
            ),
            (
                "Kommune\nFulda\n\"Hanau\"",
                &[(1, &["Kommune"]), (2, &["Fulda"]), (3, &["Hanau"])],
            ),
            (";;\n ; \n", &[]),
            ("", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(read(text, 10), rows(expected), "{text:?}");
        }
    }

    #[test]
    fn no_more_is_read_than_wanted() {
        let text = "Fulda;x\n".repeat(1_000_000);
        assert_eq!(read(&text, 502).len(), 502);
        let wide = read(&"x;".repeat(100_000), 5);
        assert_eq!(wide[0].cells.len(), super::super::MAX_CELLS);
        assert!(read(&format!("\"{}", "x ".repeat(1_000_000)), 5)[0].cells[0].len() <= 200);
    }
}
