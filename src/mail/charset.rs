//! Bytes to characters: charsets as mail names them and as they really are.

mod mojibake;

use mail_parser::decoders::charsets::map::charset_decoder;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Starts of charset names in which no sequence of bytes is valid UTF-8 by chance.
const SINGLE_BYTE: &[&str] = &[
    "iso-8859", "iso_8859", "iso8859", "windows-", "cp125", "latin", "us-ascii", "ascii", "ansi",
    "utf-8", "koi8", "mac", "x-mac", "cp850", "ibm850",
];

/// Starts of the names of Western European charsets, under which other ones travel.
const WESTERN: &[&str] = &[
    "iso-8859-1",
    "iso8859-1",
    "windows-1252",
    "cp1252",
    "latin1",
    "us-ascii",
    "ascii",
    "ansi",
];

/// Names that the decoders know by another.
const ALIASES: &[(&str, &str)] = &[
    ("utf8", "utf-8"),
    ("utf-8-mac", "utf-8"),
    ("unicode-1-1-utf-8", "utf-8"),
    ("unicode-1-1-utf-7", "utf-7"),
    ("iso-8859-9", "windows-1254"),
    ("cp-1252", "windows-1252"),
    ("x-mac-roman", "macintosh"),
    ("macroman", "macintosh"),
    ("8859-1", "iso-8859-1"),
];

/// Decodes `bytes`, which call themselves `label`.
///
/// Text that is valid UTF-8 is UTF-8 whatever a single-byte label says; what has no
/// usable label is Windows-1252, the charset of raw 8-bit mail in German. A byte order mark
/// beats every label.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> String {
    let (bytes, marked) = byte_order_mark(bytes);
    let label = marked.map_or_else(|| normal(label.unwrap_or_default()), str::to_owned);
    let named = charset_decoder(label.as_bytes()).filter(|_| !label.is_empty());
    let is_one_of = |starts: &[&str]| starts.iter().any(|start| label.starts_with(start));
    let text = match (utf8(bytes), named) {
        (Some(text), _) if named.is_none() || is_one_of(SINGLE_BYTE) => text.to_owned(),
        (_, Some(decoder)) if !is_one_of(WESTERN) && !label.starts_with("utf-8") => decoder(bytes),
        (_, Some(decoder)) if is_one_of(WESTERN) => mojibake::as_turkish(decoder(bytes)),
        _ => damaged_utf8(bytes),
    };
    mojibake::mend(text)
}

/// Text whose charset was mistaken before it was encoded again, as header fields have it.
pub(super) fn mend(text: &str) -> String {
    mojibake::mend(text.to_owned())
}

/// A label without the quotes and remains of encodings that stick to it.
fn normal(label: &str) -> String {
    let label = label.to_ascii_lowercase();
    let label = label.trim_start_matches("3d");
    let label = label.trim_matches(|c: char| c.is_whitespace() || "\"'=;<>".contains(c));
    let alias = ALIASES.iter().find(|(name, _)| *name == label);
    alias.map_or(label, |(_, known)| known).to_owned()
}

/// What stands behind a byte order mark, and the charset that it tells.
fn byte_order_mark(bytes: &[u8]) -> (&[u8], Option<&'static str>) {
    const MARKS: [(&[u8], &str); 3] = [
        (b"\xEF\xBB\xBF", "utf-8"),
        (b"\xFF\xFE", "utf-16le"),
        (b"\xFE\xFF", "utf-16be"),
    ];
    let found = MARKS
        .iter()
        .find_map(|(mark, name)| Some((bytes.strip_prefix(*mark)?, Some(*name))));
    found.unwrap_or((bytes, None))
}

/// The text if it is UTF-8; a character cut off at the end is left out.
fn utf8(bytes: &[u8]) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => {
            let whole = bytes.get(..error.valid_up_to())?;
            // One single letter in Latin-1 looks like this, too.
            let known = whole.iter().any(|byte| !byte.is_ascii());
            std::str::from_utf8(whole).ok().filter(|_| known)
        }
        Err(_) => None,
    }
}

/// UTF-8 with a damaged spot keeps its sound characters; otherwise the bytes are Windows-1252.
fn damaged_utf8(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let partly_utf8 = text
        .chars()
        .any(|c| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER);
    match charset_decoder(b"windows-1252") {
        Some(windows_1252) if !partly_utf8 => mojibake::as_turkish(windows_1252(bytes)),
        _ => text.into_owned(),
    }
}

