//! What a `template.toml` with faults seems to say: enough to know which mails ask for the motion.

use toml::Spanned;
use toml::de::DeValue;

use super::{names, read};
use crate::kommune::Register;
use crate::syntax;
use crate::template::feld::declared;
use crate::template::{Offer, TemplateId, nearest};

/// The keys that say what a motion is called.
const TITLE: &str = "title";
const WORDS: &str = "words";

/// Which of them a key is, misspelt or not.
fn key(written: &str) -> Option<&'static str> {
    nearest(&written.to_lowercase(), [TITLE, WORDS])
}

/// The offer of a motion that is not sound. Who names it must not get another one: a misspelt key
/// or a missing quote leaves its names what they are, and without any it is called as its folder.
pub(in crate::template) fn guess(id: TemplateId, bytes: &[u8], register: &Register) -> Offer {
    let source = match std::str::from_utf8(bytes) {
        Ok(source) => source.to_owned(),
        // as older editors on Windows save it; Latin-1 has the letters at the places of Unicode
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    };
    let (table, flaws) = syntax::read(&source);
    let table = table.into_inner();
    let mut title = None;
    let mut words = Vec::new();
    for (written, value) in &table {
        match key(written.get_ref()) {
            Some(TITLE) => title = title.or_else(|| texts(value.get_ref()).into_iter().next()),
            Some(WORDS) => words.extend(texts(value.get_ref())),
            _ => {}
        }
    }
    let is_toml = flaws.is_empty();
    if title.is_none() && !is_toml {
        title = by_eye(&source, TITLE).next();
    }
    if words.is_empty() && !is_toml {
        let lists = by_eye(&source, WORDS);
        words.extend(lists.flat_map(|list| list.split(',').map(unquoted).collect::<Vec<_>>()));
    }
    let title = title.filter(|title| is_name(title, register));
    words.retain(|word| is_name(word, register));
    let (raw, _) = read::keys_of(table, 0..source.len());
    let alone = |field| declared([field].into()).unwrap_or_default();
    Offer {
        title: title.unwrap_or_else(|| id.as_str().to_owned()),
        id,
        words,
        default: false,
        felder: raw.fields.into_iter().flat_map(alone).collect(),
    }
}

/// A text, or those of a list.
fn texts(value: &DeValue<'_>) -> Vec<String> {
    match value {
        DeValue::String(text) => vec![unquoted(text)],
        DeValue::Array(values) => {
            let values = values.iter().map(Spanned::get_ref);
            values.filter_map(DeValue::as_str).map(unquoted).collect()
        }
        _ => Vec::new(),
    }
}

/// What stands behind a key in lines that are no TOML: "Titel: Fonds".
fn by_eye<'s>(source: &'s str, wanted: &'static str) -> impl Iterator<Item = String> + 's {
    source.lines().filter_map(move |line| {
        let (written, value) = line.trim().split_once([':', '=', ' '])?;
        (key(written) == Some(wanted)).then(|| unquoted(value))
    })
}

/// Without the marks that were meant as quotes.
fn unquoted(text: &str) -> String {
    let is_mark = |c: char| c.is_whitespace() || "\"'„“”‚‘’«»:=[]".contains(c);
    text.trim_matches(is_mark).to_owned()
}

/// Whether mails may call a motion so: what stands in any mail would name it in all of them.
fn is_name(name: &str, register: &Register) -> bool {
    names::too_general(name, register).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Title and words, each after a bar, then the names of the fields.
    fn guessed(source: &[u8]) -> String {
        let id = TemplateId::parse("zweiter").expect("an id");
        let offer = guess(id, source, Register::built_in());
        let felder: Vec<&str> = offer.felder.iter().map(|feld| feld.name.as_str()).collect();
        format!(
            "{}|{}; {}",
            offer.title,
            offer.words.join("|"),
            felder.join(" ")
        )
    }

    #[test]
    fn the_names_of_a_motion_are_found_whatever_is_wrong_with_the_file() {
        let cases: [(&str, &str); 18] = [
            ("", "zweiter|; "),
            ("title = \"Fonds\"\nwort = 3", "Fonds|; "),
            ("titel = \"Fonds\"\nwort = [\"Geld\"]", "Fonds|Geld; "),
            ("Title = \"Fonds\"\nwords = \"Geld\"", "Fonds|Geld; "),
            (
                "title = \"Fonds\"\nwords = [\"Geld\", 3, \"Haushalt\"]",
                "Fonds|Geld|Haushalt; ",
            ),
            ("title = \"Fonds", "Fonds|; "),
            (
                "title = Fonds für alle\nwords = [\"Geld\"]",
                "Fonds für alle|Geld; ",
            ),
            (
                "title = „Fonds“\nwords = [„Geld“, „Topf“]",
                "Fonds|Geld|Topf; ",
            ),
            (
                "title = \"Fonds\"\nwords = [\"Geld\", \"Topf\"\n",
                "Fonds|Geld|Topf; ",
            ),
            (
                "title = \"Fonds\"\nwords = [\"Geld\" \"Topf\"]\n[fields.x\ntype = 3",
                "Fonds|Geld|Topf; ",
            ),
            ("title: Fonds\nwords = [\"Geld\"]", "Fonds|Geld; "),
            ("Titel \"Fonds\"", "Fonds|; "),
            ("title = 3\nwords = [\"Geld\"]", "zweiter|Geld; "),
            ("title = \"Fonds\"\ntitle = \"Geld\"", "Fonds|; "),
            // what stands in any mail names none
            (
                "title = \"Antrag\"\nwords = [\"Musterantrag\", \"Stadtrat\", \"Fürth\", \"Geld\"]",
                "zweiter|Geld; ",
            ),
            ("heading = \"Fonds\"\nkeep = [\"Geld\"]", "zweiter|; "),
            (
                "title = \"Fonds\"\n[fields.betrag]\ntype = \"number\"\n[fields.tag]\ntype = \"datum\"",
                "Fonds|; betrag",
            ),
            (
                "title = Fonds\n[fields.betrag]\ntype = \"number\"\n",
                "Fonds|; betrag",
            ),
        ];
        for (source, expected) in cases {
            assert_eq!(guessed(source.as_bytes()), expected, "{source}");
        }
        assert_eq!(guessed(b"title = \"F\xF6rderung\"\n"), "Förderung|; ");
        assert_eq!(guessed(b"\xFF\xFEt\0i\0t\0l\0e\0"), "zweiter|; ");
    }
}
