//! Which motion a mail asks for.
//!
//! A motion counts as asked for where its title or one of its words stands in the subject or
//! in a sentence that asks; elsewhere it is named in passing. Whatever leaves a doubt (two
//! that are asked for, a subject and a text that differ, "den anderen Antrag", a topic that
//! several share) is a question: a wrong motion is never sent.

mod named;
mod near;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::drafts::Sources;
use super::fields::{self, Entry, Field};
use super::mention::{instead, is_denied, reports};
use super::question::MOST;
use super::targets::Reading;
use super::text::Text;
use super::{Choice, Question, Topic, lexicon, topic};
use crate::kommune::{Gap, fold};
use crate::mail::File;
use crate::template::{Feld, FeldArt, Offer, TemplateId};
pub(super) use named::stem;
use named::{Mention, named};
pub(super) use near::meant;
#[cfg(test)]
pub(crate) use tests::two_motions;

/// The motion that is named, `None` for the default one; a question if it is not on offer,
/// if several are named or if what is named is in doubt.
pub(super) fn wanted(
    sources: &Sources<'_, '_>,
    entries: &[Entry<'_>],
    files: &[File],
    offers: &[Offer],
) -> Result<Option<TemplateId>, Question> {
    if let Some(found) = in_lines(entries, offers) {
        return found.map(Some);
    }
    let default = offers.iter().filter(|offer| offer.default);
    let subject = sources.subject.as_ref();
    let in_subject = subject.map_or_else(Vec::new, |subject| asked_in(&subject.text, offers));
    let own = Named::of(&sources.own.text, offers);
    match own.asked.as_slice() {
        [] => {}
        [one] => {
            let differs = !in_subject.is_empty() && !in_subject.iter().any(|other| other == one);
            return match differs {
                true => Err(question(
                    None,
                    distinct(own.asked.into_iter().chain(in_subject)),
                )),
                false => Ok(Some(one.id.clone())),
            };
        }
        _ => return Err(question(None, own.asked)),
    }
    if let Some(found) = by_topic(&sources.own, offers) {
        return found.map(Some);
    }
    let text = &sources.own.text;
    if offers.len() > 1 && (asks_for_other(text) || asks_which(text)) {
        return Err(question(None, offers));
    }
    match in_subject.as_slice() {
        [] => {}
        [one] => return Ok(Some(one.id.clone())),
        _ => return Err(question(None, in_subject)),
    }
    if let Some(found) = subject.and_then(|subject| by_topic(subject, offers)) {
        return found.map(Some);
    }
    let of_files = files
        .iter()
        .flat_map(|file| in_passing(&Text::of(&file.name.replace('_', " ")), offers));
    // it may be what the motion is to be about, or what the writer has on his mind
    let in_passing = own.in_passing.into_iter().chain(of_files);
    let in_passing = in_passing.chain(by_fields(&sources.own, offers));
    let mut others = in_passing.filter(|offer| !offer.default).peekable();
    if others.peek().is_some() {
        return Err(question(None, distinct(others.chain(default))));
    }
    if own.denies_default && offers.len() > 1 {
        let others = offers.iter().filter(|offer| !offer.default);
        return Err(question(None, others));
    }
    Ok(None)
}

/// The further fields of the motion that is wanted.
pub(super) fn felder<'o>(offers: &'o [Offer], id: Option<&TemplateId>) -> &'o [Feld] {
    let wanted = |offer: &&Offer| id.map_or(offer.default, |id| offer.id == *id);
    let offer = offers.iter().find(wanted);
    offer.map_or(&[], |offer| &offer.felder)
}

/// The further fields of the motions that a question shows, each name once.
pub(super) fn felder_of_candidates(offers: &[Offer], question: &Question) -> Vec<Feld> {
    let shown = |offer: &&Offer| {
        let mut candidates = question.candidates.iter();
        candidates.any(|choice| choice.line == super::lines::template_line(&offer.id))
    };
    let mut felder: Vec<Feld> = Vec::new();
    for feld in offers.iter().filter(shown).flat_map(|offer| &offer.felder) {
        if !felder.iter().any(|other| other.name == feld.name) {
            felder.push(feld.clone());
        }
    }
    felder
}

/// The fields of any motion that hold any text: what they say names no motion.
pub(super) fn texts(offers: &[Offer]) -> Vec<Feld> {
    let felder = offers.iter().flat_map(|offer| &offer.felder);
    felder
        .filter(|feld| feld.art == FeldArt::Text)
        .cloned()
        .collect()
}

