//! A list in the text of the mail: rows of a pasted table, or one municipality a line.

use std::borrow::Cow;
use std::ops::Range;

use super::columns;
use super::record::Record;
use super::{List, MOST};
use crate::kommune::{Register, Words};
use crate::sheet::{Delimiter, Row, cells};
use crate::understand::lexicon;
use crate::understand::targets::Reading;

/// The longest line of a list, in bytes; what is longer is prose.
const MAX_LINE: usize = 200;

/// As many words has a line of a list at most.
const MAX_WORDS: usize = 12;

/// Without bullets, as many lines are a list; two may be an address.
const LEAST_UNMARKED: usize = 3;

/// As many lists are set aside at most.
const MAX_ASIDE: usize = 5;

/// The longest text that is searched, in bytes: a list of 500 rows takes some 20 KiB.
const MAX_TEXT: usize = 64 * 1024;

/// A text without lists of which the words before say that they are of others.
pub(in crate::understand) struct Own<'t> {
    pub(in crate::understand) text: Cow<'t, str>,
    /// the lines of the list that it holds
    list: Option<(Range<usize>, Rows)>,
}

/// What the lines of a list say.
struct Rows {
    records: Vec<Record>,
    vorlage: Option<String>,
}

impl<'t> Own<'t> {
    pub(in crate::understand) fn of(text: &'t str, register: &Register) -> Self {
        let mut own = Self {
            text: Cow::Borrowed(text),
            list: None,
        };
        for _ in 0..MAX_ASIDE {
            if own.text.len() > MAX_TEXT {
                break;
            }
            let lines: Vec<&str> = own.text.lines().collect();
            match find(&lines, register) {
                Some((range, _)) if is_set_apart(&lines, range.start) => {
                    own.text = Cow::Owned(without(&lines, &range));
                }
                found => {
                    own.list = found;
                    break;
                }
            }
        }
        own
    }

    /// The list, if nothing else in the text is asked for.
    pub(super) fn list(&self, register: &Register) -> Option<List> {
        let (range, rows) = self.list.as_ref()?;
        let lines: Vec<&str> = self.text.lines().collect();
        let frame = without(&lines, range);
        let asked = Reading::of(&frame, register, &[])
            .places
            .iter()
            .any(|place| place.signs.counts());
        (!asked).then_some(List {
            records: rows.records.clone(),
            file: None,
            frame,
            vorlage: rows.vorlage.clone(),
        })
    }
}

fn find(lines: &[&str], register: &Register) -> Option<(Range<usize>, Rows)> {
    let found = table(lines, register).or_else(|| items(lines, register));
    found.filter(|(_, rows)| is_of_several(&rows.records, register))
}

fn without(lines: &[&str], range: &Range<usize>) -> String {
    let rest = lines.iter().enumerate().filter(|(i, _)| !range.contains(i));
    let rest: Vec<&str> = rest.map(|(_, line)| *line).collect();
    rest.join("\n")
}

/// Whether at least two municipalities are named: one that is named twice is an address.
fn is_of_several(records: &[Record], register: &Register) -> bool {
    let mut bearers = records
        .iter()
        .filter_map(|record| register.whole_spot(&Words::of(&record.kommune)))
        .map(|spot| spot.bearers);
    let Some(first) = bearers.next() else {
        return records.len() > 1;
    };
    bearers.any(|others| !others.iter().any(|bearer| first.contains(bearer)))
}

/// Whether the words before a list say that it is of others: "nicht für", "schon bekommen".
fn is_set_apart(lines: &[&str], start: usize) -> bool {
    let before = lines.get(..start).unwrap_or_default().iter().rev();
    let near = before.skip_while(|line| line.trim().is_empty());
    let paragraph: Vec<&str> = near
        .take_while(|line| !line.trim().is_empty())
        .copied()
        .collect();
    let Some(last) = paragraph.first() else {
        return false;
    };
    // the last sentence of the paragraph, which may begin a line earlier
    let joined = paragraph
        .iter()
        .rev()
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    let body = joined.trim_end_matches([':', ' ', '.']);
    let sentence = body.rsplit(". ").next().unwrap_or(last);
    let words = Words::of(sentence);
    (0..words.len()).any(|i| lexicon::sets_apart(words.word(i)))
}

/// Lines with the same delimiter, as pasted tables have them.
fn table(lines: &[&str], register: &Register) -> Option<(Range<usize>, Rows)> {
    for delimiter in [Delimiter::Tab, Delimiter::Bar, Delimiter::Semicolon] {
        let split = |line: &str| -> Option<Vec<String>> {
            let cells = cells(line, delimiter);
            let sound = line.len() <= 4 * MAX_LINE && cells.len() > 1;
            sound.then(|| cells.into_iter().map(str::to_owned).collect())
        };
        if let Some(found) = run_of_rows(lines, register, split) {
            return Some(found);
        }
    }
    // cells of two columns come out of HTML as "Fürth: Ausländerbeirat"
    run_of_rows(lines, register, |line| {
        let (first, second) = line.split_once(':')?;
        (line.len() <= MAX_LINE).then(|| vec![first.trim().to_owned(), second.trim().to_owned()])
    })
}

