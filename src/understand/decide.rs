//! From what a mail names to what is asked for, or to questions.

use super::fields::Block;
use super::lexicon;
use super::question;
use super::targets::{Reading, Target, by_far_the_largest, named_by};
use super::{Question, Topic, Understanding, Wish};
use crate::kommune::{Art, Gap, Gremium, Kommune, Register, Schluessel};

/// What understanding reads: own words, then what may fill their gaps.
pub(super) struct Sources<'t, 'r> {
    pub(super) own: Reading<'t, 'r>,
    /// `None` if it is a leftover of earlier mail
    pub(super) subject: Option<Reading<'t, 'r>>,
    pub(super) signature: Option<Reading<'t, 'r>>,
    pub(super) blocks: Vec<Block<'t>>,
}

/// One motion on its way to a wish.
struct Draft {
    target: Option<Target>,
    beirat: Result<Gremium, Question>,
    raete: Result<Vec<Gremium>, Question>,
}

/// Decides all that is asked for.
pub(super) fn decide(sources: &Sources<'_, '_>, register: &Register) -> Understanding {
    let mut understanding = Understanding::default();
    let drafts = drafts(sources, register, &mut understanding.evidence);
    let lone = drafts.len() == 1;
    for draft in drafts {
        settle(draft, lone, sources, register, &mut understanding);
    }
    understanding
        .questions
        .sort_by(|a, b| a.topic.cmp(&b.topic));
    understanding.questions.dedup_by(|a, b| a.topic == b.topic);
    if !understanding.questions.is_empty() {
        understanding.wishes.clear();
    }
    understanding.settled.dedup();
    understanding
}

/// The municipality that a text of its own means; empty or several if that is not clear.
pub(super) fn value_means(value: &str, register: &Register) -> Vec<Schluessel> {
    let targets = named_by(value, None, register);
    targets
        .iter()
        .filter_map(|target| resolve(target, &Hints::default(), register).ok())
        .filter_map(|b| register.at(b))
        .map(|kommune| kommune.schluessel.clone())
        .collect()
}

fn settle(
    draft: Draft,
    lone: bool,
    sources: &Sources<'_, '_>,
    register: &Register,
    understanding: &mut Understanding,
) {
    let hints = Hints {
        beirat: draft.beirat.as_ref().ok(),
        raete: draft.raete.as_ref().map_or(&[], Vec::as_slice),
        sources: Some(sources),
        lone,
    };
    let kommune = match &draft.target {
        Some(target) => resolve(target, &hints, register).map_err(|bearers| {
            question::about_kommune(Some(target.heard.clone()), &bearers, register)
        }),
        None => Err(question::about_kommune(None, &[], register)),
    };
    let kommune = kommune.map(|b| register.at(b));
    if let (Ok(Some(kommune)), Some(target)) = (&kommune, &draft.target) {
        understanding.evidence.push(format!(
            "„{}“ ist {} ({}).",
            target.heard,
            kommune.title(),
            kommune.land.name()
        ));
        understanding
            .settled
            .push(question::kommune_line(kommune, register));
    }
    if let Ok(beirat) = &draft.beirat {
        understanding
            .evidence
            .push(format!("Das Gremium ist genannt: {}.", beirat.name));
        understanding
            .settled
            .push(format!("Beirat: {}", beirat.name));
    }
    let rat = match (&kommune, &draft.raete) {
        (_, Err(question)) => Err(Some(question.clone())),
        (Ok(Some(kommune)), Ok(named)) => choose_rat(kommune, named, lone, register).map_err(Some),
        _ => Err(None),
    };
    match (kommune, draft.beirat, rat) {
        (Ok(Some(kommune)), Ok(beirat), Ok(rat)) => {
            understanding.wishes.push(Wish {
                kommune: kommune.schluessel.clone(),
                beirat,
                rat,
            });
        }
        (kommune, beirat, rat) => {
            let questions = [kommune.err(), beirat.err(), rat.err().flatten()];
            understanding
                .questions
                .extend(questions.into_iter().flatten());
        }
    }
}

