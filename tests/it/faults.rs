//! `tests/FAULTS.md` does not rot: what it names exists.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The tables of faults: their rows, each with its last cell; the comparison behind them has none.
fn rows() -> Vec<(String, String)> {
    let page = fs::read_to_string(root().join("tests/FAULTS.md")).unwrap();
    let (faults, _) = page.split_once("# Beside the best").unwrap();
    let cells = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [fault, _, shown] = cells.as_slice() else {
            panic!("three columns: {line}");
        };
        ((*fault).to_owned(), (*shown).to_owned())
    };
    let rows = faults.lines().filter(|line| line.starts_with("| "));
    let rows = rows.filter(|line| !line.starts_with("| ---") && !line.starts_with("| fault"));
    rows.map(cells).collect()
}

fn spans(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Whether the test or the file exists.
fn exists(name: &str) -> bool {
    let parts: Vec<&str> = name.split("::").collect();
    let [binary @ ("lib" | "it" | "real"), modules @ .., test] = parts.as_slice() else {
        return root().join(name).exists();
    };
    let folder = match *binary {
        "lib" => root().join("src"),
        other => root().join("tests").join(other),
    };
    let within: PathBuf = modules.iter().collect();
    // tests stand at the end of their file, or in one of their own
    let outer = within.parent().unwrap_or(Path::new(""));
    let files = [within.as_path(), outer].map(|path| folder.join(path));
    files.iter().any(|path| {
        let beside = [path.with_extension("rs"), path.join("mod.rs")];
        let texts = beside
            .iter()
            .filter_map(|file| fs::read_to_string(file).ok());
        let called = format!("fn {test}(");
        texts.into_iter().any(|text| text.contains(&called))
    })
}

#[test]
fn every_test_that_the_page_names_exists() {
    let missing: Vec<String> = rows()
        .iter()
        .flat_map(|(_, shown)| spans(shown).map(str::to_owned).collect::<Vec<_>>())
        .filter(|name| !exists(name))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(!exists("it::faults::no_such_test") && !exists("tests/none"));
}

#[test]
fn every_fault_is_shown_by_a_test_or_said_to_be_open() {
    let rows = rows();
    let silent: Vec<&String> = rows
        .iter()
        .filter(|(_, shown)| spans(shown).next().is_none() && shown != "**open**")
        .map(|(fault, _)| fault)
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
    assert!(rows.len() > 50, "{}", rows.len());
}
