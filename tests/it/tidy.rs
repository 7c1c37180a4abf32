//! The house keeps its rules: who may import whom, and what the core may not name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// For each room the rooms it may name. What is not listed here may name none.
const IMPORTS: &[(&str, &[&str])] = &[
    ("german", &[]),
    ("request", &[]),
    ("merge", &["german"]),
    ("kommune", &["german"]),
    ("mail", &["german"]),
    ("sheet", &[]),
    ("syntax", &[]),
    ("template", &["german", "kommune", "merge", "syntax"]),
    ("policy", &["mail"]),
    (
        "understand",
        &["german", "kommune", "mail", "sheet", "template"],
    ),
    (
        "answer",
        &[
            "german",
            "kommune",
            "mail",
            "merge",
            "policy",
            "request",
            "template",
            "understand",
        ],
    ),
    ("notify", &[]),
    ("sasl", &[]),
    ("secret", &["notify"]),
    ("tls", &[]),
    ("clock", &["request"]),
    ("dkim", &["policy"]),
    ("dns", &[]),
    ("http", &["dns", "tls"]),
    ("discover", &["dns", "http", "oauth", "tls"]),
    ("oauth", &["clock", "dns", "http", "secret", "tls"]),
    ("telemetry", &[]),
    ("halt", &[]),
    (
        "mailbox",
        &["mail", "oauth", "request", "sasl", "secret", "tls"],
    ),
    ("office", &["clock"]),
    (
        "outbound",
        &[
            "dns", "halt", "http", "mail", "notify", "oauth", "request", "sasl", "secret", "tls",
        ],
    ),
    (
        "log",
        &[
            "answer",
            "halt",
            "mail",
            "request",
            "template",
            "kommune",
            "policy",
            "understand",
        ],
    ),
    (
        "config",
        &[
            "answer", "kommune", "log", "mail", "mailbox", "merge", "oauth", "outbound", "policy",
            "secret", "syntax", "template", "tls",
        ],
    ),
    (
        "service",
        &[
            "answer",
            "clock",
            "config",
            "dkim",
            "german",
            "halt",
            "log",
            "mail",
            "mailbox",
            "notify",
            "oauth",
            "outbound",
            "policy",
            "request",
            "telemetry",
            "template",
            "understand",
        ],
    ),
    (
        "cli",
        &[
            "answer",
            "clock",
            "config",
            "discover",
            "dns",
            "german",
            "kommune",
            "log",
            "mail",
            "mailbox",
            "merge",
            "notify",
            "oauth",
            "office",
            "outbound",
            "policy",
            "request",
            "secret",
            "service",
            "sheet",
            "telemetry",
            "template",
            "tls",
            "understand",
        ],
    ),
    ("main", &["cli"]),
];

/// Rooms of values in, values out.
const CORE: &[&str] = &[
    "answer",
    "german",
    "kommune",
    "mail",
    "merge",
    "policy",
    "request",
    "sheet",
    "syntax",
    "template",
    "understand",
];

/// What the core may not name: effects, time, tasks, event lines.
const BANNED_IN_CORE: &[&str] = &[
    "tokio",
    "sqlx",
    "tracing",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "async fn",
    "disallowed_methods",
];

fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let below = path.strip_prefix(&root).unwrap().to_owned();
                let first = below.components().next().unwrap().as_os_str();
                let room = first.to_str().unwrap().trim_end_matches(".rs").to_owned();
                let text = fs::read_to_string(&path).unwrap();
                found.push((room, below, code(&text)));
            }
        }
    }
    found
}

/// Files that hold nothing but tests.
fn is_test(file: &Path) -> bool {
    let name = file.file_name().unwrap().to_str().unwrap();
    name.ends_with("tests.rs") || file.components().any(|part| part.as_os_str() == "tests")
}

/// The code without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let text = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text);
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The rooms a text names by `crate::room`, in paths and in grouped imports.
fn rooms_named(text: &str) -> Vec<String> {
    let mut named = Vec::new();
    for rest in text.split("crate::").skip(1) {
        let rest = rest.trim_start();
        let group = rest
            .strip_prefix('{')
            .map(|inner| inner.split('}').next().unwrap_or(inner));
        let list: Vec<&str> = match group {
            Some(inner) => inner.split(',').collect(),
            None => vec![rest],
        };
        for item in list {
            let word: String = item
                .trim_start()
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            if !word.is_empty() {
                named.push(word);
            }
        }
    }
    named
}

#[test]
fn imports_point_down_only() {
    let table: BTreeMap<&str, &[&str]> = IMPORTS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (room, file, text) in sources() {
        if room == "lib" {
            continue;
        }
        let allowed = table
            .get(room.as_str())
            .unwrap_or_else(|| panic!("{room} is a new room: name it in the table of imports"));
        for named in rooms_named(&text) {
            if named != room
                && table.contains_key(named.as_str())
                && !allowed.contains(&named.as_str())
            {
                wrong.push(format!("{} names {named}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that point up: {wrong:#?}");
}

#[test]
fn the_core_has_no_effects() {
    let mut wrong = Vec::new();
    for (room, file, text) in sources() {
        if CORE.contains(&room.as_str()) && !is_test(&file) {
            let named = BANNED_IN_CORE.iter().filter(|word| text.contains(**word));
            wrong.extend(named.map(|word| format!("{} names {word}", file.display())));
        }
    }
    assert!(wrong.is_empty(), "effects in the core: {wrong:#?}");
}

#[test]
fn only_the_service_and_the_writer_of_the_log_spawn() {
    let mut wrong = Vec::new();
    for (room, file, text) in sources() {
        let may = matches!(room.as_str(), "service" | "log");
        if !may
            && (text.contains("tokio::spawn")
                || text.contains("JoinSet")
                || text.contains("thread::spawn"))
        {
            wrong.push(file);
        }
    }
    assert!(wrong.is_empty(), "spawns: {wrong:?}");
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let silent: Vec<PathBuf> = sources()
        .into_iter()
        .filter(|(_, file, _)| {
            let text = fs::read_to_string(root.join(file)).unwrap();
            !text.starts_with("//!") && !is_test(file)
        })
        .map(|(_, file, _)| file)
        .collect();
    assert!(silent.is_empty(), "files without a first line: {silent:?}");
}

#[test]
fn no_crate_of_ours_may_be_unsafe() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        let text = fs::read_to_string(root.join(manifest)).unwrap();
        assert!(text.contains("unsafe_code = \"forbid\""), "{manifest}");
    }
}
