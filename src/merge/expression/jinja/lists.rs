//! Filters of lists: those of minijinja, with Python's names and places of arguments.

use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, State, filters};

use super::super::print;
use super::super::refusal::bounded;
use super::arguments::{add, by_name, by_place, text_or};

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
    add(
        environment,
        "join",
        ["d", "attribute"],
        |state, value, given| joined(state, value, given).map(Value::from),
    );
    add(environment, "pprint", [], |_, value, []| {
        Ok(print::quoted(&value)?.into())
    });
}

fn joined(
    state: &mut State<'_, '_>,
    list: Value,
    [between, attribute]: [Value; 2],
) -> Result<String, Error> {
    let between = text_or(&between, "")?;
    let list = match attribute.is_undefined() {
        true => list,
        false => {
            let attribute: Kwargs = [("attribute", attribute)].into_iter().collect();
            state.apply_filter("map", &[list, attribute.into()])?
        }
    };
    let mut out = String::new();
    for (number, item) in list.try_iter()?.enumerate() {
        state.consume_fuel(1)?;
        if number > 0 {
            out.push_str(&between);
        }
        match item.as_str() {
            Some(text) => out.push_str(text),
            None => out.push_str(&print::text(&item)?),
        }
        bounded(out.len())?;
    }
    Ok(out)
}
