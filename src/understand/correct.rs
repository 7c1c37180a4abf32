//! Corrections: a mail that answers the documents sent, or names anew what was settled.

use std::collections::BTreeSet;

use super::followed::{Followed, Said};
use super::lines::{Block, Line};
use super::narrow::{self, Narrowed};
use super::thread::{Reply, read_lines};
use super::{Topic, Understanding, lexicon, question};
use crate::kommune::Kommune;
use crate::template::Offer;

/// The most words of a correction that does not call itself one.
pub(super) const SHORT: usize = 6;

impl Reply<'_, '_, '_> {
    /// Whether it calls itself a correction or an addition, or is too short for anything else.
    pub(super) fn corrects(&self) -> bool {
        let text = &self.reading.text;
        let count = text.words.len();
        text.any(0..count, lexicon::is_of_corrections) || count <= SHORT && !self.names_motion()
    }

    /// A correction of what was sent, or an addition to it: both are a motion of their own.
    pub(super) fn correction(&self) -> Option<Followed> {
        let text = &self.reading.text;
        let count = text.words.len();
        let objects = text.any(0..count, lexicon::objects);
        let asks = (0..=count).any(|i| text.words.between(i).contains('?'));
        let other = self.own.nothing_asked && !objects
            || !self.corrects() && !self.reading.requests()
            || asks && count > SHORT && !self.reading.requests();
        if other {
            return None;
        }
        let mut followed = Followed::new(self.earlier);
        let changed = if self.corrects() || self.turns_to().is_some() {
            self.override_settled(&mut followed) | self.reopen_named(&mut followed)
        } else {
            followed.replace(&Topic::Kommune, self.other_kommune(&self.earlier.request))
        };
        if changed {
            let what = "Die Mail berichtigt oder ergänzt, was zuletzt geschickt wurde.";
            followed.evidence.push(what.to_owned());
            return Some(followed);
        }
        if !self.picks.no {
            return None;
        }
        followed.questions = question::about_settled(&followed.request, self.register);
        followed
            .evidence
            .push("Die Mail sagt, dass etwas nicht stimmt.".to_owned());
        Some(followed)
    }

    /// What is settled already and named anew is as it is named now.
    pub(super) fn override_settled(&self, followed: &mut Followed) -> bool {
        let asked = |topic: &Topic| self.earlier.asked.iter().any(|q| q.topic == *topic);
        let mut changed = false;
        if !asked(&Topic::Template) {
            changed |= followed.replace(&Topic::Template, self.other_motion());
        }
        let further = self.own.request.iter().flatten().map(Line::topic);
        let further = further.filter(|topic| matches!(topic, Topic::Field(_)));
        let topics: BTreeSet<Topic> = [Topic::Kommune, Topic::Beirat, Topic::Rat]
            .into_iter()
            .chain(further.cloned())
            .collect();
        for topic in topics {
            if asked(&topic) {
                continue;
            }
            let said = match topic {
                Topic::Kommune => self.other_kommune(&followed.request),
                _ => Said::Nothing,
            };
            let said = match said {
                Said::Nothing => match self.own.lines(&topic) {
                    lines if lines.is_empty() => Said::Nothing,
                    lines => Said::Lines(lines),
                },
                said => said,
            };
            changed |= followed.replace(&topic, said);
        }
        changed
    }

    /// Another municipality than the settled one, told by what differs: "den Landkreis",
    /// "in Hessen", "nicht Stadtrat, sondern Kreistag".
    fn other_kommune(&self, request: &[Block]) -> Said {
        let mut settled: Vec<&Kommune> = Vec::new();
        for line in request.iter().flatten() {
            if let Line::Settled(Topic::Kommune, line) = line
                && let Some(kommune) = question::kommune_of(line, self.register)
                && !settled.contains(&kommune)
            {
                settled.push(kommune);
            }
        }
        let [current] = settled.as_slice() else {
            return Said::Nothing;
        };
        let namesakes = question::namesakes(current, self.register);
        let here = |b: &u32| self.register.at(*b).is_some_and(|k| k.land == current.land);
        let is_kreis = |b: &u32| self.register.at(*b).is_some_and(|k| k.art.is_kreis());
        let mut list = namesakes.clone();
        if !namesakes.iter().any(|b| here(b) && is_kreis(b)) {
            // the Kreis that bears another name is only a guess
            let kreis = current.kreis.as_ref();
            list.extend(kreis.and_then(|key| self.register.place_of(key)));
        }
        let narrowed = narrow::among(&list, &list, &self.reading, self.register);
        let (Narrowed::To(mut left) | Narrowed::All(mut left)) = narrowed else {
            return Said::Nothing;
        };
        if left.iter().any(|&b| self.register.at(b) == Some(*current)) {
            return Said::Nothing;
        }
        if left.iter().any(here) {
            left.retain(here);
        }
        let same = left.iter().all(|b| namesakes.contains(b));
        let heard = same.then(|| question::base_name(current, self.register));
        match self.register.by_far_the_largest(&left) {
            Some(one) if namesakes.contains(&one) => Said::Lines(self.lines_of(&[one])),
            _ => Said::Question(question::about_kommune(heard, &left, self.register)),
        }
    }

    /// Whether nothing differs from what was sent: then nothing was corrected.
    pub(super) fn repeats(&self, understanding: &Understanding, offers: &[Offer]) -> bool {
        if !self.earlier.asked.is_empty() || understanding.wishes.is_empty() {
            return false;
        }
        let sent = read_lines(&self.earlier.request, self.register, offers);
        sent.wishes == understanding.wishes && sent.template == understanding.template
    }

    /// Asks about what it names and leaves in doubt.
    fn reopen_named(&self, followed: &mut Followed) -> bool {
        let mut changed = false;
        let before = Followed::new(self.earlier);
        for topic in [Topic::Kommune, Topic::Beirat, Topic::Rat] {
            let settled = !self.own.lines(&topic).is_empty() || !followed.is_as_in(&before, &topic);
            if let Some(question) = self.own.question(&topic).filter(|_| !settled) {
                changed |= followed.replace(&topic, Said::Question(question.clone()));
            }
        }
        changed
    }
}
