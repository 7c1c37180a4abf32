//! A copy of a template that carries its faults as comments (ECMA-376 part 1, 17.13.4).
//!
//! In: the author's own package, and faults with their places. Out: the same package with
//! comments; whatever has nothing to do with them stays byte for byte, tracked changes
//! included. A signature, which would no longer be true, goes.

mod anchors;
#[cfg(test)]
mod tests;

use self::anchors::Anchors;
use super::package::{ContentTypes, Package, comments, signature, whole};
use crate::merge::archive;
use crate::merge::{Fault, Place};

/// Who the comments are by.
const AUTHOR: &str = "Antragsbote";
/// Comments of one copy; whoever has mended these asks again.
const MAX_COMMENTS: usize = 500;

/// A copy of the package with a comment at each fault's place. Where Word allows none
/// (headers, notes, properties, the file as a whole) the fault is told at the first
/// paragraph of the text, with its place in words.
///
/// # Errors
///
/// If the package cannot be read at all, or has no paragraph.
pub fn annotate(package: &[u8], faults: &[Fault]) -> Result<Vec<u8>, Fault> {
    let mut package = Package::read(package).map_err(whole)?;
    let types = ContentTypes::read(&package)?;
    let main = types.main_part(&package)?;
    let unreadable = |problem: String| Fault::new(Place::of_part(&main.name), problem);
    let mut anchors = Anchors::read(&main.name, &main.text).map_err(unreadable)?;
    if !faults.is_empty() {
        let texts = texts(&mut anchors, faults)?;
        signature::remove(&mut package, &types)?;
        let ids = comments::add(&mut package, &main, AUTHOR, &texts)?;
        let text = anchors.apply(&ids).unwrap_or_default();
        let index = package.find(&main.name).unwrap_or(main.index);
        package.replace(index, &text, main.encoding);
    }
    let failed = |failure: &dyn std::fmt::Display| whole(failure.to_string());
    let entries = package.into_entries(|_| false).map_err(|it| failed(&it))?;
    archive::write(entries.iter()).map_err(|it| failed(&it))
}

/// What the comments say; each gets its anchor.
fn texts(anchors: &mut Anchors<'_>, faults: &[Fault]) -> Result<Vec<String>, Fault> {
    const NO_PARAGRAPH: &str = "die Datei hat keinen Absatz, an dem ein Kommentar stehen könnte";
    let (told, more) = match faults.len() > MAX_COMMENTS {
        true => faults.split_at(MAX_COMMENTS - 1),
        false => (faults, &[][..]),
    };
    let mut texts = Vec::new();
    for fault in told {
        let at_place = anchors.push(fault.place.anchor.as_deref());
        texts.push(match at_place.ok_or_else(|| whole(NO_PARAGRAPH))? {
            true => fault.problem.clone(),
            false => fault.to_string(),
        });
    }
    if !more.is_empty() {
        anchors.push(None).ok_or_else(|| whole(NO_PARAGRAPH))?;
        texts.push(format!(
            "noch {} weitere Stellen sind zu prüfen; beheben Sie erst diese, und prüfen Sie dann \
             noch einmal",
            more.len()
        ));
    }
    Ok(texts)
}
