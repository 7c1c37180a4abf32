//! The table of cases: a folder each below `tests/cases`, a third of them wrong.
//!
//! | file | |
//! | --- | --- |
//! | `document.txt` | the body, a line a paragraph (see `package`), or `document.xml`: the body's content, or the whole part |
//! | `header1.txt`, `footnotes.xml`, `settings.xml`, `core.xml` … | further parts, in the same way |
//! | `motion.md` | a template in Markdown instead |
//! | `archive.txt` | how the file is packed, if not as usual (see `archive`) |
//! | `data.json` | what is given as `--data` |
//! | `request.txt` | makes it a template of the catalogue; lines like `kommune: Fürth` are given as options |
//! | `foreign.txt` | the same options for a file that is none of the catalogue |
//! | `expected.txt` | the outline of what comes out (see `outline`) |
//! | `expected-settings.xml` … | the content of a part that comes out |
//! | `error.txt` | instead of these: the exit code, and below it standard error |

pub(crate) mod archive;
mod outline;
mod package;
pub(crate) mod sound;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use antragsbote::merge::{Document, Rules, Values};

/// A case.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    folder: PathBuf,
}

/// What came of a case.
struct Run {
    code: i32,
    errors: String,
    document: Option<Vec<u8>>,
}

impl Case {
    /// All there are, by name.
    pub(crate) fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        let folders = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let mut cases: Vec<Self> = folders
            .map(|folder| {
                let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
                Self { name, folder }
            })
            .collect();
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        cases
    }

    /// A file of the case.
    pub(crate) fn read(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(file)).ok()
    }

    /// Whether its template is to be refused.
    pub(crate) fn is_wrong(&self) -> bool {
        self.read("error.txt").is_some()
    }

    /// The Word file; none for a template in Markdown.
    pub(crate) fn template(&self) -> Option<Vec<u8>> {
        if self.read("motion.md").is_some() {
            return None;
        }
        let parts = package::parts(|file| self.read(file));
        Some(match self.read("archive.txt") {
            Some(how) => archive::pack(how.trim(), parts),
            None => package::packed(&parts),
        })
    }

    /// Whether its body is lines of text, and all values are in `data.json`.
    pub(crate) fn is_plain(&self) -> bool {
        let holds = |file| self.read(file).is_some();
        holds("document.txt")
            && holds("data.json")
            && !holds("request.txt")
            && !holds("foreign.txt")
    }

    /// What is in `data.json`.
    pub(crate) fn values(&self) -> Values {
        let data = self.read("data.json").unwrap();
        let mut values = Values::new();
        values.json(&serde_json::from_str(&data).unwrap());
        values
    }

    /// The outline that comes out if its body is this text.
    pub(crate) fn outline_of(&self, body: &str) -> String {
        let parts = package::parts(|file| match file {
            "document.txt" => Some(body.to_owned()),
            file => self.read(file),
        });
        outline_of(&package::packed(&parts), &self.values())
    }

    /// The document, where one comes out.
    pub(crate) fn document(&self) -> Option<Vec<u8>> {
        self.run().document
    }

    /// Compares what comes out with what is expected.
    pub(crate) fn check(&self) -> Result<(), String> {
        let run = self.run();
        if let Some(expected) = self.read("error.txt") {
            return same(&expected, &format!("{}\n{}", run.code, run.errors));
        }
        let document = run
            .document
            .ok_or_else(|| format!("{}\n{}", run.code, run.errors))?;
        let parts = archive::unpacked(&document);
        let expected = self
            .read("expected.txt")
            .ok_or("neither expected.txt nor error.txt")?;
        same(&expected, &format!("{}\n", outline::outline(&parts)))?;
        for (name, content) in &parts {
            let file = name.rsplit('/').next().unwrap();
            if let Some(expected) = self.read(&format!("expected-{file}")) {
                same(
                    expected.trim(),
                    package::content(&String::from_utf8_lossy(content)).trim(),
                )?;
            }
        }
        match self.template() {
            Some(template) => sound::check(&archive::unpacked(&template), &parts),
            None => sound::check(&[], &parts),
        }
    }

    /// Runs the program on the case, in a folder of its own.
    fn run(&self) -> Run {
        let house = tempfile::tempdir().unwrap();
        let path = |name: &str| house.path().join(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_antragsbote"));
        command
            .current_dir(house.path())
            .arg("render")
            .stdin(Stdio::null());
        for name in ["ANTRAGSBOTE_CONFIG", "ANTRAGSBOTE_LOG", "RUST_LOG"] {
            command.env_remove(name);
        }
        let request = self.read("request.txt");
        if request.is_some() {
            fs::create_dir_all(path("vorlagen/probe")).unwrap();
            let templates = "[templates]\npath = \"vorlagen\"\ndefault = \"probe\"\n";
            fs::write(path("antragsbote.toml"), format!("{CONFIG}\n{templates}")).unwrap();
            let manifest = self.read("template.toml");
            let manifest = manifest.as_deref().unwrap_or("title = \"Probe\"\n");
            fs::write(path("vorlagen/probe/template.toml"), manifest).unwrap();
            match (self.template(), self.read("motion.md")) {
                (Some(docx), _) => fs::write(path("vorlagen/probe/motion.docx"), docx).unwrap(),
                (None, motion) => {
                    fs::write(path("vorlagen/probe/motion.md"), motion.unwrap()).unwrap();
                }
            }
            command.args(["--template", "probe"]);
        } else {
            fs::write(path("vorlage.docx"), self.template().unwrap()).unwrap();
            command.args(["--template-file", "vorlage.docx"]);
        }
        let options = request
            .or_else(|| self.read("foreign.txt"))
            .unwrap_or_default();
        for (name, value) in options.lines().filter_map(|line| line.split_once(": ")) {
            command.args([&format!("--{name}"), value]);
        }
        if let Some(data) = self.read("data.json") {
            fs::write(path("daten.json"), data).unwrap();
            command.args(["--data", "daten.json"]);
        }
        let output = command.args(["-o", "antrag.docx"]).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        Run {
            code: output.status.code().expect("no signal"),
            errors: errors.replace(&format!("{}/", house.path().display()), ""),
            document: fs::read(path("antrag.docx")).ok(),
        }
    }
}

