//! Which of several municipalities the words of an answer leave: "in Hessen", "der Landkreis",
//! "die bei Nürnberg", "91781", "die größere".
//!
//! Words of one sort widen ("die Stadt und der Landkreis"), words of different sorts narrow
//! ("die Stadt in Bayern").

use std::ops::Range;

use super::places::Place;
use super::resolve::is_of_kreis;
use super::targets::Reading;
use super::text::Text;
use super::{lexicon, mention};
use crate::kommune::{
    Case, Kind, Kommune, Register, adjective_region, fold, land_of, lies_in_region, region_of,
};

/// What the words of an answer say of some municipalities.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Narrowed {
    /// nothing, what fits none of them, or another municipality is named
    Not,
    /// these are left, in the order of the list
    To(Vec<u32>),
    /// each of these is meant
    All(Vec<u32>),
}

/// The sorts of words that tell municipalities apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Name,
    State,
    Region,
    Kind,
    Code,
    Near,
    Size,
}

struct Said {
    sort: Sort,
    fits: Vec<u32>,
}

/// Narrows the list; `all` is what the questions together offer.
pub(super) fn among(
    list: &[u32],
    all: &[u32],
    reading: &Reading<'_, '_>,
    register: &Register,
) -> Narrowed {
    let narrower = Narrower {
        list,
        text: &reading.text,
        register,
    };
    let mut said: Vec<Said> = Vec::new();
    let mut named: Vec<Range<usize>> = Vec::new();
    for place in reading
        .places
        .iter()
        .filter(|place| narrower.is_name(place))
    {
        let Range { start, end } = place.words;
        let coded = reading.text.words.case(start) == Case::Digits;
        let address = coded && !place.signs.counts();
        let denied = address || mention::is_denied(&reading.text, start, end);
        let told = denied || narrower.place(place, &mut said);
        if !told && place.signs.counts() && !is_among(place, all) {
            return Narrowed::Not;
        }
        named.push(place.words.clone());
    }
    let free = |i: &usize| !named.iter().any(|words| words.contains(i));
    for i in (0..reading.text.words.len()).filter(free) {
        let words = &reading.text.words;
        let wrong = i > 0 && lexicon::denies(words.word(i - 1));
        let denied = wrong || mention::is_denied(&reading.text, i, i + 1);
        if !denied && !mention::reports(&reading.text, i) {
            narrower.word(i, &mut said);
        }
    }
    let council = reading
        .bodies
        .iter()
        .find(|body| body.counts() && !body.is_beirat() && is_of_kreis(&body.gremium));
    if council.is_some() && !said.iter().any(|said| said.sort == Sort::Kind) {
        narrower.say(&mut said, Sort::Kind, |kommune| kommune.art.is_kreis());
    }
    narrower.weigh(&said)
}

fn is_among(place: &Place, list: &[u32]) -> bool {
    place.bearers.iter().any(|bearer| list.contains(bearer))
}

struct Narrower<'a, 't> {
    list: &'a [u32],
    text: &'a Text<'t>,
    register: &'a Register,
}

impl Narrower<'_, '_> {
    fn say(&self, said: &mut Vec<Said>, sort: Sort, fits: impl Fn(&Kommune) -> bool) {
        let fits = self.keep(|b| self.register.at(b).is_some_and(&fits));
        said.push(Said { sort, fits });
    }

    fn keep(&self, fits: impl Fn(u32) -> bool) -> Vec<u32> {
        self.list.iter().copied().filter(|&b| fits(b)).collect()
    }

    /// Not a kind word before any other word, nor a state that is a town as well ("in Bremen").
    fn is_name(&self, place: &Place) -> bool {
        let state = place.kind.is_none() && land_of(&place.name).is_some();
        !(place.typo && place.doubt.is_some()) && (!state || is_among(place, self.list))
    }

    /// What the name of a place says: one of the list, the Kreis or the state it lies in, what
    /// it lies near. False if it says nothing of the list.
    fn place(&self, place: &Place, said: &mut Vec<Said>) -> bool {
        let before = place.words.start.checked_sub(1);
        let near = before.is_some_and(|i| {
            let word = self.text.words.word(i);
            word == "um" || lexicon::is_beside(word)
        });
        if near {
            said.push(Said {
                sort: Sort::Near,
                fits: self.near(place),
            });
            return true;
        }
        let by_name = self.keep(|b| place.bearers.contains(&b));
        if !by_name.is_empty() {
            if place.doubt.is_none() {
                said.push(Said {
                    sort: Sort::Name,
                    fits: by_name,
                });
            }
            return true;
        }
        let within = self.keep(|b| {
            place.bearers.iter().any(|&kreis| {
                let both = self.register.at(b).zip(self.register.at(kreis));
                both.is_some_and(|(kommune, kreis)| self.register.lies_in(kommune, kreis))
            })
        });
        let lies = !within.is_empty();
        if lies {
            said.push(Said {
                sort: Sort::Region,
                fits: within,
            });
        }
        lies
    }

