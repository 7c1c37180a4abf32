//! What Word does with the value of a field: its switches, and the comparison of its IF
//! (ECMA-376 part 1, 17.16.4 and 17.16.5). They are filters and a function, whose names
//! begin with two underscores: marks for fields are written with them, people write the
//! switches.

mod case;
mod compare;
mod date;
mod decimal;
mod number;

#[cfg(test)]
mod tests;

use minijinja::value::Value;
use minijinja::{Environment, Error};

use self::decimal::Decimal;
use super::print;
use super::refusal::refuse;

/// Adds `__case`, `__around`, `__date`, `__number` and `__compare`.
pub(super) fn install(environment: &mut Environment<'static>) {
    environment.add_filter("__case", |value: &Value, case: &str| {
        let text = print::printed(value)?;
        case::changed(&text, case).ok_or_else(|| refuse(format!("„{case}“ ist kein Wortformat")))
    });
    environment.add_filter("__around", |value: &Value, before: &str, after: &str| {
        let text = print::printed(value)?;
        Ok::<_, Error>(match text.is_empty() {
            true => text,
            false => format!("{before}{text}{after}"),
        })
    });
    environment.add_filter("__date", |value: Value, picture: &str| {
        Ok::<_, Error>(match date::read(&print::printed(&value)?) {
            Some(date) => Value::from(date::written(date, picture)),
            None => value,
        })
    });
    environment.add_filter("__number", |value: Value, picture: &str| {
        // docx-mailmerge2, too, takes null for zero
        let number = match value.is_none() {
            true => Decimal::read("0"),
            false => Decimal::of(&value),
        };
        let written = number.and_then(|number| number::written(number, picture));
        written.map_or(value, Value::from)
    });
    environment.add_function(
        "__compare",
        |left: &Value, operator: &str, right: &Value| {
            compare::holds(left, operator, right)?
                .ok_or_else(|| refuse(format!("„{operator}“ ist kein Vergleich")))
        },
    );
}
