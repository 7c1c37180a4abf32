//! The text of a paragraph while it is read.

use docx_rs::{BreakType, Run};

use super::marks::{Hidden, Piece};
use crate::merge::xml::is_harmless;

/// Text and its formats, in order.
#[derive(Debug, Default)]
pub(super) struct Inline {
    spans: Vec<Span>,
    bold: usize,
    italic: usize,
    link: Option<(String, usize)>,
}

#[derive(Debug, PartialEq)]
struct Span {
    /// a line break is `\n`
    text: String,
    bold: bool,
    italic: bool,
}

impl Inline {
    /// Adds text; the parser hands it over in pieces, which are joined here.
    pub(super) fn text(&mut self, text: &str) {
        let (bold, italic) = (self.bold > 0, self.italic > 0);
        match self.spans.last_mut() {
            Some(last) if (last.bold, last.italic) == (bold, italic) => last.text.push_str(text),
            _ => self.spans.push(Span {
                text: text.to_owned(),
                bold,
                italic,
            }),
        }
    }

    pub(super) fn line_break(&mut self) {
        self.text("\n");
    }

    pub(super) fn bold(&mut self, on: bool) {
        self.bold = if on {
            self.bold + 1
        } else {
            self.bold.saturating_sub(1)
        };
    }

    pub(super) fn italic(&mut self, on: bool) {
        self.italic = if on {
            self.italic + 1
        } else {
            self.italic.saturating_sub(1)
        };
    }

    pub(super) fn start_link(&mut self, target: &str) {
        self.link = Some((target.to_owned(), self.plain().len()));
    }

    /// On paper a link is its address: it follows the text unless it is the text.
    pub(super) fn end_link(&mut self) {
        let Some((target, start)) = self.link.take() else {
            return;
        };
        let plain = self.plain();
        let text = plain.get(start..).unwrap_or_default();
        let shown = target.strip_prefix("mailto:").unwrap_or(&target);
        if text != shown && text != target {
            self.text(&format!(" ({shown})"));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The text without its formats.
    pub(super) fn plain(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// The runs of the paragraph, and the block marks that follow it.
    pub(super) fn into_runs(self, hidden: &Hidden) -> (Vec<Run>, Vec<String>) {
        let mut runs = Vec::new();
        let mut alone = Vec::new();
        for span in &self.spans {
            let mut text = String::new();
            for piece in hidden.pieces(&span.text) {
                match piece {
                    Piece::Text(piece) => text.push_str(piece),
                    Piece::Alone(mark) => alone.push(mark.to_owned()),
                }
            }
            if !text.is_empty() {
                runs.push(span.run(&text));
            }
        }
        (runs, alone)
    }
}

impl Span {
    fn run(&self, text: &str) -> Run {
        let mut run = Run::new();
        if self.bold {
            run = run.bold();
        }
        if self.italic {
            run = run.italic();
        }
        for (row, line) in text.split('\n').enumerate() {
            if row > 0 {
                run = run.add_break(BreakType::TextWrapping);
            }
            for (column, cell) in line.split('\t').enumerate() {
                if column > 0 {
                    run = run.add_tab();
                }
                let cell: String = cell.chars().filter(|c| is_harmless(*c)).collect();
                if !cell.is_empty() {
                    run = run.add_text(cell);
                }
            }
        }
        run
    }
}
