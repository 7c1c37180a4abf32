//! Content transfer encodings (RFC 2045 6), also where gateways have rewrapped, cut off or
//! encoded them twice, or lost the field that names them.

use std::borrow::Cow;

/// The shortest body that is taken for base64 which nobody has declared.
const MIN_UNDECLARED: usize = 40;

/// Decodes `bytes`, whose encoding calls itself `name`.
pub(super) fn decode<'a>(bytes: &'a [u8], name: &str) -> Cow<'a, [u8]> {
    let keyword = name.trim().split([' ', ';', ',', '(']).next();
    let decoded = match keyword.unwrap_or_default().to_ascii_lowercase().as_str() {
        "quoted-printable" => Cow::Owned(quoted_printable(bytes)),
        "base64" => base64(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned),
        _ => Cow::Borrowed(bytes),
    };
    if is_quoted_printable(&decoded) {
        return Cow::Owned(quoted_printable(&decoded));
    }
    match base64(&decoded).filter(|inner| is_base64(&decoded) && is_text(inner)) {
        Some(inner) => Cow::Owned(inner),
        None => decoded,
    }
}

/// What is no escape and no soft line break stands for itself (RFC 2045 6.7).
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&byte| byte == b'=') {
        let (before, escape) = rest.split_at(at);
        let tail = escape.get(1..).unwrap_or_default();
        decoded.extend_from_slice(before);
        rest = if let Some((byte, behind)) = escaped(tail) {
            decoded.push(byte);
            behind
        } else if let Some(behind) = soft_break(tail) {
            behind
        } else {
            decoded.push(b'=');
            tail
        };
    }
    decoded.extend_from_slice(rest);
    decoded
}

/// The byte that two hexadecimal digits say, and what stands behind them.
fn escaped(tail: &[u8]) -> Option<(u8, &[u8])> {
    let (&[high, low], behind) = tail.split_first_chunk()?;
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let value = digit(high)? << 4 | digit(low)?;
    Some((u8::try_from(value).ok()?, behind))
}

/// What stands behind the line end of a soft break; the end of the body is one, too.
fn soft_break(tail: &[u8]) -> Option<&[u8]> {
    let line_end = tail.trim_ascii_start();
    let skipped = tail.len() - line_end.len();
    let blanks = tail.get(..skipped).unwrap_or_default();
    match blanks.iter().position(|&byte| byte == b'\n') {
        Some(at) => tail.get(at + 1..),
        None => line_end.is_empty().then_some(line_end),
    }
}

/// Whether it can only be quoted-printable: all ASCII, nothing but escapes after its equals
/// signs, and those for bytes above ASCII say UTF-8 or German letters; links have other ones.
fn is_quoted_printable(bytes: &[u8]) -> bool {
    /// ÄÖÜßäöü in ISO-8859-1
    const LETTERS: &[u8] = b"\xC4\xD6\xDC\xDF\xE4\xF6\xFC";
    let mut pieces = bytes.split(|&byte| byte == b'=').skip(1);
    let escapes = |piece: &[u8]| escaped(piece).is_some() || soft_break(piece).is_some();
    if !bytes.is_ascii() || !pieces.all(escapes) {
        return false;
    }
    let decoded = quoted_printable(bytes);
    let mut high = decoded.iter().filter(|byte| !byte.is_ascii()).peekable();
    high.peek().is_some()
        && (std::str::from_utf8(&decoded).is_ok() || high.all(|byte| LETTERS.contains(byte)))
}

/// Decodes base64 up to the first line that is none: gateways append plain text. What is cut
/// off gives the bytes that are whole; `None` if it is no base64 at all.
fn base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    let encoded = bytes
        .split_inclusive(|&byte| byte == b'\n')
        .take_while(|line| line.iter().all(|&byte| is_of_base64(byte)));
    for &byte in encoded.flatten() {
        match sextet(byte) {
            Some(value) => {
                bits = (bits << 6 | value) & 0xFFFF;
                count += 6;
            }
            // Padding ends a block; another may follow.
            None if byte == b'=' => count = 0,
            None => {}
        }
        if count >= 8 {
            count -= 8;
            decoded.extend(u8::try_from(bits >> count & 0xFF));
        }
    }
    let sound = !decoded.is_empty() && (!has_words(bytes) || is_text(&decoded));
    sound.then_some(decoded)
}

