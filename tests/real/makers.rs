//! Documents of other makers go through the merge with nothing lost: Word on Windows and
//! macOS, LibreOffice, python-docx and others, as source packages on PyPI ship them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use antragsbote::merge::{Document, Rules, Schema, Values};

use crate::case::Case;
use crate::case::archive::unpacked;
use crate::support::{kept, python_with, run, saved_again, text_of_documents};
use crate::xml::parse;

/// Where the documents come from; their code is not run.
const PACKAGES: [&str; 12] = [
    "PyDocX==0.9.10",
    "aspose-words-foss==26.7.0",
    "bayoo-docx==0.2.20",
    "docassemble.base==1.10.5",
    "docassemble.demo==1.10.5",
    "docx-editor==0.8.2",
    "docx-integrity==0.2.0",
    "docx-revisions==0.1.5",
    "docxtpl==0.4.0",
    "docxtpl-lint==2.0.1",
    "oletools==0.60.2",
    "python-docx==1.2.0",
];

/// Templates among them that an empty JSON object does not fill, and why.
const REFUSED: &[(&str, &str)] = &[
    (
        "PyDocX/missing_relationships.docx",
        "es fehlt [Content_Types].xml",
    ),
    (
        "docassemble.base/add-separators.docx",
        "„add_separators“ ist kein bekannter Filter",
    ),
    ("docassemble.base/docx-jinja2-demo.docx", "hat keinen Wert"),
    (
        "docassemble.base/letter_template.docx",
        "„today“ ist keine Funktion",
    ),
    (
        "docassemble.base/resource_guide.docx",
        "„inline_markdown“ ist kein bekannter Filter",
    ),
    (
        "docassemble.demo/Agreement_To_Transfer.docx",
        "hat keinen Wert",
    ),
    (
        "docassemble.demo/contract.docx",
        "„markdown“ ist kein bekannter Filter",
    ),
    (
        "docassemble.demo/declaration_certificate_service.docx",
        "„today“",
    ),
    (
        "docassemble.demo/declaration_of_favorite_fruit.docx",
        "hat keinen Wert",
    ),
    (
        "docassemble.demo/exhibit_insert.docx",
        "„alpha“ ist keine Funktion",
    ),
    ("docassemble.demo/fruit_declaration.docx", "hat keinen Wert"),
    ("docassemble.demo/generic-document.docx", "hat keinen Wert"),
    ("docassemble.demo/graph.docx", "hat keinen Wert"),
    ("docassemble.demo/logo_template.docx", "hat keinen Wert"),
    (
        "docassemble.demo/main_doc_params.docx",
        "„include_docx_template“",
    ),
    (
        "docassemble.demo/main_document.docx",
        "„include_docx_template“",
    ),
    (
        "docassemble.demo/nested_list_table.docx",
        "„currency“ ist kein bekannter Filter",
    ),
    (
        "docassemble.demo/numbering_template.docx",
        "hat keinen Wert",
    ),
    ("docassemble.demo/quotes-in-code.docx", "hat keinen Wert"),
    (
        "docassemble.demo/redact_demo.docx",
        "„today“ ist keine Funktion",
    ),
    ("docassemble.demo/sub_doc_params.docx", "hat keinen Wert"),
    ("docassemble.demo/team.docx", "der Block „macro“"),
    (
        "docassemble.demo/universal-test.docx",
        "„today“ ist keine Funktion",
    ),
    ("docxtpl-lint/clean.docx", "hat keinen Wert"),
    ("docxtpl-lint/issue378_unclosed.docx", "nicht geschlossen"),
    (
        "docxtpl-lint/issue603_table_loop.docx",
        "„tr“ ist keine Anweisung",
    ),
    ("docxtpl-lint/issue644_percent.docx", "hat keinen Wert"),
    ("oletools/encrypted.docx", "verschlüsselt"),
];

/// Cases whose print differs from their text: deletions are shown, fields computed anew,
/// and drawings so small that nothing is seen of their text.
const PRINTED_OTHERWISE: &[&str] = &[
    "deletion-of-a-mark",
    "other-fields-stay",
    "formula-and-drawing-text",
];

