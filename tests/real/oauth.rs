//! Logins by tokens, at Dovecot and Postfix, who ask the token server whether they are good.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use serde_json::json;

use crate::correspondence::{assert_answered_once, request, until_answered, until_rows};
use crate::support::{CLIENT, Daemon, House, Says, Settings, command, eventually, program};

/// How long the daemon may take for what it does soon.
const PATIENCE: Duration = Duration::from_secs(30);

/// Tokens in place of passwords, with these lines more in `[oauth]`.
fn by_token(more: &'static str) -> Settings {
    Settings {
        oauth: Some(more),
        ..Settings::default()
    }
}

/// A mail comes in, and the motion goes out, both by a token that is shown by this mechanism.
#[track_caller]
fn goes_through(offered: &'static str, used: &str) {
    let house = House::with_tokens(offered);
    let daemon = Daemon::start(&house.configure(by_token("")));
    house.dovecot.drop_in("antrag", "eins", &request("eins"));
    until_answered(&house, 1);
    daemon.stop();
    assert_answered_once(&house, &["eins".to_owned()]);
    let imap = fs::read_to_string(house.dovecot.log()).unwrap();
    let login = format!("user=<antrag@example.org>, method={used}, ");
    assert!(imap.contains(&login), "{imap}");
    let smtp = fs::read_to_string(house.postfix.log()).unwrap();
    let login = format!("sasl_method={used}, sasl_username=antrag@example.org");
    assert!(smtp.contains(&login), "{smtp}");
}

#[test]
fn a_motion_goes_out_by_xoauth2() {
    goes_through("xoauth2", "XOAUTH2");
}

#[test]
fn a_motion_goes_out_by_oauthbearer() {
    goes_through("oauthbearer", "OAUTHBEARER");
}

#[test]
fn a_motion_goes_out_by_the_standard_where_both_are_offered() {
    goes_through("xoauth2 oauthbearer", "OAUTHBEARER");
}

/// Dovecot restarts, and with it ends the daemon's connection: it has to log in anew.
fn cut_off(house: &mut House) {
    house.dovecot.until_idle("antrag");
    house.dovecot.stop();
    house.dovecot.resume();
}

/// Waits until the daemon has said this.
#[track_caller]
fn until_said(daemon: &Daemon, words: &str) {
    eventually(words, PATIENCE, || {
        daemon.errors().contains(words).then_some(())
    });
}

#[test]
fn a_token_is_renewed_before_its_end() {
    let mut house = House::with_tokens("xoauth2 oauthbearer");
    house.tokens().lasting(0);
    let daemon = Daemon::start(&house.configure(by_token("")));
    house.dovecot.drop_in("antrag", "eins", &request("eins"));
    until_answered(&house, 1);
    // What was given so far is over.
    house.tokens().revoke_access();
    cut_off(&mut house);
    house.dovecot.drop_in("antrag", "zwei", &request("zwei"));
    until_answered(&house, 2);
    daemon.stop();
    assert_answered_once(&house, &["eins", "zwei"].map(str::to_owned));
    let imap = fs::read_to_string(house.dovecot.log()).unwrap();
    assert!(!imap.contains("auth failed"), "{imap}");
}

#[test]
fn a_token_that_is_taken_back_is_replaced_at_once_and_once_for_all() {
    let mut house = House::with_tokens("oauthbearer");
    let config = house.configure(by_token(""));
    let daemon = Daemon::start(&config);
    house.dovecot.until_idle("antrag");
    assert_eq!(house.tokens().count(), 1);
    // The session goes on; several connections to Postfix begin at the same time, all with the old token.
    house.tokens().revoke_access();
    let mut ids: Vec<String> = (0..8).map(|number| format!("anfrage-{number}")).collect();
    for id in &ids {
        house.dovecot.drop_in("antrag", id, &request(id));
    }
    until_answered(&house, ids.len());
    assert_eq!(house.tokens().count(), 2);
    house.tokens().revoke_access();
    cut_off(&mut house);
    ids.push("danach".to_owned());
    house
        .dovecot
        .drop_in("antrag", "danach", &request("danach"));
    until_answered(&house, ids.len());
    assert_eq!(house.tokens().count(), 3);
    until_rows(&config, ids.len(), |row| {
        row["state"] == "answered" && row["attempts"] == 1
    });
    let said = daemon.errors();
    daemon.stop();
    assert_answered_once(&house, &ids);
    assert!(!said.contains("error.kind=\"oauth"), "{said}");
    for log in [house.dovecot.log(), house.postfix.log()] {
        let text = fs::read_to_string(log).unwrap();
        assert!(text.contains("auth failed") || text.contains("authentication failed"));
    }
}

