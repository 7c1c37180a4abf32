//! Cases: which ones an article, a preposition and a noun allow together, and the form of
//! a mark that says the one that is left.

use std::ops::{BitAnd, BitOr};

use super::vocabulary::{Noun, Sort};
use crate::german::Genus;

/// A set of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cases(u8);

impl Cases {
    pub(super) const NOMINATIVE: Self = Self(1);
    pub(super) const GENITIVE: Self = Self(2);
    pub(super) const DATIVE: Self = Self(4);
    pub(super) const ACCUSATIVE: Self = Self(8);
    pub(super) const ALL: Self = Self(15);
    const TWO_WAY: Self = Self(4 + 8);
    const SUBJECT_OR_OBJECT: Self = Self(1 + 8);
    const NOT_GENITIVE: Self = Self(1 + 4 + 8);

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them alone.
    pub(super) fn each(self) -> impl Iterator<Item = Self> {
        [
            Self::NOMINATIVE,
            Self::ACCUSATIVE,
            Self::DATIVE,
            Self::GENITIVE,
        ]
        .into_iter()
        .filter(move |case| !(*case & self).is_empty())
    }

    /// Those that a noun's form allows.
    pub(super) fn of(noun: Noun) -> Self {
        match noun {
            Noun {
                genus: Genus::Femininum,
                ..
            } => Self::ALL,
            Noun {
                is_genitive: true, ..
            } => Self::GENITIVE,
            _ => Self::NOT_GENITIVE,
        }
    }
}

impl BitAnd for Cases {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Cases {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A preposition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Preposition {
    pub(super) word: &'static str,
    pub(super) governs: Cases,
}

/// Before an article or a name.
pub(super) fn preposition(word: &str) -> Option<Preposition> {
    const ACCUSATIVE: [&str; 6] = ["für", "durch", "gegen", "ohne", "um", "bis"];
    const DATIVE: [&str; 9] = [
        "von",
        "zu",
        "bei",
        "aus",
        "mit",
        "seit",
        "gegenüber",
        "gemäß",
        "laut",
    ];
    const TWO_WAY: [&str; 9] = [
        "in", "an", "auf", "über", "unter", "vor", "hinter", "neben", "zwischen",
    ];
    const GENITIVE: [&str; 17] = [
        "wegen",
        "trotz",
        "während",
        "innerhalb",
        "außerhalb",
        "seitens",
        "aufgrund",
        "zugunsten",
        "hinsichtlich",
        "bezüglich",
        "namens",
        "mithilfe",
        "anhand",
        "statt",
        "anstelle",
        "angesichts",
        "einschließlich",
    ];
    let find = |words: &'static [&'static str], governs| {
        let word = words.iter().find(|known| **known == word)?;
        Some(Preposition { word, governs })
    };
    find(&ACCUSATIVE, Cases::ACCUSATIVE)
        .or_else(|| find(&DATIVE, Cases::DATIVE))
        .or_else(|| find(&TWO_WAY, Cases::TWO_WAY))
        .or_else(|| find(&GENITIVE, Cases::GENITIVE))
}

/// A preposition and article in one word.
pub(super) fn contraction(word: &str) -> Option<(Preposition, &'static str)> {
    let (preposition_word, article) = match word {
        "im" => ("in", "dem"),
        "ins" => ("in", "das"),
        "am" => ("an", "dem"),
        "ans" => ("an", "das"),
        "aufs" => ("auf", "das"),
        "beim" => ("bei", "dem"),
        "vom" => ("von", "dem"),
        "zum" => ("zu", "dem"),
        "zur" => ("zu", "der"),
        _ => return None,
    };
    Some((preposition(preposition_word)?, article))
}

/// The definite article.
pub(super) fn article(word: &str) -> Option<&'static str> {
    const ARTICLES: [&str; 6] = ["der", "die", "das", "den", "dem", "des"];
    ARTICLES.iter().find(|article| **article == word).copied()
}

/// Other words in the place of an article: no mark declines them.
pub(super) fn is_other_determiner(word: &str) -> bool {
    const STEMS: [&str; 12] = [
        "ein", "kein", "dies", "jed", "jen", "unser", "eur", "ihr", "sein", "mein", "welch",
        "solch",
    ];
    const ENDINGS: [&str; 6] = ["", "e", "en", "em", "er", "es"];
    STEMS.iter().any(|stem| {
        let ending = word.strip_prefix(stem);
        ending.is_some_and(|ending| ENDINGS.contains(&ending))
    }) || word == "euer"
}

/// The cases that an article can be of, before a noun of this gender.
pub(super) fn of_article(article: &str, genus: Option<Genus>) -> Cases {
    use Genus::{Femininum, Maskulinum, Neutrum};
    const TABLE: [(&str, Genus, Cases); 9] = [
        ("der", Maskulinum, Cases::NOMINATIVE),
        ("der", Femininum, Cases(2 + 4)),
        ("die", Femininum, Cases::SUBJECT_OR_OBJECT),
        ("das", Neutrum, Cases::SUBJECT_OR_OBJECT),
        ("den", Maskulinum, Cases::ACCUSATIVE),
        ("dem", Maskulinum, Cases::DATIVE),
        ("dem", Neutrum, Cases::DATIVE),
        ("des", Maskulinum, Cases::GENITIVE),
        ("des", Neutrum, Cases::GENITIVE),
    ];
    let fits =
        |row: &&(&str, Genus, Cases)| row.0 == article && genus.is_none_or(|genus| genus == row.1);
    let rows = TABLE.iter().filter(fits);
    Cases(rows.fold(0, |cases, row| cases | row.2.0))
}

/// What to write for a noun in this case: the text, and whether it says the preposition,
/// too.
pub(super) fn form(
    preposition: Option<Preposition>,
    case: Cases,
    sort: Sort,
    capital: bool,
) -> (String, bool) {
    let merged = match preposition.map(|preposition| preposition.word) {
        _ if case != Cases::DATIVE => None,
        Some("in") => Some("im"),
        Some("zu") => Some("zum"),
        Some("von") => Some("vom"),
        Some("bei") => Some("beim"),
        _ => None,
    };
    let word = merged.unwrap_or(match case {
        Cases::NOMINATIVE => "der",
        Cases::ACCUSATIVE => "den",
        Cases::DATIVE => "dem",
        _ => "des",
    });
    (mark(word, sort, capital), merged.is_some())
}

/// A mark of this form; none is the bare name.
pub(super) fn mark(form: &str, sort: Sort, capital: bool) -> String {
    let noun = sort.noun();
    let mut letters = form.chars();
    match letters.next() {
        None => format!("{{{{ {noun} }}}}"),
        Some(first) if capital => {
            let first: String = first.to_uppercase().collect();
            format!("{{{{ {first}{} {noun} }}}}", letters.as_str())
        }
        Some(_) => format!("{{{{ {form} {noun} }}}}"),
    }
}
