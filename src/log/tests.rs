//! What every log must do, on a database file of its own.
#![allow(
    clippy::disallowed_methods,
    reason = "the tests look at the files the log leaves behind"
)]

mod checking;
mod day;
mod deferring;
mod erasing;
mod figures;
mod leases;
mod opening;
mod queueing;
mod recording;
mod reporting;
mod surveying;
mod traffic;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use super::{
    Arrival, Background, Config, Decided, Delivery, Due, Headers, Inquiry, Lease, Log, Row,
};
use crate::answer::{Answer, Decision, Finished, Reply};
use crate::kommune::Schluessel;
use crate::mail::MessageId;
use crate::policy::Ignored;
use crate::request::{Place, RequestId, Verdict};
use crate::template::TemplateId;
use crate::understand::{Choice, Earlier, Line, Question, Topic};

const MAILBOX: &str = "imap:mail.example.org/antrag/INBOX";

/// A log in a folder that goes with it.
struct House {
    folder: TempDir,
    log: Log,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::open(&config(&folder)).await.unwrap();
        Self { folder, log }
    }

    /// Another process at the same file.
    async fn other(&self) -> Log {
        Log::open(&config(&self.folder)).await.unwrap()
    }

    /// All bytes of the database, its -wal and -shm.
    fn bytes(&self) -> Vec<u8> {
        std::fs::read_dir(self.folder.path())
            .unwrap()
            .flat_map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
            .collect()
    }

    fn holds(&self, text: &str) -> bool {
        self.bytes()
            .windows(text.len())
            .any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
    }

    async fn row(&self, number: u128) -> Row {
        self.log.show(&id(number)).await.unwrap().unwrap().row
    }

    /// Receives and decides a mail of `from`; its number is its UID.
    async fn decided(&self, number: u32, from: &str, answer: Option<Answer>) {
        self.log
            .receive(MAILBOX, vec![arrival(number, b"raw")], None)
            .await
            .unwrap();
        let claimed = self.log.claim_undecided(&lease("a", 0), 9).await.unwrap();
        let ids: Vec<_> = claimed.into_iter().map(|claimed| claimed.id).collect();
        assert_eq!(ids, [id(number.into())]);
        self.background(number, from).await;
        let decided = decided(number, from, answer);
        let recorded = self.log.decide("a", vec![decided]).await.unwrap();
        assert_eq!(recorded.lost, []);
    }

    async fn background(&self, number: u32, from: &str) -> Background {
        self.ask(number.into(), &headers(number, from), &[], 0)
            .await
    }

    async fn ask(
        &self,
        number: u128,
        headers: &Headers,
        thread: &[MessageId],
        second: i64,
    ) -> Background {
        let inquiry = Inquiry {
            id: id(number),
            headers: headers.clone(),
            thread: thread.to_vec(),
        };
        let found = self.log.backgrounds(vec![inquiry], at(second)).await;
        let found = found.unwrap();
        found.into_iter().next().unwrap()
    }

    /// Claims what is due `second` seconds after the start.
    async fn due(&self, owner: &str, second: i64) -> Vec<Due> {
        self.log.claim_due(&lease(owner, second), 9).await.unwrap()
    }

    async fn delivered(&self, number: u128, verdict: Verdict, next: Option<i64>) {
        self.log
            .record("a", vec![delivery(number, verdict, next)])
            .await
            .unwrap();
    }
}

fn config(folder: &TempDir) -> Config {
    Config {
        path: folder.path().join("log.db"),
        retention: std::time::Duration::from_secs(86_400),
    }
}

/// Seconds after the start of the story.
fn at(second: i64) -> Timestamp {
    "2026-11-22T10:15:00.250Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second)
}

fn id(number: u128) -> RequestId {
    RequestId::from(ulid::Ulid::from_parts(1, number))
}

fn message_id(text: &str) -> MessageId {
    MessageId::parse(text).unwrap()
}

fn place(validity: u32, uid: u32) -> Place {
    Place {
        mailbox: MAILBOX.to_owned(),
        validity,
        name: uid.to_string(),
    }
}

fn arrival(number: u32, raw: &[u8]) -> Arrival {
    Arrival {
        id: id(number.into()),
        place: place(7, number),
        raw: raw.to_vec(),
        size: raw.len() as u64,
        received_at: at(number.into()),
    }
}

/// A lease of one minute.
fn lease(owner: &str, second: i64) -> Lease {
    Lease {
        owner: owner.to_owned(),
        now: at(second),
        until: at(second + 60),
    }
}

fn headers(number: u32, from: &str) -> Headers {
    Headers {
        message_id: Some(message_id(&format!("{number}.{from}"))),
        from: Some(from.to_owned()),
        reply_to: Some(from.to_owned()),
        subject: Some(format!("Antrag von {from}")),
        fingerprint: format!("{number:064x}"),
    }
}

fn decided(number: u32, from: &str, answer: Option<Answer>) -> Decided {
    let error = answer
        .is_none()
        .then(|| "der Kern ist zerbrochen".to_owned());
    Decided {
        id: id(number.into()),
        headers: headers(number, from),
        answer,
        error,
        at: at(100),
    }
}

fn document(to: &str) -> Answer {
    Answer {
        decision: Decision::Document,
        template: TemplateId::parse("nationaler-integrationsplan"),
        documents: vec![finished("Stadt-Fürth"), finished("Stadt-Zirndorf")],
        reply: Some(reply(to, "reply")),
        evidence: vec![format!("„Fürth“ in der Mail von {to}"), "zweitens".into()],
        leaves: Some(Earlier::default()),
        report: None,
    }
}

fn question(to: &str) -> Answer {
    Answer {
        decision: Decision::Question(vec![Topic::Kommune, Topic::Field("anlass".into())]),
        template: None,
        documents: Vec::new(),
        reply: Some(reply(to, "question")),
        evidence: Vec::new(),
        leaves: Some(asked(to)),
        report: None,
    }
}

fn ignore() -> Answer {
    Answer {
        decision: Decision::Ignore(Ignored::NothingAsked),
        template: None,
        documents: Vec::new(),
        reply: None,
        evidence: Vec::new(),
        leaves: None,
        report: None,
    }
}

/// What a question about words that hold the sender's address leaves.
fn asked(from: &str) -> Earlier {
    let heard = Some(format!("Fürth, {from}"));
    Earlier {
        request: vec![vec![Line::Open(Topic::Kommune, heard.clone())]],
        asked: vec![Question {
            topic: Topic::Kommune,
            heard,
            candidates: vec![Choice {
                label: "Stadt Fürth".into(),
                line: "Kommune: Stadt Fürth (Bayern)".into(),
            }],
        }],
        rounds: 1,
    }
}

fn finished(name: &str) -> Finished {
    Finished {
        kommune: Schluessel::parse("09563000").unwrap(),
        beirat: "Ausländerbeirat".into(),
        rat: "Stadtrat".into(),
        file: format!("Musterantrag_{name}_Ausländerbeirat.docx"),
        sha256: "ab".repeat(32),
        bytes: vec![1, 2, 3],
    }
}

fn reply(to: &str, name: &str) -> Reply {
    Reply {
        to: to.to_owned(),
        message_id: message_id(&format!("{name}.{to}")),
        bytes: format!("To: {to}\r\n\r\nGuten Tag").into_bytes(),
    }
}

fn delivery(number: u128, verdict: Verdict, next: Option<i64>) -> Delivery {
    Delivery {
        id: id(number),
        verdict,
        response: format!("{verdict:?} of {number}"),
        at: at(200),
        next: next.map(at),
    }
}
