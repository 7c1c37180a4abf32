//! Questions and the answers to pick from.

use super::lines::Line;
use super::{Block, Choice, Question, Topic, Understanding};
use crate::german::grouped;
use crate::kommune::{Gremium, Kind, Kommune, Register, Rolle, Words, fold};

/// How many candidates a question offers at most.
pub(super) const MOST: usize = 10;

/// Bodies offered where none is named.
const USUAL_BODIES: [&str; 5] = [
    "Ausländerbeirat",
    "Integrationsbeirat",
    "Integrationsrat",
    "Migrationsbeirat",
    "Beirat für Migration und Integration",
];

pub(super) fn about_kommune(
    heard: Option<String>,
    bearers: &[u32],
    register: &Register,
) -> Question {
    let mut kommunen: Vec<&Kommune> = bearers.iter().filter_map(|&b| register.at(b)).collect();
    kommunen.sort_by_key(|k| (!k.art.is_gemeinde(), std::cmp::Reverse(k.einwohner)));
    kommunen.truncate(MOST);
    Question {
        topic: Topic::Kommune,
        heard,
        candidates: kommunen
            .into_iter()
            .map(|kommune| kommune_choice(kommune, register))
            .collect(),
    }
}

pub(super) fn about_beirat(
    heard: Option<String>,
    named: &[&Gremium],
    register: &Register,
) -> Question {
    let usual = USUAL_BODIES
        .iter()
        .filter_map(|name| register.gremium(Rolle::Beirat, name));
    let bodies: Vec<&Gremium> = match named {
        [] => usual.collect(),
        named => named.to_vec(),
    };
    Question {
        topic: Topic::Beirat,
        heard,
        candidates: bodies
            .into_iter()
            .take(MOST)
            .map(|b| body_choice("Beirat", b))
            .collect(),
    }
}

pub(super) fn about_rat(heard: Option<String>, councils: &[&Gremium]) -> Question {
    Question {
        topic: Topic::Rat,
        heard,
        candidates: councils
            .iter()
            .take(MOST)
            .map(|b| body_choice("Rat", b))
            .collect(),
    }
}

/// What may be wrong with a request that is settled.
pub(super) fn about_settled(request: &[Block], register: &Register) -> Vec<Question> {
    let lines = || request.iter().flatten();
    let settled: Vec<&str> = lines()
        .filter_map(|line| match line {
            Line::Settled(_, line) => Some(line.as_str()),
            Line::Open(..) => None,
        })
        .collect();
    let kommune = settled.iter().find_map(|line| kommune_of(line, register));
    let others = kommune.map(|kommune| namesakes(kommune, register));
    let mut questions = vec![
        about_kommune(None, &others.unwrap_or_default(), register),
        about_beirat(None, &[], register),
    ];
    for question in &mut questions {
        question
            .candidates
            .retain(|choice| !settled.contains(&choice.line.as_str()));
    }
    questions
}

/// All that a request has to say.
pub(super) fn about_all(register: &Register) -> Vec<Question> {
    vec![
        about_kommune(None, &[], register),
        about_beirat(None, &[], register),
    ]
}

/// Puts questions together that one answer settles: those of one topic about the same words,
/// and of all drafts if `either` of them is meant.
pub(super) fn join(understanding: &mut Understanding, either: bool) {
    let one = either && are_alike(&understanding.request);
    let mut joined: Vec<Question> = Vec::new();
    for question in std::mem::take(&mut understanding.questions) {
        let same = joined
            .iter_mut()
            .find(|other| other.topic == question.topic && (one || other.heard == question.heard));
        match same {
            Some(same) => same.take(question),
            None => joined.push(question),
        }
    }
    joined.sort_by(|a, b| a.topic.cmp(&b.topic));
    if one {
        understanding.request.truncate(1);
        let lines = understanding.request.iter_mut().flatten();
        for line in lines {
            if let Line::Open(topic, heard) = line {
                let question = joined.iter().find(|question| question.topic == *topic);
                *heard = question.and_then(|question| question.heard.clone());
            }
        }
    }
    understanding.questions = joined;
}

/// Whether the motions differ in nothing but the municipality that is asked.
fn are_alike(request: &[Block]) -> bool {
    let others = |block: &Block| -> Vec<Line> {
        let other = |line: &&Line| *line.topic() != Topic::Kommune;
        block.iter().filter(other).cloned().collect()
    };
    let mut all = request.iter().map(others);
    let first = all.next();
    all.all(|block| Some(block) == first)
        && request
            .iter()
            .flatten()
            .all(|line| *line.topic() != Topic::Kommune || matches!(line, Line::Open(..)))
}

impl Question {
    /// Takes the candidates and the words of another question of the same topic.
    fn take(&mut self, other: Question) {
        for choice in other.candidates {
            if self.candidates.len() < MOST && !self.candidates.contains(&choice) {
                self.candidates.push(choice);
            }
        }
        match (&mut self.heard, other.heard) {
            (Some(heard), Some(more)) if !heard.contains(&more) => {
                heard.push_str(", ");
                heard.push_str(&more);
            }
            (heard @ None, more) => *heard = more,
            _ => {}
        }
    }

