//! The filter `tojson`, which sorts names and escapes what is not ASCII, as Python's does.

use std::fmt::Write;

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error};

use super::super::print;
use super::super::refusal::{bounded, refuse};
use super::arguments::{add, count_or};

/// Lists within lists that are still written.
const DEPTH: usize = 64;

pub(super) fn install(environment: &mut Environment<'static>) {
    add(environment, "tojson", ["indent"], |_, value, [indent]| {
        let indent = match indent.is_undefined() || indent.is_none() {
            true => None,
            false => Some(" ".repeat(count_or(&indent, 0)?.min(80))),
        };
        let mut json = Json {
            out: String::new(),
            indent,
        };
        json.write(&value, 0)?;
        Ok(json.out.into())
    });
}

struct Json {
    out: String,
    indent: Option<String>,
}

impl Json {
    fn write(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        if depth > DEPTH {
            return Err(refuse(
                "„tojson“: die Listen sind zu tief ineinander geschachtelt",
            ));
        }
        bounded(self.out.len())?;
        match value.kind() {
            ValueKind::Undefined | ValueKind::None => self.out.push_str("null"),
            ValueKind::Bool if value.is_true() => self.out.push_str("true"),
            ValueKind::Bool => self.out.push_str("false"),
            ValueKind::Number => self.out.push_str(&print::number(value)),
            ValueKind::Seq | ValueKind::Iterable => {
                let items = value.try_iter()?.map(|item| (None, item)).collect();
                self.write_items(['[', ']'], items, depth)?;
            }
            ValueKind::Map => match value.as_object().and_then(|map| map.try_iter_pairs()) {
                Some(pairs) => {
                    let pair = |(key, value)| Ok::<_, Error>((Some(print::text(&key)?), value));
                    let mut items: Vec<_> = pairs.map(pair).collect::<Result<_, _>>()?;
                    items.sort_by(|(a, _), (b, _)| a.cmp(b));
                    self.write_items(['{', '}'], items, depth)?;
                }
                None => self.write_text(&value.to_string())?,
            },
            _ => self.write_text(&print::text(value)?)?,
        }
        Ok(())
    }

    fn write_items(
        &mut self,
        [open, close]: [char; 2],
        items: Vec<(Option<String>, Value)>,
        depth: usize,
    ) -> Result<(), Error> {
        self.out.push(open);
        let any = !items.is_empty();
        for (number, (key, value)) in items.into_iter().enumerate() {
            match (&self.indent, number) {
                (None, 0) => {}
                (None, _) => self.out.push_str(", "),
                (Some(_), 0) => self.break_line(depth + 1),
                (Some(_), _) => {
                    self.out.push(',');
                    self.break_line(depth + 1);
                }
            }
            if let Some(key) = key {
                self.write_text(&key)?;
                self.out.push_str(": ");
            }
            self.write(&value, depth + 1)?;
        }
        if any && self.indent.is_some() {
            self.break_line(depth);
        }
        self.out.push(close);
        Ok(())
    }

    fn break_line(&mut self, depth: usize) {
        let margin = self.indent.as_deref().unwrap_or_default().repeat(depth);
        self.out.push('\n');
        self.out.push_str(&margin);
    }

    fn write_text(&mut self, text: &str) -> Result<(), Error> {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                ' '..='~' if !matches!(c, '<' | '>' | '&' | '\'') => self.out.push(c),
                c => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        write!(self.out, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        self.out.push('"');
        bounded(self.out.len())
    }
}
