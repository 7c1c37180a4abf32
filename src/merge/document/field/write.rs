//! Writing the edits that merge fields.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Hidden;
use super::find::{Field, Fields};
use super::gap::{Gap, Page};
use super::instruction::Instruction;
use super::rows::Rows;
use crate::merge::Fault;
use crate::merge::document::layout::{Breaks, Edit, Piece, Slot};
use crate::merge::document::scan::{Home, Kind, Region, Scan};
use crate::merge::expression::{RECORDS, literal};
use crate::merge::mark::Kind as MarkKind;
use crate::merge::program::Mark;
use crate::merge::text::around;

const ENDLESS: &str = "ein Feld endet nirgends; fügen Sie es neu ein";
pub(super) const SCATTERED: &str = "ein Feld beginnt und endet an Stellen, die nicht zusammengehören; fügen Sie es in einem Absatz neu ein";

/// Where a field prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// among the runs of a paragraph
    Text,
    /// among what an IF field prints, which stands as instruction till it is merged
    Branch,
    /// within the instruction of a field that stays
    Instruction,
    /// within that of a link
    Link,
}

impl Place {
    /// How a value is written within an instruction.
    fn slot(self) -> Option<Slot> {
        match self {
            Self::Text | Self::Branch => None,
            Self::Instruction => Some(Slot::Instruction),
            Self::Link => Some(Slot::Target),
        }
    }
}

pub(super) struct Writer<'a> {
    part: &'a str,
    pub(super) page: Page<'a>,
    pub(super) fields: &'a Fields,
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

    pub(super) fn field(&mut self, index: usize, place: Place) {
        let Some(field) = self.fields.all.get(index) else {
            return;
        };
        let written = match &field.meaning {
            _ if field.end.is_none() => Err(ENDLESS),
            Err(problem) => Err(*problem),
            Ok(Instruction::Link | Instruction::Other) => Ok(false),
            Ok(Instruction::If(condition, branches))
                if !field.is_simple() && place.slot().is_none() =>
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
        let code = &field.code;
        let is_link = field.meaning == Ok(Instruction::Link);
        let (home, inside) = match field.end {
            None => (Home::Instruction, place),
            Some(_) if is_link => (Home::Target, Place::Link),
            Some(_) => (Home::Instruction, Place::Instruction),
        };
        if let Some(paragraph) = self.paragraph(field.begin) {
            let mut region = self.region(paragraph, home);
            region.push_part(code, 0..code.text.len());
            self.regions.push((paragraph, region));
        }
        for operand in &field.operands {
            self.field(*operand, inside);
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
                level: Vec::new(),
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
        let (text, slot) = match place.slot() {
            Some(slot) => ("instrText", slot),
            None => {
                let paragraph = self.divisible(field);
                let properties = |of| self.page.scan.properties(self.page.source, of);
                let breaks = Breaks::new(w, format, paragraph.map(properties));
                ("t", Slot::Word(Box::new(breaks)))
            }
        };
        vec![
            Piece::Markup(format!(r#"<{w}r>{format}<{w}{text} xml:space="preserve">"#)),
            Piece::Mark(mark, slot),
            Piece::Markup(format!("</{w}{text}></{w}r>")),
        ]
    }

    /// The paragraph of a field, if nothing but it holds the field's runs.
    fn divisible(&self, field: &Field) -> Option<usize> {
        let mut parent = self.page.element(field.begin)?.parent?;
        if !field.is_simple() {
            parent = self.page.element(parent)?.parent?;
        }
        self.paragraphs.contains_key(&parent).then_some(parent)
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
            let (text, _) = elements
                .iter()
                .enumerate()
                .skip(first)
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

    /// Cuts a stretch out that begins with an element, and puts pieces in its place.
    pub(super) fn cut(&mut self, gap: Gap, element: usize, pieces: Vec<Piece>) {
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

    pub(super) fn paragraph(&self, of: usize) -> Option<usize> {
        let paragraph = self.page.scan.ancestor(of, |e| e.kind == Kind::Paragraph)?;
        self.paragraphs
            .contains_key(&paragraph)
            .then_some(paragraph)
    }

    pub(super) fn region(&self, paragraph: usize, home: Home) -> Region {
        let place = self.paragraphs.get(&paragraph);
        let place = place.map(|region| region.spot.clone()).unwrap_or_default();
        Region::new(home, paragraph, place)
    }

    /// A mark in the place of a field; the text around it is what Word shows.
    pub(super) fn mark(&self, field: &Field, kind: MarkKind, code: String) -> Mark {
        let region = self.paragraph(field.begin);
        let region = region.and_then(|paragraph| self.paragraphs.get(&paragraph));
        let Some((region, begin)) = region.zip(self.page.element(field.begin)) else {
            return Mark {
                kind,
                code,
                place: self.part.into(),
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
        let mut text = Cow::Borrowed(&region.text);
        let mut span = text_at(begin.open.start)..text_at(end);
        if span.is_empty() {
            let code = format!("{{{}}}", field.code.text);
            text.to_mut().insert_str(span.start, &code);
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
