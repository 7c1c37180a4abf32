//! The letters of licence plates, as evidence where a municipality lies.
//!
//! They tell several of one name apart ("Neustadt (NEA)") or lead to a question
//! ("Kreis FÜ"); they never decide alone.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::words::Words;
use super::{Kommune, Register, Schluessel};

/// Letters, and the keys of the Kreise and cities that give them out (§ 9 FZV). Compiled by hand from
/// the public list of the letters in use; letters of former Kreise that came back are among them.
const TABLE: &str = include_str!("kennzeichen.csv");

/// Letters with the keys they stand for.
static KENNZEICHEN: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let rows = TABLE.lines().skip(1).filter_map(|row| row.split_once(','));
    rows.map(|(letters, keys)| (letters, keys.split('|').collect()))
        .collect()
});

/// Letters of a licence plate that stand in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kennzeichen {
    pub(crate) letters: &'static str,
    keys: &'static [&'static str],
}

impl Kennzeichen {
    /// The letters that are the word at `i`, written in capitals.
    pub(super) fn at(words: &Words<'_>, i: usize) -> Option<Self> {
        let source = words.source(i..i + 1);
        let upper = source.chars().all(char::is_uppercase);
        upper.then(|| Self::of(source))?
    }

    /// The letters of a text, however they are written.
    pub(super) fn of(text: &str) -> Option<Self> {
        let (letters, keys) = KENNZEICHEN.get_key_value(text.to_uppercase().as_str())?;
        Some(Self { letters, keys })
    }

    /// Whether a municipality is, or lies where, they are given out.
    pub(super) fn fits(self, kommune: &Kommune, register: &Register) -> bool {
        self.keys.iter().any(|&key| {
            let area = Schluessel::parse(key).and_then(|key| register.get(&key));
            kommune.schluessel.as_str() == key
                || area.is_some_and(|area| register.lies_in(kommune, area))
        })
    }

    /// Where they are given out.
    pub(super) fn areas(self, register: &Register) -> Vec<u32> {
        let keys = self.keys.iter().filter_map(|key| Schluessel::parse(key));
        keys.filter_map(|key| register.place_of(&key)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_kreise_of_the_register() {
        let register = Register::built_in();
        assert_eq!(KENNZEICHEN.len(), TABLE.lines().count() - 1);
        for (letters, keys) in KENNZEICHEN.iter() {
            assert!((1..=3).contains(&letters.chars().count()), "{letters}");
            assert!(letters.chars().all(char::is_uppercase), "{letters}");
            for key in keys {
                let known = Schluessel::parse(key).and_then(|key| register.get(&key));
                assert!(known.is_some(), "{letters} {key}");
            }
        }
    }

    #[test]
    fn every_kreis_and_city_has_letters_of_its_name() {
        for kommune in Register::built_in().kommunen() {
            let key = kommune.schluessel.as_str();
            let independent =
                kommune.art.is_kreis() || kommune.art == super::super::Art::KreisfreieStadt;
            let own = KENNZEICHEN.values().any(|keys| keys.contains(&key));
            assert!(own || !independent, "{}", kommune.name);
        }
    }
}
