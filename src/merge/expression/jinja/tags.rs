//! Filters about markup and addresses.

use std::fmt::Write;

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, State};

use super::super::print;
use super::arguments::{add, text};

pub(super) fn install(environment: &mut Environment<'static>) {
    add(environment, "striptags", [], |_, value, []| {
        Ok(minijinja_contrib::filters::striptags(text(&value)?).into())
    });
    add(
        environment,
        "xmlattr",
        ["autospace"],
        |state, value, [space]| {
            let mut out = String::new();
            for (name, value) in pairs(state, &value)? {
                if !value.is_none() && !value.is_undefined() {
                    let separated = !out.is_empty() || space.is_undefined() || space.is_true();
                    let blank = if separated { " " } else { "" };
                    let (name, value) = (print::text(&name)?, print::text(&value)?);
                    write!(out, "{blank}{}=\"{}\"", escaped(&name), escaped(&value))?;
                }
            }
            Ok(out.into())
        },
    );
    add(environment, "urlencode", [], |state, value, []| {
        let is_list = matches!(value.kind(), ValueKind::Map | ValueKind::Seq);
        if !is_list {
            return Ok(encoded(&text(&value)?, "%20", "/").into());
        }
        let mut parts = Vec::new();
        for (name, value) in pairs(state, &value)? {
            let encoded = |value| Ok::<_, Error>(encoded(&print::text(value)?, "+", ""));
            parts.push(format!("{}={}", encoded(&name)?, encoded(&value)?));
        }
        Ok(parts.join("&").into())
    });
}

/// The names and values of a table of values, or of a list of pairs.
fn pairs(state: &State<'_, '_>, value: &Value) -> Result<Vec<(Value, Value)>, Error> {
    let keys = value.try_iter()?;
    let is_map = value.kind() == ValueKind::Map;
    keys.map(|key| {
        state.consume_fuel(1)?;
        match is_map {
            true => Ok((key.clone(), value.get_item(&key)?)),
            false => Ok((key.get_item_by_index(0)?, key.get_item_by_index(1)?)),
        }
    })
    .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&#34;")
        .replace('\'', "&#39;")
}

/// RFC 3986 section 2.1.
fn encoded(text: &str, blank: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match char::from(byte) {
            c if c.is_ascii_alphanumeric() || "_.-~".contains(c) || kept.contains(c) => out.push(c),
            ' ' => out.push_str(blank),
            _ => {
                let hex = |digit: u8| char::from_digit(digit.into(), 16).unwrap_or('0');
                out.push('%');
                out.extend([hex(byte >> 4), hex(byte & 15)].map(|c| c.to_ascii_uppercase()));
            }
        }
    }
    out
}