/// The six bits of a letter of base64 (RFC 4648 4).
pub(crate) fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

fn is_of_base64(byte: u8) -> bool {
    byte == b'=' || byte.is_ascii_whitespace() || sextet(byte).is_some()
}

/// Whether all of it is base64, in lines without blanks.
fn is_base64(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii();
    bytes.len() >= MIN_UNDECLARED
        && bytes.iter().all(|&byte| is_of_base64(byte))
        && !has_words(bytes)
}

/// Whether blanks stand within its lines, as between words.
fn has_words(bytes: &[u8]) -> bool {
    bytes
        .split(|&byte| byte == b'\n')
        .any(|line| line.trim_ascii().contains(&b' '))
}

/// Whether it is UTF-8 without control characters that no text has.
fn is_text(bytes: &[u8]) -> bool {
    let control = |c: char| c.is_control() && !c.is_whitespace();
    std::str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(control))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn encodings_are_undone_as_far_as_they_are_whole() {
        let cases = [
            ("quoted-printable", "F=C3=BCrth", "Fürth"),
            ("Quoted-Printable ", "F=c3=bcrth", "Fürth"),
            ("quoted-printable; x=y", "Stadt =\r\nHof", "Stadt Hof"),
            ("quoted-printable", "Stadt = \t\r\nHof", "Stadt Hof"),
            ("quoted-printable", "Stadt =\n\nHof", "Stadt \nHof"),
            ("quoted-printable", "Hof=", "Hof"),
            ("quoted-printable", "Hof=C", "Hof=C"),
            ("quoted-printable", "a = b, 1=2, =ZZ", "a = b, 1=2, =ZZ"),
            ("quoted-printable", "Fürth, M=C3=BCnchen", "Fürth, München"),
            // encoded twice
            ("quoted-printable", "F=3DC3=3DBCrth", "Fürth"),
            ("quoted-printable", "1=3D2", "1=2"),
            // never declared
            ("", "F=C3=BCrth =\nHof", "Fürth Hof"),
            ("7bit", "F=C3=BCrth", "Fürth"),
            ("7bit", "F=C3=BCrth a=b", "F=C3=BCrth a=b"),
            ("8bit", "Fürth =C3=BC", "Fürth =C3=BC"),
            ("", "x=20y", "x=20y"),
            ("", "http://x.example/?id=AB1", "http://x.example/?id=AB1"),
            (
                "",
                "M=FCnchen und G=F6ttingen",
                "M\u{FFFD}nchen und G\u{FFFD}ttingen",
            ),
            ("base64", "RsO8cnRo", "Fürth"),
            ("base64 (comment)", "RsO8\r\n cnRo\r\n", "Fürth"),
            ("BASE64", "RsO8cnRoIQ", "Fürth!"),
            ("base64", "RsO8cnRoIQ==", "Fürth!"),
            // cut off within a byte and within a quantum
            ("base64", "RsO8cnRoI", "Fürth"),
            // two blocks, each with its padding
            ("base64", "SG8=\nZg==\n", "Hof"),
            ("base64", "RsO8cnRo\n-- von einem Gateway --\nx\n", "Fürth"),
            // plain text that only calls itself base64
            ("base64", "Bitte den Antrag", "Bitte den Antrag"),
            ("base64", "Für Fürth, bitte.", "Für Fürth, bitte."),
            ("base64", "", ""),
            // twice, and undeclared
            (
                "base64",
                "UW1sMGRHVWdaR1Z1SUVGdWRISmhaeUJtdzd4eUlHUnBaU0JUZEdGa2RDQkd3N3h5ZEdnaA==",
                "Bitte den Antrag für die Stadt Fürth!",
            ),
            (
                "7bit",
                "Qml0dGUgZGVuIEFudHJhZyBmw7xyIGRpZSBTdGFkdCBGw7xydGgh\n",
                "Bitte den Antrag für die Stadt Fürth!",
            ),
            (
                "7bit",
                "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk",
                "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk",
            ),
        ];
        for (encoding, body, expected) in cases {
            let decoded = decode(body.as_bytes(), encoding);
            let decoded = String::from_utf8_lossy(&decoded);
            assert_eq!(decoded, expected, "{encoding}: {body}");
        }
    }
}