/// The first run of rows that is a list; blank lines between rows do not matter.
fn run_of_rows(
    lines: &[&str],
    register: &Register,
    split: impl Fn(&str) -> Option<Vec<String>>,
) -> Option<(Range<usize>, Rows)> {
    let mut start = 0;
    while start < lines.len() {
        let mut rows: Vec<Row> = Vec::new();
        let mut end = start;
        for (i, line) in lines.iter().enumerate().skip(start) {
            match split(line) {
                Some(_) if is_rule(line) => end = i + 1,
                Some(cells) => {
                    let number = rows.len() + 1;
                    if rows.len() <= MOST + 1 {
                        rows.push(Row { number, cells });
                    }
                    end = i + 1;
                }
                None if line.trim().is_empty() || is_rule(line) => {}
                None => break,
            }
        }
        if rows.len() > 1
            && let Some(table) = columns::read(&rows, register)
            && table.plan >= columns::Plan::Kommunen
        {
            return Some((
                start..end,
                Rows {
                    records: table.records,
                    vorlage: table.vorlage,
                },
            ));
        }
        start = end.max(start + 1);
    }
    None
}

/// "-----+-----" between rows.
fn is_rule(line: &str) -> bool {
    let drawn = |c: char| c.is_whitespace() || "-+=_|─│┼".contains(c);
    !line.trim().is_empty() && line.chars().all(drawn)
}

/// A line as an item of a list.
struct Item<'t> {
    marker: Option<Marker>,
    words: &'t str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marker {
    Bullet,
    Number,
}

impl<'t> Item<'t> {
    fn of(line: &'t str) -> Option<Self> {
        let line = line.trim();
        if line.is_empty() || line.len() > MAX_LINE {
            return None;
        }
        let bulleted = line.trim_start_matches([
            '-', '–', '—', '*', '•', '·', '▪', '○', '●', '‣', '+', '\u{f0b7}',
        ]);
        let numbered = line
            .trim_start_matches('(')
            .trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = line.trim_start_matches('(').len() - numbered.len();
        let (marker, words) = if bulleted.len() < line.len() {
            (Some(Marker::Bullet), bulleted)
        } else if (1..=3).contains(&digits) && numbered.starts_with(['.', ')', ':', '\t']) {
            (
                Some(Marker::Number),
                numbered.trim_start_matches(['.', ')', ':']),
            )
        } else {
            (None, line)
        };
        let words = words.trim().trim_end_matches([',', ';', '.']).trim_end();
        let whole = !words.is_empty() && !words.contains(':') && !line.ends_with(['?', '!']);
        (whole && words.split_whitespace().count() <= MAX_WORDS).then_some(Self { marker, words })
    }
}

/// One municipality a line, all with a bullet, all with a number, or all bare.
fn items(lines: &[&str], register: &Register) -> Option<(Range<usize>, Rows)> {
    let mut start = 0;
    while start < lines.len() {
        let run = run_of_items(lines, start, register);
        if run.is_list(lines.get(..start).unwrap_or_default()) {
            return Some((
                start..run.end,
                Rows {
                    records: run.records,
                    vorlage: None,
                },
            ));
        }
        start = run.end.max(start + 1);
    }
    None
}

struct Run {
    records: Vec<Record>,
    end: usize,
    placed: usize,
    marker: Option<Marker>,
    coded: bool,
}

impl Run {
    /// Whether it is long enough for what stands before it.
    fn is_list(&self, before: &[&str]) -> bool {
        let mut before = before.iter().rev().filter(|line| !line.trim().is_empty());
        let announced = before
            .next()
            .is_some_and(|line| line.trim_end().ends_with(':'));
        let least = if self.marker.is_some() || announced && !self.coded {
            2
        } else {
            LEAST_UNMARKED
        };
        self.records.len() >= least && self.placed >= 2 && self.placed * 2 > self.records.len()
    }
}

fn run_of_items(lines: &[&str], start: usize, register: &Register) -> Run {
    let mut run = Run {
        records: Vec::new(),
        end: start,
        placed: 0,
        marker: None,
        coded: false,
    };
    let mut gap = false;
    for (i, line) in lines.iter().enumerate().skip(start) {
        if line.trim().is_empty() {
            if run.records.is_empty() {
                break;
            }
            gap = true;
            continue;
        }
        let Some(item) = Item::of(line) else { break };
        let record = Record::of_phrase(run.records.len() + 1, item.words, register);
        let placed = record.is_placed(register);
        let coded = item.words.starts_with(|c: char| c.is_ascii_digit());
        if run.records.is_empty() {
            run.marker = item.marker;
            run.coded = coded;
        }
        let alike = item.marker == run.marker && (item.marker.is_some() || coded == run.coded);
        let odd = is_said(item.words) || item.marker.is_none() && (gap || is_prose(item.words));
        let stray = run.records.is_empty() && run.marker.is_none();
        if !alike || !placed && (odd || stray || record.kommune.is_empty()) {
            break;
        }
        run.placed += usize::from(placed);
        // one more than may be tells that there are too many
        if run.records.len() <= MOST {
            run.records.push(record);
        }
        run.end = i + 1;
        gap = false;
    }
    run
}

/// Whether a line that is no place says something to the reader.
fn is_said(line: &str) -> bool {
    let words = Words::of(line);
    (0..words.len()).any(|i| lexicon::thanks(words.word(i)) || lexicon::requests(words.word(i)))
}

/// Whether a line that is no place belongs to a letter or an address.
fn is_prose(line: &str) -> bool {
    line.contains(|c: char| c.is_ascii_digit()) || line.split_whitespace().count() > 4
}
