//! From the places of a text to those that are asked for.

use super::bodies::Body;
use super::doubt::Doubt;
use super::evidence::{ASKED, Sign, Signs};
use super::lexicon;
use super::mention::{self, is_denied};
use super::places::{self, Aside, Place};
use super::text::Text;
use crate::kommune::{Bearing, Case, Gap, Guess, Kind, Register, Schluessel, Words, land_of};

/// A text with all that is named in it.
#[derive(Debug)]
pub(super) struct Reading<'t, 'r> {
    pub(super) text: Text<'t>,
    pub(super) bodies: Vec<Body<'r>>,
    pub(super) places: Vec<Place>,
    /// names that are no places where they stand
    pub(super) aside: Vec<Aside>,
}

/// A municipality that is asked for, perhaps one of several.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) heard: String,
    pub(super) kind: Option<Kind>,
    pub(super) bearers: Vec<u32>,
    /// why there is more than one way to understand it, whatever its bearers
    pub(super) doubt: Option<Doubt>,
    /// what speaks for its being asked for, in words
    pub(super) said_of: String,
    pub(super) typo: bool,
    /// the body beside it, by number
    pub(super) body: Option<usize>,
    /// where it stands
    pub(super) at: usize,
}

impl<'t, 'r> Reading<'t, 'r> {
    pub(super) fn of(text: &'t str, register: &'r Register, person: &[String]) -> Self {
        let text = Text::of(text);
        let mut bodies = super::bodies::read(&text, register);
        let (mut places, aside) = places::read(&text, register, &bodies, person);
        mention::choose_of_two(&text, &mut bodies, &mut places);
        mention::set_bodies_aside(&text, &mut bodies, &places, &aside);
        Self {
            text,
            bodies,
            places,
            aside,
        }
    }

    /// As [`Self::of`], for a signature: an address counts, a bare name may be a person's.
    pub(super) fn of_signature(text: &'t str, register: &'r Register, person: &[String]) -> Self {
        let mut reading = Self::of(text, register, person);
        let words = &reading.text.words;
        reading.places.retain_mut(|place| {
            let coded = words.case(place.words.start) == Case::Digits;
            if coded && place.signs.has(Sign::Letterhead) {
                place.signs = Signs::default();
                place.signs.add(Sign::Named);
                place.signs.add(Sign::PostalCode);
                return true;
            }
            place.signs.as_asked() > 1
        });
        // the office's own place, not the town where it sits
        let is_seat = |place: &Place| lexicon::is_seat(words.word(place.words.start));
        if reading.places.iter().any(is_seat) {
            reading.places.retain(is_seat);
        }
        reading
    }

    /// The municipalities asked for, in the order named.
    pub(super) fn targets(&self, register: &Register) -> Vec<Target> {
        let mut places = self.places.clone();
        qualify_by_kreise(&mut places, &self.text, register);
        places.retain(|place| place.signs.counts());
        let Some(top) = places.iter().map(|place| place.signs.as_asked()).max() else {
            return Vec::new();
        };
        let least = top.min(ASKED);
        let (mut asked, others): (Vec<Place>, Vec<Place>) = places
            .into_iter()
            .partition(|place| place.signs.as_asked() >= least);
        if asked.iter().any(|place| !place.typo) {
            asked.retain(|place| {
                !place.typo || place.kind.is_some() || place.doubt.is_none() || place.listed
            });
        }
        let mut targets: Vec<Target> = Vec::new();
        for place in &asked {
            merge(&mut targets, place, true, self);
        }
        for place in &others {
            merge(&mut targets, place, false, self);
        }
        let doubt = self.doubt(&asked, targets.len() > 1, least < ASKED);
        for target in &mut targets {
            target.doubt = target.doubt.or(doubt);
        }
        if let [target] = targets.as_mut_slice() {
            self.apply_lone_kreis(target, register);
        }
        targets
    }

