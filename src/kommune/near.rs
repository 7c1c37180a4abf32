//! Names that few letters tell from a spelling.

use std::cmp::Ordering;
use std::sync::Arc;

use strsim::osa_distance;

/// What was done wrong on the way from a name to its spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    /// two neighbouring letters stand the other way round
    Swapped,
    /// a letter is missing
    Missing,
    /// there is a letter too many
    Extra,
    /// a letter is another
    Other,
    /// so many letters are wrong, in whatever way
    Several(usize),
}

/// The names nearest to a spelling.
#[derive(Debug, Default)]
pub(super) struct Near<'n> {
    pub(super) bases: Vec<&'n str>,
    pub(super) distance: usize,
}

/// All names by their length, with their letters: a look-up compares a few dozen of them.
#[derive(Debug, Default)]
pub(super) struct Neighbours(Vec<(u32, Arc<str>)>);

impl Neighbours {
    pub(super) fn of<'n>(bases: impl Iterator<Item = &'n Arc<str>>) -> Self {
        let mut all: Vec<(u32, Arc<str>)> = bases
            .filter(|base| base.len() > 2)
            .map(|base| (letters_of(base), Arc::clone(base)))
            .collect();
        all.sort_unstable_by(|(_, a), (_, b)| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        Self(all)
    }

    /// The nearest within the bound; of the nearest all.
    pub(super) fn nearest(&self, folded: &str, bound: usize) -> Near<'_> {
        let letters = letters_of(folded);
        let mut near = Near {
            bases: Vec::new(),
            distance: bound,
        };
        if bound == 0 {
            return near;
        }
        let shortest = folded.len().saturating_sub(bound);
        let first = self.0.partition_point(|(_, base)| base.len() < shortest);
        let of_length = |(_, base): &&(u32, Arc<str>)| base.len() <= folded.len() + bound;
        for (of_base, base) in self.0.iter().skip(first).take_while(of_length) {
            if (of_base ^ letters).count_ones() as usize > 2 * near.distance {
                continue;
            }
            let distance = osa_distance(base, folded);
            match distance.cmp(&near.distance) {
                Ordering::Less => {
                    near = Near {
                        bases: vec![base],
                        distance,
                    }
                }
                Ordering::Equal => near.bases.push(base),
                Ordering::Greater => {}
            }
        }
        near
    }
}

/// How many letters may be wrong: the longer a name, the more.
pub(super) fn bound_of(folded: &str) -> usize {
    match folded.chars().count() {
        0..=3 => 0,
        4..=8 => 1,
        9..=15 => 2,
        16..=80 => 3,
        _ => 0,
    }
}

/// Whether so few letters are wrong in a name so long that chance does not make it near.
pub(super) fn is_sure(folded: &str, distance: usize) -> bool {
    match folded.chars().count() {
        0..=5 => false,
        6..=10 => distance <= 1,
        _ => distance <= 2,
    }
}

/// Whether two folded names are within the bound, and not the same.
pub(super) fn is_near(a: &str, b: &str, bound: usize) -> bool {
    a.len().abs_diff(b.len()) <= bound
        && (letters_of(a) ^ letters_of(b)).count_ones() as usize <= 2 * bound
        && (1..=bound).contains(&osa_distance(a, b))
}

/// What leads from the name to the spelling, both folded.
pub(super) fn slip(name: &str, spelling: &str) -> Slip {
    let distance = osa_distance(name, spelling);
    let (long, short) = (name.chars().count(), spelling.chars().count());
    match (distance, long.cmp(&short)) {
        (0 | 1, Ordering::Greater) => Slip::Missing,
        (0 | 1, Ordering::Less) => Slip::Extra,
        (0 | 1, Ordering::Equal) => {
            let wrong = name.chars().zip(spelling.chars());
            match wrong.filter(|(a, b)| a != b).count() {
                2 => Slip::Swapped,
                _ => Slip::Other,
            }
        }
        (several, _) => Slip::Several(several),
    }
}

/// One bit a letter that occurs.
pub(super) fn letters_of(word: &str) -> u32 {
    word.bytes()
        .filter(u8::is_ascii_lowercase)
        .fold(0, |letters, byte| letters | 1 << (byte - b'a'))
}
