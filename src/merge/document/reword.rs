//! Changing the words of a Word file that is no template yet: marks in place of what a
//! model motion leaves open. Runs keep their properties, other parts their bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::elements::Elements;
use super::layout::{Edit, Layout, Piece};
use super::package::parts::Source;
use super::package::styles::Styles;
use super::package::{Draft, Package, whole};
use super::scan::{Home, Kind, Region, Scan};
use crate::merge::{Fault, Place, archive, xml};

#[cfg(test)]
mod tests;

/// A Word file, read to be reworded.
pub struct Manuscript {
    package: Package,
    parts: Vec<(Source, Scan)>,
    styles: Styles,
    notes: Vec<Fault>,
}

/// A paragraph of a manuscript, or another text that may hold marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage<'m> {
    /// where it stands
    pub place: Place,
    /// what it says, however many runs it is spread over
    pub text: &'m str,
    /// what is highlighted in it, or only holds the place of what is to be typed (bytes)
    pub highlighted: Vec<Range<usize>>,
    /// whether it is a title or heading by its style
    pub is_heading: bool,
    /// whether it repeats another for programs that cannot show that one (`mc:Fallback`)
    pub is_copy: bool,
}

/// A change to a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// this text takes the place of a part of the passage (bytes); it looks as the first
    /// character of that part did
    Replace(Range<usize>, String),
    /// the paragraph goes; if a foot- or endnote loses all of its text, so does the note
    Remove,
}

impl std::fmt::Debug for Manuscript {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.parts.iter().map(|(source, _)| &source.name);
        f.debug_list().entries(names).finish()
    }
}

impl Manuscript {
    /// Reads a .docx or .dotx; tracked changes are accepted.
    ///
    /// # Errors
    ///
    /// If it is no sound Word file.
    pub fn read(package: &[u8]) -> Result<Self, Fault> {
        let draft = Draft::read(package)?;
        let mut parts = Vec::new();
        for source in draft.sources {
            let scan = source.scan()?;
            parts.push((source, scan));
        }
        Ok(Self {
            package: draft.package,
            parts,
            styles: draft.styles,
            notes: draft.notes,
        })
    }

    /// What was taken off at reading.
    pub fn notes(&self) -> &[Fault] {
        &self.notes
    }

    /// Its passages, those of the main part first.
    pub fn passages(&self) -> Vec<Passage<'_>> {
        let passages = self.regions().map(|(source, scan, region)| {
            let elements = Elements {
                source: &source.text,
                scan,
            };
            Passage {
                place: region.place_in(&source.name),
                text: &region.text,
                highlighted: elements.highlighted(region),
                is_heading: elements
                    .style(region.element)
                    .is_some_and(|style| self.styles.is_title(&style)),
                is_copy: elements.is_within(region.element, "Fallback"),
            }
        });
        passages.collect()
    }

    /// The title in the document's properties.
    pub fn title(&self) -> Option<&str> {
        let title = self.regions().find(|(source, scan, region)| {
            let elements = Elements {
                source: &source.text,
                scan,
            };
            let is_property = source.name.to_lowercase().starts_with("docprops/");
            is_property && elements.name(region.element) == "title"
        });
        title.map(|(_, _, region)| region.text.trim())
    }

    fn regions(&self) -> impl Iterator<Item = (&Source, &Scan, &Region)> {
        self.parts.iter().flat_map(|(source, scan)| {
            let is_text = |region: &&Region| matches!(region.home, Home::Paragraph | Home::Element);
            let regions = scan.regions.iter().filter(is_text);
            regions.map(move |region| (source, scan, region))
        })
    }

    /// Makes the changes, each with the number of its passage.
    ///
    /// # Errors
    ///
    /// If the file gets too large.
    pub fn reword(mut self, changes: &[(usize, Change)]) -> Result<Vec<u8>, Fault> {
        let mut by_passage: BTreeMap<usize, Vec<&Change>> = BTreeMap::new();
        for (number, change) in changes {
            by_passage.entry(*number).or_default().push(change);
        }
        let mut edits: BTreeMap<usize, Vec<Edit>> = BTreeMap::new();
        let mut gone = BTreeSet::new();
        let mut numbers = 0..;
        for (source, scan) in &self.parts {
            let elements = Elements {
                source: &source.text,
                scan,
            };
            let is_text = |region: &&Region| matches!(region.home, Home::Paragraph | Home::Element);
            let regions = scan.regions.iter().filter(is_text).zip(numbers.by_ref());
            let of = |number: usize| by_passage.get(&number).into_iter().flatten();
            let changed: Vec<(&Region, &Change)> = regions
                .flat_map(|(region, number)| of(number).map(move |change| (region, *change)))
                .collect();
            let reworded = elements.reworded(&changed, &mut gone);
            edits.insert(source.index, reworded);
        }
        for (source, scan) in &self.parts {
            let elements = Elements {
                source: &source.text,
                scan,
            };
            let edits = edits.entry(source.index).or_default();
            edits.extend(elements.references(&gone));
        }
        for (source, _) in &self.parts {
            if let Some(edits) = edits
                .remove(&source.index)
                .filter(|edits| !edits.is_empty())
            {
                let text = Layout::of(&source.text, edits).skeleton;
                self.package.replace(source.index, &text, source.encoding);
            }
        }
        let entries = self.package.into_entries(|_| false);
        let entries = entries.map_err(|failure| whole(failure.to_string()))?;
        archive::write(entries.iter()).map_err(|failure| whole(failure.to_string()))
    }
}

