//! How failures look: `error:`, an excerpt where there is a place, `caused by:`, `hint:`.

use std::fmt::Write as _;
use std::path::Path;

use super::exit::Failure;
use crate::config::{self, Problem};

/// The failure as it is printed to standard error.
pub(super) fn render(failure: &Failure) -> String {
    let mut out = String::new();
    match failure.error.downcast_ref::<config::Error>() {
        Some(config::Error::Unsound { path, problems }) => {
            problems
                .iter()
                .for_each(|problem| render_problem(&mut out, path, problem));
        }
        Some(config::Error::Templates { path, faults }) => {
            let folder = path
                .as_ref()
                .map(|path| format!("{}: ", path.display()))
                .unwrap_or_default();
            faults
                .iter()
                .for_each(|fault| line(&mut out, &format!("error: {folder}{fault}")));
        }
        _ => render_chain(&mut out, &failure.error),
    }
    if let Some(hint) = &failure.hint {
        line(&mut out, &format!("hint: {hint}"));
    }
    out
}

fn render_chain(out: &mut String, error: &anyhow::Error) {
    line(out, &format!("error: {error}"));
    for cause in error.chain().skip(1) {
        line(out, &format!("caused by: {cause}"));
    }
}

fn render_problem(out: &mut String, path: &Path, problem: &Problem) {
    let Problem {
        line: number,
        column,
        width,
        excerpt,
        message,
        hint,
    } = problem;
    line(
        out,
        &format!("error: {}:{number}:{column}: {message}", path.display()),
    );
    if !excerpt.is_empty() {
        let gutter = " ".repeat(number.to_string().len());
        // Tabs keep their width, so that the marks stand below what they mean.
        let before = excerpt.chars().take(column.saturating_sub(1));
        let indent: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        line(out, &format!("  {number} | {excerpt}"));
        line(out, &format!("  {gutter} | {indent}{}", "^".repeat(*width)));
    }
    line(out, &format!("hint: {hint}"));
}

fn line(out: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

#[cfg(test)]
mod tests {
    use super::super::exit::Class;
    use super::*;
    use anyhow::Context as _;

    #[test]
    fn a_problem_shows_its_line() {
        let text = "[bot]\naddress = \"a@b.de\"\n[mailbox]\nkind = \"maildir\"\npath = \"in\"\nhots = \"x\"\n[outbound]\nkind = \"maildir\"\npath = \"out\"\n";
        let problems = config::Config::check(text, &config::Surroundings::default()).unwrap_err();
        let error = config::Error::Unsound {
            path: "bot.toml".into(),
            problems,
        };
        let expected = "\
error: bot.toml:6:1: unbekannter Schlüssel `hots` in [mailbox]
  6 | hots = …
    | ^^^^
hint: gemeint ist wohl `host`
";
        assert_eq!(render(&Failure::from(error)), expected);
    }

    #[test]
    fn causes_and_hints_follow() {
        let error = Err::<(), _>(anyhow::anyhow!("no route"))
            .context("cannot connect")
            .unwrap_err();
        let failure = Failure::new(Class::Unavailable, error).hint("später noch einmal");
        assert_eq!(
            render(&failure),
            "error: cannot connect\ncaused by: no route\nhint: später noch einmal\n"
        );
    }
}
