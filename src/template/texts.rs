//! The texts of replies: `mail/*.txt`.

use super::{Files, MAIL, built_in, schema, source};
use crate::kommune::Register;
use crate::merge::{Fault, Rules, Schema, Text};

/// Which text of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each is the text of the decision of that name; Help takes the place of a third question, Alarm goes to the administrator"
)]
pub enum TextName {
    Document,
    Question,
    Help,
    Refuse,
    Alarm,
}

impl TextName {
    const ALL: [Self; 5] = [
        Self::Document,
        Self::Question,
        Self::Help,
        Self::Refuse,
        Self::Alarm,
    ];

    /// Its file below the folder of templates.
    pub fn path(self) -> &'static str {
        match self {
            Self::Document => "mail/document.txt",
            Self::Question => "mail/question.txt",
            Self::Help => "mail/help.txt",
            Self::Refuse => "mail/refusal.txt",
            Self::Alarm => "mail/alarm.txt",
        }
    }

    /// The names it may use; that of the document speaks of the first document's nouns too.
    fn schema(self, register: &Register) -> Schema {
        let (mut schema, own): (_, &[&str]) = match self {
            Self::Document => (schema(register), &["titel", "dokumente", "archiv"]),
            Self::Question => (
                Schema::default(),
                &[
                    "fragen",
                    "verstanden",
                    "kandidaten",
                    "zeilen",
                    "hoechstens",
                    "datei",
                ],
            ),
            Self::Help => (Schema::default(), &["verstanden", "verwaltung"]),
            Self::Refuse => (Schema::default(), &["grund"]),
            Self::Alarm => (
                Schema::default(),
                &["anlass", "gut", "seit", "einzelheiten", "weitere"],
            ),
        };
        let common: &[&str] = match self {
            Self::Alarm => &["absender"],
            _ => &["adresse", "absender", "aktenzeichen"],
        };
        schema
            .fields
            .extend(own.iter().chain(common).map(ToString::to_string));
        schema
    }
}

/// The texts of replies (`mail/*.txt`), compiled.
#[derive(Debug)]
pub struct Texts {
    document: Text,
    question: Text,
    help: Text,
    refuse: Text,
    alarm: Text,
}

impl Texts {
    /// Compiles them; a text that is missing comes from the built-in ones.
    pub fn read(files: &Files, register: &Register) -> Result<Self, Vec<Fault>> {
        let shipped = built_in();
        let mut faults = unknown_files(files);
        let mut compile = |name: TextName| {
            let path = name.path();
            let bytes = files.get(path).or_else(|| shipped.get(path));
            source(path, bytes.map_or(&[], Vec::as_slice))
                .and_then(|text| Text::compile(path, text, &Rules::Strict(name.schema(register))))
                .map_err(|found| faults.extend(found))
                .ok()
        };
        let texts = (
            compile(TextName::Document),
            compile(TextName::Question),
            compile(TextName::Help),
            compile(TextName::Refuse),
            compile(TextName::Alarm),
        );
        match texts {
            (Some(document), Some(question), Some(help), Some(refuse), Some(alarm))
                if faults.is_empty() =>
            {
                Ok(Self {
                    document,
                    question,
                    help,
                    refuse,
                    alarm,
                })
            }
            _ => Err(faults),
        }
    }

    /// The text of this name.
    pub fn get(&self, name: TextName) -> &Text {
        match name {
            TextName::Document => &self.document,
            TextName::Question => &self.question,
            TextName::Help => &self.help,
            TextName::Refuse => &self.refuse,
            TextName::Alarm => &self.alarm,
        }
    }
}

/// A text of another name would never be sent: most likely its name is misspelt.
fn unknown_files(files: &Files) -> Vec<Fault> {
    let known = TextName::ALL.map(TextName::path);
    files
        .keys()
        .filter(|path| path.starts_with(MAIL) && path.ends_with(".txt"))
        .filter(|path| !known.contains(&path.as_str()))
        .map(|path| {
            let problem = format!(
                "ein Antworttext mit diesem Namen wird nicht verwendet; es gibt {}",
                known.join(", ")
            );
            Fault::new(path.as_str(), problem)
        })
        .collect()
}
