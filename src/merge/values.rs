//! What may stand for a mark: texts, nouns, and any data a caller brings along.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use minijinja::value::{Enumerator, Object, Value};

use super::Schema;
use super::expression::{form, is_printable};
use crate::german::{Form, Nominal};

/// The name of [`Values::time`], which nobody else gives to a value.
pub(super) const TIME: &str = "__request_time";

/// Beyond it a double does not hold every whole number.
const WHOLE: f64 = 9e15;

/// The name under which a number stands as it was written.
pub(super) fn as_written(name: &str) -> String {
    format!("__written_{}", name.to_lowercase())
}

/// What may stand for a mark.
///
/// The names of [`Values::noun`] and [`Values::text`] ignore case; those of
/// [`Values::json`] do not, and win.
#[derive(Debug, Clone, Default)]
pub struct Values {
    root: Arc<Root>,
}

/// An attribute of a noun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attribute {
    /// a text
    Text(String),
    /// a truth value
    Truth(bool),
}

impl Values {
    /// No values yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A noun: all its forms, and further attributes (`kommune.land`, `rat.kreistag`); `untrue` are those, in
    /// small letters, that are truths of other nouns.
    pub fn noun(
        &mut self,
        name: &str,
        nominal: Nominal,
        attributes: BTreeMap<String, Attribute>,
        untrue: Arc<BTreeSet<String>>,
    ) {
        let attributes = attributes
            .into_iter()
            .map(|(name, attribute)| {
                let value = match attribute {
                    Attribute::Text(text) => Value::from(printable(text)),
                    Attribute::Truth(truth) => Value::from(truth),
                };
                (name.to_lowercase(), value)
            })
            .collect();
        let noun = Noun {
            nominal,
            attributes,
            untrue,
        };
        self.put(name, Value::from_object(noun));
    }

    /// A text.
    pub fn text(&mut self, name: &str, text: impl Into<String>) {
        self.put(name, Value::from(printable(text.into())));
    }

    /// A number for reckoning, and how it is written.
    pub fn number(&mut self, name: &str, number: f64, written: impl Into<String>) {
        // a whole number prints without a fraction
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it has no fraction and is small"
        )]
        let value = match number.fract() == 0.0 && number.abs() < WHOLE {
            true => Value::from(number as i64),
            false => Value::from(number),
        };
        self.put(name, value);
        self.text(&as_written(name), written);
    }

    /// When the document was asked for: its properties say that it was made then.
    pub fn time(&mut self, time: Timestamp) {
        let w3cdtf = time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Arc::make_mut(&mut self.root).time = Some(Value::from(w3cdtf));
    }

    /// Any JSON object's members as variables (`render --data`).
    pub fn json(&mut self, object: &serde_json::Map<String, serde_json::Value>) {
        let root = Arc::make_mut(&mut self.root);
        for (name, value) in object {
            root.data.insert(name.clone(), from_json(value));
        }
    }

    /// The names there are values for.
    pub fn schema(&self) -> Schema {
        let mut schema = Schema::default();
        for (name, value) in &self.root.built_in {
            match value.downcast_object_ref::<Noun>() {
                Some(noun) => {
                    let attributes = noun.attributes.keys().chain(noun.untrue.iter());
                    let attributes = attributes.cloned().collect();
                    schema.nouns.insert(name.clone(), attributes);
                }
                None => {
                    schema.fields.insert(name.clone());
                }
            }
        }
        schema.fields.extend(self.root.data.keys().cloned());
        schema
    }

    fn put(&mut self, name: &str, value: Value) {
        Arc::make_mut(&mut self.root)
            .built_in
            .insert(name.to_lowercase(), value);
    }

    pub(super) fn root(&self) -> Value {
        Value::from_dyn_object(Arc::clone(&self.root))
    }
}

/// The variables of a template.
#[derive(Debug, Clone, Default)]
pub(super) struct Root {
    /// by their names in small letters
    built_in: BTreeMap<String, Value>,
    /// what a caller brought along
    pub(super) data: BTreeMap<String, Value>,
    /// what [`TIME`] stands for
    time: Option<Value>,
}

impl Root {
    /// The name by which our own functions get at all variables.
    pub(super) const SELF: &str = "__root";
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        match key {
            TIME => return self.time.clone(),
            Self::SELF => return Some(Value::from_dyn_object(Arc::clone(self))),
            _ => {}
        }
        self.data
            .get(key)
            .or_else(|| self.built_in.get(key))
            .or_else(|| self.built_in.get(&key.to_lowercase()))
            .cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }
}

/// A noun as templates see it: printed it is its name, asked for a form it says it.
#[derive(Debug)]
struct Noun {
    nominal: Nominal,
    attributes: BTreeMap<String, Value>,
    /// shared by all nouns that may stand in its place
    untrue: Arc<BTreeSet<String>>,
}

impl Object for Noun {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        if let Some(form) = form(key) {
            let capital = key.starts_with(char::is_uppercase);
            return Some(printable(self.nominal.say(form, capital)).into());
        }
        let key = key.to_lowercase();
        let attribute = self.attributes.get(&key).cloned();
        let attribute = attribute.or_else(|| self.untrue.contains(&key).then(|| false.into()));
        attribute.or_else(|| (key == "name").then(|| Value::from(self.to_string())))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(self.nominal.say(Form::Name, false)))
    }
}

/// Text without the control characters that number stretches.
fn printable(mut text: String) -> String {
    text.retain(is_printable);
    text
}

fn from_json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::String(text) => Value::from(printable(text.clone())),
        serde_json::Value::Array(items) => items.iter().map(from_json).collect(),
        serde_json::Value::Object(members) => {
            let pair = |(name, value): (&String, _)| (name.clone(), from_json(value));
            Value::from_pairs(members.iter().map(pair))
        }
        serde_json::Value::Null => Value::from(()),
        serde_json::Value::Bool(truth) => Value::from(*truth),
        serde_json::Value::Number(number) => match (number.as_i128(), number.as_f64()) {
            (Some(whole), _) => Value::from(whole),
            (None, Some(fraction)) => Value::from(fraction),
            (None, None) => Value::from(number.to_string()),
        },
    }
}
