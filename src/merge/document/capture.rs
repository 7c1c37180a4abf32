//! What a block captures (`{% set x %}…{% endset %}`, macros) is put elsewhere as one text.
//! Where Word has split it over runs, all of it moves to the run in which it begins.

use std::ops::Range;

use super::layout::{Edit, Piece};
use super::levels::Placed;
use super::scan::{Form, Kind, Region, Scan};
use crate::merge::block::{captures, groups};
use crate::merge::mark::Kind as MarkKind;
use crate::merge::xml;

/// The marks of each block that captures text of one paragraph, from first to last.
pub(super) fn captured(scan: &Scan, placed: &[Placed]) -> Vec<Range<usize>> {
    let code = |mark: &Placed| {
        let region = scan.regions.get(mark.region)?;
        let code = region.text.get(mark.found.code.clone())?;
        (mark.found.kind == MarkKind::Block).then_some(code)
    };
    let mut ranges: Vec<Range<usize>> = groups(placed.iter().map(code))
        .into_iter()
        .filter_map(|group| Some(*group.first()?..*group.last()? + 1))
        .filter(|range| {
            let marks = placed.get(range.clone()).unwrap_or_default();
            let region = marks.first().map(|mark| mark.region);
            let opens = marks.first().and_then(code).is_some_and(captures);
            opens
                && marks
                    .iter()
                    .all(|mark| Some(mark.region) == region && mark.target.is_none())
        })
        .collect();
    ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    ranges.retain(|range| {
        let outermost = range.start >= end;
        end = end.max(range.end);
        outermost
    });
    ranges
}

/// The edits that move what these marks enclose to where it begins; `None` if it stands in
/// one place already, or holds more than letters.
pub(super) fn gather(
    scan: &Scan,
    region: &Region,
    marks: &[Placed],
    mut piece: impl FnMut(usize) -> Option<Piece>,
) -> Option<Vec<Edit>> {
    let span = marks.first()?.found.span.start..marks.last()?.found.span.end;
    let chunks = || region.chunks_within(&span);
    let first = chunks().next()?;
    let is_text = |element: usize| {
        let kind = scan.elements.get(element).map(|element| element.kind);
        matches!(kind, Some(Kind::Text | Kind::PlainText))
    };
    let movable = chunks().all(|chunk| is_text(chunk.element) && chunk.form != Form::Cdata);
    if !movable || chunks().all(|chunk| chunk.element == first.element) {
        return None;
    }
    let mut pieces = Vec::new();
    let mut rest = span.start;
    for (number, mark) in marks.iter().enumerate() {
        let between = region.text.get(rest..mark.found.span.start);
        pieces.push(Piece::Markup(
            xml::escape(between.unwrap_or_default()).into_owned(),
        ));
        pieces.extend(piece(number));
        rest = mark.found.span.end;
    }
    let mut edits: Vec<Edit> = chunks().map(|chunk| chunk.cut(&span, None)).collect();
    edits.first_mut()?.pieces = pieces;
    Some(edits)
}
