//! Methods of texts and lists: those of minijinja-contrib, and the rest of Python's that
//! read and change nothing.

use minijinja::value::{Tuple, Value, ValueKind, from_args};
use minijinja::{Error, State};
use minijinja_contrib::pycompat::unknown_method_callback;

use super::super::refusal::{bounded, refuse};
use super::arguments::count_or;
use super::format::str_format;
use super::text::{centered, filled};

/// Calls a method that minijinja does not know.
pub(super) fn call(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    let known = match (value.kind(), value.as_str()) {
        (_, Some(text)) => of_text(state, text, method, arguments)?,
        (ValueKind::Seq, _) => of_list(value, method, arguments)?,
        (ValueKind::Map, _) => of_map(value, method)?,
        _ => None,
    };
    match known {
        Some(result) => Ok(result),
        None => unknown_method_callback(state, value, method, arguments),
    }
}

fn of_text(
    state: &mut State<'_, '_>,
    text: &str,
    method: &str,
    arguments: &[Value],
) -> Result<Option<Value>, Error> {
    let filter = |state: &mut State<'_, '_>, name, first: Value, rest: &[Value]| {
        let all: Vec<Value> = [first].into_iter().chain(rest.iter().cloned()).collect();
        state.apply_filter(name, &all)
    };
    Ok(Some(match method {
        // the filters are bounded, the methods are not
        "replace" => filter(state, "replace", text.into(), arguments)?,
        "join" => {
            let (items,): (Value,) = from_args(arguments)?;
            filter(state, "join", items, &[text.into()])?
        }
        "format" => str_format(text, arguments)?.into(),
        "center" | "ljust" | "rjust" | "zfill" => justified(text, method, arguments)?.into(),
        "expandtabs" => {
            let (width,): (Option<Value>,) = from_args(arguments)?;
            expanded(text, count_or(&width.unwrap_or_default(), 8)?)?.into()
        }
        "index" | "rindex" => {
            let (part,): (&str,) = from_args(arguments)?;
            let at = if method == "index" {
                text.find(part)
            } else {
                text.rfind(part)
            };
            let before = at.and_then(|at| text.get(..at));
            let before = before.ok_or_else(|| refuse(format!("„{text}“ enthält kein „{part}“")))?;
            before.chars().count().into()
        }
        "partition" | "rpartition" => {
            let (separator,): (&str,) = from_args(arguments)?;
            let parts = match method {
                "partition" => text.split_once(separator).ok_or([text, "", ""]),
                _ => text.rsplit_once(separator).ok_or(["", "", text]),
            };
            let parts = match parts {
                Ok((before, behind)) => [before, separator, behind],
                Err(parts) => parts,
            };
            Tuple::from(parts.map(Value::from)).into()
        }
        "rsplit" => {
            let (separator, most): (Option<&str>, Option<i64>) = from_args(arguments)?;
            split_from_end(text, separator, most).into()
        }
        "removeprefix" | "removesuffix" => {
            let (part,): (&str,) = from_args(arguments)?;
            let rest = match method {
                "removeprefix" => text.strip_prefix(part),
                _ => text.strip_suffix(part),
            };
            rest.unwrap_or(text).into()
        }
        "casefold" => text.to_lowercase().replace('ß', "ss").into(),
        "swapcase" => text.chars().map(swapped).collect::<String>().into(),
        "istitle" => {
            let title = minijinja::filters::title(text.into());
            (title == text && text.chars().any(char::is_alphabetic)).into()
        }
        "isdecimal" => (!text.is_empty() && text.chars().all(|c| c.is_ascii_digit())).into(),
        _ => return Ok(None),
    }))
}

fn justified(text: &str, method: &str, arguments: &[Value]) -> Result<String, Error> {
    let (width, fill): (Value, Option<char>) = from_args(arguments)?;
    let (width, fill) = (count_or(&width, 0)?, fill.unwrap_or(' '));
    let missing = width.saturating_sub(text.chars().count());
    match method {
        "center" => centered(text, width, fill),
        "ljust" => filled(text, 0, missing, fill),
        "rjust" => filled(text, missing, 0, fill),
        _ => {
            let digits = text.trim_start_matches(['+', '-']);
            let sign = text.strip_suffix(digits).unwrap_or_default();
            Ok(format!("{sign}{}", filled(digits, missing, 0, '0')?))
        }
    }
}

fn expanded(text: &str, width: usize) -> Result<String, Error> {
    bounded(text.matches('\t').count().saturating_mul(width))?;
    let mut out = String::with_capacity(text.len());
    let mut column = 0usize;
    for c in text.chars() {
        match c {
            '\t' => {
                let blanks = width - column.checked_rem(width).unwrap_or(width);
                out.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
            }
            c => {
                out.push(c);
                column = if c == '\n' { 0 } else { column + 1 };
            }
        }
    }
    Ok(out)
}

fn split_from_end(text: &str, separator: Option<&str>, most: Option<i64>) -> Vec<Value> {
    let mut most = most
        .and_then(|most| usize::try_from(most).ok())
        .unwrap_or(usize::MAX);
    let mut parts: Vec<Value> = Vec::new();
    let mut rest = text;
    loop {
        if separator.is_none() {
            rest = rest.trim_end();
        }
        let split = match separator {
            Some(separator) => rest.rsplit_once(separator),
            None => rest.rsplit_once(char::is_whitespace),
        };
        match split {
            Some((before, last)) if most > 0 => {
                parts.push(last.into());
                rest = before;
                most -= 1;
            }
            _ => break,
        }
    }
    if separator.is_some() || !rest.is_empty() {
        parts.push(rest.into());
    }
    parts.reverse();
    parts
}

fn swapped(c: char) -> String {
    match c.is_uppercase() {
        true => c.to_lowercase().collect(),
        false => c.to_uppercase().collect(),
    }
}

fn of_list(value: &Value, method: &str, arguments: &[Value]) -> Result<Option<Value>, Error> {
    match method {
        "index" => {
            let (item,): (Value,) = from_args(arguments)?;
            let at = value.try_iter()?.position(|other| other == item);
            let at = at.ok_or_else(|| refuse("die Liste enthält nicht, wonach „index“ sucht"))?;
            Ok(Some(at.into()))
        }
        "copy" => Ok(Some(value.clone())),
        "append" | "extend" | "insert" | "remove" | "pop" | "sort" | "reverse" | "clear" => {
            Err(refuse(format!(
                "„{method}“ würde die Liste ändern, und das geht in einer Vorlage nicht; \
                 bilden Sie eine neue: {{% set liste = liste + [wert] %}}"
            )))
        }
        _ => Ok(None),
    }
}

fn of_map(value: &Value, method: &str) -> Result<Option<Value>, Error> {
    match method {
        "copy" => Ok(Some(value.clone())),
        "update" | "pop" | "popitem" | "setdefault" | "clear" => Err(refuse(format!(
            "„{method}“ würde die Werte ändern, und das geht in einer Vorlage nicht"
        ))),
        _ => Ok(None),
    }
}
