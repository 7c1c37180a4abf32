//! XML parts are UTF-8 or UTF-16 (ECMA-376 part 2, 8.1); both are merged as text and
//! written back as they came.

/// How a part is encoded; `mark` tells whether it begins with a byte order mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::merge::document) enum Encoding {
    Utf8 { mark: bool },
    Utf16 { little: bool, mark: bool },
}

/// Decodes a part; `None` if it is neither UTF-8 nor UTF-16, or says it is something else
/// than it is (XML 1.0, 4.3.3 and appendix F).
pub(in crate::merge::document) fn decode(bytes: &[u8]) -> Option<(String, Encoding)> {
    match bytes {
        // UTF-32
        [0xff, 0xfe, 0, 0, ..] | [b'<', 0, 0, ..] | [0, 0, ..] => None,
        [0xff, 0xfe, rest @ ..] => wide(rest, true, true),
        [0xfe, 0xff, rest @ ..] => wide(rest, false, true),
        [b'<', 0, ..] => wide(bytes, true, false),
        [0, b'<', ..] => wide(bytes, false, false),
        [0xef, 0xbb, 0xbf, rest @ ..] => narrow(rest, true),
        _ => narrow(bytes, false),
    }
}

fn wide(bytes: &[u8], little: bool, mark: bool) -> Option<(String, Encoding)> {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return None;
    };
    let unit = |pair: &[u8; 2]| {
        if little {
            u16::from_le_bytes(*pair)
        } else {
            u16::from_be_bytes(*pair)
        }
    };
    let text = char::decode_utf16(pairs.iter().map(unit)).collect::<Result<String, _>>();
    let text = text.ok()?;
    let sound = declared(&text).is_none_or(is_wide);
    sound.then_some((text, Encoding::Utf16 { little, mark }))
}

fn narrow(bytes: &[u8], mark: bool) -> Option<(String, Encoding)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let encoding = Encoding::Utf8 { mark };
    match declared(text) {
        Some(name) if is_wide(name) => None,
        // what an older code page and UTF-8 share: a value may bring more
        Some(name) if !["utf-8", "utf8"].contains(&name.to_ascii_lowercase().as_str()) => text
            .is_ascii()
            .then(|| (text.replacen(name, "UTF-8", 1), encoding)),
        _ => Some((text.to_owned(), encoding)),
    }
}

/// The encoding that an XML declaration names.
fn declared(text: &str) -> Option<&str> {
    let (head, _) = text.strip_prefix("<?xml")?.split_once("?>")?;
    let (_, value) = head.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    value.split(['"', '\'']).nth(1)
}

fn is_wide(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["utf-16", "utf-32", "ucs", "iso-10646"]
        .iter()
        .any(|wide| name.starts_with(wide))
}

impl Encoding {
    /// What stands before the first character of the part.
    pub(in crate::merge::document) fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 { mark: true } => &[0xef, 0xbb, 0xbf],
            Self::Utf8 { mark: false } => &[],
            Self::Utf16 { mark: false, .. } => &[],
            Self::Utf16 { little: true, .. } => &[0xff, 0xfe],
            Self::Utf16 { little: false, .. } => &[0xfe, 0xff],
        }
    }

    /// Appends text.
    pub(in crate::merge::document) fn encode(self, text: &str, out: &mut Vec<u8>) {
        match self {
            Self::Utf8 { .. } => out.extend_from_slice(text.as_bytes()),
            Self::Utf16 { little, .. } => out.extend(text.encode_utf16().flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_back_as_it_was_encoded() {
        let text = "<?xml version=\"1.0\"?><a>ü€𝄞</a>";
        for mark in [true, false] {
            for encoding in [
                Encoding::Utf8 { mark },
                Encoding::Utf16 { little: true, mark },
                Encoding::Utf16 {
                    little: false,
                    mark,
                },
            ] {
                let mut bytes = encoding.mark().to_vec();
                encoding.encode(text, &mut bytes);
                assert_eq!(decode(&bytes), Some((text.to_owned(), encoding)));
            }
        }
    }

    #[test]
    fn what_is_something_else_is_refused() {
        let utf_32 = |mark: bool, order: fn(u32) -> [u8; 4]| -> Vec<u8> {
            let mark = mark.then_some('\u{feff}');
            let text = mark.into_iter().chain("<a>ä</a>".chars());
            text.flat_map(|c| order(u32::from(c))).collect()
        };
        let declared = |name: &str, text: &str| {
            format!("<?xml version='1.0' encoding='{name}'?><a>{text}</a>")
        };
        let wide = |text: &str| -> Vec<u8> {
            let text = format!("\u{feff}{text}");
            text.encode_utf16().flat_map(u16::to_be_bytes).collect()
        };
        let refused = [
            b"\xff\xfe\x00".to_vec(),
            b"<a>\xe4</a>".to_vec(),
            utf_32(true, u32::to_le_bytes),
            utf_32(true, u32::to_be_bytes),
            utf_32(false, u32::to_le_bytes),
            utf_32(false, u32::to_be_bytes),
            declared("iso-8859-1", "ä").into_bytes(),
            declared("UTF-16", "a").into_bytes(),
            wide(&declared("UTF-8", "a")),
        ];
        for bytes in refused {
            assert_eq!(decode(&bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn a_part_that_is_ascii_becomes_utf_8() {
        for name in ["US-ASCII", "ISO-8859-1", "windows-1252", "ASCII"] {
            let text = format!("<?xml version='1.0' encoding='{name}'?><a/>");
            let (text, _) = decode(text.as_bytes()).unwrap();
            assert_eq!(text, "<?xml version='1.0' encoding='UTF-8'?><a/>");
        }
    }
}
