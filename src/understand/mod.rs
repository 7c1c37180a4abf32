//! Understanding: a mail, the register and what is on offer → what is asked for.
//!
//! In: the mail as read, the thread's open request. Out: an [`Understanding`] with
//! evidence for every claim; doubt is a question. Never here: a template's bytes,
//! a clock, a network.

use crate::kommune::{Gremium, Register, Schluessel};
use crate::mail::Mail;
use crate::template::{Offer, TemplateId};

/// One motion that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// the municipality
    pub kommune: Schluessel,
    /// the body that moves it; a compound that the register lacks ("Kreisausländerbeirat") is derived
    pub beirat: Gremium,
    /// the council that is to decide
    pub rat: Gremium,
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

/// What a mail asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Understanding {
    /// the motion that is named; the default one if `None`
    pub template: Option<TemplateId>,
    /// what is asked for, in the order named; empty if there are questions
    pub wishes: Vec<Wish>,
    /// what is to be asked, at most one a topic
    pub questions: Vec<Question>,
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
    let _ = (mail, register, offers, open);
    todo!()
}
