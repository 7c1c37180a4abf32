//! The package as a whole: what is refused, what goes, which parts hold marks.
//!
//! In: the bytes of a Word file. Out: its parts, still compressed, and as text those that
//! may hold marks. What goes: the link to a data source, a signature that is no longer
//! true, and of a template of the catalogue what only its author needs to know.

pub(super) mod access;
pub(super) mod changes;
pub(super) mod comments;
pub(super) mod encoding;
pub(super) mod parts;
mod privacy;
mod reach;
mod read;
pub(super) mod relationships;
mod settings;
pub(super) mod signature;
pub(super) mod styles;
mod targets;
mod title;
pub(super) mod tree;

use std::io;

pub(super) use self::parts::ContentTypes;
use self::parts::Source;
pub(super) use self::parts::whole;
pub use self::privacy::Keep;
pub(super) use self::read::{Package, inflate};
use self::styles::Styles;
use crate::merge::Fault;
use crate::merge::archive::Entry;
use crate::merge::document::field;

/// A package before its marks are compiled.
pub(super) struct Prepared {
    pub(super) package: Package,
    /// as it was, if it is signed
    signed: Option<Package>,
    pub(super) sources: Vec<Source>,
    notes: Vec<Fault>,
}

/// A package whose own text is to be changed.
pub(super) struct Draft {
    pub(super) package: Package,
    pub(super) sources: Vec<Source>,
    pub(super) styles: Styles,
    pub(super) notes: Vec<Fault>,
}

impl Draft {
    /// Reads a package: what is tracked is accepted, and a signature goes, which would be
    /// false.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let mut package = Package::read(bytes).map_err(whole)?;
        let types = ContentTypes::read(&package)?;
        let mut notes = changes::accept(&mut package, &types)?;
        parts::make_document(&mut package)?;
        if signature::remove(&mut package, &types)?.is_some() {
            notes.push(signature::note());
        }
        let sources = parts::sources(&package, &types)?;
        let main = sources.first().map_or("", |main| main.name.as_str());
        Ok(Self {
            styles: Styles::of(&package, main),
            sources,
            package,
            notes,
        })
    }
}

impl Prepared {
    /// Reads a package, and takes away what its documents are not to have; one of the
    /// catalogue also loses what its author left in it, but for what is to be kept, and gets
    /// this title if it has none.
    pub(super) fn read(bytes: &[u8], keep: Option<&Keep>, title: &str) -> Result<Self, Fault> {
        let mut package = Package::read(bytes).map_err(whole)?;
        let types = ContentTypes::read(&package)?;
        let mut notes = Vec::new();
        settings::leave_data_source(&mut package, &types)?;
        if let Some(keep) = keep {
            notes = changes::accept(&mut package, &types)?;
            // their paragraphs are counted once changes are accepted
            notes.extend(targets::notes(&package));
            settings::leave_template(&mut package, &types)?;
            privacy::scrub(&mut package, &types, keep)?;
            title::give(&mut package, &types, title)?;
        }
        parts::make_document(&mut package)?;
        let signed = signature::remove(&mut package, &types)?;
        let sources = parts::sources(&package, &types)?;
        if keep.is_some() {
            notes.extend(field::notes(&sources));
            notes.extend(access::notes(&package, &types, &sources));
        }
        Ok(Self {
            sources,
            package,
            signed,
            notes,
        })
    }

    /// The entries, compressed, and what is to be noted. A signature is true as long as
    /// nothing has changed.
    pub(super) fn finish(
        mut self,
        is_merged: impl Fn(usize) -> bool,
    ) -> io::Result<(Vec<Entry>, Vec<Fault>)> {
        let untouched = !self.sources.iter().any(|source| is_merged(source.index));
        let package = match self.signed {
            Some(signed) if untouched && !signed.changed => signed,
            Some(_) => {
                self.notes.push(signature::note());
                self.package
            }
            None => self.package,
        };
        Ok((package.into_entries(is_merged)?, self.notes))
    }
}
