//! `template.toml`: what is known of a motion beside its document.

use serde::Deserialize;
use toml::Spanned;

use super::feld::{Declared, Feld, declared};
use super::{FileName, did_you_mean, file_name};
use crate::merge::{Fault, Keep, Page};

/// Lines of a header or footer; more would take the text's room.
const MOST_LINES: usize = 5;

/// A sound `template.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) words: Vec<String>,
    pub(super) file_name: FileName,
    pub(super) keep: Keep,
    pub(super) felder: Vec<Feld>,
    /// for `motion.md` only: Word files have their own
    pub(super) header: Option<String>,
    pub(super) footer: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    title: Option<Spanned<String>>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    words: Vec<String>,
    file_name: Option<Spanned<String>>,
    header: Option<Spanned<String>>,
    footer: Option<Spanned<String>>,
    #[serde(default)]
    keep: Vec<Spanned<String>>,
    #[serde(default)]
    fields: Declared,
}

impl Manifest {
    /// Reads the file; `path` is what faults call it.
    pub(super) fn read(path: &str, bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        let fault = |line: usize, problem: String| {
            vec![Fault::new(format!("{path}, Zeile {line}"), problem)]
        };
        let source = match std::str::from_utf8(bytes) {
            Ok(source) => source,
            Err(error) => {
                let line = line_of(bytes, error.valid_up_to());
                return Err(fault(
                    line,
                    "die Datei ist nicht als UTF-8 gespeichert".into(),
                ));
            }
        };
        let line = |position: usize| line_of(bytes, position);
        let raw: Raw = toml::from_str(source).map_err(|error| {
            let position = error.span().map_or(0, |span| span.start);
            fault(line(position), in_german(error.message()))
        })?;
        let mut faults = Vec::new();
        let title = raw.title.filter(|title| !title.get_ref().trim().is_empty());
        if title.is_none() {
            let problem = "es fehlt der Titel: title = \"…\"".into();
            faults.extend(fault(1, problem));
        }
        let mut keep = Keep::default();
        for word in raw.keep {
            let position = word.span().start;
            let word = word.into_inner();
            if !keep.insert(&word) {
                let problem = format!(
                    "„{word}“ lässt sich nicht behalten; {}",
                    did_you_mean(&word, Keep::words())
                );
                faults.extend(fault(line(position), problem));
            }
        }
        let felder = declared(raw.fields).unwrap_or_else(|found| {
            for (position, problem) in found {
                faults.extend(fault(line(position), problem));
            }
            Vec::new()
        });
        for text in raw.header.iter().chain(&raw.footer) {
            if text.get_ref().trim().lines().count() > MOST_LINES {
                let problem = format!("mehr als {MOST_LINES} Zeilen haben am Rand keinen Platz");
                faults.extend(fault(line(text.span().start), problem));
            }
        }
        let pattern = raw.file_name.as_ref();
        let compiled = FileName::compile(pattern.map_or(file_name::DEFAULT, |p| p.get_ref()));
        match (title, compiled) {
            (Some(title), Ok(file_name)) if faults.is_empty() => Ok(Self {
                title: title.into_inner(),
                description: raw.description,
                words: raw.words,
                file_name,
                keep,
                felder,
                header: raw.header.map(Spanned::into_inner),
                footer: raw.footer.map(Spanned::into_inner),
            }),
            (_, Ok(_)) => Err(faults),
            (_, Err(problem)) => {
                let position = pattern.map_or(0, |pattern| pattern.span().start);
                faults.extend(fault(line(position), problem));
                Err(faults)
            }
        }
    }
}

impl Manifest {
    /// What a Markdown motion has around its text.
    pub(super) fn page(&self) -> Page<'_> {
        Page {
            title: &self.title,
            header: self.header.as_deref(),
            footer: self.footer.as_deref(),
        }
    }

    /// What is said in vain of a motion that is a Word file; `path` as in [`Self::read`].
    pub(super) fn unheeded(&self, path: &str) -> Option<Fault> {
        let problem = "„header“ und „footer“ gelten nur für motion.md; Kopf- und Fußzeile von \
                       motion.docx ändern Sie in Word (Einfügen > Kopfzeile), hier nehmen Sie \
                       sie heraus";
        let is_said = self.header.is_some() || self.footer.is_some();
        is_said.then(|| Fault::new(path, problem))
    }
}

