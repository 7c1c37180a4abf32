//! Bodies and councils that a text names.

use std::borrow::Cow;
use std::ops::Range;

use super::lexicon;
use super::text::Text;
use crate::kommune::{Case, Gap, Gremium, Register, Rolle};

/// A body or council, where it is named.
#[derive(Debug, Clone)]
pub(super) struct Body<'r> {
    pub(super) words: Range<usize>,
    pub(super) gremium: Cow<'r, Gremium>,
    /// how much speaks for it; 0 if it is denied or only mentioned
    pub(super) weight: u8,
}

impl Body<'_> {
    pub(super) fn is_beirat(&self) -> bool {
        self.gremium.rolle == Rolle::Beirat
    }
}

/// More than this many of one mail are not read.
const MOST: usize = 200;

/// All bodies and councils of a text, in their order.
pub(super) fn read<'r>(text: &Text<'_>, register: &'r Register) -> Vec<Body<'r>> {
    let mut bodies: Vec<Body<'r>> = Vec::new();
    let mut i = 0;
    while i < text.words.len() && bodies.len() < MOST {
        let end = match body_at(text, register, i) {
            Some(body) => {
                let end = body.words.end;
                if counts(text, &body) {
                    bodies.push(with_prefix(text, body));
                }
                end
            }
            None => i + 1,
        };
        i = end;
    }
    for i in 0..bodies.len() {
        let weight = bodies.get(i).map_or(0, |body| weigh(text, body));
        if let Some(body) = bodies.get_mut(i) {
            body.weight = weight;
        }
    }
    bodies
}

fn body_at<'r>(text: &Text<'_>, register: &'r Register, i: usize) -> Option<Body<'r>> {
    let (words, gremium) = match register.gremium_at(&text.words, i) {
        Some((end, gremium)) => (i..end, Cow::Borrowed(gremium)),
        None => (i..i + 1, compound_or_typo(text, register, i)?),
    };
    Some(Body {
        words,
        gremium,
        weight: 0,
    })
}

/// "Kreismigrationsbeirat", "Stadtratssitzung", "Gemeindrat".
fn compound_or_typo<'r>(
    text: &Text<'_>,
    register: &'r Register,
    i: usize,
) -> Option<Cow<'r, Gremium>> {
    let word = text.words.word(i);
    if word.len() < 8 || !(text.flat || text.words.is_capital(i)) {
        return None;
    }
    for (prefix, said) in lexicon::BODY_PREFIXES {
        let rest = word.strip_prefix(prefix).filter(|rest| rest.len() > 6);
        if let Some(gremium) = rest.and_then(|rest| register.gremium(Rolle::Beirat, rest)) {
            return Some(Cow::Owned(gremium.compound(said, false)));
        }
    }
    for tail in lexicon::BODY_TAILS {
        if let Some(at) = word.find(tail) {
            let head = word.get(..at)?.trim_end_matches('s');
            let found = register
                .gremium(Rolle::Beirat, head)
                .or_else(|| register.gremium(Rolle::Rat, head));
            return found.map(Cow::Borrowed);
        }
    }
    register.gremium_near(word).map(Cow::Borrowed)
}

/// Whether the word means a body here: "um Rat" asks for advice, "ABR" is no small word.
fn counts(text: &Text<'_>, body: &Body<'_>) -> bool {
    let Range { start, end } = body.words;
    let words = &text.words;
    let word = words.word(start);
    let lone = end == start + 1;
    if lone && word.len() <= 4 && !word.starts_with("rat") {
        return text.flat || words.case(start) != Case::Small;
    }
    if lone && matches!(word, "rat" | "rats" | "rates") {
        let said = start > 0 && lexicon::is_before_rat(words.word(start - 1));
        return said && (text.flat || words.is_capital(start)) || text.is_line(&body.words);
    }
    // "Landes-Integrationsbeirat" is another house
    let glued = start > 0 && words.gap(start) == Gap::HYPHEN;
    !glued || prefix_before(text, start).is_some()
}

