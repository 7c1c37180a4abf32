//! Folder names as IMAP writes them.

use std::iter::once;

/// A folder name as an argument: modified UTF-7 (RFC 3501 5.1.3), quoted.
pub(super) fn argument(name: &str) -> String {
    let escaped = utf7(name).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// The names a folder may have on this server: "/" in the configuration stands for
/// whatever divides levels there, and some servers keep every folder below INBOX.
pub(super) fn candidates(name: &str, delimiter: Option<&str>) -> Vec<String> {
    let delimiter = delimiter.unwrap_or("/");
    let name = name.replace('/', delimiter);
    let below = format!("INBOX{delimiter}");
    if name.eq_ignore_ascii_case("INBOX") || name.starts_with(&below) {
        return vec![name];
    }
    let personal = format!("{below}{name}");
    vec![name, personal]
}

/// What of an address is searched for: the longest run that may stand in quotes.
pub(super) fn needle(address: &str) -> &str {
    address
        .split(|c: char| !(' '..='~').contains(&c) || matches!(c, '"' | '\\' | '&'))
        .max_by_key(|run| run.len())
        .unwrap_or_default()
}

/// Modified UTF-7: "&" opens a run of UTF-16 in base 64 that "-" closes.
fn utf7(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    let mut run: Vec<u16> = Vec::new();
    for character in name.chars().map(Some).chain(once(None)) {
        match character {
            Some(c) if !(' '..='~').contains(&c) => {
                run.extend_from_slice(c.encode_utf16(&mut [0; 2]));
            }
            other => {
                if !run.is_empty() {
                    written.push('&');
                    base64(&run, &mut written);
                    written.push('-');
                    run.clear();
                }
                match other {
                    Some('&') => written.push_str("&-"),
                    Some(c) => written.push(c),
                    None => {}
                }
            }
        }
    }
    written
}

/// Base 64 with "," for "/" and without padding.
fn base64(units: &[u16], written: &mut String) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
    let mut digit = |bits: u32| {
        if let Some(&digit) = DIGITS.get((bits & 0x3f) as usize) {
            written.push(char::from(digit));
        }
    };
    let (mut bits, mut count) = (0_u32, 0);
    for &unit in units {
        bits = bits << 16 | u32::from(unit);
        count += 16;
        while count >= 6 {
            count -= 6;
            digit(bits >> count);
        }
        bits &= (1 << count) - 1;
    }
    if count > 0 {
        digit(bits << (6 - count));
    }
}

/// UIDs as sets (RFC 3501 9, `sequence-set`) short enough for a command line.
pub(super) fn uid_sets(uids: &[u32]) -> Vec<String> {
    /// Ranges in a set: some servers read lines of no more than 8,000 octets.
    const RANGES: usize = 300;
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &uid in uids {
        match ranges.last_mut() {
            Some((_, end)) if end.checked_add(1) == Some(uid) => *end = uid,
            _ => ranges.push((uid, uid)),
        }
    }
    let write = |&(start, end): &(u32, u32)| {
        if start == end {
            start.to_string()
        } else {
            format!("{start}:{end}")
        }
    };
    ranges
        .chunks(RANGES)
        .map(|ranges| ranges.iter().map(write).collect::<Vec<_>>().join(","))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_in_modified_utf_7() {
        for (name, expected) in [
            ("INBOX", "\"INBOX\""),
            ("Gelöschte Elemente", "\"Gel&APY-schte Elemente\""),
            ("Entwürfe", "\"Entw&APw-rfe\""),
            ("erledigt & weg", "\"erledigt &- weg\""),
            ("Ü", "\"&ANw-\""),
            ("äöü", "\"&AOQA9gD8-\""),
            // RFC 3501 5.1.3
            (
                "~peter/mail/台北/日本語",
                "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"",
            ),
            ("😀", "\"&2D3eAA-\""),
            ("a\"b\\c", "\"a\\\"b\\\\c\""),
            ("a\r\nb", "\"a&AA0ACg-b\""),
        ] {
            assert_eq!(argument(name), expected);
        }
    }

    /// What a server makes of an argument.
    fn read(argument: &str) -> String {
        let inner = argument
            .strip_prefix('"')
            .unwrap()
            .strip_suffix('"')
            .unwrap();
        let mut characters = inner.chars();
        let mut units: Vec<u16> = Vec::new();
        while let Some(character) = characters.next() {
            let next = match character {
                '"' => panic!("not escaped: {argument}"),
                '\\' => characters.next().unwrap(),
                character => character,
            };
            if next != '&' {
                units.push(next as u16);
                continue;
            }
            let run: String = characters.by_ref().take_while(|&c| c != '-').collect();
            if run.is_empty() {
                units.push(u16::from(b'&'));
            }
            let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
            let bits: Vec<bool> = run
                .chars()
                .map(|c| digits.find(c).unwrap())
                .flat_map(|value| (0..6).rev().map(move |bit| value >> bit & 1 == 1))
                .collect();
            let unit = |bits: &[bool]| bits.iter().fold(0, |unit, &bit| unit << 1 | u16::from(bit));
            units.extend(bits.chunks_exact(16).map(unit));
        }
        String::from_utf16(&units).unwrap()
    }

    proptest::proptest! {
        #[test]
        fn any_name_is_one_printable_argument_and_comes_back(name in ".*") {
            let argument = argument(&name);
            assert!(argument.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            assert_eq!(read(&argument), name);
        }
    }

    #[test]
    fn names_follow_the_server() {
        for (name, delimiter, expected) in [
            ("INBOX", Some("."), &["INBOX"][..]),
            ("inbox", Some("/"), &["inbox"]),
            ("Erledigt", Some("."), &["Erledigt", "INBOX.Erledigt"]),
            (
                "Erledigt/2026",
                Some("."),
                &["Erledigt.2026", "INBOX.Erledigt.2026"],
            ),
            ("INBOX/Erledigt", Some("."), &["INBOX.Erledigt"]),
            ("Erledigt", None, &["Erledigt", "INBOX/Erledigt"]),
        ] {
            assert_eq!(candidates(name, delimiter), expected);
        }
    }

    #[test]
    fn uids_are_written_as_sets() {
        assert_eq!(uid_sets(&[]), [""; 0]);
        assert_eq!(uid_sets(&[7]), ["7"]);
        assert_eq!(uid_sets(&[1, 2, 3, 7, 9, 10]), ["1:3,7,9:10"]);
        assert_eq!(
            uid_sets(&[u32::MAX - 1, u32::MAX]),
            ["4294967294:4294967295"]
        );
        let even: Vec<u32> = (1..=1000).map(|n| n * 2).collect();
        let sets = uid_sets(&even);
        assert_eq!(sets.len(), 4);
        assert!(sets.iter().all(|set| set.len() < 4000));
    }
}
