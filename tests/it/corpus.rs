//! Whole mails with expectations written by hand, in the form of the shared corpus:
//! a folder below `tests/corpus/` is mails and their `expected.jsonl`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use antragsbote::answer::{Answer, Circumstances, Knowledge, answer};
use antragsbote::config::{Config, load_knowledge};
use antragsbote::mail;
use antragsbote::policy::Recent;
use antragsbote::request::RequestId;
use serde_json::Value;

/// How many mails there are at least.
const MAILS: usize = 200;
/// How many of these are machine mail, and how many are doubtful: a quarter each.
const QUARTER: usize = MAILS / 4;

/// What a mail comes to.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    decision: String,
    /// municipality, body, council
    documents: BTreeSet<[String; 3]>,
    question_about: BTreeSet<String>,
    /// why a mail is ignored; else nothing
    reason: Option<String>,
}

impl Outcome {
    /// Reads a line of `expected.jsonl` or what `--explain` prints.
    fn of(value: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let list = |key: &str| value[key].as_array().unwrap().iter();
        let document =
            |document: &Value| ["kommune", "beirat", "rat"].map(|key| text(&document[key]));
        let decision = text(&value["decision"]);
        Self {
            documents: list("documents").map(document).collect(),
            question_about: list("question_about").map(text).collect(),
            reason: (decision == "ignore").then(|| text(&value["reason"])),
            decision,
        }
    }

    /// How far `got` is from this.
    fn verdict(&self, got: &Self) -> Option<&'static str> {
        let (expected, decided) = (self.decision.as_str(), got.decision.as_str());
        if self == got {
            return None;
        }
        Some(match (expected, decided) {
            ("document", "document") if got.documents.is_subset(&self.documents) => "INCOMPLETE",
            (_, "document") => "WRONG DOCUMENT",
            ("ignore", "ignore") => "OTHER REASON",
            ("ignore", _) => "MISSED IGNORE",
            ("document", "question") => "NEEDLESS QUESTION",
            ("question", "question") => "WRONG QUESTION",
            ("document" | "question", _) => "LOST REQUEST",
            _ => "OTHER",
        })
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let documents = self.documents.iter().map(|document| document.join(" / "));
        let details = documents
            .chain(self.question_about.iter().cloned())
            .chain(self.reason.iter().cloned());
        write!(
            f,
            "{} [{}]",
            self.decision,
            details.collect::<Vec<_>>().join("; ")
        )
    }
}

/// A mail of the corpus.
struct Case {
    path: PathBuf,
    expected: Outcome,
    why: String,
}

impl Case {
    fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
        let mut folders = entries(&root);
        folders.retain(|path| path.is_dir());
        folders
            .iter()
            .flat_map(|folder| Self::folder(folder))
            .collect()
    }

    /// All mails of a folder; each has its line, each line its mail.
    fn folder(folder: &Path) -> Vec<Self> {
        let lines = std::fs::read_to_string(folder.join("expected.jsonl")).unwrap();
        let case = |line: &str| {
            let line: Value = serde_json::from_str(line).unwrap();
            Self {
                path: folder.join(line["file"].as_str().unwrap()),
                expected: Outcome::of(&line),
                why: line["why"].as_str().unwrap().to_owned(),
            }
        };
        let cases: Vec<Self> = lines.lines().map(case).collect();
        let mut mails = entries(folder);
        mails.retain(|path| path.extension().is_some_and(|kind| kind == "eml"));
        let mut told: Vec<_> = cases.iter().map(|case| case.path.clone()).collect();
        told.sort();
        assert_eq!(mails, told, "{}", folder.display());
        cases
    }

    fn answer(&self, knowledge: &Knowledge) -> Answer {
        let raw = std::fs::read(&self.path).unwrap();
        let recent = Recent {
            size: raw.len().try_into().unwrap(),
            ..Recent::default()
        };
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        let request = RequestId::parse("01JD0000000000000000000000").unwrap();
        let circumstances = Circumstances::new(now, request, &knowledge.bot, recent, None);
        answer(&mail::parse(&raw), knowledge, &circumstances).unwrap()
    }

    /// The mail's folder and name.
    fn name(&self) -> String {
        let mut parts = self.path.iter().rev().map(|part| part.to_string_lossy());
        let (file, folder) = (parts.next().unwrap(), parts.next().unwrap());
        format!("{folder}/{file}")
    }
}

/// What lies in a folder, by name.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The built-in knowledge of a bot whose address is the corpus's.
fn knowledge() -> Knowledge {
    let mut config = Config::on_maildirs(Path::new("."));
    config.bot.email = "antrag@example.org".to_owned();
    load_knowledge(&config, None).unwrap().knowledge
}

#[test]
fn every_mail_is_understood_as_a_careful_person_would() {
    let (knowledge, cases) = (knowledge(), Case::all());
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let got = Outcome::of(&case.answer(&knowledge).explain(knowledge.register));
            let verdict = case.expected.verdict(&got)?;
            let (name, expected, why) = (case.name(), &case.expected, &case.why);
            Some(format!(
                "{name}: {verdict}: expected {expected}, got {got}  ({why})"
            ))
        })
        .collect();
    let (failed, all) = (failures.len(), cases.len());
    assert!(
        failures.is_empty(),
        "{}\n{failed} of {all} mails",
        failures.join("\n")
    );
}

#[test]
fn the_same_mail_gets_the_same_answer() {
    let knowledge = knowledge();
    for case in Case::all() {
        let (first, second) = (case.answer(&knowledge), case.answer(&knowledge));
        assert_eq!(first, second, "{}", case.name());
    }
}

#[test]
fn the_corpus_is_large_and_mixed() {
    let cases = Case::all();
    let decided = |decision: &str| {
        let decisions = cases.iter().map(|case| case.expected.decision.as_str());
        decisions.filter(|decided| *decided == decision).count()
    };
    assert!(cases.len() >= MAILS, "{} mails", cases.len());
    assert!(
        decided("ignore") >= QUARTER,
        "{} of machines",
        decided("ignore")
    );
    assert!(
        decided("question") >= QUARTER,
        "{} doubtful",
        decided("question")
    );
    assert!(
        decided("document") >= MAILS / 2,
        "{} requests",
        decided("document")
    );
}
