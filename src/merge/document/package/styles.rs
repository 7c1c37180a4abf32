//! Styles (ECMA-376 part 1, 17.7): what the id of a style means.
//!
//! Ids and the names that people see change with the language of the program
//! ("berschrift1", "Überschrift 1"); a built-in style is known by its `w:name` alone
//! (17.7.4.9), which is English everywhere.

use std::collections::BTreeMap;

use super::Package;
use super::parts::source;
use super::relationships::related;
use super::tree::Tree;

/// How many styles may be based on one another; Word itself allows fewer.
const MAX_CHAIN: usize = 32;
/// How many styles are looked at; Word takes 4,079 in a document.
const MAX_STYLES: usize = 10_000;

/// What a style sets, or what stands in its place; `None` is left to what lies below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Properties {
    pub(super) bold: Option<bool>,
    /// in half points
    pub(super) size: Option<u32>,
    /// as BCP 47 names it: "de-DE"
    pub(super) language: Option<String>,
    /// from 0; 9 is text
    outline: Option<u8>,
    /// whether a list numbers it
    pub(super) listed: Option<bool>,
    /// whether lines are drawn round it
    pub(super) ruled: Option<bool>,
}

impl Properties {
    /// Reads the properties of a paragraph and of a run, of which either may be missing.
    pub(super) fn read(tree: &Tree<'_>, paragraph: Option<usize>, run: Option<usize>) -> Self {
        let of = |properties: Option<usize>, name| tree.child(properties?, name);
        let value = |node: Option<usize>| tree.attribute(node?, "val");
        let outline = value(of(paragraph, "outlineLvl"));
        let language = value(of(run, "lang"));
        let list = of(of(paragraph, "numPr"), "numId");
        Self {
            bold: of(run, "b").map(|node| is_on(tree, node)),
            size: value(of(run, "sz")).and_then(|size| half_points(&size)),
            // what is not to be proofed has the language x-none
            language: language.filter(|language| !matches!(language.trim(), "" | "x-none")),
            outline: outline.and_then(|level| level.parse().ok()),
            listed: value(list).map(|id| id != "0"),
            ruled: of(paragraph, "pBdr").map(|borders| draws(tree, borders)),
        }
    }

    /// These, and for what they leave open those below them.
    pub(super) fn over(self, below: &Self) -> Self {
        Self {
            bold: self.bold.or(below.bold),
            size: self.size.or(below.size),
            language: self.language.or_else(|| below.language.clone()),
            outline: self.outline.or(below.outline),
            listed: self.listed.or(below.listed),
            ruled: self.ruled.or(below.ruled),
        }
    }
}

/// A style together with those it is based on.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    /// its `w:name` and theirs in small letters, its own first
    names: Vec<String>,
    pub(super) properties: Properties,
}

impl Style {
    /// Whether it is a built-in style or based on it, whatever its id; `name` in small letters.
    pub(super) fn is(&self, name: &str) -> bool {
        self.names.iter().any(|own| own == name)
    }

    /// Whether its paragraphs are those of a table of contents, which Word writes by itself.
    pub(super) fn is_of_contents(&self) -> bool {
        let is = |name: &String| name.starts_with("toc ") || name == "table of figures";
        self.names.iter().any(is)
    }

    /// The level of a heading from 1; a paragraph's own properties may change it (17.3.1.20).
    pub(super) fn heading(&self, own: &Properties) -> Option<u8> {
        if let Some(outline) = own.outline.or(self.properties.outline) {
            return (outline < 9).then_some(outline + 1);
        }
        let level = |name: &String| name.strip_prefix("heading ")?.parse().ok();
        let level: Option<u8> = self.names.iter().find_map(level);
        level.filter(|level| (1..=9).contains(level))
    }
}

/// A style as it stands in the part.
struct Entry {
    name: String,
    based_on: Option<String>,
    properties: Properties,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(in crate::merge::document) struct Styles {
    by_id: BTreeMap<String, Style>,
    /// that of a paragraph which names none
    normal: Style,
    /// what holds where no style says otherwise (17.7.5.1)
    pub(super) defaults: Properties,
}

impl Styles {
    /// The styles that the main part refers to; none if there are none or they cannot be read.
    pub(super) fn of(package: &Package, main: &str) -> Self {
        let part = related(package, main, "styles").ok().flatten();
        let part = part.and_then(|index| source(package, index).ok());
        let tree = part.as_ref().and_then(|part| part.tree().ok());
        tree.map_or_else(Self::default, |tree| Self::read(&tree))
    }

