use crate::kommune::Register;
use crate::mail::Mail;
use crate::template::{Catalogue, Offer, TemplateId, built_in};
use crate::understand::tests::{compare, mail};
use crate::understand::{Earlier, Understanding, completed, understand};

const FIELDS: &str = r#"
title = "Anfrage zur Sitzung"
words = ["Anfrage"]

[fields.sitzung]
type = "date"
title = "Datum der Sitzung"
question = "Wann tagt der Rat?"
required = true
words = ["Sitzung am", "Termin"]

[fields.form]
type = "choice"
title = "Form der Antwort"
options = ["mündlich", "schriftlich"]
required = true

[fields.betrag]
type = "number"
words = ["Kosten"]
default = 0

[fields."begründung"]
type = "text"
title = "Begründung"
"#;

fn offers() -> Vec<Offer> {
    let mut files = built_in();
    files.insert("anfrage/template.toml".to_owned(), FIELDS.into());
    let motion = "{{ sitzung }} {{ form }} {{ betrag }} {{ begründung }}";
    files.insert("anfrage/motion.md".to_owned(), motion.into());
    let default = TemplateId::parse("nationaler-integrationsplan").unwrap();
    let catalogue = Catalogue::read(&files, &default, Register::built_in()).unwrap();
    catalogue.offers().to_vec()
}

/// Written on 20 April 2026.
fn written(text: &str) -> Mail {
    Mail {
        date: Some("2026-04-20T08:00:00Z".parse().unwrap()),
        ..mail("Ingrid Nolte", "Anfrage", text, "")
    }
}

/// Values of each wish, or questions with what was heard and the candidates.
fn said(understanding: &Understanding) -> String {
    let questions = understanding.questions.iter().map(|question| {
        let labels: Vec<&str> = question
            .candidates
            .iter()
            .map(|c| c.label.as_str())
            .collect();
        let heard = question.heard.as_deref().unwrap_or("-");
        format!(
            "?{} {heard} ({})",
            question.topic.as_str(),
            labels.join(", ")
        )
    });
    let wishes = understanding.wishes.iter().map(|wish| {
        let felder = wish.felder.iter();
        let felder: Vec<String> = felder
            .map(|(name, wert)| format!("{name}={wert}"))
            .collect();
        felder.join(" ")
    });
    questions.chain(wishes).collect::<Vec<_>>().join(" + ")
}

fn check(cases: &[(&str, &str)]) {
    let offers = offers();
    compare(cases, |text| {
        let text = format!("Bitte die Anfrage für den Ausländerbeirat Fürth.\n\n{text}");
        said(&understand(
            &written(&text),
            Register::built_in(),
            &offers,
            None,
        ))
    });
}

#[test]
fn lines_and_free_text_give_values() {
    let both = "form=schriftlich sitzung=3. Mai 2026";
    check(&[
        (
            "Datum der Sitzung: 3.5.2026\nForm der Antwort: schriftlich",
            both,
        ),
        ("SITZUNG: 03.05.26\nform: Schriftlich", both),
        ("Termin: So, 3. Mai 2026, 18 Uhr; Form: schrifltich", both),
        (
            "Die Sitzung am 3. Mai ist wichtig. Form der Antwort ist schriftlich.",
            both,
        ),
        (
            "Sitzung: 3. Mai\nForm der Antwort:\nschriftlich bitte",
            both,
        ),
        (
            "Sitzung: 2026-05-03\nForm: mündlich\nKosten: 1.250,50 €\nBegruendung: Weil „es“ fehlt, Rat: ja",
            "begründung=Weil „es“ fehlt, Rat: ja betrag=1.250,50 form=mündlich sitzung=3. Mai 2026",
        ),
        (
            "Sitzung: 3.5.2026\nForm: mündlich\nBegründung: Der Beirat hat in seiner letzten Sitzung lange\n\
             beraten und bittet darum.\nVielen Dank",
            "begründung=Der Beirat hat in seiner letzten Sitzung lange beraten und bittet darum. \
             form=mündlich sitzung=3. Mai 2026",
        ),
        (
            "Es geht um Kosten von ca. 500 Euro. Sitzung: 3.5.2026, Form: schriftlich",
            "betrag=500 form=schriftlich sitzung=3. Mai 2026",
        ),
    ]);
}

