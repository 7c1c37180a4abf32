//! Conversations: mails of one thread, one after the other, each read against what the reply before left.

use super::{Answer, Knowledge, circumstances, knowledge, mail};
use crate::answer::{Decision, answer};
use crate::mail::parse;
use crate::understand::Earlier;

/// "09563000 Ausländerbeirat Stadtrat" for a document, "?kommune beirat" for questions, else the reason.
pub(super) fn said(answer: &Answer) -> String {
    match &answer.decision {
        Decision::Document => {
            let documents = answer.documents.iter().map(|document| {
                let key = document.kommune.as_str();
                format!("{key} {} {}", document.beirat, document.rat)
            });
            documents.collect::<Vec<_>>().join(" + ")
        }
        Decision::Question(topics) => {
            let topics: Vec<&str> = topics.iter().map(|topic| topic.as_str()).collect();
            format!("?{}", topics.join(" "))
        }
        other => other.reason().unwrap_or_default().to_owned(),
    }
}

/// Plays the mails of a thread; what was decided about each.
fn talk(mails: &[&str]) -> Vec<Answer> {
    talk_with(&knowledge(), mails)
}

pub(super) fn talk_with(knowledge: &Knowledge, mails: &[&str]) -> Vec<Answer> {
    let mut earlier: Option<Earlier> = None;
    let mut answers = Vec::new();
    for text in mails {
        let mut circumstances = circumstances();
        circumstances.earlier = earlier.clone();
        let answer = answer(&parse(&mail(text)), knowledge, &circumstances).expect("an answer");
        // a mail without a reply leaves the thread as it was
        earlier = answer.leaves.clone().or(earlier);
        answers.push(answer);
    }
    answers
}

