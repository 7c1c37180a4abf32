//! Conversations where two motions are on offer.

use super::thread::{said, talk_with};
use super::{Answer, Knowledge, knowledge};
use crate::understand::two_motions;

fn with_both() -> Knowledge {
    Knowledge {
        catalogue: two_motions(),
        ..knowledge()
    }
}

/// "fonds 09563000 Ausländerbeirat Stadtrat", "plan ?kommune", "?template".
fn told(answer: &Answer) -> String {
    let motion = match answer.template.as_ref().map(|id| id.as_str()) {
        Some("nationaler-integrationsplan") => "plan ",
        Some("integrationsfonds") => "fonds ",
        other => other.unwrap_or_default(),
    };
    format!("{motion}{}", said(answer))
}

/// For a conversation's beginning what each next mail makes of it.
fn check(beginning: &[&str], expected: &str, cases: &[(&str, &str)]) {
    let knowledge = with_both();
    let begun = talk_with(&knowledge, beginning);
    assert_eq!(begun.last().map(told).as_deref(), Some(expected));
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let answers = talk_with(&knowledge, &[beginning, &[*text]].concat());
            let last = answers.last().expect("an answer");
            let got = told(last);
            (got != *expected).then(|| {
                format!(
                    "{text:?}\n   wanted {expected}\n   got    {got} {:?}",
                    last.evidence
                )
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const TOWN: &str = "09563000 Ausländerbeirat Stadtrat";
const WHICH: &str = "Bitte beide Anträge.\n\nKommune: Fürth\nBeirat: Ausländerbeirat";
const FONDS: &str = "Bitte den Antrag zum Integrationsfonds.\n\nKommune: Fürth\nBeirat: \
    Ausländerbeirat\nBetrag: 5000\nSitzung: 3.5.2026";
const PLAN: &str = "Bitte den Musterantrag.\n\nKommune: Fürth\nBeirat: Ausländerbeirat";

#[test]
fn a_question_which_motion_is_answered_in_many_ways() {
    let plan = format!("plan {TOWN}");
    let fonds = "fonds ?betrag sitzung";
    let complete = format!("fonds {TOWN}");
    check(
        &[WHICH],
        "?template",
        &[
            ("1", fonds),
            ("2", &plan),
            ("den ersten", fonds),
            ("Den zweiten bitte.", &plan),
            ("den letzten", &plan),
            ("Einrichtung eines Integrationsfonds", fonds),
            ("den Integrationsfonds", fonds),
            ("Den Fonds bitte!", fonds),
            ("Integrationsfond", fonds),
            ("intergrationsfonds", fonds),
            ("den Plan", &plan),
            ("Den zum Integrationsplan, danke.", &plan),
            ("NIP", &plan),
            ("Vorlage: nationaler-integrationsplan", &plan),
            ("nicht den Plan, sondern den Integrationsfonds", fonds),
            ("beide", "?template"),
            ("den zur Integration", "?template"),
            ("den anderen", "?template"),
            ("Den zum Wahlrecht", "?template"),
            ("1\n\nBetrag: 5000\nSitzung: 3.5.2026", &complete),
            (
                "Integrationsfonds\nBetrag: 5000\nSitzung: 3.5.2026",
                &complete,
            ),
        ],
    );
}

/// What the first mail says for the fields is kept until it is known which motion it is for.
#[test]
fn fields_are_kept_while_the_motion_is_open() {
    let both = "Bitte die Anträge zum Integrationsfonds und zum Integrationsplan.\n\n\
        Kommune: Fürth\nBeirat: Ausländerbeirat\nBetrag: 5000\nSitzung: 3.5.2026\n\
        Begründung: In Zirndorf hat der Kreistag so beschlossen.";
    let plan = format!("plan {TOWN}");
    let fonds = format!("fonds {TOWN}");
    check(&[both], "?template", &[("1", &fonds), ("2", &plan)]);
}

#[test]
fn what_was_sent_is_changed_for_the_other_motion() {
    let plan = format!("plan {TOWN}");
    let fonds = format!("fonds {TOWN}");
    check(
        &[PLAN],
        &plan,
        &[
            ("Doch lieber den anderen Antrag.", "fonds ?betrag sitzung"),
            ("Doch lieber den anderen.", "?template"),
            ("Nein, den zum Integrationsfonds!", "fonds ?betrag sitzung"),
            ("Ich meinte den Integrationsfonds.", "fonds ?betrag sitzung"),
            (
                "Bitte auch noch den Antrag zum Integrationsfonds, Betrag: 5000, Sitzung: 3.5.2026",
                &fonds,
            ),
            (
                "Bitte den Antrag zum Integrationsfonds.",
                "fonds ?betrag sitzung",
            ),
            (
                "Bitte den Antrag zum Integrationsfonds für den Landkreis Hof.\nBetrag: 5000\nSitzung: 3.5.2026",
                "fonds 09475 Ausländerbeirat Kreistag",
            ),
            ("Danke!", "nothing-asked"),
            (
                "Nein, den Landkreis.",
                "plan 09573 Ausländerbeirat Kreistag",
            ),
        ],
    );
    check(
        &[FONDS],
        &fonds,
        &[
            ("Doch lieber den anderen Antrag.", &plan),
            ("Nein, den Integrationsplan bitte.", &plan),
            ("Betrag: 6000", &fonds),
            (
                "Nein, den Landkreis.",
                "fonds 09573 Ausländerbeirat Kreistag",
            ),
            (
                "Bitte auch für den Landkreis Fürth.",
                "fonds 09573 Ausländerbeirat Kreistag",
            ),
        ],
    );
}

#[test]
fn an_answer_about_fields_changes_the_motion_only_if_it_says_so() {
    let fonds = format!("fonds {TOWN}");
    let plan = format!("plan {TOWN}");
    check(
        &["Bitte den Antrag zum Integrationsfonds.\n\nKommune: Fürth\nBeirat: Ausländerbeirat"],
        "fonds ?betrag sitzung",
        &[
            ("Betrag: 5000\nSitzung: 3.5.2026", &fonds),
            ("5000 Euro", "fonds ?sitzung"),
            ("Betrag: 5000", "fonds ?sitzung"),
            ("Ach, doch lieber den Integrationsplan.", &plan),
            ("Doch lieber den anderen Antrag.", &plan),
            (
                "Betrag: 5000\nSitzung: 3.5.2026\nBegründung: Der Integrationsplan des Bundes liegt uns \
                 ja schon vor, ein Antrag dazu auch.",
                &fonds,
            ),
        ],
    );
}
