mod legal;
mod refused;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;

use crate::merge::archive::crc32;
use crate::merge::document::Document;
use crate::merge::document::tests::{RELS, TYPES, document, p, strict, values};
use crate::merge::{Rules, Schema};

/// An entry of an archive, as somebody might write it (APPNOTE.TXT 4.3).
#[derive(Clone)]
struct Item {
    name: Vec<u8>,
    content: Vec<u8>,
    flags: u16,
    method: u16,
    /// what it says of its size, if not the truth
    claimed: Option<u32>,
    zip64: bool,
    comment: &'static [u8],
    extra: &'static [u8],
}

fn item(name: &str, content: &[u8]) -> Item {
    Item {
        name: name.as_bytes().to_vec(),
        content: content.to_vec(),
        flags: 0,
        method: 8,
        claimed: None,
        zip64: false,
        comment: b"",
        extra: b"",
    }
}

impl Item {
    fn data(&self) -> Vec<u8> {
        if self.method != 8 {
            return self.content.clone();
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&self.content).unwrap();
        encoder.finish().unwrap()
    }

    /// Flags to lengths, and the extra fields, ZIP64's (4.5.3) among them.
    fn fields(&self, data: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let length = u32::try_from(data.len()).unwrap();
        let size = self
            .claimed
            .unwrap_or(u32::try_from(self.content.len()).unwrap());
        let mut extra = self.extra.to_vec();
        if self.zip64 {
            extra.extend([1, 0, 16, 0]);
            extra.extend(u64::from(size).to_le_bytes());
            extra.extend(u64::from(length).to_le_bytes());
        }
        let mut fields = self.flags.to_le_bytes().to_vec();
        fields.extend(self.method.to_le_bytes());
        fields.extend([0; 4]);
        fields.extend(crc32(&self.content).to_le_bytes());
        for size in [length, size] {
            fields.extend(if self.zip64 { u32::MAX } else { size }.to_le_bytes());
        }
        fields.extend(u16::try_from(self.name.len()).unwrap().to_le_bytes());
        fields.extend(u16::try_from(extra.len()).unwrap().to_le_bytes());
        (fields, extra)
    }
}

/// An archive with these bytes before it and this comment behind.
fn archive(items: &[Item], prefix: &[u8], comment: &[u8]) -> Vec<u8> {
    let mut out = prefix.to_vec();
    let mut central = Vec::new();
    for item in items {
        let data = item.data();
        let (fields, extra) = item.fields(&data);
        let offset = u32::try_from(out.len() - prefix.len()).unwrap();
        out.extend(b"PK\x03\x04\x2d\0");
        out.extend(&fields);
        out.extend(&item.name);
        out.extend(&extra);
        out.extend(&data);
        central.extend(b"PK\x01\x02\x2d\0\x2d\0");
        central.extend(&fields);
        central.extend(u16::try_from(item.comment.len()).unwrap().to_le_bytes());
        central.extend([0; 8]);
        central.extend(offset.to_le_bytes());
        central.extend(&item.name);
        central.extend(&extra);
        central.extend(item.comment);
    }
    let start = u32::try_from(out.len() - prefix.len()).unwrap();
    let count = u16::try_from(items.len()).unwrap().to_le_bytes();
    out.extend(&central);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend(u32::try_from(central.len()).unwrap().to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend(u16::try_from(comment.len()).unwrap().to_le_bytes());
    out.extend(comment);
    out
}

/// What every package has, and these.
fn with(more: &[Item]) -> Vec<Item> {
    let main = document(&p(&["{{ datum }}"]));
    let mut items: Vec<Item> = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELS),
        ("word/document.xml", &main),
    ]
    .iter()
    .filter(|(name, _)| more.iter().all(|item| item.name != name.as_bytes()))
    .map(|(name, content)| item(name, content.as_bytes()))
    .collect();
    items.extend_from_slice(more);
    items
}
