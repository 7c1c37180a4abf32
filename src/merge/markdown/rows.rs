//! Which lines of block marks stand between the rows of a table.

use std::collections::BTreeSet;

use crate::merge::block;

/// What a line is to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// nothing but quotes' `>` and white space
    Blank,
    /// text, without quotes' `>`
    Text(&'a str),
    /// nothing but block marks; their number
    Marks(usize),
}

/// The lines of tables below their heads, and those among them that hold block marks and
/// are rows: such as form whole blocks within the table. `statements` are those of all
/// the marks that stand so, in order.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) inside: BTreeSet<usize>,
    pub(super) marks: BTreeSet<usize>,
}

impl Rows {
    pub(super) fn find(lines: &[Line<'_>], statements: &[&str]) -> Self {
        let mut rows = Self::default();
        let mut seen = 0;
        let mut table: Option<Vec<(usize, &str)>> = None;
        let mut before = Line::Blank;
        for (number, line) in lines.iter().enumerate() {
            let first = seen;
            if let Line::Marks(count) = line {
                seen += count;
            }
            match (&mut table, line) {
                (Some(of_table), Line::Blank) => {
                    rows.close(of_table);
                    table = None;
                }
                (Some(of_table), line) => {
                    rows.inside.insert(number);
                    if let Line::Marks(_) = line {
                        let here = statements.get(first..seen).unwrap_or_default();
                        of_table.extend(here.iter().map(|statement| (number, *statement)));
                    }
                }
                (None, Line::Text(dashes)) if is_head(before) && is_dashes(dashes) => {
                    rows.inside.insert(number);
                    table = Some(Vec::new());
                }
                (None, _) => {}
            }
            before = *line;
        }
        table.iter().for_each(|of_table| rows.close(of_table));
        rows
    }

    /// Ends a table with these marks, each with its line.
    fn close(&mut self, of_table: &[(usize, &str)]) {
        let statements = of_table.iter().map(|(_, statement)| Some(*statement));
        let whole: BTreeSet<usize> = block::groups(statements).into_iter().flatten().collect();
        let (fitting, stray): (Vec<_>, Vec<_>) = of_table
            .iter()
            .enumerate()
            .partition(|(mark, (_, statement))| whole.contains(mark) || assigns(statement));
        let lines = |marks: Vec<(usize, &(usize, &str))>| -> BTreeSet<usize> {
            marks.into_iter().map(|(_, (line, _))| *line).collect()
        };
        self.marks.extend(&lines(fitting) - &lines(stray));
    }
}

/// Whether this is a block of its own (`set x = 1`).
fn assigns(statement: &str) -> bool {
    statement.trim_start().starts_with("set ") && statement.contains('=')
}

fn is_head(line: Line<'_>) -> bool {
    matches!(line, Line::Text(text) if text.contains('|'))
}

/// Whether this is the line below a table's head.
fn is_dashes(line: &str) -> bool {
    let known = |c: char| matches!(c, '|' | '-' | ':' | ' ' | '\t');
    line.contains('|') && line.contains('-') && line.chars().all(known)
}
