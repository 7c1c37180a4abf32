//! Understanding: a mail, the register and what is on offer → what is asked for.
//!
//! In: the mail as read, the thread's open request. Out: an [`Understanding`] with
//! evidence for every claim; doubt is a question. Never here: a template's bytes,
//! a clock, a network.

mod account;
mod bodies;
mod decide;
mod doubt;
mod drafts;
mod evidence;
mod fields;
mod further;
mod guess;
mod lexicon;
mod list;
mod mention;
mod offer;
mod pairs;
mod places;
mod purpose;
mod question;
mod resolve;
mod targets;
#[cfg(test)]
mod tests;
mod text;
mod topic;
mod weigh;

use drafts::Sources;
use further::Further;
use targets::Reading;

use crate::german::in_germany;
use crate::kommune::{Gremium, Register, Schluessel};
use crate::mail::Mail;
use crate::template::{Feld, Offer, TemplateId, Werte};

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
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

/// Something that is missing, unknown or ambiguous.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// what it is about
    pub topic: Topic,
    /// the words of the mail that raise it, if any: "Neustadt"
    pub heard: Option<String>,
    /// what may be meant, best first, at most ten
    pub candidates: Vec<Choice>,
}

/// One answer to pick.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// what is to be asked, at most one a topic
    pub questions: Vec<Question>,
    /// the faults of a list, where a list raised the questions
    pub list: Option<ListFaults>,
    /// what was settled in spite of the questions, as `Feld: Wert` lines for a completed request
    pub settled: Vec<String>,
    /// a thank-you, nothing more
    pub nothing_asked: bool,
    /// what decided, in German sentences, most important first
    pub evidence: Vec<String>,
}

/// An earlier request of the same thread and sender that is not complete yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRequest {
    /// the text of its mail, newly written part
    pub text: String,
    /// what was asked back
    pub asked: Vec<Topic>,
}

/// Understands a mail. Pure: the same input gives the same answer.
pub fn understand(
    mail: &Mail,
    register: &Register,
    offers: &[Offer],
    open: Option<&OpenRequest>,
) -> Understanding {
    let alone = understand_text(mail, &mail.text.new, register, offers, open);
    let Some(open) = open.filter(|_| !alone.questions.is_empty()) else {
        return alone;
    };
    // what the answer says goes first: it is newer, and its fields come before the old ones
    let both = format!("{}\n\n{}", mail.text.new, open.text);
    let together = understand_text(mail, &both, register, offers, Some(open));
    if decide::open_topics(&together) < decide::open_topics(&alone) {
        together
    } else {
        alone
    }
}

/// The municipalities that a name means where a mail has it behind "Kommune:"; empty if it must be asked.
pub(crate) fn kommunen_meant_by(name: &str, register: &Register) -> Vec<Schluessel> {
    decide::value_means(name, register)
}

fn understand_text(
    mail: &Mail,
    new: &str,
    register: &Register,
    offers: &[Offer],
    open: Option<&OpenRequest>,
) -> Understanding {
    let person: Vec<String> = mail
        .from
        .iter()
        .filter_map(|from| from.name.as_deref())
        .flat_map(|name| {
            name.split(|c: char| !c.is_alphabetic())
                .map(crate::kommune::fold)
        })
        .filter(|part| part.len() > 2)
        .collect();
    let subject = mail.subject.as_deref().unwrap_or_default();
    let own = list::Own::of(new, register);
    let new = own.text.as_ref();
    let mut entries = fields::read(new, &[]);
    let mut sources = Sources {
        own: Reading::of(new, register, &person),
        subject: (!is_leftover(subject)).then(|| Reading::of(subject, register, &person)),
        signature: Some(Reading::of_signature(
            &mail.text.signature,
            register,
            &person,
        )),
        blocks: fields::blocks(&entries),
    };
    let list = list::find(mail, &own, &sources, register);
    entries.extend(list.as_ref().and_then(list::List::entry));
    let template = offer::wanted(&sources, &entries, offers);
    let further = match &template {
        Ok(id) => further_fields(
            mail,
            new,
            offer::felder(offers, id.as_ref()),
            &mut sources,
            open,
        ),
        Err(_) => Further::default(),
    };
    if list.is_none() && purpose::is_thanks_only(&sources) {
        return Understanding {
            nothing_asked: true,
            evidence: vec!["Die Mail dankt nur; sie bittet um nichts.".to_owned()],
            ..Understanding::default()
        };
    }
    if list.is_none() && purpose::is_other_business(&sources) {
        return Understanding {
            questions: question::about_all(register),
            evidence: vec!["Die Mail bittet um keinen Antrag.".to_owned()],
            ..Understanding::default()
        };
    }
    let mut understanding = match &list {
        Some(list) => list::decide(list, sources, register),
        None => decide::decide(&sources, register),
    };
    match template {
        Ok(template) => {
            let line = template.as_ref().and_then(|id| offer::line(offers, id));
            understanding.settled.extend(line);
            understanding.template = template;
        }
        Err(question) => {
            understanding.wishes.clear();
            understanding.questions.push(question);
        }
    }
    further.complete(&mut understanding);
    understanding
}

/// Reads the lines again with the further fields of the motion, and their values.
fn further_fields<'t>(
    mail: &Mail,
    new: &'t str,
    felder: &[Feld],
    sources: &mut Sources<'t, '_>,
    open: Option<&OpenRequest>,
) -> Further {
    if felder.is_empty() {
        return Further::default();
    }
    sources.blocks = fields::blocks(&fields::read(new, felder));
    let answer = open.map(|open| further::Answer {
        text: &mail.text.new,
        asked: &open.asked,
    });
    let subject = sources.subject.as_ref().map(|subject| &subject.text);
    let texts: Vec<&text::Text<'_>> = [Some(&sources.own.text), subject]
        .into_iter()
        .flatten()
        .collect();
    let today = mail.date.map(|date| in_germany(date).date());
    further::read(felder, &mut sources.blocks, &texts, answer, today)
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
