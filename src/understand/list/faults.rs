//! What is not clear in a list, row by row.

use std::collections::BTreeSet;

use super::MOST;
use super::record::Record;
use crate::kommune::Register;
use crate::understand::{ListFaults, Question, RowFault, Topic, Understanding, Wish};

/// Municipalities offered for one row.
const CHOICES: usize = 5;

/// Rows that the evidence names.
const SHOWN: usize = 10;

impl ListFaults {
    pub(super) fn new(file: Option<String>) -> Self {
        Self {
            file,
            rows: Vec::new(),
            understood: Vec::new(),
        }
    }

    pub(super) fn place(&self) -> String {
        match &self.file {
            Some(file) => format!("in der Datei „{file}“"),
            None => "in der Mail".to_owned(),
        }
    }

    /// Of a list that nobody reads through: no row is looked at.
    pub(super) fn too_long(self, evidence: String) -> Understanding {
        Understanding {
            questions: vec![open(Topic::Kommune)],
            list: Some(self),
            evidence: vec![evidence],
            ..Understanding::default()
        }
    }

    /// Takes note of what a row asks for, or of what is not clear about it.
    pub(super) fn take(
        &mut self,
        record: &Record,
        row: Understanding,
        wishes: &[Wish],
        register: &Register,
    ) {
        if row.questions.is_empty() {
            self.understood.extend(wishes.iter().filter_map(|wish| {
                let kommune = register.get(&wish.kommune)?;
                let (title, land) = (kommune.title_beside_land(), kommune.land.name());
                let (beirat, rat) = (&wish.beirat.name, &wish.rat.name);
                Some(format!("{title} ({land}), {beirat}, {rat}"))
            }));
            return;
        }
        let mut questions = row.questions;
        for question in &mut questions {
            question.candidates.truncate(CHOICES);
        }
        self.rows.push(RowFault {
            number: record.number,
            heard: record.heard.clone(),
            questions,
        });
    }

    /// Turns faults into questions. What all rows lack alike is one question, as in a mail
    /// that asks for one motion.
    pub(super) fn settle(mut self, understanding: &mut Understanding) {
        let shown = self.understood.iter().take(SHOWN);
        understanding.evidence.extend(shown.cloned());
        let Some(first) = self.rows.first() else {
            return;
        };
        understanding.wishes.clear();
        let alike = self.understood.is_empty()
            && self.rows.iter().all(|row| row.questions == first.questions)
            && first
                .questions
                .iter()
                .all(|question| question.heard.is_none());
        if alike {
            understanding.questions = std::mem::take(&mut self.rows).swap_remove(0).questions;
            return;
        }
        for row in self.rows.iter().take(SHOWN) {
            let (number, heard) = (row.number, &row.heard);
            understanding
                .evidence
                .push(format!("Zeile {number} ist nicht klar: „{heard}“."));
        }
        let topics = self.rows.iter().flat_map(|row| &row.questions);
        let topics: BTreeSet<&Topic> = topics.map(|question| &question.topic).collect();
        understanding.questions = topics.into_iter().cloned().map(open).collect();
        // the list comes again, whole
        understanding.request.clear();
        understanding.list = Some(self);
    }
}

/// All of a list is in doubt.
pub(super) fn in_doubt(evidence: String) -> Understanding {
    Understanding {
        questions: vec![open(Topic::Kommune)],
        evidence: vec![evidence],
        ..Understanding::default()
    }
}

impl ListFaults {
    /// The most rows that a list may have.
    pub const MOST: usize = MOST;
}

fn open(topic: Topic) -> Question {
    Question {
        topic,
        heard: None,
        candidates: Vec::new(),
    }
}
