//! Writing a part: segments of static XML and values one behind another, and between
//! them what a merge must see to.

use std::ops::Range;

use super::deflate::{Sink, Stretch};
use super::husk::ends_paragraph;
use crate::merge::document::package::encoding::Encoding;
use crate::merge::document::repeat::{Renewal, Skeleton};

/// What is to be seen to at a place.
#[derive(Debug, Clone)]
pub(super) enum Care {
    /// an id of this group, written anew at each repetition
    Hole(usize),
    /// this paragraph is needed unless one has just ended
    Guard(String),
    /// here begins what is nothing when empty
    Opens,
    /// here it ends
    Closes,
}

/// A place within static XML where something is to be seen to.
#[derive(Debug, Clone)]
pub(super) struct Seam {
    /// where in the skeleton
    pub(super) span: Range<usize>,
    pub(super) care: Care,
}

impl Seam {
    pub(super) fn new(span: Range<usize>, care: Care) -> Self {
        Self { span, care }
    }

    /// What comes first where several meet.
    pub(super) fn order(&self) -> (usize, u8) {
        let rank = match self.care {
            Care::Closes => 0,
            Care::Guard(_) => 1,
            Care::Opens => 2,
            Care::Hole(_) => 3,
        };
        (self.span.start, rank)
    }

    /// The stretch it stands in; where marks stand at the same place, an end comes before
    /// them and a beginning behind.
    pub(super) fn stretch(&self, skeleton: &Skeleton<'_>) -> usize {
        let at = self.span.start;
        match self.care {
            Care::Closes => skeleton.cuts.partition_point(|cut| cut.at < at),
            _ => skeleton.stretch(at),
        }
    }
}

/// Static XML from one seam to the next.
#[derive(Debug)]
pub(super) struct Segment {
    /// what is to be seen to where it begins
    care: Option<Care>,
    pub(super) stretch: Stretch,
    /// the length of the template's value in a hole (bytes)
    hole: usize,
    ends_paragraph: Option<bool>,
    /// whether what holds it is not empty
    fills: bool,
}

impl Segment {
    pub(super) fn new(
        seam: Option<&Seam>,
        text: &str,
        encoding: Encoding,
        fills: bool,
        pack: impl FnOnce(Vec<u8>) -> Stretch,
    ) -> Self {
        let mut raw = Vec::with_capacity(text.len());
        let hole = seam.map_or(0, |seam| seam.span.len());
        let (value, rest) = text.split_at_checked(hole).unwrap_or_default();
        encoding.encode(value, &mut raw);
        let hole = raw.len();
        encoding.encode(rest, &mut raw);
        Self {
            care: seam.map(|seam| seam.care.clone()),
            stretch: pack(raw),
            hole,
            ends_paragraph: ends_paragraph(text),
            fills,
        }
    }
}

/// A part while it is written.
pub(super) struct Writer<'p, 'r, 'i> {
    pub(super) sink: Sink,
    encoding: Encoding,
    renewal: &'r mut Renewal<'i>,
    /// what waits until it is known whether it is empty
    held: Vec<&'p Segment>,
    /// where in `held` each of them begins
    husks: Vec<usize>,
    after_paragraph: bool,
    scratch: Vec<u8>,
}

impl<'p, 'r, 'i> Writer<'p, 'r, 'i> {
    pub(super) fn new(sink: Sink, encoding: Encoding, renewal: &'r mut Renewal<'i>) -> Self {
        Self {
            sink,
            encoding,
            renewal,
            held: Vec::new(),
            husks: Vec::new(),
            after_paragraph: false,
            scratch: Vec::new(),
        }
    }

    /// A body is repeated once more.
    pub(super) fn pass(&mut self, body: usize) {
        self.renewal.pass(body);
    }

    pub(super) fn segment(&mut self, segment: &'p Segment) {
        match segment.care {
            Some(Care::Opens) => self.husks.push(self.held.len()),
            Some(Care::Closes) => {
                if let Some(start) = self.husks.pop() {
                    self.held.truncate(start);
                }
            }
            _ => {}
        }
        if self.husks.is_empty() {
            self.write(segment);
            return;
        }
        self.held.push(segment);
        if segment.fills {
            self.release();
        }
    }

    pub(super) fn value(&mut self, text: &str) {
        self.release();
        self.text(text);
        self.after_paragraph = false;
    }

    /// What waits is not empty.
    fn release(&mut self) {
        self.husks.clear();
        for segment in std::mem::take(&mut self.held) {
            self.write(segment);
        }
    }

    fn write(&mut self, segment: &Segment) {
        match &segment.care {
            Some(Care::Hole(group)) => {
                if let Some(fresh) = self.renewal.value(*group) {
                    self.scratch.clear();
                    self.encoding.encode(fresh, &mut self.scratch);
                    self.sink.bytes(&self.scratch);
                    let rest = segment.stretch.raw.get(segment.hole..);
                    self.sink.bytes(rest.unwrap_or_default());
                } else {
                    self.sink.stretch(&segment.stretch);
                }
            }
            Some(Care::Guard(paragraph)) => {
                if !self.after_paragraph {
                    self.text(paragraph);
                }
                self.sink.stretch(&segment.stretch);
            }
            Some(Care::Opens | Care::Closes) | None => self.sink.stretch(&segment.stretch),
        }
        if let Some(ends) = segment.ends_paragraph {
            self.after_paragraph = ends;
        }
    }

    fn text(&mut self, text: &str) {
        self.scratch.clear();
        self.encoding.encode(text, &mut self.scratch);
        self.sink.bytes(&self.scratch);
    }
}
