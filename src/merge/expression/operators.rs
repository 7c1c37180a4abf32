//! Operators that minijinja lacks or leaves unbounded: `%` behind a text, a plus sign
//! before a value, and `~`, whose values become text here first.

use super::jinja::{PERCENT, TEXT};
use super::token::Token;
use super::{Expression, is_name};

impl Expression {
    /// `"%d" % x` → `"%d"|__percent(x)`; `+x` → `x`; `a ~ b` → `(a)|__text ~ (b)|__text`.
    pub(super) fn rewrite_operators(&mut self) {
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            let after_text = || matches!(self.previous(at), Some((_, Token::Text(_))));
            match token {
                Token::Sign('%') if after_text() => self.rewrite_percent(at),
                Token::Sign('+') if self.stands_for_value(at) => {
                    self.tokens.remove(at);
                }
                _ => {}
            }
            at += 1;
        }
        let is_tilde = |token: &Token| *token == Token::Sign('~');
        let mut from = self.tokens.len();
        while let Some(tilde) = self.tokens.iter().take(from).rposition(is_tilde) {
            self.make_text(tilde + 1, self.end_of_operand(tilde + 1));
            let start = self.start_of_operand(tilde);
            // what follows another `~` is made text when that one is reached
            let before = start.checked_sub(1).and_then(|at| self.tokens.get(at));
            if !before.is_some_and(is_tilde) {
                self.make_text(start, tilde);
            }
            from = tilde;
        }
    }

    fn rewrite_percent(&mut self, at: usize) {
        if let Some((start, end)) = self.operand(at) {
            self.tokens.insert(end, Token::Sign(')'));
            let filter = [
                Token::Sign('|'),
                Token::Name(PERCENT.to_owned()),
                Token::Sign('('),
            ];
            self.tokens.splice(at..start, filter);
        }
    }

    /// Lets the tokens between become text, but for what is text already.
    fn make_text(&mut self, start: usize, end: usize) {
        let tokens = self.tokens.get(start..end).unwrap_or_default();
        let mut solid = tokens.iter().filter(|token| **token != Token::Space);
        let is_plain = matches!(
            (solid.next(), solid.next()),
            (None, _) | (Some(Token::Text(_)), None)
        );
        if !is_plain {
            let filter = [
                Token::Sign(')'),
                Token::Sign('|'),
                Token::Name(TEXT.to_owned()),
            ];
            self.tokens.splice(end..end, filter);
            self.tokens.insert(start, Token::Sign('('));
        }
    }

    /// Where the operand of `~` ends that begins here.
    fn end_of_operand(&self, mut at: usize) -> usize {
        let mut depth = 0usize;
        while let Some(token) = self.tokens.get(at) {
            match token {
                Token::Sign('(' | '[' | '{') => depth += 1,
                Token::Sign(')' | ']' | '}') if depth == 0 => break,
                Token::Sign(')' | ']' | '}') => depth -= 1,
                _ if depth == 0 && self.binds_less(at) => break,
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// Where the operand of `~` begins that ends here.
    fn start_of_operand(&self, end: usize) -> usize {
        let mut depth = 0usize;
        for (at, token) in self.tokens.iter().enumerate().take(end).rev() {
            match token {
                Token::Sign(')' | ']' | '}') => depth += 1,
                Token::Sign('(' | '[' | '{') if depth == 0 => return at + 1,
                Token::Sign('(' | '[' | '{') => depth -= 1,
                _ if depth == 0 && self.binds_less(at) => return at + 1,
                _ => {}
            }
        }
        0
    }

    /// Whether what stands here binds less than `~`, or is another one.
    fn binds_less(&self, at: usize) -> bool {
        match self.tokens.get(at) {
            Some(Token::Sign('+' | '-')) => !self.stands_for_value(at),
            Some(Token::Sign(sign)) => "~,:=<>!".contains(*sign),
            Some(Token::Name(name)) if name == "not" || name == "in" => !self.is_test(at),
            Some(Token::Name(name)) => {
                matches!(name.as_str(), "and" | "or" | "if" | "else" | "recursive")
            }
            _ => false,
        }
    }

    /// Where the value behind the operator begins and ends, with all that binds closer.
    fn operand(&self, operator: usize) -> Option<(usize, usize)> {
        let (start, first) = self.next(operator)?;
        let mut last = match first {
            Token::Sign('-') => self.next(start)?.0,
            _ => start,
        };
        last = self.closing(last)?;
        while let Some((sign, token)) = self.next(last) {
            last = match token {
                Token::Sign('(' | '[') => self.closing(sign)?,
                Token::Sign('.' | '|') => self.next(sign)?.0,
                _ => break,
            };
        }
        Some((start, last + 1))
    }

    /// The bracket that closes the one here; the token itself if it is a name or the like.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        for (at, token) in self.tokens.iter().enumerate().skip(open) {
            match token {
                Token::Sign('(' | '[' | '{') => depth += 1,
                Token::Sign(')' | ']' | '}') => depth = depth.checked_sub(1)?,
                Token::Number(_) | Token::Text(_) => {}
                token if is_name(token) || depth > 0 => {}
                _ => return None,
            }
            if depth == 0 {
                return Some(at);
            }
        }
        None
    }
}
