//! The ways to fill a motion's further fields that change what is written.

use super::{Feld, FeldArt, Motion, Need, Occasion, Wert, Werte};
use crate::german::in_germany;

/// Beyond so many combinations of values each field is varied by itself.
const MAX_PRODUCT: usize = 16;

/// The most ways that are given; a motion has few fields with options.
pub(super) const MAX_FILLINGS: usize = 64;

/// Values of all fields.
#[derive(Debug, Clone)]
pub(super) struct Filling {
    pub(super) werte: Werte,
    /// what is said of the fields that vary: "mündlich", "ohne Anlass"
    pub(super) words: Vec<String>,
}

impl Filling {
    /// Each field with its default or something that fits.
    pub(super) fn usual(motion: &Motion, occasion: &Occasion) -> Self {
        let today = in_germany(occasion.now).date();
        let felder = motion.offer.felder.iter();
        let werte = felder.map(|feld| (feld.name.clone(), feld.sample(today)));
        Self {
            werte: werte.collect(),
            words: Vec::new(),
        }
    }

    /// The same with this value of a field.
    fn with(&self, feld: &Feld, wert: Option<&Wert>) -> Self {
        let Self {
            mut werte,
            mut words,
        } = self.clone();
        words.push(match (wert, &feld.art) {
            (None, _) => format!("ohne {}", feld.title),
            (Some(wert), FeldArt::Choice(_)) => wert.to_string(),
            (Some(_), _) => format!("mit {}", feld.title),
        });
        match wert {
            Some(wert) => werte.insert(feld.name.clone(), wert.clone()),
            None => werte.remove(&feld.name),
        };
        Self { werte, words }
    }
}

/// The fillings, the usual one first, and whether they are all: each option of the choices,
/// and the optional fields both filled and empty. Of too many, each field by itself and all
/// optional ones empty. Fields that the document does not name have one value.
pub(super) fn fillings(motion: &Motion, occasion: &Occasion) -> (Vec<Filling>, bool) {
    let usual = Filling::usual(motion, occasion);
    let used = motion.document.fields();
    let felder = motion.offer.felder.iter();
    let varied: Vec<(&Feld, Vec<Option<Wert>>)> = felder
        .filter(|feld| used.contains(&feld.name))
        .map(|feld| (feld, alternatives(feld, usual.werte.get(&feld.name))))
        .filter(|(_, alternatives)| alternatives.len() > 1)
        .collect();
    let product = varied
        .iter()
        .fold(1_usize, |all, (_, some)| all.saturating_mul(some.len()));
    if product > MAX_PRODUCT {
        return (one_by_one(usual, &varied), false);
    }
    let each = |fillings: Vec<Filling>, (feld, alternatives): &(&Feld, Vec<Option<Wert>>)| {
        let all = |filling: &Filling| {
            let one = |wert: &Option<Wert>| filling.with(feld, wert.as_ref());
            alternatives.iter().map(one).collect::<Vec<_>>()
        };
        fillings.iter().flat_map(all).collect()
    };
    (varied.iter().fold(vec![usual], each), true)
}

fn one_by_one(usual: Filling, varied: &[(&Feld, Vec<Option<Wert>>)]) -> Vec<Filling> {
    let others = varied.iter().flat_map(|(feld, alternatives)| {
        let others = alternatives.iter().skip(1);
        others.map(|wert| usual.with(feld, wert.as_ref()))
    });
    let optional: Vec<_> = varied
        .iter()
        .filter(|(_, alternatives)| alternatives.contains(&None))
        .collect();
    let without = |filling: Filling, (feld, _): &&(&Feld, _)| filling.with(feld, None);
    let bare = (optional.len() > 1).then(|| optional.iter().fold(usual.clone(), without));
    let all = std::iter::once(usual.clone()).chain(bare).chain(others);
    all.take(MAX_FILLINGS).collect()
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
