//! The files that a mail carries.

use super::entity::Entity;
use super::{charset, tnef};

/// A file that came with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// its name, decoded; never a path, never empty
    pub name: String,
    /// its media type in lower case, as the mail says
    pub media_type: String,
    /// its bytes, decoded
    pub bytes: Vec<u8>,
}

/// The most files of one mail that may hold lists; people send one or two.
const MAX_LISTS: usize = 5;

/// The most that is read of each of them, in bytes before decoding: a list of 500 rows has some 50 KiB.
const MAX_LIST: usize = 4 * 1024 * 1024;

/// Endings of names, and media types, of files that may hold a list.
const LISTS: &[&str] = &[
    "csv",
    "tsv",
    "xlsx",
    "xlsm",
    "ods",
    "text/csv",
    "text/tab-separated-values",
    "text/comma-separated-values",
    "application/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
];

/// The most files of one mail that may be templates.
const MAX_TEMPLATES: usize = 8;

/// Endings of names, and media types, of files that may be templates, also of those that
/// people take for one.
const TEMPLATES: &[&str] = &[
    "docx",
    "docm",
    "dotx",
    "dotm",
    "doc",
    "dot",
    "odt",
    "ott",
    "rtf",
    "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
    "application/vnd.ms-word.document.macroenabled.12",
    "application/vnd.ms-word.template.macroenabled.12",
    "application/msword",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.text-template",
    "application/rtf",
    "text/rtf",
    "application/pdf",
];

/// What says more of a template.
const MANIFEST: &str = "template.toml";

/// The first bytes of a zip archive (APPNOTE.TXT 4.3.7).
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// The name of a file that has none.
const NO_NAME: &str = "Anhang";

impl File {
    /// A file under the last part of its name, without characters that are not seen.
    pub(super) fn new(name: &str, media_type: String, bytes: Vec<u8>) -> Self {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = charset::clean(name)
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .collect();
        let name = name.trim().trim_start_matches('.').trim_start();
        Self {
            name: if name.is_empty() { NO_NAME } else { name }.to_owned(),
            media_type,
            bytes,
        }
    }

    /// The bytes as text, whatever spreadsheet programs write: UTF-8 or UTF-16 with or
    /// without a byte order mark, else Windows-1252.
    pub fn text(&self) -> String {
        let label = match self.bytes.as_slice() {
            [0xFF, 0xFE, ..] | [1..=255, 0, 1..=255, 0, ..] => Some("utf-16le"),
            [0xFE, 0xFF, ..] | [0, 1..=255, 0, 1..=255, ..] => Some("utf-16be"),
            _ => None,
        };
        charset::clean(
            &charset::decode(&self.bytes, label)
                .replace("\r\n", "\n")
                .replace('\r', "\n"),
        )
    }

    /// The ending of its name, in lower case.
    fn extension(&self) -> String {
        let ending = self.name.rsplit_once('.').map(|(_, ending)| ending);
        ending.unwrap_or_default().to_ascii_lowercase()
    }

    /// Whether it is what says more of a template: `template.toml`.
    pub fn is_manifest(&self) -> bool {
        self.name.eq_ignore_ascii_case(MANIFEST)
    }

    /// Whether it is a Word package, by its name or its bytes.
    pub fn is_word(&self) -> bool {
        let by_name = ["docx", "docm", "dotx", "dotm"].contains(&self.extension().as_str());
        by_name || self.holds_word()
    }

    /// Whether it is an archive with the parts of a Word document.
    fn holds_word(&self) -> bool {
        const PART: &[u8] = b"word/document";
        self.bytes.starts_with(ARCHIVE) && self.bytes.windows(PART.len()).any(|part| part == PART)
    }

    fn may_be_template(&self) -> bool {
        self.is_manifest()
            || TEMPLATES.contains(&self.extension().as_str())
            || TEMPLATES.contains(&self.media_type.as_str())
    }

    fn may_be_list(&self) -> bool {
        LISTS.contains(&self.extension().as_str()) || LISTS.contains(&self.media_type.as_str())
    }
}

/// The files of a mail that have a name, in order.
pub fn attachments(raw: &[u8]) -> Vec<File> {
    let mut files = Vec::new();
    collect(&Entity::parse(raw), &mut |name, media_type, part| {
        if let Some(name) = name {
            let bytes = part.content(usize::MAX).into_owned();
            files.push(File::new(name, media_type, bytes));
        }
    });
    files
}

/// The files that may hold lists, those that Outlook packed away too.
pub(super) fn lists(mail: &Entity<'_>) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    collect(mail, &mut |name, media_type, part| {
        let mut file = File::new(name.unwrap_or_default(), media_type, Vec::new());
        if files.len() < MAX_LISTS && file.may_be_list() {
            file.bytes = part.content(MAX_LIST).into_owned();
            files.push(file);
        }
    });
    let packed = tnef::find(mail).map_or_else(Vec::new, |tnef| tnef.files);
    files.extend(packed.into_iter().filter(File::may_be_list));
    files.truncate(MAX_LISTS);
    files
}

