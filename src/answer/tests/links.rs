//! Every link of a question, followed and sent: it is the request that its label promises. So is
//! the answer that gives its number or repeats its label.

use super::thread::said;
use super::{Answer, answer, circumstances, knowledge, mail, reply};
use crate::answer::{Decision, Knowledge};
use crate::kommune::{Kommune, Register};
use crate::mail::parse;
use crate::understand::Topic;

/// The label of each link of a question and the request it carries.
fn links(asked: &Answer) -> Vec<(String, String)> {
    let html = reply(asked)
        .body_html(0)
        .expect("an HTML form")
        .into_owned();
    html.split("<li style=\"margin: 0.5em 0\"><a href=\"")
        .skip(1)
        .map(|link| {
            let (href, rest) = link.split_once('"').expect("an address");
            let (_, label) = rest.split_once('>').expect("a label");
            let (label, _) = label.split_once("</a>").expect("its end");
            (
                label.replace("&amp;", "&"),
                body(&href.replace("&amp;", "&")),
            )
        })
        .collect()
}

/// What a mail program puts into the mail (RFC 6068 section 2).
fn body(href: &str) -> String {
    assert!(href.len() <= 1_900 && href.is_ascii(), "{href}");
    let (address, fields) = href.split_once('?').expect("header fields");
    assert_eq!(address, "mailto:antrag@example.org");
    let fields: Vec<_> = fields
        .split('&')
        .filter_map(|f| f.split_once('='))
        .collect();
    let [("subject", "Musterantrag"), ("body", body)] = fields.as_slice() else {
        panic!("{fields:?}");
    };
    let mut bytes = Vec::new();
    let mut rest = body.bytes();
    while let Some(byte) = rest.next() {
        let hex = |byte: Option<u8>| char::from(byte.expect("two digits")).to_digit(16);
        bytes.push(match byte {
            b'%' => {
                let (a, b) = (
                    hex(rest.next()).expect("hex"),
                    hex(rest.next()).expect("hex"),
                );
                u8::try_from(a * 16 + b).expect("a byte")
            }
            byte => {
                assert!(
                    byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte),
                    "{href}"
                );
                byte
            }
        });
    }
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    text
}

fn ask(knowledge: &Knowledge, text: &str) -> Answer {
    answer(&parse(&mail(text)), knowledge, &circumstances()).expect("an answer")
}

/// A mail in the thread of a question.
fn answer_to(knowledge: &Knowledge, asked: &Answer, text: &str) -> Answer {
    let mut circumstances = circumstances();
    circumstances.earlier = asked.leaves.clone();
    answer(&parse(&mail(text)), knowledge, &circumstances).expect("an answer")
}

/// How a question shows it: "Stadt Fürth (Bayern, …".
fn is_shown_as(kommune: &Kommune, label: &str) -> bool {
    let land = kommune.land.name();
    let title = kommune.title();
    let title = title.strip_suffix(&format!(" ({land})")).unwrap_or(&title);
    label.starts_with(&format!("{title} ({land}"))
}

/// Follows every link of the question that a request raises; returns how many there were.
fn follow(knowledge: &Knowledge, request: &str) -> usize {
    let asked = ask(knowledge, request);
    let Decision::Question(topics) = &asked.decision else {
        return 0;
    };
    let links = links(&asked);
    for (number, (label, body)) in (1..).zip(&links) {
        let sent = ask(knowledge, body);
        for answered in [
            number.to_string(),
            label.clone(),
            format!("{number}. {label}"),
        ] {
            let answer = answer_to(knowledge, &asked, &answered);
            let told = format!("{request}: {answered}: {}", said(&answer));
            assert_eq!(answer.decision, sent.decision, "{told}");
            assert_eq!(said(&answer), said(&sent), "{told}");
        }
        let told = format!("{request}: {label}: {body}: {}", said(&sent));
        match &sent.decision {
            Decision::Document => {
                let [document] = sent.documents.as_slice() else {
                    panic!("{told}");
                };
                let kommune = knowledge
                    .register
                    .get(&document.kommune)
                    .expect("a municipality");
                let named = document.beirat == *label || document.rat == *label;
                assert!(named || is_shown_as(kommune, label), "{told}");
            }
            // the other question is all that is left
            Decision::Question(left) => {
                assert!(
                    topics.len() > 1 && left.len() == 1 && topics.contains(&left[0]),
                    "{told}"
                );
                let of_kommune = label.contains(" (");
                assert_eq!(left[0] == Topic::Beirat, of_kommune, "{told}");
            }
            _ => panic!("{told}"),
        }
    }
    links.len()
}

#[test]
fn a_link_sent_is_the_document_or_leaves_only_the_other_question() {
    let knowledge = knowledge();
    let all: Vec<&Kommune> = Register::built_in().kommunen().collect();
    let odd = |kommune: &&&Kommune| kommune.name.contains(['/', '(', ',', '.', '\'', '-']);
    let some = all
        .iter()
        .step_by(97)
        .chain(all.iter().filter(odd).step_by(41));
    let mut followed = 0;
    for kommune in some {
        let name = &kommune.name;
        let land = kommune.land.name();
        followed += follow(
            &knowledge,
            &format!("Kommune: {} ({land})", kommune.title()),
        );
        followed += follow(
            &knowledge,
            &format!("Kommune: {name}\nBeirat: Ausländerbeirat"),
        );
    }
    for name in [
        "Neustadt",
        "Friedberg",
        "Lichtenfels",
        "Mühlhausen",
        "Hausen",
        "Buchholz",
    ] {
        followed += follow(&knowledge, &format!("Bitte den Antrag für {name}."));
        followed += follow(&knowledge, &format!("Ausländerbeirat {name}"));
    }
    followed += follow(&knowledge, "Ausländerbeirat Stadt Fürth, Kreistag");
    followed += follow(
        &knowledge,
        "Ich weiß nicht, ob Stadt oder Landkreis Fürth. Ausländerbeirat.",
    );
    assert!(followed > 800, "{followed}");
}

#[test]
fn a_link_carries_all_motions_of_a_request() {
    let knowledge = knowledge();
    let asked = ask(
        &knowledge,
        "Bitte für den Integrationsrat Köln und den Ausländerbeirat Neustadt.",
    );
    let links = links(&asked);
    let (_, body) = links
        .iter()
        .find(|(label, _)| label.contains("Hessen"))
        .expect("Neustadt in Hessen");
    assert_eq!(
        said(&ask(&knowledge, body)),
        "05315000 Integrationsrat Rat + 06534016 Ausländerbeirat Stadtverordnetenversammlung"
    );
}
