//! Logins by a token, byte for byte.

use super::super::login::Key;
use super::*;

/// What is said for the token "t0k3n" of antrag@example.org.
const XOAUTH2: &str = "dXNlcj1hbnRyYWdAZXhhbXBsZS5vcmcBYXV0aD1CZWFyZXIgdDBrM24BAQ==";
/// `{"status":"401"}`
const REASON: &str = "334 eyJzdGF0dXMiOiI0MDEifQ==";

/// Logs in to a server with this offer, which then plays the rest; what was said after EHLO, and what came of it.
async fn login(offer: &str, rest: &[&str]) -> (u16, Vec<String>, Result<Connection, Error>) {
    let offer = format!("250 {offer}");
    let hello = ["> EHLO", "250-mail.example.org", &offer];
    let table = [&["220 hi"][..], &hello, &hello, rest].concat();
    let (port, server) = play(None, &[&table]).await;
    let config = SmtpConfig {
        username: Some("antrag@example.org".to_owned()),
        ..config(port)
    };
    let entering = Connection::enter(&config, Some(Key::Token("t0k3n")));
    let (mut heard, entered) = tokio::join!(server, entering);
    (port, heard.split_off(2), entered)
}

#[tokio::test]
async fn a_token_waits_to_be_asked_for() {
    let rest = ["> AUTH", "334 ", "> ", "235 2.7.0 welcome"];
    for offer in ["AUTH LOGIN XOAUTH2", "auth=plain xoauth2"] {
        let (_, said, entered) = login(offer, &rest).await;
        assert_eq!(said, ["AUTH XOAUTH2", XOAUTH2]);
        entered.map(drop).unwrap();
    }
    let (port, said, entered) = login("AUTH XOAUTH2 OAUTHBEARER", &rest).await;
    let words = format!(
        "n,a=antrag@example.org,\u{1}host=127.0.0.1\u{1}port={port}\u{1}auth=Bearer t0k3n\u{1}\u{1}"
    );
    assert_eq!(said, ["AUTH OAUTHBEARER", &crate::sasl::encoded(&words)]);
    entered.map(drop).unwrap();
}

#[tokio::test]
async fn a_refusal_is_heard_to_its_end() {
    for (offer, last) in [("AUTH XOAUTH2", ""), ("AUTH OAUTHBEARER", "AQ==")] {
        let refusal = "535-5.7.8 Username and Password not accepted.\r\n535 5.7.8 Learn more";
        let rest = ["> AUTH", "334 ", "> ", REASON, "> ", refusal];
        let (_, said, entered) = login(offer, &rest).await;
        assert_eq!(said.last().unwrap(), last);
        let error = entered.map(drop).unwrap_err();
        assert_eq!(error.kind(), "oauth-login", "{error:?}");
        assert_eq!(error.closure(), Some(crate::outbound::Closure::Unwelcome));
        assert_eq!(error.verdict(), Verdict::TryAgain);
        assert!(error.is_about_token());
        assert!(!format!("{error:?}").contains("t0k3n"));
    }
}

#[tokio::test]
async fn what_is_not_the_tokens_fault_is_told_otherwise() {
    let off = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for \
               the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.";
    for (offer, rest, kind) in [
        ("AUTH PLAIN LOGIN", &[][..], "no-login"),
        ("SIZE 1000 XOAUTH2", &[], "no-login"),
        ("AUTH XOAUTH2", &["> AUTH", "334 ", "> ", off], "smtp-off"),
        (
            "AUTH XOAUTH2",
            &["> AUTH", "334 ", "> ", "454 4.7.0 Temporary failure"],
            "refused-for-now",
        ),
        ("AUTH XOAUTH2", &["> AUTH", "334 ", "> ", "!"], "lost"),
        ("AUTH XOAUTH2", &["> AUTH", "235 whoever"], "protocol"),
        (
            "AUTH XOAUTH2",
            &["> AUTH", "334 ", "> ", REASON, "> ", REASON],
            "protocol",
        ),
    ] {
        let (_, _, entered) = login(offer, rest).await;
        let error = entered.map(drop).unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
        assert_eq!(error.verdict(), Verdict::TryAgain);
        assert!(error.closure().is_some());
        assert!(!error.is_about_token());
    }
}

#[tokio::test]
async fn a_login_that_has_ended_on_a_kept_connection_is_a_stale_connection() {
    let first = [
        &HELLO[..],
        &STEPS.concat(),
        &["> MAIL", "530 5.7.57 Client not authenticated", "> QUIT"],
    ]
    .concat();
    let second = [&HELLO[..], &STEPS.concat()].concat();
    let (port, server) = play(None, &[&first, &second]).await;
    let client = async {
        let mut smtp = Smtp::new(&config(port));
        send(&mut smtp).await.unwrap();
        send(&mut smtp).await.unwrap();
    };
    tokio::join!(server, client);
}
