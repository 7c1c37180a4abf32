//! A part as a tree of its elements, and editing it at loading: elements and attributes
//! are taken out, all else stays letter by letter.

use std::ops::Range;

use quick_xml::NsReader;
use quick_xml::events::Event;

use crate::merge::document::attribute::{spans, tag_name, value, whole};
use crate::merge::document::scan::{DEPTH, Vocabulary};

/// An element and its place in the XML.
#[derive(Debug)]
pub(super) struct Node<'s> {
    /// whether it is of WordprocessingML
    pub(super) is_word: bool,
    /// its name without a prefix
    pub(super) name: &'s str,
    /// the start tag, or the whole of an empty element
    pub(super) open: Range<usize>,
    /// the end tag; empty behind an empty element
    pub(super) close: Range<usize>,
    pub(super) parent: Option<usize>,
    /// the number behind that of its last descendant
    pub(super) end: usize,
}

impl Node<'_> {
    pub(super) fn whole(&self) -> Range<usize> {
        self.open.start..self.close.end
    }

    pub(super) fn content(&self) -> Range<usize> {
        self.open.end..self.close.start
    }
}

/// The elements of a part in document order.
#[derive(Debug)]
pub(super) struct Tree<'s> {
    pub(super) source: &'s str,
    pub(super) nodes: Vec<Node<'s>>,
}

impl<'s> Tree<'s> {
    /// Reads a part; refuses XML that is not well-formed or has a DTD.
    pub(super) fn read(source: &'s str) -> Result<Self, String> {
        let mut reader = NsReader::from_str(source);
        let mut nodes: Vec<Node<'s>> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut start = 0;
        loop {
            let (is_word, event) = match reader.read_resolved_event() {
                Ok((namespace, event)) => (Vocabulary::of(&namespace) == Vocabulary::Word, event),
                Err(failure) => return Err(format!("kein gültiges XML ({failure})")),
            };
            let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            match event {
                Event::Start(_) | Event::Empty(_) => {
                    let number = nodes.len();
                    nodes.push(Node {
                        is_word,
                        name: local_name(source.get(start..end).unwrap_or_default()),
                        open: start..end,
                        close: end..end,
                        parent: open.last().copied(),
                        end: number + 1,
                    });
                    if matches!(event, Event::Start(_)) {
                        open.push(number);
                        if open.len() > DEPTH {
                            return Err("das XML ist zu tief verschachtelt".to_owned());
                        }
                    }
                }
                Event::End(_) => {
                    let next = nodes.len();
                    let closed = open.pop().and_then(|number| nodes.get_mut(number));
                    if let Some(node) = closed {
                        node.close = start..end;
                        node.end = next;
                    }
                }
                Event::DocType(_) => return Err("das XML enthält eine DTD".to_owned()),
                Event::Eof if open.is_empty() => return Ok(Self { source, nodes }),
                Event::Eof => return Err("kein gültiges XML (es endet mittendrin)".to_owned()),
                _ => {}
            }
            start = end;
        }
    }

    pub(super) fn text(&self, span: Range<usize>) -> &'s str {
        self.source.get(span).unwrap_or_default()
    }

    /// The elements directly within this one.
    pub(super) fn children(&self, of: usize) -> impl Iterator<Item = usize> {
        let end = self.nodes.get(of).map_or(0, |node| node.end);
        let mut next = of + 1;
        std::iter::from_fn(move || {
            let child = next;
            next = self.nodes.get(child)?.end;
            (child < end).then_some(child)
        })
    }

    /// The first element of this name directly within this one.
    pub(super) fn child(&self, of: usize, name: &str) -> Option<usize> {
        self.children(of).find(|child| self.is(*child, name))
    }

    /// Whether this is an element of WordprocessingML of this name.
    pub(super) fn is(&self, number: usize, name: &str) -> bool {
        let node = self.nodes.get(number);
        node.is_some_and(|node| node.is_word && node.name == name)
    }

    pub(super) fn parent(&self, of: usize) -> Option<usize> {
        self.nodes.get(of)?.parent
    }

    /// The nearest element of this name that holds this one.
    pub(super) fn ancestor(&self, of: usize, name: &str) -> Option<usize> {
        std::iter::successors(self.parent(of), |number| self.parent(*number))
            .find(|number| self.is(*number, name))
    }

    /// The element behind this one, with the same parent.
    pub(super) fn next_sibling(&self, of: usize) -> Option<usize> {
        let node = self.nodes.get(of)?;
        let next = self.nodes.get(node.end)?;
        (next.parent == node.parent).then_some(node.end)
    }

    /// The attributes of an element: name without prefix, value as it stands, its place
    /// with the white space before it.
    fn attributes(&self, of: usize) -> impl Iterator<Item = (&'s str, &'s str, Range<usize>)> {
        let open = self.nodes.get(of).map_or(0..0, |node| node.open.clone());
        let tag = self.text(open.clone());
        spans(tag).into_iter().filter_map(move |(name, value)| {
            let whole = whole(tag, name, &value)?;
            let local = name.rsplit(':').next()?;
            let span = open.start + whole.start..open.start + whole.end;
            Some((local, tag.get(value)?, span))
        })
    }

    /// The value of an attribute, by its name without prefix.
    pub(super) fn attribute(&self, of: usize, name: &str) -> Option<String> {
        value(self.text(self.nodes.get(of)?.open.clone()), name)
    }

    /// The prefix of an element's name, with its colon.
    pub(super) fn prefix(&self, of: usize) -> &'s str {
        let tag = self
            .nodes
            .get(of)
            .map_or("", |node| self.text(node.open.clone()));
        let name = tag_name(tag);
        let length = name.find(':').map_or(0, |colon| colon + 1);
        name.get(..length).unwrap_or_default()
    }
}

