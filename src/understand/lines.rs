//! The lines of a request as far as it is settled: what a link carries, what a thread keeps.

use serde::{Deserialize, Serialize};

use super::{Question, Topic, Understanding};
use crate::template::TemplateId;

/// How a line begins that names a motion.
const TEMPLATE: &str = "Vorlage: ";

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

    /// The motion that it names.
    pub fn motion(&self) -> Option<TemplateId> {
        match self {
            Self::Settled(Topic::Template, line) => motion_of_line(line),
            _ => None,
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

pub(super) fn template_line(id: &TemplateId) -> String {
    format!("{TEMPLATE}{}", id.as_str())
}

/// Reads what [`template_line`] wrote.
pub(super) fn motion_of_line(line: &str) -> Option<TemplateId> {
    line.strip_prefix(TEMPLATE).and_then(TemplateId::parse)
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
pub(super) fn fill(request: &[Block], question: &Question, answers: &[String]) -> Vec<Block> {
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

impl Question {
    /// Whether the line waits for its answer.
    pub(super) fn asks(&self, line: &Line) -> bool {
        matches!(line, Line::Open(topic, heard) if *topic == self.topic && *heard == self.heard)
    }

    /// Whether the request waits for its answer.
    pub(super) fn is_open_in(&self, request: &[Block]) -> bool {
        request.iter().flatten().any(|line| self.asks(line))
    }
}
