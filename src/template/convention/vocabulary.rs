//! The words of the convention: bodies and councils, kinds of municipalities.

use super::token::{Kind, Token};
use crate::german::Genus;
use crate::kommune::{Gremium, Register, Rolle};

/// What a noun stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Kommune,
    Beirat,
    Rat,
}

impl Sort {
    /// Its noun in a mark.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Kommune => "kommune",
            Self::Beirat => "Beirat",
            Self::Rat => "Rat",
        }
    }
}

/// A noun that may be one of several to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Noun {
    /// `None` for a body that only its neighbours tell to be one
    pub(super) sort: Option<Sort>,
    pub(super) genus: Genus,
    pub(super) is_genitive: bool,
}

/// Kinds of municipalities, in the nominative.
const KINDS: [(&str, Genus); 18] = [
    ("stadt", Genus::Femininum),
    ("gemeinde", Genus::Femininum),
    ("kommune", Genus::Femininum),
    ("landkreis", Genus::Maskulinum),
    ("kreis", Genus::Maskulinum),
    ("stadtkreis", Genus::Maskulinum),
    ("markt", Genus::Maskulinum),
    ("flecken", Genus::Maskulinum),
    ("region", Genus::Femininum),
    ("städteregion", Genus::Femininum),
    ("regionalverband", Genus::Maskulinum),
    ("verbandsgemeinde", Genus::Femininum),
    ("samtgemeinde", Genus::Femininum),
    ("marktgemeinde", Genus::Femininum),
    ("ortsgemeinde", Genus::Femininum),
    ("stadtgemeinde", Genus::Femininum),
    ("bezirk", Genus::Maskulinum),
    ("gebietskörperschaft", Genus::Femininum),
];

/// How nouns of bodies end, and their gender.
const ENDINGS: [(&str, Genus); 13] = [
    ("rat", Genus::Maskulinum),
    ("tag", Genus::Maskulinum),
    ("ausschuss", Genus::Maskulinum),
    ("ausschuß", Genus::Maskulinum),
    ("vertretung", Genus::Femininum),
    ("versammlung", Genus::Femininum),
    ("kommission", Genus::Femininum),
    ("bürgerschaft", Genus::Femininum),
    ("parlament", Genus::Neutrum),
    ("forum", Genus::Neutrum),
    ("kollegium", Genus::Neutrum),
    ("haus", Genus::Neutrum),
    ("gremium", Genus::Neutrum),
];

/// How their plurals end: several bodies are no choice of one.
const PLURALS: [&str; 12] = [
    "räte",
    "räten",
    "tage",
    "tagen",
    "schüsse",
    "schüssen",
    "ungen",
    "schaften",
    "ionen",
    "foren",
    "häuser",
    "gremien",
];

/// The longest name of a body, in words.
const LONGEST: usize = 7;

/// Whether a word in small letters is a kind of municipality.
pub(super) fn is_kind(word: &str) -> bool {
    kind(word).is_some()
}

/// The gender of a kind, and whether the word is its genitive.
fn kind(word: &str) -> Option<(Genus, bool)> {
    let find = |word: &str| KINDS.iter().find(|(kind, _)| *kind == word);
    if let Some((_, genus)) = find(word) {
        return Some((*genus, false));
    }
    let (_, genus) = ["es", "s"]
        .iter()
        .find_map(|ending| find(word.strip_suffix(ending)?))?;
    (*genus == Genus::Maskulinum).then_some((*genus, true))
}

/// The words that a register knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vocabulary<'r> {
    pub(super) register: &'r Register,
}

