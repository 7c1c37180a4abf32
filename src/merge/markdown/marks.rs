//! Keeps marks away from the Markdown parser, to which `_`, `*`, `|` and quotes inside
//! them would mean something: each is replaced by one private-use character.

use super::rows::{Line, Rows};
use crate::merge::{Fault, mark};

/// Stands for the mark of the same index; plane 15 is private use (Unicode 23.5).
const INLINE: u32 = 0xf_0000;
/// Stands for a block mark that was alone on its line (plane 16).
const ALONE: u32 = 0x10_0000;
/// Characters of such a plane, but for its two noncharacters.
const ROOM: u32 = 0xfffe;

/// Markdown with characters in place of marks, and what they stand for.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    pub(super) markdown: String,
    marks: Vec<String>,
    /// for each line of `markdown` its line in the source
    lines: Vec<usize>,
}

/// A piece of text that came back from the Markdown parser.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// text, or a mark within text
    Text(&'a str),
    /// a block mark that wants a paragraph of its own
    Alone(&'a str),
}

impl Hidden {
    /// Hides all marks; `None` if there are more than a template may have.
    ///
    /// A line that holds nothing but block marks is put at the end of the text before it,
    /// so that it does not end the list it stands in.
    pub(super) fn new(markdown: &str) -> Option<Self> {
        let mut marks = Vec::new();
        let mut flat = String::with_capacity(markdown.len());
        let mut rest = 0;
        for span in mark::spans(markdown) {
            hide_private(markdown.get(rest..span.start)?, &mut flat, &mut marks)?;
            flat.push(character(INLINE, marks.len())?);
            marks.push(markdown.get(span.clone())?.replace(['\n', '\r'], " "));
            rest = span.end;
        }
        if marks.len() > mark::MAX_MARKS {
            return None;
        }
        hide_private(markdown.get(rest..)?, &mut flat, &mut marks)?;
        let mut hidden = Self {
            markdown: String::with_capacity(flat.len()),
            marks,
            lines: Vec::new(),
        };
        hidden.attach(&flat);
        Some(hidden)
    }

    /// Puts lines that hold nothing but block marks behind the text before them; what
    /// follows them is a paragraph of its own. Between rows of a table they are rows.
    fn attach(&mut self, flat: &str) {
        let rows = self.rows(flat);
        let mut carries = false;
        for (number, line) in flat.lines().enumerate() {
            let (quote, text) = unquoted(line);
            if rows.marks.contains(&number) {
                self.line(&format!("{quote}| {text} |"), number);
                continue;
            }
            let Some(alone) = self.alone(text) else {
                self.line(line, number);
                if !text.is_empty() {
                    carries = can_carry(text.trim_end()) && !rows.inside.contains(&number);
                }
                continue;
            };
            if carries {
                let end = self.markdown.trim_end_matches(['>', ' ', '\t', '\n']).len();
                self.markdown.insert_str(end, &alone);
            } else {
                self.line(quote, number);
                self.line(&format!("{quote}{alone}"), number);
                carries = true;
            }
            self.line(quote, number);
        }
    }

    /// The lines of block marks that are rows of tables.
    fn rows(&self, flat: &str) -> Rows {
        let mut statements = Vec::new();
        let lines: Vec<Line<'_>> = flat
            .lines()
            .map(|line| match unquoted(line).1 {
                "" => Line::Blank,
                text if self.alone(text).is_some() => {
                    let marks = text.chars().filter_map(|c| Some(self.find(c)?.1));
                    let before = statements.len();
                    statements.extend(marks.map(statement));
                    Line::Marks(statements.len() - before)
                }
                text => Line::Text(text),
            })
            .collect();
        Rows::find(&lines, &statements)
    }

    fn line(&mut self, line: &str, number: usize) {
        self.markdown.push_str(line);
        self.markdown.push('\n');
        self.lines.push(number + 1);
    }

    /// The line of the source, counted from 1, for a place in the Markdown.
    pub(super) fn line_of(&self, at: usize) -> usize {
        let before = self.markdown.get(..at).unwrap_or_default();
        let line = self.lines.get(before.matches('\n').count());
        line.or(self.lines.last()).copied().unwrap_or(1)
    }

    /// What is wrong at a place in the Markdown.
    pub(super) fn fault(&self, at: usize, problem: impl Into<String>) -> Fault {
        Fault::new(format!("Zeile {}", self.line_of(at)), problem)
    }

    /// Text that came back from the parser, with its marks.
    pub(super) fn restored(&self, text: &str) -> String {
        let pieces = self.pieces(text).into_iter();
        pieces
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Alone(text) => text,
            })
            .collect()
    }

    /// The line as marks that stand alone, if it holds nothing but block marks.
    fn alone(&self, line: &str) -> Option<String> {
        let alone = line
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| {
                let (_, mark) = self.find(c)?;
                mark.starts_with("{%")
                    .then(|| char::from_u32(u32::from(c) - INLINE + ALONE))?
            })
            .collect::<Option<String>>()?;
        (!alone.is_empty()).then_some(alone)
    }

    /// What a character stands for, and whether it stands alone.
    fn find(&self, c: char) -> Option<(bool, &str)> {
        let code = u32::from(c);
        let (alone, index) = match code.checked_sub(ALONE) {
            Some(index) => (true, index),
            None => (false, code.checked_sub(INLINE)?),
        };
        let mark = self.marks.get(usize::try_from(index).ok()?)?;
        Some((alone, mark))
    }

    /// Cuts text that came back from the parser into pieces with its marks restored.
    pub(super) fn pieces<'a>(&'a self, text: &'a str) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((at, c, (alone, mark))) = rest
            .char_indices()
            .find_map(|(at, c)| Some((at, c, self.find(c)?)))
        {
            let (before, after) = rest.split_at(at);
            if !before.is_empty() {
                pieces.push(Piece::Text(before));
            }
            pieces.push(if alone {
                Piece::Alone(mark)
            } else {
                Piece::Text(mark)
            });
            rest = after.get(c.len_utf8()..).unwrap_or_default();
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        pieces
    }
}

/// A line, parted behind the `>` of quotes and its indentation.
fn unquoted(line: &str) -> (&str, &str) {
    let text = line.trim_start_matches(['>', ' ', '\t']);
    (line.split_at(line.len() - text.len()).0, text)
}

/// What a mark says.
fn statement(mark: &str) -> &str {
    let found = mark::find(mark, |_| false).0;
    let code = found.first().and_then(|found| mark.get(found.code.clone()));
    code.unwrap_or_default()
}

/// Whether a mark may be written behind this line and still be read as its text.
fn can_carry(line: &str) -> bool {
    let rule = |c: char| matches!(c, '-' | '=' | '*' | '_' | ' ');
    let is_note = line.starts_with("[^") && line.contains("]:");
    !line.starts_with(['|', '<'])
        && !is_note
        && !line.chars().all(rule)
        && line != super::PAGE_BREAK
}

/// Copies text; a private-use character that is the author's own is hidden like a mark.
fn hide_private(text: &str, flat: &mut String, marks: &mut Vec<String>) -> Option<()> {
    for c in text.chars() {
        if u32::from(c) >= INLINE {
            flat.push(character(INLINE, marks.len())?);
            marks.push(c.to_string());
        } else {
            flat.push(c);
        }
    }
    Some(())
}

fn character(plane: u32, index: usize) -> Option<char> {
    let index = u32::try_from(index).ok().filter(|i| *i < ROOM)?;
    char::from_u32(plane + index)
}
