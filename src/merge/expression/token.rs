//! What stands between the braces of a mark, cut into tokens; typographic quotes,
//! dashes and no-break spaces, which Word puts in by itself, become plain ones.

use std::fmt;

/// A token; all other characters stand for themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Number(String),
    /// what stands between the quotation marks, ready to be put between plain double ones
    Text(String),
    Sign(char),
    Space,
}

/// Where a quotation mark has no partner.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unquoted;

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(text) | Self::Number(text) => f.write_str(text),
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Sign(c) => write!(f, "{c}"),
            Self::Space => f.write_str(" "),
        }
    }
}

/// Cuts code into tokens.
pub(super) fn tokens(code: &str) -> Result<Vec<Token>, Unquoted> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let (token, length) = match c {
            c if is_space(c) => (Some(Token::Space), length(rest, is_space)),
            // soft hyphen, zero-width space, joiners, word joiner, byte order mark
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => (None, c.len_utf8()),
            '\u{2010}'..='\u{2014}' | '\u{2212}' => (Some(Token::Sign('-')), c.len_utf8()),
            '0'..='9' => {
                let length = number(rest);
                (rest.get(..length).map(|n| Token::Number(n.into())), length)
            }
            c if c.is_alphabetic() || c == '_' => {
                let length = length(rest, |c| c.is_alphanumeric() || c == '_');
                (rest.get(..length).map(|n| Token::Name(n.into())), length)
            }
            c if is_quote(c) => {
                let (text, length) = quoted(rest).ok_or(Unquoted)?;
                (Some(Token::Text(text)), length)
            }
            c => (Some(Token::Sign(c)), c.len_utf8()),
        };
        tokens.extend(token);
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(tokens)
}

fn length(text: &str, inside: impl Fn(char) -> bool) -> usize {
    text.find(|c| !inside(c)).unwrap_or(text.len())
}

fn is_space(c: char) -> bool {
    c.is_whitespace()
}

fn number(text: &str) -> usize {
    let whole = length(text, |c| c.is_alphanumeric() || c == '_');
    match text.get(whole..).and_then(|rest| rest.strip_prefix('.')) {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
            whole + 1 + length(rest, |c| c.is_alphanumeric())
        }
        _ => whole,
    }
}

fn is_double(c: char) -> bool {
    matches!(c, '"' | '„' | '“' | '”' | '«' | '»')
}

fn is_single(c: char) -> bool {
    matches!(c, '\'' | '‚' | '‘' | '’' | '‹' | '›')
}

fn is_quote(c: char) -> bool {
    is_double(c) || is_single(c)
}

/// The string that begins here, and its length. A plain quotation mark is closed by a
/// plain one if there is one, else by any of its kind, as Word may have changed just one.
fn quoted(text: &str) -> Option<(String, usize)> {
    let open = text.chars().next()?;
    let body = text.get(open.len_utf8()..)?;
    let kind = if is_double(open) {
        is_double
    } else {
        is_single
    };
    let plain = matches!(open, '"' | '\'').then(|| closing(body, |c| c == open));
    let end = plain.flatten().or_else(|| closing(body, kind))?;
    let inner = body.get(..end)?;
    let close = body.get(end..)?.chars().next()?;
    let length = open.len_utf8() + end + close.len_utf8();
    Some((requoted(inner), length))
}

/// Where the first quotation mark of a kind stands that no backslash escapes.
fn closing(body: &str, kind: impl Fn(char) -> bool) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        if !escaped && kind(c) {
            return Some(at);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

/// The inside of a string as it stands between plain double quotation marks on one line.
fn requoted(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut escaped = false;
    for c in inner.chars() {
        match c {
            '"' if !escaped => out.push_str("\\\""),
            c if is_space(c) => out.push(' '),
            c => out.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, expected: &str) {
        let shown: String = tokens(code).unwrap().iter().map(Token::to_string).collect();
        assert_eq!(shown, expected, "{code}");
    }

    #[test]
    fn what_word_changes_becomes_plain() {
        check("a\u{a0}b", "a b");
        check("x == „Kreistag“", "x == \"Kreistag\"");
        check("x == “Kreistag”", "x == \"Kreistag\"");
        check("x == ‚Kreistag‘", "x == \"Kreistag\"");
        check("x == «Kreistag»", "x == \"Kreistag\"");
        check("x == \"Kreistag“", "x == \"Kreistag\"");
        check("x == \"Geht’s „gut“?\"", "x == \"Geht’s „gut“?\"");
        check("x == 'sag \"ja\"'", "x == \"sag \\\"ja\\\"\"");
        check(r#"x == 'it\'s'"#, r#"x == "it\'s""#);
        check("a – 1", "a - 1");
        check("ein\u{ad}wohner", "einwohner");
        check("1.5 + 2.x", "1.5 + 2.x");
        check("größe|upper", "größe|upper");
        assert_eq!(tokens("x == „offen"), Err(Unquoted));
    }
}
