//! Understanding: a mail, the register and what is on offer → what is asked for.
//!
//! In: the mail as read, what went before in its thread. Out: an [`Understanding`] with
//! evidence for every claim; doubt is a question. Never here: a template's bytes,
//! a clock, a network.
//!
//! | what | where |
//! | --- | --- |
//! | words, clauses, sentences; lines `Feld: Wert` | `text`, `fields` |
//! | what a text names | `places` (with `guess`, `weigh`, `evidence`), `bodies`, `offer`, `topic`, `further` |
//! | what its sentences do with it | `mention`, `purpose`, `targets`, `pairs` |
//! | whom it means, and what is asked | `resolve`, `drafts`, `decide`, `doubt`, `question`, `account` |
//! | lists of municipalities | `list` |
//! | threads: answers and corrections | `thread`, `followed`, `motion`, `picks`, `narrow`, `correct`, `lines` |
//!
//! The words that all of this knows are the tables of `lexicon.txt`; those for kinds, states
//! and bodies belong to [`crate::kommune`].

mod account;
mod bodies;
mod coined;
mod correct;
mod decide;
mod doubt;
mod drafts;
mod evidence;
mod fields;
mod followed;
mod further;
mod guess;
mod lexicon;
mod lines;
mod list;
mod mention;
mod motion;
mod narrow;
mod offer;
mod pairs;
mod picks;
mod places;
mod purpose;
mod question;
mod resolve;
mod targets;
#[cfg(test)]
mod tests;
mod text;
mod thread;
mod topic;
mod weigh;

use drafts::Sources;
use further::Further;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use targets::Reading;

use crate::german::in_germany;
use crate::kommune::{Gremium, Register, Schluessel};
use crate::mail::{File, Mail};
use crate::template::{Feld, Offer, TemplateId, Werte};

pub use lines::{Block, Earlier, Line, completed};
#[cfg(test)]
pub(crate) use offer::two_motions;

/// One motion that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// the municipality
    pub kommune: Schluessel,
    /// the body that moves it; a compound that the register lacks ("Kreisausländerbeirat") is derived
    pub beirat: Gremium,
    /// the council that is to decide
    pub rat: Gremium,
    /// the values of the motion's further fields, by their names
    pub felder: Werte,
}

/// What a question is about; the contract's words.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Topic {
    /// the municipality
    Kommune,
    /// the body
    Beirat,
    /// the council
    Rat,
    /// the motion
    Template,
    /// a further field of the template
    Field(String),
}

impl Topic {
    /// The contract's word, or the field's name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Kommune => "kommune",
            Self::Beirat => "beirat",
            Self::Rat => "rat",
            Self::Template => "template",
            Self::Field(name) => name,
        }
    }

    /// The topic of a word that [`Topic::as_str`] gave.
    pub fn parse(word: &str) -> Self {
        [Self::Kommune, Self::Beirat, Self::Rat, Self::Template]
            .into_iter()
            .find(|topic| topic.as_str() == word)
            .unwrap_or_else(|| Self::Field(word.to_owned()))
    }
}

impl From<String> for Topic {
    fn from(word: String) -> Self {
        Self::parse(&word)
    }
}

impl From<Topic> for String {
    fn from(topic: Topic) -> Self {
        topic.as_str().to_owned()
    }
}

/// Something that is missing, unknown or ambiguous.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// what it is about
    pub topic: Topic,
    /// the words of the mail that raise it, if any: "Neustadt"
    pub heard: Option<String>,
    /// what may be meant, best first, at most ten
    pub candidates: Vec<Choice>,
}

/// One answer to pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// as it is shown: "Stadt Fürth (Bayern, 132.032 Einwohner)"
    pub label: String,
    /// the line that answers the question, for a completed request: "Kommune: Stadt Fürth (Bayern)"
    pub line: String,
}

/// A list of municipalities that is not clear as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFaults {
    /// the file that it came in, if it did not stand in the mail
    pub file: Option<String>,
    /// the rows that are not clear, in order; empty if there are too many rows to look at
    pub rows: Vec<RowFault>,
    /// what the other rows ask for: "Stadt Fürth (Bayern), Ausländerbeirat, Stadtrat"
    pub understood: Vec<String>,
}

/// A row of a list that is not clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// its number, as programs show it or people count
    pub number: usize,
    /// as it was written
    pub heard: String,
    /// what is to be asked of it
    pub questions: Vec<Question>,
}

/// What a mail asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Understanding {
    /// the motion that is named; the default one if `None`
    pub template: Option<TemplateId>,
    /// what is asked for, in the order named; empty if there are questions
    pub wishes: Vec<Wish>,
    /// what is to be asked; several of one topic if several names are unclear
    pub questions: Vec<Question>,
    /// the faults of a list, where a list raised the questions
    pub list: Option<ListFaults>,
    /// the request as far as it is settled
    pub request: Vec<Block>,
    /// a thank-you, nothing more
    pub nothing_asked: bool,
    /// it asks how to ask; the questions are those that are open all the same
    pub help_asked: bool,
    /// what decided, in German sentences, most important first
    pub evidence: Vec<String>,
}

/// Understands a mail. Pure: the same input gives the same answer.
pub fn understand(
    mail: &Mail,
    register: &Register,
    offers: &[Offer],
    earlier: Option<&Earlier>,
) -> Understanding {
    let person = person(mail);
    let whole = Told {
        new: &mail.text.new,
        subject: mail.subject.as_deref().unwrap_or_default(),
        signature: &mail.text.signature,
        files: &mail.files,
        person: &person,
        today: mail.date.map(|date| in_germany(date).date()),
        motion: None,
    };
    let followed = earlier.and_then(|earlier| thread::follow(&whole, register, offers, earlier));
    followed.unwrap_or_else(|| read(&whole, register, offers))
}

