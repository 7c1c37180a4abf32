//! The language inside marks: Jinja as minijinja evaluates it, after the German forms
//! have been rewritten (`Der Beirat` → `Beirat.Der`).

mod field;
mod jinja;
mod operators;
mod print;
mod refusal;
mod token;
mod word;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};

pub(super) use self::field::{FIELD, NEXT, RECORD, RECORDS, ROW, ROWS, call_field, literal};
pub(super) use self::refusal::Refusal;
use self::token::{Token, tokens};
use super::Rules;
use crate::german::Form;

/// Steps that one part may take: a table of 10,000 rows needs about a million.
const FUEL: u64 = 20_000_000;
/// Loops within loops, more than blocks may be; a call of a macro counts as four.
const DEPTH: usize = 100;
/// Words that are no names.
const KEYWORDS: [&str; 9] = [
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "recursive",
    "for",
];
/// Names that stand for themselves.
const LITERALS: [&str; 6] = ["true", "false", "none", "True", "False", "None"];

/// The filter that makes a noun its name.
const NAME: &str = "__name";

/// An expression, ready for minijinja.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    tokens: Vec<Token>,
}

/// A use of a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Use<'a> {
    pub(super) name: &'a str,
    /// `kreistag` of `rat.kreistag`
    pub(super) attribute: Option<&'a str>,
    /// whether something of the attribute is asked for (`rat.name.x`)
    pub(super) deeper: bool,
    /// whether it is called (`range(3)`)
    pub(super) called: bool,
    /// where the name stands among the tokens
    at: usize,
}

/// What an expression makes use of.
#[derive(Debug, Default)]
pub(super) struct Uses<'a> {
    pub(super) names: Vec<Use<'a>>,
    pub(super) filters: Vec<&'a str>,
    pub(super) tests: Vec<&'a str>,
    /// names that are given a value (`a` of `a = 1`)
    pub(super) assigned: Vec<&'a str>,
    /// two names with nothing between them (`dre Rat`)
    pub(super) adjacent: Option<(&'a str, &'a str)>,
}

impl Expression {
    /// Reads an expression; `None` if a quotation mark has no partner.
    pub(super) fn parse(code: &str) -> Option<Self> {
        let mut expression = Self {
            tokens: tokens(code.trim()).ok()?,
        };
        expression.rewrite_forms();
        expression.rewrite_operators();
        Some(expression)
    }

    /// Splits off the first word, in small letters: `if` of `if rat.kreistag`.
    pub(super) fn keyword(mut self) -> (String, Self) {
        let first = self.tokens.len().min(1);
        let word: String = self
            .tokens
            .drain(..first)
            .map(|word| word.to_string())
            .collect();
        (word.to_lowercase(), self)
    }

    /// Splits at the first word or sign of this kind outside of brackets.
    pub(super) fn split(&self, separator: &str) -> Option<(Self, Self)> {
        let mut depth = 0usize;
        let at = self.tokens.iter().position(|token| {
            match token {
                Token::Sign('(' | '[' | '{') => depth += 1,
                Token::Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
                Token::Name(name) => return depth == 0 && name == separator,
                _ => {}
            }
            depth == 0 && token.to_string() == separator
        })?;
        let (before, after) = self.tokens.split_at(at);
        let part = |tokens: &[Token]| Self {
            tokens: tokens.to_vec(),
        };
        Some((part(before), part(after.get(1..)?)))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tokens.iter().all(|token| *token == Token::Space)
    }

    /// As minijinja reads it.
    pub(super) fn code(&self) -> String {
        self.tokens.iter().map(Token::to_string).collect()
    }