/// What tells between several of one name, beside the name.
#[derive(Default)]
struct Hints<'a, 't, 'r> {
    beirat: Option<&'a Gremium>,
    raete: &'a [Gremium],
    sources: Option<&'a Sources<'t, 'r>>,
    /// whether it is the only motion asked for
    lone: bool,
}

/// Whom a target means, or who it may be.
fn resolve(
    target: &Target,
    hints: &Hints<'_, '_, '_>,
    register: &Register,
) -> Result<u32, Vec<u32>> {
    let mut bearers = target.bearers.clone();
    if target.doubtful {
        return Err(bearers);
    }
    let art = |b: u32| register.at(b).map(|kommune| kommune.art);
    let of_kreis = hints
        .beirat
        .is_some_and(|beirat| beirat.name.starts_with("Kreis"))
        || hints.lone && !hints.raete.is_empty() && hints.raete.iter().all(is_of_kreis);
    if target.kind.is_none() {
        let wanted: Vec<u32> = bearers
            .iter()
            .copied()
            .filter(|&b| {
                art(b).is_some_and(|art| {
                    of_kreis && art.is_kreis() || hints.raete.iter().any(|rat| only_has(rat, art))
                })
            })
            .collect();
        bearers = if wanted.is_empty() {
            register.of_best_level(&bearers)
        } else {
            wanted
        };
    }
    if of_kreis
        && hints.beirat.is_some_and(|b| b.name.starts_with("Kreis"))
        && !bearers.iter().any(|&b| art(b).is_some_and(Art::is_kreis))
    {
        return Err(bearers);
    }
    if bearers.len() > 1 {
        narrow(&mut bearers, hints, register);
    }
    by_far_the_largest(&bearers, register).ok_or(bearers)
}

/// Lets state, council and subject tell between several.
fn narrow(bearers: &mut Vec<u32>, hints: &Hints<'_, '_, '_>, register: &Register) {
    if let Some(sources) = hints.sources.filter(|_| hints.lone) {
        sources.own.narrow_by_land(bearers, register);
        let subject = sources
            .subject
            .iter()
            .flat_map(|subject| subject.targets(register));
        for target in subject {
            if bearers.iter().any(|b| target.bearers.contains(b)) {
                bearers.retain(|b| target.bearers.contains(b));
            }
        }
    }
    for fits in [has_rat, speaks_of_rat] {
        let fitting: Vec<u32> = bearers
            .iter()
            .copied()
            .filter(|&b| {
                let kommune = register.at(b);
                kommune.is_some_and(|k| hints.raete.iter().any(|rat| fits(k, rat, register)))
            })
            .collect();
        if !fitting.is_empty() {
            // what is said in speech too keeps those that the law names
            *bearers = fitting;
            return;
        }
    }
}

/// Whether the council is the municipality's, by law or as its law's neighbours say.
fn has_rat(kommune: &Kommune, rat: &Gremium, register: &Register) -> bool {
    let own = register.rat_of(kommune).name.as_str();
    let spoken = match own {
        "Rat" => {
            matches!(rat.name.as_str(), "Stadtrat") && kommune.art.is_stadt()
                || rat.name == "Gemeinderat" && !kommune.art.is_stadt()
        }
        "Ortsgemeinderat" => rat.name == "Gemeinderat",
        "Gemeinderat" => rat.name == "Stadtrat" && kommune.art.is_stadt(),
        _ => false,
    };
    own == rat.name || spoken
}

/// Whether the council's name fits the kind.
fn speaks_of_rat(kommune: &Kommune, rat: &Gremium, _: &Register) -> bool {
    match kommune.art {
        Art::Stadt | Art::KreisfreieStadt => rat.name.starts_with("Stadt"),
        Art::Gemeinde | Art::Flecken | Art::Markt => rat.name.starts_with("Gemeinde"),
        _ => false,
    }
}

