use super::{Catalogue, Files, TemplateId, Texts, built_in};
use crate::kommune::Register;
use crate::merge::Fault;

fn id(text: &str) -> TemplateId {
    TemplateId::parse(text).expect("an id")
}

fn with(changes: &[(&str, &str)]) -> Files {
    let mut files = built_in();
    for (path, text) in changes {
        files.insert((*path).to_owned(), text.as_bytes().to_vec());
    }
    files
}

/// The faults of what must not be read, a line each.
fn faults<T>(read: Result<T, Vec<Fault>>) -> Vec<String> {
    let faults = read.err().expect("a fault");
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_shipped_is_sound() {
    let catalogue = Catalogue::read(
        &built_in(),
        &id("nationaler-integrationsplan"),
        Register::built_in(),
    )
    .expect("sound");
    let [offer] = catalogue.offers() else {
        panic!("one motion is shipped");
    };
    assert!(offer.default);
    assert_eq!(
        offer.title,
        "Umsetzung des Nationalen Integrationsplanes in den Kommunen"
    );
    let fields = catalogue.default_motion().expect("sound").document.fields();
    assert!(
        fields.contains("kommune") && fields.contains("rat") && fields.contains("beirat"),
        "{fields:?}"
    );
    Texts::read(&built_in(), Register::built_in()).expect("sound texts");
}

#[test]
fn every_fault_is_named_with_its_file() {
    let cases: [(&[(&str, &str)], &str); 4] = [
        (
            &[("zweiter/template.toml", "title = \"B\"")],
            "zweiter: der Antrag fehlt",
        ),
        (
            &[("Zweiter/template.toml", "")],
            "Zweiter/template.toml: der Name des Ordners",
        ),
        (
            &[("b/template.toml", "titel = \"B\""), ("b/motion.md", "x")],
            "b/template.toml, Zeile 1: „titel“ ist hier unbekannt; meinten Sie „title“?",
        ),
        (
            &[
                ("b/template.toml", "title = \"B\""),
                ("b/motion.md", "{{ der komune }}"),
            ],
            "b/motion.md, ",
        ),
    ];
    for (changes, expected) in cases {
        let read = Catalogue::read(
            &with(changes),
            &id("nationaler-integrationsplan"),
            Register::built_in(),
        );
        let found = faults(read);
        assert!(
            found.iter().any(|fault| fault.starts_with(expected)),
            "{found:?}"
        );
    }
}

/// The second motion that the program shows, one level below those on offer.
#[test]
fn an_example_is_sound_and_no_two_motions_have_one_name() {
    let manifest = include_bytes!("../../templates/beispiele/integrationsfonds/template.toml");
    let motion = include_bytes!("../../templates/beispiele/integrationsfonds/motion.docx");
    let read = |folder: &str, manifest: &[u8]| {
        let mut files = built_in();
        files.insert(format!("{folder}/template.toml"), manifest.to_vec());
        files.insert(format!("{folder}/motion.docx"), motion.to_vec());
        let default = id("nationaler-integrationsplan");
        Catalogue::read(&files, &default, Register::built_in())
    };
    let nested = read("beispiele/integrationsfonds", manifest).expect("sound");
    assert_eq!(nested.offers().len(), 1);
    let both = read("integrationsfonds", manifest).expect("sound");
    assert_eq!(both.offers().len(), 2);
    let motion = both.get(&id("integrationsfonds")).expect("the example");
    let kinds = motion.offer.felder.iter().map(|feld| &feld.name);
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        [
            "betrag",
            "sitzung",
            "auszahlung",
            "massnahmen",
            "begruendung"
        ]
    );
    let manifest = String::from_utf8(manifest.to_vec()).expect("UTF-8");
    let same = manifest.replace("\"Fonds für Integration\"", "\n\"integrationsplan\"");
    assert_eq!(
        faults(read("zweiter", same.as_bytes())),
        [
            "zweiter/template.toml, Zeile 10: „integrationsplan“ heißt schon der Antrag \
             „nationaler-integrationsplan“; streichen Sie es bei einem von beiden"
        ]
    );
}

#[test]
fn a_default_that_is_missing_is_named_with_the_nearest() {
    let read = Catalogue::read(
        &built_in(),
        &id("nationaler-integrationplan"),
        Register::built_in(),
    );
    assert_eq!(
        faults(read),
        [
            "nationaler-integrationplan/template.toml: der voreingestellte Antrag \
          „nationaler-integrationplan“ fehlt; meinten Sie „nationaler-integrationsplan“?"
        ]
    );
}

#[test]
fn a_folder_without_template_toml_is_no_motion() {
    let files = with(&[
        ("alt/motion.md", "{{ nichts }}"),
        ("a/b/template.toml", ""),
        ("mail/template.toml", ""),
    ]);
    let catalogue = Catalogue::read(
        &files,
        &id("nationaler-integrationsplan"),
        Register::built_in(),
    )
    .expect("sound");
    assert_eq!(catalogue.offers().len(), 1);
}

#[test]
fn missing_texts_are_the_shipped_ones_and_misspelt_ones_a_fault() {
    let mut files = Files::from([("mail/document.txt".into(), b"\xEF\xBB\xBFHallo".to_vec())]);
    Texts::read(&files, Register::built_in()).expect("sound texts");
    files.insert("mail/dokument.txt".into(), Vec::new());
    let found = faults(Texts::read(&files, Register::built_in()));
    assert!(
        found[0].starts_with("mail/dokument.txt: ein Antworttext mit diesem Namen"),
        "{found:?}"
    );
    let faulty = Files::from([("mail/refusal.txt".into(), b"{{ gund }}".to_vec())]);
    let found = faults(Texts::read(&faulty, Register::built_in()));
    assert!(found[0].starts_with("mail/refusal.txt"), "{found:?}");
}

/// Header and footer are for Markdown; a Word file has its own, and its author is told so.
#[test]
fn header_and_footer_are_for_markdown() {
    let read = |files: &Files| {
        let catalogue = Catalogue::read(files, &id("b"), Register::built_in()).expect("sound");
        let motion = catalogue.default_motion().expect("sound");
        let notes = motion.notes.iter().map(ToString::to_string);
        (notes.collect::<Vec<_>>(), motion.document.fields().clone())
    };
    let manifest =
        "title = \"B\"\nheader = \"{{ Der Beirat }}\"\nfooter = \"{{ seite }} {{ datum }}\"";
    let mut files = with(&[("b/template.toml", manifest), ("b/motion.md", "x")]);
    let (notes, fields) = read(&files);
    assert_eq!(notes, [""; 0]);
    assert!(
        fields.contains("beirat") && fields.contains("datum"),
        "{fields:?}"
    );

    let (_, package) = super::package(&files, "b").expect("a package");
    files.insert("b/motion.docx".to_owned(), package);
    let (notes, _) = read(&files);
    let [note] = &notes[..] else {
        panic!("{notes:?}");
    };
    assert!(
        note.starts_with("b/template.toml: „header“ und „footer“ gelten nur für motion.md"),
        "{note}"
    );
}
