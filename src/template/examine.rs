//! Examining a motion: sample documents of every kind.

use std::collections::HashSet;

use super::{Motion, Occasion, fill, values};
use crate::german::in_germany;
use crate::kommune::{Gremium, Kommune, Register, Rolle};
use crate::merge::{Fault, Values};

/// What an examination found.
#[derive(Debug)]
pub struct Examination {
    /// how many sample documents were merged
    pub samples: usize,
    /// what went wrong with the others
    pub faults: Vec<Fault>,
    /// what its author should know though it is sound
    pub notes: Vec<Fault>,
}

/// Merges a sample of each kind.
pub fn examine(motion: &Motion, register: &Register, occasion: &Occasion) -> Examination {
    let mut found = Examination {
        samples: 0,
        faults: Vec::new(),
        notes: [motion.notes.as_slice(), motion.document.notes()].concat(),
    };
    for (kommune, beirat) in samples(register) {
        let values = sample(motion, kommune, beirat, register, occasion);
        match motion.document.merge(&values) {
            Ok(_) => found.samples += 1,
            Err(error) => found.faults.push(Fault::new(
                error.place,
                format!("{} ({}, {})", error.problem, kommune.title(), beirat.name),
            )),
        }
    }
    found
}

/// The values of a sample; further fields have their default or something that fits.
pub fn sample(
    motion: &Motion,
    kommune: &Kommune,
    beirat: &Gremium,
    register: &Register,
    occasion: &Occasion,
) -> Values {
    let rat = register.rat_of(kommune);
    let felder = &motion.offer.felder;
    let today = in_germany(occasion.now).date();
    let werte = felder
        .iter()
        .map(|feld| (feld.name.clone(), feld.sample(today)));
    let mut values = values(register, kommune, beirat, rat, occasion);
    fill(&mut values, felder, &werte.collect());
    values
}

/// The first municipality of each kind, with a body of each gender.
pub fn samples(register: &Register) -> impl Iterator<Item = (&Kommune, &Gremium)> {
    let mut kinds = HashSet::new();
    let mut genders = HashSet::new();
    let beiraete: Vec<_> = register
        .gremien()
        .iter()
        .filter(|gremium| gremium.rolle == Rolle::Beirat && genders.insert(gremium.genus))
        .collect();
    register
        .kommunen()
        .filter(move |kommune| kinds.insert(kommune.art))
        .flat_map(move |kommune| {
            beiraete
                .clone()
                .into_iter()
                .map(move |beirat| (kommune, beirat))
        })
}
