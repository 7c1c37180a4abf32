//! `log`: the record on the command line.

use antragsbote::answer::{Answer, Decision, Finished, Reply};
use antragsbote::kommune::Schluessel;
use antragsbote::log::{Arrival, Config, Decided, Delivery, Headers, Lease, Log};
use antragsbote::mail::MessageId;
use antragsbote::request::{Place, RequestId, Verdict};
use antragsbote::template::TemplateId;
use jiff::Timestamp;
use serde_json::Value;

use crate::program::{CONFIG, House};

const ANSWERED: &str = "01JD0000000000000000000001";
const FAILED: &str = "01JD0000000000000000000002";
const UNKNOWN: &str = "01JD0000000000000000000009";

/// A configuration and a log with one answered and one failed request.
fn house() -> House {
    let house = House::new();
    house.write("antragsbote.toml", CONFIG);
    let config = Config {
        path: house.path("log.db"),
        retention: std::time::Duration::from_secs(365 * 86_400),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let log = Log::open(&config).await.unwrap();
        fill(&log).await;
        log.close().await;
    });
    house
}

async fn fill(log: &Log) {
    let at: Timestamp = "2026-11-22T10:15:00Z".parse().unwrap();
    let until = "2026-11-22T10:20:00Z".parse().unwrap();
    let lease = Lease {
        owner: "test".to_owned(),
        now: at,
        until,
    };
    let mailbox = "maildir:in";
    let requests = [
        (
            ANSWERED,
            "ada@example.com",
            "=Antrag\u{1b}[31m",
            Some(answer()),
        ),
        (FAILED, "bob@example.com", "Antrag", None),
    ];
    for (id, from, subject, answer) in requests {
        let id = RequestId::parse(id).unwrap();
        let place = Place {
            mailbox: mailbox.to_owned(),
            validity: 0,
            name: id.as_str().to_owned(),
        };
        let arrival = Arrival {
            id: id.clone(),
            place,
            raw: b"raw".to_vec(),
            size: 3,
            received_at: at,
        };
        log.receive(mailbox, vec![arrival], None).await.unwrap();
        log.claim_undecided(&lease, 9).await.unwrap();
        let headers = Headers {
            message_id: MessageId::parse("<1@example.com>"),
            from: Some(from.to_owned()),
            reply_to: Some(from.to_owned()),
            subject: Some(subject.to_owned()),
            fingerprint: id.as_str().to_owned(),
        };
        let error = answer
            .is_none()
            .then(|| "die Vorlage ist kaputt".to_owned());
        log.decide(
            "test",
            vec![Decided {
                id,
                headers,
                answer,
                error,
                at,
            }],
        )
        .await
        .unwrap();
    }
    log.claim_due(&lease, 9).await.unwrap();
    let delivery = Delivery {
        id: RequestId::parse(ANSWERED).unwrap(),
        verdict: Verdict::Accepted,
        response: "250 2.0.0 queued".to_owned(),
        at,
        next: None,
    };
    log.record("test", vec![delivery]).await.unwrap();
}

fn answer() -> Answer {
    Answer {
        decision: Decision::Document,
        template: TemplateId::parse("nationaler-integrationsplan"),
        documents: vec![Finished {
            kommune: Schluessel::parse("09563000").unwrap(),
            beirat: "Ausländerbeirat".to_owned(),
            rat: "Stadtrat".to_owned(),
            file: "Musterantrag.docx".to_owned(),
            sha256: "0".repeat(64),
            bytes: Vec::new(),
        }],
        reply: Some(Reply {
            to: "ada@example.com".to_owned(),
            message_id: MessageId::parse("<r@example.org>").unwrap(),
            bytes: b"reply".to_vec(),
        }),
        evidence: vec!["„Kommune: Fürth“ steht im Text".to_owned()],
        leaves: None,
        report: None,
    }
}

#[test]
fn export_prints_the_contracts_fields_oldest_first() {
    let house = house();
    let run = house.run(&["log", "export"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let rows: Vec<Value> = run
        .output()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 2);
    let keys: Vec<_> = rows[0]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "id",
            "received_at",
            "message_id",
            "from",
            "subject",
            "decision",
            "template",
            "documents",
            "state",
            "attempts",
            "answered_at",
            "reply_message_id",
            "error",
        ]
    );
    assert_eq!(rows[0]["id"], ANSWERED);
    assert_eq!(rows[0]["state"], "answered");
    assert_eq!(rows[0]["attempts"], 1);
    assert_eq!(rows[0]["answered_at"], "2026-11-22T10:15:00Z");
    assert_eq!(rows[0]["documents"][0]["file"], "Musterantrag.docx");
    assert_eq!(rows[1]["state"], "failed");
    assert_eq!(rows[1]["error"], "die Vorlage ist kaputt");
    assert_eq!(rows[1]["answered_at"], Value::Null);
}

