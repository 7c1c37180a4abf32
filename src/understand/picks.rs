//! What an answer picks from a numbered list: "2", "die zweite", "1 und 4", "beide", "ja".
//!
//! A number counts only where nothing else is said in its clause: "am 2. Mai" and
//! "wir haben 2 Beiräte" pick nothing.

use std::collections::HashSet;
use std::ops::Range;

use super::lexicon;
use super::text::Text;
use super::{Choice, Question, Topic};
use crate::kommune::{Case, Gap, fold};

/// What an answer says about a list as a whole, or by numbers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Picks {
    /// the numbers as shown, counted from 1 over all questions
    numbers: Vec<usize>,
    /// "alle"
    all: bool,
    /// "beide"
    both: bool,
    /// "ja", "stimmt"
    yes: bool,
    /// "nein", "falsch", "keine davon"
    pub(super) no: bool,
    /// it says something else besides
    more: bool,
}

impl Picks {
    /// Whether it only says yes.
    pub(super) fn is_assent(&self) -> bool {
        self.yes && !self.no && !self.more && self.numbers.is_empty()
    }

    /// The candidates of one of the questions that are picked; its first has the number `first`.
    /// "Beide" counts for the only question, "alle" where it is about a name that several bear,
    /// "ja" for the only question with one candidate.
    pub(super) fn of<'q>(
        &self,
        question: &'q Question,
        first: usize,
        asked: &[Question],
    ) -> Vec<&'q Choice> {
        let candidates = &question.candidates;
        let whole = match candidates.len() {
            2 => self.all || self.both,
            count => self.all && question.topic == Topic::Kommune && count < super::question::MOST,
        };
        if asked.len() == 1 && whole {
            return candidates.iter().collect();
        }
        let lone = asked
            .iter()
            .filter(|other| other.candidates.len() == 1)
            .count()
            == 1;
        if self.yes && !self.no && self.numbers.is_empty() && lone && candidates.len() == 1 {
            return candidates.iter().collect();
        }
        let mut numbers = self.numbers.clone();
        numbers.dedup();
        numbers
            .into_iter()
            .filter_map(|number| candidates.get(number.checked_sub(first)?))
            .collect()
    }
}

/// More words than this are no answer that picks.
const MOST_WORDS: usize = 200;

/// Reads what a text picks of the candidates asked.
pub(super) fn read(text: &Text<'_>, asked: &[Question], person: &[String]) -> Picks {
    let labels: Vec<Label> = asked
        .iter()
        .enumerate()
        .flat_map(|(list, question)| question.candidates.iter().map(move |choice| (list, choice)))
        .map(|(list, choice)| Label {
            list,
            words: fold(&choice.label).split(' ').map(str::to_owned).collect(),
        })
        .collect();
    let reader = Reader {
        text,
        labels: &labels,
        last: if asked.len() == 1 { labels.len() } else { 0 },
        person,
    };
    let mut picks = Picks::default();
    if text.words.len() > MOST_WORDS {
        return picks;
    }
    let mut repeated = repeated(text, asked);
    for clause in clauses(text) {
        if text.any(clause.start..clause.start + 1, lexicon::is_alternative) {
            return Picks::default();
        }
        if text.any(clause.clone(), lexicon::denies) {
            repeated.clear();
        }
        match reader.clause(clause) {
            Some(said) => {
                picks.numbers.extend(said.numbers);
                picks.all |= said.all;
                picks.both |= said.both;
                picks.yes |= said.yes;
                picks.no |= said.no;
            }
            None => picks.more = true,
        }
    }
    if picks.numbers.is_empty() {
        picks.numbers = repeated;
    }
    picks
}

/// The numbers of the municipalities whose labels the text repeats as they were shown; not those
/// of a list that it repeats as a whole.
fn repeated(text: &Text<'_>, asked: &[Question]) -> Vec<usize> {
    let words = &text.words;
    let all = format!(" {} ", words.joined(0..words.len()));
    let mut numbers = Vec::new();
    let mut first = 1;
    for question in asked {
        let candidates = &question.candidates;
        let shown = (first..).zip(candidates);
        first += candidates.len();
        if question.topic != Topic::Kommune {
            continue;
        }
        let repeats = |choice: &Choice| all.contains(&format!(" {} ", fold(&choice.label)));
        let found: Vec<usize> = shown
            .filter(|(_, choice)| repeats(choice))
            .map(|(number, _)| number)
            .collect();
        if found.len() == 1 || found.len() < candidates.len() {
            numbers.extend(found);
        }
    }
    numbers
}

/// Runs of words between commas, line ends and full stops; "2. Viele Grüße" is two.
fn clauses(text: &Text<'_>) -> Vec<Range<usize>> {
    let words = &text.words;
    let mut clauses = Vec::new();
    let mut start = 0;
    for i in 1..=words.len() {
        let gap = words.gap(i);
        let numbered = gap.has(Gap::DOT)
            && gap.has(Gap::BLANK)
            && words.case(i - 1) == Case::Digits
            && i == start + 1
            && lexicon::is_of_answers(words.word(i));
        let ends = i == words.len()
            || gap.has(Gap::LINE.or(Gap::BREAK))
            || numbered
            || !text.same_clause(i - 1, i);
        if ends {
            clauses.push(start..i);
            start = i;
        }
    }
    clauses
}

