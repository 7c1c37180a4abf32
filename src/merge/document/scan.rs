//! Reading a part as a reader of the document sees it: paragraphs with their text,
//! however many runs it is spread over, and where each character stands in the XML.

mod spot;

use std::ops::Range;

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

use self::spot::Counts;
use super::attribute::{entity_text, home, spans};
use crate::merge::mark::OPENING;

/// Elements within elements; Word itself stays far below.
pub(super) const DEPTH: usize = 500;

/// What an element is to the merge (ECMA-376 part 1, 17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    Run,
    Text,
    /// text in drawings and formulas, which knows no line breaks
    PlainText,
    /// `w:pPr`, `w:rPr`
    Properties,
    /// what Word demands to end with a paragraph: cells, text boxes, notes, headers
    Story,
    Table,
    Row,
    Tab,
    Break,
    Hyphen,
    /// what tracked changes have deleted or moved away
    Deleted,
    Section,
    /// a content control
    Control,
    /// bookmarks and the like: ranges that may stand between paragraphs
    Anchor,
    /// `w:fldChar`: where a field begins, its result begins, it ends
    FieldChar,
    /// `w:instrText`
    Instruction,
    /// `w:fldSimple`
    SimpleField,
    /// what Word notes for itself: spelling, page breaks as last laid out
    Note,
    Other,
}

/// An element and its place in the XML.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) kind: Kind,
    /// the start tag, or the whole of an empty element
    pub(super) open: Range<usize>,
    /// the end tag; empty behind an empty element
    pub(super) close: Range<usize>,
    pub(super) parent: Option<usize>,
    /// whether this is a table cell, which is a story
    pub(super) is_cell: bool,
    /// the prefix of its name, with the colon
    pub(super) prefix: Range<usize>,
}

impl Element {
    pub(super) fn whole(&self) -> Range<usize> {
        self.open.start..self.close.end
    }
}

/// How a piece of text stands in the XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// letter by letter
    Verbatim,
    /// letter by letter within CDATA
    Cdata,
    /// as one entity, or as an element of its own
    Whole,
}

/// A piece of a region's text.
#[derive(Debug)]
pub(super) struct Chunk {
    /// the element it stands in
    pub(super) element: usize,
    pub(super) source: Range<usize>,
    /// where it stands in the region's text
    pub(super) text: Range<usize>,
    pub(super) form: Form,
}

/// What kind of text a region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    Paragraph,
    /// the text of an element that is no paragraph (document properties)
    Element,
    Attribute,
    /// an attribute that holds a URI
    Target,
    /// the instruction of a field
    Instruction,
    /// what a field's instruction has it print
    Branch,
}

/// Text within which a mark may stand.
#[derive(Debug)]
pub(super) struct Region {
    pub(super) home: Home,
    /// the paragraph, or the element that holds the text
    pub(super) element: usize,
    pub(super) text: String,
    pub(super) chunks: Vec<Chunk>,
    /// whether it holds more than text: pictures, fields, notes, a section's end
    pub(super) solid: bool,
    pub(super) spot: Spot,
}

/// Where a region stands in its part.
#[derive(Debug, Clone, Default)]
pub(super) struct Spot {
    /// "Absatz 3", "Tabelle 1, Zeile 2, Zelle 1", "Absatz 3, Textfeld", "Nr. 2" of notes;
    /// empty outside of paragraphs
    pub(super) text: String,
    /// the number of its paragraph, as in [`crate::merge::Anchor`]
    pub(super) paragraph: Option<usize>,
}

/// A part, read.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub(super) elements: Vec<Element>,
    pub(super) regions: Vec<Region>,
    /// what fields are made of, in order, each with what it says of the instruction
    pub(super) codes: Vec<Region>,
}

impl Scan {
    /// The nearest element of a kind that holds this one.
    pub(super) fn ancestor(&self, of: usize, test: impl Fn(&Element) -> bool) -> Option<usize> {
        let mut next = self.elements.get(of)?.parent;
        while let Some(index) = next {
            let element = self.elements.get(index)?;
            if test(element) {
                return Some(index);
            }
            next = element.parent;
        }
        None
    }

    /// The text of a paragraph.
    pub(super) fn region_of(&self, paragraph: usize) -> Option<&Region> {
        let mut regions = self.regions.iter();
        regions.find(|region| region.home == Home::Paragraph && region.element == paragraph)
    }

