//! Places in a text: a name with the kind word, postal code, addition and qualifiers beside it.

use std::ops::Range;

use super::addition::{self, APART};
use super::kennzeichen::Kennzeichen;
use super::kind::{self, Kind};
use super::names::{Bond, Entry};
use super::near;
use super::qualifier::Qualifier;
use super::words::{Case, Gap, Words};
use super::{Kommune, Register};

/// A name in a text and whom it may mean.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    /// all that belongs to it: postal code, kind word, name, qualifiers
    pub(crate) words: Range<usize>,
    /// the name with its addition
    pub(crate) name: Range<usize>,
    /// where the addition begins
    pub(crate) base_end: usize,
    /// the kind word, and whether it is a plural
    pub(crate) kind: Option<(Kind, bool)>,
    /// whom it may mean, of all levels unless a word tells
    pub(crate) bearers: Vec<u32>,
    /// how they bear the name
    pub(crate) bond: Bearing,
    /// an addition, a postal code or a qualifier tells it apart
    pub(crate) told: bool,
    /// no other municipality has this name, with whatever addition
    pub(crate) alone: bool,
    /// what is beside the name contradicts it
    pub(crate) conflict: bool,
    /// a letter or two of the name are wrong
    pub(crate) misspelt: bool,
    /// letters of a licence plate that told it from others, or that are all there is
    pub(crate) kennzeichen: Option<Kennzeichen>,
}

impl Spot {
    /// Whether it must be asked who is meant, however few may be.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.conflict || !matches!(self.bond, Bearing::Now | Bearing::Partly)
    }
}

/// What stands before a name and belongs to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    /// the first word of all
    pub(crate) start: usize,
    /// the first word of the name
    pub(crate) name: usize,
    /// the kind word, and whether it is a plural
    pub(crate) kind: Option<(Kind, bool)>,
    /// the word that is a postal code
    plz: Option<usize>,
}

impl Head {
    /// A name from the word `name` on; what belongs to it begins at `start`.
    pub(crate) fn of(start: usize, name: usize, kind: Option<Kind>) -> Self {
        Self {
            start,
            name,
            kind: kind.map(|kind| (kind, false)),
            plz: None,
        }
    }
}

/// How those whom a spot may mean bear its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bearing {
    /// as their name
    Now,
    /// only as a part of it ("Hochtaunus")
    Partly,
    /// only before they took its place
    Formerly,
    /// only with a word that is left out: "Homburg v.d.H."
    Shortened,
    /// not at all: they give out the letters of its licence plates
    Kennzeichen,
}

impl Register {
    /// The municipality at this place of the list.
    pub(crate) fn at(&self, i: u32) -> Option<&Kommune> {
        self.kommunen.get(usize::try_from(i).ok()?)
    }

    /// The name that begins at the word `i`, with what belongs to it.
    pub(crate) fn spot_at(&self, words: &Words<'_>, i: usize) -> Option<Spot> {
        let plz = plz_at(words, i);
        let start = plz.map_or(i, |(_, next)| next);
        let mut head = Head {
            plz: plz.map(|(code, _)| code),
            ..Head::of(i, start, None)
        };
        let (base_end, entries) = match self.names.longest_at(words, start) {
            Some(found) => found,
            None => {
                if let Some((end, entries)) = self.names.misspelt_ahead(words, start) {
                    let spot = self.grown(words, &head, end, entries.iter().collect());
                    return Some(Spot {
                        misspelt: true,
                        ..spot
                    });
                }
                if let Some(spot) = self.lettered_kreis_at(words, start) {
                    return Some(spot);
                }
                head.kind = Some(Kind::of(words.word(start))?);
                head.name = start + 1;
                while matches!(words.word(head.name), "of" | "the") {
                    head.name += 1;
                }
                let gap = words.gap(head.name);
                if gap.has(APART) && !gap.has(Gap::QUOTE) {
                    return None;
                }
                match self.names.longest_at(words, head.name) {
                    Some(found) => found,
                    None => return self.lettered_at(words, &head),
                }
            }
        };
        if let Some((end, longer)) = self.names.misspelt_behind(words, head.name..base_end) {
            let spot = self.grown(words, &head, end, longer.iter().collect());
            return Some(Spot {
                misspelt: true,
                ..spot
            });
        }
        Some(self.grown(words, &head, base_end, entries.iter().collect()))
    }

