#![allow(
    clippy::disallowed_methods,
    reason = "tests touch the world on purpose"
)]

use std::path::PathBuf;

use super::*;
use crate::oauth::Credential;
use crate::request::Verdict;
use crate::secret::Secret;
use crate::tls::peer::{Identity, play};

mod surveying;
mod tokens;

/// Two EHLOs: lettre's own and ours.
const HELLO: [&str; 7] = [
    "220 mail.example.org ESMTP",
    "> EHLO",
    "250-mail.example.org",
    "250 8BITMIME",
    "> EHLO",
    "250-mail.example.org",
    "250 8BITMIME",
];

const PIPELINING: [&str; 7] = [
    "220 mail.example.org ESMTP",
    "> EHLO",
    "250 mail.example.org",
    "> EHLO",
    "250-mail.example.org",
    "250-SIZE 1000",
    "250 PIPELINING",
];

/// The mail of these tests, as it comes over the wire.
const MAIL: [&str; 4] = ["> A: b", "> ", "> ..c", "> ."];

fn config(port: u16) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        username: None,
        credential: None,
        ca_file: None,
    }
}

fn secured(port: u16, security: Security, ca_file: PathBuf) -> SmtpConfig {
    SmtpConfig {
        host: "localhost".to_owned(),
        security,
        username: Some("antrag@example.org".to_owned()),
        credential: Some(Credential::Password(Secret::Plain("geheim".to_owned()))),
        ca_file: Some(ca_file),
        ..config(port)
    }
}

fn envelope() -> Envelope {
    Envelope {
        from: "antrag@example.org".to_owned(),
        to: "anna@example.org".to_owned(),
    }
}

async fn send(smtp: &mut Smtp) -> Result<String, Error> {
    smtp.send(&envelope(), b"A: b\r\n\r\n.c\r\n").await
}

/// Sends one mail to a server that plays the parts of a table.
async fn against(parts: &[&[&str]]) -> Result<String, Error> {
    let table = parts.concat();
    let (port, server) = play(None, &[&table]).await;
    let client = async {
        let mut smtp = Smtp::new(&config(port));
        let result = send(&mut smtp).await;
        smtp.close().await;
        result
    };
    tokio::join!(server, client).1
}

const STEPS: [&[&str]; 4] = [
    &["> MAIL FROM:<antrag@example.org>\r\n", "250 2.1.0 Ok"],
    &["> RCPT TO:<anna@example.org>\r\n", "250 2.1.5 Ok"],
    &["> DATA", "354 go on"],
    &["> A: b", "> ", "> ..c", "> .", "250 2.0.0 Ok: queued as 1"],
];

#[tokio::test]
async fn one_connection_carries_many_mails() {
    let mut table = HELLO.to_vec();
    for _ in 0..2 {
        table.extend(STEPS.concat());
    }
    table.extend(["> QUIT", "221 bye"]);
    let (port, server) = play(None, &[&table]).await;
    let client = async {
        let mut smtp = Smtp::new(&config(port));
        for _ in 0..2 {
            assert_eq!(send(&mut smtp).await.unwrap(), "250 2.0.0 Ok: queued as 1");
        }
        smtp.close().await;
    };
    tokio::join!(server, client);
}

#[tokio::test]
async fn commands_come_in_one_group_where_the_server_takes_them_so() {
    // No reply before all three are read.
    let mut table = PIPELINING.to_vec();
    for _ in 0..2 {
        table.extend(["> MAIL", "> RCPT", "> DATA"]);
        table.extend(["250 ok", "250 ok", "354 go on"]);
        table.extend(MAIL);
        table.push("250 ok");
    }
    let (port, server) = play(None, &[&table]).await;
    let client = async {
        let mut smtp = Smtp::new(&config(port));
        send(&mut smtp).await.unwrap();
        send(&mut smtp).await.unwrap();
    };
    tokio::join!(server, client);
}

