//! Names that are written wrong, and letters of licence plates in a name's stead.

use super::Register;
use super::kennzeichen::Kennzeichen;
use super::kind::Kind;
use super::names::{Bond, Entry};
use super::near::{self, Near};
use super::spot::{Bearing, Head, Spot};
use super::words::{Gap, Words};

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
        let fronts = self.in_front(folded, kind);
        let (mut entries, one) = match self.entries_of(&near, kind) {
            Some(found) => found,
            None if fronts.is_empty() => return None,
            None => (Vec::new(), false),
        };
        // the front part of a name is no farther off than a typing error
        let one = one && fronts.is_empty();
        entries.extend(fronts.iter().copied());
        let bound_now = |entry: &&&Entry| entry.bond < Bond::Former && entry.bond != Bond::Stem;
        let written = bearers_of(entries.iter().filter(bound_now));
        let mut spot = self.grown(words, head, end, entries);
        // a letter is wrong: the dots may be as well
        if !spot.told && spot.bond == Bearing::Now && !written.is_empty() {
            spot.bearers = written;
        }
        let told = spot.told && spot.bearers.len() == 1 && fronts.is_empty();
        let one = one && near::is_sure(folded, near.distance);
        Some(Guess {
            sure: (one || told) && !spot.is_doubtful(),
            firm: told || near.distance <= 1 && fronts.is_empty(),
            spot,
        })
    }

    /// Those of the kind whose name begins so.
    fn in_front(&self, folded: &str, kind: Option<Kind>) -> Vec<&Entry> {
        let fits = |entry: &&Entry| {
            let kommune = self.at(entry.kommune);
            kommune.is_some_and(|k| kind.is_none_or(|kind| kind.fits(k.art)))
        };
        self.names.in_front(folded).iter().filter(fits).collect()
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
        self.lettered(head, head.name + 1, letters)
    }

    /// "EN-Kreis", "Gm-Kreis": letters of a licence plate in the stead of a Kreis's name.
    pub(super) fn lettered_kreis_at(&self, words: &Words<'_>, i: usize) -> Option<Spot> {
        let hyphened = words.gap(i + 1) == Gap::HYPHEN && words.is_capital(i);
        let is_kreis = matches!(words.word(i + 1), "kreis" | "kreises");
        let letters = Kennzeichen::of(words.source(i..i + 1)).filter(|_| hyphened && is_kreis)?;
        self.lettered(&Head::of(i, i, Some(Kind::Kreis)), i + 2, letters)
    }

    fn lettered(&self, head: &Head, end: usize, letters: Kennzeichen) -> Option<Spot> {
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
