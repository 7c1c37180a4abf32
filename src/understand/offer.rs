//! Which motion a mail asks for, and whether it asks for any.

use super::drafts::Sources;
use super::fields::{Entry, Field};
use super::{Choice, Question, Topic};
use super::{lexicon, mention};
use crate::kommune::{Gap, Words, fold};
use crate::template::{Offer, TemplateId};

/// The motion that is named, `None` for the default one; a question if it is not on offer.
pub(super) fn wanted(
    new: &str,
    subject: &str,
    entries: &[Entry<'_>],
    offers: &[Offer],
) -> Result<Option<TemplateId>, Question> {
    let field = entries
        .iter()
        .find(|entry| entry.field == Field::Vorlage && !entry.value.is_empty());
    if let Some(entry) = field {
        return match named(entry.value, offers) {
            Some(offer) => Ok(Some(offer.id.clone())),
            None => Err(not_on_offer(entry.value, offers)),
        };
    }
    if let Some(offer) = named(new, offers).or_else(|| named(subject, offers)) {
        return Ok(Some(offer.id.clone()));
    }
    match [new, subject].into_iter().find_map(topic_of) {
        Some(topic) if !offers.is_empty() => Err(not_on_offer(topic, offers)),
        _ => Ok(None),
    }
}

/// The offer whose id, title or words the text holds; the default one last.
fn named<'o>(text: &str, offers: &'o [Offer]) -> Option<&'o Offer> {
    let folded = format!(" {} ", fold(text));
    let holds = |words: &str| {
        let words = fold(words);
        !words.is_empty() && folded.contains(words.as_str())
    };
    let names = |offer: &&Offer| {
        holds(offer.id.as_str())
            || holds(&offer.title)
            || offer.words.iter().any(|word| holds(word))
    };
    let specific = offers.iter().filter(|offer| !offer.default).find(names);
    specific.or_else(|| offers.iter().filter(|offer| offer.default).find(names))
}

/// What the motion is to be about, if the text says so:
/// "Musterantrag zum Thema Wahlrecht", "Antrag zur Verkehrswende".
fn topic_of(text: &str) -> Option<&str> {
    let words = Words::of(text);
    (0..words.len()).find_map(|i| {
        let motion = matches!(
            words.word(i),
            "musterantrag"
                | "musterantrags"
                | "musterantrages"
                | "musterantraege"
                | "antrag"
                | "antrags"
                | "vorlage"
        );
        let start = match (words.word(i + 1), words.word(i + 2)) {
            ("zum", "thema") => i + 3,
            ("zum" | "zur" | "gegen" | "auf", _) if words.is_capital(i + 2) => i + 2,
            _ => return None,
        };
        let last = words.len().min(start + 6);
        let end = (start + 1..last)
            .find(|&j| !words.is_capital(j) || words.gap(j).has(Gap::COMMA.or(Gap::STOP)))
            .unwrap_or(last);
        let topic = words.source(start..end);
        let known = lexicon::is_article(words.word(start))
            || fold(topic).contains("integration")
            || lexicon::is_purpose(words.word(start));
        (motion && !topic.is_empty() && !known).then_some(topic)
    })
}

fn not_on_offer(heard: &str, offers: &[Offer]) -> Question {
    Question {
        topic: Topic::Template,
        heard: Some(heard.to_owned()),
        candidates: offers
            .iter()
            .take(10)
            .map(|offer| Choice {
                label: offer.title.clone(),
                line: format!("Vorlage: {}", offer.id.as_str()),
            })
            .collect(),
    }
}

/// Whether the mail only thanks, praises or says that all is done.
pub(super) fn is_thanks_only(sources: &Sources<'_, '_>) -> bool {
    let text = &sources.own.text;
    let count = text.words.len();
    if count == 0 || count > 60 || !sources.blocks.is_empty() || sources.own.requests() {
        return false;
    }
    // "anliegend erhalten Sie" thanks for nothing
    let got = text.any(0..count, lexicon::is_perfect);
    let thanks =
        |word: &str| lexicon::thanks(word) && (got || !matches!(word, "erhalten" | "bekommen"));
    if (0..=count).any(|i| is_question_mark(sources, i)) || !text.any(0..count, thanks) {
        return false;
    }
    // "Danke für den Antrag für Fürth", "ist angekommen", but not "Antrag für Fürth, danke"
    let places = sources.own.places.iter().map(|place| place.words.start);
    let bodies = sources.own.bodies.iter().map(|body| body.words.start);
    let motions = (0..count).filter(|&i| lexicon::is_of_motions(text.words.word(i)));
    places.chain(bodies).chain(motions).all(|at| {
        let sentence = text.sentence(at);
        mention::is_thanked(text, at)
            || text.any(sentence.clone(), lexicon::thanks)
                && text.any(sentence, |word| {
                    lexicon::is_perfect(word) || matches!(word, "ist" | "sind")
                })
    })
}

/// Whether the mail wants something else than a motion: it asks who or when, or to delete data.
pub(super) fn is_other_business(sources: &Sources<'_, '_>) -> bool {
    let readings = [Some(&sources.own), sources.subject.as_ref()];
    let names_motion = readings.into_iter().flatten().any(|reading| {
        let text = &reading.text;
        text.any(0..text.words.len(), lexicon::is_of_motions)
    });
    let text = &sources.own.text;
    let asks = (0..text.words.len()).any(|i| {
        lexicon::is_question_word(text.words.word(i))
            && is_question_mark(sources, text.sentence(i).end)
    });
    let other = text.any(0..text.words.len(), lexicon::is_other_business);
    sources.blocks.is_empty() && !names_motion && (asks || other)
}

fn is_question_mark(sources: &Sources<'_, '_>, i: usize) -> bool {
    let text = &sources.own.text;
    let asks = |at: usize| text.words.between(at).contains('?');
    asks(i)
}
