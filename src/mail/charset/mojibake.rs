//! Text that was decoded by the wrong charset, mended where that is unmistakable.

/// Mends UTF-8 that somebody took for Windows-1252 or ISO-8859-1 ("FÃ¼rth"), once or twice.
pub(super) fn mend(text: String) -> String {
    let mut text = text;
    for _ in 0..2 {
        match mended(&text) {
            Some(sound) => text = sound,
            None => break,
        }
    }
    text
}

/// The text with its mistaken characters mended, if one of them cannot be meant.
fn mended(text: &str) -> Option<String> {
    let mut sound = String::with_capacity(text.len());
    let mut certain = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (meant, length) = match mistaken(rest) {
            Some((meant, length)) => {
                certain |= matches!(c, 'Ã' | 'â') || "ğĞışŞİ".contains(meant);
                (meant, length)
            }
            None => (c, c.len_utf8()),
        };
        sound.push(meant);
        rest = rest.get(length..).unwrap_or_default();
    }
    certain.then_some(sound)
}

/// The character that was meant where the first two or three are the bytes of one in UTF-8,
/// and their length. Only letters of Latin alphabets and marks such as quotes and dashes:
/// German text may well have "ß“".
fn mistaken(text: &str) -> Option<(char, usize)> {
    let first = text.chars().next()?;
    let size = match first {
        '\u{C2}'..='\u{C5}' => 2,
        'â' => 3,
        _ => return None,
    };
    let mut length = 0;
    let mut bytes = Vec::with_capacity(size);
    for c in text.chars().take(size) {
        bytes.push(byte_of(c)?);
        length += c.len_utf8();
    }
    let meant = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    Some((meant, length))
}

/// The byte that stands for a character in Windows-1252, or in ISO-8859-1.
fn byte_of(c: char) -> Option<u8> {
    /// The characters of Windows-1252 from 0x80 to 0x9F; a blank where it has none.
    const HIGH: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";
    match c {
        '\u{80}'..='\u{FF}' => u8::try_from(c).ok(),
        ' ' => None,
        c => {
            let place = HIGH.chars().position(|known| known == c)?;
            u8::try_from(0x80 + place).ok()
        }
    }
}

/// Turkish text (Windows-1254) that was taken for Windows-1252. Its ð and þ are letters of
/// Icelandic, which betrays itself by others; nothing else in Europe has them.
pub(super) fn as_turkish(text: String) -> String {
    let turkish = text.contains(['ð', 'þ']) && !text.contains(['æ', 'á', 'ó', 'ú', 'í', 'é']);
    if !turkish {
        return text;
    }
    text.chars()
        .map(|c| match c {
            'Ð' => 'Ğ',
            'Ý' => 'İ',
            'Þ' => 'Ş',
            'ð' => 'ğ',
            'ý' => 'ı',
            'þ' => 'ş',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{as_turkish, mend};

    #[test]
    fn only_what_cannot_be_meant_is_mended() {
        let cases = [
            ("FÃ¼rth, GieÃŸen", "Fürth, Gießen"),
            ("fÃ\u{BC}r GieÃ\u{9F}en", "für Gießen"),
            ("â€žNeustadtâ€œ â€“ MÃ¼nchen", "„Neustadt“ – München"),
            ("Å\u{9E}enol YÄ±lmaz, IÅŸÄ±k", "Şenol Yılmaz, Işık"),
            ("FÃƒÂ¼rth", "Fürth"),
            ("FÃ¼rth und Köln", "Fürth und Köln"),
            // meant as they stand
            (
                "„Gruß“, „GRÜẞ“ – 5 Å, SÃO PAULO",
                "„Gruß“, „GRÜẞ“ – 5 Å, SÃO PAULO",
            ),
            ("„BÄ“ und «À LÂ»", "„BÄ“ und «À LÂ»"),
            ("Fürth Ã", "Fürth Ã"),
        ];
        for (text, expected) in cases {
            assert_eq!(mend(text.to_owned()), expected);
        }
    }

    #[test]
    fn turkish_is_told_from_icelandic() {
        let cases = [
            ("Saygýlarýmla, Ayþe Yýldýz", "Saygılarımla, Ayşe Yıldız"),
            ("Það er í Reykjavík", "Það er í Reykjavík"),
            ("Novotný", "Novotný"),
        ];
        for (text, expected) in cases {
            assert_eq!(as_turkish(text.to_owned()), expected);
        }
    }
}
