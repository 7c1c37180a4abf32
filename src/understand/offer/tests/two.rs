//! The shipped motion and the example beside it, whose names are alike.

use super::said_of;
use crate::kommune::Register;
use crate::mail::File;
use crate::template::{Catalogue, Offer, TemplateId, built_in};
use crate::understand::tests::{compare, mail};

/// Both motions, as an administrator offers them who has taken up the example.
pub(crate) fn catalogue() -> Catalogue {
    let manifest =
        include_bytes!("../../../../templates/beispiele/integrationsfonds/template.toml");
    let motion = include_bytes!("../../../../templates/beispiele/integrationsfonds/motion.docx");
    let mut files = built_in();
    files.insert("integrationsfonds/template.toml".into(), manifest.to_vec());
    files.insert("integrationsfonds/motion.docx".into(), motion.to_vec());
    let default = TemplateId::parse("nationaler-integrationsplan").unwrap();
    Catalogue::read(&files, &default, Register::built_in()).unwrap()
}

/// "plan", "fonds", "-" for none, "? (fonds plan)" for a question.
fn said(subject: &str, text: &str, files: &[&str], offers: &[Offer]) -> String {
    let mut mail = mail("Ingrid Nolte", subject, text, "");
    mail.files = files
        .iter()
        .map(|name| File {
            name: (*name).to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: Vec::new(),
        })
        .collect();
    said_of(&mail, offers)
        .replace("nationaler-integrationsplan", "plan")
        .replace("integrationsfonds", "fonds")
}

fn check(cases: &[(&str, &str)]) {
    let catalogue = catalogue();
    compare(cases, |text| {
        let text = format!("{text}\n\nKommune: Fürth\nBeirat: Ausländerbeirat");
        said("Anfrage", &text, &[], catalogue.offers())
    });
}

const BOTH: &str = "? (fonds plan)";

#[test]
fn the_second_motion_is_named_in_many_ways() {
    let cases = [
        "Bitte den Antrag zum Integrationsfonds.",
        "Bitte den Musterantrag auf Einrichtung eines Integrationsfonds.",
        "Wir bitten um den Antrag „Einrichtung eines Integrationsfonds“.",
        "Bitte den Antrag zur Einrichtung von Integrationsfonds.",
        "Bitte den Antrag wegen des Integrationsfonds'.",
        "Wir hätten gern den Antrag für einen Fonds für Integration.",
        "bitte den antrag zum integrationsfonds",
        "BITTE DEN ANTRAG ZUM INTEGRATIONSFONDS",
        "Bitte den Antrag zum Integrations-Fonds.",
        "Bitte den Antrag zum Integrationsfond.",
        "Bitte den Antrag zum Intergrationsfonds.",
        "Bitte den Antrag zum Fonds.",
        "Bitte den Antrag auf Einrichtung eines Fonds.",
        "Bitte statt des Integrationsplans den Antrag zum Integrationsfonds.",
        "Bitte statt des Integrationsplans den Fonds-Antrag.",
        "Bitte den Integrationsfonds-Antrag.",
        "Bitte den Integrationsfondsantrag.",
        "Vorlage: Integrationsfonds",
        "Vorlage: integrationsfonds",
        "Integrationsfonds",
        "Der Nationale Integrationsplan sieht das vor. Bitte schicken Sie uns den Antrag zum Integrationsfonds.",
        "Bitte nicht den Integrationsplan, sondern den Antrag zum Integrationsfonds.",
        "Den Antrag zum Integrationsplan haben wir schon erhalten. Bitte schicken Sie noch den zum Integrationsfonds.",
        "Bitte den Antrag zum Integrationsfonds.\nBegründung: Der Nationale Integrationsplan fordert es, bitte beachten.",
        "Bitte den Antrag zum Integrationsfonds.\nBegründung: Der Antrag zum Wahlrecht lag dem Landkreis Peine vor.",
    ];
    check(&cases.map(|text| (text, "fonds")));
}

#[test]
fn the_default_motion_stays_the_default() {
    check(&[
        ("Bitte den Musterantrag.", "-"),
        ("Bitte den Antrag zur nächsten Sitzung.", "-"),
        ("Bitte den Antrag zum Integrationsplan.", "plan"),
        ("Bitte den Antrag zum Nationalen Integrations-Plan.", "plan"),
        ("Bitte den Antrag zum Intergrationsplan.", "-"),
        ("Bitte den Muster-Antrag als Word-Vorlage.", "-"),
        ("Bitte den Dringlichkeits-Antrag.", "-"),
        (
            "Bitte den Integrationsplan-Antrag, nicht den anderen.",
            "plan",
        ),
        ("Vorlage: NIP", "plan"),
        (
            "Bitte nicht den Integrationsfonds, sondern den Integrationsplan.",
            "plan",
        ),
    ]);
}

