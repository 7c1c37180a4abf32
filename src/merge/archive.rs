//! Writing a zip archive from entries whose compressed bytes are at hand
//! (APPNOTE.TXT 4.3): what was not touched is handed on as it came.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// An entry in its compressed form.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// the path, as the archive spells it
    pub(super) name: Vec<u8>,
    /// whether `name` is UTF-8 beyond ASCII (bit 11)
    pub(super) utf8: bool,
    /// how `data` is compressed
    pub(super) method: Method,
    /// CRC-32 of the uncompressed bytes
    pub(super) crc32: u32,
    /// length of the uncompressed bytes
    pub(super) size: u32,
    /// the compressed bytes
    pub(super) data: Vec<u8>,
}

/// Compression methods that Word reads (ECMA-376 part 2, annex B).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// as it is
    Stored = 0,
    /// deflated
    Deflated = 8,
}

/// Limits of an archive without ZIP64.
#[derive(Debug, thiserror::Error)]
#[error("the package would exceed 4 GiB or 65535 parts")]
pub(super) struct TooLarge;

impl Entry {
    /// Deflates `content` at level 6.
    pub(super) fn deflated(name: &str, content: &[u8]) -> std::io::Result<Self> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(6));
        encoder.write_all(content)?;
        Ok(Self {
            name: name.as_bytes().to_vec(),
            utf8: !name.is_ascii(),
            method: Method::Deflated,
            crc32: crc32(content),
            size: u32::try_from(content.len()).map_err(std::io::Error::other)?,
            data: encoder.finish()?,
        })
    }

    /// The fields that local and central header share, from "version needed" on.
    fn common(&self, out: &mut Vec<u8>) -> Result<(), TooLarge> {
        let flags: u16 = if self.utf8 { 1 << 11 } else { 0 };
        out.extend(20u16.to_le_bytes());
        out.extend(flags.to_le_bytes());
        out.extend((self.method as u16).to_le_bytes());
        // 1 January 1980, 00:00: the same values give the same bytes
        out.extend([0, 0, 0x21, 0]);
        out.extend(self.crc32.to_le_bytes());
        out.extend(length32(self.data.len())?.to_le_bytes());
        out.extend(self.size.to_le_bytes());
        out.extend(length16(self.name.len())?.to_le_bytes());
        out.extend(0u16.to_le_bytes());
        Ok(())
    }
}

/// CRC-32 as zip wants it.
pub(super) fn crc32(content: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(content);
    crc.sum()
}

/// Writes the archive, the entries in the order given.
pub(super) fn write<'a>(
    entries: impl Iterator<Item = &'a Entry> + Clone,
) -> Result<Vec<u8>, TooLarge> {
    let room: usize = entries
        .clone()
        .map(|e| e.data.len() + 2 * e.name.len() + 80)
        .sum();
    let mut out = Vec::with_capacity(room + 22);
    let mut central = Vec::new();
    let mut count = 0usize;
    for entry in entries {
        let offset = length32(out.len())?;
        out.extend(0x0403_4b50_u32.to_le_bytes());
        entry.common(&mut out)?;
        out.extend(&entry.name);
        out.extend(&entry.data);

        central.extend(0x0201_4b50_u32.to_le_bytes());
        central.extend(20u16.to_le_bytes());
        entry.common(&mut central)?;
        // no comment, first disk, no attributes
        central.extend([0; 10]);
        central.extend(offset.to_le_bytes());
        central.extend(&entry.name);
        count += 1;
    }
    let count = length16(count)?.to_le_bytes();
    let start = length32(out.len())?;
    out.extend(&central);
    out.extend(0x0605_4b50_u32.to_le_bytes());
    out.extend([0; 4]);
    out.extend(count);
    out.extend(count);
    out.extend(length32(central.len())?.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend(0u16.to_le_bytes());
    Ok(out)
}

fn length32(length: usize) -> Result<u32, TooLarge> {
    u32::try_from(length).map_err(|_| TooLarge)
}

fn length16(length: usize) -> Result<u16, TooLarge> {
    u16::try_from(length).map_err(|_| TooLarge)
}
