//! Which motion a thread is about, and replies that want another.

use super::correct::SHORT;
use super::followed::Said;
use super::lines::{Block, Earlier, Line, note_template, template_line};
use super::picks::Picks;
use super::thread::Reply;
use super::{Topic, Understanding, offer};
use crate::template::TemplateId;

/// The motion that the thread is about, if it is named.
pub(super) fn motion_of(earlier: &Earlier) -> Option<TemplateId> {
    motion_named(&earlier.request)
}

/// The motion that a reply picks of those shown.
pub(super) fn picked_motion(picks: &Picks, earlier: &Earlier) -> Option<TemplateId> {
    let mut first = 1;
    for question in &earlier.asked {
        if question.topic == Topic::Template
            && let [choice] = picks.of(question, first, &earlier.asked).as_slice()
        {
            return choice
                .line
                .strip_prefix("Vorlage: ")
                .and_then(TemplateId::parse);
        }
        first += question.candidates.len();
    }
    None
}

/// The motion that a request names.
pub(super) fn motion_named(request: &[Block]) -> Option<TemplateId> {
    let lines = request.iter().flatten();
    let mut named = lines.filter_map(|line| match line {
        Line::Settled(Topic::Template, line) => line.strip_prefix("Vorlage: "),
        _ => None,
    });
    named.next().and_then(TemplateId::parse)
}

impl Reply<'_, '_, '_> {
    /// A new request; the motion of the thread goes on if it only answers or corrects.
    pub(super) fn with_motion(&self, mut whole: Understanding) -> Option<Understanding> {
        let id = motion_of(self.earlier)?;
        let goes_on = match self.earlier.asked.is_empty() {
            true => self.corrects(),
            false => !self.names_motion(),
        };
        if whole.template.is_some() {
            return None;
        }
        if goes_on {
            whole.template = Some(id);
        } else {
            // the one of the thread, or the one of those who name none
            whole.wishes.clear();
            whole.questions.push(offer::question_of_all(self.offers));
        }
        note_template(&mut whole);
        Some(whole)
    }

    /// Another motion than that of the thread.
    pub(super) fn other_motion(&self) -> Said {
        if let Some(id) = self.turns_to() {
            return Said::Lines(vec![template_line(&id)]);
        }
        let text = &self.reading.text;
        if self.offers.len() < 2 || text.words.len() > 2 * SHORT {
            return Said::Nothing;
        }
        let current = self.motion();
        let mut others = self
            .offers
            .iter()
            .filter(|offer| Some(&offer.id) != current);
        match (others.next(), others.next()) {
            (Some(other), None) if offer::asks_for_other(text) => {
                Said::Lines(vec![template_line(&other.id)])
            }
            _ if offer::asks_for_other(text) || offer::says_other(text) => {
                Said::Question(offer::question_of_all(self.offers))
            }
            _ => Said::Nothing,
        }
    }

    /// The other motion that it names; among answers only if it says little else: it may be
    /// what a further field is to say.
    pub(super) fn turns_to(&self) -> Option<TemplateId> {
        let brief = self.earlier.asked.is_empty() || self.reading.text.words.len() <= 2 * SHORT;
        let named = self.own.template.clone().filter(|_| brief);
        named.filter(|id| Some(id) != self.motion())
    }

    /// The motion of the thread, the default one if it names none.
    fn motion(&self) -> Option<&TemplateId> {
        let default = self.offers.iter().find(|offer| offer.default);
        self.named_motion
            .as_ref()
            .or(default.map(|offer| &offer.id))
    }
}
