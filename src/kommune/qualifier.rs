//! What stands beside a name and tells it from others of its name: state, Kreis, region,
//! postal code, letters of licence plates, a kind word.

use super::addition::APART;
use super::kennzeichen::Kennzeichen;
use super::kind::{self, Kind, Region};
use super::spot::{Spot, tell_by_addition};
use super::words::{Case, Gap, Words};
use super::{Kommune, Land, Register};

pub(super) enum Qualifier {
    Land(Land),
    Region(Region),
    Kreise(Vec<u32>),
    Plz(String),
    Key(String),
    Kind(Kind),
    /// "(NI)" may be the state or the letters of Nienburg
    Kennzeichen(Option<Land>, Kennzeichen),
    /// "bei München": in the same state as one of these
    Near(Vec<u32>),
}

pub(super) struct Qualified {
    qualifier: Qualifier,
    end: usize,
    /// it may as well be something else: read only if it fits
    loose: bool,
}

impl Qualified {
    /// Read whether it fits or contradicts.
    pub(super) fn surely(qualifier: Qualifier, end: usize) -> Self {
        Self {
            qualifier,
            end,
            loose: false,
        }
    }

    /// Read only if it fits.
    pub(super) fn loosely(qualifier: Qualifier, end: usize) -> Self {
        Self {
            loose: true,
            ..Self::surely(qualifier, end)
        }
    }
}

/// Brackets and the like before a qualifier.
const MARK: Gap = Gap::OPEN.or(Gap::COMMA).or(Gap::SLASH);

impl Register {
    pub(super) fn read_qualifiers(&self, words: &Words<'_>, spot: &mut Spot) {
        while let Some(found) = self.qualifier_at(words, spot) {
            if found.loose && !self.fits_any(spot, &found.qualifier) {
                break;
            }
            self.apply(spot, &found.qualifier);
            spot.told |= !matches!(found.qualifier, Qualifier::Near(_));
            if let Qualifier::Kennzeichen(None, letters) = found.qualifier {
                spot.kennzeichen = Some(letters);
            }
            spot.words.end = found.end;
        }
    }

    /// Whether something behind the name tells it from others; a landscape where nobody of
    /// the name lies may be the addition of another one.
    pub(super) fn is_told_behind(&self, words: &Words<'_>, spot: &Spot) -> bool {
        let found = self.qualifier_at(words, spot);
        found.is_some_and(|found| {
            let landscape = matches!(found.qualifier, Qualifier::Region(_));
            !landscape || self.fits_any(spot, &found.qualifier)
        })
    }

    /// What tells the spot from others of its name, right behind it.
    pub(super) fn qualifier_at(&self, words: &Words<'_>, spot: &Spot) -> Option<Qualified> {
        let i = spot.words.end;
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
            && matches!(
                words.word(at),
                "in" | "im" | "bundesland" | "land" | "kfz" | "kennzeichen" | "autokennzeichen"
            )
            && !words.gap(at + 1).has(APART)
        {
            at += 1;
        }
        let marked = gap.has(MARK);
        let found = match marked || at > i {
            true => self.area_at(words, at, gap),
            false => bare_area_at(words, i).or_else(|| {
                let spelt = gap == Gap::BLANK && Kind::of(words.word(i)).is_some();
                let (kreise, end) = self.kreise_at(words, i, false).filter(|_| spelt)?;
                Some((Qualifier::Kreise(kreise), end))
            }),
        };
        // letters that tell nothing may be a kind word ("VG") or anything
        let telling = |qualifier: &Qualifier| {
            let lettered = matches!(qualifier, Qualifier::Kennzeichen(None, _));
            !lettered && (marked || at > i) || self.fits_any(spot, qualifier)
        };
        let landscape = self.landscape_at(words, spot);
        // "Konstanz (Bodensee)" has nothing to do with the Bodenseekreis
        let outside = |(qualifier, _): &(Qualifier, usize)| {
            let fits = |found: &Qualified| self.fits_any(spot, &found.qualifier);
            !self.fits_any(spot, qualifier) && landscape.as_ref().is_some_and(fits)
        };
        let found = found.filter(|found| !outside(found));
        if let Some((qualifier, end)) = found.filter(|(qualifier, _)| telling(qualifier)) {
            let listed = gap.has(Gap::COMMA.or(Gap::SLASH)) && !gap.has(Gap::OPEN) && at == i;
            return Some(Qualified {
                qualifier,
                end,
                loose: listed,
            });
        }
        if landscape.is_some() {
            return landscape;
        }
        if words.word(i) == "bei" && !marked {
            let (end, entries) = self.names.longest_at(words, i + 1)?;
            let near = entries.iter().map(|entry| entry.kommune).collect();
            return Some(Qualified::surely(Qualifier::Near(near), end));
        }
        let (kind, end) = self.kind_behind(words, i)?;
        Some(Qualified::surely(Qualifier::Kind(kind), end))
    }

