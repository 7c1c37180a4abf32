//! Values as text: as Python prints them, but for truth values, which print as `true`
//! and `false`.

use std::fmt::{self, Write};

use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use super::refusal::{LONGEST, bounded};

/// Lists within lists that are still printed.
const DEPTH: usize = 64;

/// A value as a mark prints it.
pub(super) fn printed(value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => Ok(String::new()),
        _ => text(value),
    }
}

/// A value as text, as Python's `str` gives it.
pub(super) fn text(value: &Value) -> Result<String, Error> {
    written(|out| match value.as_str() {
        Some(text) => out.write_str(text),
        None if is_noun(value) => write!(out, "{value}"),
        None => write_item(out, value, 0),
    })
}

/// A value as it would be written in a template, as Python's `repr` gives it.
pub(super) fn quoted(value: &Value) -> Result<String, Error> {
    written(|out| write_item(out, value, 0))
}

/// Whether it has parts to ask for, but is one thing: what it is called.
pub(super) fn is_noun(value: &Value) -> bool {
    let object = value.as_object();
    value.kind() == ValueKind::Map && object.is_some_and(|map| map.try_iter_pairs().is_none())
}

fn written(write: impl FnOnce(&mut Bounded) -> fmt::Result) -> Result<String, Error> {
    let mut out = Bounded(String::new());
    match write(&mut out) {
        Ok(()) => Ok(out.0),
        Err(fmt::Error) => Err(bounded(usize::MAX)
            .err()
            .unwrap_or_else(|| fmt::Error.into())),
    }
}

/// Text that does not grow without end.
struct Bounded(String);

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > LONGEST {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

/// A value within a list.
fn write_item(out: &mut Bounded, value: &Value, depth: usize) -> fmt::Result {
    match value.kind() {
        ValueKind::Undefined => out.write_str("Undefined"),
        ValueKind::Bool if value.is_true() => out.write_str("true"),
        ValueKind::Bool => out.write_str("false"),
        ValueKind::Number => out.write_str(&number(value)),
        ValueKind::String => write_quoted(out, value.as_str().unwrap_or_default()),
        ValueKind::Map | ValueKind::Seq | ValueKind::Iterable if depth > DEPTH => {
            out.write_str("...")
        }
        _ if is_noun(value) => write_quoted(out, &value.to_string()),
        ValueKind::Map => {
            let pairs = value.as_object().and_then(|map| map.try_iter_pairs());
            out.write_str("{")?;
            for (number, (key, value)) in pairs.into_iter().flatten().enumerate() {
                out.write_str(if number > 0 { ", " } else { "" })?;
                write_item(out, &key, depth + 1)?;
                out.write_str(": ")?;
                write_item(out, &value, depth + 1)?;
            }
            out.write_str("}")
        }
        ValueKind::Seq | ValueKind::Iterable => {
            let (open, close) = if value.is_tuple() {
                ("(", ")")
            } else {
                ("[", "]")
            };
            out.write_str(open)?;
            let items = value.try_iter().into_iter().flatten();
            for (number, item) in items.enumerate() {
                out.write_str(if number > 0 { ", " } else { "" })?;
                write_item(out, &item, depth + 1)?;
            }
            let alone = value.is_tuple() && value.len() == Some(1);
            out.write_str(if alone { "," } else { "" })?;
            out.write_str(close)
        }
        _ => write!(out, "{value}"),
    }
}

/// A number; fractions as Python prints them: very large and very small ones as `1e+16`.
pub(super) fn number(value: &Value) -> String {
    if value.is_integer() {
        return value.to_string();
    }
    let Ok(fraction) = f64::try_from(value.clone()) else {
        return value.to_string();
    };
    if fraction.is_nan() {
        return "nan".to_owned();
    }
    let scientific = format!("{fraction:e}");
    match scientific.split_once('e') {
        Some((digits, exponent)) => match exponent.parse::<i32>() {
            Ok(-4..16) if fraction.fract() == 0.0 => format!("{fraction}.0"),
            Ok(-4..16) | Err(_) => fraction.to_string(),
            Ok(exponent) => format!("{digits}e{exponent:+03}"),
        },
        None => scientific,
    }
}

/// Text between quotation marks, with what cannot be seen escaped.
fn write_quoted(out: &mut Bounded, text: &str) -> fmt::Result {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.write_char(quote)?;
    let special = |c: char| c == '\\' || c == quote || c != ' ' && is_invisible(c);
    let mut rest = text;
    while let Some(at) = rest.find(special) {
        let (plain, behind) = rest.split_at(at);
        out.write_str(plain)?;
        let mut behind = behind.chars();
        match behind.next().map(|c| (c, u32::from(c))) {
            Some(('\n', _)) => out.write_str("\\n")?,
            Some(('\r', _)) => out.write_str("\\r")?,
            Some(('\t', _)) => out.write_str("\\t")?,
            Some((c, _)) if c == '\\' || c == quote => write!(out, "\\{c}")?,
            Some((_, code @ ..=0xff)) => write!(out, "\\x{code:02x}")?,
            Some((_, code @ ..=0xffff)) => write!(out, "\\u{code:04x}")?,
            Some((_, code)) => write!(out, "\\U{code:08x}")?,
            None => {}
        }
        rest = behind.as_str();
    }
    out.write_str(rest)?;
    out.write_char(quote)
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}')
}
