//! Events of the Markdown parser to paragraphs and tables.

use std::ops::Range;

use docx_rs::{BreakType, Docx, LineSpacing, Paragraph, Run, Table};
use pulldown_cmark::{Alignment, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::inline::Inline;
use super::link::Links;
use super::list::Containers;
use super::marks::Hidden;
use super::note::{self, Notes};
use super::table::Grid;
use super::{PAGE_BREAK, Spanned};
use crate::merge::Fault;

/// Space between a table and the paragraph behind it (twentieths of a point).
const AFTER_TABLE: u32 = 120;

const SIGNATURE_MISSING: &str =
    "auf die Linie --- muss ein Absatz folgen, der unter ihr steht (Ort, Datum, Unterschrift)";
const HTML: &str = "HTML kann hier nicht stehen; schreiben Sie \\< für das Zeichen";

/// A document while it is read, or a footnote.
pub(super) struct Writer<'a> {
    hidden: &'a Hidden,
    /// what it may refer to; `None` within a footnote
    notes: Option<&'a mut Notes>,
    links: Links,
    blocks: Vec<Block>,
    containers: Containers,
    heading: Option<HeadingLevel>,
    inline: Inline,
    table: Option<Grid>,
    page_break: bool,
    signature: bool,
    /// where a comment (`<!--`) began that is not closed so far
    comment: Option<usize>,
}

enum Block {
    Paragraph(Box<Paragraph>),
    Table(Box<Table>),
}

impl<'a> Writer<'a> {
    pub(super) fn new(hidden: &'a Hidden, notes: Option<&'a mut Notes>) -> Self {
        Self {
            hidden,
            notes,
            links: Links::default(),
            blocks: Vec::new(),
            containers: Containers::default(),
            heading: None,
            inline: Inline::default(),
            table: None,
            page_break: false,
            signature: false,
            comment: None,
        }
    }

    /// Adds its targets to those of another text of the same part.
    pub(super) fn continue_links(&mut self, links: Links) {
        self.links = links;
    }

    pub(super) fn read(&mut self, events: Vec<Spanned<'_>>) -> Result<(), Fault> {
        for (event, span) in events {
            let at = span.start;
            let problem = self.event(event, span);
            problem.map_err(|problem| self.hidden.fault(at, problem))?;
        }
        self.end_paragraph();
        if let Some(at) = self.comment {
            let problem = "der Kommentar <!-- wird nicht geschlossen; es fehlt -->";
            return Err(self.hidden.fault(at, problem));
        }
        let problem = match (self.signature, self.page_break) {
            (true, _) => SIGNATURE_MISSING,
            (_, true) => "hinter \\pagebreak folgt nichts, was auf der neuen Seite stünde",
            _ => return Ok(()),
        };
        Err(self.hidden.fault(self.hidden.markdown.len(), problem))
    }

