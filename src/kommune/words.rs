//! Words as they compare: in small letters, umlauts written out, with what stands between them.

use std::ops::Range;

use unicode_normalization::char::decompose_canonical;

/// What stands between a word and the one before it; several may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Gap(u16);

impl Gap {
    pub(crate) const HYPHEN: Self = Self(1);
    pub(crate) const SLASH: Self = Self(1 << 1);
    pub(crate) const DOT: Self = Self(1 << 2);
    pub(crate) const COMMA: Self = Self(1 << 3);
    pub(crate) const COLON: Self = Self(1 << 4);
    pub(crate) const STOP: Self = Self(1 << 5);
    pub(crate) const OPEN: Self = Self(1 << 6);
    pub(crate) const CLOSE: Self = Self(1 << 7);
    pub(crate) const LINE: Self = Self(1 << 8);
    pub(crate) const BREAK: Self = Self(1 << 9);
    pub(crate) const AT: Self = Self(1 << 10);
    pub(crate) const BLANK: Self = Self(1 << 11);
    pub(crate) const CELL: Self = Self(1 << 12);
    pub(crate) const QUOTE: Self = Self(1 << 13);
    pub(crate) const DASH: Self = Self(1 << 14);

    /// Either.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any of `these` stands here.
    pub(crate) const fn has(self, these: Self) -> bool {
        self.0 & these.0 != 0
    }

    fn add(&mut self, c: char) {
        let new = match c {
            '-' | '\u{2010}' | '\u{2011}' => Self::HYPHEN,
            '/' => Self::SLASH,
            '.' => Self::DOT,
            ',' => Self::COMMA,
            ':' => Self::COLON,
            '!' | '?' | ';' | '…' => Self::STOP,
            '–' | '—' => Self::DASH,
            '(' | '[' => Self::OPEN,
            ')' | ']' => Self::CLOSE,
            '\n' if self.has(Self::LINE) => Self::BREAK,
            '\n' => Self::LINE,
            '@' => Self::AT,
            '|' | '│' | '\t' | '·' | '•' => Self::CELL,
            '"' | '„' | '“' | '”' | '»' | '«' => Self::QUOTE,
            c if c.is_whitespace() => Self::BLANK,
            _ => Self::default(),
        };
        *self = self.or(new);
    }
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// begins with a small letter
    Small,
    /// begins with a capital
    Capital,
    /// two letters or more, all capitals
    Capitals,
    /// digits only
    Digits,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    folded: (usize, usize),
    source: (usize, usize),
    gap: Gap,
    case: Case,
}

/// The words of a text.
#[derive(Debug)]
pub(crate) struct Words<'t> {
    text: &'t str,
    /// the folded words, one blank between them
    folded: String,
    words: Vec<Word>,
    /// what stands behind the last word
    tail: Gap,
}

impl<'t> Words<'t> {
    /// Takes a text apart; linear in its length.
    pub(crate) fn of(text: &'t str) -> Self {
        let mut all = Self {
            text,
            folded: String::with_capacity(text.len() + text.len() / 8),
            words: Vec::with_capacity(text.len() / 6),
            tail: Gap::default(),
        };
        let mut chars = text.char_indices().peekable();
        let mut gap = Gap::default();
        while let Some((from, c)) = chars.next() {
            if !c.is_alphanumeric() {
                if !is_silent(c) {
                    gap.add(c);
                }
                continue;
            }
            let mut shape = Shape::default();
            let mut to = from + c.len_utf8();
            if !all.words.is_empty() {
                all.folded.push(' ');
            }
            let start = all.folded.len();
            shape.add(c);
            fold_char(c, &mut all.folded);
            while let Some(&(at, c)) = chars.peek() {
                if !c.is_alphanumeric() && !is_silent(c) && !is_mark(c) {
                    break;
                }
                chars.next();
                to = at + c.len_utf8();
                shape.add(c);
                fold_char(c, &mut all.folded);
            }
            end_word(&mut all.folded, start);
            all.words.push(Word {
                folded: (start, all.folded.len()),
                source: (from, to),
                gap,
                case: shape.case(),
            });
            gap = Gap::default();
        }
        all.tail = gap;
        all
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// The folded word at `i`, empty beyond the end.
    pub(crate) fn word(&self, i: usize) -> &str {
        self.joined(i..i + 1)
    }

    /// The folded words of a range with one blank between them, empty if it is out of bounds.
    pub(crate) fn joined(&self, range: Range<usize>) -> &str {
        let Some(words) = self.words.get(range) else {
            return "";
        };
        match (words.first(), words.last()) {
            (Some(first), Some(last)) => self
                .folded
                .get(first.folded.0..last.folded.1)
                .unwrap_or_default(),
            _ => "",
        }
    }

    /// The text of a range as it was written.
    pub(crate) fn source(&self, range: Range<usize>) -> &'t str {
        let Some(words) = self.words.get(range) else {
            return "";
        };
        match (words.first(), words.last()) {
            (Some(first), Some(last)) => self
                .text
                .get(first.source.0..last.source.1)
                .unwrap_or_default(),
            _ => "",
        }
    }

