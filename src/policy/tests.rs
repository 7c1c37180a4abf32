mod authenticated;
mod senders;

use super::*;
use crate::mail::{Address, MessageId, Text};

const OWN: &str = "antrag@example.org";

fn address(email: &str) -> Option<Address> {
    (!email.is_empty()).then(|| Address {
        name: None,
        email: email.to_owned(),
    })
}

fn mail(from: &str, reply_to: &str) -> Mail {
    Mail {
        message_id: None,
        from: address(from),
        other_authors: Vec::new(),
        reply_to: address(reply_to),
        sender: None,
        subject: None,
        date: None,
        in_reply_to: Vec::new(),
        references: Vec::new(),
        loops: Vec::new(),
        authentication: Vec::new(),
        origin: Origin::Person,
        sign: None,
        report: None,
        legibility: Legibility::Readable,
        text: Text::default(),
        files: Vec::new(),
        templates: Vec::new(),
        fingerprint: String::new(),
    }
}

fn rules() -> Rules {
    Rules {
        max_message_size: 1000,
        replies_per_sender_per_hour: 2,
        documents_per_sender_per_hour: 10,
        replies_per_domain_per_hour: 5,
        ..Rules::default()
    }
}

fn check(mail: &Mail, rules: &Rules, recent: &Recent, expected: Judgement) {
    assert_eq!(
        judge(mail, rules, OWN, recent),
        expected,
        "{mail:?} {recent:?}"
    );
}

#[test]
fn addresses_decide_who_is_ignored() {
    use Ignored::{NoReplyAddress, OwnMail};
    let cases = [
        ("anna@verein.example", "", None),
        ("antrag@example.org", "", Some(OwnMail)),
        ("ANTRAG@Example.ORG", "", Some(OwnMail)),
        ("anna@verein.example", "antrag@example.org", Some(OwnMail)),
        ("noreply@stadt.example", "", Some(NoReplyAddress)),
        ("no-reply@stadt.example", "", Some(NoReplyAddress)),
        ("Do_Not_Reply@stadt.example", "", Some(NoReplyAddress)),
        ("donotreply+17@stadt.example", "", Some(NoReplyAddress)),
        ("noreply-dmarc@stadt.example", "", Some(NoReplyAddress)),
        (
            "bitte-nicht-antworten@stadt.example",
            "",
            Some(NoReplyAddress),
        ),
        (
            "Keineantwort-Portal@stadt.example",
            "",
            Some(NoReplyAddress),
        ),
        ("nicht_antworten@stadt.example", "", Some(NoReplyAddress)),
        ("antrag+liste@example.org", "", Some(OwnMail)),
        ("antrag@mail.example.org", "", None),
        ("antrags@example.org", "", None),
        ("anna@noreply.example", "", None),
        ("noreply@stadt.example", "anna@verein.example", None),
        (
            "anna@verein.example",
            "no.reply@stadt.example",
            Some(NoReplyAddress),
        ),
    ];
    for (from, reply_to, reason) in cases {
        let expected = reason.map_or(Judgement::Proceed, Judgement::Ignore);
        check(
            &mail(from, reply_to),
            &rules(),
            &Recent::default(),
            expected,
        );
    }
}

#[test]
fn the_first_reason_that_applies_is_given() {
    let duplicate = Recent {
        duplicate: true,
        ..Recent::default()
    };
    let mut mail = mail("noreply@stadt.example", "");
    mail.loops = vec!["<Antrag@example.org>".to_owned()];
    mail.origin = Origin::Bounce;
    check(
        &mail,
        &rules(),
        &duplicate,
        Judgement::Ignore(Ignored::Loop),
    );
    mail.loops = vec!["true".to_owned()];
    check(
        &mail,
        &rules(),
        &duplicate,
        Judgement::Ignore(Ignored::Bounce),
    );
    mail.origin = Origin::Automatic;
    check(
        &mail,
        &rules(),
        &duplicate,
        Judgement::Ignore(Ignored::AutoSubmitted),
    );
    mail.origin = Origin::List;
    check(
        &mail,
        &rules(),
        &duplicate,
        Judgement::Ignore(Ignored::List),
    );
    mail.origin = Origin::Person;
    check(
        &mail,
        &rules(),
        &duplicate,
        Judgement::Ignore(Ignored::NoReplyAddress),
    );
    mail.from = address("anna@verein.example");
    check(
        &mail,
        &rules(),
        &duplicate,
        Judgement::Ignore(Ignored::Duplicate),
    );
}

