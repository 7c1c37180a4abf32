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

/// The percent-encoded ASCII character a text begins with, and its length.
fn percent(text: &str) -> Option<(String, usize)> {
    let code = u8::from_str_radix(text.get(1..3)?, 16).ok()?;
    (0x20..0x7f)
        .contains(&code)
        .then(|| (char::from(code).to_string(), 3))
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
