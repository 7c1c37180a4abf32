//! Whether a mail asks for a motion at all.

use super::drafts::Sources;
use super::targets::Reading;
use super::text::Text;
use super::{lexicon, mention};

/// A text of no more words than this beside its names needs no verb: a telegram.
const TELEGRAM: usize = 12;

/// No mail that only thanks, or only asks how to ask, has more words.
const LONGEST: usize = 60;

/// A text of no more words than this is a cry for help, whatever its subject or thread is about.
pub(super) const CRY: usize = 4;

/// Whether the mail only thanks, praises or says that all is done.
pub(super) fn is_thanks_only(sources: &Sources<'_, '_>) -> bool {
    let own = &sources.own;
    let text = &own.text;
    let count = text.words.len();
    if count == 0 || count > LONGEST || !sources.blocks.is_empty() || own.requests() {
        return false;
    }
    // "anliegend erhalten Sie" thanks for nothing
    let got = text.any(0..count, lexicon::is_perfect);
    let thanks =
        |word: &str| lexicon::thanks(word) && (got || !matches!(word, "erhalten" | "bekommen"));
    if (0..=count).any(|i| text.words.between(i).contains('?')) || !text.any(0..count, thanks) {
        return false;
    }
    // "Danke für den Antrag für Fürth", "ist angekommen", but not "Antrag für Fürth, danke"
    let places = own.places.iter().map(|place| place.words.start);
    let bodies = own.bodies.iter().map(|body| body.words.start);
    let motions = (0..count).filter(|&i| lexicon::is_of_motions(text.words.word(i)));
    places.chain(bodies).chain(motions).all(|at| {
        let sentence = text.sentence(at);
        let told = |word: &str| lexicon::is_perfect(word) || matches!(word, "ist" | "sind");
        mention::is_thanked(text, at)
            || text.any(sentence.clone(), lexicon::thanks) && text.any(sentence, told)
    })
}

/// Whether the mail asks how to ask: "Hilfe!", "Wie funktioniert das?" Who names a place, a
/// body or a motion beside it has asked already.
pub(super) fn is_cry_for_help(sources: &Sources<'_, '_>) -> bool {
    let own = &sources.own;
    let count = own.text.words.len();
    let wanted = sources.subject.as_ref().is_some_and(names_motion);
    if !sources.blocks.is_empty() || names_motion(own) || count > LONGEST || wanted && count > CRY {
        return false;
    }
    let mut read = [Some(own), sources.subject.as_ref()].into_iter().flatten();
    let words = |reading: &Reading<'_, '_>| 0..reading.text.words.len();
    read.clone()
        .all(|reading| reading.places.is_empty() && reading.bodies.is_empty())
        && read.any(|reading| lexicon::asks_how(&reading.text.words, words(reading)))
}

/// Whether the mail wants something else than a motion: it invites, asks for news, wants to
/// be left alone.
pub(super) fn is_other_business(sources: &Sources<'_, '_>) -> bool {
    let own = &sources.own;
    if !sources.blocks.is_empty() || names_motion(own) {
        return false;
    }
    let text = &own.text;
    let other = text.any(0..text.words.len(), lexicon::is_other_business);
    let wanted = sources.subject.as_ref().is_some_and(names_motion);
    let named: usize = own.places.iter().map(|place| place.words.len()).sum();
    let named = own
        .bodies
        .iter()
        .map(|body| body.words.len())
        .sum::<usize>()
        + named;
    let telegram = text.words.len().saturating_sub(named) <= TELEGRAM;
    other
        || asks_whether(text)
        || !wanted && (asks_for_news(text) || named > 0 && !telegram && !own.requests())
}

fn names_motion(reading: &Reading<'_, '_>) -> bool {
    let words = 0..reading.text.words.len();
    reading.text.any(words, lexicon::is_of_motions)
}

/// "Wann tagt der Ausländerbeirat Fulda?"
fn asks_for_news(text: &Text<'_>) -> bool {
    (0..text.words.len())
        .any(|i| lexicon::is_question_word(text.words.word(i)) && is_question(text, i))
}

/// "Gibt es in Fulda einen Ausländerbeirat?"
fn asks_whether(text: &Text<'_>) -> bool {
    (0..text.words.len()).any(|i| {
        let begins = matches!(text.words.word(i), "gibt" | "hat");
        begins && text.sentence(i).start == i && is_question(text, i)
    })
}

fn is_question(text: &Text<'_>, i: usize) -> bool {
    text.words.between(text.sentence(i).end).contains('?')
}
