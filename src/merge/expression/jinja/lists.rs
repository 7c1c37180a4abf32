//! Filters of lists: those of minijinja, with Python's names and places of arguments.

use minijinja::value::Value;
use minijinja::{Environment, filters};

use super::super::print;
use super::arguments::{add, by_name, by_place};

pub(super) fn install(environment: &mut Environment<'static>) {
    let sort = Value::from_function(filters::sort);
    let parameters = ["reverse", "case_sensitive", "attribute"];
    by_name(environment, "sort", parameters, sort);
    let dictsort = Value::from_function(filters::dictsort);
    let parameters = ["case_sensitive", "by", "reverse"];
    by_name(environment, "dictsort", parameters, dictsort);
    let parameters = ["case_sensitive", "attribute"];
    let unique = Value::from_function(filters::unique);
    by_name(environment, "unique", parameters, unique);
    by_name(
        environment,
        "min",
        parameters,
        Value::from_function(filters::min),
    );
    by_name(
        environment,
        "max",
        parameters,
        Value::from_function(filters::max),
    );
    let batch = Value::from_function(filters::batch);
    by_place(environment, "batch", ["linecount", "fill_with"], batch);
    let slice = Value::from_function(filters::slice);
    by_place(environment, "slice", ["slices", "fill_with"], slice);
    add(environment, "pprint", [], |_, value, []| {
        Ok(print::quoted(&value)?.into())
    });
}