    fn event(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), String> {
        let at = span.start;
        let source = self.hidden.markdown.get(span).unwrap_or_default();
        match event {
            Event::Start(tag) => return self.start(tag, source),
            Event::End(tag) => self.end(tag, source),
            Event::Text(text) => {
                self.prove_no_note(&text, at)?;
                self.inline.text(&text);
            }
            Event::SoftBreak => self.inline.text(" "),
            Event::HardBreak => self.inline.line_break(),
            Event::Rule => {
                self.end_paragraph();
                self.prove_signed()?;
                self.signature = true;
            }
            Event::Html(html) => return self.html(&html, at),
            Event::InlineHtml(html) if html.starts_with("<!--") => {}
            // the one way to a line break within a cell
            Event::InlineHtml(html) if is_break(&html) => self.inline.line_break(),
            Event::InlineHtml(_) => return Err(HTML.to_owned()),
            Event::Code(_) => {
                return Err("`…` ist Programmtext; schreiben Sie \\` für das Zeichen".into());
            }
            Event::FootnoteReference(label) => {
                if let Some(notes) = &mut self.notes {
                    self.inline.note(notes.refer(&label)?);
                }
            }
            Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
        Ok(())
    }

    /// A line of an HTML block: only comments may stand there, and nothing behind them.
    fn html(&mut self, html: &str, at: usize) -> Result<(), String> {
        if html.trim_start().starts_with("<!--") {
            self.comment.get_or_insert(at);
        }
        let rest = html.split_once("-->").map(|(_, rest)| rest);
        match rest {
            _ if self.comment.is_none() => Err(HTML.to_owned()),
            Some(rest) if rest.trim().is_empty() => {
                self.comment = None;
                Ok(())
            }
            Some(_) => {
                Err("hinter einem Kommentar <!-- … --> gehört der Text in eine neue Zeile".into())
            }
            None => Ok(()),
        }
    }

    /// What is written as a reference to a footnote must be one.
    fn prove_no_note(&self, text: &str, at: usize) -> Result<(), String> {
        let (before, here) = self
            .hidden
            .markdown
            .split_at_checked(at)
            .unwrap_or_default();
        let escapes = before.len() - before.trim_end_matches('\\').len();
        match note::label_at(here) {
            Some(label) if text.starts_with('[') && escapes % 2 == 0 => Err(note::missing(label)),
            _ => Ok(()),
        }
    }

    /// Only a paragraph may follow the line to sign on.
    fn prove_signed(&self) -> Result<(), String> {
        if self.signature {
            return Err(SIGNATURE_MISSING.to_owned());
        }
        Ok(())
    }

    /// An item's number stands before text.
    fn prove_numbered(&self, what: &str) -> Result<(), String> {
        if self.containers.awaits_text() {
            return Err(format!(
                "ein Listenpunkt beginnt mit Text; vor {what} fehlt er"
            ));
        }
        Ok(())
    }

    fn start(&mut self, tag: Tag<'_>, source: &str) -> Result<(), String> {
        let is_block = !matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. }
        );
        if is_block && tag != Tag::Paragraph {
            self.prove_signed()?;
        }
        let starts_text = matches!(
            tag,
            Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::BlockQuote(_)
                | Tag::List(_)
                | Tag::Table(_)
        );
        if starts_text {
            self.end_paragraph();
        }
        match tag {
            Tag::Paragraph if source.starts_with('|') => Err(
                "zu einer Tabelle gehören eine Kopfzeile und darunter |---|---|; zwischen ihren \
                 Zeilen steht keine Leerzeile"
                    .to_owned(),
            ),
            Tag::Heading { level, .. } => {
                self.heading = Some(level);
                Ok(())
            }
            Tag::BlockQuote(_) => self.containers.start_quote(),
            Tag::List(start) => {
                self.prove_numbered("einer weiteren Liste")?;
                self.containers.start_list(start)
            }
            Tag::Item => {
                self.containers.start_item();
                Ok(())
            }
            Tag::Table(alignments) => self.start_table(alignments, source),
            Tag::TableHead | Tag::TableRow => match &self.table {
                Some(grid) => grid.prove(source),
                None => Ok(()),
            },
            Tag::Image { .. } => Err("Bilder gehen nur in Word-Vorlagen (motion.docx)".to_owned()),
            Tag::CodeBlock(_) => {
                Err("eingerückte Zeilen sind Programmtext; entfernen Sie die Einrückung".to_owned())
            }
            tag => self.start_format(tag, source),
        }
    }

    fn start_table(&mut self, alignments: Vec<Alignment>, source: &str) -> Result<(), String> {
        self.prove_numbered("der Tabelle")?;
        if matches!(self.blocks.last(), Some(Block::Table(_))) {
            return Err(
                "zwischen zwei Tabellen gehört ein Absatz, etwa eine Überschrift; Word macht \
                 sonst eine daraus"
                    .to_owned(),
            );
        }
        let page_break = std::mem::take(&mut self.page_break);
        let indent = self.containers.indent();
        self.table = Some(Grid::new(alignments, source, indent, page_break)?);
        Ok(())
    }

    fn start_format(&mut self, tag: Tag<'_>, source: &str) -> Result<(), String> {
        match tag {
            Tag::Emphasis => self.inline.italic().enter(),
            Tag::Strong => self.inline.bold().enter(),
            Tag::Strikethrough if strikes(source) => self.inline.strike().enter(),
            Tag::Strikethrough => self.inline.text("~"),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => {
                if !title.is_empty() {
                    return Err(format!("„{title}“ hinter der Adresse hat keinen Platz"));
                }
                // "<a@example.org>"
                let scheme = if link_type == LinkType::Email {
                    "mailto:"
                } else {
                    ""
                };
                let target = format!("{scheme}{dest_url}");
                let target = self.links.add(&target, self.hidden)?;
                self.inline.link(Some(target));
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd, source: &str) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Item => {
                self.end_paragraph();
                if self.containers.awaits_text() {
                    let empty = self.paragraph();
                    self.blocks.push(Block::paragraph(empty));
                }
            }
            TagEnd::Heading(_) => {
                self.end_paragraph();
                self.heading = None;
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) => {
                self.end_paragraph();
                self.containers.end();
            }
            TagEnd::TableCell => {
                if let Some(grid) = &mut self.table {
                    let inline = std::mem::take(&mut self.inline);
                    grid.end_cell(inline.into_line(self.hidden, grid.in_head()));
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                self.table.iter_mut().for_each(Grid::end_row);
            }
            TagEnd::Table => {
                let table = self.table.take().map(Grid::into_table);
                self.blocks.extend(table.map(Box::new).map(Block::Table));
            }
            TagEnd::Emphasis => self.inline.italic().leave(),
            TagEnd::Strong => self.inline.bold().leave(),
            TagEnd::Strikethrough if strikes(source) => self.inline.strike().leave(),
            TagEnd::Strikethrough => self.inline.text("~"),
            TagEnd::Link => self.inline.link(None),
            _ => {}
        }
    }

    /// Ends the paragraph that is being read, if there is one.
    fn end_paragraph(&mut self) {
        if self.table.is_some() || self.inline.is_empty() {
            return;
        }
        let inline = std::mem::take(&mut self.inline);
        let plain = inline.plain();
        if plain == PAGE_BREAK {
            self.page_break = true;
            return;
        }
        let mut line = inline.into_line(self.hidden, false);
        let alone = std::mem::take(&mut line.alone);
        if !line.is_empty() {
            let mut paragraph = self.paragraph();
            if plain.ends_with(':') {
                paragraph = paragraph.keep_next(true);
            }
            self.blocks.push(Block::paragraph(line.write(paragraph)));
        }
        for mark in alone {
            let run = Run::new().add_text(mark);
            self.blocks
                .push(Block::paragraph(Paragraph::new().add_run(run)));
        }
    }

    /// An empty paragraph with the properties that its place asks for.
    fn paragraph(&mut self) -> Paragraph {
        let mut paragraph = Paragraph::new();
        if self.notes.is_none() {
            return paragraph.style("FootnoteText");
        }
        if std::mem::take(&mut self.page_break) {
            paragraph = paragraph.page_break_before(true);
        }
        if let Some(level) = self.heading {
            paragraph = paragraph.style(&format!("Heading{}", level as usize));
            return self.containers.place(paragraph, true);
        }
        if std::mem::take(&mut self.signature) {
            if let Some(Block::Paragraph(before)) = self.blocks.last_mut() {
                before.property.keep_next = Some(true);
            }
            // the style's tab stop draws the line; borders of two such paragraphs would merge
            let line = Run::new().add_tab().add_break(BreakType::TextWrapping);
            return paragraph.style("Signature").add_run(line);
        }
        if let Some(style) = self.containers.style() {
            paragraph = paragraph.style(style);
        }
        if matches!(self.blocks.last(), Some(Block::Table(_))) {
            paragraph = paragraph.line_spacing(LineSpacing::new().before(AFTER_TABLE));
        }
        self.containers.place(paragraph, false)
    }

    /// What was read, with its numberings, and the targets of its links.
    pub(super) fn into_docx(self) -> (Docx, Links) {
        let mut docx = self.containers.number(Docx::new());
        for block in self.blocks {
            docx = match block {
                Block::Paragraph(paragraph) => docx.add_paragraph(*paragraph),
                Block::Table(table) => docx.add_table(*table),
            };
        }
        (docx, self.links)
    }

    /// What was read where no table may stand.
    pub(super) fn into_paragraphs(self) -> (Vec<Paragraph>, Links) {
        let paragraph = |block| match block {
            Block::Paragraph(paragraph) => Some(*paragraph),
            Block::Table(_) => None,
        };
        let paragraphs = self.blocks.into_iter().filter_map(paragraph);
        (paragraphs.collect(), self.links)
    }
}

impl Block {
    fn paragraph(paragraph: Paragraph) -> Self {
        Self::Paragraph(Box::new(paragraph))
    }
}

/// Whether this is struck; single tildes ("~10 bis ~20") are text.
fn strikes(source: &str) -> bool {
    source.starts_with("~~")
}

fn is_break(html: &str) -> bool {
    let name = html.trim_matches(['<', '>', '/', ' ']);
    name.eq_ignore_ascii_case("br")
}