    /// Why it stays open which of the places are meant.
    fn doubt(&self, asked: &[Place], several: bool, weak: bool) -> Option<Doubt> {
        let words = &self.text.words;
        let all = |i: usize| {
            lexicon::is_all_of_them(words.joined(i..i + 2))
                || lexicon::is_group(words.word(i)) && Kind::of(words.word(i + 1)).is_some()
        };
        let open = |place: &Place| {
            let sentence = self.text.sentence(place.words.start);
            several && lexicon::is_undecided(words, sentence)
        };
        let rows = [
            (asked.iter().any(|place| place.alternative), Doubt::Or),
            (
                asked.iter().any(|place| place.side_by_side)
                    && asked.iter().filter(|place| place.listed).count() < 2,
                Doubt::SideBySide,
            ),
            (several && weak && !self.is_one_list(asked), Doubt::Several),
            (
                (0..words.len()).any(all) || !several && self.is_of_several_bodies(asked),
                Doubt::All,
            ),
            (
                (self.places.iter())
                    .any(|place| place.signs.counts() && place.doubt == Some(Doubt::Perhaps)),
                Doubt::Perhaps,
            ),
            (
                self.is_kind_undecided() || asked.iter().any(open),
                Doubt::Undecided,
            ),
        ];
        rows.into_iter()
            .find_map(|(holds, doubt)| holds.then_some(doubt))
    }

    /// "die Ausländerbeiräte im Main-Kinzig-Kreis"
    fn is_of_several_bodies(&self, asked: &[Place]) -> bool {
        asked.iter().any(|place| {
            let body = place.body.and_then(|i| self.bodies.get(i));
            let plural = body.is_some_and(|body| {
                let word = self.text.words.word(body.words.start);
                body.words.end <= place.words.start
                    && matches!(self.text.words.word(body.words.end), "im" | "in")
                    && (word.ends_with("raete") || word.ends_with("ausschuesse"))
            });
            plural && self.names_kreis(place)
        })
    }

    /// Whether only a Kreis can be meant.
    fn names_kreis(&self, place: &Place) -> bool {
        place.kind == Some(Kind::Kreis) || place.name.ends_with("kreis")
    }

    /// Whether all stand in one sentence.
    fn is_one_list(&self, places: &[Place]) -> bool {
        places.windows(2).all(|pair| match pair {
            [a, b] => {
                self.text.same_sentence(a.words.start, b.words.start)
                    && self.text.any(a.words.end..b.words.start + 1, |word| {
                        matches!(word, "und" | "sowie" | "u" | "and")
                    })
                    || a.name == b.name
                    || b.words.start == a.words.end
            }
            _ => true,
        })
    }

    /// "Ausländerbeirat Fürth. Gemeint ist der Landkreis." makes a bare name the Kreis;
    /// a Landkreis in passing leaves it in doubt.
    fn apply_lone_kreis(&self, target: &mut Target, register: &Register) {
        let is_kreis = |b: &u32| register.at(*b).is_some_and(|k| k.art.is_kreis());
        if target.kind.is_some() || !target.bearers.iter().any(is_kreis) {
            return;
        }
        let Some(i) = self.lone_kreis() else { return };
        let clause = self.text.clause(i);
        if self.text.any(clause, |word| {
            matches!(word, "gemeint" | "meine" | "meinen" | "fuer" | "um")
        }) {
            target.bearers.retain(is_kreis);
            target.kind = Some(Kind::Kreis);
        } else {
            target.doubt = Some(Doubt::KreisInPassing);
        }
    }

    /// Whether a Landkreis is asked for without its name.
    pub(super) fn asks_for_kreis(&self) -> bool {
        self.lone_kreis().is_some()
    }

    fn lone_kreis(&self) -> Option<usize> {
        let words = &self.text.words;
        (0..words.len()).find(|&i| {
            matches!(words.word(i), "landkreis" | "landkreises" | "lk" | "lkr")
                && !is_denied(&self.text, i, i + 1)
                && !self.places.iter().any(|place| place.words.contains(&i))
        })
    }

    /// "ob Stadt oder Landkreis"
    fn is_kind_undecided(&self) -> bool {
        let words = &self.text.words;
        (0..words.len()).any(|i| {
            // the river is no conjunction: "Stadt Schwedt/Oder, Landkreis Uckermark"
            let named = || self.places.iter().any(|place| place.words.contains(&i));
            matches!(words.word(i), "oder" | "or" | "bzw") && !named() && {
                let said =
                    |at: usize| Kind::of(words.word(at)).map(|(kind, _)| kind == Kind::Kreis);
                let before = (i.saturating_sub(3)..i).rev().find_map(said);
                let behind = (i + 1..words.len().min(i + 4)).find_map(said);
                before.zip(behind).is_some_and(|(a, b)| a != b)
            }
        })
    }