/// The one motion that a text asks for by itself, if it is clear.
pub fn wish(text: &str, register: &Register) -> Option<Wish> {
    let told = Told {
        new: text,
        ..Told::default()
    };
    let understood = read(&told, register, &[]);
    let mut wishes = understood.wishes.into_iter();
    wishes.next().filter(|_| understood.questions.is_empty())
}

/// The municipalities that a name means where a mail has it behind "Kommune:"; empty if it must be asked.
pub(crate) fn kommunen_meant_by(name: &str, register: &Register) -> Vec<Schluessel> {
    decide::value_means(name, register)
}

/// What is read of a mail.
#[derive(Clone, Copy, Default)]
struct Told<'a> {
    new: &'a str,
    subject: &'a str,
    signature: &'a str,
    files: &'a [File],
    /// words of the sender's name
    person: &'a [String],
    /// the day on which it was written
    today: Option<Date>,
    /// the motion of its thread, whose further fields it may give
    motion: Option<&'a TemplateId>,
}

fn person(mail: &Mail) -> Vec<String> {
    mail.from
        .iter()
        .filter_map(|from| from.name.as_deref())
        .flat_map(|name| {
            name.split(|c: char| !c.is_alphabetic())
                .map(crate::kommune::fold)
        })
        .filter(|part| part.len() > 2)
        .collect()
}

/// Understands what is told, whatever went before.
fn read(told: &Told<'_>, register: &Register, offers: &[Offer]) -> Understanding {
    let own = list::Own::of(told.new, register);
    let new = own.text.as_ref();
    // what is said in a further field names neither motion nor municipality
    let bare = fields::without_texts(new, &offer::texts(offers));
    let mut entries = fields::read(&bare, &[]);
    let reading = |text| Reading::of(text, register, told.person);
    let sources = Sources {
        own: reading(&bare),
        subject: (!is_leftover(told.subject)).then(|| reading(told.subject)),
        signature: Some(Reading::of_signature(told.signature, register, told.person)),
        blocks: fields::blocks(&entries),
    };
    let list = list::find(told.files, &own, &sources, register);
    entries.extend(list.as_ref().and_then(list::List::entry));
    let mut template = offer::wanted(&sources, &entries, told.files, offers);
    let felder = match &template {
        Ok(named) => offer::felder(offers, named.as_ref().or(told.motion)).to_vec(),
        Err(question) => offer::felder_of_candidates(offers, question),
    };
    let of_motion = fields::without_texts(new, &felder);
    let mut sources = match of_motion == bare {
        true => sources,
        false => Sources {
            own: reading(&of_motion),
            blocks: fields::blocks(&fields::read(&of_motion, &[])),
            ..sources
        },
    };
    let mut further = further_fields(new, &felder, &mut sources, told.today);
    if template.is_err() {
        further.ask_nothing();
    }
    if list.is_none() && purpose::is_thanks_only(&sources) {
        return Understanding {
            nothing_asked: true,
            evidence: vec!["Die Mail dankt nur; sie bittet um nichts.".to_owned()],
            ..Understanding::default()
        };
    }
    let help_asked = purpose::is_cry_for_help(&sources);
    if list.is_none() && (help_asked || purpose::is_other_business(&sources)) {
        let told = match help_asked {
            true => "Die Mail bittet um Hilfe.",
            false => "Die Mail bittet um keinen Antrag.",
        };
        return Understanding {
            questions: question::about_all(register),
            request: vec![lines::nothing_settled()],
            help_asked,
            evidence: vec![told.to_owned()],
            ..Understanding::default()
        };
    }
    let asks_for_all = offer::asks_for_all(&sources.own.text);
    let mut understanding = match &list {
        Some(list) => list::decide(list, sources, register),
        None => decide::decide(&sources, register),
    };
    if matches!(template, Ok(None))
        && offers.len() > 1
        && understanding.wishes.len() == 1
        && told.motion.is_none()
        && asks_for_all
    {
        template = Err(offer::question_of_all(offers));
    }
    match template {
        Ok(template) => understanding.template = template,
        Err(question) => {
            understanding.wishes.clear();
            understanding.questions.push(question);
        }
    }
    lines::note_template(&mut understanding);
    further.complete(&mut understanding);
    understanding
}

/// Reads the lines again with the further fields of the motion, and their values.
fn further_fields<'t>(
    new: &'t str,
    felder: &[Feld],
    sources: &mut Sources<'t, '_>,
    today: Option<Date>,
) -> Further {
    if felder.is_empty() {
        return Further::default();
    }
    sources.blocks = fields::blocks(&fields::read(new, felder));
    let subject = sources.subject.as_ref().map(|subject| &subject.text);
    let texts: Vec<&text::Text<'_>> = [Some(&sources.own.text), subject]
        .into_iter()
        .flatten()
        .collect();
    further::read(felder, &mut sources.blocks, &texts, today)
}

/// Whether the subject is that of earlier mail: an answer or a forward keeps it.
fn is_leftover(subject: &str) -> bool {
    const PREFIXES: [&str; 8] = ["re", "aw", "antw", "antwort", "fw", "fwd", "wg", "sv"];
    let subject = subject.trim_start();
    let subject = match subject
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((_, rest)) => rest.trim_start(),
        None => subject,
    };
    subject
        .split_once(':')
        .is_some_and(|(prefix, _)| PREFIXES.contains(&prefix.trim().to_lowercase().as_str()))
}
