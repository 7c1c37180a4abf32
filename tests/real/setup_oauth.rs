//! `setup` with tokens on real servers: what is refused is named and asked again, and what is taken
//! is all that the service needs.

use crate::correspondence::{request, until_answered};
use crate::setup::{feed, file, in_place_of, lines};
use crate::support::{
    CLIENT, Daemon, Finished, House, NameServer, SECRET, Says, command, names, program,
};
use std::fs;

/// All options but the client's secret.
fn options(house: &House, grant: &str) -> Vec<String> {
    let tokens = house.tokens();
    [
        ("--address", "antrag@example.org"),
        ("--imap-host", "localhost"),
        ("--imap-port", &house.dovecot.imaps_port.to_string()),
        ("--imap-security", "tls"),
        ("--smtp-host", "localhost"),
        ("--smtp-port", &house.postfix.submission_port.to_string()),
        ("--smtp-security", "starttls"),
        ("--oauth", "other"),
        ("--grant", grant),
        ("--client-id", CLIENT),
        ("--scope", "mail"),
        ("--token-url", &tokens.token_url()),
        ("--device-url", &tokens.url("device")),
        ("--ca-file", &house.ca_file.to_string_lossy()),
        ("--archive", "Erledigt"),
        ("--retention", "90d"),
        ("--admin", "verwaltung@example.org"),
    ]
    .iter()
    .flat_map(|(name, value)| [(*name).to_owned(), (*value).to_owned()])
    .collect()
}

/// Runs setup, with these answers.
fn setup(house: &House, options: &[String], answers: &[&str]) -> Finished {
    let options: Vec<_> = options.iter().map(String::as_str).collect();
    feed(
        command(&file(house), &[&["setup"], &options[..]].concat()),
        &lines(answers),
    )
}

#[track_caller]
fn the_service_answers(house: &House) {
    let daemon = Daemon::start(&file(house));
    house.dovecot.drop_in("antrag", "eins", &request("eins"));
    until_answered(house, 1);
    daemon.stop();
}

#[test]
fn a_wrong_secret_is_asked_again_and_then_the_service_answers() {
    let house = House::with_tokens("xoauth2 oauthbearer");
    let options = options(&house, "client_credentials");
    let done = setup(&house, &options, &["falsch", SECRET]);
    assert_eq!(done.code, 0, "{}", done.errors);
    let refused = "das Geheimnis (client_secret) stimmt nicht (invalid_client)";
    assert!(done.errors.contains(refused), "{}", done.errors);
    assert_eq!(done.errors.matches("Geheimnis des Clients: ").count(), 2);
    for other in ["Adresse", "client_id): ", "Anmeldename", SECRET] {
        assert!(!done.errors.contains(other), "{other}: {}", done.errors);
    }
    let folder = house.path("bote");
    assert_eq!(names(&folder), ["antragsbote.toml", "credentials"]);
    assert_eq!(names(&folder.join("credentials")), ["oauth"]);
    let check = program(&file(&house), &["check"]);
    assert_eq!(check.code, 0, "{}", check.output);
    the_service_answers(&house);
}

#[test]
fn where_no_secret_is_right_the_client_may_be_wrong() {
    let house = House::with_tokens("xoauth2");
    let options = options(&house, "client_credentials");
    for _ in 0..2 {
        house.tokens().say(Says::Error(401, "invalid_client", ""));
    }
    let answers = [SECRET, SECRET, "", "", "", CLIENT, SECRET];
    let done = setup(&house, &options, &answers);
    assert_eq!(done.code, 0, "{}", done.errors);
    assert_eq!(done.errors.matches("Geheimnis des Clients").count(), 3);
    let question = format!("Name des Clients (client_id) [{CLIENT}]: ");
    assert_eq!(done.errors.matches(&question).count(), 1, "{}", done.errors);
}

