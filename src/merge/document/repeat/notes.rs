//! Footnotes, endnotes and comments that are pointed to repeatedly: each further
//! reference gets a copy of its own, as Word demands.

use std::collections::BTreeMap;

use super::identity::{Identity, Kind, identities};
use super::{Copy, Renewal};
use crate::merge::document::elements::Elements;
use crate::merge::document::package::encoding::decode;
use crate::merge::document::scan::Scan;

/// A part of notes with copies of some of them.
pub(super) fn with_copies(
    content: &[u8],
    kind: Kind,
    copies: &[Copy<'_>],
    renewal: &mut Renewal<'_>,
) -> Result<Vec<u8>, String> {
    let (source, encoding) = decode(content).ok_or("der Teil ist kein Text")?;
    let scan = Scan::read(&source)?;
    let identities = identities(Elements {
        source: &source,
        scan: &scan,
    });
    let is_note = |identity: &&Identity| {
        let element = scan.elements.get(identity.element);
        identity.kind == kind && element.is_some_and(|element| element.parent == Some(0))
    };
    let notes: BTreeMap<&str, usize> = identities
        .iter()
        .filter(is_note)
        .filter_map(|identity| Some((source.get(identity.span.clone())?, identity.element)))
        .collect();
    let mut added = String::new();
    for copy in copies {
        let note = notes.get(copy.of).and_then(|note| scan.elements.get(*note));
        let Some(note) = note.map(|note| note.whole()) else {
            continue;
        };
        let first = identities.partition_point(|identity| identity.span.start < note.start);
        let within = identities.iter().skip(first);
        let mut fresh = BTreeMap::from([((kind, copy.of), copy.id.clone())]);
        let mut rest = note.start;
        for identity in within.take_while(|identity| identity.span.start < note.end) {
            let value = source.get(identity.span.clone()).unwrap_or_default();
            let key = (identity.kind, value);
            if !identity.points {
                let id = fresh.entry(key);
                id.or_insert_with(|| renewal.fresh(identity.kind, value));
            }
            if let Some(id) = fresh.get(&key) {
                added.push_str(source.get(rest..identity.span.start).unwrap_or_default());
                added.push_str(id);
                rest = identity.span.end;
            }
        }
        added.push_str(source.get(rest..note.end).unwrap_or_default());
    }
    let end = scan.elements.first().map_or(0, |root| root.close.start);
    let (head, tail) = source.split_at_checked(end).unwrap_or_default();
    let mut out = encoding.mark().to_vec();
    for text in [head, &added, tail] {
        encoding.encode(text, &mut out);
    }
    Ok(out)
}
