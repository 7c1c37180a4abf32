mod alarms;
mod help;
mod links;
mod motions;
mod report;
mod thread;
mod trial;
mod unsound;

use std::io::Read;

use super::{Answer, Circumstances, Decision, Knowledge, answer};
use crate::kommune::Register;
use crate::mail::{Address, MessageId, parse};
use crate::policy::{Recent, Refused, Rules};
use crate::request::RequestId;
use crate::template::{Catalogue, TemplateId, Texts, built_in};

const SEED: &str = include_str!("../../tests/real/seed.txt");

fn knowledge() -> Knowledge {
    let default = TemplateId::parse("nationaler-integrationsplan").expect("an id");
    Knowledge {
        bot: Address {
            name: Some("Antragsbote".into()),
            email: "antrag@example.org".into(),
        },
        admin: Some("amt@example.org".into()),
        register: Register::built_in(),
        catalogue: Catalogue::read(&built_in(), &default, Register::built_in())
            .expect("sound motions"),
        texts: Texts::read(&built_in(), Register::built_in()).expect("sound texts"),
        rules: Rules::default(),
    }
}

fn circumstances() -> Circumstances {
    Circumstances {
        now: "2026-11-22T10:15:00Z".parse().expect("a timestamp"),
        request: RequestId::parse("01JD00000000000000000000AB").expect("a ULID"),
        reply_id: MessageId::parse("antwort@example.org").expect("an id"),
        boundary: "=_grenze".into(),
        recent: Recent::default(),
        earlier: None,
    }
}

fn mail(text: &str) -> Vec<u8> {
    format!(
        "From: Anna Muster <anna@example.com>\r\nTo: antrag@example.org\r\n\
         Subject: Musterantrag\r\nMessage-ID: <1@example.com>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    )
    .into_bytes()
}

fn ask(text: &str) -> Answer {
    answer(&parse(&mail(text)), &knowledge(), &circumstances()).expect("an answer")
}

fn reply(answer: &Answer) -> mail_parser::Message<'_> {
    let bytes = &answer.reply.as_ref().expect("a reply").bytes;
    mail_parser::MessageParser::default()
        .parse(bytes)
        .expect("a mail")
}

/// The text of each paragraph of a document.
fn paragraphs(package: &[u8]) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(package)).expect("a package");
    let mut xml = String::new();
    archive
        .by_name("word/document.xml")
        .expect("the main part")
        .read_to_string(&mut xml)
        .expect("UTF-8");
    let text_of = |paragraph: &str| -> String {
        paragraph
            .split("<w:t")
            .skip(1)
            .filter(|run| run.starts_with(['>', ' ']))
            .filter_map(|run| run.split_once('>')?.1.split_once("</w:t>"))
            .map(|(text, _)| text)
            .collect()
    };
    let unescape = |text: String| {
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    };
    xml.split("</w:p>").map(|p| unescape(text_of(p))).collect()
}

/// The seed's sentences with its alternatives settled.
fn seed(beirat: &str, rat: &str, die_kommune: &str, in_kommune: &str) -> Vec<String> {
    let settled = SEED
        .replace("Ausländerbeirat/Integrationsbeirat*", beirat)
        .replace("Stadtrat/Kreistag*", rat)
        .replace("Stadtrat/Kreistag", rat)
        .replace("die Stadt/ den Landkreis XXX**", die_kommune)
        .replace("in XXX**", in_kommune);
    let notes = ["* nicht", "** Name"];
    settled
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !notes.iter().any(|note| line.starts_with(note)))
        .map(|line| {
            let (number, item) = line.split_once(". ").unwrap_or_default();
            let counted = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            if counted { item } else { line }.to_owned()
        })
        .collect()
}

#[test]
fn a_correction_is_proposed_only_where_the_name_may_mean_another_place() {
    for (wanted, expected) in [
        (
            "Stadt Fürth",
            "zum Beispiel: „Nein, für den Landkreis.“ Oder",
        ),
        (
            "Landkreis Fürth",
            "zum Beispiel: „Nein, für die Stadt.“ Oder",
        ),
        (
            "Stadt Münster",
            "und schreiben Sie, was anders sein soll. Oder",
        ),
        (
            "Stadt Hanau",
            "und schreiben Sie, was anders sein soll. Oder",
        ),
    ] {
        let answer = ask(&format!("Kommune: {wanted}\nBeirat: Integrationsbeirat"));
        let text = reply(&answer).body_text(0).unwrap().replace("\r\n", "\n");
        assert!(
            text.replace('\n', " ").contains(expected),
            "{wanted}: {text}"
        );
    }
}

