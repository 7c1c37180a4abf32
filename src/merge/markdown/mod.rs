//! A Markdown template as a Word package.
//!
//! In: CommonMark with tables. Out: a package whose marks [`super::Document`] compiles.
//! docx-rs writes the body, the numbering and the footer; what it cannot write is in
//! `package.rs` and `styles.xml`.
//!
//! Beyond CommonMark: a paragraph that is `\pagebreak` starts a new page; the paragraph
//! behind a thematic break (`---`) is the caption of a line to sign on; a block mark
//! alone on its line is a paragraph of its own and ends no list.

mod inline;
mod marks;
mod package;
mod tidy;

#[cfg(test)]
mod tests;

use docx_rs::{
    AbstractNumbering, AlignmentType, BreakType, Docx, Footer, IndentLevel, Level, LevelJc,
    LevelText, LineSpacing, NumPages, NumberFormat, Numbering, NumberingId, PageMargin, PageNum,
    Paragraph, Run, Shading, ShdType, SpecialIndentType, Start, Table, TableCell, TableRow,
    WidthType,
};
use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use self::inline::Inline;
use self::marks::Hidden;
use super::Fault;

/// What starts a new page, alone in a paragraph.
const PAGE_BREAK: &str = r"\pagebreak";

/// Indentation of a block quote, as in the style Quote (twips).
const QUOTE_INDENT: i32 = 567;
/// Indentation of a list's text, its number hanging: room for two digits (twips).
const LIST_INDENT: i32 = 425;
/// docx-rs writes a numbering 1 of its own.
const FIRST_LIST: usize = 2;
/// Space between a table and the paragraph behind it (twentieths of a point).
const AFTER_TABLE: u32 = 120;
/// Width of the text: A4 less the margins (twips).
const TEXT_WIDTH: usize = 11906 - 2 * 1417;

/// Writes Markdown as a Word template with the given title; the same text gives the
/// same bytes. The title may hold marks.
///
/// # Errors
///
/// A [`Fault`] with the line of what Markdown templates cannot hold: pictures, HTML,
/// program code.
pub fn word_package(markdown: &str, title: &str) -> Result<Vec<u8>, Fault> {
    let hidden =
        Hidden::new(markdown).ok_or_else(|| Fault::new("Markdown", "das sind zu viele Marken"))?;
    let line = |at: usize| format!("Zeile {}", hidden.line_of(at));
    let mut writer = Writer::new(&hidden);
    let events = Parser::new_ext(&hidden.markdown, Options::ENABLE_TABLES);
    for (event, span) in events.into_offset_iter() {
        let problem = writer.event(event);
        problem.map_err(|problem| Fault::new(line(span.start), problem))?;
    }
    writer.end_paragraph();
    if writer.signature {
        return Err(Fault::new(line(hidden.markdown.len()), SIGNATURE_MISSING));
    }
    package::pack(writer.into_docx().build(), title)
        .map_err(|failure| Fault::new("Markdown", failure.to_string()))
}

const SIGNATURE_MISSING: &str =
    "auf die Linie --- muss ein Absatz folgen, der unter ihr steht (Ort, Datum, Unterschrift)";

/// Something a paragraph stands in.
#[derive(Debug)]
enum Container {
    Quote,
    /// a list by its numbering; the number is due at the next paragraph if `open`
    List {
        numbering: usize,
        ordered: bool,
        depth: usize,
        open: bool,
    },
}

impl Container {
    /// Whether a list is numbered; `None` for what is no list.
    fn ordered(&self) -> Option<bool> {
        match self {
            Self::Quote => None,
            Self::List { ordered, .. } => Some(*ordered),
        }
    }
}

enum Block {
    Paragraph(Box<Paragraph>),
    Table(Box<Table>),
}

struct Writer<'a> {
    hidden: &'a Hidden,
    blocks: Vec<Block>,
    numberings: Vec<AbstractNumbering>,
    containers: Vec<Container>,
    heading: Option<HeadingLevel>,
    inline: Inline,
    table: Option<Grid>,
    page_break: bool,
    signature: bool,
}

/// A table while it is read.
struct Grid {
    alignments: Vec<Alignment>,
    rows: Vec<TableRow>,
    cells: Vec<TableCell>,
}

