//! Answers: a mail of a thread in which something was asked or sent before.
//!
//! What it picks or names takes the place of what was open or is corrected; the request
//! completed like that is read as its lines would be if they came by one of the links. So an
//! answer, a link and a request written by hand end in the same motion.

use jiff::civil::Date;

use super::followed::{Followed, Said};
use super::lines::{Block, Earlier, Line, completed, fill, template_line};
use super::motion::{motion_named, motion_of, picked_motion};
use super::narrow::{self, Narrowed};
use super::picks::{self, Picks};
use super::targets::Reading;
use super::{
    Question, Told, Topic, Understanding, fields, further, lexicon, offer, purpose, question, read,
};
use crate::kommune::Register;
use crate::template::{Feld, Offer, TemplateId};

/// Reads a mail of a thread as an answer or a correction; `None` if it is neither.
pub(super) fn follow(
    told: &Told<'_>,
    register: &Register,
    offers: &[Offer],
    earlier: &Earlier,
) -> Option<Understanding> {
    // what the person newly wrote, without what may fill its gaps
    let reading = Reading::of(told.new, register, told.person);
    let picks = picks::read(&reading.text, &earlier.asked, told.person);
    let motion = motion_of(earlier).or_else(|| picked_motion(&picks, earlier));
    let bare = Told {
        subject: "",
        signature: "",
        motion: motion.as_ref(),
        ..*told
    };
    let reply = Reply {
        own: read(&bare, register, offers),
        felder: offer::felder(offers, motion.as_ref()),
        offers,
        named_motion: motion.clone(),
        today: told.today,
        picks,
        reading,
        earlier,
        register,
    };
    if reply.own.help_asked && reply.asks_for_help() {
        return Some(reply.helped());
    }
    let all = reply.asked_bearers();
    if reply.own.is_complete() && !reply.is_asked_again(&all) {
        return reply.with_motion(read(told, register, offers));
    }
    let followed = if earlier.asked.is_empty() {
        reply.correction()
    } else {
        reply.answer(told.new, &all)
    };
    let followed = followed.map(|followed| reply.finish(followed, offers));
    match followed.filter(|understanding| !reply.repeats(understanding, offers)) {
        Some(understanding) => Some(understanding),
        None if earlier.asked.is_empty() && reply.picks.is_assent() => Some(Understanding {
            nothing_asked: true,
            evidence: vec!["Die Mail bestätigt nur, was geschickt wurde.".to_owned()],
            ..Understanding::default()
        }),
        None => None,
    }
}

/// A mail beside what went before.
pub(super) struct Reply<'a, 't, 'r> {
    /// what it says by itself
    pub(super) own: Understanding,
    /// the further fields of the thread's motion
    felder: &'a [Feld],
    pub(super) offers: &'a [Offer],
    /// the motion that the thread names
    pub(super) named_motion: Option<TemplateId>,
    today: Option<Date>,
    /// what it picks of the candidates shown
    pub(super) picks: Picks,
    pub(super) reading: Reading<'t, 'r>,
    pub(super) earlier: &'a Earlier,
    pub(super) register: &'r Register,
}

impl Understanding {
    fn is_complete(&self) -> bool {
        self.questions.is_empty() && !self.wishes.is_empty()
    }

    /// The different lines that settle a topic.
    pub(super) fn lines(&self, topic: &Topic) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for line in self.request.iter().flatten() {
            match line {
                Line::Settled(of, line) if of == topic && !lines.contains(line) => {
                    lines.push(line.clone());
                }
                _ => {}
            }
        }
        lines
    }

    /// A question about words it says.
    pub(super) fn question(&self, topic: &Topic) -> Option<&Question> {
        self.questions.iter().find(|question| {
            question.topic == *topic && (question.heard.is_some() || *topic == Topic::Rat)
        })
    }
}

