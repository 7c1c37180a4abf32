//! A text as understanding reads it: words, clauses and sentences.

use std::ops::Range;

use crate::kommune::{Case, Gap, Words};

/// A text, taken apart once.
#[derive(Debug)]
pub(super) struct Text<'t> {
    pub(super) words: Words<'t>,
    /// for every word the number of its sentence
    sentences: Vec<u32>,
    /// for every word the number of its clause
    clauses: Vec<u32>,
    /// written without capitals, or in capitals only: they tell nothing
    pub(super) flat: bool,
}

/// Short forms before which a full stop ends no sentence; one or two letters never do.
const SHORT_FORMS: [&str; 14] = [
    "lkr", "ldkr", "sankt", "nr", "str", "prof", "bzw", "ggf", "evtl", "inkl", "tel", "hrn", "int",
    "hann",
];

/// Words of two letters that end sentences all the same.
const SHORT_WORDS: [&str; 15] = [
    "ab", "an", "da", "du", "er", "es", "ja", "ob", "so", "um", "wo", "zu", "ok", "ir", "lg",
];

/// Where clauses end.
const CLAUSE_END: Gap = Gap::COMMA.or(Gap::COLON).or(Gap::CELL).or(Gap::DASH);

impl<'t> Text<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let words = Words::of(text);
        let (mut sentence, mut clause) = (0, 0);
        let mut sentences = Vec::with_capacity(words.len());
        let mut clauses = Vec::with_capacity(words.len());
        let (mut capitals, mut smalls, mut shouted) = (0_usize, 0_usize, 0_usize);
        for i in 0..words.len() {
            let gap = words.gap(i);
            let ends = i > 0 && ends_sentence(&words, i);
            sentence += u32::from(ends);
            clause += u32::from(ends || gap.has(CLAUSE_END));
            sentences.push(sentence);
            clauses.push(clause);
            match words.case(i) {
                Case::Small => smalls += 1,
                Case::Capitals => shouted += 1,
                Case::Capital if !ends && i > 0 => capitals += 1,
                _ => {}
            }
        }
        Self {
            flat: shouted > 1 && (smalls + capitals) * 4 <= shouted
                || smalls > 0 && (capitals + shouted) * 20 <= smalls,
            words,
            sentences,
            clauses,
        }
    }

    /// The words of the sentence in which the word `i` stands.
    pub(super) fn sentence(&self, i: usize) -> Range<usize> {
        around(&self.sentences, i)
    }

    /// The words of the clause in which the word `i` stands.
    pub(super) fn clause(&self, i: usize) -> Range<usize> {
        around(&self.clauses, i)
    }

    pub(super) fn same_sentence(&self, a: usize, b: usize) -> bool {
        self.sentences.get(a) == self.sentences.get(b)
    }

    pub(super) fn same_clause(&self, a: usize, b: usize) -> bool {
        self.clauses.get(a) == self.clauses.get(b)
    }

    /// Whether any word of the range fits.
    pub(super) fn any(&self, range: Range<usize>, fits: impl Fn(&str) -> bool) -> bool {
        range.into_iter().any(|i| fits(self.words.word(i)))
    }

    /// Whether the words are all that their line holds.
    pub(super) fn is_line(&self, range: &Range<usize>) -> bool {
        let edge = |i: usize| i == 0 || i >= self.words.len() || self.words.gap(i).has(Gap::LINE);
        edge(range.start) && edge(range.end)
    }

    /// The words of the line in which the word `i` stands.
    pub(super) fn line(&self, i: usize) -> Range<usize> {
        let starts = |at: &usize| self.words.gap(*at).has(Gap::LINE);
        let start = (1..=i).rev().find(starts).unwrap_or(0);
        let end = (i + 1..self.words.len()).find(starts);
        start..end.unwrap_or(self.words.len())
    }
}

fn ends_sentence(words: &Words<'_>, i: usize) -> bool {
    let gap = words.gap(i);
    let before = words.word(i - 1);
    let stop = gap.has(Gap::DOT)
        && !gap.has(Gap::COMMA)
        && gap.has(Gap::BLANK.or(Gap::LINE))
        && (before.len() > 2 || SHORT_WORDS.contains(&before) && words.is_capital(i))
        && !SHORT_FORMS.contains(&before);
    stop || gap.has(Gap::STOP) || gap.has(Gap::BREAK)
}

/// What stands further off does not belong to a word, however long its sentence is.
const REACH: usize = 60;

/// The run of equal numbers round `i`, as far as it reaches; the numbers rise.
fn around(numbers: &[u32], i: usize) -> Range<usize> {
    let Some(number) = numbers.get(i) else {
        return i..i;
    };
    let same = |n: &&u32| *n == number;
    let before = numbers.iter().take(i).rev().take(REACH).take_while(same);
    let behind = numbers.iter().skip(i).take(REACH).take_while(same);
    i - before.count()..i + behind.count()
}
