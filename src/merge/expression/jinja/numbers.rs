//! Filters of numbers.

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, filters};

use super::super::refusal::refuse;
use super::arguments::add;

pub(super) fn install(environment: &mut Environment<'static>) {
    let round = Value::from_function(filters::round);
    add(
        environment,
        "round",
        ["precision", "method"],
        move |state, value, given| {
            let [precision, method] = given;
            let directed = matches!(method.as_str(), Some("ceil" | "floor"));
            let value = match value.kind() {
                ValueKind::Bool => Value::from(u8::from(value.is_true())),
                // Python gives a fraction here
                ValueKind::Number if directed => fraction(&value).map_or(value, Value::from),
                _ => value,
            };
            round.call(state, &[value, precision, method])
        },
    );
    let int = Value::from_function(filters::int);
    add(
        environment,
        "int",
        ["default", "base"],
        move |state, value, given| {
            let [default, base] = given;
            let default = or(default, Value::from(0));
            let value = readable(value);
            let infinite = match value.as_str() {
                Some(text) => text.parse::<f64>().is_ok_and(|number| !number.is_finite()),
                None => fraction(&value).is_some_and(|number| !number.is_finite()),
            };
            if infinite {
                return Ok(default);
            }
            int.call(state, &[value, default, base])
        },
    );
    let float = Value::from_function(filters::float);
    add(
        environment,
        "float",
        ["default"],
        move |state, value, [default]| {
            float.call(state, &[readable(value), or(default, Value::from(0.0))])
        },
    );
    add(
        environment,
        "filesizeformat",
        ["binary"],
        |_, value, [binary]| {
            let size = match value.as_str() {
                Some(text) => text.trim().parse().ok(),
                None => fraction(&value),
            };
            file_size(size, binary.is_true()).map(Value::from)
        },
    );
}

fn or(given: Value, default: Value) -> Value {
    if given.is_undefined() { default } else { given }
}

fn fraction(value: &Value) -> Option<f64> {
    f64::try_from(value.clone()).ok()
}

/// Text without what Python overlooks when it reads a number: blanks around it and
/// underscores between digits.
fn readable(value: Value) -> Value {
    let Some(text) = value.as_str() else {
        return value;
    };
    let text = text.trim();
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut parts = text.split('_').peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(part) = parts.next() {
        out.push_str(part);
        if let Some(next) = parts.peek()
            && !(digit(part.chars().last()) && digit(next.chars().next()))
        {
            return value;
        }
    }
    out.into()
}

fn file_size(size: Option<f64>, binary: bool) -> Result<String, Error> {
    let size = size.ok_or_else(|| refuse("„filesizeformat“ braucht eine Zahl"))?;
    let (base, middle, bytes) = if binary {
        (1024.0, "i", "KMGTPEZY")
    } else {
        (1000.0, "", "kMGTPEZY")
    };
    if size == 1.0 {
        return Ok("1 Byte".to_owned());
    }
    if size < base {
        return Ok(format!("{} Bytes", size.trunc()));
    }
    let mut unit = base;
    let mut prefix = ' ';
    for next in bytes.chars() {
        prefix = next;
        if size < unit * base {
            break;
        }
        unit *= base;
    }
    // the largest prefix takes all that is left
    let unit = unit.min(base.powi(8));
    Ok(format!("{:.1} {prefix}{middle}B", size / unit))
}
