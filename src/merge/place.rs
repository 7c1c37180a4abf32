//! Where in a template something is, in words for people who know Word and no parts.

use super::{Anchor, Place};

impl<T: Into<String>> From<T> for Place {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            anchor: None,
        }
    }
}

impl Place {
    /// A part of a Word package as a whole, by its name there.
    pub(super) fn of_part(part: &str) -> Self {
        title(part).into()
    }

    /// A paragraph of a part: `spot` says in words which; empty outside of paragraphs.
    pub(super) fn in_part(part: &str, spot: &str, paragraph: Option<usize>) -> Self {
        let anchor = paragraph.map(|paragraph| {
            let part = part.to_owned();
            Box::new(Anchor { part, paragraph })
        });
        let text = match spot {
            "" => title(part),
            spot => format!("{}, {spot}", title(part)),
        };
        Self { text, anchor }
    }

    /// The same place, said of the file that it lies in.
    pub fn within(self, file: &str) -> Self {
        Self {
            text: format!("{file}, {}", self.text),
            ..self
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// What people call a part: the names that Word gives to files (header1.xml) tell which it
/// is; a part of another name keeps it.
fn title(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    if let Some(owner) = file.strip_suffix(".rels").filter(|owner| !owner.is_empty()) {
        let folder = folder.strip_suffix("_rels").unwrap_or(folder);
        let owner = title(&format!("{folder}{owner}"));
        return format!("{owner}, Ziel eines Links oder Bildes");
    }
    let stem = file.strip_suffix(".xml").unwrap_or(file);
    let kind = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = stem.strip_prefix(kind).unwrap_or_default();
    let title = match (folder, kind) {
        ("word", "document") => return "Text".to_owned(),
        ("word", "header") => "Kopfzeile",
        ("word", "footer") => "Fußzeile",
        ("word", "footnotes") => "Fußnoten",
        ("word", "endnotes") => "Endnoten",
        ("word", "comments") => "Kommentare",
        ("word/charts", "chart") => "Diagramm",
        ("word/diagrams", "data" | "drawing") => "SmartArt-Grafik",
        ("docProps", _) => return "Dokumenteigenschaften".to_owned(),
        _ => return part.to_owned(),
    };
    match number {
        "" => title.to_owned(),
        number => format!("{title} {number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_the_names_that_people_know() {
        for (part, expected) in [
            ("word/document.xml", "Text"),
            ("word/document2.xml", "Text"),
            ("word/header1.xml", "Kopfzeile 1"),
            ("word/footer.xml", "Fußzeile"),
            ("word/footnotes.xml", "Fußnoten"),
            ("word/endnotes.xml", "Endnoten"),
            ("word/comments.xml", "Kommentare"),
            ("word/charts/chart2.xml", "Diagramm 2"),
            ("word/diagrams/data1.xml", "SmartArt-Grafik 1"),
            ("docProps/core.xml", "Dokumenteigenschaften"),
            (
                "word/_rels/document.xml.rels",
                "Text, Ziel eines Links oder Bildes",
            ),
            ("_rels/.rels", "_rels/.rels"),
            ("teil.xml", "teil.xml"),
            ("mail/document.txt", "mail/document.txt"),
        ] {
            assert_eq!(title(part), expected);
        }
    }

    #[test]
    fn a_paragraph_can_be_found_again() {
        let place = Place::in_part("word/header1.xml", "Absatz 2", Some(1));
        assert_eq!(place.to_string(), "Kopfzeile 1, Absatz 2");
        let anchor = place.within("probe/motion.docx").anchor.unwrap();
        assert_eq!(
            (anchor.part.as_str(), anchor.paragraph),
            ("word/header1.xml", 1)
        );
    }
}
