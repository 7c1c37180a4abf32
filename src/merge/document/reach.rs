//! What the relationships of a package lead to (ECMA-376 part 2, 6.5).

use std::collections::BTreeSet;

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
    /// Follows relationships; `read` gives those of a part by their types and the names
    /// of the parts they lead to, and those of the package for a part without a name.
    pub(super) fn follow<E>(
        read: impl Fn(&str) -> Result<Vec<(String, String)>, E>,
    ) -> Result<Self, E> {
        let leads = |kind: &str| TEXT.contains(&kind.rsplit('/').next().unwrap_or_default());
        let glossary = |kind: &str| leads(kind) || kind.ends_with("/glossaryDocument");
        Ok(Self {
            text: reached(&read, leads)?,
            all: reached(&read, glossary)?,
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

fn reached<E>(
    read: impl Fn(&str) -> Result<Vec<(String, String)>, E>,
    follows: impl Fn(&str) -> bool,
) -> Result<BTreeSet<String>, E> {
    let mut reached = BTreeSet::new();
    let mut owners = vec![String::new()];
    while let Some(owner) = owners.pop() {
        for (kind, part) in read(&owner)? {
            let part = part.to_lowercase();
            if follows(&kind) && reached.insert(part.clone()) {
                owners.push(part);
            }
        }
    }
    Ok(reached)
}
