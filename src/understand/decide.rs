//! From drafts to wishes or questions: which municipality, which council.

use super::drafts::{Draft, Sources, drafts};
use super::targets::{Target, named_by};
use super::{Line, Question, Topic, Understanding, Wish, lines, question};
use crate::kommune::{Art, Gremium, Kommune, Register, Schluessel};

/// Decides all that is asked for.
pub(super) fn decide(sources: &Sources<'_, '_>, register: &Register) -> Understanding {
    let mut understanding = Understanding::default();
    let drafts = drafts(sources, register, &mut understanding.evidence);
    let lone = drafts.len() == 1;
    let either = !lone && drafts.iter().all(Draft::is_doubtful);
    for draft in drafts {
        settle(draft, lone, sources, register, &mut understanding);
    }
    question::join(&mut understanding, either);
    if !understanding.questions.is_empty() {
        understanding.wishes.clear();
    }
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
        let is = if target.typo { "ist wohl" } else { "ist" };
        understanding.evidence.push(format!(
            "„{}“ {is} {} ({}).",
            target.heard,
            kommune.title(),
            kommune.land.name()
        ));
    }
    if let Ok(beirat) = &draft.beirat {
        understanding
            .evidence
            .push(format!("Das Gremium ist genannt: {}.", beirat.name));
    }
    let rat = match (&kommune, &draft.raete) {
        (_, Err(question)) => Err(Some(question.clone())),
        (Ok(Some(kommune)), Ok(named)) => choose_rat(kommune, named, lone, register).map_err(Some),
        _ => Err(None),
    };
    let mut block = lines::block([
        kommune
            .as_ref()
            .map(|kommune| kommune.map(|k| question::kommune_line(k, register))),
        draft
            .beirat
            .as_ref()
            .map(|b| Some(question::body_line("Beirat", b))),
        match (&draft.raete, &rat) {
            (Err(question), _) | (_, Err(Some(question))) => Err(question),
            (Ok(named), Ok(rat)) if !named.is_empty() => Ok(Some(question::body_line("Rat", rat))),
            (Ok(named), _) => Ok(question::rat_line(named)),
        },
    ]);
    block.extend(
        draft.werte.iter().map(|(name, wert)| {
            Line::Settled(Topic::Field(name.clone()), format!("{name}: {wert}"))
        }),
    );
    understanding.request.push(block);
    match (kommune, draft.beirat, rat) {
        (Ok(Some(kommune)), Ok(beirat), Ok(rat)) => {
            understanding.wishes.push(Wish {
                kommune: kommune.schluessel.clone(),
                beirat,
                rat,
                felder: draft.werte,
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
    register.by_far_the_largest(&bearers).ok_or(bearers)
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

pub(super) fn is_of_kreis(rat: &Gremium) -> bool {
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
