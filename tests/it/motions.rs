//! Two motions on offer: the shipped one and the example beside it, taken up as its README
//! says. Whole mails in, whole documents and questions out.

use std::fs;
use std::path::Path;

use mail_parser::{MessageParser, MimeHeaders as _};
use serde_json::{Value, json};

use crate::case::outline_of_document;
use crate::program::{CONFIG, House, mail};

pub(crate) const WITH_TEMPLATES: &str = "\n[templates]\npath = \"vorlagen\"\n";

/// Puts the project's templates into a house, with the example one level higher.
pub(crate) fn take_up_example(house: &House) {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for (from, to) in [
        ("nationaler-integrationsplan", "nationaler-integrationsplan"),
        ("beispiele/integrationsfonds", "integrationsfonds"),
        ("beispiele/integrationsfonds", "beispiele/integrationsfonds"),
        ("mail", "mail"),
    ] {
        for entry in fs::read_dir(templates.join(from)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            house.write(&format!("vorlagen/{to}/{name}"), fs::read(&path).unwrap());
        }
    }
}

fn house() -> House {
    let house = House::new();
    house.write("antragsbote.toml", format!("{CONFIG}{WITH_TEMPLATES}"));
    take_up_example(&house);
    house
}

/// The text of the reply, and its documents: name and outline.
fn reply(house: &House, text: &str) -> (String, Vec<(String, String)>) {
    let run = house.feed(&["answer"], mail(text).as_bytes());
    assert_eq!(run.code, 0, "{}", run.errors);
    let message = MessageParser::default().parse(&run.bytes).unwrap();
    let documents = message.attachments().map(|part| {
        let name = part.attachment_name().unwrap().to_owned();
        (name, outline_of_document(part.contents()))
    });
    let text = message.body_text(0).unwrap().replace("\r\n", "\n");
    (text, documents.collect())
}

const REQUEST: &str =
    "Bitte den Antrag zum Integrationsfonds für den Ausländerbeirat der Stadt Fürth.";

#[test]
fn a_mail_that_names_it_and_gives_all_fields_gets_the_whole_document() {
    let house = house();
    let text = format!(
        "{REQUEST}\n\nBetrag: 12.500 Euro\nDatum der Sitzung: 3. Mai\nAuszahlung: nach Abrechnung\n\
         Maßnahmen: Sprachcafé in Zirndorf; Fahrradkurse für Frauen & Mädchen;Chor;\n\
         Begründung: Im Landkreis Fürth gibt es einen solchen Fonds schon, beschlossen vom Kreistag."
    );
    let explained = house.explain(&text);
    assert_eq!(explained["decision"], "document", "{explained}");
    assert_eq!(explained["template"], "integrationsfonds");
    assert_eq!(explained["documents"].as_array().unwrap().len(), 1);
    let (_, documents) = reply(&house, &text);
    let [(name, outline)] = documents.as_slice() else {
        panic!("one document: {documents:?}");
    };
    assert_eq!(name, "Integrationsfonds_Stadt-Fürth_Ausländerbeirat.docx");
    let expected = "\
        [berschrift1] Antrag auf Einrichtung eines Integrationsfonds\n\
        [Untertitel] Antrag des Ausländerbeirats an den Stadtrat der Stadt Fürth zur Sitzung am 3. Mai 2026\n\
        [berschrift2] Beschlussvorschlag\n\
        Der Ausländerbeirat bittet den Stadtrat, Folgendes zu beschließen:\n\
        [Listenabsatz] [1.] Die Stadt Fürth richtet mit dem nächsten Haushalt einen Integrationsfonds ein. Der Fonds fördert \
        Vorhaben von Vereinen, Initiativen und Migrantenorganisationen, die in Fürth Teilhabe und Zusammenleben \
        stärken.\n\
        [Listenabsatz] [2.] Der Fonds wird mit 12.500 Euro im Jahr ausgestattet. Bewilligte Mittel werden nach Abrechnung \
        ausgezahlt. Auf Wunsch wird ein Abschlag von höchstens der Hälfte gewährt.\n\
        [Listenabsatz] [3.] Über die Vergabe entscheidet ein Gremium, in dem der Ausländerbeirat, der Stadtrat und die \
        Verwaltung vertreten sind.\n\
        [Listenabsatz] [4.] Die Verwaltung berichtet dem Stadtrat und dem Ausländerbeirat einmal im Jahr, wofür die Mittel \
        verwendet worden sind.\n\
        [berschrift2] Vorgesehene Maßnahmen\n\
        Der Ausländerbeirat schlägt vor, aus dem Fonds zunächst zu fördern:\n\
        | [Tabellenkopf] Nr. | [Tabellenkopf] Maßnahme |\n\
        | [Tabelleninhalt] 1 | [Tabelleninhalt] Sprachcafé in Zirndorf |\n\
        | [Tabelleninhalt] 2 | [Tabelleninhalt] Fahrradkurse für Frauen & Mädchen |\n\
        | [Tabelleninhalt] 3 | [Tabelleninhalt] Chor |\n\
        [berschrift2] Begründung\n\
        Integration gelingt vor Ort: im Verein, in der Schule, in der Nachbarschaft. Vieles davon wird \
        ehrenamtlich getragen und scheitert oft an kleinen Beträgen für Räume, Material, Fahrten oder \
        Sprachmittlung. Mit einem eigenen Fonds kann die Stadt Fürth hier mit überschaubaren Mitteln viel \
        bewirken: Die Förderung wird verlässlich, sie steht allen nach denselben Regeln offen, und der Stadtrat \
        sieht jedes Jahr, was mit dem Geld erreicht worden ist.\n\
        Im Landkreis Fürth gibt es einen solchen Fonds schon, beschlossen vom Kreistag.\n\
        [Unterschrift] Ort, Datum, Unterschrift für den Ausländerbeirat\n\
        == header1.xml\n\
        [Kopfzeile] Ausländerbeirat Fürth⇥Sitzung am 3. Mai 2026\n\
        == footer1.xml\n\
        [Fuzeile] Einrichtung eines Integrationsfonds⇥Seite 1 von 1\n\
        == core.xml\n\
        title: Antrag auf Einrichtung eines Integrationsfonds\n\
        language: de-DE";
    assert_eq!(outline, expected);
}

