//! Filters of text.

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, filters};

use super::super::print;
use super::super::refusal::bounded;
use super::arguments::{add, by_place, count_or, text, text_or};

/// The filter that makes lists and fractions text before `~` does.
pub(in crate::merge::expression) const TEXT: &str = "__text";

pub(super) fn install(environment: &mut Environment<'static>) {
    add(environment, "center", ["width"], |_, value, [width]| {
        Ok(centered(&text(&value)?, count_or(&width, 80)?, ' ')?.into())
    });
    let parameters = ["length", "killwords", "end", "leeway"];
    add(environment, "truncate", parameters, |_, value, given| {
        truncated(&text(&value)?, given).map(Value::from)
    });
    add(environment, "wordcount", [], |_, value, []| {
        let text = text(&value)?;
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        Ok(words.filter(|word| !word.is_empty()).count().into())
    });
    let parameters = ["width", "first", "blank"];
    add(environment, "indent", parameters, |_, value, given| {
        indented(&text(&value)?, given).map(Value::from)
    });
    add(
        environment,
        "replace",
        ["old", "new", "count"],
        |_, value, given| replaced(&text(&value)?, given).map(Value::from),
    );
    environment.add_filter(TEXT, as_text);
    let builtin = [
        ("upper", Value::from_function(filters::upper)),
        ("lower", Value::from_function(filters::lower)),
        ("title", Value::from_function(filters::title)),
        ("capitalize", Value::from_function(filters::capitalize)),
        ("string", Value::from_function(filters::string)),
    ];
    for (name, filter) in builtin {
        add(environment, name, [], move |state, value, []| {
            filter.call(state, &[as_text(value)?])
        });
    }
    let trim = Value::from_function(filters::trim);
    add(
        environment,
        "trim",
        ["chars"],
        move |state, value, [chars]| match chars.is_undefined() {
            true => trim.call(state, &[as_text(value)?]),
            false => trim.call(state, &[as_text(value)?, as_text(chars)?]),
        },
    );
    let default = Value::from_function(filters::default);
    for name in ["default", "d"] {
        let parameters = ["default_value", "boolean"];
        by_place(environment, name, parameters, default.clone());
    }
}

/// What minijinja would say otherwise, or without end, as text; all else as it is.
fn as_text(value: Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Number if !value.is_integer() => Ok(print::number(&value).into()),
        ValueKind::Bool | ValueKind::Seq | ValueKind::Map | ValueKind::Iterable => {
            Ok(print::text(&value)?.into())
        }
        _ => Ok(value),
    }
}

fn replaced(text: &str, [old, new, count]: [Value; 3]) -> Result<String, Error> {
    if old.is_undefined() || new.is_undefined() {
        return Err(Error::from(ErrorKind::MissingArgument));
    }
    let (old, new) = (print::text(&old)?, print::text(&new)?);
    let count = match i64::try_from(count) {
        Ok(count) => usize::try_from(count).unwrap_or(usize::MAX),
        Err(_) => usize::MAX,
    };
    let found = text.matches(&old).take(count).count();
    bounded(found.saturating_mul(new.len()).saturating_add(text.len()))?;
    Ok(text.replacen(&old, &new, count))
}

/// As Python's `str.center`, which puts the odd character before the text when the
/// width is odd.
pub(super) fn centered(text: &str, width: usize, fill: char) -> Result<String, Error> {
    let margin = width.saturating_sub(text.chars().count());
    let before = margin / 2 + (margin & width & 1);
    filled(text, before, margin - before, fill)
}

/// Text with so many characters before and behind it.
pub(super) fn filled(
    text: &str,
    before: usize,
    behind: usize,
    fill: char,
) -> Result<String, Error> {
    bounded(before.max(behind).saturating_mul(2 * fill.len_utf8()))?;
    let of = |count| std::iter::repeat_n(fill, count);
    Ok(of(before).chain(text.chars()).chain(of(behind)).collect())
}

fn truncated(text: &str, [length, killwords, end, leeway]: [Value; 4]) -> Result<String, Error> {
    let length = count_or(&length, 255)?;
    let end = text_or(&end, "...")?;
    let leeway = count_or(&leeway, 5)?;
    if text.chars().count() <= length.saturating_add(leeway) {
        return Ok(text.to_owned());
    }
    let kept = length.saturating_sub(end.chars().count());
    let mut kept: String = text.chars().take(kept).collect();
    if !killwords.is_true() {
        let word = kept.rfind(' ').unwrap_or(kept.len());
        kept.truncate(word);
    }
    Ok(kept + &end)
}

fn indented(text: &str, [width, first, blank]: [Value; 3]) -> Result<String, Error> {
    let margin = match width.as_str() {
        Some(margin) => margin.to_owned(),
        None => filled("", count_or(&width, 4)?, 0, ' ')?,
    };
    let lines = text.matches('\n').count() + 1;
    bounded(
        lines
            .saturating_mul(margin.len())
            .saturating_add(text.len()),
    )?;
    let mut out = String::new();
    for (number, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let is_first = number == 0;
        if !is_first {
            out.push('\n');
        }
        if first.is_true() && is_first || !is_first && (blank.is_true() || !line.is_empty()) {
            out.push_str(&margin);
        }
        out.push_str(line);
    }
    Ok(out)
}
