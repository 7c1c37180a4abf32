//! What holds for every document, whatever its template: Word opens it without repair.

use std::collections::{BTreeMap, BTreeSet};

use super::package::Part;
use crate::xml::{Element, parse};

/// Tells what is unsound in a document and was not so in its template.
pub(super) fn check(template: &[Part], document: &[Part]) -> Result<(), String> {
    let before = problems(template);
    let new: Vec<String> = problems(document).difference(&before).cloned().collect();
    if new.is_empty() {
        Ok(())
    } else {
        Err(new.join("\n"))
    }
}

fn problems(parts: &[Part]) -> BTreeSet<String> {
    let mut problems = BTreeSet::new();
    let names: BTreeSet<String> = parts.iter().map(|(name, _)| name.to_lowercase()).collect();
    let mut typed = None;
    for (name, bytes) in parts {
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        let root = match parse(bytes) {
            Ok(root) => root,
            Err(problem) => {
                problems.insert(format!("{name}: {problem}"));
                continue;
            }
        };
        if name == "[Content_Types].xml" {
            typed = Some(root);
        } else if name.ends_with(".rels") {
            problems.extend(dangling(name, &root, &names));
        } else {
            problems.extend(repeated_ids(name, &root));
            problems.extend(incomplete(name, &root));
        }
    }
    for (name, _) in parts
        .iter()
        .filter(|(name, _)| name != "[Content_Types].xml")
    {
        if !typed.as_ref().is_some_and(|types| has_type(types, name)) {
            problems.insert(format!("{name} has no content type"));
        }
    }
    problems
}

fn has_type(types: &Element, name: &str) -> bool {
    let extension = name.rsplit('.').next();
    types.elements().any(|entry| {
        entry
            .attribute("PartName")
            .is_some_and(|part| part.trim_start_matches('/') == name)
            || entry
                .attribute("Extension")
                .is_some_and(|found| Some(found) == extension)
    })
}

/// Relationships to parts that are not there.
fn dangling(name: &str, root: &Element, names: &BTreeSet<String>) -> Vec<String> {
    let folder = name.split("_rels/").next().unwrap_or_default();
    let internal = root
        .elements()
        .filter(|link| link.attribute("TargetMode") != Some("External"));
    let targets = internal.filter_map(|link| link.attribute("Target"));
    let missing = targets.filter(|target| {
        let path = match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("{folder}{target}"),
        };
        !path.contains("..") && !names.contains(&path.to_lowercase())
    });
    missing
        .map(|target| format!("{name}: {target} is missing"))
        .collect()
}

/// Ids that may stand once only in a part.
fn repeated_ids(name: &str, root: &Element) -> Vec<String> {
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for element in root.all() {
        if let Some(id) = element.attribute("paraId") {
            *seen.entry(("paraId", id)).or_default() += 1;
        }
        let id = match element.local() {
            "docPr" | "bookmarkStart" | "bookmarkEnd" | "commentRangeStart"
            | "commentReference" | "comment" | "footnote" | "endnote" => element.attribute("id"),
            "sdtPr" => element.child("id").and_then(|id| id.attribute("val")),
            _ => None,
        };
        if let Some(id) = id {
            *seen.entry((element.local(), id)).or_default() += 1;
        }
        if let ("bookmarkStart", Some(bookmark)) = (element.local(), element.attribute("name")) {
            *seen.entry(("bookmark", bookmark)).or_default() += 1;
        }
    }
    let repeated = seen.into_iter().filter(|(_, count)| *count > 1);
    repeated
        .map(|((what, id), _)| format!("{name}: {what} {id} stands more than once"))
        .collect()
}

/// Tables without rows, rows without cells, stories that do not end with a paragraph.
fn incomplete(name: &str, root: &Element) -> Vec<String> {
    let holds = |element: &Element, local: &str| element.all().iter().any(|e| e.local() == local);
    let ends = |element: &Element| {
        element
            .elements()
            .last()
            .is_some_and(|last| last.local() == "p")
    };
    let mut problems = Vec::new();
    for element in root.all() {
        let sound = match element.local() {
            // settings name the notes that are lines
            "footnote" | "endnote" if root.local() == "settings" => true,
            "tbl" => holds(element, "tr"),
            "tr" => holds(element, "tc"),
            "tc" | "txbxContent" | "hdr" | "ftr" | "footnote" | "endnote" | "comment" => {
                ends(element)
                    || element
                        .elements()
                        .last()
                        .is_some_and(|e| e.local() == "sdt")
            }
            _ => true,
        };
        if !sound {
            problems.push(format!("{name}: {} is incomplete", element.name));
        }
    }
    problems
}