impl Reply<'_, '_, '_> {
    /// All municipalities that the questions offer, by question.
    fn asked_bearers(&self) -> Vec<Vec<u32>> {
        let asked = self.earlier.asked.iter();
        asked
            .map(|question| question.bearers(self.register))
            .collect()
    }

    /// Whether the name that it repeats is the one that was asked about: whatever else it
    /// says, the question is not answered.
    fn is_asked_again(&self, all: &[Vec<u32>]) -> bool {
        all.iter().any(|list| {
            list.len() > 1
                && matches!(
                    narrow::among(list, &all.concat(), &self.reading, self.register),
                    Narrowed::To(left) if left.len() > 1
                )
        })
    }

    /// Whether its cry for help is no answer: the text of a further field may speak of help.
    fn asks_for_help(&self) -> bool {
        let mut asked = self.earlier.asked.iter();
        let words = self.reading.text.words.len();
        words <= purpose::CRY || !asked.any(|question| matches!(question.topic, Topic::Field(_)))
    }

    /// All that was open stays open.
    fn helped(self) -> Understanding {
        if self.earlier.asked.is_empty() {
            return self.own;
        }
        Understanding {
            template: self.named_motion,
            questions: self.earlier.asked.clone(),
            request: self.earlier.request.clone(),
            ..self.own
        }
    }

    pub(super) fn names_motion(&self) -> bool {
        let text = &self.reading.text;
        text.any(0..text.words.len(), lexicon::is_of_motions)
    }

    /// An answer to what was asked.
    fn answer(&self, new: &str, all: &[Vec<u32>]) -> Option<Followed> {
        let mut followed = Followed::new(self.earlier);
        let mut first = 1;
        let mut answered = false;
        for (question, list) in self.earlier.asked.iter().zip(all) {
            match self.said_to(question, first, list, &all.concat(), new) {
                Said::Lines(lines) => {
                    answered = true;
                    followed.evidence.push(format!(
                        "Die Mail antwortet auf die Rückfrage: {}.",
                        lines.join("; ")
                    ));
                    followed.request = fill(&followed.request, question, &lines);
                }
                Said::Question(other) => {
                    answered = true;
                    followed.reopen(question, other);
                }
                Said::Nothing => followed.questions.push(question.clone()),
            }
            first += question.candidates.len();
        }
        answered |= self.override_settled(&mut followed);
        if answered {
            // what was settled but called wrong is settled again
            let request = &followed.request;
            followed
                .questions
                .retain(|question| question.is_open_in(request));
        } else if self.own.nothing_asked {
            return None;
        }
        if !answered && self.picks.no {
            // "keine davon": then without these
            for question in &mut followed.questions {
                question.candidates.clear();
            }
        }
        Some(followed)
    }

    fn said_to(
        &self,
        question: &Question,
        first: usize,
        list: &[u32],
        all: &[u32],
        new: &str,
    ) -> Said {
        let picked = self.picks.of(question, first, &self.earlier.asked);
        let narrowed = match question.topic {
            Topic::Kommune => self.narrowed(list, all),
            _ => Narrowed::Not,
        };
        if !picked.is_empty() {
            let lines: Vec<String> = picked.iter().map(|choice| choice.line.clone()).collect();
            return match narrowed {
                Narrowed::To(left) | Narrowed::All(left)
                    if !lines.iter().all(|line| self.lines_of(&left).contains(line)) =>
                {
                    Said::Nothing
                }
                _ => several(question, lines),
            };
        }
        let text = &self.reading.text;
        if lexicon::is_undecided(&text.words, 0..text.words.len()) {
            return Said::Nothing;
        }
        match narrowed {
            Narrowed::All(left) => return several(question, self.lines_of(&left)),
            Narrowed::To(left) if left.len() == 1 => {
                return Said::Lines(self.lines_of(&left));
            }
            Narrowed::To(left) if left.len() == list.len() => return Said::Nothing,
            Narrowed::To(left) => {
                return Said::Question(question::about_kommune(
                    question.heard.clone(),
                    &left,
                    self.register,
                ));
            }
            Narrowed::Not => {}
        }
        self.named_for(question, new)
    }

    /// What it leaves of a list, or, if nothing fits, of all that bear the names of the list.
    fn narrowed(&self, list: &[u32], all: &[u32]) -> Narrowed {
        let narrowed = narrow::among(list, all, &self.reading, self.register);
        if narrowed != Narrowed::Not
            || list.is_empty()
            || !self.own.lines(&Topic::Kommune).is_empty()
        {
            return narrowed;
        }
        let kommunen = list.iter().filter_map(|&b| self.register.at(b));
        let mut wider: Vec<u32> = kommunen
            .flat_map(|kommune| question::namesakes(kommune, self.register))
            .collect();
        wider.sort_unstable();
        wider.dedup();
        narrow::among(&wider, &wider, &self.reading, self.register)
    }

    /// What it names by itself for a question.
    fn named_for(&self, question: &Question, new: &str) -> Said {
        let topic = &question.topic;
        let mut others = self.earlier.asked.iter();
        if others.any(|other| other != question && other.topic == *topic) {
            return Said::Nothing;
        }
        let lines = match (topic, &self.own.template) {
            (Topic::Template, Some(id)) => vec![template_line(id)],
            (Topic::Template, None) => {
                let meant = offer::meant(&self.reading.text, question, self.offers);
                meant
                    .map(|offer| template_line(&offer.id))
                    .into_iter()
                    .collect()
            }
            _ => self.own.lines(topic),
        };
        if !lines.is_empty() {
            return several(question, lines);
        }
        match topic {
            Topic::Kommune | Topic::Beirat | Topic::Rat => {
                let own = self.own.question(topic).cloned();
                own.map_or(Said::Nothing, Said::Question)
            }
            Topic::Field(name) => self.value_of(name, new),
            Topic::Template => Said::Nothing,
        }
    }

    /// What all of the text is for a further field.
    fn value_of(&self, name: &str, new: &str) -> Said {
        let Some(feld) = self.felder.iter().find(|feld| feld.name == name) else {
            return Said::Nothing;
        };
        let turns = self.turns_to().is_some();
        if self.own.nothing_asked || turns || !fields::read(new, self.felder).is_empty() {
            return Said::Nothing;
        }
        let alone = self.earlier.asked.len() == 1;
        match further::answered(feld, new, alone, self.today) {
            Some(Ok(line)) => Said::Lines(vec![line]),
            Some(Err(question)) => Said::Question(question),
            None => Said::Nothing,
        }
    }

    pub(super) fn lines_of(&self, bearers: &[u32]) -> Vec<String> {
        let kommunen = bearers.iter().filter_map(|&b| self.register.at(b));
        kommunen
            .map(|kommune| question::kommune_line(kommune, self.register))
            .collect()
    }

    /// Reads the request that the reply completes, or asks for the rest.
    fn finish(&self, followed: Followed, offers: &[Offer]) -> Understanding {
        let Followed {
            mut request,
            mut questions,
            mut evidence,
        } = followed;
        let motion = motion_named(&request);
        let felder = offer::felder(offers, motion.as_ref());
        let is_of_motion = |topic: &Topic| match topic {
            Topic::Field(name) => felder.iter().any(|feld| feld.name == *name),
            _ => true,
        };
        let chosen = !questions
            .iter()
            .any(|question| question.topic == Topic::Template);
        if chosen {
            // another motion may have other fields
            questions.retain(|question| is_of_motion(&question.topic));
            for block in &mut request {
                block.retain(|line| is_of_motion(line.topic()));
            }
        }
        if questions.is_empty() {
            let mut whole = read_lines(&request, self.register, offers);
            evidence.append(&mut whole.evidence);
            return Understanding { evidence, ..whole };
        }
        Understanding {
            template: motion,
            questions,
            request,
            evidence,
            ..Understanding::default()
        }
    }
}

/// Reads a request as if its lines came in a mail.
pub(super) fn read_lines(
    request: &[Block],
    register: &Register,
    offers: &[Offer],
) -> Understanding {
    let told = Told {
        new: &completed(request, None).join("\n"),
        ..Told::default()
    };
    read(&told, register, offers)
}

/// Several answers make several motions, but a motion has one council and one text.
fn several(question: &Question, lines: Vec<String>) -> Said {
    let one = matches!(
        question.topic,
        Topic::Rat | Topic::Template | Topic::Field(_)
    );
    if one && lines.len() > 1 {
        return Said::Nothing;
    }
    Said::Lines(lines)
}
