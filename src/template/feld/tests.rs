use super::{Feld, FeldArt, Need, Wert, Werte, fill};
use crate::kommune::Register;
use crate::merge::Values;
use crate::template::{Catalogue, Files, TemplateId, built_in};

/// The catalogue with a motion of these fields and this text, or its faults.
fn catalogue(fields: &str, motion: &str) -> Result<Catalogue, Vec<String>> {
    let mut files: Files = built_in();
    let manifest = format!("title = \"Anfrage\"\n{fields}");
    files.insert("anfrage/template.toml".to_owned(), manifest.into());
    files.insert("anfrage/motion.md".to_owned(), motion.into());
    let default = TemplateId::parse("nationaler-integrationsplan").expect("an id");
    Catalogue::read(&files, &default, Register::built_in())
        .map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

fn felder(fields: &str) -> Vec<Feld> {
    let catalogue = catalogue(fields, "x").expect("sound");
    let offers = catalogue.offers().iter();
    let mut others = offers.filter(|offer| !offer.default);
    others.next().expect("the other motion").felder.clone()
}

#[test]
fn fields_are_read_in_their_order() {
    let felder = felder(
        "[fields.sitzung]\ntype = \"date\"\ntitle = \"Datum der Sitzung\"\nrequired = true\n\
         question = \"Wann?\"\n[fields.anzahl_der_exemplare]\ntype = \"number\"\ndefault = 2.5\n\
         [fields.art_der_antwort]\ntype = \"choice\"\noptions = [\"mündlich\", \"schriftlich\"]",
    );
    let [sitzung, anzahl, art] = felder.as_slice() else {
        panic!("three fields: {felder:?}");
    };
    assert_eq!(
        (&*sitzung.question, &sitzung.need),
        ("Wann?", &Need::Required)
    );
    assert_eq!(sitzung.key(), "Datum der Sitzung");
    assert_eq!(anzahl.title, "anzahl der exemplare");
    assert_eq!(
        anzahl.question,
        "Bitte ergänzen Sie noch diese Angabe: anzahl der exemplare"
    );
    let Need::Default(default) = &anzahl.need else {
        panic!("a default: {anzahl:?}");
    };
    assert_eq!(default.to_string(), "2,5");
    assert!(matches!(&art.art, FeldArt::Choice(options) if options.len() == 2));
    for key in ["datum der sitzung", "sitzung"] {
        assert!(sitzung.is_called(key), "{key}");
    }
}

#[test]
fn faults_name_line_and_remedy() {
    let cases = [
        (
            "[fields.a]\ntype = \"datum\"",
            "Zeile 3: „datum“ ist kein Typ eines Feldes; meinten Sie „date“?",
        ),
        (
            "[fields.a]\ntitle = \"A\"",
            "Zeile 2: dem Feld „a“ fehlt der Typ: type = \"text\" (oder date, number, choice)",
        ),
        (
            "[fields.a]\ntype = \"date\"\ndefault = \"3. Mai\"",
            "Zeile 4: die Vorgabe „3. Mai“ passt nicht; erwartet wird ein Tag mit Jahr, etwa \"3. Mai 2026\"",
        ),
        (
            "[fields.a]\ntype = \"choice\"\noptions = [\"b\", \"c\"]\ndefault = \"d\"",
            "Zeile 5: die Vorgabe „d“ passt nicht; erwartet wird eines von b, c",
        ),
        (
            "[fields.a]\ntype = \"choice\"\noptions = []",
            "Zeile 4: dem Feld „a“ fehlt, was zur Wahl steht: options = [\"…\", \"…\"]",
        ),
        (
            "[fields.a]\ntype = \"choice\"",
            "Zeile 2: dem Feld „a“ fehlt, was zur Wahl steht: options = [\"…\", \"…\"]",
        ),
        (
            "[fields.a]\ntype = \"choice\"\noptions = [\"Ja\", \"ja\"]",
            "Zeile 4: „ja“ steht zweimal zur Wahl; streichen Sie eines",
        ),
        (
            "[fields.a]\ntype = \"text\"\noptions = [\"b\"]",
            "Zeile 4: „options“ gibt es nur bei type = \"choice\"",
        ),
        (
            "[fields.datum]\ntype = \"date\"",
            "Zeile 2: das Feld „datum“ heißt auch „datum“, das schon eine Bedeutung hat; nennen Sie es anders",
        ),
        (
            "[fields.a]\ntype = \"text\"\ntitle = \"Kommune\"",
            "Zeile 2: das Feld „a“ heißt auch „kommune“, das schon eine Bedeutung hat; nennen Sie es anders",
        ),
        (
            "[fields.a]\ntype = \"text\"\n[fields.b]\ntype = \"text\"\nwords = [\"A\"]",
            "Zeile 4: die Felder „a“ und „b“ heißen beide „a“; nennen Sie eines anders",
        ),
        (
            "[fields.\"2. Termin\"]\ntype = \"date\"",
            "Zeile 2: „2. Termin“ ist kein Name für ein Feld; er besteht aus Buchstaben, Ziffern und _ und beginnt mit einem Buchstaben",
        ),
        (
            "[fields.a]\ntype = \"date\"\nrequired = true\ndefault = \"3.5.2026\"",
            "Zeile 5: „required“ und „default“ schließen einander aus; lassen Sie eines weg",
        ),
        (
            "[fields.a]\ntyp = \"date\"",
            "Zeile 3: „typ“ ist hier unbekannt; meinten Sie „type“?",
        ),
        (
            "[fields.a]\ntype = \"date\"\nrequired = \"ja\"",
            "Zeile 4: hier gehört true oder false hin",
        ),
        (
            "[fields.a]\ntype = \"text\"\ndefault = [\"b\"]",
            "Zeile 4: die Vorgabe „[\"b\"]“ passt nicht; erwartet wird ein Text von höchstens 2.000 Zeichen",
        ),
        (
            "[fields.a]\ntype = \"choice\"\noptions = [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]",
            "Zeile 4: hier stehen 11 zur Wahl; eine Mail zeigt höchstens 10: fassen Sie zusammen oder nehmen Sie type = \"text\"",
        ),
        (
            "[fields.a]\ntype = \"text\"\ntitle = \"\"",
            "Zeile 4: „title“ ist leer; schreiben Sie etwas hinein oder streichen Sie es",
        ),
        (
            "[fields.begründung]\ntype = \"text\"",
            "Zeile 2: dieser Name braucht Anführungszeichen; Namen mit Umlauten oder Leerzeichen gehören hinein: [fields.\"begründung\"]",
        ),
    ];
    for (fields, expected) in cases {
        let faults = catalogue(fields, "x").expect_err(fields);
        assert_eq!(faults, [format!("anfrage/template.toml, {expected}")]);
    }
}

#[test]
fn marks_name_the_fields_of_their_motion_only() {
    let fields = "[fields.sitzung]\ntype = \"date\"";
    catalogue(fields, "{{ Sitzung }} {% if sitzung %}x{% endif %}").expect("sound");
    let faults = catalogue(fields, "{{ sitzun }}").expect_err("a fault");
    assert!(faults[0].contains("meinten Sie „sitzung“?"), "{faults:?}");
    let faults = catalogue("", "{{ sitzung }}").expect_err("a fault");
    assert!(
        faults[0].contains("„sitzung“ ist kein bekanntes Feld"),
        "{faults:?}"
    );
}

#[test]
fn values_print_in_german_and_reckon() {
    let fields = "[fields.betrag]\ntype = \"number\"\n[fields.sitzung]\ntype = \"date\"\n\
                  [fields.form]\ntype = \"choice\"\noptions = [\"mündlich\"]\n\
                  [fields.ort]\ntype = \"text\"\n[fields.anlass]\ntype = \"text\"\ndefault = \"keiner\"";
    let felder = felder(fields);
    let given = [
        ("betrag", "1.250,50 €"),
        ("sitzung", "3.5.2026"),
        ("form", "muendlich"),
    ];
    let werte: Werte = felder
        .iter()
        .filter_map(|feld| {
            let (name, text) = given.iter().find(|(name, _)| *name == feld.name)?;
            Some(((*name).to_owned(), feld.read(text, None).expect("it fits")))
        })
        .collect();
    let mut values = Values::new();
    fill(&mut values, &felder, &werte);
    for (motion, expected) in [
        ("{{ betrag }}", "1.250,50"),
        ("{{ Betrag }}", "1.250,50"),
        ("{{ betrag * 2 }}", "2501.0"),
        ("{% if betrag > 1000 %}viel{% endif %}", "viel"),
        ("{{ sitzung }}, {{ form }}", "3. Mai 2026, mündlich"),
        ("{% if form == \"mündlich\" %}m{% endif %}", "m"),
        ("[{{ ort }}{{ anlass }}]", "[keiner]"),
    ] {
        let catalogue = catalogue(fields, motion).expect("sound");
        let id = TemplateId::parse("anfrage").expect("an id");
        let motion = catalogue.get(&id).expect("the motion");
        let package = motion.document.merge(&values).expect("merged");
        let text = text_of(&package);
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn texts_lose_what_hides_or_turns() {
    let felder = felder("[fields.a]\ntype = \"text\"");
    let read = |text: &str| felder[0].read(text, None);
    for (text, expected) in [
        ("  a\tb\u{7}c\nd ", "a b c d"),
        ("\u{202E}cba\u{200B}", "cba"),
        ("{{ kommune }} <b>&", "{{ kommune }} <b>&"),
        (&"ä".repeat(2_000), &"ä".repeat(2_000)),
    ] {
        assert_eq!(read(text), Ok(Wert::Text(expected.to_owned())));
    }
    // the items of a list, also where each stands in a line of its own
    for (text, expected) in [
        ("- Chor\n- Fest, groß,\n- Lauf", "Chor; Fest, groß; Lauf"),
        ("\n1. Chor\n2) Fest", "Chor; Fest"),
        ("Chor;\n• Fest\n• Lauf", "Chor; Fest; Lauf"),
        ("- Chor", "Chor"),
        ("5. Mai und\nimmer wieder", "5. Mai und immer wieder"),
        ("-5 Grad", "-5 Grad"),
    ] {
        assert_eq!(read(text), Ok(Wert::Text(expected.to_owned())), "{text}");
    }
    for text in ["", " \u{202E}", &"x".repeat(2_001)] {
        assert_eq!(read(text), Err(Vec::new()));
    }
}

/// What a document's paragraphs say.
fn text_of(package: &[u8]) -> String {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(package)).expect("a package");
    let mut xml = String::new();
    let mut part = archive.by_name("word/document.xml").expect("the main part");
    part.read_to_string(&mut xml).expect("UTF-8");
    let texts = xml.split("<w:t").skip(1);
    let texts = texts.filter_map(|run| run.split_once('>')?.1.split_once("</w:t>"));
    texts.map(|(text, _)| text).collect()
}