/// An id that one of our replies may have.
fn own_id() -> MessageId {
    MessageId::local("01m829h6wdah2e0szwt36c1wsy", "Example.org")
}

#[test]
fn our_own_words_that_come_back_are_a_loop() {
    let ignored = |mail: &Mail, recent: &Recent, reason: Option<Ignored>| {
        let expected = reason.map_or(Judgement::Proceed, Judgement::Ignore);
        let rules = Rules {
            replies_per_sender_per_hour: 9,
            ..rules()
        };
        check(mail, &rules, recent, expected);
    };
    let anna = || mail("anna@verein.example", "");
    let fresh = Recent::default();

    let mut sent_for_another = anna();
    sent_for_another.sender = address(OWN);
    ignored(&sent_for_another, &fresh, Some(Ignored::OwnMail));

    let mut own_copy = anna();
    own_copy.message_id = Some(own_id());
    ignored(&own_copy, &fresh, Some(Ignored::Loop));
    own_copy.message_id = MessageId::parse("kurz@example.org");
    ignored(&own_copy, &fresh, None);

    let mut echo = anna();
    echo.origin = Origin::Echo;
    ignored(&echo, &fresh, Some(Ignored::Loop));
}

#[test]
fn answers_that_never_end_in_a_document_are_fruitless() {
    let anna = || mail("anna@verein.example", "");
    let mut answer = anna();
    answer.references = vec![own_id()];
    for (mail, replies, documents, a_day, fruitless) in [
        (&answer, 2, 0, 2, false),
        (&answer, 3, 0, 3, true),
        (&answer, 3, 1, 0, false),
        (&anna(), 3, 0, 3, false),
        (&answer, 0, 0, 5, false),
        (&answer, 0, 0, 6, true),
        (&anna(), 0, 0, 6, false),
    ] {
        let recent = Recent {
            replies,
            documents,
            fruitless: a_day,
            ..Recent::default()
        };
        assert_eq!(is_fruitless(mail, OWN, &recent), fruitless, "{recent:?}");
    }
}

#[test]
fn a_machine_that_answers_every_five_minutes_gets_six_letters_a_day() {
    let mut answer = mail("dienst@amt.example", "");
    answer.references = vec![own_id()];
    let mut sent: Vec<u32> = Vec::new();
    for minute in (0..3 * 24 * 60).step_by(5) {
        let within = |minutes: u32| {
            let young = sent.iter().filter(|at| minute - **at < minutes);
            u32::try_from(young.count()).unwrap()
        };
        let recent = Recent {
            replies: within(60),
            fruitless: within(24 * 60),
            ..Recent::default()
        };
        if !is_fruitless(&answer, OWN, &recent) {
            sent.push(minute);
        }
    }
    let by_day: Vec<usize> = (0..3)
        .map(|day| sent.iter().filter(|at| **at / (24 * 60) == day).count())
        .collect();
    assert_eq!(by_day, [6, 6, 6]);
}

#[test]
fn what_is_ignored_is_explained_with_its_sign() {
    let mut mail = mail("anna@verein.example", "");
    let why = "Ein Programm hat die Mail geschrieben.";
    assert_eq!(Ignored::AutoSubmitted.explain(&mail), why);
    mail.sign = Some("das Kopffeld auto-submitted".to_owned());
    assert_eq!(
        Ignored::AutoSubmitted.explain(&mail),
        format!("{why} Zeichen dafür: das Kopffeld auto-submitted.")
    );
}