#[test]
fn what_is_missing_or_does_not_fit_is_asked() {
    let form = "?form - (mündlich, schriftlich)";
    let cases = [
        ("", "?sitzung - ()"),
        ("Sitzung: demnächst", "?sitzung demnächst ()"),
        ("Sitzung: 31.2.2026", "?sitzung 31.2.2026 ()"),
        (
            "Sitzung: 19. April",
            "?sitzung 19. April (19. April 2026, 19. April 2027)",
        ),
        (
            "Sitzung: Montag, 3. Mai 2026",
            "?sitzung Montag, 3. Mai 2026 (3. Mai 2026)",
        ),
        (
            "Sitzung: 3.5.2026\nTermin: 4.5.2026",
            "?sitzung 3.5.2026, 4.5.2026 (3. Mai 2026, 4. Mai 2026)",
        ),
        ("Sitzung:\n", "?sitzung - ()"),
    ];
    let cases = cases.map(|(text, question)| (text, format!("{question} + {form}")));
    let cases: Vec<(&str, &str)> = cases
        .iter()
        .map(|(text, said)| (*text, said.as_str()))
        .collect();
    check(&cases);
    check(&[
        (
            "Sitzung: 3.5.2026\nForm: telefonisch",
            "?form telefonisch (mündlich, schriftlich)",
        ),
        (
            "Sitzung: 3.5.2026\nForm: mündlich oder schriftlich",
            "?form mündlich oder schriftlich (schriftlich, mündlich)",
        ),
        (
            "Sitzung: 3.5.2026\nForm: mündlich\nBetrag: viel",
            "?betrag viel ()",
        ),
    ]);
}

#[test]
fn each_block_may_have_its_own_values() {
    let offers = offers();
    let understood = |text: &str| {
        let got = understand(&written(text), Register::built_in(), &offers, None);
        said(&got)
    };
    let text = "Form: mündlich\n\nKommune: Stadt Fürth\nBeirat: Ausländerbeirat\nSitzung: 3.5.2026\n\n\
                Kommune: Erlangen\nBeirat: Ausländerbeirat\nSitzung: 4.5.2026";
    assert_eq!(
        understood(text),
        "form=mündlich sitzung=3. Mai 2026 + form=mündlich sitzung=4. Mai 2026"
    );
    let once = text.replace("\nSitzung: 4.5.2026", "");
    assert_eq!(
        understood(&once),
        "form=mündlich sitzung=3. Mai 2026 + form=mündlich sitzung=3. Mai 2026"
    );
    let third = format!("{text}\n\nKommune: Bamberg\nBeirat: Migrationsbeirat");
    assert_eq!(understood(&third), "?sitzung - ()");
}

#[test]
fn what_is_settled_completes_the_request() {
    let got = understand(
        &written("Bitte die Anfrage für den Ausländerbeirat Fürth. Form: mündlich"),
        Register::built_in(),
        &offers(),
        None,
    );
    assert_eq!(
        completed(&got.request, None),
        [
            "Kommune: Stadt Fürth (Bayern)",
            "Beirat: Ausländerbeirat",
            "Vorlage: anfrage",
            "Form der Antwort: mündlich",
            "sitzung: "
        ]
    );
    let again = completed(&got.request, None).join("\n") + "3. Mai 2026";
    let got = understand(&written(&again), Register::built_in(), &offers(), None);
    assert_eq!(said(&got), "form=mündlich sitzung=3. Mai 2026");
}

#[test]
fn an_answer_gives_what_was_asked() {
    let offers = offers();
    let request = "Bitte die Anfrage für den Ausländerbeirat Fürth.";
    let of_form = format!("{request}\nSitzung: demnächst\nForm: mündlich");
    let both = "form=mündlich sitzung=3. Mai 2026";
    let cases: [(&str, &str, &str); 6] = [
        ("Am 3. Mai 2026.", &of_form, both),
        (
            "Hallo Bot,\n\nam Sonntag, 3. Mai, 18 Uhr.\n\nViele Grüße\nAnna",
            &of_form,
            both,
        ),
        ("Sitzung: 3.5.2026", &of_form, both),
        ("3.5.2026, mündlich bitte", request, both),
        (
            "im Mai irgendwann",
            &of_form,
            "?sitzung im Mai irgendwann ()",
        ),
        ("3.5.2026", request, "?form - (mündlich, schriftlich)"),
    ];
    for (answer, text, expected) in cases {
        let asked = understand(&written(text), Register::built_in(), &offers, None);
        let earlier = Earlier {
            request: asked.request,
            asked: asked.questions,
            rounds: 1,
        };
        let mut mail = written(answer);
        mail.subject = Some("Re: Ihre Anfrage".to_owned());
        let got = understand(&mail, Register::built_in(), &offers, Some(&earlier));
        assert_eq!(said(&got), expected, "{answer}");
    }
}

#[test]
fn values_are_harmless_and_bounded() {
    let long = "x".repeat(2_001);
    check(&[
        (
            "Sitzung: 3.5.2026\nForm: mündlich\nBegründung: {{ kommune }}<b>\u{202E}\u{7}&{% raw %}",
            "begründung={{ kommune }}<b> &{% raw %} form=mündlich sitzung=3. Mai 2026",
        ),
        (
            &format!("Sitzung: 3.5.2026\nForm: mündlich\nBegründung: {long}"),
            &format!("?begründung {long} ()"),
        ),
    ]);
}
