//! Tracked changes (ECMA-376 part 1, 17.13.5). A template of the catalogue is merged as
//! if all of them had been accepted: what is inserted stays, what is deleted goes.

mod places;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(in crate::merge::document) use places::paragraphs_left;

use super::Package;
use super::parts::{ContentTypes, source};
use super::tree::{Edits, Tree};
use crate::merge::document::attribute::tag_name;
use crate::merge::{Fault, Place};

/// Properties as they were, and marks of who changed what: they say nothing of the text.
const NOTES: [&str; 23] = [
    "rPrChange",
    "pPrChange",
    "tblPrChange",
    "tblPrExChange",
    "trPrChange",
    "tcPrChange",
    "sectPrChange",
    "tblGridChange",
    "numberingChange",
    "cellIns",
    "moveFromRangeStart",
    "moveFromRangeEnd",
    "moveToRangeStart",
    "moveToRangeEnd",
    "customXmlInsRangeStart",
    "customXmlInsRangeEnd",
    "customXmlDelRangeStart",
    "customXmlDelRangeEnd",
    "customXmlMoveFromRangeStart",
    "customXmlMoveFromRangeEnd",
    "customXmlMoveToRangeStart",
    "customXmlMoveToRangeEnd",
    "trackRevisions",
];

/// Accepts all changes in a package; gives a note for each part that had some.
pub(super) fn accept(package: &mut Package, types: &ContentTypes) -> Result<Vec<Fault>, Fault> {
    let mut notes = Vec::new();
    for index in 0..package.entries.len() {
        let name = package.entries.get(index).map(|entry| entry.path());
        if !name.is_some_and(|name| types.is_word(&name)) {
            continue;
        }
        let source = source(package, index)?;
        let unreadable = |problem| Fault::new(Place::of_part(&source.name), problem);
        if let Some(text) = accepted(&source.text).map_err(unreadable)? {
            package.replace(index, &text, source.encoding);
            // settings only tell that changes are tracked from now on
            if !types.of(&source.name).ends_with("settings+xml") {
                notes.push(places::note(&source.name, &source.text).map_err(unreadable)?);
            }
        }
    }
    Ok(notes)
}

/// A part with all changes accepted; `None` if it has none.
fn accepted(text: &str) -> Result<Option<String>, String> {
    let settled = Settler::new(&Tree::read(text)?).settle().apply(text);
    let joined = {
        let text = settled.as_deref().unwrap_or(text);
        joined_paragraphs(&Tree::read(text)?).apply(text)
    };
    Ok(joined.or(settled))
}

/// Accepts all changes but those of paragraph marks.
struct Settler<'t> {
    tree: &'t Tree<'t>,
    edits: Edits,
    /// cells, rows and tables that go
    removed: BTreeSet<usize>,
    /// how many ranges are open whose markup is deleted
    deleted_markup: usize,
}

impl<'t> Settler<'t> {
    fn new(tree: &'t Tree<'t>) -> Self {
        Self {
            tree,
            edits: Edits::default(),
            removed: BTreeSet::new(),
            deleted_markup: 0,
        }
    }

    fn settle(mut self) -> Edits {
        let mut next = 0;
        while let Some(node) = self.tree.nodes.get(next) {
            next = if node.is_word && self.element(next) {
                node.end
            } else {
                next + 1
            };
        }
        self.remove_emptied("tr", "tc");
        self.remove_emptied("tbl", "tr");
        for number in std::mem::take(&mut self.removed) {
            self.remove(number);
        }
        self.edits
    }

    /// Accepts one change; tells whether what it holds went with it.
    fn element(&mut self, number: usize) -> bool {
        let Some(node) = self.tree.nodes.get(number) else {
            return true;
        };
        match node.name {
            "ins" | "moveTo" => self.unwrap(node.open.clone(), node.close.clone()),
            "del" | "moveFrom" if marks_paragraph(self.tree, number) => {}
            "del" if self.is_in(number, "trPr") => self.remove_holder(number, "tr"),
            "cellDel" => self.remove_holder(number, "tc"),
            "del" | "moveFrom" => {
                self.remove(number);
                return true;
            }
            "cellMerge" => self.merge_cell(number),
            "sdt" | "customXml" if self.deleted_markup > 0 => self.unwrap_control(number),
            name if NOTES.contains(&name) => {
                match name {
                    "customXmlDelRangeStart" | "customXmlMoveFromRangeStart" => {
                        self.deleted_markup += 1;
                    }
                    "customXmlDelRangeEnd" | "customXmlMoveFromRangeEnd" => {
                        self.deleted_markup = self.deleted_markup.saturating_sub(1);
                    }
                    _ => {}
                }
                self.edits.remove(node.whole());
                return true;
            }
            _ => {}
        }
        false
    }

