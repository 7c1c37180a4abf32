//! XML parts are UTF-8 or UTF-16 (ECMA-376 part 2, 8.1); both are merged as text and
//! written back as they came.

/// How a part is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8 { mark: bool },
    Utf16 { little: bool },
}

/// Decodes a part; `None` if it is neither UTF-8 nor UTF-16.
pub(super) fn decode(bytes: &[u8]) -> Option<(String, Encoding)> {
    let wide = |bytes: &[u8], little: bool| {
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
        Some((text.ok()?, Encoding::Utf16 { little }))
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, true),
        [0xfe, 0xff, rest @ ..] => wide(rest, false),
        [0xef, 0xbb, 0xbf, rest @ ..] => narrow(rest, true),
        _ => narrow(bytes, false),
    }
}

fn narrow(bytes: &[u8], mark: bool) -> Option<(String, Encoding)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let declaration = text
        .split("?>")
        .next()
        .filter(|head| head.starts_with("<?xml"));
    let declared = declaration
        .and_then(|head| head.split_once("encoding"))
        .map(|(_, rest)| {
            rest.trim_start_matches([' ', '=', '"', '\''])
                .to_ascii_lowercase()
        });
    let foreign =
        declared.is_some_and(|name| !name.starts_with("utf-8") && !name.starts_with("us-ascii"));
    (!foreign || text.is_ascii()).then(|| (text.to_owned(), Encoding::Utf8 { mark }))
}

impl Encoding {
    /// What stands before the first character of the part.
    pub(super) fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 { mark: true } => &[0xef, 0xbb, 0xbf],
            Self::Utf8 { mark: false } => &[],
            Self::Utf16 { little: true } => &[0xff, 0xfe],
            Self::Utf16 { little: false } => &[0xfe, 0xff],
        }
    }

    /// Appends text.
    pub(super) fn encode(self, text: &str, out: &mut Vec<u8>) {
        match self {
            Self::Utf8 { .. } => out.extend_from_slice(text.as_bytes()),
            Self::Utf16 { little } => out.extend(text.encode_utf16().flat_map(|unit| {
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
        for encoding in [
            Encoding::Utf8 { mark: true },
            Encoding::Utf8 { mark: false },
            Encoding::Utf16 { little: true },
            Encoding::Utf16 { little: false },
        ] {
            let mut bytes = encoding.mark().to_vec();
            encoding.encode(text, &mut bytes);
            assert_eq!(decode(&bytes), Some((text.to_owned(), encoding)));
        }
        assert_eq!(decode(b"\xff\xfe\x00"), None);
        assert_eq!(decode(b"<a>\xe4</a>"), None);
        assert_eq!(
            decode("<?xml version='1.0' encoding='iso-8859-1'?><a>ä</a>".as_bytes()),
            None
        );
    }
}
