//! Further fields of motions, and bodies that an administrator adds, through the program.

use crate::program::{CONFIG, House, mail, text_of};

const FIELDS: &str = r#"
title = "Anfrage zur Sitzung"
words = ["Anfrage"]

[fields.sitzung]
type = "date"
title = "Datum der Sitzung"
question = "Wann tagt der Rat?"
required = true

[fields.form]
type = "choice"
title = "Form der Antwort"
options = ["mündlich", "schriftlich"]
required = true

[fields.betrag]
type = "number"
default = 10

[fields.ort]
type = "text"
"#;

const MOTION: &str = "# Anfrage\n\n{{ Der Beirat }} fragt {{ den Rat }} zum {{ sitzung }} \
    ({{ form }}, {{ betrag }} Euro, {{ ort }}).\n\n\
    {% if beirat.forum_der_kulturen %}Das Forum fragt im Namen {{ des Beirats }}.{% endif %}\n";

/// A house with two motions; `anfrage` has fields of every type.
fn house() -> House {
    let house = House::new();
    house.write(
        "antragsbote.toml",
        format!(
            "{CONFIG}\n[templates]\npath = \"vorlagen\"\ndefault = \"plan\"\n\
             [registry]\npath = \"register\"\n"
        ),
    );
    house.write(
        "vorlagen/plan/template.toml",
        "title = \"Integrationsplan\"\n",
    );
    house.write("vorlagen/plan/motion.md", "# Plan\n\n{{ Der Beirat }}\n");
    house.write("vorlagen/anfrage/template.toml", FIELDS);
    house.write(
        "vorlagen/anfrage/motion.md",
        MOTION.replace("des Beirats", "des Beirat"),
    );
    house.write(
        "register/gremien.csv",
        "name;genus\r\nForum der Kulturen;n\r\nBeirat für Vielfalt;m\r\n",
    );
    house
}

/// The text of the reply, its words in one line each.
fn reply(house: &House, text: &str) -> String {
    let run = house.feed(&["answer"], mail(text).as_bytes());
    let message = mail_parser::MessageParser::default()
        .parse(&run.bytes)
        .unwrap();
    message.body_text(0).unwrap().into_owned()
}

/// The text of the document that the reply carries.
fn document(house: &House, text: &str) -> String {
    use mail_parser::MimeHeaders;
    let run = house.feed(&["answer"], mail(text).as_bytes());
    let message = mail_parser::MessageParser::default()
        .parse(&run.bytes)
        .unwrap();
    let attachment = message.attachments().next().expect("a document");
    assert!(attachment.attachment_name().is_some());
    text_of(&house.write("antrag.docx", attachment.contents()))
}

#[test]
fn a_mail_gives_the_fields() {
    let house = house();
    let request = "Bitte die Anfrage für den Ausländerbeirat Fürth.\n\n";
    let text = document(
        &house,
        &format!(
            "{request}Datum der Sitzung: 3. Mai\nForm: schrifltich\nBetrag: 1.250,50\nOrt: {{{{ kommune }}}} <b>"
        ),
    );
    let expected = "Der Ausländerbeirat fragt den Stadtrat zum 3. Mai 2026 (schriftlich, 1.250,50 Euro, \
                    {{ kommune }} &lt;b&gt;).";
    assert!(text.contains(expected), "{text}");
    let text = document(
        &house,
        &format!("{request}Sitzung: 3.5.2026; Form: mündlich"),
    );
    assert!(
        text.contains("zum 3. Mai 2026 (mündlich, 10 Euro, )."),
        "{text}"
    );
}

