//! TOML as people write it by hand: the configuration and `template.toml`.
//!
//! In: the text of a file. Out: its table as far as it can be read, and what is no TOML, in
//! German, with what to do. Never here: what the keys mean. No words of the file are said
//! again, for they may be a password.

#[cfg(test)]
mod tests;

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, Error};

/// Something that is no TOML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// the bytes it is about
    pub span: Range<usize>,
    /// what is wrong
    pub problem: String,
    /// what to do
    pub remedy: &'static str,
}

const CURLY: Words = (
    "hier stehen typografische Anführungszeichen („…“), wie Word und Telefone sie setzen",
    "ersetzen Sie sie durch gerade: \"…\"",
);
const OPEN_TEXT: Words = (
    "hier fehlt das schließende Anführungszeichen",
    "der Text endet in derselben Zeile mit demselben Zeichen, mit dem er beginnt: \"…\"",
);
const OPEN_LIST: Words = (
    "hier fehlt die schließende eckige Klammer",
    "eine Liste lautet [\"…\", \"…\"]",
);
const OPEN_HEAD: Words = (
    "hier fehlt eine eckige Klammer",
    "ein Abschnitt beginnt mit seinem Namen in eckigen Klammern, allein in einer Zeile",
);
const COMMA: Words = (
    "zwischen zwei Werten der Liste fehlt das Komma",
    "eine Liste lautet [\"…\", \"…\"]",
);
const EQUALS: Words = (
    "hier fehlt das Gleichheitszeichen",
    "eine Zeile lautet: name = \"Wert\"; Bemerkungen beginnen mit #",
);
const COLON: Words = (
    "hier gehört ein Gleichheitszeichen statt des Doppelpunkts hin",
    "eine Zeile lautet: name = \"Wert\"",
);
const TWO_EQUALS: Words = (
    "hier steht ein Gleichheitszeichen zu viel",
    "streichen Sie es",
);
const COMMENT: Words = (
    "das soll wohl eine Bemerkung sein",
    "Bemerkungen beginnen mit #",
);
const NO_VALUE: Words = (
    "hinter dem Gleichheitszeichen fehlt der Wert",
    "ergänzen Sie ihn, oder setzen Sie # vor die Zeile",
);
const BARE: Words = (
    "dieser Wert braucht Anführungszeichen",
    "setzen Sie ihn in gerade: \"…\"; nur Zahlen, true und false stehen ohne",
);
const BOOLEAN: Words = (
    "hier ist wohl true oder false gemeint",
    "schreiben Sie es klein und ohne Anführungszeichen",
);
const BEHIND_HEAD: Words = (
    "hinter dem Namen des Abschnitts steht noch etwas",
    "schreiben Sie es in eine eigene Zeile darunter",
);
const BEHIND_VALUE: Words = (
    "hinter dem Wert steht noch etwas",
    "jede Angabe hat ihre eigene Zeile, mehrere Werte stehen in eckigen Klammern, und in einem \
     Text nimmt man „ und “ statt gerader Anführungszeichen",
);
const BACKSLASH: Words = (
    "in diesem Text steht ein einzelner umgekehrter Schrägstrich",
    "schreiben Sie ihn doppelt: \\\\",
);
const TWICE: Words = ("das steht hier zum zweiten Mal", "streichen Sie eines");
const INVISIBLE: Words = (
    "hier steht ein unsichtbares Zeichen",
    "löschen Sie die Zeile, und tippen Sie sie neu",
);
const NAME: Words = (
    "dieser Name braucht Anführungszeichen",
    "Namen mit Umlauten oder Leerzeichen gehören hinein: [fields.\"begründung\"]",
);
const OTHER: &str =
    "Texte stehen in Anführungszeichen, Abschnitte in eckigen Klammern, Listen auch";

/// A problem and its remedy.
type Words = (&'static str, &'static str);

/// Reads a file; with flaws the table holds what could be read all the same.
pub fn read(text: &str) -> (Spanned<DeTable<'_>>, Vec<Flaw>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    (table, flaws(text, &errors))
}

/// The flaws in the order of their places, one a line: what follows from one is not told.
fn flaws(text: &str, errors: &[Error]) -> Vec<Flaw> {
    let mut errors: Vec<&Error> = errors.iter().collect();
    errors.sort_by_key(|error| at(error));
    let mut flaws = Vec::new();
    let mut told = None;
    for error in errors {
        let spot = Spot::new(text, at(error));
        if told == Some(spot.begin) {
            continue;
        }
        told = Some(spot.begin);
        if spot.is_in_open_list(error.message()) {
            let open = text.get(..spot.begin).and_then(|before| before.rfind('['));
            let open = open.unwrap_or(spot.begin);
            flaws.retain(|flaw: &Flaw| flaw.span.start < open);
            flaws.push(flaw(open..open + 1, OPEN_LIST));
            break;
        }
        let span = error.span().unwrap_or_default();
        flaws.push(match spot.judge(error.message(), &span) {
            Some(words) => flaw(span, words),
            None => Flaw {
                problem: format!("das ist kein gültiges TOML: {}", error.message()),
                span,
                remedy: OTHER,
            },
        });
    }
    flaws
}

