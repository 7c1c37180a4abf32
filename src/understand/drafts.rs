//! From what a mail names to drafts: a municipality, a body, councils.

use super::Question;
use super::account::Account;
use super::doubt::Doubt;
use super::fields::Block;
use super::lexicon;
use super::pairs;
use super::question;
use super::targets::{Reading, Target, named_by};
use crate::kommune::{Gap, Gremium, Kind, Register, Rolle, fold};
use crate::template::Werte;

/// What understanding reads: own words, then what may fill their gaps.
pub(super) struct Sources<'t, 'r> {
    pub(super) own: Reading<'t, 'r>,
    /// `None` if it is a leftover of earlier mail
    pub(super) subject: Option<Reading<'t, 'r>>,
    pub(super) signature: Option<Reading<'t, 'r>>,
    pub(super) blocks: Vec<Block<'t>>,
}

/// More blocks of one mail than this are not read.
const MOST: usize = 100;

/// One motion on its way to a wish.
pub(super) struct Draft {
    pub(super) target: Option<Target>,
    pub(super) beirat: Result<Gremium, Question>,
    pub(super) raete: Raete,
    /// values for further fields that are this draft's own
    pub(super) werte: Werte,
}

impl Draft {
    /// Whether it is one of several that may be meant instead of one another.
    pub(super) fn is_doubtful(&self) -> bool {
        self.target
            .as_ref()
            .is_some_and(|target| target.doubt.is_some())
    }
}

/// The councils named, or the question which of them.
pub(super) type Raete = Result<Vec<Gremium>, Question>;

/// All motions that the mail may ask for, in the order named.
pub(super) fn drafts(
    sources: &Sources<'_, '_>,
    register: &Register,
    account: &mut Account,
) -> Vec<Draft> {
    let blocks = sources.blocks.iter().map(|block| sorted(block, register));
    let blocks: Vec<Block<'_>> = blocks.filter(Block::asks).collect();

    if blocks.is_empty() {
        let targets = free_targets(sources, register, account);
        return with_free_bodies(targets, sources, register);
    }
    account.tell("Es gelten die Zeilen der Form „Feld: Wert“.");
    let placed = blocks.iter().any(|block| block.kommune.is_some());
    let ruled = blocks.iter().any(|block| block.rat.is_some());
    let beiraete: Vec<&str> = blocks.iter().filter_map(|block| block.beirat).collect();
    let free_bodies: Vec<_> = with_free_bodies(Vec::new(), sources, register)
        .into_iter()
        .map(|draft| draft.beirat)
        .collect();
    let mut drafts = Vec::new();
    for block in blocks.iter().take(MOST) {
        let targets: Vec<Option<Target>> = match block.kommune {
            Some(("", _)) => vec![None],
            Some((value, kind)) => named_by(value, kind, register)
                .into_iter()
                .map(|target| Some(qualified(target, block, register)))
                .collect(),
            // "Beirat: …" alone, before or behind blocks that name a municipality
            None if placed => continue,
            None => or_none(free_targets(sources, register, account)),
        };
        let only = beiraete.first().filter(|_| beiraete.len() == 1);
        let bodies = match block.beirat.or(only.copied()) {
            Some(value) => beiraete_in(value, register),
            None => free_bodies.clone(),
        };
        let raete = match block.rat.filter(|value| !value.is_empty()) {
            Some(value) => rat_in(value, register),
            None if ruled => Ok(Vec::new()),
            None => named_raete(&sources.own),
        };
        for target in &targets {
            drafts.extend(bodies.iter().map(|beirat| Draft {
                target: target.clone(),
                beirat: beirat.clone(),
                raete: raete.clone(),
                werte: block.werte.clone(),
            }));
        }
    }
    drafts
}