#[tokio::test]
async fn a_refusal_is_told_with_its_step_and_all_its_words() {
    use Verdict::{GiveUp, TryAgain};
    let bad = "550-5.7.1 because\r\n550 5.7.1 we say so";
    for (done, reply, step, verdict) in [
        (0, "450 4.7.1 later", Step::Mail, TryAgain),
        (0, bad, Step::Mail, TryAgain),
        (0, "530 5.7.0 log in first", Step::Mail, TryAgain),
        (1, "451 4.7.1 greylisted", Step::Rcpt, TryAgain),
        (1, bad, Step::Rcpt, GiveUp),
        (2, "421 4.3.2 closing", Step::Data, TryAgain),
        (2, bad, Step::Data, GiveUp),
        (3, "452 4.3.1 disk full", Step::Content, TryAgain),
        (3, bad, Step::Content, GiveUp),
    ] {
        let mut parts = vec![&HELLO[..]];
        parts.extend(&STEPS[..done]);
        let (_, asked) = STEPS[done].split_last().unwrap();
        let answer = [reply];
        parts.extend([asked, &answer, &["> QUIT"]]);
        let error = against(&parts).await.unwrap_err();
        assert_eq!(error.verdict(), verdict, "{error:?}");
        let Error::Refused {
            step: refused,
            code,
            enhanced,
            reply: words,
        } = &error
        else {
            panic!("{error:?}");
        };
        assert_eq!(*refused, step);
        let mut head = reply.split([' ', '-']);
        assert_eq!(head.next(), Some(code.to_string().as_str()));
        assert_eq!(head.next(), enhanced.as_deref());
        if reply == bad {
            assert_eq!(words, "5.7.1 because we say so");
        }
    }
}

