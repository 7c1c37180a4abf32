//! Text in attributes: where it stands, and what it says.

use std::ops::Range;

use super::scan::{Form, Home, Region};

impl Region {
    /// An attribute's value: entities are resolved, and in a target percent-encoded
    /// characters, as Word encodes the braces it is given there.
    pub(super) fn push_escaped(&mut self, raw: &str, element: usize, start: usize) {
        let mut at = 0;
        while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
            let (text, length) = match rest.as_bytes() {
                [b'&', ..] => entity(rest),
                [b'%', ..] if self.home == Home::Target => percent(rest),
                _ => None,
            }
            .unwrap_or_default();
            if length > 0 {
                self.push(&text, element, start + at..start + at + length, Form::Whole);
                at += length;
                continue;
            }
            let first = rest.chars().next().map_or(1, char::len_utf8);
            let plain = rest.get(first..).and_then(|rest| rest.find(['&', '%']));
            let length = plain.map_or(rest.len(), |plain| first + plain);
            let text = rest.get(..length).unwrap_or_default();
            self.push(
                text,
                element,
                start + at..start + at + length,
                Form::Verbatim,
            );
            at += length;
        }
    }
}

/// The entity a text begins with, and its length.
fn entity(text: &str) -> Option<(String, usize)> {
    let end = text.find(';')?;
    Some((entity_text(text.get(1..end)?)?, end + 1))
}

/// What an entity stands for: a predefined one, or a character by its number.
pub(super) fn entity_text(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).map(String::from);
    }
    quick_xml::escape::resolve_xml_entity(name).map(str::to_owned)
}

/// The percent-encoded character a text begins with, and its length (RFC 3986, 2.1).
fn percent(text: &str) -> Option<(String, usize)> {
    let byte = |at: usize| {
        let digits = text.get(at..at + 3)?.strip_prefix('%')?;
        u8::from_str_radix(digits, 16).ok()
    };
    let bytes: Vec<u8> = (0..4).map_while(|number| byte(3 * number)).collect();
    let first = bytes.utf8_chunks().next()?.valid().chars().next()?;
    (!first.is_control()).then(|| (first.to_string(), 3 * first.len_utf8()))
}

/// What kind of text the attribute of a tag is, if it is one that is merged.
pub(super) fn home(element: &str, attribute: &str) -> Option<Home> {
    let of = |name: &str| {
        let rest = element.strip_prefix(name);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    match attribute.rsplit(':').next()? {
        "Target" | "href" => Some(Home::Target),
        "descr" | "title" | "alt" | "tooltip" => Some(Home::Attribute),
        // WordArt, and watermarks, which are made of it
        "string" if of("textpath") => Some(Home::Attribute),
        // the alternative text of a table
        "val" if of("tblCaption") || of("tblDescription") => Some(Home::Attribute),
        _ => None,
    }
}

/// The value of a tag's attribute, by its local name.
pub(super) fn value(tag: &str, name: &str) -> Option<String> {
    let (_, value) = find(tag, name)?;
    let value = quick_xml::escape::unescape(tag.get(value)?).ok()?;
    Some(value.into_owned())
}

/// Where an attribute stands in its tag, with the blanks before it.
pub(super) fn span(tag: &str, name: &str) -> Option<Range<usize>> {
    let (name, value) = find(tag, name)?;
    whole(tag, name, &value)
}

/// Where an attribute of this full name and this value stands, with the blanks before it.
pub(super) fn whole(tag: &str, name: &str, value: &Range<usize>) -> Option<Range<usize>> {
    let before = tag.get(..value.start)?;
    let before = before.get(..before.rfind(name)?)?.trim_end();
    Some(before.len()..value.end + 1)
}

/// The name and the place of the value of a tag's attribute, by its local name.
pub(super) fn find<'t>(tag: &'t str, name: &str) -> Option<(&'t str, Range<usize>)> {
    let local = |full: &str| full.rsplit(':').next() == Some(name);
    spans(tag).into_iter().find(|(full, _)| local(full))
}

/// The name a tag begins with, as it is written.
pub(super) fn tag_name(tag: &str) -> &str {
    let end = |c: char| c.is_whitespace() || matches!(c, '/' | '>');
    let name = tag.trim_start_matches('<').split(end).next();
    name.unwrap_or_default()
}

/// The attributes of a tag: name, and where the value stands.
pub(super) fn spans(tag: &str) -> Vec<(&str, Range<usize>)> {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(equals) = tag.get(at..).and_then(|rest| rest.find('=')) {
        let equals = at + equals;
        let Some(open) = tag.get(equals..).and_then(|rest| rest.find(['"', '\''])) else {
            break;
        };
        let start = equals + open + 1;
        let quote = tag
            .as_bytes()
            .get(start - 1)
            .copied()
            .map_or('"', char::from);
        let Some(length) = tag.get(start..).and_then(|rest| rest.find(quote)) else {
            break;
        };
        let name = tag.get(..equals).unwrap_or_default().trim_end();
        let name = name.rsplit(char::is_whitespace).next().unwrap_or_default();
        spans.push((name, start..start + length));
        at = start + length + 1;
    }
    spans
}