/// Each condition the other way round, in other genders and kinds.
#[test]
fn what_is_not_given_leaves_no_trace() {
    let house = house();
    let text = "Bitte den Antrag zum Integrationsfonds.\n\nKommune: Landkreis Gießen\n\
        Beirat: Kommunale Ausländervertretung\nBetrag: 1250,50\nSitzung: 1.12.2026\nAuszahlung: Raten";
    let (_, documents) = reply(&house, text);
    let [(name, outline)] = documents.as_slice() else {
        panic!("one document: {documents:?}");
    };
    assert_eq!(
        name,
        "Integrationsfonds_Landkreis-Gießen_Kommunale Ausländervertretung.docx"
    );
    let body = outline.split("\n==").next().unwrap();
    let expected = "\
        [berschrift1] Antrag auf Einrichtung eines Integrationsfonds\n\
        [Untertitel] Antrag der Kommunalen Ausländervertretung an den Kreistag des Landkreises Gießen zur \
        Sitzung am 1. Dezember 2026\n\
        [berschrift2] Beschlussvorschlag\n\
        Die Kommunale Ausländervertretung bittet den Kreistag, Folgendes zu beschließen:\n\
        [Listenabsatz] [1.] Der Landkreis Gießen richtet mit dem nächsten Haushalt einen Integrationsfonds ein. Der Fonds \
        fördert Vorhaben von Vereinen, Initiativen und Migrantenorganisationen, die im Landkreis Gießen \
        Teilhabe und Zusammenleben stärken. Vorhaben aus allen kreisangehörigen Städten und Gemeinden werden \
        gleichermaßen berücksichtigt.\n\
        [Listenabsatz] [2.] Der Fonds wird mit 1.250,50 Euro im Jahr ausgestattet. Bewilligte Mittel werden in Raten \
        ausgezahlt.\n\
        [Listenabsatz] [3.] Über die Vergabe entscheidet ein Gremium, in dem die Kommunale Ausländervertretung, der Kreistag \
        und die Verwaltung vertreten sind.\n\
        [Listenabsatz] [4.] Die Verwaltung berichtet dem Kreistag und der Kommunalen Ausländervertretung einmal im Jahr, \
        wofür die Mittel verwendet worden sind.\n\
        [berschrift2] Begründung\n\
        Integration gelingt vor Ort: im Verein, in der Schule, in der Nachbarschaft. Vieles davon wird \
        ehrenamtlich getragen und scheitert oft an kleinen Beträgen für Räume, Material, Fahrten oder \
        Sprachmittlung. Mit einem eigenen Fonds kann der Landkreis Gießen hier mit überschaubaren Mitteln viel \
        bewirken: Die Förderung wird verlässlich, sie steht allen nach denselben Regeln offen, und der Kreistag \
        sieht jedes Jahr, was mit dem Geld erreicht worden ist.\n\
        [Unterschrift] Ort, Datum, Unterschrift für die Kommunale Ausländervertretung";
    assert_eq!(body, expected);
}

