//! TOML read key by key, so that all faults of a file are told at once.

use std::ops::Range;

use serde::Deserialize as _;
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::{Found, Raw};
use crate::syntax;
use crate::template::did_you_mean;
use crate::template::feld::RawFeld;

/// What can be read of the file, and the faults of the rest. Where it is no TOML, what is
/// missing is not told.
pub(super) fn each_key(source: &str) -> (Raw, Vec<Found>) {
    let (table, flaws) = syntax::read(source);
    if !flaws.is_empty() {
        let flaws = flaws.into_iter().map(|flaw| {
            let problem = format!("{}; {}", flaw.problem, flaw.remedy);
            Found::new(flaw.span.start, problem)
        });
        return (Raw::default(), flaws.collect());
    }
    let span = table.span();
    keys_of(table.into_inner(), span)
}

/// What can be read of a table, and the faults of the rest.
pub(super) fn keys_of(mut table: DeTable<'_>, span: Range<usize>) -> (Raw, Vec<Found>) {
    let mut faults = Vec::new();
    let fields = table
        .iter_mut()
        .find(|(key, _)| key.get_ref() == "fields")
        .map(|(_, value)| value.get_mut());
    if let Some(DeValue::Table(fields)) = fields {
        for (name, mut field) in std::mem::take(fields) {
            let before = faults.len();
            if let DeValue::Table(field) = field.get_mut() {
                *field = readable::<RawFeld>(std::mem::take(field), &mut faults);
            }
            // what else is wrong with a field shows when this is mended
            if faults.len() == before {
                fields.insert(name, field);
            }
        }
    }
    let table = readable::<Raw>(table, &mut faults);
    let raw = Raw::deserialize(Spanned::new(span, table).into_deserializer());
    let raw = raw.unwrap_or_else(|error| {
        faults.push(Found::of(&error));
        Raw::default()
    });
    (raw, faults)
}

/// The keys that can be read as part of a `T`.
fn readable<'t, T: DeserializeOwned>(table: DeTable<'t>, faults: &mut Vec<Found>) -> DeTable<'t> {
    let mut sound = DeTable::new();
    for (key, value) in table {
        let alone = DeTable::from_iter([(key.clone(), value.clone())]);
        let alone = Spanned::new(key.span().start..value.span().end, alone);
        match T::deserialize(alone.into_deserializer()) {
            Ok(_) => {
                sound.insert(key, value);
            }
            Err(error) => faults.push(Found {
                key: Some(key.get_ref().to_string()),
                ..Found::of(&error)
            }),
        }
    }
    sound
}

impl Found {
    fn of(error: &Error) -> Self {
        Self::new(
            error.span().map_or(0, |span| span.start),
            in_german(error.message()),
        )
    }
}

/// The messages that people meet, in German; the rest as the reader of TOML words it.
fn in_german(message: &str) -> String {
    if let Some(rest) = message.strip_prefix("unknown field `")
        && let Some((key, expected)) = rest.split_once('`')
    {
        let known = expected.split('`').skip(1).step_by(2);
        return format!("„{key}“ ist hier unbekannt; {}", did_you_mean(key, known));
    }
    if let Some((_, expected)) = message.rsplit_once("expected ")
        && message.starts_with("invalid type")
    {
        let expected = expected.trim_start_matches("struct ");
        let expected = match expected {
            "a string" => "ein Text in Anführungszeichen",
            "a sequence" => "eine Liste in eckigen Klammern",
            "a boolean" => "true oder false",
            "a map" | "Raw" => "ein Abschnitt wie [fields.sitzung]",
            other => other,
        };
        return format!("hier gehört {expected} hin");
    }
    format!("das ist kein gültiges TOML: {message}")
}
