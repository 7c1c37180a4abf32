//! Which marks disappear alone, and which take their paragraph or table row along.

use std::collections::BTreeSet;

use super::join;
use super::scan::{Element, Home, Kind, Region, Scan};
use crate::merge::block::groups;
use crate::merge::mark::{self, Found, Kind as MarkKind, Level};
use crate::merge::text::around;
use crate::merge::{Fault, Place, Rules};

const TOO_MANY: &str = "so viele Marken kann keine Vorlage haben; erlaubt sind 50.000";

/// A mark found in a region.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) region: usize,
    pub(super) found: Found,
    pub(super) level: Level,
    /// the element that goes with the mark
    pub(super) target: Option<usize>,
}

/// Finds the marks of a part. Marks that are never closed are faults.
pub(super) fn place_marks(
    part: &str,
    scan: &Scan,
    rules: &Rules,
    faults: &mut Vec<Fault>,
) -> Vec<Placed> {
    let mut placed = Vec::new();
    // whether a `{% raw %}` is open
    let mut raw = false;
    let is_field = |name: &str| rules.quoted_field(name).is_some();
    for (index, region) in scan.regions.iter().enumerate() {
        if !region.text.contains(mark::OPENING) {
            continue;
        }
        let (mut found, unclosed) = mark::find_on(&region.text, &mut raw, is_field);
        let too_many = found.len() + unclosed.len() > mark::MAX_MARKS;
        if too_many
            || placed.len() + found.len() > mark::MAX_MARKS
            || faults.len() > mark::MAX_MARKS
        {
            faults.push(Fault::new(part, TOO_MANY));
            return Vec::new();
        }
        for mark in &mut found {
            mark.keep_beyond_breaks(&region.text);
        }
        faults.extend(unclosed.into_iter().map(|at| Fault {
            place: region.place_in(part),
            problem: format!(
                "eine Marke wird in ihrem Absatz nicht geschlossen; ergänzen Sie „{}“ – in: „{}“",
                mark::closing_of(region.text.get(at..).unwrap_or_default()),
                around(&region.text, at..at + 2)
            ),
        }));
        let alone = region.is_alone(&found);
        placed.extend(found.into_iter().map(|found| Placed {
            region: index,
            level: match found.level {
                Level::Inline if alone => Level::Paragraph,
                level => level,
            },
            found,
            target: None,
        }));
    }
    if raw {
        faults.extend(unclosed_raw(part, scan, &placed));
    }
    let joined = join::joined(scan, &placed);
    for mark in placed.iter_mut().filter(|m| joined.contains(&m.region)) {
        mark.level = mark.found.level;
    }
    promote_rows(scan, &mut placed);
    for mark in &mut placed {
        mark.target = scan.target(mark);
    }
    settle(scan, &mut placed);
    placed
}

fn unclosed_raw(part: &str, scan: &Scan, placed: &[Placed]) -> Option<Fault> {
    let text = |mark: &Placed| Some(scan.regions.get(mark.region)?.text.as_str());
    let opening = placed.iter().rfind(|mark| {
        mark.found.kind == MarkKind::Comment
            && text(mark).is_some_and(|text| mark.found.keyword(text) == "raw")
    })?;
    let region = scan.regions.get(opening.region)?;
    Some(Fault {
        place: region.place_in(part),
        problem: format!(
            "der Block „raw“ wird nicht geschlossen; es fehlt {{% endraw %}} – in: „{}“",
            around(&region.text, opening.found.span.clone())
        ),
    })
}

/// A row whose cells hold nothing but block marks goes with them.
fn promote_rows(scan: &Scan, placed: &mut [Placed]) {
    let alone: BTreeSet<usize> = placed
        .iter()
        .filter(|mark| mark.level == Level::Paragraph)
        .map(|mark| mark.region)
        .collect();
    let mut promoted = BTreeSet::new();
    for region in alone.iter().filter_map(|index| scan.regions.get(*index)) {
        promoted.extend(scan.row_of(region.element));
    }
    if promoted.is_empty() {
        return;
    }
    for (index, region) in scan.regions.iter().enumerate() {
        let Some(row) = scan.row_of(region.element) else {
            continue;
        };
        if !alone.contains(&index) && (region.solid || !region.text.trim().is_empty()) {
            promoted.remove(&row);
        }
        // a table within the row is more than a mark, too
        if let Some(outer) = scan.row_of(row) {
            promoted.remove(&outer);
        }
    }
    for mark in placed {
        let region = scan.regions.get(mark.region);
        let row = region.and_then(|region| scan.row_of(region.element));
        if mark.level == Level::Paragraph && row.is_some_and(|row| promoted.contains(&row)) {
            mark.level = Level::Row;
        }
    }
}

