//! What the instruction of a field says (ECMA-376 part 1, 17.16.4 and 17.16.5).

use std::ops::Range;

use super::find::NESTED;

/// The instruction of a field, as far as fields are merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Instruction {
    /// prints a field of the data
    MergeField(MergeField),
    /// prints one text or another
    If(Condition, Vec<Argument>),
    /// goes to the next record
    Next,
    NextIf(Condition),
    SkipIf,
    /// prints the number of the record
    Record,
    /// leads to a target
    Link,
    /// is none of ours
    Other,
}

/// Where a word stands in the instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Argument {
    /// without its quotation marks
    pub(super) text: Range<usize>,
    pub(super) quoted: bool,
}

/// What is compared in an IF field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) left: Argument,
    pub(super) operator: &'static str,
    pub(super) right: Argument,
}

/// A field of the data, and how it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MergeField {
    pub(super) name: Argument,
    pub(super) number: Option<Argument>,
    pub(super) date: Option<Argument>,
    pub(super) case: Option<&'static str>,
    pub(super) before: Option<Argument>,
    pub(super) after: Option<Argument>,
    /// whether it looks as its last result did, rather than its instruction
    pub(super) keeps_format: bool,
}

const OPERATORS: [&str; 6] = ["<>", "<=", ">=", "=", "<", ">"];
const CASES: [&str; 4] = ["upper", "lower", "firstcap", "caps"];

impl Instruction {
    /// Reads an instruction; what is wrong with it is told in German.
    pub(super) fn read(text: &str) -> Result<Self, &'static str> {
        let mut words = Words { text, at: 0 };
        let Some(kind) = words.next(|c| !c.is_alphabetic()) else {
            return Ok(Self::Other);
        };
        let kind = text.get(kind.text).unwrap_or_default().to_uppercase();
        match kind.as_str() {
            "MERGEFIELD" => words.merge_field().map(Self::MergeField),
            "IF" => {
                let condition = words.condition()?;
                let branches = std::iter::from_fn(|| words.next(|_| false)).take(2);
                Ok(Self::If(condition, branches.collect()))
            }
            "NEXT" => Ok(Self::Next),
            "NEXTIF" => words.condition().map(Self::NextIf),
            "SKIPIF" => Ok(Self::SkipIf),
            "MERGEREC" | "MERGESEQ" => Ok(Self::Record),
            "HYPERLINK" => Ok(Self::Link),
            _ => Ok(Self::Other),
        }
    }
}

