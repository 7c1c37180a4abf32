//! Python's two ways of formatting: `"%.2f"|format(x)`, which is also `"%.2f" % x`, and
//! `"{:.2f}".format(x)`. minijinja does it; here is what it lacks.

use minijinja::formatting::{FormatStyle, format};
use minijinja::value::{Kwargs, Rest, Value, ValueKind, ValueOrKwargs, from_args};
use minijinja::{Environment, Error};

use super::super::print;
use super::super::refusal::{bounded, refuse};

/// The filter that stands for the operator `%` behind a text.
pub(in crate::merge::expression) const PERCENT: &str = "__percent";

pub(super) fn install(environment: &mut Environment<'static>) {
    environment.add_filter("format", |format: &str, values: Rest<ValueOrKwargs>| {
        printf(format, values.into_values())
    });
    environment.add_filter(PERCENT, |format: &str, value: Value| {
        let values = match value.kind() {
            ValueKind::Seq if value.is_tuple() => value.try_iter()?.collect(),
            ValueKind::Map => {
                let named = value.try_iter()?.filter_map(|name| {
                    let value = value.get_item(&name).ok()?;
                    Some((name.as_str()?.to_owned(), value))
                });
                vec![named.collect::<Kwargs>().into()]
            }
            _ => vec![value],
        };
        printf(format, values)
    });
}

/// `%s` and its like: numbers and lists are said as Python says them, and `%d` takes
/// fractions.
fn printf(text: &str, mut values: Vec<Value>) -> Result<String, Error> {
    let mut specs = String::with_capacity(text.len());
    let mut at = 0;
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('%') {
        specs.push_str(before);
        specs.push('%');
        let end = behind.find(|c: char| c == '%' || c.is_ascii_alphabetic());
        let named = behind.starts_with('(');
        let (spec, conversion, after) = match end {
            Some(end) if !named => {
                let (spec, after) = behind.split_at(end);
                let mut after = after.chars();
                (spec, after.next(), after.as_str())
            }
            _ => ("", None, behind),
        };
        specs.push_str(spec);
        if let (Some(conversion), Some(value)) = (conversion, values.get_mut(at))
            && conversion != '%'
        {
            at += 1;
            *value = converted(value, conversion)?;
        }
        specs.extend(conversion.map(|c| if matches!(c, 'r' | 'a') { 's' } else { c }));
        rest = after;
    }
    specs.push_str(rest);
    limited(&specs, &values, '%')?;
    format(FormatStyle::Printf, &specs, &values)
}

/// The value as it is to be given for a conversion.
fn converted(value: &Value, conversion: char) -> Result<Value, Error> {
    let is_fraction = value.is_number() && !value.is_integer();
    Ok(match conversion {
        'd' | 'i' | 'u' if is_fraction => {
            let fraction = f64::try_from(value.clone())?.trunc();
            #[expect(clippy::cast_possible_truncation, reason = "the bounds are checked")]
            let whole = (fraction.abs() < 1e38).then_some(fraction as i128);
            whole.map_or(value.clone(), Value::from)
        }
        's' if is_fraction => print::number(value).into(),
        'r' | 'a' => print::quoted(value)?.into(),
        _ => value.clone(),
    })
}

/// `{}` and its like; a kind of number that minijinja lacks is `{:.1%}`.
pub(super) fn str_format(text: &str, values: &[Value]) -> Result<String, Error> {
    limited(text, values, '{')?;
    if !text.contains("%}") {
        return format(FormatStyle::StrFormat, text, values);
    }
    let (by_place, by_name): (&[Value], Kwargs) = from_args(values)?;
    let mut all = by_place.to_vec();
    let mut specs = String::with_capacity(text.len());
    let mut next = 0;
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        specs.push_str(before);
        specs.push('{');
        rest = behind;
        if let Some(behind) = rest.strip_prefix('{') {
            specs.push('{');
            rest = behind;
            continue;
        }
        let Some((field, after)) = rest.split_once('}') else {
            break;
        };
        let (name, spec) = field.split_once(':').unwrap_or((field, ""));
        let name = match name {
            "" => {
                next += 1;
                (next - 1).to_string()
            }
            name => name.to_owned(),
        };
        match spec.strip_suffix('%') {
            Some(spec) => {
                let value = match name.parse::<usize>() {
                    Ok(place) => by_place.get(place).cloned().unwrap_or_default(),
                    Err(_) => by_name.peek::<Value>(&name)?,
                };
                let share = f64::try_from(value).map_err(|_| refuse("„%“ braucht eine Zahl"))?;
                specs.push_str(&format!("{}:{spec}f}}%", all.len()));
                all.push((share * 100.0).into());
            }
            None if spec.is_empty() => specs.push_str(&format!("{name}}}")),
            None => specs.push_str(&format!("{name}:{spec}}}")),
        }
        rest = after;
    }
    specs.push_str(rest);
    all.push(by_name.into());
    format(FormatStyle::StrFormat, &specs, &all)
}

/// Refuses a format that would make more text than a mark may make.
fn limited(text: &str, values: &[Value], mark: char) -> Result<(), Error> {
    let unescaped = text.replace(&[mark, mark].iter().collect::<String>(), "");
    let places = unescaped.split(mark).skip(1);
    let width = |place: &str| {
        let end = place.find(|c: char| c.is_alphabetic() || c == '}');
        let place = place.get(..end.unwrap_or(place.len())).unwrap_or_default();
        let numbers = place.split(|c: char| !c.is_ascii_digit());
        let numbers = numbers.filter(|digits| !digits.is_empty());
        numbers
            .map(|digits| digits.parse().unwrap_or(usize::MAX))
            .max()
    };
    let widest = places.filter_map(width).max().unwrap_or(0);
    let longest = values.iter().map(length).max().unwrap_or(0);
    let places = text.matches(mark).count();
    bounded(places.saturating_mul(longest.max(widest)))
}

/// How long a value is at most when it is printed.
fn length(value: &Value) -> usize {
    match value.as_str() {
        Some(text) => text.len(),
        None => print::text(value).map_or(usize::MAX, |text| text.len()),
    }
}
