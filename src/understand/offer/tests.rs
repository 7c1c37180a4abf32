mod two;

pub(crate) use two::catalogue as two_motions;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::kommune::Register;
use crate::mail::Mail;
use crate::template::{Offer, TemplateId};
use crate::understand::tests::{compare, mail};
use crate::understand::{Topic, understand};

fn offer(id: &str, title: &str, words: &[&str]) -> Offer {
    Offer {
        id: TemplateId::parse(id).unwrap(),
        title: title.to_owned(),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        default: id == "nip",
        felder: Vec::new(),
    }
}

fn offers() -> Vec<Offer> {
    vec![
        offer(
            "nip",
            "Umsetzung des Nationalen Integrationsplanes in den Kommunen",
            &["Nationaler Integrationsplan", "Integrationsplan", "NIP"],
        ),
        offer(
            "wahlrecht",
            "Kommunales Wahlrecht",
            &["Wahlrecht", "Wahlrecht für alle"],
        ),
        offer(
            "rassismus",
            "Resolution gegen Rassismus",
            &["Rassismus", "Antirassismus"],
        ),
    ]
}

/// The motion that the text names, "-" for none, "?heard (candidates)" for a question.
fn said(subject: &str, text: &str) -> String {
    said_of(&mail("Ingrid Nolte", subject, text, ""), &offers())
}

fn said_of(mail: &Mail, offers: &[Offer]) -> String {
    let got = understand(mail, Register::built_in(), offers, None);
    let asked = got
        .questions
        .iter()
        .find(|question| question.topic == Topic::Template);
    if let Some(question) = asked {
        let heard = question.heard.clone().unwrap_or_default();
        let lines = question.candidates.iter();
        let ids: Vec<&str> = lines
            .map(|c| c.line.trim_start_matches("Vorlage: "))
            .collect();
        return format!("?{heard} ({})", ids.join(" "));
    }
    got.template
        .map_or("-".to_owned(), |id| id.as_str().to_owned())
}

fn check(cases: &[(&str, &str)]) {
    compare(cases, |text| said("Musterantrag", text));
}

const ALL: &str = "(nip wahlrecht rassismus)";

#[test]
fn a_plain_request_names_none() {
    let rests = [
        "Bitte den Musterantrag für den Ausländerbeirat Fürth.",
        "Bitte den Antrag zur nächsten Sitzung, Ausländerbeirat Fürth.",
        "Bitte den Musterantrag zur Vorlage im Stadtrat, Ausländerbeirat Fürth.",
        "Wir brauchen das Muster zum Ausfüllen, Ausländerbeirat Fürth.",
        "Bitte den Antrag für die Sitzung am 3. Mai, Ausländerbeirat Fürth.",
        "Den Musterantrag bitte zur Weiterleitung an den Ausländerbeirat Fürth.",
        "Wir bitten um den Musterantrag zur Beschlussfassung, Ausländerbeirat Fürth.",
        "Bitte den Antrag zu Händen von Frau Meier, Ausländerbeirat Fürth.",
        "Bitte den Antrag auf Deutsch, Ausländerbeirat Fürth.",
        "Bitte den Musterantrag auf Papier und als Datei, Ausländerbeirat Fürth.",
        "Wir wollen den Antrag auf den Weg bringen, Ausländerbeirat Fürth.",
        "Wir wollen den Antrag auf der nächsten Sitzung stellen, Ausländerbeirat Fürth.",
        "Bitte den Antrag zur kommenden Stadtratssitzung, Ausländerbeirat Fürth.",
        "Bitte den Antrag zum Ausländerbeirat Fürth.",
        "Bitte den Antrag zum Landkreis Fürth, Ausländerbeirat.",
        "Bitte schicken Sie uns die Vorlage zum Herunterladen, Ausländerbeirat Fürth.",
        "Bitte die Vorlage, die zur Verabschiedung durch den Stadtrat dient, Ausländerbeirat Fürth.",
        "Antrag auf Zusendung des Musterantrags, Ausländerbeirat Fürth",
        "Vorlage: Musterantrag\nKommune: Fürth\nBeirat: Ausländerbeirat",
        "Vorlage: ja, bitte\nKommune: Fürth\nBeirat: Ausländerbeirat",
        "Vorlage:\nKommune: Fürth\nBeirat: Ausländerbeirat",
        "Unser Antrag zur Verkehrswende wurde abgelehnt. Bitte den Musterantrag für den Ausländerbeirat Fürth.",
        "Bitte den Antrag zur Umsetzung vor Ort, Ausländerbeirat Fürth.",
        "Musterantrag für unsere Arbeit, Ausländerbeirat Fürth",
        "Bitte den Musterantrag zum Einbringen in den Stadtrat, Ausländerbeirat Fürth.",
        "Bitte den Antrag zu TOP 5 der Sitzung, Ausländerbeirat Fürth.",
        "Wir brauchen den Antrag zum Jahresbeginn, Ausländerbeirat Fürth.",
        "Ich habe das Muster zum Abwandeln gesucht, bitte für den Ausländerbeirat Fürth.",
        "Bitte den Antrag zum Thema Ihrer Mail, Ausländerbeirat Fürth.",
        "bitte den antrag zur naechsten sitzung, auslaenderbeirat fuerth",
        "Bitte den Antrag zu Integration und Teilhabe, Ausländerbeirat Fürth.",
    ];
    check(&rests.map(|text| (text, "-")));
}