/// The outline of a finished document.
pub(crate) fn outline_of_document(document: &[u8]) -> String {
    outline::outline(&archive::unpacked(document))
}

/// The outline that comes out of a body of this text.
pub(crate) fn outline_of_text(body: &str, values: &Values) -> String {
    let parts = package::parts(|file| (file == "document.txt").then(|| body.to_owned()));
    outline_of(&package::packed(&parts), values)
}

fn outline_of(template: &[u8], values: &Values) -> String {
    let rules = Rules::Lenient(values.schema());
    let document = Document::compile(template.to_vec(), &rules).unwrap();
    let merged = document.merge(values).unwrap();
    format!("{}\n", outline::outline(&archive::unpacked(&merged)))
}

/// A configuration on Maildirs in the same folder.
pub(crate) const CONFIG: &str = r#"[bot]
address = "antrag@example.org"

[mailbox]
kind = "maildir"
path = "in"

[outbound]
kind = "maildir"
path = "out"

[log]
url = "sqlite:log.db"
"#;

/// Tells the first line that differs.
fn same(expected: &str, found: &str) -> Result<(), String> {
    if expected == found {
        return Ok(());
    }
    let mut lines = expected.split('\n').zip(found.split('\n')).enumerate();
    let differs = lines.find(|(_, (expected, found))| expected != found);
    let at = differs.map_or("one is longer".to_owned(), |(at, _)| {
        format!("line {}", at + 1)
    });
    Err(format!(
        "{at} differs\n--- expected\n{expected}\n--- found\n{found}"
    ))
}
