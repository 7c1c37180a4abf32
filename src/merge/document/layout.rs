//! What is cut out of a part and put into it: marks, and what disappears with them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::control;
use super::field::Merged;
use super::join;
use super::levels::{self, Placed};
use super::scan::{Chunk, Element, Form, Home, Kind, Region, Scan};
use crate::merge::mark::Level;
use crate::merge::text::around;
use crate::merge::{Fault, Rules, mark::Kind as MarkKind, program::Mark, xml};

/// A part in pieces: its XML without marks, and where they go.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// the XML without its marks
    pub(super) skeleton: String,
    /// in order of their places
    pub(super) cuts: Vec<Cut>,
}

/// A place at which the XML is cut.
#[derive(Debug)]
pub(super) struct Cut {
    /// where in the skeleton
    pub(super) at: usize,
    pub(super) mark: Mark,
    /// how a value is written here
    pub(super) slot: Slot,
}

/// How a value is written at a place.
#[derive(Debug, Clone)]
pub(super) enum Slot {
    /// within `w:t`: line breaks and tabs have elements of their own
    Word(Box<Breaks>),
    /// anywhere else
    Plain,
    /// within a URI
    Target,
    /// within the instruction of a field: no quotation mark may end a word of it
    Instruction,
}

/// The XML for what is no plain character.
#[derive(Debug, Clone)]
pub(super) struct Breaks {
    pub(super) line: String,
    pub(super) tab: String,
    pub(super) page: String,
    /// as docxtpl: U+0007 begins a new paragraph like this one
    pub(super) paragraph: String,
}

/// A change to the XML: a span and what comes instead of it.
#[derive(Debug)]
pub(super) struct Edit {
    pub(super) span: Range<usize>,
    pub(super) pieces: Vec<Piece>,
}

/// What an edit puts in.
#[derive(Debug)]
pub(super) enum Piece {
    /// XML as it is
    Markup(String),
    /// a mark, and how its value is written there
    Mark(Box<Mark>, Slot),
}

/// Lays out a part; the skeleton of a part without marks is empty. Marks that are never closed are faults.
pub(super) fn lay_out(
    part: &str,
    source: &str,
    scan: &Scan,
    rules: &Rules,
    fields: Merged,
    faults: &mut Vec<Fault>,
) -> Layout {
    let placed = levels::place_marks(part, scan, rules, faults);
    let mut edits = control::fill(part, source, scan, rules, &placed);
    edits.extend(fields.edits);
    if placed.is_empty() && edits.is_empty() {
        return Layout::default();
    }
    // repeated rows lie within whatever blocks of the author's begin and end with them
    let (begins, ends) = fields.rows.edits(scan, &placed);
    let mut planner = Planner {
        part,
        source,
        scan,
        rules,
        placed,
        edits: ends.into_iter().chain(edits).collect(),
        touched: BTreeSet::new(),
    };
    planner
        .edits
        .extend(join::edits(source, scan, &planner.placed));
    planner.remove_elements();
    planner.dress_cells();
    planner.cut_text();
    planner.edits.extend(begins);
    planner.apply()
}

impl Layout {
    /// Applies the edits in order; what lies within a removed element goes with it.
    pub(super) fn of(source: &str, mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|edit| {
            // what is only put in comes before what goes there
            let goes = !edit.span.is_empty();
            (edit.span.start, goes, std::cmp::Reverse(edit.span.end))
        });
        let mut layout = Self::default();
        let mut rest = 0;
        for edit in edits {
            if edit.span.start < rest {
                continue;
            }
            layout
                .skeleton
                .push_str(source.get(rest..edit.span.start).unwrap_or_default());
            rest = edit.span.end;
            for piece in edit.pieces {
                match piece {
                    Piece::Markup(markup) => layout.skeleton.push_str(&markup),
                    Piece::Mark(mark, slot) => layout.cuts.push(Cut {
                        at: layout.skeleton.len(),
                        mark: *mark,
                        slot,
                    }),
                }
            }
        }
        layout
            .skeleton
            .push_str(source.get(rest..).unwrap_or_default());
        layout
    }
}

pub(super) struct Planner<'a> {
    part: &'a str,
    pub(super) source: &'a str,
    pub(super) scan: &'a Scan,
    rules: &'a Rules,
    pub(super) placed: Vec<Placed>,
    pub(super) edits: Vec<Edit>,
    /// the elements whose text has been cut
    touched: BTreeSet<usize>,
}

