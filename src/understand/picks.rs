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
    for clause in clauses(text) {
        if text.any(clause.start..clause.start + 1, lexicon::is_alternative) {
            return Picks::default();
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
    picks
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
        let mut content: Vec<&str> = Vec::new();
        let mut denied = false;
        let mut i = clause.start;
        while i < clause.end {
            let word = words.word(i);
            if lexicon::closes_letter(word) {
                break;
            }
            if let Some(number) = self.number(i) {
                let doubt = words.between(i + 1).contains(['?', '%', '€']);
                if doubt {
                    return None;
                }
                if !denied {
                    said.numbers.push(number);
                }
            } else if matches!(word, "beide" | "beiden" | "beides" | "both") {
                said.both = true;
            } else if matches!(word, "alle" | "allen" | "all") {
                said.all = true;
            } else if lexicon::denies(word) {
                said.no = true;
                denied = word != "nein";
            } else if lexicon::affirms(word) {
                said.yes = true;
            } else if word == "sondern" {
                denied = false;
            } else if !lexicon::is_of_answers(word) && !self.person.iter().any(|p| p == word) {
                content.push(word);
            }
            i += 1;
        }
        if said.all {
            // "alle drei" counts them
            said.numbers.clear();
        }
        // besides, it may only repeat what it picks, or name something of another list
        let picked: Vec<&Label> = said
            .numbers
            .iter()
            .filter_map(|number| self.labels.get(number - 1))
            .collect();
        let repeats = |word: &&str| {
            self.labels.iter().any(|label| {
                let other = picked.iter().all(|picked| picked.list != label.list);
                let same = picked.iter().any(|picked| std::ptr::eq(*picked, label));
                !picked.is_empty() && (other || same) && label.words.contains(*word)
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
mod tests {
    use super::*;

    fn question(topic: Topic, labels: &[&str]) -> Question {
        Question {
            topic,
            heard: None,
            candidates: labels
                .iter()
                .map(|label| Choice {
                    label: (*label).to_owned(),
                    line: String::new(),
                })
                .collect(),
        }
    }

    #[test]
    fn numbers_are_told_from_dates_and_counts() {
        let asked = [
            question(
                Topic::Kommune,
                &[
                    "Stadt Fürth (Bayern, 132.032 Einwohner)",
                    "Gemeinde Fürth (Hessen, Landkreis Bergstraße, 10.650 Einwohner)",
                    "Landkreis Fürth (Bayern, 119.906 Einwohner)",
                ],
            ),
            question(Topic::Beirat, &["Ausländerbeirat", "Integrationsbeirat"]),
        ];
        let person = ["nolte".to_owned()];
        for (text, expected) in [
            ("2", &[2][..]),
            ("2.", &[2]),
            ("Nr. 2", &[2]),
            ("Nr.2", &[2]),
            ("Nummer zwei", &[2]),
            ("die zweite", &[2]),
            ("das zweite bitte", &[2]),
            ("Antwort 2", &[2]),
            ("Antwort: 2", &[2]),
            ("Die 2te bitte!", &[2]),
            ("1 und 4", &[1, 4]),
            ("1, 4", &[1, 4]),
            ("1+4", &[1, 4]),
            ("1\n4", &[1, 4]),
            ("ja genau, die erste", &[1]),
            ("Danke! 2. Viele Grüße", &[2]),
            ("2 Viele Grüße Ingrid Nolte", &[2]),
            ("2. Nolte", &[2]),
            ("2. Wir freuen uns auf den Antrag.", &[2]),
            (
                "2. Gemeinde Fürth (Hessen, Landkreis Bergstraße, 10.650 Einwohner)",
                &[2],
            ),
            ("Nummer 3 (Landkreis Fürth)", &[3]),
            ("2\nUnsere Sitzung ist am 3. Mai um 4 Uhr.", &[2]),
            ("nicht 2, sondern 3", &[3]),
            ("Nicht die erste, sondern die zweite.", &[2]),
            ("die letzte", &[]),
            ("Hallo,\n\nich meine die 3.\n\nLG", &[3]),
            // none of these picks
            ("am 2. Mai", &[]),
            ("2. Mai", &[]),
            ("02.03.2026", &[]),
            ("Tel. 0911 2 3", &[]),
            ("0911/2", &[]),
            ("Wir haben 2 Beiräte.", &[]),
            ("um 2 Uhr", &[]),
            ("2:30", &[]),
            ("2 oder 3", &[]),
            ("2, oder doch 3", &[]),
            ("2?", &[]),
            ("2 %", &[]),
            ("7", &[]),
            ("02", &[]),
            ("2 (Landkreis Fürth in Sachsen)", &[]),
            ("zum ersten Mal", &[]),
            ("Landkreis", &[]),
            ("91781", &[]),
        ] {
            let text = Text::of(text);
            let picks = read(&text, &asked, &person);
            assert_eq!(
                picks.numbers,
                expected,
                "{}",
                text.words.source(0..text.words.len())
            );
        }
    }

    #[test]
    fn all_yes_and_no_are_said_of_one_question() {
        let two = question(Topic::Kommune, &["Stadt Fürth", "Landkreis Fürth"]);
        let three = question(Topic::Kommune, &["Lauf", "Hof", "Singen"]);
        let one = question(Topic::Kommune, &["Stadt Fürth"]);
        for (text, question, expected) in [
            ("beide", &two, 2),
            ("Alle bitte", &two, 2),
            ("alle zwei", &two, 2),
            ("Beide!", &three, 0),
            ("alle drei", &three, 3),
            ("ja", &one, 1),
            ("Ja, genau.", &one, 1),
            ("Richtig, danke!", &one, 1),
            ("ja", &two, 0),
            ("nein", &one, 0),
            ("stimmt nicht", &one, 0),
            ("alle Gemeinden im Kreis", &two, 0),
        ] {
            let asked = std::slice::from_ref(question);
            let picks = read(&Text::of(text), asked, &[]);
            assert_eq!(picks.of(question, 1, asked).len(), expected, "{text}");
        }
    }
}