/// A foot- or endnote by the name of its element and its number.
type NoteId = (String, String);

impl Elements<'_> {
    /// The edits for the changes to a part; notes that are gone are told.
    fn reworded(&self, changed: &[(&Region, &Change)], gone: &mut BTreeSet<NoteId>) -> Vec<Edit> {
        let last = self.last_blocks(changed);
        let mut edits = Vec::new();
        let mut touched = BTreeSet::new();
        for (region, change) in changed {
            let spans = match change {
                Change::Replace(span, text) => Some((span.clone(), text.as_str())),
                Change::Remove => match self.removed(region, &last, gone) {
                    Some(edit) => {
                        edits.push(edit);
                        None
                    }
                    None => Some((0..region.text.len(), "")),
                },
            };
            if let Some((span, text)) = spans {
                edits.extend(self.replaced(region, &span, text));
                touched.extend(region.chunks_within(&span).map(|chunk| chunk.element));
            }
        }
        let touched = touched.into_iter();
        edits.extend(touched.filter_map(|text| self.scan.preserve_space(self.source, text)));
        edits
    }

    fn replaced(&self, region: &Region, span: &Range<usize>, text: &str) -> Vec<Edit> {
        let mut pieces = vec![Piece::Markup(xml::escape(text).into_owned())];
        let chunks = region.chunks_within(span);
        chunks
            .map(|chunk| chunk.cut(span, std::mem::take(&mut pieces)))
            .collect()
    }

    /// Of all that paragraphs are removed from, the last paragraph, table or control that stays.
    fn last_blocks(&self, changed: &[(&Region, &Change)]) -> BTreeMap<usize, Option<usize>> {
        let removed: BTreeSet<usize> = changed
            .iter()
            .filter(|(region, change)| **change == Change::Remove && region.home == Home::Paragraph)
            .map(|(region, _)| region.element)
            .collect();
        let stays = |child: &usize| {
            let kind = self.element(*child).map(|child| child.kind);
            let is_block = matches!(kind, Some(Kind::Paragraph | Kind::Table | Kind::Control));
            is_block && !removed.contains(child)
        };
        let holders = removed
            .iter()
            .filter_map(|removed| self.element(*removed)?.parent);
        let holders: BTreeSet<usize> = holders.collect();
        let last = |holder| (holder, self.children(holder).filter(stays).last());
        holders.into_iter().map(last).collect()
    }

    /// Removes a paragraph, or the note that it is all of; `None` if only its text can go.
    fn removed(
        &self,
        region: &Region,
        last: &BTreeMap<usize, Option<usize>>,
        gone: &mut BTreeSet<NoteId>,
    ) -> Option<Edit> {
        let paragraph = Some(region.element).filter(|_| region.home == Home::Paragraph)?;
        let holder = self.element(paragraph)?.parent?;
        let last = last.get(&holder).copied().flatten();
        let name = self.name(holder);
        if last.is_none() && matches!(name, "footnote" | "endnote") {
            let id = self.value(holder, "id").unwrap_or_default();
            gone.insert((name.to_owned(), id));
            let span = self.element(holder)?.whole();
            let pieces = Vec::new();
            return Some(Edit { span, pieces });
        }
        // what holds paragraphs ends with one
        let can_go = self.element(last?)?.kind == Kind::Paragraph
            && !region.solid
            && !self.scan.ends_section(paragraph);
        let span = self.element(paragraph).filter(|_| can_go)?.whole();
        let anchors = self.scan.anchors_within(self.source, paragraph);
        let pieces = vec![Piece::Markup(anchors)];
        Some(Edit { span, pieces })
    }

    /// The edits that take the references to notes away.
    fn references(&self, gone: &BTreeSet<NoteId>) -> Vec<Edit> {
        if gone.is_empty() {
            return Vec::new();
        }
        let is_gone = |element: &usize| {
            let note = self.name(*element).strip_suffix("Reference");
            let id = self.value(*element, "id").unwrap_or_default();
            note.is_some_and(|note| gone.contains(&(note.to_owned(), id)))
        };
        let edit = |element: usize| {
            let run = self.element(element)?.parent?;
            let is_alone = self.children(run).all(|child| {
                let kind = self.element(child).map(|child| child.kind);
                child == element || kind == Some(Kind::Properties)
            });
            let span = self.element(if is_alone { run } else { element })?.whole();
            Some(Edit {
                span,
                pieces: Vec::new(),
            })
        };
        let all = 0..self.scan.elements.len();
        all.filter(is_gone).filter_map(edit).collect()
    }

    /// The id of a paragraph's style.
    fn style(&self, paragraph: usize) -> Option<String> {
        let style = self.child(self.properties(paragraph)?, "pStyle")?;
        self.value(style, "val")
    }

    fn is_within(&self, element: usize, name: &str) -> bool {
        let parents =
            std::iter::successors(Some(element), |element| self.element(*element)?.parent);
        parents.into_iter().any(|parent| self.name(parent) == name)
    }

    /// What of a paragraph is highlighted (ECMA-376 part 1, 17.3.2.15), or is the text of a
    /// control that nobody has filled in yet (17.5.2.39).
    fn highlighted(&self, region: &Region) -> Vec<Range<usize>> {
        let has = |of: usize, name: &str| self.child(of, name).is_some();
        let is_marked = |text: usize| {
            let run = self.element(text).and_then(|text| text.parent);
            let of_run = run.and_then(|run| self.properties(run));
            let control = self
                .scan
                .ancestor(text, |element| element.kind == Kind::Control);
            let of_control = control.and_then(|control| self.child(control, "sdtPr"));
            of_run.is_some_and(|properties| has(properties, "highlight"))
                || of_control.is_some_and(|properties| has(properties, "showingPlcHdr"))
        };
        let mut spans: Vec<Range<usize>> = Vec::new();
        for chunk in region
            .chunks
            .iter()
            .filter(|chunk| is_marked(chunk.element))
        {
            match spans.last_mut().filter(|last| last.end == chunk.text.start) {
                Some(last) => last.end = chunk.text.end,
                None => spans.push(chunk.text.clone()),
            }
        }
        spans
    }
}
