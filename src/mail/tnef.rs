//! winmail.dat: the Transport Neutral Encapsulation Format, in which Outlook packs text and
//! files for other Outlooks (MS-OXTNEF).

mod lzfu;
mod properties;
mod rtf;
#[cfg(test)]
mod tests;

use super::attachment::File;
use super::charset;
use super::entity::{Entity, MAX_TEXT};
use properties::{Property, Value};

/// The longest object that is read, in bytes before decoding.
const MAX_OBJECT: usize = 32 * 1024 * 1024;

/// The most attributes and attached files that are read; a mail has some thirty.
const MAX_ATTRIBUTES: usize = 5_000;
const MAX_FILES: usize = 100;

/// The first bytes of every object (MS-OXTNEF 2.1.3.1).
const SIGNATURE: u32 = 0x223E_9F78;

/// Identifiers of attributes (MS-OXTNEF 2.1.3.2), the type in the upper half left out.
mod attribute {
    pub(super) const CODEPAGE: u16 = 0x9007;
    pub(super) const BODY: u16 = 0x800C;
    pub(super) const PROPERTIES: u16 = 0x9003;
    pub(super) const NEXT_FILE: u16 = 0x9002;
    pub(super) const FILE_TITLE: u16 = 0x8010;
    pub(super) const FILE_DATA: u16 = 0x800F;
    pub(super) const FILE_PROPERTIES: u16 = 0x9005;
}

/// Identifiers of properties (MS-OXPROPS).
mod property {
    pub(super) const BODY: u16 = 0x1000;
    pub(super) const RTF_COMPRESSED: u16 = 0x1009;
    pub(super) const BODY_HTML: u16 = 0x1013;
    pub(super) const INTERNET_CODEPAGE: u16 = 0x3FDE;
    pub(super) const ATTACH_DATA: u16 = 0x3701;
    pub(super) const ATTACH_FILENAME: u16 = 0x3704;
    pub(super) const ATTACH_LONG_FILENAME: u16 = 0x3707;
    pub(super) const ATTACH_MIME_TAG: u16 = 0x370E;
}

/// What was packed away.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tnef {
    /// the text, if it was packed too
    pub(super) body: Option<Body>,
    /// the attached files
    pub(super) files: Vec<File>,
}

/// A text in the form in which it was kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    Plain(String),
    Html(String),
}

/// The first TNEF object of a mail, by its media type or its usual name.
pub(super) fn find(mail: &Entity<'_>) -> Option<Tnef> {
    if is_tnef(mail) {
        return read(&mail.content(MAX_OBJECT));
    }
    mail.parts.iter().find_map(find)
}

fn is_tnef(entity: &Entity<'_>) -> bool {
    match entity.media_type().as_str() {
        "application/ms-tnef" | "application/vnd.ms-tnef" => true,
        "application/octet-stream" => entity.file_name().is_some_and(|name| {
            matches!(
                name.to_ascii_lowercase().as_str(),
                "winmail.dat" | "win.dat"
            )
        }),
        _ => false,
    }
}

/// Reads an object as far as it is sound.
fn read(object: &[u8]) -> Option<Tnef> {
    let mut reader = Reader(object);
    (reader.u32()? == SIGNATURE).then_some(())?;
    reader.take(2)?;
    let mut contents = Contents::default();
    for _ in 0..MAX_ATTRIBUTES {
        let Some((id, data)) = reader.attribute() else {
            break;
        };
        contents.take(id, data);
    }
    Some(contents.finish())
}

/// Little-endian numbers and lengths, within bounds.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.u32()?).ok()
    }

    /// The next attribute; of one that is cut off, what there is. Checksums do not matter.
    fn attribute(&mut self) -> Option<(u16, &'a [u8])> {
        self.take(1)?;
        let id = self.u16()?;
        self.take(2)?;
        let length = self.length()?;
        let data = self.take(length.min(self.0.len()))?;
        self.0 = self.0.get(2..).unwrap_or_default();
        Some((id, data))
    }
}

/// What is known so far.
#[derive(Default)]
struct Contents<'a> {
    codepage: u32,
    plain: Option<Value<'a>>,
    html: Option<Value<'a>>,
    rtf: Option<&'a [u8]>,
    html_codepage: Option<u32>,
    files: Vec<Packed<'a>>,
}