    /// `in kommune` → `kommune.in`, wherever an operand may stand.
    fn rewrite_forms(&mut self) {
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            let is_form = matches!(token, Token::Name(name) if form(name).is_some());
            let noun = self.next(at).filter(|(_, token)| is_name(token));
            if let (true, Some((noun, _))) = (is_form && self.stands_for_value(at), noun) {
                // the tokens between are white space, of which there is one at most
                self.tokens.swap(at, noun);
                self.tokens.drain(at + 1..noun);
                self.tokens.insert(at + 1, Token::Sign('.'));
            }
            at += 1;
        }
    }

    /// Puts what a field's name means in the place of each `__field("…")`.
    pub(super) fn resolve_fields(
        &mut self,
        mut meaning: impl FnMut(&str) -> Result<Self, String>,
    ) -> Result<(), String> {
        let mut at = 0;
        while let Some(rest) = self.tokens.get(at..) {
            if let [
                Token::Name(name),
                Token::Sign('('),
                Token::Text(field),
                Token::Sign(')'),
                ..,
            ] = rest
                && name == FIELD
            {
                let meaning = meaning(field)?.tokens;
                self.tokens.splice(at..at + 4, meaning);
            }
            at += 1;
            if at >= self.tokens.len() {
                break;
            }
        }
        Ok(())
    }

    /// Lets nouns that are compared be their names, as a noun equals no text. What bears a
    /// noun's name when merging and is none stays itself.
    pub(super) fn compare_by_name(&mut self, is_noun: impl Fn(&str) -> bool) {
        let compared: Vec<usize> = self
            .uses()
            .names
            .iter()
            .filter(|a_use| a_use.attribute.is_none() && is_noun(a_use.name))
            .map(|a_use| a_use.at)
            .filter(|at| self.is_compared(*at))
            .collect();
        for at in compared.into_iter().rev() {
            let name = [Token::Sign('|'), Token::Name(NAME.to_owned())];
            self.tokens.splice(at + 1..at + 1, name);
        }
    }

    fn is_compared(&self, at: usize) -> bool {
        let compares = |token: Option<(usize, &Token)>| match token {
            Some((at, Token::Sign('='))) => !self.assigns(at),
            Some((_, Token::Sign(sign))) => matches!(sign, '!' | '<' | '>'),
            Some((_, Token::Name(name))) => matches!(name.as_str(), "in" | "not"),
            _ => false,
        };
        compares(self.previous(at)) || compares(self.next(at))
    }

    /// Whether this sign of equality stands alone.
    fn assigns(&self, at: usize) -> bool {
        let neighbour =
            |token: Option<&Token>| matches!(token, Some(Token::Sign('=' | '!' | '<' | '>')));
        let before = at.checked_sub(1).and_then(|at| self.tokens.get(at));
        !neighbour(before) && !neighbour(self.tokens.get(at + 1))
    }

    /// What the expression makes use of.
    pub(super) fn uses(&self) -> Uses<'_> {
        let mut uses = Uses::default();
        for (at, token) in self.tokens.iter().enumerate() {
            let Token::Name(name) = token else { continue };
            if KEYWORDS.contains(&name.as_str()) || LITERALS.contains(&name.as_str()) {
                continue;
            }
            match self.previous(at) {
                Some((_, Token::Sign('.'))) => {}
                Some((_, Token::Sign('|'))) => uses.filters.push(name),
                Some((before, token)) if is_name(token) && !self.is_test(before) => {
                    let before = self.text(token);
                    uses.adjacent = uses.adjacent.or(Some((before, name)));
                }
                _ if self.is_test(at) => uses.tests.push(name),
                _ if self.is_assigned(at) => uses.assigned.push(name),
                _ => uses.names.push(self.a_use(at, name)),
            }
        }
        uses
    }

    fn a_use<'a>(&'a self, at: usize, name: &'a str) -> Use<'a> {
        let mut attribute = None;
        let mut deeper = false;
        let mut called = false;
        match (self.next(at), self.second(at), self.third(at)) {
            (Some((_, Token::Sign('('))), ..) => called = true,
            (Some((_, Token::Sign('.'))), Some((end, token @ Token::Name(_))), _)
            | (Some((_, Token::Sign('['))), Some((_, token @ Token::Text(_))), Some((end, _))) => {
                attribute = Some(self.text(token));
                deeper = matches!(self.next(end), Some((_, Token::Sign('.' | '[' | '('))));
            }
            _ => {}
        }
        Use {
            name,
            attribute,
            deeper,
            called,
            at,
        }
    }

    /// Whether the token begins a value, rather than being an operator or an attribute.
    fn stands_for_value(&self, at: usize) -> bool {
        match self.previous(at).map(|(_, token)| token) {
            None => true,
            Some(Token::Name(name)) => {
                KEYWORDS.contains(&name.as_str()) && name != "is" && name != "not"
            }
            Some(Token::Number(_) | Token::Text(_)) => false,
            Some(Token::Sign(sign)) => !matches!(sign, ')' | ']' | '}' | '.' | '|'),
            Some(Token::Space) => true,
        }
    }

    /// Whether what stands here names a test: `odd` of `x is not odd`.
    fn is_test(&self, at: usize) -> bool {
        match self.previous(at) {
            Some((_, Token::Name(is))) if is == "is" => true,
            Some((not, Token::Name(name))) if name == "not" => {
                matches!(self.previous(not), Some((_, Token::Name(is))) if is == "is")
            }
            _ => false,
        }
    }

    fn is_assigned(&self, at: usize) -> bool {
        matches!(self.next(at), Some((sign, Token::Sign('='))) if self.assigns(sign))
    }

    fn previous(&self, at: usize) -> Option<(usize, &Token)> {
        let before = self.tokens.get(..at)?.iter().enumerate().rev();
        before
            .into_iter()
            .find(|(_, token)| **token != Token::Space)
    }

    fn next(&self, at: usize) -> Option<(usize, &Token)> {
        let after = self.tokens.iter().enumerate().skip(at + 1);
        after.into_iter().find(|(_, token)| **token != Token::Space)
    }

    fn second(&self, at: usize) -> Option<(usize, &Token)> {
        self.next(self.next(at)?.0)
    }

    fn third(&self, at: usize) -> Option<(usize, &Token)> {
        self.next(self.second(at)?.0)
    }

    fn text<'a>(&self, token: &'a Token) -> &'a str {
        match token {
            Token::Name(text) | Token::Number(text) | Token::Text(text) => text,
            Token::Sign(_) | Token::Space => "",
        }
    }
}