/// Councils that one kind has and no other.
fn only_has(rat: &Gremium, art: Art) -> bool {
    match rat.name.as_str() {
        "Verbandsgemeinderat" | "Verbandsgemeindevertretung" => art == Art::Verbandsgemeinde,
        "Samtgemeinderat" => art == Art::Samtgemeinde,
        "Bezirksverordnetenversammlung" | "Bezirksversammlung" => art == Art::Bezirk,
        _ => false,
    }
}

fn is_of_kreis(rat: &Gremium) -> bool {
    matches!(
        rat.name.as_str(),
        "Kreistag" | "Städteregionstag" | "Regionsversammlung" | "Regionalversammlung"
    )
}

/// The council that is named and fits, else the municipality's own.
fn choose_rat(
    kommune: &Kommune,
    named: &[Gremium],
    lone: bool,
    register: &Register,
) -> Result<Gremium, Question> {
    let own = register.rat_of(kommune);
    let mut fitting: Vec<&Gremium> = named
        .iter()
        .filter(|rat| is_of_kreis(rat) == kommune.art.is_kreis())
        .collect();
    if fitting.len() > 1 {
        fitting.retain(|rat| rat.name != "Rat");
    }
    match fitting.as_slice() {
        [rat] => Ok((*rat).clone()),
        [] if named.is_empty() || !lone => Ok(own.clone()),
        [] => {
            let heard = named.first().map(|rat| rat.name.clone());
            Err(question::about_rat(heard, &[own]))
        }
        several if several.iter().any(|rat| rat.name == own.name) => Ok(own.clone()),
        several => Err(question::about_rat(None, several)),
    }
}

fn drafts(
    sources: &Sources<'_, '_>,
    register: &Register,
    evidence: &mut Vec<String>,
) -> Vec<Draft> {
    let told = |block: &&Block<'_>| block.kommune.is_some() || block.beirat.is_some();
    let blocks: Vec<&Block<'_>> = sources.blocks.iter().filter(told).collect();
    if blocks.is_empty() {
        return free_drafts(sources, register, evidence);
    }
    evidence.push("Es gelten die Zeilen der Form „Feld: Wert“.".to_owned());
    let from_text = || free_drafts(sources, register, &mut Vec::new());
    let beiraete: Vec<&str> = blocks.iter().filter_map(|block| block.beirat).collect();
    let mut drafts = Vec::new();
    for block in &blocks {
        let targets: Vec<Option<Target>> = match block.kommune {
            Some(("", _)) => vec![None],
            Some((value, kind)) => named_by(value, kind, register)
                .into_iter()
                .map(|target| Some(qualified(target, block, register)))
                .collect(),
            // "Beirat: …" alone, before or behind blocks that name a municipality
            None if blocks.iter().any(|block| block.kommune.is_some()) => continue,
            None => from_text().into_iter().map(|draft| draft.target).collect(),
        };
        let own = block.beirat.or(match beiraete.as_slice() {
            [one] => Some(one),
            _ => None,
        });
        let bodies: Vec<Result<Gremium, Question>> = match own {
            Some(value) => beiraete_in(value, register),
            None => from_text()
                .into_iter()
                .map(|draft| draft.beirat)
                .take(1)
                .collect(),
        };
        let raete = match block.rat.filter(|value| !value.is_empty()) {
            Some(value) => rat_in(value, register),
            None => Ok(named_raete(&sources.own)),
        };
        for target in &targets {
            for beirat in &bodies {
                drafts.push(Draft {
                    target: target.clone(),
                    beirat: beirat.clone(),
                    raete: raete.clone(),
                });
            }
        }
    }
    drafts
}

