//! The filter `wordwrap`, which breaks lines where Python's `textwrap` does.

use minijinja::value::Value;
use minijinja::{Environment, Error};

use super::super::refusal::{bounded, refuse};
use super::arguments::{add, count_or, text, text_or};

pub(super) fn install(environment: &mut Environment<'static>) {
    let parameters = [
        "width",
        "break_long_words",
        "wrapstring",
        "break_on_hyphens",
    ];
    add(environment, "wordwrap", parameters, |_, value, given| {
        let [width, long, between, hyphens] = given;
        let width = count_or(&width, 79)?;
        if width == 0 {
            return Err(refuse("„wordwrap“ braucht eine Breite von mindestens 1"));
        }
        let wrap = Wrap {
            width,
            long: long.is_undefined() || long.is_true(),
            hyphens: hyphens.is_undefined() || hyphens.is_true(),
        };
        let lines = text(&value)?;
        // breaking takes that much memory
        bounded(lines.len().saturating_mul(64))?;
        let lines: Vec<String> = lines.lines().flat_map(|line| wrap.lines(line)).collect();
        joined(&lines, &text_or(&between, "\n")?)
    });
}

fn joined(lines: &[String], between: &str) -> Result<Value, Error> {
    bounded(lines.len().saturating_mul(between.len()))?;
    Ok(lines.join(between).into())
}

/// How lines are broken.
struct Wrap {
    width: usize,
    /// whether words that are longer than a line are broken
    long: bool,
    /// whether words are broken at hyphens
    hyphens: bool,
}

impl Wrap {
    fn lines(&self, text: &str) -> Vec<String> {
        let mut chunks: Vec<Vec<char>> = self.chunks(text);
        chunks.reverse();
        let mut lines: Vec<String> = Vec::new();
        while !chunks.is_empty() {
            if !lines.is_empty() && chunks.last().is_some_and(|chunk| is_blank(chunk)) {
                chunks.pop();
            }
            let mut line: Vec<char> = Vec::new();
            while let Some(chunk) = chunks.pop() {
                if line.len() + chunk.len() <= self.width {
                    line.extend(chunk);
                    continue;
                }
                chunks.extend(self.broken(chunk, &mut line));
                break;
            }
            let end = line.iter().rposition(|c| !c.is_whitespace());
            line.truncate(end.map_or(0, |end| end + 1));
            if !line.is_empty() {
                lines.push(line.into_iter().collect());
            }
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }

    /// What is left of a chunk that does not fit into the line, when so much of it as can
    /// be broken off has been put there.
    fn broken(&self, mut chunk: Vec<char>, line: &mut Vec<char>) -> Option<Vec<char>> {
        if chunk.len() <= self.width {
            return Some(chunk);
        }
        if !self.long {
            if line.is_empty() {
                line.extend(chunk);
                return None;
            }
            return Some(chunk);
        }
        let room = self.width - line.len();
        let hyphen = chunk.iter().take(room).rposition(|c| *c == '-');
        let hyphen = hyphen.filter(|at| self.hyphens && chunk.iter().take(*at).any(|c| *c != '-'));
        let rest = chunk.split_off(hyphen.map_or(room, |at| at + 1));
        line.extend(chunk);
        Some(rest)
    }

    /// Words, the parts of words with hyphens, and the blanks between them.
    fn chunks(&self, text: &str) -> Vec<Vec<char>> {
        let text: Vec<char> = text.chars().collect();
        let mut chunks: Vec<Vec<char>> = Vec::new();
        for (at, c) in text.iter().enumerate() {
            let (before, behind) = text.split_at(at);
            let joins = before.last().is_some_and(|last| {
                last.is_whitespace() == c.is_whitespace()
                    && !(self.hyphens && is_hyphenation(before, behind))
            });
            match chunks.last_mut() {
                Some(chunk) if joins => chunk.push(*c),
                _ => chunks.push(vec![*c]),
            }
        }
        chunks
    }
}

/// Whether a word may be broken here: behind a hyphen between letters.
fn is_hyphenation(before: &[char], behind: &[char]) -> bool {
    let letter = |c: &char| c.is_alphabetic() || *c == '_';
    let opens = match before {
        [.., a, b, '-'] if letter(b) => letter(a),
        _ => false,
    };
    let opens = opens || matches!(before, [.., a, '-', b, '-'] if letter(a) && letter(b));
    let closes = match behind {
        [a, '-', b, ..] | [a, b, ..] => letter(a) && letter(b),
        _ => false,
    };
    opens && closes
}

fn is_blank(chunk: &[char]) -> bool {
    chunk.iter().all(|c| c.is_whitespace())
}