    /// Reads a part; refuses XML that is not well-formed or declares entities.
    pub(super) fn read(source: &str) -> Result<Self, String> {
        let mut scanner = Scanner::new(source);
        let mut reader = NsReader::from_str(source);
        let mut start = 0;
        loop {
            let (namespace, event) = match reader.read_resolved_event() {
                Ok((namespace, event)) => (Vocabulary::of(&namespace), event),
                Err(failure) => return Err(format!("kein gültiges XML ({failure})")),
            };
            let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            if matches!(event, Event::Eof) {
                return scanner.finish();
            }
            scanner.event(namespace, &event, start..end)?;
            start = end;
        }
    }
}

/// The vocabularies whose text is merged, transitional and strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vocabulary {
    Word,
    Drawing,
    Formula,
    Other,
}

impl Vocabulary {
    pub(super) fn of(namespace: &ResolveResult<'_>) -> Self {
        match namespace {
            ResolveResult::Bound(Namespace(
                "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
                | "http://purl.oclc.org/ooxml/wordprocessingml/main",
            )) => Self::Word,
            ResolveResult::Bound(Namespace(
                "http://schemas.openxmlformats.org/drawingml/2006/main"
                | "http://purl.oclc.org/ooxml/drawingml/main",
            )) => Self::Drawing,
            ResolveResult::Bound(Namespace(
                "http://schemas.openxmlformats.org/officeDocument/2006/math"
                | "http://purl.oclc.org/ooxml/officeDocument/math",
            )) => Self::Formula,
            _ => Self::Other,
        }
    }

    fn kind(self, name: &str) -> Kind {
        match (self, name) {
            (Self::Word | Self::Drawing, "p") => Kind::Paragraph,
            (Self::Word | Self::Drawing | Self::Formula, "r") => Kind::Run,
            (Self::Word, "t") => Kind::Text,
            (Self::Drawing | Self::Formula, "t") => Kind::PlainText,
            (Self::Word | Self::Drawing, "pPr" | "rPr") => Kind::Properties,
            (
                Self::Word,
                "tc" | "txbxContent" | "hdr" | "ftr" | "footnote" | "endnote" | "comment",
            ) => Kind::Story,
            (Self::Word, "tbl") => Kind::Table,
            (Self::Word, "tr") => Kind::Row,
            (Self::Word, "tab") => Kind::Tab,
            (Self::Word, "br" | "cr") => Kind::Break,
            (Self::Word, "noBreakHyphen") => Kind::Hyphen,
            (Self::Word, "del" | "moveFrom") => Kind::Deleted,
            (Self::Word, "sectPr") => Kind::Section,
            (Self::Word, "sdt") => Kind::Control,
            (Self::Word, "fldChar") => Kind::FieldChar,
            (Self::Word, "instrText") => Kind::Instruction,
            (Self::Word, "fldSimple") => Kind::SimpleField,
            (Self::Word, "proofErr" | "lastRenderedPageBreak" | "softHyphen") => Kind::Note,
            (Self::Word, name) if is_anchor(name) => Kind::Anchor,
            _ => Kind::Other,
        }
    }
}

/// Range markup (ECMA-376 part 1, 17.13): EG_RangeMarkupElements and permissions.
pub(super) fn is_anchor(name: &str) -> bool {
    name.ends_with("RangeStart")
        || name.ends_with("RangeEnd")
        || matches!(
            name,
            "bookmarkStart" | "bookmarkEnd" | "permStart" | "permEnd"
        )
}

struct Scanner<'s> {
    source: &'s str,
    scan: Scan,
    /// the elements that are open
    open: Vec<usize>,
    /// the regions of the paragraphs that are open
    paragraphs: Vec<usize>,
    /// all of them
    paragraphs_begun: usize,
    counts: Counts,
    deleted: usize,
    properties: usize,
}

impl<'s> Scanner<'s> {
    fn new(source: &'s str) -> Self {
        Self {
            source,
            scan: Scan::default(),
            open: Vec::new(),
            paragraphs: Vec::new(),
            paragraphs_begun: 0,
            counts: Counts::default(),
            deleted: 0,
            properties: 0,
        }
    }

    fn finish(self) -> Result<Scan, String> {
        if self.open.is_empty() {
            Ok(self.scan)
        } else {
            Err("kein gültiges XML (es endet mittendrin)".to_owned())
        }
    }