/// An instruction while it is read.
struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn is_operator(c: char) -> bool {
        matches!(c, '=' | '<' | '>')
    }

    /// The next word: quoted, or up to a blank, a quotation mark, a switch, or what
    /// ends it.
    fn next(&mut self, ends: impl Fn(char) -> bool) -> Option<Argument> {
        self.skip_blanks();
        let rest = self.rest();
        let first = rest.chars().next()?;
        if is_quote(first) {
            let start = self.at + first.len_utf8();
            let end = closing(self.text, start, first);
            let close = self.text.get(end..).and_then(|rest| rest.chars().next());
            self.at = end + close.map_or(0, char::len_utf8);
            if close.is_none() && start == end {
                return None;
            }
            return Some(Argument {
                text: start..end,
                quoted: close.is_some(),
            });
        }
        let ends = |c: char| c.is_whitespace() || is_quote(c) || ends(c);
        let first = first.len_utf8();
        let inner = rest.get(first..).unwrap_or_default();
        let length = inner.find(|c| ends(c) || c == '\\');
        let start = self.at;
        self.at = length.map_or(self.text.len(), |length| start + first + length);
        Some(Argument {
            text: start..self.at,
            quoted: false,
        })
    }

    fn condition(&mut self) -> Result<Condition, &'static str> {
        self.skip_blanks();
        // an operand may be missing altogether: what it says is blank
        let left = match self.rest().starts_with(Self::is_operator) {
            true => None,
            false => self.next(Self::is_operator),
        };
        let left = left.unwrap_or(Argument {
            text: self.at..self.at,
            quoted: false,
        });
        self.skip_blanks();
        let rest = self.rest();
        let operator = OPERATORS.iter().find(|sign| rest.starts_with(**sign));
        let operator = operator.ok_or(
            "einem Wenn-Feld fehlt der Vergleich: =, <>, <, <=, > oder >= hinter dem ersten Wert",
        )?;
        self.at += operator.len();
        let right = self
            .next(|_| false)
            .ok_or("einem Wenn-Feld fehlt der Wert, mit dem es vergleicht")?;
        Ok(Condition {
            left,
            operator,
            right,
        })
    }

    fn merge_field(&mut self) -> Result<MergeField, &'static str> {
        let name = self.name()?;
        let mut field = MergeField {
            name,
            number: None,
            date: None,
            case: None,
            before: None,
            after: None,
            keeps_format: false,
        };
        while let Some(switch) = self.switch() {
            match switch {
                '*' => {
                    let format = self.next(|_| false).map(|word| word.text);
                    let format = format.and_then(|span| self.text.get(span));
                    let format = format.unwrap_or_default().to_lowercase();
                    let case = CASES.iter().find(|case| **case == format);
                    field.case = case.copied().or(field.case);
                    field.keeps_format |= format == "mergeformat";
                }
                '#' => field.number = self.next(|_| false),
                '@' => field.date = self.next(|_| false),
                'b' | 'B' => field.before = self.next(|_| false),
                'f' | 'F' => field.after = self.next(|_| false),
                _ => {}
            }
        }
        Ok(field)
    }

    /// The name of a field: quoted, or all words up to the first switch.
    fn name(&mut self) -> Result<Argument, &'static str> {
        const MISSING: &str = "einem Seriendruckfeld fehlt der Name";
        self.skip_blanks();
        let mut name = self.next(|_| false).ok_or(MISSING)?;
        while !name.quoted && !self.rest().trim_start().starts_with('\\') {
            let Some(word) = self.next(|_| false) else {
                break;
            };
            name.text.end = word.text.end;
        }
        let text = self.text.get(name.text.clone()).unwrap_or_default();
        if text.trim().is_empty() || !name.quoted && text.starts_with('\\') {
            return Err(MISSING);
        }
        if text.contains(NESTED) {
            return Err(
                "der Name eines Seriendruckfelds steht in einem anderen Feld; schreiben Sie ihn aus",
            );
        }
        Ok(name)
    }

    /// The next switch; words that belong to none are passed over.
    fn switch(&mut self) -> Option<char> {
        loop {
            self.skip_blanks();
            let mut rest = self.rest().chars();
            if rest.next()? == '\\' {
                let switch = rest.next()?;
                self.at += 1 + switch.len_utf8();
                return Some(switch);
            }
            self.next(|_| false)?;
        }
    }
}

/// Whether Word takes the character for a quotation mark.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '„' | '“' | '”')
}

/// Where the quotation mark stands that closes what begins at `start`: a plain one is
/// closed by a plain one if there is one; the end of the text if there is none.
fn closing(text: &str, start: usize, open: char) -> usize {
    let find = |closes: fn(char) -> bool| {
        let mut escaped = false;
        let rest = text.get(start..)?.char_indices();
        for (at, c) in rest {
            if !escaped && closes(c) {
                return Some(start + at);
            }
            escaped = c == '\\' && !escaped;
        }
        None
    };
    let plain = (open == '"').then(|| find(|c| c == '"')).flatten();
    plain.or_else(|| find(is_quote)).unwrap_or(text.len())
}

/// Where backslashes stand in a quoted text that only escape what follows them.
pub(super) fn escapes(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut escaped = false;
    text.char_indices().filter_map(move |(at, c)| {
        let next = text.get(at + 1..).and_then(|rest| rest.chars().next());
        escaped = c == '\\' && !escaped && next.is_some_and(|c| c == '\\' || is_quote(c));
        escaped.then_some(at)
    })
}