/// The files that may be templates, those that Outlook packed away too.
pub(super) fn templates(mail: &Entity<'_>) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    collect(mail, &mut |name, media_type, part| {
        let mut file = File::new(name.unwrap_or_default(), media_type, Vec::new());
        let known = file.may_be_template();
        // a few bytes are enough to leave out pictures and texts
        let unknown = || !file.may_be_list() && part.content(64).starts_with(ARCHIVE);
        if files.len() < MAX_TEMPLATES && (known || unknown()) {
            file.bytes = part.content(usize::MAX).into_owned();
            if known || file.holds_word() {
                files.push(file);
            }
        }
    });
    let packed = tnef::find(mail).map_or_else(Vec::new, |tnef| tnef.files);
    let wanted = |file: &File| file.may_be_template() || file.holds_word();
    files.extend(packed.into_iter().filter(wanted));
    files.truncate(MAX_TEMPLATES);
    files
}

/// Shows all entities that hold no others: the name, the media type, the entity.
fn collect(entity: &Entity<'_>, show: &mut dyn FnMut(Option<&str>, String, &Entity<'_>)) {
    if entity.parts.is_empty() {
        show(entity.file_name().as_deref(), entity.media_type(), entity);
    }
    for part in &entity.parts {
        collect(part, show);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::parse;

    fn with_part(header: &str, body: &str) -> Vec<u8> {
        format!(
            "From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
             --x\r\nContent-Type: text/plain\r\n\r\nBitte.\r\n--x\r\n{header}\r\n\r\n{body}\r\n--x--\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn names_are_decoded_and_never_paths() {
        let table = [
            ("Content-Type: text/csv; name=\"liste.csv\"", "liste.csv"),
            (
                "Content-Type: text/csv\r\nContent-Disposition: attachment;\r\n filename*=UTF-8''St%C3%A4dte.csv",
                "Städte.csv",
            ),
            (
                "Content-Type: text/csv\r\nContent-Disposition: attachment;\r\n filename*0*=UTF-8''St%C3%A4dte;\r\n filename*1=\"-Liste.csv\"",
                "Städte-Liste.csv",
            ),
            (
                "Content-Type: text/csv;\r\n name=\"=?ISO-8859-1?Q?St=E4dte.csv?=\"",
                "Städte.csv",
            ),
            (
                "Content-Type: text/csv; name=\"..\\\\..\\\\etc/liste.csv\"",
                "liste.csv",
            ),
            ("Content-Type: text/csv; name=\"../..\"", "Anhang"),
            ("Content-Type: text/csv", "Anhang"),
        ];
        for (header, expected) in table {
            let mail = parse(&with_part(header, "Kommune\r\nFulda"));
            let names: Vec<&str> = mail.files.iter().map(|file| file.name.as_str()).collect();
            assert_eq!(names, [expected], "{header}");
        }
    }

    #[test]
    fn only_what_may_be_a_list_is_read() {
        for header in [
            "Content-Type: application/pdf; name=\"liste.pdf\"",
            "Content-Type: text/vcard; name=\"karte.vcf\"",
            "Content-Type: image/png; name=\"logo.png\"",
            "Content-Type: application/msword; name=\"liste.doc\"",
        ] {
            let raw = with_part(header, "Kommune\r\nFulda");
            assert_eq!(parse(&raw).files, [], "{header}");
            assert_eq!(attachments(&raw).len(), 1, "{header}");
        }
    }

    #[test]
    fn templates_are_known_by_name_type_or_bytes() {
        let package = "PK\x03\x04....word/document.xml";
        let table = [
            ("application/octet-stream; name=\"Antrag.DOCX\"", "x", true),
            ("application/msword", "x", true),
            ("application/pdf; name=\"a.bin\"", "%PDF-1.7", true),
            ("application/octet-stream; name=\"a.bin\"", package, true),
            ("application/zip", package, true),
            ("text/plain; name=\"template.toml\"", "title = \"x\"", true),
            (
                "application/octet-stream; name=\"a.bin\"",
                "PK\x03\x04....xl/workbook.xml",
                false,
            ),
            ("application/octet-stream; name=\"a.xlsx\"", package, false),
            ("image/png; name=\"logo.png\"", "\u{89}PNG", false),
            ("text/plain", "docx", false),
        ];
        for (header, body, expected) in table {
            let mail = parse(&with_part(&format!("Content-Type: {header}"), body));
            let bodies: Vec<&[u8]> = mail.templates.iter().map(|file| &*file.bytes).collect();
            let all: &[&[u8]] = &[body.as_bytes()];
            assert_eq!(bodies, if expected { all } else { &[] }, "{header}: {body}");
        }
    }

    #[test]
    fn text_is_decoded_as_spreadsheets_write_it() {
        let utf16 = |text: &str, mark: bool, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            let mark = if mark { "\u{FEFF}" } else { "" };
            let text = format!("{mark}{text}");
            text.encode_utf16().flat_map(bytes).collect()
        };
        let table: [Vec<u8>; 7] = [
            "Fürth".into(),
            "\u{FEFF}Fürth".into(),
            b"F\xFCrth".to_vec(),
            utf16("Fürth", true, u16::to_le_bytes),
            utf16("Fürth", true, u16::to_be_bytes),
            utf16("Fürth", false, u16::to_le_bytes),
            utf16("Fürth", false, u16::to_be_bytes),
        ];
        for bytes in table {
            let file = File::new("a.csv", "text/csv".into(), bytes);
            assert_eq!(file.text(), "Fürth", "{:?}", file.bytes);
        }
    }
}