    fn is_in(&self, number: usize, parent: &str) -> bool {
        let of = self.tree.parent(number);
        of.is_some_and(|of| self.tree.is(of, parent))
    }

    fn unwrap(&mut self, open: Range<usize>, close: Range<usize>) {
        self.edits.remove(open);
        self.edits.remove(close);
    }

    /// Removes an element; ranges that begin or end within it keep that end.
    fn remove(&mut self, number: usize) {
        if let Some(node) = self.tree.nodes.get(number) {
            let anchors = anchors_within(self.tree, number);
            self.edits.replace(node.whole(), anchors);
        }
    }

    fn remove_holder(&mut self, number: usize, name: &str) {
        self.removed.extend(self.tree.ancestor(number, name));
    }

    /// A row of which every cell goes, goes, and so does a table of which every row does.
    fn remove_emptied(&mut self, outer: &str, inner: &str) {
        let of = |number: &usize| self.tree.ancestor(*number, outer);
        let inners = self
            .removed
            .iter()
            .filter(|number| self.tree.is(**number, inner));
        let mut left: BTreeMap<usize, bool> = inners
            .filter_map(of)
            .map(|holder| (holder, false))
            .collect();
        if left.is_empty() {
            return;
        }
        for number in 0..self.tree.nodes.len() {
            if self.tree.is(number, inner)
                && !self.removed.contains(&number)
                && let Some(holder) = of(&number).and_then(|holder| left.get_mut(&holder))
            {
                *holder = true;
            }
        }
        let emptied = left.into_iter().filter(|(_, left)| !left);
        self.removed.extend(emptied.map(|(holder, _)| holder));
    }

    /// Takes a content control or custom XML away around what it holds.
    fn unwrap_control(&mut self, number: usize) {
        let Some(node) = self.tree.nodes.get(number) else {
            return;
        };
        let content = self.tree.child(number, "sdtContent");
        match content.and_then(|content| self.tree.nodes.get(content)) {
            Some(content) => self.unwrap(
                node.open.start..content.open.end,
                content.close.start..node.close.end,
            ),
            None => self.unwrap(node.open.clone(), node.close.clone()),
        }
        let properties = self.tree.child(number, "customXmlPr");
        if let Some(properties) = properties.and_then(|pr| self.tree.nodes.get(pr)) {
            self.edits.remove(properties.whole());
        }
    }