#[test]
fn what_is_missing_is_asked_in_the_words_of_the_motion() {
    let house = house();
    let explained = house.explain(REQUEST);
    assert_eq!(explained["decision"], "question");
    assert_eq!(explained["template"], "integrationsfonds");
    assert_eq!(explained["question_about"], json!(["betrag", "sitzung"]));
    let (text, _) = reply(&house, &format!("{REQUEST}\nSitzung: 3. Mai"));
    assert!(
        text.contains(
            "Wie viel Euro soll der Integrationsfonds im Jahr bekommen? Schreiben Sie zum Beispiel: Betrag: 1"
        ),
        "{text}"
    );
    let wrong = format!("{REQUEST}\nBetrag: 5000\nSitzung: 3. Mai\nAuszahlung: bar");
    assert_eq!(
        house.explain(&wrong)["question_about"],
        json!(["auszahlung"])
    );
    let (text, _) = reply(&house, &wrong);
    let question = "Mit „bar“ kann ich hier nichts anfangen. Wie sollen die Mittel ausgezahlt werden?\n\n\
        1. in einer Summe\n2. in Raten\n3. nach Abrechnung\n";
    assert!(text.contains(question), "{text}");
}

#[test]
fn several_municipalities_get_their_documents_with_the_same_values() {
    let house = house();
    let text = "Bitte den Antrag zum Integrationsfonds für den Ausländerbeirat für:\n\nFürth\nErlangen\n\
        Landkreis Nürnberger Land\n\nBetrag: 5000\nSitzung: 3. Mai\nMaßnahmen:\n- Chor\n- Lauf in Roth\n";
    let (_, documents) = reply(&house, text);
    let names: Vec<&str> = documents.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Integrationsfonds_Stadt-Fürth_Ausländerbeirat.docx",
            "Integrationsfonds_Stadt-Erlangen_Ausländerbeirat.docx",
            "Integrationsfonds_Landkreis-Nürnberger Land_Ausländerbeirat.docx",
        ]
    );
    for (name, outline) in &documents {
        for line in [
            "| [Tabelleninhalt] 1 | [Tabelleninhalt] Chor |\n| [Tabelleninhalt] 2 | [Tabelleninhalt] Lauf in Roth |\n[b",
            "Der Fonds wird mit 5000 Euro im Jahr ausgestattet.",
            "zur Sitzung am 3. Mai 2026\n",
        ] {
            assert!(outline.contains(line), "{name}: {outline}");
        }
    }
}

#[test]
fn which_motion_is_asked_with_what_is_on_offer() {
    let house = house();
    let rest = "Kommune: Fürth\nBeirat: Ausländerbeirat";
    for (request, said) in [
        (
            "Bitte die Anträge zum Integrationsfonds und zum Integrationsplan.",
            "Welchen Musterantrag möchten Sie? Je Mail schicke ich einen;",
        ),
        (
            "Bitte den Antrag zum Wahlrecht.",
            "Einen Musterantrag „Wahlrecht“ habe ich nicht. Möchten Sie einen von diesen?",
        ),
    ] {
        let request = format!("{request}\n\n{rest}");
        let explained = house.explain(&request);
        assert_eq!(explained["question_about"], json!(["template"]));
        assert_eq!(explained["template"], Value::Null);
        let (text, documents) = reply(&house, &request);
        assert!(documents.is_empty());
        for said in [
            said,
            "1. Einrichtung eines Integrationsfonds",
            "2. Umsetzung des Nationalen Integrationsplanes in den Kommunen",
        ] {
            assert!(text.contains(said), "{said} is missing in {text}");
        }
    }
    let default = house.explain(&format!("Bitte den Musterantrag.\n\n{rest}"));
    assert_eq!(default["template"], "nationaler-integrationsplan");
}

/// A folder below a folder is no motion, and disturbs no command.
#[test]
fn an_example_is_not_on_offer_until_it_is_taken_up() {
    let house = House::new();
    house.write("antragsbote.toml", format!("{CONFIG}{WITH_TEMPLATES}"));
    take_up_example(&house);
    fs::remove_dir_all(house.path("vorlagen/integrationsfonds")).unwrap();
    house.write("vorlagen/beispiele/halb/template.toml", "titel = ");
    for command in [&["template", "list"][..], &["template", "check"]] {
        let run = house.run(command);
        assert_eq!(run.code, 0, "{}", run.errors);
        assert!(!run.output().contains("fonds"), "{}", run.output());
    }
    let run = house.run(&["template", "check", "integrationsfonds"]);
    assert_eq!(run.code, 66, "{}", run.errors);
    assert!(!run.errors.contains("beispiele"), "{}", run.errors);
    let explained = house.explain(REQUEST);
    assert_eq!(explained["question_about"], json!(["template"]));
}
