//! Which motion a mail asks for.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::drafts::Sources;
use super::fields::{Entry, Field};
use super::mention::{is_denied, reports};
use super::question::MOST;
use super::text::Text;
use super::{Choice, Question, Topic, lexicon, topic};
use crate::kommune::fold;
use crate::template::{Feld, Offer, TemplateId};

/// The motion that is named, `None` for the default one; a question if it is not on offer,
/// or if several are named.
pub(super) fn wanted(
    sources: &Sources<'_, '_>,
    entries: &[Entry<'_>],
    offers: &[Offer],
) -> Result<Option<TemplateId>, Question> {
    let field = entries
        .iter()
        .find(|entry| entry.field == Field::Vorlage && !says_nothing(entry.value));
    if let Some(entry) = field {
        let named = named(&Text::of(entry.value), offers);
        return match distinct(&named).as_slice() {
            [offer] => Ok(Some(offer.id.clone())),
            [] => Err(question(Some(entry.value.to_owned()), offers.iter())),
            several => Err(question(None, several.iter().copied())),
        };
    }
    let default = offers.iter().find(|offer| offer.default);
    let mut in_passing = Vec::new();
    for (reading, is_subject) in [
        (Some(&sources.own), false),
        (sources.subject.as_ref(), true),
    ] {
        let Some(reading) = reading else { continue };
        let mut asked = named(&reading.text, offers);
        asked.retain(|mention| !is_refused(&reading.text, mention));
        let (asked, passing): (Vec<_>, Vec<_>) = asked.into_iter().partition(|mention| {
            is_subject || mention.offer.default || is_asked_for(&reading.text, mention)
        });
        match distinct(&asked).as_slice() {
            [offer] => return Ok(Some(offer.id.clone())),
            [] => {}
            several => return Err(question(None, several.iter().copied())),
        }
        in_passing.extend(passing);
        if let Some(topic) = topic::of(reading, default).filter(|_| default.is_some()) {
            return Err(question(Some(topic.to_owned()), offers.iter()));
        }
    }
    match distinct(&in_passing).as_slice() {
        [] => Ok(None),
        // it may be what the motion is to be about, or what the writer has on his mind
        several => Err(question(None, several.iter().copied().chain(default))),
    }
}

/// The further fields of the motion that is wanted.
pub(super) fn felder<'o>(offers: &'o [Offer], id: Option<&TemplateId>) -> &'o [Feld] {
    let wanted = |offer: &&Offer| id.map_or(offer.default, |id| offer.id == *id);
    let offer = offers.iter().find(wanted);
    offer.map_or(&[], |offer| &offer.felder)
}

/// A motion, where its id, its title or one of its words stands.
#[derive(Debug, Clone)]
struct Mention<'o> {
    words: Range<usize>,
    offer: &'o Offer,
}

/// All motions that are named; what stands within a longer name is none.
fn named<'o>(text: &Text<'_>, offers: &'o [Offer]) -> Vec<Mention<'o>> {
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
            if begins && stems.iter().enumerate().all(stands) {
                mentions.push(Mention {
                    words: i..i + stems.len(),
                    offer,
                });
            }
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

fn distinct<'o>(mentions: &[Mention<'o>]) -> Vec<&'o Offer> {
    let mut offers: Vec<&Offer> = Vec::new();
    for mention in mentions {
        if !offers.iter().any(|offer| offer.id == mention.offer.id) {
            offers.push(mention.offer);
        }
    }
    offers
}

/// A short text, a line or a sentence of its own that asks for something.
fn is_asked_for(text: &Text<'_>, mention: &Mention<'_>) -> bool {
    const SHORT: usize = 12;
    let asks = |i: usize| {
        let word = text.words.word(i);
        lexicon::requests(word) || lexicon::is_of_motions(word)
    };
    text.words.len() <= SHORT
        || text.is_line(&mention.words)
        || text.sentence(mention.words.start).any(asks)
}

/// "nicht den zum Wahlrecht"; "den zum Wahlrecht haben wir schon".
fn is_refused(text: &Text<'_>, mention: &Mention<'_>) -> bool {
    let Range { start, end } = mention.words;
    is_denied(text, start, end) || reports(text, start)
}

/// Whether the value of `Vorlage:` leaves open which: "ja", "Musterantrag".
fn says_nothing(value: &str) -> bool {
    let folded = fold(value);
    folded.split(' ').all(|word| {
        word.is_empty()
            || lexicon::is_motion(word)
            || lexicon::is_article(word)
            || lexicon::names_no_motion(word)
    })
}

fn stems(name: &str) -> Vec<String> {
    let folded = fold(name);
    let words = folded.split(' ').filter(|word| !word.is_empty());
    words.map(|word| stem(word).to_owned()).collect()
}

/// The word without its ending: "Kommunales Wahlrecht" is also "kommunalen Wahlrechts".
pub(super) fn stem(word: &str) -> &str {
    const LEAST: usize = 4;
    ["en", "er", "em", "es", "e", "s"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .filter(|stem| stem.len() >= LEAST)
        .unwrap_or(word)
}

fn question<'o>(heard: Option<String>, offers: impl Iterator<Item = &'o Offer>) -> Question {
    Question {
        topic: Topic::Template,
        heard,
        candidates: offers
            .take(MOST)
            .map(|offer| Choice {
                label: offer.title.clone(),
                line: format!("Vorlage: {}", offer.id.as_str()),
            })
            .collect(),
    }
}
