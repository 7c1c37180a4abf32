//! What docxtpl makes of a template, antragsbote makes of it, too: the same text for the
//! same data, with the real peer from PyPI, whatever runs Word has split the marks over.
//!
//! Where we differ on purpose the data keep clear of it: booleans print as `true`, a null
//! prints nothing, paragraphs of nothing but a mark disappear.

mod python;
mod word;

use std::fs;
use std::path::Path;
use std::process::Command;

/// How Word may have split the text of a template; seed 0 leaves it whole.
const SEEDS: [u64; 3] = [0, 1, 2];

/// A template of the table, and its data.
struct Case {
    name: &'static str,
    data: &'static str,
    template: &'static str,
}

/// Reads a table: paragraphs of `# name`, a line of data, and the lines of the template.
fn cases(table: &'static str) -> Vec<Case> {
    let case = |text: &'static str| {
        let (name, rest) = text.trim_matches('\n').split_once('\n')?;
        let (data, template) = rest.split_once('\n')?;
        let name = name.strip_prefix("# ")?;
        Some(Case { name, data, template })
    };
    table.split("\n\n").filter_map(case).collect()
}

/// Merges a template with the real program; what it says where it refuses.
fn merge(folder: &Path, template: &Path, data: &Path) -> Result<Vec<u8>, String> {
    let output = folder.join("ours.docx");
    let mut render = Command::new(env!("CARGO_BIN_EXE_antragsbote"));
    render.arg("render").arg("--template-file").arg(template);
    render.arg("--data").arg(data).arg("--output").arg(&output);
    let done = render.output().unwrap();
    if done.status.success() {
        Ok(fs::read(output).unwrap())
    } else {
        Err(String::from_utf8_lossy(&done.stderr).into_owned())
    }
}

/// Compares all cases of a table with what a peer makes of them.
fn compare(table: &'static str, script: &str) {
    let folder = tempfile::tempdir().unwrap();
    let cases = cases(table);
    let file = |number: usize, end: &str| folder.path().join(format!("{number:03}{end}"));
    for (number, case) in cases.iter().enumerate() {
        fs::write(file(number, ".docx"), word::document(case.template, 0)).unwrap();
        fs::write(file(number, ".json"), case.data).unwrap();
    }
    python::run_script(script, folder.path());
    let mut differences = String::new();
    for (number, case) in cases.iter().enumerate() {
        let theirs = match fs::read(file(number, ".peer.docx")) {
            Ok(document) => word::outline(&document),
            Err(_) => fs::read_to_string(file(number, ".peer.txt")).unwrap(),
        };
        for seed in SEEDS {
            let template = file(number, ".split.docx");
            fs::write(&template, word::document(case.template, seed)).unwrap();
            let ours = merge(folder.path(), &template, &file(number, ".json"));
            let ours = ours.map_or_else(|refusal| refusal, |document| word::outline(&document));
            if ours != theirs {
                let name = case.name;
                differences += &format!("== {name} (seed {seed})\ntheirs:\n{theirs}ours:\n{ours}\n");
                break;
            }
        }
    }
    assert!(!cases.is_empty() && differences.is_empty(), "{differences}");
}

#[test]
fn docxtpl_gives_the_same() {
    compare(include_str!("peers/docxtpl.txt"), "render_docxtpl.py");
}
