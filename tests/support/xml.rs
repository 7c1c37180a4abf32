//! XML as a tree, for looking at what came out.

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

/// An element.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// as it is written, with its prefix
    pub(crate) name: String,
    /// names as written, values without entities
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
}

/// What an element holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
}

/// Parses a part, which may be UTF-8 or UTF-16; tells what is not well-formed.
pub(crate) fn parse(bytes: &[u8]) -> Result<Element, String> {
    let text = decode(bytes)?;
    let mut reader = NsReader::from_str(&text);
    let mut open = vec![Element::default()];
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|e| e.to_string())?;
        if let ResolveResult::Unknown(prefix) = namespace {
            return Err(format!("the prefix {prefix:?} is not bound"));
        }
        match event {
            Event::Start(start) => open.push(element(&start)?),
            Event::Empty(start) => add(&mut open, Node::Element(element(&start)?)),
            Event::End(_) => {
                let closed = open.pop().ok_or("closes nothing")?;
                add(&mut open, Node::Element(closed));
            }
            Event::Text(text) => {
                let text: &str = &text;
                add(&mut open, Node::Text(text.replace("\r\n", "\n")));
            }
            Event::CData(text) => add(&mut open, Node::Text(text.to_string())),
            Event::GeneralRef(entity) => {
                let entity: &str = &entity;
                add(&mut open, Node::Text(resolve(&format!("&{entity};"))?));
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    let root = open.pop().filter(|_| open.is_empty());
    let root = root.ok_or("ends amid an element")?;
    let mut roots = root.children.into_iter().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    });
    match (roots.next(), roots.next()) {
        (Some(root), None) => Ok(root),
        _ => Err("has not one root".to_owned()),
    }
}

/// UTF-16 by its mark, else UTF-8.
fn decode(bytes: &[u8]) -> Result<String, String> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        String::from_utf16(&units.collect::<Vec<_>>()).map_err(|error| error.to_string())
    };
    let narrow = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|e| e.to_string());
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => narrow(rest),
        _ => narrow(bytes),
    }?;
    // XML 1.0, 2.2
    let forbidden = |c: char| matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    match text.find(forbidden) {
        Some(at) => Err(format!("a character at {at} that XML forbids")),
        None => Ok(text),
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value: &str = &attribute.value;
        if value.contains('<') {
            return Err(format!("< in an attribute: {value}"));
        }
        attributes.push((attribute.key.as_ref().to_owned(), resolve(value)?));
    }
    Ok(Element {
        name: start.name().as_ref().to_owned(),
        attributes,
        children: Vec::new(),
    })
}

fn add(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn resolve(text: &str) -> Result<String, String> {
    let plain = quick_xml::escape::unescape(text).map_err(|error| error.to_string())?;
    Ok(plain.into_owned())
}

impl Element {
    /// The name without its prefix.
    pub(crate) fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap()
    }

    /// The value of an attribute, by its name without prefix.
    pub(crate) fn attribute(&self, local: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|(name, _)| name.rsplit(':').next() == Some(local));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub(crate) fn child(&self, local: &str) -> Option<&Element> {
        self.elements().find(|element| element.local() == local)
    }

    /// It and all it holds, in order.
    pub(crate) fn all(&self) -> Vec<&Element> {
        let inner = self.elements().flat_map(Element::all);
        std::iter::once(self).chain(inner).collect()
    }

    /// All character data within.
    pub(crate) fn text(&self) -> String {
        let text = |node: &Node| match node {
            Node::Element(element) => element.text(),
            Node::Text(text) => text.clone(),
        };
        self.children.iter().map(text).collect()
    }
}