#[test]
fn what_is_missing_is_asked_in_the_words_of_the_motion() {
    let house = house();
    let request = "Bitte die Anfrage für den Ausländerbeirat Fürth.\n\n";
    let explained = house.explain(request);
    assert_eq!(explained["decision"], "question");
    assert_eq!(explained["template"], "anfrage");
    assert_eq!(
        explained["question_about"],
        serde_json::json!(["sitzung", "form"])
    );
    let text = reply(&house, request);
    for said in [
        "Wann tagt der Rat? Schreiben Sie zum Beispiel: Datum der Sitzung: ",
        "Bitte ergänzen Sie noch diese Angabe: Form der Antwort",
        "1. mündlich",
        "2. schriftlich",
        "- Vorlage: Anfrage zur Sitzung",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    let text = reply(&house, &format!("{request}Sitzung: bald\nForm: mündlich"));
    assert!(
        text.contains("Mit „bald“ kann ich hier nichts anfangen. Wann tagt der Rat?"),
        "{text}"
    );
    assert!(text.contains("- Form der Antwort: mündlich"), "{text}");
    let default = house.explain("Bitte den Integrationsplan für den Ausländerbeirat Fürth.");
    assert_eq!(default["decision"], "document");
}

#[test]
fn render_reads_values_as_mails_do() {
    let house = house();
    let base = [
        "render",
        "--template",
        "anfrage",
        "--kommune",
        "09563000",
        "--beirat",
        "Forums der Kulturen",
        "-o",
        "antrag.docx",
    ];
    let with = |settings: &[&str]| house.run(&[&base[..], settings].concat());
    let run = with(&["--set", "Datum der Sitzung=3.5.26", "--set", "FORM=schrift"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let text = text_of(&house.path("antrag.docx"));
    assert!(
        text.contains(
            "Das Forum der Kulturen fragt den Stadtrat zum 3. Mai 2026 (schriftlich, 10 Euro, )."
        ),
        "{text}"
    );
    assert!(text.contains("im Namen des Forums der Kulturen."), "{text}");
    let run = with(&["--set", "sitzung=3.5.2026"]);
    assert_eq!(run.code, 64, "{}", run.errors);
    assert!(
        run.errors.contains("--set \"form=mündlich\""),
        "{}",
        run.errors
    );
    let run = with(&["--set", "sitzung=31.2.2026", "--set", "form=mündlich"]);
    assert_eq!(run.code, 65, "{}", run.errors);
    assert!(run.errors.contains("Datum der Sitzung"), "{}", run.errors);
}

#[test]
fn fields_are_listed_and_checked() {
    let house = house();
    let run = house.run(&["template", "fields", "anfrage"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert_eq!(
        run.output().lines().next(),
        Some("anfrage verwendet beirat, betrag, form, ort, rat, sitzung.")
    );
    for command in [
        &["template", "check"][..],
        &["template", "preview", "anfrage", "-o", "-"],
    ] {
        let run = house.run(command);
        assert_eq!(run.code, 0, "{}", run.errors);
    }
    house.write(
        "vorlagen/anfrage/template.toml",
        FIELDS.replace("\"number\"", "\"nummer\""),
    );
    let run = house.run(&["check", "--offline"]);
    assert!(
        run.output()
            .contains("anfrage/template.toml, Zeile 18: „nummer“ ist kein Typ"),
        "{}",
        run.output()
    );
}

#[test]
fn added_bodies_are_understood_in_every_form() {
    let house = house();
    for (text, beirat) in [
        (
            "Bitte den Plan für das Forum der Kulturen der Stadt Fürth.",
            "Forum der Kulturen",
        ),
        (
            "Wir bitten im Namen des Forums der Kulturen in Fürth um den Antrag.",
            "Forum der Kulturen",
        ),
        (
            "Bitte den Antrag für den Beirat fuer Vielfalt, Stadt Fürth",
            "Beirat für Vielfalt",
        ),
        (
            "Der Antrag des Beirates für Vielfalt der Stadt Fürth, bitte.",
            "Beirat für Vielfalt",
        ),
        (
            "Kommune: Fürth\nBeirat: beirat vielfalt",
            "Beirat für Vielfalt",
        ),
        (
            "Bitte den Antrag für den Ausländerbeirat Fürth.",
            "Ausländerbeirat",
        ),
    ] {
        let explained = house.explain(text);
        assert_eq!(
            explained["documents"][0]["beirat"], beirat,
            "{text}: {explained}"
        );
    }
}

/// The plain word is a body then, but not beside one that is called more exactly.
#[test]
fn a_plain_word_may_be_added() {
    let house = house();
    house.write(
        "register/gremien.csv",
        "name,genus\nForum der Kulturen,n\nBeirat,m\n",
    );
    for (text, beirat) in [
        (
            "Bitte den Antrag für unseren Beirat, Stadt Fürth.",
            "Beirat",
        ),
        (
            "Unser Beirat, der Ausländerbeirat der Stadt Fürth, bittet um den Antrag.",
            "Ausländerbeirat",
        ),
    ] {
        let explained = house.explain(text);
        assert_eq!(
            explained["documents"][0]["beirat"], beirat,
            "{text}: {explained}"
        );
        assert_eq!(
            explained["documents"].as_array().unwrap().len(),
            1,
            "{text}"
        );
    }
}

#[test]
fn faults_of_added_bodies_are_named() {
    let house = house();
    house.write("register/gremien.csv", "name,genus\nForum,n\nRunde,x\n");
    let run = house.run(&["check", "--offline"]);
    assert_eq!(run.code, 78, "{}", run.output());
    assert!(
        run.output().contains(
            "gremien.csv, Zeile 3: in der Spalte „genus“ steht „x“; erwartet wird m, f oder n"
        ),
        "{}",
        run.output()
    );
    std::fs::remove_file(house.path("register/gremien.csv")).unwrap();
    let run = house.run(&["check", "--offline"]);
    assert!(
        run.output().contains("enthält keine Datei des Registers"),
        "{}",
        run.output()
    );
}
