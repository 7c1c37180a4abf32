//! The title of a document (ECMA-376 part 2, 8.3): screen readers say it instead of the name
//! of the file. Word leaves it empty unless somebody thinks of it.

use super::Package;
use super::parts::{ContentTypes, rewrite};
use super::tree::{Edits, Tree};
use crate::merge::{Fault, xml};

/// Gives a package this title if it has none.
pub(super) fn give(package: &mut Package, types: &ContentTypes, title: &str) -> Result<(), Fault> {
    for index in types.parts(package, "core-properties+xml") {
        rewrite(package, index, |tree| entitled(tree, title))?;
    }
    Ok(())
}

fn entitled(tree: &Tree<'_>, title: &str) -> Edits {
    let mut edits = Edits::default();
    let mut has_title = title.is_empty();
    for node in tree.nodes.iter().filter(|node| node.name == "title") {
        match tree.text(node.content()).trim() {
            "" => edits.remove(node.whole()),
            _ => has_title = true,
        }
    }
    if has_title {
        return Edits::default();
    }
    let title = xml::escape(title);
    let element =
        format!(r#"<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">{title}</dc:title>"#);
    edits.append(tree, 0, &element);
    edits
}

#[cfg(test)]
mod tests {
    use crate::merge::document::tests::{document, package, part, strict, values};
    use crate::merge::document::{Document, Keep};

    const TYPES: &str = concat!(
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
        r#"<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>"#,
        r#"<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#
    );

    /// What the properties of a document say whose template has these.
    fn merged(inside: &str, title: &str) -> String {
        let core =
            format!(r#"<c:coreProperties xmlns:c="c" xmlns:d="d">{inside}</c:coreProperties>"#);
        let main = document("<w:p/>");
        let parts = [
            ("[Content_Types].xml", TYPES.as_bytes()),
            ("word/document.xml", main.as_bytes()),
            ("docProps/core.xml", core.as_bytes()),
        ];
        let mut keep = Keep::default();
        assert!(keep.insert("times"));
        let template = Document::compile_keeping(package(&parts), &strict(), &keep, title).unwrap();
        let merged = part(&template.merge(&values()).unwrap(), "docProps/core.xml");
        let inside = merged.split_once("xmlns:d=\"d\">").unwrap().1;
        inside.trim_end_matches("</c:coreProperties>").to_owned()
    }

    #[test]
    fn a_document_without_a_title_gets_that_of_its_motion() {
        let given = r#"<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">Wahlrecht &amp; mehr</dc:title>"#;
        for (inside, expected) in [
            ("", given.to_owned()),
            ("<d:title/>", given.to_owned()),
            (
                "<d:title> </d:title><d:subject>S</d:subject>",
                format!("<d:subject>S</d:subject>{given}"),
            ),
            (
                "<d:title>Eigener</d:title>",
                "<d:title>Eigener</d:title>".to_owned(),
            ),
        ] {
            assert_eq!(merged(inside, "Wahlrecht & mehr"), expected, "{inside}");
        }
        assert_eq!(merged("<d:title/>", ""), "<d:title/>");
    }
}
