//! Delivery reports as real mail systems write them, below `tests/reports`, and what they say.

use std::fs;
use std::path::{Path, PathBuf};

use antragsbote::answer::{Circumstances, Knowledge, answer};
use antragsbote::mail::{self, Action, MessageId, Report};
use antragsbote::policy::Recent;
use antragsbote::request::RequestId;
use proptest::prelude::{any, proptest};
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::cases::bodies;
use crate::machines::knowledge;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports")
}

/// The expectations, written by hand.
fn expectations() -> Vec<Value> {
    let lines = fs::read_to_string(folder().join("expected.jsonl")).unwrap();
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

fn raw(expected: &Value) -> Vec<u8> {
    fs::read(folder().join(expected["file"].as_str().unwrap())).unwrap()
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Delivered => "delivered",
        Action::Delayed => "delayed",
        Action::Failed => "failed",
    }
}

fn shown(report: &Report) -> Value {
    let recipients = report.recipients.iter().map(|recipient| {
        json!({
            "address": recipient.address,
            "action": word(recipient.action),
            "status": recipient.status,
            "words": recipient.words,
        })
    });
    json!({
        "about": report.about.iter().map(MessageId::as_str).collect::<Vec<_>>(),
        "action": report.gravest().map(|recipient| word(recipient.action)),
        "recipients": recipients.collect::<Vec<_>>(),
    })
}

/// What is read of a mail, and what is decided on it.
fn read(knowledge: &Knowledge, file: &Value, raw: &[u8]) -> Value {
    let request = RequestId::parse("01M829H6WDAH2E0SZWT36C1WSY").unwrap();
    let now = "2026-11-24T10:15:00Z".parse().unwrap();
    let recent = Recent::default();
    let circumstances = Circumstances::new(now, request, &knowledge.bot, recent, None);
    let mail = mail::parse(raw);
    let answer = answer(&mail, knowledge, &circumstances).unwrap();
    json!({
        "file": file,
        "decision": answer.decision.as_str(),
        "reason": answer.decision.reason(),
        "report": mail.report.as_ref().map(shown),
    })
}

#[test]
fn every_report_says_what_is_written_beside_it() {
    let expectations = expectations();
    let reports = expectations.iter().filter(|e| !e["report"].is_null());
    assert!(reports.count() >= 40);
    let knowledge = knowledge();
    let mut wrong = Vec::new();
    for expected in &expectations {
        let raw = raw(expected);
        let on_the_wire = raw.split(|&byte| byte == b'\n').collect::<Vec<_>>();
        for raw in [raw.clone(), on_the_wire.join(&b"\r\n"[..])] {
            let found = read(&knowledge, &expected["file"], &raw);
            if found != *expected {
                wrong.push(format!("expected {expected:#}\nfound    {found:#}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_mail_has_its_expectation() {
    let entries = fs::read_dir(folder()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".eml")).collect();
    names.sort();
    let expectations = expectations();
    let expected = expectations.iter().map(|e| e["file"].as_str().unwrap());
    assert_eq!(names, expected.collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn cut_and_damaged_reports_are_read_without_a_panic(which: Index, cut: Index, at: Index, byte in any::<u8>()) {
        let expectations = expectations();
        let mut raw = raw(which.get(&expectations));
        raw.truncate(cut.index(raw.len()) + 1);
        let at = at.index(raw.len());
        raw[at] = byte;
        bodies::report(&raw);
    }
}
