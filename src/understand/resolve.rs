//! Whom a name means: which level, and which of several that bear it.

use super::doubt::Doubt;
use super::drafts::Sources;
use super::targets::Target;
use crate::kommune::{Art, Gremium, Kommune, Register};

/// What tells between several of one name, beside the name.
#[derive(Default)]
pub(super) struct Hints<'a, 't, 'r> {
    pub(super) beirat: Option<&'a Gremium>,
    pub(super) raete: &'a [Gremium],
    pub(super) sources: Option<&'a Sources<'t, 'r>>,
    /// whether it is the only motion asked for
    pub(super) lone: bool,
}

/// Who a target may be where it is not clear whom it means, and why it is not.
pub(super) struct Unclear {
    pub(super) bearers: Vec<u32>,
    pub(super) doubt: Option<Doubt>,
}

/// Whom a target means; `why` takes what told several of the name apart.
pub(super) fn resolve(
    target: &Target,
    hints: &Hints<'_, '_, '_>,
    register: &Register,
    why: &mut Vec<String>,
) -> Result<u32, Unclear> {
    let mut bearers = target.bearers.clone();
    let doubt = target.doubt.or_else(|| match target.kind {
        None => choose_level(&mut bearers, hints, register, why),
        Some(_) => {
            why.push("die Art ist genannt".to_owned());
            None
        }
    });
    let is_kreis = |&b: &u32| register.at(b).is_some_and(|k| k.art.is_kreis());
    if doubt.is_some() || hints.kreis_body() && !bearers.iter().any(is_kreis) {
        return Err(Unclear { bearers, doubt });
    }
    if bearers.len() > 1 {
        narrow(&mut bearers, hints, register, why);
    }
    let Some(one) = register.by_far_the_largest(&bearers) else {
        return Err(Unclear { bearers, doubt });
    };
    let others = bearers.iter().filter(|&&b| b != one);
    let next = others.filter_map(|&b| register.at(b));
    why.extend(next.max_by_key(|k| k.einwohner).map(|next| {
        let (title, land) = (next.title(), next.land.name());
        format!("mindestens zehnmal so viele Einwohner wie {title} ({land})")
    }));
    Ok(one)
}

/// Town, district or association: a word tells, else the town is meant.
fn choose_level(
    bearers: &mut Vec<u32>,
    hints: &Hints<'_, '_, '_>,
    register: &Register,
    why: &mut Vec<String>,
) -> Option<Doubt> {
    let has = |fits: &dyn Fn(Art) -> bool| {
        let art = |&b: &u32| register.at(b).is_some_and(|k| fits(k.art));
        bearers.iter().any(art)
    };
    let councils = |kreis: bool| hints.raete.iter().any(|rat| is_of_kreis(rat) == kreis);
    let levels = has(&Art::is_kreis) && has(&|art| !art.is_kreis());
    if hints.lone && councils(true) && councils(false) && levels {
        return Some(Doubt::Councils);
    }
    let of_kreis = hints.of_kreis();
    let is_told =
        |art: Art| of_kreis && art.is_kreis() || hints.raete.iter().any(|rat| only_has(rat, art));
    if has(&is_told) {
        bearers.retain(|&b| register.at(b).is_some_and(|k| is_told(k.art)));
        why.extend(hints.kreis_word());
        return None;
    }
    if has(&|art| art == Art::Bezirk) && has(&Art::is_gemeinde) {
        return Some(Doubt::Level);
    }
    // "Vogelsberg" is a village, and the Vogelsbergkreis without its last part
    let is_stem = |&b: &u32| {
        let kreis = register.at(b).filter(|kommune| kommune.art.is_kreis());
        kreis.is_some_and(|kreis| kreis.name.ends_with("kreis"))
    };
    let tiny = |b: &u32| register.is_tiny(*b) || is_stem(b);
    if bearers.iter().any(is_stem) && bearers.iter().all(tiny) && levels {
        return Some(Doubt::Level);
    }
    let best = register.of_best_level(bearers);
    if best.len() < bearers.len() {
        why.push("ohne Wort für den Landkreis ist die Gemeinde gemeint".to_owned());
        *bearers = best;
    }
    None
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

pub(super) fn is_of_kreis(rat: &Gremium) -> bool {
    matches!(
        rat.name.as_str(),
        "Kreistag" | "Städteregionstag" | "Regionsversammlung" | "Regionalversammlung"
    )
}
