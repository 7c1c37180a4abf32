//! Ids of what is repeated stay unique.
//!
//! At loading, the ids within the bodies of `for` blocks become holes. While a part is
//! written, a hole keeps the template's value in the first repetition and gets a fresh
//! one in each further; the same value within the same body gets the same fresh one, so
//! that the two ends of a bookmark, a comment's range and its reference keep together.

mod identity;
mod lists;
mod notes;
mod numbering;

use std::collections::{BTreeMap, HashSet};

use self::identity::{Kind, identities};
use self::lists::List;
use self::numbering::Numbering;
use crate::merge::archive::Entry;
use crate::merge::block::Block;
use crate::merge::document::deflate::Sink;
use crate::merge::document::elements::Elements;
use crate::merge::document::layout::Cut;
use crate::merge::document::package::parts::{self, Source};
use crate::merge::document::package::relationships::related;
use crate::merge::document::package::{self, Package};
use crate::merge::document::part::pack;
use crate::merge::document::scan::Scan;
use crate::merge::document::writer::{Care, Seam};
use crate::merge::{Error, Fault};

/// The stretches that are passed at each repetition of a block.
#[derive(Debug)]
pub(super) struct Body {
    /// the stretch a repetition begins with
    pub(super) first: usize,
    last: usize,
    /// the body around it
    outer: Option<usize>,
}

/// The bodies of a part.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    pub(super) all: Vec<Body>,
    /// of each stretch, the innermost body that holds it
    innermost: Vec<Option<usize>>,
}

impl Bodies {
    /// The bodies of those blocks that repeat, in a part of so many marks.
    pub(super) fn new(blocks: &[Block], marks: usize) -> Self {
        let repeating = blocks.iter().filter(|block| block.keyword == "for");
        let range = |block: &Block| match block.marks.as_slice() {
            [opening, next, ..] => Some((opening + 1, *next)),
            _ => None,
        };
        let mut ranges: Vec<(usize, usize)> = repeating.filter_map(range).collect();
        ranges.sort_unstable();
        let mut bodies = Self::default();
        if ranges.is_empty() {
            return bodies;
        }
        bodies.innermost = vec![None; marks + 1];
        for (number, (first, last)) in ranges.into_iter().enumerate() {
            let outer = bodies.around(first).next();
            bodies.all.push(Body { first, last, outer });
            if let Some(stretches) = bodies.innermost.get_mut(first..=last) {
                stretches.fill(Some(number));
            }
        }
        bodies
    }

    /// The bodies that hold a stretch, from the inside out.
    pub(super) fn around(&self, stretch: usize) -> impl Iterator<Item = usize> {
        let innermost = self.innermost.get(stretch).copied().flatten();
        std::iter::successors(innermost, |body| self.all.get(*body)?.outer)
    }

    /// The body of which each repetition begins with this stretch.
    pub(super) fn beginning_with(&self, stretch: usize) -> Option<usize> {
        let body = self.around(stretch).next()?;
        (self.all.get(body)?.first == stretch).then_some(body)
    }
}

impl Body {
    pub(super) fn holds(&self, stretch: usize) -> bool {
        (self.first..=self.last).contains(&stretch)
    }
}

/// Places with the same value in the same body.
#[derive(Debug)]
struct Group {
    kind: Kind,
    value: String,
    /// the body that renews it
    body: usize,
    /// whether the template's value always stays
    stays: bool,
}

/// The XML of a part without its marks, while it is looked through.
pub(super) struct Skeleton<'a> {
    pub(super) text: &'a str,
    pub(super) scan: &'a Scan,
    pub(super) cuts: &'a [Cut],
    pub(super) bodies: &'a Bodies,
}

impl Skeleton<'_> {
    pub(super) fn elements(&self) -> Elements<'_> {
        Elements {
            source: self.text,
            scan: self.scan,
        }
    }

    /// The stretch that holds a place.
    pub(super) fn stretch(&self, at: usize) -> usize {
        self.cuts.partition_point(|cut| cut.at <= at)
    }
}

