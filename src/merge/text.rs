//! Templates of plain text: the texts of replies, file name patterns.

use std::ops::Range;

use minijinja::Environment;

use super::mark::{Found, Kind, find};
use super::program::{Compiler, Item, Mark, Program, items};
use super::{Error, Fault, Rules, Values, xml};

#[cfg(test)]
mod tests;

/// A compiled text template.
///
/// A line that holds nothing but block marks disappears with them.
#[derive(Debug)]
pub struct Text {
    environment: Environment<'static>,
    program: Program,
    stretches: Vec<String>,
}

impl Text {
    /// Compiles a text; `name` is what faults call it.
    ///
    /// # Errors
    ///
    /// All faults at once: marks that are not closed or make no sense, names that the
    /// rules do not know.
    pub fn compile(name: &str, source: &str, rules: &Rules) -> Result<Self, Vec<Fault>> {
        let mut compiler = Compiler::new(rules);
        let (found, unclosed) = find(source, |_| false);
        compiler.faults.extend(unclosed.into_iter().map(|at| Fault {
            place: place(name, source, at).into(),
            problem: format!(
                "eine Marke wird nicht geschlossen: „{}“",
                around(source, at..at)
            ),
        }));
        let mut marks = Vec::new();
        let mut stretches = vec![String::new()];
        let mut rest = 0;
        for mark in &found {
            let span = whole_line(source, mark, &found);
            push(&mut stretches, source.get(rest..span.start));
            rest = span.end.max(rest);
            if let Kind::Literal(plain) = mark.kind {
                push(&mut stretches, Some(plain));
                continue;
            }
            marks.push(Mark {
                kind: mark.kind,
                code: source.get(mark.code.clone()).unwrap_or_default().to_owned(),
                place: place(name, source, mark.span.start).into(),
                around: around(source, mark.span.clone()),
            });
            stretches.push(String::new());
        }
        push(&mut stretches, source.get(rest..));
        let (program, _) = compiler.compile(name, &marks, |number| {
            stretches.get(number).cloned().unwrap_or_default()
        });
        if !compiler.faults.is_empty() {
            return Err(compiler.faults);
        }
        Ok(Self {
            environment: compiler.environment,
            program,
            stretches,
        })
    }

    /// Puts the values in.
    ///
    /// # Errors
    ///
    /// A value that the template needs is missing, or its loops do not end.
    pub fn merge(&self, values: &Values) -> Result<String, Error> {
        let output = self.program.run(&self.environment, values)?;
        let mut text = String::new();
        for item in items(&output) {
            match item {
                Item::Stretch(number) => {
                    text.push_str(self.stretches.get(number).map_or("", String::as_str));
                }
                Item::Value(value) => text.extend(value.chars().filter(|c| {
                    !c.is_control() && xml::is_harmless(*c) || matches!(c, '\n' | '\t')
                })),
            }
        }
        Ok(text)
    }
}

fn push(stretches: &mut [String], text: Option<&str>) {
    if let (Some(last), Some(text)) = (stretches.last_mut(), text) {
        last.push_str(text);
    }
}

/// The mark's place, or all of its line if that holds nothing but block marks: the
/// first of them takes what is before it, each what follows it up to the next.
fn whole_line(source: &str, mark: &Found, all: &[Found]) -> Range<usize> {
    let before = source.get(..mark.span.start).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let after = source.get(mark.span.end..).unwrap_or_default();
    let end = after
        .find('\n')
        .map_or(source.len(), |at| mark.span.end + at + 1);
    let mut rest = start;
    let mut next = end;
    for other in all
        .iter()
        .filter(|m| m.span.start < end && m.span.end > start)
    {
        let gap = source.get(rest..other.span.start).unwrap_or_default();
        if matches!(other.kind, Kind::Print | Kind::Literal(_)) || !gap.trim().is_empty() {
            return mark.span.clone();
        }
        rest = other.span.end;
        if other.span.start > mark.span.start {
            next = next.min(other.span.start);
        }
    }
    if source
        .get(rest..end)
        .is_some_and(|gap| gap.trim().is_empty())
    {
        start..next
    } else {
        mark.span.clone()
    }
}

fn place(name: &str, source: &str, at: usize) -> String {
    let before = source.get(..at).unwrap_or_default();
    format!("{name}, Zeile {}", before.matches('\n').count() + 1)
}

/// The text around a span, on one line.
pub(super) fn around(text: &str, span: Range<usize>) -> String {
    const REACH: usize = 24;
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    let start = before.char_indices().rev().nth(REACH - 1).map(|(at, _)| at);
    let end = after.char_indices().nth(REACH).map(|(at, _)| span.end + at);
    let middle = text
        .get(start.unwrap_or(0)..end.unwrap_or(text.len()))
        .unwrap_or_default();
    let plain: Vec<&str> = middle.split_whitespace().collect();
    format!(
        "{}{}{}",
        if start.is_some_and(|at| at > 0) {
            "…"
        } else {
            ""
        },
        plain.join(" "),
        if end.is_some() { "…" } else { "" }
    )
}
