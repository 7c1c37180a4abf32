//! Places in a text: a name with the kind word, postal code, addition and qualifiers beside it.

use std::ops::Range;

use super::kind::{self, Kind, Region};
use super::names::{self, APART, Bond, Entry};
use super::words::{Case, Gap, Words};
use super::{Kommune, Land, Register};

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
}

enum Qualifier {
    Land(Land),
    Region(Region),
    Kreise(Vec<u32>),
    Plz(String),
    Key(String),
    Kind(Kind),
    /// "bei München": in the same state as one of these
    Near(Vec<u32>),
}

struct Qualified {
    qualifier: Qualifier,
    end: usize,
    /// a comma before it may as well begin something new
    loose: bool,
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
        let mut kind = None;
        let mut at = start;
        let (base_end, entries) = match self.names.longest_at(words, start) {
            Some(found) => found,
            None => {
                kind = Some(Kind::of(words.word(start))?);
                at = start + 1;
                while matches!(words.word(at), "of" | "the") {
                    at += 1;
                }
                if words.gap(at).has(APART) && !words.gap(at).has(Gap::QUOTE) {
                    return None;
                }
                self.names.longest_at(words, at)?
            }
        };
        let all: Vec<u32> = entries.iter().map(|entry| entry.kommune).collect();
        let (end, entries, told) = tell_by_addition(words, base_end, entries);
        let (bearers, bond) = self.best_bond(entries, kind.map(|(kind, _)| kind));
        let mut spot = Spot {
            words: i..end,
            name: at..end,
            base_end,
            kind,
            bearers,
            bond,
            told,
            alone: self.of_best_level(&all).len() == 1,
            conflict: false,
        };
        if let Some((kind, _)) = kind {
            self.apply(&mut spot, &Qualifier::Kind(kind));
        }
        let before = words.word(i.saturating_sub(1));
        if let Some(region) = kind::adjective_region(before).filter(|_| i > 0) {
            self.apply(&mut spot, &Qualifier::Region(region));
            spot.told = true;
        }
        if let Some((code, _)) = plz {
            self.apply(&mut spot, &Qualifier::Plz(words.word(code).to_owned()));
            spot.told = true;
        }
        self.read_other_name(words, &mut spot);
        self.read_qualifiers(words, &mut spot);
        self.check_unknown_addition(words, &mut spot);
        Some(spot)
    }

    /// Those who bear the name best: by name, in part, without dots, formerly.
    fn best_bond(&self, entries: Vec<&Entry>, kind: Option<Kind>) -> (Vec<u32>, Bearing) {
        let kreis = kind.is_none_or(|kind| kind == Kind::Kreis);
        let usable: Vec<&Entry> = entries
            .into_iter()
            .filter(|entry| kreis || entry.bond != Bond::Stem)
            .collect();
        let rank = |bond: Bond| match bond {
            Bond::Stem if kind.is_some() => Bond::Name,
            other => other,
        };
        let best = usable.iter().map(|entry| rank(entry.bond)).min();
        let mut bearers: Vec<u32> = usable
            .iter()
            .filter(|entry| Some(rank(entry.bond)) == best)
            .map(|entry| entry.kommune)
            .collect();
        bearers.sort_unstable();
        bearers.dedup();
        let bearing = match best {
            Some(Bond::Stem) => Bearing::Partly,
            Some(Bond::Former) => Bearing::Formerly,
            _ => Bearing::Now,
        };
        (bearers, bearing)
    }

    /// The same place under another name: "Bautzen / Budyšin", "Cologne (Köln)".
    fn read_other_name(&self, words: &Words<'_>, spot: &mut Spot) {
        let i = spot.words.end;
        if !words.gap(i).has(Gap::SLASH.or(Gap::OPEN)) {
            return;
        }
        let Some((base_end, entries)) = self.names.longest_at(words, i) else {
            return;
        };
        let (end, entries, _) = tell_by_addition(words, base_end, entries);
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

    fn read_qualifiers(&self, words: &Words<'_>, spot: &mut Spot) {
        while let Some(found) = self.qualifier_at(words, spot.words.end) {
            if found.loose && !self.fits_any(spot, &found.qualifier) {
                break;
            }
            self.apply(spot, &found.qualifier);
            spot.told |= !matches!(found.qualifier, Qualifier::Near(_));
            spot.words.end = found.end;
        }
    }

    fn qualifier_at(&self, words: &Words<'_>, i: usize) -> Option<Qualified> {
        const MARK: Gap = Gap::OPEN.or(Gap::COMMA).or(Gap::SLASH);
        const NEVER: Gap = Gap::BREAK
            .or(Gap::COLON)
            .or(Gap::STOP)
            .or(Gap::AT)
            .or(Gap::DASH)
            .or(Gap::CELL);
        let gap = words.gap(i);
        if i >= words.len() || gap.has(NEVER) || gap.has(Gap::DOT) && !gap.has(MARK) {
            return None;
        }
        let mut at = i;
        while at < i + 2
            && matches!(words.word(at), "in" | "im" | "bundesland" | "land")
            && !words.gap(at + 1).has(APART)
        {
            at += 1;
        }
        let marked = gap.has(MARK);
        let loose = gap.has(Gap::COMMA.or(Gap::SLASH)) && !gap.has(Gap::OPEN) && at == i;
        let found = |qualifier, end| {
            Some(Qualified {
                qualifier,
                end,
                loose,
            })
        };
        if marked || at > i {
            if let Some(region) = kind::region_of(words.word(at)) {
                return found(Qualifier::Region(region), at + 1);
            }
            if let Some((kreise, end)) = self.kreise_at(words, at, gap.has(Gap::OPEN)) {
                return found(Qualifier::Kreise(kreise), end);
            }
            for end in [at + 2, at + 1] {
                let text = words.joined(at..end);
                let code = text.len() <= 2;
                if (end == at + 2 && words.gap(at + 1).has(APART)) || code && !marked {
                    continue;
                }
                if let Some(land) = kind::land_of(text) {
                    return found(Qualifier::Land(land), end);
                }
            }
        }
        if marked && words.case(at) == Case::Digits {
            let digits = words.word(at).to_owned();
            match digits.len() {
                5 => return found(Qualifier::Plz(digits), at + 1),
                8 | 9 => return found(Qualifier::Key(digits), at + 1),
                _ => {}
            }
        }
        if words.word(i) == "bei" && !marked {
            let (end, entries) = self.names.longest_at(words, i + 1)?;
            let near = entries.iter().map(|entry| entry.kommune).collect();
            return found(Qualifier::Near(near), end);
        }
        let (kind, end) = self.kind_behind(words, i)?;
        Some(Qualified {
            qualifier: Qualifier::Kind(kind),
            end,
            loose: false,
        })
    }

    /// "Landkreis Peine", "Lkr. Peine", "Main-Kinzig-Kreis" at the word `i`; in brackets "Peine" will do.
    fn kreise_at(&self, words: &Words<'_>, i: usize, bracket: bool) -> Option<(Vec<u32>, usize)> {
        let spelt = Kind::of(words.word(i)).is_some_and(|(kind, _)| kind == Kind::Kreis);
        let start = if spelt { i + 1 } else { i };
        if spelt && words.gap(start).has(APART) {
            return None;
        }
        let (base_end, entries) = self.names.longest_at(words, start)?;
        let whole = words.word(base_end - 1).contains("kreis");
        if !spelt && !whole && !bracket {
            return None;
        }
        let (end, entries, _) = tell_by_addition(words, base_end, entries);
        let kreise: Vec<u32> = entries
            .iter()
            .map(|entry| entry.kommune)
            .filter(|&i| self.at(i).is_some_and(|kommune| kommune.art.is_kreis()))
            .collect();
        (!kreise.is_empty()).then_some((kreise, end))
    }

    /// A kind word that follows the name: "Rosenheim (Stadt)", "Fürth-Land", "Rosenheim Stadt".
    fn kind_behind(&self, words: &Words<'_>, i: usize) -> Option<(Kind, usize)> {
        let gap = words.gap(i);
        let mut at = i;
        if words.word(at).starts_with("kreisfrei") {
            at += 1;
        }
        let kind = match words.word(at) {
            "land" if !gap.has(Gap::LINE.or(Gap::COMMA)) => Kind::Kreis,
            word => Kind::of(word).filter(|(_, plural)| !plural)?.0,
        };
        let closed = words.gap(at + 1).has(Gap::CLOSE);
        let marked = gap.has(Gap::OPEN) && closed
            || gap.has(Gap::COMMA.or(Gap::HYPHEN).or(Gap::SLASH))
            || matches!(kind, Kind::Stadt | Kind::Kreis) && !gap.has(Gap::LINE);
        let begins = !closed && self.names.longest_at(words, at + 1).is_some()
            || !closed && words.gap(at + 1) == Gap::BLANK && words.is_capital(at + 1);
        (marked && words.is_capital(at) && !begins).then_some((kind, at + 1))
    }

    /// Keeps those whom the qualifier fits; if it fits none, it contradicts.
    fn apply(&self, spot: &mut Spot, qualifier: &Qualifier) {
        let fitting = self.fitting(&spot.bearers, qualifier);
        if !fitting.is_empty() {
            spot.bearers = fitting;
        } else if !(spot.alone && self.is_slip(&spot.bearers, qualifier)) {
            spot.conflict = true;
        }
    }

    fn fits_any(&self, spot: &Spot, qualifier: &Qualifier) -> bool {
        !self.fitting(&spot.bearers, qualifier).is_empty()
    }

    /// Whether the wrong kind word is a mere slip: only one municipality bears the name.
    fn is_slip(&self, bearers: &[u32], qualifier: &Qualifier) -> bool {
        let loose = matches!(qualifier, Qualifier::Kind(kind) if kind.is_loose());
        let lone = match bearers {
            [one] => self.at(*one).is_some_and(|k| k.art.is_gemeinde()),
            _ => false,
        };
        loose && lone
    }

    fn fitting(&self, bearers: &[u32], qualifier: &Qualifier) -> Vec<u32> {
        let keep = |fits: &dyn Fn(&Kommune) -> bool| {
            bearers
                .iter()
                .copied()
                .filter(|&i| self.at(i).is_some_and(fits))
                .collect::<Vec<u32>>()
        };
        match qualifier {
            Qualifier::Land(land) => keep(&|kommune| kommune.land == *land),
            Qualifier::Region(region) => keep(&|kommune| kind::lies_in_region(kommune, region)),
            Qualifier::Kreise(kreise) => keep(&|kommune| {
                kreise.iter().any(|&kreis| {
                    self.at(kreis)
                        .is_some_and(|kreis| self.lies_in(kommune, kreis))
                })
            }),
            Qualifier::Plz(code) => self.fitting_plz(bearers, code),
            Qualifier::Key(key) => keep(&|kommune| kommune.schluessel.as_str() == key),
            Qualifier::Kind(kind) => keep(&|kommune| kind.fits(kommune.art)),
            Qualifier::Near(others) => keep(&|kommune| {
                let mut lands = others.iter().filter_map(|&i| self.at(i)).map(|k| k.land);
                lands.any(|land| land == kommune.land)
            }),
        }
    }

    /// Those to whom a postal code may belong. The register has one code a municipality:
    /// the same one decides, then the nearest; one that belongs elsewhere fits none.
    pub(crate) fn fitting_plz(&self, bearers: &[u32], code: &str) -> Vec<u32> {
        let of = |i: u32| self.at(i).and_then(|kommune| kommune.plz.as_deref());
        let with = |wanted: usize| {
            let common = |plz: &str| {
                plz.bytes()
                    .zip(code.bytes())
                    .take_while(|(a, b)| a == b)
                    .count()
            };
            bearers
                .iter()
                .copied()
                .filter(|&i| of(i).is_some_and(|plz| common(plz) >= wanted))
                .collect::<Vec<u32>>()
        };
        if bearers.iter().all(|&i| of(i).is_none()) {
            return bearers.to_vec();
        }
        let same = with(5);
        if !same.is_empty() || code.parse().is_ok_and(|code| self.plz.contains(&code)) {
            return same;
        }
        (1..5)
            .rev()
            .map(with)
            .find(|near| !near.is_empty())
            .unwrap_or_default()
    }

    /// Whether a municipality lies in a Kreis, or did until its key changed.
    pub(crate) fn lies_in(&self, kommune: &Kommune, kreis: &Kommune) -> bool {
        let key = kreis.schluessel.as_str();
        kommune.kreis.as_ref() == Some(&kreis.schluessel)
            || self.former.iter().any(|old| {
                old.successors.contains(&kommune.schluessel)
                    && old.name == kommune.name
                    && old.schluessel.as_str().starts_with(key)
            })
    }

    /// An addition that nobody of the name has ("Homburg v.d.H.", "Fürth (Irgendwo)")
    /// speaks against all of them, unless there is but one.
    fn check_unknown_addition(&self, words: &Words<'_>, spot: &mut Spot) {
        let i = spot.words.end;
        if spot.name.end != i || i >= words.len() {
            return;
        }
        let gap = words.gap(i);
        let body = self.gremium_at(words, i).is_some();
        let bracket =
            gap.has(Gap::OPEN) && words.is_capital(i) && words.gap(i + 1).has(Gap::CLOSE) && !body
                || gap == Gap::SLASH && words.is_capital(i);
        let dotted = !gap.has(APART.or(Gap::DOT))
            && words.word(i).len() <= 2
            && names::is_small(words.word(i))
            && words.gap(i + 1).has(Gap::DOT);
        let base = words.joined(spot.name.clone());
        let bad = format!("bad {base}");
        let bad = self.names.bearers(&bad).iter().any(|entry| {
            let addition = entry.addition.as_deref();
            addition.is_some_and(|addition| names::addition_at(words, i, addition).is_some())
        });
        let bare = self.of_best_level(&spot.bearers);
        spot.conflict |= bad || (bracket || dotted) && bare.len() > 1;
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
}

/// Narrows down to those whose addition follows the base, if any does.
fn tell_by_addition<'e>(
    words: &Words<'_>,
    base_end: usize,
    entries: &'e [Entry],
) -> (usize, Vec<&'e Entry>, bool) {
    let ends = |entry: &Entry| {
        let addition = entry.addition.as_deref()?;
        names::addition_at(words, base_end, addition)
    };
    let Some(best) = entries.iter().filter_map(ends).max() else {
        return (base_end, entries.iter().collect(), false);
    };
    let told = entries
        .iter()
        .filter(|entry| ends(entry) == Some(best))
        .collect();
    (best.0, told, true)
}

/// A postal code at the word `i`, and the word behind it: "93333 Neustadt", "D-93333 Neustadt".
fn plz_at(words: &Words<'_>, i: usize) -> Option<(usize, usize)> {
    let code = if words.word(i) == "d" { i + 1 } else { i };
    let fits = words.case(code) == Case::Digits
        && words.word(code).len() == 5
        && !words.gap(code + 1).has(APART);
    fits.then_some((code, code + 1))
}
