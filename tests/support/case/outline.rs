//! A Word file as lines that can be written and read by hand.
//!
//! One line a paragraph, with its style or list number in brackets before it; table
//! rows as `| a | b |`, paragraphs within a cell parted by ` ¶ `; line breaks `⏎`, tabs
//! `⇥`, page breaks `⤓`. Cells that span columns begin with `‹2›`, merged rows with `‹↓›`
//! and `‹↑›`, shaded ones with their colour. Text boxes follow their paragraph as `▢ `.
//! Other parts follow the body, headed by their names.

use std::collections::BTreeMap;

use super::package::Part;
use crate::xml::{Element, parse};

/// The outline of a package.
pub(super) fn outline(parts: &[Part]) -> String {
    let part = |name: &str| {
        let found = parts.iter().find(|(part, _)| part == name);
        found.map(|(name, bytes)| parse(bytes).unwrap_or_else(|error| panic!("{name}: {error}")))
    };
    let mut counter = Counter::new(part("word/numbering.xml"));
    let main = part("word/document.xml").expect("a main part");
    let body = main.child("body").expect("a body");
    let mut lines = blocks(body, &mut counter);
    for (name, _) in parts {
        let file = name.rsplit('/').next().unwrap();
        let Some(root) = name.ends_with(".xml").then(|| part(name)).flatten() else {
            continue;
        };
        let own = match root.local() {
            "hdr" | "ftr" => blocks(&root, &mut counter),
            "footnotes" | "endnotes" | "comments" => root
                .elements()
                .flat_map(|note| blocks(note, &mut counter))
                .collect(),
            "coreProperties" => {
                // the day of the request is another each time
                let timeless = |e: &&Element| !matches!(e.local(), "created" | "modified");
                let property = |e: &Element| format!("{}: {}", e.local(), e.text());
                root.elements().filter(timeless).map(property).collect()
            }
            "Properties" => {
                let property = |e: &Element| {
                    format!("{}: {}", e.attribute("name").unwrap_or_default(), e.text())
                };
                root.elements().map(property).collect()
            }
            _ => Vec::new(),
        };
        if !own.is_empty() {
            lines.push(format!("== {file}"));
            lines.extend(own);
        }
    }
    let links = part("word/_rels/document.xml.rels");
    let external = links.iter().flat_map(Element::elements);
    let external = external.filter(|link| link.attribute("TargetMode") == Some("External"));
    lines.extend(external.map(|link| format!("→ {}", link.attribute("Target").unwrap())));
    lines.join("\n")
}

/// What a story holds, one line a paragraph or table row.
fn blocks(story: &Element, counter: &mut Counter) -> Vec<String> {
    let mut lines = Vec::new();
    for element in story.elements() {
        match element.local() {
            "p" => lines.extend(paragraph(element, counter)),
            "tbl" => lines.extend(rows(element, counter)),
            // content controls, inserted paragraphs, custom XML
            "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" => {
                lines.extend(blocks(element, counter));
            }
            _ => {}
        }
    }
    lines
}

fn rows(table: &Element, counter: &mut Counter) -> Vec<String> {
    let rows = within(table, "tr");
    let row = |row: &Element, counter: &mut Counter| {
        let cells = within(row, "tc");
        let cells = cells.iter().map(|cell| {
            let mut lines = blocks(cell, counter);
            lines
                .iter_mut()
                .for_each(|line| *line = line.trim().to_owned());
            format!("{}{}", shape(cell), lines.join(" ¶ "))
        });
        format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
    };
    rows.iter().map(|found| row(found, counter)).collect()
}

/// Rows of a table, cells of a row, through content controls.
fn within<'e>(parent: &'e Element, local: &str) -> Vec<&'e Element> {
    let mut found = Vec::new();
    for element in parent.elements() {
        match element.local() {
            name if name == local => found.push(element),
            "sdt" | "sdtContent" | "ins" | "customXml" => found.extend(within(element, local)),
            _ => {}
        }
    }
    found
}

/// What makes a cell unlike others.
fn shape(cell: &Element) -> String {
    let Some(properties) = cell.child("tcPr") else {
        return String::new();
    };
    let value = |name: &str, attribute: &str| {
        let property = properties.child(name)?;
        Some(
            property
                .attribute(attribute)
                .unwrap_or("continue")
                .to_owned(),
        )
    };
    let span = value("gridSpan", "val").map(|span| format!("‹{span}›"));
    let merge = value("vMerge", "val").map(|merge| match merge.as_str() {
        "restart" => "‹↓›".to_owned(),
        _ => "‹↑›".to_owned(),
    });
    let colour = value("shd", "fill").map(|colour| format!("‹{colour}›"));
    [span, merge, colour].into_iter().flatten().collect()
}

