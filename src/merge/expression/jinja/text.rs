//! Filters of text.

use minijinja::value::Value;
use minijinja::{Environment, Error, filters};

use super::super::refusal::bounded;
use super::arguments::{add, by_place, count_or, text, text_or};

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
    let trim = Value::from_function(filters::trim);
    by_place(environment, "trim", ["chars"], trim);
    let default = Value::from_function(filters::default);
    for name in ["default", "d"] {
        let parameters = ["default_value", "boolean"];
        by_place(environment, name, parameters, default.clone());
    }
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