    /// The text between the word at `i` and the one before it.
    pub(crate) fn between(&self, i: usize) -> &'t str {
        let before = i.checked_sub(1).and_then(|at| self.words.get(at));
        let start = before.map_or(0, |word| word.source.1);
        let end = self
            .words
            .get(i)
            .map_or(self.text.len(), |word| word.source.0);
        self.text.get(start..end).unwrap_or_default()
    }

    /// What stands before the word at `i`; before the end, what stands behind the last word.
    pub(crate) fn gap(&self, i: usize) -> Gap {
        self.words.get(i).map_or(self.tail, |word| word.gap)
    }

    /// How the word at `i` is written.
    pub(crate) fn case(&self, i: usize) -> Case {
        self.words.get(i).map_or(Case::Small, |word| word.case)
    }

    /// Whether the word at `i` begins with a capital.
    pub(crate) fn is_capital(&self, i: usize) -> bool {
        matches!(self.case(i), Case::Capital | Case::Capitals)
    }
}

/// Folds a text to its words with one blank between them.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 4);
    let mut start = 0;
    for c in text.chars() {
        if c.is_alphanumeric() || (is_mark(c) && folded.len() > start) {
            fold_char(c, &mut folded);
        } else if !is_silent(c) && folded.len() > start {
            end_word(&mut folded, start);
            folded.push(' ');
            start = folded.len();
        }
    }
    end_word(&mut folded, start);
    folded.truncate(folded.trim_end().len());
    folded
}

/// "St." and "Skt." are Sankt.
fn end_word(folded: &mut String, start: usize) {
    if matches!(folded.get(start..), Some("st" | "skt" | "sct")) {
        folded.truncate(start);
        folded.push_str("sankt");
    }
}

/// Folds as [`fold`] does, but as people write who leave the dots of umlauts out;
/// `None` if there is no umlaut.
pub(crate) fn fold_without_dots(text: &str) -> Option<String> {
    if !text.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü']) {
        return None;
    }
    let plain: String = text
        .chars()
        .map(|c| match c {
            'ä' => 'a',
            'ö' => 'o',
            'ü' => 'u',
            'Ä' => 'A',
            'Ö' => 'O',
            'Ü' => 'U',
            other => other,
        })
        .collect();
    Some(fold(&plain))
}

#[derive(Default)]
struct Shape {
    letters: usize,
    capitals: usize,
    digits: usize,
    first: bool,
}

impl Shape {
    fn add(&mut self, c: char) {
        if c.is_ascii_digit() {
            self.digits += 1;
        } else if c.is_alphabetic() {
            if c.is_uppercase() {
                self.first |= self.letters == 0;
                self.capitals += 1;
            }
            self.letters += 1;
        }
    }

    fn case(&self) -> Case {
        match self {
            Self {
                letters: 0,
                digits: 1..,
                ..
            } => Case::Digits,
            shape if shape.letters > 1 && shape.capitals == shape.letters => Case::Capitals,
            Self { first: true, .. } => Case::Capital,
            _ => Case::Small,
        }
    }
}

/// Soft hyphens, joiners and marks of direction that stand in a word without being read.
fn is_silent(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn fold_char(c: char, into: &mut String) {
    if c.is_ascii() {
        into.push(c.to_ascii_lowercase());
        return;
    }
    match c {
        'ä' | 'Ä' => into.push_str("ae"),
        'ö' | 'Ö' => into.push_str("oe"),
        'ü' | 'Ü' => into.push_str("ue"),
        'ß' | 'ẞ' => into.push_str("ss"),
        'ł' | 'Ł' => into.push('l'),
        // the dots of a decomposed umlaut
        '\u{308}' if into.ends_with(['a', 'o', 'u']) => into.push('e'),
        c if is_silent(c) || is_mark(c) => {}
        c => decompose_canonical(c, |part| {
            if !is_mark(part) {
                into.extend(part.to_lowercase());
            }
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_fold_to_one() {
        let table = [
            ("Nürnberg", "nuernberg"),
            ("NÜRNBERG", "nuernberg"),
            ("Nu\u{308}rnberg", "nuernberg"),
            ("Nuernberg", "nuernberg"),
            ("Gro\u{df}-Gerau", "gross gerau"),
            ("St. Ingbert", "sankt ingbert"),
            ("Neustadt a.d.Aisch", "neustadt a d aisch"),
            ("Chóśebuz", "chosebuz"),
            ("Integra\u{ad}tions\u{ad}rat", "integrationsrat"),
            ("Łaz", "laz"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    #[test]
    fn gaps_and_cases_are_kept() {
        let words = Words::of("Halle (Saale),\nSTADT 06108 x");
        assert!(words.gap(1).has(Gap::OPEN));
        assert!(words.gap(2).has(Gap::CLOSE) && words.gap(2).has(Gap::LINE));
        assert!(!words.gap(2).has(Gap::BREAK));
        assert_eq!(words.case(2), Case::Capitals);
        assert_eq!(words.case(3), Case::Digits);
        assert_eq!(words.case(4), Case::Small);
        assert_eq!(words.source(0..2), "Halle (Saale");
        assert_eq!(words.joined(0..2), "halle saale");
    }

    #[test]
    fn dots_are_left_out() {
        assert_eq!(fold_without_dots("Fürth").as_deref(), Some("furth"));
        assert_eq!(fold_without_dots("Hanau"), None);
    }
}
