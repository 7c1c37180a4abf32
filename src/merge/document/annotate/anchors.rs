//! Where in the main part comments are put: ranges of whole paragraphs.

use std::collections::BTreeMap;

use crate::merge::Anchor;
use crate::merge::document::elements::Elements;
use crate::merge::document::package::changes::paragraphs_left;
use crate::merge::document::package::comments::Family;
use crate::merge::document::package::tree::Edits;
use crate::merge::document::scan::{Kind, Scan};

/// The paragraphs of the author's main part, and where comments are to stand.
pub(super) struct Anchors<'s> {
    part: &'s str,
    source: &'s str,
    scan: Scan,
    /// all paragraphs, as elements
    paragraphs: Vec<usize>,
    /// which of them are left once tracked changes are accepted
    left: Vec<usize>,
    /// the first and the last paragraph of each comment, as elements
    ranges: Vec<(usize, usize)>,
}

impl<'s> Anchors<'s> {
    /// Reads the main part of this name.
    pub(super) fn read(part: &'s str, source: &'s str) -> Result<Self, String> {
        let scan = Scan::read(source)?;
        let elements = scan.elements.iter().enumerate();
        let paragraphs = elements.filter(|(_, element)| element.kind == Kind::Paragraph);
        Ok(Self {
            part,
            source,
            paragraphs: paragraphs.map(|(index, _)| index).collect(),
            left: paragraphs_left(source)?,
            scan,
            ranges: Vec::new(),
        })
    }

    /// Plans a comment. Tells whether it comes to stand in the paragraph that is meant,
    /// rather than at the first of the part or at the one that holds a text box; `None` if
    /// there is no paragraph at all.
    pub(super) fn push(&mut self, anchor: Option<&Anchor>) -> Option<bool> {
        let meant = anchor
            .filter(|anchor| anchor.part == self.part)
            .and_then(|anchor| self.left.get(anchor.paragraph))
            .and_then(|number| self.paragraphs.get(*number).copied());
        let last = meant.or_else(|| self.paragraphs.first().copied())?;
        let first = match meant {
            Some(last) => self.first_joined(last),
            None => last,
        };
        let range = (self.holder(first), self.holder(last));
        self.ranges.push(range);
        Some(meant == Some(range.1))
    }

    /// The outermost paragraph around one: Word has no comments within text boxes.
    fn holder(&self, paragraph: usize) -> usize {
        let outer = |of: &usize| self.scan.ancestor(*of, |it| it.kind == Kind::Paragraph);
        let all = std::iter::successors(Some(paragraph), outer);
        all.last().unwrap_or(paragraph)
    }

    /// The first of the paragraphs that are one with this as soon as their deleted marks
    /// are accepted.
    fn first_joined(&self, last: usize) -> usize {
        let before = |of: &usize| self.before(*of).filter(|it| self.has_deleted_mark(*it));
        let all = std::iter::successors(Some(last), before);
        all.last().unwrap_or(last)
    }

    /// The paragraph before this one, if nothing but the ends of ranges lies between.
    fn before(&self, paragraph: usize) -> Option<usize> {
        let parent = self.scan.elements.get(paragraph)?.parent;
        let earlier = self.scan.elements.iter().enumerate().take(paragraph);
        let mut siblings = earlier
            .rev()
            .filter(|(_, element)| element.parent == parent);
        let (index, sibling) = siblings.find(|(_, element)| element.kind != Kind::Anchor)?;
        (sibling.kind == Kind::Paragraph).then_some(index)
    }

    fn has_deleted_mark(&self, paragraph: usize) -> bool {
        let properties = |of| {
            self.scan
                .children(of)
                .filter(|(_, it)| it.kind == Kind::Properties)
        };
        properties(paragraph)
            .flat_map(|(of_paragraph, _)| properties(of_paragraph))
            .any(|(of_mark, _)| {
                let mut changes = self.scan.children(of_mark);
                changes.any(|(_, change)| change.kind == Kind::Deleted)
            })
    }

    /// The part with comments of these ids; `None` if there are none.
    pub(super) fn apply(&self, ids: &[String]) -> Option<String> {
        let family = Family::of(self.source);
        let elements = Elements {
            source: self.source,
            scan: &self.scan,
        };
        let mut around: BTreeMap<usize, (String, String)> = BTreeMap::new();
        for ((first, last), id) in self.ranges.iter().zip(ids) {
            let (w, declared) = family.prefix(elements.prefix(*first));
            let (start, _) = around.entry(*first).or_default();
            start.push_str(&format!("<{w}commentRangeStart{declared} {w}id=\"{id}\"/>"));
            let (w, declared) = family.prefix(elements.prefix(*last));
            let (_, end) = around.entry(*last).or_default();
            end.push_str(&format!(
                "<{w}commentRangeEnd{declared} {w}id=\"{id}\"/>\
                 <{w}r{declared}><{w}commentReference {w}id=\"{id}\"/></{w}r>"
            ));
        }
        let mut edits = Edits::default();
        for (paragraph, (start, end)) in around {
            let element = self.scan.elements.get(paragraph)?;
            if element.close.is_empty() {
                let tag = elements.tag(paragraph);
                let open = tag.trim_end_matches('>').trim_end_matches('/');
                let name = self
                    .source
                    .get(element.prefix.start..element.prefix.end + 1)?;
                let whole = format!("{open}>{start}{end}</{name}>");
                edits.replace(element.open.clone(), whole);
                continue;
            }
            let properties = self.scan.properties_of(paragraph);
            let properties = properties.and_then(|it| self.scan.elements.get(it));
            let begin = properties.map_or(element.open.end, |it| it.whole().end);
            edits.replace(begin..begin, start);
            edits.replace(element.close.start..element.close.start, end);
        }
        edits.apply(self.source)
    }
}
