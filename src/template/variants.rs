//! The documents that a motion can become: each kind of municipality and body, with each
//! value of a field that changes what is written.

use std::collections::HashSet;

use super::{Feld, FeldArt, FileName, Motion, Need, Occasion, Wert, Werte, fill, values};
use crate::german::in_germany;
use crate::kommune::{Gremium, Kommune, Register, Rolle};
use crate::merge::Values;

/// Beyond so many combinations of values each field is varied by itself.
const MAX_PRODUCT: usize = 16;

/// What one document of a motion is made of.
#[derive(Debug, Clone)]
pub struct Variant<'r> {
    /// the municipality
    pub kommune: &'r Kommune,
    /// the body that moves
    pub beirat: &'r Gremium,
    werte: Werte,
    /// what is said of the fields that vary: "mündlich", "ohne Anlass"
    words: Vec<String>,
}

/// Those whose documents differ in grammar and law: the first municipality of each kind with
/// a council of each gender, with the first body of each gender.
pub fn typical(register: &Register) -> impl Iterator<Item = (&Kommune, &Gremium)> {
    let mut genders = HashSet::new();
    let gremien = register.gremien().iter();
    let beiraete: Vec<_> = gremien
        .filter(|gremium| gremium.rolle == Rolle::Beirat && genders.insert(gremium.genus))
        .collect();
    let mut kinds = HashSet::new();
    register
        .kommunen()
        .filter(move |kommune| kinds.insert((kommune.art, register.rat_of(kommune).genus)))
        .flat_map(move |kommune| {
            let beiraete = beiraete.clone().into_iter();
            beiraete.map(move |beirat| (kommune, beirat))
        })
}

/// The variants of a motion, and whether they are all: the [`typical`] ones with each option
/// of its choices, and with its optional fields both filled and empty. Fields that the
/// document does not name have one value.
///
/// If that were more than `most`, only the first municipality has all values.
pub fn variants<'r>(
    motion: &Motion,
    register: &'r Register,
    occasion: &Occasion,
    most: usize,
) -> (Vec<Variant<'r>>, bool) {
    let (choices, is_product) = choices(motion, occasion);
    let kinds: Vec<_> = typical(register).collect();
    let fit = kinds.len().saturating_mul(choices.len()) <= most;
    let of_kind = |(number, (kommune, beirat)): (usize, &(&'r Kommune, &'r Gremium))| {
        let count = if fit || number == 0 { choices.len() } else { 1 };
        let (kommune, beirat) = (*kommune, *beirat);
        let variant = move |(werte, words): &Choice| Variant {
            kommune,
            beirat,
            werte: werte.clone(),
            words: words.clone(),
        };
        choices.iter().take(count).map(variant)
    };
    let variants = kinds.iter().enumerate().flat_map(of_kind);
    (variants.take(most).collect(), fit && is_product)
}

impl<'r> Variant<'r> {
    /// That of a municipality and a body, with samples for all fields.
    pub fn of(
        motion: &Motion,
        kommune: &'r Kommune,
        beirat: &'r Gremium,
        occasion: &Occasion,
    ) -> Self {
        Self {
            kommune,
            beirat,
            werte: all_filled(motion, occasion),
            words: Vec::new(),
        }
    }

    /// What its document is filled with.
    pub fn values(&self, motion: &Motion, register: &Register, occasion: &Occasion) -> Values {
        let rat = register.rat_of(self.kommune);
        let mut values = values(register, self.kommune, self.beirat, rat, occasion);
        fill(&mut values, &motion.offer.felder, &self.werte);
        values
    }

    /// A file name that tells it from the others.
    pub fn file_name(&self) -> String {
        let words: String = self.words.iter().map(|word| format!("_{word}")).collect();
        let words = words.replace(['{', '}'], "");
        FileName::compile(&format!("{{art}}-{{name}}_{{beirat}}{words}"))
            .map(|pattern| pattern.fill(self.kommune, &self.beirat.name, ""))
            .unwrap_or_default()
    }
}

/// Values of all fields, and words for those that vary.
type Choice = (Werte, Vec<String>);

/// Each value of the fields that vary with each of the others, which is told; if these are
/// too many, with the first of the others.
fn choices(motion: &Motion, occasion: &Occasion) -> (Vec<Choice>, bool) {
    let filled = all_filled(motion, occasion);
    let used = motion.document.fields();
    let felder = motion.offer.felder.iter();
    let varied: Vec<(&Feld, Vec<Option<Wert>>)> = felder
        .filter(|feld| used.contains(&feld.name))
        .map(|feld| (feld, alternatives(feld, filled.get(&feld.name))))
        .filter(|(_, alternatives)| alternatives.len() > 1)
        .collect();
    let product = varied
        .iter()
        .fold(1_usize, |all, (_, some)| all.saturating_mul(some.len()));
    let first = (filled, Vec::new());
    if product > MAX_PRODUCT {
        let others = varied.iter().flat_map(|(feld, alternatives)| {
            let others = alternatives.iter().skip(1);
            others.map(|wert| with(&first, feld, wert.as_ref()))
        });
        return (
            std::iter::once(first.clone()).chain(others).collect(),
            false,
        );
    }
    let each = |choices: Vec<Choice>, (feld, alternatives): &(&Feld, Vec<Option<Wert>>)| {
        let all = |choice: &Choice| {
            let one = |wert: &Option<Wert>| with(choice, feld, wert.as_ref());
            alternatives.iter().map(one).collect::<Vec<_>>()
        };
        choices.iter().flat_map(all).collect()
    };
    (varied.iter().fold(vec![first], each), true)
}

/// The same with this value of a field.
fn with(choice: &Choice, feld: &Feld, wert: Option<&Wert>) -> Choice {
    let (mut werte, mut words) = choice.clone();
    words.push(match (wert, &feld.art) {
        (None, _) => format!("ohne {}", feld.title),
        (Some(wert), FeldArt::Choice(_)) => wert.to_string(),
        (Some(_), _) => format!("mit {}", feld.title),
    });
    match wert {
        Some(wert) => werte.insert(feld.name.clone(), wert.clone()),
        None => werte.remove(&feld.name),
    };
    (werte, words)
}

/// The values of a field that may change what is written beside it.
fn alternatives(feld: &Feld, filled: Option<&Wert>) -> Vec<Option<Wert>> {
    let mut alternatives: Vec<Option<Wert>> = match &feld.art {
        FeldArt::Choice(_) => feld.options().into_iter().map(Some).collect(),
        _ => vec![filled.cloned()],
    };
    if feld.need == Need::Optional {
        alternatives.push(None);
    }
    alternatives
}

fn all_filled(motion: &Motion, occasion: &Occasion) -> Werte {
    let today = in_germany(occasion.now).date();
    let felder = motion.offer.felder.iter();
    felder
        .map(|feld| (feld.name.clone(), feld.sample(today)))
        .collect()
}
