//! Bodies and councils that a text names.

use std::borrow::Cow;
use std::ops::Range;

use super::evidence::{Sign, Signs};
use super::text::Text;
use super::{coined, lexicon, mention};
use crate::kommune::{Case, Gap, Gremium, Register, Rolle};

/// A body or council, where it is named.
#[derive(Debug, Clone)]
pub(super) struct Body<'r> {
    pub(super) words: Range<usize>,
    pub(super) gremium: Cow<'r, Gremium>,
    /// what speaks for it and against it
    pub(super) signs: Signs,
    /// "Migrations-/Ausländerbeirat": a hanging part before it that no name has
    pub(super) torn: bool,
}

impl Body<'_> {
    pub(super) fn is_beirat(&self) -> bool {
        self.gremium.rolle == Rolle::Beirat
    }

    /// Whether it is more than mentioned.
    pub(super) fn counts(&self) -> bool {
        self.signs.counts()
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
        let before = i.checked_sub(1).and_then(|at| bodies.get(at));
        let before = before.map(|body| body.words.start);
        let signs = bodies.get(i).map(|body| signs(text, body, before));
        if let Some((body, signs)) = bodies.get_mut(i).zip(signs) {
            body.signs = signs;
        }
    }
    correct(text, &mut bodies);
    spell_out(text, &mut bodies);
    bodies
}

/// "die KAV, also die Kommunale Ausländervertretung": the abbreviation is the name's.
fn spell_out<'r>(text: &Text<'_>, bodies: &mut [Body<'r>]) {
    for i in 0..bodies.len() {
        let short = bodies.get(i).filter(|body| body.words.len() == 1);
        let Some(short) = short.map(|body| text.words.word(body.words.start)) else {
            continue;
        };
        if short.len() > 4 {
            continue;
        }
        let spelt = bodies.iter().find(|body| {
            body.counts() && text.words.joined(body.words.clone()).len() > 6 && {
                let name = crate::kommune::fold(&body.gremium.name);
                let mut letters = name.chars();
                name.get(..1) == short.get(..1) && short.chars().all(|c| letters.any(|l| l == c))
            }
        });
        if let Some(gremium) = spelt.map(|body| body.gremium.clone())
            && let Some(body) = bodies.get_mut(i)
        {
            body.gremium = gremium;
        }
    }
}

/// "Ausländerbeirat, nein, Integrationsbeirat"
fn correct(text: &Text<'_>, bodies: &mut [Body<'_>]) {
    for i in 1..bodies.len() {
        let Some((start, rolle)) = bodies
            .get(i)
            .map(|body| (body.words.start, body.gremium.rolle))
        else {
            continue;
        };
        if mention::correction(text, start).is_none() {
            let now = start > 0 && lexicon::is_now(text.words.word(start - 1));
            if let Some(body) = bodies.get_mut(i - 1).filter(|body| {
                let between = body.words.end..start;
                let or = text.any(between.clone(), |word| word == "oder");
                let now = now && between.len() <= 4
                    || between.len() <= 8
                        && text.same_sentence(body.words.start, start)
                        && text.any(between, lexicon::renames);
                now && !or && body.gremium.rolle == rolle
            }) {
                body.signs.add(Sign::OtherBody);
            }
            continue;
        }
        for body in bodies.get_mut(..i).into_iter().flatten() {
            if body.gremium.rolle == rolle {
                body.signs.add(Sign::Corrected);
            }
        }
    }
}

fn body_at<'r>(text: &Text<'_>, register: &'r Register, i: usize) -> Option<Body<'r>> {
    let registered = register
        .gremium_at(&text.words, i)
        .map(|(end, gremium)| (end, Cow::Borrowed(gremium)));
    let known = registered.as_ref().map_or(i, |(end, _)| *end);
    let coined = coined::body_at(text, register, i).filter(|(end, _)| *end > known);
    let (words, gremium) = match coined.or(registered) {
        Some((end, gremium)) => (i..end, gremium),
        None => match in_pieces(text, register, i) {
            Some((end, gremium)) => (i..end, Cow::Borrowed(gremium)),
            None => (i..i + 1, compound_or_typo(text, register, i)?),
        },
    };
    Some(Body {
        words,
        gremium,
        signs: Signs::default(),
        torn: hangs_before(text, i),
    })
}

