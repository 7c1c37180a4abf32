//! Finding fields, simple and complex, in each other (ECMA-376 part 1, 17.16.2, 17.16.18).

use std::ops::Range;

use super::instruction::Instruction;
use crate::merge::document::attribute::spans;
use crate::merge::document::scan::{Form, Kind, Region, Scan};

/// Stands for a field within the instruction of another, and in a paragraph's text for
/// what a field prints; nobody writes it, and it is not blank.
pub(super) const NESTED: char = '\u{fffc}';

/// Fields within fields; Word itself goes no deeper.
const DEPTH: usize = 20;

/// A field of Word.
#[derive(Debug)]
pub(super) struct Field {
    /// `w:fldSimple`, or the `w:fldChar` that begins it
    pub(super) begin: usize,
    /// `w:fldSimple`, or the `w:fldChar` behind which its result begins
    pub(super) separate: Option<usize>,
    /// `w:fldSimple`, or the `w:fldChar` that ends it
    pub(super) end: Option<usize>,
    /// its instruction as one text, within which other fields are [`NESTED`]
    pub(super) code: Region,
    /// what the instruction says, or why that is not to be understood
    pub(super) meaning: Result<Instruction, &'static str>,
    /// the elements that hold the instruction
    pub(super) texts: Vec<usize>,
    /// the fields within the instruction
    pub(super) operands: Vec<usize>,
    /// the fields within the result
    pub(super) results: Vec<usize>,
    /// the elements that hold the result where it is part of another's instruction
    pub(super) shown: Vec<usize>,
    /// where the instruction has got to
    paragraph: Option<usize>,
    /// where what holds the field ends: it cannot end behind that
    until: usize,
}

impl Field {
    pub(super) fn is_simple(&self) -> bool {
        self.end == Some(self.begin)
    }

    /// Reads on in a paragraph.
    fn enter_paragraph(&mut self, paragraph: Option<usize>) {
        if let Some(element) = paragraph.filter(|_| self.paragraph != paragraph) {
            self.code.push("\n", element, 0..0, Form::Whole);
        }
        self.paragraph = paragraph;
    }

    pub(super) fn text(&self, span: Range<usize>) -> &str {
        self.code.text.get(span).unwrap_or_default()
    }
}

/// The fields of a part.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) all: Vec<Field>,
    /// those that are in no other
    pub(super) roots: Vec<usize>,
}

impl Fields {
    /// The field that begins with an element, among some.
    pub(super) fn beginning(&self, with: usize, among: &[usize]) -> Option<usize> {
        let mut among = among.iter().copied();
        among.find(|index| self.all.get(*index).is_some_and(|f| f.begin == with))
    }
}

/// Finds the fields that these pieces make.
pub(super) fn find(codes: Vec<Region>, source: &str, scan: &Scan) -> Fields {
    let mut finder = Finder {
        source,
        scan,
        fields: Fields::default(),
        open: Vec::new(),
    };
    for code in codes {
        finder.read(code);
    }
    for field in &mut finder.fields.all {
        field.meaning = Instruction::read(&field.code.text);
    }
    finder.fields
}

struct Finder<'a> {
    source: &'a str,
    scan: &'a Scan,
    fields: Fields,
    open: Vec<usize>,
}

impl Finder<'_> {
    fn read(&mut self, code: Region) {
        let Some(element) = self.scan.elements.get(code.element) else {
            return;
        };
        let at = element.open.start;
        while self.top().is_some_and(|field| field.until <= at) {
            self.open.pop();
        }
        let index = code.element;
        match element.kind {
            Kind::Instruction => self.instruct(code),
            Kind::SimpleField => {
                let until = element.close.end;
                self.enter(code, until, Some(index));
            }
            _ => match self.type_of(index) {
                Some("begin") => {
                    let until = self.until(index);
                    self.enter(code, until, None);
                }
                Some("separate") => {
                    if let Some(field) = self.own(index) {
                        field.separate = field.separate.or(Some(index));
                    }
                }
                Some("end") => {
                    if let Some(field) = self.own(index) {
                        field.end = Some(index);
                        self.open.pop();
                    }
                }
                _ => {}
            },
        }
    }

    fn type_of(&self, element: usize) -> Option<&str> {
        let tag = self.scan.elements.get(element)?.open.clone();
        let tag = self.source.get(tag)?;
        let mut attributes = spans(tag).into_iter();
        let (_, value) = attributes.find(|(name, _)| name.ends_with("fldCharType"))?;
        tag.get(value)
    }

    /// Where the text box, cell, note that holds an element ends.
    fn until(&self, element: usize) -> usize {
        let story = self.scan.ancestor(element, |e| e.kind == Kind::Story);
        let story = story.and_then(|story| self.scan.elements.get(story));
        story.map_or(usize::MAX, |story| story.close.end)
    }

    fn top(&mut self) -> Option<&mut Field> {
        self.fields.all.get_mut(*self.open.last()?)
    }

    /// The field that this `w:fldChar` belongs to.
    fn own(&mut self, element: usize) -> Option<&mut Field> {
        let until = self.until(element);
        self.top()
            .filter(|field| !field.is_simple() && field.until == until)
    }

    /// Enters a field; `whole` is the element of a simple one.
    fn enter(&mut self, code: Region, until: usize, whole: Option<usize>) {
        let begin = code.element;
        let index = self.fields.all.len();
        let paragraph = self.paragraph(begin);
        let is_too_deep = self.open.len() >= DEPTH;
        match self.top() {
            // it is left as it is
            Some(_) if is_too_deep => {}
            Some(field) if field.separate.is_some() => field.results.push(index),
            Some(field) => {
                field.operands.push(index);
                field.enter_paragraph(paragraph);
                let nowhere = 0..0;
                let text = NESTED.to_string();
                field.code.push(&text, begin, nowhere, Form::Whole);
            }
            None => self.fields.roots.push(index),
        }
        self.open.push(index);
        self.fields.all.push(Field {
            begin,
            separate: whole,
            end: whole,
            code,
            meaning: Ok(Instruction::Other),
            texts: Vec::new(),
            operands: Vec::new(),
            results: Vec::new(),
            shown: Vec::new(),
            paragraph,
            until,
        });
    }

    /// Reads a `w:instrText`.
    fn instruct(&mut self, code: Region) {
        let element = code.element;
        let paragraph = self.paragraph(element);
        let Some(field) = self.top() else { return };
        if field.separate.is_some() {
            field.shown.push(element);
            return;
        }
        field.texts.push(element);
        field.enter_paragraph(paragraph);
        for chunk in code.chunks {
            let text = code.text.get(chunk.text).unwrap_or_default();
            field.code.push(text, element, chunk.source, chunk.form);
        }
    }

    fn paragraph(&self, of: usize) -> Option<usize> {
        self.scan.ancestor(of, |e| e.kind == Kind::Paragraph)
    }
}
