//! The Word file of a case, made of the parts that lie in its folder.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

/// The namespaces that parts of a case may use.
const NAMESPACES: &[(&str, &str)] = &[
    (
        "w",
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        "r",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        "wp",
        "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    ),
    ("a", "http://schemas.openxmlformats.org/drawingml/2006/main"),
    (
        "m",
        "http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
    ("v", "urn:schemas-microsoft-com:vml"),
    (
        "mc",
        "http://schemas.openxmlformats.org/markup-compatibility/2006",
    ),
    (
        "wps",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    ),
    (
        "w14",
        "http://schemas.microsoft.com/office/word/2010/wordml",
    ),
];

const OFFICE: &str = "application/vnd.openxmlformats-officedocument";
const PACKAGE: &str = "application/vnd.openxmlformats-package";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const METADATA: &str =
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";

/// A part that a case may bring, by the name of its file without extension.
struct Known {
    file: &'static str,
    root: &'static str,
    /// content type behind its common beginning
    kind: &'static str,
}

/// The parts beside the main part; all but the last two lie in `word/`.
const KNOWN: &[Known] = &[
    Known {
        file: "header1",
        root: "w:hdr",
        kind: "wordprocessingml.header+xml",
    },
    Known {
        file: "header2",
        root: "w:hdr",
        kind: "wordprocessingml.header+xml",
    },
    Known {
        file: "footer1",
        root: "w:ftr",
        kind: "wordprocessingml.footer+xml",
    },
    Known {
        file: "footnotes",
        root: "w:footnotes",
        kind: "wordprocessingml.footnotes+xml",
    },
    Known {
        file: "endnotes",
        root: "w:endnotes",
        kind: "wordprocessingml.endnotes+xml",
    },
    Known {
        file: "comments",
        root: "w:comments",
        kind: "wordprocessingml.comments+xml",
    },
    Known {
        file: "settings",
        root: "w:settings",
        kind: "wordprocessingml.settings+xml",
    },
    Known {
        file: "styles",
        root: "w:styles",
        kind: "wordprocessingml.styles+xml",
    },
    Known {
        file: "numbering",
        root: "w:numbering",
        kind: "wordprocessingml.numbering+xml",
    },
    Known {
        file: "custom",
        root: "Properties",
        kind: "custom-properties+xml",
    },
    Known {
        file: "core",
        root: "cp:coreProperties",
        kind: "core-properties+xml",
    },
];

/// A part: its name in the package and its bytes.
pub(crate) type Part = (String, Vec<u8>);

/// The parts of the package; `read` gives the text of a file of the case.
pub(super) fn parts(read: impl Fn(&str) -> Option<String>) -> Vec<Part> {
    let story = |file: &str| {
        let xml = read(&format!("{file}.xml"));
        xml.or_else(|| Some(paragraphs(&read(&format!("{file}.txt"))?)))
    };
    let body = story("document").expect("a case has document.xml or document.txt");
    let body = match body.trim_start().starts_with("<?xml") {
        true => body,
        false => format!(
            "<w:body>{body}<w:sectPr>{}</w:sectPr></w:body>",
            references(&story)
        ),
    };
    let mut types = String::new();
    let mut links = String::new();
    let mut outer = String::new();
    let mut found = Vec::new();
    for known in KNOWN {
        let Some(content) = story(known.file) else {
            continue;
        };
        let (folder, kind) = match known.file {
            "core" => ("docProps", format!("{PACKAGE}.{}", known.kind)),
            "custom" => ("docProps", format!("{OFFICE}.{}", known.kind)),
            _ => ("word", format!("{OFFICE}.{}", known.kind)),
        };
        let name = format!("{folder}/{}.xml", known.file);
        types += &format!(r#"<Override PartName="/{name}" ContentType="{kind}"/>"#);
        let link = |target: &str, relation: &str| {
            let id = known.file;
            format!(r#"<Relationship Id="{id}" Type="{relation}" Target="{target}"/>"#)
        };
        let relation = known.file.trim_end_matches(|c: char| c.is_ascii_digit());
        match known.file {
            "core" => outer += &link(&name, METADATA),
            "custom" => outer += &link(&name, &format!("{RELATIONSHIPS}/custom-properties")),
            file => {
                links += &link(
                    &format!("{file}.xml"),
                    &format!("{RELATIONSHIPS}/{relation}"),
                )
            }
        }
        found.push((name, rooted(known.root, &content).into_bytes()));
    }
    links += &read("document.xml.rels").unwrap_or_default();
    outer += &format!(
        r#"<Relationship Id="document" Type="{RELATIONSHIPS}/officeDocument" Target="word/document.xml"/>"#
    );
    types += &format!(
        r#"<Override PartName="/word/document.xml" ContentType="{OFFICE}.wordprocessingml.document.main+xml"/>"#
    );
    let mut all = vec![
        (
            "[Content_Types].xml".to_owned(),
            content_types(&types).into_bytes(),
        ),
        ("_rels/.rels".to_owned(), relationships(&outer).into_bytes()),
        (
            "word/document.xml".to_owned(),
            rooted("w:document", &body).into_bytes(),
        ),
        (
            "word/_rels/document.xml.rels".to_owned(),
            relationships(&links).into_bytes(),
        ),
    ];
    all.extend(found);
    if let Some(links) = read("settings.xml.rels") {
        all.push((
            "word/_rels/settings.xml.rels".to_owned(),
            relationships(&links).into_bytes(),
        ));
    }
    all
}

/// The section's headers and footers.
fn references(story: &impl Fn(&str) -> Option<String>) -> String {
    let reference = |file: &str, element: &str, kind: &str| match story(file) {
        Some(_) => format!(r#"<w:{element} w:type="{kind}" r:id="{file}"/>"#),
        None => String::new(),
    };
    reference("header1", "headerReference", "default")
        + &reference("header2", "headerReference", "first")
        + &reference("footer1", "footerReference", "default")
}

/// Puts content into its root; what begins with an XML declaration is whole already.
fn rooted(root: &str, content: &str) -> String {
    if content.trim_start().starts_with("<?xml") {
        return content.trim().to_owned();
    }
    let namespaces = match root {
        "Properties" => concat!(
            r#"xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" "#,
            r#"xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes""#
        )
        .to_owned(),
        "cp:coreProperties" => concat!(
            r#"xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" "#,
            r#"xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" "#,
            r#"xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#
        )
        .to_owned(),
        _ => {
            let used = |(prefix, _): &&(&str, &str)| {
                ["w", "r"].contains(prefix)
                    || content.contains(&format!("{prefix}:"))
                    || content.contains(&format!("\"{prefix}\""))
            };
            let bind = |(prefix, uri): &(&str, &str)| format!(r#"xmlns:{prefix}="{uri}""#);
            NAMESPACES.iter().filter(used).map(bind).collect::<Vec<_>>().join(" ")
        }
    };
    format!("<{root} {namespaces}>{}</{root}>", content.trim())
}

fn content_types(overrides: &str) -> String {
    format!(
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="{PACKAGE}.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>"#
    )
}

fn relationships(links: &str) -> String {
    format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>"#
    )
}

/// Text as paragraphs, one a line; `¦` ends a run, `⇥` is a tab, `⏎` a line break;
/// neighbouring lines `| a | b |` are a table.
fn paragraphs(text: &str) -> String {
    let mut xml = String::new();
    let mut in_table = false;
    for line in text.trim_end_matches('\n').split('\n') {
        let row = line
            .strip_prefix("| ")
            .and_then(|line| line.strip_suffix(" |"));
        if row.is_some() != in_table {
            xml += if in_table {
                "</w:tbl>"
            } else {
                "<w:tbl><w:tblPr/><w:tblGrid/>"
            };
            in_table = !in_table;
        }
        match row {
            Some(row) => {
                let cell = |cell: &str| format!("<w:tc><w:tcPr/>{}</w:tc>", paragraph(cell.trim()));
                xml += &format!(
                    "<w:tr>{}</w:tr>",
                    row.split(" | ").map(cell).collect::<String>()
                );
            }
            None => xml += &paragraph(line),
        }
    }
    if in_table {
        xml + "</w:tbl><w:p/>"
    } else {
        xml
    }
}

fn paragraph(text: &str) -> String {
    if text.is_empty() {
        return "<w:p/>".to_owned();
    }
    let run = |text: &str| {
        let text = quick_xml::escape::escape(text).into_owned();
        let text = format!(r#"<w:r><w:t xml:space="preserve">{text}</w:t></w:r>"#);
        let again = r#"<w:t xml:space="preserve">"#;
        text.replace('⇥', &format!("</w:t><w:tab/>{again}"))
            .replace('⏎', &format!("</w:t><w:br/>{again}"))
    };
    format!(
        "<w:p>{}</w:p>",
        text.split('¦').map(run).collect::<String>()
    )
}

/// Zips parts, in their order.
pub(super) fn packed(parts: &[Part]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// What stands within the root of a part, and within the body of a main part.
pub(super) fn content(part: &str) -> &str {
    let within = |text: &'static str| -> Option<&str> {
        let open = part.find(text)?;
        let start = open + part.get(open..)?.find('>')? + 1;
        part.get(start..part.rfind("</")?)
    };
    match within("<w:body>") {
        Some(body) => body.split("<w:sectPr>").next().unwrap(),
        None => within("<").unwrap_or(part),
    }
}
