//! docx-rs 0.4.22 writes some properties in another order than the schema has them, and
//! attributes the schema does not know; strict readers object. Here they are put right.

use std::io::{Error, Result};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

/// The order of children, for the elements that docx-rs gets wrong (ECMA-376 part 1,
/// annex A.1); only the children it writes here are listed.
const ORDER: [(&str, &[&str]); 7] = [
    (
        "w:pPr",
        &[
            "w:pStyle",
            "w:keepNext",
            "w:keepLines",
            "w:pageBreakBefore",
            "w:numPr",
            "w:spacing",
            "w:ind",
            "w:jc",
            "w:rPr",
        ],
    ),
    (
        "w:rPr",
        &["w:rStyle", "w:b", "w:bCs", "w:i", "w:iCs", "w:strike"],
    ),
    ("w:numPr", &["w:ilvl", "w:numId"]),
    (
        "w:tblPr",
        &["w:tblStyle", "w:tblW", "w:jc", "w:tblInd", "w:tblBorders"],
    ),
    (
        "w:sectPr",
        &[
            "w:headerReference",
            "w:footerReference",
            "w:pgSz",
            "w:pgMar",
            "w:cols",
        ],
    ),
    ("w:tcPr", &["w:tcW", "w:shd"]),
    ("w:trPr", &["w:cantSplit", "w:tblHeader"]),
];

/// Attributes that are dropped, by their element.
const SUPERFLUOUS: [(&str, &str); 4] = [
    ("w:p", "w14:paraId"),
    ("w:gridCol", "w:type"),
    ("w:ind", "w:right"),
    ("w:fldChar", "w:dirty"),
];

/// Properties that say nothing when they are empty.
const SILENT: [&str; 3] = ["w:rPr", "w:pPr", "w:tblBorders"];

struct Element {
    start: BytesStart<'static>,
    children: Vec<Node>,
}

enum Node {
    Element(Element),
    Other(Event<'static>),
}

/// Puts a part that docx-rs wrote into the schema's order; the first row of every table
/// becomes its header (`w:tblHeader`), which assistive technology reads out and Word
/// repeats on each page.
pub(super) fn tidy(part: &[u8]) -> Result<Vec<u8>> {
    let text = std::str::from_utf8(part).map_err(Error::other)?;
    let mut writer = Writer::new(Vec::with_capacity(part.len()));
    for node in read(&mut Reader::from_str(text))? {
        write(&mut writer, node)?;
    }
    Ok(writer.into_inner())
}

/// Puts the footnotes that docx-rs wrote right: each begins with its number, and before
/// them stand the lines that part them from the text (ECMA-376 part 1, 17.11.1 and 17.11.23).
pub(super) fn notes(part: &[u8]) -> Result<Vec<u8>> {
    const TEXT: &str = r#"<w:pStyle w:val="FootnoteText"/></w:pPr>"#;
    const NUMBER: &str = concat!(
        r#"<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>"#,
        r#"<w:r><w:t xml:space="preserve"> </w:t></w:r>"#,
    );
    let separator = |id: &str, kind: &str| {
        let line = r#"<w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>"#;
        format!(
            r#"<w:footnote w:type="{kind}" w:id="{id}"><w:p>{line}<w:r><w:{kind}/></w:r></w:p></w:footnote>"#
        )
    };
    let part = String::from_utf8(tidy(part)?).map_err(Error::other)?;
    let mut out = String::with_capacity(part.len() * 2);
    let mut notes = part.split("<w:footnote ");
    out.push_str(notes.next().unwrap_or_default());
    out.push_str(&separator("-1", "separator"));
    out.push_str(&separator("0", "continuationSeparator"));
    for note in notes {
        out.push_str("<w:footnote ");
        // not the first paragraph, which may be a block mark that stands alone
        out.push_str(&note.replacen(TEXT, &format!("{TEXT}{NUMBER}"), 1));
    }
    Ok(out.into_bytes())
}

/// Reads siblings up to the end of their parent. The depth is that of what docx-rs writes.
fn read(reader: &mut Reader<&[u8]>) -> Result<Vec<Node>> {
    let mut nodes = Vec::new();
    loop {
        let (start, children) = match reader.read_event().map_err(Error::other)? {
            Event::End(_) | Event::Eof => return Ok(nodes),
            Event::Start(start) => (start.into_owned(), read(reader)?),
            Event::Empty(start) => (start.into_owned(), Vec::new()),
            other => {
                nodes.push(Node::Other(other.into_owned()));
                continue;
            }
        };
        nodes.push(Node::Element(Element::new(start, children)));
    }
}

impl Element {
    fn new(start: BytesStart<'static>, mut children: Vec<Node>) -> Self {
        let name = start.name();
        children.retain(|child| !child.is_silent());
        if let Some((_, order)) = ORDER.iter().find(|(parent, _)| *parent == name.0) {
            children.sort_by_key(|child| order.iter().position(|known| *known == child.name()));
        }
        if name.0 == "w:tbl" {
            head_first_row(&mut children);
        }
        let mut kept = BytesStart::new(name.0.to_owned());
        for attribute in start.attributes().flatten() {
            if !SUPERFLUOUS.contains(&(name.0, attribute.key.0)) {
                kept.push_attribute(attribute);
            }
        }
        Self {
            start: kept,
            children,
        }
    }
}

impl Node {
    fn name(&self) -> &str {
        match self {
            Self::Element(element) => element.start.name().0,
            Self::Other(_) => "",
        }
    }

    fn is_silent(&self) -> bool {
        matches!(self, Self::Element(e) if e.children.is_empty() && SILENT.contains(&self.name()))
    }

    fn child(&mut self, name: &str) -> Option<&mut Element> {
        match self {
            Self::Element(element) => element_named(&mut element.children, name),
            Self::Other(_) => None,
        }
    }
}

fn element_named<'a>(nodes: &'a mut [Node], name: &str) -> Option<&'a mut Element> {
    nodes.iter_mut().find_map(|node| match node {
        Node::Element(element) if element.start.name().0 == name => Some(element),
        _ => None,
    })
}

fn head_first_row(table: &mut [Node]) {
    let row = table.iter_mut().find(|node| node.name() == "w:tr");
    if let Some(properties) = row.and_then(|row| row.child("w:trPr")) {
        let header = Element::new(BytesStart::new("w:tblHeader"), Vec::new());
        properties.children.push(Node::Element(header));
    }
}

fn write(writer: &mut Writer<Vec<u8>>, node: Node) -> Result<()> {
    match node {
        Node::Other(event) => writer.write_event(event),
        Node::Element(element) if element.children.is_empty() => {
            writer.write_event(Event::Empty(element.start))
        }
        Node::Element(element) => {
            let end = element.start.to_end().into_owned();
            writer.write_event(Event::Start(element.start))?;
            for child in element.children {
                write(writer, child)?;
            }
            writer.write_event(Event::End(end))
        }
    }
}