impl<'a> Writer<'a> {
    fn new(hidden: &'a Hidden) -> Self {
        Self {
            hidden,
            blocks: Vec::new(),
            numberings: Vec::new(),
            containers: Vec::new(),
            heading: None,
            inline: Inline::default(),
            table: None,
            page_break: false,
            signature: false,
        }
    }

    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Start(tag) => return self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.inline.text(&text),
            Event::SoftBreak => self.inline.text(" "),
            Event::HardBreak => self.inline.line_break(),
            Event::Rule => {
                self.end_paragraph();
                self.prove_signed()?;
                self.signature = true;
            }
            Event::Html(html) | Event::InlineHtml(html) if html.starts_with("<!--") => {}
            Event::Html(_) | Event::InlineHtml(_) => {
                return Err(
                    "HTML kann hier nicht stehen; schreiben Sie \\< für das Zeichen".into(),
                );
            }
            Event::Code(_) => {
                return Err("`…` ist Programmtext; schreiben Sie \\` für das Zeichen".into());
            }
            Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
        Ok(())
    }

    /// Only a paragraph may follow the line to sign on.
    fn prove_signed(&self) -> Result<(), String> {
        if self.signature {
            return Err(SIGNATURE_MISSING.to_owned());
        }
        Ok(())
    }

    fn start(&mut self, tag: Tag<'_>) -> Result<(), String> {
        if !matches!(
            tag,
            Tag::Paragraph | Tag::Emphasis | Tag::Strong | Tag::Link { .. }
        ) {
            self.prove_signed()?;
        }
        match tag {
            Tag::Paragraph => self.end_paragraph(),
            Tag::Heading { level, .. } => {
                self.end_paragraph();
                self.heading = Some(level);
            }
            Tag::BlockQuote(_) => {
                self.end_paragraph();
                self.containers.push(Container::Quote);
            }
            Tag::List(start) => {
                self.end_paragraph();
                self.start_list(start);
            }
            Tag::Item => {
                if let Some(Container::List { open, .. }) = self.containers.last_mut() {
                    *open = true;
                }
            }
            Tag::Table(alignments) => {
                self.end_paragraph();
                self.table = Some(Grid {
                    alignments,
                    rows: Vec::new(),
                    cells: Vec::new(),
                });
            }
            Tag::Emphasis => self.inline.italic(true),
            Tag::Strong => self.inline.bold(true),
            Tag::Link { dest_url, .. } => self.inline.start_link(&dest_url),
            Tag::Image { .. } => {
                return Err("Bilder gehen nur in Word-Vorlagen (motion.docx)".into());
            }
            Tag::CodeBlock(_) => {
                return Err(
                    "eingerückte Zeilen sind Programmtext; entfernen Sie die Einrückung".into(),
                );
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Item => self.end_paragraph(),
            TagEnd::Heading(_) => {
                self.end_paragraph();
                self.heading = None;
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) => {
                self.end_paragraph();
                self.containers.pop();
            }
            TagEnd::TableCell => self.end_cell(),
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some(grid) = &mut self.table {
                    let cells = std::mem::take(&mut grid.cells);
                    grid.rows.push(TableRow::new(cells).cant_split());
                }
            }
            TagEnd::Table => self.end_table(),
            TagEnd::Emphasis => self.inline.italic(false),
            TagEnd::Strong => self.inline.bold(false),
            TagEnd::Link => self.inline.end_link(),
            _ => {}
        }
    }

    /// Left indentation of text in the containers that are open (twips).
    fn indent(&self) -> i32 {
        let one = |container: &Container| match container {
            Container::Quote => QUOTE_INDENT,
            Container::List { .. } => LIST_INDENT,
        };
        self.containers.iter().map(one).sum()
    }

    /// Every list has a numbering of its own, so that each begins anew.
    fn start_list(&mut self, start: Option<u64>) {
        let outside = self.indent();
        let lists = || self.containers.iter().filter_map(Container::ordered);
        // the deepest level Word has is the ninth (ECMA-376 part 1, 17.9.6)
        let depth = lists().count().min(8);
        let alike = lists()
            .filter(|ordered| *ordered == start.is_some())
            .count();
        let id = FIRST_LIST + self.numberings.len();
        let first = start.and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
        let levels = (depth..9).zip(alike..).zip(1..);
        let levels = levels.map(|((depth, rank), step)| {
            let first = if step == 1 { first } else { 1 };
            let (format, text) = numbering(depth, rank, start.is_some());
            level(depth, first, format, &text, outside + LIST_INDENT * step)
        });
        self.numberings
            .push(levels.fold(AbstractNumbering::new(id), AbstractNumbering::add_level));
        self.containers.push(Container::List {
            numbering: id,
            ordered: start.is_some(),
            depth,
            open: false,
        });
    }

    /// Ends the paragraph that is being read, if there is one.
    fn end_paragraph(&mut self) {
        let inline = std::mem::take(&mut self.inline);
        if self.table.is_some() || inline.is_empty() {
            self.inline = inline;
            return;
        }
        if inline.plain() == PAGE_BREAK {
            self.page_break = true;
            return;
        }
        let leads_in = inline.plain().ends_with(':');
        let (runs, alone) = inline.into_runs(self.hidden);
        if !runs.is_empty() {
            let mut paragraph = self.paragraph();
            if leads_in {
                paragraph = paragraph.keep_next(true);
            }
            self.blocks.push(Block::paragraph(
                runs.into_iter().fold(paragraph, Paragraph::add_run),
            ));
        }
        for mark in alone {
            let run = Run::new().add_text(mark);
            self.blocks
                .push(Block::paragraph(Paragraph::new().add_run(run)));
        }
    }

    /// An empty paragraph with the properties that its place asks for.
    fn paragraph(&mut self) -> Paragraph {
        let indent = self.indent();
        let quoted = self
            .containers
            .iter()
            .any(|c| matches!(c, Container::Quote));
        let mut paragraph = Paragraph::new();
        if std::mem::take(&mut self.page_break) {
            paragraph = paragraph.page_break_before(true);
        }
        if let Some(level) = self.heading {
            return paragraph.style(&format!("Heading{}", level as usize));
        }
        if std::mem::take(&mut self.signature) {
            if let Some(Block::Paragraph(before)) = self.blocks.last_mut() {
                before.property.keep_next = Some(true);
            }
            // the style's tab stop draws the line; borders of two such paragraphs would merge
            let line = Run::new().add_tab().add_break(BreakType::TextWrapping);
            return paragraph.style("Signature").add_run(line);
        }
        paragraph = match (quoted, self.containers.last()) {
            (true, _) => paragraph.style("Quote"),
            (false, Some(_)) => paragraph.style("ListParagraph"),
            (false, None) => paragraph,
        };
        if matches!(self.blocks.last(), Some(Block::Table(_))) {
            paragraph = paragraph.line_spacing(LineSpacing::new().before(AFTER_TABLE));
        }
        if self.containers.is_empty() {
            return paragraph;
        }
        match self.containers.last_mut() {
            Some(Container::List {
                numbering,
                depth,
                open,
                ..
            }) if *open => {
                *open = false;
                paragraph.numbering(NumberingId::new(*numbering), IndentLevel::new(*depth))
            }
            _ if indent == QUOTE_INDENT && quoted => paragraph,
            _ => paragraph.indent(Some(indent), None, None, None),
        }
    }

    fn end_cell(&mut self) {
        let Some(grid) = &mut self.table else { return };
        let (runs, alone) = std::mem::take(&mut self.inline).into_runs(self.hidden);
        let header = grid.rows.is_empty();
        let mut paragraph = Paragraph::new().style("Tabellentext");
        paragraph = match grid.alignments.get(grid.cells.len()) {
            Some(Alignment::Right) => paragraph.align(AlignmentType::Right),
            Some(Alignment::Center) => paragraph.align(AlignmentType::Center),
            _ => paragraph,
        };
        let alone = alone.into_iter().map(|mark| Run::new().add_text(mark));
        for run in runs.into_iter().chain(alone) {
            paragraph = paragraph.add_run(if header { run.bold() } else { run });
        }
        let mut cell = TableCell::new()
            .add_paragraph(paragraph)
            .width(TEXT_WIDTH / grid.alignments.len().max(1), WidthType::Dxa);
        if header {
            let grey = Shading::new()
                .shd_type(ShdType::Clear)
                .color("auto")
                .fill("E7E6E6");
            cell = cell.shading(grey);
        }
        grid.cells.push(cell);
    }

    fn end_table(&mut self) {
        let Some(grid) = self.table.take() else {
            return;
        };
        let columns = grid.alignments.len().max(1);
        let table = Table::without_borders(grid.rows)
            .style("TableGrid")
            .set_grid(vec![TEXT_WIDTH / columns; columns])
            .width(TEXT_WIDTH, WidthType::Dxa);
        self.blocks.push(Block::Table(Box::new(table)));
    }

    fn into_docx(self) -> Docx {
        let page = Paragraph::new()
            .style("Footer")
            .add_run(Run::new().add_text("Seite "))
            .add_page_num(PageNum::new())
            .add_run(Run::new().add_text(" von "))
            .add_num_pages(NumPages::new());
        let margin = PageMargin::new()
            .top(1417)
            .bottom(1134)
            .left(1417)
            .right(1417)
            .header(709)
            .footer(567);
        let mut docx = Docx::new()
            .page_size(11906, 16838)
            .page_margin(margin)
            .footer(Footer::new().add_paragraph(page));
        for (list, id) in self.numberings.into_iter().zip(FIRST_LIST..) {
            docx = docx
                .add_abstract_numbering(list)
                .add_numbering(Numbering::new(id, id));
        }
        for block in self.blocks {
            docx = match block {
                Block::Paragraph(paragraph) => docx.add_paragraph(*paragraph),
                Block::Table(table) => docx.add_table(*table),
            };
        }
        docx
    }
}

impl Block {
    fn paragraph(paragraph: Paragraph) -> Self {
        Self::Paragraph(Box::new(paragraph))
    }
}

/// How a list is numbered that is the `rank`th of its kind within others: "1.", "a)",
/// "i." in turn, or bullets.
fn numbering(depth: usize, rank: usize, ordered: bool) -> (&'static str, String) {
    let number = format!("%{}", depth + 1);
    match (ordered, rank % 3) {
        (true, 0) => ("decimal", format!("{number}.")),
        (true, 1) => ("lowerLetter", format!("{number})")),
        (true, _) => ("lowerRoman", format!("{number}.")),
        (false, 0) => ("bullet", "•".to_owned()),
        (false, _) => ("bullet", "–".to_owned()),
    }
}

fn level(depth: usize, first: usize, format: &str, text: &str, left: i32) -> Level {
    Level::new(
        depth,
        Start::new(first),
        NumberFormat::new(format),
        LevelText::new(text),
        LevelJc::new("left"),
    )
    .indent(
        Some(left),
        Some(SpecialIndentType::Hanging(LIST_INDENT)),
        None,
        None,
    )
}
