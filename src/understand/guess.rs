//! Places that are not named as the register names them: "der Fürther Beirat",
//! "Stuttgrat", "die Stadt und der Landkreis Fürth".

use super::doubt::Doubt;
use super::evidence::Sign;
use super::lexicon;
use super::places::{Place, Reader};
use crate::kommune::{Case, Gap, Guess, Head, Kind, Spot, Words, stems};

/// More names with typing errors than this are not looked up: each is compared with a part of the register.
const MOST_TYPOS: usize = 12;

/// No ordinary word of so many letters is a municipality's name but for one letter.
const LONG: usize = 9;

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
        let signs = self.signs(&spot, &beside);
        Some(self.weighed(spot, signs, &beside))
    }

    /// An unknown name where a place must stand: behind a kind word or a body.
    pub(super) fn typo_at(&mut self, i: usize, before: Option<&Place>) -> Option<Place> {
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
            && !lexicon::is_street(words.word(start))
            && !lexicon::is_street_word(words.word(start + 1))
            && !self.bodies.iter().any(|body| body.words.contains(&start))
            && Kind::of(words.word(start)).is_none();
        if !named {
            return None;
        }
        let lead = if kind.is_some() { i } else { start };
        let beside = self.beside(&(lead..start + 1), before);
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
        let contradicted = self.is_contradicted(words_of.end, &bearers);
        let doubt =
            (contradicted.then_some(Doubt::Contradiction)).or((!sure).then_some(Doubt::Spelling));
        let signs = self.asking(&words_of, kind.is_some(), &beside);
        Some(Place {
            heard: words.source(words_of.clone()).to_owned(),
            name: words.joined(name).to_owned(),
            words: words_of,
            kind,
            doubt,
            bearers,
            typo: true,
            signs,
            body: beside
                .body
                .or_else(|| beside.listed.as_ref().and_then(|other| other.body)),
            listed: beside.listed.is_some(),
            plural: false,
            side_by_side: false,
            alternative: false,
        })
    }

    /// "für Gelsenkirchn", where the text names no place at all.
    pub(super) fn typo_behind_for(&mut self) -> Option<Place> {
        let text = self.text;
        let words = &text.words;
        (1..words.len()).find_map(|i| {
            let asked = matches!(words.word(i - 1), "fuer" | "fur") && words.gap(i) == Gap::BLANK;
            let named = asked
                && words.is_capital(i)
                && !text.flat
                && !lexicon::is_noun(words.word(i))
                && Kind::of(words.word(i)).is_none()
                && !self.bodies.iter().any(|body| body.words.contains(&i));
            if !named || self.typos >= MOST_TYPOS {
                return None;
            }
            self.typos += 1;
            let guess = self
                .register
                .near_spot(words, &Head::of(i, i, None), i + 1)?;
            // a short word may be anything
            let sure = guess.sure && guess.firm && words.word(i).len() >= LONG;
            let beside = self.beside(&guess.spot.words, None);
            let signs = self.asking(&guess.spot.words, false, &beside);
            Some(Place {
                typo: true,
                doubt: (!sure).then_some(Doubt::Spelling),
                ..self.weighed(guess.spot, signs, &beside)
            })
        })
    }

    /// "Marburg, Gladenbach und Oberquellhausen": the last of a list that no register has.
    fn unknown_name(&self, i: usize, before: &Place) -> bool {
        let words = &self.text.words;
        let ends = i + 1 >= words.len()
            || words.gap(i + 1) != Gap::BLANK
            || words.case(i + 1) == Case::Small;
        let and = i > 0 && matches!(words.word(i - 1), "und" | "sowie");
        and && ends
            && before.signs.is_asked()
            && before.words.end + 1 == i
            && words.gap(i) == Gap::BLANK
            && self.is_unknown_name(i)
            && !self.bodies.iter().any(|body| body.words.contains(&i))
    }

    pub(super) fn unknown_at(&mut self, i: usize, before: Option<&Place>) -> Option<Place> {
        let before = before.filter(|before| self.unknown_name(i, before))?;
        if self.typos >= MOST_TYPOS {
            return None;
        }
        self.typos += 1;
        let words = &self.text.words;
        let head = Head::of(i, i, None);
        let guess = self.register.near_spot(words, &head, i + 1);
        let sure = guess.as_ref().is_some_and(|guess| guess.sure);
        Some(Place {
            words: i..i + 1,
            heard: words.source(i..i + 1).to_owned(),
            name: words.word(i).to_owned(),
            kind: None,
            plural: false,
            doubt: (!sure).then_some(Doubt::Spelling),
            bearers: guess.map_or_else(Vec::new, |guess| guess.spot.bearers),
            typo: true,
            listed: true,
            ..before.clone()
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
                let bearers = self.bearers_of_kind(place, kind);
                let beside = self.beside(&(at..at + 1), None);
                let own = self.asking(&(at..at + 1), true, &beside);
                let mut signs = place.signs;
                signs.inherit(own);
                let or = self
                    .text
                    .any(at..start, |word| matches!(word, "oder" | "bzw"))
                    || words.gap(start) == Gap::SLASH;
                let twin = Place {
                    words: at..at + 1,
                    heard: words.source(at..place.words.end).to_owned(),
                    kind: Some(kind),
                    doubt: place
                        .doubt
                        .or(bearers.is_empty().then_some(Doubt::Contradiction)),
                    bearers,
                    signs,
                    body: beside.body.or(place.body),
                    listed: true,
                    ..place.clone()
                };
                if let Some(place) = places.get_mut(i) {
                    place.alternative |= or;
                    place.listed = true;
                    if own.counts() {
                        place.signs.inherit(own);
                    }
                }
                places.insert(i, twin);
                i += 1;
            }
            i += 1;
        }
    }

    /// "Stadt Fürth und der Landkreis", "Fürth, also der Landkreis": a kind word behind takes
    /// the name from the place before it.
    pub(super) fn lend_names(&self, places: &mut Vec<Place>) {
        let words = &self.text.words;
        let mut i = 0;
        while let Some(place) = places.get(i) {
            let from = place.words.end;
            let until = places
                .get(i + 1)
                .map_or(words.len(), |next| next.words.start);
            let found = (from..until.min(from + 8)).find_map(|at| {
                let (kind, _) = Kind::of(words.word(at)).filter(|(_, plural)| !plural)?;
                Some((at, kind))
            });
            let link = found.and_then(|(at, kind)| {
                let shown = self.text.flat || words.is_capital(at);
                let link = self.link(from, at).filter(|_| shown)?;
                Some((at, kind, link))
            });
            i += 1;
            let Some((at, kind, link)) = link else {
                continue;
            };
            let mut other = self.of_kind(place, kind, at);
            match link {
                Link::New => places.insert(i, other),
                Link::Instead => {
                    other.signs = place.signs.without(Sign::Denied);
                    places.insert(i, other);
                }
                Link::Same if place.kind.is_none() => {
                    if let Some(place) = places.get_mut(i - 1) {
                        *place = Place {
                            words: place.words.start..at + 1,
                            listed: place.listed,
                            side_by_side: place.side_by_side,
                            ..other
                        };
                    }
                }
                Link::Same => {}
            }
        }
    }

    /// Who bears the place's name and is of the kind.
    fn bearers_of_kind(&self, place: &Place, kind: Kind) -> Vec<u32> {
        let spot = self.register.whole_spot(&Words::of(&place.name));
        let mut bearers = spot.map_or_else(Vec::new, |spot| spot.bearers);
        bearers.retain(|&b| self.register.at(b).is_some_and(|k| kind.fits(k.art)));
        bearers
    }

    /// The place of the same name and another kind.
    fn of_kind(&self, place: &Place, kind: Kind, at: usize) -> Place {
        let bearers = self.bearers_of_kind(place, kind);
        let mut signs = place.signs;
        signs.add(Sign::Kind);
        Place {
            words: at..at + 1,
            heard: self.text.words.source(place.words.start..at + 1).to_owned(),
            kind: Some(kind),
            doubt: bearers.is_empty().then_some(Doubt::Contradiction),
            bearers,
            signs,
            listed: true,
            ..place.clone()
        }
    }

    /// How a lone kind word at `at` belongs to the place that ends at `from`.
    fn link(&self, from: usize, at: usize) -> Option<Link> {
        let words = &self.text.words;
        let apart = (from..=at).any(|i| words.gap(i).has(Gap::STOP.or(Gap::BREAK)));
        let small = |word: &str| {
            lexicon::is_glue(word)
                || lexicon::is_article(word)
                || lexicon::links(word)
                || word == "an"
        };
        if from >= at && !words.gap(at).has(Gap::COMMA)
            || apart
            || !(from..at).all(|i| small(words.word(i)))
            || !self.text.same_sentence(from.saturating_sub(1), at)
        {
            return None;
        }
        let has = |wanted: &[&str]| self.text.any(from..at, |word| wanted.contains(&word));
        if has(&["nicht", "kein", "keine"]) {
            return None;
        }
        if has(&["sondern"]) {
            return Some(Link::Instead);
        }
        if has(&["und", "sowie", "plus", "auch"]) && !has(&["zwar"]) {
            return Some(Link::New);
        }
        has(&["also", "zwar", "naemlich", "gemeint", "heisst", "meine"]).then_some(Link::Same)
    }
}

/// What a kind word behind a place does with its name.
enum Link {
    /// "und der Landkreis"
    New,
    /// "sondern der Landkreis"
    Instead,
    /// "also der Landkreis"
    Same,
}
