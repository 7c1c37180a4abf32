//! Lists of municipalities, as an umbrella organisation sends them for all its members: in the
//! text of the mail, or as an attached CSV file or workbook.
//!
//! Each row is understood as `Feld: Wert` lines are; one row in doubt makes all a question that
//! names every faulty row.

mod columns;
mod faults;
mod file;
mod frame;
mod heads;
mod record;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;

use super::decide;
use super::drafts::Sources;
use super::fields::{self, Block, Entry, Field};
use super::lexicon;
use super::purpose;
use super::targets::Reading;
use super::{ListFaults, Understanding};
use crate::kommune::Register;
use crate::mail::File;
use faults::in_doubt;
use record::Record;
pub(super) use text::Own;

/// The most rows of a list.
const MOST: usize = 500;

/// Beyond this length, in bytes, of the text round a list, it is a letter that happens to hold one.
const MAX_FRAME: usize = 16 * 1024;

/// More blocks of `Feld: Wert` lines than this are a list.
const MANY_BLOCKS: usize = 5;

/// A list that is asked for.
#[derive(Debug)]
pub(super) struct List {
    records: Vec<Record>,
    /// the file it came in
    file: Option<String>,
    /// the mail's own text without the list
    frame: String,
    /// the motion that a column names
    vorlage: Option<String>,
}

impl List {
    /// The motion that it asks for, as a line would.
    pub(super) fn entry(&self) -> Option<Entry<'_>> {
        self.vorlage.as_deref().map(|value| Entry {
            field: Field::Vorlage,
            value,
        })
    }
}

/// The list that the mail asks for, if it asks for one.
pub(super) fn find(
    files: &[File],
    own: &Own<'_>,
    sources: &Sources<'_, '_>,
    register: &Register,
) -> Option<List> {
    if is_thanks(sources) {
        return None;
    }
    let blocks: Vec<&Block<'_>> = sources
        .blocks
        .iter()
        .filter(|block| is_placed(block))
        .collect();
    if blocks.len() > MANY_BLOCKS {
        let records = blocks.iter().enumerate();
        return Some(List {
            records: records
                .map(|(i, block)| Record::of_block(i + 1, block))
                .collect(),
            file: None,
            frame: String::new(),
            vorlage: None,
        });
    }
    let file = || file::find(files, &own.text, sources, register);
    let list = own.list(register).or_else(file)?;
    let fields = fields::read(&list.frame, &[]);
    let blocks = fields::blocks(&fields);
    let fits = list.frame.len() <= MAX_FRAME && blocks.len() <= 1 && !blocks.iter().any(is_placed);
    fits.then_some(list)
}

/// "Vielen Dank für die Anträge", but not "Anbei die Liste. Vielen Dank!" under "Musteranträge".
fn is_thanks(sources: &Sources<'_, '_>) -> bool {
    let asks = sources.subject.as_ref().is_some_and(|subject| {
        let words = subject.text.words.len();
        subject.text.any(0..words, lexicon::is_of_motions)
    });
    !asks && purpose::is_thanks_only(sources)
}

fn is_placed(block: &Block<'_>) -> bool {
    block.kommune.is_some_and(|(value, _)| !value.is_empty())
}

/// Decides what every row asks for.
pub(super) fn decide(list: &List, sources: Sources<'_, '_>, register: &Register) -> Understanding {
    let mut faults = ListFaults::new(list.file.clone());
    let place = faults.place();
    let rows = list.records.len();
    if rows > MOST {
        let evidence = format!("Die Liste {place} hat mehr als {MOST} Zeilen.");
        return faults.too_long(evidence);
    }
    let mut understanding = Understanding {
        evidence: vec![format!("Es gilt die Liste {place} mit {rows} Zeilen.")],
        ..Understanding::default()
    };
    let fields = fields::read(&list.frame, &[]);
    let defaults = fields::blocks(&fields);
    let mut around = Sources {
        own: Reading::of(&list.frame, register, &[]),
        subject: sources.subject,
        signature: sources.signature,
        blocks: Vec::new(),
    };
    frame::mute_councils(&mut around.own);
    if frame::restricts(&around.own) {
        let evidence = format!("Die Mail nimmt von der Liste {place} etwas aus.");
        return in_doubt(evidence);
    }
    let kinds = frame::Kinds::of(&around.own);
    let mut known = BTreeSet::new();
    let records: Vec<Record> = list
        .records
        .iter()
        .map(|record| kinds.apply(record.clone(), register))
        .collect();
    for record in &records {
        let mut row = if record.contradicts {
            record.in_doubt(register)
        } else {
            around.blocks = vec![record.block(defaults.first())];
            decide::decide(&around, register)
        };
        let mut wishes = std::mem::take(&mut row.wishes);
        understanding.request.append(&mut row.request);
        faults.take(record, row, &wishes, register);
        wishes.retain(|wish| known.insert((wish.kommune.clone(), wish.beirat.name.clone())));
        understanding.wishes.extend(wishes);
    }
    faults.settle(&mut understanding);
    understanding
}
