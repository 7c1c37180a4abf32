//! Accessibility: what keeps a document from people who have it read out to them, or who
//! find their way in it by its headings.
//!
//! In: the parts of a template of the catalogue. Out: notes for its author, at most one of
//! a kind, each with what to do in Word, in the words of Word's own menus. Where it is
//! doubtful whether something is wrong, nothing is said.

mod body;
mod lists;
mod outline;
mod pictures;
mod properties;
mod spacing;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::body::Body;
use super::Package;
use super::parts::{ContentTypes, Source};
use super::styles::Styles;
use super::tree::Tree;
use crate::merge::document::scan::{Home, Region, Scan};
use crate::merge::{Fault, Place};

/// How many places a note names beside the first.
const MORE: usize = 3;
/// How much of a text is quoted: whole words (characters).
const QUOTED: usize = 40;

/// What a template lacks; `sources` are its parts with the main one first.
pub(super) fn notes(package: &Package, types: &ContentTypes, sources: &[Source]) -> Vec<Fault> {
    let Some(main) = sources.first() else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    if let Some(part) = Part::read(main) {
        let styles = Styles::of(package, &main.name);
        notes.extend(properties::language(&part, &styles));
        let body = Body::read(&part, &styles);
        notes.extend(outline::notes(&body));
        notes.extend(lists::note(&body));
        notes.extend(spacing::note(&body));
        notes.extend(tables::note(&body, &styles));
    }
    let texts = sources.iter().filter(|source| holds_text(types, source));
    notes.extend(pictures::note(texts));
    notes
}

/// Whether the text of a part is part of the document: comments are not.
fn holds_text(types: &ContentTypes, source: &Source) -> bool {
    types.is_word(&source.name) && !types.of(&source.name).ends_with("comments+xml")
}

/// A part, as XML and as its reader sees it.
struct Part<'s> {
    name: &'s str,
    tree: Tree<'s>,
    /// its elements have the numbers they have in the tree
    scan: Scan,
}

impl<'s> Part<'s> {
    /// Reads a part; what is wrong with one that cannot be read is told elsewhere.
    fn read(source: &'s Source) -> Option<Self> {
        Some(Self {
            name: &source.name,
            tree: source.tree().ok()?,
            scan: source.scan().ok()?,
        })
    }

    /// The paragraphs by their elements.
    fn paragraphs(&self) -> BTreeMap<usize, &Region> {
        let regions = self.scan.regions.iter();
        let paragraphs = regions.filter(|region| region.home == Home::Paragraph);
        paragraphs.map(|region| (region.element, region)).collect()
    }
}

/// Something to be noted, and words by which its author finds it.
pub(in crate::merge::document) struct Found {
    place: Place,
    words: String,
}

impl Found {
    pub(in crate::merge::document) fn new(place: Place, words: &str) -> Self {
        let mut quote = String::new();
        for word in words.split_whitespace() {
            let length = quote.chars().count();
            if length > 0 && length + word.chars().count() > QUOTED {
                quote.push_str(" …");
                break;
            }
            if length > 0 {
                quote.push(' ');
            }
            quote.extend(word.chars().take(QUOTED));
        }
        Self {
            place,
            words: quote,
        }
    }
}

/// One note for all that is found of a kind: of the first the place, of others the words.
/// `what` tells of the first by its words.
pub(in crate::merge::document) fn gather(
    found: Vec<Found>,
    what: impl Fn(&str) -> String,
    remedy: &str,
) -> Option<Fault> {
    let mut found = found.into_iter();
    let first = found.next()?;
    let others: Vec<Found> = found.collect();
    let mut named: Vec<&str> = Vec::new();
    for Found { words, .. } in &others {
        let is_new = !words.is_empty() && *words != first.words && !named.contains(&&**words);
        if is_new && named.len() < MORE {
            named.push(words);
        }
    }
    let rest = match others.len() - named.len() {
        0 => None,
        1 => Some("an einer weiteren Stelle".to_owned()),
        rest => Some(format!("an {rest} weiteren Stellen")),
    };
    let named: Vec<String> = named.iter().map(|words| format!("„{words}“")).collect();
    let named = (!named.is_empty()).then(|| format!("bei {}", named.join(", ")));
    let also: Vec<String> = named.into_iter().chain(rest).collect();
    let also = match also.join(" und ") {
        also if also.is_empty() => also,
        also => format!(" (ebenso {also})"),
    };
    let problem = format!("{}{also}; {remedy}", what(&first.words));
    Some(Fault::new(first.place, problem))
}
