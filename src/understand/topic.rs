//! What a motion is to be about, where a text says so: "Antrag gegen Rassismus".

use std::ops::Range;

use super::lexicon;
use super::offer::stem;
use super::targets::Reading;
use super::text::Text;
use crate::kommune::{Gap, Kind};

/// The longest topic, in words.
const LONGEST: usize = 8;

/// What a motion is said to be about.
pub(super) struct About<'t> {
    /// as it was written
    pub(super) text: &'t str,
    /// its nouns, folded
    pub(super) nouns: Vec<String>,
}

/// The topics of all motions that a text speaks of.
pub(super) fn all<'t>(reading: &Reading<'t, '_>) -> Vec<About<'t>> {
    let words = &reading.text.words;
    (0..words.len())
        .filter(|&i| lexicon::is_motion(words.word(i)) && !is_past(reading, i))
        .filter_map(|i| behind(reading, i))
        .map(|topic| About {
            text: words.source(topic.clone()),
            nouns: nouns(reading, topic),
        })
        .collect()
}

/// What words for motions begin with that name a topic themselves: "Fonds-Antrag",
/// "Wahlrechtsantrag"; folded.
pub(super) fn in_compounds(text: &Text<'_>) -> Vec<String> {
    const MOTIONS: [&str; 4] = ["antrag", "antrags", "antraege", "resolution"];
    let words = &text.words;
    let begins = |i: usize| {
        let word = words.word(i);
        if i > 0 && lexicon::is_motion(word) && words.between(i) == "-" {
            return Some(words.word(i - 1));
        }
        MOTIONS.iter().find_map(|motion| word.strip_suffix(motion))
    };
    let beginnings = (0..words.len()).filter_map(begins);
    let beginnings = beginnings.filter(|beginning| !beginning.is_empty());
    beginnings.map(str::to_owned).collect()
}

/// The nouns of a topic, without the adjectives that are part of a name: "Nationaler
/// Aktionsplan"; what is hyphenated is one.
fn nouns(reading: &Reading<'_, '_>, topic: Range<usize>) -> Vec<String> {
    let words = &reading.text.words;
    let mut nouns: Vec<String> = Vec::new();
    for i in topic.clone() {
        let word = words.word(i);
        let hyphenated = |at: usize| words.between(at) == "-";
        let names_more = i + 1 < topic.end && words.is_capital(i + 1) && !hyphenated(i + 1);
        match nouns.last_mut() {
            Some(last) if i > topic.start && hyphenated(i) => last.push_str(word),
            _ if !words.is_capital(i) && !reading.text.flat => {}
            _ if names_more && is_inflected(word) => {}
            _ => nouns.push(word.to_owned()),
        }
    }
    nouns
}

/// Whether the word ends as adjectives do.
fn is_inflected(word: &str) -> bool {
    ["e", "en", "er", "es", "em"]
        .iter()
        .any(|end| word.ends_with(end))
}

/// "Unser Antrag zur Verkehrswende wurde abgelehnt."
fn is_past(reading: &Reading<'_, '_>, i: usize) -> bool {
    let text = &reading.text;
    let sentence = text.sentence(i);
    text.any(text.clause(i), lexicon::is_perfect) && !text.any(sentence, lexicon::requests)
}

/// The topic that follows the word for a motion.
fn behind(reading: &Reading<'_, '_>, motion: usize) -> Option<Range<usize>> {
    let words = &reading.text.words;
    let next = motion + 1;
    if next >= words.len() || words.gap(next).has(Gap::STOP.or(Gap::LINE)) {
        return None;
    }
    if words.gap(next).has(Gap::QUOTE) {
        let end = (next + 1..words.len()).find(|&i| words.gap(i).has(Gap::QUOTE));
        return end
            .filter(|end| end - next <= LONGEST)
            .map(|end| next..end)
            .filter(|topic| noun_of(reading, topic.start).is_some());
    }
    let article = |i: usize| lexicon::is_article(words.word(i));
    let said = |i: usize| matches!(words.word(i), "thema" | "themen" | "betreff" | "titel");
    let first =
        (next..next + 3).find(|&i| !article(i) && !lexicon::introduces_topic(words.word(i)))?;
    if said(first) {
        let start = (first + 1..first + 3).find(|&i| !article(i))?;
        // who writes without capitals means it all the same
        let noun = noun_of(reading, start).or(Some(start).filter(|_| reading.text.flat));
        return noun
            .filter(|_| start < words.len())
            .map(|noun| start..end_of(reading, noun));
    }
    let introduction = words.word(next);
    if !lexicon::introduces_topic(introduction) || words.gap(next).has(Gap::COMMA.or(Gap::DOT)) {
        return None;
    }
    // "auf den Weg", "auf der Sitzung"
    if introduction == "auf" && first > next + 1 {
        return None;
    }
    let noun = noun_of(reading, first)?;
    Some(first..end_of(reading, noun))
}