#[test]
fn csv_has_a_header_and_no_formulas() {
    let run = house().run(&["log", "export", "--format", "csv"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let mut reader = csv::Reader::from_reader(run.bytes.as_slice());
    assert_eq!(reader.headers().unwrap().get(4), Some("subject"));
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].get(4), Some("'=Antrag\u{1b}[31m"));
    let documents: Value = serde_json::from_str(rows[0].get(7).unwrap()).unwrap();
    assert_eq!(documents[0]["kommune"], "09563000");
}

#[test]
fn list_shows_the_newest_first_and_spares_the_terminal() {
    let run = house().run(&["log", "list"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let output = run.output();
    let position = |id| output.find(id).unwrap();
    assert!(position(FAILED) < position(ANSWERED), "{output}");
    assert!(
        output.contains("beantwortet") && output.contains("gescheitert"),
        "{output}"
    );
    assert!(!output.contains('\u{1b}'), "{output}");
    assert_eq!(
        output.matches("22.11.2026 11:15:00 MEZ").count(),
        2,
        "{output}"
    );
}

#[test]
fn show_tells_documents_evidence_and_deliveries() {
    let house = house();
    let run = house.run(&["log", "show", ANSWERED]);
    assert_eq!(run.code, 0, "{}", run.errors);
    for words in [
        "ada@example.com",
        "Musterantrag.docx",
        "„Kommune: Fürth“ steht im Text",
        "Eingang       22.11.2026 11:15:00 MEZ",
        "Beantwortet   22.11.2026 11:15:00 MEZ",
        "Zustellung    22.11.2026 11:15:00 MEZ  angenommen: 250 2.0.0 queued",
    ] {
        assert!(run.output().contains(words), "{words}: {}", run.output());
    }
    let run = house.run(&["log", "show", UNKNOWN]);
    assert_eq!(run.code, 66, "{}", run.errors);
    let run = house.run(&["log", "show", "kein-aktenzeichen"]);
    assert_eq!(run.code, 64, "{}", run.errors);
}

#[test]
fn stats_count() {
    let run = house().run(&["log", "stats"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let numbers: Vec<Vec<_>> = run
        .output()
        .lines()
        .map(|line| line.split_whitespace().map(str::to_owned).collect())
        .collect();
    for expected in [
        ["Anfragen", "2"],
        ["beantwortet", "1"],
        ["gescheitert", "1"],
        ["Dokument", "1"],
    ] {
        assert!(
            numbers.iter().any(|line| *line == expected),
            "{expected:?}: {}",
            run.output()
        );
    }
}

#[test]
fn retry_takes_up_what_failed_and_nothing_else() {
    let house = house();
    let run = house.run(&["log", "retry", FAILED]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let run = house.run(&["log", "retry", ANSWERED]);
    assert_eq!(run.code, 65, "{}", run.errors);
    assert!(run.errors.contains("beantwortet"), "{}", run.errors);
    let run = house.run(&["log", "retry", UNKNOWN]);
    assert_eq!(run.code, 66, "{}", run.errors);
}

#[test]
fn forget_and_purge_leave_the_counts() {
    let house = house();
    let run = house.run(&["log", "forget", "ADA@example.com"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(
        !house
            .run(&["log", "export"])
            .output()
            .contains("ada@example.com")
    );
    let run = house.run(&["log", "purge", "--older-than", "1s"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let export = house.run(&["log", "export"]).output();
    assert!(!export.contains("bob@example.com"), "{export}");
    assert_eq!(export.lines().count(), 2, "{export}");
}

#[test]
fn who_asks_makes_no_log() {
    let house = House::new();
    house.write("antragsbote.toml", CONFIG);
    let run = house.run(&["log", "list"]);
    assert_eq!(run.code, 66, "{}", run.errors);
    assert!(run.errors.contains("log.db"), "{}", run.errors);
    assert!(!house.path("log.db").exists());
}
