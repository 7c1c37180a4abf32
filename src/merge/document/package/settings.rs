//! What the settings of a document (ECMA-376 part 1, 17.15) link it to.

#[cfg(test)]
mod tests;

use super::Package;
use super::parts::{ContentTypes, rewrite, source};
use super::relationships;
use super::tree::Edits;
use crate::merge::Fault;

/// Settings that lead out of the document, and the relationships they go by.
struct Link {
    element: &'static str,
    relationships: &'static [&'static str],
}

/// The data source of a Seriendruck (17.14.20): with it, Word asks on opening whether to
/// run a query.
const DATA_SOURCE: Link = Link {
    element: "mailMerge",
    relationships: &["mailMergeSource", "mailMergeHeaderSource", "recipientData"],
};

/// The template a document was made of (17.15.1.6): a path on its author's machine.
const ATTACHED_TEMPLATE: Link = Link {
    element: "attachedTemplate",
    relationships: &["attachedTemplate"],
};

/// Cuts a document off its data source.
pub(super) fn leave_data_source(package: &mut Package, types: &ContentTypes) -> Result<(), Fault> {
    cut(package, types, &DATA_SOURCE)
}

/// Cuts a document off the template it was made of.
pub(super) fn leave_template(package: &mut Package, types: &ContentTypes) -> Result<(), Fault> {
    cut(package, types, &ATTACHED_TEMPLATE)
}

fn cut(package: &mut Package, types: &ContentTypes, link: &Link) -> Result<(), Fault> {
    let settings = types.parts(package, "wordprocessingml.settings+xml");
    let mut linked = Vec::new();
    for index in settings {
        let source = source(package, index)?;
        if !source.text.contains(link.element) {
            continue;
        }
        let mut found = false;
        rewrite(package, index, |tree| {
            let mut edits = Edits::default();
            let unwanted = tree
                .children(0)
                .filter(|child| tree.is(*child, link.element));
            for node in unwanted.filter_map(|child| tree.nodes.get(child)) {
                edits.remove(node.whole());
                found = true;
            }
            edits
        })?;
        if found {
            linked.push(source.name);
        }
    }
    for name in linked {
        relationships::remove_with_targets(package, &name, |relationship| {
            let mut kinds = link.relationships.iter();
            kinds.any(|kind| relationship.is(kind))
        })?;
    }
    Ok(())
}
