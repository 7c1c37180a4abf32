//! A list in an attached file. What stands in an attachment does not decide, unless the mail
//! leaves it to a list.

use super::columns::{self, Plan, Table};
use super::{List, MOST};
use crate::kommune::Register;
use crate::mail::{File, Mail};
use crate::sheet::{self, Row};
use crate::understand::drafts::Sources;
use crate::understand::lexicon;
use crate::understand::places::Weight;
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
    /// "laut Liste", "siehe Anhang"; motions in the plural
    Named,
    /// "für alle Kommunen in der Liste"
    All,
}

/// The list of the first file that is one, if the mail leaves it to it.
pub(super) fn find(
    mail: &Mail,
    new: &str,
    sources: &Sources<'_, '_>,
    register: &Register,
) -> Option<List> {
    if mail.files.is_empty() {
        return None;
    }
    let least = least_plan(sources, register)?;
    let mut lists = mail
        .files
        .iter()
        .filter_map(|file| Some((file, table(file, register).filter(|t| t.plan >= least)?)));
    let (file, table) = lists.next()?;
    // of two lists nobody knows which is meant, unless they are one in two formats
    let other = lists.any(|(_, other)| !is_same(&table, &other));
    (!other).then(|| List {
        records: table.records,
        file: Some(file.name.clone()),
        frame: new.to_owned(),
    })
}

/// How plain a table has to be, so that it decides; `None` if none may.
fn least_plan(sources: &Sources<'_, '_>, register: &Register) -> Option<Plan> {
    let own = &sources.own;
    let reference = reference(&own.text);
    let weight = own.places.iter().map(|place| place.weight).max();
    if weight.is_some_and(|weight| weight > Weight::Mentioned) {
        let mere = weight < Some(Weight::Asked);
        return (mere && reference == Reference::All).then_some(Plan::Places);
    }
    let names = |reading: &Option<Reading<'_, '_>>| {
        reading
            .as_ref()
            .is_some_and(|reading| !reading.targets(register).is_empty())
    };
    match reference {
        Reference::Named | Reference::All => Some(Plan::Places),
        _ if names(&sources.subject) || names(&sources.signature) => None,
        Reference::Mentioned => Some(Plan::Kommunen),
        Reference::None => Some(Plan::Motions),
    }
}

fn reference(text: &Text<'_>) -> Reference {
    let words = &text.words;
    let count = words.len();
    let mut found = Reference::None;
    for i in (0..count).filter(|i| lexicon::is_of_lists(words.word(*i))) {
        let sentence = text.sentence(i);
        let reference = if text.any(sentence.clone(), lexicon::is_every) {
            Reference::All
        } else if text.any(sentence, lexicon::leads_to_list)
            || text.any(0..count, lexicon::is_motions)
        {
            Reference::Named
        } else {
            Reference::Mentioned
        };
        found = found.max(reference);
    }
    found
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