/// Applies Land, Kreis and postal code of the block.
fn qualified(mut target: Target, block: &Block<'_>, register: &Register) -> Target {
    let mut text = target.heard.clone();
    if let Some(kreis) = block.kreis.filter(|value| !value.is_empty()) {
        let kreis = kreis
            .trim_start_matches("Landkreis ")
            .trim_start_matches("Kreis ");
        text = format!("{text} (Landkreis {kreis})");
    }
    if let Some(land) = block.land.filter(|value| !value.is_empty()) {
        text = format!("{text} ({land})");
    }
    if text != target.heard {
        let told = named_by(&text, target.kind, register);
        if let [one] = told.as_slice() {
            target = Target {
                heard: target.heard,
                kind: target.kind.or(one.kind),
                ..one.clone()
            };
        }
    }
    if let Some(plz) = block.plz.filter(|value| !value.is_empty()) {
        let mut said = target.bearers.clone();
        if let Some(kind) = target.kind {
            said.retain(|&b| register.at(b).is_some_and(|k| kind.fits(k.art)));
        }
        let fitting = register.fitting_plz(&said, plz);
        target.doubtful |= fitting.is_empty();
        if !fitting.is_empty() {
            target.bearers = fitting;
        }
    }
    target
}

fn beiraete_in(value: &str, register: &Register) -> Vec<Result<Gremium, Question>> {
    let reading = Reading::of(value, register, &[]);
    let named = named_beiraete(&reading);
    match named {
        Ok(bodies) if !bodies.is_empty() => bodies.into_iter().map(|(_, body)| Ok(body)).collect(),
        Ok(_) => {
            let heard = Some(value.to_owned()).filter(|value| !value.is_empty());
            vec![Err(question::about_beirat(heard, &[], register))]
        }
        Err(named) => vec![Err(alternatives(&named, register))],
    }
}

fn rat_in(value: &str, register: &Register) -> Result<Vec<Gremium>, Question> {
    let reading = Reading::of(value, register, &[]);
    let named = named_raete(&reading);
    if named.is_empty() {
        return Err(question::about_rat(Some(value.to_owned()), &[]));
    }
    Ok(named)
}

fn named_raete(reading: &Reading<'_, '_>) -> Vec<Gremium> {
    let mut named: Vec<Gremium> = Vec::new();
    for body in reading
        .bodies
        .iter()
        .filter(|body| !body.is_beirat() && body.weight > 0)
    {
        if !named.iter().any(|other| other.name == body.gremium.name) {
            named.push(body.gremium.clone().into_owned());
        }
    }
    named
}

/// The bodies that a text names, each with its number where it is named first;
/// as an error those of which the writer does not know which.
fn named_beiraete(reading: &Reading<'_, '_>) -> Result<Vec<(usize, Gremium)>, Vec<Gremium>> {
    let words = &reading.text.words;
    let mut named: Vec<(usize, Gremium)> = Vec::new();
    let mut before: Option<usize> = None;
    let mut open = false;
    for (i, body) in reading.bodies.iter().enumerate() {
        if !body.is_beirat() || body.weight == 0 {
            continue;
        }
        let known = named
            .iter()
            .any(|(_, other)| other.name == body.gremium.name);
        if let Some(end) = before.filter(|_| !known) {
            let start = body.words.start;
            let between = reading.text.any(end..start, |word| {
                matches!(word, "oder" | "bzw" | "or" | "beziehungsweise")
            });
            open |= between && start - end <= 4
                || start == end && words.gap(start).has(Gap::SLASH)
                || reading.text.same_sentence(end - 1, start)
                    && lexicon::is_undecided(words, reading.text.sentence(start));
        }
        before = Some(body.words.end);
        if !known {
            named.push((i, body.gremium.clone().into_owned()));
        }
    }
    if open {
        Err(named.into_iter().map(|(_, body)| body).collect())
    } else {
        Ok(named)
    }
}

fn alternatives(named: &[Gremium], register: &Register) -> Question {
    let named: Vec<&Gremium> = named.iter().collect();
    question::about_beirat(None, &named, register)
}

