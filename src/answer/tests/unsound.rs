//! A motion that is not sound: whoever asks for it gets no other one, and nobody else notices.

use super::*;
use crate::answer::Error;
use crate::policy::Rules;
use crate::template::Broken;

const PLAN: &str = "nationaler-integrationsplan";

/// With a second motion, the fund, of which this is wrong; `default` is what a mail means that names none.
fn with_broken(path: &str, text: &str, default: &str) -> Knowledge {
    let mut files = built_in();
    let manifest = "title = \"Fonds für Integration\"\nwords = [\"Bürgerfonds\"]\n\
                    [fields.betrag]\ntype = \"number\"\nrequired = true\nquestion = \"Wie viel Geld?\"\n";
    files.insert("fonds/template.toml".into(), manifest.into());
    files.insert("fonds/motion.md".into(), "{{ betrag }}".into());
    files.insert(path.into(), text.into());
    let default = TemplateId::parse(default).expect("an id");
    let mut broken = Broken::new();
    let register = Register::built_in();
    let catalogue = Catalogue::take_up(None, &files, &default, register, &mut broken);
    assert_eq!(broken.len(), 1, "{broken:?}");
    Knowledge {
        catalogue: catalogue.expect("a default motion"),
        ..knowledge()
    }
}

/// "document plan", "question: kommune plan", "waits: fonds" …
fn outcome(knowledge: &Knowledge, text: &str) -> String {
    match answer(&parse(&mail(text)), knowledge, &circumstances()) {
        Ok(answer) => {
            let topics = match &answer.decision {
                Decision::Question(topics) => topics
                    .iter()
                    .map(|it| it.as_str())
                    .collect::<Vec<_>>()
                    .join(" "),
                _ => String::new(),
            };
            let template = answer.template.as_ref().map_or("", TemplateId::as_str);
            format!("{} {topics} {template}", answer.decision.as_str())
        }
        Err(Error::Unsound { template }) => format!("waits {}", template.as_str()),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn who_asks_for_it_waits_and_who_asks_for_another_has_it() {
    let wrong = [
        ("fonds/motion.md", "{{ betrg }}"),
        ("fonds/motion.docx", "PK"),
        (
            "fonds/template.toml",
            "titel = \"Fonds für Integration\"\nwords = [\"Bürgerfonds\"]",
        ),
        (
            "fonds/template.toml",
            "title = Fonds für Integration\nwords = [\"Bürgerfonds\"\n",
        ),
    ];
    for (path, text) in wrong {
        let knowledge = with_broken(path, text, PLAN);
        for (ask, expected) in [
            (
                "Bitte den Musterantrag für den Landkreis Fürth, Ausländerbeirat.",
                "document  nationaler-integrationsplan",
            ),
            (
                "Bitte den Antrag „Fonds für Integration“ für den Landkreis Fürth, Ausländerbeirat. Betrag: 5000",
                "waits fonds",
            ),
            (
                "Bitte den Antrag zum Bürgerfonds für den Landkreis Fürth, Ausländerbeirat. Betrag: 5000",
                "waits fonds",
            ),
            (
                "Vorlage: fonds\nKommune: Landkreis Fürth\nBeirat: Ausländerbeirat\nBetrag: 5000",
                "waits fonds",
            ),
            // what is open is asked at once
            (
                "Bitte den Antrag zum Bürgerfonds für Neustadt, Ausländerbeirat. Betrag: 5000",
                "question kommune fonds",
            ),
        ] {
            assert_eq!(outcome(&knowledge, ask), expected, "{path} {text}: {ask}");
        }
    }
}

#[test]
fn a_default_motion_that_is_not_sound_makes_only_those_wait_who_mean_it() {
    let mut knowledge = with_broken("fonds/motion.md", "{{ betrg }}", "fonds");
    for (ask, expected) in [
        (
            "Bitte den Musterantrag für den Landkreis Fürth, Ausländerbeirat. Betrag: 5000",
            "waits fonds",
        ),
        (
            "Bitte den Musterantrag für den Landkreis Fürth, Ausländerbeirat.",
            "question betrag fonds",
        ),
        (
            "Bitte den Antrag zum Integrationsplan für den Landkreis Fürth, Ausländerbeirat.",
            "document  nationaler-integrationsplan",
        ),
    ] {
        assert_eq!(outcome(&knowledge, ask), expected, "{ask}");
    }
    let asked = answer(
        &parse(&mail(
            "Bitte den Musterantrag für den Landkreis Fürth, Ausländerbeirat.",
        )),
        &knowledge,
        &circumstances(),
    );
    let asked = asked.expect("a question");
    let text = reply(&asked).body_text(0).expect("a text").into_owned();
    assert!(text.contains("Wie viel Geld?"), "{text}");
    // a limit counts once there is something to send
    knowledge.rules = Rules {
        documents_per_sender_per_hour: 0,
        ..Rules::default()
    };
    assert_eq!(
        outcome(
            &knowledge,
            "Bitte den Musterantrag für den Landkreis Fürth, Ausländerbeirat. Betrag: 5000"
        ),
        "waits fonds"
    );
}

#[test]
fn help_names_it_as_before() {
    let knowledge = with_broken("fonds/motion.md", "{{ betrg }}", PLAN);
    let helped = answer(&parse(&mail("Hilfe")), &knowledge, &circumstances()).expect("help");
    let text = reply(&helped).body_text(0).expect("a text").into_owned();
    for title in [
        "Fonds für Integration",
        "Umsetzung des Nationalen Integrationsplanes",
    ] {
        assert!(text.contains(title), "{text}");
    }
}