/// "Gremium: Stadtrat" names the council, whatever the form means by the word.
fn sorted<'t>(block: &Block<'t>, register: &Register) -> Block<'t> {
    let mut block = block.clone();
    if let Some(value) = block.beirat.filter(|_| block.rat.is_none()) {
        let of = |rolle| {
            let reading = Reading::of(value, register, &[]);
            let named = reading.bodies.iter();
            named.map(|body| body.gremium.rolle).any(|of| of == rolle)
        };
        if of(Rolle::Rat) && !of(Rolle::Beirat) {
            block.rat = block.beirat.take();
        }
    }
    block
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
        match named_by(&text, target.kind, register).as_slice() {
            [one] => {
                target = Target {
                    heard: target.heard,
                    kind: target.kind.or(one.kind),
                    ..one.clone()
                };
            }
            _ => target.doubt = Some(Doubt::Contradiction),
        }
    }
    if let Some(plz) = block.plz.filter(|value| !value.is_empty()) {
        let mut said = target.bearers.clone();
        if let Some(kind) = target.kind {
            said.retain(|&b| register.at(b).is_some_and(|k| kind.fits(k.art)));
        }
        let fitting = register.fitting_plz(&said, plz);
        if fitting.is_empty() {
            target.doubt = Some(Doubt::Contradiction);
        }
        if !fitting.is_empty() {
            target.bearers = fitting;
        }
    }
    target
}

fn beiraete_in(value: &str, register: &Register) -> Vec<Result<Gremium, Question>> {
    let reading = Reading::of(value, register, &[]);
    let named = named(&reading, Rolle::Beirat);
    match named {
        Ok(bodies) if !bodies.is_empty() => bodies.into_iter().map(|(_, body)| Ok(body)).collect(),
        Ok(_) => {
            let heard = Some(value.to_owned()).filter(|value| !value.is_empty());
            vec![Err(question::about_beirat(heard, &[], register))]
        }
        Err(named) => vec![Err(alternatives(&named, register))],
    }
}

fn rat_in(value: &str, register: &Register) -> Raete {
    let reading = Reading::of(value, register, &[]);
    let named = named_raete(&reading)?;
    if named.is_empty() {
        return Err(question::about_rat(Some(value.to_owned()), &[]));
    }
    Ok(named)
}

/// The councils that a text names; as an error those of which the writer does not know which.
fn named_raete(reading: &Reading<'_, '_>) -> Raete {
    match named(reading, Rolle::Rat) {
        Ok(raete) => Ok(raete.into_iter().map(|(_, rat)| rat).collect()),
        Err(open) => Err(question::about_rat(None, &open.iter().collect::<Vec<_>>())),
    }
}

/// The bodies or councils that a text names, each with its number where it is named first;
/// as an error those of which the writer does not know which.
fn named(reading: &Reading<'_, '_>, rolle: Rolle) -> Result<Vec<(usize, Gremium)>, Vec<Gremium>> {
    let words = &reading.text.words;
    let mut named: Vec<(usize, Gremium)> = Vec::new();
    let mut before: Option<usize> = None;
    let mut open = reading
        .bodies
        .iter()
        .any(|body| body.torn && body.counts() && body.gremium.rolle == rolle);
    for (i, body) in reading.bodies.iter().enumerate() {
        if body.gremium.rolle != rolle || !body.counts() {
            continue;
        }
        let known = named
            .iter()
            .any(|(_, other)| other.name == body.gremium.name);
        if let Some(end) = before.filter(|_| !known) {
            let start = body.words.start;
            let or = |word: &str| matches!(word, "oder" | "bzw" | "or" | "beziehungsweise");
            open |= reading.text.any(end..start, or) && start - end <= 4
                || start == end && words.gap(start).has(Gap::SLASH)
                || reading.text.same_sentence(end - 1, start)
                    && lexicon::is_undecided(words, reading.text.sentence(start));
        }
        let end = body.words.end;
        // "Integrationsbeirat/-rat"
        open |= words.gap(end).has(Gap::SLASH)
            && !words.between(end).contains(' ')
            && matches!(words.word(end), "rat" | "beirat");
        before = Some(end);
        if !known {
            named.push((i, body.gremium.clone().into_owned()));
        }
    }
    // "unser Beirat, der Ausländerbeirat": an administrator may have added the plain word
    let all: Vec<String> = named.iter().map(|(_, body)| fold(&body.name)).collect();
    named.retain(|(_, body)| {
        let name = fold(&body.name);
        let is_kind_of = |other: &String| *other != name && other.ends_with(&name);
        !(lexicon::is_kind_of_body(&name) && all.iter().any(is_kind_of))
    });
    if open {
        Err(named.into_iter().map(|(_, body)| body).collect())
    } else {
        Ok(named)
    }
}