#[test]
fn the_seed_is_merged_to_the_letter() {
    let cases = [
        (
            "Kommune: Stadt Fürth\nBeirat: Ausländerbeirat\nRat: Stadtrat",
            "Ausländerbeirat",
            "Stadtrat",
            "die Stadt Fürth",
            "in Fürth",
            "Stadt-Fürth",
        ),
        (
            "Kommune: Stadt Fürth\nBeirat: Integrationsbeirat\nRat: Stadtrat",
            "Integrationsbeirat",
            "Stadtrat",
            "die Stadt Fürth",
            "in Fürth",
            "Stadt-Fürth",
        ),
        (
            "Kommune: Landkreis Fürth\nBeirat: Ausländerbeirat\nRat: Kreistag",
            "Ausländerbeirat",
            "Kreistag",
            "den Landkreis Fürth",
            "im Landkreis Fürth",
            "Landkreis-Fürth",
        ),
        (
            "Kommune: Landkreis Fürth\nBeirat: Integrationsbeirat\nRat: Kreistag",
            "Integrationsbeirat",
            "Kreistag",
            "den Landkreis Fürth",
            "im Landkreis Fürth",
            "Landkreis-Fürth",
        ),
    ];
    for (request, beirat, rat, die_kommune, in_kommune, file) in cases {
        let answer = ask(request);
        assert_eq!(answer.decision, Decision::Document, "{request}");
        let [document] = answer.documents.as_slice() else {
            panic!("one document, not {}", answer.documents.len());
        };
        assert_eq!(document.file, format!("Musterantrag_{file}_{beirat}.docx"));
        let mut rest = paragraphs(&document.bytes).into_iter();
        for sentence in seed(beirat, rat, die_kommune, in_kommune) {
            assert!(
                rest.any(|paragraph| paragraph == sentence),
                "missing: {sentence}"
            );
        }
        let text = paragraphs(&document.bytes).join("\n");
        assert!(!text.contains("XXX") && !text.contains("**") && !text.contains("{{"));
    }
}

#[test]
fn the_reply_carries_the_document_and_says_what_was_understood() {
    let answer = ask("Kommune: Landkreis Fürth\nBeirat: Ausländerbeirat");
    let reply = reply(&answer);
    let text = reply.body_text(0).expect("a text form");
    for said in [
        "mit dem sich der Ausländerbeirat an den Kreistag wendet",
        "- Landkreis Fürth (Bayern), Antrag: Ausländerbeirat, Beschluss: Kreistag, Datei: Musterantrag_Landkreis-Fürth_Ausländerbeirat.docx",
        "Aktenzeichen: 01JD00000000000000000000AB",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    let html = reply.body_html(0).expect("an HTML form");
    assert!(
        html.contains("<a href=\"mailto:antrag@example.org?subject="),
        "{html}"
    );
    use mail_parser::MimeHeaders;
    let attachment = reply.attachments().next().expect("the document");
    assert_eq!(attachment.contents(), answer.documents[0].bytes);
    assert_eq!(
        attachment.attachment_name(),
        Some("Musterantrag_Landkreis-Fürth_Ausländerbeirat.docx")
    );
}

#[test]
fn the_same_mail_gives_the_same_bytes() {
    let request = "Kommune: Landkreis Fürth\nBeirat: Ausländerbeirat";
    assert_eq!(ask(request), ask(request));
}

#[test]
fn a_question_offers_candidates_as_links() {
    let answer = ask("Bitte den Musterantrag für den Ausländerbeirat in Neustadt.");
    assert!(
        matches!(answer.decision, Decision::Question(_)),
        "{answer:?}"
    );
    let reply = reply(&answer);
    let text = reply.body_text(0).expect("a text form");
    assert!(text.contains("\n1. "), "{text}");
    let html = reply.body_html(0).expect("an HTML form");
    assert!(
        html.contains("><a href=\"mailto:antrag@example.org?subject=Musterantrag&amp;body="),
        "{html}"
    );
    assert!(!text.contains("{{") && !text.contains("\n\n\n"), "{text}");
}

#[test]
fn what_is_missing_is_asked_for() {
    let answer = ask("Bitte schicken Sie mir den Musterantrag.");
    let explained = answer.explain(Register::built_in());
    assert_eq!(
        explained["question_about"],
        serde_json::json!(["kommune", "beirat"])
    );
    let text = reply(&answer)
        .body_text(0)
        .expect("a text form")
        .into_owned();
    assert!(
        text.contains("Für welche Stadt, welche Gemeinde oder welchen Landkreis"),
        "{text}"
    );
    assert!(
        text.contains("Welches Gremium stellt den Antrag?"),
        "{text}"
    );
}

#[test]
fn explains_in_the_words_of_the_contract() {
    let explained =
        ask("Kommune: Stadt Fürth\nBeirat: Ausländerbeirat").explain(Register::built_in());
    assert_eq!(
        explained["documents"],
        serde_json::json!([{
            "kommune": "09563000", "name": "Fürth", "art": "Stadt", "land": "Bayern",
            "beirat": "Ausländerbeirat", "rat": "Stadtrat",
            "file": "Musterantrag_Stadt-Fürth_Ausländerbeirat.docx"
        }])
    );
    let keys: Vec<&String> = explained.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        [
            "decision",
            "template",
            "documents",
            "question_about",
            "reason",
            "evidence"
        ]
    );
    assert_eq!(explained["reason"], serde_json::Value::Null);

    let own = "From: antrag@example.org\r\nSubject: x\r\n\r\nHallo";
    let ignored =
        answer(&parse(own.as_bytes()), &knowledge(), &circumstances()).expect("an answer");
    assert_eq!(ignored.reply, None);
    let explained = ignored.explain(Register::built_in());
    assert_eq!(explained["decision"], "ignore");
    assert_eq!(explained["reason"], "own-mail");
}