    /// Those that share the longest beginning of their keys with the place: its Kreis, its
    /// part of the state, its state.
    fn near(&self, place: &Place) -> Vec<u32> {
        let key = |b: u32| {
            self.register
                .at(b)
                .map(|kommune| kommune.schluessel.as_str())
        };
        let best = self.register.of_best_level(&place.bearers);
        let Some(other) = self.register.by_far_the_largest(&best).and_then(key) else {
            return Vec::new();
        };
        [5, 3, 2]
            .into_iter()
            .filter_map(|length| other.get(..length))
            .map(|part| self.keep(|b| key(b).is_some_and(|key| key.starts_with(part))))
            .find(|fits| !fits.is_empty())
            .unwrap_or_default()
    }

    /// What a word that belongs to no name says.
    fn word(&self, i: usize, said: &mut Vec<Said>) {
        let words = &self.text.words;
        let word = words.word(i);
        let pair = words.joined(i..i + 2);
        let short = word.len() == 2 && words.case(i) != Case::Capitals;
        let land = land_of(pair).or_else(|| land_of(word).filter(|_| !short));
        if let Some(land) = land {
            self.say(said, Sort::State, |kommune| kommune.land == land);
        } else if let Some(region) = region_of(word).or_else(|| adjective_region(word)) {
            self.say(said, Sort::Region, |kommune| {
                lies_in_region(kommune, region)
            });
        } else if let Some((kind, false)) = Kind::of(word) {
            self.say(said, Sort::Kind, |kommune| kind.fits(kommune.art));
        } else if words.case(i) == Case::Digits && word.len() == 5 {
            said.push(Said {
                sort: Sort::Code,
                fits: self.register.fitting_plz(self.list, word),
            });
        } else if lexicon::is_larger(word) {
            self.size(said, |a, b| a > b);
        } else if lexicon::is_smaller(word) {
            self.size(said, |a, b| a < b);
        } else if word.len() > 3 {
            said.extend(self.adds(word));
        }
    }

    /// "Aisch", "Weinstraße": a word of the names of some of them.
    fn adds(&self, word: &str) -> Option<Said> {
        let fits = self.keep(|b| {
            let name = self.register.at(b).map(|kommune| fold(&kommune.name));
            name.is_some_and(|name| name.split(' ').skip(1).any(|part| part == word))
        });
        (!fits.is_empty()).then_some(Said {
            sort: Sort::Name,
            fits,
        })
    }

    /// The one that exceeds all others, if all sizes are known.
    fn size(&self, said: &mut Vec<Said>, exceeds: impl Fn(u32, u32) -> bool) {
        let size = |b: u32| self.register.at(b).and_then(|kommune| kommune.einwohner);
        let fits = self.keep(|b| {
            self.list.iter().filter(|&&other| other != b).all(|&other| {
                size(b)
                    .zip(size(other))
                    .is_some_and(|(b, other)| exceeds(b, other))
            })
        });
        said.push(Said {
            sort: Sort::Size,
            fits,
        });
    }

    fn weigh(&self, said: &[Said]) -> Narrowed {
        let of = |sort: Sort| said.iter().filter(move |said| said.sort == sort);
        let sorts = [
            Sort::Name,
            Sort::State,
            Sort::Region,
            Sort::Kind,
            Sort::Code,
            Sort::Near,
            Sort::Size,
        ];
        let fits = |b: u32| {
            sorts.into_iter().all(|sort| {
                let mut words = of(sort).peekable();
                words.peek().is_none() || words.any(|said| said.fits.contains(&b))
            })
        };
        let left = self.keep(fits);
        if left.is_empty() && of(Sort::Near).next().is_some() {
            // what lies near a place is not that place
            return Narrowed::To(self.list.to_vec());
        }
        if said.is_empty() || left.is_empty() {
            return Narrowed::Not;
        }
        let or = self.text.any(0..self.text.words.len(), |word| {
            matches!(word, "oder" | "or" | "bzw")
        });
        // "die Stadt und der Landkreis": each word leaves one
        let each = |said: &Said| left.iter().filter(|b| said.fits.contains(b)).count() == 1;
        let listed = sorts
            .into_iter()
            .any(|sort| of(sort).count() > 1 && of(sort).all(each));
        if left.len() > 1 && listed && !or {
            return Narrowed::All(left);
        }
        Narrowed::To(left)
    }
}
