//! The request as a reply in its thread leaves it.

use super::lines::{Block, Earlier, Line, fill};
use super::{Question, Topic};

/// What stands now, what is open, and why.
pub(super) struct Followed {
    pub(super) request: Vec<Block>,
    pub(super) questions: Vec<Question>,
    pub(super) evidence: Vec<String>,
}

/// What a reply says to one question.
pub(super) enum Said {
    Nothing,
    /// these lines
    Lines(Vec<String>),
    /// fewer candidates, or other words to ask about
    Question(Question),
}

impl Followed {
    pub(super) fn new(earlier: &Earlier) -> Self {
        Self {
            request: earlier.request.clone(),
            questions: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// Whether its lines of a topic are still those of the other.
    pub(super) fn is_as_in(&self, other: &Self, topic: &Topic) -> bool {
        let lines = |followed: &Self| -> Vec<Line> {
            let all = followed.request.iter().flatten();
            all.filter(|line| line.topic() == topic).cloned().collect()
        };
        lines(self) == lines(other)
    }

    /// Puts another question in the place of one.
    pub(super) fn reopen(&mut self, question: &Question, other: Question) {
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
    pub(super) fn replace(&mut self, topic: &Topic, said: Said) -> bool {
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
