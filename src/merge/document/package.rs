//! Reading a Word package: a zip archive by ECMA-376 part 2, within bounds.

use std::io::{Cursor, Read};

use zip::{CompressionMethod, ZipArchive};

use crate::merge::archive::{Entry, Method};

/// Parts of a package; a long motion with pictures has about a hundred.
const MAX_ENTRIES: usize = 2_000;
/// All parts together, inflated (bytes).
const MAX_TOTAL: u64 = 256 << 20;
/// From this size on (bytes) the ratio is looked at …
const SUSPICIOUS: u64 = 32 << 20;
/// … which text reaches only where somebody made it so.
const MAX_RATIO: u64 = 200;

/// The parts of a package, still compressed, in the archive's order.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) entries: Vec<Entry>,
}

impl Package {
    /// Reads a package; refuses, in words, what is none or is not sound.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        recognise(bytes)?;
        let mut archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e.to_string()))?;
        if archive.len() > MAX_ENTRIES {
            return Err(format!(
                "die Datei besteht aus {} Teilen; erlaubt sind {MAX_ENTRIES}",
                archive.len()
            ));
        }
        if archive.has_duplicate_names() {
            return Err("die Datei enthält zwei Teile gleichen Namens".to_owned());
        }
        if archive
            .has_overlapping_entries()
            .map_err(|e| damaged(&e.to_string()))?
        {
            return Err("die Teile der Datei überlappen sich".to_owned());
        }
        let mut entries = Vec::with_capacity(archive.len());
        let mut total = 0;
        for index in 0..archive.len() {
            let entry = read_entry(&mut archive, index, &mut total)?;
            entries.push(entry);
        }
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if total > SUSPICIOUS && total / size.max(1) > MAX_RATIO {
            return Err("die Datei entpackt sich zu verdächtig viel Inhalt".to_owned());
        }
        let package = Self { entries };
        // every part is inflated once, so that none lies about its size or is damaged
        for entry in &package.entries {
            inflate(entry)?;
        }
        Ok(package)
    }

    /// The number of a part, by its name with or without a leading slash; names ignore
    /// case (ECMA-376 part 2, 6.2.2.3).
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let name = name.trim_start_matches('/');
        self.entries
            .iter()
            .position(|entry| entry.path().eq_ignore_ascii_case(name))
    }

    /// The inflated content of a part.
    pub(super) fn content(&self, index: usize) -> Result<Vec<u8>, String> {
        let entry = self.entries.get(index).ok_or("der Teil fehlt")?;
        inflate(entry)
    }
}

impl Entry {
    /// The name with forward slashes, which some programs do not write.
    pub(super) fn path(&self) -> String {
        String::from_utf8_lossy(&self.name).replace('\\', "/")
    }
}

fn damaged(why: &str) -> String {
    format!("die Datei ist beschädigt ({why}); öffnen und speichern Sie sie in Word neu")
}

/// Tells what the file is, if it is not a Word file.
fn recognise(bytes: &[u8]) -> Result<(), String> {
    const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    let encrypted: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let advice = "speichern Sie sie in Word als „Word-Dokument (.docx)“";
    match bytes {
        [] => Err("die Datei ist leer".to_owned()),
        _ if bytes.starts_with(b"PK") => Ok(()),
        _ if bytes.starts_with(OLE) => {
            if bytes
                .windows(encrypted.len())
                .any(|window| window == encrypted)
            {
                Err(
                    "die Datei ist mit einem Kennwort verschlüsselt; entfernen Sie es in Word"
                        .to_owned(),
                )
            } else {
                Err(format!("das ist eine Datei im alten Format .doc; {advice}"))
            }
        }
        _ if bytes.starts_with(br"{\rtf") => Err(format!("das ist eine RTF-Datei; {advice}")),
        _ if bytes.starts_with(b"%PDF") => {
            Err(format!("das ist eine PDF-Datei, keine Vorlage; {advice}"))
        }
        _ => Err(format!("das ist keine Word-Datei; {advice}")),
    }
}

fn read_entry(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    total: &mut u64,
) -> Result<Entry, String> {
    let mut file = archive
        .by_index_raw(index)
        .map_err(|e| damaged(&e.to_string()))?;
    if file.encrypted() {
        return Err("die Datei ist mit einem Kennwort verschlüsselt".to_owned());
    }
    *total += file.size();
    if *total > MAX_TOTAL {
        return Err(format!(
            "die Datei entpackt sich zu mehr als {} MiB",
            MAX_TOTAL >> 20
        ));
    }
    let method = match file.compression() {
        CompressionMethod::Stored => Method::Stored,
        CompressionMethod::Deflated => Method::Deflated,
        other => {
            return Err(format!(
                "die Datei ist auf eine Art gepackt, die Word nicht kennt ({other})"
            ));
        }
    };
    let mut data = Vec::new();
    let compressed = file.compressed_size();
    file.by_ref()
        .take(compressed)
        .read_to_end(&mut data)
        .map_err(|e| damaged(&e.to_string()))?;
    Ok(Entry {
        utf8: file.name_raw().iter().any(|byte| !byte.is_ascii()),
        name: file.name_raw().to_vec(),
        method,
        crc32: file.crc32(),
        size: u32::try_from(file.size()).unwrap_or(u32::MAX),
        data,
    })
}

fn inflate(entry: &Entry) -> Result<Vec<u8>, String> {
    let size = u64::from(entry.size);
    let mut content = Vec::new();
    match entry.method {
        Method::Stored => content.clone_from(&entry.data),
        Method::Deflated => {
            flate2::read::DeflateDecoder::new(entry.data.as_slice())
                .take(size + 1)
                .read_to_end(&mut content)
                .map_err(|e| damaged(&format!("{}: {e}", entry.path())))?;
        }
    }
    if content.len() as u64 != size || crate::merge::archive::crc32(&content) != entry.crc32 {
        return Err(damaged(&format!(
            "{}: Größe oder Prüfsumme stimmt nicht",
            entry.path()
        )));
    }
    Ok(content)
}