    /// The municipalities of its candidates, by their places in the register.
    pub(super) fn bearers(&self, register: &Register) -> Vec<u32> {
        self.candidates
            .iter()
            .filter_map(|choice| kommune_of(&choice.line, register))
            .filter_map(|kommune| register.place_of(&kommune.schluessel))
            .collect()
    }
}

impl Question {
    /// The kinds of its candidates, if each is the only one of its kind that bears the name.
    pub fn kinds(&self, register: &Register) -> Vec<&'static str> {
        let bearers = self.bearers(register);
        let mut kinds: Vec<&str> = Vec::new();
        for kommune in bearers.iter().filter_map(|&b| register.at(b)) {
            if !kinds.contains(&kommune.art.label()) {
                kinds.push(kommune.art.label());
            }
        }
        kinds.retain(|_| bearers.len() > 1);
        if kinds.len() == bearers.len() && self.shared_name(register).is_some() {
            kinds
        } else {
            Vec::new()
        }
    }

    /// The name, if it is about one that several municipalities bear.
    pub fn shared_name(&self, register: &Register) -> Option<String> {
        let heard = fold(self.heard.as_deref()?);
        let bearers = self.bearers(register);
        let mut names = bearers
            .iter()
            .filter_map(|&b| register.at(b))
            .map(|kommune| base_name(kommune, register));
        let name = names.next()?;
        let folded = fold(&name);
        let is_heard = format!(" {heard} ").contains(&format!(" {folded} "));
        let shared = bearers.len() > 1 && names.all(|other| fold(&other) == folded);
        (is_heard && shared).then_some(name)
    }
}

/// The municipality of a line that [`kommune_line`] gave.
pub(super) fn kommune_of<'r>(line: &str, register: &'r Register) -> Option<&'r Kommune> {
    let value = line.strip_prefix("Kommune: ")?;
    match super::decide::value_means(value, register).as_slice() {
        [one] => register.get(one),
        _ => None,
    }
}

/// Its name without kind and addition: "Neustadt" of Neustadt a.d.Aisch.
pub(super) fn base_name(kommune: &Kommune, register: &Register) -> String {
    let words = Words::of(&kommune.name);
    let kind = Kind::of(words.word(0)).filter(|_| words.len() > 1);
    let name = words.source(usize::from(kind.is_some())..words.len());
    let words = Words::of(name);
    let end = register.whole_spot(&words).map(|spot| spot.base_end);
    words.source(0..end.unwrap_or(words.len())).to_owned()
}

/// All that bear its name, whatever their kind, state and addition; itself among them.
pub(super) fn namesakes(kommune: &Kommune, register: &Register) -> Vec<u32> {
    let name = base_name(kommune, register);
    let spot = register.whole_spot(&Words::of(&name));
    spot.map_or_else(Vec::new, |spot| spot.bearers)
}

fn body_choice(field: &str, body: &Gremium) -> Choice {
    Choice {
        label: body.name.clone(),
        line: body_line(field, body),
    }
}

/// The line that names councils.
pub(super) fn rat_line(raete: &[Gremium]) -> Option<String> {
    let names: Vec<&str> = raete.iter().map(|rat| rat.name.as_str()).collect();
    (!names.is_empty()).then(|| format!("Rat: {}", names.join(" und ")))
}

/// The line that names a body or a council.
pub(super) fn body_line(field: &str, body: &Gremium) -> String {
    format!("{field}: {}", body.name)
}

fn kommune_choice(kommune: &Kommune, register: &Register) -> Choice {
    let land = kommune.land.name();
    let title = kommune.title();
    let title = title.strip_suffix(&format!(" ({land})")).unwrap_or(&title);
    let mut about = vec![land.to_owned()];
    about.extend(kreis_of(kommune, register).map(|kreis| kreis.title()));
    about.extend(
        kommune
            .einwohner
            .map(|n| format!("{} Einwohner", grouped(n))),
    );
    Choice {
        label: format!("{title} ({})", about.join(", ")),
        line: kommune_line(kommune, register),
    }
}

fn kreis_of<'r>(kommune: &Kommune, register: &'r Register) -> Option<&'r Kommune> {
    register.get(kommune.kreis.as_ref()?)
}

/// The shortest line that names exactly this municipality: with its state, its Kreis, its key.
pub(super) fn kommune_line(kommune: &Kommune, register: &Register) -> String {
    let title = kommune.title();
    let land = kommune.land.name();
    let kreis = kreis_of(kommune, register).map(Kommune::title);
    let told = [
        // "Friedberg (Hessen)" is a whole name
        title.ends_with(&format!("({land})")).then(|| title.clone()),
        Some(format!("{title} ({land})")),
        kreis.map(|kreis| format!("{title} ({land}, {kreis})")),
    ];
    let exact = told.into_iter().flatten().find(|text| {
        matches!(super::decide::value_means(text, register).as_slice(), [one] if one == &kommune.schluessel)
    });
    let text = exact.unwrap_or_else(|| format!("{title} ({})", kommune.schluessel.as_str()));
    format!("Kommune: {text}")
}
