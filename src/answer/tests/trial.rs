use mail_parser::MimeHeaders;

use super::{circumstances, knowledge, paragraphs, reply};
use crate::answer::{self, Answer, Decision, Knowledge, recipient, trial};
use crate::kommune::Register;
use crate::mail::{Attachment, Mail, parse};
use crate::merge::word_package;
use crate::policy::{Authentication, Ignored, Recent, Refused};
use crate::template::{Catalogue, TemplateId, built_in};
use crate::understand::Topic;

const ADMIN: &str = "amt@example.org";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const SOUND: &str = "# Antrag\n\n{{ Der Beirat }} bittet {{ den Rat }} {{ in kommune }}.";
const FAULTY: &str = "# Antrag\n\n{{ Der Beirat }} bittet {{ kommun }}.";

fn word(markdown: &str) -> Vec<u8> {
    word_package(markdown, "Antrag").expect("a package")
}

fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Attachment {
    Attachment {
        name: name.to_owned(),
        media_type: DOCX,
        bytes: bytes.into(),
    }
}

/// A mail of the administrator with these fields above its own.
fn mail(above: &str, subject: &str, text: &str, files: &[Attachment]) -> Mail {
    let mut raw = format!(
        "{above}From: Das Amt <{ADMIN}>\nTo: antrag@example.org\nSubject: {subject}\n\
         Message-ID: <7@amt.example>\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=grenze\n\n\
         --grenze\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    );
    for file in files {
        raw.push_str(&format!(
            "--grenze\nContent-Type: {}\nContent-Transfer-Encoding: base64\n\
             Content-Disposition: attachment; filename*=UTF-8''{}\n\n{}\n",
            file.media_type,
            file.name.replace(' ', "%20").replace('ü', "%C3%BC"),
            base64(&file.bytes)
        ));
    }
    raw.push_str("--grenze--\n");
    parse(raw.as_bytes())
}

/// RFC 4648, in lines of 76.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (number, group) in bytes.chunks(3).enumerate() {
        let bits = group
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            out.push(if place <= group.len() {
                char::from(digit)
            } else {
                '='
            });
        }
        if number % 19 == 18 {
            out.push('\n');
        }
    }
    out
}

fn tried(mail: &Mail) -> Answer {
    answer::answer(mail, &knowledge(), &circumstances()).expect("an answer")
}

fn text(answer: &Answer) -> String {
    reply(answer)
        .body_text(0)
        .expect("a text form")
        .replace("\r\n", "\n")
}

/// Names and bytes of what the reply carries.
fn attached(answer: &Answer) -> Vec<(String, Vec<u8>)> {
    let reply = reply(answer);
    let files = reply.attachments().map(|file| {
        let name = file.attachment_name().expect("a name").to_owned();
        (name, file.contents().to_vec())
    });
    files.collect()
}

#[test]
fn a_sound_template_comes_back_with_its_report_and_a_sample() {
    let sent = [file("Mein Antrag für alle.docx", word(SOUND))];
    let answer = tried(&mail("", "Vorlage neuer Antrag", "Bitte prüfen.", &sent));
    assert_eq!(answer.decision, Decision::Document);
    assert_eq!(answer.template, None);
    let explained = answer.explain(Register::built_in());
    let [document] = answer.documents.as_slice() else {
        panic!("one sample, not {}", answer.documents.len());
    };
    assert!(
        document.file.starts_with("Probe_Musterantrag_Stadt-"),
        "{}",
        document.file
    );
    assert_eq!(explained["documents"][0]["file"], document.file);
    assert_eq!(explained["template"], serde_json::Value::Null);
    let said = text(&answer);
    assert!(
        said.contains("„Mein Antrag für alle.docx“ ist in Ordnung: ")
            && said.contains(&document.file)
            && said.contains("antragsbote template check NAME"),
        "{said}"
    );
    let samples = attached(&answer);
    let sample = samples.iter().find(|(name, _)| *name == document.file);
    assert_eq!(sample.expect("the sample").1, document.bytes);
    let reply = answer.reply.as_ref().expect("a reply");
    assert_eq!(reply.to, ADMIN);
    assert_eq!(
        tried(&mail("", "Vorlage neuer Antrag", "Bitte prüfen.", &sent)),
        answer
    );
}

#[test]
fn the_sample_is_for_whom_the_mail_names() {
    let sent = [file("a.docx", word(SOUND))];
    let asked = "Kommune: Landkreis Fürth\nBeirat: Integrationsbeirat";
    let answer = tried(&mail("", "Vorlage", asked, &sent));
    let document = &answer.documents[0];
    assert_eq!(
        (
            document.kommune.as_str(),
            document.beirat.as_str(),
            document.rat.as_str()
        ),
        ("09573", "Integrationsbeirat", "Kreistag")
    );
    assert!(
        paragraphs(&document.bytes)
            .contains(&"Der Integrationsbeirat bittet den Kreistag im Landkreis Fürth.".to_owned())
    );
}

