//! The elements of a part with their names, children and attributes.

use super::attribute;
use super::scan::{Element, Kind, Scan};

/// A part's elements together with its XML.
#[derive(Debug, Clone, Copy)]
pub(super) struct Elements<'a> {
    pub(super) source: &'a str,
    pub(super) scan: &'a Scan,
}

impl<'a> Elements<'a> {
    pub(super) fn element(&self, index: usize) -> Option<&'a Element> {
        self.scan.elements.get(index)
    }

    /// The local name.
    pub(super) fn name(&self, index: usize) -> &'a str {
        let start = self.element(index).map(|element| element.prefix.end);
        let tag = start.and_then(|start| self.source.get(start..));
        attribute::tag_name(tag.unwrap_or_default())
    }

    /// The prefix of the name, with the colon.
    pub(super) fn prefix(&self, index: usize) -> &'a str {
        let prefix = self.element(index).map(|element| element.prefix.clone());
        prefix
            .and_then(|prefix| self.source.get(prefix))
            .unwrap_or_default()
    }

    /// The element as it stands.
    pub(super) fn xml(&self, index: usize) -> &'a str {
        let whole = self.element(index).map(Element::whole);
        whole
            .and_then(|whole| self.source.get(whole))
            .unwrap_or_default()
    }

    /// Its start tag, or the whole of an empty element.
    pub(super) fn tag(&self, index: usize) -> &'a str {
        let open = self.element(index).map(|element| element.open.clone());
        open.and_then(|open| self.source.get(open))
            .unwrap_or_default()
    }

    /// An attribute by its local name.
    pub(super) fn value(&self, index: usize, name: &str) -> Option<String> {
        attribute::value(self.tag(index), name)
    }

    /// All elements within, in their order.
    pub(super) fn descendants(&self, of: usize) -> impl Iterator<Item = usize> + use<'a> {
        let end = self.element(of).map_or(0, |element| element.close.start);
        let inner = self.scan.elements.iter().enumerate().skip(of + 1);
        inner
            .take_while(move |(_, element)| element.open.start < end)
            .map(|(index, _)| index)
    }

    /// The elements directly within.
    pub(super) fn children(&self, of: usize) -> impl Iterator<Item = usize> + use<'a> {
        self.scan.children(of).map(|(index, _)| index)
    }

    /// The first child of this name.
    pub(super) fn child(&self, of: usize, name: &str) -> Option<usize> {
        self.children(of).find(|child| self.name(*child) == name)
    }

    /// The first element of a kind within.
    pub(super) fn first(&self, of: usize, kind: Kind) -> Option<usize> {
        self.descendants(of)
            .find(|inner| self.element(*inner).is_some_and(|it| it.kind == kind))
    }

    /// The properties of a run or paragraph.
    pub(super) fn properties(&self, of: usize) -> Option<usize> {
        self.scan.properties_of(of)
    }
}
