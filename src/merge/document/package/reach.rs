//! What the relationships of a package lead to (ECMA-376 part 2, 6.5).

use std::collections::BTreeSet;

use super::Package;
use super::relationships::{self, Relationship};
use crate::merge::Fault;

/// The types of relationships, by their ends, that lead to parts with text.
const TEXT: [&str; 14] = [
    "officeDocument",
    "header",
    "footer",
    "footnotes",
    "endnotes",
    "comments",
    "chart",
    "chartEx",
    "chartUserShapes",
    "diagramData",
    "diagramDrawing",
    "core-properties",
    "custom-properties",
    "extended-properties",
];

/// The parts that are reached through relationships; names in small letters.
pub(super) struct Reach {
    /// as parts of the document with text
    text: BTreeSet<String>,
    /// as such parts, or from the glossary: building blocks that wait to be put in
    all: BTreeSet<String>,
}

impl Reach {
    pub(super) fn read(package: &Package) -> Result<Self, Fault> {
        let leads = |it: &Relationship| TEXT.iter().any(|kind| it.is(kind));
        let to_all = |it: &Relationship| leads(it) || it.is("glossaryDocument");
        Ok(Self {
            text: reached(package, leads)?,
            all: reached(package, to_all)?,
        })
    }

    /// Whether a part has text, by what leads to it.
    pub(super) fn is_text(&self, name: &str) -> bool {
        self.text.contains(&name.to_lowercase())
    }

    /// Whether only the glossary leads to a part.
    pub(super) fn is_glossary(&self, name: &str) -> bool {
        self.all.contains(&name.to_lowercase()) && !self.is_text(name)
    }
}

/// The parts that relationships lead to, from the package on.
fn reached(
    package: &Package,
    follows: impl Fn(&Relationship) -> bool,
) -> Result<BTreeSet<String>, Fault> {
    let mut reached = BTreeSet::new();
    let mut owners = vec![String::new()];
    while let Some(owner) = owners.pop() {
        let relationships = relationships::read(package, &owner)?;
        let parts = relationships.iter().filter(|it| follows(it));
        for part in parts.filter_map(|it| it.part(&owner)) {
            let part = part.to_lowercase();
            if reached.insert(part.clone()) {
                owners.push(part);
            }
        }
    }
    Ok(reached)
}
