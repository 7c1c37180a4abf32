//! Encodings an address hides in, undone in such a way that each byte knows where it came from.

use crate::mail::sextet;

/// Bytes with the places they were decoded from.
pub(super) struct View {
    pub(super) bytes: Vec<u8>,
    /// where each begins; one more for the end
    starts: Vec<usize>,
}

impl View {
    /// From where to where these decoded bytes stand.
    pub(super) fn place(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        Some((*self.starts.get(from)?, *self.starts.get(to)?))
    }
}

/// An escape at the start of `tail`, which follows its sign: the byte it stands for, if any,
/// and how long it is.
type Escape = fn(tail: &[u8]) -> Option<(Option<u8>, usize)>;

/// Quoted-printable (RFC 2045 6.7) and the Q of encoded words (RFC 2047).
pub(super) fn quoted_printable(bytes: &[u8]) -> Option<View> {
    undo(bytes, b'=', |tail| match tail {
        [b'\r', b'\n', ..] => Some((None, 2)),
        [b'\n', ..] => Some((None, 1)),
        _ => hexadecimal(tail),
    })
}

/// Percent-encoding (RFC 3986 2.1): links.
pub(super) fn percent(bytes: &[u8]) -> Option<View> {
    undo(bytes, b'%', hexadecimal)
}

/// The escapes of JSON strings (RFC 8259 7).
pub(super) fn slashed(bytes: &[u8]) -> Option<View> {
    undo(bytes, b'\\', |tail| match tail {
        [b'u', digits @ ..] if digits.len() >= 4 => Some((Some(0), 5)),
        [b'"' | b'\\' | b'/', ..] => Some((tail.first().copied(), 1)),
        [b'n' | b'r' | b't' | b'b' | b'f', ..] => Some((Some(b' '), 1)),
        _ => None,
    })
}

fn hexadecimal(tail: &[u8]) -> Option<(Option<u8>, usize)> {
    let digit = |at: usize| char::from(*tail.get(at)?).to_digit(16);
    let byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
    Some((Some(byte), 2))
}

/// Undoes the escapes that follow a sign; `None` if there is none of them.
fn undo(bytes: &[u8], sign: u8, escape: Escape) -> Option<View> {
    if !bytes.contains(&sign) {
        return None;
    }
    let mut view = View {
        bytes: Vec::with_capacity(bytes.len()),
        starts: Vec::with_capacity(bytes.len() + 1),
    };
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let tail = bytes.get(at + 1..).unwrap_or_default();
        let escaped = (byte == sign).then(|| escape(tail)).flatten();
        let (decoded, length) = escaped.map_or((Some(byte), 0), |escaped| escaped);
        if let Some(decoded) = decoded {
            view.bytes.push(decoded);
            view.starts.push(at);
        }
        at += 1 + length;
    }
    view.starts.push(bytes.len());
    Some(view)
}

/// Letters that may be base64, line ends between them.
pub(super) struct Run {
    /// where its letters stand
    letters: Vec<usize>,
}

/// The shortest run in which an address fits: `a@b.c`.
const SHORTEST: usize = 7;

/// All runs of base64 letters; a blank line or any other letter ends one.
pub(super) fn base64_runs(bytes: &[u8]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut letters = Vec::new();
    let mut line_ends = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if sextet(byte).is_some() && line_ends < 2 {
            letters.push(at);
            line_ends = 0;
            continue;
        }
        if byte == b'\n' && !letters.is_empty() {
            line_ends += 1;
            continue;
        }
        if byte == b'\r' {
            continue;
        }
        finish(&mut letters, &mut runs);
        line_ends = 0;
        if sextet(byte).is_some() {
            letters.push(at);
        }
    }
    finish(&mut letters, &mut runs);
    runs
}

fn finish(letters: &mut Vec<usize>, runs: &mut Vec<Run>) {
    let letters = std::mem::take(letters);
    if letters.len() >= SHORTEST {
        runs.push(Run { letters });
    }
}

impl Run {
    /// Its bytes, the whole ones.
    pub(super) fn decode(&self, bytes: &[u8]) -> Vec<u8> {
        let mut decoded = Vec::with_capacity(self.letters.len() * 3 / 4);
        let (mut bits, mut count) = (0_u32, 0);
        let letters = self.letters.iter().filter_map(|&at| bytes.get(at));
        for value in letters.filter_map(|&byte| sextet(byte)) {
            bits = (bits << 6 | value) & 0xFFFF;
            count += 6;
            if count >= 8 {
                count -= 8;
                decoded.extend(u8::try_from(bits >> count & 0xFF));
            }
        }
        decoded
    }

    /// Writes as many bytes back to where they were decoded from.
    pub(super) fn encode(&self, decoded: &[u8], bytes: &mut [u8]) {
        for (number, &at) in self.letters.iter().enumerate() {
            let first = number * 6 / 8;
            let byte = |at: usize| u32::from(decoded.get(at).copied().unwrap_or(0));
            let pair = byte(first) << 8 | byte(first + 1);
            let value = pair >> (10 - number * 6 % 8) & 0x3F;
            if let (Some(letter), Some(place)) = (letter(value), bytes.get_mut(at)) {
                *place = letter;
            }
        }
    }
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn letter(value: u32) -> Option<u8> {
    LETTERS.get(usize::try_from(value).ok()?).copied()
}
