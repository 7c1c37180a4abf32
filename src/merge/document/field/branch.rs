//! The branches of IF fields: what the field prints stays where it stands, as text.

use super::find::Field;
use super::gap::Edge;
use super::instruction::{Argument, Condition, escapes};
use super::write::{Place, SCATTERED, Writer};
use crate::merge::document::layout::{Edit, Piece, Slot};
use crate::merge::document::scan::{Chunk, Home};
use crate::merge::mark::Kind as MarkKind;

impl Writer<'_> {
    /// Puts the branches of an IF field in its place.
    pub(super) fn branches(
        &mut self,
        field: &Field,
        condition: &Condition,
        branches: &[Argument],
    ) -> Result<bool, &'static str> {
        let Some(test) = self.fields.condition(field, condition) else {
            return Ok(false);
        };
        let (mut left, end) = self.page.extent(field).ok_or(SCATTERED)?;
        let mut gaps = Vec::new();
        let mut statements = Vec::new();
        for (branch, code) in branches
            .iter()
            .zip([format!("if {test}"), "else".to_owned()])
        {
            statements.push(code);
            let (first, last) = self.kept(field, branch).ok_or(SCATTERED)?;
            if first.at < last.at {
                let gap = self.page.gap(left, first).ok_or(SCATTERED)?;
                gaps.push((gap, left.run, std::mem::take(&mut statements)));
                left = last;
            }
        }
        if !branches.is_empty() {
            statements.push("endif".to_owned());
        }
        let gap = self.page.gap(left, end).ok_or(SCATTERED)?;
        gaps.push((gap, left.run, statements));
        // what a block holds must leave open what was open when it began
        if gaps
            .windows(2)
            .any(|two| matches!(two, [(one, ..), (other, ..)] if one.level != other.level))
        {
            return Err(SCATTERED);
        }
        for (gap, run, statements) in gaps {
            let mark = |code| self.mark(field, MarkKind::Block, code);
            let marks = statements.into_iter().map(mark);
            let pieces = marks.map(|mark| Piece::Mark(Box::new(mark), Slot::Plain));
            let pieces = pieces.collect();
            self.cut(gap, run, pieces);
        }
        self.show(&field.texts);
        for branch in branches {
            self.branch(field, branch);
        }
        Ok(true)
    }

    /// The edges of what an IF field prints.
    fn kept(&self, field: &Field, branch: &Argument) -> Option<(Edge, Edge)> {
        let nested = |chunk: &_| self.nested(field, chunk);
        let edge = |at, behind| self.page.edge(field, at, behind, nested);
        let text = field.text(0..branch.text.start);
        let before = text.chars().next_back().map_or(0, char::len_utf8);
        let inner = field.text(branch.text.clone());
        let last = inner.chars().next_back().map_or(0, char::len_utf8);
        Some(match branch.quoted {
            true => (
                edge(branch.text.start - before, true)?,
                edge(branch.text.end, false)?,
            ),
            false => (
                edge(branch.text.start, false)?,
                edge(branch.text.end - last, true)?,
            ),
        })
    }

    /// What an IF field prints: marks and fields within it are merged, too.
    fn branch(&mut self, field: &Field, branch: &Argument) {
        let escapes: Vec<usize> = match branch.quoted {
            true => escapes(field.text(branch.text.clone())).collect(),
            false => Vec::new(),
        };
        let mut rest = branch.text.start;
        let mut parts = Vec::new();
        for escape in escapes {
            let at = branch.text.start + escape;
            let backslash = at..at + 1;
            let chunks = field.code.chunks_within(&backslash);
            self.edits
                .extend(chunks.map(|chunk| chunk.cut(&backslash, Vec::new())));
            parts.push(rest..at);
            rest = backslash.end;
        }
        parts.push(rest..branch.text.end);
        if let Some(paragraph) = self.paragraph(field.begin) {
            let mut region = self.region(paragraph, Home::Branch);
            for part in parts {
                region.push_part(&field.code, part);
            }
            self.regions.push((paragraph, region));
        }
        let operands: Vec<usize> = self.fields.operands_within(field, branch).collect();
        for operand in operands {
            self.field(operand, Place::Branch);
        }
    }

    /// Makes plain text of what stood as instruction; what of it goes with a stretch that
    /// is cut out goes with that.
    pub(super) fn show(&mut self, texts: &[usize]) {
        for text in texts {
            let Some(element) = self.page.element(*text) else {
                continue;
            };
            let w = self.page.prefix(*text);
            let mut replace = |span, markup: String| {
                let pieces = vec![Piece::Markup(markup)];
                self.edits.push(Edit { span, pieces });
            };
            if element.close.is_empty() {
                replace(element.whole(), String::new());
                continue;
            }
            replace(
                element.open.clone(),
                format!(r#"<{w}t xml:space="preserve">"#),
            );
            replace(element.close.clone(), format!("</{w}t>"));
        }
    }

    /// The edges of a field that stands for a character in the instruction of another.
    fn nested(&self, field: &Field, chunk: &Chunk) -> Option<(Edge, Edge)> {
        let nested = self.fields.beginning(chunk.element, &field.operands)?;
        self.page.extent(self.fields.all.get(nested)?)
    }
}
