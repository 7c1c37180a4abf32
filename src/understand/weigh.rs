//! Gathers the evidence for and against a name of a municipality, where it stands.

use std::ops::Range;

use super::evidence::{Sign, Signs};
use super::places::{Beside, Reader, nearness};
use super::{lexicon, mention};
use crate::kommune::{Bearing, Case, Gap, Spot};

impl Reader<'_, '_> {
    /// All that speaks for the name at a spot and against it.
    pub(super) fn signs(&self, spot: &Spot, beside: &Beside) -> Signs {
        let mut signs = self.cues(&spot.words, spot.kind.is_some(), beside);
        self.standing(spot, beside, &mut signs);
        self.shape(spot, &mut signs);
        if spot.kind.is_none() && spot.words.start == spot.name.start {
            self.bearer(spot, beside, &mut signs);
        }
        signs.add_if(self.is_address_of_a_machine(&spot.name), Sign::Address);
        // most names in a long text are ordinary words: its sentences are not read for them
        if signs.as_place() > 0 {
            self.set_aside(&spot.words, beside, &mut signs);
        }
        signs
    }

    /// As [`Self::signs`], for what is a place in any case.
    pub(super) fn asking(&self, place: &Range<usize>, kind: bool, beside: &Beside) -> Signs {
        let mut signs = self.cues(place, kind, beside);
        self.set_aside(place, beside, &mut signs);
        signs
    }

    /// Where it stands, and what stands beside it.
    fn standing(&self, spot: &Spot, beside: &Beside, signs: &mut Signs) {
        let words = &self.text.words;
        let Range { start, .. } = spot.name;
        let labelled = start > 0 && lexicon::is_label(words.word(start - 1));
        signs.add_if(
            spot.words.start < start && spot.kind.is_none(),
            Sign::PostalCode,
        );
        signs.add_if(labelled, Sign::Label);
        signs.add_if(spot.told, Sign::Addition);
        let led = !beside.article
            && beside.preposition.is_some()
            && beside.preposition == spot.words.start.checked_sub(1);
        signs.add_if(led, Sign::Preposition);
        let shown = words.case(start) != Case::Small || self.text.flat;
        signs.add_if(shown && self.text.is_line(&spot.words), Sign::OwnLine);
        let listed = beside.listed.as_ref();
        let listed = listed.is_some_and(|other| other.signs.counts());
        signs.add_if(listed && self.is_list(spot), Sign::Listed);
    }

    /// "Hanau, Essen und Kassel", but not "Friedrichshafen, Bodensee": a word that may be
    /// anything needs an "und" or a further name.
    fn is_list(&self, spot: &Spot) -> bool {
        let words = &self.text.words;
        let Range { start, end } = spot.words;
        let joins = |word: &str| matches!(word, "und" | "sowie" | "u" | "and" | "oder");
        let next = end + usize::from(joins(words.word(end)));
        !lexicon::is_ordinary(words.joined(spot.name.clone()))
            || !words.gap(start).has(Gap::COMMA)
            || self.register.spot_at(words, next).is_some()
    }

    /// How it is written, and what else the word may be.
    fn shape(&self, spot: &Spot, signs: &mut Signs) {
        let words = &self.text.words;
        let Range { start, end } = spot.name;
        let base = words.joined(start..spot.base_end);
        let told = spot.told && words.word(end - 1) != "stadt";
        let small = words.case(start) == Case::Small;
        if !told && lexicon::is_ordinary(base) {
            signs.add(Sign::Ordinary);
            signs.add_if(self.text.flat, Sign::Flat);
            signs.add_if(
                (self.text.flat || small) && lexicon::is_common(base),
                Sign::Common,
            );
        }
        signs.add_if(small && !self.text.flat, Sign::Small);
        signs.add_if(spot.bond == Bearing::Partly, Sign::Part);
        signs.add_if(spot.bond == Bearing::Kennzeichen, Sign::Plate);

        let before = start > 0 && words.gap(start) == Gap::HYPHEN;
        let behind = end < words.len() && words.gap(end) == Gap::HYPHEN;
        signs.add_if(before || behind, Sign::Glued);
    }

    /// A person, an institution or a street of that name.
    fn bearer(&self, spot: &Spot, beside: &Beside, signs: &mut Signs) {
        let words = &self.text.words;
        let Range { start, end } = spot.name;
        let name = words.joined(spot.name.clone());
        let before = match start.checked_sub(1) {
            Some(i) if self.text.same_clause(i, start) && !words.gap(start).has(Gap::LINE) => {
                words.word(i)
            }
            _ => "",
        };
        let own = self.person.iter().any(|part| part == name) && beside.body.is_none();
        signs.add_if(own, Sign::Sender);
        signs.add_if(lexicon::is_person_before(before), Sign::Person);
        let plain = words.gap(start) == Gap::BLANK || words.gap(start) == Gap::HYPHEN;
        let after = plain && lexicon::is_named_after_places(before)
            || words.gap(end) == Gap::HYPHEN && lexicon::is_named_after_places(words.word(end));
        signs.add_if(after, Sign::NamedAfter);
        let street = words.gap(end) != Gap::LINE
            && lexicon::is_street_word(words.word(end))
            && words.case(end + 1) == Case::Digits;
        signs.add_if(street, Sign::Street);
    }

