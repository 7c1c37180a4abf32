//! Answers: a mail of a thread in which something was asked or sent before.
//!
//! What it picks or names takes the place of what was open or is corrected; the request
//! completed like that is read as its lines would be if they came by one of the links. So an
//! answer, a link and a request written by hand end in the same motion.

use serde::{Deserialize, Serialize};

use super::narrow::{self, Narrowed};
use super::picks::{self, Picks};
use super::targets::Reading;
use super::{Question, Told, Topic, Understanding, lexicon, question, read};
use crate::kommune::{Kommune, Register};
use crate::template::{Offer, TemplateId};

/// A line of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Line {
    /// "Kommune: Stadt Fürth (Bayern)"
    Settled(Topic, String),
    /// asked, with the words that raise the question
    Open(Topic, Option<String>),
}

/// The lines of one motion.
pub type Block = Vec<Line>;

/// What the last reply of a thread left: what was asked, or what was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// the request as far as it is settled
    pub request: Vec<Block>,
    /// the questions in the order shown; none if documents were sent
    pub asked: Vec<Question>,
    /// how many replies in a row have asked
    pub rounds: u32,
}

impl Line {
    /// What it is about.
    pub fn topic(&self) -> &Topic {
        match self {
            Self::Settled(topic, _) | Self::Open(topic, _) => topic,
        }
    }

    /// As it stands in a request; the writer fills in what is open.
    fn text(&self) -> Option<String> {
        match self {
            Self::Settled(_, line) => Some(line.clone()),
            Self::Open(topic, _) => topic.field().map(|field| format!("{field}: ")),
        }
    }
}

impl Topic {
    /// The name of the field that settles it; a motion is named only by one on offer.
    fn field(&self) -> Option<&str> {
        match self {
            Self::Kommune => Some("Kommune"),
            Self::Beirat => Some("Beirat"),
            Self::Rat => Some("Rat"),
            Self::Field(name) => Some(name),
            Self::Template => None,
        }
    }
}

/// The lines of a motion: for municipality, body and council the line or the question.
pub(super) fn block(lines: [Result<Option<String>, &Question>; 3]) -> Block {
    [Topic::Kommune, Topic::Beirat, Topic::Rat]
        .into_iter()
        .zip(lines)
        .filter_map(|(topic, line)| match line {
            Ok(line) => line.map(|line| Line::Settled(topic, line)),
            Err(question) => Some(Line::Open(topic, question.heard.clone())),
        })
        .collect()
}

/// The lines of a motion of which nothing is known.
pub(super) fn nothing_settled() -> Block {
    vec![
        Line::Open(Topic::Kommune, None),
        Line::Open(Topic::Beirat, None),
    ]
}

/// Notes the motion that is named among the lines of the request.
pub(super) fn note_template(understanding: &mut Understanding) {
    let asked = understanding
        .questions
        .iter()
        .find(|question| question.topic == Topic::Template);
    let line = match (&understanding.template, asked) {
        (_, Some(question)) => Line::Open(Topic::Template, question.heard.clone()),
        (Some(id), None) => Line::Settled(Topic::Template, template_line(id)),
        (None, None) => return,
    };
    if let Some(block) = understanding.request.first_mut() {
        block.push(line);
    }
}

fn template_line(id: &TemplateId) -> String {
    format!("Vorlage: {}", id.as_str())
}

/// The lines of a request in which a question is answered, for people to send.
pub fn completed(request: &[Block], answered: Option<(&Question, &str)>) -> Vec<String> {
    let request = match answered {
        Some((question, line)) => fill(request, question, &[line.to_owned()]),
        None => request.to_vec(),
    };
    let blocks = request
        .iter()
        .map(|block| -> Vec<String> { block.iter().filter_map(Line::text).collect() });
    let blocks: Vec<Vec<String>> = blocks.collect();
    blocks.join(&String::new())
}

/// Puts answers in the place of what a question is about; several make several motions.
fn fill(request: &[Block], question: &Question, answers: &[String]) -> Vec<Block> {
    let settled = |answer: &String| Line::Settled(question.topic.clone(), answer.clone());
    let open = question.is_open_in(request);
    let mut filled: Vec<Block> = Vec::new();
    for block in request {
        let at = block.iter().position(|line| match open {
            true => question.asks(line),
            false => *line.topic() == question.topic,
        });
        if at.is_none() && open {
            filled.push(block.clone());
            continue;
        }
        for answer in answers {
            let mut block = block.clone();
            match at.and_then(|at| block.get_mut(at)) {
                Some(line) => *line = settled(answer),
                None => block.push(settled(answer)),
            }
            block.sort_by(|a, b| a.topic().cmp(b.topic()));
            if !filled.contains(&block) {
                filled.push(block);
            }
        }
    }
    filled
}

