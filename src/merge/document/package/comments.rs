//! The comments of a document (ECMA-376 part 1, 17.13.4): their part made or extended.

use std::collections::BTreeSet;

use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::{Namespace, ResolveResult};

use super::Package;
use super::parts::{self, Source, source};
use super::relationships;
use super::tree::{Edits, Tree};
use crate::merge::{Fault, xml};

const CONTENT_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml";

/// The two families of namespaces (ECMA-376 part 1, annex A; part 4, annex A).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::merge::document) enum Family {
    Transitional,
    Strict,
}

impl Family {
    /// That of a part's root element.
    pub(in crate::merge::document) fn of(text: &str) -> Self {
        let mut reader = NsReader::from_str(text);
        loop {
            match reader.read_resolved_event() {
                Ok((ResolveResult::Bound(Namespace(name)), Event::Start(_) | Event::Empty(_))) => {
                    return match name == Self::Strict.namespace() {
                        true => Self::Strict,
                        false => Self::Transitional,
                    };
                }
                Ok((_, Event::Start(_) | Event::Empty(_) | Event::Eof)) | Err(_) => {
                    return Self::Transitional;
                }
                Ok(_) => {}
            }
        }
    }

    fn namespace(self) -> &'static str {
        match self {
            Self::Transitional => "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            Self::Strict => "http://purl.oclc.org/ooxml/wordprocessingml/main",
        }
    }

    fn relationship(self) -> &'static str {
        match self {
            Self::Transitional => {
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
            }
            Self::Strict => "http://purl.oclc.org/ooxml/officeDocument/relationships/comments",
        }
    }

    /// A prefix for elements and their attributes beside elements of this one, and how an
    /// element declares it: without a prefix the attributes would have no namespace.
    pub(in crate::merge::document) fn prefix(self, beside: &str) -> (&str, String) {
        match beside {
            "" => ("w:", format!(" xmlns:w=\"{}\"", self.namespace())),
            prefix => (prefix, String::new()),
        }
    }
}

/// Adds comments to a package; gives their ids.
pub(in crate::merge::document) fn add(
    package: &mut Package,
    main: &Source,
    author: &str,
    texts: &[String],
) -> Result<Vec<String>, Fault> {
    let index = match relationships::related(package, &main.name, "comments")? {
        Some(index) => index,
        None => make_part(package, main)?,
    };
    let part = source(package, index)?;
    let ids = free_ids(&[&part.tree()?, &main.tree()?], texts.len());
    let family = Family::of(&part.text);
    parts::rewrite(package, index, |tree| {
        let (w, declared) = family.prefix(tree.prefix(0));
        let comments: String = std::iter::zip(&ids, texts)
            .map(|(id, text)| {
                let text = xml::escape(text);
                format!(
                    "<{w}comment{declared} {w}id=\"{id}\" {w}author=\"{author}\" \
                     {w}initials=\"AB\"><{w}p><{w}r><{w}t xml:space=\"preserve\">{text}\
                     </{w}t></{w}r></{w}p></{w}comment>"
                )
            })
            .collect();
        let mut edits = Edits::default();
        edits.append(tree, 0, &comments);
        edits
    })?;
    Ok(ids)
}

/// Makes the part; gives its number.
fn make_part(package: &mut Package, main: &Source) -> Result<usize, Fault> {
    let family = Family::of(&main.text);
    let folder = main.name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let names = std::iter::once(String::new()).chain((1..).map(|n: u32| n.to_string()));
    let mut names = names.map(|number| match folder {
        "" => format!("comments{number}.xml"),
        folder => format!("{folder}/comments{number}.xml"),
    });
    let name = names.find(|name| package.find(name).is_none());
    let name = name.unwrap_or_default();
    let root = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <w:comments xmlns:w=\"{}\"/>",
        family.namespace()
    );
    package.add(&name, &root);
    let index = package.entries.len() - 1;
    relationships::remove(package, &main.name, |it| it.is("comments"))?;
    // relative, as Word writes it
    let target = name.rsplit('/').next().unwrap_or_default();
    relationships::add(package, &main.name, family.relationship(), target)?;
    parts::declare(package, &name, CONTENT_TYPE)?;
    // what was taken away may have moved it
    Ok(package.find(&name).unwrap_or(index))
}

/// Ids that no comment has and no text refers to.
fn free_ids(trees: &[&Tree<'_>], count: usize) -> Vec<String> {
    const NAMES: [&str; 4] = [
        "comment",
        "commentRangeStart",
        "commentRangeEnd",
        "commentReference",
    ];
    let mut taken = BTreeSet::new();
    for tree in trees {
        let nodes = tree.nodes.iter().enumerate();
        let of_comments = nodes.filter(|(_, node)| node.is_word && NAMES.contains(&node.name));
        taken.extend(of_comments.filter_map(|(number, _)| tree.attribute(number, "id")));
    }
    let all = (0..).map(|number: u32| number.to_string());
    all.filter(|id| !taken.contains(id)).take(count).collect()
}