/// "Migrations-/Ausländerbeirat", "Migrations- und Ausländerbeirat"
fn hangs_before(text: &Text<'_>, i: usize) -> bool {
    let words = &text.words;
    let hangs = |at: usize| {
        at > 0
            && words.gap(at).has(Gap::HYPHEN)
            && words.gap(at).has(Gap::SLASH.or(Gap::BLANK))
            && words.is_capital(at - 1)
            && lexicon::is_body_part(words.word(at - 1))
    };
    hangs(i) && words.gap(i).has(Gap::SLASH)
        || i > 1 && matches!(words.word(i - 1), "und" | "u" | "bzw" | "oder") && hangs(i - 1)
        || i > 2
            && lexicon::is_article(words.word(i - 1))
            && words.word(i - 2) == "und"
            && hangs(i - 2)
}

/// "Ausl.-Beirat", "Ausländer*innen-Beirat": one word that marks take apart.
fn in_pieces<'r>(
    text: &Text<'_>,
    register: &'r Register,
    i: usize,
) -> Option<(usize, &'r Gremium)> {
    let words = &text.words;
    // "Integrations-/Ausländerbeirat"
    let hangs = words.gap(i + 1).has(Gap::HYPHEN) && words.gap(i + 1).has(Gap::SLASH);
    let both = || format!("{} und {}", words.word(i), words.word(i + 1));
    if let Some(gremium) = hangs
        .then(both)
        .and_then(|both| register.gremium(Rolle::Beirat, &both))
    {
        return Some((i + 2, gremium));
    }
    let glued = |end: usize| {
        (i + 1..end).all(|at| !words.gap(at).has(Gap::LINE.or(Gap::BREAK).or(Gap::COMMA)))
    };
    let short = lexicon::BODY_SHORT
        .iter()
        .find(|(short, _)| *short == words.word(i));
    let abbreviated = words.gap(i + 1).has(Gap::DOT);
    let short = short.filter(|(short, long)| abbreviated == (short.len() < 7) || long == short);
    let apart = |end: usize| (i + 1..end).any(|at| words.gap(at).has(Gap::BLANK));
    (i + 2..=i + 3).rev().find_map(|end| {
        let last = words.word(end - 1);
        let whole = last.starts_with("beirat") || last == "rat";
        if !whole || !glued(end) || short.is_none() && apart(end) {
            return None;
        }
        let first = short.map_or(words.word(i), |(_, long)| long);
        let rest = words.joined(i + 1..end).replace(' ', "");
        let gremium = register.gremium(Rolle::Beirat, &format!("{first}{rest}"))?;
        Some((end, gremium))
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

/// What speaks for a body and against it.
fn signs(text: &Text<'_>, body: &Body<'_>, before: Option<usize>) -> Signs {
    let Range { start, end } = body.words;
    let clause = text.clause(start);
    let near = clause.start.max(start.saturating_sub(4))..start;
    let mut signs = Signs::default();
    signs.add(Sign::Named);
    let asked = text.any(near.clone(), |word| {
        matches!(word, "fuer" | "fur" | "for" | "antragsteller")
    });
    signs.add_if(asked, Sign::For);
    let instead = mention::instead(text, start).is_some_and(|i| before.is_none_or(|at| at < i));
    let denied = mention::is_denied(text, start, end) || instead;
    signs.add_if(denied, Sign::Denied);
    signs.add_if(text.any(near, lexicon::is_not_this_body), Sign::OtherBody);
    signs.add_if(mention::reports(text, start), Sign::Reported);
    signs
}