/// The marks of a block go alike: where one of them stands within text, those that are
/// alone in their paragraph leave it in place, too, and the text is cut and joined.
fn settle(scan: &Scan, placed: &mut [Placed]) {
    let code = |mark: &Placed| {
        let region = scan.regions.get(mark.region)?;
        let code = region.text.get(mark.found.code.clone())?;
        (mark.found.kind == MarkKind::Block).then_some(code)
    };
    let groups = groups(placed.iter().map(code));
    loop {
        let mut demoted = BTreeSet::new();
        for group in &groups {
            let marks = || group.iter().filter_map(|number| placed.get(*number));
            let first = marks().next().map(|mark| mark.level);
            if marks().any(|mark| Some(mark.level) != first) {
                demoted.extend(
                    marks()
                        .filter(|mark| mark.is_implied())
                        .filter_map(|mark| mark.target),
                );
            }
        }
        if demoted.is_empty() {
            return;
        }
        for mark in placed.iter_mut() {
            if mark.is_implied() && mark.target.is_some_and(|target| demoted.contains(&target)) {
                mark.level = Level::Inline;
                mark.target = None;
            }
        }
    }
}

impl Placed {
    /// Where it begins in the XML.
    pub(super) fn start(&self, scan: &Scan) -> Option<usize> {
        let region = scan.regions.get(self.region)?;
        let chunk = region.chunks_within(&self.found.span).next()?;
        Some(chunk.source.start)
    }

    /// Whether the level follows from the place, rather than being written in the mark.
    fn is_implied(&self) -> bool {
        self.level != self.found.level
    }
}

impl Scan {
    fn row_of(&self, element: usize) -> Option<usize> {
        self.ancestor(element, |element| element.kind == Kind::Row)
    }

    /// The elements directly within one, with their numbers.
    pub(super) fn children(&self, of: usize) -> impl Iterator<Item = (usize, &Element)> {
        let end = self
            .elements
            .get(of)
            .map_or(0, |element| element.close.start);
        let inner = self.elements.iter().enumerate().skip(of + 1);
        inner
            .take_while(move |(_, element)| element.open.start < end)
            .filter(move |(_, element)| element.parent == Some(of))
    }

    /// The properties of a run or paragraph.
    pub(super) fn properties_of(&self, of: usize) -> Option<usize> {
        let (index, first) = self.children(of).next()?;
        (first.kind == Kind::Properties).then_some(index)
    }

    /// Whether a section ends with this paragraph.
    pub(super) fn ends_section(&self, paragraph: usize) -> bool {
        let properties = self.properties_of(paragraph);
        properties.is_some_and(|index| self.children(index).any(|(_, e)| e.kind == Kind::Section))
    }

    /// The element that goes with a mark.
    fn target(&self, mark: &Placed) -> Option<usize> {
        let region = self.regions.get(mark.region)?;
        let paragraph = (region.home == Home::Paragraph).then_some(region.element)?;
        match mark.level {
            Level::Inline => None,
            Level::Run => self.run_of(region, &mark.found.span),
            Level::Paragraph => Some(paragraph),
            Level::Cell => self.ancestor(paragraph, |element| element.is_cell),
            Level::Row => self.row_of(paragraph),
        }
    }
}

impl Region {
    /// Where the region is, for people.
    pub(super) fn place_in(&self, part: &str) -> Place {
        Place::in_part(part, &self.spot.text, self.spot.paragraph)
    }

    /// Whether a paragraph holds nothing but these block marks.
    fn is_alone(&self, found: &[Found]) -> bool {
        let blank = |span: std::ops::Range<usize>| {
            let gap = self.text.get(span).unwrap_or_default();
            gap.trim().is_empty()
        };
        let mut rest = 0;
        let mut alone = self.home == Home::Paragraph && !self.solid;
        for mark in found {
            alone &= blank(rest..mark.span.start);
            alone &= matches!(mark.kind, MarkKind::Block | MarkKind::Comment);
            rest = mark.span.end;
        }
        alone && blank(rest..self.text.len())
    }
}