/// What is to be renewed in a document, and what is taken.
#[derive(Debug, Default)]
pub(super) struct Ids {
    groups: Vec<Group>,
    /// the bodies of all parts
    bodies: usize,
    taken: BTreeMap<Kind, HashSet<String>>,
    /// what may be copied: the parts and their kinds
    notes: BTreeMap<Kind, usize>,
    lists: Vec<List>,
    numbering: Option<(usize, Numbering)>,
}

impl Ids {
    /// Makes room for the bodies of a part; gives the number of the first.
    pub(super) fn enter(&mut self, bodies: &Bodies) -> usize {
        let first = self.bodies;
        self.bodies += bodies.all.len();
        first
    }

    /// The ids of a part that are to be renewed; its first body has this number.
    pub(super) fn holes(&mut self, skeleton: &Skeleton<'_>, first: usize) -> Vec<Seam> {
        let mut found = identities(skeleton.elements());
        // what points to an id goes with it, and comes after it
        found.sort_by_key(|identity| identity.points);
        let mut groups = BTreeMap::new();
        let mut holes = Vec::new();
        for identity in found {
            let stretch = skeleton.stretch(identity.span.start);
            let mut around = skeleton.bodies.around(stretch);
            let value = skeleton.text.get(identity.span.clone()).unwrap_or_default();
            let group = if identity.points {
                around.find_map(|body| groups.get(&(identity.kind, value, body)).copied())
            } else {
                around.next().map(|body| {
                    *groups
                        .entry((identity.kind, value, body))
                        .or_insert_with(|| self.group(identity.kind, value, first + body))
                })
            };
            let seam = |group| Seam::new(identity.span, Care::Hole(group));
            holes.extend(group.map(seam));
        }
        holes
    }

    /// A group for a value that is renewed at each repetition of a body.
    fn group(&mut self, kind: Kind, value: &str, body: usize) -> usize {
        self.groups.push(Group {
            kind,
            value: value.to_owned(),
            body,
            stays: false,
        });
        self.groups.len() - 1
    }

    /// Looks, when all parts are compiled, which values they use, and what can be copied.
    pub(super) fn survey(&mut self, package: &Package, sources: &[Source]) -> Result<(), Fault> {
        let (false, Some(main)) = (self.groups.is_empty(), sources.first()) else {
            return Ok(());
        };
        for source in sources {
            self.take(&source.text, &source.scan()?);
        }
        for (kind, name) in NOTES {
            if self.groups.iter().any(|group| group.kind == kind) {
                let part = related(package, &main.name, name)?;
                self.notes.extend(part.map(|part| (kind, part)));
            }
        }
        self.survey_lists(package, &main.name)
    }

    fn survey_lists(&mut self, package: &Package, main: &str) -> Result<(), Fault> {
        if self.lists.is_empty() {
            return Ok(());
        }
        let numbering = match related(package, main, "numbering")? {
            Some(index) => {
                let source = parts::source(package, index)?;
                let scan = source.scan()?;
                self.take(&source.text, &scan);
                Some((index, Numbering::read(&source, &scan, &self.lists)))
            }
            None => None,
        };
        for list in &self.lists {
            let counts_anew = numbering.as_ref().is_some_and(|(_, n)| n.has(list));
            if let Some(group) = self.groups.get_mut(list.group) {
                group.stays = !counts_anew;
            }
        }
        self.numbering = numbering;
        Ok(())
    }

    /// Notes the values that a part uses.
    fn take(&mut self, source: &str, scan: &Scan) {
        for identity in identities(Elements { source, scan }) {
            let value = source.get(identity.span).unwrap_or_default();
            let taken = self.taken.entry(identity.kind).or_default();
            taken.insert(identity.kind.fold(value).into_owned());
        }
    }
}

/// What a repeated reference needs a copy of, and the relationship that leads there.
const NOTES: [(Kind, &str); 3] = [
    (Kind::Footnote, "footnotes"),
    (Kind::Endnote, "endnotes"),
    (Kind::Comment, "comments"),
];

