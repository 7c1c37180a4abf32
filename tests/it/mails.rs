//! Whole mails as real programs send them, below `tests/mails`, and what their writers newly
//! wrote.

use std::fs;
use std::path::{Path, PathBuf};

use antragsbote::mail::{self, Text};
use proptest::prelude::{any, proptest};
use proptest::sample::Index;

use crate::cases::bodies;

/// The expectations, one beside each mail.
fn expectations() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails");
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "txt"))
        .collect();
    found.sort();
    assert!(found.len() >= 45, "only {} mails", found.len());
    found
}

/// What stands below the lines "=== new", "=== signature" and "=== quoted".
fn read(expectation: &str) -> Text {
    let below = |head: &str| {
        let marked = format!("=== {head}\n");
        let (_, rest) = expectation.split_once(&marked).unwrap();
        let section = rest.split("=== ").next().unwrap();
        section.strip_suffix('\n').unwrap_or(section).to_owned()
    };
    Text {
        new: below("new"),
        signature: below("signature"),
        quoted: below("quoted"),
    }
}

fn shown(text: &Text) -> String {
    format!(
        "=== new\n{}\n=== signature\n{}\n=== quoted\n{}\n",
        text.new, text.signature, text.quoted
    )
}

/// The same mail with the line ends of the wire.
fn with_crlf(raw: &[u8]) -> Vec<u8> {
    let lines = raw.split(|&byte| byte == b'\n');
    let bare = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    bare.collect::<Vec<_>>().join(&b"\r\n"[..])
}

#[test]
fn every_mail_is_read_as_written_beside_it() {
    let mut wrong = Vec::new();
    for path in expectations() {
        let expected = read(&fs::read_to_string(&path).unwrap());
        let raw = fs::read(path.with_extension("eml")).unwrap();
        for raw in [with_crlf(&raw), raw] {
            bodies::mail(&raw);
            let text = mail::parse(&raw).text;
            if text != expected {
                wrong.push(format!("##### {}\n{}", path.display(), shown(&text)));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

proptest! {
    /// Damage as gateways do it: something is lost, or stands twice or elsewhere.
    #[test]
    fn damaged_mails_are_read(
        mail in any::<Index>(),
        damages in proptest::collection::vec(any::<(Index, Index, Index, bool)>(), 1..6),
    ) {
        let expectations = expectations();
        let path = mail.get(&expectations).with_extension("eml");
        let mut raw = fs::read(path).unwrap();
        for (from, length, to, lost) in damages {
            let from = from.index(raw.len() + 1);
            let end = from + length.index(raw.len() - from + 1);
            let piece: Vec<u8> = if lost {
                raw.drain(from..end).collect()
            } else {
                raw[from..end].iter().take(200).copied().collect()
            };
            let to = to.index(raw.len() + 1);
            raw.splice(to..to, piece);
        }
        bodies::mail(&raw);
    }
}