    /// Keeps those bearers that a state named anywhere in the text leaves.
    pub(super) fn narrow_by_land(&self, bearers: &mut Vec<u32>, register: &Register) {
        let words = &self.text.words;
        for i in 0..words.len() {
            for end in [i + 2, i + 1] {
                let text = words.joined(i..end);
                let Some(land) = land_of(text).filter(|_| text.len() > 2) else {
                    continue;
                };
                let within = |bearer: &u32| register.at(*bearer).is_some_and(|k| k.land == land);
                if bearers.iter().any(within) {
                    bearers.retain(within);
                }
                break;
            }
        }
    }

    /// Names in passing: candidates of a question, nothing more.
    pub(super) fn idle(&self) -> Vec<Target> {
        let mut targets: Vec<Target> = Vec::new();
        for place in self
            .places
            .iter()
            .filter(|place| place.signs.has(Sign::Idle) && place.signs.without(Sign::Idle).counts())
        {
            let mut place = place.clone();
            place.doubt = place.doubt.or(Some(Doubt::Idle));
            merge(&mut targets, &place, true, self);
        }
        targets
    }

    /// What speaks for a place's being asked for, in words.
    fn said_of(&self, place: &Place) -> String {
        let body = place.body.and_then(|i| self.bodies.get(i));
        let body = body.map_or("", |body| self.text.words.source(body.words.clone()));
        let signs = place.signs;
        let sum = signs.as_asked();
        let points = if sum == 1 { "Punkt" } else { "Punkte" };
        format!("{sum} {points}, {}", signs.tell_asked(body))
    }

    /// Whether anything in the text asks for something.
    pub(super) fn requests(&self) -> bool {
        self.text.any(0..self.text.words.len(), lexicon::requests)
    }
}

/// A Kreis that only says where another place lies is not asked for.
fn qualify_by_kreise(places: &mut [Place], text: &Text<'_>, register: &Register) {
    for k in 0..places.len() {
        let Some(kreis) = places.get(k).cloned() else {
            continue;
        };
        let is_kreis = |b: &u32| register.at(*b).is_some_and(|k| k.art.is_kreis());
        let asked = kreis.signs.is_asked() && !stands_behind(places, k, text);
        let only_says_where = !asked
            && !kreis.alternative
            && !kreis.listed
            && !kreis.bearers.is_empty()
            && kreis.bearers.iter().all(is_kreis);
        if !only_says_where {
            continue;
        }
        let lies = |bearer: &u32| {
            kreis.bearers.iter().any(|kreis| {
                let both = register.at(*bearer).zip(register.at(*kreis));
                both.is_some_and(|(kommune, kreis)| register.lies_in(kommune, kreis))
            })
        };
        let mut used = false;
        for place in places.iter_mut() {
            if place.signs.counts() && place.bearers.iter().any(lies) {
                place.bearers.retain(lies);
                used = true;
            }
        }
        if let Some(kreis) = places.get_mut(k).filter(|_| used) {
            kreis.signs.add(Sign::Mentioned);
        }
    }
}

/// "der Integrationsrat der Stadt Herzogenrath in der Städteregion", "der Rheiner
/// Integrationsrat, Kreis Steinfurt": whether the Kreis `k` stands behind the place before it
/// or that one's body, and nothing else asks for it.
fn stands_behind(places: &[Place], k: usize, text: &Text<'_>) -> bool {
    let both = k
        .checked_sub(1)
        .and_then(|i| places.get(i))
        .zip(places.get(k));
    both.is_some_and(|(place, kreis)| {
        let between = place.words.end..kreis.words.start;
        let first = text.words.word(between.start);
        let within = matches!(first, "in" | "im") && between.len() <= 2;
        let of_its_body = kreis.body.is_some()
            && kreis.body == place.body
            && !text.any(between, |word| {
                matches!(
                    word,
                    "und" | "sowie" | "u" | "and" | "oder" | "fuer" | "auch"
                )
            });
        (within || of_its_body) && !kreis.signs.has(Sign::For) && !kreis.signs.has(Sign::Too)
    })
}