/// For a conversation's beginning a table of what comes next and what that makes of it.
fn check(beginning: &[&str], cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let mails = [beginning, &[*text]].concat();
            let answers = talk(&mails);
            let last = answers.last().expect("an answer");
            let before = answers.len().checked_sub(2).and_then(|i| answers.get(i));
            (said(last) != *expected).then(|| {
                format!(
                    "{text:?}\n   wanted {expected}\n   got    {} {:?}\n   after {}",
                    said(last),
                    last.evidence,
                    before.map(said).unwrap_or_default()
                )
            })
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

/// Asks which Fürth: 1 the town, 2 the Landkreis; there is a third in Hessen.
const WHICH_FUERTH: &str = "Ich weiß nicht, ob Stadt oder Landkreis Fürth. Ausländerbeirat.";
/// Ten of the name, of all states.
const WHICH_NEUSTADT: &str = "Bitte den Antrag für den Ausländerbeirat in Neustadt.";
const TOWN: &str = "09563000 Ausländerbeirat Stadtrat";
const DISTRICT: &str = "09573 Ausländerbeirat Kreistag";
const BOTH: &str = "09563000 Ausländerbeirat Stadtrat + 09573 Ausländerbeirat Kreistag";
const HESSEN: &str = "06431007 Ausländerbeirat Gemeindevertretung";

#[test]
fn the_questions_are_as_the_tables_below_assume() {
    for (text, expected) in [
        (
            WHICH_FUERTH,
            &["Stadt Fürth (Bayern, ", "Landkreis Fürth (Bayern, "][..],
        ),
        (
            "Bitte den Antrag für Friedberg.",
            &[
                "Stadt Friedberg (Hessen, Wetteraukreis, ",
                "Stadt Friedberg (Bayern, Landkreis Aichach-Friedberg, ",
                "Ausländerbeirat",
                "Integrationsbeirat",
            ],
        ),
    ] {
        let answers = talk(&[text]);
        let asked = &answers[0].leaves.as_ref().expect("a thread").asked;
        let labels: Vec<&str> = asked
            .iter()
            .flat_map(|question| &question.candidates)
            .map(|choice| choice.label.as_str())
            .collect();
        for (label, expected) in labels.iter().zip(expected) {
            assert!(label.starts_with(expected), "{labels:?}");
        }
    }
}

#[test]
fn numbers_and_words_pick_a_candidate() {
    check(
        &[WHICH_FUERTH],
        &[
            ("1", TOWN),
            ("2", DISTRICT),
            ("Nr. 2", DISTRICT),
            ("Nummer zwei", DISTRICT),
            ("die zweite", DISTRICT),
            ("das zweite bitte", DISTRICT),
            ("Antwort 2", DISTRICT),
            ("die letzte", DISTRICT),
            ("ja genau, die erste", TOWN),
            ("Danke! 2. Viele Grüße", DISTRICT),
            ("2\n\nViele Grüße\nAnna Muster\nTel. 0911 123456", DISTRICT),
            ("1 und 2", BOTH),
            ("beide", BOTH),
            ("Alle beide bitte", BOTH),
            ("Stadt und Landkreis bitte", BOTH),
            ("Landkreis", DISTRICT),
            ("landkreis", DISTRICT),
            ("den Landkreis bitte", DISTRICT),
            ("der Landkreis natürlich", DISTRICT),
            ("nein, den Landkreis", DISTRICT),
            ("Für den Landkreis Fürth.", DISTRICT),
            ("die Stadt", TOWN),
            ("Die kreisfreie Stadt.", TOWN),
            ("in Hessen", HESSEN),
            ("die in Hessen", HESSEN),
            ("Fürth in Hessen", HESSEN),
            ("Fürth im Odenwald", HESSEN),
            ("die hessische", HESSEN),
            ("die Stadt in Bayern", TOWN),
            ("die größte", TOWN),
            ("64658", HESSEN),
            ("der Kreistag entscheidet", DISTRICT),
            ("Landkreis Fürth (Bayern, 119.826 Einwohner)", DISTRICT),
            ("Erlangen", "09562000 Ausländerbeirat Stadtrat"),
            (
                "Ach nein, es soll doch für Erlangen sein.",
                "09562000 Ausländerbeirat Stadtrat",
            ),
            (
                "Kommune: Landkreis Fürth\nBeirat: Integrationsbeirat",
                "09573 Integrationsbeirat Kreistag",
            ),
            (
                "der Landkreis, und zwar der Integrationsbeirat",
                "09573 Integrationsbeirat Kreistag",
            ),
            ("the second one please", DISTRICT),
            ("Nicht die Stadt, der Landkreis!", DISTRICT),
            ("Nr 1 ist richtig, Nr 2 nicht", TOWN),
            (
                "2 bitte, aber mit Integrationsbeirat",
                "09573 Integrationsbeirat Kreistag",
            ),
            ("Für die Stadt und für den Landkreis bitte je einen.", BOTH),
            ("2\n\nAnna Muster\nMusterstraße 1\n90762 Fürth", DISTRICT),
            // doubt stays a question
            ("nein", "?kommune"),
            ("nicht 1", "?kommune"),
            ("Keine Ahnung, fragen Sie den Kreistag.", "?kommune"),
            ("Wie lange dauert es denn?", "?kommune"),
            ("keine davon", "?kommune"),
            ("Bayern", "?kommune"),
            ("Fürth", "?kommune"),
            ("Ausländerbeirat Fürth", "?kommune"),
            ("1 oder 2", "?kommune"),
            ("7", "?kommune"),
            ("Weiß ich leider nicht.", "?kommune"),
            ("Unsere Sitzung ist am 2. Mai.", "?kommune"),
            ("Bitte rufen Sie an: 0911 1 2", "?kommune"),
            ("2, also die Stadt", "?kommune"),
            ("in Sachsen", "?kommune"),
            ("ja", "?kommune"),
            // silence
            ("Danke, ich melde mich.", "nothing-asked"),
        ],
    );
}

#[test]
fn one_of_ten_is_told_by_what_is_beside_it() {
    check(
        &[WHICH_NEUSTADT],
        &[
            (
                "Neustadt in Hessen",
                "06534016 Ausländerbeirat Stadtverordnetenversammlung",
            ),
            (
                "Hessen",
                "06534016 Ausländerbeirat Stadtverordnetenversammlung",
            ),
            ("die bei Coburg", "09473151 Ausländerbeirat Stadtrat"),
            ("Neustadt bei Coburg", "09473151 Ausländerbeirat Stadtrat"),
            ("an der Weinstraße", "07316000 Ausländerbeirat Stadtrat"),
            (
                "Neustadt an der Weinstraße",
                "07316000 Ausländerbeirat Stadtrat",
            ),
            ("93333", "09273152 Ausländerbeirat Stadtrat"),
            ("Bayern", "?kommune"),
            ("Neustadt", "?kommune"),
            ("alle", "?kommune"),
        ],
    );
}

#[test]
fn two_questions_are_answered_at_once_or_one_after_the_other() {
    let both = "06440008 Integrationsbeirat Stadtverordnetenversammlung";
    check(
        &["Bitte den Antrag für Friedberg."],
        &[
            ("2 und 4", "09771130 Integrationsbeirat Stadtrat"),
            ("2\n4", "09771130 Integrationsbeirat Stadtrat"),
            ("1, 4", both),
            ("Hessen, Integrationsbeirat", both),
            ("das in Hessen, und zwar der Integrationsbeirat", both),
            ("1 und der Integrationsbeirat", both),
            // the questions are counted, not the candidates
            ("1. Hessen\n2. Integrationsbeirat", both),
            (
                "1. Bayern\n2. Integrationsbeirat",
                "09771130 Integrationsbeirat Stadtrat",
            ),
            ("zu 1: Hessen, zu 2: Integrationsbeirat", both),
            ("Kommune: 1\nBeirat: 4", both),
            ("Integrationsbeirat", "?kommune"),
            ("2", "?beirat"),
            ("1 und 2", "?beirat"),
        ],
    );
    check(
        &["Bitte den Antrag für Friedberg.", "1"],
        &[
            ("Integrationsbeirat", both),
            ("der Integrationsbeirat der Stadt", both),
            ("2", both),
            ("beide", "?beirat"),
            (
                "Ausländerbeirat und Integrationsbeirat",
                "06440008 Ausländerbeirat Stadtverordnetenversammlung + 06440008 Integrationsbeirat Stadtverordnetenversammlung",
            ),
        ],
    );
    check(
        &["Bitte den Antrag für Friedberg.", "Integrationsbeirat"],
        &[("1", both), ("Hessen", both), ("die hessische Stadt", both)],
    );
    check(
        &["Bitte den Musterantrag."],
        &[
            ("Stadt Ulm", "?beirat"),
            ("Friedberg", "?kommune beirat"),
            (
                "Ulm, Ausländerbeirat",
                "08421000 Ausländerbeirat Gemeinderat",
            ),
            ("2", "?kommune"),
        ],
    );
}

#[test]
fn several_unclear_names_are_asked_about_each() {
    let beginning = "Bitte für die Ausländerbeiräte in Neustadt und Friedberg.";
    let answers = talk(&[beginning]);
    let asked = &answers[0].leaves.as_ref().expect("a thread").asked;
    let heard: Vec<_> = asked.iter().filter_map(|q| q.heard.as_deref()).collect();
    assert_eq!(heard, ["Neustadt", "Friedberg"]);
    check(
        &[beginning],
        &[
            (
                "beide in Hessen",
                "06534016 Ausländerbeirat Stadtverordnetenversammlung + 06440008 Ausländerbeirat Stadtverordnetenversammlung",
            ),
            ("in Bayern", "?kommune"),
            ("11", "?kommune"),
        ],
    );
    check(
        &[beginning, "11"],
        &[(
            "Hessen",
            "06534016 Ausländerbeirat Stadtverordnetenversammlung + 06440008 Ausländerbeirat Stadtverordnetenversammlung",
        )],
    );
}

#[test]
fn one_candidate_is_confirmed_with_a_yes() {
    check(
        &["Ausländerbeirat der Stadt Fürth, der Kreistag soll beschließen"],
        &[
            ("ja", TOWN),
            ("Ja, genau.", TOWN),
            ("1", TOWN),
            ("Stadtrat", TOWN),
            ("nein", "?rat"),
            ("Landkreis", DISTRICT),
        ],
    );
}

#[test]
fn what_was_sent_is_corrected_or_added_to() {
    check(
        &["Bitte den Musterantrag für den Ausländerbeirat Fürth."],
        &[
            ("nein, den Landkreis", DISTRICT),
            ("Nein, für den Landkreis.", DISTRICT),
            ("bitte für den Landkreis", DISTRICT),
            ("Bitte den Antrag für den Landkreis.", DISTRICT),
            ("Landkreis", DISTRICT),
            ("bitte auch für den Landkreis", DISTRICT),
            ("Danke! Jetzt bitte noch für den Landkreis.", DISTRICT),
            ("nicht Stadtrat sondern Kreistag", DISTRICT),
            ("nicht der Stadtrat, sondern der Kreistag", DISTRICT),
            ("das ist die falsche Stadt, Fürth im Odenwald", HESSEN),
            ("Nein, das in Hessen!", HESSEN),
            ("Nein, für Fürth in Hessen", HESSEN),
            (
                "jetzt noch mit Integrationsbeirat",
                "09563000 Integrationsbeirat Stadtrat",
            ),
            ("Integrationsbeirat", "09563000 Integrationsbeirat Stadtrat"),
            (
                "Wir sind doch der Integrationsbeirat",
                "09563000 Integrationsbeirat Stadtrat",
            ),
            ("nein, Erlangen", "09562000 Ausländerbeirat Stadtrat"),
            (
                "Bitte auch für Erlangen und Nürnberg.",
                "09562000 Ausländerbeirat Stadtrat + 09564000 Ausländerbeirat Stadtrat",
            ),
            ("nein, Neustadt", "?kommune"),
            ("falsch", "?kommune beirat"),
            ("Das stimmt nicht.", "?kommune beirat"),
            ("Nein", "?kommune beirat"),
            ("Danke", "nothing-asked"),
            ("Vielen Dank, das hat geholfen!", "nothing-asked"),
            ("Ja, passt.", "nothing-asked"),
            ("ok", "nothing-asked"),
            ("Danke, aber wir sind der Landkreis.", DISTRICT),
            ("Können Sie das auch für den Landkreis machen?", DISTRICT),
            (
                "Entschuldigung, ich meinte Erlangen.",
                "09562000 Ausländerbeirat Stadtrat",
            ),
            ("dasselbe für Nürnberg", "09564000 Ausländerbeirat Stadtrat"),
            // nothing is corrected
            ("Danke, der Landkreis wird sich freuen!", "nothing-asked"),
            (
                "Noch eine Frage: muss der Kreistag das auch beschließen?",
                "?kommune beirat",
            ),
            (
                "Danke! Der Stadtrat hat am 3. Mai zugestimmt.",
                "?kommune beirat",
            ),
            (
                "Der Stadtrat hat ihn leider nicht angenommen.",
                "?kommune beirat",
            ),
            // a request of its own takes nothing from the old one
            (
                "Bitte den Antrag für den Integrationsrat in Köln.",
                "05315000 Integrationsrat Rat",
            ),
            (
                "Wir bitten auch um den Musterantrag zur Umsetzung des Integrationsplans in Erlangen, unser Gremium heißt Migrationsbeirat.",
                "09562000 Migrationsbeirat Stadtrat",
            ),
            (
                "Bitte schicken Sie mir den Musterantrag für die Stadt Erlangen.",
                "?beirat",
            ),
        ],
    );
    check(
        &[
            "Bitte den Musterantrag für den Ausländerbeirat Fürth.",
            "falsch",
        ],
        &[
            ("Landkreis", DISTRICT),
            ("der Landkreis", DISTRICT),
            ("Integrationsbeirat", "09563000 Integrationsbeirat Stadtrat"),
        ],
    );
    check(
        &["Bitte den Musterantrag für den Ausländerbeirat Rüsselsheim am Main."],
        &[("nein, für den Kreis", "?kommune")],
    );
    check(
        &[
            "Bitte den Musterantrag für den Ausländerbeirat Rüsselsheim am Main.",
            "nein, für den Kreis",
        ],
        &[("ja", "06433 Ausländerbeirat Kreistag")],
    );
    check(
        &["Ausländerbeirat Neustadt in Holstein bitte"],
        &[
            ("Nein, das in Sachsen.", "14628260 Ausländerbeirat Stadtrat"),
            ("Nein, das in Bayern.", "?kommune"),
        ],
    );
    check(
        &["Ausländerbeirat Landkreis Rosenheim bitte"],
        &[("nein, die Stadt", "09163000 Ausländerbeirat Stadtrat")],
    );
    check(
        &[
            "Ausländerbeirat der Stadt Fürth, Stadtrat",
            "nein, Landkreis",
        ],
        &[("doch die Stadt", TOWN)],
    );
}

#[test]
fn answers_stand_above_below_and_between_the_quoted_question() {
    let above = "2\n\nAm 22.11.2026 um 11:15 schrieb Antragsbote:\n> Welche Kommune meinen Sie?\n> 1. Stadt Fürth (Bayern)\n> 3. Landkreis Fürth";
    let below = "Am 22.11.2026 um 11:15 schrieb Antragsbote:\n> Welche Kommune meinen Sie?\n> 1. Stadt Fürth (Bayern)\n\n2\n";
    let between = "> „Fürth“ gibt es mehrmals. Welche Kommune meinen Sie?\n>\n> 1. Stadt Fürth (Bayern)\n2\n> Antworten Sie einfach auf diese Mail.\n";
    let outlook = "Landkreis\n\n-----Ursprüngliche Nachricht-----\nVon: Antragsbote <antrag@example.org>\nGesendet: Sonntag, 22. November 2026 11:15\nAn: Anna Muster\nBetreff: Re: Musterantrag\n\nWelche Kommune meinen Sie?\n\n1. Stadt Fürth\n2. Gemeinde Fürth";
    check(
        &[WHICH_FUERTH],
        &[
            (above, DISTRICT),
            (below, DISTRICT),
            (between, DISTRICT),
            (outlook, DISTRICT),
        ],
    );
}

#[test]
fn after_two_rounds_comes_a_word_and_then_silence() {
    let unclear = "Das ist schwierig.";
    let answers = talk(&[WHICH_NEUSTADT, unclear, unclear, unclear, unclear]);
    let decided: Vec<String> = answers.iter().map(said).collect();
    assert_eq!(
        decided,
        ["?kommune", "?kommune", "?kommune", "loop", "loop"]
    );
    let text = super::reply(&answers[2])
        .body_text(0)
        .expect("a text")
        .into_owned();
    for said in [
        "    Kommune: Landkreis Fürth\r\n    Beirat: Integrationsbeirat",
        "- Beirat: Ausländerbeirat",
        "antrag@example.org",
        "amt@example.org",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    // whoever says it after all gets the document, and the count begins anew
    let late = [
        "Hessen",
        "Kommune: Stadt Neustadt (Hessen)\nBeirat: Ausländerbeirat",
    ];
    for late in late {
        check(
            &[WHICH_NEUSTADT, unclear, unclear, unclear, late],
            &[(unclear, "?kommune beirat")],
        );
        check(
            &[WHICH_NEUSTADT, unclear, unclear, unclear],
            &[(late, "06534016 Ausländerbeirat Stadtverordnetenversammlung")],
        );
    }
}

#[test]
fn a_signature_does_not_answer_what_the_text_answers() {
    check(
        &[WHICH_NEUSTADT],
        &[(
            "Hessen\n\n-- \nAusländerbeirat der Stadt Fürth\nKönigstraße 86, 90762 Fürth",
            "06534016 Ausländerbeirat Stadtverordnetenversammlung",
        )],
    );
}

#[test]
fn one_word_without_a_thread_is_a_question_about_both() {
    check(&[], &[("2", "?kommune beirat"), ("ja", "?kommune beirat")]);
}
