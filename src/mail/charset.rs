//! Bytes to characters: charsets as mail names them and as they really are.

use mail_parser::decoders::charsets::map::charset_decoder;
use unicode_normalization::UnicodeNormalization;

/// Starts of charset names in which no sequence of bytes is valid UTF-8 by chance.
const SINGLE_BYTE: &[&str] = &[
    "iso-8859", "iso_8859", "iso8859", "windows-", "cp125", "latin", "us-ascii", "ascii", "ansi",
    "utf-8",
];

/// Decodes `bytes`, which call themselves `label`.
///
/// Text that is valid UTF-8 is UTF-8 whatever a single-byte label says; what has no
/// usable label is Windows-1252, the charset of raw 8-bit mail in German.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let label = label.unwrap_or_default().trim().to_ascii_lowercase();
    let named = charset_decoder(label.as_bytes()).filter(|_| !label.is_empty());
    let single_byte = named.is_none() || SINGLE_BYTE.iter().any(|s| label.starts_with(s));
    match (std::str::from_utf8(bytes), named) {
        (Ok(text), _) if single_byte => text.to_owned(),
        (_, Some(decoder)) if !label.starts_with("utf-8") => decoder(bytes),
        _ => damaged_utf8(bytes),
    }
}

/// UTF-8 with a damaged spot keeps its sound characters; otherwise the bytes are Windows-1252.
fn damaged_utf8(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let partly_utf8 = text
        .chars()
        .any(|c| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER);
    match charset_decoder(b"windows-1252") {
        Some(windows_1252) if !partly_utf8 => windows_1252(bytes),
        _ => text.into_owned(),
    }
}

/// Makes text comparable: composed characters (NFC), plain blanks, no soft hyphens,
/// no characters that are invisible or change the direction of writing; keeps `\n` and `\t`.
pub(super) fn clean(text: &str) -> String {
    text.nfc()
        .filter_map(|c| match c {
            '\n' | '\t' => Some(c),
            '\u{2028}' | '\u{2029}' | '\u{85}' => Some('\n'),
            '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Some(' '),
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' => None,
            '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{clean, decode};

    #[test]
    fn charsets_are_read_as_they_are() {
        let cases: [(&[u8], Option<&str>, &str); 10] = [
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
        ];
        for (text, expected) in cases {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }
}
