//! The text of a paragraph while it is read.

use docx_rs::{BreakType, Footnote, Paragraph, Run};

use super::link::hyperlink;
use super::marks::{Hidden, Piece};
use crate::merge::xml::is_harmless;

/// Text, its formats and the footnotes it refers to, in order.
#[derive(Debug, Default)]
pub(super) struct Inline {
    spans: Vec<Span>,
    bold: Nesting,
    italic: Nesting,
    strike: Nesting,
    link: Option<usize>,
}

/// How deep text stands in a format.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Nesting(usize);

impl Nesting {
    pub(super) fn enter(&mut self) {
        self.0 += 1;
    }

    pub(super) fn leave(&mut self) {
        self.0 = self.0.saturating_sub(1);
    }
}

#[derive(Debug)]
struct Span {
    content: Content,
    format: Format,
}

#[derive(Debug)]
enum Content {
    /// a line break is `\n`
    Text(String),
    Note(Footnote),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Format {
    bold: bool,
    italic: bool,
    strike: bool,
    /// the number of its target
    link: Option<usize>,
}

/// What a paragraph consists of.
#[derive(Debug, Default)]
pub(super) struct Line {
    children: Vec<(Option<usize>, Run)>,
    /// the block marks that follow it, each to be a paragraph of its own
    pub(super) alone: Vec<String>,
}

impl Inline {
    /// Adds text; the parser hands it over in pieces, which are joined here.
    pub(super) fn text(&mut self, text: &str) {
        let format = self.format();
        match self.spans.last_mut() {
            Some(Span {
                content: Content::Text(last),
                format: known,
            }) if *known == format => last.push_str(text),
            _ => self.spans.push(Span {
                content: Content::Text(text.to_owned()),
                format,
            }),
        }
    }

    pub(super) fn line_break(&mut self) {
        self.text("\n");
    }

    pub(super) fn note(&mut self, note: Footnote) {
        let format = self.format();
        self.spans.push(Span {
            content: Content::Note(note),
            format,
        });
    }

    pub(super) fn bold(&mut self) -> &mut Nesting {
        &mut self.bold
    }

    pub(super) fn italic(&mut self) -> &mut Nesting {
        &mut self.italic
    }

    pub(super) fn strike(&mut self) -> &mut Nesting {
        &mut self.strike
    }

    /// What follows leads to the target of this number, or to none.
    pub(super) fn link(&mut self, target: Option<usize>) {
        self.link = target;
    }

    fn format(&self) -> Format {
        Format {
            bold: self.bold.0 > 0,
            italic: self.italic.0 > 0,
            strike: self.strike.0 > 0,
            link: self.link,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The text without its formats.
    pub(super) fn plain(&self) -> String {
        let text = |span: &Span| match &span.content {
            Content::Text(text) => text.clone(),
            Content::Note(_) => String::new(),
        };
        self.spans.iter().map(text).collect()
    }

    /// What the paragraph is to hold; all of it bold if it is the head of a table.
    pub(super) fn into_line(self, hidden: &Hidden, head: bool) -> Line {
        let mut line = Line::default();
        for Span { content, format } in self.spans {
            let format = Format {
                bold: format.bold || head,
                ..format
            };
            let text = match content {
                Content::Text(text) => text,
                Content::Note(note) => {
                    let run = Run::new().add_footnote_reference(note);
                    line.children.push((format.link, run));
                    continue;
                }
            };
            let mut shown = String::new();
            for piece in hidden.pieces(&text) {
                match piece {
                    Piece::Text(piece) => shown.push_str(piece),
                    Piece::Alone(mark) => line.alone.push(mark.to_owned()),
                }
            }
            if !shown.is_empty() {
                line.children.push((format.link, format.run(&shown)));
            }
        }
        line
    }
}

impl Line {
    pub(super) fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// Puts it into a paragraph; what leads to one target is one hyperlink.
    pub(super) fn write(self, mut paragraph: Paragraph) -> Paragraph {
        let mut children = self.children.into_iter().peekable();
        while let Some((target, run)) = children.next() {
            let Some(target) = target else {
                paragraph = paragraph.add_run(run);
                continue;
            };
            let mut runs = vec![run];
            while let Some((_, run)) = children.next_if(|(next, _)| *next == Some(target)) {
                runs.push(run);
            }
            paragraph = paragraph.add_hyperlink(hyperlink(target, runs));
        }
        paragraph
    }
}

impl Format {
    fn run(self, text: &str) -> Run {
        let mut run = Run::new();
        if self.link.is_some() {
            run = run.style("Hyperlink");
        }
        if self.bold {
            run = run.bold();
        }
        if self.italic {
            run = run.italic();
        }
        if self.strike {
            run = run.strike();
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