fn paragraph(paragraph: &Element, counter: &mut Counter) -> Vec<String> {
    let mut boxes = Vec::new();
    let mut line = String::new();
    if let Some(properties) = paragraph.child("pPr") {
        if let Some(style) = properties.child("pStyle") {
            line += &format!("[{}] ", style.attribute("val").unwrap_or_default());
        }
        if let Some(list) = properties.child("numPr") {
            line += &counter.next(list);
        }
    }
    inline(paragraph, &mut line, &mut boxes, counter);
    let boxes = boxes.iter().map(|line| format!("▢ {line}"));
    std::iter::once(line).chain(boxes).collect()
}

fn inline(parent: &Element, line: &mut String, boxes: &mut Vec<String>, counter: &mut Counter) {
    for element in parent.elements() {
        match element.local() {
            "pPr" | "rPr" | "del" | "moveFrom" | "sdtPr" | "sdtEndPr" => {}
            "t" => line.push_str(&element.text()),
            "tab" => line.push('⇥'),
            "br" if element.attribute("type") == Some("page") => line.push('⤓'),
            "br" | "cr" => line.push('⏎'),
            "noBreakHyphen" => line.push('\u{2011}'),
            "footnoteReference" | "endnoteReference" => {
                line.push_str(&format!(
                    "[^{}]",
                    element.attribute("id").unwrap_or_default()
                ));
            }
            "docPr" => {
                let alt = element.attribute("descr").unwrap_or_default();
                line.push_str(&format!("[Bild: {alt}]"));
            }
            "txbxContent" => boxes.extend(blocks(element, counter)),
            _ => inline(element, line, boxes, counter),
        }
    }
}

/// Numbers list items as Word does: by abstract list, anew where a list overrides its start.
struct Counter {
    /// by their ids
    lists: BTreeMap<String, List>,
    counts: BTreeMap<(String, usize), usize>,
    started: Vec<(String, usize)>,
}

struct List {
    base: String,
    levels: Levels,
    /// the levels that start anew, and with what
    restarts: BTreeMap<usize, usize>,
}

/// Of each level its format and first number.
type Levels = BTreeMap<usize, (String, usize)>;

impl Counter {
    fn new(numbering: Option<Element>) -> Self {
        let mut bases = BTreeMap::new();
        let mut lists = BTreeMap::new();
        for element in numbering.iter().flat_map(Element::elements) {
            let id = |name: &str| element.attribute(name).unwrap_or_default().to_owned();
            if element.local() == "abstractNum" {
                let levels = element.elements().filter(|level| level.local() == "lvl");
                let level = |level: &Element| {
                    let format = level.child("numFmt").and_then(|f| f.attribute("val"));
                    let format = format.unwrap_or("decimal").to_owned();
                    let start = number(level.child("start"), "val").unwrap_or(1);
                    (number(Some(level), "ilvl").unwrap_or(0), (format, start))
                };
                bases.insert(id("abstractNumId"), levels.map(level).collect::<Levels>());
            } else if element.local() == "num" {
                let base = element
                    .child("abstractNumId")
                    .and_then(|base| base.attribute("val"));
                let base = base.unwrap_or_default().to_owned();
                let anew = |e: &Element| {
                    let start = number(e.child("startOverride"), "val")?;
                    Some((number(Some(e), "ilvl")?, start))
                };
                let list = List {
                    levels: bases.get(&base).cloned().unwrap_or_default(),
                    restarts: element.elements().filter_map(anew).collect(),
                    base,
                };
                lists.insert(id("numId"), list);
            }
        }
        Self {
            lists,
            counts: BTreeMap::new(),
            started: Vec::new(),
        }
    }

    /// The label of the next item, with a blank behind it.
    fn next(&mut self, properties: &Element) -> String {
        let value = |name: &str| properties.child(name).and_then(|e| e.attribute("val"));
        let level: usize = value("ilvl")
            .and_then(|level| level.parse().ok())
            .unwrap_or(0);
        let id = value("numId").unwrap_or_default().to_owned();
        let Some(list) = self.lists.get(&id) else {
            return String::new();
        };
        let indent = "  ".repeat(level);
        let (format, mut start) = list.levels.get(&level).cloned().unwrap_or_default();
        if format == "bullet" {
            return format!("{indent}[•] ");
        }
        let base = list.base.clone();
        if let Some(anew) = list.restarts.get(&level)
            && !self.started.contains(&(id.clone(), level))
        {
            start = *anew;
            self.counts.remove(&(base.clone(), level));
            self.started.push((id, level));
        }
        self.counts
            .retain(|(other, deeper), _| *other != base || *deeper <= level);
        let before = start.max(1) - 1;
        let count = self.counts.entry((base, level)).or_insert(before);
        *count += 1;
        format!("{indent}[{count}.] ")
    }
}

/// The number in an attribute.
fn number(element: Option<&Element>, attribute: &str) -> Option<usize> {
    element?.attribute(attribute)?.parse().ok()
}
