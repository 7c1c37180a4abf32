//! Lists of MAPI properties (MS-OXTNEF 2.1.3.4, MsgPropertyList).

use super::Reader;

/// A property that is of use: one that holds text, bytes or a number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Property<'a> {
    pub(super) id: u16,
    pub(super) value: Value<'a>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// binary, or text in the object's code page
    Bytes(&'a [u8]),
    Utf16(&'a [u8]),
    Number(u32),
}

/// Types of properties (MS-OXCDATA 2.11.1).
const LONG: u16 = 0x0003;
const OBJECT: u16 = 0x000D;
const STRING8: u16 = 0x001E;
const UNICODE: u16 = 0x001F;
const BINARY: u16 = 0x0102;
const MULTIPLE: u16 = 0x1000;

/// From here on properties have names.
const NAMED: u16 = 0x8000;

/// The most properties of one list that are read, and values of one property.
const MAX_PROPERTIES: u32 = 5_000;

/// An embedded object's data begins with the id of its interface.
const INTERFACE_ID: usize = 16;

/// The properties of a list, up to the first that cannot be read.
pub(super) fn read(list: &[u8]) -> Vec<Property<'_>> {
    let mut reader = Reader(list);
    let count = reader.u32().unwrap_or_default().min(MAX_PROPERTIES);
    let mut properties = Vec::new();
    for _ in 0..count {
        match property(&mut reader) {
            Some(Some(property)) => properties.push(property),
            Some(None) => {}
            None => break,
        }
    }
    properties
}

/// The next property, `Some(None)` if it is of no use; `None` if it cannot be read.
fn property<'a>(reader: &mut Reader<'a>) -> Option<Option<Property<'a>>> {
    let kind = reader.u16()?;
    let id = reader.u16()?;
    if id >= NAMED {
        skip_name(reader)?;
    }
    let single = kind & !MULTIPLE;
    let variable = matches!(single, OBJECT | STRING8 | UNICODE | BINARY);
    let count = if variable || kind & MULTIPLE != 0 {
        reader.u32().filter(|count| *count <= MAX_PROPERTIES)?
    } else {
        1
    };
    let mut first = None;
    for _ in 0..count {
        let value = if variable {
            variable_value(reader, single)?
        } else {
            fixed_value(reader, single)?
        };
        first = first.or(value);
    }
    Some(first.map(|value| Property { id, value }))
}

fn skip_name(reader: &mut Reader<'_>) -> Option<()> {
    reader.take(16)?;
    match reader.u32()? {
        0 => reader.take(4)?,
        _ => padded(reader)?,
    };
    Some(())
}

/// Bytes behind their length, filled up to four.
fn padded<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let length = reader.length()?;
    let bytes = reader.take(length)?;
    let padding = (4 - length % 4) % 4;
    reader.take(padding.min(reader.0.len()))?;
    Some(bytes)
}

fn variable_value<'a>(reader: &mut Reader<'a>, kind: u16) -> Option<Option<Value<'a>>> {
    let bytes = padded(reader)?;
    Some(match kind {
        UNICODE => Some(Value::Utf16(bytes)),
        OBJECT => bytes.get(INTERFACE_ID..).map(Value::Bytes),
        _ => Some(Value::Bytes(bytes)),
    })
}

fn fixed_value<'a>(reader: &mut Reader<'a>, kind: u16) -> Option<Option<Value<'a>>> {
    let length = match kind {
        // short, long, float, error, boolean: each fills four bytes
        0x0002 | 0x0004 | 0x000A | 0x000B => 4,
        LONG => return Some(Some(Value::Number(reader.u32()?))),
        // double, currency, application time, 64 bit, system time
        0x0005..=0x0007 | 0x0014 | 0x0040 => 8,
        0x0048 => 16,
        0x0000 | 0x0001 => 0,
        _ => return None,
    };
    reader.take(length)?;
    Some(None)
}
