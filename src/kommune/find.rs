//! Look-up of a name as people write it.

use super::guess::Guess;
use super::kind::Kind;
use super::names::Bond;
use super::near;
use super::spot::{Bearing, Head, Spot};
use super::words::{Words, fold};
use super::{Candidate, Kommune, Nearness, Register, forms};

/// More candidates than this help nobody.
const MOST: usize = 100;

/// No name has so many words.
const MOST_WORDS: usize = 8;

/// Words before a name that are no part of it: "die Große Kreisstadt Fürth".
const LEADING: [&str; 17] = [
    "der",
    "die",
    "das",
    "des",
    "dem",
    "den",
    "im",
    "in",
    "fuer",
    "grosse",
    "grossen",
    "kreisfreie",
    "kreisfreien",
    "freie",
    "freien",
    "und",
    "the",
];

impl Register {
    pub(super) fn candidates(&self, spelling: &str) -> Vec<Candidate<'_>> {
        let words = Words::of(spelling);
        if words.len() > 3 * MOST_WORDS {
            return Vec::new();
        }
        let mut exact = self.officially(spelling);
        let spot = self.whole_spot(&words);
        if let Some(spot) = spot.as_ref().filter(|spot| !spot.is_doubtful()) {
            exact.extend(&spot.bearers);
        }
        exact.sort_unstable();
        exact.dedup();
        let found = match spot {
            _ if !exact.is_empty() => self.named(&exact, &words, spot.as_ref()),
            Some(spot) => self.doubtful(&spot, &words),
            None => self.inflected(&words),
        };
        if found.is_empty() {
            return self.misspelt(&words);
        }
        found
    }

    /// The place that is all of the words.
    pub(crate) fn whole_spot(&self, words: &Words<'_>) -> Option<Spot> {
        let leading = |i: &usize| LEADING.contains(&words.word(*i));
        let lead = (0..words.len().min(4)).take_while(leading).count();
        [0, lead]
            .iter()
            .take(1 + usize::from(lead > 0))
            .filter_map(|&start| self.spot_at(words, start))
            .find(|spot| spot.words.end == words.len())
    }

    /// The misspelt name that is all of the words from `from` on, with what stands behind it.
    pub(crate) fn near_whole(
        &self,
        words: &Words<'_>,
        from: usize,
        kind: Option<Kind>,
    ) -> Option<Guess> {
        let head = Head::of(0, from, kind);
        let longest = words.len().min(from + MOST_WORDS);
        (from + 1..=longest).rev().find_map(|reach| {
            self.near_spot(words, &head, reach)
                .filter(|guess| guess.spot.words.end == words.len())
        })
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

    /// Candidates that bear the name; how, each for itself.
    fn named(&self, bearers: &[u32], words: &Words<'_>, spot: Option<&Spot>) -> Vec<Candidate<'_>> {
        let base = spot.map_or("", |spot| words.joined(spot.name.start..spot.base_end));
        let is_name = |kommune: &Kommune| {
            let place = self.place_of(&kommune.schluessel);
            let mut entries = self.names.bearers(base).iter();
            spot.is_none()
                || entries.any(|entry| {
                    Some(entry.kommune) == place && matches!(entry.bond, Bond::Name | Bond::Stem)
                })
        };
        let misspelt = spot.is_some_and(|spot| spot.misspelt);
        let mut bearers = bearers.to_vec();
        // who else may be written so, though others are called so
        if spot.is_some_and(|spot| !spot.told && spot.kind.is_none()) {
            let entries = self.names.bearers(base).iter();
            let others = entries.filter(|entry| entry.bond < Bond::Former);
            bearers.extend(others.map(|entry| entry.kommune));
            bearers.sort_unstable();
            bearers.dedup();
        }
        self.listed(&bearers, |kommune| Candidate {
            nearness: match is_name(kommune) {
                true => Nearness::Name,
                false if misspelt => Nearness::Similar(self.slip(kommune, base)),
                false => Nearness::Spelling,
            },
            kennzeichen: spot.and_then(|spot| spot.kennzeichen).map(|k| k.letters),
            kommune,
        })
    }

    /// Candidates of a name that must be asked about.
    fn doubtful(&self, spot: &Spot, words: &Words<'_>) -> Vec<Candidate<'_>> {
        let base = words.joined(spot.name.start..spot.base_end);
        self.listed(&spot.bearers, |kommune| Candidate {
            nearness: match spot.bond {
                _ if spot.conflict => Nearness::Conflict,
                Bearing::Formerly => self.former_name(base, kommune),
                Bearing::Kennzeichen => Nearness::Kennzeichen,
                Bearing::Shortened => Nearness::Shortened,
                Bearing::Now | Bearing::Partly => Nearness::Name,
            },
            kennzeichen: spot.kennzeichen.map(|k| k.letters),
            kommune,
        })
    }

    /// The name of this base that the municipality took the place of.
    fn former_name(&self, base: &str, kommune: &Kommune) -> Nearness<'_> {
        let mut all = self.former.iter();
        let is = |form: &forms::Form| form.base == base;
        let old = all.find(|old| {
            old.successors.contains(&kommune.schluessel)
                && forms::of_name(Bond::Former, &old.name).iter().any(is)
        });
        old.map_or(Nearness::Spelling, |old| Nearness::Former {
            name: &old.name,
            year: old.year.as_deref(),
        })
    }

    /// "Fürths", "Fürther": what the inflected word comes from.
    fn inflected(&self, words: &Words<'_>) -> Vec<Candidate<'_>> {
        if words.len() != 1 {
            return Vec::new();
        }
        let spot = forms::stems(words.word(0))
            .iter()
            .find_map(|stem| self.whole_spot(&Words::of(stem)))
            .filter(|spot| !spot.is_doubtful() && spot.bond == Bearing::Now);
        let bearers = spot.map(|spot| spot.bearers).unwrap_or_default();
        self.listed(&bearers, |kommune| Candidate {
            nearness: Nearness::Spelling,
            kennzeichen: None,
            kommune,
        })
    }

    fn misspelt(&self, words: &Words<'_>) -> Vec<Candidate<'_>> {
        let kind = Kind::of(words.word(0)).filter(|_| words.len() > 1);
        let from = usize::from(kind.is_some());
        let kind = kind.map(|(kind, _)| kind);
        let Some(Guess { spot, .. }) = self.near_whole(words, from, kind) else {
            return Vec::new();
        };
        let spelling = words.joined(spot.name.start..spot.base_end);
        self.listed(&spot.bearers, |kommune| Candidate {
            nearness: match spot.bond {
                _ if spot.conflict => Nearness::Conflict,
                Bearing::Kennzeichen => Nearness::Kennzeichen,
                _ => Nearness::Similar(self.slip(kommune, spelling)),
            },
            kennzeichen: spot.kennzeichen.map(|k| k.letters),
            kommune,
        })
    }

    /// What leads from the nearest form of the municipality's name to the spelling.
    fn slip(&self, kommune: &Kommune, spelling: &str) -> near::Slip {
        let own = forms::of_kommune(kommune);
        let former = self
            .former
            .iter()
            .filter(|old| old.successors.contains(&kommune.schluessel));
        let old = former.flat_map(|old| forms::of_name(Bond::Former, &old.name));
        own.into_iter()
            .chain(old)
            .map(|form| near::slip(&form.base, spelling))
            .min()
            .unwrap_or(near::Slip::Other)
    }

    fn listed<'r>(
        &'r self,
        bearers: &[u32],
        candidate: impl Fn(&'r Kommune) -> Candidate<'r>,
    ) -> Vec<Candidate<'r>> {
        let kommunen = self.ordered(bearers).into_iter().take(MOST);
        let mut found: Vec<Candidate<'_>> = kommunen.map(candidate).collect();
        found.sort_by_key(|candidate| candidate.nearness != Nearness::Name);
        found
    }
}
