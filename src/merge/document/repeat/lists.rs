//! Numbered lists within `for` blocks count anew in each repetition where they did so in
//! the template: something else stands before their first paragraph there.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::identity::Kind as Id;
use super::{Ids, Skeleton};
use crate::merge::document::attribute;
use crate::merge::document::scan::{Element, Kind, Region};
use crate::merge::document::writer::{Care, Seam};

/// A list that may count anew.
#[derive(Debug)]
pub(super) struct List {
    pub(super) group: usize,
    pub(super) number: String,
    /// the lists that have paragraphs before it
    pub(super) before: BTreeSet<String>,
}

/// A paragraph of a skeleton.
#[derive(Debug)]
struct Paragraph {
    element: usize,
    start: usize,
    stretch: usize,
    /// the list it belongs to by its own properties
    list: Option<Range<usize>>,
    /// whether there is something to be seen in it
    is_filled: bool,
}

impl Ids {
    /// The holes for the lists of a part that may count anew; its first body has this number.
    pub(in crate::merge::document) fn lists(
        &mut self,
        skeleton: &Skeleton<'_>,
        first: usize,
    ) -> Vec<Seam> {
        let paragraphs = skeleton.paragraphs();
        let mut members: BTreeMap<&str, Vec<&Paragraph>> = BTreeMap::new();
        for paragraph in &paragraphs {
            if let Some(number) = paragraph.number(skeleton) {
                members.entry(number).or_default().push(paragraph);
            }
        }
        let mut holes = Vec::new();
        for (number, members) in members {
            let Some(body) = skeleton.counts_anew_in(&members, &paragraphs) else {
                continue;
            };
            let group = self.group(Id::List, number, first + body);
            let start = members.first().map_or(0, |member| member.start);
            let before = paragraphs.iter().filter(|other| other.start < start);
            self.lists.push(List {
                group,
                number: number.to_owned(),
                before: before
                    .filter_map(|other| other.number(skeleton))
                    .map(str::to_owned)
                    .collect(),
            });
            let spans = members.iter().filter_map(|member| member.list.clone());
            holes.extend(spans.map(|span| Seam::new(span, Care::Hole(group))));
        }
        holes
    }
}

impl Paragraph {
    fn number<'s>(&self, skeleton: &Skeleton<'s>) -> Option<&'s str> {
        skeleton.text.get(self.list.clone()?)
    }
}

impl Skeleton<'_> {
    fn paragraphs(&self) -> Vec<Paragraph> {
        let regions = self.scan.regions.iter();
        let region = |region: &Region| {
            let element = self.scan.elements.get(region.element)?;
            let inside = |at: usize| element.open.start < at && at < element.close.start;
            let first = self.stretch(element.open.start);
            (element.kind == Kind::Paragraph).then(|| Paragraph {
                element: region.element,
                start: element.open.start,
                stretch: first,
                list: self.list_of(region.element),
                is_filled: region.solid
                    || !region.text.trim().is_empty()
                    || self.cuts.get(first).is_some_and(|cut| inside(cut.at)),
            })
        };
        let mut paragraphs: Vec<Paragraph> = regions.filter_map(region).collect();
        paragraphs.sort_unstable_by_key(|paragraph| paragraph.start);
        paragraphs.dedup_by_key(|paragraph| paragraph.start);
        paragraphs
    }

    /// Where the number of its list stands in a paragraph's own properties.
    fn list_of(&self, paragraph: usize) -> Option<Range<usize>> {
        let elements = self.elements();
        let numbering = elements.child(elements.properties(paragraph)?, "numPr")?;
        let number = elements.child(numbering, "numId")?;
        let (_, value) = attribute::find(elements.tag(number), "val")?;
        let start = elements.element(number)?.open.start;
        let span = start + value.start..start + value.end;
        // 0 takes a paragraph out of its list
        (self.text.get(span.clone())? != "0").then_some(span)
    }

    /// The innermost body that holds all of a list and does not begin with it.
    fn counts_anew_in(&self, members: &[&Paragraph], all: &[Paragraph]) -> Option<usize> {
        let first = members.first()?;
        self.bodies.around(first.stretch).find(|index| {
            self.bodies.all.get(*index).is_some_and(|body| {
                members.iter().all(|member| body.holds(member.stretch))
                    && !self.runs_on(*index, members, all)
            })
        })
    }

    /// Whether the list itself is what a body repeats.
    fn runs_on(&self, body: usize, members: &[&Paragraph], all: &[Paragraph]) -> bool {
        let (Some(first), Some(start)) = (members.first(), self.start_of(body)) else {
            return true;
        };
        let filled_between = |from: usize, to: usize| {
            let mut between = all.iter().filter(|p| from <= p.start && p.start < to);
            between.any(|paragraph| paragraph.is_filled)
        };
        let Some(top) = self.outermost(first.element, start, |_| true) else {
            return true;
        };
        if top.kind != Kind::Row && !top.is_cell {
            return !filled_between(start, first.start);
        }
        // a column of numbers runs on, a list within a cell does not
        let alone_in_cell = members.iter().all(|member| {
            let cell = self.outermost(member.element, start, |element| element.is_cell);
            cell.is_some_and(|cell| {
                let range = cell.whole();
                let together = members.iter().filter(|m| range.contains(&m.start)).count();
                let innermost = self.bodies.around(member.stretch).next();
                together == 1
                    && innermost.and_then(|body| self.start_of(body)) < Some(range.start + 1)
                    && !filled_between(range.start, member.start)
            })
        });
        alone_in_cell && (top.is_cell || !filled_between(start, top.open.start))
    }

    fn start_of(&self, body: usize) -> Option<usize> {
        let opening = self.bodies.all.get(body)?.first.checked_sub(1)?;
        Some(self.cuts.get(opening)?.at)
    }

    /// The outermost such element around (or at) this one that begins from `start` on.
    fn outermost(
        &self,
        of: usize,
        start: usize,
        test: impl Fn(&Element) -> bool,
    ) -> Option<&Element> {
        let mut found = None;
        let mut next = Some(of);
        while let Some(element) = next.and_then(|index| self.scan.elements.get(index)) {
            if element.open.start < start {
                break;
            }
            if test(element) {
                found = Some(element);
            }
            next = element.parent;
        }
        found
    }
}