/// The ids of one merge.
#[derive(Debug)]
pub(super) struct Renewal<'a> {
    ids: &'a Ids,
    /// how often each body has been passed
    passed: Vec<usize>,
    /// of each group: the repetition it was last written in, and its value if fresh
    groups: Vec<(usize, Option<String>)>,
    /// how many values of a kind are given
    given: BTreeMap<Kind, u32>,
    /// what is pointed to by fresh ids
    copies: Vec<Copy<'a>>,
}

/// What a reference with a fresh id needs: a copy of what the template's pointed to.
#[derive(Debug)]
pub(super) struct Copy<'a> {
    kind: Kind,
    pub(super) of: &'a str,
    pub(super) id: String,
}

impl<'a> Renewal<'a> {
    pub(super) fn new(ids: &'a Ids) -> Self {
        Self {
            ids,
            passed: vec![0; ids.bodies],
            groups: vec![(0, None); ids.groups.len()],
            given: BTreeMap::new(),
            copies: Vec::new(),
        }
    }

    /// A body is passed once more.
    pub(super) fn pass(&mut self, body: usize) {
        if let Some(passed) = self.passed.get_mut(body) {
            *passed += 1;
        }
    }

    /// What stands in a hole now; `None` where the template's value stays.
    pub(super) fn value(&mut self, group: usize) -> Option<&str> {
        let Group {
            kind, value, body, ..
        } = self.ids.groups.get(group).filter(|group| !group.stays)?;
        let passed = self.passed.get(*body).copied()?;
        let (last, _) = self.groups.get(group)?;
        if *last != passed {
            let fresh = (*last > 0).then(|| self.fresh(*kind, value));
            if let (Some(id), Kind::Footnote | Kind::Endnote | Kind::Comment | Kind::List) =
                (&fresh, kind)
            {
                self.copies.push(Copy {
                    kind: *kind,
                    of: value,
                    id: id.clone(),
                });
            }
            *self.groups.get_mut(group)? = (passed, fresh);
        }
        self.groups.get(group)?.1.as_deref()
    }

    /// A value that nothing else bears.
    fn fresh(&mut self, kind: Kind, value: &str) -> String {
        let taken = self.ids.taken.get(&kind);
        let number = self.given.entry(kind).or_default();
        loop {
            *number += 1;
            let fresh = kind.write(value, *number);
            if !taken.is_some_and(|taken| taken.contains(kind.fold(&fresh).as_ref())) {
                return fresh;
            }
        }
    }

    /// The parts that hold what fresh ids point to, with its copies; `part` gives them as
    /// they are by now.
    pub(super) fn copies<'e>(
        mut self,
        part: impl Fn(usize) -> Option<&'e Entry>,
        check: bool,
    ) -> Result<Vec<(usize, Entry)>, Error> {
        let mut copies: BTreeMap<Kind, Vec<Copy<'_>>> = BTreeMap::new();
        for copy in std::mem::take(&mut self.copies) {
            copies.entry(copy.kind).or_default().push(copy);
        }
        let mut changed = Vec::new();
        for (kind, copies) in copies {
            let lists = self.ids.numbering.as_ref().filter(|_| kind == Kind::List);
            let note = self.ids.notes.get(&kind).copied();
            let Some(index) = lists.map(|(index, _)| *index).or(note) else {
                continue;
            };
            let Some(original) = part(index) else {
                continue;
            };
            let content = match lists {
                Some((_, numbering)) => Ok(numbering.with(&copies)),
                None => package::inflate(original)
                    .and_then(|content| notes::with_copies(&content, kind, &copies, &mut self)),
            };
            let content = content.map_err(|problem| Error {
                place: original.path().into(),
                problem,
            })?;
            let mut sink = Sink::new(content.len() / 4, check);
            sink.bytes(&content);
            changed.push((index, pack(original, sink)?));
        }
        Ok(changed)
    }
}