    /// Reads what belongs to a name: its addition, and what tells it from others.
    pub(super) fn grown(
        &self,
        words: &Words<'_>,
        head: &Head,
        base_end: usize,
        entries: Vec<&Entry>,
    ) -> Spot {
        let all: Vec<u32> = entries.iter().map(|entry| entry.kommune).collect();
        let (end, entries, told) = tell_by_addition(words, base_end, entries);
        let (bearers, bond) = self.best_bond(entries, head.kind.map(|(kind, _)| kind));
        let mut spot = Spot {
            words: head.start..end,
            name: head.name..end,
            base_end,
            kind: head.kind,
            bearers,
            bond,
            told,
            alone: self.of_best_level(&all).len() == 1,
            conflict: false,
            misspelt: false,
            kennzeichen: None,
        };
        self.try_misspelt(words, &mut spot);
        if let Some((kind, _)) = head.kind {
            self.apply(&mut spot, &Qualifier::Kind(kind));
        }
        let before = words.word(head.start.saturating_sub(1));
        if let Some(region) = kind::adjective_region(before).filter(|_| head.start > 0) {
            self.apply(&mut spot, &Qualifier::Region(region));
            spot.told = true;
        }
        if let Some(code) = head.plz {
            self.apply(&mut spot, &Qualifier::Plz(words.word(code).to_owned()));
            spot.told = true;
        }
        self.read_other_name(words, &mut spot);
        self.read_qualifiers(words, &mut spot);
        self.check_unknown_addition(words, &mut spot);
        spot
    }

    /// An addition that nobody of the name has may be that of a name that few letters tell from it.
    fn try_misspelt(&self, words: &Words<'_>, spot: &mut Spot) {
        let base = words.joined(spot.name.start..spot.base_end);
        if spot.told || self.is_told_behind(words, spot) {
            return;
        }
        let bound = near::bound_of(base);
        if let Some((end, entries)) = self
            .names
            .misspelt_before(words, spot.base_end, base, bound)
        {
            let kind = spot.kind.map(|(kind, _)| kind);
            let (bearers, bond) = self.best_bond(entries, kind);
            // "Freiberg im Breisgau": the name may be right and the addition wrong
            let whole = |entry: &Entry| {
                let kommune = self.at(entry.kommune);
                let gemeinde = kommune.is_some_and(|kommune| kommune.art.is_gemeinde());
                gemeinde && entry.bond == Bond::Name && entry.addition.is_none()
            };
            spot.conflict = self.names.bearers(base).iter().any(whole);
            if spot.conflict {
                spot.bearers.extend(bearers);
            } else {
                (spot.bearers, spot.bond) = (bearers, bond);
            }
            (spot.words.end, spot.name.end) = (end, end);
            (spot.told, spot.misspelt) = (true, true);
        }
    }