#[test]
fn a_faulty_template_comes_back_with_its_faults_and_a_copy() {
    let answer = tried(&mail(
        "",
        "vorlage",
        "",
        &[file("Antrag.docx", word(FAULTY))],
    ));
    assert_eq!(answer.decision, Decision::Question(vec![Topic::Template]));
    assert_eq!(answer.documents, []);
    let said = text(&answer);
    assert!(
        said.contains("„Antrag.docx“ ist noch nicht in Ordnung:"),
        "{said}"
    );
    assert!(
        said.contains("kommun") && said.contains("Absatz 2"),
        "{said}"
    );
    let names: Vec<String> = attached(&answer)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["Antrag-geprüft.docx"]);
    assert!(said.contains("Antrag-geprüft.docx"), "{said}");
}

#[test]
fn the_fields_come_with_it_or_from_the_motion_that_the_subject_names() {
    let document = word("{{ sitzung }}: {{ Der Beirat }}");
    let fields = "title = \"Ort der Sitzung\"\nfile_name = \"{name}.docx\"\n[fields.sitzung]\ntype = \"date\"\n";
    let manifest = file("template.toml", fields.as_bytes().to_vec());
    let with = [file("a.docx", document.clone()), manifest];
    let answer = tried(&mail("", "Vorlage", "", &with));
    assert_eq!(answer.decision, Decision::Document, "{}", text(&answer));
    assert!(answer.documents[0].file.starts_with("Probe_"));

    let broken = [
        file("a.docx", document.clone()),
        file("template.toml", &b"titel = 1"[..]),
    ];
    let answer = tried(&mail("", "Vorlage", "", &broken));
    assert_eq!(attached(&answer), [], "no fault of the Word file");
    assert!(
        text(&answer).contains("template.toml, Zeile 1: „titel“"),
        "{}",
        text(&answer)
    );

    let mut files = built_in();
    files.insert("ort/template.toml".to_owned(), fields.as_bytes().to_vec());
    files.insert("ort/motion.md".to_owned(), b"{{ sitzung }}".to_vec());
    let default = TemplateId::parse("nationaler-integrationsplan").expect("an id");
    let knowledge = Knowledge {
        catalogue: Catalogue::read(&files, &default, Register::built_in()).expect("sound"),
        ..knowledge()
    };
    for (subject, expected) in [
        ("Vorlage ort", "document"),
        ("AW: Vorlage: Ort der Sitzung", "document"),
        ("Vorlage Orte", "question"),
    ] {
        let mail = mail("", subject, "", &[file("a.docx", document.clone())]);
        let answer = answer::answer(&mail, &knowledge, &circumstances()).expect("an answer");
        assert_eq!(answer.decision.as_str(), expected, "{subject}");
    }
}

#[test]
fn what_is_no_word_file_is_told_with_its_remedy() {
    let pdf = Attachment {
        media_type: "application/pdf",
        ..file("Vorlage.pdf", &b"%PDF-1.7\n"[..])
    };
    let answer = tried(&mail("", "Vorlage", "", std::slice::from_ref(&pdf)));
    assert_eq!(answer.decision, Decision::Question(vec![Topic::Template]));
    let said = text(&answer);
    assert!(
        said.contains("eine PDF-Datei") && said.contains("Word-Dokument (.docx)"),
        "{said}"
    );
    // beside the Word file it is that file's print
    let answer = tried(&mail(
        "",
        "Vorlage",
        "",
        &[pdf, file("a.docx", word(SOUND))],
    ));
    assert_eq!(answer.decision, Decision::Document);
    // by its bytes, whatever it is called
    let nameless = Attachment {
        media_type: "application/octet-stream",
        ..file("anhang.bin", word(SOUND))
    };
    let answer = tried(&mail("", "Vorlage", "", &[nameless]));
    assert_eq!(answer.decision, Decision::Document);
}

#[test]
fn several_templates_are_tried_within_bounds() {
    let mut files: Vec<Attachment> = (0..4).map(|_| file("a.docx", word(SOUND))).collect();
    let answer = tried(&mail("", "Vorlagen", "", &files));
    assert_eq!(answer.documents.len(), 3);
    let mut names: Vec<String> = attached(&answer)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(
        text(&answer).contains("Nicht geprüft ist eine weitere Datei"),
        "{}",
        text(&answer)
    );
    files[1] = file("b.docx", word(FAULTY));
    let answer = tried(&mail("", "Vorlagen", "", &files));
    assert_eq!(answer.decision, Decision::Question(vec![Topic::Template]));
    let circumstances = {
        let mut circumstances = circumstances();
        circumstances.recent.documents = 598;
        circumstances
    };
    let files = [
        file("a.docx", word(SOUND)),
        file("b.docx", word(SOUND)),
        file("c.docx", word(SOUND)),
    ];
    let refused = answer::answer(
        &mail("", "Vorlage", "", &files),
        &knowledge(),
        &circumstances,
    );
    assert_eq!(
        refused.expect("an answer").decision,
        Decision::Refuse(Refused::RateLimit)
    );
}