impl Vocabulary<'_> {
    /// The longest noun that these tokens begin with, and how many they are.
    pub(super) fn noun(&self, tokens: &[Token]) -> Option<(Noun, usize)> {
        let words: Vec<&str> = tokens
            .iter()
            .take(LONGEST)
            .take_while(|token| token.kind == Kind::Word)
            .map(|token| token.text.as_str())
            .collect();
        let first = words.first()?;
        if !first.starts_with(char::is_uppercase) {
            return None;
        }
        let several = (2..=words.len()).rev().find_map(|count| {
            let words = words.get(..count)?;
            // "Rat der Stadt": which Stadt is still to be said
            let ends_open = words
                .last()
                .is_some_and(|word| is_kind(&word.to_lowercase()));
            let noun = (!ends_open).then(|| self.body(words))??;
            Some((noun, count))
        });
        several.or_else(|| Some((self.single(first)?, 1)))
    }

    fn single(&self, word: &str) -> Option<Noun> {
        let lower = word.to_lowercase();
        if let Some((genus, is_genitive)) = kind(&lower) {
            return Some(Noun {
                sort: Some(Sort::Kommune),
                genus,
                is_genitive,
            });
        }
        self.body(&[word])
    }

    /// A word whose end is that of the next: "Stadt-" in "Stadt-/Gemeinderat".
    pub(super) fn shortened(&self, stem: &str, next: &Token) -> Option<Noun> {
        let stem = stem.strip_suffix('-')?;
        let ends = next.text.char_indices().skip(2);
        ends.filter_map(|(at, _)| next.text.get(at..))
            .find_map(|end| self.single(&format!("{stem}{end}")))
    }

    /// A body that no register knows, by how its name ends.
    pub(super) fn unknown_body(word: &Token) -> Option<Noun> {
        let lower = word.lower();
        let (stem, is_genitive) = match stems(&lower).find(|stem| ending(stem).is_some()) {
            Some(stem) => (stem, true),
            None => (lower.as_str(), false),
        };
        let (known, genus) = ending(stem)?;
        let names = word.is_capital() && stem.len() > known.len();
        names.then_some(Noun {
            sort: None,
            genus: *genus,
            is_genitive,
        })
    }

    /// A body or council by its name in any case of the singular.
    fn body(&self, words: &[&str]) -> Option<Noun> {
        let name = words.join(" ");
        let gremium = self.gremium(&name)?;
        let is_plural = |word: &&str| {
            let lower = word.to_lowercase();
            PLURALS.iter().any(|plural| lower.ends_with(plural))
        };
        if words.iter().any(is_plural) {
            return None;
        }
        let same = |words: &[&str]| {
            let found = self.gremium(&words.join(" "));
            found.is_some_and(|found| found.name == gremium.name)
        };
        let is_genitive = words.iter().enumerate().any(|(place, word)| {
            stems(word).any(|stem| {
                let mut words = words.to_vec();
                words.splice(place..=place, [stem]);
                same(&words)
            })
        });
        let lower = words.first().unwrap_or(&"").to_lowercase();
        let stem = if is_genitive {
            stems(&lower).find(|stem| ending(stem).is_some())
        } else {
            None
        };
        let genus = ending(stem.unwrap_or(&lower)).map_or(gremium.genus, |(_, genus)| *genus);
        let sort = match gremium.rolle {
            Rolle::Beirat => Sort::Beirat,
            Rolle::Rat => Sort::Rat,
        };
        Some(Noun {
            sort: Some(sort),
            genus,
            is_genitive,
        })
    }

    fn gremium(&self, name: &str) -> Option<&Gremium> {
        // letters alone stand for more than bodies
        if name.chars().count() < 3 {
            return None;
        }
        let of = |rolle| self.register.gremium(rolle, name);
        of(Rolle::Beirat).or_else(|| of(Rolle::Rat))
    }
}

/// What a word may be the genitive of.
fn stems(word: &str) -> impl Iterator<Item = &str> {
    ["es", "s"]
        .into_iter()
        .filter_map(|end| word.strip_suffix(end))
}

fn ending(word: &str) -> Option<&'static (&'static str, Genus)> {
    ENDINGS.iter().find(|(ending, _)| word.ends_with(ending))
}
