//! Repeating sections ([MS-DOCX] 2.5, `w15:repeatingSection`) that name a list: their
//! first item is repeated for each of its records.

use super::{Control, Edit, MarkKind, Rules, Slot};
use crate::merge::expression::{ROW, ROWS, call_field, literal};

impl Control<'_> {
    /// The edits that repeat its first item in place of all. Lists come with a caller's
    /// data alone, so strict rules know none.
    pub(super) fn repeat(&self, rules: &Rules) -> Option<Vec<Edit>> {
        let (Rules::Lenient(_), Some(_)) = (rules, self.property("repeatingSection")) else {
            return None;
        };
        let mut names = ["tag", "alias"].into_iter().filter_map(|by| self.named(by));
        let list = names.find(|name| rules.tagged_field(Some(name), None).is_some())?;
        let is_item = |child: &usize| {
            let properties = self.elements.child(*child, "sdtPr");
            properties
                .and_then(|properties| self.elements.child(properties, "repeatingSectionItem"))
                .is_some()
        };
        let items = self.elements.children(self.content).filter(is_item);
        let items: Vec<_> = items
            .filter_map(|item| self.elements.element(item))
            .collect();
        let (first, last) = (items.first()?, items.last()?);
        let edit = |span, code| Edit {
            span,
            pieces: vec![self.mark(MarkKind::Block, code, Slot::Plain)],
        };
        let start = first.open.start;
        let begins = format!("for {ROW} in {ROWS}({})", literal(&list));
        Some(vec![
            edit(start..start, begins),
            edit(first.close.end..last.close.end, "endfor".to_owned()),
        ])
    }

    /// The code of the record's field that its tag names.
    pub(super) fn field_of_record(&self) -> Option<String> {
        self.is_text()
            .then(|| Some(call_field(&self.named("tag")?)))?
    }
}