fn at(error: &Error) -> usize {
    error.span().unwrap_or_default().start
}

fn flaw(span: Range<usize>, (problem, remedy): Words) -> Flaw {
    Flaw {
        span,
        problem: problem.to_owned(),
        remedy,
    }
}

/// A place in a file, with its line.
struct Spot<'t> {
    text: &'t str,
    /// where the line begins
    begin: usize,
    line: &'t str,
    /// what of the line is before the place, and from it on
    before: &'t str,
    after: &'t str,
}

impl<'t> Spot<'t> {
    fn new(text: &'t str, at: usize) -> Self {
        let (head, tail) = text.split_at_checked(at).unwrap_or((text, ""));
        let begin = head.rfind('\n').map_or(0, |newline| newline + 1);
        let before = head.get(begin..).unwrap_or_default();
        let after = tail.lines().next().unwrap_or_default();
        let line = text.get(begin..begin + before.len() + after.len());
        Self {
            text,
            begin,
            line: line.unwrap_or_default().trim(),
            before,
            after,
        }
    }

    /// Whether a list that began further up has not ended: another setting follows, or nothing.
    fn is_in_open_list(&self, message: &str) -> bool {
        let goes_on =
            message.starts_with("missing comma between array") && self.before.trim().is_empty();
        let another = self.line.contains('=') || self.line.starts_with('[');
        message.starts_with("unclosed array,") || goes_on && another
    }

    /// What is meant by the reader's message, by what stands there.
    fn judge(&self, message: &str, span: &Range<usize>) -> Option<Words> {
        let meant = self.text.get(span.clone()).unwrap_or_default();
        let is = |beginning: &str| message.starts_with(beginning);
        let is_key = is("key with no value") || is("invalid unquoted key");
        let curly = meant.contains(is_curly) || self.after.starts_with(is_curly);
        Some(match () {
            () if is("duplicate key") => TWICE,
            () if meant.contains(is_invisible) || meant.contains(char::is_control) => INVISIBLE,
            () if is_key && (self.line.starts_with(';') || self.line.starts_with("//")) => COMMENT,
            () if curly && (is_key || is("string values") || is("missing opening quote")) => CURLY,
            () if is_open(message) && ends_curly(self.line) => CURLY,
            () if is("missing comma between array") && closes_curly(self.line) => CURLY,
            () if is_open(message) => OPEN_TEXT,
            () if is_key && (meant.contains(':') || self.after.trim_start().starts_with(':')) => {
                COLON
            }
            () if is("key with no value") && self.line.ends_with(']') => OPEN_HEAD,
            () if is("key with no value") => EQUALS,
            () if is("invalid unquoted key") => NAME,
            () if is("unclosed table") || is("unclosed array table") => {
                match self.line.contains(']') {
                    true => NAME,
                    false => OPEN_HEAD,
                }
            }
            () if is("missing comma between array") => COMMA,
            () if is("extra `=`") => TWO_EQUALS,
            () if is("string values must be quoted") && meant.is_empty() => NO_VALUE,
            () if is("invalid boolean") => BOOLEAN,
            () if is("string values must be quoted") || is_of_number(message) => BARE,
            () if is("missing escaped value") => BACKSLASH,
            () if is("unexpected key or value") && self.line.starts_with('[') => BEHIND_HEAD,
            () if is("unexpected key or value") => BEHIND_VALUE,
            () => return None,
        })
    }
}

/// "invalid basic string, expected `\"`": a text that does not end.
fn is_open(message: &str) -> bool {
    let text = message
        .strip_prefix("invalid ")
        .and_then(|rest| rest.split_once(" string, expected `"));
    text.is_some_and(|(_, sign)| sign.starts_with(['"', '\'']))
}

fn is_of_number(message: &str) -> bool {
    [
        "invalid float",
        "invalid integer",
        "invalid date",
        "invalid time",
        "unexpected leading zero",
    ]
    .iter()
    .any(|beginning| message.starts_with(beginning))
}

fn is_curly(c: char) -> bool {
    matches!(c, '„' | '“' | '”' | '‟' | '‚' | '‘' | '’' | '«' | '»')
}

/// Whether a line ends with a curly mark that closes nothing but what a straight one opened.
fn ends_curly(line: &str) -> bool {
    let end = line.trim_end_matches([',', ']']);
    end.ends_with(['“', '”']) && closes_curly(line) || end.ends_with(['‘', '’'])
}

/// Whether a curly mark closes in a line what none has opened.
fn closes_curly(line: &str) -> bool {
    let count = |marks: [char; 2]| line.chars().filter(|c| marks.contains(c)).count();
    count(['“', '”']) > count(['„', '‟'])
}

/// Blanks and marks that look like nothing: from web pages, and from the beginnings of files.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{202f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
    )
}
