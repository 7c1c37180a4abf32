//! What docxtpl lets a mark say of the table cell it stands in: `{% colspan n %}`,
//! `{% cellbg colour %}`, and within a loop `{% vm %}` and `{% hm %}`, which merge the
//! cells it makes. They become properties of the cell (ECMA-376 part 1, 17.4.69), each at
//! its place in the order that the schema demands.

use std::collections::BTreeMap;

use super::attribute::spans;
use super::layout::{Edit, Piece, Planner, Slot};
use super::levels::Placed;
use super::scan::{Element, Kind};
use crate::merge::mark::Kind as MarkKind;

/// The children of `w:tcPr` up to the last we set (CT_TcPr).
const ORDER: [&str; 7] = [
    "cnfStyle",
    "tcW",
    "gridSpan",
    "hMerge",
    "vMerge",
    "tcBorders",
    "shd",
];

/// A property of a cell.
struct Property {
    name: &'static str,
    pieces: Vec<Piece>,
}

impl Planner<'_> {
    /// The cell that a mark speaks of.
    pub(super) fn cell_of(&self, placed: &Placed) -> Option<usize> {
        let region = self.scan.regions.get(placed.region)?;
        self.scan
            .ancestor(region.element, |element| element.is_cell)
    }

    /// Gives the cells what their marks say.
    pub(super) fn dress_cells(&mut self) {
        let mut cells: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, placed) in self.placed.iter().enumerate() {
            if let (MarkKind::Cell, Some(cell)) = (placed.found.kind, self.cell_of(placed)) {
                cells.entry(cell).or_default().push(number);
            }
        }
        for (cell, marks) in cells {
            self.dress(cell, &marks);
        }
    }

    fn dress(&mut self, cell: usize, marks: &[usize]) -> Option<()> {
        let element = self.scan.elements.get(cell)?;
        let span = element.whole();
        let w = self.prefix(element).to_owned();
        if w.is_empty() {
            // without a prefix the attributes would lose their namespace
            return None;
        }
        let said = |word: &str| {
            let mut marks = marks.iter().copied();
            marks.find(|number| self.keyword(*number) == word)
        };
        let (columns, colour) = (said("colspan"), said("cellbg"));
        let (down, across) = (said("vm"), said("hm"));
        let mut properties = Vec::new();
        if let Some(number) = columns.or(across) {
            let width = match columns {
                Some(number) => format!("(({}) or 1)|int", self.argument(number)),
                None => self.width(cell).to_string(),
            };
            let width = match across {
                Some(_) => format!("{width} * loop.length"),
                None => width,
            };
            properties.push(self.property(number, "gridSpan", [&w, "val"], width)?);
        }
        if let Some(number) = down {
            let merge = "'restart' if loop.first else 'continue'".to_owned();
            properties.push(self.property(number, "vMerge", [&w, "val"], merge)?);
        }
        if let Some(number) = colour {
            let colour = self.argument(number);
            let fill = format!("(({colour}) or '')|string|replace('#', '') or 'auto'");
            let plain = format!(r#"val="clear" {w}color="auto" {w}fill"#);
            properties.push(self.property(number, "shd", [&w, &plain], fill)?);
        }
        self.put_properties(cell, &w, properties);
        if let Some(number) = down {
            self.only_first(number, cell, &w);
        }
        if let Some(number) = across {
            self.insert(span.start, self.statement(number, "if loop.first"));
            self.insert(span.end, self.statement(number, "endif"));
        }
        Some(())
    }

    fn keyword(&self, number: usize) -> &str {
        let code = self.code(number).trim_start();
        code.split(char::is_whitespace).next().unwrap_or_default()
    }

    /// What stands behind the first word of a mark.
    fn argument(&self, number: usize) -> &str {
        let code = self.code(number).trim();
        code.strip_prefix(self.keyword(number))
            .unwrap_or_default()
            .trim()
    }

    /// A property of one attribute, or of those that come before it, too.
    fn property(
        &self,
        number: usize,
        name: &'static str,
        [w, attribute]: [&str; 2],
        value: String,
    ) -> Option<Property> {
        let begins = format!(r#"<{w}{name} {w}{attribute}=""#);
        let value = self.mark_saying(number, MarkKind::Print, value, Slot::Plain)?;
        let pieces = vec![
            Piece::Markup(begins),
            value,
            Piece::Markup(r#""/>"#.to_owned()),
        ];
        Some(Property { name, pieces })
    }

    fn statement(&self, number: usize, code: &str) -> Vec<Piece> {
        let mark = self.mark_saying(number, MarkKind::Block, code.to_owned(), Slot::Plain);
        mark.into_iter().collect()
    }

    fn insert(&mut self, at: usize, pieces: Vec<Piece>) {
        self.edits.push(Edit {
            span: at..at,
            pieces,
        });
    }

    /// Puts properties, which come in the schema's order, into a cell's `w:tcPr`.
    fn put_properties(&mut self, cell: usize, w: &str, properties: Vec<Property>) {
        let existing = self.cell_properties(cell);
        let empty = existing.and_then(|index| self.scan.elements.get(index));
        let Some((index, element)) = existing.zip(empty).filter(|(_, e)| !e.close.is_empty())
        else {
            let at = match (empty, self.scan.elements.get(cell)) {
                (Some(empty), _) => empty.whole(),
                (None, cell) => cell.map_or(0..0, |cell| cell.open.end..cell.open.end),
            };
            let begins = Piece::Markup(format!("<{w}tcPr>"));
            let ends = Piece::Markup(format!("</{w}tcPr>"));
            let inside = properties.into_iter().flat_map(|property| property.pieces);
            let pieces = [begins].into_iter().chain(inside).chain([ends]).collect();
            self.edits.push(Edit { span: at, pieces });
            return;
        };
        for Property { name, pieces } in properties {
            let rank = |name: &str| ORDER.iter().position(|known| *known == name);
            let mut children = self.scan.children(index).map(|(_, child)| child);
            let next = children.find(|child| {
                rank(self.local_name(child)).is_none_or(|place| Some(place) >= rank(name))
            });
            let span = match next {
                Some(next) if self.local_name(next) == name => next.whole(),
                Some(next) => next.open.start..next.open.start,
                None => element.close.start..element.close.start,
            };
            self.edits.push(Edit { span, pieces });
        }
    }

    /// What a cell holds is shown in the first round of the loop; Word hides the others.
    fn only_first(&mut self, number: usize, cell: usize, w: &str) -> Option<()> {
        let properties = self.cell_properties(cell);
        let properties = properties.and_then(|index| self.scan.elements.get(index));
        let element = self.scan.elements.get(cell)?;
        let begins = properties.map_or(element.open.end, |properties| properties.close.end);
        let ends = element.close.start;
        let mut children = self.scan.children(cell);
        let paragraph = children.find(|(_, child)| child.kind == Kind::Paragraph);
        let of_paragraph = paragraph.map_or("", |(index, _)| self.properties(index));
        let hidden = Piece::Markup(format!("<{w}p>{of_paragraph}</{w}p>"));
        self.insert(begins, self.statement(number, "if loop.first"));
        let mut otherwise = self.statement(number, "else");
        otherwise.push(hidden);
        otherwise.extend(self.statement(number, "endif"));
        self.insert(ends, otherwise);
        Some(())
    }

    /// How many columns a cell takes.
    fn width(&self, cell: usize) -> u32 {
        let properties = self.cell_properties(cell);
        let mut children = properties
            .into_iter()
            .flat_map(|index| self.scan.children(index));
        let span = children.find(|(_, child)| self.local_name(child) == "gridSpan");
        let tag = span.and_then(|(_, span)| self.source.get(span.open.clone()));
        let value = tag.and_then(|tag| {
            let (_, value) = spans(tag)
                .into_iter()
                .find(|(name, _)| name.ends_with("val"))?;
            tag.get(value)?.parse().ok()
        });
        value.unwrap_or(1)
    }

    fn cell_properties(&self, cell: usize) -> Option<usize> {
        let (index, first) = self.scan.children(cell).next()?;
        (self.local_name(first) == "tcPr").then_some(index)
    }

    /// The name of an element, without its prefix.
    fn local_name(&self, element: &Element) -> &str {
        let name = self.source.get(element.prefix.end..element.open.end);
        let name = name.unwrap_or_default();
        let end = name.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'));
        name.get(..end.unwrap_or(name.len())).unwrap_or_default()
    }
}
