//! What docxtpl lets a mark say of the table cell it stands in: `{% colspan n %}`,
//! `{% cellbg colour %}`, and within a loop `{% vm %}` and `{% hm %}`, which merge the
//! cells it makes. They become properties of the cell (ECMA-376 part 1, 17.4.69), each at
//! its place in the order that the schema demands.

use std::collections::BTreeMap;

use super::elements::Elements;
use super::layout::{Edit, Piece, Planner, Slot};
use super::levels::Placed;
use super::scan::Element;
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

impl<'a> Planner<'a> {
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

    fn elements(&self) -> Elements<'a> {
        Elements {
            source: self.source,
            scan: self.scan,
        }
    }

    fn dress(&mut self, cell: usize, marks: &[usize]) -> Option<()> {
        let span = self.elements().element(cell)?.whole();
        let w = self.elements().prefix(cell).to_owned();
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
    fn put_properties(&mut self, cell: usize, w: &str, properties: Vec<Property>) -> Option<()> {
        let elements = self.elements();
        let existing = elements.child(cell, "tcPr");
        let element = existing.and_then(|index| elements.element(index));
        let Some((index, element)) = existing.zip(element).filter(|(_, e)| !e.close.is_empty())
        else {
            let begins = elements.element(cell)?.open.end;
            let span = element.map_or(begins..begins, Element::whole);
            let begins = Piece::Markup(format!("<{w}tcPr>"));
            let ends = Piece::Markup(format!("</{w}tcPr>"));
            let inside = properties.into_iter().flat_map(|property| property.pieces);
            let pieces = [begins].into_iter().chain(inside).chain([ends]).collect();
            self.edits.push(Edit { span, pieces });
            return Some(());
        };
        for Property { name, pieces } in properties {
            let rank = |name: &str| ORDER.iter().position(|known| *known == name);
            let next = elements.children(index).find(|child| {
                rank(elements.name(*child)).is_none_or(|place| Some(place) >= rank(name))
            });
            let next =
                next.and_then(|child| Some((elements.name(child), elements.element(child)?)));
            let span = match next {
                Some((same, next)) if same == name => next.whole(),
                Some((_, next)) => next.open.start..next.open.start,
                None => element.close.start..element.close.start,
            };
            self.edits.push(Edit { span, pieces });
        }
        Some(())
    }

    /// What a cell holds is shown in the first round of the loop; Word hides the others.
    fn only_first(&mut self, number: usize, cell: usize, w: &str) -> Option<()> {
        let elements = self.elements();
        let element = elements.element(cell)?;
        let properties = elements
            .child(cell, "tcPr")
            .and_then(|index| elements.element(index));
        let begins = properties.map_or(element.open.end, |properties| properties.close.end);
        let paragraph = elements.child(cell, "p");
        let of_paragraph = paragraph.and_then(|index| elements.properties(index));
        let of_paragraph = of_paragraph.map_or("", |index| elements.xml(index));
        let hidden = Piece::Markup(format!("<{w}p>{of_paragraph}</{w}p>"));
        self.insert(begins, self.statement(number, "if loop.first"));
        let mut otherwise = self.statement(number, "else");
        otherwise.push(hidden);
        otherwise.extend(self.statement(number, "endif"));
        self.insert(element.close.start, otherwise);
        Some(())
    }

    /// How many columns a cell takes.
    fn width(&self, cell: usize) -> u32 {
        let elements = self.elements();
        let properties = elements.child(cell, "tcPr");
        let span = properties.and_then(|properties| elements.child(properties, "gridSpan"));
        let columns = span.and_then(|span| elements.value(span, "val")?.parse().ok());
        columns.unwrap_or(1)
    }
}
