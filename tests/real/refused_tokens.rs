//! What a token server says instead of a token: named with its remedy where people look, and no
//! request is lost meanwhile.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};

use crate::alarms::{told, trouble, until_told, well};
use crate::correspondence::{assert_answered_once, request, until_answered};
use crate::support::{Daemon, House, Says, Settings, command, eventually, program};

/// How long the daemon may take for what it does soon.
const PATIENCE: Duration = Duration::from_secs(30);

const TOKENS: &str = "Der Antragsbote kann sich nicht mehr anmelden";
const END: &str = "Die Anmeldung des Antragsboten läuft ab";

/// A mailbox by tokens of Microsoft, as it seems; the administrator is verwaltung@example.org.
fn configure(house: &House, more: &'static str) -> PathBuf {
    let file = house.configure(Settings {
        // Mails to the administrator need no token.
        outbound: "none",
        oauth: Some(more),
        ..Settings::default()
    });
    let text = fs::read_to_string(&file).unwrap();
    let microsoft = "kind = \"microsoft\"\ntenant = \"example.org\"";
    let text = text.replace("kind = \"other\"", microsoft);
    let admin = "[admin]\naddress = \"verwaltung@example.org\"\n";
    fs::write(&file, text + admin).unwrap();
    file
}

fn until_said(daemon: &Daemon, words: &str) {
    eventually(words, PATIENCE, || {
        daemon.errors().contains(words).then_some(())
    });
}

/// What is said, by which fixed word, with which remedy in the journal; what `check` says of it, and its remedy.
type Case = (Says, &'static str, &'static str, &'static str, &'static str);

const CASES: [Case; 5] = [
    (
        Says::Error(
            401,
            "invalid_client",
            "AADSTS7000222: The provided client secret keys for app 'bot@example.org' are expired.",
        ),
        "oauth-secret",
        "make a new client secret",
        "das Geheimnis (client_secret) ist abgelaufen (AADSTS7000222)",
        "systemctl restart antragsbote",
    ),
    (
        Says::Error(
            400,
            "invalid_grant",
            "AADSTS50173: The provided grant has expired due to it being revoked.",
        ),
        "oauth-signin",
        "antragsbote login",
        "die Anmeldung gilt nicht mehr (AADSTS50173)",
        "antragsbote login",
    ),
    (
        Says::Error(
            400,
            "unauthorized_client",
            "AADSTS7000112: Application 'bot'(antragsbote) is disabled.",
        ),
        "oauth-forbidden",
        "an administrator of the tenant",
        "der Mandant lässt die App oder das Konto nicht zu (AADSTS7000112)",
        "ein Administrator des Mandanten",
    ),
    (
        Says::Page,
        "oauth-server",
        "check token_url",
        "localhost antwortet mit einer Webseite",
        "Anmeldeseite des Netzes",
    ),
    (
        Says::Error(400, "invalid_grant", "no reason is given"),
        "oauth-clock",
        "set the clock",
        "geht gegenüber seiner um 10 Minuten nach",
        "timedatectl set-ntp true",
    ),
];

#[test]
fn what_the_token_server_says_instead_is_named_and_no_request_is_lost() {
    let house = House::with_tokens("xoauth2");
    let config = configure(&house, "");
    let mut ids = Vec::new();
    for (says, kind, remedy, finding, cure) in CASES {
        let _ = fs::remove_file(house.path("oauth.json"));
        if kind == "oauth-clock" {
            house.tokens().claim(601);
        }
        house.tokens().refuse(says);
        ids.push(kind.to_owned());
        house.dovecot.drop_in("antrag", kind, &request(kind));
        let daemon = Daemon::run(&config, &mut command(&config, &["serve"]));
        until_said(&daemon, &format!("error.kind=\"{kind}\""));
        until_said(&daemon, remedy);
        let check = program(&config, &["check"]);
        let findings = format!("{}{}", check.output, check.errors);
        for words in [finding, cure] {
            assert!(findings.contains(words), "{words:?}: {findings}");
        }
        assert_ne!(check.code, 0, "{findings}");
        house.tokens().relent();
        until_answered(&house, ids.len());
        let said = daemon.errors();
        daemon.stop();
        for text in [said, findings] {
            assert!(
                !text.contains("bot@") && !text.contains("revoked"),
                "{text}"
            );
        }
    }
    assert_answered_once(&house, &ids);
}

#[test]
fn that_only_a_person_can_help_is_told_at_once_and_so_is_that_she_has() {
    let house = House::with_tokens("xoauth2");
    let config = configure(&house, "");
    let daemon = Daemon::start(&config);
    house.tokens().refuse(CASES[0].0.clone());
    daemon.stop();
    fs::remove_file(house.path("oauth.json")).unwrap();
    let daemon = Daemon::run(&config, &mut command(&config, &["serve"]));
    until_told(&house, &[trouble(TOKENS)]);
    let (_, text) = told(&house).swap_remove(0);
    assert!(text.contains("(AADSTS7000222)"), "{text}");
    assert!(text.contains("antragsbote check"), "{text}");
    house.tokens().relent();
    until_told(&house, &[trouble(TOKENS), well(TOKENS)]);
    daemon.stop();
}

#[test]
fn a_wrong_clock_and_an_end_that_comes_near_are_told_while_all_goes_well() {
    let house = House::with_tokens("xoauth2");
    let config = configure(&house, "client_secret_expires = \"@END@\"");
    let end = (Timestamp::now() + (10 * 24).hours())
        .strftime("%F")
        .to_string();
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("@END@", &end)).unwrap();
    house.tokens().claim(-700);
    let daemon = Daemon::start(&config);
    house.dovecot.drop_in("antrag", "eins", &request("eins"));
    until_said(&daemon, "error.kind=\"oauth-clock\"");
    until_said(&daemon, "error.kind=\"oauth-end\"");
    until_told(&house, &[trouble(END)]);
    let (_, text) = told(&house).swap_remove(0);
    assert!(text.contains("weniger als zwei Wochen"), "{text}");
    until_answered(&house, 1);
    daemon.stop();
    assert_answered_once(&house, &["eins".to_owned()]);
}
