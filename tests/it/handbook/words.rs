//! Code within a line: options, sections, keys, variables, words with an underscore.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::page::{Finding, Page};
use super::samples::SOURCES;
use super::settings;

/// Every option of every command.
static OPTIONS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    fn collect(command: &clap::Command, options: &mut BTreeSet<String>) {
        for argument in command.get_arguments() {
            options.extend(argument.get_long().map(|long| format!("--{long}")));
            options.extend(argument.get_short().map(|short| format!("-{short}")));
        }
        command
            .get_subcommands()
            .for_each(|command| collect(command, options));
    }
    let mut options = BTreeSet::new();
    collect(&antragsbote::cli::command(), &mut options);
    options
});

/// What `section.name` may be beside a key: a file.
const FILES: [&str; 5] = ["db", "sock", "toml", "json", "txt"];

pub(super) fn check(page: &Page) -> Vec<Finding> {
    let spans = page
        .spans
        .iter()
        .map(|span| (span.line, span.text.as_str()));
    let mut found: Vec<_> = spans
        .clone()
        .filter_map(|(line, text)| Some(page.finding(line, problem(text)?)))
        .collect();
    let blocks = page.blocks.iter().flat_map(|block| block.lines());
    for (line, text) in spans.chain(blocks) {
        let names = text.split(|c: char| !c.is_ascii_uppercase() && c != '_');
        let unread = names.filter(|name| name.starts_with("ANTRAGSBOTE_") && !SOURCES.knows(name));
        found.extend(unread.map(|name| page.finding(line, format!("nothing reads {name}"))));
    }
    found
}

fn problem(span: &str) -> Option<String> {
    let first = span.split([' ', '=']).next().unwrap_or_default();
    if first.starts_with("--") || (first.len() == 2 && first.starts_with('-')) {
        return (!OPTIONS.contains(first)).then(|| format!("no command has {first}"));
    }
    if let Some((section, rest)) = span.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return section_problem(section, rest.trim());
    }
    let is_word = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    match span.split_once('.') {
        Some((section, key))
            if settings::is_section(section) && is_word(key) && !FILES.contains(&key) =>
        {
            (!settings::is_key(section, key)).then(|| format!("there is no key {span}"))
        }
        // The figures have a test of their own.
        None if is_word(span) && span.contains('_') && !span.starts_with("antragsbote_") => {
            (!SOURCES.knows(span)).then(|| format!("the program knows no {span}"))
        }
        _ => None,
    }
}

fn section_problem(section: &str, rest: &str) -> Option<String> {
    // Those of systemd begin with a capital, those of a template.toml with "fields."
    if section.starts_with("fields.") || !section.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    if !settings::is_section(section) {
        return Some(format!("there is no section [{section}]"));
    }
    let key = rest.split([' ', '=']).next().unwrap_or_default();
    let known = key.is_empty() || settings::is_key(section, key);
    (!known).then(|| format!("there is no key {key} in [{section}]"))
}
