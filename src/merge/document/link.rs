//! Links that are fields: the instruction of HYPERLINK holds a target (ECMA-376 part 1,
//! 17.16.5.25).

use super::attribute::find;
use super::elements::Elements;
use super::scan::{Element, Home, Kind, Region, Scan};

/// The name of the field.
const NAME: &str = "HYPERLINK";

/// The instructions of links, however many elements they are spread over.
pub(super) fn regions(source: &str, scan: &Scan) -> Vec<Region> {
    if !source.contains(NAME) {
        return Vec::new();
    }
    let elements = Elements { source, scan };
    let mut regions: Vec<Region> = Vec::new();
    let mut is_open = false;
    for (index, element) in scan.elements.iter().enumerate() {
        let (raw, start) = match elements.name(index) {
            "instrText" => {
                let inner = element.open.end..element.close.start.max(element.open.end);
                (source.get(inner).unwrap_or_default(), element.open.end)
            }
            "fldSimple" => instruction(source, element).unwrap_or_default(),
            "fldChar" => {
                is_open = false;
                continue;
            }
            _ => continue,
        };
        if raw.trim_start().starts_with(NAME) {
            is_open = true;
            let mut region = Region::new(Home::Target, index, String::new());
            let paragraph = scan.ancestor(index, |element| element.kind == Kind::Paragraph);
            let place = paragraph.and_then(|paragraph| scan.region_of(paragraph));
            region.place = place.map(|place| place.place.clone()).unwrap_or_default();
            regions.push(region);
        }
        if let Some(region) = regions.last_mut().filter(|_| is_open) {
            region.push_escaped(raw, index, start);
        }
        is_open &= elements.name(index) == "instrText";
    }
    regions
}

/// The instruction of a simple field, and where it stands.
fn instruction<'s>(source: &'s str, element: &Element) -> Option<(&'s str, usize)> {
    let tag = source.get(element.open.clone())?;
    let (_, value) = find(tag, "instr")?;
    Some((tag.get(value.clone())?, element.open.start + value.start))
}
