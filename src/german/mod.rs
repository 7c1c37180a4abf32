//! German nouns as marks need them: articles, cases, contractions.
//!
//! In: what a body, a council or a municipality is called, its gender and its
//! declension. Out: the form a mark names ("des Landkreises Fürth"). Never here:
//! which body or municipality is meant.

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
    /// Says the form, with a capital at its beginning if `capital`.
    pub fn say(&self, form: Form, capital: bool) -> String {
        let _ = (form, capital);
        todo!()
    }
}