    /// What asks for the name, right beside it.
    fn cues(&self, place: &Range<usize>, kind: bool, beside: &Beside) -> Signs {
        let mut signs = Signs::default();
        signs.add(Sign::Named);
        signs.add_if(kind, Sign::Kind);
        let text = self.text;
        let Range { start, end } = *place;
        let clause = text.clause(start);
        let preposition = beside.preposition.map_or("", |i| text.words.word(i));
        signs.add_if(matches!(preposition, "fuer" | "fur" | "for"), Sign::For);
        let of_us = beside.preposition.is_some_and(|i| {
            matches!(preposition, "in" | "aus" | "von" | "im" | "nach")
                && i > clause.start
                && matches!(text.words.word(i - 1), "uns" | "wir" | "hier")
                && (!text.any(clause.clone(), lexicon::is_perfect)
                    || text.any(clause.clone(), lexicon::requests))
        });
        signs.add_if(of_us, Sign::OfUs);
        let home = !beside.article
            && beside
                .preposition
                .is_some_and(|i| i + 1 == start && mention::is_home(text, i));
        signs.add_if(home && beside.body.is_none(), Sign::Home);
        let at = end + usize::from(text.words.word(end) == "bitte");
        let too = matches!(
            text.words.word(at),
            "auch" | "ebenfalls" | "ebenso" | "genauso"
        ) && text.same_clause(start, at);
        signs.add_if(too, Sign::Too);
        let needs = lexicon::is_needed(text.words.word(end)) && text.same_clause(start, end);
        signs.add_if(
            needs && !text.any(end..clause.end, |word| word == "nicht"),
            Sign::Needs,
        );
        match &beside.listed {
            Some(listed) if beside.body.is_none() => signs.inherit(listed.signs),
            _ => self.body_signs(place, beside, &mut signs),
        }
        signs
    }

    /// What the body beside it says.
    fn body_signs(&self, place: &Range<usize>, beside: &Beside, signs: &mut Signs) {
        let text = self.text;
        let Range { start, end } = *place;
        let Some(body) = beside.body.and_then(|i| self.bodies.get(i)) else {
            return;
        };
        if !body.counts() {
            // a corrected body still tells its place: "Ausländerbeirat Hanau, nein, Integrationsbeirat"
            signs.add(match body.signs.has(Sign::Corrected) {
                true => Sign::BodyBefore,
                false => Sign::BodySetAside,
            });
            return;
        }
        let clause = text.clause(start);
        let near = clause.start.max(start.saturating_sub(6))..start;
        let member = text.any(near, lexicon::is_member);
        let name = text.words.joined(place.clone());
        let loose = lexicon::is_ordinary(name) && nearness(text.words.gap(end)) <= 1
            || text.words.gap(end).has(Gap::COLON);
        let bound = (beside.direct || !beside.article) && (!loose || beside.before);
        signs.add(match (bound, member) {
            (_, true) => Sign::Member,
            (true, _) if beside.direct => Sign::AtBody,
            (true, _) => Sign::NearBody,
            (false, _) => Sign::BodyBefore,
        });
        signs.add_if(body.signs.has(Sign::For), Sign::BodyAsked);
    }

    /// What makes it a name that is merely mentioned.
    fn set_aside(&self, place: &Range<usize>, beside: &Beside, signs: &mut Signs) {
        let text = self.text;
        let Range { start, end } = *place;
        let instead = mention::instead(text, start)
            .is_some_and(|i| self.last.as_ref().is_none_or(|last| last.start <= i));
        signs.add_if(
            instead || mention::is_denied(text, start, end) || mention::is_mistaken(text, start),
            Sign::Denied,
        );
        signs.add_if(mention::is_letterhead(text, place), Sign::Letterhead);
        let body = beside.body.and_then(|i| self.bodies.get(i));
        let told =
            body.is_some_and(|body| body.counts() && text.same_sentence(body.words.start, start));
        let asked = beside
            .preposition
            .is_some_and(|i| matches!(text.words.word(i), "fuer" | "fur" | "for"));
        let loosely = !beside.before && nearness(text.words.gap(end)) <= 1;
        let listed = beside.listed.as_ref();
        if (body.is_none() || loosely) && !listed.is_some_and(|other| other.signs.counts()) {
            let lives = mention::is_somewhere(text, start);
            signs.add_if(lives && !asked, Sign::Lives);
            signs.add_if(
                !asked && mention::is_mentioned(text, start),
                Sign::Mentioned,
            );
        }
        let near = mention::is_near(text, start, end) && !beside.before;
        signs.add_if(mention::is_later(text, start, end), Sign::Later);
        signs.add_if(near, Sign::Beside);
        signs.add_if(mention::is_thanked(text, start), Sign::Thanked);
        let reach = if body.is_none() { 6 } else { 0 };
        signs.add_if(mention::is_compared(text, start, reach), Sign::Compared);
        signs.add_if(!told && mention::reports(text, start), Sign::Reported);
        let named = |i: usize| self.bodies.iter().any(|body| body.words.start == i);
        let bare = signs.as_asked() == 1 && !signs.has(Sign::Home) && !text.is_line(place);
        signs.add_if(bare && mention::is_idle(text, start, named), Sign::Idle);
    }

    /// Part of a mail address or of a host's name.
    fn is_address_of_a_machine(&self, name: &Range<usize>) -> bool {
        let words = &self.text.words;
        let mail = words.gap(name.start).has(Gap::AT) || words.gap(name.end).has(Gap::AT);
        let host = |i: usize| i > 0 && i < words.len() && words.between(i) == ".";
        let long = |i: usize| words.word(i).len() > 1;
        mail || host(name.end) && words.case(name.end) == Case::Small && long(name.end)
            || host(name.start)
                && words.case(name.start) == Case::Small
                && long(name.start.saturating_sub(1))
    }
}
