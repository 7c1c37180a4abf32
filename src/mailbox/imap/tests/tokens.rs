//! Logins by a token, byte for byte.

use super::super::wire::Key;
use super::*;

/// What is said for the token "t0k3n" of antrag@example.org.
const XOAUTH2: &str = "dXNlcj1hbnRyYWdAZXhhbXBsZS5vcmcBYXV0aD1CZWFyZXIgdDBrM24BAQ==";
/// `{"status":"401"}`
const REASON: &str = "+ eyJzdGF0dXMiOiI0MDEifQ==";

/// Logs in to a server with these abilities, which then plays the rest; what was said after CAPABILITY,
/// without tags, and what came of it.
async fn login(
    abilities: &str,
    rest: &[&str],
    token: &str,
) -> (u16, Vec<String>, Result<Wire, Error>) {
    let abilities = format!("* CAPABILITY IMAP4rev1 {abilities}");
    let mut table = vec!["* OK ready", "> CAPABILITY", &abilities, "@ OK done"];
    table.extend(rest);
    let (port, server) = play(None, &[&table]).await;
    let config = config(port);
    let (heard, opened) = tokio::join!(server, Wire::enter(&config, Key::Token(token)));
    let untagged = |line: &String| match line.split_once(' ') {
        Some((_, command)) => command.to_owned(),
        None => line.clone(),
    };
    (port, heard.iter().skip(1).map(untagged).collect(), opened)
}

fn oauthbearer(port: u16) -> String {
    crate::sasl::encoded(&format!(
        "n,a=antrag@example.org,\u{1}host=127.0.0.1\u{1}port={port}\u{1}auth=Bearer t0k3n\u{1}\u{1}"
    ))
}

#[tokio::test]
async fn a_token_is_shown_at_once_where_the_server_takes_it_so() {
    let (_, said, opened) = login(
        "SASL-IR AUTH=PLAIN AUTH=XOAUTH2",
        &["> AUTHENTICATE XOAUTH2 ", "@ OK welcome"],
        "t0k3n",
    )
    .await;
    assert_eq!(said, [format!("AUTHENTICATE XOAUTH2 {XOAUTH2}")]);
    opened.unwrap();
    let (port, said, opened) = login(
        "SASL-IR AUTH=XOAUTH2 AUTH=OAUTHBEARER",
        &["> AUTHENTICATE OAUTHBEARER ", "@ OK welcome"],
        "t0k3n",
    )
    .await;
    let words = oauthbearer(port);
    assert_eq!(said, [format!("AUTHENTICATE OAUTHBEARER {words}")]);
    opened.unwrap();
}

#[tokio::test]
async fn a_token_waits_to_be_asked_for_elsewhere_and_if_it_is_long() {
    let asked = ["> AUTHENTICATE XOAUTH2\r\n", "+ ", "> ", "@ OK welcome"];
    let (_, said, opened) = login("AUTH=XOAUTH2", &asked, "t0k3n").await;
    assert_eq!(said, ["AUTHENTICATE XOAUTH2", XOAUTH2]);
    opened.unwrap();
    let long = "x".repeat(8000);
    let (_, said, opened) = login("SASL-IR AUTH=XOAUTH2", &asked, &long).await;
    assert_eq!(said[0], "AUTHENTICATE XOAUTH2");
    assert_eq!(said.len(), 2);
    opened.unwrap();
}

#[tokio::test]
async fn a_refusal_is_heard_to_its_end() {
    for (abilities, rest, last) in [
        (
            "SASL-IR AUTH=XOAUTH2",
            &["> AUTHENTICATE ", REASON, "> ", "@ NO failed."][..],
            "",
        ),
        (
            "SASL-IR AUTH=OAUTHBEARER",
            &["> AUTHENTICATE ", REASON, "> ", "@ NO failed."],
            "AQ==",
        ),
        (
            "AUTH=OAUTHBEARER",
            &[
                "> AUTHENTICATE ",
                "+ ",
                "> ",
                REASON,
                "> ",
                "@ NO [AUTHENTICATIONFAILED] failed.",
            ],
            "AQ==",
        ),
    ] {
        let (_, said, opened) = login(abilities, rest, "t0k3n").await;
        assert_eq!(said.last().unwrap(), last);
        let error = opened.unwrap_err();
        assert_eq!(error.kind(), "oauth-login", "{error:?}");
        assert!(error.to_string().contains("failed."), "{error}");
        assert!(!format!("{error:?}").contains("t0k3n"));
    }
}

#[tokio::test]
async fn what_is_not_the_tokens_fault_is_told_otherwise() {
    for (abilities, rest, kind) in [
        ("AUTH=PLAIN AUTH=LOGIN", &[][..], "no-login"),
        (
            "SASL-IR AUTH=XOAUTH2",
            &["> AUTHENTICATE ", "@ NO [UNAVAILABLE] later"],
            "refused-command",
        ),
        (
            "SASL-IR AUTH=XOAUTH2",
            &["> AUTHENTICATE ", "* BYE too many connections"],
            "lost",
        ),
        ("SASL-IR AUTH=XOAUTH2", &["> AUTHENTICATE ", "!"], "lost"),
    ] {
        let (_, _, opened) = login(abilities, rest, "t0k3n").await;
        let error = opened.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
    }
}

#[tokio::test]
async fn exchange_lets_a_token_in_and_then_says_that_it_has_no_mailbox() {
    let refusal = "@ BAD User is authenticated but not connected.";
    let sasl = [
        "* OK ready",
        "> CAPABILITY",
        "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2 AUTH=PLAIN",
        "@ OK done",
        "> AUTHENTICATE XOAUTH2",
        "@ OK AUTHENTICATE completed.",
        "> CAPABILITY",
        refusal,
    ];
    let (port, server) = play(None, &[&sasl]).await;
    let config = config(port);
    let client = async {
        let mut wire = Wire::enter(&config, Key::Token("t0k3n")).await.unwrap();
        abilities(&mut wire).await.map(drop).unwrap_err()
    };
    let error = tokio::join!(server, client).1;
    assert_eq!(error.kind(), "oauth-login", "{error:?}");
    // With a password it is one more refused command.
    let plain = opened(BARE, &["> UID FETCH", refusal]);
    against!(plain, super::config, |imap| {
        let error = imap.look(1).await.unwrap_err();
        assert_eq!(error.kind(), "refused-command", "{error:?}");
    });
}
