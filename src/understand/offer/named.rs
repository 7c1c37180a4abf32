//! Where a text names a motion: by its id, its title or one of its words, in any inflected form.

use std::ops::Range;

use super::super::text::Text;
use crate::kommune::fold;
use crate::template::Offer;

/// A motion, where its id, its title or one of its words stands.
#[derive(Debug, Clone)]
pub(super) struct Mention<'o> {
    pub(super) words: Range<usize>,
    pub(super) offer: &'o Offer,
}

/// All motions that are named; what stands within a longer name is none.
pub(super) fn named<'o>(text: &Text<'_>, offers: &'o [Offer]) -> Vec<Mention<'o>> {
    let phrases: Vec<(Vec<String>, &Offer)> = offers
        .iter()
        .flat_map(|offer| {
            let names = [offer.id.as_str(), offer.title.as_str()];
            let names = names
                .into_iter()
                .chain(offer.words.iter().map(String::as_str));
            names.map(move |name| (stems(name), offer))
        })
        .filter(|(stems, _)| !stems.is_empty())
        .collect();
    let words = &text.words;
    let mut mentions: Vec<Mention<'o>> = Vec::new();
    for i in 0..words.len() {
        let first = stem(words.word(i));
        for (stems, offer) in &phrases {
            let begins = stems.first().is_some_and(|stem| stem == first);
            let stands = |(at, own): (usize, &String)| stem(words.word(i + at)) == own;
            let length = match begins && stems.iter().enumerate().all(stands) {
                true => Some(stems.len()),
                false => hyphenated(text, i, stems),
            };
            mentions.extend(length.map(|length| Mention {
                words: i..i + length,
                offer,
            }));
        }
    }
    let within = |small: &Range<usize>, large: &Range<usize>| {
        large.len() > small.len() && large.start <= small.start && small.end <= large.end
    };
    let all: Vec<Range<usize>> = mentions
        .iter()
        .map(|mention| mention.words.clone())
        .collect();
    mentions.retain(|mention| !all.iter().any(|other| within(&mention.words, other)));
    mentions
}

/// "Integrations-Plan": over how many words a name of one word stands at `i`.
fn hyphenated(text: &Text<'_>, i: usize, stems: &[String]) -> Option<usize> {
    const MOST_PARTS: usize = 4;
    let [name] = stems else { return None };
    let words = &text.words;
    let mut joined = words.word(i).to_owned();
    for length in 1..MOST_PARTS {
        if words.between(i + length) != "-" {
            return None;
        }
        joined.push_str(words.word(i + length));
        if stem(&joined) == name {
            return Some(length + 1);
        }
    }
    None
}

fn stems(name: &str) -> Vec<String> {
    let folded = fold(name);
    let words = folded.split(' ').filter(|word| !word.is_empty());
    words.map(|word| stem(word).to_owned()).collect()
}

/// The word without its ending: "Kommunales Wahlrecht" is also "kommunalen Wahlrechts".
pub(in crate::understand) fn stem(word: &str) -> &str {
    const LEAST: usize = 4;
    ["en", "er", "em", "es", "e", "s"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .filter(|stem| stem.len() >= LEAST)
        .unwrap_or(word)
}
