//! `[fields.NAME]` of `template.toml`, read and checked.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

use super::{Feld, FeldArt, Need, keys};
use crate::template::did_you_mean;

/// The section as it is written.
pub(in crate::template) type Declared = BTreeMap<Spanned<String>, Raw>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::template) struct Raw {
    r#type: Option<Spanned<String>>,
    title: Option<Spanned<String>>,
    question: Option<Spanned<String>>,
    #[serde(default)]
    required: bool,
    default: Option<Spanned<Value>>,
    #[serde(default)]
    words: Vec<String>,
    options: Option<Spanned<Vec<String>>>,
}

const TYPES: [&str; 4] = ["text", "date", "number", "choice"];

/// Names that marks or lines of a mail have for something else.
const TAKEN: [&str; 38] = [
    "kommune",
    "beirat",
    "rat",
    "datum",
    "anfragende_person",
    "aktenzeichen",
    "land",
    "bundesland",
    "plz",
    "postleitzahl",
    "stadt",
    "gemeinde",
    "landkreis",
    "kreis",
    "vorlage",
    "der",
    "den",
    "dem",
    "des",
    "im",
    "zum",
    "vom",
    "beim",
    "in",
    "er",
    "sein",
    "if",
    "else",
    "for",
    "set",
    "not",
    "and",
    "or",
    "is",
    "true",
    "false",
    "none",
    "loop",
];

/// A fault and where in the file it is.
pub(in crate::template) type Found = (usize, String);

