//! Compressed RTF (MS-OXRTFCP).

use super::Reader;

/// What the window holds before the first byte (MS-OXRTFCP 2.1.2.1).
const PRESET: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \
\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier\
{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// The length of the window.
const WINDOW: usize = 4096;

const COMPRESSED: u32 = 0x7546_5A4C;
const UNCOMPRESSED: u32 = 0x414C_454D;

/// The longest RTF that is made, in bytes: what Word writes round a long mail.
const MAX_RTF: usize = 4 * 1024 * 1024;

/// The RTF, or as much of it as is sound.
pub(super) fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(bytes);
    reader.take(4)?;
    let length = reader.length()?.min(MAX_RTF);
    let kind = reader.u32()?;
    reader.take(4)?;
    match kind {
        UNCOMPRESSED => Some(reader.0.get(..length).unwrap_or(reader.0).to_vec()),
        COMPRESSED => Some(inflate(&mut reader, length)),
        _ => None,
    }
}

fn inflate(reader: &mut Reader<'_>, length: usize) -> Vec<u8> {
    let mut window = [0_u8; WINDOW];
    for (place, byte) in window.iter_mut().zip(PRESET) {
        *place = *byte;
    }
    let mut at = PRESET.len();
    let mut rtf = Vec::new();
    let mut write = |byte: u8, at: &mut usize, window: &mut [u8; WINDOW]| {
        if let Some(place) = window.get_mut(*at % WINDOW) {
            *place = byte;
        }
        *at = (*at + 1) % WINDOW;
        rtf.push(byte);
        rtf.len() < length
    };
    while let Some(&[control]) = reader.take(1) {
        for bit in 0..8 {
            if control >> bit & 1 == 0 {
                let Some(&[byte]) = reader.take(1) else {
                    return rtf;
                };
                if !write(byte, &mut at, &mut window) {
                    return rtf;
                }
                continue;
            }
            let Some(&[high, low]) = reader.take(2) else {
                return rtf;
            };
            let reference = usize::from(u16::from_be_bytes([high, low]));
            let from = reference >> 4;
            if from == at {
                return rtf;
            }
            for i in from..from + (reference & 0xF) + 2 {
                let byte = window.get(i % WINDOW).copied().unwrap_or_default();
                if !write(byte, &mut at, &mut window) {
                    return rtf;
                }
            }
        }
    }
    rtf
}

#[cfg(test)]
mod tests {
    use super::*;

    /// MS-OXRTFCP 3.1.1: the examples of the specification.
    #[test]
    fn examples_of_the_specification_are_read() {
        assert_eq!(PRESET.len(), 207);
        let simple = b"\x2d\0\0\0\x2b\0\0\0\x4c\x5a\x46\x75\xf1\xc5\xc7\xa7\x03\0\x0a\0\x72\x63\x70\x67\x31\x32\x35\x42\x32\x0a\xf3\x20\x68\x65\x6c\x09\0\x20\x62\x77\x05\xb0\x6c\x64\x7d\x0a\x80\x0f\xa0";
        let expected = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n";
        assert_eq!(decompress(simple).as_deref(), Some(&expected[..]));
        let crossing = b"\x1a\0\0\0\x1c\0\0\0\x4c\x5a\x46\x75\xe2\xd4\x4b\x51\x41\0\x04\x20\x57\x58\x59\x5a\x0d\x6e\x7d\x01\x0e\xb0";
        let expected = b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}";
        assert_eq!(decompress(crossing).as_deref(), Some(&expected[..]));
    }

    #[test]
    fn damage_ends_it() {
        assert_eq!(decompress(b""), None);
        assert_eq!(decompress(&[0; 16]), None);
        let bomb = [
            b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFLZFu\0\0\0\0".to_vec(),
            [0xFF, 0, 0x0F].repeat(2_000_000),
        ]
        .concat();
        assert!(decompress(&bomb).is_some_and(|rtf| rtf.len() <= MAX_RTF));
    }
}
