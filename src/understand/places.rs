//! Municipalities that a text names, and how much speaks for each.

use std::ops::Range;

use super::bodies::{self, Body};
use super::lexicon;
use super::text::Text;
use crate::kommune::{Bearing, Case, Gap, Kind, Register, Spot, land_of};

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
    /// whom it may mean
    pub(super) bearers: Vec<u32>,
    /// what stands beside the name contradicts it, or it is known by a former name only
    pub(super) doubtful: bool,
    /// a letter or two were wrong
    pub(super) typo: bool,
    pub(super) weight: Weight,
    /// the body it belongs to, by number
    pub(super) body: Option<usize>,
    /// "Fürth und Erlangen": a new one beside the one before it
    pub(super) listed: bool,
    /// an "oder" before it makes it an alternative
    pub(super) alternative: bool,
}

/// How much speaks for a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// denied, or where somebody lives
    Mentioned,
    /// it stands in the text
    Bare,
    /// with its kind: "die Stadt Fürth"
    Kind,
    /// asked for, or with its body: "für Fürth", "Ausländerbeirat Fürth"
    Asked,
    /// "für den Ausländerbeirat der Stadt Fürth"
    Both,
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
}

/// All places of a text, in their order.
pub(super) fn read(
    text: &Text<'_>,
    register: &Register,
    bodies: &[Body<'_>],
    person: &[String],
) -> Vec<Place> {
    let mut reader = Reader {
        text,
        register,
        bodies,
        person,
        typos: 0,
    };
    let mut places: Vec<Place> = Vec::new();
    let mut i = 0;
    while i < text.words.len() && places.len() < MOST {
        let found = reader.place_at(i, places.last());
        i = found
            .as_ref()
            .map_or(i + 1, |place| place.words.end.max(i + 1));
        places.extend(found);
    }
    reader.share_kinds(&mut places);
    places
}

impl Reader<'_, '_> {
    fn place_at(&mut self, i: usize, before: Option<&Place>) -> Option<Place> {
        let words = &self.text.words;
        match self.register.spot_at(words, i) {
            Some(spot) => {
                let beside = self.beside(&spot.words, before);
                self.is_place(&spot, &beside)
                    .then(|| self.weighed(spot, &beside))
            }
            None => self.adjective_at(i).or_else(|| self.typo_at(i)),
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
            .filter(|_| attached(end));
        let body = match (body_before, body_behind) {
            (Some(_), Some(behind)) if nearness(words.gap(end)) > nearness(words.gap(i)) => {
                Some(behind)
            }
            (before, behind) => before.or(behind),
        };
        let listed = before.is_some_and(|before| self.is_listed(before.words.end, start));
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
        }
    }

    fn body_ending_at(&self, i: usize) -> Option<usize> {
        let found = self.bodies.binary_search_by_key(&i, |body| body.words.end);
        found.ok()
    }

    /// Of "Integrationsbeirat (früher Ausländerbeirat)" the first.
    fn present(&self, body: usize) -> usize {
        let of = |i: usize| self.bodies.get(i);
        let past = of(body).is_some_and(|body| body.weight == 0);
        let before = body.checked_sub(1).filter(|&i| {
            of(i).zip(of(body)).is_some_and(|(a, b)| {
                a.weight > 0
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
                "und" | "sowie" | "oder" | "bzw" | "u" | "and" | "or" | "auch"
            )
        };
        let told = from == to && words.gap(to).has(Gap::COMMA.or(Gap::SLASH).or(Gap::LINE))
            || (from..to).any(|i| joins(words.word(i)));
        from <= to
            && to - from <= 5
            && told
            && (from..=to).all(|i| !words.gap(i).has(NEVER))
            && (from..to).all(|i| joins(words.word(i)) || lexicon::is_glue(words.word(i)))
    }

    /// Whether the name is used as a place here.
    fn is_place(&self, spot: &Spot, beside: &Beside) -> bool {
        let words = &self.text.words;
        let Range { start, end } = spot.name;
        if self.is_address_of_a_machine(&spot.name) || self.is_person(spot, beside) {
            return false;
        }
        let glued_before = words.gap(start) == Gap::HYPHEN && start > 0;
        let glued_behind = words.gap(end) == Gap::HYPHEN && end < words.len();
        if (glued_before || glued_behind) && spot.kind.is_none() && beside.body.is_none() {
            return false;
        }
        let base = words.joined(start..spot.base_end);
        let ordinary = lexicon::is_ordinary(base) && (!spot.told || words.word(end - 1) == "stadt");
        let labelled = start > 0 && matches!(words.word(start - 1), "kommune" | "kommunen" | "ort");
        let said = spot.kind.is_some() || spot.words.start < start || labelled;
        let small = words.case(start) == Case::Small;
        let lone = self.text.is_line(&spot.words);
        let closely = !ordinary
            || nearness(words.gap(end)) > 1 && !words.gap(end).has(Gap::COLON)
            || beside.before;
        let bound = beside.body.is_some() && (beside.direct || !beside.article) && closely;
        let led = !beside.article
            && beside.preposition == spot.words.start.checked_sub(1)
            && beside.preposition.is_some();
        let listed = beside
            .listed
            .as_ref()
            .is_some_and(|other| other.weight > Weight::Mentioned);
        if spot.bond == Bearing::Partly {
            return spot.kind.is_some() || beside.body.is_some() && beside.direct;
        }
        match (ordinary, small && !self.text.flat, self.text.flat) {
            _ if said || spot.told && !ordinary => true,
            (true, true, _) => false,
            (true, _, true) => spot.told && (led || bound) || lone,
            (true, ..) => bound || led || lone || listed,
            (false, true, _) => bound || led,
            (false, ..) => true,
        }
    }

    /// Part of a mail address or of a host's name.
    fn is_address_of_a_machine(&self, name: &Range<usize>) -> bool {
        let words = &self.text.words;
        let mail = words.gap(name.start).has(Gap::AT) || words.gap(name.end).has(Gap::AT);
        let host = |i: usize| i > 0 && i < words.len() && words.gap(i) == Gap::DOT;
        let long = |i: usize| words.word(i).len() > 1;
        mail || host(name.end) && words.case(name.end) == Case::Small && long(name.end)
            || host(name.start)
                && words.case(name.start) == Case::Small
                && long(name.start.saturating_sub(1))
    }

    /// A surname, or what is named after a place.
    fn is_person(&self, spot: &Spot, beside: &Beside) -> bool {
        if spot.kind.is_some() || spot.words.start < spot.name.start {
            return false;
        }
        let words = &self.text.words;
        let start = spot.name.start;
        let name = words.joined(spot.name.clone());
        let before = match start.checked_sub(1) {
            Some(i) if self.text.same_clause(i, start) && !words.gap(start).has(Gap::LINE) => {
                words.word(i)
            }
            _ => "",
        };
        let own = self.person.iter().any(|part| part == name) && beside.body.is_none();
        own || lexicon::is_person_before(before)
            || words.gap(start) == Gap::BLANK && lexicon::is_named_after_places(before)
    }

    pub(super) fn weighed(&self, spot: Spot, beside: &Beside) -> Place {
        let words = &self.text.words;
        let weight = self.weight(&spot.words, spot.kind.is_some(), beside);
        let start = spot.words.start;
        Place {
            heard: heard(words.source(spot.words.clone())),
            name: words.joined(spot.name.clone()).to_owned(),
            kind: spot.kind.map(|(kind, _)| kind),
            doubtful: spot.is_doubtful()
                || self.is_town_and_country(start)
                || self.is_glued(&spot)
                || self.is_state(&spot),
            typo: false,
            weight,
            body: beside
                .body
                .or_else(|| beside.listed.as_ref().and_then(|other| other.body)),
            listed: beside.listed.is_some(),
            alternative: beside.listed.as_ref().is_some_and(|other| {
                self.text.any(other.words.end..start, |word| {
                    matches!(word, "oder" | "bzw" | "or")
                }) || words.gap(start) == Gap::SLASH
            }),
            bearers: spot.bearers,
            words: spot.words,
        }
    }

    /// A hyphen ties the name to another: a part of the town, or another place altogether
    /// ("Ulm-Söflingen", "Mainz-Spessart-Kreis").
    fn is_glued(&self, spot: &Spot) -> bool {
        let words = &self.text.words;
        let is_foreign = |i: usize| {
            let body = self.bodies.iter().any(|body| body.words.contains(&i));
            let word = words.word(i);
            !body && !lexicon::is_called_motion(word) && Kind::of(word).is_none()
        };
        let Range { start, end } = spot.words;
        start > 0 && words.gap(start) == Gap::HYPHEN && is_foreign(start - 1)
            || end < words.len() && words.gap(end) == Gap::HYPHEN && is_foreign(end)
    }

    /// "in Brandenburg" may be the state as well as the town.
    fn is_state(&self, spot: &Spot) -> bool {
        let base = self.text.words.joined(spot.name.start..spot.base_end);
        let bearer = spot.bearers.first().and_then(|&b| self.register.at(b));
        let city = bearer.is_some_and(|kommune| kommune.land.name() == kommune.name);
        spot.kind.is_none() && !spot.told && !city && land_of(base).is_some()
    }

    /// "Stadt und Land Rosenheim"
    fn is_town_and_country(&self, start: usize) -> bool {
        let before = start.saturating_sub(3)..start;
        matches!(
            self.text.words.joined(before),
            "stadt und land" | "stadt oder land"
        )
    }

    pub(super) fn weight(&self, place: &Range<usize>, kind: bool, beside: &Beside) -> Weight {
        let Range { start, end } = *place;
        let text = self.text;
        if bodies::is_denied(text, start, end) || self.is_letterhead(place) {
            return Weight::Mentioned;
        }
        let clause = text.clause(start);
        let near = clause.start.max(start.saturating_sub(6))..start;
        let body = beside.body.and_then(|i| self.bodies.get(i));
        let body_told =
            body.is_some_and(|body| body.weight > 0 && text.same_sentence(body.words.start, start));
        if body.is_none() && text.any(clause.clone(), lexicon::lives)
            || body.is_none() && text.any(near.clone(), lexicon::only_mentions)
            || text.any(near.start.max(start.saturating_sub(3))..start, |word| {
                word == "wie"
            })
            || !body_told && bodies::reports(text, start)
        {
            return Weight::Mentioned;
        }
        if let Some(listed) = &beside.listed
            && (listed.weight == Weight::Mentioned || beside.body.is_none())
        {
            return listed.weight;
        }
        let asked = beside
            .preposition
            .is_some_and(|i| matches!(text.words.word(i), "fuer" | "fur" | "for"));
        let of_us = beside.preposition.is_some_and(|i| {
            matches!(text.words.word(i), "in" | "aus" | "von")
                && i > clause.start
                && matches!(text.words.word(i - 1), "uns" | "wir")
                && !text.any(clause.clone(), lexicon::is_perfect)
        });
        let too = matches!(
            text.words.word(end),
            "auch" | "ebenfalls" | "ebenso" | "genauso"
        ) && text.same_clause(start, end);
        match body {
            Some(body) if body.weight > 2 => Weight::Both,
            Some(body) if body.weight == 0 => Weight::Mentioned,
            Some(_)
                if text.any(near, |word| {
                    matches!(word, "mitglied" | "bin" | "vorsitzende" | "vorsitzender")
                }) =>
            {
                Weight::Kind
            }
            Some(_) => Weight::Asked,
            None if asked || too || of_us => Weight::Asked,
            None if kind => Weight::Kind,
            None => Weight::Bare,
        }
    }

    /// A postal code and a place beside a street, or in a line of several cells.
    fn is_letterhead(&self, place: &Range<usize>) -> bool {
        let words = &self.text.words;
        if words.case(place.start) != Case::Digits {
            return false;
        }
        let line = self.text.line(place.start);
        let above = self.text.line(line.start.saturating_sub(1));
        let street = |range: Range<usize>| {
            range
                .into_iter()
                .any(|i| lexicon::is_street(words.word(i)) && words.case(i + 1) == Case::Digits)
        };
        street(line.clone())
            || street(above)
            || line.into_iter().any(|i| words.gap(i).has(Gap::CELL))
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
}

/// With the bracket that its last word leaves open.
fn heard(source: &str) -> String {
    let open = source.contains('(') && !source.contains(')');
    format!("{source}{}", if open { ")" } else { "" })
}

/// How closely two words stand together.
fn nearness(gap: Gap) -> u8 {
    if gap.has(Gap::LINE) {
        0
    } else if gap.has(Gap::COMMA.or(Gap::DASH).or(Gap::CELL)) {
        1
    } else {
        2
    }
}
