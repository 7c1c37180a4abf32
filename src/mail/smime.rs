//! S/MIME signatures that wrap their content (RFC 8551 3.5.2): the content is taken out,
//! the signature is not verified.
//!
//! The reader knows just enough BER (X.690) to find the content of CMS signed data
//! (RFC 5652 5.1), with definite and indefinite lengths.

use super::entity::Entity;

/// Signatures round signatures; gateways make two.
const MAX_WRAPPED: usize = 4;

/// Octet strings within octet strings; one level is usual.
const MAX_NESTED: usize = 8;

/// 1.2.840.113549.1.7.2 and 1.2.840.113549.1.7.1 (RFC 5652)
const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
const DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01];

const OID: u8 = 0x06;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PARTS: u8 = 0x24;
const SEQUENCE: u8 = 0x30;
const EXPLICIT_0: u8 = 0xA0;

/// Whether all of a mail lies in an S/MIME object, by its type or by its file name.
pub(super) fn is_wrapped(mail: &Entity<'_>) -> bool {
    match mail.media_type().as_str() {
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => true,
        "application/octet-stream" => mail
            .file_name()
            .is_some_and(|name| name.to_ascii_lowercase().ends_with(".p7m")),
        _ => false,
    }
}

/// The entity inside a mail that is wrapped in signatures.
pub(super) fn open(mail: &Entity<'_>) -> Option<Vec<u8>> {
    let mut inside = signed(mail)?;
    for _ in 1..MAX_WRAPPED {
        match signed(&Entity::parse(&inside)) {
            Some(next) => inside = next,
            None => break,
        }
    }
    Some(inside)
}

fn signed(mail: &Entity<'_>) -> Option<Vec<u8>> {
    if !is_wrapped(mail) {
        return None;
    }
    content(&mail.content(usize::MAX))
}

/// The content of a CMS object, if it is signed data that holds any.
fn content(object: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(object);
    reader.enter(SEQUENCE)?;
    (reader.primitive(OID)? == SIGNED_DATA).then_some(())?;
    reader.enter(EXPLICIT_0)?;
    reader.enter(SEQUENCE)?;
    // version, digestAlgorithms
    reader.skip()?;
    reader.skip()?;
    reader.enter(SEQUENCE)?;
    (reader.primitive(OID)? == DATA).then_some(())?;
    reader.enter(EXPLICIT_0)?;
    let mut found = Vec::new();
    reader.octets(MAX_NESTED, &mut found)?;
    Some(found)
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

/// The identifier and length octets of an element.
struct Head {
    tag: u8,
    /// `None`: up to the end-of-contents octets
    length: Option<usize>,
}

impl<'a> Reader<'a> {
    /// Reads identifier and length; tags above 30 do not occur here.
    fn head(&mut self) -> Option<Head> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let length = match first {
            0x80 => None,
            short if short < 0x80 => Some(usize::from(short)),
            long => {
                let (octets, behind) = rest.split_at_checked(usize::from(long & 0x7F))?;
                rest = behind;
                let length = octets.iter().try_fold(0_usize, |length, &octet| {
                    length.checked_mul(256)?.checked_add(usize::from(octet))
                });
                Some(length?)
            }
        };
        self.0 = rest;
        (tag & 0x1F != 0x1F).then_some(Head { tag, length })
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// Goes on inside an element.
    fn enter(&mut self, tag: u8) -> Option<()> {
        let head = self.head()?;
        (head.tag == tag).then_some(())
    }

    fn primitive(&mut self, tag: u8) -> Option<&'a [u8]> {
        let head = self.head().filter(|head| head.tag == tag)?;
        self.take(head.length?)
    }

    /// Goes on behind an element.
    fn skip(&mut self) -> Option<()> {
        let mut open = 0_usize;
        loop {
            match self.head()? {
                Head { length: None, .. } => open += 1,
                Head {
                    tag: 0,
                    length: Some(0),
                } => open = open.checked_sub(1)?,
                Head {
                    length: Some(length),
                    ..
                } => {
                    self.take(length)?;
                }
            }
            if open == 0 {
                return Some(());
            }
        }
    }

    /// Reads an octet string, in one piece or in parts. Mail that lost its end keeps what is there.
    fn octets(&mut self, depth: usize, into: &mut Vec<u8>) -> Option<()> {
        match self.head()? {
            Head {
                tag: OCTETS,
                length: Some(length),
            } => into.extend(self.take(length)?),
            Head {
                tag: OCTETS_IN_PARTS,
                length,
            } if depth > 0 => {
                let mut parts = match length {
                    Some(length) => Reader(self.take(length)?),
                    None => Reader(self.0),
                };
                while !parts.0.is_empty() && !parts.0.starts_with(&[0, 0]) {
                    parts.octets(depth - 1, into)?;
                }
                if length.is_none() {
                    self.0 = parts.0.get(2..)?;
                }
            }
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Legibility, parse};

    #[test]
    fn signed_content_is_read() {
        // made by OpenSSL 3.0: smime -sign -nodetach, cms -sign -nodetach -stream (BER), cms -encrypt
        let signed = include_str!("smime/signed.eml");
        let untyped = signed.replace(
            "application/x-pkcs7-mime; smime-type=signed-data;",
            "application/octet-stream;",
        );
        assert_ne!(signed, untyped);
        let table = [
            (signed, Legibility::Readable),
            (
                include_str!("smime/signed-in-parts.eml"),
                Legibility::Readable,
            ),
            (include_str!("smime/signed-twice.eml"), Legibility::Readable),
            (&untyped, Legibility::Readable),
            (include_str!("smime/enveloped.eml"), Legibility::Encrypted),
        ];
        for (i, (raw, legibility)) in table.into_iter().enumerate() {
            let mail = parse(raw.as_bytes());
            assert_eq!(mail.legibility, legibility, "{i}");
            let text = match legibility {
                Legibility::Readable => {
                    "Bitte den Musterantrag für den Ausländerbeirat der Stadt Fürth."
                }
                Legibility::Encrypted => "",
            };
            assert_eq!(mail.text.new, text, "{i}");
            assert_eq!(mail.subject.as_deref(), Some("Musterantrag"), "{i}");
        }
    }

    #[test]
    fn what_is_damaged_is_not_opened() {
        let whole = include_bytes!("smime/signed.eml");
        for length in (0..whole.len()).step_by(7) {
            let _ = parse(&whole[..length]);
        }
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 0x80],
            &[0x30, 0x8F, 1],
            &[0x30, 0x89, 255, 255, 255, 255, 255, 255, 255, 255, 255],
            &[0x24, 0x80].repeat(10_000),
        ] {
            assert_eq!(content(bytes), None);
            let _ = Reader(bytes).octets(MAX_NESTED, &mut Vec::new());
            let _ = Reader(bytes).skip();
        }
    }
}