/// A document of another maker.
struct Made {
    name: String,
    bytes: Vec<u8>,
}

type Parts = Vec<(String, Vec<u8>)>;

fn documents() -> Vec<Made> {
    let folder = kept(
        "makers",
        &[&PACKAGES[..], &[include_str!("makers.py")]].concat(),
        |folder| {
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/makers.py");
            run(Command::new(python_with(&["pip==25.3"]))
                .arg(script)
                .arg(folder)
                .args(PACKAGES));
        },
    );
    let index = fs::read_to_string(folder.join("index")).unwrap();
    let made = |line: &str| {
        let (digest, name) = line.split_once(' ').unwrap();
        let bytes = fs::read(folder.join(format!("{digest}.docx"))).unwrap();
        Made {
            name: name.to_owned(),
            bytes,
        }
    };
    index.lines().map(made).collect()
}

fn merge(template: &[u8]) -> Result<Vec<u8>, String> {
    let template = Document::compile(template.to_vec(), &Rules::Lenient(Schema::default()));
    let template = template.map_err(|faults| {
        let faults = faults.iter().map(ToString::to_string);
        faults.collect::<Vec<_>>().join("\n")
    })?;
    template
        .merge(&Values::new())
        .map_err(|error| error.to_string())
}

/// Every document that goes through, before and after.
fn merged() -> Vec<(Made, Vec<u8>)> {
    let mut refused = Vec::new();
    let mut merged = Vec::new();
    for made in documents() {
        match merge(&made.bytes) {
            Ok(document) => merged.push((made, document)),
            Err(problem) => refused.push((made.short(), problem)),
        }
    }
    let expected = |name: &str, problem: &str| {
        let mut known = REFUSED.iter().filter(|(known, _)| *known == name);
        known.any(|(_, why)| problem.contains(why))
    };
    refused.retain(|(name, problem)| !expected(name, problem));
    assert!(refused.is_empty(), "{refused:#?}");
    merged
}

#[test]
fn documents_without_marks_come_out_as_they_were() {
    let mut count = 0;
    for (made, document) in merged() {
        let before = unpacked(&made.bytes);
        if before.iter().all(|(_, part)| marks(part) == Marks::None) {
            assert_same(&made, &before, &unpacked(&document));
            count += 1;
        }
    }
    assert!(count >= 120, "only {count} documents without marks");
}

#[test]
fn parts_with_marks_keep_what_is_no_mark() {
    for (made, document) in merged() {
        let (before, after) = (unpacked(&made.bytes), unpacked(&document));
        check_parts(&made.name, &before, &after);
    }
}

/// Parts without marks are the same, those with marks keep their elements.
fn check_parts(name: &str, before: &Parts, after: &Parts) {
    let names = |parts: &Parts| {
        parts
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(before), names(after), "{name}");
    for ((part, before), (_, after)) in before.iter().zip(after) {
        let kept = || {
            let (before, after) = (elements(before), elements(after));
            before
                .iter()
                .all(|(element, count)| after.get(element) >= Some(count))
        };
        let sound = match marks(before) {
            Marks::None => part == "[Content_Types].xml" || before == after,
            Marks::Values => kept(),
            // what a condition takes away is gone, but never the last section
            Marks::Blocks | Marks::Fields => {
                elements(after).get("w:sectPr") > None || !part.ends_with("document.xml")
            }
        };
        assert!(sound, "{name}: {part}");
    }
}

