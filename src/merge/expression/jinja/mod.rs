//! What Python's Jinja 3.1 has and minijinja lacks or does otherwise, so that a template
//! written for docxtpl gives the same text.
//!
//! Absent on purpose: what reads chance, the clock or other files (`random`, `lipsum`,
//! `include`), and `urlize`, whose markup a document could not show. A list or a table
//! of values cannot be changed in place (`append`, `update`).

mod arguments;
mod format;
mod globals;
mod json;
mod lists;
mod methods;
mod numbers;
mod tags;
mod text;
mod wrap;

#[cfg(test)]
mod tests;

use minijinja::Environment;
use minijinja::value::{Value, ValueKind};

pub(super) use self::format::PERCENT;
pub(super) use self::text::TEXT;

/// Makes minijinja speak as Python's Jinja does.
pub(super) fn install(environment: &mut Environment<'static>) {
    environment.set_unknown_method_callback(methods::call);
    text::install(environment);
    wrap::install(environment);
    tags::install(environment);
    numbers::install(environment);
    lists::install(environment);
    format::install(environment);
    json::install(environment);
    globals::install(environment);
    environment.add_test("sequence", |value: &Value| {
        let kind = value.kind();
        matches!(kind, ValueKind::Seq | ValueKind::Map | ValueKind::String)
    });
    environment.add_test("callable", |value: &Value| value.kind() == ValueKind::Plain);
}