    fn read(tree: &Tree<'_>) -> Self {
        let mut entries = BTreeMap::new();
        let mut normal = None;
        let styles = tree.children(0).filter(|node| tree.is(*node, "style"));
        for style in styles.take(MAX_STYLES) {
            let value = |name| tree.attribute(tree.child(style, name)?, "val");
            let Some(id) = tree.attribute(style, "styleId") else {
                continue;
            };
            let of_paragraphs = tree.attribute(style, "type").as_deref() == Some("paragraph");
            let default = tree.attribute(style, "default");
            if of_paragraphs && default.is_some_and(|default| is_true(&default)) {
                normal = Some(id.clone());
            }
            let table = tree.child(style, "tblPr").is_some();
            let mut properties =
                Properties::read(tree, tree.child(style, "pPr"), tree.child(style, "rPr"));
            if table && draws(tree, style) {
                properties.ruled = Some(true);
            }
            let entry = Entry {
                name: value("name").unwrap_or_default().trim().to_lowercase(),
                based_on: value("basedOn"),
                properties,
            };
            entries.insert(id, entry);
        }
        let by_id: BTreeMap<String, Style> = entries
            .keys()
            .map(|id| (id.clone(), resolve(&entries, id)))
            .collect();
        let normal = normal.and_then(|id| by_id.get(&id).cloned());
        Self {
            normal: normal.unwrap_or_default(),
            by_id,
            defaults: defaults(tree),
        }
    }

    /// The style of this id; without an id, or if there is none, that of plain paragraphs.
    pub(super) fn paragraph(&self, id: Option<&str>) -> &Style {
        id.and_then(|id| self.by_id.get(id)).unwrap_or(&self.normal)
    }

    /// Whether paragraphs of the style of this id are a title or heading.
    pub(in crate::merge::document) fn is_title(&self, id: &str) -> bool {
        let style = self.by_id.get(id);
        style.is_some_and(|it| it.is("title") || it.heading(&Properties::default()).is_some())
    }

    /// The style of runs or tables of this id.
    pub(super) fn get(&self, id: &str) -> Option<&Style> {
        self.by_id.get(id)
    }
}

/// A style with all it is based on; a circle ends where it closes (17.7.4.3).
fn resolve(entries: &BTreeMap<String, Entry>, id: &str) -> Style {
    let mut style = Style::default();
    let mut seen = Vec::new();
    let mut next = Some(id);
    while let Some(id) = next
        && seen.len() < MAX_CHAIN
        && !seen.contains(&id)
        && let Some(entry) = entries.get(id)
    {
        seen.push(id);
        style.names.push(entry.name.clone());
        style.properties = style.properties.over(&entry.properties);
        next = entry.based_on.as_deref();
    }
    style
}

fn defaults(tree: &Tree<'_>) -> Properties {
    let Some(defaults) = tree.child(0, "docDefaults") else {
        return Properties::default();
    };
    let of = |holder, properties| tree.child(tree.child(defaults, holder)?, properties);
    Properties::read(tree, of("pPrDefault", "pPr"), of("rPrDefault", "rPr"))
}

/// Whether a property is on (17.17.4): it is if it says nothing else.
pub(super) fn is_on(tree: &Tree<'_>, node: usize) -> bool {
    tree.attribute(node, "val")
        .is_none_or(|value| is_true(&value))
}

/// Whether the value of an attribute means yes.
pub(super) fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

/// Whether an element holds borders that are seen (17.18.2).
pub(super) fn draws(tree: &Tree<'_>, of: usize) -> bool {
    const SIDES: [&str; 9] = [
        "top", "bottom", "left", "right", "start", "end", "insideH", "insideV", "between",
    ];
    let end = tree.nodes.get(of).map_or(of, |node| node.end);
    (of..end).any(|node| {
        let side = tree.nodes.get(node);
        side.is_some_and(|side| side.is_word && SIDES.contains(&side.name))
            && tree
                .attribute(node, "val")
                .is_some_and(|line| !matches!(line.as_str(), "none" | "nil"))
    })
}

/// A size in half points; strict documents may name its unit (17.18.42).
fn half_points(size: &str) -> Option<u32> {
    let size: u16 = match size.strip_suffix("pt") {
        Some(points) => points.parse::<u16>().ok()?.checked_mul(2)?,
        None => size.parse().ok()?,
    };
    Some(size.into())
}
