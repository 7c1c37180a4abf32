//! What must not be left empty: tables without rows, rows without cells and content
//! controls without content go with what they held; a cell, text box, note or header
//! that does not end with a paragraph gets one (ECMA-376 part 1, 17.4.37, 17.4.78;
//! Word calls the file damaged otherwise).

use std::collections::BTreeMap;

use super::scan::{Element, Kind, is_anchor};
use super::writer::{Care, Seam};
use crate::merge::block::Block;
use crate::merge::document::repeat::Skeleton;

impl Skeleton<'_> {
    /// Where the merge sees to what its blocks may leave empty.
    pub(super) fn husks(&self, blocks: &[Block]) -> Vec<Seam> {
        let mut husks: BTreeMap<usize, bool> = BTreeMap::new();
        // where what may vanish has its end
        let mut stories: BTreeMap<usize, usize> = BTreeMap::new();
        for cut in self.cuts {
            let Some((around, story)) = self.between_paragraphs(cut.at) else {
                continue;
            };
            let mut end = cut.at;
            for husk in around {
                let known = husks.entry(husk);
                if *known.or_insert_with(|| self.may_be_empty(husk, blocks)) {
                    let element = self.scan.elements.get(husk);
                    end = end.max(element.map_or(0, |element| element.close.end));
                }
            }
            if let Some(story) = story {
                let known = stories.entry(story).or_default();
                *known = end.max(*known);
            }
        }
        let empty = husks.iter().filter(|(_, may_be_empty)| **may_be_empty);
        let husks = empty.filter_map(|(husk, _)| self.scan.elements.get(*husk));
        let seams = husks.flat_map(|husk| {
            let (start, end) = (husk.open.start, husk.close.end);
            [
                Seam::new(start..start, Care::Opens),
                Seam::new(end..end, Care::Closes),
            ]
        });
        seams
            .chain(
                stories
                    .iter()
                    .filter_map(|(story, end)| self.guard(*story, *end)),
            )
            .collect()
    }

    /// The elements around a place between paragraphs that are nothing when empty, and
    /// the story they stand in.
    fn between_paragraphs(&self, at: usize) -> Option<(Vec<usize>, Option<usize>)> {
        let mut husks = Vec::new();
        let before = self.scan.elements.partition_point(|e| e.open.end <= at);
        let mut next = before.checked_sub(1);
        while let Some((index, element)) = next.and_then(|i| Some((i, self.scan.elements.get(i)?)))
        {
            next = element.parent;
            if element.close.is_empty() || element.close.start < at {
                continue;
            }
            match element.kind {
                Kind::Paragraph => return None,
                Kind::Story => return Some((husks, Some(index))),
                Kind::Table | Kind::Row | Kind::Control => husks.push(index),
                _ => {}
            }
        }
        Some((husks, None))
    }

    /// Whether all that an element holds stands in blocks within it.
    fn may_be_empty(&self, husk: usize, blocks: &[Block]) -> bool {
        let Some(element) = self.scan.elements.get(husk) else {
            return false;
        };
        let is_within = |range: &(usize, usize)| {
            let opening = self.cuts.get(range.0);
            opening.is_some_and(|cut| element.open.end <= cut.at && cut.at < element.close.end)
        };
        let range = |block: &Block| Some((*block.marks.first()?, *block.marks.last()?));
        let ranges = blocks.iter().filter_map(range);
        let mut ranges: Vec<(usize, usize)> = ranges.filter(is_within).collect();
        ranges.sort_unstable();
        // blocks within blocks tell nothing new
        let mut end = 0;
        ranges.retain(|range| {
            let is_outermost = range.0 >= end;
            end = end.max(range.1);
            is_outermost
        });
        let inner = self.scan.elements.iter().skip(husk + 1);
        let mut inner = inner.take_while(|inner| inner.open.start < element.close.start);
        inner.all(|inner| {
            let stretch = self.stretch(inner.open.start);
            let before = ranges.partition_point(|range| range.0 < stretch);
            let range = before.checked_sub(1).and_then(|index| ranges.get(index));
            !inner.fills() || range.is_some_and(|(_, last)| stretch <= *last)
        })
    }

    /// A paragraph for a story, unless it always ends with one.
    fn guard(&self, story: usize, from: usize) -> Option<Seam> {
        let element = self.scan.elements.get(story)?;
        let at = element.close.start;
        if ends_paragraph(self.text.get(from..at)?) == Some(true) {
            return None;
        }
        let prefix = self.text.get(element.prefix.clone())?;
        Some(Seam::new(at..at, Care::Guard(format!("<{prefix}p/>"))))
    }

    /// Whether a table, row or content control that holds this span is not empty.
    pub(super) fn fills(&self, span: &std::ops::Range<usize>) -> bool {
        let elements = &self.scan.elements;
        let first = elements.partition_point(|element| element.open.start < span.start);
        let within = elements.iter().skip(first);
        let mut within = within.take_while(|element| element.open.start < span.end);
        within.any(Element::fills)
    }
}

impl Element {
    fn fills(&self) -> bool {
        self.kind == Kind::Paragraph || self.is_cell
    }
}

/// Whether the XML ends with the end of a paragraph; `None` if that depends on what
/// stands before it.
pub(super) fn ends_paragraph(xml: &str) -> Option<bool> {
    let mut rest = xml;
    loop {
        let at = rest.trim_end().rfind('<');
        let tag = at
            .and_then(|at| rest.get(at + 1..))
            .unwrap_or(rest)
            .trim_end();
        if tag.is_empty() {
            return None;
        }
        let Some(inside) = tag.strip_suffix('>').filter(|_| at.is_some()) else {
            return Some(false);
        };
        let (closes, inside) = match inside.strip_prefix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        let empty = inside.ends_with('/');
        let name = inside.split(|c: char| c.is_whitespace() || c == '/').next();
        let name = name
            .and_then(|name| name.rsplit(':').next())
            .unwrap_or_default();
        match name {
            "p" => return Some(closes || empty),
            "sdtContent" | "sdt" if closes => {}
            name if empty && is_anchor(name) => {}
            _ => return Some(false),
        }
        rest = rest.get(..at?)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_paragraphs_are_seen() {
        for (xml, expected) in [
            ("", None),
            (" \n", None),
            ("<w:p/>", Some(true)),
            ("<w:t>a</w:t></w:r></w:p>", Some(true)),
            ("</p>\n", Some(true)),
            ("<w:p w:id='/'/>", Some(true)),
            ("<w:p>", Some(false)),
            ("<w:p/><w:tbl></w:tbl>", Some(false)),
            ("<w:p/></w:sdtContent></w:sdt>", Some(true)),
            ("</w:sdtContent></w:sdt>", None),
            ("<w:p/><w:bookmarkEnd w:id=\"1\"/>", Some(true)),
            ("<w:bookmarkEnd w:id=\"1\"/>", None),
            ("<w:sdtContent>", Some(false)),
            ("</w:p>text", Some(false)),
            ("<w:docPr descr=\"", Some(false)),
            ("text", Some(false)),
            ("</w:pPr>", Some(false)),
        ] {
            assert_eq!(ends_paragraph(xml), expected, "{xml}");
        }
    }
}
