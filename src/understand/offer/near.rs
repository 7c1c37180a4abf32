//! Motions that words are near to: titles cut short or misspelt, topics of several.

use strsim::osa_distance;

use super::super::text::Text;
use super::super::{Question, lexicon, lines};
use super::{distinct, stem};
use crate::kommune::fold;
use crate::template::Offer;

/// A motion that may be meant.
pub(super) struct Likely<'o> {
    pub(super) offer: &'o Offer,
    /// all that was said is of it
    pub(super) wholly: bool,
}

/// The motions that a topic of these nouns may be.
pub(super) fn about<'o>(nouns: &[String], offers: &'o [Offer]) -> Vec<Likely<'o>> {
    let likely = offers.iter().filter_map(|offer| {
        let known = known(offer);
        let title = fold(&offer.title);
        let of_name = |noun: &&String| known.iter().any(|name| is_near(noun, name));
        let of_title = |noun: &String| title.split(' ').any(|name| is_near(noun, name));
        nouns.iter().find(of_name)?;
        Some(Likely {
            offer,
            wholly: nouns.iter().all(|noun| of_name(&noun) || of_title(noun)),
        })
    });
    likely.collect()
}

/// The one motion of a question's candidates that an answer comes nearest to: its title cut
/// short, or misspelt.
pub(in crate::understand) fn meant<'o>(
    text: &Text<'_>,
    question: &Question,
    offers: &'o [Offer],
) -> Option<&'o Offer> {
    let words = &text.words;
    if text.any(0..words.len(), lexicon::denies) {
        return None;
    }
    let shown = |offer: &&Offer| {
        let mut candidates = question.candidates.iter();
        candidates.any(|choice| choice.line == lines::template_line(&offer.id))
    };
    let said = (0..words.len()).map(|i| words.word(i).to_owned());
    let said: Vec<String> = said
        .filter(|word| !lexicon::is_of_answers(word) && !lexicon::is_motion(word))
        .collect();
    let likely = about(&said, offers);
    match distinct(likely.iter().map(|likely| likely.offer).filter(shown)).as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

/// The words that only this motion's names have; folded.
fn known(offer: &Offer) -> Vec<String> {
    let names = offer.words.iter().map(String::as_str);
    let names: Vec<&str> = names.chain([offer.id.as_str()]).collect();
    fold(&names.join(" "))
        .split(' ')
        .map(str::to_owned)
        .collect()
}

/// Whether a word is the name, one end of it ("Integration" and "Plan" of "Integrationsplan"),
/// or the name misspelt.
fn is_near(word: &str, name: &str) -> bool {
    const LEAST: usize = 4;
    const LEAST_BEGINNING: usize = 8;
    let (bare, bare_name) = (stem(word), stem(name));
    if word.len() < LEAST || name.len() < LEAST {
        return word == name;
    }
    let slips = match bare.len().min(bare_name.len()) {
        0..=5 => 0,
        6..=9 => 1,
        _ => 2,
    };
    bare == bare_name
        || bare.len() >= LEAST && bare_name.ends_with(bare)
        || bare.len() >= LEAST_BEGINNING && name.starts_with(bare)
        || osa_distance(bare, bare_name) <= slips
}