    /// Those who bear the name best: by name, in part, without dots, formerly.
    fn best_bond(&self, entries: Vec<&Entry>, kind: Option<Kind>) -> (Vec<u32>, Bearing) {
        let kreis = kind.is_none_or(|kind| kind == Kind::Kreis);
        let mut usable: Vec<&Entry> = entries
            .into_iter()
            .filter(|entry| kreis || entry.bond != Bond::Stem)
            .collect();
        // "Landkreis Furth" is a Kreis without its dots, and no Gemeinde Furth
        let fits = |entry: &&Entry| {
            let kommune = self.at(entry.kommune);
            kommune.is_some_and(|k| kind.is_some_and(|kind| kind.fits(k.art)))
        };
        if kind.is_some_and(|kind| !kind.is_loose()) && usable.iter().any(fits) {
            usable.retain(fits);
        }
        let rank = |bond: Bond| match bond {
            Bond::Stem if kind.is_some() => Bond::Name,
            other => other,
        };
        let best = usable.iter().map(|entry| rank(entry.bond)).min();
        let named = usable.iter().filter(|entry| Some(rank(entry.bond)) == best);
        let tiny = kind.is_none() && named.clone().all(|entry| self.is_tiny(entry.kommune));
        let mut bearers: Vec<u32> = usable
            .iter()
            .filter(|entry| Some(rank(entry.bond)) == best || tiny && entry.bond == Bond::Stem)
            .map(|entry| entry.kommune)
            .collect();
        bearers.sort_unstable();
        bearers.dedup();
        let bearing = match best {
            Some(Bond::Stem) => Bearing::Partly,
            Some(Bond::Former) => Bearing::Formerly,
            Some(Bond::Shortened) => Bearing::Shortened,
            _ => Bearing::Now,
        };
        (bearers, bearing)
    }

    /// The same place under another name: "Bautzen / Budyšin", "Cologne (Köln)".
    fn read_other_name(&self, words: &Words<'_>, spot: &mut Spot) {
        let i = spot.words.end;
        let state = kind::land_of(words.joined(i..i + 2)).is_some();
        if state || !words.gap(i).has(Gap::SLASH.or(Gap::OPEN)) {
            return;
        }
        let Some((base_end, entries)) = self.names.longest_at(words, i) else {
            return;
        };
        let (end, entries, _) = tell_by_addition(words, base_end, entries.iter().collect());
        let both: Vec<u32> = spot
            .bearers
            .iter()
            .copied()
            .filter(|bearer| entries.iter().any(|entry| entry.kommune == *bearer))
            .collect();
        if !both.is_empty() {
            spot.bearers = both;
            spot.words.end = end;
            spot.name.end = end;
        }
    }

    /// An addition that nobody of the name has ("Homburg v.d.H.", "Fürth (Irgendwo)")
    /// speaks against all of them, unless there is but one.
    fn check_unknown_addition(&self, words: &Words<'_>, spot: &mut Spot) {
        let i = spot.words.end;
        if spot.name.end != i || i >= words.len() || self.gremium_at(words, i).is_some() {
            return;
        }
        let gap = words.gap(i);
        let bracket = gap.has(Gap::OPEN) && words.is_capital(i) && words.gap(i + 1).has(Gap::CLOSE)
            || gap == Gap::SLASH && words.is_capital(i);
        let dotted = !gap.has(APART.or(Gap::DOT))
            && words.word(i).len() <= 2
            && addition::is_small(words.word(i))
            && words.gap(i + 1).has(Gap::DOT);
        let bare = self.of_best_level(&spot.bearers);
        let opened = addition::opens_at(words, i);
        spot.conflict |= (bracket || dotted || opened) && bare.len() > 1;
    }
}

/// Narrows down to those whose addition follows the base, if any does.
pub(super) fn tell_by_addition<'e>(
    words: &Words<'_>,
    base_end: usize,
    mut entries: Vec<&'e Entry>,
) -> (usize, Vec<&'e Entry>, bool) {
    let ends = |entry: &&Entry| {
        let addition = entry.addition.as_deref()?;
        addition::addition_at(words, base_end, addition)
    };
    let Some(best) = entries.iter().filter_map(ends).max() else {
        entries.retain(|entry| entry.bond != Bond::Shortened);
        return (base_end, entries, false);
    };
    entries.retain(|entry| ends(entry) == Some(best));
    (best.end, entries, true)
}

/// A postal code at the word `i`, and the word behind it: "93333 Neustadt", "D-93333 Neustadt".
fn plz_at(words: &Words<'_>, i: usize) -> Option<(usize, usize)> {
    let code = if words.word(i) == "d" { i + 1 } else { i };
    let fits = words.case(code) == Case::Digits
        && words.word(code).len() == 5
        && !words.gap(code + 1).has(APART);
    fits.then_some((code, code + 1))
}
