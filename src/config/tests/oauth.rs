use std::path::Path;

use super::{Config, SOUND, check, problems};
use crate::oauth::{self, Audience, Credential, Grant, Provider};
use crate::{mailbox, outbound};

const MICROSOFT: &str = "kind = \"microsoft\"\ntenant = \"example.org\"\nclient_id = \"bot\"\n";
const GOOGLE: &str = "kind = \"google\"\nclient_id = \"bot\"\nclient_secret = \"geheim\"\n";
const OTHER: &str = "kind = \"other\"\nclient_id = \"bot\"\nclient_secret = \"geheim\"\n\
                     token_url = \"https://login.example.org/token\"\nscope = \"mail\"\n";
const SECRET: &str = "client_secret = \"geheim\"\n";

/// A sound file whose mailbox takes a token that is had so.
fn by_token(section: &str) -> String {
    let text = SOUND.replace("password = \"geheim\"", "auth = \"oauth\"");
    format!("{text}[oauth]\n{section}")
}

fn client(section: &str) -> oauth::Config {
    let config = check(&by_token(section)).unwrap();
    config.oauth.unwrap().config().clone()
}

/// What is wrong, one problem.
#[track_caller]
fn problem(text: &str) -> String {
    let found = problems(text);
    let named: Vec<_> = found.iter().map(|problem| &problem.message).collect();
    assert_eq!(named.len(), 1, "{named:?}");
    named[0].clone()
}

#[test]
fn what_is_usual_with_a_provider_need_not_be_said() {
    let microsoft = client(&format!("{MICROSOFT}{SECRET}"));
    assert_eq!(microsoft.provider, Provider::Microsoft);
    assert_eq!(microsoft.grant, Grant::ClientCredentials);
    assert_eq!(
        microsoft.endpoints.token,
        "https://login.microsoftonline.com/example.org/oauth2/v2.0/token"
    );
    assert_eq!(
        microsoft.mail_scope,
        "https://outlook.office365.com/.default"
    );
    assert_eq!(
        microsoft.store,
        Path::new("/var/lib/antragsbote/oauth.json")
    );
    assert_eq!(microsoft.client_secret_expires, None);
    // a person needs no secret
    let by_person = client(&format!("{MICROSOFT}grant = \"device_code\"\n"));
    assert_eq!(by_person.grant, Grant::DeviceCode);
    assert_eq!(
        by_person.endpoints.device.as_deref(),
        Some("https://login.microsoftonline.com/example.org/oauth2/v2.0/devicecode")
    );
    assert_eq!(
        by_person.mail_scope,
        "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"
    );
    let google = client(GOOGLE);
    assert_eq!(google.grant, Grant::AuthorizationCode);
    assert_eq!(
        google.endpoints.token,
        "https://oauth2.googleapis.com/token"
    );
    assert_eq!(google.mail_scope, "https://mail.google.com/");
    assert_eq!(client(OTHER).grant, Grant::ClientCredentials);
}

#[test]
fn every_providers_addresses_and_scope_can_be_others() {
    let own = "token_url = \"https://localhost:8443/a?b=c\"\n\
               device_url = \"https://login.example.org/device\"\n\
               authorization_url = \"https://login.example.org/authorize\"\n\
               scope = \"imap smtp\"\nclient_secret_expires = \"2028-11-30\"\n";
    let microsoft = format!("{MICROSOFT}{SECRET}{own}");
    let google = format!("{GOOGLE}{own}");
    for section in [microsoft, google] {
        let config = client(&section);
        assert_eq!(config.endpoints.token, "https://localhost:8443/a?b=c");
        let device = config.endpoints.device.as_deref();
        assert_eq!(device, Some("https://login.example.org/device"));
        let authorization = config.endpoints.authorization.as_deref();
        assert_eq!(authorization, Some("https://login.example.org/authorize"));
        assert_eq!(config.mail_scope, "imap smtp");
        let expires = config.client_secret_expires.map(|day| day.to_string());
        assert_eq!(expires.as_deref(), Some("2028-11-30"));
    }
}

