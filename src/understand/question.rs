//! Questions and the answers to pick from.

use super::{Choice, Question, Topic};
use crate::kommune::{Gremium, Kommune, Register, Rolle};

/// How many candidates a question offers at most.
const MOST: usize = 10;

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

/// All that a request has to say.
pub(super) fn about_all(register: &Register) -> Vec<Question> {
    vec![
        about_kommune(None, &[], register),
        about_beirat(None, &[], register),
    ]
}

/// Puts questions of one topic together: their candidates are candidates of one answer.
pub(super) fn one_a_topic(mut questions: Vec<Question>) -> Vec<Question> {
    questions.sort_by(|a, b| a.topic.cmp(&b.topic));
    let mut merged: Vec<Question> = Vec::new();
    for question in questions {
        match merged
            .last_mut()
            .filter(|last| last.topic == question.topic)
        {
            Some(last) => {
                for choice in question.candidates {
                    if last.candidates.len() < MOST && !last.candidates.contains(&choice) {
                        last.candidates.push(choice);
                    }
                }
                if last.heard != question.heard {
                    let both = [last.heard.take(), question.heard];
                    last.heard = both
                        .into_iter()
                        .flatten()
                        .reduce(|a, b| format!("{a}, {b}"));
                }
            }
            None => merged.push(question),
        }
    }
    merged
}

fn body_choice(field: &str, body: &Gremium) -> Choice {
    Choice {
        label: body.name.clone(),
        line: format!("{field}: {}", body.name),
    }
}

fn kommune_choice(kommune: &Kommune, register: &Register) -> Choice {
    let mut about = vec![kommune.land.name().to_owned()];
    about.extend(kreis_of(kommune, register).map(|kreis| kreis.title()));
    about.extend(
        kommune
            .einwohner
            .map(|n| format!("{} Einwohner", grouped(n))),
    );
    Choice {
        label: format!("{} ({})", kommune.title(), about.join(", ")),
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
        Some(format!("{title} ({land})")),
        kreis.map(|kreis| format!("{title} ({land}, {kreis})")),
    ];
    let exact = told.into_iter().flatten().find(|text| {
        matches!(super::decide::value_means(text, register).as_slice(), [one] if one == &kommune.schluessel)
    });
    let text = exact.unwrap_or_else(|| format!("{title} ({})", kommune.schluessel.as_str()));
    format!("Kommune: {text}")
}

/// With points between thousands.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}
