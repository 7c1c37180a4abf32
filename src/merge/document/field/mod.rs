//! Word's own fields (ECMA-376 part 1, 17.16): MERGEFIELD, IF and their kin.
//!
//! In: a part as it was read. Out: the edits that put marks in the place of fields, so
//! that the merged document holds plain runs and Word asks nothing; what a field showed
//! last is text of its paragraph no more. Fields of other kinds stay as they are, but for
//! the marks and fields within them.

mod branch;
mod code;
mod find;
mod gap;
mod instruction;
mod leftover;
mod rows;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use self::find::NESTED;
pub(super) use self::leftover::notes;
pub(super) use self::rows::Rows;
use self::write::Writer;
use super::layout::Edit;
use super::scan::{Form, Home, Region, Scan};
use crate::merge::{Fault, Rules};

/// What becomes of the fields of a part.
#[derive(Debug, Default)]
pub(super) struct Merged {
    pub(super) edits: Vec<Edit>,
    pub(super) rows: Rows,
}

/// A stretch that is text of its paragraph no more.
#[derive(Debug)]
struct Hidden {
    span: Range<usize>,
    /// what it begins with, and the paragraph of that
    element: usize,
    paragraph: usize,
}

/// Puts marks in the place of fields. Under strict rules a field that makes no sense is a
/// fault, else it is left as it is.
pub(super) fn merge_fields(
    part: &str,
    source: &str,
    scan: &mut Scan,
    rules: &Rules,
    faults: &mut Vec<Fault>,
) -> Merged {
    let codes = std::mem::take(&mut scan.codes);
    if codes.is_empty() {
        return Merged::default();
    }
    let fields = find::find(codes, source, scan);
    let strict = matches!(rules, Rules::Strict(_));
    let mut writer = Writer::new(part, source, scan, &fields, strict, faults);
    writer.write();
    let Writer {
        edits,
        rows,
        regions,
        mut hidden,
        ..
    } = writer;
    if !hidden.is_empty() {
        hidden.sort_by_key(|hidden| hidden.span.start);
        scan.hide(&hidden);
    }
    scan.insert(regions);
    Merged { edits, rows }
}

impl Scan {
    /// Takes stretches out of the text of their paragraphs; a character stands for each.
    fn hide(&mut self, hidden: &[Hidden]) {
        let is_hidden = |at: usize| {
            let before = hidden.partition_point(|hidden| hidden.span.start <= at);
            let last = before.checked_sub(1).and_then(|last| hidden.get(last));
            last.is_some_and(|hidden| at < hidden.span.end)
        };
        let mut own: BTreeMap<usize, Vec<&Hidden>> = BTreeMap::new();
        for hidden in hidden {
            own.entry(hidden.paragraph).or_default().push(hidden);
        }
        let mut field = [0; 4];
        let field: &str = NESTED.encode_utf8(&mut field);
        for region in &mut self.regions {
            let whole = Region::new(
                region.home,
                region.element,
                std::mem::take(&mut region.spot),
            );
            let Region {
                text,
                chunks,
                solid,
                ..
            } = std::mem::replace(region, whole);
            region.solid = solid;
            let own = match region.home {
                Home::Paragraph => own.remove(&region.element).unwrap_or_default(),
                _ => Vec::new(),
            };
            let mut own = own.into_iter().peekable();
            for chunk in chunks {
                let at = chunk.source.start;
                while let Some(hidden) = own.next_if(|hidden| hidden.span.start <= at) {
                    region.push(field, hidden.element, hidden.at(), Form::Whole);
                }
                if !is_hidden(at) {
                    let text = text.get(chunk.text).unwrap_or_default();
                    region.push(text, chunk.element, chunk.source, chunk.form);
                }
            }
            for hidden in own {
                region.push(field, hidden.element, hidden.at(), Form::Whole);
            }
        }
    }

    /// Puts texts behind the regions of their paragraphs.
    fn insert(&mut self, texts: Vec<(usize, Region)>) {
        let mut texts: BTreeMap<usize, Vec<Region>> =
            texts
                .into_iter()
                .fold(BTreeMap::new(), |mut texts, (paragraph, region)| {
                    texts.entry(paragraph).or_default().push(region);
                    texts
                });
        if texts.is_empty() {
            return;
        }
        for region in std::mem::take(&mut self.regions) {
            let own = match region.home {
                Home::Paragraph => texts.remove(&region.element).unwrap_or_default(),
                _ => Vec::new(),
            };
            self.regions.push(region);
            self.regions.extend(own);
        }
    }
}

impl Hidden {
    /// Its place, where nothing is to be cut out with what surrounds it.
    fn at(&self) -> Range<usize> {
        self.span.start..self.span.start
    }
}

impl Region {
    /// Adds a part of another text.
    fn push_part(&mut self, of: &Region, span: Range<usize>) {
        for chunk in of.chunks_within(&span) {
            let start = span.start.max(chunk.text.start);
            let end = span.end.min(chunk.text.end);
            let text = of.text.get(start..end).unwrap_or_default();
            let offset = start - chunk.text.start;
            if self.home == Home::Target && chunk.form == Form::Verbatim {
                self.push_escaped(text, chunk.element, chunk.source.start + offset);
                continue;
            }
            let source = match chunk.form {
                Form::Whole => chunk.source.clone(),
                _ => {
                    let from = chunk.source.start + offset;
                    from..from + text.len()
                }
            };
            if !text.is_empty() {
                self.push(text, chunk.element, source, chunk.form);
            }
        }
    }
}