/// Reads a mail of a thread as an answer or a correction; `None` if it is neither.
pub(super) fn follow(
    told: &Told<'_>,
    register: &Register,
    offers: &[Offer],
    earlier: &Earlier,
) -> Option<Understanding> {
    // what the person newly wrote, without what may fill its gaps
    let bare = Told {
        subject: "",
        signature: "",
        ..*told
    };
    let reading = Reading::of(told.new, register, told.person);
    let reply = Reply {
        own: read(&bare, register, offers),
        picks: picks::read(&reading.text, &earlier.asked, told.person),
        reading,
        earlier,
        register,
    };
    let all = reply.asked_bearers();
    if reply.own.is_complete() && !reply.is_asked_again(&all) {
        return reply.with_motion(read(told, register, offers));
    }
    let followed = if earlier.asked.is_empty() {
        reply.correction()
    } else {
        reply.answer(told.new, &all)
    };
    match followed {
        Some(followed) => Some(reply.finish(followed, offers)),
        None if earlier.asked.is_empty() && reply.picks.is_assent() => Some(Understanding {
            nothing_asked: true,
            evidence: vec!["Die Mail bestätigt nur, was geschickt wurde.".to_owned()],
            ..Understanding::default()
        }),
        None => None,
    }
}

/// A mail beside what went before.
struct Reply<'a, 't, 'r> {
    /// what it says by itself
    own: Understanding,
    picks: Picks,
    reading: Reading<'t, 'r>,
    earlier: &'a Earlier,
    register: &'r Register,
}

/// The request as a reply leaves it.
struct Followed {
    request: Vec<Block>,
    questions: Vec<Question>,
    evidence: Vec<String>,
}

/// What a reply says to one question.
enum Said {
    Nothing,
    /// these lines
    Lines(Vec<String>),
    /// fewer candidates, or other words to ask about
    Question(Question),
}

/// The longest answer that is a field's value as a whole, in bytes.
const LONGEST_VALUE: usize = 500;

/// The most words of a correction that does not call itself one.
const SHORT: usize = 6;

impl Question {
    /// Whether the line is open and waits for its answer.
    fn asks(&self, line: &Line) -> bool {
        matches!(line, Line::Open(topic, heard) if *topic == self.topic && *heard == self.heard)
    }

    fn is_open_in(&self, request: &[Block]) -> bool {
        request.iter().flatten().any(|line| self.asks(line))
    }
}

impl Understanding {
    fn is_complete(&self) -> bool {
        self.questions.is_empty() && !self.wishes.is_empty()
    }

