//! The documents that a motion can become: each kind of municipality and body, with each
//! value of a field that changes what is written.

use std::collections::HashSet;

use super::fillings::{Filling, fillings};
use super::{FileName, Motion, Occasion, fill, values};
use crate::kommune::{Gremium, Kommune, Register, Rolle};
use crate::merge::Values;

/// What one document of a motion is made of.
#[derive(Debug, Clone)]
pub struct Variant<'r> {
    /// the municipality
    pub kommune: &'r Kommune,
    /// the body that moves
    pub beirat: &'r Gremium,
    pub(super) filling: Filling,
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
    let (fillings, is_product) = fillings(motion, occasion);
    let kinds: Vec<_> = typical(register).collect();
    let fit = kinds.len().saturating_mul(fillings.len()) <= most;
    let of_kind = |(number, (kommune, beirat)): (usize, &(&'r Kommune, &'r Gremium))| {
        let count = if fit || number == 0 {
            fillings.len()
        } else {
            1
        };
        let (kommune, beirat) = (*kommune, *beirat);
        let variant = move |filling: &Filling| Variant {
            kommune,
            beirat,
            filling: filling.clone(),
        };
        fillings.iter().take(count).map(variant)
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
            filling: Filling::usual(motion, occasion),
        }
    }

    /// What its document is filled with.
    pub fn values(&self, motion: &Motion, register: &Register, occasion: &Occasion) -> Values {
        let rat = register.rat_of(self.kommune);
        let mut values = values(register, self.kommune, self.beirat, rat, occasion);
        fill(&mut values, &motion.offer.felder, &self.filling.werte);
        values
    }

    /// A file name that tells it from the others.
    pub fn file_name(&self) -> String {
        let words: String = self
            .filling
            .words
            .iter()
            .map(|word| format!("_{word}"))
            .collect();
        let words = words.replace(['{', '}'], "");
        FileName::compile(&format!("{{art}}-{{name}}_{{beirat}}{words}"))
            .map(|pattern| pattern.fill(self.kommune, &self.beirat.name, ""))
            .unwrap_or_default()
    }
}
