//! Reading a Word package: a zip archive by ECMA-376 part 2, within bounds.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use zip::{CompressionMethod, ZipArchive};

use super::encoding::{self, Encoding};
use crate::merge::archive::{Entry, Method, crc32};

#[cfg(test)]
mod tests;

/// Parts of a package; a long motion with pictures has about a hundred.
const MAX_ENTRIES: usize = 2_000;
/// All parts together, inflated (bytes).
const MAX_TOTAL: u64 = 256 << 20;
/// From this size on (bytes) the ratio is looked at …
const SUSPICIOUS: u64 = 32 << 20;
/// … which text reaches only where somebody made it so.
const MAX_RATIO: u64 = 200;

/// The parts of a package, still compressed, in the archive's order.
#[derive(Debug, Clone)]
pub(in crate::merge::document) struct Package {
    pub(super) entries: Vec<Entry>,
    /// the names of parts that were replaced, which lie here uncompressed
    replaced: BTreeSet<Vec<u8>>,
    /// whether a part was replaced or removed
    pub(super) changed: bool,
}

impl Package {
    /// Reads a package; refuses, in words, what is none or is not sound.
    pub(in crate::merge::document) fn read(bytes: &[u8]) -> Result<Self, String> {
        recognise(bytes)?;
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
        if archive.len() > MAX_ENTRIES {
            return Err(format!(
                "die Datei besteht aus {} Teilen; erlaubt sind {MAX_ENTRIES}",
                archive.len()
            ));
        }
        if archive.has_duplicate_names() {
            return Err("die Datei enthält zwei Teile gleichen Namens".to_owned());
        }
        if archive.has_overlapping_entries().map_err(|e| damaged(&e))? {
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
        check_names(&entries)?;
        for entry in &entries {
            check_content(entry)?;
        }
        Ok(Self {
            entries,
            replaced: BTreeSet::new(),
            changed: false,
        })
    }

    /// The number of a part, by its name with or without a leading slash; names ignore
    /// case (ECMA-376 part 2, 6.2.2.3).
    pub(in crate::merge::document) fn find(&self, name: &str) -> Option<usize> {
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

    /// Puts a text in place of a part's.
    pub(in crate::merge::document) fn replace(
        &mut self,
        index: usize,
        text: &str,
        encoding: Encoding,
    ) {
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        let mut data = encoding.mark().to_vec();
        encoding.encode(text, &mut data);
        entry.method = Method::Stored;
        entry.crc32 = crc32(&data);
        entry.size = u32::try_from(data.len()).unwrap_or(u32::MAX);
        entry.data = data;
        self.replaced.insert(entry.name.clone());
        self.changed = true;
    }

    /// Adds a part behind all others.
    pub(super) fn add(&mut self, name: &str, text: &str) {
        self.entries.push(Entry {
            name: name.as_bytes().to_vec(),
            utf8: !name.is_ascii(),
            method: Method::Stored,
            crc32: 0,
            size: 0,
            data: Vec::new(),
        });
        self.replace(self.entries.len() - 1, text, Encoding::Utf8 { mark: false });
    }

    /// Removes a part.
    pub(super) fn remove(&mut self, name: &str) {
        if let Some(index) = self.find(name) {
            self.entries.remove(index);
            self.changed = true;
        }
    }

    /// The parts, compressed; those that are merged anew each time need not be.
    pub(in crate::merge::document) fn into_entries(
        mut self,
        is_merged: impl Fn(usize) -> bool,
    ) -> std::io::Result<Vec<Entry>> {
        for (index, entry) in self.entries.iter_mut().enumerate() {
            if is_merged(index) {
                entry.data = Vec::new();
            } else if self.replaced.contains(&entry.name) {
                let packed = Entry::deflated("", &entry.data)?;
                entry.method = packed.method;
                entry.data = packed.data;
            }
        }
        Ok(self.entries)
    }
}

impl Entry {
    /// The name with forward slashes, which some programs do not write.
    pub(in crate::merge::document) fn path(&self) -> String {
        String::from_utf8_lossy(&self.name).replace('\\', "/")
    }
}

fn damaged(why: &dyn std::fmt::Display) -> String {
    format!("die Datei ist beschädigt ({why}); öffnen und speichern Sie sie in Word neu")
}

/// Tells what the file is, if it is not a Word file.
fn recognise(bytes: &[u8]) -> Result<(), String> {
    const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    let advice = "speichern Sie sie in Word als „Word-Dokument (.docx)“";
    // names in the directory of a compound file are UTF-16 (MS-CFB 2.6.1)
    let names = |word: &str| {
        let word: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(word.len()).any(|window| window == word)
    };
    let is_text = |start: &str| {
        let begin = bytes.trim_ascii_start().get(..start.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(start.as_bytes()))
    };
    let what = if bytes.is_empty() {
        return Err(
            "die Datei ist leer; speichern Sie den Antrag in Word noch einmal, oder kopieren Sie \
             ihn neu in den Ordner"
                .to_owned(),
        );
    } else if bytes.starts_with(OLE) && names("EncryptedPackage") {
        return Err(
            "die Datei ist mit einem Kennwort verschlüsselt; entfernen Sie es in Word".to_owned(),
        );
    } else if bytes.starts_with(OLE) && names("WordDocument") {
        "eine Datei im alten Format .doc"
    } else if bytes.starts_with(OLE) {
        "eine Datei eines alten Office-Programms, kein Word-Dokument"
    } else if bytes.starts_with(br"{\rtf") {
        "eine RTF-Datei"
    } else if bytes.starts_with(b"%PDF") {
        "eine PDF-Datei, keine Vorlage"
    } else if is_text("<!doctype html") || is_text("<html") {
        "eine HTML-Datei"
    } else if ends_as_archive(bytes) {
        return Ok(());
    } else if bytes.starts_with(b"PK\x03\x04") {
        return Err("die Datei ist unvollständig: ihr Ende fehlt; übertragen oder speichern Sie sie noch einmal".to_owned());
    } else {
        return Err(format!("das ist keine Word-Datei; {advice}"));
    };
    Err(format!("das ist {what}; {advice}"))
}

/// Whether the record that ends an archive is there, with room for the longest comment
/// behind it (APPNOTE.TXT 4.3.16).
fn ends_as_archive(bytes: &[u8]) -> bool {
    const LONGEST: usize = 22 + 0xffff;
    let tail = bytes.get(bytes.len().saturating_sub(LONGEST)..);
    let mut windows = tail.unwrap_or_default().windows(4);
    windows.any(|window| window == b"PK\x05\x06")
}

fn read_entry(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    total: &mut u64,
) -> Result<Entry, String> {
    let mut file = archive.by_index_raw(index).map_err(|e| damaged(&e))?;
    if file.encrypted() {
        return Err("die Datei ist mit einem Kennwort verschlüsselt".to_owned());
    }
    *total = total.saturating_add(file.size());
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
        .map_err(|e| damaged(&e))?;
    let name = file.name_raw().to_vec();
    Ok(Entry {
        // names that are no UTF-8 are in an old code page
        utf8: !name.is_ascii() && std::str::from_utf8(&name).is_ok(),
        name,
        method,
        crc32: file.crc32(),
        size: u32::try_from(file.size()).unwrap_or(u32::MAX),
        data,
    })
}

/// Names lead nowhere outside, and no two mean the same part (ECMA-376 part 2, 7.3.4).
fn check_names(entries: &[Entry]) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for entry in entries {
        let path = entry.path();
        let drive = path.as_bytes().get(1) == Some(&b':');
        if drive || path.starts_with('/') || path.split('/').any(|segment| segment == "..") {
            return Err(format!(
                "ein Teil der Datei will außerhalb von ihr liegen („{path}“)"
            ));
        }
        if !names.insert(path.to_ascii_lowercase()) {
            return Err(format!(
                "die Datei enthält zwei Teile gleichen Namens („{path}“)"
            ));
        }
    }
    Ok(())
}

/// Every part is inflated once, so that none lies about its size, is damaged, or declares
/// entities, with which little XML can mean very much.
fn check_content(entry: &Entry) -> Result<(), String> {
    let content = inflate(entry)?;
    let path = entry.path();
    let is_xml = path.ends_with(".xml") || path.ends_with(".rels");
    if is_xml && encoding::decode(&content).is_some_and(|(text, _)| has_dtd(&text)) {
        return Err(format!("{path}: das XML enthält eine DTD"));
    }
    Ok(())
}

/// Whether a document type declaration stands before the first element (XML 1.0, 2.8).
fn has_dtd(xml: &str) -> bool {
    let mut rest = xml;
    while let Some((_, markup)) = rest.split_once('<') {
        let end = match markup.as_bytes() {
            [b'?', ..] => "?>",
            [b'!', b'-', ..] => "-->",
            [b'!', ..] => return true,
            _ => return false,
        };
        rest = markup.split_once(end).map_or("", |(_, rest)| rest);
    }
    false
}

/// The content of an entry.
pub(in crate::merge::document) fn inflate(entry: &Entry) -> Result<Vec<u8>, String> {
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
    if content.len() as u64 != size || crc32(&content) != entry.crc32 {
        return Err(damaged(&format!(
            "{}: Größe oder Prüfsumme stimmt nicht",
            entry.path()
        )));
    }
    Ok(content)
}
