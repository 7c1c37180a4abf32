//! The seed as LibreOffice and as python-docx write it, imported, checked, merged: the text
//! of all four combinations is that of the shipped template.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::case::archive::unpacked;
use crate::seed::{COMBINATIONS, Combination, SEED};
use crate::support::{converted, python_with, run};
use crate::xml::{Element, parse};

/// What the shipped template has and the seed has not: a place to sign, below a rule.
const SIGNATURE: &str = "Ort, Datum, Unterschrift für den ";

/// The styles of python-docx for the seed's lines.
fn motion() -> Vec<(&'static str, String)> {
    let lines = SEED.lines().filter(|line| !line.trim().is_empty());
    let line = |(number, line): (usize, &'static str)| {
        let (style, text) = match (number, line.split_once(". ")) {
            (0, _) => ("Heading 1", line),
            (1, _) => ("Heading 2", line),
            (_, Some((number, text))) if number.parse::<u8>().is_ok() => ("List Number", text),
            _ => ("Normal", line),
        };
        (style, single(text))
    };
    lines.enumerate().map(line).collect()
}

/// White space made single.
fn single(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The motion as a page; LibreOffice makes real headings and lists of it. Words of the
/// convention are torn by their format.
fn page() -> String {
    let mut page = String::from("<html><head><meta charset=\"utf-8\"></head><body>");
    let mut in_list = false;
    for (style, text) in motion() {
        let text = text
            .replace("Stadtrat/Kreistag", "<b>Stadt</b>rat/<i>Kreis</i>tag")
            .replace("XXX**", "<u>XX</u>X<b>**</b>");
        let tag = match style {
            "Heading 1" => "h1",
            "Heading 2" => "h2",
            "List Number" => "li",
            _ => "p",
        };
        if in_list != (tag == "li") {
            in_list = !in_list;
            page += if in_list { "<ol>" } else { "</ol>" };
        }
        page += &format!("<{tag}>{text}</{tag}>");
    }
    page + "</ol></body></html>"
}

/// The paragraphs of a part that say anything.
fn paragraphs(package: &[u8], part: &str) -> Vec<String> {
    let parts = unpacked(package);
    let (_, bytes) = parts.iter().find(|(name, _)| name == part).unwrap();
    let text = |paragraph: &Element| {
        let texts = paragraph.all().into_iter();
        let texts = texts.filter(|element| element.local() == "t");
        single(&texts.map(Element::text).collect::<String>())
    };
    let root = parse(bytes).unwrap();
    let all = root.all().into_iter();
    all.filter(|element| element.local() == "p")
        .map(text)
        .filter(|text| !text.is_empty())
        .collect()
}

/// The real program in a folder with a configuration.
#[derive(Debug)]
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let folder = TempDir::with_prefix("antragsbote-").unwrap();
        let config = "[bot]\naddress = \"antrag@example.org\"\n\
                      [mailbox]\nkind = \"maildir\"\npath = \"mail\"\n\
                      [outbound]\nkind = \"maildir\"\npath = \"post\"\n";
        let own = "[templates]\npath = \"vorlagen\"\ndefault = \"office\"\n";
        fs::create_dir(folder.path().join("vorlagen")).unwrap();
        fs::write(folder.path().join("shipped.toml"), config).unwrap();
        fs::write(folder.path().join("own.toml"), format!("{config}{own}")).unwrap();
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, config: &str, arguments: &[&str]) -> String {
        let mut program = Command::new(env!("CARGO_BIN_EXE_antragsbote"));
        program.current_dir(self.path());
        run(program.args(["--config", config]).args(arguments))
    }

    /// The document for a combination.
    fn render(&self, config: &str, template: &str, combination: &Combination) -> Vec<u8> {
        let key = match combination.rat {
            "Kreistag" => "09573",
            _ => "09563000",
        };
        let mut arguments = vec!["render", "--template", template, "-o", "fertig.docx"];
        arguments.extend(["--kommune", key, "--beirat", combination.beirat]);
        self.run(config, &arguments);
        fs::read(self.path().join("fertig.docx")).unwrap()
    }
}

#[test]
fn the_imported_seed_says_what_the_shipped_template_says() {
    let desk = Desk::new();
    let office = converted(
        &desk.path().join("office"),
        "html",
        "docx",
        &[page().into_bytes()],
    );
    fs::write(desk.path().join("office.docx"), &office[0]).unwrap();
    let json = serde_json::to_string(&motion()).unwrap();
    fs::write(desk.path().join("motion.json"), json).unwrap();
    let requirements: Vec<&str> = include_str!("peers/requirements.txt").lines().collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/imported.py");
    run(Command::new(python_with(&requirements))
        .arg(script)
        .arg(desk.path()));

    for id in ["office", "torn"] {
        let report = desk.run(
            "own.toml",
            &["template", "import", &format!("{id}.docx"), "--id", id],
        );
        let marks = report.lines().filter(|line| line.contains("“ → {{"));
        let expected = if id == "torn" { 10 } else { 8 };
        assert_eq!(marks.count(), expected, "{report}");
        assert_eq!(report.contains("Nicht sicher"), id == "torn", "{report}");
    }
    let checked = desk.run("own.toml", &["template", "check"]);
    assert!(
        checked.contains("✓ office") && checked.contains("✓ torn"),
        "{checked}"
    );

    for combination in &COMBINATIONS {
        let shipped = desk.render("shipped.toml", "nationaler-integrationsplan", combination);
        let mut shipped = paragraphs(&shipped, "word/document.xml");
        let last = shipped.pop().unwrap();
        assert_eq!(last, format!("{SIGNATURE}{}", combination.beirat));
        for id in ["office", "torn"] {
            let merged = desk.render("own.toml", id, combination);
            let mut own = paragraphs(&merged, "word/document.xml");
            if id == "torn" {
                let table = own.split_off(own.len() - 2);
                assert_eq!(table, ["Datum der Sitzung: ____________", "Ansprechperson"]);
                let header = match combination.rat {
                    "Kreistag" => "des Landkreises Fürth",
                    _ => "der Stadt Fürth",
                };
                let header = format!("Antrag des {}s {header}", combination.beirat);
                assert_eq!(paragraphs(&merged, "word/header1.xml"), [header]);
            }
            assert_eq!(own, shipped, "{id}, {combination:?}");
        }
    }
}
