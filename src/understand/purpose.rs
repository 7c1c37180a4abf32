//! Whether a mail that names body and place asks for a motion at all.

use super::drafts::Sources;
use super::lexicon;
use super::targets::Reading;

/// A text of no more words than this beside its names needs no verb: a telegram.
const TELEGRAM: usize = 12;

/// Whether the mail is about something else: it invites, asks for news, wants to be left alone.
pub(super) fn is_foreign(sources: &Sources<'_, '_>) -> bool {
    let own = &sources.own;
    if !sources.blocks.is_empty() || names_motion(own) {
        return false;
    }
    let count = own.text.words.len();
    let other = own.text.any(0..count, lexicon::is_other_business);
    let wanted = sources.subject.as_ref().is_some_and(names_motion);
    let named: usize = own.places.iter().map(|place| place.words.len()).sum();
    let named = own
        .bodies
        .iter()
        .map(|body| body.words.len())
        .sum::<usize>()
        + named;
    let telegram = count.saturating_sub(named) <= TELEGRAM;
    other || asks_whether(own) || named > 0 && !telegram && !wanted && !own.requests()
}

fn names_motion(reading: &Reading<'_, '_>) -> bool {
    let words = 0..reading.text.words.len();
    reading.text.any(words, lexicon::is_of_motions)
}

/// "Gibt es in Fulda einen Ausländerbeirat?"
fn asks_whether(own: &Reading<'_, '_>) -> bool {
    let words = &own.text.words;
    (0..words.len()).any(|i| {
        let begins = words.word(i) == "gibt" || words.word(i) == "hat";
        let sentence = own.text.sentence(i);
        begins && sentence.start == i && words.between(sentence.end).contains('?')
    })
}
