//! Templates: what an administrator may write, and what is on offer.
//!
//! In: the files of a template folder (as bytes; reading them is the shell's work).
//! Out: the [`Catalogue`] of motions, compiled and checked, and the texts of replies.
//! Never here: mails.

use std::collections::BTreeMap;

use crate::kommune::{Gremium, Kommune, Register};
use crate::merge::{Document, Fault, Schema, Text, Values};
use jiff::Timestamp;

/// The name of a motion's folder: small letters, digits, hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TemplateId(String);

impl TemplateId {
    /// Reads an id; `None` unless it is made of small letters, digits and hyphens.
    pub fn parse(text: &str) -> Option<Self> {
        let sound = !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        sound.then(|| Self(text.to_owned()))
    }

    /// The letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What understanding knows of a motion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// its name in the catalogue
    pub id: TemplateId,
    /// its title
    pub title: String,
    /// words by which a mail names it
    pub words: Vec<String>,
    /// whether a mail that names none means it
    pub default: bool,
}

/// A motion that can be asked for.
#[derive(Debug)]
pub struct Motion {
    /// what understanding knows of it
    pub offer: Offer,
    /// the pattern of its documents' file names
    pub file_name: Text,
    /// the compiled document
    pub document: Document,
}

/// The files below a template folder: path with `/`, content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// All motions on offer.
#[derive(Debug)]
pub struct Catalogue {}

impl Catalogue {
    /// Compiles all motions among the files; all faults at once, each with its file.
    pub fn read(files: &Files, default: &TemplateId) -> Result<Self, Vec<Fault>> {
        let _ = (files, default);
        todo!()
    }
    /// A motion by its id.
    pub fn get(&self, id: &TemplateId) -> Option<&Motion> {
        let _ = id;
        todo!()
    }
    /// The motion of a mail that names none.
    pub fn default_motion(&self) -> &Motion {
        todo!()
    }
    /// What is on offer.
    pub fn offers(&self) -> &[Offer] {
        todo!()
    }
}

/// The texts of replies (`mail/*.txt`), compiled.
#[derive(Debug)]
pub struct Texts {}

impl Texts {
    /// Compiles them; a text that is missing comes from the built-in ones.
    pub fn read(files: &Files) -> Result<Self, Vec<Fault>> {
        let _ = files;
        todo!()
    }
    /// The text of this name: "dokument", "frage", "ablehnung".
    pub fn get(&self, name: TextName) -> &Text {
        let _ = name;
        todo!()
    }
}

/// Which text of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the text of the decision of that name")]
pub enum TextName {
    Document,
    Question,
    Refuse,
}

/// The motions and texts that the program ships.
pub fn built_in() -> Files {
    todo!()
}

/// The names that every motion may use.
pub fn schema() -> Schema {
    todo!()
}

/// What is the same for all documents of a request.
#[derive(Debug, Clone)]
pub struct Occasion {
    /// the day of the request
    pub now: Timestamp,
    /// who asks
    pub anfragende_person: String,
    /// the log id
    pub aktenzeichen: String,
}

/// The values behind the built-in names, for one document.
pub fn values(
    register: &Register,
    kommune: &Kommune,
    beirat: &Gremium,
    rat: &Gremium,
    occasion: &Occasion,
) -> Values {
    let _ = (register, kommune, beirat, rat, occasion);
    todo!()
}
