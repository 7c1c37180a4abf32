//! German as marks and mails have it: nouns with articles and cases, dates, numbers.
//!
//! In: what a body, a council or a municipality is called, its gender and its
//! declension. Out: the form a mark names ("des Landkreises Fürth"), the forms a mail may
//! use, days and numbers as Germans write them; the reader of the rooms' tables of words.
//! Never here: which body or municipality
//! is meant.

mod date;
mod declension;
mod inflection;
mod number;
mod tables;
#[cfg(test)]
mod tests;

pub use date::{datum, in_germany, leading_date, read_date, zeitpunkt};
pub use declension::declension;
pub use inflection::inflections;
pub use number::{Zahl, grouped};
pub use tables::table;

/// Grammatical gender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Genus {
    /// der Ausländerbeirat
    Maskulinum,
    /// die Stadtverordnetenversammlung
    Femininum,
    /// das Abgeordnetenhaus
    Neutrum,
}

/// The form a mark asks for, named by what one would write for a masculine noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// the bare name: "Ausländerbeirat", "Landkreis Fürth", "Fürth"
    Name,
    /// nominative with article: "der Landkreis Fürth"
    Der,
    /// accusative with article
    Den,
    /// dative with article
    Dem,
    /// genitive with article
    Des,
    /// "im", "in der"
    Im,
    /// "zum", "zur"
    Zum,
    /// "vom", "von der"
    Vom,
    /// "beim", "bei der"
    Beim,
    /// where, as one says it: "in Fürth", "im Landkreis Fürth"
    In,
    /// the personal pronoun: er, sie, es
    Er,
    /// the possessive: sein, ihr
    Sein,
}

/// A noun with all it takes to say any [`Form`] of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nominal {
    /// the bare name, as in a heading
    pub name: String,
    /// its gender (of the kind word, where the name carries one)
    pub genus: Genus,
    /// nominative, genitive, dative, accusative as they stand behind the definite article
    pub kasus: [String; 4],
    /// "in Fürth", where that differs from `im`
    pub inside: Option<String>,
}

impl Nominal {
    /// A noun that declines regularly; see [`declension`].
    pub fn regular(name: &str, genus: Genus) -> Self {
        Self {
            name: name.to_owned(),
            genus,
            kasus: declension(name, genus),
            inside: None,
        }
    }

    /// Says the form, with a capital at its beginning if `capital`.
    pub fn say(&self, form: Form, capital: bool) -> String {
        use Genus::{Femininum, Maskulinum, Neutrum};
        let [nominative, genitive, dative, accusative] = &self.kasus;
        let pick = |maskulinum, femininum, neutrum| match self.genus {
            Maskulinum => maskulinum,
            Femininum => femininum,
            Neutrum => neutrum,
        };
        let with = |word: &str, noun: &str| format!("{word} {noun}");
        let said = match form {
            Form::Name => self.name.clone(),
            Form::Der => with(pick("der", "die", "das"), nominative),
            Form::Den => with(pick("den", "die", "das"), accusative),
            Form::Dem => with(pick("dem", "der", "dem"), dative),
            Form::Des => with(pick("des", "der", "des"), genitive),
            Form::In if let Some(inside) = &self.inside => inside.clone(),
            Form::Im | Form::In => with(pick("im", "in der", "im"), dative),
            Form::Zum => with(pick("zum", "zur", "zum"), dative),
            Form::Vom => with(pick("vom", "von der", "vom"), dative),
            Form::Beim => with(pick("beim", "bei der", "beim"), dative),
            Form::Er => pick("er", "sie", "es").to_owned(),
            Form::Sein => pick("sein", "ihr", "sein").to_owned(),
        };
        if capital { capitalise(&said) } else { said }
    }
}

fn capitalise(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
