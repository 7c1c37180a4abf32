//! Parts of a configuration, or of a `template.toml`: the program judges them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use antragsbote::config::{Config, Surroundings};
use antragsbote::kommune::Register;
use antragsbote::template::{self, Catalogue, TemplateId};
use toml::{Table, Value};

use super::page::{Block, Finding, Page};

/// Every key with its section: the sample has them all, as the tests of the configuration show.
static KEYS: LazyLock<BTreeSet<(String, String)>> = LazyLock::new(|| {
    let mut section = String::new();
    let mut keys = BTreeSet::new();
    for line in include_str!("../../../config/antragsbote.toml").lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']').to_owned();
        } else if let Some((key, _)) = line.trim_start_matches('#').split_once(" = ")
            && !key.contains(' ')
        {
            keys.insert((section.clone(), key.to_owned()));
        }
    }
    keys
});

/// What a part is put into, where it says nothing else.
const WHOLE: &str = r#"
[bot]
address = "antrag@example.org"
[mailbox]
host = "mail.example.org"
password = "geheim"
[outbound]
host = "mail.example.org"
"#;

/// Where tokens come from, if a part needs some and does not say.
const OAUTH: &str = r#"
kind = "microsoft"
tenant = "example.org"
client_id = "6f1c2d6e"
client_secret = "geheim"
"#;

pub(super) fn is_section(name: &str) -> bool {
    KEYS.iter().any(|(section, _)| section == name)
}

pub(super) fn is_key(section: &str, key: &str) -> bool {
    KEYS.contains(&(section.to_owned(), key.to_owned()))
}

pub(super) fn check(page: &Page) -> Vec<Finding> {
    let problems = page.tagged("toml").flat_map(|block| {
        problems(block)
            .into_iter()
            .map(|problem| page.finding(block.line, problem))
    });
    let motion = motion_problems(page);
    problems.chain(motion).collect()
}

fn problems(block: &Block) -> Vec<String> {
    let part: Table = match block.text.parse() {
        Ok(part) => part,
        Err(error) => return vec![format!("no TOML: {}", error.message())],
    };
    if has_template_keys(&part) {
        return Vec::new();
    }
    let whole = put_into_whole(part).to_string();
    let around = Surroundings::default();
    let problems = Config::check(&whole, &around).err().unwrap_or_default();
    problems
        .into_iter()
        .map(|problem| problem.message)
        .collect()
}

/// Whether these are lines of a `template.toml`.
pub(super) fn is_of_template(block: &Block) -> bool {
    block
        .text
        .parse()
        .is_ok_and(|part| has_template_keys(&part))
}

fn has_template_keys(part: &Table) -> bool {
    part.contains_key("fields") || part.values().any(|value| !value.is_table())
}

fn put_into_whole(part: Table) -> Table {
    let mut whole: Table = WHOLE.parse().unwrap();
    for (section, value) in part {
        let Value::Table(keys) = value else { continue };
        let known = whole
            .entry(section)
            .or_insert_with(|| Table::new().into())
            .as_table_mut()
            .unwrap();
        let kind = keys.get("kind").and_then(Value::as_str).unwrap_or("imap");
        if !["imap", "smtp"].contains(&kind) {
            known.clear();
        }
        if keys.keys().any(|key| key.starts_with("password")) || is_by_token(&keys) {
            known.remove("password");
        }
        known.extend(keys);
    }
    let by_token = |table: &Value| table.as_table().is_some_and(is_by_token);
    if whole.values().any(by_token) && !whole.contains_key("oauth") {
        whole.insert("oauth".to_owned(), Value::Table(OAUTH.parse().unwrap()));
    }
    whole
}

/// Whether a section logs in with a token.
fn is_by_token(keys: &Table) -> bool {
    let says = |key, word| keys.get(key).and_then(Value::as_str) == Some(word);
    says("auth", "oauth") || says("kind", "graph")
}

/// What is wrong with the page's motion: all its lines, and what is declared for them.
fn motion_problems(page: &Page) -> Vec<Finding> {
    let declared = page.tagged("toml").filter(|block| is_of_template(block));
    let declared: Vec<_> = declared.collect();
    let lines: Vec<_> = page.tagged("vorlage").collect();
    let Some(first) = declared.iter().chain(&lines).map(|block| block.line).min() else {
        return Vec::new();
    };
    let texts = |blocks: &[&Block]| {
        blocks
            .iter()
            .map(|block| format!("{}\n\n", block.text))
            .collect::<String>()
    };
    let mut manifest = texts(&declared);
    let titled = |block: &&Block| {
        block
            .text
            .parse()
            .is_ok_and(|part: Table| part.contains_key("title"))
    };
    if !declared.iter().any(titled) {
        manifest.insert_str(0, "title = \"Probe\"\n");
    }
    let mut files = template::built_in();
    files.insert("probe/template.toml".to_owned(), manifest.into_bytes());
    files.insert(
        "probe/motion.md".to_owned(),
        format!("# Probe\n\n{}", texts(&lines)).into_bytes(),
    );
    let default = TemplateId::parse("probe").unwrap();
    let faults = Catalogue::read(&files, &default, Register::built_in())
        .err()
        .unwrap_or_default();
    faults
        .iter()
        .map(|fault| page.finding(first, format!("{}: {}", fault.place, fault.problem)))
        .collect()
}

#[test]
fn a_wrong_field_is_found() {
    let page = Page::read(
        "x.md",
        "# x\n\n```toml\n[fields.sitzung]\ntype = \"datum\"\n```\n",
    );
    let found: String = check(&page).iter().map(ToString::to_string).collect();
    let expected = "x.md:4: probe/template.toml, Zeile 3: „datum“ ist kein Typ eines Feldes; meinten Sie „date“?\n";
    assert_eq!(found, expected);
}