impl Planner<'_> {
    /// Removes the elements that go with their marks, and puts the marks in their place.
    fn remove_elements(&mut self) {
        let mut removed: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, placed) in self.placed.iter().enumerate() {
            if let Some(element) = placed.target {
                removed.entry(element).or_default().push(number);
            }
        }
        for (element, numbers) in removed {
            let Some(span) = self
                .scan
                .elements
                .get(element)
                .map(|element| element.whole())
            else {
                continue;
            };
            if self.surrounds(&numbers) {
                self.surround(span, &numbers);
                continue;
            }
            let anchors = self.scan.anchors_within(self.source, element);
            let marks = numbers.iter().filter_map(|number| self.mark(*number));
            let mut pieces: Vec<Piece> = marks.collect();
            let closes = numbers
                .first()
                .is_some_and(|number| self.closes_block(*number));
            let at = if closes { pieces.len() } else { 0 };
            pieces.insert(at, Piece::Markup(anchors));
            self.edits.push(Edit { span, pieces });
        }
    }

    fn closes_block(&self, number: usize) -> bool {
        self.code(number)
            .trim_start()
            .to_lowercase()
            .starts_with("end")
    }

    /// Cuts the marks out of the text they stand in.
    fn cut_text(&mut self) {
        for number in 0..self.placed.len() {
            let Some(placed) = self.placed.get(number).filter(|p| p.target.is_none()) else {
                continue;
            };
            let pieces = match placed.found.kind {
                MarkKind::Literal(plain) => {
                    vec![Piece::Markup(xml::escape(plain).into_owned())]
                }
                MarkKind::Cell if self.cell_of(placed).is_some() => {
                    self.cut_with_run(number);
                    continue;
                }
                _ if placed.level == Level::Run => self.between_runs(number),
                _ => self.mark(number).into_iter().collect(),
            };
            self.cut(number, pieces);
        }
        let touched = std::mem::take(&mut self.touched).into_iter();
        let (scan, source) = (self.scan, self.source);
        self.edits
            .extend(touched.filter_map(|element| scan.preserve_space(source, element)));
    }

    /// Cuts a mark out of its text.
    pub(super) fn cut(&mut self, number: usize, mut pieces: Vec<Piece>) {
        let Some(placed) = self.placed.get(number) else {
            return;
        };
        let Some(region) = self.scan.regions.get(placed.region) else {
            return;
        };
        let span = placed.found.span.clone();
        for chunk in region.chunks_within(&span) {
            self.edits
                .push(chunk.cut(&span, std::mem::take(&mut pieces)));
            self.touched.insert(chunk.element);
        }
    }

    fn apply(self) -> Layout {
        Layout::of(self.source, self.edits)
    }

    pub(super) fn mark(&self, number: usize) -> Option<Piece> {
        let placed = self.placed.get(number)?;
        let region = self.scan.regions.get(placed.region)?;
        let code = self.code(number);
        let (kind, code) = match placed.found.kind {
            MarkKind::Quoted => (MarkKind::Print, self.rules.quoted_field(code)?),
            kind => (kind, code.to_owned()),
        };
        self.mark_saying(number, kind, code, self.slot(region, placed))
    }

    /// A mark that says what another one means.
    pub(super) fn mark_saying(
        &self,
        number: usize,
        kind: MarkKind,
        code: String,
        slot: Slot,
    ) -> Option<Piece> {
        let placed = self.placed.get(number)?;
        let region = self.scan.regions.get(placed.region)?;
        let mark = Mark {
            kind,
            code,
            place: region.place_in(self.part),
            around: around(&region.text, placed.found.span.clone()),
        };
        Some(Piece::Mark(Box::new(mark), slot))
    }

    pub(super) fn code(&self, number: usize) -> &str {
        let placed = self.placed.get(number);
        let region = placed.and_then(|placed| self.scan.regions.get(placed.region));
        region
            .zip(placed)
            .and_then(|(region, placed)| region.text.get(placed.found.code.clone()))
            .unwrap_or_default()
    }

    /// How a value is written where this mark stands.
    fn slot(&self, region: &Region, placed: &Placed) -> Slot {
        match region.home {
            Home::Target => return Slot::Target,
            Home::Instruction => return Slot::Instruction,
            _ => {}
        }
        let first = region.chunks_within(&placed.found.span).next();
        let text = first.and_then(|chunk| self.scan.elements.get(chunk.element).zip(Some(chunk)));
        match text {
            Some((element, chunk)) if element.kind == Kind::Text || region.home == Home::Branch => {
                let prefix = self.prefix(element);
                Slot::Word(Box::new(self.breaks(prefix, chunk.element, region)))
            }
            _ => Slot::Plain,
        }
    }

    /// The prefix of an element's name, with the colon.
    pub(super) fn prefix(&self, element: &Element) -> &str {
        self.source.get(element.prefix.clone()).unwrap_or_default()
    }

    fn breaks(&self, w: &str, text: usize, region: &Region) -> Breaks {
        let run = self.scan.elements.get(text).and_then(|text| text.parent);
        let paragraph = run.and_then(|run| self.scan.elements.get(run)?.parent);
        let paragraph = paragraph.filter(|paragraph| *paragraph == region.element);
        let properties = |of| self.scan.properties(self.source, of);
        let of_run = run.map_or("", properties);
        Breaks::new(w, of_run, paragraph.map(properties))
    }
}

