//! What docxtpl makes of a template, antragsbote makes of it, too (and of a Seriendruck
//! document what docx-mailmerge2 makes of it): the same text for the
//! same data, with the real peer from PyPI, whatever runs Word has split the marks over.
//!
//! Where we differ on purpose the data keep clear of it: booleans print as `true`, a null
//! prints nothing, a paragraph of nothing but a mark disappears, so does a table without
//! rows, `&` in a template's own text and `|safe` are no markup.

mod mailmerge;
mod own;
mod word;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{python_with, run};

/// How Word may have split the text of a template; seed 0 leaves it whole.
const SEEDS: [u64; 3] = [0, 1, 2];

/// A template in a folder of its kind, and its data beside it.
struct Case {
    name: String,
    /// the document that the peer merges; the other files are called after it
    template: PathBuf,
    /// the documents that we merge
    ours: Vec<PathBuf>,
}

impl Case {
    fn file(&self, end: &str) -> PathBuf {
        self.template.with_extension(end)
    }

    /// What the peer makes of it, or what it says.
    fn theirs(&self) -> String {
        match fs::read(self.file("peer.docx")) {
            Ok(document) => word::outline(&document),
            Err(_) => fs::read_to_string(self.file("peer.txt")).unwrap(),
        }
    }

    /// What the real program makes of a template, or what it says.
    fn ours(&self, template: &Path) -> String {
        let output = self.file("ours.docx");
        let mut render = Command::new(env!("CARGO_BIN_EXE_antragsbote"));
        render.arg("render").arg("--template-file").arg(template);
        render.arg("--data").arg(self.file("json"));
        render.arg("--output").arg(&output);
        let done = render.output().unwrap();
        if done.status.success() {
            word::outline(&fs::read(output).unwrap())
        } else {
            String::from_utf8_lossy(&done.stderr).into_owned()
        }
    }
}

/// Puts a table's templates into a folder. A case is a line `# name`, a line of data, and
/// the lines of the template; an empty line ends it.
fn table(text: &str, folder: &Path) -> Vec<Case> {
    let cases = text.trim().split("\n\n").enumerate().map(|(number, case)| {
        let mut lines = case.splitn(3, '\n');
        let name = lines.next().and_then(|name| name.strip_prefix("# "));
        let name = name.unwrap_or_else(|| panic!("{case}: the name is missing"));
        let file = |seed: u64| folder.join(format!("{number:03}-{seed}.docx"));
        fs::write(file(0).with_extension("json"), lines.next().unwrap()).unwrap();
        let template = lines.next().unwrap();
        for seed in SEEDS {
            fs::write(file(seed), word::document(template, seed)).unwrap();
        }
        Case {
            name: name.to_owned(),
            template: file(0),
            ours: SEEDS.map(file).into(),
        }
    });
    cases.collect()
}

/// The interpreter that knows the peers.
fn python() -> PathBuf {
    let requirements: Vec<&str> = include_str!("peers/requirements.txt").lines().collect();
    python_with(&requirements)
}

/// Merges all cases of a folder with the peer and with the real program, and compares.
fn compare(script: &str, folder: &Path, cases: &[Case]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/real/peers")
        .join(script);
    run(Command::new(python()).arg(script).arg(folder));
    let mut differences = String::new();
    for case in cases {
        let theirs = case.theirs();
        let mut ours = case
            .ours
            .iter()
            .map(|template| (template, case.ours(template)));
        if let Some((template, ours)) = ours.find(|(_, ours)| *ours != theirs) {
            let (name, file) = (&case.name, template.display());
            differences += &format!("== {name} ({file})\ntheirs:\n{theirs}\nours:\n{ours}\n");
        }
    }
    assert!(!cases.is_empty() && differences.is_empty(), "{differences}");
}

#[test]
fn docxtpl_gives_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let cases = table(include_str!("peers/docxtpl.txt"), folder.path());
    compare("render_docxtpl.py", folder.path(), &cases);
}
