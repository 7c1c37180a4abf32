//! Digital signatures (ECMA-376 part 2, 10): one that is no longer true is taken off.

#[cfg(test)]
mod tests;

use super::Package;
use super::parts::{self, ContentTypes, remove_types};
use super::relationships;
use crate::merge::Fault;

/// Takes the signatures off a package; gives it as it was if it had any.
pub(in crate::merge::document) fn remove(
    package: &mut Package,
    types: &ContentTypes,
) -> Result<Option<Package>, Fault> {
    let names = package.entries.iter().map(|entry| entry.path());
    let signatures: Vec<String> = names
        .filter(|name| {
            name.starts_with("_xmlsignatures/") || types.of(name).contains("digital-signature")
        })
        .collect();
    let origin =
        |relationship: &relationships::Relationship| relationship.is("digital-signature/origin");
    if signatures.is_empty() && !relationships::read(package, "")?.iter().any(origin) {
        return Ok(None);
    }
    let signed = package.clone();
    for name in &signatures {
        parts::remove(package, name)?;
    }
    relationships::remove(package, "", origin)?;
    remove_types(package, |tree, node| {
        tree.attribute(node, "ContentType")
            .is_some_and(|kind| kind.contains("digital-signature"))
    })?;
    Ok(Some(signed))
}

/// That the signature was taken off.
pub(super) fn note() -> Fault {
    parts::whole(
        "die Vorlage ist digital signiert; die Dokumente sind es nicht, denn sie haben einen \
         anderen Inhalt",
    )
}
