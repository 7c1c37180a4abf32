//! Relationships between parts (ECMA-376 part 2, 6.5).

use std::collections::BTreeSet;

use super::Package;
use super::parts::{self, rewrite, source};
use super::tree::{Edits, Tree};
use crate::merge::{Fault, xml};

/// A relationship.
#[derive(Debug)]
pub(super) struct Relationship {
    /// its type, a URI
    kind: String,
    /// by which its owner refers to it
    pub(super) id: String,
    pub(super) target: String,
    /// whether the target lies outside of the package
    pub(super) external: bool,
}

impl Relationship {
    fn read(tree: &Tree<'_>, node: usize) -> Option<Self> {
        let mode = tree.attribute(node, "TargetMode");
        Some(Self {
            kind: tree.attribute(node, "Type")?,
            id: tree.attribute(node, "Id").unwrap_or_default(),
            target: tree.attribute(node, "Target")?,
            external: mode.is_some_and(|mode| mode == "External"),
        })
    }

    /// Whether its type ends with this; transitional and strict types share their ends.
    pub(super) fn is(&self, kind: &str) -> bool {
        let start = self.kind.strip_suffix(kind);
        start.is_some_and(|start| start.ends_with('/'))
    }

    /// The part it leads to from a part of this name.
    pub(super) fn part(&self, owner: &str) -> Option<String> {
        let inside = !self.external && !self.target.starts_with('#');
        inside.then(|| resolve(owner, &self.target))
    }
}

/// The part that holds the relationships of this one; those of the package without a name.
fn rels_of(owner: &str) -> String {
    let (folder, file) = owner.rsplit_once('/').unwrap_or(("", owner));
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}_rels/{file}.rels")
}

/// The part whose relationships this part holds; itself if it holds none.
pub(super) fn owner(name: &str) -> String {
    match name
        .strip_suffix(".rels")
        .and_then(|name| name.rsplit_once("_rels/"))
    {
        Some((folder, file)) => format!("{folder}{file}"),
        None => name.to_owned(),
    }
}

/// The name of the part that a target means (ECMA-376 part 2, 6.5.3.4; RFC 3986 5.2).
fn resolve(owner: &str, target: &str) -> String {
    let path = target.split(['#', '?']).next().unwrap_or_default();
    let path = path.replace('\\', "/");
    let folder = owner.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut segments: Vec<String> = Vec::new();
    let base = if path.starts_with('/') { "" } else { folder };
    for segment in base.split('/').chain(path.split('/')) {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(decoded(segment)),
        }
    }
    segments.join("/")
}

/// A segment without percent-encoding.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = code.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        (rest, _) = match (first, code) {
            (b'%', Some(code)) => (after.get(2..).unwrap_or_default(), bytes.push(code)),
            _ => (after, bytes.push(*first)),
        };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| segment.to_owned())
}

/// The relationships of a part, none if it has none.
pub(super) fn read(package: &Package, owner: &str) -> Result<Vec<Relationship>, Fault> {
    match package.find(&rels_of(owner)) {
        Some(index) => read_part(package, index),
        None => Ok(Vec::new()),
    }
}

/// The part that another one knows by a relationship of this type.
pub(in crate::merge::document) fn related(
    package: &Package,
    owner: &str,
    kind: &str,
) -> Result<Option<usize>, Fault> {
    let all = read(package, owner)?;
    let found = all.iter().find(|relationship| relationship.is(kind));
    let part = found.and_then(|relationship| relationship.part(owner));
    Ok(part.and_then(|part| package.find(&part)))
}

pub(super) fn read_part(package: &Package, index: usize) -> Result<Vec<Relationship>, Fault> {
    let source = source(package, index)?;
    let tree = source.tree()?;
    let all = (0..tree.nodes.len()).filter_map(|node| Relationship::read(&tree, node));
    Ok(all.collect())
}

