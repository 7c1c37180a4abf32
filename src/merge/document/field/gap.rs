//! Cutting what a field is made of out of the runs around it, so that what is left and
//! what is put in stay well-formed.

use std::ops::Range;

use super::find::Field;
use crate::merge::document::attribute::tag_name;
use crate::merge::document::scan::{Chunk, Element, Form, Kind, Scan};

/// A place between two children of a run, or within the text of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) at: usize,
    pub(super) run: usize,
    within: Within,
}

/// What is cut through at an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    Run,
    /// a text and its run
    Text(usize),
}

/// A stretch that goes: what it cuts through is closed before and opened behind it.
#[derive(Debug)]
pub(super) struct Gap<'a> {
    pub(super) span: Range<usize>,
    /// the names of the elements that stay open in it
    pub(super) level: Vec<&'a str>,
    pub(super) close: String,
    /// bookmarks and the like, which outlive it
    pub(super) anchors: String,
    pub(super) open: String,
}

/// A part with its source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) source: &'a str,
    pub(super) scan: &'a Scan,
}

impl<'a> Page<'a> {
    pub(super) fn element(&self, index: usize) -> Option<&'a Element> {
        self.scan.elements.get(index)
    }

    pub(super) fn source(&self, span: Range<usize>) -> &'a str {
        self.source.get(span).unwrap_or_default()
    }

    /// The prefix of an element's name, with the colon.
    pub(super) fn prefix(&self, element: usize) -> &'a str {
        let prefix = self.element(element).map(|element| element.prefix.clone());
        self.source(prefix.unwrap_or_default())
    }

    /// The properties of a run or paragraph.
    fn properties(&self, of: usize) -> Option<&'a Element> {
        let first = self.element(of + 1)?;
        (first.parent == Some(of) && first.kind == Kind::Properties).then_some(first)
    }

    /// The properties of a run, as XML.
    pub(super) fn format(&self, run: usize) -> &'a str {
        let properties = self.properties(run);
        properties.map_or("", |properties| self.source(properties.whole()))
    }

    /// The edges of a complex field.
    pub(super) fn extent(&self, field: &Field) -> Option<(Edge, Edge)> {
        Some((self.before(field.begin)?, self.after(field.end?)?))
    }

    /// Where a child of a run begins; where its run does if nothing is before it.
    fn before(&self, child: usize) -> Option<Edge> {
        let (element, run, parent) = self.child(child)?;
        let inside = match self.properties(run) {
            Some(properties) => properties.close.end,
            None => parent.open.end,
        };
        let is_first = self.source(inside..element.open.start).trim().is_empty();
        Some(match is_first {
            true => Edge {
                at: parent.open.start,
                run,
                within: Within::Nothing,
            },
            false => Edge {
                at: element.open.start,
                run,
                within: Within::Run,
            },
        })
    }

    /// Where a child of a run ends; where its run does if nothing is behind it.
    fn after(&self, child: usize) -> Option<Edge> {
        let (element, run, parent) = self.child(child)?;
        let behind = self.source(element.close.end..parent.close.start);
        Some(match behind.trim().is_empty() {
            true => Edge {
                at: parent.close.end,
                run,
                within: Within::Nothing,
            },
            false => Edge {
                at: element.close.end,
                run,
                within: Within::Run,
            },
        })
    }

    fn child(&self, index: usize) -> Option<(&'a Element, usize, &'a Element)> {
        let element = self.element(index)?;
        let run = element.parent?;
        let parent = self.element(run)?;
        (parent.kind == Kind::Run).then_some((element, run, parent))
    }

    /// A place in the text of a run's child; outside of it where none of the text is cut off.
    fn inside(&self, text: usize, at: usize) -> Option<Edge> {
        let element = self.element(text)?;
        if at <= element.open.end {
            return self.before(text);
        }
        if at >= element.close.start {
            return self.after(text);
        }
        Some(Edge {
            at,
            run: element.parent?,
            within: Within::Text(text),
        })
    }

    /// The edge before or behind a character of a field's instruction; `nested` gives
    /// the edges of a field that stands there.
    pub(super) fn edge(
        &self,
        field: &Field,
        at: usize,
        behind: bool,
        nested: impl Fn(&Chunk) -> Option<(Edge, Edge)>,
    ) -> Option<Edge> {
        let c = field.text(at..field.code.text.len()).chars().next()?;
        let end = at + c.len_utf8();
        let chunk = field.code.chunks_within(&(at..end)).next()?;
        if let Some((first, last)) = nested(chunk) {
            return Some(if behind { last } else { first });
        }
        let place = match (chunk.form, behind) {
            (Form::Verbatim, false) => chunk.source.start + at - chunk.text.start,
            (Form::Verbatim, true) => chunk.source.start + end - chunk.text.start,
            (Form::Whole, false) => chunk.source.start,
            (Form::Whole, true) => chunk.source.end,
            // nobody writes instructions so, and to cut them would take more
            (Form::Cdata, _) => return None,
        };
        self.inside(chunk.element, place)
    }

    /// What goes between two edges. None if they are in different cells, text boxes or
    /// the like, which cannot be joined.
    pub(super) fn gap(&self, left: Edge, right: Edge) -> Option<Gap<'a>> {
        let span = left.at..right.at;
        if span.start > span.end {
            return None;
        }
        let mut closed = self.path(left.run, |element| element.close.end <= span.end);
        let mut opened = self.path(right.run, |element| element.open.start >= span.start);
        // what ends and begins anew is joined: two paragraphs become one
        while let (Some(close), Some(open)) = (closed.last(), opened.last()) {
            let alike = close.kind == open.kind && self.name(close) == self.name(open);
            if !alike || !matches!(close.kind, Kind::Paragraph | Kind::Other) {
                break;
            }
            closed.pop();
            opened.pop();
        }
        let mut rest = closed.iter().chain(&opened);
        if rest.any(|element| element.kind != Kind::Other) {
            return None;
        }
        let around = self.path(left.run, |_| true);
        let level = around.iter().skip(closed.len());
        let level = level.map(|element| self.name(element)).collect();
        let closed = closed
            .iter()
            .map(|element| self.source(element.close.clone()));
        let opened = opened.iter().rev();
        let opened = opened.map(|element| self.source(element.open.clone()));
        Some(Gap {
            close: self.close(left) + &closed.collect::<String>(),
            anchors: self.anchors(&span),
            open: opened.collect::<String>() + &self.open(right),
            level,
            span,
        })
    }

    /// Bookmarks and the like within a span.
    pub(super) fn anchors(&self, span: &Range<usize>) -> String {
        let elements = &self.scan.elements;
        let first = elements.partition_point(|element| element.open.start < span.start);
        elements
            .iter()
            .skip(first)
            .take_while(|element| element.open.start < span.end)
            .filter(|element| element.kind == Kind::Anchor)
            .map(|element| self.source(element.whole()))
            .collect()
    }

    /// What holds a run, from within, as far as the test goes.
    fn path(&self, run: usize, test: impl Fn(&Element) -> bool) -> Vec<&'a Element> {
        let parent = |element: &&Element| self.element(element.parent?);
        let path = std::iter::successors(self.element(run), parent).skip(1);
        path.take_while(|element| test(element)).collect()
    }

    fn name(&self, element: &Element) -> &'a str {
        tag_name(self.source(element.prefix.end..element.open.end))
    }

    fn close(&self, edge: Edge) -> String {
        let w = self.prefix(edge.run);
        match edge.within {
            Within::Nothing => String::new(),
            Within::Run => format!("</{w}r>"),
            Within::Text(_) => format!("</{w}t></{w}r>"),
        }
    }

    fn open(&self, edge: Edge) -> String {
        let w = self.prefix(edge.run);
        let run = self.element(edge.run);
        let tag = run.map_or("", |run| self.source(run.open.clone()));
        let text = match edge.within {
            Within::Nothing => return String::new(),
            Within::Run => String::new(),
            Within::Text(_) => format!(r#"<{w}t xml:space="preserve">"#),
        };
        format!("{tag}{}{text}", self.format(edge.run))
    }
}