    /// A merge that was tracked becomes one (17.13.5.3); its place in the properties is
    /// behind those named here (17.4.69).
    fn merge_cell(&mut self, number: usize) {
        const BEFORE: [&str; 4] = ["cnfStyle", "tcW", "gridSpan", "hMerge"];
        let (Some(node), Some(properties)) =
            (self.tree.nodes.get(number), self.tree.parent(number))
        else {
            return;
        };
        self.edits.remove(node.whole());
        let merge = match self.tree.attribute(number, "vMerge").as_deref() {
            Some("rest") => "restart",
            Some("cont") => "continue",
            _ => return,
        };
        if self.tree.child(properties, "vMerge").is_some() {
            return;
        }
        let is_before = |child: &usize| BEFORE.iter().any(|name| self.tree.is(*child, name));
        let behind = self.tree.children(properties).filter(is_before).last();
        let at = match behind.and_then(|last| self.tree.nodes.get(last)) {
            Some(last) => last.close.end,
            None => self.tree.nodes.get(properties).map_or(0, |pr| pr.open.end),
        };
        let w = self.tree.prefix(number);
        let merged = format!(r#"<{w}vMerge {w}val="{merge}"/>"#);
        self.edits.replace(at..at, merged);
    }
}

/// Whether a change is one of the mark that ends a paragraph (17.13.5.15).
fn marks_paragraph(tree: &Tree<'_>, change: usize) -> bool {
    let properties = tree.parent(change).filter(|run| tree.is(*run, "rPr"));
    let of = properties.and_then(|run| tree.parent(run));
    of.is_some_and(|of| tree.is(of, "pPr"))
}

/// Whether an element begins or ends a range that outlives what it stands in.
fn is_anchor(name: &str) -> bool {
    ["bookmark", "perm", "commentRange"]
        .iter()
        .any(|range| name.strip_prefix(range).is_some_and(is_end))
}

fn is_end(rest: &str) -> bool {
    matches!(rest, "Start" | "End")
}

/// The beginnings and ends of ranges within an element whose other end lies outside.
fn anchors_within(tree: &Tree<'_>, of: usize) -> String {
    let end = tree.nodes.get(of).map_or(of, |node| node.end);
    let mut open: BTreeMap<(&str, String), Range<usize>> = BTreeMap::new();
    for number in of + 1..end {
        let Some(node) = tree.nodes.get(number) else {
            break;
        };
        if !node.is_word || !is_anchor(node.name) {
            continue;
        }
        let range = node.name.trim_end_matches("Start").trim_end_matches("End");
        let id = tree.attribute(number, "id").unwrap_or_default();
        if open.remove(&(range, id.clone())).is_none() {
            open.insert((range, id), node.whole());
        }
    }
    let mut spans: Vec<Range<usize>> = open.into_values().collect();
    spans.sort_by_key(|span| span.start);
    spans.into_iter().map(|span| tree.text(span)).collect()
}

/// A paragraph whose mark is deleted is joined with the one behind it, whose mark and
/// properties the two then have.
fn joined_paragraphs(tree: &Tree<'_>) -> Edits {
    let mut edits = Edits::default();
    let mut joined = BTreeSet::new();
    for first in 0..tree.nodes.len() {
        if !joined.contains(&first)
            && let Some(mark) = deleted_mark(tree, first)
        {
            let mut chain = vec![first];
            let mut last = first;
            while deleted_mark(tree, last).is_some()
                && let Some(next) = next_paragraph(tree, last)
            {
                chain.push(next);
                last = next;
            }
            match chain.as_slice() {
                [_] if is_needless(tree, first) => edits.remove(whole(tree, first)),
                [_] => edits.remove(whole(tree, mark)),
                chain => join(tree, chain, last, &mut edits),
            }
            joined.extend(chain);
        }
    }
    edits
}

/// What says that the mark of this paragraph is deleted or moved away.
fn deleted_mark(tree: &Tree<'_>, paragraph: usize) -> Option<usize> {
    if !tree.is(paragraph, "p") {
        return None;
    }
    let of_mark = tree.child(tree.child(paragraph, "pPr")?, "rPr")?;
    let mut properties = tree.children(of_mark);
    properties.find(|change| tree.is(*change, "del") || tree.is(*change, "moveFrom"))
}

/// The paragraph behind this one, if nothing but the ends of ranges lies between.
fn next_paragraph(tree: &Tree<'_>, paragraph: usize) -> Option<usize> {
    let next = next_content(tree, paragraph)?;
    tree.is(next, "p").then_some(next)
}

fn next_content(tree: &Tree<'_>, of: usize) -> Option<usize> {
    let anchors = |number: &usize| {
        let node = tree.nodes.get(*number);
        node.is_some_and(|node| node.is_word && is_anchor(node.name))
    };
    std::iter::successors(tree.next_sibling(of), |number| tree.next_sibling(*number))
        .find(|number| !anchors(number))
}

/// Whether a paragraph is empty, and Word demands none in its place: a table follows.
fn is_needless(tree: &Tree<'_>, paragraph: usize) -> bool {
    let inside = body_start(tree, paragraph)..content(tree, paragraph).end;
    tree.text(inside).trim().is_empty()
        && next_content(tree, paragraph).is_some_and(|next| tree.is(next, "tbl"))
}

/// Joins paragraphs under the start tag and the properties of the last.
fn join(tree: &Tree<'_>, chain: &[usize], last: usize, edits: &mut Edits) {
    let start = |number: usize| whole(tree, number).start;
    let head = start(last)..body_start(tree, last);
    let mut head = match deleted_mark(tree, last).map(|mark| whole(tree, mark)) {
        Some(mark) => tree.text(head.start..mark.start).to_owned() + tree.text(mark.end..head.end),
        None => tree.text(head).to_owned(),
    };
    let mut tail = String::new();
    let end = whole(tree, last).end;
    if content(tree, last).end == end {
        // the last paragraph is an empty element
        head = head.trim_end_matches("/>").to_owned() + ">";
        tail = format!("</{}>", tag_name(&head));
    }
    let mut before = None;
    for paragraph in chain {
        let body = body_start(tree, *paragraph);
        match before.replace(*paragraph) {
            None => edits.replace(start(*paragraph)..body, std::mem::take(&mut head)),
            Some(before) => {
                let between = whole(tree, before).end..start(*paragraph);
                let mut between = tree.text(between).to_owned();
                if *paragraph == last {
                    between.push_str(&tail);
                }
                edits.replace(content(tree, before).end..body, between);
            }
        }
    }
}

fn whole(tree: &Tree<'_>, number: usize) -> Range<usize> {
    tree.nodes.get(number).map_or(0..0, |node| node.whole())
}

fn content(tree: &Tree<'_>, number: usize) -> Range<usize> {
    tree.nodes.get(number).map_or(0..0, |node| node.content())
}

/// Where the text of a paragraph begins, behind its properties.
fn body_start(tree: &Tree<'_>, paragraph: usize) -> usize {
    match tree.child(paragraph, "pPr") {
        Some(properties) => whole(tree, properties).end,
        None => content(tree, paragraph).start,
    }
}
