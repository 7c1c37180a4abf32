//! The merge engine: template + values → document.
//!
//! In: a Word package or a text with marks; values. Out: the package with its marks
//! replaced and nothing else changed; plain text. Never here: where the values come from.
//!
//! How it goes: marks are found in the text as a reader sees it, however Word has split
//! it (`mark`, `document::scan`). The German forms in them are rewritten and every name
//! is proven (`expression`, `schema`, `block`). What stands between two marks is a
//! stretch: it is never touched again, and deflated once. minijinja sees only marks and
//! the numbers of stretches (`program`), so a merge costs what its values cost.

mod archive;
mod block;
mod document;
mod expression;
mod failure;
mod mark;
mod markdown;
mod program;
mod schema;
mod text;
mod values;
mod xml;

use std::collections::{BTreeMap, BTreeSet};

pub use document::{Document, Keep, annotate};
pub use markdown::{Page, word_package};
pub use text::Text;
pub use values::{Attribute, Values};

/// The names a strict template may use; they ignore case.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// nouns and their further attributes
    pub nouns: BTreeMap<String, BTreeSet<String>>,
    /// plain fields
    pub fields: BTreeSet<String>,
    /// those that are numbers, in small letters: alone in a mark they print as they were written
    pub numbers: BTreeSet<String>,
}

/// The words that name a form of a noun ("der" in `{{ der beirat }}`), in small letters.
pub fn forms() -> impl Iterator<Item = &'static str> {
    expression::FORMS.iter().map(|(word, _)| *word)
}

/// How a template treats what it does not know.
#[derive(Debug, Clone)]
pub enum Rules {
    /// a template of the catalogue: every name is proven against the schema at loading
    Strict(Schema),
    /// a foreign file (`render --template-file`): a missing name prints nothing; the
    /// schema tells what is a name where text could be meant, too (`«Kommune»`)
    Lenient(Schema),
}

impl Rules {
    fn schema(&self) -> &Schema {
        match self {
            Self::Strict(schema) | Self::Lenient(schema) => schema,
        }
    }
}

/// Where in a template something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// part, paragraph, table row, for people: "word/document.xml, Absatz 3"
    pub text: String,
    /// the paragraph it stands in; `None` for what stands in none
    pub anchor: Option<Box<Anchor>>,
}

/// A paragraph of a Word package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// the name of its part, as [`Fault`]s call it
    pub part: String,
    /// its number among all `w:p` of the part in the order of their start tags, from 0,
    /// once tracked changes are accepted
    pub paragraph: usize,
}

impl<T: Into<String>> From<T> for Place {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            anchor: None,
        }
    }
}

impl Place {
    /// The same place, said of the file that it lies in.
    pub fn within(self, file: &str) -> Self {
        Self {
            text: format!("{file}, {}", self.text),
            ..self
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// A fault of a template, for people: German, with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Fault {
    /// part, paragraph, table row
    pub place: Place,
    /// what is wrong, with the text around and what to do
    pub problem: String,
}

impl Fault {
    /// What is wrong at a place.
    pub fn new(place: impl Into<Place>, problem: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            problem: problem.into(),
        }
    }
}

/// A merge that failed although its template was sound when loaded.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Error {
    /// the part, and the paragraph where it is known
    pub place: Place,
    /// what went wrong
    pub problem: String,
}
