//! What is different in a new register, and who took the place of whom.

use std::collections::HashMap;

use crate::kommune::words::fold;
use crate::kommune::write::suffix;
use crate::kommune::{Art, Kommune, Register, Schluessel};

/// Less than this share of the inhabitants may come and go by itself, in percent; a new
/// census moves more than a year does.
const NOISE: u64 = 4;
/// As much of those who are gone must be found again, in percent.
const FOUND: u64 = 80;

/// The differences between two registers; each list is ordered by key.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// keys that were not there before
    pub new: Vec<Kommune>,
    /// keys that are there no more
    pub gone: Vec<Gone>,
    /// the same name in the same state under another key: before, now
    pub rekeyed: Vec<(Kommune, Kommune)>,
    /// the same key, another name: before, now
    pub renamed: Vec<(Kommune, Kommune)>,
    /// the same key, another kind: before, now
    pub kinds: Vec<(Kommune, Kommune)>,
    /// how many have another addition to their name: "Hochschulstadt"
    pub additions: usize,
    /// how many have another number of inhabitants
    pub einwohner: usize,
    /// how many have another postal code
    pub plz: usize,
}

/// One that is gone.
#[derive(Debug, PartialEq, Eq)]
pub struct Gone {
    /// as it was
    pub kommune: Kommune,
    /// in whom it probably went up, as postal code and numbers of inhabitants tell
    pub successor: Option<Kommune>,
}

impl Changes {
    /// Compares the register in use with a new one.
    pub fn between(before: &Register, now: &Register) -> Self {
        let mut changes = Self::default();
        let (mut gone, mut new): (Vec<&Kommune>, Vec<&Kommune>) = (Vec::new(), Vec::new());
        new.extend(
            now.kommunen()
                .filter(|k| before.get(&k.schluessel).is_none()),
        );
        for old in before.kommunen() {
            match now.get(&old.schluessel) {
                Some(same) => changes.compare(old, same),
                None => gone.push(old),
            }
        }
        let rekeyed = rekeyed(&gone, &new);
        gone.retain(|old| !rekeyed.contains_key(&old.schluessel));
        let kreis_now = |old: &Kommune| {
            let kreis = old.kreis.clone()?;
            let moved = rekeyed.get(&kreis);
            Some(moved.map_or(kreis, |kreis| kreis.schluessel.clone()))
        };
        let gains = gains(before, now, &rekeyed);
        let mut lost: HashMap<Schluessel, u64> = HashMap::new();
        for (old, kreis) in gone.iter().filter_map(|old| Some((old, kreis_now(old)?))) {
            let einwohner = old.einwohner.filter(|_| old.art.is_gemeinde());
            *lost.entry(kreis).or_default() += u64::from(einwohner.unwrap_or_default());
        }
        let successor = |old: &Kommune| {
            let kreis = kreis_now(old)?;
            successor(old, &kreis, *lost.get(&kreis)?, &gains)
        };
        let gone = gone.into_iter().map(|old| Gone {
            kommune: old.clone(),
            successor: successor(old),
        });
        changes.gone = gone.collect();
        let pairs = before.kommunen().filter_map(|old| {
            let now = rekeyed.get(&old.schluessel)?;
            Some((old.clone(), (*now).clone()))
        });
        changes.rekeyed = pairs.collect();
        let is_rekeyed = |k: &&&Kommune| changes.rekeyed.iter().any(|(_, now)| now == **k);
        changes.new = new
            .iter()
            .filter(|k| !is_rekeyed(k))
            .map(|k| (*k).clone())
            .collect();
        changes
    }

    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn compare(&mut self, old: &Kommune, now: &Kommune) {
        if old.name != now.name {
            self.renamed.push((old.clone(), now.clone()));
        } else if suffix(&old.official_name) != suffix(&now.official_name) {
            self.additions += 1;
        }
        if old.art != now.art {
            self.kinds.push((old.clone(), now.clone()));
        }
        self.einwohner += usize::from(old.einwohner != now.einwohner);
        self.plz += usize::from(old.plz != now.plz);
    }
}

/// Who of those that are gone is there under another key: the one of the new that is of the
/// same name, level and state.
fn rekeyed<'a>(gone: &[&Kommune], new: &[&'a Kommune]) -> HashMap<Schluessel, &'a Kommune> {
    let is_same = |old: &Kommune, now: &Kommune| {
        let level = |art: Art| (art.is_kreis(), art.is_gemeinde());
        old.land == now.land
            && level(old.art) == level(now.art)
            && fold(&old.name) == fold(&now.name)
    };
    let pair = |old: &&Kommune| {
        let found = only(new.iter().filter(|now| is_same(old, now)))?;
        Some((old.schluessel.clone(), *found))
    };
    gone.iter().filter_map(pair).collect()
}

/// Gemeinden that grew by more than people move, and by how many.
type Gains<'a> = Vec<(&'a Kommune, u64)>;

fn gains<'a>(
    before: &Register,
    now: &'a Register,
    rekeyed: &HashMap<Schluessel, &Kommune>,
) -> Gains<'a> {
    let mut earlier: HashMap<&Schluessel, u32> = HashMap::new();
    for old in before.kommunen() {
        let key = rekeyed
            .get(&old.schluessel)
            .map_or(&old.schluessel, |now| &now.schluessel);
        earlier.insert(key, old.einwohner.unwrap_or_default());
    }
    let gain = |kommune: &'a Kommune| {
        let then = u64::from(
            earlier
                .get(&kommune.schluessel)
                .copied()
                .unwrap_or_default(),
        );
        let gain = u64::from(kommune.einwohner?).checked_sub(then)?;
        (gain * 100 > then * NOISE).then_some((kommune, gain))
    };
    now.kommunen()
        .filter(|k| k.art.is_gemeinde())
        .filter_map(gain)
        .collect()
}

/// In whom one that is gone went up: the only Gemeinde of its Kreis with its postal code that
/// gained as many, or else the only one that gained, if by all that are gone there.
fn successor(old: &Kommune, kreis: &Schluessel, lost: u64, gains: &Gains<'_>) -> Option<Kommune> {
    let own = u64::from(old.einwohner.filter(|_| old.art.is_gemeinde())?);
    let here = || {
        let here = |(kommune, _): &&(&Kommune, u64)| kommune.kreis.as_ref() == Some(kreis);
        gains.iter().filter(here)
    };
    let is_near = |(now, gain): &&(&Kommune, u64)| now.plz == old.plz && gain * 100 >= own * FOUND;
    let is_all = |(_, gain): &&(&Kommune, u64)| gain.abs_diff(lost) * 10 <= lost;
    let near = only(here().filter(is_near));
    let found = near.or_else(|| only(here()).filter(is_all))?;
    Some(found.0.clone())
}

/// The only one there is.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next();
    first.filter(|_| all.next().is_none())
}
