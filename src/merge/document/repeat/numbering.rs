//! The numbering part, with further lists that count anew.
//!
//! A list counts anew when it is another `w:num` of the same abstract numbering, with
//! overrides that start its levels again (ECMA-376 part 1, 17.9.15 and 17.9.27).

use std::collections::BTreeMap;

use super::Copy;
use super::lists::List;
use crate::merge::document::attribute::spans;
use crate::merge::document::elements::Elements;
use crate::merge::document::package::encoding::Encoding;
use crate::merge::document::package::parts::Source;
use crate::merge::document::scan::Scan;

/// The levels of a list (ECMA-376 part 1, 17.9.6).
const LEVELS: u32 = 9;

/// The numbering part of a document whose lists count anew.
#[derive(Debug)]
pub(super) struct Numbering {
    text: String,
    encoding: Encoding,
    /// where further lists go
    end: usize,
    /// what a copy of a list says before and behind its number
    copies: BTreeMap<String, (String, String)>,
}

impl Numbering {
    /// Reads the part and looks how lists are copied.
    pub(super) fn read(part: &Source, scan: &Scan, lists: &[List]) -> Self {
        let source = &part.text;
        let reader = Reader(Elements { source, scan });
        let nums = reader.nums();
        let copy = |list: &List| Some((list.number.clone(), reader.copy_of(list, &nums)?));
        let ends = nums.values().filter_map(|num| reader.0.element(num.index));
        Self {
            text: source.clone(),
            encoding: part.encoding,
            end: ends.map(|num| num.close.end).max().unwrap_or(0),
            copies: lists.iter().filter_map(copy).collect(),
        }
    }

    /// Whether a list can count anew.
    pub(super) fn has(&self, list: &List) -> bool {
        self.copies.contains_key(&list.number)
    }

    /// The part with further lists.
    pub(super) fn with(&self, copies: &[Copy<'_>]) -> Vec<u8> {
        let (head, tail) = self.text.split_at_checked(self.end).unwrap_or_default();
        let mut content = self.encoding.mark().to_vec();
        self.encoding.encode(head, &mut content);
        for copy in copies {
            if let Some((before, behind)) = self.copies.get(copy.of) {
                let num = format!("{before}{}{behind}", copy.id);
                self.encoding.encode(&num, &mut content);
            }
        }
        self.encoding.encode(tail, &mut content);
        content
    }
}

/// A `w:num`.
struct Num {
    index: usize,
    abstract_number: String,
}

/// The numbering part while it is read.
struct Reader<'s>(Elements<'s>);

impl Reader<'_> {
    fn nums(&self) -> BTreeMap<String, Num> {
        let nums = self.children(0, "num");
        nums.filter_map(|index| {
            let abstract_number = self.value_of(index, "abstractNumId")?;
            let num = Num {
                index,
                abstract_number,
            };
            Some((self.0.value(index, "numId")?, num))
        })
        .collect()
    }

    fn children(&self, of: usize, name: &'static str) -> impl Iterator<Item = usize> {
        let children = self.0.children(of);
        children.filter(move |child| self.0.name(*child) == name)
    }

    fn value_of(&self, parent: usize, name: &str) -> Option<String> {
        self.0.value(self.0.child(parent, name)?, "val")
    }

    /// The levels an element speaks of.
    fn levels(&self, of: usize, name: &'static str) -> BTreeMap<u32, usize> {
        let level = |index: usize| Some((self.0.value(index, "ilvl")?.parse().ok()?, index));
        self.children(of, name).filter_map(level).collect()
    }

    /// What a copy of a list says before and behind its number; `None` where it has no
    /// numbers, or goes on where another list has ended.
    fn copy_of(&self, list: &List, nums: &BTreeMap<String, Num>) -> Option<(String, String)> {
        let num = nums.get(&list.number)?;
        let overrides = self.levels(num.index, "lvlOverride");
        let starts = |index: &usize| self.0.child(*index, "startOverride").is_some();
        let goes_on = list.before.iter().any(|number| {
            let other = nums.get(number);
            other.is_some_and(|other| other.abstract_number == num.abstract_number)
        });
        if goes_on && !overrides.values().any(starts) {
            return None;
        }
        let mut levels = self.starts(&num.abstract_number)?;
        for level in overrides.keys() {
            levels.entry(*level).or_insert_with(|| "1".to_owned());
        }
        let w = self.0.prefix(num.index);
        // attributes have a prefix even where elements have none
        let (first, _) = spans(self.0.tag(num.index)).into_iter().next()?;
        let a = first.rfind(':').map_or("", |at| first.split_at(at + 1).0);
        let overrides: String = levels
            .into_iter()
            .map(|(level, start)| {
                let content = overrides.get(&level).map(|own| self.content(*own));
                let start = match overrides.get(&level) {
                    Some(own) if starts(own) => String::new(),
                    own => {
                        let own = own.and_then(|own| self.0.child(*own, "lvl"));
                        let start = own
                            .and_then(|own| self.value_of(own, "start"))
                            .unwrap_or(start);
                        format!("<{w}startOverride {a}val=\"{start}\"/>")
                    }
                };
                let content = content.unwrap_or_default();
                format!("<{w}lvlOverride {a}ilvl=\"{level}\">{start}{content}</{w}lvlOverride>")
            })
            .collect();
        Some((
            format!("<{w}num {a}numId=\""),
            format!(
                "\"><{w}abstractNumId {a}val=\"{}\"/>{overrides}</{w}num>",
                num.abstract_number
            ),
        ))
    }

    fn content(&self, of: usize) -> &str {
        let content = self.0.element(of).map(|it| it.open.end..it.close.start);
        let content = content.and_then(|content| self.0.source.get(content));
        content.unwrap_or_default()
    }

    /// What each level of an abstract numbering starts with; `None` if none counts.
    fn starts(&self, number: &str) -> Option<BTreeMap<u32, String>> {
        let mut all = self.children(0, "abstractNum");
        let index = all.find(|index| {
            let id = self.0.value(*index, "abstractNumId");
            id.as_deref() == Some(number)
        })?;
        let one = || "1".to_owned();
        let levels = self.levels(index, "lvl");
        if levels.is_empty() {
            // its levels are those of a list style
            return Some((0..LEVELS).map(|level| (level, one())).collect());
        }
        let counts = |level: &usize| {
            let format = self.value_of(*level, "numFmt");
            !matches!(format.as_deref(), Some("bullet" | "none"))
        };
        let start = |level| self.value_of(level, "start").unwrap_or_else(one);
        levels.values().any(counts).then(|| {
            let levels = levels.iter();
            levels
                .map(|(level, index)| (*level, start(*index)))
                .collect()
        })
    }
}
