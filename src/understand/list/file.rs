//! A list in an attached file. What stands in an attachment does not decide, unless the mail
//! leaves it to a list.

use super::columns::{self, Plan, Table};
use super::{List, MOST};
use crate::kommune::Register;
use crate::mail::File;
use crate::sheet::{self, Row};
use crate::understand::drafts::Sources;
use crate::understand::lexicon;
use crate::understand::targets::Reading;
use crate::understand::text::Text;

/// As many rows are read: one more than may be, and the title and heads above them.
const ROWS: usize = MOST + 8;

/// What the mail says of a list that it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reference {
    None,
    /// "anbei", "im Anhang", "unsere Liste"
    Mentioned,
    /// "laut Liste", "siehe Anhang"
    Named,
    /// "für alle Kommunen in der Liste"
    All,
}

/// The list of the first file that is one, if the mail leaves it to it.
pub(super) fn find(
    files: &[File],
    new: &str,
    sources: &Sources<'_, '_>,
    register: &Register,
) -> Option<List> {
    if files.is_empty() {
        return None;
    }
    let least = least_plan(sources, register)?;
    let mut lists = files
        .iter()
        .filter_map(|file| Some((file, table(file, register).filter(|t| t.plan >= least)?)));
    let (file, table) = lists.next()?;
    // of two lists nobody knows which is meant, unless they are one in two formats
    let other = lists.any(|(_, other)| !is_same(&table, &other));
    (!other).then(|| List {
        records: table.records,
        file: Some(file.name.clone()),
        frame: new.to_owned(),
        vorlage: table.vorlage,
    })
}

/// How plain a table has to be, so that it decides; `None` if none may.
fn least_plan(sources: &Sources<'_, '_>, register: &Register) -> Option<Plan> {
    let own = &sources.own;
    let subject = sources.subject.as_ref();
    let reference = subject
        .map_or(Reference::None, |subject| reference(&subject.text))
        .max(reference(&own.text));
    if own.places.iter().any(|place| place.signs.counts()) {
        let mere = !own.places.iter().any(|place| place.signs.is_asked());
        return (mere && reference == Reference::All).then_some(Plan::Kommunen);
    }
    let names = |reading: &Option<Reading<'_, '_>>| {
        let reading = reading.as_ref();
        reading.is_some_and(|reading| !reading.targets(register).is_empty())
    };
    let elsewhere = names(&sources.subject) || names(&sources.signature);
    let count = own.text.words.len();
    let several = own.text.any(0..count, lexicon::is_motions);
    match reference {
        Reference::All => Some(Plan::Mixed),
        Reference::Named => Some(Plan::Kommunen),
        Reference::Mentioned if several || !elsewhere => Some(Plan::Kommunen),
        Reference::None if !elsewhere => Some(Plan::Motions),
        _ => None,
    }
}

fn reference(text: &Text<'_>) -> Reference {
    let words = &text.words;
    let mut found = Reference::None;
    for i in (0..words.len()).filter(|i| lexicon::is_of_lists(words.word(*i))) {
        let sentence = text.sentence(i);
        let mut pairs = sentence.clone().zip(sentence.clone().skip(1));
        let reference =
            if pairs.any(|(a, b)| is_for(words.word(a)) && lexicon::is_every(words.word(b))) {
                Reference::All
            } else if text.any(sentence, lexicon::leads_to_list) {
                Reference::Named
            } else {
                Reference::Mentioned
            };
        found = found.max(reference);
    }
    found
}

fn is_for(word: &str) -> bool {
    matches!(word, "fuer" | "fur" | "an" | "for")
}

/// The first table of a file that has heads, else the first that is a list.
fn table(file: &File, register: &Register) -> Option<Table> {
    let sheets: Vec<Vec<Row>> = if file.bytes.starts_with(b"PK") {
        sheet::read_workbook(&file.bytes, ROWS)?
    } else {
        vec![sheet::read_delimited(&file.text(), ROWS)]
    };
    let mut tables: Vec<Table> = sheets
        .iter()
        .filter_map(|rows| columns::read(rows, register))
        .collect();
    let best = tables.iter().map(|table| table.plan).max()?;
    let at = tables.iter().position(|table| table.plan == best)?;
    Some(tables.swap_remove(at))
}

fn is_same(a: &Table, b: &Table) -> bool {
    let rows = |table: &Table| -> Vec<(String, String)> {
        let rows = table.records.iter();
        rows.map(|row| (row.kommune.clone(), row.beirat.clone()))
            .collect()
    };
    rows(a) == rows(b)
}
