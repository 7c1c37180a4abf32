//! The targets of a part's hyperlinks.

use std::collections::BTreeSet;

use docx_rs::{Hyperlink, HyperlinkData, Run};
use pulldown_cmark::{Event, Tag};

use super::Spanned;

use super::marks::Hidden;

/// What an address may begin with.
const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];

/// The targets of a part, in the order of their relationships.
#[derive(Debug, Default)]
pub(super) struct Links {
    targets: Vec<String>,
}

impl Links {
    /// Takes a target, which may hold marks or be one; gives its number.
    pub(super) fn add(&mut self, target: &str, hidden: &Hidden) -> Result<usize, String> {
        let text = hidden.restored(target);
        let lower = text.to_lowercase();
        let leads = |scheme: &&str| lower.starts_with(*scheme) && lower.len() > scheme.len();
        if !text.starts_with("{{") && !SCHEMES.iter().any(leads) {
            return Err(format!(
                "„{text}“ ist keine vollständige Adresse; sie beginnt mit https:// oder mailto:"
            ));
        }
        // a URI holds no blanks (RFC 3986 section 2); those in marks are the marks' own
        let encoded = target.replace(' ', "%20");
        self.targets.push(hidden.restored(&encoded));
        Ok(self.targets.len())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The relationships of the part (ECMA-376 part 2, 6.5.3.4): ids and targets.
    pub(super) fn relationships(&self) -> impl Iterator<Item = (String, &str)> {
        (1..).map(id).zip(self.targets.iter().map(String::as_str))
    }
}

/// The first definition of an address (`[Name]: https://…`), by name and place, that no
/// link refers to: it is text that would vanish.
pub(super) fn unused<'d>(
    definitions: impl Iterator<Item = (&'d str, usize)>,
    events: &[Spanned<'_>],
) -> Option<(&'d str, usize)> {
    let same = |name: &str| {
        let words: Vec<&str> = name.split_whitespace().collect();
        words.join(" ").to_lowercase()
    };
    let used: BTreeSet<String> = events
        .iter()
        .filter_map(|(event, _)| match event {
            Event::Start(Tag::Link { id, .. } | Tag::Image { id, .. }) => Some(same(id)),
            _ => None,
        })
        .collect();
    let unused = definitions.filter(|(name, _)| !used.contains(&same(name)));
    unused.min_by_key(|(_, at)| *at)
}

/// A hyperlink around its runs.
pub(super) fn hyperlink(number: usize, runs: Vec<Run>) -> Hyperlink {
    // not `Hyperlink::new`, which counts on over all documents
    let link = Hyperlink {
        link: HyperlinkData::External {
            rid: id(number),
            path: String::new(),
        },
        history: None,
        children: Vec::new(),
    };
    runs.into_iter().fold(link, Hyperlink::add_run)
}

fn id(number: usize) -> String {
    format!("rIdLink{number}")
}
