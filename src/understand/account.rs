//! The account of a decision in German sentences: what decided, what was set aside and why.

use super::drafts::Sources;
use super::resolve::Unclear;
use super::targets::{Reading, Target};
use super::{Question, Topic};
use crate::kommune::Kommune;

/// No account is longer than this, in sentences.
const MOST: usize = 20;

/// More names of a kind that are set aside are not told.
const MOST_ASIDE: usize = 6;

/// What is told of a decision, most important first.
#[derive(Debug, Default)]
pub(super) struct Account {
    sentences: Vec<String>,
}

impl Account {
    pub(super) fn tell(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if self.sentences.len() < MOST && !self.sentences.contains(&sentence) {
            self.sentences.push(sentence);
        }
    }

    /// Which municipality a name means, and what speaks for its being asked for.
    pub(super) fn kommune(&mut self, target: &Target, kommune: &Kommune, why: &[String]) {
        let is = if target.typo { "ist wohl" } else { "ist" };
        let mut sentence = format!(
            "„{}“ {is} {} ({})",
            target.heard,
            kommune.title_beside_land(),
            kommune.land.name()
        );
        if !why.is_empty() {
            sentence = format!("{sentence}: {}", why.join("; "));
        }
        self.tell(format!("{sentence}."));
        if !target.said_of.is_empty() {
            self.tell(format!(
                "„{}“ ist gemeint: {}.",
                target.heard, target.said_of
            ));
        }
    }

    /// Why something is asked.
    pub(super) fn question(&mut self, question: &Question, why: &str) {
        let about = match &question.topic {
            Topic::Kommune => "nach der Kommune",
            Topic::Beirat => "nach dem Gremium",
            Topic::Rat => "nach dem Rat",
            Topic::Template => "nach der Vorlage",
            Topic::Field(name) => return self.tell(format!("Gefragt wird nach „{name}“: {why}.")),
        };
        self.tell(format!("Gefragt wird {about}: {why}."));
    }

    /// What the own words name without asking for it.
    pub(super) fn set_aside(&mut self, own: &Reading<'_, '_>) {
        let body = |i: Option<usize>| {
            let body = i.and_then(|i| own.bodies.get(i));
            body.map_or("", |body| own.text.words.source(body.words.clone()))
        };
        let mentioned = own.places.iter().filter(|place| !place.signs.counts());
        for place in mentioned.take(MOST_ASIDE) {
            let why = place.signs.tell_asked(body(place.body));
            self.tell(format!("„{}“ ist nicht erbeten: {why}.", place.heard));
        }
        for aside in own.aside.iter().take(MOST_ASIDE) {
            let why = aside.signs.tell_place(body(aside.body));
            self.tell(format!("„{}“ zählt nicht als Ort: {why}.", aside.heard));
        }
        let bodies = own.bodies.iter().filter(|body| !body.counts());
        for body in bodies.take(MOST_ASIDE) {
            let heard = own.text.words.source(body.words.clone());
            let why = body.signs.tell_asked("");
            self.tell(format!("„{heard}“ ist nicht erbeten: {why}."));
        }
    }

    pub(super) fn into_sentences(self) -> Vec<String> {
        self.sentences
    }
}

/// Why it is not clear which municipality is meant.
pub(super) fn why_kommune(target: Option<&Target>, unclear: &Unclear) -> String {
    let Some(target) = target else {
        return "keine Kommune ist genannt".to_owned();
    };
    let heard = &target.heard;
    match (unclear.doubt, unclear.bearers.len()) {
        (Some(doubt), _) => format!("„{heard}“, {}", doubt.says()),
        (None, 0) => format!("„{heard}“ steht nicht im Register"),
        (None, 1) => format!("„{heard}“ passt nicht zu dem, was daneben steht"),
        (None, count) => format!(
            "„{heard}“ kann {count} Kommunen meinen, und keine hat zehnmal so viele Einwohner wie die nächste"
        ),
    }
}

/// Why it is not clear which body moves the motion.
pub(super) fn why_beirat(question: &Question, sources: &Sources<'_, '_>) -> String {
    let named = sources
        .own
        .bodies
        .iter()
        .any(|body| body.is_beirat() && body.counts());
    match &question.heard {
        Some(heard) => format!("„{heard}“ ist kein bekanntes Gremium"),
        None if named => "mehrere Gremien sind genannt, und keines ist bestimmt".to_owned(),
        None => "kein Gremium ist genannt".to_owned(),
    }
}

/// Why it is not clear which council decides.
pub(super) fn why_rat(question: &Question, kommune: Option<&Kommune>) -> String {
    match (&question.heard, kommune) {
        (Some(heard), Some(kommune)) => {
            format!("„{heard}“ passt nicht zu {}", kommune.title())
        }
        (Some(heard), None) => format!("„{heard}“ ist kein bekannter Rat"),
        (None, _) => "mehrere Räte sind genannt, und keiner ist bestimmt".to_owned(),
    }
}
