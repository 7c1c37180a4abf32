//! Names that are written wrong, and letters of licence plates in a name's stead.

use super::Register;
use super::kennzeichen::Kennzeichen;
use super::kind::Kind;
use super::names::{Bond, Entry};
use super::near::{self, Near};
use super::spot::{Bearing, Head, Spot};
use super::words::Words;

/// A name in which letters are wrong.
#[derive(Debug, Clone)]
pub(crate) struct Guess {
    pub(crate) spot: Spot,
    /// only one name is near, and too long for chance
    pub(crate) sure: bool,
    /// but one letter is wrong, or what stands beside it tells whose it is
    pub(crate) firm: bool,
}

impl Register {
    /// A misspelt name that begins at `head.name` and is at most at `reach` at its end.
    pub(crate) fn near_spot(&self, words: &Words<'_>, head: &Head, reach: usize) -> Option<Guess> {
        let ends = (head.name + 1..=reach).rev();
        let found = ends
            .into_iter()
            .find_map(|end| self.near_spot_to(words, head, end));
        found.or_else(|| {
            Some(Guess {
                spot: self.lettered_at(words, head)?,
                sure: false,
                firm: false,
            })
        })
    }

    /// As [`Self::near_spot`], for a name that ends before the word `end`.
    fn near_spot_to(&self, words: &Words<'_>, head: &Head, end: usize) -> Option<Guess> {
        let kind = head.kind.map(|(kind, _)| kind);
        let folded = words.joined(head.name..end);
        let near = self.names.near(folded, bound_with(kind, folded));
        let (entries, one) = self.entries_of(&near, kind)?;
        let bound_now = |entry: &&&Entry| entry.bond < Bond::Former && entry.bond != Bond::Stem;
        let written = bearers_of(entries.iter().filter(bound_now));
        let mut spot = self.grown(words, head, end, entries);
        // a letter is wrong: the dots may be as well
        if !spot.told && spot.bond == Bearing::Now && !written.is_empty() {
            spot.bearers = written;
        }
        let told = spot.told && spot.bearers.len() == 1;
        let one = one && near::is_sure(folded, near.distance);
        Some(Guess {
            sure: (one || told) && !spot.is_doubtful(),
            firm: told || near.distance <= 1,
            spot,
        })
    }

    /// Who bears these names and fits the kind; whether all are names of the same.
    fn entries_of(&self, near: &Near<'_>, kind: Option<Kind>) -> Option<(Vec<&Entry>, bool)> {
        let fits = |entry: &&Entry| {
            let kommune = self.at(entry.kommune);
            entry.bond != Bond::Shortened
                && kommune.is_some_and(|k| kind.is_none_or(|kind| kind.fits(k.art)))
        };
        let of_base =
            |base: &&str| -> Vec<&Entry> { self.names.bearers(base).iter().filter(fits).collect() };
        let mut each = near.bases.iter().map(of_base).filter(|all| !all.is_empty());
        let mut entries = each.next()?;
        let first = bearers_of(entries.iter());
        let mut one = true;
        for others in each {
            one &= bearers_of(others.iter()) == first;
            entries.extend(others);
        }
        Some((entries, one))
    }

    /// "LK OF", "Kreis FÜ", "MTK": letters of a licence plate in a name's stead.
    pub(super) fn lettered_at(&self, words: &Words<'_>, head: &Head) -> Option<Spot> {
        let letters = Kennzeichen::at(words, head.name)?;
        let kind = head.kind.map(|(kind, _)| kind);
        // "Stadt A" is an example, "MTK" is none
        let said = match kind {
            None => letters.letters.chars().count() > 1,
            Some(kind) => kind == Kind::Kreis,
        };
        if !said {
            return None;
        }
        let fits = |i: &u32| {
            let kommune = self.at(*i);
            kommune.is_some_and(|k| kind.is_none_or(|kind| kind.fits(k.art)))
        };
        let mut bearers = letters.areas(self);
        bearers.retain(fits);
        let end = head.name + 1;
        (!bearers.is_empty()).then_some(Spot {
            words: head.start..end,
            name: head.name..end,
            base_end: end,
            kind: head.kind,
            bearers,
            bond: Bearing::Kennzeichen,
            told: false,
            alone: false,
            conflict: false,
            misspelt: false,
            kennzeichen: Some(letters),
        })
    }
}

fn bearers_of<'e>(entries: impl Iterator<Item = &'e &'e Entry>) -> Vec<u32> {
    let mut bearers: Vec<u32> = entries.map(|entry| entry.kommune).collect();
    bearers.sort_unstable();
    bearers.dedup();
    bearers
}

/// How many letters may be wrong; one more where a kind word makes the names few.
fn bound_with(kind: Option<Kind>, folded: &str) -> usize {
    let bound = near::bound_of(folded);
    match kind {
        Some(Kind::Kreis) if bound > 0 && folded.len() > 4 => bound + 1,
        _ => bound,
    }
}