/// Whether a mail is taken for a trial.
fn is_trial(mail: &Mail) -> bool {
    trial::is_asked(mail, &knowledge())
}

#[test]
fn only_the_administrator_tries_and_only_with_the_word() {
    let sent = [file("a.docx", word(SOUND))];
    for subject in [
        "Vorlage",
        "Re: Vorlage",
        "AW: Vorlage neuer Antrag",
        "VORLAGEN",
        "Neue Word-Vorlage!",
    ] {
        assert!(is_trial(&mail("", subject, "", &sent)), "{subject}");
    }
    for subject in [
        "",
        "Beschlussvorlage 12/2026",
        "Vorlagenwerk",
        "vorlagefrei",
        "Antrag",
    ] {
        assert!(!is_trial(&mail("", subject, "", &sent)), "{subject}");
    }
    assert!(
        !is_trial(&mail("", "Vorlage", "", &[])),
        "nothing is attached"
    );
    let toml = [file("template.toml", &b"title = \"x\""[..])];
    assert!(!is_trial(&mail("", "Vorlage", "", &toml)));
    let from = |address: &str| {
        let mut mail = mail("", "Vorlage", "", &sent);
        mail.from.as_mut().expect("an author").email = address.to_owned();
        is_trial(&mail)
    };
    assert!(from("AMT@Example.org"));
    for stranger in [
        "anna@example.org",
        "amt@example.org.invalid",
        "xamt@example.org",
        "amt+x@example.org",
        "",
    ] {
        assert!(!from(stranger), "{stranger}");
    }
    let two = mail("From: anna@example.com\n", "Vorlage", "", &sent);
    assert!(!is_trial(&two), "two authors");
    let nobody = Knowledge {
        admin: None,
        ..knowledge()
    };
    assert!(!trial::is_asked(&mail("", "Vorlage", "", &sent), &nobody));
}

#[test]
fn the_report_goes_to_the_administrator_and_nowhere_else() {
    let sent = [file("a.docx", word(SOUND))];
    let mail = mail("Reply-To: dieb@example.com\n", "Vorlage", "", &sent);
    let answer = tried(&mail);
    assert_eq!(answer.reply.as_ref().expect("a reply").to, ADMIN);
    assert!(!String::from_utf8_lossy(&answer.reply.expect("a reply").bytes).contains("dieb@"));
    let to = recipient(&mail, &knowledge()).map(|address| address.email);
    assert_eq!(to.as_deref(), Some(ADMIN));
}

#[test]
fn policy_comes_first() {
    let sent = [file("a.docx", word(SOUND))];
    for (above, reason) in [
        ("Auto-Submitted: auto-replied\n", Ignored::AutoSubmitted),
        ("Return-Path: <>\n", Ignored::Bounce),
        ("List-Id: <x.example.org>\n", Ignored::List),
    ] {
        let answer = tried(&mail(above, "Vorlage", "", &sent));
        assert_eq!(answer.decision, Decision::Ignore(reason), "{above}");
        assert_eq!(answer.reply, None);
    }
    let mail = mail("", "Vorlage", "", &sent);
    let recents = [
        (
            Recent {
                replies: 20,
                ..Recent::default()
            },
            Refused::RateLimit,
        ),
        (
            Recent {
                size: 30 << 20,
                ..Recent::default()
            },
            Refused::TooLarge,
        ),
    ];
    for (recent, reason) in recents {
        let mut circumstances = circumstances();
        circumstances.recent = recent;
        let answer = answer::answer(&mail, &knowledge(), &circumstances).expect("an answer");
        assert_eq!(answer.decision, Decision::Refuse(reason));
    }
    let mut strict = knowledge();
    strict.rules.authentication = Authentication::Server("mx.example.org".to_owned());
    let answer = answer::answer(&mail, &strict, &circumstances()).expect("an answer");
    assert_eq!(answer.decision, Decision::Refuse(Refused::SenderNotAllowed));
    assert_eq!(answer.reply, None);
}

#[test]
fn templates_without_end_are_told_and_cost_little() {
    let hostile = [
        "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{{ c }}{% endfor %}{% endfor %}{% endfor %}",
        "{% set x = \"aaaaaaaaaa\" * 10000 %}{% for a in range(9999) %}{{ x }}{% endfor %}",
    ];
    for markdown in hostile {
        let answer = tried(&mail("", "Vorlage", "", &[file("a.docx", word(markdown))]));
        assert_eq!(
            answer.decision,
            Decision::Question(vec![Topic::Template]),
            "{markdown}"
        );
        let said = text(&answer);
        assert!(said.contains("Schleife ohne Ende"), "{said}");
        assert!(said.len() < 60_000, "{}", said.len());
    }
}