#[test]
fn faults_and_limits() {
    use Legibility::{Encrypted, Readable};
    use Refused::{RateLimit, TooLarge, Unreadable};
    let anna = "anna@verein.example";
    let cases = [
        (anna, 0, 1000, Readable, None),
        (anna, 0, 1001, Readable, Some((TooLarge, true))),
        (anna, 0, 1001, Encrypted, Some((TooLarge, true))),
        (anna, 0, 0, Encrypted, Some((Unreadable, true))),
        (anna, 1, 0, Readable, None),
        (anna, 2, 0, Readable, Some((RateLimit, false))),
        (anna, 2, 1001, Encrypted, Some((RateLimit, false))),
        ("", 0, 0, Readable, Some((Unreadable, false))),
        ("", 0, 1001, Readable, Some((TooLarge, false))),
    ];
    for (from, replies, size, legibility, refused) in cases {
        let mut mail = mail(from, "");
        mail.legibility = legibility;
        let recent = Recent {
            replies,
            size,
            ..Recent::default()
        };
        let expected = refused.map_or(Judgement::Proceed, |(reason, answered)| Judgement::Refuse {
            reason,
            answered,
        });
        check(&mail, &rules(), &recent, expected);
    }
}

#[test]
fn a_domain_shares_its_limit_and_one_of_it_hears_of_it() {
    let anna = mail("anna@verein.example", "");
    for (replies, domain_replies, domain_told, refused) in [
        (0, 4, false, None),
        (0, 5, false, Some(true)),
        (0, 5, true, Some(false)),
        (2, 5, false, Some(false)),
    ] {
        let recent = Recent {
            replies,
            domain_replies,
            domain_told,
            ..Recent::default()
        };
        let expected = refused.map_or(Judgement::Proceed, |answered| Judgement::Refuse {
            reason: Refused::RateLimit,
            answered,
        });
        check(&anna, &rules(), &recent, expected);
    }
}

#[test]
fn refusals_are_explained() {
    let mut anna = mail("anna@verein.example", "");
    let told =
        |mail: &Mail, reason: Refused, recent: Recent| reason.explain(mail, &rules(), &recent);
    let recent = |replies, domain_replies| Recent {
        replies,
        domain_replies,
        size: 1001,
        ..Recent::default()
    };
    assert_eq!(
        told(&anna, Refused::RateLimit, recent(2, 9)),
        "Diese Adresse hat in dieser Stunde genug Antworten bekommen."
    );
    assert_eq!(
        told(&anna, Refused::RateLimit, recent(1, 5)),
        "Diese Domain hat in dieser Stunde genug Antworten bekommen."
    );
    assert_eq!(
        told(&anna, Refused::RateLimit, recent(1, 1)),
        "Diese Adresse hätte in dieser Stunde zu viele Dokumente bekommen."
    );
    assert_eq!(
        told(&anna, Refused::TooLarge, recent(0, 0)),
        "Die Mail hat 1001 Bytes, erlaubt sind 1000."
    );
    anna.legibility = Legibility::Encrypted;
    assert_eq!(
        told(&anna, Refused::Unreadable, recent(0, 0)),
        "Die Mail ist verschlüsselt."
    );
}

#[test]
fn reasons_are_called_as_in_the_contract() {
    use Ignored::{
        AutoSubmitted, Bounce, Duplicate, List, Loop, NoReplyAddress, NothingAsked, OwnMail,
    };
    let ignored = [
        OwnMail,
        Loop,
        Bounce,
        AutoSubmitted,
        List,
        NoReplyAddress,
        Duplicate,
        NothingAsked,
    ];
    assert_eq!(
        ignored.map(Ignored::as_str),
        [
            "own-mail",
            "loop",
            "bounce",
            "auto-submitted",
            "list",
            "no-reply-address",
            "duplicate",
            "nothing-asked",
        ]
    );
    use Refused::{RateLimit, SenderNotAllowed, TooLarge, Unreadable};
    let refused = [SenderNotAllowed, RateLimit, TooLarge, Unreadable];
    assert_eq!(
        refused.map(Refused::as_str),
        [
            "sender-not-allowed",
            "rate-limit",
            "too-large",
            "unreadable"
        ]
    );
}
