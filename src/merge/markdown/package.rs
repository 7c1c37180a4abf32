//! The parts of the package that are the same for every Markdown template, or that
//! docx-rs cannot write: styles with their language, the title, settings, relationships.

use std::io::{Error, Result};

use docx_rs::XMLDocx;

use super::link::Links;
use super::tidy::{notes, tidy};
use crate::merge::archive::{self, Entry};
use crate::merge::xml;

/// A part of the document beside the main one.
struct Part {
    /// below `word/`
    name: &'static str,
    /// what it holds, as content types call it; the relationship's type ends alike
    content_type: &'static str,
    /// the id of the relationship to it
    id: &'static str,
    content: Vec<u8>,
}

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// What the types of relationships begin with (ECMA-376 part 1, 8.2 and later, transitional).
const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

const RELATIONSHIPS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#;

const SETTINGS: [&str; 2] = [
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/><w:characterSpacingControl w:val="doNotCompress"/>"#,
    r#"<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="de-DE"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>"#,
];

/// Which footnotes are the lines above the others (ECMA-376 part 1, 17.11.9).
const SEPARATORS: &str =
    r#"<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>"#;

const FONTS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:font w:name="Arial"><w:panose1 w:val="020B0604020202020204"/><w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>"#;

/// Puts the package together; the links are those of the text and of its footnotes.
pub(super) fn pack(docx: XMLDocx, title: &str, links: &Links, of_notes: &Links) -> Result<Vec<u8>> {
    let document = tidy(&docx.document)?;
    let beside = beside(docx)?;
    let types = content_types(&beside);
    let targets = relationships(&beside, links);
    let of_package = |name: &str, content: Vec<u8>| (name.to_owned(), content);
    let mut parts = vec![
        of_package("[Content_Types].xml", types.into_bytes()),
        of_package("_rels/.rels", RELATIONSHIPS.into()),
        of_package("word/document.xml", document),
        of_package("word/_rels/document.xml.rels", targets.into_bytes()),
    ];
    let below_word = |part: Part| (format!("word/{}", part.name), part.content);
    parts.extend(beside.into_iter().map(below_word));
    if !of_notes.is_empty() {
        let targets = relationships(&[], of_notes).into_bytes();
        parts.push(of_package("word/_rels/footnotes.xml.rels", targets));
    }
    parts.push(of_package(
        "docProps/core.xml",
        core_properties(title).into_bytes(),
    ));
    let entries = parts
        .iter()
        .map(|(name, content)| Entry::deflated(name, content))
        .collect::<Result<Vec<_>>>()?;
    archive::write(entries.iter()).map_err(Error::other)
}

/// The parts beside the main one; header, footer and footnotes only if there are any.
fn beside(docx: XMLDocx) -> Result<Vec<Part>> {
    let part = |name, content_type, id, content| Part {
        name,
        content_type,
        id,
        content,
    };
    let has_notes = docx.document.windows(NOTE.len()).any(|it| it == NOTE);
    let [start, end] = SETTINGS;
    let separators = if has_notes { SEPARATORS } else { "" };
    let styles = include_bytes!("styles.xml").to_vec();
    let settings = format!("{start}{separators}{end}").into_bytes();
    let numbering = tidy(&docx.numberings)?;
    let theme = include_bytes!("theme.xml").to_vec();
    let mut parts = vec![
        part("styles.xml", "wordprocessingml.styles", "rId1", styles),
        part(
            "settings.xml",
            "wordprocessingml.settings",
            "rId2",
            settings,
        ),
        part(
            "numbering.xml",
            "wordprocessingml.numbering",
            "rId3",
            numbering,
        ),
        part(
            "fontTable.xml",
            "wordprocessingml.fontTable",
            "rId4",
            FONTS.into(),
        ),
        part("theme/theme1.xml", "theme", "rId5", theme),
    ];
    // docx-rs refers to the first footer and header by these ids
    for footer in docx.footers {
        let content = tidy(&footer)?;
        parts.push(part(
            "footer1.xml",
            "wordprocessingml.footer",
            "rIdFooter1",
            content,
        ));
    }
    for header in docx.headers {
        let content = tidy(&header)?;
        parts.push(part(
            "header1.xml",
            "wordprocessingml.header",
            "rIdHeader1",
            content,
        ));
    }
    if has_notes {
        let content = notes(&docx.footnotes)?;
        parts.push(part(
            "footnotes.xml",
            "wordprocessingml.footnotes",
            "rId6",
            content,
        ));
    }
    Ok(parts)
}

/// How a reference to a footnote begins in what docx-rs writes.
const NOTE: &[u8] = b"<w:footnoteReference ";

fn content_types(parts: &[Part]) -> String {
    let stem = "application/vnd.openxmlformats-officedocument.";
    let mut out = format!(
        concat!(
            "{}\n",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
            r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
            r#"<Default Extension="xml" ContentType="application/xml"/>"#,
            r#"<Override PartName="/word/document.xml" ContentType="{}wordprocessingml.document.main+xml"/>"#,
        ),
        DECLARATION, stem
    );
    for part in parts {
        out.push_str(&format!(
            r#"<Override PartName="/word/{}" ContentType="{stem}{}+xml"/>"#,
            part.name, part.content_type
        ));
    }
    out.push_str(r#"<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#);
    out
}

fn relationships(parts: &[Part], links: &Links) -> String {
    let mut out = format!(
        concat!(
            "{}\n",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
        ),
        DECLARATION
    );
    let parts = parts.iter().map(|part| {
        let kind = part.content_type.rsplit('.').next().unwrap_or_default();
        (part.id.to_owned(), kind, part.name, "")
    });
    let links = links.relationships();
    let links = links.map(|(id, target)| (id, "hyperlink", target, r#" TargetMode="External""#));
    for (id, kind, target, mode) in parts.chain(links) {
        let target = xml::escape(target);
        out.push_str(&format!(
            r#"<Relationship Id="{id}" Type="{TYPE}{kind}" Target="{target}"{mode}/>"#
        ));
    }
    out.push_str("</Relationships>");
    out
}

fn core_properties(title: &str) -> String {
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties""#,
            r#" xmlns:dc="http://purl.org/dc/elements/1.1/">"#,
            "<dc:title>{}</dc:title><dc:language>de-DE</dc:language></cp:coreProperties>"
        ),
        xml::escape(title)
    )
}