/// The words of a candidate.
struct Label {
    /// the question it answers
    list: usize,
    words: HashSet<String>,
}

struct Reader<'a> {
    text: &'a Text<'a>,
    /// those of all questions, in the order shown
    labels: &'a [Label],
    /// the number of "die letzte"; 0 where there are several lists
    last: usize,
    person: &'a [String],
}

impl Reader<'_> {
    /// What a clause picks; `None` if it says anything else.
    fn clause(&self, clause: Range<usize>) -> Option<Picks> {
        let words = &self.text.words;
        let mut said = Picks::default();
        let mut content: Vec<(&str, bool)> = Vec::new();
        let mut denied = false;
        let mut joined = false;
        let mut trailing = false;
        let mut i = clause.start;
        while i < clause.end {
            let word = words.word(i);
            if lexicon::closes_letter(word) {
                break;
            }
            if let Some(number) = self.number(i) {
                // "zu 1: …" counts the questions
                let doubt = words.between(i + 1).contains(['?', '%', '€', ':']);
                if doubt {
                    return None;
                }
                if !denied {
                    said.numbers.push(number);
                }
                trailing = false;
            } else if matches!(word, "beide" | "beiden" | "beides" | "both") {
                said.both = true;
            } else if matches!(word, "alle" | "allen" | "all") {
                said.all = true;
            } else if lexicon::denies(word) {
                said.no = true;
                denied = word != "nein";
                trailing = denied;
            } else if lexicon::affirms(word) {
                said.yes = true;
            } else if word == "sondern" {
                denied = false;
            } else if !lexicon::is_of_answers(word) && !self.person.iter().any(|p| p == word) {
                content.push((word, joined));
            }
            joined |= matches!(word, "und" | "sowie" | "mit");
            i += 1;
        }
        if said.all || trailing {
            // "alle drei" counts them, "Nr. 2 nicht" denies them
            said.numbers.clear();
        }
        // besides, it may only repeat what it picks, or join something of another list: "2 und der
        // Ausländerbeirat", but "2. Ausländerbeirat" counts the questions
        let picked: Vec<&Label> = said
            .numbers
            .iter()
            .filter_map(|number| self.labels.get(number - 1))
            .collect();
        let repeats = |(word, joined): &(&str, bool)| {
            self.labels.iter().any(|label| {
                let other = picked.iter().all(|picked| picked.list != label.list);
                let same = picked.iter().any(|picked| std::ptr::eq(*picked, label));
                !picked.is_empty() && (other && *joined || same) && label.words.contains(*word)
            })
        };
        content.iter().all(repeats).then_some(said)
    }

    /// The number of a candidate that stands at the word `i`: "2", "zweite", "2te", "letzte".
    fn number(&self, i: usize) -> Option<usize> {
        let words = &self.text.words;
        let word = words.word(i);
        let number = match words.case(i) {
            Case::Digits if self.is_part(i) || word.starts_with('0') => return None,
            Case::Digits => word.parse().ok(),
            _ => ordinal(word, self.last),
        }?;
        (1..=self.labels.len()).contains(&number).then_some(number)
    }

    /// Of a date, a time, a telephone number or a larger number.
    fn is_part(&self, i: usize) -> bool {
        let words = &self.text.words;
        let ties = |at: usize, other: usize| {
            let between = words.between(at);
            words.case(other) == Case::Digits
                && !between.is_empty()
                && between.chars().all(|c| ".:/-–".contains(c))
        };
        let added = i > 0 && words.case(i - 1) == Case::Digits;
        let foreign = words.between(i).ends_with('+') && !added;
        i > 0 && ties(i, i - 1) || ties(i + 1, i + 1) || foreign
    }
}

/// "zweite", "zweites", "zwei", "2te", "letzte".
fn ordinal(word: &str, last: usize) -> Option<usize> {
    const CARDINALS: [&str; 10] = [
        "eins", "zwei", "drei", "vier", "fuenf", "sechs", "sieben", "acht", "neun", "zehn",
    ];
    const ORDINALS: [&str; 10] = [
        "erst", "zweit", "dritt", "viert", "fuenft", "sechst", "siebt", "acht", "neunt", "zehnt",
    ];
    let place = |list: &[&str], word: &str| list.iter().position(|name| *name == word);
    if let Some(at) = place(&CARDINALS, word) {
        return Some(at + 1);
    }
    match word {
        "first" => return Some(1),
        "second" => return Some(2),
        "third" => return Some(3),
        _ => {}
    }
    let stem = ["es", "en", "er", "em", "e"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))?;
    match stem {
        "erster" if last == 2 => Some(1),
        "letzt" | "letzter" => Some(last),
        stem => place(&ORDINALS, stem)
            .map(|at| at + 1)
            .or_else(|| stem.strip_suffix('t')?.parse().ok()),
    }
}

#[cfg(test)]
mod tests;
