//! The spellings of bodies and councils, and the index over them.

use std::collections::HashMap;

use strsim::osa_distance;

use super::Gremium;
use super::addition::APART;
use super::near::letters_of;
use super::spellings::{genus_of, spellings};
use super::words::{Words, fold, fold_without_dots};
use crate::german::inflections;

/// Plurals up to this length, in bytes, are other words without the dots of their umlaut.
const LONGEST_VERB: usize = 7;

/// All spellings, and how many words the longest one with a given first word has.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    /// each with its body's place in the register's list
    spellings: HashMap<Box<str>, usize>,
    longest: HashMap<Box<str>, usize>,
    /// names of one word, with their letters
    single: Vec<(Box<str>, u32, usize)>,
}

impl Bodies {
    /// What a name or a synonym says goes before what follows from another's.
    pub(super) fn of(gremien: &[Gremium]) -> Self {
        let mut bodies = Self::default();
        for (i, gremium) in gremien.iter().enumerate() {
            let named = std::iter::once(&gremium.name).chain(&gremium.kasus);
            for text in named.clone().chain(&gremium.synonyms) {
                bodies.add(text, i);
                bodies.add_without_dots(text, i);
            }
            for form in named.map(|form| fold(form)) {
                if !form.contains(' ') {
                    let letters = letters_of(&form);
                    bodies.single.push((form.into(), letters, i));
                }
            }
        }
        for (i, gremium) in gremien.iter().enumerate() {
            let synonyms = gremium.synonyms.iter();
            let others = synonyms.flat_map(|text| inflections(text, genus_of(text, gremium.genus)));
            for text in spellings(&gremium.name, gremium.genus)
                .into_iter()
                .chain(others)
            {
                bodies.add(&text, i);
                // "raten" and "Rate" are no Räte
                if text.len() > LONGEST_VERB {
                    bodies.add_without_dots(&text, i);
                }
            }
        }
        bodies
    }

    /// The longest spelling that begins at the word `i`, and where it ends.
    pub(super) fn longest_at(&self, words: &Words<'_>, i: usize) -> Option<(usize, usize)> {
        let longest = *self.longest.get(words.word(i))?;
        (i + 1..=i + longest).rev().find_map(|end| {
            let within = (i + 1..end).all(|j| !words.gap(j).has(APART) || is_gender_mark(words, j));
            let spelling = within.then(|| self.spellings.get(words.joined(i..end)))??;
            Some((end, *spelling))
        })
    }

    /// The body whose name of one word is one letter from this one, if there is but one.
    pub(super) fn near(&self, word: &str) -> Option<usize> {
        let letters = letters_of(word);
        let mut near = self.single.iter().filter(|(name, of_name, _)| {
            name.len().abs_diff(word.len()) <= 1
                && (of_name ^ letters).count_ones() <= 2
                && osa_distance(name, word) <= 1
        });
        let (_, _, gremium) = near.next()?;
        let mut others = near.map(|(_, _, other)| other);
        others.all(|other| other == gremium).then_some(*gremium)
    }

    /// The spelling that is these folded words.
    pub(super) fn get(&self, folded: &str) -> Option<usize> {
        self.spellings.get(folded).copied()
    }

    fn add_without_dots(&mut self, text: &str, gremium: usize) {
        if let Some(folded) = fold_without_dots(text) {
            self.add_folded(folded, gremium);
        }
    }

    fn add(&mut self, text: &str, gremium: usize) {
        self.add_folded(fold(text), gremium);
    }

    /// What is spelt first keeps its meaning.
    fn add_folded(&mut self, folded: String, gremium: usize) {
        let words = folded.split(' ').count();
        if let Some(first) = folded.split(' ').next() {
            let longest = self.longest.entry(first.into()).or_default();
            *longest = words.max(*longest);
        }
        self.spellings.entry(folded.into()).or_insert(gremium);
    }
}

/// The colon of "Ausländer:innenbeirat".
fn is_gender_mark(words: &Words<'_>, i: usize) -> bool {
    words.word(i).starts_with("innen")
}

impl Gremium {
    /// Its name as one word, with umlauts and without: `bürgerschaft`, `buergerschaft`.
    pub fn words(&self) -> [String; 2] {
        let lower = self.name.to_lowercase();
        let word = |name: &str| {
            let one = |c: char| if c.is_alphanumeric() { c } else { '_' };
            name.chars().map(one).collect()
        };
        let ascii = [("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")]
            .iter()
            .fold(lower.clone(), |name, (umlaut, ascii)| {
                name.replace(umlaut, ascii)
            });
        [word(&lower), word(&ascii)]
    }

    /// The compound with a word before it: "Kreis" and Migrationsbeirat are Kreismigrationsbeirat,
    /// with a hyphen Kreis-Migrationsbeirat.
    pub(crate) fn compound(&self, before: &str, hyphen: bool) -> Self {
        let join = |name: &String| {
            if hyphen {
                return format!("{before}-{name}");
            }
            let mut letters = name.chars();
            let first = letters.next().into_iter().flat_map(char::to_lowercase);
            before.chars().chain(first).chain(letters).collect()
        };
        self.renamed(join)
    }

    /// One of the same kind and grammar, each of its forms renamed.
    pub(crate) fn renamed(&self, rename: impl Fn(&String) -> String) -> Self {
        let form = |i: usize| self.kasus.get(i).map(&rename).unwrap_or_default();
        Self {
            rolle: self.rolle,
            name: rename(&self.name),
            genus: self.genus,
            kasus: std::array::from_fn(form),
            synonyms: Vec::new(),
        }
    }
}
