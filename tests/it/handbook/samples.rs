//! Samples: what is said to be printed is printed, and a mail that is shown is answered.
//!
//! A page's `console` blocks are run in a folder of the page's own. In it lie
//!
//! | file | |
//! | --- | --- |
//! | `antragsbote.toml` | a configuration with Maildirs in place of servers, and `vorlagen` as folder of templates, with the motions that ship |
//! | `anfrage.eml` | a mail that asks for the motion for Landkreis Fürth |
//! | `Musterantrag.docx` | a motion as it lies in a council's drawer, see [`MUSTERANTRAG`] |

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use super::commands;
use super::page::{Block, Finding, Page};
use super::shell;
use crate::program::{CONFIG, House, mail};

const MUSTERANTRAG: &str = "# Musterantrag\n\nMehrsprachige Bürgerbüros\n\n\
    Der Ausländerbeirat/Integrationsbeirat\\* bittet den Stadtrat/Kreistag\\*, in XXX\\*\\* \
    mehr Sprachen zu sprechen. Der Stadtrat hat das zugesagt.\n\n\
    \\* nicht Zutreffendes streichen\n\n\\*\\* Name der Kommune einsetzen\n";

/// All that the program can say, and the data it says it from.
pub(super) static SOURCES: LazyLock<Sources> = LazyLock::new(Sources::read);

/// What the marks before and within a line of output are.
const MARKS: [&str; 7] = ["✓ ", "! ", "✗ ", "→ ", " [", "  ", "\t"];

pub(super) fn check(page: &Page) -> Vec<Finding> {
    let mut found = Vec::new();
    for block in &page.blocks {
        let known = [
            "sh", "console", "ausgabe", "toml", "anfrage", "vorlage", "ini", "nginx", "yaml",
            "json", "text",
        ];
        if !known.contains(&block.tag.as_str()) {
            found.push(page.finding(
                block.line,
                format!("a block of an unknown kind: \"{}\"", block.tag),
            ));
        }
    }
    found.extend(consoles(page));
    for block in page.tagged("ausgabe") {
        let unknown = block.lines().filter(|(_, line)| !SOURCES.say(line));
        found.extend(
            unknown.map(|(number, line)| {
                page.finding(number, format!("the program never says: {line}"))
            }),
        );
    }
    for block in page.tagged("anfrage") {
        let said = House::new().explain(block.text.trim_end());
        if said["decision"] != "document" {
            found.push(page.finding(
                block.line,
                format!("this mail is not answered with a document: {said}"),
            ));
        }
    }
    for block in page.tagged("json") {
        if let Err(error) = serde_json::from_str::<serde_json::Value>(&block.text) {
            found.push(page.finding(block.line, format!("no JSON: {error}")));
        }
    }
    found
}

fn consoles(page: &Page) -> Vec<Finding> {
    let mut blocks = page.tagged("console").peekable();
    if blocks.peek().is_none() {
        return Vec::new();
    }
    let house = furnished();
    blocks
        .flat_map(|block| console(page, block, &house))
        .collect()
}

