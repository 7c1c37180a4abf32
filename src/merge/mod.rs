//! The merge engine: template + values → document.
//!
//! In: a Word package or a text with marks; values. Out: the package with its marks
//! replaced and nothing else changed; plain text. Never here: where the values come from.

mod archive;
mod mark;
mod markdown;
mod xml;

pub use markdown::word_package;

use crate::german::Nominal;
use std::collections::{BTreeMap, BTreeSet};

/// What may stand for a mark.
#[derive(Debug, Clone)]
pub struct Values {}

impl Values {
    /// No values yet.
    pub fn new() -> Self {
        todo!()
    }
    /// A noun: all its forms, and further attributes (`kommune.land`, `rat.kreistag`).
    pub fn noun(&mut self, name: &str, nominal: Nominal, attributes: BTreeMap<String, Attribute>) {
        let _ = (name, nominal, attributes);
        todo!()
    }
    /// A text.
    pub fn text(&mut self, name: &str, text: impl Into<String>) {
        let _ = (name, text.into());
        todo!()
    }
    /// Any JSON object's members as variables (`render --data`).
    pub fn json(&mut self, object: &serde_json::Map<String, serde_json::Value>) {
        let _ = object;
        todo!()
    }
}

impl Default for Values {
    fn default() -> Self {
        Self::new()
    }
}

/// An attribute of a noun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attribute {
    /// a text
    Text(String),
    /// a truth value
    Truth(bool),
}

/// The names a strict template may use.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// nouns and their further attributes
    pub nouns: BTreeMap<String, BTreeSet<String>>,
    /// plain fields
    pub fields: BTreeSet<String>,
}

/// How a template treats what it does not know.
#[derive(Debug, Clone)]
pub enum Rules {
    /// a template of the catalogue: every name is proven against the schema at loading
    Strict(Schema),
    /// a foreign file (`render --template-file`): a missing name prints nothing
    Lenient,
}

/// A fault of a template, for people: German, with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Fault {
    /// part, paragraph, table row: "word/document.xml, Absatz 3"
    pub place: String,
    /// what is wrong, with the text around and what to do
    pub problem: String,
}

/// A merge that failed although its template was sound when loaded.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Error {
    /// the part
    pub place: String,
    /// what went wrong
    pub problem: String,
}

/// A compiled Word template.
#[derive(Debug)]
pub struct Document {}

impl Document {
    /// Compiles a .docx package; all faults at once.
    pub fn compile(package: Vec<u8>, rules: &Rules) -> Result<Self, Vec<Fault>> {
        let _ = (package, rules);
        todo!()
    }
    /// Merges the values in; the same values give the same bytes.
    pub fn merge(&self, values: &Values) -> Result<Vec<u8>, Error> {
        let _ = values;
        todo!()
    }
    /// The names it uses.
    pub fn fields(&self) -> &BTreeSet<String> {
        todo!()
    }
}

/// A compiled text template: the texts of replies, file name patterns.
#[derive(Debug)]
pub struct Text {}

impl Text {
    /// Compiles a text; `name` is what faults call it.
    pub fn compile(name: &str, source: &str, rules: &Rules) -> Result<Self, Vec<Fault>> {
        let _ = (name, source, rules);
        todo!()
    }
    /// Puts the values in.
    pub fn merge(&self, values: &Values) -> Result<String, Error> {
        let _ = values;
        todo!()
    }
}