#[test]
fn doubt_is_a_question() {
    check(&[
        (
            "Bitte die Anträge zum Integrationsfonds und zum Integrationsplan.",
            BOTH,
        ),
        (
            "Bitte den Antrag zum Integrationsplan. Außerdem bitte den zum Integrationsfonds.",
            "? (plan fonds)",
        ),
        ("Bitte den Antrag zur Integration.", BOTH),
        ("Bitte den Integrationsantrag.", BOTH),
        ("Bitte beide Anträge.", BOTH),
        ("Bitte beide Musteranträge schicken.", BOTH),
        ("Bitte den anderen Antrag.", BOTH),
        ("Haben Sie auch andere Anträge?", BOTH),
        (
            "Bitte nicht den Integrationsplan, sondern den anderen Antrag.",
            BOTH,
        ),
        ("Bitte nicht den zum Integrationsplan.", "? (fonds)"),
        ("Welche Musteranträge haben Sie?", BOTH),
        (
            "Bitte den Antrag zum Nationalen Aktionsplan gegen Rassismus.",
            "?Nationalen Aktionsplan gegen Rassismus (fonds plan)",
        ),
        (
            "Bitte den Antrag zur Einrichtung eines Jugendparlaments.",
            "?Einrichtung eines Jugendparlaments (fonds plan)",
        ),
        (
            "Bitte den Antrag zum Sozialfonds.",
            "?Sozialfonds (fonds plan)",
        ),
        (
            "Vorlage: Integrationsplan\nKommune: Hof\nBeirat: Ausländerbeirat\n\nVorlage: Integrationsfonds",
            "? (plan fonds)",
        ),
        ("Vorlage: Integration", "?Integration (fonds plan)"),
        // fields that only the other motion has
        (
            "Bitte den Musterantrag.\nBetrag: 5000 Euro\nAuszahlung: in Raten",
            BOTH,
        ),
        (
            "Seit Jahren reden die Vereine bei uns von einem Integrationsfonds, das wissen alle. Wir \
             brauchen den Musterantrag bis Freitag.",
            BOTH,
        ),
    ]);
}

#[test]
fn subjects_and_attachments_are_heard() {
    let catalogue = catalogue();
    let rest = "Kommune: Fürth\nBeirat: Ausländerbeirat";
    let fonds = format!("Bitte den Antrag zum Integrationsfonds.\n\n{rest}");
    let plain = format!("Bitte den Musterantrag.\n\n{rest}");
    for (subject, text, files, expected) in [
        ("Integrationsfonds", &plain, &[][..], "fonds"),
        (
            "Antrag auf Einrichtung eines Integrationsfonds",
            &plain,
            &[],
            "fonds",
        ),
        ("Integrationsplan", &fonds, &[], BOTH),
        ("Integrationsfonds und Integrationsplan", &plain, &[], BOTH),
        ("Re: Integrationsfonds", &plain, &[], "-"),
        (
            "Bitte",
            &plain,
            &["Musterantrag_Integrationsfonds.pdf"],
            BOTH,
        ),
        ("Bitte", &plain, &["Integrationsplan.pdf"], "-"),
        ("Bitte", &fonds, &["Integrationsplan.pdf"], "fonds"),
    ] {
        let got = said(subject, text, files, catalogue.offers());
        assert_eq!(got, expected, "{subject} {text} {files:?}");
    }
}

/// Where only the shipped motion is on offer, its neighbour is one that is not.
#[test]
fn a_motion_that_is_called_alike_is_another() {
    let catalogue = catalogue();
    let offers = catalogue.offers().iter().filter(|offer| offer.default);
    let offers: Vec<Offer> = offers.cloned().collect();
    let table = [
        (
            "Bitte den Antrag zum Integrationsfonds.",
            "?Integrationsfonds (plan)",
        ),
        (
            "Bitte den Antrag zum Integrations-Fonds.",
            "?Integrations-Fonds (plan)",
        ),
        ("Bitte den Antrag zur Integration.", "-"),
        ("Bitte beide Anträge.", "-"),
        ("Bitte den anderen Antrag.", "-"),
    ];
    compare(&table, |text| {
        let text = format!("{text}\n\nKommune: Fürth\nBeirat: Ausländerbeirat");
        said("Anfrage", &text, &[], &offers)
    });
}
