//! What is wrong with a configuration, and where.

use std::ops::Range;
use std::string::FromUtf8Error;

use super::keys;

/// One thing that is wrong, for people: German.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// the line, counted from 1
    pub line: usize,
    /// the column in characters, counted from 1
    pub column: usize,
    /// how many characters of the line are meant
    pub width: usize,
    /// the line's text, without what may be a password
    pub excerpt: String,
    /// what is wrong
    pub message: String,
    /// what to do
    pub hint: String,
}

impl Problem {
    /// A problem with these bytes of the file.
    pub(super) fn at(source: &str, span: Range<usize>, message: String, hint: String) -> Self {
        let start = source.floor_char_boundary(span.start);
        let (before, after) = source.split_at_checked(start).unwrap_or((source, ""));
        let begin = before.rfind('\n').map_or(0, |newline| newline + 1);
        let left = before.get(begin..).unwrap_or_default();
        let right = after.lines().next().unwrap_or_default();
        let meant = source
            .get(start..source.floor_char_boundary(span.end))
            .and_then(|text| text.lines().next())
            .unwrap_or_default();
        let excerpt = without_secrets(&format!("{left}{right}"));
        let column = left.chars().count() + 1;
        let shown = excerpt.chars().count().saturating_sub(column - 1);
        Self {
            line: before.matches('\n').count() + 1,
            column,
            width: meant.chars().count().min(shown).max(1),
            excerpt,
            message,
            hint,
        }
    }
}

impl Problem {
    /// A file in another encoding, at the first letter that shows it.
    pub(super) fn of_encoding(error: &FromUtf8Error) -> Self {
        let start = error.utf8_error().valid_up_to();
        Self::at(
            &String::from_utf8_lossy(error.as_bytes()),
            start..start + char::REPLACEMENT_CHARACTER.len_utf8(),
            "die Datei ist nicht in UTF-8 geschrieben".to_owned(),
            "speichern Sie sie im Editor mit der Kodierung UTF-8".to_owned(),
        )
    }
}

/// A line as it may stand on a screen and in the journal: values are shown where a known key
/// says that they are none to hide, for a misspelt key or a forgotten sign may hide a password.
fn without_secrets(line: &str) -> String {
    let open = line.trim_start();
    let end = if open.starts_with('[') {
        open.find(']').map(|at| at + 1)
    } else {
        open.find(|c: char| !(c.is_alphanumeric() || "_-.\"'".contains(c)))
    };
    let indent = line.len() - open.len();
    let (key, value) = line
        .split_at_checked(indent + end.unwrap_or(open.len()))
        .unwrap_or((line, ""));
    let name = key.trim_start().rsplit('.').next().unwrap_or_default();
    if value.trim().is_empty() || keys::may_be_shown(name.trim_matches(['"', '\''])) {
        return line.to_owned();
    }
    let sign = if value.trim_start().starts_with('=') {
        " ="
    } else {
        ""
    };
    format!("{key}{sign} …")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters() {
        let source = "[bot]\nname = \"Grüße\"\nxyz = 1\n";
        for (word, line, column, excerpt) in [
            ("[bot]", 1, 1, "[bot]"),
            ("ße", 2, 12, "name = \"Grüße\""),
            ("xyz", 3, 1, "xyz = …"),
        ] {
            let start = source.find(word).unwrap();
            let problem = Problem::at(
                source,
                start..start + word.len(),
                String::new(),
                String::new(),
            );
            assert_eq!((problem.line, problem.column), (line, column), "{word}");
            assert_eq!(problem.excerpt, excerpt);
            assert_eq!(problem.width, word.chars().count());
        }
        let end = Problem::at(source, 900..901, String::new(), String::new());
        assert_eq!((end.line, end.column, end.width), (4, 1, 1));
    }

    #[test]
    fn another_encoding_is_shown_where_it_begins() {
        let latin = b"[bot]\nname = \"Gr\xfc\xdfe\"\n".to_vec();
        let problem = Problem::of_encoding(&String::from_utf8(latin).unwrap_err());
        assert_eq!((problem.line, problem.column), (2, 11));
        assert_eq!(problem.excerpt, "name = \"Gr\u{fffd}\u{fffd}e\"");
    }

    #[test]
    fn no_line_shows_a_password() {
        for (line, shown) in [
            ("password = \"geheim\"", "password = …"),
            ("  password=geheim", "  password = …"),
            ("password \"geheim\"", "password …"),
            ("pasword = \"geheim\"", "pasword = …"),
            ("Passwort: geheim", "Passwort …"),
            ("mailbox.password = \"geheim\"", "mailbox.password = …"),
            ("mailbox = { password = \"geheim\" }", "mailbox = …"),
            ("[mailbox] password = \"geheim\"", "[mailbox] …"),
            (
                "password_command = [\"echo\", \"geheim\"]",
                "password_command = …",
            ),
            ("password_file = \"x\"", "password_file = \"x\""),
            ("\"host\" = 1", "\"host\" = 1"),
            ("[bot]", "[bot]"),
            ("", ""),
        ] {
            assert_eq!(without_secrets(line), shown);
        }
    }
}
