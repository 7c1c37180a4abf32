//! What kind of file was given, by its bytes; its name says nothing.

use std::borrow::Cow;
use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::{AGAIN, ANOTHER, Fault};

/// The most that is inflated of an archive's text, in bytes; GV100AD has 3.5 million.
const MAX_TEXT: u64 = 64 * 1024 * 1024;
/// The most files of an archive that are looked at.
const MAX_FILES: usize = 2_000;

/// A file that may hold a Gemeindeverzeichnis.
#[derive(Debug)]
pub enum File<'a> {
    /// GV100AD, taken out of its archive
    Text(Cow<'a, [u8]>),
    /// a workbook, whose sheets are to be read
    Workbook,
}

impl<'a> File<'a> {
    /// Tells by the first bytes, and unpacks an archive as Destatis publishes it.
    ///
    /// # Errors
    /// If it is a file of another kind, named in the fault.
    pub fn of(bytes: &'a [u8]) -> Result<Self, Fault> {
        const OLD_OFFICE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
        let other = |what: &str| {
            Err(Fault::whole(
                format!("das ist {what}, kein Gemeindeverzeichnis"),
                ANOTHER,
            ))
        };
        let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
        match bytes.iter().find(|byte| !blank(byte)) {
            None => return Err(Fault::whole("die Datei ist leer", AGAIN)),
            Some(b'<') => return other("eine Webseite"),
            Some(_) => {}
        }
        match bytes {
            [b'%', b'P', b'D', b'F', ..] => other("ein PDF"),
            [b'P', b'K', ..] => Self::of_archive(bytes),
            bytes if bytes.starts_with(OLD_OFFICE) => Err(Fault::whole(
                "das ist eine Datei des alten Excel (.xls)",
                "öffnen Sie sie und speichern Sie sie als Excel-Arbeitsmappe (.xlsx)",
            )),
            bytes => Ok(Self::Text(Cow::Borrowed(bytes))),
        }
    }

    fn of_archive(bytes: &[u8]) -> Result<Self, Fault> {
        let damaged = |_| Fault::whole("die Datei ist beschädigt oder abgeschnitten", AGAIN);
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        let mut names: Vec<String> = archive
            .file_names()
            .take(MAX_FILES)
            .filter_map(|name| Some(name.ok()?.into_owned()))
            .collect();
        if names
            .iter()
            .any(|name| matches!(name.as_str(), "xl/workbook.xml" | "content.xml"))
        {
            return Ok(Self::Workbook);
        }
        let is_text = |name: &String| {
            let name = name.to_ascii_lowercase();
            let file = name.rsplit('/').next().unwrap_or_default();
            file.starts_with("gv100") && (file.ends_with(".txt") || file.ends_with(".asc"))
        };
        names.retain(is_text);
        let [name] = names.as_slice() else {
            let problem = match names.len() {
                0 => "in diesem Archiv liegt keine Datei GV100AD",
                _ => "in diesem Archiv liegen mehrere Dateien GV100AD",
            };
            return Err(Fault::whole(
                problem,
                "packen Sie es aus und geben Sie die Textdatei oder die XLSX-Datei daraus an",
            ));
        };
        let file = archive.by_name(name).map_err(damaged)?;
        let mut text = Vec::new();
        match file.take(MAX_TEXT).read_to_end(&mut text) {
            Ok(_) => Ok(Self::Text(Cow::Owned(text))),
            Err(_) => Err(Fault::whole(
                "die Datei ist beschädigt oder abgeschnitten",
                AGAIN,
            )),
        }
    }
}