impl Breaks {
    /// The breaks in a text of this run; without a paragraph none can begin there.
    pub(super) fn new(w: &str, of_run: &str, of_paragraph: Option<&str>) -> Self {
        let again = format!(r#"<{w}t xml:space="preserve">"#);
        let line = format!("</{w}t><{w}br/>{again}");
        // without a prefix the attribute would lose its namespace
        let page = match w {
            "" => format!("<{w}br/>"),
            _ => format!(r#"<{w}br {w}type="page"/>"#),
        };
        let (paragraph, page) = match of_paragraph {
            Some(of_paragraph) => {
                let ends = format!("</{w}t></{w}r></{w}p>");
                let begins = format!("<{w}p>{of_paragraph}<{w}r>{of_run}{again}");
                let alone = format!("<{w}p><{w}r>{page}</{w}r></{w}p>");
                (format!("{ends}{begins}"), format!("{ends}{alone}{begins}"))
            }
            None => (line.clone(), format!("</{w}t>{page}{again}")),
        };
        Self {
            tab: format!("</{w}t><{w}tab/>{again}"),
            line,
            page,
            paragraph,
        }
    }
}

impl Scan {
    /// A text may begin or end with a blank, which `w:t` loses unless told otherwise.
    pub(super) fn preserve_space(&self, source: &str, element: usize) -> Option<Edit> {
        let element = self.elements.get(element)?;
        let tag = source.get(element.open.clone())?;
        let at = element.open.end.checked_sub(1)?;
        let wanted = element.kind == Kind::Text && !tag.contains("xml:space");
        wanted.then(|| Edit {
            span: at..at,
            pieces: vec![Piece::Markup(r#" xml:space="preserve""#.to_owned())],
        })
    }

    /// The properties of a run or paragraph, but for those that end a section.
    pub(super) fn properties<'s>(&self, source: &'s str, of: usize) -> &'s str {
        let index = self.properties_of(of).filter(|_| !self.ends_section(of));
        let properties = index.and_then(|index| self.elements.get(index));
        properties
            .and_then(|properties| source.get(properties.whole()))
            .unwrap_or_default()
    }

    /// Bookmarks and the like, which outlive the element they stand in.
    pub(super) fn anchors_within(&self, source: &str, element: usize) -> String {
        let Some(removed) = self.elements.get(element) else {
            return String::new();
        };
        let end = removed.close.end;
        self.elements
            .iter()
            .skip(element)
            .take_while(|inner| inner.open.start < end)
            .filter(|inner| inner.kind == Kind::Anchor)
            .filter_map(|inner| source.get(inner.whole()))
            .collect()
    }
}

impl Region {
    /// The chunks that hold text of a span.
    pub(super) fn chunks_within(&self, span: &Range<usize>) -> impl Iterator<Item = &Chunk> {
        let first = self
            .chunks
            .partition_point(|chunk| chunk.text.end <= span.start);
        let end = span.end;
        let chunks = self.chunks.iter().skip(first);
        chunks.take_while(move |chunk| chunk.text.start < end)
    }
}

impl Chunk {
    /// Cuts a span of the region's text out of this chunk.
    pub(super) fn cut(&self, span: &Range<usize>, pieces: Vec<Piece>) -> Edit {
        if self.form == Form::Whole {
            return Edit {
                span: self.source.clone(),
                pieces,
            };
        }
        let start = span.start.max(self.text.start) - self.text.start;
        let end = span.end.min(self.text.end) - self.text.start;
        let span = self.source.start + start..self.source.start + end;
        if self.form == Form::Verbatim || pieces.is_empty() {
            return Edit { span, pieces };
        }
        let outside = [Piece::Markup("]]>".to_owned())].into_iter();
        let inside = [Piece::Markup("<![CDATA[".to_owned())].into_iter();
        Edit {
            span,
            pieces: outside.chain(pieces).chain(inside).collect(),
        }
    }
}