/// Adds a place to the target it names again, or as a new one if `new` are wanted.
fn merge(targets: &mut Vec<Target>, place: &Place, new: bool, reading: &Reading<'_, '_>) {
    let is_kreis = |kind: Option<Kind>| kind == Some(Kind::Kreis);
    let same = targets.iter_mut().find(|target| {
        let shared = target.bearers.iter().any(|b| place.bearers.contains(b));
        let apart = match (target.kind, place.kind) {
            (Some(a), Some(b)) => is_kreis(Some(a)) != is_kreis(Some(b)),
            (a, b) if a != b && place.signs.has(Sign::Too) => true,
            (a, b) => {
                let other_level = is_kreis(a) || is_kreis(b);
                other_level && place.listed
                    || other_level
                        && target.body.is_some()
                        && place.body.is_some()
                        && target.body != place.body
            }
        };
        shared && !apart && place.doubt.is_none()
    });
    match same {
        Some(target) => {
            target.bearers.retain(|b| place.bearers.contains(b));
            target.kind = target.kind.or(place.kind);
            target.body = target.body.or(place.body);
        }
        None if new => targets.push(Target {
            heard: place.heard.clone(),
            kind: place.kind,
            bearers: place.bearers.clone(),
            doubt: place.doubt,
            said_of: reading.said_of(place),
            typo: place.typo,
            body: place.body,
            at: place.words.start,
        }),
        None => {}
    }
}

/// What a text of its own, such as the value of a field, may mean.
pub(super) fn named_by(value: &str, kind: Option<Kind>, register: &Register) -> Vec<Target> {
    let words = Words::of(value);
    let whole = register.whole_spot(&words);
    let key = Schluessel::parse(value).and_then(|key| register.place_of(&key));
    let target =
        |heard: &str, bearers: Vec<u32>, doubt: Option<Doubt>, typo: bool, said: Option<Kind>| {
            Target {
                heard: heard.to_owned(),
                kind: said.or(kind),
                bearers,
                doubt,
                said_of: String::new(),
                typo,
                body: None,
                at: 0,
            }
        };
    if let Some(one) = key {
        return vec![target(value, vec![one], None, false, None)];
    }
    if let Some(spot) = whole {
        let said = spot.kind.map(|(kind, _)| kind);
        let former = spot.bond == Bearing::Formerly;
        let mut doubt = (spot.conflict.then_some(Doubt::Contradiction))
            .or(former.then_some(Doubt::Former))
            .or(spot.is_doubtful().then_some(Doubt::Spelling));
        let mut bearers = spot.bearers;
        // the field's own name says the kind where its value does not
        if let Some(kind) = kind.filter(|_| said.is_none()) {
            let fits = |b: &u32| register.at(*b).is_some_and(|k| kind.fits(k.art));
            if bearers.iter().any(fits) {
                bearers.retain(fits);
            } else {
                doubt = Some(Doubt::Contradiction);
            }
        }
        return vec![target(value, bearers, doubt, false, said)];
    }
    let said = Kind::of(words.word(0)).map(|(kind, _)| kind);
    let from = usize::from(said.is_some());
    let guess = register.near_whole(&words, from, said.or(kind));
    let misspelt = |guess: Option<Guess>| {
        let doubt =
            Some(Doubt::Spelling).filter(|_| guess.as_ref().is_none_or(|guess| !guess.sure));
        let bearers = guess.map_or_else(Vec::new, |guess| guess.spot.bearers);
        target(value, bearers, doubt, true, said)
    };
    // all of it misspelt before a part of it as it stands: "Wentrof bei Hamburg"
    if guess.as_ref().is_some_and(|guess| guess.sure && guess.firm) {
        return vec![misspelt(guess)];
    }
    let reading = Reading::of(value, register, &[]);
    let mut several = reading.targets(register);
    // what stands in brackets behind an unknown name only tells it from others
    several.retain(|target| target.at == 0 || !words.gap(target.at).has(Gap::OPEN));
    if !several.is_empty() {
        return several
            .into_iter()
            .map(|target| Target {
                kind: target.kind.or(kind),
                body: None,
                ..target
            })
            .collect();
    }
    vec![misspelt(guess)]
}
