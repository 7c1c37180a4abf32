//! What a template tells of its author, and what of that its documents pass on.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::Package;
use super::parts::{ContentTypes, rewrite, source};
use super::relationships;
use super::tree::{Edits, Tree};
use crate::merge::Fault;
use crate::merge::document::attribute::tag_name;
use crate::merge::values::TIME;

/// What a template of the catalogue passes on of its author, against the rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keep(BTreeSet<Trace>);

/// What a template tells of its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Trace {
    Author,
    Company,
    Comments,
    Times,
    RevisionIds,
    CustomProperties,
}

const WORDS: [(&str, Trace); 6] = [
    ("author", Trace::Author),
    ("company", Trace::Company),
    ("comments", Trace::Comments),
    ("times", Trace::Times),
    ("revision_ids", Trace::RevisionIds),
    ("custom_properties", Trace::CustomProperties),
];

impl Keep {
    /// The words for what can be kept.
    pub fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(word, _)| *word)
    }

    /// Keeps what this word stands for; tells whether it is one of [`Keep::words`].
    pub fn insert(&mut self, word: &str) -> bool {
        let known = WORDS.iter().find(|(known, _)| *known == word);
        self.0.extend(known.map(|(_, trace)| *trace));
        known.is_some()
    }

    fn has(&self, trace: Trace) -> bool {
        self.0.contains(&trace)
    }
}

/// Properties of the package by the ending of their part's content type (ECMA-376 part 2,
/// 8.3, and part 1, 22.2): what each tells.
const PROPERTIES: [(&str, &str, Trace); 11] = [
    ("core-properties+xml", "creator", Trace::Author),
    ("core-properties+xml", "lastModifiedBy", Trace::Author),
    ("core-properties+xml", "revision", Trace::Times),
    ("core-properties+xml", "lastPrinted", Trace::Times),
    ("core-properties+xml", "created", Trace::Times),
    ("core-properties+xml", "modified", Trace::Times),
    ("extended-properties+xml", "Manager", Trace::Author),
    ("extended-properties+xml", "Company", Trace::Company),
    ("extended-properties+xml", "HyperlinkBase", Trace::Company),
    ("extended-properties+xml", "TotalTime", Trace::Times),
    ("custom-properties+xml", "property", Trace::CustomProperties),
];

/// Takes out of a package what its author has left in it unknowingly, and puts marks for
/// the time of the request where the document tells its own.
pub(super) fn scrub(package: &mut Package, types: &ContentTypes, keep: &Keep) -> Result<(), Fault> {
    for ending in [
        "core-properties+xml",
        "extended-properties+xml",
        "custom-properties+xml",
    ] {
        for index in types.parts(package, ending) {
            rewrite(package, index, |tree| properties(tree, ending, keep))?;
        }
    }
    if !keep.has(Trace::Comments) {
        for (ending, edit) in [
            (
                "wordprocessingml.comments+xml",
                comments as fn(&Tree<'_>) -> Edits,
            ),
            ("wordprocessingml.commentsExtensible+xml", comments),
            ("wordprocessingml.people+xml", people),
        ] {
            for index in types.parts(package, ending) {
                rewrite(package, index, edit)?;
            }
        }
    }
    if !keep.has(Trace::RevisionIds) {
        remove_revision_ids(package, types)?;
    }
    let is_thumbnail =
        |relationship: &relationships::Relationship| relationship.is("metadata/thumbnail");
    relationships::remove_with_targets(package, "", is_thumbnail)
}

/// Properties that hold a mark are no longer the author's.
fn properties(tree: &Tree<'_>, ending: &str, keep: &Keep) -> Edits {
    let mut edits = Edits::default();
    for child in tree.children(0) {
        let Some(node) = tree.nodes.get(child) else {
            continue;
        };
        let told = PROPERTIES
            .iter()
            .find(|(part, name, _)| *part == ending && *name == node.name);
        // the path of the template that the author's document was made of
        let unwanted = node.name == "Template" || told.is_some_and(|(.., what)| !keep.has(*what));
        if unwanted && !holds_mark(tree.text(node.content())) {
            edits.remove(node.whole());
        }
    }
    if ending == "core-properties+xml" && !keep.has(Trace::Times) {
        add_times(tree, &mut edits);
    }
    edits
}

fn holds_mark(text: &str) -> bool {
    ["{{", "{%", "«"].iter().any(|mark| text.contains(mark))
}

/// When the document was created and last changed, if it is known when it is merged.
fn add_times(tree: &Tree<'_>, edits: &mut Edits) {
    let Some(root) = tree.nodes.first() else {
        return;
    };
    let element = |name: &str| {
        format!(
            concat!(
                r#"<dcterms:{0} xmlns:dcterms="http://purl.org/dc/terms/""#,
                r#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#,
                r#" xsi:type="dcterms:W3CDTF">{{{{ {1} }}}}</dcterms:{0}>"#
            ),
            name, TIME
        )
    };
    let times = format!(
        "{{% if {TIME} is defined %}}{}{}{{% endif %}}",
        element("created"),
        element("modified")
    );
    if root.close.is_empty() {
        let tag = tree.text(root.open.clone());
        let open = tag.trim_end_matches("/>");
        let whole = format!("{open}>{times}</{}>", tag_name(tag));
        edits.replace(root.open.clone(), whole);
    } else {
        edits.replace(root.close.start..root.close.start, times);
    }
}

/// Who has written comments, and when (17.13.4.2); an author is required, though.
fn comments(tree: &Tree<'_>) -> Edits {
    let mut edits = Edits::default();
    for (number, node) in tree.nodes.iter().enumerate() {
        if matches!(node.name, "comment" | "commentExtensible") {
            edits.clear_attribute(tree, number, "author");
            edits.remove_attributes(tree, number, |name| {
                matches!(name, "initials" | "date" | "dateUtc")
            });
        }
    }
    edits
}

/// Who has worked on the document (MS-DOCX 2.5.3.5).
fn people(tree: &Tree<'_>) -> Edits {
    let mut edits = Edits::default();
    for person in tree.children(0).filter_map(|child| tree.nodes.get(child)) {
        edits.remove(person.whole());
    }
    edits
}

/// Ids of editing sessions (17.15.1.70) and of the document itself (MS-DOCX 2.5.1.1), by
/// which one can tell which documents come from the same hand.
fn remove_revision_ids(package: &mut Package, types: &ContentTypes) -> Result<(), Fault> {
    for index in 0..package.entries.len() {
        let name = package.entries.get(index).map(|entry| entry.path());
        if !name.is_some_and(|name| types.is_word(&name)) {
            continue;
        }
        let text = source(package, index)?.text;
        if text.contains("rsid") || text.contains("docId") {
            rewrite(package, index, revision_ids)?;
        }
    }
    Ok(())
}

fn revision_ids(tree: &Tree<'_>) -> Edits {
    let mut edits = Edits::default();
    for (number, node) in tree.nodes.iter().enumerate() {
        if matches!(node.name, "rsids" | "rsid" | "docId") {
            edits.remove(node.whole());
        } else if tree.text(node.open.clone()).contains("rsid") {
            edits.remove_attributes(tree, number, |name| name.starts_with("rsid"));
        }
    }
    edits
}