#[test]
fn what_arrives_while_nobody_is_signed_in_is_answered_afterwards() {
    let mut house = House::with_tokens("xoauth2");
    let config = house.configure(by_token(
        "grant = \"authorization_code\"\nauthorization_url = \"https://login.example.org/\"",
    ));
    sign_in(&house);
    let daemon = Daemon::start(&config);
    house
        .dovecot
        .drop_in("antrag", "vorher", &request("vorher"));
    until_answered(&house, 1);
    house.tokens().revoke_refresh();
    house.tokens().revoke_access();
    cut_off(&mut house);
    house.dovecot.drop_in("antrag", "eins", &request("eins"));
    house.dovecot.drop_in("antrag", "zwei", &request("zwei"));
    until_said(&daemon, "mailbox out of reach: ");
    until_said(&daemon, "error.kind=\"oauth-signin\"");
    assert_eq!(house.dovecot.login("anna").count("INBOX"), 1);
    sign_in(&house);
    until_answered(&house, 3);
    daemon.stop();
    assert_answered_once(&house, &["vorher", "eins", "zwei"].map(str::to_owned));
}

/// A person signs in: her refresh token is kept.
fn sign_in(house: &House) {
    let tokens = house.tokens();
    let kept = json!({
        "format": "antragsbote oauth 1",
        "client": {
            "token_url": tokens.token_url(),
            "client_id": CLIENT,
            "grant": "refresh_token",
        },
        "refresh": { "token": tokens.refresh_token() },
        "access": {},
    });
    let (written, store) = (house.path("oauth.new"), house.path("oauth.json"));
    fs::write(&written, kept.to_string()).unwrap();
    fs::set_permissions(&written, fs::Permissions::from_mode(0o600)).unwrap();
    fs::rename(written, store).unwrap();
}

#[test]
fn a_token_server_that_is_out_of_order_is_waited_for_as_any_other() {
    let mut house = House::with_tokens("oauthbearer");
    let daemon = Daemon::start(&house.configure(by_token("")));
    for says in [Says::Page, Says::Busy(503, 1), Says::Nothing] {
        house.tokens().refuse(says);
        house.tokens().revoke_access();
        let before = house.tokens().count();
        cut_off(&mut house);
        eventually("a question", PATIENCE, || {
            (house.tokens().count() > before).then_some(())
        });
        house.tokens().relent();
        house.dovecot.until_idle("antrag");
    }
    house.dovecot.drop_in("antrag", "eins", &request("eins"));
    until_answered(&house, 1);
    let said = daemon.errors();
    daemon.stop();
    assert_answered_once(&house, &["eins".to_owned()]);
    assert!(said.contains("WARN"), "{said}");
    assert!(said.contains("error.kind=\"oauth-server\""), "{said}");
    assert!(!said.contains("ERROR"), "{said}");
}

#[test]
fn a_token_for_another_mailbox_is_named_with_its_remedy() {
    let house = House::with_tokens("xoauth2 oauthbearer");
    let config = house.configure(by_token(""));
    let text = fs::read_to_string(&config).unwrap();
    let other = text.replace("username = \"antrag@", "username = \"bernd@");
    fs::write(&config, other).unwrap();
    let check = program(&config, &["check"]);
    let findings = format!("{}{}", check.output, check.errors);
    for words in [
        "der Server lässt das Token nicht in das Postfach bernd@example.org",
        "Add-MailboxPermission",
        "der Server nimmt das Token nicht an: 535",
    ] {
        assert!(findings.contains(words), "{findings}");
    }
    assert_ne!(check.code, 0);
    let daemon = Daemon::run(&config, &mut command(&config, &["serve"]));
    until_said(&daemon, "error.kind=\"oauth-login\"");
    assert!(!daemon.errors().contains("bernd"));
}

/// Neither server takes a token.
#[test]
fn servers_that_take_no_token_are_named() {
    let house = House::with_tokens("");
    let check = program(&house.configure(by_token("")), &["check"]);
    let findings = format!("{}{}", check.output, check.errors);
    let words = "OAUTHBEARER oder XOAUTH2";
    assert_eq!(findings.matches(words).count(), 2, "{findings}");
}
