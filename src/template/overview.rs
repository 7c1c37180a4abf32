//! What a motion may name, with what would be written: for tables, and as a data source for
//! Word's mail merge.

use std::collections::HashSet;

use super::names::{schema, texts_of};
use super::{Feld, Motion, with_felder};
use crate::kommune::Register;
use crate::merge::{Fault, Rules, Schema, Text, Values, forms};

/// Word's mail merge takes no longer names of columns.
const MAX_NAME: usize = 40;
/// Word's mail merge takes no more columns.
const MAX_COLUMNS: usize = 255;
/// Stands between marks; in no value is a control character left.
const BETWEEN: &str = "\u{1f}";

/// A mark, and its name in Word's menus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// letters, digits and underscores, at most 40, beginning with a letter; its case is that
    /// of the value
    pub name: String,
    /// what stands between the braces
    pub mark: String,
}

/// Marks that can say what they stand for.
#[derive(Debug)]
pub struct Overview {
    columns: Vec<Column>,
    text: Text,
}

impl Overview {
    /// Of these marks of a motion.
    ///
    /// # Errors
    /// If the motion does not know one of them.
    pub fn of(
        columns: Vec<Column>,
        motion: &Motion,
        register: &Register,
    ) -> Result<Self, Vec<Fault>> {
        let marks: Vec<String> = columns
            .iter()
            .map(|column| format!("{{{{ {} }}}}", column.mark))
            .collect();
        let rules = Rules::Strict(with_felder(schema(register), &motion.offer.felder));
        let text = Text::compile("Felder", &marks.join(BETWEEN), &rules)?;
        Ok(Self { columns, text })
    }

    /// Of all that fits into a data source of Word's mail merge.
    ///
    /// Word reads a header row of at most 255 names; it tells them from one another without
    /// regard to case. So "Der Beirat" and "der Beirat" need different names: the one that
    /// is more frequent has the form in front (`Der_Beirat`, `den_Beirat`), the other one
    /// behind (`Beirat_der`, `Beirat_Den`).
    ///
    /// # Errors
    /// As [`Overview::of`].
    pub fn of_all(motion: &Motion, register: &Register) -> Result<Self, Vec<Fault>> {
        let schema = schema(register);
        let mut known = HashSet::new();
        let columns = columns(&schema, &motion.offer.felder)
            .into_iter()
            .filter(|column| is_accepted(&column.name) && known.insert(column.name.to_lowercase()))
            .take(MAX_COLUMNS)
            .collect();
        Self::of(columns, motion, register)
    }

    /// The marks.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What stands for each mark in a document, on one line.
    pub fn values(&self, values: &Values) -> Vec<String> {
        let merged = self.text.merge(values).unwrap_or_default();
        let one_line = |value: &str| value.split_whitespace().collect::<Vec<_>>().join(" ");
        merged.split(BETWEEN).map(one_line).collect()
    }
}

/// The further fields of a motion that Word's menus cannot name.
pub fn unnamed_in_word(motion: &Motion) -> impl Iterator<Item = &Feld> {
    let felder = motion.offer.felder.iter();
    felder.filter(|feld| !is_accepted(&feld.name))
}

fn is_accepted(name: &str) -> bool {
    name.chars().count() <= MAX_NAME
        && name.starts_with(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Plain fields and those of the motion; nouns, their forms as one writes them mostly,
/// their texts; at last the other case of each form. Truth values are for conditions and
/// no text.
fn columns(schema: &Schema, felder: &[Feld]) -> Vec<Column> {
    let column = |name: String, mark: &str| Column {
        name,
        mark: mark.to_owned(),
    };
    let mut columns: Vec<Column> = Vec::new();
    columns.extend(schema.fields.iter().map(|name| column(capital(name), name)));
    columns.extend(
        felder
            .iter()
            .map(|feld| column(feld.name.clone(), &feld.name)),
    );
    let mut otherwise = Vec::new();
    for noun in schema.nouns.keys() {
        let named = capital(noun);
        columns.push(column(named.clone(), noun));
        for form in forms() {
            // a subject begins a sentence, what stands in another case does not
            let (mostly, other) = match form {
                "der" => (capital(form), form.to_owned()),
                _ => (form.to_owned(), capital(form)),
            };
            columns.push(column(
                format!("{mostly}_{named}"),
                &format!("{mostly} {noun}"),
            ));
            otherwise.push(column(
                format!("{named}_{other}"),
                &format!("{noun}.{other}"),
            ));
        }
        let texts = texts_of(noun).iter();
        columns
            .extend(texts.map(|text| column(format!("{named}_{text}"), &format!("{noun}.{text}"))));
    }
    columns.extend(otherwise);
    columns
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
