//! Event lines: every one that tells of trouble has its fixed word and that word its remedy, none quotes
//! anybody, and the fields are those of the handbook.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use antragsbote::telemetry::{FIELDS, trouble};

/// Every source file of the program, without its tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).unwrap();
                let (text, _) = text
                    .split_once("#[cfg(test)]\nmod tests {")
                    .unwrap_or((&text, ""));
                found.push((path, text.to_owned()));
            }
        }
    }
    found
}

/// Every event of the program: its file, its level, all between its brackets.
fn events() -> Vec<(PathBuf, &'static str, String)> {
    let mut found = Vec::new();
    for (path, text) in sources() {
        for level in ["error", "warn", "info", "debug", "trace"] {
            for rest in text.split(&format!("tracing::{level}!(")).skip(1) {
                found.push((path.clone(), level, within_brackets(rest).to_owned()));
            }
        }
        // Its level follows from its kind, which comes first.
        for rest in text.split("tell!(").skip(1) {
            let event = format!("error.kind = {}", within_brackets(rest));
            found.push((path.clone(), "error", event));
        }
    }
    assert!(found.len() > 20, "{}", found.len());
    found
}

fn within_brackets(text: &str) -> &str {
    let mut depth = 1;
    let end = text.find(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    text.get(..end.unwrap()).unwrap()
}

/// The names of the fields of an event: what stands before its message.
fn fields(event: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut depth = 0;
    let parts = event.split(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        c == ',' && depth == 0
    });
    for part in parts {
        let name = part.split('=').next().unwrap().trim();
        if name.starts_with('"') {
            break;
        }
        if !name.is_empty() && !name.contains('$') {
            names.push(name);
        }
    }
    names
}

#[test]
fn every_error_has_its_fixed_word() {
    let without: Vec<_> = events()
        .into_iter()
        .filter(|(_, level, event)| *level == "error" && !event.contains("error.kind"))
        .collect();
    assert!(without.is_empty(), "no error.kind: {without:#?}");
}

/// The words of a peer and of the log may quote mail; those of the system do not.
#[test]
fn no_event_quotes_an_error_at_length() {
    let quoting: Vec<_> = events()
        .into_iter()
        .filter(|(_, _, event)| {
            [
                "{error:#}",
                "{error}",
                "chain(",
                "response",
                "subject",
                "email",
            ]
            .iter()
            .any(|word| event.contains(word))
        })
        .collect();
    assert!(quoting.is_empty(), "quoting: {quoting:#?}");
}

#[test]
fn every_field_is_one_of_the_handbook() {
    let handbook = include_str!("../../docs/handbuch/ereignisse.md");
    let known: BTreeSet<&str> = FIELDS.into_iter().collect();
    for (path, _, event) in events() {
        for name in fields(&event) {
            assert!(
                known.contains(name),
                "{name} in {}: {event}",
                path.display()
            );
        }
    }
    for name in FIELDS.into_iter().filter(|name| *name != "message") {
        let name = name.replace('.', "_").to_uppercase();
        assert!(handbook.contains(&format!("| `{name}` |")), "{name}");
    }
}

/// Every word that an error or an event has for its trouble.
fn kinds() -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    for (path, text) in sources() {
        for rest in text.split("fn kind(&self) -> &'static str {").skip(1) {
            let body = rest.split("\n    }").next().unwrap();
            kinds.extend(body.split('"').skip(1).step_by(2).map(str::to_owned));
        }
        let in_service = path.components().any(|part| part.as_os_str() == "service");
        for beginning in ["error.kind = \"", "kind: \"", "kind = \"", "is_news(\""] {
            if in_service || beginning.starts_with("error") {
                let words = text.split(beginning).skip(1);
                kinds.extend(words.map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
    }
    // What went well has none.
    kinds.remove("");
    assert!(kinds.len() > 30, "{kinds:?}");
    kinds
}

#[test]
fn every_kind_of_trouble_has_its_words_its_remedy_and_a_german_sentence() {
    let unknown: Vec<_> = kinds()
        .into_iter()
        .filter(|kind| trouble::of(kind).is_none())
        .collect();
    assert_eq!(unknown, [] as [&str; 0], "not in the table");
    let handbook = include_str!("../../docs/handbuch/ereignisse.md");
    for trouble in trouble::TABLE {
        let kind = trouble.kind;
        for clause in [trouble.words, trouble.remedy] {
            assert!(
                clause.len() > 10 && !clause.ends_with('.'),
                "{kind}: {clause}"
            );
            assert!(clause.is_ascii(), "{kind}: {clause}");
        }
        assert!(trouble.satz.ends_with('.'), "{kind}: {}", trouble.satz);
        let of_kind = trouble::TABLE.iter().filter(|other| other.kind == kind);
        assert_eq!(of_kind.count(), 1, "{kind}");
        assert!(
            handbook.contains(&format!("`{kind}`")),
            "{kind} is not in the handbook"
        );
    }
}
