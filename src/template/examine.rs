//! Examining a motion: sample documents of every kind.

use std::collections::{BTreeMap, HashSet};

use super::fillings::{Filling, MAX_FILLINGS, fillings};
use super::{Feld, Motion, Occasion, Variant};
use crate::kommune::{Gremium, Kommune, Register, Rolle};
use crate::merge::Fault;

/// What an examination found.
#[derive(Debug, Default)]
pub struct Examination {
    /// how many sample documents were merged
    pub samples: usize,
    /// what is wrong, each fault once
    pub faults: Vec<Fault>,
    /// what its author should know though it is sound
    pub notes: Vec<Fault>,
}

/// Merges a sample of each kind: every kind of municipality with each council that decides
/// there, and with every body; and each way to fill the further fields.
pub fn examine(motion: &Motion, register: &Register, occasion: &Occasion) -> Examination {
    let mut found = Found::default();
    let mut merge = |kommune: &Kommune, beirat: &Gremium, filling: &Filling| {
        let variant = Variant {
            kommune,
            beirat,
            filling: filling.clone(),
        };
        let values = variant.values(motion, register, occasion);
        found.samples += 1;
        if let Err(error) = motion.document.merge(&values) {
            let example = [
                vec![kommune.title(), beirat.name.clone()],
                filling.words.clone(),
            ];
            let example = example.concat().join(", ");
            let fault = Fault::new(error.place, error.problem);
            found.note(fault, example);
        }
    };
    let (fillings, _) = fillings(motion, occasion);
    let (usual, others) = fillings.split_at(1);
    for (kommune, beirat) in samples(register) {
        usual.iter().for_each(|it| merge(kommune, beirat, it));
    }
    if let Some(beirat) = beiraete(register).next() {
        for kommune in kommunen(register) {
            others.iter().for_each(|it| merge(kommune, beirat, it));
        }
    }
    found.examination([motion.notes.as_slice(), motion.document.notes()].concat())
}

/// The most documents that are merged to examine a motion that has these fields.
pub(super) fn most_samples(felder: &[Feld], register: &Register) -> usize {
    let fillings = if felder.is_empty() { 0 } else { MAX_FILLINGS };
    samples(register).count() + fillings * kommunen(register).count()
}

/// What failed, in the order it was first met.
#[derive(Debug, Default)]
struct Found {
    samples: usize,
    failed: usize,
    /// each fault, how many samples had it, and the first of them
    faults: Vec<(Fault, usize, String)>,
    /// where they are
    known: BTreeMap<String, usize>,
}

impl Found {
    fn note(&mut self, fault: Fault, example: String) {
        self.failed += 1;
        let next = self.faults.len();
        let number = *self.known.entry(fault.to_string()).or_insert(next);
        match self.faults.get_mut(number) {
            Some((_, count, _)) => *count += 1,
            None => self.faults.push((fault, 1, example)),
        }
    }

    fn examination(self, notes: Vec<Fault>) -> Examination {
        let all = self.samples;
        let told = |(fault, count, example): (Fault, usize, String)| {
            let problem = match count == all {
                true => format!("{} (in allen Probedokumenten)", fault.problem),
                false => format!(
                    "{} (in {count} von {all} Probedokumenten, so für {example})",
                    fault.problem
                ),
            };
            Fault::new(fault.place, problem)
        };
        let mut faults: Vec<Fault> = self.faults.into_iter().map(told).collect();
        let paragraph = |it: &Fault| {
            let anchor = it.place.anchor.as_ref()?;
            Some((anchor.part.clone(), anchor.paragraph))
        };
        faults.sort_by_key(paragraph);
        Examination {
            samples: all - self.failed,
            faults,
            notes,
        }
    }
}

/// Every kind of municipality, for each council that decides in one of this kind the first
/// that has it; each with every body.
fn samples(register: &Register) -> impl Iterator<Item = (&Kommune, &Gremium)> {
    kommunen(register)
        .flat_map(move |kommune| beiraete(register).map(move |beirat| (kommune, beirat)))
}

fn kommunen(register: &Register) -> impl Iterator<Item = &Kommune> {
    let mut kinds = HashSet::new();
    register.kommunen().filter(move |kommune| {
        let rat = register.rat_of(kommune);
        kinds.insert((kommune.art, rat.name.as_str()))
    })
}

fn beiraete(register: &Register) -> impl Iterator<Item = &Gremium> {
    let gremien = register.gremien().iter();
    gremien.filter(|gremium| gremium.rolle == Rolle::Beirat)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every body's name with every kind of municipality, and every council a kind has.
    #[test]
    fn samples_are_of_every_kind() {
        let register = Register::built_in();
        let council = |kommune: &Kommune| {
            let rat = register.rat_of(kommune);
            (format!("{:?}", kommune.art), rat.name.clone())
        };
        let all: BTreeSet<_> = register.kommunen().map(council).collect();
        let sampled: BTreeSet<_> = samples(register).map(|(it, _)| council(it)).collect();
        assert_eq!(sampled, all);
        let bodies = beiraete(register).count();
        assert!(bodies > 20, "{bodies}");
        let pairs: BTreeSet<_> = samples(register)
            .map(|(kommune, beirat)| (council(kommune), beirat.name.clone()))
            .collect();
        assert_eq!(pairs.len(), all.len() * bodies);
        assert_eq!(samples(register).count(), pairs.len());
    }
}
