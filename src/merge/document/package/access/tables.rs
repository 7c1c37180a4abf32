//! Tables without a header row.

use std::collections::BTreeMap;

use super::body::{Block, Body, visible};
use super::{Found, gather};
use crate::merge::document::package::styles::{Styles, draws, is_on};
use crate::merge::document::package::tree::Tree;
use crate::merge::document::scan::Region;
use crate::merge::{Fault, Place};

/// A note on tables that show data and whose first row is no header row
/// (`w:tblHeader`, ECMA-376 part 1, 17.4).
pub(super) fn note(body: &Body<'_>, styles: &Styles) -> Option<Fault> {
    let paragraphs = body.part.paragraphs();
    let tables = body.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Table::read(&body.part.tree, *table, &paragraphs),
        Block::Paragraph(_) => None,
    });
    let found = tables
        .filter(|table| table.is_ruled(styles) && table.shows_data() && !table.has_header())
        .map(|table| Found::new(table.place(body.part.name), &table.words()));
    gather(
        found.collect(),
        |words| format!("die Tabelle „{words}“ hat keine Überschriftenzeile"),
        "ein Vorleseprogramm kann zu ihren Zellen nicht sagen, in welcher Spalte sie stehen: setzen \
         Sie den Cursor in die erste Zeile, und wählen Sie Tabellenlayout > Überschriften wiederholen",
    )
}

/// A table, but for rows that are there only for the marks of a block.
struct Table<'p> {
    tree: &'p Tree<'p>,
    table: usize,
    rows: Vec<Row<'p>>,
}

struct Row<'p> {
    row: usize,
    cells: Vec<String>,
    /// the first paragraph of its first cell
    first: Option<&'p Region>,
}

impl<'p> Table<'p> {
    /// Reads a table; `None` if there is another in it: then it lays out a page.
    fn read(
        tree: &'p Tree<'p>,
        table: usize,
        paragraphs: &BTreeMap<usize, &'p Region>,
    ) -> Option<Self> {
        let end = tree.nodes.get(table)?.end;
        if (table + 1..end).any(|node| tree.is(node, "tbl")) {
            return None;
        }
        let rows = (table..end).filter(|node| tree.is(*node, "tr"));
        let rows = rows.filter_map(|row| Row::read(tree, row, paragraphs));
        Some(Self {
            tree,
            table,
            rows: rows.collect(),
        })
    }

    /// Whether lines are drawn between its cells; without, it only lays out text.
    fn is_ruled(&self, styles: &Styles) -> bool {
        let properties = self.tree.child(self.table, "tblPr");
        let style = properties.and_then(|properties| {
            let style = self.tree.child(properties, "tblStyle")?;
            styles.get(&self.tree.attribute(style, "val")?)
        });
        style.is_some_and(|style| style.properties.ruled == Some(true))
            || draws(self.tree, self.table)
    }

    /// Whether its columns need to be named: a table of one row or column needs no header,
    /// nor does a form, which has names on the left and values beside them.
    fn shows_data(&self) -> bool {
        let columns = self.rows.iter().map(|row| row.cells.len()).max();
        let Some(first) = self.rows.first() else {
            return false;
        };
        let is_value = |cell: &String| cell.is_empty() || cell.contains("{{");
        let mut names = self.rows.iter().filter_map(|row| row.cells.first());
        let is_form = columns == Some(2) && first.cells.last().is_some_and(is_value)
            || names.all(|name| name.is_empty() || name.ends_with(':'));
        self.rows.len() > 1
            && columns > Some(1)
            && first.cells.iter().any(|cell| !cell.is_empty())
            && !is_form
    }

    fn has_header(&self) -> bool {
        let properties = |row: &Row<'_>| self.tree.child(row.row, "trPr");
        let properties = self.rows.first().and_then(properties);
        let header = properties.and_then(|row| self.tree.child(row, "tblHeader"));
        header.is_some_and(|header| is_on(self.tree, header))
    }

    fn place(&self, part: &str) -> Place {
        let first = self.rows.iter().find_map(|row| row.first);
        first.map_or_else(|| Place::of_part(part), |region| region.place_in(part))
    }

    fn words(&self) -> String {
        let first = self.rows.first().map(|row| row.cells.as_slice());
        let cells = first.unwrap_or_default().iter();
        let words: Vec<&str> = cells
            .map(String::as_str)
            .filter(|cell| !cell.is_empty())
            .collect();
        words.join(" | ")
    }
}

impl<'p> Row<'p> {
    /// Reads a row; `None` if it holds nothing but the marks of a block.
    fn read(tree: &Tree<'_>, row: usize, paragraphs: &BTreeMap<usize, &'p Region>) -> Option<Self> {
        let end = tree.nodes.get(row)?.end;
        let regions = |of: usize| {
            let end = tree.nodes.get(of).map_or(of, |node| node.end);
            paragraphs.range(of..end).map(|(_, region)| *region)
        };
        let text = |cell: usize| {
            let words: Vec<String> = regions(cell).map(|region| visible(&region.text)).collect();
            words.join(" ").trim().to_owned()
        };
        let cells = (row..end).filter(|node| tree.is(*node, "tc"));
        let cells: Vec<String> = cells.map(text).collect();
        let has_marks = regions(row).any(|region| region.text.contains("{%"));
        let is_silent = has_marks && cells.iter().all(String::is_empty);
        (!is_silent).then(|| Self {
            row,
            cells,
            first: regions(row).next(),
        })
    }
}
