//! Event lines: every one that tells of trouble has its fixed word, and none quotes anybody.

use std::fs;
use std::path::{Path, PathBuf};

/// Every event of the program: its file, its level, all between its brackets.
fn events() -> Vec<(PathBuf, &'static str, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for level in ["error", "warn", "info", "debug", "trace"] {
                for rest in text.split(&format!("tracing::{level}!(")).skip(1) {
                    let mut depth = 1;
                    let end = rest.find(|c| {
                        depth += match c {
                            '(' => 1,
                            ')' => -1,
                            _ => 0,
                        };
                        depth == 0
                    });
                    found.push((
                        path.clone(),
                        level,
                        rest.get(..end.unwrap()).unwrap().to_owned(),
                    ));
                }
            }
        }
    }
    assert!(found.len() > 20, "{}", found.len());
    found
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
