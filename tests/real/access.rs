//! What `check` says of documents that people cannot have read out, as LibreOffice writes
//! them: one with all the flaws, and one that says the same without any.

use antragsbote::kommune::Register;
use antragsbote::template::{Catalogue, Files, TemplateId};

use crate::support::converted;

/// The notes on a motion: where, and what; without what to do.
fn notes(document: &[u8]) -> Vec<String> {
    let files: Files = [
        ("probe/template.toml", &b"title = \"Probe\""[..]),
        ("probe/motion.docx", document),
    ]
    .map(|(path, content)| (path.to_owned(), content.to_vec()))
    .into();
    let id = TemplateId::parse("probe").unwrap();
    let catalogue = Catalogue::read(&files, &id, Register::built_in()).unwrap();
    let notes = catalogue
        .default_motion()
        .expect("sound")
        .document
        .notes()
        .iter();
    notes
        .map(|note| note.to_string().split(';').next().unwrap().to_owned())
        .collect()
}

#[test]
fn flaws_are_told_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let sources = [
        include_str!("access/flawed.fodt"),
        include_str!("access/sound.fodt"),
    ];
    let sources = sources.map(|source| source.as_bytes().to_vec());
    let documents = converted(folder.path(), "fodt", "docx", &sources);
    let [flawed, sound] = documents.as_slice() else {
        panic!("{} documents", documents.len());
    };
    assert_eq!(
        notes(flawed),
        [
            "Word-Datei: der Text ist deutsch, aber als Sprache ist „en-US“ eingestellt: ein Vorleseprogramm spricht ihn falsch aus",
            "Text, Absatz 5: „Beschlussvorschlag“ sieht wie eine Überschrift aus, ist aber nur fett oder groß (ebenso bei „Einzelheiten“)",
            "Text, Absatz 7: auf „Antrag“ (Überschrift 1) folgt „Begründung“ als Überschrift 3",
            "Text, Absatz 13: bei „1. Ein Konzept ist zu entwickeln.“ beginnt eine Liste, deren Zeichen getippt sind",
            "Text, Absatz 4: hinter „Die Verwaltung berichtet dem Rat …“ steht ein leerer Absatz als Abstand (ebenso an einer weiteren Stelle)",
            "Text, Tabelle 1, Zeile 1, Zelle 1: die Tabelle „Jahr | Kosten“ hat keine Überschriftenzeile",
            "Text, Absatz 1: das Bild „Wappen“ hat keinen Alternativtext",
        ]
    );
    assert_eq!(notes(sound), [""; 0]);
}