/// Adds a relationship to a part of the package.
pub(super) fn add(
    package: &mut Package,
    owner: &str,
    kind: &str,
    target: &str,
) -> Result<(), Fault> {
    const EMPTY: &str = concat!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
        "\n",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>"#
    );
    let name = rels_of(owner);
    let index = package.find(&name).unwrap_or_else(|| {
        package.add(&name, EMPTY);
        package.entries.len() - 1
    });
    rewrite(package, index, |tree| {
        let taken: BTreeSet<String> = (0..tree.nodes.len())
            .filter_map(|node| tree.attribute(node, "Id"))
            .collect();
        let ids = (1..).map(|number: u32| format!("rId{number}"));
        let id = ids.into_iter().find(|id| !taken.contains(id));
        let (p, id, target) = (tree.prefix(0), id.unwrap_or_default(), xml::escape(target));
        let mut edits = Edits::default();
        let link = format!(r#"<{p}Relationship Id="{id}" Type="{kind}" Target="{target}"/>"#);
        edits.append(tree, 0, &link);
        edits
    })
}

/// Takes relationships away from a part; if none is left, their part goes, too. Gives
/// those that went.
pub(super) fn remove(
    package: &mut Package,
    owner: &str,
    unwanted: impl Fn(&Relationship) -> bool,
) -> Result<Vec<Relationship>, Fault> {
    let name = rels_of(owner);
    let Some(index) = package.find(&name) else {
        return Ok(Vec::new());
    };
    let mut gone = Vec::new();
    let mut left = false;
    rewrite(package, index, |tree| {
        let mut edits = Edits::default();
        for (number, node) in tree.nodes.iter().enumerate() {
            match Relationship::read(tree, number) {
                Some(relationship) if unwanted(&relationship) => {
                    edits.remove(node.whole());
                    gone.push(relationship);
                }
                Some(_) => left = true,
                None => {}
            }
        }
        edits
    })?;
    if !gone.is_empty() && !left {
        parts::remove(package, &name)?;
    }
    Ok(gone)
}

/// Takes relationships away from a part, and the parts that only they led to.
pub(super) fn remove_with_targets(
    package: &mut Package,
    owner: &str,
    unwanted: impl Fn(&Relationship) -> bool,
) -> Result<(), Fault> {
    for target in remove(package, owner, unwanted)? {
        if let Some(part) = target.part(owner).filter(|part| !is_target(package, part)) {
            parts::remove(package, &part)?;
        }
    }
    Ok(())
}

fn is_target(package: &Package, part: &str) -> bool {
    let names = package.entries.iter().map(|entry| entry.path()).enumerate();
    names
        .filter(|(_, name)| name.ends_with(".rels"))
        .any(|(index, name)| {
            let all = read_part(package, index).unwrap_or_default();
            let mut targets = all.iter().filter_map(|one| one.part(&owner(&name)));
            targets.any(|target| target.eq_ignore_ascii_case(part))
        })
}

/// Macros, by the relationship that leads to them or by the name Word gives them.
pub(super) fn has_macros(package: &Package) -> bool {
    const MACROS: [&str; 2] = ["vbaProject", "wordVbaData"];
    package.entries.iter().enumerate().any(|(index, entry)| {
        let path = entry.path().to_lowercase();
        let leads_there = || {
            let relationships = read_part(package, index).unwrap_or_default();
            let leads =
                |relationship: &Relationship| MACROS.iter().any(|kind| relationship.is(kind));
            relationships.iter().any(leads)
        };
        path.ends_with("vbaproject.bin") || path.ends_with(".rels") && leads_there()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_lead_to_parts() {
        let cases = [
            ("word/document.xml", "media/a.png", "word/media/a.png"),
            ("word/document.xml", "/word/media/a.png", "word/media/a.png"),
            (
                "word/document.xml",
                "../customXml/item1.xml",
                "customXml/item1.xml",
            ),
            ("word/document.xml", "../../../x", "x"),
            ("word/document.xml", "./x%20%C3%BC.xml#a", "word/x ü.xml"),
            ("word/document.xml", "media\\a.png", "word/media/a.png"),
            ("word/document.xml", "100%", "word/100%"),
            ("", "word/document.xml", "word/document.xml"),
        ];
        for (owner, target, expected) in cases {
            assert_eq!(resolve(owner, target), expected, "{target}");
        }
    }

    #[test]
    fn relationships_lie_beside_their_part() {
        for (part, rels) in [
            ("", "_rels/.rels"),
            ("a.xml", "_rels/a.xml.rels"),
            ("word/document.xml", "word/_rels/document.xml.rels"),
        ] {
            assert_eq!(rels_of(part), rels);
            assert_eq!(owner(rels), part);
        }
        assert_eq!(owner("word/document.xml"), "word/document.xml");
    }
}
