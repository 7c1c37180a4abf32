//! Arguments of filters: Python takes each by its place or by its name, minijinja only
//! one of the two.

use minijinja::value::{Kwargs, Rest, Value, ValueOrKwargs, from_args};
use minijinja::{Environment, Error, ErrorKind, State};

use super::super::{print, refusal::refuse};

/// Adds a filter with these parameters; what is not given comes as undefined.
pub(super) fn add<const N: usize, F>(
    environment: &mut Environment<'static>,
    name: &'static str,
    parameters: [&'static str; N],
    filter: F,
) where
    F: Fn(&mut State<'_, '_>, Value, [Value; N]) -> Result<Value, Error> + Send + Sync + 'static,
{
    environment.add_filter(
        name,
        move |state: &mut State<'_, '_>, value: Value, given: Rest<ValueOrKwargs>| {
            let given = given.into_values();
            filter(state, value, matched(parameters, &given)?)
        },
    );
}

/// Lets a filter of minijinja that takes arguments by name take them by place, too.
pub(super) fn by_name<const N: usize>(
    environment: &mut Environment<'static>,
    name: &'static str,
    parameters: [&'static str; N],
    filter: Value,
) {
    add(environment, name, parameters, move |state, value, given| {
        let named: Kwargs = parameters
            .into_iter()
            .zip(given)
            .filter(|(_, value)| !value.is_undefined())
            .map(|(name, value)| match name {
                // the place of an item is a name, too
                "attribute" => (name, Value::from(value.to_string())),
                _ => (name, value),
            })
            .collect();
        filter.call(state, &[value, named.into()])
    });
}

/// Lets a filter of minijinja that takes arguments by place take them by name, too.
pub(super) fn by_place<const N: usize>(
    environment: &mut Environment<'static>,
    name: &'static str,
    parameters: [&'static str; N],
    filter: Value,
) {
    add(environment, name, parameters, move |state, value, given| {
        let last = given.iter().rposition(|value| !value.is_undefined());
        let given = given.into_iter().take(last.map_or(0, |last| last + 1));
        let all: Vec<Value> = [value].into_iter().chain(given).collect();
        filter.call(state, &all)
    });
}

/// Each parameter's value.
fn matched<const N: usize>(
    parameters: [&'static str; N],
    given: &[Value],
) -> Result<[Value; N], Error> {
    let (by_place, by_name): (&[Value], Kwargs) = from_args(given)?;
    if by_place.len() > N {
        return Err(Error::from(ErrorKind::TooManyArguments));
    }
    let mut matched = [const { Value::UNDEFINED }; N];
    for (at, slot) in matched.iter_mut().enumerate() {
        let named = || {
            by_name
                .get::<Option<Value>>(parameters.get(at).copied()?)
                .ok()?
        };
        *slot = by_place.get(at).cloned().or_else(named).unwrap_or_default();
    }
    by_name.assert_all_used()?;
    Ok(matched)
}

/// A value as text; what is missing is empty.
pub(super) fn text(value: &Value) -> Result<String, Error> {
    if value.is_undefined() {
        return Ok(String::new());
    }
    print::text(value)
}

/// An argument that is text.
pub(super) fn text_or(value: &Value, default: &str) -> Result<String, Error> {
    if value.is_undefined() {
        return Ok(default.to_owned());
    }
    print::text(value)
}

/// An argument that counts.
pub(super) fn count_or(value: &Value, default: usize) -> Result<usize, Error> {
    if value.is_undefined() {
        return Ok(default);
    }
    match i64::try_from(value.clone()) {
        Ok(number) => Ok(usize::try_from(number).unwrap_or(0)),
        Err(_) => Err(refuse(format!(
            "„{}“ ist keine ganze Zahl, und hier wird eine gebraucht",
            print::text(value)?
        ))),
    }
}