pub(super) fn alternatives(named: &[Gremium], register: &Register) -> Question {
    let named: Vec<&Gremium> = named.iter().collect();
    question::about_beirat(None, &named, register)
}

/// The municipalities that free text, subject or signature ask for.
fn free_targets(
    sources: &Sources<'_, '_>,
    register: &Register,
    account: &mut Account,
) -> Vec<Target> {
    let mut targets = sources.own.targets(register);
    if !targets.is_empty() {
        return targets;
    }
    if let Some(subject) = &sources.subject {
        targets = subject.targets(register);
    }
    if !targets.is_empty() {
        account.tell("Die Kommune steht im Betreff.");
    } else {
        targets = signed(sources, register);
        if !targets.is_empty() {
            account.tell("Die Kommune steht nur in der Signatur.");
        }
    }
    if targets.is_empty() {
        return sources.own.idle();
    }
    // what stands in another text has no body in this one
    let asks_for_kreis = sources.own.asks_for_kreis();
    for target in &mut targets {
        target.body = None;
        let kreis = target.kind == Some(Kind::Kreis);
        if asks_for_kreis && !kreis {
            target.doubt = target.doubt.or(Some(Doubt::KreisInPassing));
        }
    }
    targets
}

/// Gives each municipality the body that free text, subject or signature name for it.
fn with_free_bodies(
    targets: Vec<Target>,
    sources: &Sources<'_, '_>,
    register: &Register,
) -> Vec<Draft> {
    let own = &sources.own;
    let raete = named_raete(own);
    let bodies = match named(own, Rolle::Beirat) {
        Ok(bodies) => bodies,
        Err(open) => return with_beirat(targets, &Err(alternatives(&open, register)), &raete),
    };
    if let [] | [_] = bodies.as_slice() {
        let other = || other_beiraete(&targets, sources).into_iter().next();
        let one = bodies
            .into_iter()
            .map(|(_, body)| body)
            .next()
            .or_else(other);
        let beirat = one.ok_or_else(|| question::about_beirat(None, &[], register));
        return with_beirat(targets, &beirat, &raete);
    }
    pairs::paired(targets, &bodies, own, &raete, register)
}

fn or_none(targets: Vec<Target>) -> Vec<Option<Target>> {
    if targets.is_empty() {
        return vec![None];
    }
    targets.into_iter().map(Some).collect()
}

pub(super) fn with_beirat(
    targets: Vec<Target>,
    beirat: &Result<Gremium, Question>,
    raete: &Raete,
) -> Vec<Draft> {
    or_none(targets)
        .into_iter()
        .map(|target| Draft {
            target,
            beirat: beirat.clone(),
            raete: raete.clone(),
            werte: Werte::new(),
        })
        .collect()
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
            target.doubt = Some(Doubt::Several);
        }
        targets.truncate(1);
    }
    targets
}

/// The body that subject or signature names, if it is the only one there; not that of another
/// municipality in the signature.
fn other_beiraete(targets: &[Target], sources: &Sources<'_, '_>) -> Vec<Gremium> {
    let asked = |b: &u32| targets.iter().any(|target| target.bearers.contains(b));
    let is_foreign = |reading: &&Reading<'_, '_>| {
        let of_bodies = reading.places.iter().filter(|place| place.body.is_some());
        let mut of_bodies = of_bodies.filter(|place| place.signs.counts()).peekable();
        !targets.is_empty()
            && of_bodies.peek().is_some()
            && !of_bodies.any(|place| place.bearers.iter().any(asked))
    };
    let signature = sources
        .signature
        .as_ref()
        .filter(|reading| !is_foreign(reading));
    [sources.subject.as_ref(), signature]
        .into_iter()
        .flatten()
        .filter_map(|reading| named(reading, Rolle::Beirat).ok())
        .find(|named| named.len() == 1)
        .into_iter()
        .flatten()
        .map(|(_, body)| body)
        .collect()
}