fn local_name(tag: &str) -> &str {
    tag_name(tag).rsplit(':').next().unwrap_or_default()
}

/// Changes to a part: spans and what comes in their place.
#[derive(Debug, Default)]
pub(in crate::merge::document) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    pub(super) fn remove(&mut self, span: Range<usize>) {
        self.replace(span, String::new());
    }

    pub(in crate::merge::document) fn replace(&mut self, span: Range<usize>, by: String) {
        self.0.push((span, by));
    }

    /// Puts XML at the end of what an element holds.
    pub(super) fn append(&mut self, tree: &Tree<'_>, to: usize, xml: &str) {
        let Some(node) = tree.nodes.get(to) else {
            return;
        };
        if !node.close.is_empty() {
            self.replace(node.close.start..node.close.start, xml.to_owned());
            return;
        }
        let tag = tree.text(node.open.clone());
        let start = tag.trim_end_matches('>').trim_end_matches('/');
        let whole = format!("{start}>{xml}</{}>", tag_name(tag));
        self.replace(node.open.clone(), whole);
    }

    /// Removes the attributes of an element that meet a condition.
    pub(super) fn remove_attributes(
        &mut self,
        tree: &Tree<'_>,
        of: usize,
        unwanted: impl Fn(&str) -> bool,
    ) {
        for (name, _, span) in tree.attributes(of) {
            if unwanted(name) {
                self.remove(span);
            }
        }
    }

    /// Leaves the attributes of this name, empty.
    pub(super) fn clear_attribute(&mut self, tree: &Tree<'_>, of: usize, wanted: &str) {
        for (name, raw, span) in tree.attributes(of) {
            if name == wanted {
                let end = span.end - 1;
                self.remove(end - raw.len()..end);
            }
        }
    }

    /// The edited part; `None` if nothing changes. What lies within a removed span goes
    /// with it.
    pub(in crate::merge::document) fn apply(mut self, source: &str) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        self.0
            .sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        let mut text = String::with_capacity(source.len());
        let mut rest = 0;
        for (span, by) in self.0 {
            if span.start < rest {
                continue;
            }
            text.push_str(source.get(rest..span.start).unwrap_or_default());
            text.push_str(&by);
            rest = span.end;
        }
        text.push_str(source.get(rest..).unwrap_or_default());
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_with_the_blank_before_them() {
        let tree = Tree::read("<a x:b='1'\n c = \"&lt;b\" bb='c=\"x\"'/>").unwrap();
        let seen: Vec<_> = tree
            .attributes(0)
            .map(|(name, raw, span)| (name, raw, tree.text(span)))
            .collect();
        assert_eq!(
            seen,
            [
                ("b", "1", " x:b='1'"),
                ("c", "&lt;b", "\n c = \"&lt;b\""),
                ("bb", "c=\"x\"", " bb='c=\"x\"'"),
            ]
        );
        assert_eq!(tree.attribute(0, "c").as_deref(), Some("<b"));
    }

    #[test]
    fn elements_know_their_relatives() {
        let source = "<a><b><c/></b><d/>x</a>";
        let tree = Tree::read(source).unwrap();
        assert_eq!(tree.children(0).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(tree.next_sibling(1), Some(3));
        assert_eq!(tree.next_sibling(2), None);
        let mut edits = Edits::default();
        edits.remove(tree.nodes[1].whole());
        edits.remove(tree.nodes[2].whole());
        edits.replace(tree.nodes[3].whole(), "e".to_owned());
        assert_eq!(edits.apply(source).as_deref(), Some("<a>ex</a>"));
    }
}
