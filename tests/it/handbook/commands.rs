//! Commands: each is one the program takes.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::page::{Finding, Page};
use super::shell;

const PROGRAM: &str = "antragsbote";
/// Commands that have commands of their own; what begins with one and goes on is a command.
const GROUPS: [&str; 3] = ["template", "kommune", "log"];

pub(super) fn check(page: &Page) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut note = |line, problem: Result<(), String>| {
        found.extend(problem.err().map(|problem| page.finding(line, problem)));
    };
    for block in page.tagged("sh") {
        for (number, line) in shell::lines(block.lines()) {
            match shell::commands(&line) {
                Some(commands) => commands
                    .iter()
                    .for_each(|command| note(number, typed(command))),
                None => note(number, Err(format!("a quotation does not end: {line}"))),
            }
        }
    }
    for span in &page.spans {
        let Some(commands) = shell::commands(&span.text) else {
            continue;
        };
        commands
            .iter()
            .for_each(|command| note(span.line, mentioned(command)));
    }
    found
}

/// A command that is typed as it stands.
pub(super) fn typed(words: &[String]) -> Result<(), String> {
    match words.first().map(String::as_str) {
        Some(PROGRAM) => taken(words, false),
        Some("man") => words.iter().skip(1).try_for_each(|page| has_manual(page)),
        _ => Ok(()),
    }
}

/// A command that is spoken of: its beginning will do.
fn mentioned(words: &[String]) -> Result<(), String> {
    match words {
        [program, ..] if program == PROGRAM => taken(words, true),
        [group, _, ..] if GROUPS.contains(&group.as_str()) => {
            taken(&[&[PROGRAM.to_owned()], words].concat(), true)
        }
        [man, pages @ ..] if man == "man" => pages.iter().try_for_each(|page| has_manual(page)),
        _ => Ok(()),
    }
}

fn taken(words: &[String], beginning: bool) -> Result<(), String> {
    if words.get(1).is_some_and(|word| stands_for_a_value(word)) {
        return Ok(());
    }
    let Err(error) = antragsbote::cli::command().try_get_matches_from(words) else {
        return Ok(());
    };
    let invalid = match error.get(ContextKind::InvalidValue) {
        Some(ContextValue::String(value)) => value.as_str(),
        _ => "",
    };
    let fine = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => true,
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => stands_for_a_value(invalid),
        ErrorKind::MissingRequiredArgument
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => beginning,
        _ => false,
    };
    let message = error.to_string();
    let first = message.lines().next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    if fine {
        Ok(())
    } else {
        Err(format!("{}: {first}", words.join(" ")))
    }
}

/// Whether this is `NAME`, `DATEI`, `…`.
fn stands_for_a_value(word: &str) -> bool {
    !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_uppercase() || matches!(c, '_' | '-' | '…' | '.'))
}

/// Pages of the program's own: a page a command, and one of the configuration.
fn has_manual(page: &str) -> Result<(), String> {
    let Some(rest) = page.strip_prefix(PROGRAM) else {
        return Ok(());
    };
    if matches!(rest, "" | ".toml") {
        return Ok(());
    }
    let mut command = &antragsbote::cli::command();
    for name in rest.trim_start_matches('-').split('-') {
        command = command
            .find_subcommand(name)
            .ok_or(format!("there is no page {page}"))?;
    }
    Ok(())
}
