//! What is wrong with a configuration, and where.

use std::ops::Range;

/// One thing that is wrong, for people: German.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// the line, counted from 1
    pub line: usize,
    /// the column in characters, counted from 1
    pub column: usize,
    /// how many characters of the line are meant
    pub width: usize,
    /// the line's text
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
        Self {
            line: before.matches('\n').count() + 1,
            column: left.chars().count() + 1,
            width: meant.chars().count().max(1),
            excerpt: without_secret(&format!("{left}{right}")),
            message,
            hint,
        }
    }
}

/// A line of the file without the value of what may be a password, however it is misspelt.
fn without_secret(line: &str) -> String {
    let Some((key, _)) = line.split_once('=') else {
        return line.to_owned();
    };
    let name = key.to_lowercase();
    let secret = ["pas", "kennwort", "secret", "geheim"];
    match secret.iter().any(|word| name.contains(word)) {
        true => format!("{key}= …"),
        false => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_in_no_excerpt() {
        for line in ["passwort = \"xyz\"", "  Pasword=\"xyz", "kennwort = xyz"] {
            let shown = without_secret(line);
            assert!(!shown.contains("xyz") && shown.ends_with("= …"), "{shown}");
        }
        assert_eq!(without_secret("port = 1"), "port = 1");
    }

    #[test]
    fn places_count_lines_and_characters() {
        let source = "[bot]\nname = \"Grüße\"\nxyz = 1\n";
        for (word, line, column, excerpt) in [
            ("[bot]", 1, 1, "[bot]"),
            ("ße", 2, 12, "name = \"Grüße\""),
            ("xyz", 3, 1, "xyz = 1"),
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
}
