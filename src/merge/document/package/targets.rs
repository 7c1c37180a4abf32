//! Targets of relationships that an administrator should know of: those that are missing,
//! and those elsewhere that Word fetches by itself.

use super::Package;
use super::parts::source;
use super::relationships::{Relationship, owner, read_part};
use crate::merge::document::attribute::{spans, tag_name};
use crate::merge::document::scan::{Kind, Scan};
use crate::merge::{Fault, Place};

/// What Word fetches from elsewhere without being asked.
const FETCHED: [&str; 4] = ["oleObject", "frame", "subDocument", "image"];

/// A note for each such target, at the paragraph that refers to it.
pub(super) fn notes(package: &Package) -> Vec<Fault> {
    let mut notes = Vec::new();
    for (index, entry) in package.entries.iter().enumerate() {
        let place = entry.path();
        let owner = owner(&place);
        if owner == place {
            continue;
        }
        let all = read_part(package, index).unwrap_or_default();
        let wrong = |it: &&Relationship| match it.part(&owner) {
            Some(part) => package.find(&part).is_none(),
            None => it.external && FETCHED.iter().any(|kind| it.is(kind)),
        };
        let wrong: Vec<&Relationship> = all.iter().filter(wrong).collect();
        if !wrong.is_empty() {
            let references = References::read(package, &owner);
            notes.extend(wrong.into_iter().map(|it| references.note(&owner, it)));
        }
    }
    notes
}

/// A part that refers to others.
struct References {
    text: String,
    scan: Scan,
}

impl References {
    /// Reads a part; one that is no XML refers to nothing.
    fn read(package: &Package, owner: &str) -> Self {
        let part = package
            .find(owner)
            .and_then(|index| source(package, index).ok());
        let text = part.map(|part| part.text).unwrap_or_default();
        Self {
            scan: Scan::read(&text).unwrap_or_default(),
            text,
        }
    }

    /// The element that refers to a relationship.
    fn element(&self, id: &str) -> Option<usize> {
        let refers = |tag: &str| {
            let mut attributes = spans(tag).into_iter();
            attributes.any(|(name, value)| name.contains(':') && tag.get(value) == Some(id))
        };
        let mut tags = self.scan.elements.iter().map(|it| it.open.clone());
        tags.position(|open| {
            let tag = self.text.get(open).unwrap_or_default();
            tag.contains(id) && refers(tag)
        })
    }

    fn note(&self, owner: &str, to: &Relationship) -> Fault {
        let element = self.element(&to.id);
        let name = |element: usize| {
            let open = self.scan.elements.get(element)?.open.clone();
            tag_name(self.text.get(open)?).rsplit(':').next()
        };
        let what = match element.and_then(name) {
            _ if to.is("image") => "das Bild",
            Some("hyperlink") => "der Link",
            _ => "ein Verweis",
        };
        let target = &to.target;
        let problem = match (to.external, what) {
            (true, _) => format!(
                "{what} lädt beim Öffnen „{target}“ von außerhalb der Datei; fügen Sie in Word ein, \
                 was dort steht, statt es zu verknüpfen"
            ),
            (false, "das Bild") => format!(
                "{what} führt zu „{target}“, das in der Datei fehlt; fügen Sie es in Word neu ein"
            ),
            (false, _) => format!(
                "{what} führt zu „{target}“, das in der Datei fehlt; setzen Sie ihn in Word neu, \
                 oder entfernen Sie ihn"
            ),
        };
        let paragraph = element.and_then(|element| {
            let holder = self
                .scan
                .ancestor(element, |it| it.kind == Kind::Paragraph)?;
            self.scan.region_of(holder)
        });
        match paragraph {
            Some(region) => Fault::new(region.place_in(owner), problem),
            None => Fault::new(Place::of_part(owner), problem),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::merge::document::Document;
    use crate::merge::document::tests::{document, p, package, strict};

    #[test]
    fn targets_are_told_where_they_are_referred_to() {
        let namespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let body = p(&["a"])
            + &format!(
                "<w:p xmlns:r=\"{namespace}\"><w:r><w:drawing><a:blip xmlns:a=\"a\" r:embed=\"rId3\"/>\
                 </w:drawing></w:r></w:p><w:tbl><w:tr><w:tc><w:p xmlns:r=\"{namespace}\">\
                 <w:hyperlink r:id=\"rId30\"/></w:p></w:tc></w:tr></w:tbl>"
            );
        let link = |id: &str, kind: &str, rest: &str| {
            format!("<Relationship Id=\"{id}\" Type=\"{namespace}/{kind}\" Target={rest}/>")
        };
        let rels = [
            link("rId3", "image", "\"media/weg.png\""),
            link("rId30", "hyperlink", "\"anlage.docx\""),
            link(
                "rId4",
                "hyperlink",
                "\"https://example.org/\" TargetMode=\"External\"",
            ),
            link(
                "rId5",
                "image",
                "\"https://example.org/a.png\" TargetMode=\"External\"",
            ),
        ];
        let rels = format!("<Relationships>{}</Relationships>", rels.concat());
        let package = package(&[
            ("word/document.xml", document(&body).as_bytes()),
            ("word/_rels/document.xml.rels", rels.as_bytes()),
        ]);
        let template = Document::compile(package, &strict()).unwrap();
        let notes: Vec<_> = template.notes().iter().map(ToString::to_string).collect();
        // behind them stands what the package lacks for readers
        assert_eq!(
            notes[..3],
            [
                "Text, Absatz 2: das Bild führt zu „media/weg.png“, das in der Datei fehlt; fügen \
                 Sie es in Word neu ein",
                "Text, Tabelle 1, Zeile 1, Zelle 1: der Link führt zu „anlage.docx“, das in der \
                 Datei fehlt; setzen Sie ihn in Word neu, oder entfernen Sie ihn",
                "Text: das Bild lädt beim Öffnen „https://example.org/a.png“ von außerhalb der \
                 Datei; fügen Sie in Word ein, was dort steht, statt es zu verknüpfen",
            ]
        );
    }
}
