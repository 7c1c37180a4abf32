//! Fields as the template language says them.

use std::collections::BTreeSet;

use super::find::{Field, Fields, NESTED};
use super::instruction::{Argument, Condition, Instruction, MergeField, escapes};
use crate::merge::expression::{NEXT, RECORD, call_field, literal};
use crate::merge::mark;

impl Field {
    /// What a word says, without its escapes.
    fn plain(&self, word: &Argument) -> String {
        let text = self.text(word.text.clone());
        let mut plain = text.to_owned();
        if word.quoted {
            let skipped: BTreeSet<usize> = escapes(text).collect();
            let kept = text.char_indices().filter(|(at, _)| !skipped.contains(at));
            plain = kept.map(|(_, c)| c).collect();
        }
        plain
    }

    /// The name of the field of the data that it prints.
    pub(super) fn name(&self) -> Option<String> {
        match &self.meaning {
            Ok(Instruction::MergeField(field)) => Some(self.plain(&field.name)),
            _ => None,
        }
    }
}

impl Fields {
    /// The expression whose value a field prints; `None` if we cannot compute it.
    pub(super) fn expression(&self, index: usize) -> Option<String> {
        let field = self.all.get(index)?;
        field.end?;
        match field.meaning.as_ref().ok()? {
            Instruction::MergeField(merged) => Some(self.value(field, merged)?),
            Instruction::If(condition, branches) => {
                let mut branches = branches.iter().map(|branch| self.operand(field, branch));
                let then = branches.next().unwrap_or_else(|| Some(literal("")))?;
                let otherwise = branches.next().unwrap_or_else(|| Some(literal("")))?;
                let condition = self.condition(field, condition)?;
                Some(format!("({then} if {condition} else {otherwise})"))
            }
            Instruction::Next => Some(format!("{NEXT}()")),
            Instruction::NextIf(condition) => {
                let condition = self.condition(field, condition)?;
                Some(format!("({NEXT}() if {condition} else {})", literal("")))
            }
            Instruction::Record => Some(format!("{RECORD}()")),
            Instruction::SkipIf => Some(literal("")),
            Instruction::Link | Instruction::Other => None,
        }
    }

    /// What an IF field compares.
    pub(super) fn condition(&self, field: &Field, condition: &Condition) -> Option<String> {
        let left = self.operand(field, &condition.left)?;
        let right = self.operand(field, &condition.right)?;
        let operator = literal(condition.operator);
        Some(format!("__compare({left}, {operator}, {right})"))
    }

    fn value(&self, field: &Field, merged: &MergeField) -> Option<String> {
        let mut code = call_field(&field.plain(&merged.name));
        for (filter, picture) in [("__number", &merged.number), ("__date", &merged.date)] {
            if let Some(picture) = picture {
                code += &format!("|{filter}({})", self.operand(field, picture)?);
            }
        }
        if let Some(case) = merged.case {
            code += &format!("|__case({})", literal(case));
        }
        if merged.before.is_some() || merged.after.is_some() {
            let text = |word: &Option<Argument>| match word {
                Some(word) => self.operand(field, word),
                None => Some(literal("")),
            };
            let (before, after) = (text(&merged.before)?, text(&merged.after)?);
            code += &format!("|__around({before}, {after})");
        }
        Some(code)
    }

    /// A word: text, the fields in it and the marks in it, put together.
    fn operand(&self, field: &Field, word: &Argument) -> Option<String> {
        let text = field.plain(word);
        let (marks, _) = mark::find(&text, |_| false);
        let mut parts = Vec::new();
        let mut rest = 0;
        let mut operands = self.operands_within(field, word);
        for found in marks {
            if found.kind != mark::Kind::Print {
                return None;
            }
            self.texts(text.get(rest..found.span.start)?, &mut operands, &mut parts)?;
            parts.push(format!("({})", text.get(found.code)?.trim()));
            rest = found.span.end;
        }
        self.texts(text.get(rest..)?, &mut operands, &mut parts)?;
        if parts.is_empty() {
            parts.push(literal(""));
        }
        Some(parts.join(" ~ "))
    }

    fn texts(
        &self,
        text: &str,
        operands: &mut impl Iterator<Item = usize>,
        parts: &mut Vec<String>,
    ) -> Option<()> {
        for (number, text) in text.split(NESTED).enumerate() {
            if number > 0 {
                parts.push(self.expression(operands.next()?)?);
            }
            if !text.is_empty() {
                parts.push(literal(text));
            }
        }
        Some(())
    }

    /// The fields within a word of a field's instruction.
    pub(super) fn operands_within<'a>(
        &'a self,
        field: &'a Field,
        word: &'a Argument,
    ) -> impl Iterator<Item = usize> + 'a {
        let chunks = field.code.chunks_within(&word.text);
        chunks.filter_map(|chunk| self.beginning(chunk.element, &field.operands))
    }
}