/// Drafts from free text, subject and signature.
fn free_drafts(
    sources: &Sources<'_, '_>,
    register: &Register,
    evidence: &mut Vec<String>,
) -> Vec<Draft> {
    let own = &sources.own;
    let mut targets = own.targets(register);
    if targets.is_empty() {
        if let Some(subject) = &sources.subject {
            targets = subject.targets(register);
        }
        if targets.is_empty() {
            targets = signed(sources, register);
        } else {
            evidence.push("Die Kommune steht im Betreff.".to_owned());
        }
        // what belongs to another text has no number here
        for target in &mut targets {
            target.body = None;
        }
    }
    let raete = named_raete(own);
    let bodies = match named_beiraete(own) {
        Ok(bodies) if bodies.is_empty() => other_beiraete(sources)
            .into_iter()
            .map(|body| (usize::MAX, body))
            .collect(),
        Ok(bodies) => bodies,
        Err(named) => {
            let question = alternatives(&named, register);
            return with_beirat(targets, &Err(question), &raete);
        }
    };
    match bodies.as_slice() {
        [] => {
            let question = question::about_beirat(None, &[], register);
            with_beirat(targets, &Err(question), &raete)
        }
        [(_, one)] => with_beirat(targets, &Ok(one.clone()), &raete),
        several => paired(targets, several, own, &raete, register),
    }
}

fn with_beirat(
    targets: Vec<Target>,
    beirat: &Result<Gremium, Question>,
    raete: &[Gremium],
) -> Vec<Draft> {
    let targets: Vec<Option<Target>> = if targets.is_empty() {
        vec![None]
    } else {
        targets.into_iter().map(Some).collect()
    };
    targets
        .into_iter()
        .map(|target| Draft {
            target,
            beirat: beirat.clone(),
            raete: Ok(raete.to_vec()),
        })
        .collect()
}

/// Several bodies: all of them for one place, or each for its own.
fn paired(
    targets: Vec<Target>,
    bodies: &[(usize, Gremium)],
    own: &Reading<'_, '_>,
    raete: &[Gremium],
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
        return match the_weightiest(bodies, own) {
            Some(body) => with_beirat(targets, &Ok(body), raete),
            None => doubt(),
        };
    }
    let mut drafts = Vec::new();
    for target in &targets {
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
    if all.iter().all(used) {
        drafts
    } else {
        doubt()
    }
}

/// The body for which more speaks than for all others.
fn the_weightiest(bodies: &[(usize, Gremium)], own: &Reading<'_, '_>) -> Option<Gremium> {
    let weight = |i: usize| own.bodies.get(i).map_or(0, |body| body.weight);
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
    own.text.same_sentence(a.words.start, b.words.start) && and && between.len() <= 12
}

/// The only body of the clause, else of the line.
fn nearest_beirat(own: &Reading<'_, '_>, at: usize) -> Option<usize> {
    [own.text.clause(at), own.text.line(at)]
        .into_iter()
        .find_map(|range| {
            let mut within = own.bodies.iter().enumerate().filter(|(_, body)| {
                body.is_beirat() && body.weight > 0 && range.contains(&body.words.start)
            });
            let (i, _) = within.next()?;
            within.next().is_none().then_some(i)
        })
}

/// The municipality that the signature names, if it is the only one and no company's seat.
fn signed(sources: &Sources<'_, '_>, register: &Register) -> Vec<Target> {
    let Some(signature) = &sources.signature else {
        return Vec::new();
    };
    let words = signature.text.words.len();
    if signature.text.any(0..words, lexicon::is_company) {
        return Vec::new();
    }
    let mut targets = signature.targets(register);
    if targets.len() > 1 {
        for target in &mut targets {
            target.doubtful = true;
        }
        targets.truncate(1);
    }
    targets
}

/// The body that subject or signature names, if it is the only one there.
fn other_beiraete(sources: &Sources<'_, '_>) -> Vec<Gremium> {
    [&sources.subject, &sources.signature]
        .into_iter()
        .flatten()
        .filter_map(|reading| named_beiraete(reading).ok())
        .find(|named| named.len() == 1)
        .into_iter()
        .flatten()
        .map(|(_, body)| body)
        .collect()
}

/// The topics that are open.
pub(super) fn open_topics(understanding: &Understanding) -> usize {
    understanding
        .questions
        .iter()
        .filter(|question| question.topic != Topic::Template)
        .count()
}
