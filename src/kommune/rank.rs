//! Whom a bare name means if several bear it.

use std::cmp::Reverse;

use super::{Kommune, Register};

/// A name means the largest of its bearers if it has so many times the inhabitants of the next.
const BY_FAR: u32 = 10;

/// A Gemeinde of fewer inhabitants is not what most mean by a name that a Kreis has as well.
const TINY: u32 = 5_000;

impl Register {
    /// Whether it is a Gemeinde so small that a Kreis of nearly the same name may be meant.
    pub(crate) fn is_tiny(&self, kommune: u32) -> bool {
        let size = self.at(kommune).filter(|kommune| kommune.art.is_gemeinde());
        size.and_then(|kommune| kommune.einwohner)
            .is_some_and(|size| size < TINY)
    }

    /// The one that a bare name means: a Gemeinde before all others, then by far the largest.
    pub(crate) fn meant(&self, bearers: &[u32]) -> Option<u32> {
        self.by_far_the_largest(&self.of_best_level(bearers))
    }

    /// Those a bare name means: a Gemeinde before all others.
    pub(crate) fn of_best_level(&self, bearers: &[u32]) -> Vec<u32> {
        let gemeinden: Vec<u32> = bearers
            .iter()
            .copied()
            .filter(|&i| self.at(i).is_some_and(|kommune| kommune.art.is_gemeinde()))
            .collect();
        if gemeinden.is_empty() {
            bearers.to_vec()
        } else {
            gemeinden
        }
    }

    /// The one that is meant although others have the name: ten times as large as the next.
    pub(crate) fn by_far_the_largest(&self, bearers: &[u32]) -> Option<u32> {
        let size = |&b: &u32| self.at(b).and_then(|kommune| kommune.einwohner);
        let mut sizes: Vec<(u32, u32)> =
            bearers.iter().map(|b| (size(b).unwrap_or(0), *b)).collect();
        sizes.sort_unstable_by_key(|(size, _)| Reverse(*size));
        match sizes.as_slice() {
            [(_, one)] => Some(*one),
            [(first, one), (second, _), ..]
                if *first > 0 && *first >= second.saturating_mul(BY_FAR) =>
            {
                Some(*one)
            }
            _ => None,
        }
    }

    /// The order in which candidates are shown: Gemeinden first, then by size.
    pub(super) fn ordered(&self, bearers: &[u32]) -> Vec<&Kommune> {
        let mut kommunen: Vec<&Kommune> = bearers.iter().filter_map(|&i| self.at(i)).collect();
        kommunen.sort_by_key(|kommune| (!kommune.art.is_gemeinde(), Reverse(kommune.einwohner)));
        kommunen
    }
}
