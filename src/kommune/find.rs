//! Look-up of a name as people write it.

use std::cmp::Reverse;

use strsim::osa_distance;

use super::kind::Kind;
use super::spot::{Bearing, Spot};
use super::words::{Words, fold};
use super::{Candidate, Kommune, Nearness, Register};

/// Names that few letters tell from a spelling.
#[derive(Debug, Default)]
pub(crate) struct Similar {
    /// who bears them, ordered by the register
    pub(crate) bearers: Vec<u32>,
    /// whether it is one name (with or without its dots), long enough that chance does not make it near
    pub(crate) sure: bool,
}

/// Shorter names have too many neighbours to be taken for meant.
const SURE_LENGTH: usize = 6;

impl Register {
    pub(super) fn candidates(&self, spelling: &str) -> Vec<Candidate<'_>> {
        let words = Words::of(spelling);
        let mut exact = self.officially(spelling);
        if let Some(spot) = self.whole_spot(&words) {
            let nearness = match spot.bond {
                _ if spot.conflict => Nearness::Similar,
                Bearing::Now | Bearing::Partly => Nearness::Exact,
                Bearing::Formerly => Nearness::Former,
            };
            if nearness != Nearness::Exact {
                return self.ordered(&spot.bearers, nearness);
            }
            exact.extend(spot.bearers);
        }
        if !exact.is_empty() {
            exact.sort_unstable();
            exact.dedup();
            return self.ordered(&exact, Nearness::Exact);
        }
        let kind = Kind::of(words.word(0)).filter(|_| words.len() > 1);
        let name = words.joined(usize::from(kind.is_some())..words.len());
        let similar = self.similar(name, kind.map(|(kind, _)| kind));
        self.ordered(&similar.bearers, Nearness::Similar)
    }

    /// The place that is all of the words.
    pub(crate) fn whole_spot(&self, words: &Words<'_>) -> Option<Spot> {
        self.spot_at(words, 0)
            .filter(|spot| spot.words.end == words.len())
    }

    /// Those whose official name this is ("Fürth, GKSt").
    fn officially(&self, spelling: &str) -> Vec<u32> {
        let Some((name, _)) = spelling.split_once(',') else {
            return Vec::new();
        };
        let folded = fold(spelling);
        let words = Words::of(name);
        let bearers = self.whole_spot(&words).map(|spot| spot.bearers);
        let mut official = bearers.unwrap_or_default();
        official.retain(|&i| self.at(i).is_some_and(|k| fold(&k.official_name) == folded));
        official
    }

    /// The names next to a folded spelling; none nearer than the others are left out.
    pub(crate) fn similar(&self, folded: &str, kind: Option<Kind>) -> Similar {
        let length = folded.chars().count();
        let bound = match length {
            0..=3 => return Similar::default(),
            4..=10 => 1,
            _ => 2,
        };
        let letters = letters_of(folded);
        let mut nearest = bound;
        let mut names: Vec<&str> = Vec::new();
        for base in self.names.bases() {
            let far = base.len().abs_diff(folded.len()) > nearest
                || (letters_of(base) ^ letters).count_ones() as usize > 2 * nearest;
            if far {
                continue;
            }
            match osa_distance(base, folded) {
                distance if distance < nearest => {
                    nearest = distance;
                    names = vec![base];
                }
                distance if distance == nearest => names.push(base),
                _ => {}
            }
        }
        let mut bearers: Vec<u32> = names
            .iter()
            .flat_map(|base| self.names.bearers(base))
            .map(|entry| entry.kommune)
            .filter(|&i| {
                self.at(i)
                    .is_some_and(|k| kind.is_none_or(|kind| kind.fits(k.art)))
            })
            .collect();
        bearers.sort_unstable();
        bearers.dedup();
        let whose = |base: &str| -> Vec<u32> {
            let entries = self.names.bearers(base);
            entries.iter().map(|entry| entry.kommune).collect()
        };
        let one = names.windows(2).all(|pair| match pair {
            [a, b] => whose(a) == whose(b),
            _ => true,
        });
        Similar {
            sure: one && !bearers.is_empty() && length >= SURE_LENGTH,
            bearers,
        }
    }

    fn ordered(&self, bearers: &[u32], nearness: Nearness) -> Vec<Candidate<'_>> {
        let mut kommunen: Vec<&Kommune> = bearers.iter().filter_map(|&i| self.at(i)).collect();
        kommunen.sort_by_key(|kommune| (!kommune.art.is_gemeinde(), Reverse(kommune.einwohner)));
        kommunen
            .into_iter()
            .map(|kommune| Candidate { kommune, nearness })
            .collect()
    }
}

/// One bit a letter that occurs.
pub(super) fn letters_of(word: &str) -> u32 {
    word.bytes()
        .filter(u8::is_ascii_lowercase)
        .fold(0, |letters, byte| letters | 1 << (byte - b'a'))
}