/// "Bitte beide Anträge für Fürth": whether a text asks for more motions than one document.
pub(super) fn asks_for_all(text: &Text<'_>) -> bool {
    (0..text.words.len()).any(|i| {
        let all = |word: &str| {
            matches!(word, "beide" | "beiden") || lexicon::is_every(word) && word != "jeweils"
        };
        lexicon::is_motions(text.words.word(i))
            && i > 0
            && all(text.words.word(i - 1))
            && !reports(text, i)
    })
}

/// The question which of all there are.
pub(super) fn question_of_all(offers: &[Offer]) -> Question {
    question(None, offers)
}

/// "Vorlage: Wahlrecht"; several lines that name different ones are a question.
fn in_lines(entries: &[Entry<'_>], offers: &[Offer]) -> Option<Result<TemplateId, Question>> {
    let mut all: Vec<&Offer> = Vec::new();
    let lines = entries.iter().filter(|entry| entry.field == Field::Vorlage);
    for entry in lines.filter(|entry| !says_nothing(entry.value)) {
        let text = Text::of(entry.value);
        let named = match in_full(entry.value, offers) {
            Some(offer) => vec![offer],
            None => in_passing(&text, offers),
        };
        if named.is_empty() {
            return Some(Err(question(Some(entry.value.to_owned()), offers)));
        }
        all.extend(named);
    }
    match distinct(all).as_slice() {
        [] => None,
        [one] => Some(Ok(one.id.clone())),
        several => Some(Err(question(None, several.iter().copied()))),
    }
}

/// The motion whose id or title this is: it may hold words that name others.
fn in_full<'o>(value: &str, offers: &'o [Offer]) -> Option<&'o Offer> {
    let is_title = |offer: &&Offer| fold(&offer.title) == fold(value);
    let by_id = offers.iter().find(|offer| offer.id.as_str() == value);
    by_id.or_else(|| offers.iter().find(is_title))
}

/// What the topics of a text come to: "Antrag gegen Rassismus".
fn by_topic(reading: &Reading<'_, '_>, offers: &[Offer]) -> Option<Result<TemplateId, Question>> {
    offers.iter().find(|offer| offer.default)?;
    let in_compounds = topic::in_compounds(&reading.text).into_iter();
    let mut in_compounds = in_compounds.map(|noun| near::about(&[noun], offers));
    let named = in_compounds.find_map(|likely| match likely.as_slice() {
        [] => None,
        [one] if one.offer.default => None,
        [one] => Some(Ok(one.offer.id.clone())),
        several => Some(Err(question(
            None,
            several.iter().map(|likely| likely.offer),
        ))),
    });
    if named.is_some() {
        return named;
    }
    topic::all(reading).iter().find_map(|about| {
        match near::about(&about.nouns, offers).as_slice() {
            [one] if one.offer.default => None,
            [one] if one.wholly => Some(Ok(one.offer.id.clone())),
            [] | [_] => Some(Err(question(Some(about.text.to_owned()), offers))),
            several => {
                let several = several.iter().map(|likely| likely.offer);
                Some(Err(question(None, several)))
            }
        }
    })
}

/// The motions that are not the default one, of whose further fields lines give some that the
/// default one does not have.
fn by_fields<'o>(own: &Reading<'_, '_>, offers: &'o [Offer]) -> Vec<&'o Offer> {
    let words = &own.text.words;
    let text = words.source(0..words.len());
    let usual = felder(offers, None);
    let given = |offer: &&Offer| {
        fields::read(text, &offer.felder).iter().any(|entry| {
            let Field::Further(number) = entry.field else {
                return false;
            };
            let feld = offer.felder.get(number);
            let fits = feld.is_some_and(|feld| feld.read(entry.value, None).is_ok());
            fits && !feld.is_some_and(|feld| usual.iter().any(|other| other.title == feld.title))
        })
    };
    let others = offers.iter().filter(|offer| !offer.default);
    others.filter(given).collect()
}

/// What a text names.
struct Named<'o> {
    asked: Vec<&'o Offer>,
    in_passing: Vec<&'o Offer>,
    /// "nicht den zum Integrationsplan"
    denies_default: bool,
}

