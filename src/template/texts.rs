//! The texts of replies: `mail/*.txt`.

use std::sync::Arc;

use super::{Files, MAIL, built_in, schema, source};
use crate::kommune::Register;
use crate::merge::{Fault, Rules, Schema, Text};

/// The page for those who write mails.
const ANFRAGEN: &str = include_str!("../../docs/anfragen.md");

/// The bot's address on that page.
const EXAMPLE: &str = "antrag@example.org";

/// How to ask, for a bot at this address: `docs/anfragen.md`, in what a letter knows of Markdown.
pub fn anfragen(address: &str) -> String {
    ANFRAGEN.replace(EXAMPLE, address)
}

/// Which text of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each is the text of the decision of that name; Help is for who asks how to ask, and takes the place of a third question, Alarm and Trial go to the administrator"
)]
pub enum TextName {
    Document,
    Question,
    Help,
    Refuse,
    Alarm,
    Trial,
}

impl TextName {
    const ALL: [Self; 6] = [
        Self::Document,
        Self::Question,
        Self::Help,
        Self::Refuse,
        Self::Alarm,
        Self::Trial,
    ];

    /// Its file below the folder of templates.
    pub fn path(self) -> &'static str {
        match self {
            Self::Document => "mail/document.txt",
            Self::Question => "mail/question.txt",
            Self::Help => "mail/help.txt",
            Self::Refuse => "mail/refusal.txt",
            Self::Alarm => "mail/alarm.txt",
            Self::Trial => "mail/trial.txt",
        }
    }

    /// The names it may use; that of the document speaks of the first document's nouns too.
    fn schema(self, register: &Register) -> Schema {
        let (mut schema, own): (_, &[&str]) = match self {
            Self::Document => (
                schema(register),
                &["titel", "dokumente", "archiv", "anderes"],
            ),
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
            Self::Help => (
                Schema::default(),
                &[
                    "gebeten",
                    "verstanden",
                    "anfragen",
                    "antraege",
                    "verwaltung",
                ],
            ),
            Self::Refuse => (Schema::default(), &["grund", "gewollt", "moeglich"]),
            Self::Alarm => (
                Schema::default(),
                &["anlass", "gut", "seit", "einzelheiten", "weitere"],
            ),
            Self::Trial => (Schema::default(), &["dateien", "uebrige", "fehlerhaft"]),
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
#[derive(Debug, Clone)]
pub struct Texts {
    document: Arc<Text>,
    question: Arc<Text>,
    help: Arc<Text>,
    refuse: Arc<Text>,
    alarm: Arc<Text>,
    trial: Arc<Text>,
}

impl Texts {
    /// Compiles them; a text that is missing comes from the built-in ones.
    pub fn read(files: &Files, register: &Register) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        Self::compile(files, register, None, &mut faults)
            .filter(|_| faults.is_empty())
            .ok_or(faults)
    }

    /// The texts of these files; one that is broken stays as it was in `last`, and its faults
    /// are added.
    pub fn renew(last: &Self, files: &Files, register: &Register, faults: &mut Vec<Fault>) -> Self {
        Self::compile(files, register, Some(last), faults).unwrap_or_else(|| last.clone())
    }

    fn compile(
        files: &Files,
        register: &Register,
        last: Option<&Self>,
        faults: &mut Vec<Fault>,
    ) -> Option<Self> {
        let shipped = built_in();
        faults.extend(unknown_files(files));
        let mut compile = |name: TextName| {
            let path = name.path();
            let bytes = files.get(path).or_else(|| shipped.get(path));
            source(path, bytes.map_or(&[], Vec::as_slice))
                .and_then(|text| Text::compile(path, text, &Rules::Strict(name.schema(register))))
                .map(Arc::new)
                .map_err(|found| faults.extend(found))
                .ok()
                .or_else(|| last.map(|last| Arc::clone(last.text(name))))
        };
        // each is compiled whatever became of the others, for all faults are told at once
        let document = compile(TextName::Document);
        let question = compile(TextName::Question);
        let help = compile(TextName::Help);
        let refuse = compile(TextName::Refuse);
        let alarm = compile(TextName::Alarm);
        let trial = compile(TextName::Trial);
        Some(Self {
            document: document?,
            question: question?,
            help: help?,
            refuse: refuse?,
            alarm: alarm?,
            trial: trial?,
        })
    }

    /// The text of this name.
    pub fn get(&self, name: TextName) -> &Text {
        self.text(name)
    }

    fn text(&self, name: TextName) -> &Arc<Text> {
        match name {
            TextName::Document => &self.document,
            TextName::Question => &self.question,
            TextName::Help => &self.help,
            TextName::Refuse => &self.refuse,
            TextName::Alarm => &self.alarm,
            TextName::Trial => &self.trial,
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