/// The line of a byte's position, counted from 1.
fn line_of(bytes: &[u8], position: usize) -> usize {
    let before = bytes.iter().take(position);
    1 + before.filter(|byte| **byte == b'\n').count()
}

/// The messages that people meet, in German; the rest as the reader of TOML words it.
fn in_german(message: &str) -> String {
    if let Some(rest) = message.strip_prefix("unknown field `")
        && let Some((key, expected)) = rest.split_once('`')
    {
        let known = expected.split('`').skip(1).step_by(2);
        return format!("„{key}“ ist hier unbekannt; {}", did_you_mean(key, known));
    }
    if let Some((_, expected)) = message.rsplit_once("expected ")
        && message.starts_with("invalid type")
    {
        let expected = match expected {
            "a string" => "ein Text in Anführungszeichen",
            "a sequence" => "eine Liste in eckigen Klammern",
            "a boolean" => "true oder false",
            "a map" => "ein Abschnitt wie [fields.sitzung]",
            other => other,
        };
        return format!("hier gehört {expected} hin");
    }
    if message.starts_with("invalid unquoted key") {
        return "Namen mit Umlauten oder Leerzeichen gehören in Anführungszeichen: \
                [fields.\"begründung\"]"
            .to_owned();
    }
    format!("das ist kein gültiges TOML: {message}")
}

#[cfg(test)]
mod tests {
    use super::Manifest;

    fn check(source: &[u8]) -> Result<Manifest, String> {
        Manifest::read("a/template.toml", source).map_err(|faults| {
            let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
            lines.join("\n")
        })
    }

    #[test]
    fn a_title_is_enough() {
        let manifest = check("title = \"Ein Antrag\"".as_bytes()).expect("sound");
        assert_eq!(manifest.title, "Ein Antrag");
        assert!(manifest.words.is_empty());
    }

    #[test]
    fn faults_name_file_line_and_remedy() {
        let cases: [(&[u8], &str); 9] = [
            (
                b"title = \"A\"\nwort = [\"b\"]",
                "a/template.toml, Zeile 2: „wort“ ist hier unbekannt; meinten Sie „words“?",
            ),
            (
                b"# leer\n",
                "a/template.toml, Zeile 1: es fehlt der Titel: title = \"…\"",
            ),
            (
                b"title = \"  \"",
                "a/template.toml, Zeile 1: es fehlt der Titel: title = \"…\"",
            ),
            (
                b"\n\ntitle = 3",
                "a/template.toml, Zeile 3: hier gehört ein Text in Anführungszeichen hin",
            ),
            (
                b"title = \"A\"\nwords = \"b\"",
                "a/template.toml, Zeile 2: hier gehört eine Liste in eckigen Klammern hin",
            ),
            (
                b"title = \"A\"\nfile_name = \"{nam}\"",
                "a/template.toml, Zeile 2: im Dateinamen ist „{nam}“ unbekannt; meinten Sie „name“?",
            ),
            (
                b"title = \"A\"\nkeep = [\n\"company\",\n\"autor\"]",
                "a/template.toml, Zeile 4: „autor“ lässt sich nicht behalten; meinten Sie „author“?",
            ),
            (
                b"title = \"A\"\nheader = \"a\"\nfooter = \"1\\n2\\n3\\n4\\n5\\n6\"",
                "a/template.toml, Zeile 3: mehr als 5 Zeilen haben am Rand keinen Platz",
            ),
            (
                b"title = \"A\"\n\xFC",
                "a/template.toml, Zeile 2: die Datei ist nicht als UTF-8 gespeichert",
            ),
        ];
        for (source, expected) in cases {
            assert_eq!(check(source).expect_err("a fault"), expected);
        }
        let syntax = check(b"title = \"A").expect_err("a fault");
        assert!(
            syntax.starts_with("a/template.toml, Zeile 1: das ist kein gültiges TOML: "),
            "{syntax}"
        );
    }
}
