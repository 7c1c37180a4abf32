//! A Word package, merged in place (ECMA-376).
//!
//! In: the bytes of a .docx or .dotx. Out: the package with its marks replaced. Parts
//! without marks are handed on in their compressed form; parts with marks keep every
//! element they had, but for those that stand for a block.
//!
//! | module | |
//! | --- | --- |
//! | `package` | the zip archive and its parts: what is refused, what goes, which hold marks |
//! | `scan`, `elements`, `attribute` | a part as its reader sees it, and where that stands in the XML |
//! | `levels`, `join`, `surround`, `run`, `cell` | what goes with a mark: its run, paragraph, cell or row |
//! | `field`, `control` | Word's own ways to write a mark: fields, content controls |
//! | `layout` | what is cut out of a part and put into it |
//! | `part`, `plain`, `proof` | a part compiled, and proven to stay well-formed |
//! | `deflate`, `writer`, `husk` | what a merge writes, and what it leaves out because it is empty |
//! | `repeat` | ids and lists in what is repeated |
//! | `reword` | changing the text of a file that is no template yet |
//! | `annotate` | a copy of the author's own package with comments at its faults |

mod annotate;
mod attribute;
mod cell;
mod control;
mod deflate;
mod elements;
mod field;
mod husk;
mod join;
mod layout;
mod levels;
mod package;
mod part;
mod plain;
mod proof;
mod repeat;
mod reword;
mod run;
mod scan;
mod surround;
mod writer;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use minijinja::Environment;

pub use self::annotate::annotate;
pub use self::package::Keep;
use self::package::{Prepared, whole};
use self::part::Part;
use self::repeat::{Ids, Renewal};
pub use self::reword::{Change, Manuscript, Passage};
use super::archive::{self, Entry};
use super::program::Compiler;
use super::{Error, Fault, Rules, Values};

/// A compiled Word template.
#[derive(Debug)]
pub struct Document {
    environment: Environment<'static>,
    /// all parts in the order of the package
    entries: Vec<Entry>,
    /// those with marks, by their number
    parts: BTreeMap<usize, Part>,
    /// what must be unique in them
    ids: Ids,
    fields: BTreeSet<String>,
    notes: Vec<Fault>,
    /// what the merged parts of all documents may still come to, in bytes; `None` is without end
    room: Option<AtomicUsize>,
    /// whether every part is parsed again when it has been merged
    checked: bool,
}

impl Document {
    /// Compiles a .docx package; under strict rules nothing of its author is kept.
    ///
    /// # Errors
    ///
    /// All faults at once: a file that is no sound Word package, marks that are not
    /// closed or make no sense, names that the rules do not know, blocks that would tear
    /// the document apart.
    pub fn compile(package: Vec<u8>, rules: &Rules) -> Result<Self, Vec<Fault>> {
        Self::compile_keeping(package, rules, &Keep::default(), "")
    }

    /// Compiles a .docx package; under strict rules only this is kept of its author, and its
    /// documents get this title if it has none of its own.
    ///
    /// # Errors
    ///
    /// As [`Document::compile`].
    pub fn compile_keeping(
        package: Vec<u8>,
        rules: &Rules,
        keep: &Keep,
        title: &str,
    ) -> Result<Self, Vec<Fault>> {
        let is_strict = matches!(rules, Rules::Strict(_));
        let prepared = Prepared::read(&package, is_strict.then_some(keep), title)
            .map_err(|fault| vec![fault])?;
        drop(package);
        let mut compiler = Compiler::new(rules);
        let mut ids = Ids::default();
        let parts: BTreeMap<usize, Part> = prepared
            .sources
            .iter()
            .filter_map(|source| {
                let part = Part::compile(source, &mut compiler, &mut ids)?;
                Some((source.index, part))
            })
            .collect();
        if !compiler.faults.is_empty() {
            return Err(distinct(compiler.faults));
        }
        ids.survey(&prepared.package, &prepared.sources)
            .map_err(|fault| vec![fault])?;
        let (entries, notes) = prepared
            .finish(|index| parts.contains_key(&index))
            .map_err(|failure| vec![whole(failure.to_string())])?;
        Ok(Self {
            environment: compiler.environment,
            entries,
            notes,
            parts,
            ids,
            fields: compiler.fields,
            room: None,
            checked: is_strict,
        })
    }

    /// What an administrator should know of a template even if it has faults; nothing if
    /// it cannot be read.
    pub fn notes_of(package: &[u8], keep: &Keep) -> Vec<Fault> {
        let prepared = Prepared::read(package, Some(keep), "").ok();
        let finished = prepared.and_then(|prepared| prepared.finish(|_| true).ok());
        finished.map_or(Vec::new(), |(_, notes)| notes)
    }

    /// Merges the values in; the same values give the same bytes.
    ///
    /// # Errors
    ///
    /// A value that the template needs is missing, its loops do not end, or (strict
    /// rules) what came out is not well-formed.
    pub fn merge(&self, values: &Values) -> Result<Vec<u8>, Error> {
        let mut renewal = Renewal::new(&self.ids);
        let mut merged = BTreeMap::new();
        for (index, part) in &self.parts {
            if let Some(original) = self.entries.get(*index) {
                let output = part.run(&self.environment, values)?;
                let left = self.room.as_ref();
                let room = left.map_or(usize::MAX, |left| left.swap(0, Ordering::Relaxed));
                let entry = part.merge(&output, original, self.checked, &mut renewal, room)?;
                if let Some(left) = left {
                    let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
                    left.store(room.saturating_sub(size), Ordering::Relaxed);
                }
                merged.insert(*index, entry);
            }
        }
        let part = |index| merged.get(&index).or_else(|| self.entries.get(index));
        let copied = renewal.copies(part, self.checked)?;
        merged.extend(copied);
        let entries = self.entries.iter().enumerate();
        archive::write(entries.map(|(index, entry)| merged.get(&index).unwrap_or(entry))).map_err(
            |too_large| Error {
                place: "Word-Datei".into(),
                problem: too_large.to_string(),
            },
        )
    }

    /// Lets each merge take no more than so many steps, shared among its parts, and all of them
    /// write no more than so many bytes of merged parts; for templates that need not be meant well.
    pub fn allow(&mut self, steps: u64, bytes: usize) {
        let parts = u64::try_from(self.parts.len()).unwrap_or(u64::MAX);
        self.environment.set_fuel(Some(steps / parts.max(1)));
        self.room = Some(AtomicUsize::new(bytes));
    }

    /// The names it uses, in the spelling of the schema where there is one.
    pub fn fields(&self) -> &BTreeSet<String> {
        &self.fields
    }

    /// What an administrator should know of a template though it is sound: what was taken
    /// off at loading, what the package lacks.
    pub fn notes(&self) -> &[Fault] {
        &self.notes
    }
}

/// Faults without those that say the same of the same place: a text box is written twice,
/// for newer and for older programs.
fn distinct(faults: Vec<Fault>) -> Vec<Fault> {
    let mut told = BTreeSet::new();
    let new = |fault: &Fault| told.insert(fault.to_string());
    faults.into_iter().filter(new).collect()
}
