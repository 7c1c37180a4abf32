//! From drafts to wishes or questions: which municipality, which council.

use super::account::{self, Account};
use super::drafts::{Draft, Sources, drafts};
use super::evidence::Doubt;
use super::question;
use super::targets::{Target, by_far_the_largest, named_by};
use super::{Question, Topic, Understanding, Wish};
use crate::kommune::{Art, Gremium, Kommune, Register, Schluessel};

/// Decides all that is asked for.
pub(super) fn decide(sources: &Sources<'_, '_>, register: &Register) -> Understanding {
    let mut understanding = Understanding::default();
    let mut account = Account::default();
    let drafts = drafts(sources, register, &mut account);
    let lone = drafts.len() == 1;
    for draft in drafts {
        settle(
            draft,
            lone,
            sources,
            register,
            &mut understanding,
            &mut account,
        );
    }
    account.set_aside(&sources.own);
    understanding.questions = question::one_a_topic(std::mem::take(&mut understanding.questions));
    if !understanding.questions.is_empty() {
        understanding.wishes.clear();
    }
    understanding.settled.dedup();
    understanding.evidence = account.into_sentences();
    understanding
}

/// The municipality that a text of its own means; empty or several if that is not clear.
pub(super) fn value_means(value: &str, register: &Register) -> Vec<Schluessel> {
    let targets = named_by(value, None, register);
    targets
        .iter()
        .filter_map(|target| resolve(target, &Hints::default(), register, &mut Vec::new()).ok())
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
    account: &mut Account,
) {
    let hints = Hints {
        beirat: draft.beirat.as_ref().ok(),
        raete: draft.raete.as_ref().map_or(&[], Vec::as_slice),
        sources: Some(sources),
        lone,
    };
    let kommune = match &draft.target {
        Some(target) => {
            let mut why = Vec::new();
            let found = resolve(target, &hints, register, &mut why);
            if let Some(kommune) = found.as_ref().ok().and_then(|&b| register.at(b)) {
                account.kommune(target, kommune, &why);
                let line = question::kommune_line(kommune, register);
                understanding.settled.push(line);
            }
            found.map(|b| register.at(b)).map_err(|bearers| {
                let heard = Some(target.heard.clone());
                let question = question::about_kommune(heard, &bearers, register);
                let why = account::why_kommune(Some(target), &bearers, register);
                account.question(&question, &why);
                question
            })
        }
        None => {
            let question = question::about_kommune(None, &[], register);
            account.question(&question, &account::why_kommune(None, &[], register));
            Err(question)
        }
    };
    match &draft.beirat {
        Ok(beirat) => {
            let name = &beirat.name;
            account.tell(format!("Das Gremium ist genannt: {name}."));
            understanding.settled.push(format!("Beirat: {name}"));
        }
        Err(question) => account.question(question, &account::why_beirat(question, sources)),
    }
    let rat = match (&kommune, draft.raete) {
        (_, Err(question)) => Err(Some(question)),
        (Ok(Some(kommune)), Ok(named)) => {
            choose_rat(kommune, &named, lone, register, account).map_err(Some)
        }
        _ => Err(None),
    };
    if let Err(Some(question)) = &rat {
        let kommune = kommune.as_ref().ok().copied().flatten();
        account.question(question, &account::why_rat(question, kommune));
    }
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

/// Whom a target means, or who it may be; `why` takes what told them apart.
fn resolve(
    target: &Target,
    hints: &Hints<'_, '_, '_>,
    register: &Register,
    why: &mut Vec<String>,
) -> Result<u32, Vec<u32>> {
    let mut bearers = target.bearers.clone();
    if target.doubt.is_some() {
        return Err(bearers);
    }
    let art = |b: u32| register.at(b).map(|kommune| kommune.art);
    let of_kreis = hints.of_kreis();
    let councils = |kreis: bool| hints.raete.iter().any(|rat| is_of_kreis(rat) == kreis);
    let levels = |kreis: bool| {
        bearers
            .iter()
            .any(|&b| art(b).is_some_and(|art| art.is_kreis() == kreis))
    };
    if hints.lone
        && target.kind.is_none()
        && councils(true)
        && councils(false)
        && levels(true)
        && levels(false)
    {
        why.push(Doubt::Councils.says().to_owned());
        return Err(bearers);
    }
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
        let before = bearers.len();
        if wanted.is_empty() {
            let bezirk = bearers.iter().any(|&b| art(b) == Some(Art::Bezirk));
            let gemeinde = bearers
                .iter()
                .any(|&b| art(b).is_some_and(Art::is_gemeinde));
            if bezirk && gemeinde {
                why.push(Doubt::Level.says().to_owned());
                return Err(bearers);
            }
            bearers = register.of_best_level(&bearers);
            if bearers.len() < before {
                why.push("ohne Wort für den Landkreis ist die Gemeinde gemeint".to_owned());
            }
        } else {
            bearers = wanted;
            why.extend(hints.kreis_word());
        }
    }
    if hints.kreis_body() && !bearers.iter().any(|&b| art(b).is_some_and(Art::is_kreis)) {
        return Err(bearers);
    }
    if bearers.len() > 1 {
        narrow(&mut bearers, hints, register, why);
    }
    let one = by_far_the_largest(&bearers, register).ok_or_else(|| bearers.clone())?;
    if bearers.len() > 1 {
        let others = bearers.iter().filter(|&&b| b != one);
        let next = others
            .filter_map(|&b| register.at(b))
            .max_by_key(|k| k.einwohner);
        why.extend(next.map(|next| {
            let land = next.land.name();
            format!(
                "mindestens zehnmal so viele Einwohner wie {} ({land})",
                next.title()
            )
        }));
    }
    Ok(one)
}