/// Whether the token is a name, and no keyword.
fn is_name(token: &Token) -> bool {
    matches!(token, Token::Name(name) if !KEYWORDS.contains(&name.as_str()))
}

/// The form a word names, whatever its case.
pub(super) fn form(word: &str) -> Option<Form> {
    FORMS
        .iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name))
        .map(|(_, form)| *form)
}

/// The words that name a form.
pub(super) const FORMS: [(&str, Form); 11] = [
    ("der", Form::Der),
    ("den", Form::Den),
    ("dem", Form::Dem),
    ("des", Form::Des),
    ("im", Form::Im),
    ("zum", Form::Zum),
    ("vom", Form::Vom),
    ("beim", Form::Beim),
    ("in", Form::In),
    ("er", Form::Er),
    ("sein", Form::Sein),
];

/// minijinja, set up so that a template is bounded and can reach nothing but its values.
pub(super) fn environment(rules: &Rules) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(match rules {
        Rules::Strict(_) => UndefinedBehavior::Strict,
        Rules::Lenient(_) => UndefinedBehavior::Lenient,
    });
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(DEPTH);
    environment.set_debug(true);
    // what a block has captured is marked safe and printed as it is: it has been printed
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("document".into()));
    environment.set_formatter(|out, _, value| {
        match value.as_str() {
            Some(text) if value.is_safe() => out.write_str(text)?,
            Some(text) => write_printable(out, text)?,
            None => write_printable(out, &print::printed(value)?)?,
        }
        Ok(())
    });
    // every value is escaped where it is put in, and none can be markup
    for name in ["safe", "escape", "e", "forceescape"] {
        environment.add_filter(name, |value: Value| value);
    }
    jinja::install(&mut environment);
    word::install(&mut environment);
    environment.add_filter(NAME, |value: Value| match print::is_noun(&value) {
        true => Value::from(value.to_string()),
        false => value,
    });
    field::add(&mut environment);
    environment
}

