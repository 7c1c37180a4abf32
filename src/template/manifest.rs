//! `template.toml`: what is known of a motion beside its document.

mod guess;
mod names;
mod read;

use serde::Deserialize;
use toml::Spanned;

use super::feld::{Declared, Feld, declared};
use super::{FileName, did_you_mean, file_name};
use crate::kommune::Register;
use crate::merge::{Fault, Keep, Page};
pub(super) use guess::guess;

/// Lines of a header or footer; more would take the text's room.
const MOST_LINES: usize = 5;

/// A sound `template.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) words: Vec<String>,
    /// what a mail may call it, each with its line
    pub(super) names: Vec<(usize, String)>,
    pub(super) file_name: FileName,
    pub(super) keep: Keep,
    pub(super) felder: Vec<Feld>,
    /// for `motion.md` only: Word files have their own
    pub(super) header: Option<String>,
    pub(super) footer: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    title: Option<Spanned<String>>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    words: Vec<Spanned<String>>,
    file_name: Option<Spanned<String>>,
    header: Option<Spanned<String>>,
    footer: Option<Spanned<String>>,
    #[serde(default)]
    keep: Vec<Spanned<String>>,
    #[serde(default)]
    fields: Declared,
}

impl Manifest {
    /// Reads the file; `path` is what faults call it, the register has the names that are no
    /// motion's. All faults at once.
    pub(super) fn read(
        path: &str,
        bytes: &[u8],
        register: Option<&Register>,
    ) -> Result<Self, Vec<Fault>> {
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
        let (raw, mut found) = read::each_key(source);
        let title = raw.title.filter(|title| !title.get_ref().trim().is_empty());
        if title.is_none() && !found.iter().any(|fault| fault.is_about("title")) {
            found.push(Found::new(0, "es fehlt der Titel: title = \"…\""));
        }
        found.extend(raw.words.iter().filter_map(|word| {
            let problem = names::too_general(word.get_ref(), register?)?;
            Some(Found::new(word.span().start, problem))
        }));
        let mut keep = Keep::default();
        for word in raw.keep {
            if !keep.insert(word.get_ref()) {
                let hint = did_you_mean(word.get_ref(), Keep::words());
                let problem = format!("„{}“ lässt sich nicht behalten; {hint}", word.get_ref());
                found.push(Found::new(word.span().start, problem));
            }
        }
        let felder = declared(raw.fields).unwrap_or_else(|faults| {
            let faults = faults.into_iter();
            found.extend(faults.map(|(position, problem)| Found::new(position, problem)));
            Vec::new()
        });
        for text in raw.header.iter().chain(&raw.footer) {
            if text.get_ref().trim().lines().count() > MOST_LINES {
                let problem = format!("mehr als {MOST_LINES} Zeilen haben am Rand keinen Platz");
                found.push(Found::new(text.span().start, problem));
            }
        }
        let pattern = raw.file_name.as_ref();
        let at = pattern.map_or(0, |pattern| pattern.span().start);
        let file_name = FileName::read(pattern.map_or(file_name::DEFAULT, |p| p.get_ref()));
        match (title, file_name) {
            (Some(title), Ok(file_name)) if found.is_empty() => {
                let names = raw.words.iter().chain([&title]);
                let names = names.map(|name| (line(name.span().start), name.get_ref().clone()));
                Ok(Self {
                    names: names.collect(),
                    title: title.into_inner(),
                    description: raw.description,
                    words: raw.words.into_iter().map(Spanned::into_inner).collect(),
                    file_name,
                    keep,
                    felder,
                    header: raw.header.map(Spanned::into_inner),
                    footer: raw.footer.map(Spanned::into_inner),
                })
            }
            (_, file_name) => {
                found.extend(file_name.err().map(|problem| Found::new(at, problem)));
                found.sort_by_key(|fault| fault.position);
                let faults = found.into_iter();
                Err(faults
                    .flat_map(|found| fault(line(found.position), found.problem))
                    .collect())
            }
        }
    }
}

/// A fault and where in the file it is.
struct Found {
    position: usize,
    problem: String,
    /// the key whose value could not be read
    key: Option<String>,
}

impl Found {
    fn new(position: usize, problem: impl Into<String>) -> Self {
        Self {
            position,
            problem: problem.into(),
            key: None,
        }
    }