    /// The different lines that settle a topic.
    fn lines(&self, topic: &Topic) -> Vec<String> {
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
    fn question(&self, topic: &Topic) -> Option<&Question> {
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

    /// A new request; the motion of the thread goes on if it only answers or corrects.
    fn with_motion(&self, mut whole: Understanding) -> Option<Understanding> {
        let id = self.motion()?;
        let goes_on = match self.earlier.asked.is_empty() {
            true => self.corrects(),
            false => !self.names_motion(),
        };
        if whole.template.is_some() || !goes_on {
            return None;
        }
        whole.template = Some(id);
        note_template(&mut whole);
        Some(whole)
    }

    /// The motion that the thread is about, if it is named.
    fn motion(&self) -> Option<TemplateId> {
        let lines = self.earlier.request.iter().flatten();
        let mut named = lines.filter_map(|line| match line {
            Line::Settled(Topic::Template, line) => line.strip_prefix("Vorlage: "),
            _ => None,
        });
        named.next().and_then(TemplateId::parse)
    }

    fn names_motion(&self) -> bool {
        let text = &self.reading.text;
        text.any(0..text.words.len(), lexicon::is_of_motions)
    }

    /// Whether it calls itself a correction or an addition, or is too short for anything else.
    fn corrects(&self) -> bool {
        let text = &self.reading.text;
        let count = text.words.len();
        text.any(0..count, lexicon::corrects) || count <= SHORT && !self.names_motion()
    }

    /// An answer to what was asked.
    fn answer(&self, new: &str, all: &[Vec<u32>]) -> Option<Followed> {
        let mut followed = Followed {
            request: self.earlier.request.clone(),
            questions: Vec::new(),
            evidence: Vec::new(),
        };
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
        if self
            .earlier
            .asked
            .iter()
            .filter(|other| other.topic == *topic)
            .count()
            > 1
        {
            return Said::Nothing;
        }
        let lines = match (topic, &self.own.template) {
            (Topic::Template, Some(id)) => vec![template_line(id)],
            _ => self.own.lines(topic),
        };
        if !lines.is_empty() {
            return several(question, lines);
        }
        if let Some(own) = self
            .own
            .question(topic)
            .filter(|_| *topic != Topic::Template)
        {
            return Said::Question(own.clone());
        }
        match topic {
            Topic::Field(name) if self.is_value(new) => {
                let value: Vec<&str> = new.split_whitespace().collect();
                Said::Lines(vec![format!("{name}: {}", value.join(" "))])
            }
            _ => Said::Nothing,
        }
    }

    /// Whether all of a short text is the value that was asked for.
    fn is_value(&self, new: &str) -> bool {
        self.earlier.asked.len() == 1
            && !new.trim().is_empty()
            && new.len() <= LONGEST_VALUE
            && !self.own.nothing_asked
    }

    fn lines_of(&self, bearers: &[u32]) -> Vec<String> {
        let kommunen = bearers.iter().filter_map(|&b| self.register.at(b));
        kommunen
            .map(|kommune| question::kommune_line(kommune, self.register))
            .collect()
    }

    /// What is settled already and named anew is as it is named now.
    fn override_settled(&self, followed: &mut Followed) -> bool {
        let asked = |topic: &Topic| self.earlier.asked.iter().any(|q| q.topic == *topic);
        let mut changed = false;
        for topic in [Topic::Kommune, Topic::Beirat, Topic::Rat] {
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
        match left.as_slice() {
            [one] if namesakes.contains(one) => Said::Lines(self.lines_of(&left)),
            _ => Said::Question(question::about_kommune(None, &left, self.register)),
        }
    }

    /// A correction of what was sent, or an addition to it: both are a motion of their own.
    fn correction(&self) -> Option<Followed> {
        if self.own.nothing_asked || !self.corrects() && !self.reading.requests() {
            return None;
        }
        let mut followed = Followed {
            request: self.earlier.request.clone(),
            questions: Vec::new(),
            evidence: Vec::new(),
        };
        let named = self.corrects();
        let changed = match named {
            true => self.override_settled(&mut followed) | self.reopen_named(&mut followed),
            false => followed.replace(&Topic::Kommune, self.other_kommune(&self.earlier.request)),
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

    /// Asks about what it names and leaves in doubt.
    fn reopen_named(&self, followed: &mut Followed) -> bool {
        let mut changed = false;
        for topic in [Topic::Kommune, Topic::Beirat, Topic::Rat] {
            let settled = !self.own.lines(&topic).is_empty();
            if let Some(question) = self.own.question(&topic).filter(|_| !settled) {
                changed |= followed.replace(&topic, Said::Question(question.clone()));
            }
        }
        changed
    }

    /// Reads the request that the reply completes, or asks for the rest.
    fn finish(&self, followed: Followed, offers: &[Offer]) -> Understanding {
        let Followed {
            request,
            questions,
            mut evidence,
        } = followed;
        if questions.is_empty() {
            let told = Told {
                new: &completed(&request, None).join("\n"),
                subject: "",
                signature: "",
                person: &[],
            };
            let mut whole = read(&told, self.register, offers);
            evidence.append(&mut whole.evidence);
            return Understanding { evidence, ..whole };
        }
        Understanding {
            template: self.motion(),
            questions,
            request,
            evidence,
            ..Understanding::default()
        }
    }
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

impl Followed {
    /// Puts another question in the place of one.
    fn reopen(&mut self, question: &Question, other: Question) {
        if !question.is_open_in(&self.request) {
            self.replace(&question.topic, Said::Question(other));
            return;
        }
        for line in self.request.iter_mut().flatten() {
            if question.asks(line) {
                *line = Line::Open(other.topic.clone(), other.heard.clone());
            }
        }
        self.questions.push(other);
    }

    /// Puts what is said now in the place of what is settled; false if it is the same.
    fn replace(&mut self, topic: &Topic, said: Said) -> bool {
        let before = self.request.clone();
        let as_settled = Question {
            topic: topic.clone(),
            heard: None,
            candidates: Vec::new(),
        };
        let (lines, question) = match said {
            Said::Nothing => return false,
            Said::Lines(lines) => (lines, None),
            Said::Question(question) => (vec![String::new()], Some(question)),
        };
        self.request = fill(&self.request, &as_settled, &lines);
        if let Some(question) = question {
            for line in self.request.iter_mut().flatten() {
                if line.topic() == topic {
                    *line = Line::Open(topic.clone(), question.heard.clone());
                }
            }
            self.questions.push(question);
        }
        if self.request == before {
            return false;
        }
        if *topic == Topic::Kommune {
            // another municipality has another council
            for block in &mut self.request {
                block.retain(|line| *line.topic() != Topic::Rat);
            }
            self.questions
                .retain(|question| question.topic != Topic::Rat);
        }
        true
    }
}
