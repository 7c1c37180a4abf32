//! A Word package, merged in place (ECMA-376).
//!
//! In: the bytes of a .docx or .dotx. Out: the package with its marks replaced. Parts
//! without marks are handed on in their compressed form; parts with marks keep every
//! element they had, but for those that stand for a block.

mod attribute;
mod cell;
mod deflate;
mod encoding;
mod join;
mod layout;
mod levels;
mod package;
mod part;
mod parts;
mod plain;
mod proof;
mod run;
mod scan;
mod surround;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Environment;

use self::package::Package;
use self::part::Part;
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
    fields: BTreeSet<String>,
    /// whether every part is parsed again when it has been merged
    checked: bool,
}

impl Document {
    /// Compiles a .docx package.
    ///
    /// # Errors
    ///
    /// All faults at once: a file that is no sound Word package, marks that are not
    /// closed or make no sense, names that the rules do not know, blocks that would tear
    /// the document apart.
    pub fn compile(package: Vec<u8>, rules: &Rules) -> Result<Self, Vec<Fault>> {
        let refused = |problem| {
            let place = "Word-Datei".to_owned();
            vec![Fault { place, problem }]
        };
        let mut package = Package::read(&package).map_err(refused)?;
        let sources = parts::sources(&package).map_err(refused)?;
        parts::make_document(&mut package).map_err(refused)?;
        let mut compiler = Compiler::new(rules);
        let parts: BTreeMap<usize, Part> = sources
            .iter()
            .filter_map(|source| Some((source.index, Part::compile(source, &mut compiler)?)))
            .collect();
        if !compiler.faults.is_empty() {
            return Err(compiler.faults);
        }
        Ok(Self {
            environment: compiler.environment,
            entries: package.entries,
            parts,
            fields: compiler.fields,
            checked: matches!(rules, Rules::Strict(_)),
        })
    }

    /// Merges the values in; the same values give the same bytes.
    ///
    /// # Errors
    ///
    /// A value that the template needs is missing, its loops do not end, or (strict
    /// rules) what came out is not well-formed.
    pub fn merge(&self, values: &Values) -> Result<Vec<u8>, Error> {
        let mut merged = BTreeMap::new();
        for (index, part) in &self.parts {
            if let Some(original) = self.entries.get(*index) {
                let entry = part.merge(&self.environment, values, original, self.checked)?;
                merged.insert(*index, entry);
            }
        }
        let entries = self.entries.iter().enumerate();
        archive::write(entries.map(|(index, entry)| merged.get(&index).unwrap_or(entry))).map_err(
            |too_large| Error {
                place: "Word-Datei".to_owned(),
                problem: too_large.to_string(),
            },
        )
    }

    /// The names it uses, in the spelling of the schema where there is one.
    pub fn fields(&self) -> &BTreeSet<String> {
        &self.fields
    }
}