/// The folder the samples are run in.
fn furnished() -> House {
    let house = House::new();
    house.write(
        "antragsbote.toml",
        format!("{CONFIG}\n[templates]\npath = \"vorlagen\"\n"),
    );
    house.write(
        "anfrage.eml",
        mail("Bitte den Musterantrag für den Landkreis Fürth, Ausländerbeirat."),
    );
    for (name, text) in antragsbote::template::built_in() {
        house.write(&format!("vorlagen/{name}"), text);
    }
    house.write(
        "vorlagen/muster/template.toml",
        "title = \"Musterantrag\"\n",
    );
    house.write("vorlagen/muster/motion.md", MUSTERANTRAG);
    let run = house.run(&["template", "export", "muster", "-o", "Musterantrag.docx"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    fs::remove_dir_all(house.path("vorlagen/muster")).unwrap();
    house
}

fn console(page: &Page, block: &Block, house: &House) -> Vec<Finding> {
    let mut calls: Vec<(usize, &str, Vec<&str>)> = Vec::new();
    for (number, line) in block.lines() {
        match (line.strip_prefix("$ "), calls.last_mut()) {
            (Some(command), _) => calls.push((number, command, Vec::new())),
            (None, Some((_, _, output))) => output.push(line.trim_end()),
            (None, None) => {
                return vec![page.finding(number, "the block does not begin with a command")];
            }
        }
    }
    let mut found = Vec::new();
    for (number, line, expected) in calls {
        match said_by(house, line) {
            Ok(said)
                if fits(
                    &expected,
                    &said.lines().map(str::trim_end).collect::<Vec<_>>(),
                ) => {}
            Ok(said) => found.push(page.finding(number, format!("{line} prints:\n{said}"))),
            Err(problem) => found.push(page.finding(number, problem)),
        }
    }
    found
}

/// What a command prints on both outputs.
fn said_by(house: &House, line: &str) -> Result<String, String> {
    let commands = shell::commands(line).unwrap_or_default();
    let [command] = commands.as_slice() else {
        return Err(format!("not one command: {line}"));
    };
    let [program, arguments @ ..] = command.as_slice() else {
        return Err("no command".to_owned());
    };
    if program != "antragsbote" {
        return Err(format!("only antragsbote is run: {line}"));
    }
    commands::typed(command)?;
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let run = house.run(&arguments);
    Ok(run.output() + &run.errors)
}

/// Whether the lines are those expected, `…` standing for words, or alone for lines.
fn fits(expected: &[&str], said: &[&str]) -> bool {
    match expected {
        [] => said.iter().all(|line| line.is_empty()),
        [first, rest @ ..] if first.trim() == "…" => {
            (0..=said.len()).any(|skipped| fits(rest, &said[skipped..]))
        }
        [first, rest @ ..] => said
            .split_first()
            .is_some_and(|(line, others)| is_like(first, line) && fits(rest, others)),
    }
}

/// Stands in the program's texts for what it fills in: a name, a number, never a word more.
const FILLED_IN: char = '\u{fffc}';

/// Whether a text is what the program says, where its `…` stands for anything.
fn is_like(expected: &str, said: &str) -> bool {
    let said: Vec<char> = said.chars().collect();
    // Row by row: which beginnings of what is said the beginning of what is expected fits.
    let mut fits = vec![true];
    for &theirs in &said {
        fits.push(theirs == FILLED_IN && fits[fits.len() - 1]);
    }
    for mine in expected.chars() {
        let mut next = vec![mine == '…' && fits[0]];
        for (at, &theirs) in said.iter().enumerate() {
            let skips = mine == '…' && (fits[at] || fits[at + 1] || next[at]);
            let fills = theirs == FILLED_IN && !mine.is_whitespace() && (fits[at] || fits[at + 1]);
            // What is filled in may end before this: it has taken its part already.
            let ends = theirs == FILLED_IN && next[at];
            next.push(skips || fills || ends || (mine == theirs && fits[at]));
        }
        fits = next;
        // Most texts differ at once.
        if !fits.contains(&true) {
            return false;
        }
    }
    fits[said.len()]
}

/// The program's sources, and its data.
pub(super) struct Sources {
    whole: String,
    /// each line the program may print, with [`FILLED_IN`]
    lines: Vec<String>,
}

impl Sources {
    fn read() -> Self {
        let (mut whole, mut lines) = (String::new(), Vec::new());
        for folder in ["src", "config", "templates", "deploy"] {
            walk(
                &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
                &mut |path| {
                    let kind = path
                        .extension()
                        .and_then(|kind| kind.to_str())
                        .unwrap_or_default();
                    if !["rs", "toml", "txt", "service", "yml"].contains(&kind)
                        || path.ends_with("kommunen.csv")
                    {
                        return;
                    }
                    let text = fs::read_to_string(path).unwrap();
                    let said = match kind {
                        "rs" => literals(&text),
                        _ => text
                            .lines()
                            .map(|line| line.trim_start_matches('#').trim().to_owned())
                            .collect(),
                    };
                    let said = said
                        .iter()
                        .flat_map(|text| text.lines().map(|line| line.trim().to_owned()));
                    lines.extend(
                        said.filter(|line| line.chars().filter(|c| c.is_alphabetic()).count() > 3),
                    );
                    whole.push_str(&text);
                },
            );
        }
        Self { whole, lines }
    }

    /// Whether a word occurs in them.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.whole.contains(word)
    }

    /// Whether the program may print this line: each part of it is one of its texts.
    fn say(&self, line: &str) -> bool {
        let mut parts = vec![line];
        for mark in MARKS {
            parts = parts.iter().flat_map(|part| part.split(mark)).collect();
        }
        parts.iter().all(|part| self.says_part(part.trim()))
    }

    fn says_part(&self, part: &str) -> bool {
        let is_value = !part.contains(' ');
        let anywhere = format!("…{part}…");
        let words = part.split(|c: char| !c.is_alphabetic());
        let words: Vec<_> = words.filter(|word| word.chars().count() > 2).collect();
        // Compared is what has a word in common: the rest would take long.
        let mut near = self
            .lines
            .iter()
            .filter(|line| words.iter().any(|word| line.contains(word)));
        if is_value || near.any(|line| is_like(&anywhere, line)) {
            return true;
        }
        // "…: what went wrong (its number)"
        let bare = part.rsplit_once(" (").filter(|(_, end)| !end.contains(' '));
        if bare.is_some_and(|(bare, _)| self.says_part(bare)) {
            return true;
        }
        let halves = [": ", "; "]
            .iter()
            .find_map(|between| part.split_once(between));
        halves.is_some_and(|(one, other)| self.says_part(one) && self.says_part(other))
    }
}

fn walk(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, visit)
        } else {
            visit(&path)
        }
    }
}

