//! What must be unique in a document, and where it stands in the XML of a part
//! (ECMA-376 part 1, 17.13 and 20.4.2.5; [MS-DOCX] 2.2.4 and 2.5.2; VML).

use std::borrow::Cow;
use std::ops::Range;

use crate::merge::document::attribute::spans;
use crate::merge::document::elements::Elements;
use crate::merge::document::scan::{self, Element};

/// The text id of all paragraphs that have none of their own.
const NO_TEXT: &str = "77777777";
/// How the ids of VML shapes begin that Word has given.
const SHAPE: &str = "_x0000_";
/// Word numbers shapes from here on.
const SHAPES: u32 = 1025;
/// What is kept of a bookmark's name when a number is put behind: Word allows 40 characters.
const BOOKMARK: usize = 32;

/// What is known by an id. Ids of one kind share their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Paragraph,
    Text,
    Drawing,
    /// bookmarks and moves, which know one another by number
    Range,
    /// the names of bookmarks
    Bookmark,
    Permission,
    Comment,
    Footnote,
    Endnote,
    Control,
    Shape,
    List,
}

/// An id in the XML of a part.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) kind: Kind,
    /// where the value stands
    pub(super) span: Range<usize>,
    /// whether it merely points to what bears the id
    pub(super) points: bool,
    /// the element that bears it
    pub(super) element: usize,
}

impl Kind {
    /// The `number`-th fresh value in place of this one.
    pub(super) fn write(self, value: &str, number: u32) -> String {
        match self {
            Self::Paragraph | Self::Text => format!("{number:08X}"),
            Self::Bookmark => {
                let end = value.char_indices().nth(BOOKMARK).map(|(end, _)| end);
                let stem = end.and_then(|end| value.get(..end)).unwrap_or(value);
                // the bookmark itself is the first
                format!("{stem}_{}", number + 1)
            }
            Self::Shape => {
                let stem = value.trim_end_matches(|c: char| c.is_ascii_digit());
                format!("{stem}{}", number + SHAPES)
            }
            _ => number.to_string(),
        }
    }

    /// Values that Word takes for the same are the same.
    pub(super) fn fold(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::Bookmark => value.to_uppercase().into(),
            Self::Paragraph | Self::Text if value.contains(char::is_lowercase) => {
                value.to_uppercase().into()
            }
            _ => value.into(),
        }
    }

    fn of(element: &Element, name: &str, attribute: &str, value: &str) -> Option<Self> {
        Some(match (name, attribute) {
            ("p" | "tr", "paraId") => Self::Paragraph,
            ("p" | "tr", "textId") if value != NO_TEXT => Self::Text,
            ("docPr", "id") => Self::Drawing,
            ("bookmarkStart", "name") | ("hyperlink", "anchor") => Self::Bookmark,
            ("permStart" | "permEnd", "id") => Self::Permission,
            ("commentRangeStart" | "commentRangeEnd" | "commentReference" | "comment", "id") => {
                Self::Comment
            }
            ("footnoteReference" | "footnote", "id") => Self::Footnote,
            ("endnoteReference" | "endnote", "id") => Self::Endnote,
            ("num", "numId") => Self::List,
            (_, "id") if element.kind == scan::Kind::Anchor => Self::Range,
            (name, "id" | "spid" | "ShapeID")
                if name != "shapetype" && value.starts_with(SHAPE) =>
            {
                Self::Shape
            }
            _ => return None,
        })
    }
}

/// The ids in a part.
pub(super) fn identities(elements: Elements<'_>) -> Vec<Identity> {
    let mut found = Vec::new();
    for (index, element) in elements.scan.elements.iter().enumerate() {
        let name = elements.name(index);
        if element.kind == scan::Kind::Text || name == "r" {
            continue;
        }
        let of_control = || {
            let parent = element.parent.map(|parent| elements.name(parent));
            name == "id" && parent == Some("sdtPr")
        };
        let (tag, start) = (elements.tag(index), element.open.start);
        for (attribute, value) in spans(tag) {
            let attribute = attribute.rsplit(':').next().unwrap_or_default();
            let kind = match attribute {
                "val" if of_control() => Some(Kind::Control),
                _ => {
                    let value = tag.get(value.clone()).unwrap_or_default();
                    Kind::of(element, name, attribute, value)
                }
            };
            found.extend(kind.map(|kind| Identity {
                kind,
                span: start + value.start..start + value.end,
                points: attribute == "anchor",
                element: index,
            }));
        }
    }
    found
}
