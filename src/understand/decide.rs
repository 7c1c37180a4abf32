//! From drafts to wishes or questions: which municipality, which council.

use super::account::{self, Account};
use super::drafts::{Draft, Sources, drafts};
use super::resolve::{Hints, Unclear, is_of_kreis, resolve};
use super::targets::named_by;
use super::{Line, Question, Topic, Understanding, Wish, lines, question};
use crate::kommune::{Gremium, Kommune, Register, Schluessel};

/// Decides all that is asked for.
pub(super) fn decide(sources: &Sources<'_, '_>, register: &Register) -> Understanding {
    let mut understanding = Understanding::default();
    let mut account = Account::default();
    let drafts = drafts(sources, register, &mut account);
    let lone = drafts.len() == 1;
    let either = !lone && drafts.iter().all(Draft::is_doubtful);
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
    question::join(&mut understanding, either);
    if !understanding.questions.is_empty() {
        understanding.wishes.clear();
    }
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
    let kommune = settle_kommune(&draft, &hints, register, account);
    match &draft.beirat {
        Ok(beirat) => account.tell(format!("Das Gremium ist genannt: {}.", beirat.name)),
        Err(question) => account.question(question, &account::why_beirat(question, sources)),
    }
    let rat = match (&kommune, &draft.raete) {
        (_, Err(question)) => Err(Some(question.clone())),
        (Ok(Some(kommune)), Ok(named)) => {
            choose_rat(kommune, named, lone, register, account).map_err(Some)
        }
        _ => Err(None),
    };
    if let Err(Some(question)) = &rat {
        let kommune = kommune.as_ref().ok().copied().flatten();
        account.question(question, &account::why_rat(question, kommune));
    }
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

/// The municipality of a draft, or the question which.
fn settle_kommune<'r>(
    draft: &Draft,
    hints: &Hints<'_, '_, '_>,
    register: &'r Register,
    account: &mut Account,
) -> Result<Option<&'r Kommune>, Question> {
    let mut why = Vec::new();
    let target = draft.target.as_ref();
    let unclear = match target.map(|target| resolve(target, hints, register, &mut why)) {
        Some(Ok(b)) => {
            let kommune = register.at(b);
            if let Some((kommune, target)) = kommune.zip(target) {
                account.kommune(target, kommune, &why);
            }
            return Ok(kommune);
        }
        Some(Err(unclear)) => unclear,
        None => Unclear {
            bearers: Vec::new(),
            doubt: None,
        },
    };
    let heard = target.map(|target| target.heard.clone());
    let question = question::about_kommune(heard, &unclear.bearers, register);
    account.question(&question, &account::why_kommune(target, &unclear));
    Err(question)
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
