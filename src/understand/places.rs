//! Municipalities that a text names, and how much speaks for each.

use std::ops::Range;

use super::bodies::Body;
use super::doubt::Doubt;
use super::evidence::{Sign, Signs};
use super::lexicon;
use super::mention::{self, Correction};
use super::text::Text;
use crate::kommune::{Gap, Kind, Register, Spot};

/// A name of a municipality, where it stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// with its kind word and qualifiers
    pub(super) words: Range<usize>,
    /// as it was written
    pub(super) heard: String,
    /// the folded name
    pub(super) name: String,
    pub(super) kind: Option<Kind>,
    /// its kind word is a plural and goes for those behind it, too
    pub(super) plural: bool,
    /// whom it may mean
    pub(super) bearers: Vec<u32>,
    /// why it stays open whom it means, whoever bears the name
    pub(super) doubt: Option<Doubt>,
    /// a letter or two were wrong
    pub(super) typo: bool,
    /// what speaks for it and against it
    pub(super) signs: Signs,
    /// the body it belongs to, by number
    pub(super) body: Option<usize>,
    /// "Fürth und Erlangen": a new one beside the one before it
    pub(super) listed: bool,
    /// nothing but a blank stands between it and the one before it
    pub(super) side_by_side: bool,
    /// an "oder" before it makes it an alternative
    pub(super) alternative: bool,
}

/// A name that is no place where it stands.
#[derive(Debug, Clone)]
pub(super) struct Aside {
    pub(super) at: usize,
    pub(super) heard: String,
    pub(super) signs: Signs,
    pub(super) body: Option<usize>,
}

/// More than this many of one mail are not read.
const MOST: usize = 200;

/// Reads the places of one text.
pub(super) struct Reader<'a, 'r> {
    pub(super) text: &'a Text<'a>,
    pub(super) register: &'r Register,
    pub(super) bodies: &'a [Body<'r>],
    /// words of the sender's name
    pub(super) person: &'a [String],
    /// how many unknown names were looked up
    pub(super) typos: usize,
    /// where the place before this one stands
    pub(super) last: Option<Range<usize>>,
    aside: Vec<Aside>,
}

/// More names than this that are no places are not kept for the account.
const MOST_ASIDE: usize = 12;

