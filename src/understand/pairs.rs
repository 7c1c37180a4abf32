//! Several bodies: all of them for one place, or each for its own.

use std::collections::BTreeSet;

use super::bodies::Body;
use super::drafts::{Draft, Raete, alternatives, with_beirat};
use super::evidence::Sign;
use super::lexicon;
use super::targets::{Reading, Target};
use crate::kommune::{Gremium, Register};

/// Several bodies: all of them for one place, or each for its own.
pub(super) fn paired(
    targets: Vec<Target>,
    bodies: &[(usize, Gremium)],
    own: &Reading<'_, '_>,
    raete: &Raete,
    register: &Register,
) -> Vec<Draft> {
    let name_of = |body: usize| own.bodies.get(body).map(|body| body.gremium.name.as_str());
    let all: Vec<Gremium> = bodies.iter().map(|(_, body)| body.clone()).collect();
    let doubt = || with_beirat(targets.clone(), &Err(alternatives(&all, register)), raete);
    if targets.len() <= 1 {
        let numbers: Vec<usize> = bodies.iter().map(|(i, _)| *i).collect();
        let joined = numbers.windows(2).all(|pair| match pair {
            [a, b] => are_joined(own, *a, *b),
            _ => true,
        });
        if joined {
            return all
                .into_iter()
                .flat_map(|body| with_beirat(targets.clone(), &Ok(body), raete))
                .collect();
        }
        if let Some(body) = targets
            .first()
            .and_then(|target| body_of(target, bodies, own))
        {
            return with_beirat(targets, &Ok(body), raete);
        }
        return match the_weightiest(bodies, own) {
            Some(body) => with_beirat(targets, &Ok(body), raete),
            None => doubt(),
        };
    }
    let background = background(own);
    let passed = |name: Option<&str>| name.is_some_and(|name| background.contains(name));
    let told = |target: &&Target| !passed(target.body.and_then(name_of));
    let asked: Vec<&Target> = match targets.iter().filter(told).collect::<Vec<_>>() {
        none if none.is_empty() => targets.iter().collect(),
        some => some,
    };
    let mut drafts = Vec::new();
    for target in asked {
        let beside = target.body.or_else(|| nearest_beirat(own, target.at));
        let name = beside.and_then(name_of);
        let Some((_, body)) = bodies
            .iter()
            .find(|(_, body)| Some(body.name.as_str()) == name)
        else {
            return doubt();
        };
        drafts.extend(with_beirat(vec![target.clone()], &Ok(body.clone()), raete));
    }
    let used = |body: &Gremium| {
        drafts
            .iter()
            .any(|draft| draft.beirat.as_ref().is_ok_and(|b| b.name == body.name))
    };
    let named = all.iter().filter(|body| !passed(Some(&body.name)));
    if named.into_iter().all(used) {
        drafts
    } else {
        doubt()
    }
}

/// "Ich gehöre dem A in X und dem B in Y an. Für den B bitte ich …": the names of the bodies
/// that stand in sentences only that ask for nothing, while another one is asked for by name.
fn background<'o>(own: &'o Reading<'_, '_>) -> BTreeSet<&'o str> {
    let asks = |body: &&Body<'_>| {
        let sentence = own.text.sentence(body.words.start);
        body.signs.has(Sign::For) || own.text.any(sentence, lexicon::requests)
    };
    let name = |body: &'o Body<'_>| body.gremium.name.as_str();
    let (asked, others): (Vec<&Body<'_>>, Vec<&Body<'_>>) = own.bodies.iter().partition(asks);
    if !asked.iter().any(|body| body.signs.has(Sign::For)) {
        return BTreeSet::new();
    }
    let asked: BTreeSet<&str> = asked.into_iter().map(name).collect();
    let others = others.into_iter().map(name);
    others.filter(|name| !asked.contains(name)).collect()
}

/// The body in the clause of the place, if all others stand with places of their own.
fn body_of(target: &Target, bodies: &[(usize, Gremium)], own: &Reading<'_, '_>) -> Option<Gremium> {
    let clause = own.text.clause(target.at);
    let at = |i: usize| own.bodies.get(i).map_or(0, |body| body.words.start);
    let of_others = |i: usize| {
        let clause = own.text.clause(at(i));
        own.places
            .iter()
            .any(|place| clause.contains(&place.words.start))
    };
    let mut here = bodies.iter().filter(|(i, _)| clause.contains(&at(*i)));
    let (one, body) = here.next()?;
    let alone = here.next().is_none();
    let rest = bodies
        .iter()
        .filter(|(i, _)| i != one)
        .all(|(i, _)| of_others(*i));
    (alone && rest).then(|| body.clone())
}

/// The body for which more speaks than for all others.
fn the_weightiest(bodies: &[(usize, Gremium)], own: &Reading<'_, '_>) -> Option<Gremium> {
    let weight = |i: usize| own.bodies.get(i).map_or(0, |body| body.signs.as_asked());
    let most = bodies.iter().map(|(i, _)| weight(*i)).max()?;
    let mut best = bodies.iter().filter(|(i, _)| weight(*i) == most);
    let (_, body) = best.next()?;
    best.next().is_none().then(|| body.clone())
}

/// "Ausländerbeirat und Integrationsbeirat"
fn are_joined(own: &Reading<'_, '_>, a: usize, b: usize) -> bool {
    let (Some(a), Some(b)) = (own.bodies.get(a), own.bodies.get(b)) else {
        return false;
    };
    let between = a.words.end..b.words.start;
    let and = own.text.any(between.clone(), |word| {
        matches!(word, "und" | "sowie" | "and")
    });
    let each = own.text.any(0..own.text.words.len(), lexicon::is_each);
    own.text.same_sentence(a.words.start, b.words.start) && (and || each) && between.len() <= 12
}

/// The only body of the clause, else of the line.
fn nearest_beirat(own: &Reading<'_, '_>, at: usize) -> Option<usize> {
    [
        own.text.clause(at),
        own.text.line(at),
        own.text.sentence(at),
    ]
    .into_iter()
    .find_map(|range| {
        let mut within = own.bodies.iter().enumerate().filter(|(_, body)| {
            body.is_beirat() && body.counts() && range.contains(&body.words.start)
        });
        let (i, _) = within.next()?;
        within.next().is_none().then_some(i)
    })
}
