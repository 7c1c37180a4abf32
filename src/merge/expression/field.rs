//! Fields by the names that Word's users give them, and the records they come from,
//! as far as both become known only when merging (lenient rules).

use std::sync::Arc;

use minijinja::value::{Object, Rest, Value, ValueKind};
use minijinja::{Environment, State};

use super::form;
use crate::merge::values::Root;

/// The function that gives a field by the name Word has for it, such as `Der_Beirat` or
/// `Straße und Nr.`: strict rules resolve its calls at loading, else it looks when merging.
pub(in crate::merge) const FIELD: &str = "__field";
/// The variable that holds the record for which a table row is repeated.
pub(in crate::merge) const ROW: &str = "__row";
/// The function that tells from the names of fields for which records a table row is
/// repeated: those of the first that is a list; else the row stays single.
pub(in crate::merge) const ROWS: &str = "__rows";
/// The function that tells from the names of all fields which list of records the fields
/// outside of repeated rows go through.
pub(in crate::merge) const RECORDS: &str = "__records";
/// The function that goes to the next of those records.
pub(in crate::merge) const NEXT: &str = "__next";
/// The function that gives the number of the record.
pub(in crate::merge) const RECORD: &str = "__record";

/// A text as the language writes it.
pub(in crate::merge) fn literal(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// The code that gives the field of this name.
pub(in crate::merge) fn call_field(name: &str) -> String {
    format!("{FIELD}({})", literal(name.trim()))
}

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_function(FIELD, field);
    environment.add_function(ROWS, rows);
    environment.add_function(RECORDS, records);
    environment.add_function(NEXT, next);
    environment.add_function(RECORD, record);
}

/// The record for which a table row is repeated.
#[derive(Debug)]
struct Row {
    record: Value,
    /// counted from one
    number: usize,
    /// that of the row in which its table stands
    outer: Option<Arc<Row>>,
}

impl Object for Row {}

impl Row {
    /// A field of the record, or of that around it.
    fn field(&self, name: &str) -> Option<Value> {
        let mut rows = std::iter::successors(Some(self), |row| row.outer.as_deref());
        rows.find_map(|row| of_record(&row.record, name))
    }
}

/// The records that the fields of a document go through.
#[derive(Debug, Default)]
struct Records {
    list: Option<Value>,
    /// how often it has gone to the next
    passed: usize,
}

fn row(state: &State<'_, '_>) -> Option<Arc<Row>> {
    state.lookup(ROW)?.downcast_object()
}

/// A field by the name Word has for it; nothing where there is none.
fn field(state: &State<'_, '_>, name: &str) -> Value {
    let row = row(state);
    if let Some(value) = row.as_ref().and_then(|row| row.field(name)) {
        return value;
    }
    let records = state.get_extension::<Records>();
    let passed = records.map_or(0, |records| records.passed);
    let current = records
        .and_then(|records| records.list.as_ref())
        .map(|list| nth(list, passed));
    if let Some(value) = current.and_then(|record| of_record(&record, name)) {
        return value;
    }
    match of_data(state, name) {
        Some(list) if is_list(&list) && row.is_some() => Value::UNDEFINED,
        Some(list) if is_list(&list) => of_record(&nth(&list, passed), name).unwrap_or_default(),
        value => value.unwrap_or_default(),
    }
}

/// The records for which a table row with these fields is repeated.
fn rows(state: &State<'_, '_>, names: Rest<String>) -> Vec<Value> {
    let outer = row(state);
    let find = |name: &String| {
        let in_row = outer.as_ref().and_then(|row| row.field(name));
        in_row.or_else(|| of_data(state, name))
    };
    let list = names.iter().filter_map(find).find(is_list);
    let Some(list) = list else {
        return vec![outer.map_or(Value::UNDEFINED, Value::from_dyn_object)];
    };
    let records = list.try_iter().into_iter().flatten();
    let row = |(before, record)| {
        Value::from_object(Row {
            record,
            number: before + 1,
            outer: outer.clone(),
        })
    };
    records.enumerate().map(row).collect()
}

fn records(state: &mut State<'_, '_>, names: Rest<String>) -> Value {
    let mut lists = names.iter().filter_map(|name| of_data(state, name));
    let list = lists.find(is_list);
    state.get_or_insert_extension(Records::default()).list = list;
    Value::UNDEFINED
}

fn next(state: &mut State<'_, '_>) -> Value {
    state.get_or_insert_extension(Records::default()).passed += 1;
    Value::UNDEFINED
}

fn record(state: &State<'_, '_>) -> usize {
    let records = state.get_extension::<Records>();
    let passed = records.map_or(0, |records| records.passed);
    row(state).map_or(passed + 1, |row| row.number)
}

/// Whether the value is a list of records: the first tells of all.
fn is_list(value: &Value) -> bool {
    let is_record = |item: Value| item.kind() == ValueKind::Map;
    value.kind() == ValueKind::Seq
        && value
            .try_iter()
            .is_ok_and(|mut items| items.next().is_none_or(is_record))
}

fn nth(list: &Value, index: usize) -> Value {
    list.get_item_by_index(index).unwrap_or_default()
}

/// A field of a record.
fn of_record(record: &Value, name: &str) -> Option<Value> {
    meaning(name, |name| attribute(record, name)).or_else(|| {
        let mut keys = record.try_iter().ok()?;
        let key = keys.find(|key| key.as_str().is_some_and(|key| is_alike(key, name)))?;
        record.get_item(&key).ok()
    })
}

/// A field of what the template was given.
fn of_data(state: &State<'_, '_>, name: &str) -> Option<Value> {
    meaning(name, |name| state.lookup(name)).or_else(|| {
        let root = state.lookup(Root::SELF)?.downcast_object::<Root>()?;
        let mut data = root.data.iter();
        data.find(|(key, _)| is_alike(key, name))
            .map(|(_, value)| value.clone())
    })
}

/// What a name means: itself, with blanks for its underscores or the other way round, a
/// form of a noun (`Der Beirat`), or an attribute (`kommune.name`; of a noun also
/// `kommune_name`, as Word allows no point in the name of a column).
fn meaning(name: &str, get: impl Fn(&str) -> Option<Value>) -> Option<Value> {
    let name = name.trim();
    if let Some(value) = get(name) {
        return Some(value);
    }
    let (blanks, lines) = (name.replace('_', " "), name.replace(' ', "_"));
    get(&blanks).or_else(|| get(&lines)).or_else(|| {
        let mut words = blanks.split_whitespace();
        if let (Some(first), Some(noun), None) = (words.next(), words.next(), words.next())
            && form(first).is_some()
        {
            return attribute(&get(noun)?, first);
        }
        let mut path = name.split('.').map(str::trim);
        if let Some(first) = path.next().and_then(&get) {
            return path.try_fold(first, |value, part| attribute(&value, part));
        }
        let (noun, part) = lines.split_once('_')?;
        let noun = get(noun).filter(|noun| attribute(noun, "der").is_some())?;
        attribute(&noun, part)
    })
}

fn attribute(of: &Value, name: &str) -> Option<Value> {
    let value = of.get_attr(name).ok()?;
    (!value.is_undefined()).then_some(value)
}

/// Whether two names differ in nothing but case, and blanks written as underscores.
fn is_alike(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.trim().to_lowercase().replace('_', " ");
    plain(one) == plain(other)
}
