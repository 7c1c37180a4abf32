//! Bodies that the register lacks, named by parts that everybody knows: "Beirat für Migration und
//! Teilhabe", "Zuwanderer- und Integrationsrat".

use std::borrow::Cow;

use super::lexicon;
use super::text::Text;
use crate::kommune::{Gap, Gremium, Register, Rolle};

/// What a body for some topics is called, a body of the same kind that the register has, and
/// the topic in its name.
const KINDS: [(&str, &str, &str); 4] = [
    ("beirat", "Beirat für Integration", "Integration"),
    ("rat", "Rat für Integration", "Integration"),
    ("ausschuss", "Ausschuss für Integration", "Integration"),
    ("forum", "Forum für Migration", "Migration"),
];

/// The most topics of one body.
const MOST: usize = 4;

/// The body that begins at the word `i`, and where it ends.
pub(super) fn body_at<'r>(
    text: &Text<'_>,
    register: &'r Register,
    i: usize,
) -> Option<(usize, Cow<'r, Gremium>)> {
    for_topics(text, register, i).or_else(|| of_two_parts(text, register, i))
}

/// "Beirat für Migration und Teilhabe"
fn for_topics<'r>(
    text: &Text<'_>,
    register: &'r Register,
    i: usize,
) -> Option<(usize, Cow<'r, Gremium>)> {
    let words = &text.words;
    let word = words.word(i);
    let (_, like, topic) = KINDS.iter().find(|(name, ..)| {
        let ending = word.strip_prefix(name);
        ending.is_some_and(|ending| matches!(ending, "" | "s" | "es" | "e"))
    })?;
    if !matches!(words.word(i + 1), "fuer" | "f" | "fur") {
        return None;
    }
    let mut topics: Vec<&str> = Vec::new();
    let mut at = i + 2;
    let mut end = at;
    while topics.len() < MOST && lexicon::is_topic_of_bodies(words.word(at)) {
        topics.push(words.source(at..at + 1));
        end = at + 1;
        at = end + usize::from(matches!(words.word(end), "und" | "u"));
        let sign = words.between(end).contains(['&', '+', ',']);
        if at == end && !sign || words.gap(end).has(Gap::STOP.or(Gap::BREAK).or(Gap::OPEN)) {
            break;
        }
    }
    let (last, first) = topics.split_last()?;
    let said = match first {
        [] => (*last).to_owned(),
        _ => format!("{} und {last}", first.join(", ")),
    };
    let like = register.gremium(Rolle::Beirat, like)?;
    let coined = like.renamed(|name| name.replace(topic, &said));
    Some((end, known(register, coined)))
}

/// "Zuwanderer- und Integrationsrat", "Integrations- u. Ausländerbeirat"
fn of_two_parts<'r>(
    text: &Text<'_>,
    register: &'r Register,
    i: usize,
) -> Option<(usize, Cow<'r, Gremium>)> {
    let words = &text.words;
    let gap = words.gap(i + 1);
    let hangs = gap.has(Gap::HYPHEN) && gap.has(Gap::BLANK) && !gap.has(Gap::SLASH);
    let two = hangs
        && words.is_capital(i)
        && lexicon::is_body_part(words.word(i))
        && matches!(words.word(i + 1), "und" | "u");
    if !two {
        return None;
    }
    let (end, body) = register.gremium_at(words, i + 2)?;
    if body.rolle != Rolle::Beirat {
        return None;
    }
    let part = words.source(i..i + 1);
    let coined = body.renamed(|name| format!("{part}- und {name}"));
    Some((end, known(register, coined)))
}

fn known(register: &Register, coined: Gremium) -> Cow<'_, Gremium> {
    match register.gremium(Rolle::Beirat, &coined.name) {
        Some(gremium) => Cow::Borrowed(gremium),
        None => Cow::Owned(coined),
    }
}
