//! What mail servers on the way noted about who sent a mail: Authentication-Results (RFC 8601).
//!
//! Anybody can write such a field. Which one is to be believed, and what follows from it,
//! is the policy's business.

/// Fields beyond this number are not read: the one that counts is near the top.
const MAX_FIELDS: usize = 50;

/// Results and properties of one field beyond this number are left out.
const MAX_RESULTS: usize = 100;

/// One field Authentication-Results, or what of it can be made out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthenticationResults {
    /// who noted it, in lower case; empty where the field does not say (Exchange Online)
    pub authserv_id: String,
    /// what was found, in the order of the field
    pub results: Vec<MethodResult>,
}

/// What one method found: `dkim=pass header.d=example.org`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MethodResult {
    /// "dmarc", "dkim", "spf", … in lower case, without its version
    pub method: String,
    /// "pass", "fail", "none", … in lower case
    pub result: String,
    /// the properties by their names, these in lower case: ("header.d", "example.org")
    pub properties: Vec<(String, String)>,
}

impl MethodResult {
    /// The first property of this name that has a value.
    pub fn property(&self, name: &str) -> Option<&str> {
        let mut properties = self.properties.iter();
        let found = properties.find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }
}

/// Reads the unfolded values of fields, the topmost first.
pub(super) fn read<'a>(fields: impl Iterator<Item = &'a str>) -> Vec<AuthenticationResults> {
    fields.take(MAX_FIELDS).map(parse).collect()
}

fn parse(value: &str) -> AuthenticationResults {
    let tokens = tokens(value);
    let mut parts = tokens.split(|token| *token == Token::Semicolon);
    let mut read = AuthenticationResults::default();
    let first = parts.next().unwrap_or_default();
    if first.contains(&Token::Equals) {
        read.results.extend(result(first));
    } else if let Some(Token::Word(id)) = first.first() {
        // What follows the id is the version of the field's grammar.
        read.authserv_id = id.to_lowercase();
    }
    read.results
        .extend(parts.filter_map(result).take(MAX_RESULTS));
    read
}

/// The part between two semicolons; none for "none" and for what has no `=`.
fn result(tokens: &[Token]) -> Option<MethodResult> {
    let mut pairs = pairs(tokens).into_iter();
    let (method, result) = pairs.next()?;
    // "dkim/1=pass": the method's version says nothing about the result.
    let method = method.split('/').next().unwrap_or_default();
    Some(MethodResult {
        method: method.trim().to_lowercase(),
        result: result.to_lowercase(),
        properties: pairs
            .take(MAX_RESULTS)
            .map(|(name, value)| (name.to_lowercase(), value))
            .collect(),
    })
}

/// Every `name=value`; an equals sign that stands elsewhere (the end of base64) is passed over.
fn pairs(tokens: &[Token]) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = tokens;
    while let [first, behind @ ..] = rest {
        rest = behind;
        let Token::Word(name) = first else { continue };
        let [Token::Equals, behind @ ..] = behind else {
            continue;
        };
        rest = behind;
        let value = match behind {
            [Token::Word(value), behind @ ..] => {
                rest = behind;
                value.clone()
            }
            _ => String::new(),
        };
        pairs.push((name.clone(), value));
    }
    pairs
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Equals,
    Semicolon,
}

/// Words and signs; comments are gone, quoted strings are words (RFC 5322 3.2).
fn tokens(value: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        let token = match c {
            '(' => {
                skip_comment(&mut chars);
                None
            }
            '"' => {
                word.get_or_insert_default().push_str(&quoted(&mut chars));
                continue;
            }
            '=' => Some(Token::Equals),
            ';' => Some(Token::Semicolon),
            c if c.is_whitespace() => None,
            c => {
                word.get_or_insert_default().push(c);
                continue;
            }
        };
        tokens.extend(word.take().map(Token::Word));
        tokens.extend(token);
    }
    tokens.extend(word.map(Token::Word));
    tokens
}

/// Passes over a comment whose parenthesis was just opened; they nest.
fn skip_comment(chars: &mut std::str::Chars<'_>) {
    let mut depth = 1_usize;
    while depth > 0 {
        match chars.next() {
            None => return,
            Some('\\') => {
                chars.next();
            }
            Some('(') => depth += 1,
            Some(')') => depth -= 1,
            Some(_) => {}
        }
    }
}

/// The rest of a quoted string whose quote was just opened.
fn quoted(chars: &mut std::str::Chars<'_>) -> String {
    let mut text = String::new();
    loop {
        match chars.next() {
            None | Some('"') => return text,
            Some('\\') => text.extend(chars.next()),
            Some(c) => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field as `id: method=result(name=value, …); …`.
    fn line(value: &str) -> String {
        let read = parse(value);
        let results = read.results.iter().map(|result| {
            let properties = result.properties.iter();
            let properties: Vec<_> = properties.map(|(n, v)| format!("{n}={v}")).collect();
            format!(
                "{}={}({})",
                result.method,
                result.result,
                properties.join(", ")
            )
        });
        let results: Vec<_> = results.collect();
        format!("{}: {}", read.authserv_id, results.join("; "))
    }

    #[test]
    fn the_grammar_is_read_as_servers_write_it() {
        for (value, expected) in [
            ("mx.example.org; none", "mx.example.org: "),
            ("MX.Example.org 1; none", "mx.example.org: "),
            ("\"mx example\"; spf=pass", "mx example: spf=pass()"),
            (
                "(a (b;c) \\) d) mx.example.org (x=y); dkim=pass",
                "mx.example.org: dkim=pass()",
            ),
            (
                "mx.example.org; DKIM/1 = Pass (2048-bit; \"key\") header.D = Example.ORG",
                "mx.example.org: dkim=pass(header.d=Example.ORG)",
            ),
            (
                "mx.example.org; dkim=pass header.b=aB/+= header.s=k1; spf=none",
                "mx.example.org: dkim=pass(header.b=aB/+, header.s=k1); spf=none()",
            ),
            (
                "mx.example.org; dkim=fail reason=\"bad; signature = x\" header.d=a.example",
                "mx.example.org: dkim=fail(reason=bad; signature = x, header.d=a.example)",
            ),
            (
                "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; compauth=pass reason=100",
                ": spf=pass(smtp.mailfrom=a.example); compauth=pass(reason=100)",
            ),
            (
                "mx.example.org; dmarc=pass(p=NONE) header.from=a.example;",
                "mx.example.org: dmarc=pass(header.from=a.example)",
            ),
            ("mx.example.org; (dmarc=pass", "mx.example.org: "),
            (
                "mx.example.org; x=\"dmarc=pass",
                "mx.example.org: x=dmarc=pass()",
            ),
            ("mx.example.org; spf=", "mx.example.org: spf=()"),
            ("", ": "),
            (";;;===", ": "),
        ] {
            assert_eq!(line(value), expected, "{value}");
        }
    }

    #[test]
    fn fields_and_results_are_bounded() {
        let many = "x; ".to_owned() + &"a=b;".repeat(10_000);
        let read = read(std::iter::repeat_n(many.as_str(), 1000));
        assert_eq!(read.len(), MAX_FIELDS);
        assert!(read.iter().all(|field| field.results.len() == MAX_RESULTS));
    }
}