#[test]
fn one_client_serves_whoever_logs_in() {
    let smtp = "kind = \"smtp\"\nhost = \"smtp.example.org\"\nauth = \"oauth\"\n";
    let text = by_token(OTHER).replace("kind = \"maildir\"\npath = \"out\"\n", smtp);
    let config = check(&text).unwrap();
    let tokens = config.oauth.clone().unwrap();
    assert_eq!(tokens.config().first, Audience::Mail);
    let mailbox::Config::Imap(imap) = config.mailbox else {
        panic!("{:?}", config.mailbox)
    };
    assert_eq!(imap.credential, Credential::OAuth(tokens.clone()));
    let outbound::Config::Smtp(smtp) = config.outbound else {
        panic!("{:?}", config.outbound)
    };
    assert_eq!(smtp.credential, Some(Credential::OAuth(tokens)));
    assert_eq!(smtp.username.as_deref(), Some("antrag@example.org"));
    // whoever signs in for Graph alone agrees to that
    let graph = by_token(&format!("{MICROSOFT}{SECRET}"))
        .replace("auth = \"oauth\"", "password = \"geheim\"")
        .replace("kind = \"maildir\"\npath = \"out\"", "kind = \"graph\"");
    let tokens = check(&graph).unwrap().oauth.unwrap();
    assert_eq!(tokens.config().first, Audience::Graph);
}

#[test]
fn what_is_missing_or_does_not_fit_is_named_once() {
    for (section, message) in [
        (MICROSOFT.to_owned(), "`oauth.client_secret_file`"),
        (
            format!("{SECRET}{MICROSOFT}").replace("client_id = \"bot\"\n", ""),
            "`oauth.client_id`",
        ),
        (
            format!("{SECRET}{MICROSOFT}").replace("tenant = \"example.org\"\n", ""),
            "`oauth.tenant`",
        ),
        (
            format!("{SECRET}{MICROSOFT}").replace("example.org", "example.org/x"),
            "`oauth.tenant`",
        ),
        (
            format!("{OTHER}tenant = \"example.org\"\n"),
            "`tenant` passt nicht",
        ),
        (OTHER.replace("scope = \"mail\"\n", ""), "`oauth.scope`"),
        (
            OTHER.replace("https://login.example.org", "http://login.example.org"),
            "`oauth.token_url`",
        ),
        (
            OTHER.replace("login.example.org", "anna@login.example.org"),
            "`oauth.token_url`",
        ),
        (OTHER.replace("login.example.org", ""), "`oauth.token_url`"),
        (
            format!("{OTHER}grant = \"device_code\"\n"),
            "`oauth.device_url`",
        ),
        (
            format!("{OTHER}grant = \"authorization_code\"\n"),
            "`oauth.authorization_url`",
        ),
        (format!("{OTHER}grant = \"password\"\n"), "`oauth.grant`"),
        (
            format!("{OTHER}client_secret_expires = \"30.11.2028\"\n"),
            "`oauth.client_secret_expires`",
        ),
        (
            format!("{GOOGLE}grant = \"device_code\"\n"),
            "Google gibt Zugang",
        ),
        (
            format!("{GOOGLE}grant = \"client_credentials\"\n"),
            "Google gibt Zugang",
        ),
        (GOOGLE.replace(SECRET, ""), "`oauth.client_secret_file`"),
    ] {
        let named = problem(&by_token(&section));
        assert!(named.contains(message), "{message}: {named}");
    }
    let without = by_token("").replace("[oauth]\n", "");
    assert!(problem(&without).contains("der Abschnitt [oauth] fehlt"));
    let both = by_token(OTHER).replace(
        "auth = \"oauth\"",
        "auth = \"oauth\"\npassword = \"geheim\"",
    );
    assert!(problem(&both).contains("kein Passwort"));
    let maildir = SOUND.replace("path = \"out\"", "path = \"out\"\nauth = \"oauth\"");
    assert!(problem(&maildir).contains("`auth` passt nicht"));
}

#[test]
fn its_secret_is_replaced_with_all_others() {
    let mut config: Config = check(&by_token(OTHER)).unwrap();
    assert_eq!(config.secrets().len(), 1);
    config.replace_secrets(|_| crate::secret::Secret::Plain("anders".to_owned()));
    let tokens = config.oauth.clone().unwrap();
    let secret = tokens.config().client_secret.clone();
    assert_eq!(
        secret,
        Some(crate::secret::Secret::Plain("anders".to_owned()))
    );
    let mailbox::Config::Imap(imap) = config.mailbox else {
        panic!("{:?}", config.mailbox)
    };
    assert_eq!(imap.credential, Credential::OAuth(tokens));
}