/// Whether a value may bring this character to the place where it is put in; the other
/// control characters are ours, to number stretches with.
pub(super) fn is_printable(c: char) -> bool {
    c >= ' ' || matches!(c, '\n' | '\r' | '\t' | '\x07' | '\x0c')
}

fn write_printable(out: &mut minijinja::Output, text: &str) -> std::fmt::Result {
    text.split(|c| !is_printable(c))
        .try_for_each(|piece| out.write_str(piece))
}

/// Whether the filter is known.
pub(super) fn has_filter(environment: &Environment<'_>, name: &str) -> bool {
    let result = environment.empty_state().apply_filter(name, &[]);
    result.err().map(|e| e.kind()) != Some(ErrorKind::UnknownFilter)
}

/// Whether the test is known.
pub(super) fn has_test(environment: &Environment<'_>, name: &str) -> bool {
    let result = environment.empty_state().perform_test(name, &[]);
    result.err().map(|e| e.kind()) != Some(ErrorKind::UnknownTest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, expected: &str) {
        assert_eq!(Expression::parse(code).unwrap().code(), expected, "{code}");
    }

    #[test]
    fn forms_become_attributes() {
        check("Der Beirat", "Beirat.Der");
        check("in\u{a0}kommune", "kommune.in");
        check("Dem Rat|upper", "Rat.Dem|upper");
        check("'x' if x else dem rat", "\"x\" if x else rat.dem");
        check("x ~ der rat", "(x )|__text~( rat.der)|__text");
        check("f(der rat, im  kommune)", "f(rat.der, kommune.im)");
        check("x in kommune", "x in kommune");
        check("x not in kommune", "x not in kommune");
        check("x is in kommune", "x is in kommune");
        check("er is defined", "er is defined");
        check("der", "der");
        check("rat.der", "rat.der");
        check("x in der rat", "x in rat.der");
        check("[in kommune]", "[kommune.in]");
        check("DEM RAT", "RAT.DEM");
    }

    #[test]
    fn compared_nouns_are_their_names() {
        let check = |code: &str, expected: &str| {
            let mut expression = Expression::parse(code).unwrap();
            expression.compare_by_name(|name| name == "rat");
            assert_eq!(expression.code(), expected);
        };
        check("rat == „Kreistag“", "rat|__name == \"Kreistag\"");
        check("\"Kreis\" in rat", "\"Kreis\" in rat|__name");
        check("rat in [1]", "rat|__name in [1]");
        check("rat|upper", "rat|upper");
        check("rat.art == 1", "rat.art == 1");
        check("x == 1 and rat", "x == 1 and rat");
    }

    #[test]
    fn uses_are_told() {
        let expression =
            Expression::parse("der rat ~ f(a=b, c['d']) | g(x.y.z) is not h and q is i == j")
                .unwrap();
        let uses = expression.uses();
        let names: Vec<_> = uses
            .names
            .iter()
            .map(|u| (u.name, u.attribute, u.deeper, u.called))
            .collect();
        assert_eq!(
            names,
            [
                ("rat", Some("der"), false, false),
                ("f", None, false, true),
                ("b", None, false, false),
                ("c", Some("d"), false, false),
                ("x", Some("y"), true, false),
                ("q", None, false, false),
                ("j", None, false, false),
            ]
        );
        assert_eq!(
            (uses.filters, uses.tests, uses.assigned),
            (vec!["__text", "g", "__text"], vec!["h", "i"], vec!["a"])
        );
        assert_eq!(
            Expression::parse("dre rat").unwrap().uses().adjacent,
            Some(("dre", "rat"))
        );
    }
}