impl<'o> Named<'o> {
    fn of(text: &Text<'_>, offers: &'o [Offer]) -> Self {
        let mut mentions = named(text, offers);
        let denied = |mention: &Mention<'_>| mention.offer.default && is_put_aside(text, mention);
        let denies_default = mentions.iter().any(denied);
        mentions.retain(|mention| !is_refused(text, mention));
        let (asked, in_passing): (Vec<_>, Vec<_>) = mentions
            .into_iter()
            .partition(|mention| is_asked_for(text, mention));
        Self {
            asked: distinct(asked.into_iter().map(|mention| mention.offer)),
            in_passing: distinct(in_passing.into_iter().map(|mention| mention.offer)),
            denies_default,
        }
    }
}

/// What a subject names: it need not ask.
fn asked_in<'o>(text: &Text<'_>, offers: &'o [Offer]) -> Vec<&'o Offer> {
    let mut mentions = named(text, offers);
    mentions.retain(|mention| !is_refused(text, mention));
    distinct(mentions.into_iter().map(|mention| mention.offer))
}

fn in_passing<'o>(text: &Text<'_>, offers: &'o [Offer]) -> Vec<&'o Offer> {
    distinct(named(text, offers).into_iter().map(|mention| mention.offer))
}

/// Each motion once, in the order named.
fn distinct<'o>(offers: impl IntoIterator<Item = &'o Offer>) -> Vec<&'o Offer> {
    let mut distinct: Vec<&Offer> = Vec::new();
    for offer in offers {
        if !distinct.iter().any(|other| other.id == offer.id) {
            distinct.push(offer);
        }
    }
    distinct
}

/// A short text, a line or a sentence of its own that asks for something.
fn is_asked_for(text: &Text<'_>, mention: &Mention<'_>) -> bool {
    const SHORT: usize = 12;
    let asks = |i: usize| {
        let word = text.words.word(i);
        lexicon::requests(word) || lexicon::is_of_motions(word)
    };
    // the name of a motion may hold such a word itself
    let mut sentence = text.sentence(mention.words.start);
    text.words.len() <= SHORT
        || text.is_line(&mention.words)
        || sentence.any(|i| !mention.words.contains(&i) && asks(i))
}

/// "Nicht den zum Wahlrecht"; "den zum Wahlrecht haben wir schon".
fn is_refused(text: &Text<'_>, mention: &Mention<'_>) -> bool {
    is_put_aside(text, mention) || reports(text, mention.words.start)
}

/// "Nicht den zum Wahlrecht", "statt des Wahlrechts".
fn is_put_aside(text: &Text<'_>, mention: &Mention<'_>) -> bool {
    let Range { start, end } = mention.words;
    let instead = instead(text, start).filter(|&at| {
        let mut between = (at + 1..start).map(|i| text.words.word(i));
        between.all(|word| {
            lexicon::is_article(word) || lexicon::introduces_topic(word) || lexicon::is_motion(word)
        })
    });
    is_denied(text, start, end) || instead.is_some()
}

/// "Bitte den anderen Antrag".
pub(super) fn asks_for_other(text: &Text<'_>) -> bool {
    is_before_motion(text, is_other)
}

/// "Welche Anträge haben Sie?"
fn asks_which(text: &Text<'_>) -> bool {
    is_before_motion(text, |word| {
        matches!(word, "welche" | "welchen" | "welcher")
    })
}

/// Whether such a word stands directly before one for motions.
fn is_before_motion(text: &Text<'_>, fits: impl Fn(&str) -> bool) -> bool {
    let words = &text.words;
    (1..words.len())
        .any(|i| lexicon::is_motion(words.word(i)) && fits(words.word(i - 1)) && !reports(text, i))
}

/// "Doch lieber den anderen": with nothing behind it that says what.
pub(super) fn says_other(text: &Text<'_>) -> bool {
    (0..text.words.len()).any(|i| {
        let ends = Gap::COMMA.or(Gap::STOP).or(Gap::DOT).or(Gap::LINE);
        let alone = i + 1 == text.words.len() || text.words.gap(i + 1).has(ends);
        is_other(text.words.word(i)) && alone
    })
}

fn is_other(word: &str) -> bool {
    matches!(word, "anderen" | "andere" | "anderer" | "anderes")
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

fn question<'o>(heard: Option<String>, offers: impl IntoIterator<Item = &'o Offer>) -> Question {
    Question {
        topic: Topic::Template,
        heard,
        candidates: offers
            .into_iter()
            .take(MOST)
            .map(|offer| Choice {
                label: offer.title.clone(),
                line: super::lines::template_line(&offer.id),
            })
            .collect(),
    }
}
