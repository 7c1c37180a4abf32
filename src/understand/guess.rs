//! Places that are not named as the register names them: "der Fürther Beirat",
//! "Stuttgrat", "die Stadt und der Landkreis Fürth".

use super::bodies;
use super::lexicon;
use super::places::{Place, Reader, Weight};
use crate::kommune::{Gap, Guess, Head, Kind, Spot, Words, stems};

/// More names with typing errors than this are not looked up: each is compared with a part of the register.
const MOST_TYPOS: usize = 12;

impl Reader<'_, '_> {
    /// "der Fürther Ausländerbeirat", "Hanaus Stadtverordnetenversammlung".
    pub(super) fn adjective_at(&self, i: usize) -> Option<Place> {
        let words = &self.text.words;
        let body = self
            .bodies
            .binary_search_by_key(&(i + 1), |body| body.words.start)
            .ok()?;
        let attached = words.gap(i + 1) == Gap::BLANK || words.gap(i + 1) == Gap::LINE;
        if !attached || !(self.text.flat || words.is_capital(i)) {
            return None;
        }
        let spot = stems(words.word(i))
            .iter()
            .filter(|stem| !lexicon::is_ordinary(stem))
            .find_map(|stem| self.register.whole_spot(&Words::of(stem)))?;
        if self.person.iter().any(|part| part == words.word(i)) {
            return None;
        }
        let mut beside = self.beside(&(i..i + 1), None);
        beside.body = Some(body);
        let spot = Spot {
            words: i..i + 1,
            name: i..i + 1,
            base_end: i + 1,
            ..spot
        };
        Some(self.weighed(spot, &beside))
    }

    /// An unknown name where a place must stand: behind a kind word or a body.
    pub(super) fn typo_at(&mut self, i: usize) -> Option<Place> {
        let text = self.text;
        let words = &text.words;
        let kind = Kind::of(words.word(i)).map(|(kind, _)| kind);
        let start = match kind {
            Some(_) => i + 1,
            None => i,
        };
        if kind.is_none() && !self.is_near_body(i) {
            return None;
        }
        let named = start < words.len()
            && (text.flat && words.word(start).len() > 3 || words.is_capital(start))
            && !lexicon::is_noun(words.word(start))
            && !self.bodies.iter().any(|body| body.words.contains(&start))
            && Kind::of(words.word(start)).is_none();
        if !named {
            return None;
        }
        let lead = if kind.is_some() { i } else { start };
        let beside = self.beside(&(lead..start + 1), None);
        let slot = match kind {
            Some(_) => words.gap(start) == Gap::BLANK || words.gap(start) == Gap::LINE,
            None => {
                beside.body.is_some_and(|body| {
                    self.bodies.get(body).is_some_and(|body| {
                        body.words.end <= start && text.same_clause(body.words.start, start)
                    })
                }) && !beside.article
            }
        };
        if !slot || self.typos >= MOST_TYPOS {
            return None;
        }
        self.typos += 1;
        let reach = (start + 1..words.len().min(start + 3))
            .take_while(|&j| {
                words.is_capital(j)
                    && !words
                        .gap(j)
                        .has(Gap::COMMA.or(Gap::STOP).or(Gap::BREAK).or(Gap::DOT))
            })
            .last()
            .map_or(start + 1, |j| j + 1);
        let head = Head::of(lead, start, kind);
        let (words_of, name, bearers, sure) = match self.register.near_spot(words, &head, reach) {
            Some(Guess { spot, sure, .. }) => (spot.words, spot.name, spot.bearers, sure),
            // without a kind word an unknown word behind a body may be anything
            None if kind.is_none() => return None,
            None => (lead..start + 1, start..start + 1, Vec::new(), false),
        };
        let weight = self.weight(&words_of, kind.is_some(), &beside);
        Some(Place {
            heard: words.source(words_of.clone()).to_owned(),
            name: words.joined(name).to_owned(),
            kind,
            doubtful: !sure,
            bearers,
            typo: true,
            weight,
            body: beside.body,
            listed: false,
            alternative: false,
            words: words_of,
        })
    }

    /// "die Stadt und der Landkreis Fürth": the first kind word shares the name.
    pub(super) fn share_kinds(&self, places: &mut Vec<Place>) {
        let words = &self.text.words;
        let mut i = 0;
        while let Some(place) = places.get(i) {
            let start = place.words.start;
            let shared = place.kind.and_then(|_| {
                (start.saturating_sub(5)..start).find_map(|at| {
                    let (kind, plural) = Kind::of(words.word(at))?;
                    let slash = words.gap(start) == Gap::SLASH;
                    let apart = (at + 1 < start || slash)
                        && self.is_listed(at + 1, start)
                        && Some(kind) != place.kind;
                    let lone = !plural && !places.iter().any(|other| other.words.contains(&at));
                    (apart && lone && (self.text.flat || words.is_capital(at)))
                        .then_some((at, kind))
                })
            });
            if let Some((at, kind)) = shared {
                let all = self.register.whole_spot(&Words::of(&place.name));
                let bearers: Vec<u32> = all
                    .map_or_else(Vec::new, |spot| spot.bearers)
                    .into_iter()
                    .filter(|&b| self.register.at(b).is_some_and(|k| kind.fits(k.art)))
                    .collect();
                let denied = bodies::is_denied(self.text, at, at + 1);
                let or = self
                    .text
                    .any(at..start, |word| matches!(word, "oder" | "bzw"))
                    || words.gap(start) == Gap::SLASH;
                let twin = Place {
                    words: at..at + 1,
                    heard: words.source(at..place.words.end).to_owned(),
                    kind: Some(kind),
                    doubtful: place.doubtful || bearers.is_empty(),
                    bearers,
                    weight: if denied {
                        Weight::Mentioned
                    } else {
                        place.weight
                    },
                    body: self.beside(&(at..at + 1), None).body.or(place.body),
                    ..place.clone()
                };
                if let Some(place) = places.get_mut(i) {
                    place.alternative |= or;
                }
                places.insert(i, twin);
                i += 1;
            }
            i += 1;
        }
    }
}
