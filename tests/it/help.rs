//! Help: the page for those who write mails, which the bot also sends. Each example on it is a
//! mail that gets what the page promises.

use mail_parser::MessageParser;
use serde_json::Value;

use crate::program::{CONFIG, House};

const PAGE: &str = include_str!("../../docs/anfragen.md");

/// What each example of the page is answered with, in their order.
const EXAMPLES: [&[&str]; 3] = [
    &["Stadt-Hanau_Ausländerbeirat an Stadtverordnetenversammlung"],
    &["Landkreis-Fürth_Integrationsbeirat an Kreistag"],
    &[
        "Stadt-Erlangen_Ausländerbeirat an Stadtrat",
        "Stadt-Nürnberg_Ausländerbeirat an Stadtrat",
    ],
];

fn mail(subject: &str, text: &str) -> String {
    format!(
        "From: Ada <ada@example.com>\r\nTo: antrag@example.org\r\nSubject: {subject}\r\n\
         Message-ID: <1@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
}

fn explain(mail: &str) -> Value {
    let run = House::new().feed(&["answer", "--explain"], mail.as_bytes());
    assert_eq!(run.code, 0, "{}", run.errors);
    serde_json::from_slice(&run.bytes).unwrap()
}

/// The documents of a reply: "Stadt-Fürth_Ausländerbeirat an Stadtrat".
fn documents(mail: &str) -> Vec<String> {
    let explained = explain(mail);
    assert_eq!(explained["decision"], "document", "{mail}\n{explained}");
    let documents = explained["documents"].as_array().unwrap().iter();
    let told = documents.map(|document| {
        let file = document["file"].as_str().unwrap();
        let name = file.strip_prefix("Musterantrag_").unwrap();
        let name = name.strip_suffix(".docx").unwrap();
        format!("{name} an {}", document["rat"].as_str().unwrap())
    });
    told.collect()
}

/// Whether a mail is understood as a cry for help.
fn is_help(mail: &str) -> bool {
    let explained = explain(mail);
    explained["evidence"][0] == "Die Mail bittet um Hilfe."
        && explained["decision"] == "question"
        && explained["question_about"] == serde_json::json!(["kommune", "beirat"])
}

/// Both forms of the reply to a cry for help.
fn help(house: &House) -> (String, String) {
    let run = house.feed(&["answer"], mail("Hilfe", "").as_bytes());
    assert_eq!(run.code, 0, "{}", run.errors);
    let message = MessageParser::default().parse(&run.bytes).unwrap();
    let text = message.body_text(0).unwrap().replace("\r\n", "\n");
    let html = message.body_html(0).unwrap().replace("\r\n", "\n");
    (text, html)
}

#[test]
fn each_example_of_the_page_gets_what_it_promises() {
    let mut found = Vec::new();
    for fence in PAGE.split("```anfrage\n").skip(1) {
        let (text, _) = fence.split_once("\n```").unwrap();
        found.push(documents(&mail("Anfrage", &text.replace('\n', "\r\n"))));
    }
    assert_eq!(found, EXAMPLES);
}

#[test]
fn a_list_with_the_columns_that_the_page_names_is_answered() {
    let heads = ["Kommune", "Beirat"].map(|head| format!("„{head}“"));
    assert!(PAGE.contains(&heads.join(" und ")));
    let list = "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAnbei unsere Liste.\r\n\
        --x\r\nContent-Type: text/csv; charset=utf-8; name=liste.csv\r\n\
        Content-Disposition: attachment; filename=liste.csv\r\n\r\n\
        Kommune;Beirat\r\nHanau;Ausländerbeirat\r\nLandkreis Fürth;Integrationsbeirat\r\n--x--";
    let mail = mail("Anfrage", list).replace(
        "Content-Type: text/plain; charset=utf-8\r\n\r\n--x",
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x",
    );
    assert_eq!(documents(&mail), [EXAMPLES[0], EXAMPLES[1]].concat());
}

#[test]
fn the_help_is_the_page_with_the_bot_s_own_name_and_address() {
    let house = House::new();
    let config = CONFIG.replace(
        "address = \"antrag@example.org\"",
        "address = \"motionen@example.net\"\nname = \"Motionen der Stadt\"",
    );
    house.write("antragsbote.toml", config);
    let (text, html) = help(&house);
    let mut fenced = false;
    for line in PAGE.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
            continue;
        }
        let words = line.trim_start_matches(['#', ' ']);
        let said = words.replace("antrag@example.org", "motionen@example.net");
        let indent = if fenced { "    " } else { "" };
        let line = format!("\n{indent}{said}\n");
        assert!(said.is_empty() || text.contains(&line), "{said}:\n{text}");
        let marked = said.replace(
            "motionen@example.net",
            "<a href=\"mailto:motionen@example.net?subject=Musterantrag&amp;body=Kommune%3A%20%0D%0ABeirat%3A%20\">motionen@example.net</a>",
        );
        assert!(html.contains(&marked), "{marked}:\n{html}");
    }
    for sign in ["#", "`", "*", "[", "{", "antrag@example.org"] {
        assert!(!text.contains(sign), "{sign}:\n{text}");
    }
    assert!(text.contains("\n\nFreundliche Grüße\nMotionen der Stadt\n"));
    assert_eq!(html.matches("<h1").count(), 1, "{html}");
    let headings = PAGE.lines().filter(|line| line.starts_with("## ")).count();
    assert_eq!(html.matches("<h2").count(), headings, "{html}");
}