#[test]
fn a_motion_is_named_by_whole_words() {
    check(&[
        (
            "Bitte den Antrag zum Integrationsplan, Ausländerbeirat Fürth.",
            "nip",
        ),
        ("Bitte den Musterantrag NIP, Ausländerbeirat Fürth.", "nip"),
        (
            "Bitte den Antrag zum kommunalen Wahlrecht, Ausländerbeirat Fürth.",
            "wahlrecht",
        ),
        (
            "Antrag wegen des Wahlrechts für alle, Ausländerbeirat Fürth, bitte.",
            "wahlrecht",
        ),
        (
            "Vorlage: Wahlrecht\nKommune: Fürth\nBeirat: Ausländerbeirat",
            "wahlrecht",
        ),
        (
            "Vorlage: rassismus\nKommune: Fürth\nBeirat: Ausländerbeirat",
            "rassismus",
        ),
        (
            "Bitte die Resolution gegen Rassismus, Ausländerbeirat Fürth.",
            "rassismus",
        ),
        (
            "Bitte den Antrag gegen Rassismus, Ausländerbeirat Fürth.",
            "rassismus",
        ),
        ("Wahlrecht, Ausländerbeirat Fürth", "wahlrecht"),
        // "NIP" is no part of another word
        (
            "Bitte den Musterantrag, Ausländerbeirat Fürth. Gruß, Nippes e. V.",
            "-",
        ),
        (
            "Bitte nicht den zum Wahlrecht, sondern den Antrag zum Integrationsplan, Ausländerbeirat Fürth.",
            "nip",
        ),
    ]);
}

#[test]
fn what_is_not_on_offer_or_not_clear_is_asked() {
    let cases = [
        (
            "Bitte den Musterantrag zum Thema Verkehrswende, Ausländerbeirat Fürth.",
            "?Verkehrswende",
        ),
        (
            "Bitte den Musterantrag zum Thema: Klimaschutz, Ausländerbeirat Fürth.",
            "?Klimaschutz",
        ),
        (
            "Wir bitten um den Antrag auf Einbürgerung, Ausländerbeirat Fürth.",
            "?Einbürgerung",
        ),
        (
            "Bitte die Resolution zu Afghanistan, Ausländerbeirat Fürth.",
            "?Afghanistan",
        ),
        (
            "Bitte den Antrag zur kommunalen Verkehrswende, Ausländerbeirat Fürth.",
            "?kommunalen Verkehrswende",
        ),
        (
            "Bitte den Antrag zur Umsetzung der Istanbul-Konvention, Ausländerbeirat Fürth.",
            "?Umsetzung der Istanbul-Konvention",
        ),
        (
            "Bitte den Antrag „Kein Platz für Nazis“, Ausländerbeirat Fürth.",
            "?Kein Platz für Nazis",
        ),
        (
            "Antrag bezüglich Kinderbetreuung, Ausländerbeirat Fürth, bitte",
            "?Kinderbetreuung",
        ),
        (
            "Vorlage: Parkgebühren\nKommune: Fürth\nBeirat: Ausländerbeirat",
            "?Parkgebühren",
        ),
    ];
    let cases = cases.map(|(text, heard)| (text, format!("{heard} {ALL}")));
    let cases: Vec<(&str, &str)> = cases
        .iter()
        .map(|(text, said)| (*text, said.as_str()))
        .collect();
    check(&cases);
    check(&[
        (
            "Bitte die Anträge zum Wahlrecht und gegen Rassismus, Ausländerbeirat Fürth.",
            "? (wahlrecht rassismus)",
        ),
        (
            "Das Wahlrecht beschäftigt uns seit vielen Jahren, auch im vorigen Herbst. Bitte den \
             Musterantrag für den Ausländerbeirat Fürth.",
            "? (wahlrecht nip)",
        ),
    ]);
}

#[test]
fn a_subject_counts_where_the_text_names_none() {
    let text = "Bitte den Antrag für den Ausländerbeirat Fürth.";
    assert_eq!(said("Kommunales Wahlrecht", text), "wahlrecht");
    assert_eq!(
        said("Antrag zur Verkehrswende", text),
        format!("?Verkehrswende {ALL}")
    );
    let named = "Bitte den Antrag gegen Rassismus, Ausländerbeirat Fürth.";
    assert_eq!(said("Antrag", named), "rassismus");
    assert_eq!(
        said("Kommunales Wahlrecht", named),
        "? (rassismus wahlrecht)"
    );
    assert_eq!(said("Re: Kommunales Wahlrecht", text), "-");
}

const WORDS: [&str; 12] = [
    "Wahlrecht",
    "„Würde“",
    "\"Mitsprache\"",
    "für",
    "alle",
    "Übergänge",
    "(Teil 2)",
    "Jugend-/Elternarbeit",
    "‚jetzt‘",
    "NIP",
    "Straße",
    "& mehr",
];
const JOINTS: [&str; 5] = [" ", ", ", ": ", " – ", "; "];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// What a reply shows as the title of a motion names that motion when it comes back,
    /// whatever else its words would name.
    #[test]
    fn a_title_in_its_line_is_that_motion(
        first in select(&WORDS[..]),
        rest in vec((select(&JOINTS[..]), select(&WORDS[..])), 1..6),
    ) {
        let rest = rest.into_iter().map(|(joint, word)| format!("{joint}{word}"));
        let title = format!("Konzept {first}{}", rest.collect::<String>());
        let mut offers = offers();
        offers.push(offer("konzept", &title, &[]));
        for name in [title.as_str(), "konzept"] {
            let text = format!("Vorlage: {name}\nKommune: Stadt Fürth\nBeirat: Ausländerbeirat");
            let mail = mail("Ingrid Nolte", "Musterantrag", &text, "");
            prop_assert_eq!(said_of(&mail, &offers), "konzept", "{}", name);
        }
    }
}