    fn event(
        &mut self,
        namespace: Vocabulary,
        event: &Event<'_>,
        span: Range<usize>,
    ) -> Result<(), String> {
        match event {
            Event::Start(start) => {
                let index = self.element(namespace, start, span);
                self.enter(index);
                if self.open.len() > DEPTH {
                    return Err("das XML ist zu tief verschachtelt".to_owned());
                }
            }
            Event::Empty(start) => {
                let index = self.element(namespace, start, span);
                self.enter(index);
                self.leave();
            }
            Event::End(_) => {
                let open = self.open.last().copied();
                if let Some(element) = open.and_then(|index| self.scan.elements.get_mut(index)) {
                    element.close = span;
                }
                self.leave();
            }
            Event::Text(text) => {
                self.text(text.borrow().into_inner().as_ref(), span, Form::Verbatim)
            }
            Event::CData(text) => {
                const OPENING: usize = "<![CDATA[".len();
                const CLOSING: usize = "]]>".len();
                let inside = span.start + OPENING..span.end - CLOSING;
                self.text(text.borrow().into_inner().as_ref(), inside, Form::Cdata);
            }
            Event::GeneralRef(entity) => {
                let text = entity_text(entity.borrow().into_inner().as_ref())
                    .ok_or("das XML verwendet unbekannte Entitäten")?;
                self.text(&text, span, Form::Whole);
            }
            Event::DocType(_) => return Err("das XML enthält eine DTD".to_owned()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn element(
        &mut self,
        namespace: Vocabulary,
        start: &BytesStart<'_>,
        span: Range<usize>,
    ) -> usize {
        let name = start.local_name();
        let kind = namespace.kind(name.as_ref());
        let index = self.scan.elements.len();
        let prefix = start
            .name()
            .prefix()
            .map_or(0, |prefix| prefix.as_ref().len() + 1);
        self.scan.elements.push(Element {
            kind,
            close: span.end..span.end,
            open: span.clone(),
            parent: self.open.last().copied(),
            is_cell: kind == Kind::Story && name.as_ref() == "tc",
            prefix: span.start + 1..span.start + 1 + prefix,
        });
        self.attributes(index, span);
        index
    }

    fn enter(&mut self, index: usize) {
        let Some(element) = self.scan.elements.get(index) else {
            return;
        };
        let (kind, is_cell) = (element.kind, element.is_cell);
        let (span, start) = (element.open.clone(), element.prefix.end);
        let parent = self
            .open
            .last()
            .and_then(|parent| self.scan.elements.get(*parent));
        let in_run = parent.is_some_and(|parent| parent.kind == Kind::Run);
        self.open.push(index);
        match kind {
            Kind::Paragraph => self.enter_paragraph(index),
            Kind::Table => self.counts.enter_table(self.paragraphs.is_empty()),
            Kind::Row => self.counts.enter_row(),
            Kind::Story if is_cell => self.counts.enter_cell(),
            Kind::Story => {
                let tag = self.source.get(start..span.end);
                self.counts.enter_story(tag.unwrap_or_default());
            }
            Kind::Deleted => self.deleted += 1,
            Kind::Properties => self.properties += 1,
            Kind::Section => self.make_solid(),
            Kind::Tab if in_run => self.push("\t", index, span, Form::Whole),
            Kind::Hyphen if in_run => self.push("\u{2011}", index, span, Form::Whole),
            Kind::Break if in_run => {
                // a break to the next page or column is more than white space
                if self
                    .source
                    .get(span.clone())
                    .is_some_and(|tag| tag.contains("type="))
                {
                    self.make_solid();
                }
                self.push("\n", index, span, Form::Whole);
            }
            Kind::Other if in_run => self.make_solid(),
            Kind::FieldChar | Kind::Instruction | Kind::SimpleField => {
                self.make_solid();
                self.enter_code(index, span);
            }
            _ => {}
        }
    }

    /// Notes a piece of a field, unless it is deleted.
    fn enter_code(&mut self, index: usize, span: Range<usize>) {
        if self.deleted > 0 {
            return;
        }
        let mut code = Region::new(Home::Instruction, index, Spot::default());
        let tag = self.source.get(span.clone()).unwrap_or_default();
        let instruction = spans(tag)
            .into_iter()
            .find(|(name, _)| name.rsplit(':').next() == Some("instr"));
        if let Some((_, value)) = instruction {
            let raw = tag.get(value.clone()).unwrap_or_default();
            code.push_escaped(raw, index, span.start + value.start);
        }
        self.scan.codes.push(code);
    }

    fn enter_paragraph(&mut self, index: usize) {
        let outer = self.paragraphs.last();
        let outer = outer.and_then(|index| self.scan.regions.get(*index));
        let text = self
            .counts
            .spot(outer.map(|outer| outer.spot.text.as_str()));
        self.paragraphs.push(self.scan.regions.len());
        let spot = Spot {
            text,
            paragraph: Some(self.paragraphs_begun),
        };
        self.paragraphs_begun += 1;
        self.scan
            .regions
            .push(Region::new(Home::Paragraph, index, spot));
    }

    fn leave(&mut self) {
        let left = self
            .open
            .pop()
            .and_then(|index| self.scan.elements.get(index));
        match left.map(|element| element.kind) {
            Some(Kind::Paragraph) => {
                self.paragraphs.pop();
            }
            Some(Kind::Table) => self.counts.leave_table(),
            Some(Kind::Deleted) => self.deleted -= 1,
            Some(Kind::Properties) => self.properties -= 1,
            _ => {}
        }
    }

    /// The paragraph holds more than text.
    fn make_solid(&mut self) {
        let region = self
            .paragraphs
            .last()
            .and_then(|index| self.scan.regions.get_mut(*index));
        if let Some(region) = region {
            region.solid = true;
        }
    }

    /// Character data: the text of a paragraph, or of another element that may hold marks.
    fn text(&mut self, text: &str, span: Range<usize>, form: Form) {
        let Some(index) = self.open.last().copied() else {
            return;
        };
        let Some(element) = self.scan.elements.get(index) else {
            return;
        };
        match element.kind {
            Kind::Text | Kind::PlainText if !self.paragraphs.is_empty() => {
                self.push(text, index, span, form);
            }
            Kind::Instruction => {
                let code = self.scan.codes.last_mut();
                if let Some(code) = code.filter(|code| code.element == index) {
                    code.push(text, index, span, form);
                }
            }
            Kind::Other if self.paragraphs.is_empty() => {
                let same =
                    |region: &Region| region.home == Home::Element && region.element == index;
                if !self.scan.regions.last().is_some_and(same) {
                    self.scan
                        .regions
                        .push(Region::new(Home::Element, index, Spot::default()));
                }
                if let Some(region) = self.scan.regions.last_mut() {
                    region.push(text, index, span, form);
                }
            }
            _ => {}
        }
    }

    /// Adds text to the paragraph that is open.
    fn push(&mut self, text: &str, element: usize, span: Range<usize>, form: Form) {
        if self.deleted > 0 || self.properties > 0 {
            return;
        }
        let region = self
            .paragraphs
            .last()
            .and_then(|index| self.scan.regions.get_mut(*index));
        if let Some(region) = region {
            region.push(text, element, span, form);
        }
    }

    /// Attributes that are text: alternative texts, targets of links.
    fn attributes(&mut self, element: usize, span: Range<usize>) {
        let tag = self.source.get(span.clone()).unwrap_or_default();
        if !tag.contains(OPENING) {
            return;
        }
        let within = self.scan.elements.get(element);
        let start = within.map_or(0, |within| within.prefix.end - span.start);
        for (name, value) in spans(tag) {
            let Some(home) = home(tag.get(start..).unwrap_or_default(), name) else {
                continue;
            };
            let place = self
                .paragraphs
                .last()
                .and_then(|index| self.scan.regions.get(*index));
            let spot = place.map(|region| region.spot.clone()).unwrap_or_default();
            let mut region = Region::new(home, element, spot);
            let start = span.start + value.start;
            let raw = tag.get(value).unwrap_or_default();
            region.push_escaped(raw, element, start);
            self.scan.regions.push(region);
        }
    }
}

impl Region {
    pub(super) fn new(home: Home, element: usize, spot: Spot) -> Self {
        Self {
            home,
            element,
            text: String::new(),
            chunks: Vec::new(),
            solid: false,
            spot,
        }
    }

    pub(super) fn push(&mut self, text: &str, element: usize, source: Range<usize>, form: Form) {
        let start = self.text.len();
        self.text.push_str(text);
        self.chunks.push(Chunk {
            element,
            source,
            text: start..self.text.len(),
            form,
        });
    }
}
