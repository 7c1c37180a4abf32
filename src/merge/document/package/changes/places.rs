//! Where tracked changes are: paragraphs of a part as its author has it, and as it is once
//! they are accepted.

use std::collections::BTreeSet;

use super::{NOTES, accepted};
use crate::merge::document::attribute::value;
use crate::merge::document::elements::Elements;
use crate::merge::document::package::tree::Edits;
use crate::merge::document::scan::{Home, Kind, Scan};
use crate::merge::{Fault, Place};

/// Marks each paragraph with its number while the changes are accepted.
const NUMBER: &str = "antragsbote-paragraph";

/// How many places a note names.
const NAMED: usize = 8;

/// The paragraphs that are left once all changes are accepted, in order, each with its
/// number among those the author has; of joined ones the last.
///
/// # Errors
///
/// If the part is not well-formed.
pub(in crate::merge::document) fn paragraphs_left(source: &str) -> Result<Vec<usize>, String> {
    let scan = Scan::read(source)?;
    let paragraphs = || scan.elements.iter().filter(|it| it.kind == Kind::Paragraph);
    let mut edits = Edits::default();
    for (number, paragraph) in paragraphs().enumerate() {
        let at = paragraph.prefix.end + "p".len();
        edits.replace(at..at, format!(" {NUMBER}=\"{number}\""));
    }
    let numbered = edits.apply(source).unwrap_or_default();
    let Some(left) = accepted(&numbered)? else {
        return Ok((0..paragraphs().count()).collect());
    };
    let scan = Scan::read(&left)?;
    let paragraphs = scan.elements.iter().filter(|it| it.kind == Kind::Paragraph);
    let number = |tag: &str| value(tag, NUMBER)?.parse().ok();
    let tags = paragraphs.filter_map(|it| left.get(it.open.clone()));
    Ok(tags.filter_map(number).collect())
}

/// That a part has tracked changes, and where.
pub(super) fn note(name: &str, source: &str) -> Result<Fault, String> {
    let left = paragraphs_left(source)?;
    // a paragraph that goes is told by the one that comes to stand in its place
    let place = |number: usize| {
        left.partition_point(|left| *left < number)
            .min(left.len() - 1)
    };
    let changed = changed(source)?;
    let places: BTreeSet<usize> = match left.is_empty() {
        true => BTreeSet::new(),
        false => changed.into_iter().map(place).collect(),
    };
    let scan = Scan::read(&accepted(source)?.unwrap_or_default())?;
    let regions = scan.regions.iter();
    let mut spots = regions
        .filter(|region| region.home == Home::Paragraph)
        .map(|region| &region.spot)
        .filter(|spot| spot.paragraph.is_some_and(|it| places.contains(&it)));
    let advice = "sie gelten als angenommen; damit Sie sehen, was gilt, nehmen Sie sie in Word \
                  an oder lehnen Sie sie ab (Überprüfen, Annehmen)";
    let Some(first) = spots.next() else {
        let problem = format!("hier stehen nachverfolgte Änderungen; {advice}");
        return Ok(Fault::new(Place::of_part(name), problem));
    };
    let mut others: Vec<&str> = spots.map(|spot| spot.text.as_str()).collect();
    others.dedup();
    let more = others.len().saturating_sub(NAMED);
    others.truncate(NAMED);
    let also = match (others.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(" (auch: {})", others.join("; ")),
        (false, more) => format!(" (auch: {} und an {more} Stellen mehr)", others.join("; ")),
    };
    Ok(Fault::new(
        Place::in_part(name, &first.text, first.paragraph),
        format!("hier stehen nachverfolgte Änderungen{also}; {advice}"),
    ))
}

/// The author's paragraphs in which something is changed, by their numbers.
fn changed(source: &str) -> Result<BTreeSet<usize>, String> {
    let scan = Scan::read(source)?;
    let elements = Elements {
        source,
        scan: &scan,
    };
    let mut changed = BTreeSet::new();
    let mut begun = 0usize;
    for (index, element) in scan.elements.iter().enumerate() {
        begun += usize::from(element.kind == Kind::Paragraph);
        let name = elements.name(index);
        let is_change = matches!(
            name,
            "ins" | "del" | "moveFrom" | "moveTo" | "cellDel" | "cellMerge"
        ) || NOTES.contains(&name);
        if is_change {
            let holder = scan.ancestor(index, |it| it.kind == Kind::Paragraph);
            // what changes a row or a table stands before its first paragraph
            changed.insert(holder.map_or(begun, |_| begun.saturating_sub(1)));
        }
    }
    Ok(changed)
}