/// The fields in the order of the file, or all that is wrong with them.
pub(in crate::template) fn declared(section: Declared) -> Result<Vec<Feld>, Vec<Found>> {
    let mut sorted: Vec<(Spanned<String>, Raw)> = section.into_iter().collect();
    sorted.sort_by_key(|(name, _)| name.span().start);
    let mut felder: Vec<Feld> = Vec::new();
    let mut faults = Vec::new();
    for (name, raw) in sorted {
        let at = name.span().start;
        match feld(name.into_inner(), at, raw) {
            Ok(feld) => {
                if let Some(problem) = clash(&feld, &felder) {
                    faults.push((at, problem));
                }
                felder.push(feld);
            }
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() {
        Ok(felder)
    } else {
        Err(faults)
    }
}

/// More options than this cannot be shown by a question.
const MOST_OPTIONS: usize = 10;

fn feld(name: String, at: usize, raw: Raw) -> Result<Feld, Vec<Found>> {
    let mut faults = Vec::new();
    if !is_identifier(&name) {
        let problem = format!(
            "„{name}“ ist kein Name für ein Feld; er besteht aus Buchstaben, Ziffern und _ und \
             beginnt mit einem Buchstaben"
        );
        faults.push((at, problem));
    }
    for (key, text) in [("title", &raw.title), ("question", &raw.question)] {
        if let Some(text) = text
            .as_ref()
            .filter(|text| text.get_ref().trim().is_empty())
        {
            let problem =
                format!("„{key}“ ist leer; schreiben Sie etwas hinein oder streichen Sie es");
            faults.push((text.span().start, problem));
        }
    }
    let art = art(&name, at, &raw).map_err(|found| faults.push(found));
    let default = raw.default.as_ref().filter(|_| raw.required);
    if let Some(default) = default {
        let problem = "„required“ und „default“ schließen einander aus; lassen Sie eines weg";
        faults.push((default.span().start, problem.to_owned()));
    }
    let (Ok(art), true) = (art, faults.is_empty()) else {
        return Err(faults);
    };
    let title = raw.title.map(Spanned::into_inner);
    let title = title.unwrap_or_else(|| name.replace('_', " "));
    let question = raw.question.map(Spanned::into_inner);
    let question =
        question.unwrap_or_else(|| format!("Bitte ergänzen Sie noch diese Angabe: {title}"));
    let names = [name.as_str(), title.as_str()].into_iter();
    let mut feld = Feld {
        keys: keys(names.chain(raw.words.iter().map(String::as_str))),
        need: if raw.required {
            Need::Required
        } else {
            Need::Optional
        },
        name,
        title,
        question,
        art,
    };
    if let Some(default) = raw.default {
        let at = default.span().start;
        let wert = default_of(&feld, at, default.into_inner()).map_err(|found| vec![found])?;
        feld.need = Need::Default(wert);
    }
    Ok(feld)
}

fn art(name: &str, at: usize, raw: &Raw) -> Result<FeldArt, Found> {
    let Some(word) = &raw.r#type else {
        let problem =
            format!("dem Feld „{name}“ fehlt der Typ: type = \"text\" (oder date, number, choice)");
        return Err((at, problem));
    };
    let art = match word.get_ref().as_str() {
        "text" => FeldArt::Text,
        "date" => FeldArt::Date,
        "number" => FeldArt::Number,
        "choice" => return options(name, at, raw).map(FeldArt::Choice),
        other => {
            let problem = format!(
                "„{other}“ ist kein Typ eines Feldes; {}",
                did_you_mean(other, TYPES)
            );
            return Err((word.span().start, problem));
        }
    };
    match &raw.options {
        Some(options) => {
            let problem = "„options“ gibt es nur bei type = \"choice\"".to_owned();
            Err((options.span().start, problem))
        }
        None => Ok(art),
    }
}

fn options(name: &str, at: usize, raw: &Raw) -> Result<Vec<String>, Found> {
    let at = raw.options.as_ref().map_or(at, |list| list.span().start);
    let list = raw.options.as_ref().map_or(&[][..], |list| list.get_ref());
    if list.is_empty() || list.iter().any(|option| option.trim().is_empty()) {
        let problem =
            format!("dem Feld „{name}“ fehlt, was zur Wahl steht: options = [\"…\", \"…\"]");
        return Err((at, problem));
    }
    if list.len() > MOST_OPTIONS {
        let problem = format!(
            "hier stehen {} zur Wahl; eine Mail zeigt höchstens {MOST_OPTIONS}: fassen Sie zusammen oder \
             nehmen Sie type = \"text\"",
            list.len()
        );
        return Err((at, problem));
    }
    let mut known = Vec::new();
    for option in list {
        let folded = crate::kommune::fold(option);
        if known.contains(&folded) {
            let problem = format!("„{option}“ steht zweimal zur Wahl; streichen Sie eines");
            return Err((at, problem));
        }
        known.push(folded);
    }
    Ok(list.to_vec())
}

fn default_of(feld: &Feld, at: usize, default: Value) -> Result<super::Wert, Found> {
    let text = match &default {
        Value::String(text) => text.clone(),
        other => other.to_string().replace('.', ","),
    };
    let is_value = !matches!(
        default,
        Value::Array(_) | Value::Table(_) | Value::Boolean(_)
    );
    let read = feld.read(&text, None).ok().filter(|_| is_value);
    read.ok_or_else(|| {
        let expected = match &feld.art {
            FeldArt::Text => "ein Text von höchstens 2.000 Zeichen".to_owned(),
            FeldArt::Date => "ein Tag mit Jahr, etwa \"3. Mai 2026\"".to_owned(),
            FeldArt::Number => "eine Zahl, etwa 12".to_owned(),
            FeldArt::Choice(options) => format!("eines von {}", options.join(", ")),
        };
        (
            at,
            format!("die Vorgabe „{text}“ passt nicht; erwartet wird {expected}"),
        )
    })
}

/// What is wrong with the field's names beside those there are.
fn clash(feld: &Feld, others: &[Feld]) -> Option<String> {
    let taken = keys(TAKEN);
    if let Some(key) = feld.keys.iter().find(|key| taken.contains(key)) {
        return Some(format!(
            "das Feld „{}“ heißt auch „{key}“, das schon eine Bedeutung hat; nennen Sie es anders",
            feld.name
        ));
    }
    others.iter().find_map(|other| {
        let key = feld.keys.iter().find(|key| other.is_called(key))?;
        Some(format!(
            "die Felder „{}“ und „{}“ heißen beide „{key}“; nennen Sie eines anders",
            other.name, feld.name
        ))
    })
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(char::is_alphabetic) && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}
