//! `{%- … -%}` at the edge of a paragraph: docxtpl joins it with the one before or behind.
//!
//! Only the boundary between the two goes, so the runs keep their formats, and the text
//! stays in the earlier paragraph. Where more than blank paragraphs stands between them,
//! in another cell for instance, the mark takes nothing but white space along.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Edit, Piece};
use super::levels::Placed;
use super::scan::{Home, Kind, Region, Scan};
use crate::merge::mark::{Kind as MarkKind, Level};

/// The regions of paragraphs that are joined with others.
pub(super) fn joined(scan: &Scan, placed: &[Placed]) -> BTreeSet<usize> {
    let joins = joins(scan, placed).into_iter();
    joins.flat_map(|(first, second)| [first, second]).collect()
}

/// The edits that make one paragraph of two.
pub(super) fn edits(source: &str, scan: &Scan, placed: &[Placed]) -> Vec<Edit> {
    let edit = |(first, second): (usize, usize)| {
        let first = scan.elements.get(scan.regions.get(first)?.element)?;
        let second = scan.regions.get(second)?.element;
        let properties = scan.properties_of(second);
        let end = match properties.and_then(|index| scan.elements.get(index)) {
            Some(properties) => properties.close.end,
            None => scan.elements.get(second)?.open.end,
        };
        let span = first.close.start..end;
        let between = |open: usize| span.contains(&open);
        let anchors = scan
            .elements
            .iter()
            .filter(|element| element.kind == Kind::Anchor && between(element.open.start));
        let anchors = anchors.filter_map(|anchor| source.get(anchor.whole()));
        let pieces = vec![Piece::Markup(anchors.collect())];
        Some(Edit { span, pieces })
    };
    joins(scan, placed).into_iter().filter_map(edit).collect()
}

/// The pairs of regions that are joined.
fn joins(scan: &Scan, placed: &[Placed]) -> Vec<(usize, usize)> {
    let trims = |mark: &Placed| mark.found.trims_before || mark.found.trims_after;
    if !placed.iter().any(trims) {
        return Vec::new();
    }
    let paragraphs: BTreeMap<usize, usize> = scan
        .regions
        .iter()
        .enumerate()
        .filter(|(_, region)| region.home == Home::Paragraph)
        .map(|(index, region)| (region.element, index))
        .collect();
    let mut ends = BTreeMap::new();
    for mark in placed {
        if let Some(region) = scan.regions.get(mark.region) {
            let ends: &mut Ends = ends.entry(mark.region).or_default();
            ends.note(mark, region);
        }
    }
    let of = |region: usize| ends.get(&region).copied().unwrap_or_default();
    let pair = |(element, first): (&usize, &usize)| {
        let region = scan.regions.get(*first)?;
        let second = (!region.is_blank()).then(|| scan.next_text(*element, &paragraphs))??;
        let (before, after) = (of(*first), of(second));
        let wanted = before.joins_next || after.joins_previous;
        (wanted && !before.vanishes && !after.vanishes).then_some((*first, second))
    };
    paragraphs.iter().filter_map(pair).collect()
}

/// What the marks of a paragraph want with its neighbours.
#[derive(Debug, Clone, Copy, Default)]
struct Ends {
    joins_previous: bool,
    joins_next: bool,
    /// whether it goes with a mark
    vanishes: bool,
}

impl Ends {
    fn note(&mut self, mark: &Placed, region: &Region) {
        let found = &mark.found;
        let blank = |text: Option<&str>| text.is_some_and(|text| text.trim().is_empty());
        let is_block = found.kind == MarkKind::Block && found.level == Level::Inline;
        self.vanishes |= found.level > Level::Run;
        self.joins_previous |=
            is_block && found.trims_before && blank(region.text.get(..found.span.start));
        self.joins_next |=
            is_block && found.trims_after && blank(region.text.get(found.span.end..));
    }
}

impl Region {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

impl Scan {
    /// The next paragraph with text, if nothing but blank ones stands between.
    fn next_text(&self, of: usize, paragraphs: &BTreeMap<usize, usize>) -> Option<usize> {
        let paragraph = self.elements.get(of)?;
        if self.ends_section(of) {
            return None;
        }
        let end = self.elements.get(paragraph.parent?)?.close.start;
        let following = self.elements.iter().enumerate().skip(of + 1);
        let following = following
            .take_while(|(_, element)| element.open.start < end)
            .filter(|(_, element)| element.parent == paragraph.parent);
        for (index, element) in following {
            match element.kind {
                Kind::Anchor | Kind::Note => {}
                Kind::Paragraph if !self.ends_section(index) => {
                    let next = paragraphs.get(&index).copied()?;
                    let region = self.regions.get(next)?;
                    if !region.is_blank() {
                        return Some(next);
                    }
                    if region.solid {
                        return None;
                    }
                }
                _ => return None,
            }
        }
        None
    }
}