fn prefix_before(text: &Text<'_>, i: usize) -> Option<&'static str> {
    let before = text.words.word(i.checked_sub(1)?);
    let row = lexicon::BODY_PREFIXES
        .iter()
        .find(|(prefix, _)| *prefix == before)?;
    Some(row.1)
}

/// "Kreis-Migrationsbeirat" is one.
fn with_prefix<'r>(text: &Text<'_>, body: Body<'r>) -> Body<'r> {
    let i = body.words.start;
    let glued = text.words.gap(i) == Gap::HYPHEN && body.is_beirat();
    match prefix_before(text, i).filter(|_| glued) {
        Some(prefix) => Body {
            words: i - 1..body.words.end,
            gremium: Cow::Owned(body.gremium.compound(prefix, true)),
            ..body
        },
        None => body,
    }
}

/// How much speaks for a body: asked for, named, in passing, denied.
fn weigh(text: &Text<'_>, body: &Body<'_>) -> u8 {
    let Range { start, end } = body.words;
    let clause = text.clause(start);
    let near = clause.start.max(start.saturating_sub(4))..start;
    if is_denied(text, start, end) || text.any(near.clone(), lexicon::is_not_this_body) {
        return 0;
    }
    if reports(text, start) {
        return 0;
    }
    let asked = text.any(near, |word| {
        matches!(word, "fuer" | "fur" | "for" | "antragsteller")
    });
    if asked { 3 } else { 2 }
}

/// Whether the sentence tells what others did or what is done already, and asks for nothing.
pub(super) fn reports(text: &Text<'_>, i: usize) -> bool {
    is_of_others(text, i) || is_done(text, i) || is_heard_from(text, i) || is_model(text, i)
}

/// "Der Beirat in Passau hat den Antrag eingereicht."
fn is_of_others(text: &Text<'_>, i: usize) -> bool {
    let sentence = text.sentence(i);
    text.any(sentence.clone(), lexicon::reports)
        && text.any(sentence.clone(), lexicon::is_perfect)
        && !text.any(sentence, |word| {
            lexicon::requests(word) || matches!(word, "wir" | "unser" | "unsere" | "ich")
        })
}

/// "Für Fürth haben wir ihn schon", but not "wir haben schon einen Ausländerbeirat".
fn is_done(text: &Text<'_>, i: usize) -> bool {
    let clause = text.clause(i);
    text.any(clause.clone(), |word| matches!(word, "schon" | "bereits"))
        && text.any(clause.clone(), lexicon::is_perfect)
        && !text.any(clause, |word| {
            lexicon::requests(word) || matches!(word, "einen" | "ein" | "eine" | "seit")
        })
}

/// "den Antrag des Beirats Regensburg als Vorlage"
fn is_model(text: &Text<'_>, i: usize) -> bool {
    let clause = text.clause(i);
    (i..clause.end).any(|at| lexicon::is_as_model(text.words.joined(at..at + 2)))
}

/// "Ich habe vom Ausländerbeirat Gießen davon gehört."
fn is_heard_from(text: &Text<'_>, i: usize) -> bool {
    let clause = text.clause(i);
    let near = clause.start.max(i.saturating_sub(7))..i;
    let from = near.into_iter().rev().find(|&at| {
        matches!(text.words.word(at), "von" | "vom" | "durch") && text.words.word(at + 1) != "dem"
    });
    let sent = text.any(clause.clone(), |word| matches!(word, "sie" | "ihr" | "du"))
        && text.any(clause.clone(), |word| matches!(word, "mir" | "uns"))
        && text.any(clause.clone(), lexicon::is_perfect);
    let of_us = |at: usize| matches!(text.words.word(at.saturating_sub(1)), "wir" | "ich" | "uns");
    (sent || from.is_some_and(|at| !of_us(at)))
        && text.any(clause.clone(), lexicon::is_hearsay)
        && !text.any(clause, lexicon::requests)
}

/// "nicht für Fürth, sondern …", "statt", "brauchen wir nicht".
pub(super) fn is_denied(text: &Text<'_>, start: usize, end: usize) -> bool {
    let clause = text.clause(start);
    let words = &text.words;
    let mut denied = false;
    for i in clause.start..start {
        match words.word(i) {
            "nicht" if words.word(i + 1) != "nur" && words.word(i.saturating_sub(1)) != "noch" => {
                denied = true;
            }
            "kein" | "keinen" | "keine" | "not" => denied = true,
            "statt" | "anstatt" | "anstelle" if start - i <= 4 => denied = true,
            "sondern" | "aber" | "but" => denied = false,
            _ => {}
        }
    }
    let behind = (end..clause.end).any(|i| {
        words.word(i) == "nicht"
            && i + 2 >= clause.end
            && text.any(end..i, |word| {
                word.starts_with("brauch")
                    || word.starts_with("benoetig")
                    || word == "gilt"
                    || word.starts_with("mein")
            })
    });
    denied || behind
}