/// The texts in a source of Rust, and its doc comments, which help texts are made of.
fn literals(source: &str) -> Vec<String> {
    let docs = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("/// "));
    let mut found: Vec<String> = docs.map(str::to_owned).collect();
    let code = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let code = code
        .collect::<Vec<_>>()
        .join("\n")
        .replace("'\"'", "")
        .replace("b'\"'", "");
    let mut rest = code.chars().peekable();
    while rest.by_ref().any(|c| c == '"') {
        let mut text = String::new();
        while let Some(c) = rest.next_if(|&c| c != '"') {
            match c {
                '\\' => match rest.next() {
                    Some('n') => text.push('\n'),
                    Some('\n') => while rest.next_if(|c| c.is_whitespace()).is_some() {},
                    other => text.extend(other),
                },
                '{' if rest.next_if_eq(&'{').is_some() => text.push('{'),
                '{' => {
                    rest.by_ref().any(|c| c == '}');
                    text.push(FILLED_IN);
                }
                '}' => text.extend(rest.next_if_eq(&'}')),
                c => text.push(c),
            }
        }
        rest.next();
        found.push(text);
    }
    found
}

#[test]
fn an_ellipsis_stands_for_anything() {
    for (one, other, expected) in [
        ("ab…ef", "abcdef", true),
        ("ab…ef", "abef", true),
        ("…cd…", "ab…ef", false),
        ("ab", "abc", false),
        ("Port 993 von x", "Port \u{fffc} von \u{fffc}", true),
        ("Port 993 vor x", "Port \u{fffc} von \u{fffc}", false),
        ("Port 993", "Port \u{fffc}", true),
        ("Port ist 993", "Port \u{fffc}", false),
        ("Port", "Port\u{fffc}", true),
    ] {
        assert_eq!(is_like(one, other), expected, "{one} {other}");
    }
    assert!(fits(&["a", "…", "c"], &["a", "b", "b", "c", ""]));
    assert!(!fits(&["a", "…", "c"], &["a", "b"]));
}

#[test]
fn texts_are_found_in_sources() {
    let source = "/// Hilfe\nfn f() { say(\"a {b} \\\"c\\\"\\n\\\n    d{{}}\"); /* } */ g('\"', \"e\") }\n// \"nicht\"";
    assert_eq!(literals(source), ["Hilfe", "a \u{fffc} \"c\"\nd{}", "e"]);
}