/// What the program would say of them as templates: one note of a kind at most, each with
/// what to do; of some, judged by hand, just what is wrong with them.
#[test]
fn notes_on_them_are_few_and_true() {
    let judged: BTreeMap<&str, &[&str]> = BTreeMap::from([
        (
            "docxtpl/tests/test_files/order.docx",
            &[
                "hinter „Dear Eric,“ steht ein leerer Absatz als Abstand",
                "die Tabelle „Description | Quantity | Price“ hat keine Überschriftenzeile",
            ][..],
        ),
        (
            "aspose-words-foss/tests/data/input/image_in_header.docx",
            &["das Bild „Picture 1“ hat keinen Alternativtext"],
        ),
        (
            "bayoo-docx/features/steps/test_files/par-known-styles.docx",
            &[],
        ),
        (
            "bayoo-docx/features/steps/test_files/doc-coreprops.docx",
            &[],
        ),
    ]);
    let mut seen = 0;
    for made in documents() {
        let rules = Rules::Strict(Schema::default());
        let Ok(document) = Document::compile(made.bytes.clone(), &rules) else {
            continue;
        };
        let notes = document.notes().iter().map(|note| note.problem.as_str());
        let of_access: Vec<&str> = notes.filter(|problem| problem.contains(" > ")).collect();
        assert!(of_access.len() <= 8, "{}: {of_access:#?}", made.name);
        for note in &of_access {
            assert!(note.chars().count() < 500, "{}: {note}", made.name);
        }
        if let Some(expected) = judged.get(made.name.as_str()) {
            seen += 1;
            assert_eq!(
                of_access.len(),
                expected.len(),
                "{}: {of_access:#?}",
                made.name
            );
            for (note, expected) in of_access.iter().zip(*expected) {
                assert!(note.starts_with(expected), "{}: {note}", made.name);
            }
        }
    }
    assert_eq!(seen, judged.len());
}

/// The parts are byte for byte the same, but that a .dotx becomes a document.
fn assert_same(made: &Made, before: &Parts, after: &Parts) {
    assert_eq!(before.len(), after.len(), "{}", made.name);
    for (before, after) in before.iter().zip(after) {
        let became = before.0 == "[Content_Types].xml" && made.name.ends_with(".dotx");
        assert!(before == after || became, "{}: {}", made.name, before.0);
    }
}

/// How often each element stands in a part.
fn elements(part: &[u8]) -> BTreeMap<String, usize> {
    let root = parse(part).unwrap();
    let mut counts = BTreeMap::new();
    for element in root.all() {
        *counts.entry(element.name.clone()).or_default() += 1;
    }
    counts
}

#[test]
fn validators_find_nothing_new() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, before: &[u8], after: &[u8]| {
        let name = name.replace('/', " ");
        fs::write(folder.path().join(format!("{name}.before.docx")), before).unwrap();
        fs::write(folder.path().join(format!("{name}.after.docx")), after).unwrap();
    };
    for (made, document) in merged() {
        write(&made.name, &made.bytes, &document);
    }
    for (case, document) in right_cases() {
        match case.template() {
            Some(template) => write(&case.name, &template, &document),
            // all of what comes of Markdown is ours
            None => fs::write(
                folder.path().join(format!("{}.after.docx", case.name)),
                document,
            )
            .unwrap(),
        }
    }
    assert_eq!(audit(folder.path()), "");
}

/// What validators find in each `NAME.after.docx` and not in its `NAME.before.docx`.
fn audit(folder: &Path) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/audit.py");
    let python = python_with(&["openxml-audit==0.8.0"]);
    run(Command::new(python).arg(script).arg(folder))
}

#[test]
fn libreoffice_opens_what_comes_out() {
    let folder = tempfile::tempdir().unwrap();
    let of_cases: Vec<(Case, Vec<u8>)> = right_cases().collect();
    // every fifth document of other makers
    let of_makers: Vec<Vec<u8>> = merged()
        .into_iter()
        .step_by(5)
        .map(|(_, document)| document)
        .collect();
    let cases = of_cases.iter().map(|(_, document)| document.clone());
    let all: Vec<Vec<u8>> = cases.chain(of_makers).collect();
    let prints = text_of_documents(folder.path(), &all);
    let as_text = of_cases.iter().zip(&prints);
    let as_text = as_text.filter(|((case, _), _)| !PRINTED_OTHERWISE.contains(&&*case.name));
    for ((case, _), print) in as_text {
        assert_eq!(missing(case, print), [""; 0], "{}: {print}", case.name);
    }
}

