//! Marks and the runs they stand in: `{%r … %}` parts them, `{% vm %}` and the like take
//! theirs along if it held nothing else.

use std::ops::Range;

use super::layout::{Edit, Piece, Planner};
use super::scan::{Chunk, Kind, Region, Scan};

impl Scan {
    /// The run that holds this part of a paragraph's text and nothing else.
    pub(super) fn run_of(&self, region: &Region, span: &Range<usize>) -> Option<usize> {
        let parent = |chunk: &Chunk| self.elements.get(chunk.element)?.parent;
        let run = parent(region.chunks_within(span).next()?)?;
        let is_run = self.elements.get(run)?.kind == Kind::Run;
        let is_plain = |kind| matches!(kind, Kind::Text | Kind::Properties | Kind::Note);
        let is_alone = region.chunks.iter().all(|chunk| {
            let inside = span.start <= chunk.text.start && chunk.text.end <= span.end;
            let outside = chunk.text.end <= span.start || span.end <= chunk.text.start;
            (inside || outside) && (inside == (parent(chunk) == Some(run)))
        });
        let mut inner = self.children(run);
        (is_run && is_alone && inner.all(|(_, element)| is_plain(element.kind))).then_some(run)
    }
}

impl Planner<'_> {
    /// The mark between two runs, both with the properties of the one it stands in (`{%r`).
    pub(super) fn between_runs(&self, number: usize) -> Vec<Piece> {
        let mark = self.mark(number);
        let placed = self.placed.get(number);
        let region = placed.and_then(|placed| self.scan.regions.get(placed.region));
        let chunk = placed
            .zip(region)
            .and_then(|(placed, region)| region.chunks_within(&placed.found.span).next());
        let text = chunk.and_then(|chunk| self.scan.elements.get(chunk.element));
        let text = text.filter(|text| text.kind == Kind::Text);
        let Some((w, run)) = text.and_then(|text| Some((self.prefix(text), text.parent?))) else {
            return mark.into_iter().collect();
        };
        let of_run = self.scan.properties(self.source, run);
        let before = Piece::Markup(format!("</{w}t></{w}r>"));
        let after = Piece::Markup(format!(r#"<{w}r>{of_run}<{w}t xml:space="preserve">"#));
        [before].into_iter().chain(mark).chain([after]).collect()
    }

    /// Cuts a mark out of its text, with its run if that held nothing else.
    pub(super) fn cut_with_run(&mut self, number: usize) {
        let placed = self.placed.get(number);
        let region = placed.and_then(|placed| self.scan.regions.get(placed.region));
        let run = placed
            .zip(region)
            .and_then(|(placed, region)| self.scan.run_of(region, &placed.found.span))
            .and_then(|run| self.scan.elements.get(run));
        match run {
            Some(run) => self.edits.push(Edit {
                span: run.whole(),
                pieces: Vec::new(),
            }),
            None => self.cut(number, Vec::new()),
        }
    }
}