#[test]
fn somebody_signs_in_on_the_way() {
    let house = House::with_tokens("oauthbearer");
    house.tokens().set_secret(None);
    house.tokens().decide(true);
    house.tokens().say(Says::Error(400, "expired_token", ""));
    let options = options(&house, "device_code");
    // Nobody was quick enough: a script is told, a person asked.
    let done = setup(&house, &options, &[]);
    assert_eq!(done.code, 69, "{}", done.errors);
    assert!(done.errors.contains("WDJB-MJHT"), "{}", done.errors);
    assert!(
        done.errors.contains("✗ Anmeldung: die Zeit"),
        "{}",
        done.errors
    );
    assert!(names(&house.path("bote")).is_empty());
    house.tokens().say(Says::Error(400, "access_denied", ""));
    let without_admin = &options[..options.len() - 2];
    let done = setup(&house, without_admin, &["verwaltung@example.org", ""]);
    assert_eq!(done.code, 0, "{}", done.errors);
    assert_eq!(
        done.errors.matches("WDJB-MJHT").count(),
        2,
        "{}",
        done.errors
    );
    let folder = house.path("bote");
    assert_eq!(
        names(&folder),
        ["antragsbote.toml", "credentials", "oauth.json"]
    );
    assert!(done.output.contains("oauth.json"), "{}", done.output);
    assert!(!done.output.contains(" login"), "{}", done.output);
    the_service_answers(&house);
}

#[test]
fn rights_that_are_still_to_come_need_not_be_waited_for() {
    let house = House::with_tokens("xoauth2");
    let secret = house.path("geheim");
    fs::write(&secret, SECRET).unwrap();
    let mut options = options(&house, "client_credentials");
    options.extend([
        "--client-secret-file".to_owned(),
        secret.display().to_string(),
    ]);
    options.extend(["--username".to_owned(), "bernd@example.org".to_owned()]);
    // A script is told.
    let done = setup(&house, &options, &[]);
    assert_eq!(done.code, 69, "{}", done.errors);
    assert!(names(&house.path("bote")).is_empty());
    // A person may have it tried again, and leave it at that.
    options.retain(|option| !["--admin", "verwaltung@example.org"].contains(&option.as_str()));
    let answers = ["verwaltung@example.org", "", "", "n", "j"];
    let done = setup(&house, &options, &answers);
    assert_eq!(done.code, 0, "{}", done.errors);
    assert!(
        done.errors
            .contains("lässt das Token nicht in das Postfach")
    );
    assert!(
        done.output.contains("Noch geht damit nicht alles"),
        "{}",
        done.output
    );
    assert!(file(&house).exists());
}

#[test]
fn microsoft_is_found_by_where_the_mail_goes() {
    let house = House::start();
    let dns = NameServer::start();
    dns.add_mx("stadt.test", 0, "stadt-test.mail.protection.outlook.com");
    let resolv_conf = house.path("resolv.conf");
    dns.write_resolv_conf(&resolv_conf);
    let setup = command(&file(&house), &["setup"]);
    let setup = in_place_of("/etc/resolv.conf", &resolv_conf, &setup);
    let app = "6f1c2d6e-1234-4000-8000-9abcdef01234";
    let answers = [
        "antrag@stadt.test",
        "",  // the servers
        "1", // by a secret
        "",  // the tenant
        app,
        "Wert~1",
        "30.11.2099",
        "", // the mailbox is shared
        "technik@stadt.test",
        "",  // archive
        "",  // retention
        "n", // not again: this machine reaches nobody
        "j",
    ];
    let done = feed(setup, &lines(&answers));
    assert_eq!(done.code, 0, "{}", done.errors);
    assert_eq!(done.errors.matches("✗ Token").count(), 1);
    for words in [
        "Gefunden bei Microsoft 365:\n  Postfach:  IMAP outlook.office365.com, Port 993, TLS\n  Antworten: Microsoft Graph\n",
        "Verzeichnis-ID (Mandant) [stadt.test]: ",
        "✗ Token: der Anmeldedienst ist nicht zu erreichen",
    ] {
        assert!(
            done.errors.contains(words),
            "{words} is not in {}",
            done.errors
        );
    }
    let text = fs::read_to_string(file(&house)).unwrap();
    for line in [
        "\nkind = \"graph\"\n",
        "\nusername = \"antrag@stadt.test\"\n",
        "\ntenant = \"stadt.test\"\n",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
}