/// All places of a text, in their order, and the names that are none.
pub(super) fn read(
    text: &Text<'_>,
    register: &Register,
    bodies: &[Body<'_>],
    person: &[String],
) -> (Vec<Place>, Vec<Aside>) {
    let mut reader = Reader {
        text,
        register,
        bodies,
        person,
        typos: 0,
        last: None,
        aside: Vec::new(),
    };
    let mut places: Vec<Place> = Vec::new();
    let mut i = 0;
    while i < text.words.len() && places.len() < MOST {
        let found = reader.place_at(i, places.last());
        i = found
            .as_ref()
            .map_or(i + 1, |place| place.words.end.max(i + 1));
        if let Some(place) = found.as_ref().filter(|place| !place.typo) {
            reader.last = Some(place.words.clone());
        }
        places.extend(found);
    }
    if places.is_empty() {
        places.extend(reader.typo_behind_for());
    }
    reader.share_kinds(&mut places);
    reader.lend_names(&mut places);
    correct(text, &mut places);
    share_asking(&mut places);
    take_back(text, &mut places);
    (places, reader.aside)
}

/// "Euskirchen und Zülpich, Integrationsrat": what is asked for the last of a list is asked for all.
fn share_asking(places: &mut [Place]) {
    for i in (1..places.len()).rev() {
        let last = places.get(i).filter(|place| place.listed);
        let Some(signs) = last.map(|place| place.signs) else {
            continue;
        };
        if let Some(place) = places.get_mut(i - 1)
            && place.signs.counts()
            && signs.is_asked()
        {
            place.signs.inherit(signs);
        }
    }
}

/// "Hanau und Fulda. Für Hanau bitte doch nicht."
fn take_back(text: &Text<'_>, places: &mut [Place]) {
    for i in 1..places.len() {
        let (before, rest) = places.split_at_mut(i);
        let Some(denied) = rest.first().filter(|place| place.signs.has(Sign::Denied)) else {
            continue;
        };
        for place in before {
            let same = !place.bearers.is_empty()
                && place.bearers.iter().all(|b| denied.bearers.contains(b));
            let apart = !text.same_sentence(place.words.start, denied.words.start);
            place.signs.add_if(same && apart, Sign::Denied);
        }
    }
}

/// "Fürth, Quatsch, Erlangen"
fn correct(text: &Text<'_>, places: &mut [Place]) {
    for i in 1..places.len() {
        let Some(start) = places.get(i).map(|place| place.words.start) else {
            continue;
        };
        let from = match mention::correction(text, start) {
            Some(Correction::All) => 0,
            Some(Correction::Last) => i - 1,
            None => continue,
        };
        for place in places.get_mut(from..i).into_iter().flatten() {
            place.signs.add(Sign::Corrected);
        }
    }
}

impl Reader<'_, '_> {
    fn place_at(&mut self, i: usize, before: Option<&Place>) -> Option<Place> {
        let words = &self.text.words;
        match self.register.spot_at(words, i) {
            Some(mut spot) => {
                let beside = self.beside(&spot.words, before);
                self.share_plural(&mut spot, &beside);
                let signs = self.signs(&spot, &beside);
                if signs.as_place() > 0 {
                    return Some(self.weighed(spot, signs, &beside));
                }
                self.put_aside(&spot, signs, &beside);
                None
            }
            None => self
                .adjective_at(i)
                .or_else(|| self.typo_at(i, before))
                .or_else(|| self.unknown_at(i, before)),
        }
    }

    /// What stands round the words of a place.
    pub(super) fn beside(&self, place: &Range<usize>, before: Option<&Place>) -> Beside {
        let words = &self.text.words;
        let Range { start, end } = *place;
        let mut i = start;
        let mut article = false;
        let mut preposition = None;
        let attached = |i: usize| !words.gap(i).has(Gap::STOP.or(Gap::BREAK));
        while i > 0 && start - i < 5 && attached(i) && self.text.same_sentence(i, i - 1) {
            let word = words.word(i - 1);
            if !lexicon::is_glue(word) || self.body_ending_at(i).is_some() {
                break;
            }
            if i == start {
                article = lexicon::is_article(word);
            }
            if preposition.is_none() && (lexicon::is_preposition(word) || word == "im") {
                preposition = Some(i - 1);
            }
            i -= 1;
        }
        let joined = attached(i) && (i == 0 || self.text.same_sentence(start, i - 1));
        // a council behind which a comma or a line stands is the end of another thing
        let close = |body: &usize| {
            let body = self.bodies.get(*body);
            body.is_some_and(|body| body.is_beirat() || nearness(words.gap(i)) > 1)
        };
        let body_before = self
            .body_ending_at(i)
            .filter(close)
            .filter(|_| joined)
            .map(|body| self.present(body));
        let body_behind = self
            .bodies
            .binary_search_by_key(&end, |body| body.words.start)
            .ok()
            .filter(|_| attached(end) && self.text.same_sentence(start, end));
        let body = match (body_before, body_behind) {
            (Some(_), Some(behind)) if nearness(words.gap(end)) > nearness(words.gap(i)) => {
                Some(behind)
            }
            (before, behind) => before.or(behind),
        };
        let side_by_side = before.is_some_and(|before| self.is_side_by_side(before, start));
        let listed =
            side_by_side || before.is_some_and(|before| self.is_listed(before.words.end, start));
        Beside {
            direct: i == start,
            article: article
                || start > 0
                    && lexicon::is_article(words.word(start - 1))
                    && self.text.same_sentence(start, start - 1),
            preposition,
            body,
            before: body.is_some() && body == body_before,
            listed: before.filter(|_| listed).cloned(),
            side_by_side,
        }
    }

    /// "Dreieich Rodgau": a list without commas, or a town and its part.
    fn is_side_by_side(&self, before: &Place, start: usize) -> bool {
        let is_gemeinde = |&b: &u32| self.register.at(b).is_some_and(|k| k.art.is_gemeinde());
        before.words.end == start
            && self.text.words.between(start) == " "
            && before.signs.counts()
            && before.kind != Some(Kind::Kreis)
            && before.bearers.iter().any(is_gemeinde)
    }

    pub(super) fn body_ending_at(&self, i: usize) -> Option<usize> {
        let found = self.bodies.binary_search_by_key(&i, |body| body.words.end);
        found.ok()
    }

    /// Of "Integrationsbeirat (früher Ausländerbeirat)" the first.
    fn present(&self, body: usize) -> usize {
        let of = |i: usize| self.bodies.get(i);
        let past = of(body).is_some_and(|body| !body.counts());
        let before = body.checked_sub(1).filter(|&i| {
            of(i).zip(of(body)).is_some_and(|(a, b)| {
                a.counts()
                    && b.words.start - a.words.end <= 2
                    && self.text.same_sentence(a.words.start, b.words.start)
            })
        });
        before.filter(|_| past).unwrap_or(body)
    }

    /// The body that stands before the word `i`, a few small words apart at most.
    pub(super) fn is_near_body(&self, i: usize) -> bool {
        let before = self.bodies.partition_point(|body| body.words.end <= i);
        let body = before.checked_sub(1).and_then(|at| self.bodies.get(at));
        body.is_some_and(|body| i - body.words.end <= 4)
    }

    /// Whether only commas, "und" and small words stand between two places.
    pub(super) fn is_listed(&self, from: usize, to: usize) -> bool {
        let words = &self.text.words;
        const NEVER: Gap = Gap::STOP.or(Gap::BREAK).or(Gap::COLON).or(Gap::OPEN);
        let joins = |word: &str| {
            matches!(
                word,
                "und" | "sowie" | "oder" | "bzw" | "u" | "and" | "or" | "auch" | "plus" | "als"
            )
        };
        let sign = words.between(to).contains(['+', '&']);
        let told = from == to
            && (sign || words.gap(to).has(Gap::COMMA.or(Gap::SLASH).or(Gap::LINE)))
            || (from..to).any(|i| joins(words.word(i)));
        from <= to
            && to - from <= 5
            && told
            && (from..=to).all(|i| !words.gap(i).has(NEVER))
            && (from..to).all(|i| {
                let word = words.word(i);
                // "Herne oder doch Herten"
                let wavers = i > from && matches!(word, "doch" | "eher" | "vielleicht" | "gar");
                joins(word) || lexicon::is_glue(word) || wavers
            })
    }

    /// "die Landkreise Cham und Schwandorf"
    fn share_plural(&self, spot: &mut Spot, beside: &Beside) {
        let plural = beside.listed.as_ref().filter(|other| other.plural);
        let Some(kind) = plural.and_then(|other| other.kind) else {
            return;
        };
        let fits = |b: &u32| self.register.at(*b).is_some_and(|k| kind.fits(k.art));
        if spot.kind.is_none() && spot.bearers.iter().any(fits) {
            spot.bearers.retain(fits);
            spot.kind = Some((kind, true));
        }
    }

    /// Keeps a name that is no place for the account; what only looks like one is left out.
    fn put_aside(&mut self, spot: &Spot, signs: Signs, beside: &Beside) {
        let known = |aside: &Aside, heard: &str| aside.heard == heard;
        let heard = self.text.words.source(spot.words.clone());
        let telling = !signs.has(Sign::Common) && heard.len() > 2;
        if telling && self.aside.len() < MOST_ASIDE && !self.aside.iter().any(|a| known(a, heard)) {
            self.aside.push(Aside {
                at: spot.words.start,
                heard: heard.to_owned(),
                signs,
                body: beside.body,
            });
        }
    }

    pub(super) fn weighed(&self, spot: Spot, signs: Signs, beside: &Beside) -> Place {
        let words = &self.text.words;
        let start = spot.words.start;
        Place {
            heard: heard(words.source(spot.words.clone())),
            name: words.joined(spot.name.clone()).to_owned(),
            kind: spot.kind.map(|(kind, _)| kind),
            plural: spot.kind.is_some_and(|(_, plural)| plural),
            doubt: self.doubt(&spot),
            typo: false,
            signs,
            body: beside
                .body
                .or_else(|| beside.listed.as_ref().and_then(|other| other.body)),
            listed: beside.listed.is_some(),
            side_by_side: beside.side_by_side,
            alternative: beside.listed.as_ref().is_some_and(|other| {
                self.text.any(other.words.end..start, |word| {
                    matches!(word, "oder" | "bzw" | "or")
                }) || words.gap(start) == Gap::SLASH
            }),
            bearers: spot.bearers,
            words: spot.words,
        }
    }
}

/// What stands round a place.
pub(super) struct Beside {
    /// nothing stands between it and its body
    pub(super) direct: bool,
    /// an article stands before it
    pub(super) article: bool,
    /// a preposition before it
    pub(super) preposition: Option<usize>,
    /// the body it belongs to
    pub(super) body: Option<usize>,
    /// that body stands before it
    pub(super) before: bool,
    /// the place before it in a list
    pub(super) listed: Option<Place>,
    /// nothing but a blank stands between the two
    pub(super) side_by_side: bool,
}

/// With the bracket that its last word leaves open.
fn heard(source: &str) -> String {
    let open = source.contains('(') && !source.contains(')');
    format!("{source}{}", if open { ")" } else { "" })
}

/// How closely two words stand together.
pub(super) fn nearness(gap: Gap) -> u8 {
    if gap.has(Gap::LINE) {
        0
    } else if gap.has(Gap::COMMA.or(Gap::DASH).or(Gap::CELL)) {
        1
    } else {
        2
    }
}
