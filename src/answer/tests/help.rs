//! Help: who asks how to ask gets `docs/anfragen.md`, and what was settled stays.

use super::thread::{said, talk_with};
use super::{Answer, Knowledge, knowledge, reply};
use crate::kommune::Register;
use crate::template::{Texts, built_in};
use crate::understand::two_motions;

/// What an answer to a cry for help begins with.
const CRIED: &str = "Musterantrag können Sie bei mir bekommen";

fn text(answer: &Answer) -> String {
    let reply = reply(answer);
    reply
        .body_text(0)
        .expect("a text form")
        .replace("\r\n", "\n")
}

fn talk(mails: &[&str]) -> Vec<Answer> {
    talk_with(&knowledge(), mails)
}

/// The three answers that the page gives as examples.
#[test]
fn what_the_page_says_of_questions_and_corrections_is_so() {
    let page = crate::template::anfragen("antrag@example.org");
    let unclear = "Ich weiß nicht, ob Stadt oder Landkreis Fürth. Ausländerbeirat.";
    let district = "09573 Ausländerbeirat Kreistag";
    for (before, next) in [
        (unclear, "2"),
        (unclear, "der Landkreis"),
        (
            "Bitte den Musterantrag für die Stadt Fürth. Wir sind der Ausländerbeirat.",
            "Nein, für den Landkreis.",
        ),
    ] {
        assert!(page.contains(&format!("„{next}“")), "{next}");
        let answers = talk(&[before, next]);
        assert_eq!(said(&answers[1]), district, "{next}");
    }
}

#[test]
fn a_cry_for_help_in_a_thread_loses_nothing() {
    let asked = "Bitte den Antrag für den Ausländerbeirat in Neustadt.";
    let answers = talk(&[asked, "Hilfe!", "Hessen"]);
    assert_eq!(said(&answers[1]), "?kommune");
    let help = text(&answers[1]);
    assert!(help.contains(CRIED), "{help}");
    assert!(help.contains("- Beirat: Ausländerbeirat"), "{help}");
    assert_eq!(
        said(&answers[2]),
        "06534016 Ausländerbeirat Stadtverordnetenversammlung"
    );
    // behind a document, too
    let answers = talk(&["Kommune: Stadt Fürth\nBeirat: Ausländerbeirat", "Hilfe"]);
    assert_eq!(said(&answers[1]), "?kommune beirat");
    assert!(text(&answers[1]).contains(CRIED));
}

/// Whoever asks for help by quoting the page asks for nothing that stands in it.
#[test]
fn the_page_quoted_below_an_answer_asks_for_nothing() {
    let first = talk(&["Hilfe"]);
    let page = text(&first[0]);
    let quoted: Vec<String> = page.lines().map(|line| format!("> {line}")).collect();
    let quoted = quoted.join("\n");
    let head = "Am 22.11.2026 um 11:15 schrieb Antragsbote:";
    let outlook = "-----Ursprüngliche Nachricht-----\nVon: Antragsbote <antrag@example.org>\n\
        Gesendet: Sonntag, 22. November 2026 11:15\nAn: Anna Muster\nBetreff: Re: Musterantrag\n\n";
    for (new, expected) in [
        ("Hilfe", "?kommune beirat"),
        ("Danke!", "nothing-asked"),
        (
            "Integrationsrat der Stadt Köln",
            "05315000 Integrationsrat Rat",
        ),
    ] {
        for mail in [
            format!("{new}\n\n{head}\n{quoted}"),
            format!("{new}\n\n{outlook}{page}"),
        ] {
            let answers = talk(&["Hilfe", &mail]);
            assert_eq!(said(&answers[1]), expected, "{mail}");
        }
    }
}

#[test]
fn a_further_field_may_speak_of_help() {
    let both = Knowledge {
        catalogue: two_motions(),
        ..knowledge()
    };
    let asked = "Bitte den Antrag zum Integrationsfonds.\n\nKommune: Fürth\nBeirat: Ausländerbeirat\n\
        Sitzung: 3.5.2026";
    for fields in [
        "Betrag: 5000\nMaßnahmen: Hilfe für Geflüchtete; Anleitung",
        "5000 Euro für Hilfe im Alltag",
    ] {
        let answers = talk_with(&both, &[asked, fields]);
        let document = "09563000 Ausländerbeirat Stadtrat";
        assert_eq!(said(&answers[1]), document, "{fields}");
    }
    let answers = talk_with(&both, &[asked, "Hilfe"]);
    assert_eq!(said(&answers[1]), "?betrag");
    let help = text(&answers[1]);
    let titles = "- Umsetzung des Nationalen Integrationsplanes in den Kommunen\n- Einrichtung eines Integrationsfonds\n";
    assert!(help.contains(titles), "{help}");
}

/// An administrator's own text from before there was a page.
#[test]
fn an_own_text_without_the_page_goes_on_working() {
    let mut files = built_in();
    let own = "Guten Tag,\n\nbitte rufen Sie an.\n\n{% for zeile in verstanden %}\n- {{ zeile }}\n{% endfor %}\n{{ verwaltung }}\n";
    files.insert("mail/help.txt".into(), own.into());
    let own = Knowledge {
        texts: Texts::read(&files, Register::built_in()).expect("sound texts"),
        ..knowledge()
    };
    let answers = talk_with(&own, &["Bitte den Antrag für Fürth Stadt.", "Hilfe"]);
    assert_eq!(
        text(&answers[1]),
        "Guten Tag,\n\nbitte rufen Sie an.\n\n- Kommune: Stadt Fürth (Bayern)\n\namt@example.org\n"
    );
}
