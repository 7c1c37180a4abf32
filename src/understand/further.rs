//! The further fields of a motion: what a mail gives for them, what is to be asked.

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use super::fields::Block;
use super::question::MOST;
use super::text::Text;
use super::{Choice, Line, Question, Topic, Understanding};
use crate::kommune::{Gap, Words};
use crate::mail::is_greeting;
use crate::template::{Feld, FeldArt, Need, Wert, Werte};

/// How many words behind a field's name are looked at.
const REACH: usize = 12;

/// No line that only greets has more words.
const GREETING: usize = 6;

/// What is known of the fields.
#[derive(Debug, Default)]
pub(super) struct Further {
    /// values that hold for all that is asked for
    werte: Werte,
    questions: Vec<Question>,
    lines: Vec<Line>,
}

/// What a mail says of one field.
enum Said {
    Nothing,
    Clearly(Wert),
    Doubtfully(String, Vec<Wert>),
}

/// Reads the values of all fields; those that differ from block to block are kept there.
pub(super) fn read<'t>(
    felder: &[Feld],
    blocks: &mut [Block<'t>],
    texts: &[&Text<'t>],
    today: Option<Date>,
) -> Further {
    let mut further = Further::default();
    for (number, feld) in felder.iter().enumerate() {
        let said = match of_blocks(number, feld, blocks, today) {
            Ok(Said::Nothing) => in_texts(feld, texts, today),
            Ok(said) => said,
            // each block has its own
            Err(true) => continue,
            Err(false) => Said::Nothing,
        };
        further.take(feld, said);
    }
    further
}

impl Further {
    fn take(&mut self, feld: &Feld, said: Said) {
        match said {
            Said::Clearly(wert) => {
                let topic = Topic::Field(feld.name.clone());
                self.lines.push(Line::Settled(topic, feld.line(&wert)));
                self.werte.insert(feld.name.clone(), wert);
            }
            Said::Doubtfully(heard, near) => {
                self.questions.push(question(feld, Some(heard), near));
            }
            Said::Nothing if feld.need == Need::Required => {
                self.questions.push(question(feld, None, Vec::new()));
            }
            Said::Nothing => {}
        }
    }

    /// Keeps what is told, asks for nothing: which motion it is for is open.
    pub(super) fn ask_nothing(&mut self) {
        self.questions.clear();
    }

    /// Gives each wish its values; what is missing is a question more.
    pub(super) fn complete(self, understanding: &mut Understanding) {
        for wish in &mut understanding.wishes {
            for (name, wert) in &self.werte {
                wish.felder.entry(name.clone()).or_insert(wert.clone());
            }
        }
        if !self.questions.is_empty() {
            understanding.wishes.clear();
        }
        let open = |question: &Question| Line::Open(question.topic.clone(), question.heard.clone());
        for block in &mut understanding.request {
            block.extend(self.lines.iter().cloned());
            block.extend(self.questions.iter().map(open));
        }
        understanding.questions.extend(self.questions);
    }
}

fn question(feld: &Feld, heard: Option<String>, near: Vec<Wert>) -> Question {
    let near = if near.is_empty() {
        feld.options()
    } else {
        near
    };
    let choice = |wert: Wert| Choice {
        label: wert.to_string(),
        line: feld.line(&wert),
    };
    Question {
        topic: Topic::Field(feld.name.clone()),
        heard,
        candidates: near.into_iter().take(MOST).map(choice).collect(),
    }
}

impl Said {
    /// What values given for one field come to.
    fn of(feld: &Feld, given: &[&str], today: Option<Date>) -> Self {
        let mut heard: Vec<&str> = Vec::new();
        for value in given.iter().map(|value| value.trim()) {
            if !value.is_empty() && !heard.contains(&value) {
                heard.push(value);
            }
        }
        let read = heard.iter().map(|value| feld.read(value, today));
        Self::agreed(&heard, read.collect())
    }

    /// Values that differ, or of which one is doubtful, leave a doubt.
    fn agreed(heard: &[&str], mut read: Vec<Result<Wert, Vec<Wert>>>) -> Self {
        read.dedup();
        match read.as_slice() {
            [] => Self::Nothing,
            [Ok(wert)] => Self::Clearly(wert.clone()),
            _ => {
                let near = read.into_iter().flat_map(|read| match read {
                    Ok(wert) => vec![wert],
                    Err(near) => near,
                });
                Self::Doubtfully(heard.join(", "), near.collect())
            }
        }
    }
}

/// What the lines say: one value for all, or, as an error, each block its own (true) or some
/// of them (false).
fn of_blocks(
    number: usize,
    feld: &Feld,
    blocks: &mut [Block<'_>],
    today: Option<Date>,
) -> Result<Said, bool> {
    let values = |block: &Block<'_>| -> Said {
        let own = block.felder.iter().filter(|(field, _)| *field == number);
        let own: Vec<&str> = own.map(|(_, value)| *value).collect();
        Said::of(feld, &own, today)
    };
    let told: Vec<usize> = (0..blocks.len())
        .filter(|&i| blocks.get(i).is_some_and(Block::asks))
        .collect();
    let all = blocks.iter().flat_map(|block| &block.felder);
    let all = all.filter(|(field, _)| *field == number);
    let all: Vec<&str> = all.map(|(_, value)| *value).collect();
    let together = Said::of(feld, &all, today);
    if told.len() < 2 || !matches!(together, Said::Doubtfully(..)) {
        return Ok(together);
    }
    let mut of_each = Vec::new();
    for &i in &told {
        match blocks.get(i).map(values) {
            Some(Said::Clearly(wert)) => of_each.push((i, wert)),
            Some(Said::Doubtfully(..)) | None => return Ok(together),
            Some(Said::Nothing) => {}
        }
    }
    let complete = of_each.len() == told.len();
    for (i, wert) in of_each {
        if let Some(block) = blocks.get_mut(i) {
            block.werte.insert(feld.name.clone(), wert);
        }
    }
    Err(complete || feld.need != Need::Required)
}

/// What free text says behind a field's title or one of its words.
fn in_texts(feld: &Feld, texts: &[&Text<'_>], today: Option<Date>) -> Said {
    for text in texts {
        let mut heard = Vec::new();
        let mut read = Vec::new();
        for behind in feld
            .phrases()
            .flat_map(|(phrase, colon)| behind(&text.words, phrase, colon))
        {
            if let Some(value) = feld.leading(behind, today) {
                heard.push(behind);
                read.push(value);
            }
        }
        if !read.is_empty() {
            return Said::agreed(&heard, read);
        }
    }
    Said::Nothing
}

/// The text behind every place where the folded words stand, with a colon if one has to.
fn behind<'t>(words: &Words<'t>, phrase: &str, colon: bool) -> Vec<&'t str> {
    let length = phrase.split(' ').count();
    (0..words.len())
        .filter(|&i| words.joined(i..i + length) == phrase)
        .map(|i| i + length)
        .filter(|&start| !colon || words.gap(start).has(Gap::COLON))
        .map(|start| {
            let end = words.len().min(start + REACH);
            let ends = |at: &usize| words.gap(*at).has(Gap::BREAK);
            let end = (start..end).find(ends).unwrap_or(end);
            words.source(start..end)
        })
        .collect()
}

/// What an answer says of a field that was asked for, by being its value as a whole; `alone`
/// if nothing else was asked. As an error the question what it means.
pub(super) fn answered(
    feld: &Feld,
    text: &str,
    alone: bool,
    today: Option<Date>,
) -> Option<Result<String, Question>> {
    let body = without_greeting(text);
    match feld.read(&body, today) {
        // among other answers any text could be meant
        Ok(_) if feld.art == FeldArt::Text && !alone => None,
        Ok(wert) => Some(Ok(feld.line(&wert))),
        Err(near) if alone && !body.is_empty() => Some(Err(question(feld, Some(body), near))),
        Err(_) => None,
    }
}

/// A text without the lines that greet.
fn without_greeting(text: &str) -> String {
    let greets = |line: &&str| is_greeting(line) && line.split_whitespace().count() <= GREETING;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.skip_while(greets).collect::<Vec<_>>().join(" ")
}