#[test]
fn templates_that_libreoffice_has_saved_go_through() {
    let folder = tempfile::tempdir().unwrap();
    // a line a paragraph, and nothing that only Word writes
    let plain = |case: &Case| case.is_plain() && case.read("archive.txt").is_none();
    let cases: Vec<Case> = right_cases().map(|(case, _)| case).filter(plain).collect();
    let templates: Vec<Vec<u8>> = cases.iter().map(|case| case.template().unwrap()).collect();
    let saved = saved_again(folder.path(), &templates);
    let mut merged = Vec::new();
    for (case, template) in cases.iter().zip(&saved) {
        let values = case.values();
        let rules = Rules::Lenient(values.schema());
        let document = Document::compile(template.clone(), &rules)
            .and_then(|template| template.merge(&values).map_err(|_| Vec::new()));
        let document = document.unwrap_or_else(|faults| panic!("{}: {faults:?}", case.name));
        let parts = unpacked(&document);
        let (_, main) = parts
            .iter()
            .find(|(name, _)| name == "word/document.xml")
            .unwrap();
        let text = parse(main).unwrap().text();
        assert_eq!(missing(case, &text), [""; 0], "{}: {text}", case.name);
        merged.push(document);
    }
    assert!(merged.len() >= 40, "only {} templates", merged.len());
}

fn right_cases() -> impl Iterator<Item = (Case, Vec<u8>)> {
    let cases = Case::all().into_iter().filter(|case| !case.is_wrong());
    cases.map(|case| {
        let document = case.document();
        let document = document.unwrap_or_else(|| panic!("{} gives nothing", case.name));
        (case, document)
    })
}

/// The words of the body that a case expects and that are not in this text; of a motion
/// in Markdown those of header, footer and footnotes, too.
fn missing(case: &Case, text: &str) -> Vec<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let expected = case.read("expected.txt").unwrap();
    let mut stories = expected.split("== ");
    let mut body = stories.next().unwrap().to_owned();
    if case.template().is_none() {
        let others = stories.filter_map(|story| story.split_once(".xml\n"));
        body.extend(
            others
                .filter(|(name, _)| *name != "core")
                .map(|(_, story)| story),
        );
    }
    let body = body.split(['▢', '→']).next().unwrap();
    // styles, list numbers, notes, alternative texts and what cells are is not printed so
    let printed: String = body
        .split(['[', '‹'])
        .map(|piece| {
            piece
                .split_once([']', '›'])
                .map_or(piece, |(_, after)| after)
        })
        .collect::<Vec<_>>()
        .join(" ");
    let words = printed.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty() && !text.contains(word));
    words.map(str::to_owned).collect()
}

/// What a part holds for the merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marks {
    None,
    /// only such as are replaced by a value
    Values,
    /// such as may take elements away or repeat them
    Blocks,
    /// fields of a mail merge, or its link
    Fields,
}

fn marks(part: &[u8]) -> Marks {
    let source = String::from_utf8_lossy(part);
    if !source.trim_start_matches('\u{feff}').starts_with('<') {
        return Marks::None;
    }
    let pieces = source.split('<').filter_map(|piece| piece.split_once('>'));
    let text: String = pieces.map(|(_, text)| text).collect();
    let holds = |any: &[&str]| {
        any.iter()
            .any(|mark| text.contains(mark) || source.contains(mark))
    };
    if holds(&["{%"]) {
        Marks::Blocks
    } else if holds(&["MERGEFIELD", "mailMerge"]) {
        Marks::Fields
    } else if holds(&["{{", "{#", "{_{", "}_}"]) {
        Marks::Values
    } else {
        Marks::None
    }
}

impl Made {
    /// Package and file, without the folders between.
    fn short(&self) -> String {
        let (package, path) = self.name.split_once('/').unwrap();
        format!("{package}/{}", path.rsplit('/').next().unwrap())
    }
}