    /// State, region, Kreis, number or letters at the word `at`, behind `gap` or an "in".
    fn area_at(&self, words: &Words<'_>, at: usize, gap: Gap) -> Option<(Qualifier, usize)> {
        let marked = gap.has(MARK);
        // "Rheinland-Pfalz" before the region "Rheinland"
        let two = kind::land_of(words.joined(at..at + 2));
        if let Some(land) = two.filter(|_| !words.gap(at + 1).has(APART)) {
            return Some((Qualifier::Land(land), at + 2));
        }
        if let Some(region) = kind::region_of(words.word(at)) {
            return Some((Qualifier::Region(region), at + 1));
        }
        if let Some((kreise, end)) = self.kreise_at(words, at, gap.has(Gap::OPEN)) {
            return Some((Qualifier::Kreise(kreise), end));
        }
        let letters = Kennzeichen::at(words, at);
        let text = words.word(at);
        if let Some(land) = kind::land_of(text).filter(|_| marked || text.len() > 2) {
            let qualifier = match letters {
                Some(letters) => Qualifier::Kennzeichen(Some(land), letters),
                None => Qualifier::Land(land),
            };
            return Some((qualifier, at + 1));
        }
        if let Some(letters) = letters {
            return Some((Qualifier::Kennzeichen(None, letters), at + 1));
        }
        if marked && words.case(at) == Case::Digits {
            let digits = words.word(at).to_owned();
            match digits.len() {
                5 => return Some((Qualifier::Plz(digits), at + 1)),
                8 | 9 => return Some((Qualifier::Key(digits), at + 1)),
                _ => {}
            }
        }
        None
    }

    /// "Landkreis Peine", "Lkr. Peine", "Main-Kinzig-Kreis" at the word `i`; in brackets "Peine" will do.
    fn kreise_at(&self, words: &Words<'_>, i: usize, bracket: bool) -> Option<(Vec<u32>, usize)> {
        let spelt = Kind::of(words.word(i)).is_some_and(|(kind, _)| {
            matches!(kind, Kind::Kreis | Kind::Region | Kind::Regionalverband)
        });
        let start = if spelt { i + 1 } else { i };
        if spelt && words.gap(start).has(APART) {
            return None;
        }
        let (base_end, entries) = self.names.longest_at(words, start)?;
        let whole = words.joined(start..base_end).contains("kreis");
        if !spelt && !whole && !bracket {
            return None;
        }
        let (end, entries, _) = tell_by_addition(words, base_end, entries.iter().collect());
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
    pub(super) fn apply(&self, spot: &mut Spot, qualifier: &Qualifier) {
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
            Qualifier::Kennzeichen(land, letters) => keep(&|kommune| {
                land.is_some_and(|land| kommune.land == land) || letters.fits(kommune, self)
            }),
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
}

/// What needs no mark before it: "Rosenheim Obb.", "Halle Westf.", "Lichtenfels KB", "Neustadt 93333".
fn bare_area_at(words: &Words<'_>, i: usize) -> Option<(Qualifier, usize)> {
    let gap = words.gap(i);
    if gap.has(Gap::LINE.or(Gap::HYPHEN)) {
        return None;
    }
    let short = words.gap(i + 1).has(Gap::DOT) || kind::is_abbreviation(words.word(i));
    if short && words.is_capital(i) && words.word(i).len() > 1 {
        if let Some(region) = kind::region_of(words.word(i)) {
            return Some((Qualifier::Region(region), i + 1));
        }
        if let Some(land) = kind::land_of(words.word(i)).filter(|_| words.word(i).len() > 2) {
            return Some((Qualifier::Land(land), i + 1));
        }
    }
    if words.case(i) == Case::Digits && words.word(i).len() == 5 {
        return Some((Qualifier::Plz(words.word(i).to_owned()), i + 1));
    }
    // where all is written in capitals, "IN" and "AN" are words
    let shouted = i > 0 && words.case(i - 1) == Case::Capitals;
    let letters = Kennzeichen::at(words, i).filter(|_| !shouted && words.case(i) == Case::Capitals);
    letters.map(|letters| (Qualifier::Kennzeichen(None, letters), i + 1))
}