impl Hints<'_, '_, '_> {
    /// Whether the body is a Kreis's by its name.
    fn kreis_body(&self) -> bool {
        self.beirat.is_some_and(|b| b.name.starts_with("Kreis"))
    }

    fn of_kreis(&self) -> bool {
        self.kreis_body()
            || self.lone && !self.raete.is_empty() && self.raete.iter().all(is_of_kreis)
    }

    /// The word that tells the level.
    fn kreis_word(&self) -> Option<String> {
        let body = self.beirat.filter(|_| self.kreis_body());
        let word = body.or(self.raete.first())?;
        Some(format!("wegen „{}“", word.name))
    }
}

/// Lets state, council and subject tell between several.
fn narrow(
    bearers: &mut Vec<u32>,
    hints: &Hints<'_, '_, '_>,
    register: &Register,
    why: &mut Vec<String>,
) {
    if let Some(sources) = hints.sources.filter(|_| hints.lone) {
        let before = bearers.len();
        sources.own.narrow_by_land(bearers, register);
        if bearers.len() < before {
            why.push("wegen des genannten Landes".to_owned());
        }
        let subject = sources
            .subject
            .iter()
            .flat_map(|subject| subject.targets(register));
        for target in subject {
            let before = bearers.len();
            if bearers.iter().any(|b| target.bearers.contains(b)) {
                bearers.retain(|b| target.bearers.contains(b));
            }
            if bearers.len() < before {
                why.push(format!("im Betreff steht „{}“", target.heard));
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
            if fitting.len() < bearers.len()
                && let Some(rat) = hints.raete.first()
            {
                why.push(format!("wegen „{}“", rat.name));
            }
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
    account: &mut Account,
) -> Result<Gremium, Question> {
    let own = register.rat_of(kommune);
    let mut fitting: Vec<&Gremium> = named
        .iter()
        .filter(|rat| is_of_kreis(rat) == kommune.art.is_kreis())
        .collect();
    if fitting.len() > 1 {
        fitting.retain(|rat| rat.name != "Rat");
    }
    let mut take = |rat: &Gremium, from: &str| {
        account.tell(format!("Der Rat ist {}: {from}.", rat.name));
        Ok(rat.clone())
    };
    let follows = || {
        let land = kommune.land.name();
        format!(
            "er folgt aus Land und Art ({land}, {})",
            kommune.art.label()
        )
    };
    match fitting.as_slice() {
        [rat] => take(rat, "so genannt"),
        [] if named.is_empty() || !lone => take(own, &follows()),
        [] => {
            let heard = named.first().map(|rat| rat.name.clone());
            Err(question::about_rat(heard, &[own]))
        }
        several if several.iter().any(|rat| rat.name == own.name) => take(own, "so genannt"),
        several => Err(question::about_rat(None, several)),
    }
}

/// The topics that are open.
pub(super) fn open_topics(understanding: &Understanding) -> usize {
    understanding
        .questions
        .iter()
        .filter(|question| question.topic != Topic::Template)
        .count()
}
