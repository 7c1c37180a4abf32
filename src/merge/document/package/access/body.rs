//! The text of a document from its beginning to its end: paragraphs and tables, without
//! what stands in tables, text boxes, headers and notes.

use super::Part;
use crate::merge::Place;
use crate::merge::document::package::styles::{Properties, Style, Styles};
use crate::merge::document::scan::{Chunk, Region};

/// The text of a document.
pub(super) struct Body<'p> {
    pub(super) part: &'p Part<'p>,
    pub(super) blocks: Vec<Block<'p>>,
}

/// What the text of a document is made of.
pub(super) enum Block<'p> {
    Paragraph(Paragraph<'p>),
    /// by its element
    Table(usize),
}

/// What a paragraph is for its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Text,
    /// only marks of blocks, which go when a document is made
    Silent,
    Empty,
}

/// A paragraph with what the styles make of it.
pub(super) struct Paragraph<'p> {
    pub(super) region: &'p Region,
    pub(super) content: Content,
    /// what a reader sees of it: without the marks of blocks
    pub(super) text: String,
    pub(super) style: &'p Style,
    /// the level of a heading from 1
    pub(super) heading: Option<u8>,
    /// whether it is an item of a real list
    pub(super) listed: bool,
    /// whether all its letters are bold
    pub(super) bold: bool,
    /// the size of its smallest letters (half points)
    pub(super) size: Option<u32>,
}

impl<'p> Body<'p> {
    /// Reads the text of the main part.
    pub(super) fn read(part: &'p Part<'p>, styles: &'p Styles) -> Self {
        let paragraphs = part.paragraphs();
        let mut blocks = Vec::new();
        let mut next = 0;
        while let Some(node) = part.tree.nodes.get(next) {
            let is_table = part.tree.is(next, "tbl");
            match paragraphs.get(&next) {
                Some(region) => {
                    blocks.push(Block::Paragraph(Paragraph::read(part, region, styles)))
                }
                None if is_table => blocks.push(Block::Table(next)),
                None => {
                    next += 1;
                    continue;
                }
            }
            // what is within is no part of the text's course
            next = node.end;
        }
        Self { part, blocks }
    }

    /// The paragraphs in their order.
    pub(super) fn paragraphs(&self) -> impl Iterator<Item = &Paragraph<'p>> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Paragraph(paragraph) => Some(paragraph),
            Block::Table(_) => None,
        })
    }

    /// Where a paragraph stands.
    pub(super) fn place(&self, paragraph: &Paragraph<'_>) -> Place {
        paragraph.region.place_in(self.part.name)
    }
}

impl<'p> Paragraph<'p> {
    fn read(part: &Part<'_>, region: &'p Region, styles: &'p Styles) -> Self {
        let tree = &part.tree;
        let own = tree.child(region.element, "pPr");
        let style = style_of(part, region, styles);
        let properties = Properties::read(tree, own, None);
        let heading = style.heading(&properties);
        let properties = properties.over(&style.properties);
        let text = visible(&region.text).trim().to_owned();
        let listed = properties.listed == Some(true);
        let has = |name| own.is_some_and(|own| tree.child(own, name).is_some());
        let is_more = region.solid
            || listed && heading.is_none()
            || properties.ruled == Some(true)
            || has("pageBreakBefore")
            || has("framePr");
        let content = match (text.is_empty(), region.text.trim().is_empty()) {
            (true, true) if !is_more => Content::Empty,
            (true, false) if !region.solid => Content::Silent,
            _ => Content::Text,
        };
        let letters = |(text, _): &(&str, Properties)| text.contains(char::is_alphanumeric);
        let runs: Vec<(&str, Properties)> = runs(part, region, styles).filter(letters).collect();
        Self {
            region,
            content,
            text,
            style,
            heading,
            listed,
            bold: !runs.is_empty() && runs.iter().all(|(_, run)| run.bold == Some(true)),
            size: runs.iter().filter_map(|(_, run)| run.size).min(),
        }
    }
}

/// The style of a paragraph.
fn style_of<'s>(part: &Part<'_>, region: &Region, styles: &'s Styles) -> &'s Style {
    let tree = &part.tree;
    let named = || {
        let properties = tree.child(region.element, "pPr")?;
        tree.attribute(tree.child(properties, "pStyle")?, "val")
    };
    styles.paragraph(named().as_deref())
}

/// The pieces of a paragraph's text, each with what is set for it by itself, its style,
/// its paragraph's style and the document's defaults (17.7.2).
pub(super) fn runs<'r>(
    part: &'r Part<'_>,
    region: &'r Region,
    styles: &'r Styles,
) -> impl Iterator<Item = (&'r str, Properties)> {
    let tree = &part.tree;
    let below = style_of(part, region, styles).properties.clone();
    let below = below.over(&styles.defaults);
    region.chunks.iter().map(move |chunk: &Chunk| {
        let text = region.text.get(chunk.text.clone()).unwrap_or_default();
        let run = tree.ancestor(chunk.element, "r");
        let own = run.and_then(|run| tree.child(run, "rPr"));
        let id = own.and_then(|own| tree.attribute(tree.child(own, "rStyle")?, "val"));
        let style = id.and_then(|id| styles.get(&id));
        let style = style
            .map(|style| style.properties.clone())
            .unwrap_or_default();
        let own = Properties::read(tree, None, own);
        // bold in bold is not bold (17.7.3)
        let bold = own.bold.or(match (style.bold, below.bold) {
            (Some(of_run), Some(of_paragraph)) => Some(of_run ^ of_paragraph),
            (of_run, of_paragraph) => of_run.or(of_paragraph),
        });
        let mut all = own.over(&style).over(&below);
        all.bold = bold;
        (text, all)
    })
}

/// A text without the marks of blocks.
pub(super) fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, mark)) = rest.split_once('{') {
        seen.push_str(before);
        let end = match mark.as_bytes().first() {
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                seen.push('{');
                rest = mark;
                continue;
            }
        };
        rest = mark.split_once(end).map_or("", |(_, rest)| rest);
    }
    seen + rest
}
