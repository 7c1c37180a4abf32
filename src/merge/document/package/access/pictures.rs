//! Pictures, charts and shapes without alternative text.

use super::{Found, Part, gather};
use crate::merge::document::package::parts::Source;
use crate::merge::document::package::styles::is_true;
use crate::merge::document::package::tree::Tree;
use crate::merge::{Fault, Place};

/// A note on pictures that nobody can hear (ECMA-376 part 1, 20.4.2.5; part 4, 19.1.2).
pub(super) fn note<'s>(sources: impl Iterator<Item = &'s Source>) -> Option<Fault> {
    let mut found = Vec::new();
    for source in sources {
        let is_drawn = ["docPr", "imagedata"]
            .iter()
            .any(|name| source.text.contains(name));
        if let Some(part) = is_drawn.then(|| Part::read(source)).flatten() {
            found.extend(silent(&part));
        }
    }
    gather(
        found,
        |words| match words {
            "" => "ein Bild hat keinen Alternativtext".to_owned(),
            words => format!("das Bild „{words}“ hat keinen Alternativtext"),
        },
        "wer es nicht sieht, erfährt nicht, was es zeigt: Rechtsklick auf das Bild > Alternativtext \
         anzeigen; schmückt es nur, wählen Sie dort „Als dekorativ markieren“",
    )
}

/// The pictures of a part without alternative text.
fn silent(part: &Part<'_>) -> Vec<Found> {
    let tree = &part.tree;
    let paragraphs = part.paragraphs();
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(node) = tree.nodes.get(next) {
        let number = next;
        next += 1;
        let is_silent = match node.name {
            // the same once more, for old programs
            "Fallback" if !node.is_word => {
                next = node.end;
                false
            }
            "docPr" => !is_told(tree, number) && !holds_text(tree, node.parent),
            "imagedata" => !is_watermark(tree, node.parent) && !has_text(tree, node.parent, "alt"),
            _ => false,
        };
        if is_silent {
            let paragraph = tree.ancestor(number, "p");
            let region = paragraph.and_then(|paragraph| paragraphs.get(&paragraph));
            let place = region.map_or_else(
                || Place::of_part(part.name),
                |region| region.place_in(part.name),
            );
            let name = tree.attribute(number, "name").unwrap_or_default();
            found.push(Found::new(place, &name));
        }
    }
    found
}

/// Whether a drawing has a text, or says that it needs none.
fn is_told(tree: &Tree<'_>, properties: usize) -> bool {
    let is = |node: usize, name: &str, attribute: &str| {
        let named = tree.nodes.get(node).is_some_and(|node| node.name == name);
        named
            && tree
                .attribute(node, attribute)
                .is_some_and(|value| is_true(&value))
    };
    let end = tree.nodes.get(properties).map_or(0, |node| node.end);
    has_text(tree, Some(properties), "descr")
        || has_text(tree, Some(properties), "title")
        || is(properties, "docPr", "hidden")
        // an extension of Microsoft's, [MS-ODRAWXML] 2.2
        || (properties..end).any(|node| is(node, "decorative", "val"))
}

/// Whether an attribute tells of a picture more than the name of its file.
fn has_text(tree: &Tree<'_>, of: Option<usize>, attribute: &str) -> bool {
    const FILES: [&str; 8] = [
        ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".emf", ".wmf",
    ];
    let text = of.and_then(|of| tree.attribute(of, attribute));
    let text = text.unwrap_or_default().trim().to_lowercase();
    !text.is_empty() && !FILES.iter().any(|file| text.ends_with(file))
}

/// Whether a drawing is a text box, which is read out as it is.
fn holds_text(tree: &Tree<'_>, drawing: Option<usize>) -> bool {
    let Some(drawing) = drawing else {
        return false;
    };
    let end = tree.nodes.get(drawing).map_or(drawing, |node| node.end);
    (drawing..end).any(|node| tree.is(node, "txbxContent"))
}

/// Whether a shape is a watermark, as Word names those.
fn is_watermark(tree: &Tree<'_>, shape: Option<usize>) -> bool {
    let id = shape.and_then(|shape| tree.attribute(shape, "id"));
    id.is_some_and(|id| id.contains("Watermark") || id.contains("WaterMark"))
}
