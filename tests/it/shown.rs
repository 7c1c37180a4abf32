//! What the README's picture shows is what the program gives today; tests/real makes those of the handbook.

use std::fs;
use std::path::Path;

use antragsbote::mail::attachments;
use mail_parser::MessageParser;
use sha2::{Digest, Sha256};

use crate::case::archive::unpacked;
use crate::program::{CONFIG, House};

const PICTURE: &str = "docs/mail-und-antrag.png";

/// The words of a picture under a keyword (ISO/IEC 15948 11.3.4.3).
fn text_of(picture: &[u8], keyword: &str) -> String {
    let mut rest = &picture[8..];
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = u32::from_be_bytes(*length) as usize;
        let (kind, after) = after.split_at(4);
        let (data, after) = after.split_at(length);
        let text = String::from_utf8_lossy(data);
        match text.split_once('\0') {
            Some((word, text)) if kind == b"tEXt" && word == keyword => return text.to_owned(),
            _ => rest = &after[4..],
        }
    }
    panic!("the picture says nothing of its {keyword}");
}

/// The picture knows what it was made of: the mail, the beginning of the reply, what is seen of the document.
#[test]
fn the_picture_of_the_readme_is_of_today() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mail = fs::read(root.join("docs/pictures/mail.eml")).unwrap();
    let house = House::new();
    house.write("antragsbote.toml", CONFIG);
    let reply = house.feed(&["answer"], &mail).bytes;
    let text = MessageParser::default().parse(&reply).unwrap();
    let text = text.body_text(0).unwrap().replace("\r\n", "\n");
    let shown: Vec<&str> = text.split("\n\n").take(2).collect();
    let document = attachments(&reply).swap_remove(0).bytes;
    let mut parts = unpacked(&document);
    parts.retain(|(name, _)| name.starts_with("word/"));
    parts.sort();
    let mut source = Sha256::new();
    source.update(&mail);
    source.update(shown.join("\n\n"));
    parts.iter().for_each(|(_, part)| source.update(part));
    let source: String = source
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let picture = fs::read(root.join(PICTURE)).unwrap();
    assert_eq!(
        text_of(&picture, "Source"),
        source,
        "{PICTURE} is out of date: docs/pictures/make target/debug/antragsbote --readme"
    );
}
