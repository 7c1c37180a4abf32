use super::{circumstances, knowledge};
use crate::answer::{Answer, Decision, answer};
use crate::mail::{Action, parse};
use crate::policy::Ignored;

/// The bot's id of an earlier reply.
const OURS: &str = "<01m829h6wdah2e0szwt36c1wsy@example.org>";

fn told(returned: &str, field: &str) -> Answer {
    let raw = format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@example.net\n{field}\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\n\n<anna@example.net>: unknown\n\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; example.net\n\n\
         Final-Recipient: rfc822; anna@example.net\nAction: failed\nStatus: 5.1.1\n\n\
         --b\nContent-Type: message/rfc822\n\nMessage-ID: {returned}\n\nText\n--b--\n"
    );
    answer(&parse(raw.as_bytes()), &knowledge(), &circumstances()).expect("an answer")
}

#[test]
fn a_report_on_our_reply_is_handed_on_and_never_answered() {
    let answer = told(OURS, "");
    assert_eq!(answer.decision, Decision::Ignore(Ignored::Bounce));
    assert_eq!(answer.reply, None);
    let report = answer.report.expect("a report");
    assert_eq!(report.reply.as_str(), OURS);
    assert_eq!(report.outcome.action, Action::Failed);
    assert_eq!(report.outcome.words, "unknown");
}

#[test]
fn reports_on_other_mail_are_ignored() {
    let others = [
        "<01m829h6wdah2e0szwt36c1wsy@example.net>",
        "<alarm-1@example.org>",
        "<1@example.org>",
    ];
    for id in others {
        let answer = told(id, &format!("References: {OURS}\n"));
        assert_eq!(answer.decision, Decision::Ignore(Ignored::Bounce), "{id}");
        assert_eq!(answer.report, None, "{id}");
    }
}
