use super::*;
use crate::mail::parse;

/// An attribute: level, id with type, data, checksum.
fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("small");
    let sum: u16 = data
        .iter()
        .fold(0, |sum, b| sum.wrapping_add(u16::from(*b)));
    [
        &[level][..],
        &id.to_le_bytes(),
        &length.to_le_bytes(),
        data,
        &sum.to_le_bytes(),
    ]
    .concat()
}

fn object(attributes: &[Vec<u8>]) -> Vec<u8> {
    let head = [&SIGNATURE.to_le_bytes()[..], &[1, 0]].concat();
    [head, attributes.concat()].concat()
}

/// Properties, each with its type, its id and its value behind the length.
fn properties(list: &[(u16, u16, &[u8])]) -> Vec<u8> {
    let mut bytes = u32::try_from(list.len())
        .expect("few")
        .to_le_bytes()
        .to_vec();
    for (kind, id, value) in list {
        bytes.extend(kind.to_le_bytes());
        bytes.extend(id.to_le_bytes());
        if *kind == 3 {
            bytes.extend(*value);
            continue;
        }
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(u32::try_from(value.len()).expect("small").to_le_bytes());
        bytes.extend(*value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    // lengths of lists are multiples of four here, as all that precedes them
    bytes
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

const CODEPAGE: u32 = 0x0006_9007;
const PROPERTIES: u32 = 0x0006_9003;
const NEXT_FILE: u32 = 0x0006_9002;
const FILE_TITLE: u32 = 0x0001_8010;
const FILE_DATA: u32 = 0x0006_800F;
const FILE_PROPERTIES: u32 = 0x0006_9005;

const REQUEST: &str = "Bitte den Musterantrag für den Ausländerbeirat in Fürth.";

#[test]
fn the_text_is_read_in_every_form() {
    let latin: Vec<u8> = REQUEST.chars().map(|c| c as u32 as u8).collect();
    let rtf = |rtf: String| {
        let length = u32::try_from(rtf.len()).expect("small").to_le_bytes();
        [&[0; 4][..], &length, b"MELA", &[0; 4], rtf.as_bytes()].concat()
    };
    let html = format!("<p>{REQUEST}</p>");
    let escaped = REQUEST.replace('ü', "\\'fc").replace('ä', "\\'e4");
    let plain = Some(Body::Plain(REQUEST.into()));
    let table = [
        (attribute(1, 0x0002_800C, &latin), plain),
        (
            attribute(
                1,
                PROPERTIES,
                &properties(&[(0x1F, 0x1000, &utf16(REQUEST))]),
            ),
            Some(Body::Plain(REQUEST.into())),
        ),
        (
            attribute(
                1,
                PROPERTIES,
                &properties(&[
                    (3, 0x3FDE, &65001_u32.to_le_bytes()),
                    (0x102, 0x1013, html.as_bytes()),
                ]),
            ),
            Some(Body::Html(html.clone())),
        ),
        (
            attribute(
                1,
                PROPERTIES,
                &properties(&[(0x102, 0x1009, &rtf(format!("{{\\rtf1\\ansi {escaped}}}")))]),
            ),
            Some(Body::Plain(REQUEST.into())),
        ),
        (attribute(1, PROPERTIES, &properties(&[])), None),
    ];
    for (body, expected) in table {
        let codepage = attribute(1, CODEPAGE, &[1252_u32.to_le_bytes(), [0; 4]].concat());
        let tnef = read(&object(&[codepage, body])).expect("an object");
        assert_eq!(tnef.body, expected);
    }
}

/// A mail with a winmail.dat beside a text.
fn mail(text: &str, object: &[u8]) -> Vec<u8> {
    let mut mail = format!(
        "From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
         --x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--x\r\n\
         Content-Type: application/ms-tnef; name=\"winmail.dat\"\r\n\r\n"
    )
    .into_bytes();
    mail.extend(object);
    mail.extend(b"\r\n--x--\r\n");
    mail
}

#[test]
fn files_are_unpacked_and_the_plain_text_beside_counts() {
    let long_name = properties(&[(0x1F, 0x3707, &utf16("Städte und Kreise.csv\0"))]);
    let object = object(&[
        attribute(1, PROPERTIES, &properties(&[(0x1E, 0x1000, b"Hof\0")])),
        attribute(2, NEXT_FILE, &[0; 14]),
        attribute(2, FILE_TITLE, b"STDTEU~1.CSV\0"),
        attribute(2, FILE_DATA, b"Kommune\r\nHanau\r\n"),
        attribute(2, FILE_PROPERTIES, &long_name),
        attribute(2, NEXT_FILE, &[0; 14]),
        attribute(2, FILE_TITLE, b"logo.png\0"),
        attribute(2, FILE_DATA, b"x"),
    ]);
    let read = parse(&mail(REQUEST, &object));
    assert_eq!(read.text.new, REQUEST);
    let files: Vec<(&str, &[u8])> = read
        .files
        .iter()
        .map(|f| (f.name.as_str(), &*f.bytes))
        .collect();
    assert_eq!(
        files,
        [("Städte und Kreise.csv", &b"Kommune\r\nHanau\r\n"[..])]
    );
    assert_eq!(parse(&mail("", &object)).text.new, "Hof");
}

#[test]
fn damaged_objects_give_what_is_sound() {
    let whole = object(&[
        attribute(1, PROPERTIES, &properties(&[(0x1E, 0x1000, b"Hof\0")])),
        attribute(2, NEXT_FILE, &[0; 14]),
        attribute(2, FILE_DATA, b"Kommune"),
    ]);
    for length in 0..whole.len() {
        let _ = read(&whole[..length]);
        let mut damaged = whole.clone();
        damaged[length] ^= 0xFF;
        let _ = read(&damaged);
    }
    assert_eq!(read(b"no object"), None);
    let many = properties::read(&[0xFF; 64]);
    assert_eq!(many, []);
}
