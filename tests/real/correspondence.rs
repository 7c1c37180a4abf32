//! What Anna writes, what she gets, and what the daemon's log says about it.

use std::path::Path;
use std::time::Duration;

use mail_parser::{Address, MessageParser, MimeHeaders};
use serde_json::Value;

use crate::support::{House, eventually, program};

/// How long a reply may take on a busy machine; a first retry comes after at most 30 seconds.
const PATIENCE: Duration = Duration::from_secs(90);

/// A request that can be answered, with `id` as left part of its Message-ID.
pub(crate) fn request(id: &str) -> Vec<u8> {
    mail(id, "Kommune: Stadt Fürth\nBeirat: Ausländerbeirat\n")
}

/// A mail from Anna.
pub(crate) fn mail(id: &str, text: &str) -> Vec<u8> {
    format!(
        "From: Anna Muster <anna@example.org>\r\n\
         To: antrag@example.org\r\n\
         Subject: Musterantrag\r\n\
         Date: Mon, 2 Mar 2026 10:00:00 +0100\r\n\
         Message-ID: <{id}@example.org>\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\
         \r\n{}",
        text.replace('\n', "\r\n")
    )
    .into_bytes()
}

/// A reply as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reply {
    /// left part of the Message-ID of the request it answers
    pub(crate) answers: String,
    /// its own Message-ID
    pub(crate) message_id: String,
    /// the address it comes from
    pub(crate) from: String,
    /// file names and bytes of what is attached
    pub(crate) documents: Vec<(String, Vec<u8>)>,
}

impl Reply {
    fn parse(raw: &[u8]) -> Self {
        let mail = MessageParser::default().parse(raw).unwrap();
        let answers = mail.in_reply_to().as_text().unwrap_or_default();
        let from = mail.from().and_then(Address::first).unwrap();
        let documents = mail.attachments().map(|part| {
            let name = part.attachment_name().unwrap().to_owned();
            (name, part.contents().to_vec())
        });
        Self {
            answers: answers.trim_end_matches("@example.org").to_owned(),
            message_id: mail.message_id().unwrap().to_owned(),
            from: from.address().unwrap().to_owned(),
            documents: documents.collect(),
        }
    }
}

/// The replies in Anna's mailbox, by the request they answer.
pub(crate) fn replies(house: &House) -> Vec<Reply> {
    let mails = house.dovecot.login("anna").messages("INBOX");
    let mut replies: Vec<Reply> = mails.iter().map(|mail| Reply::parse(&mail.raw)).collect();
    replies.sort();
    replies
}

/// Waits until Anna has at least so many replies.
#[track_caller]
pub(crate) fn until_answered(house: &House, count: usize) {
    let mut anna = house.dovecot.login("anna");
    eventually(&format!("{count} replies"), PATIENCE, || {
        (anna.count("INBOX") >= count).then_some(())
    });
}

/// Asserts that Anna has exactly one reply to each of these requests, once everything under way has arrived.
#[track_caller]
pub(crate) fn assert_answered_once(house: &House, ids: &[String]) {
    house.postfix.until_delivered();
    let mut expected = ids.to_vec();
    expected.sort();
    let answered = replies(house).into_iter().map(|reply| reply.answers);
    assert_eq!(answered.collect::<Vec<_>>(), expected);
}

/// The log's rows as `log export` prints them, oldest first.
pub(crate) fn rows(config: &Path) -> Vec<Value> {
    let export = program(config, &["log", "export", "--format", "jsonl"]);
    assert_eq!(export.code, 0, "{}", export.errors);
    let lines = export.output.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Waits until the log has so many rows that `condition` holds for.
#[track_caller]
pub(crate) fn until_rows(config: &Path, count: usize, condition: impl Fn(&Value) -> bool) {
    eventually(&format!("{count} rows in the log"), PATIENCE, || {
        let rows = rows(config);
        (rows.iter().filter(|row| condition(row)).count() == count).then_some(())
    });
}