#[test]
fn refusals_are_answered_with_a_sentence() {
    let mut circumstances = circumstances();
    circumstances.recent.size = 30 << 20;
    let answer = answer(&parse(&mail("Hallo")), &knowledge(), &circumstances).expect("an answer");
    assert_eq!(answer.decision, Decision::Refuse(Refused::TooLarge));
    let text = reply(&answer)
        .body_text(0)
        .expect("a text form")
        .into_owned();
    assert!(text.contains("Ihre Mail ist zu groß"), "{text}");
}

#[test]
fn too_many_documents_at_once_are_refused() {
    let mut circumstances = circumstances();
    circumstances.recent.documents = 600;
    let request = mail("Kommune: Stadt Fürth\nBeirat: Ausländerbeirat");
    let answer = answer(&parse(&request), &knowledge(), &circumstances).expect("an answer");
    assert_eq!(answer.decision, Decision::Refuse(Refused::RateLimit));
}

#[test]
fn documents_too_large_together_are_asked_for_in_parts() {
    let rows = |rows: usize| {
        let head = "Kommune;Beirat\n".to_owned();
        mail(
            &(head
                + &"Stadt Fürth;Ausländerbeirat\nStadt Hanau;Ausländerbeirat\n".repeat(rows / 2)),
        )
    };
    let mut knowledge = knowledge();
    let one = answer(
        &parse(&mail("Kommune: Stadt Fürth\nBeirat: Ausländerbeirat")),
        &knowledge,
        &circumstances(),
    );
    let size = one
        .expect("an answer")
        .documents
        .iter()
        .map(|it| it.bytes.len())
        .sum::<usize>();
    knowledge.rules.documents_in_reply = size * 2 - 1;
    let answered = answer(&parse(&rows(2)), &knowledge, &circumstances()).expect("an answer");
    assert_eq!(answered.decision, Decision::Refuse(Refused::TooLarge));
    assert_eq!(
        answered.evidence,
        ["2 Dokumente sind zu groß für eine Antwort, 1 wären es nicht."]
    );
    let text = reply(&answered)
        .body_text(0)
        .expect("a text form")
        .into_owned();
    let says =
        "Sie haben um 2 Anträge auf einmal gebeten; zusammen sind sie für eine Mail zu groß.";
    assert!(
        text.contains(says) && text.contains("höchstens einem Antrag"),
        "{text}"
    );
    knowledge.rules.documents_in_reply = size - 1;
    let alone = answer(&parse(&rows(2)), &knowledge, &circumstances());
    assert!(
        matches!(alone, Err(super::Error::Oversized { fitting: 0 })),
        "{alone:?}"
    );
}

#[test]
fn what_a_mail_says_never_becomes_markup_or_marks() {
    let answer = ask("Kommune: {{ kommune }}<b>\u{202E}&\nBeirat: Ausländerbeirat");
    let html = reply(&answer)
        .body_html(0)
        .expect("an HTML form")
        .into_owned();
    assert!(!html.contains("<b>"), "{html}");
}
