//! What minijinja's grammar lacks of Jinja's: a text followed by `%` and what is to be
//! put into it, and a plus sign before a value.

use super::jinja::PERCENT;
use super::token::Token;
use super::{Expression, is_name};

impl Expression {
    /// `"%d" % x` → `"%d"|__percent(x)`; `+x` → `x`.
    pub(super) fn rewrite_operators(&mut self) {
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            let after_text = || matches!(self.previous(at), Some((_, Token::Text(_))));
            match token {
                Token::Sign('%') if after_text() => {
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
                Token::Sign('+') if self.stands_for_value(at) => {
                    self.tokens.remove(at);
                }
                _ => {}
            }
            at += 1;
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