/// An attached file; its parts come in any order.
#[derive(Default)]
struct Packed<'a> {
    title: Option<Value<'a>>,
    long_name: Option<Value<'a>>,
    media_type: Option<Value<'a>>,
    data: Option<&'a [u8]>,
}

impl<'a> Contents<'a> {
    fn take(&mut self, id: u16, data: &'a [u8]) {
        match id {
            attribute::CODEPAGE => self.codepage = Reader(data).u32().unwrap_or_default(),
            attribute::BODY => self.plain = Some(Value::Bytes(data)),
            attribute::PROPERTIES => {
                for property in properties::read(data) {
                    self.take_property(property);
                }
            }
            attribute::NEXT_FILE if self.files.len() < MAX_FILES => {
                self.files.push(Packed::default());
            }
            _ => {
                if let Some(file) = self.files.last_mut() {
                    file.take(id, data);
                }
            }
        }
    }

    fn take_property(&mut self, property: Property<'a>) {
        match (property.id, property.value) {
            (property::BODY, value) => self.plain = Some(value),
            (property::BODY_HTML, value) => self.html = Some(value),
            (property::RTF_COMPRESSED, Value::Bytes(bytes)) => self.rtf = Some(bytes),
            (property::INTERNET_CODEPAGE, Value::Number(number)) => {
                self.html_codepage = Some(number);
            }
            _ => {}
        }
    }

    fn finish(self) -> Tnef {
        let text = |value: &Value<'_>, codepage| {
            Some(value.text(codepage)).filter(|t| !t.trim().is_empty())
        };
        let plain = self.plain.and_then(|value| text(&value, self.codepage));
        let html_codepage = self.html_codepage.unwrap_or(self.codepage);
        let html = self.html.and_then(|value| text(&value, html_codepage));
        let rtf = || {
            self.rtf
                .and_then(lzfu::decompress)
                .and_then(|rtf| rtf::read(&rtf))
        };
        Tnef {
            body: plain.map(Body::Plain).or(html.map(Body::Html)).or_else(rtf),
            files: self
                .files
                .into_iter()
                .filter_map(|file| file.finish(self.codepage))
                .collect(),
        }
    }
}

impl<'a> Packed<'a> {
    fn take(&mut self, id: u16, data: &'a [u8]) {
        match id {
            attribute::FILE_TITLE => self.title = Some(Value::Bytes(data)),
            attribute::FILE_DATA => self.data = Some(data),
            attribute::FILE_PROPERTIES => {
                for property in properties::read(data) {
                    match (property.id, property.value) {
                        (property::ATTACH_LONG_FILENAME, value) => self.long_name = Some(value),
                        (property::ATTACH_FILENAME, value) => self.title = Some(value),
                        (property::ATTACH_MIME_TAG, value) => self.media_type = Some(value),
                        (property::ATTACH_DATA, Value::Bytes(bytes)) => self.data = Some(bytes),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn finish(self, codepage: u32) -> Option<File> {
        let text = |value: Value<'_>| value.text(codepage);
        let name = self.long_name.or(self.title).map(text).unwrap_or_default();
        let media_type = self.media_type.map(text).unwrap_or_default();
        Some(File::new(
            &name,
            media_type.to_ascii_lowercase(),
            self.data?.to_vec(),
        ))
    }
}

impl Value<'_> {
    /// The value as text, at most [`MAX_TEXT`] bytes of it.
    fn text(&self, codepage: u32) -> String {
        let (bytes, charset) = match self {
            Self::Bytes(bytes) => (*bytes, charset_of(codepage)),
            Self::Utf16(bytes) => (*bytes, "utf-16le".to_owned()),
            Self::Number(_) => return String::new(),
        };
        let text = charset::decode(bytes.get(..MAX_TEXT).unwrap_or(bytes), Some(&charset));
        let text = text.trim_end_matches('\0');
        text.replace("\r\n", "\n").replace('\r', "\n")
    }
}

/// The charset of a code page of Windows.
fn charset_of(codepage: u32) -> String {
    match codepage {
        874 | 1250..=1258 => format!("windows-{codepage}"),
        65001 => "utf-8".to_owned(),
        28591..=28605 => format!("iso-8859-{}", codepage - 28590),
        _ => "windows-1252".to_owned(),
    }
}