#[tokio::test]
async fn refusals_in_a_group_are_told_apart() {
    for (replies, step) in [
        (["450 no", "503 what", "503 what"], Step::Mail),
        (
            ["250 ok", "550 5.1.1 unknown", "554 no recipients"],
            Step::Rcpt,
        ),
        (["250 ok", "550 5.1.1 unknown", "354 go on"], Step::Rcpt),
        (["250 ok", "250 ok", "451 later"], Step::Data),
    ] {
        let parts = [&PIPELINING[..], &["> MAIL", "> RCPT", "> DATA"], &replies];
        let error = against(&parts).await.unwrap_err();
        assert!(
            matches!(&error, Error::Refused { step: refused, .. } if *refused == step),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_connection_cut_at_any_step_is_tried_again() {
    for (done, step) in [
        (0, Step::Mail),
        (1, Step::Rcpt),
        (2, Step::Data),
        (3, Step::Content),
    ] {
        let mut parts = vec![&HELLO[..]];
        parts.extend(&STEPS[..done]);
        parts.extend(STEPS.get(done).map(|asked| &asked[..1]));
        parts.push(&["!"]);
        let error = against(&parts).await.unwrap_err();
        let unknown = step == Step::Content;
        let verdict = if unknown {
            Verdict::Unknown
        } else {
            Verdict::TryAgain
        };
        assert_eq!(error.verdict(), verdict);
        assert!(
            matches!(&error, Error::Lost { step: lost, .. } if *lost == step),
            "{error:?}"
        );
    }
    // after the final dot, before its reply
    let mut parts = vec![&HELLO[..]];
    parts.extend(&STEPS[..3]);
    parts.extend([&MAIL[..], &["!"]]);
    let error = against(&parts).await.unwrap_err();
    assert_eq!(error.verdict(), Verdict::Unknown);
    assert!(matches!(
        error,
        Error::Lost {
            step: Step::Content,
            ..
        }
    ));
}

#[tokio::test]
async fn a_reply_that_belongs_to_another_command_is_never_believed() {
    for (done, reply, step, verdict) in [
        (0, "354 go on", Step::Mail, Verdict::TryAgain),
        (1, "354 go on", Step::Rcpt, Verdict::TryAgain),
        (2, "250 2.1.5 Ok", Step::Data, Verdict::TryAgain),
        (3, "354 go on", Step::Content, Verdict::Unknown),
    ] {
        let mut parts = vec![&HELLO[..]];
        parts.extend(&STEPS[..done]);
        let (_, asked) = STEPS[done].split_last().unwrap();
        let answer = [reply];
        parts.extend([asked, &answer, &["!"]]);
        let error = against(&parts).await.unwrap_err();
        assert!(
            matches!(&error, Error::Protocol { step: at } if *at == step),
            "{error:?}"
        );
        assert_eq!(error.verdict(), verdict);
    }
}

#[tokio::test]
async fn long_lines_and_foreign_letters_are_read_and_endless_replies_are_not() {
    let long = format!("250 2.0.0 {}", "x".repeat(5_000));
    let endless = "250-again\r\n".repeat(10_000);
    let line = "x".repeat(100_000);
    let table: [(&str, Result<usize, Step>); 4] = [
        (&long, Ok(900)),
        ("250 2.0.0 übernommen", Ok(21)),
        (&endless, Err(Step::Content)),
        (&line, Err(Step::Content)),
    ];
    for (reply, expected) in table {
        let mut parts = vec![&HELLO[..]];
        parts.extend(&STEPS[..3]);
        let answer = [reply];
        parts.extend([&MAIL[..], &answer, &["!"]]);
        let got = against(&parts).await;
        let got = got.map(|words| words.len()).map_err(|error| match error {
            Error::Protocol { step } => step,
            other => panic!("{other:?}"),
        });
        assert_eq!(got, expected);
    }
}

/// Sends two mails over connections that play these tables.
async fn twice(tables: &[&[&str]]) -> (Result<String, Error>, usize) {
    let (port, server) = play(None, tables).await;
    let client = async {
        let mut smtp = Smtp::new(&config(port));
        send(&mut smtp).await.unwrap();
        let result = send(&mut smtp).await;
        smtp.close().await;
        result
    };
    let (heard, result) = tokio::join!(server, client);
    let dots = heard.iter().filter(|line| *line == ".").count();
    (result, dots)
}

#[tokio::test]
async fn a_kept_connection_that_has_ended_is_opened_once_more() {
    let whole = [&HELLO[..], &STEPS.concat()].concat();
    for end in [&["!"][..], &["421 4.4.2 timeout", "!"]] {
        let first = [&whole[..], end].concat();
        let (result, dots) = twice(&[&first, &whole]).await;
        assert!(result.is_ok(), "{result:?}");
        assert_eq!(dots, 2);
    }
}

#[tokio::test]
async fn a_mail_that_may_have_been_taken_is_not_sent_again() {
    let whole = [&HELLO[..], &STEPS.concat()].concat();
    let again = [&whole[..], &STEPS[..3].concat(), &MAIL, &["!"]].concat();
    let (result, dots) = twice(&[&again]).await;
    assert!(matches!(
        result,
        Err(Error::Lost {
            step: Step::Content,
            ..
        })
    ));
    assert_eq!(dots, 2);
}

#[tokio::test]
async fn greetings_that_are_none_are_tried_again() {
    for (table, kind) in [
        (&["554 5.7.1 go away"][..], "greeting"),
        (&["421 busy"], "greeting"),
        (&["* OK IMAP4rev1"], "protocol"),
        (&["!"], "lost"),
    ] {
        let error = against(&[table]).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
        assert_eq!(error.verdict(), Verdict::TryAgain);
    }
}

#[tokio::test]
async fn tls_and_starttls_lead_to_the_same_login() {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::new(|_| {});
    let offer = ["> EHLO", "250-mail.example.org", "250 AUTH LOGIN PLAIN"];
    let plain = [
        "> AUTH PLAIN AGFudHJhZ0BleGFtcGxlLm9yZwBnZWhlaW0=",
        "235 welcome",
    ];
    let inside = [&offer[..], &offer, &plain, &["> QUIT", "221 bye"]].concat();
    let clear = [
        "220 hi",
        "> EHLO",
        "250-hi",
        "250 STARTTLS",
        "> STARTTLS",
        "220 go",
    ];
    for (security, head) in [
        (Security::Tls, &["~", "220 hi"][..]),
        (Security::Starttls, &[&clear[..], &["~"]].concat()),
    ] {
        let table = [head, &inside].concat();
        let (port, server) = play(Some(&identity), &[&table]).await;
        let config = secured(port, security, identity.write(folder.path()));
        let client = async {
            let mut smtp = Smtp::new(&config);
            smtp.probe().await.unwrap();
            smtp.close().await;
        };
        tokio::join!(server, client);
    }
}

#[tokio::test]
async fn nothing_secret_is_sent_where_starttls_is_missing_refused_or_tampered_with() {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::new(|_| {});
    let offer = ["220 hi", "> EHLO", "250-hi", "250 STARTTLS", "> STARTTLS"];
    let injected = "220 go\r\n250-hi\r\n250 AUTH PLAIN";
    for (table, kind) in [
        (&["220 hi", "> EHLO", "250 AUTH PLAIN"][..], "starttls"),
        (&[&offer[..], &["454 no TLS"]].concat(), "greeting"),
        (&[&offer[..], &[injected]].concat(), "starttls"),
    ] {
        let (port, server) = play(None, &[table]).await;
        let config = secured(port, Security::Starttls, identity.write(folder.path()));
        let mut smtp = Smtp::new(&config);
        let (heard, probed) = tokio::join!(server, smtp.probe());
        let error = probed.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
        assert_eq!(error.verdict(), Verdict::TryAgain);
        assert!(heard.iter().all(|line| !line.contains("AUTH")));
    }
}

#[tokio::test]
async fn failures_to_log_in_are_the_administrators_and_tried_again() {
    let offer = ["> EHLO", "250-mail.example.org", "250 AUTH LOGIN"];
    let head = [&["220 hi"][..], &offer, &offer].concat();
    let login = [
        "> AUTH LOGIN",
        "334 VXNlcm5hbWU6",
        "> YW50",
        "334 UGFzc3dvcmQ6",
        "> Z2Vo",
    ];
    let wrong = [&head[..], &login, &["535 5.7.8 wrong password"]].concat();
    for (table, kind) in [(&wrong[..], "login"), (&HELLO, "no-login")] {
        let (port, server) = play(None, &[table]).await;
        let config = SmtpConfig {
            username: Some("antrag@example.org".to_owned()),
            credential: Some(Credential::Password(Secret::Plain("geheim".to_owned()))),
            ..config(port)
        };
        let mut smtp = Smtp::new(&config);
        let error = tokio::join!(server, smtp.probe()).1.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
        assert_eq!(error.verdict(), Verdict::TryAgain);
        assert!(!format!("{error:?} {smtp:?}").contains("geheim"));
    }
}

#[tokio::test]
async fn addresses_are_values_and_never_commands() {
    for to in [
        "",
        "anna",
        "a@b>\r\nRCPT TO:<c@example.org",
        "a b@example.org",
    ] {
        let (port, server) = play(None, &[&HELLO]).await;
        let client = async {
            let mut smtp = Smtp::new(&config(port));
            let envelope = Envelope {
                to: to.to_owned(),
                ..envelope()
            };
            smtp.send(&envelope, b"").await
        };
        let error = tokio::join!(server, client).1.unwrap_err();
        assert!(matches!(error, Error::Address(_)), "{error:?}");
        assert_eq!(error.verdict(), Verdict::GiveUp);
    }
}

#[tokio::test]
async fn what_goes_beyond_ascii_is_declared() {
    let offer = ["> EHLO", "250-hi", "250-8BITMIME", "250 SMTPUTF8"];
    let utf8 = [&["220 hi"][..], &offer, &offer].concat();
    for (hello, from, to, content, expected) in [
        (
            &utf8[..],
            "antrag@example.org",
            "änne@example.org",
            "ä",
            "SMTPUTF8 BODY=8BITMIME",
        ),
        (
            &HELLO,
            "",
            "root@localhost",
            "ä",
            "MAIL FROM:<> BODY=8BITMIME",
        ),
        (&PIPELINING, "", "root@localhost", "ä", "MAIL FROM:<>\r\n"),
    ] {
        let asked = format!("> {expected}");
        let tail = [asked.as_str(), "550 enough"];
        let table = [hello, &tail].concat();
        let (port, server) = play(None, &[&table]).await;
        let client = async {
            let mut smtp = Smtp::new(&config(port));
            let envelope = Envelope {
                from: from.to_owned(),
                to: to.to_owned(),
            };
            smtp.send(&envelope, content.as_bytes()).await
        };
        let error = tokio::join!(server, client).1.unwrap_err();
        assert!(
            matches!(
                error,
                Error::Refused {
                    step: Step::Mail,
                    ..
                }
            ),
            "{error:?}"
        );
    }
    let (port, server) = play(None, &[&HELLO]).await;
    let client = async {
        let mut smtp = Smtp::new(&config(port));
        let envelope = Envelope {
            to: "änne@example.org".to_owned(),
            ..envelope()
        };
        smtp.send(&envelope, b"").await
    };
    let error = tokio::join!(server, client).1.unwrap_err();
    assert!(matches!(error, Error::NoSmtputf8), "{error:?}");
}
