//! Writing the edits that merge fields.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Hidden;
use super::find::{Field, Fields};
use super::gap::{Edge, Gap, Page};
use super::instruction::{Argument, Condition, Instruction, escapes};
use super::rows::Rows;
use crate::merge::Fault;
use crate::merge::document::layout::{Breaks, Edit, Piece, Slot};
use crate::merge::document::scan::{Chunk, Form, Home, Kind, Region, Scan};
use crate::merge::expression::{RECORDS, literal};
use crate::merge::mark::{Kind as MarkKind, OPENING};
use crate::merge::program::Mark;
use crate::merge::text::around;

const ENDLESS: &str = "ein Feld endet nirgends; fügen Sie es neu ein";
const SCATTERED: &str = "ein Feld beginnt und endet an Stellen, die nicht zusammengehören; fügen Sie es in einem Absatz neu ein";

/// Where a field prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// among the runs of a paragraph
    Text,
    /// among what an IF field prints, which stands as instruction till it is merged
    Branch,
    /// within the instruction of a field that stays
    Instruction,
}

pub(super) struct Writer<'a> {
    part: &'a str,
    page: Page<'a>,
    fields: &'a Fields,
    strict: bool,
    /// the regions of paragraphs
    paragraphs: BTreeMap<usize, &'a Region>,
    pub(super) edits: Vec<Edit>,
    pub(super) rows: Rows,
    /// further texts with marks, and their paragraphs
    pub(super) regions: Vec<(usize, Region)>,
    pub(super) hidden: Vec<Hidden>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        part: &'a str,
        source: &'a str,
        scan: &'a Scan,
        fields: &'a Fields,
        strict: bool,
        faults: &'a mut Vec<Fault>,
    ) -> Self {
        let paragraphs = scan.regions.iter();
        let paragraphs = paragraphs.filter(|region| region.home == Home::Paragraph);
        Self {
            part,
            page: Page { source, scan },
            fields,
            strict,
            paragraphs: paragraphs.map(|region| (region.element, region)).collect(),
            edits: Vec::new(),
            rows: Rows::default(),
            regions: Vec::new(),
            hidden: Vec::new(),
            faults,
        }
    }

    pub(super) fn write(&mut self) {
        for root in &self.fields.roots {
            self.field(*root, Place::Text);
        }
        // strict rules prove that every field is a text, which knows no records
        if !self.strict {
            self.repeat();
        }
    }

    fn field(&mut self, index: usize, place: Place) {
        let Some(field) = self.fields.all.get(index) else {
            return;
        };
        let written = match &field.meaning {
            _ if field.end.is_none() => Err(ENDLESS),
            Err(problem) => Err(*problem),
            Ok(Instruction::Other) => Ok(false),
            Ok(Instruction::If(condition, branches))
                if !field.is_simple() && place != Place::Instruction =>
            {
                self.branches(field, condition, branches)
            }
            Ok(meaning) => self.value(index, field, meaning, place),
        };
        match written {
            Ok(true) => return,
            Err(problem) if self.strict => {
                let mark = self.mark(field, MarkKind::Comment, String::new());
                self.faults.push(mark.fault(problem));
            }
            _ => {}
        }
        self.keep(field, place);
    }

    /// Leaves a field as it is, but for the marks and fields within it.
    fn keep(&mut self, field: &Field, place: Place) {
        let (inside, paragraph) = (&field.code, self.paragraph(field.begin));
        if let (Some(paragraph), true) = (paragraph, inside.text.contains(OPENING)) {
            let is_link = inside.text.trim_start().starts_with("HYPERLINK");
            let home = if is_link {
                Home::Target
            } else {
                Home::Instruction
            };
            let mut region = self.region(paragraph, home);
            region.push_part(inside, 0..inside.text.len());
            self.regions.push((paragraph, region));
        }
        let ends = field.end.is_some();
        for operand in &field.operands {
            self.field(*operand, if ends { Place::Instruction } else { place });
        }
        for result in &field.results {
            self.field(*result, place);
        }
        if place == Place::Branch {
            self.show(&field.shown);
        }
    }

    /// Puts a value in the place of a field. Says whether there is one.
    fn value(
        &mut self,
        index: usize,
        field: &Field,
        meaning: &Instruction,
        place: Place,
    ) -> Result<bool, &'static str> {
        let Some(code) = self.fields.expression(index) else {
            return Ok(false);
        };
        let gap = match self.page.element(field.begin) {
            Some(element) if field.is_simple() => Gap {
                span: element.whole(),
                anchors: self.page.anchors(&element.whole()),
                close: String::new(),
                open: String::new(),
            },
            _ => {
                let (left, right) = self.page.extent(field).ok_or(SCATTERED)?;
                self.page.gap(left, right).ok_or(SCATTERED)?
            }
        };
        let pieces = match meaning {
            Instruction::SkipIf => Vec::new(),
            Instruction::Next | Instruction::NextIf(_) if self.strict => Vec::new(),
            Instruction::Next | Instruction::NextIf(_) => {
                let mark = self.mark(field, MarkKind::Print, code);
                vec![Piece::Mark(Box::new(mark), Slot::Plain)]
            }
            _ => self.run(field, code, place),
        };
        self.cut(gap, field.begin, pieces);
        Ok(true)
    }

    /// A run with the value of a field.
    fn run(&self, field: &Field, code: String, place: Place) -> Vec<Piece> {
        let w = self.page.prefix(field.begin);
        let format = self.model(field).map_or("", |run| self.page.format(run));
        let mark = Box::new(self.mark(field, MarkKind::Print, code));
        let (text, slot) = if place == Place::Instruction {
            ("instrText", Slot::Instruction)
        } else {
            let paragraph = self.page.element(field.begin).and_then(|begin| {
                let run = self.page.element(begin.parent?)?;
                let parent = if field.is_simple() {
                    begin.parent
                } else {
                    run.parent
                };
                parent.filter(|parent| self.paragraphs.contains_key(parent))
            });
            let paragraph =
                paragraph.map(|paragraph| self.page.scan.properties(self.page.source, paragraph));
            ("t", Slot::Word(Box::new(Breaks::new(w, format, paragraph))))
        };
        vec![
            Piece::Markup(format!(r#"<{w}r>{format}<{w}{text} xml:space="preserve">"#)),
            Piece::Mark(mark, slot),
            Piece::Markup(format!("</{w}{text}></{w}r>")),
        ]
    }

    /// The run whose format a value takes.
    fn model(&self, field: &Field) -> Option<usize> {
        let (page, elements) = (self.page, &self.page.scan.elements);
        let run_of = |text| {
            page.scan
                .ancestor(text, |element| element.kind == Kind::Run)
        };
        let result = || {
            let behind = page.element(field.separate?)?;
            let from = if field.is_simple() {
                behind.open.end
            } else {
                behind.close.end
            };
            let end = page.element(field.end?)?.close.start;
            let first = elements.partition_point(|element| element.open.start < from);
            let mut inside = elements.iter().enumerate().skip(first);
            let (text, _) = inside
                .by_ref()
                .take_while(|(_, element)| element.open.start < end)
                .find(|(_, e)| matches!(e.kind, Kind::Text | Kind::Instruction))?;
            run_of(text)
        };
        let instruction = || {
            let mut chunks = field.code.chunks.iter();
            let first = chunks.find(|chunk| !field.text(chunk.text.clone()).trim().is_empty())?;
            run_of(first.element)
        };
        let keeps_format = field.is_simple()
            || matches!(&field.meaning, Ok(Instruction::MergeField(merged)) if merged.keeps_format);
        let result = if keeps_format { result() } else { None };
        result.or_else(instruction)
    }

    /// Puts the branches of an IF field in its place.
    fn branches(
        &mut self,
        field: &Field,
        condition: &Condition,
        branches: &[Argument],
    ) -> Result<bool, &'static str> {
        let Some(test) = self.fields.condition(field, condition) else {
            return Ok(false);
        };
        let (mut left, end) = self.page.extent(field).ok_or(SCATTERED)?;
        let mut gaps = Vec::new();
        let mut statements = Vec::new();
        for (branch, code) in branches
            .iter()
            .zip([format!("if {test}"), "else".to_owned()])
        {
            statements.push(code);
            let (first, last) = self.kept(field, branch).ok_or(SCATTERED)?;
            if first.at < last.at {
                let gap = self.page.gap(left, first).ok_or(SCATTERED)?;
                gaps.push((gap, left.run, std::mem::take(&mut statements)));
                left = last;
            }
        }
        if !branches.is_empty() {
            statements.push("endif".to_owned());
        }
        let gap = self.page.gap(left, end).ok_or(SCATTERED)?;
        gaps.push((gap, left.run, statements));
        for (gap, run, statements) in gaps {
            let mark = |code| self.mark(field, MarkKind::Block, code);
            let marks = statements.into_iter().map(mark);
            let pieces = marks.map(|mark| Piece::Mark(Box::new(mark), Slot::Plain));
            let pieces = pieces.collect();
            self.cut(gap, run, pieces);
        }
        self.show(&field.texts);
        for branch in branches {
            self.branch(field, branch);
        }
        Ok(true)
    }

    /// The edges of what an IF field prints.
    fn kept(&self, field: &Field, branch: &Argument) -> Option<(Edge, Edge)> {
        let nested = |chunk: &_| self.nested(field, chunk);
        let edge = |at, behind| self.page.edge(field, at, behind, nested);
        let text = field.text(0..branch.text.start);
        let before = text.chars().next_back().map_or(0, char::len_utf8);
        let inner = field.text(branch.text.clone());
        let last = inner.chars().next_back().map_or(0, char::len_utf8);
        Some(match branch.quoted {
            true => (
                edge(branch.text.start - before, true)?,
                edge(branch.text.end, false)?,
            ),
            false => (
                edge(branch.text.start, false)?,
                edge(branch.text.end - last, true)?,
            ),
        })
    }

    /// What an IF field prints: marks and fields within it are merged, too.
    fn branch(&mut self, field: &Field, branch: &Argument) {
        let escapes: Vec<usize> = match branch.quoted {
            true => escapes(field.text(branch.text.clone())).collect(),
            false => Vec::new(),
        };
        let mut rest = branch.text.start;
        let mut parts = Vec::new();
        for escape in escapes {
            let at = branch.text.start + escape;
            let backslash = at..at + 1;
            let chunks = field.code.chunks_within(&backslash);
            self.edits
                .extend(chunks.map(|chunk| chunk.cut(&backslash, Vec::new())));
            parts.push(rest..at);
            rest = backslash.end;
        }
        parts.push(rest..branch.text.end);
        if let Some(paragraph) = self.paragraph(field.begin) {
            let mut region = self.region(paragraph, Home::Branch);
            for part in parts {
                region.push_part(&field.code, part);
            }
            self.regions.push((paragraph, region));
        }
        let operands: Vec<usize> = self.fields.operands_within(field, branch).collect();
        for operand in operands {
            self.field(operand, Place::Branch);
        }
    }

    /// Makes plain text of what stood as instruction; what of it goes with a stretch that
    /// is cut out goes with that.
    fn show(&mut self, texts: &[usize]) {
        for text in texts {
            let Some(element) = self.page.element(*text) else {
                continue;
            };
            let w = self.page.prefix(*text);
            let mut replace = |span, markup: String| {
                let pieces = vec![Piece::Markup(markup)];
                self.edits.push(Edit { span, pieces });
            };
            if element.close.is_empty() {
                replace(element.whole(), String::new());
                continue;
            }
            replace(
                element.open.clone(),
                format!(r#"<{w}t xml:space="preserve">"#),
            );
            replace(element.close.clone(), format!("</{w}t>"));
        }
    }

    /// Cuts a stretch out that begins with an element, and puts pieces in its place.
    fn cut(&mut self, gap: Gap, element: usize, pieces: Vec<Piece>) {
        let mut all = vec![Piece::Markup(gap.close), Piece::Markup(gap.anchors)];
        all.extend(pieces);
        all.push(Piece::Markup(gap.open));
        if let Some(paragraph) = self.paragraph(element) {
            self.hidden.push(Hidden {
                span: gap.span.clone(),
                element,
                paragraph,
            });
        }
        self.edits.push(Edit {
            span: gap.span,
            pieces: all,
        });
    }

    /// Repeats the rows of tables with fields, and has the labels go through their records.
    fn repeat(&mut self) {
        let of = |element, kind| self.page.scan.ancestor(element, |e| e.kind == kind);
        let fields = || self.fields.all.iter().filter(|field| field.end.is_some());
        let is_next = |field: &&Field| {
            matches!(
                field.meaning,
                Ok(Instruction::Next | Instruction::NextIf(_))
            )
        };
        let nexts = || fields().filter(is_next);
        let labels: BTreeSet<_> = nexts().map(|field| of(field.begin, Kind::Table)).collect();
        let mut rows = Rows::default();
        let mut names = Vec::new();
        for field in fields() {
            let Some(name) = field.name().as_deref().map(literal) else {
                continue;
            };
            if let Some(row) = of(field.begin, Kind::Row)
                && !labels.contains(&of(field.begin, Kind::Table))
            {
                let mark = || self.mark(field, MarkKind::Block, String::new());
                rows.add(row, &name, mark);
            }
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if let (Some(next), Some(root)) = (nexts().next(), self.page.element(0)) {
            let code = format!("{RECORDS}({})", names.join(", "));
            let mark = self.mark(next, MarkKind::Print, code);
            self.edits.push(Edit {
                span: root.open.end..root.open.end,
                pieces: vec![Piece::Mark(Box::new(mark), Slot::Plain)],
            });
        }
        self.rows = rows;
    }

    /// The edges of a field that stands for a character in the instruction of another.
    fn nested(&self, field: &Field, chunk: &Chunk) -> Option<(Edge, Edge)> {
        let nested = self.fields.beginning(chunk.element, &field.operands)?;
        self.page.extent(self.fields.all.get(nested)?)
    }

    fn paragraph(&self, of: usize) -> Option<usize> {
        let paragraph = self.page.scan.ancestor(of, |e| e.kind == Kind::Paragraph)?;
        self.paragraphs
            .contains_key(&paragraph)
            .then_some(paragraph)
    }

    fn region(&self, paragraph: usize, home: Home) -> Region {
        let place = self.paragraphs.get(&paragraph);
        let place = place.map(|region| region.place.clone()).unwrap_or_default();
        Region::new(home, paragraph, place)
    }

    /// A mark in the place of a field; the text around it is what Word shows.
    fn mark(&self, field: &Field, kind: MarkKind, code: String) -> Mark {
        let region = self.paragraph(field.begin);
        let region = region.and_then(|paragraph| self.paragraphs.get(&paragraph));
        let Some((region, begin)) = region.zip(self.page.element(field.begin)) else {
            return Mark {
                kind,
                code,
                place: self.part.to_owned(),
                around: String::new(),
            };
        };
        let end = field.end.and_then(|end| self.page.element(end));
        let end = end.map_or(begin.open.end, |end| end.close.end);
        let text_at = |at| {
            let next = region
                .chunks
                .partition_point(|chunk| chunk.source.start < at);
            let next = region.chunks.get(next);
            next.map_or(region.text.len(), |chunk| chunk.text.start)
        };
        let mut text = region.text.clone();
        let mut span = text_at(begin.open.start)..text_at(end);
        if span.is_empty() {
            let code = format!("{{{}}}", field.code.text);
            text.insert_str(span.start, &code);
            span.end += code.len();
        }
        Mark {
            kind,
            code,
            place: region.place_in(self.part),
            around: around(&text, span),
        }
    }
}

impl Region {
    /// Adds a part of another text.
    fn push_part(&mut self, of: &Region, span: Range<usize>) {
        for chunk in of.chunks_within(&span) {
            let start = span.start.max(chunk.text.start);
            let end = span.end.min(chunk.text.end);
            let text = of.text.get(start..end).unwrap_or_default();
            let source = match chunk.form {
                Form::Whole => chunk.source.clone(),
                _ => {
                    let offset = start - chunk.text.start;
                    let from = chunk.source.start + offset;
                    from..from + text.len()
                }
            };
            match chunk.form {
                _ if text.is_empty() => {}
                Form::Verbatim if self.home == Home::Target => {
                    self.push_escaped(text, chunk.element, source.start);
                }
                form => self.push(text, chunk.element, source, form),
            }
        }
    }
}