/// Makes text comparable: composed characters (NFC), plain blanks, no soft hyphens,
/// no characters that are invisible or change the direction of writing; keeps `\n` and `\t`.
pub(super) fn clean(text: &str) -> String {
    let visible: String = text.chars().filter_map(shown).collect();
    match is_nfc_quick(visible.chars()) {
        IsNormalized::Yes => visible,
        _ => visible.nfc().collect(),
    }
}

/// A character as it is read: blanks of all widths are one, what nobody sees is none.
fn shown(c: char) -> Option<char> {
    match c {
        '\n' | '\t' | ' '..='~' => Some(c),
        '\u{2028}' | '\u{2029}' | '\u{85}' => Some('\n'),
        '\u{A0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200A}'
        | '\u{202F}'
        | '\u{205F}'
        | '\u{2800}'
        | '\u{3000}' => Some(' '),
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{3164}' | '\u{FFA0}' => None,
        '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => None,
        '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' => None,
        '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' => None,
        '\u{E0000}'..='\u{E0FFF}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, decode};

    #[test]
    fn charsets_are_read_as_they_are() {
        let cases: [(&[u8], Option<&str>, &str); 30] = [
            ("Fürth".as_bytes(), Some("utf-8"), "Fürth"),
            ("Fürth".as_bytes(), Some("iso-8859-1"), "Fürth"),
            ("Fürth".as_bytes(), None, "Fürth"),
            (b"F\xFCrth", Some("ISO-8859-1"), "Fürth"),
            (b"F\xFCrth \x84x\x93", Some("windows-1252"), "Fürth „x“"),
            (b"F\xFCrth", None, "Fürth"),
            (b"F\xFCrth", Some("utf-8"), "Fürth"),
            (b"F\xFCrth", Some("x-unknown"), "Fürth"),
            (b"\xC3\xBC \xFC", Some("utf-8"), "ü \u{FFFD}"),
            (b"\xA4", Some("iso-8859-15"), "€"),
            // names with what sticks to them
            (b"F\xFCrth", Some("\"iso-8859-1\""), "Fürth"),
            (b"F\xFCrth", Some("'ISO-8859-1';"), "Fürth"),
            (b"F\xFCrth", Some("3D\"iso-8859-1\""), "Fürth"),
            (b"F\xFCrth", Some(""), "Fürth"),
            (b"\x84x\x93", Some("iso-8859-1"), "„x“"),
            ("Fürth".as_bytes(), Some("koi8-r"), "Fürth"),
            ("Fürth".as_bytes(), Some("utf8"), "Fürth"),
            // other alphabets
            (b"\xA3\xF3d\x9F", Some("windows-1250"), "Łódź"),
            (b"A\xFEk\xFDn", Some("windows-1254"), "Aşkın"),
            (b"A\xFEk\xFDn", Some("iso-8859-9"), "Aşkın"),
            (
                b"A\xFEk\xFDn \xD6zt\xFCrk",
                Some("iso-8859-1"),
                "Aşkın Öztürk",
            ),
            (b"F\x9Frth", Some("macintosh"), "Fürth"),
            (b"F\x9Frth", Some("x-mac-roman"), "Fürth"),
            (b"\xF0\xD2\xC9\xD7\xC5\xD4", Some("koi8-r"), "Привет"),
            (b"F+APw-rth", Some("utf-7"), "Fürth"),
            (b"F+APw-rth", Some("unicode-1-1-utf-7"), "Fürth"),
            // what the label does not know
            (b"\xEF\xBB\xBFF\xC3\xBCrth", Some("iso-8859-1"), "Fürth"),
            (b"\xFF\xFEH\0o\0f\0", Some("utf-8"), "Hof"),
            ("FÃ¼rth".as_bytes(), Some("utf-8"), "Fürth"),
            (b"F\xC3\xBCrth M\xC3", Some("iso-8859-1"), "Fürth M"),
        ];
        for (bytes, label, expected) in cases {
            assert_eq!(decode(bytes, label), expected, "{bytes:?} as {label:?}");
        }
    }

    #[test]
    fn invisible_characters_go() {
        let cases = [
            ("Lu\u{308}beck", "Lübeck"),
            ("Osna\u{AD}brück", "Osnabrück"),
            ("Stadt\u{A0}Hof", "Stadt Hof"),
            ("\u{202E}htrüF\u{202C}\u{200B}", "htrüF"),
            ("a\tb\nc\rd\0", "a\tb\ncd"),
            ("u\u{200B}\u{308}", "ü"),
            ("a\u{34F}\u{3164}\u{FE0F}\u{E0041}b", "ab"),
        ];
        for (text, expected) in cases {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }
}