/// The noun that begins here, perhaps behind adjectives, if a motion can be about it.
fn noun_of(reading: &Reading<'_, '_>, start: usize) -> Option<usize> {
    let words = &reading.text.words;
    let adjective = |i: usize| {
        let word = words.word(i);
        !words.is_capital(i) && is_inflected(word) && word.len() > 3
    };
    let noun = (start..start + 3).find(|&i| !adjective(i))?;
    if !reading.text.same_sentence(start, noun) {
        return None;
    }
    let word = words.word(noun);
    let named = |range: &Range<usize>| range.contains(&noun);
    let is_name = reading.places.iter().any(|place| named(&place.words))
        || reading.bodies.iter().any(|body| named(&body.words));
    let idle = is_name
        || Kind::of(word).is_some()
        || lexicon::is_no_topic(word)
        || is_purpose(reading, noun);
    (words.is_capital(noun) && !idle).then_some(noun)
}

/// What one does with a motion; "Umsetzung" is that only if nothing is said to be put into
/// practice.
fn is_purpose(reading: &Reading<'_, '_>, noun: usize) -> bool {
    let words = &reading.text.words;
    let word = words.word(noun);
    let goes_on = matches!(
        words.word(noun + 1),
        "der" | "des" | "von" | "einer" | "eines"
    );
    let of_something = goes_on && (noun + 2..noun + 5).any(|i| noun_of(reading, i) == Some(i));
    match word {
        "umsetzung" => !of_something,
        _ => {
            [word, stem(word)].into_iter().any(lexicon::is_purpose)
                || TIMES.iter().any(|end| word.ends_with(end))
                || is_infinitive(word)
        }
    }
}

/// Endings of what a motion is for, or by when: "Stadtratssitzung", "Jahresende".
const TIMES: [&str; 6] = [
    "sitzung",
    "tagung",
    "anfang",
    "beginn",
    "jahresende",
    "monatsende",
];

/// "zum Ausfüllen": a verb with its separable prefix, used as a noun.
fn is_infinitive(word: &str) -> bool {
    const PREFIXES: [&str; 14] = [
        "ab", "an", "auf", "aus", "durch", "ein", "herunter", "mit", "nach", "runter", "um", "vor",
        "weiter", "zurueck",
    ];
    let verb = ["en", "eln", "ern"].iter().any(|end| word.ends_with(end));
    verb && !word.ends_with("kommen") && PREFIXES.iter().any(|prefix| word.starts_with(prefix))
}

/// Where the topic ends whose noun stands here: "Umsetzung der Istanbul-Konvention".
fn end_of(reading: &Reading<'_, '_>, noun: usize) -> usize {
    let words = &reading.text.words;
    let joins = |i: usize| {
        matches!(
            words.word(i),
            "der" | "des" | "von" | "und" | "gegen" | "einer" | "eines"
        ) || lexicon::introduces_topic(words.word(i))
    };
    let apart = Gap::COMMA.or(Gap::STOP).or(Gap::LINE).or(Gap::COLON);
    let sentence = reading.text.sentence(noun);
    let mut end = noun + 1;
    while end < sentence.end.min(noun + LONGEST) && !words.gap(end).has(apart) {
        let next = if joins(end) { end + 1 } else { end };
        let near = (next..next + 2).find(|&i| words.is_capital(i) && i < sentence.end);
        match near.filter(|_| next > end || words.is_capital(end)) {
            Some(near) => end = near + 1,
            None => break,
        }
    }
    end.min(words.len())
}