#[test]
fn help_is_asked_for_in_many_spellings() {
    let wrong: Vec<&str> = [
        "Hilfe",
        "hilfe",
        "HILFE!",
        "Hilfe?",
        "„Hilfe“",
        "hielfe",
        "Hilffe",
        "Help",
        "help!!",
        "Bitte Hilfe",
        "Hilfe bitte",
        "Ich brauche Hilfe.",
        "ich brauche bitte hilfe",
        "Guten Tag,\n\nHilfe\n\nMit freundlichen Grüßen\nAda Muster",
        "Hilfe\n\n-- \nAusländerbeirat der Stadt Fürth\nKönigstraße 86, 90762 Fürth",
        "Hilfe\n\nVon meinem iPhone gesendet",
        "Können Sie mir bitte helfen?",
        "Hallo! Wie funktioniert das hier?",
        "Wie geht das?",
        "Ich verstehe das nicht. Was muss ich schreiben?",
        "Haben Sie eine Anleitung?",
        "How does this work?",
    ]
    .into_iter()
    .filter(|text| !is_help(&mail("", &text.replace('\n', "\r\n"))))
    .collect();
    assert_eq!(wrong, [""; 0]);
    for (subject, text) in [
        ("Hilfe", ""),
        ("Hilfe", "Guten Tag"),
        ("HILFE!", "Mit freundlichen Grüßen\r\nAda Muster"),
        ("Re: Musterantrag", "Hilfe"),
        ("Musterantrag", "Hilfe!"),
    ] {
        assert!(is_help(&mail(subject, text)), "{subject}: {text}");
    }
}

/// The word alone is no cry for help where something is asked for, or thanked for.
#[test]
fn who_names_what_is_wanted_is_not_sent_the_page() {
    for (subject, text) in [
        ("", "Danke für Ihre Hilfe!"),
        ("", "Vielen Dank für die schnelle Hilfe."),
        (
            "Hilfe",
            "Bitte den Musterantrag für den Ausländerbeirat Fürth.",
        ),
        (
            "",
            "Hilfe, wir brauchen den Antrag für den Ausländerbeirat der Stadt Fürth.",
        ),
        (
            "",
            "Können Sie dem Integrationsrat in Köln helfen? Wir bitten um den Musterantrag.",
        ),
        ("", "Bitte den Musterantrag, ich brauche Ihre Hilfe."),
        ("", "Kommune: Hilfe\r\nBeirat: Ausländerbeirat"),
        (
            "Musterantrag",
            "Können Sie uns bitte weiterhelfen?\r\n\r\n-- \r\nAusländerbeirat der Stadt Fürth",
        ),
    ] {
        assert!(!is_help(&mail(subject, text)), "{subject}: {text}");
    }
}