    fn is_about(&self, key: &str) -> bool {
        self.key.as_deref().is_none_or(|other| other == key)
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

#[cfg(test)]
mod tests {
    use super::Manifest;
    use crate::kommune::Register;

    fn check(source: &[u8]) -> Result<Manifest, String> {
        Manifest::read("a/template.toml", source, Some(Register::built_in())).map_err(|faults| {
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
        let cases: [(&[u8], &str); 20] = [
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
                b"title = \"A\"\nfile_name = \"{nam}.docx\"",
                "a/template.toml, Zeile 2: im Dateinamen ist „{nam}“ unbekannt; meinten Sie „name“?",
            ),
            (
                b"title = \"A\"\nkeep = [\n\"company\",\n\"autor\"]",
                "a/template.toml, Zeile 4: „autor“ lässt sich nicht behalten; meinten Sie „author“?",
            ),
            (
                "title = \"A\"\nwords = [\n\"Musterantrag\",\n\"Stadtrat\",\n\"Fürth\"]".as_bytes(),
                "a/template.toml, Zeile 3: „Musterantrag“ steht in Mails zu jedem Antrag; nehmen Sie ein \
                 Wort, das nur zu diesem passt\n\
                 a/template.toml, Zeile 4: „Stadtrat“ ist ein Gremium und kann keinen Antrag bezeichnen; \
                 nehmen Sie ein anderes Wort\n\
                 a/template.toml, Zeile 5: „Fürth“ ist eine Kommune und kann keinen Antrag bezeichnen; \
                 nehmen Sie ein anderes Wort",
            ),
            (
                b"title = \"A\"\nwords = [\"Vorlage zum Ausf\xC3\xBCllen\"]",
                "a/template.toml, Zeile 2: „Vorlage zum Ausfüllen“ steht in Mails zu jedem Antrag; nehmen \
                 Sie ein Wort, das nur zu diesem passt",
            ),
            (
                b"title = \"A\"\nwords = [\" \"]",
                "a/template.toml, Zeile 2: hier fehlt das Wort zwischen den Anführungszeichen",
            ),
            (
                b"title = \"A\"\nfile_name = \"Antrag/{name}.docx\"",
                "a/template.toml, Zeile 2: der Dateiname „Antrag/{name}.docx“ enthält „/“, das in \
                 Dateinamen nicht erlaubt ist; nehmen Sie „-“",
            ),
            (
                b"title = \"A\"\nfile_name = \"{name}.doc\"",
                "a/template.toml, Zeile 2: der Dateiname „{name}.doc“ muss auf „.docx“ enden, etwa \
                 \"Musterantrag_{art}-{name}_{beirat}.docx\"",
            ),
            (
                b"title = \"A\"\nfile_name = \".docx\"",
                "a/template.toml, Zeile 2: der Dateiname „.docx“ muss auf „.docx“ enden, etwa \
                 \"Musterantrag_{art}-{name}_{beirat}.docx\"",
            ),
            (
                b"title = \"A\"\ntitle = \"B\"",
                "a/template.toml, Zeile 2: das steht hier zum zweiten Mal; streichen Sie eines",
            ),
            (
                b"title = \"A\"\nfields = \"sitzung\"",
                "a/template.toml, Zeile 2: hier gehört ein Abschnitt wie [fields.sitzung] hin",
            ),
            (
                b"title = \"A\"\n[fields]\nsitzung = \"date\"",
                "a/template.toml, Zeile 3: hier gehört ein Abschnitt wie [fields.sitzung] hin",
            ),
            (
                b"title = \"A\"\n[felder.sitzung]\ntype = \"date\"",
                "a/template.toml, Zeile 2: „felder“ ist hier unbekannt; meinten Sie „fields“?",
            ),
            // all of them at once
            (
                b"titel = \"A\"\nwords = \"b\"\nkeep = [\"autor\"]\nfile_name = \"{nam}.docx\"\n\
                  [fields.a]\ntyp = \"text\"\nrequired = 1\n[fields.b]\ntype = \"datum\"\nquestion = \" \"",
                "a/template.toml, Zeile 1: „titel“ ist hier unbekannt; meinten Sie „title“?\n\
                 a/template.toml, Zeile 1: es fehlt der Titel: title = \"…\"\n\
                 a/template.toml, Zeile 2: hier gehört eine Liste in eckigen Klammern hin\n\
                 a/template.toml, Zeile 3: „autor“ lässt sich nicht behalten; meinten Sie „author“?\n\
                 a/template.toml, Zeile 4: im Dateinamen ist „{nam}“ unbekannt; meinten Sie „name“?\n\
                 a/template.toml, Zeile 6: „typ“ ist hier unbekannt; meinten Sie „type“?\n\
                 a/template.toml, Zeile 7: hier gehört true oder false hin\n\
                 a/template.toml, Zeile 9: „datum“ ist kein Typ eines Feldes; meinten Sie „date“?\n\
                 a/template.toml, Zeile 10: „question“ ist leer; schreiben Sie etwas hinein oder streichen Sie es",
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
    }

    #[test]
    fn all_that_is_no_toml_is_told_at_once() {
        assert_eq!(
            check("title = „A“\nwords = [\"b\"]\nkeep \"company\"".as_bytes()).expect_err("faults"),
            "a/template.toml, Zeile 1: hier stehen typografische Anführungszeichen („…“), wie Word und \
             Telefone sie setzen; ersetzen Sie sie durch gerade: \"…\"\n\
             a/template.toml, Zeile 3: hier fehlt das Gleichheitszeichen; eine Zeile lautet: \
             name = \"Wert\"; Bemerkungen beginnen mit #"
        );
    }
}
