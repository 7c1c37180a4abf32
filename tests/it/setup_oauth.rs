//! `setup` where a mailbox opens with tokens: what is asked, what is told, what is written.

use std::os::unix::fs::PermissionsExt as _;

use crate::program::{House, Run};

const APP: &str = "6f1c2d6e-1234-4000-8000-9abcdef01234";

/// What answers all questions but those about tokens.
const FRAME: [&str; 8] = [
    "--config",
    "bot.toml",
    "setup",
    "--offline",
    "--admin",
    "technik@example.org",
    "--archive",
    "Erledigt",
];

fn setup(house: &House, options: &[&str], answers: &[&str]) -> Run {
    let address = match options.contains(&"--address") {
        true => &[][..],
        false => &["--address", "antrag@example.org"],
    };
    let input: String = answers.iter().map(|line| format!("{line}\n")).collect();
    house.feed(&[&FRAME, address, options].concat(), input.as_bytes())
}

/// What the sections about servers and tokens say, without comments.
fn settings(house: &House) -> String {
    let text = String::from_utf8(house.read("bot.toml")).unwrap();
    let is_set = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let lines: Vec<_> = text.lines().filter(is_set).collect();
    let at = |header| lines.iter().position(|line| *line == header).unwrap();
    lines[at("[mailbox]")..at("[log]")].join("\n")
}

fn is_sound(house: &House) {
    let run = house.run(&["--config", "bot.toml", "check", "--offline"]);
    assert!(
        !run.output().contains("Konfiguration: bot.toml:"),
        "{}",
        run.output()
    );
}

#[test]
fn microsoft_takes_a_secret_and_sends_by_graph() {
    let house = House::new();
    house.write("geheim", "Wert~1\n");
    let options = [
        "--oauth",
        "microsoft",
        "--grant",
        "client_credentials",
        "--tenant",
        "example.org",
        "--client-id",
        APP,
        "--client-secret-file",
        "geheim",
        "--client-secret-expires",
        "30.11.2099",
    ];
    let run = setup(&house, &options, &[]);
    assert_eq!((run.code, run.errors.as_str()), (0, ""));
    assert_eq!(
        settings(&house),
        format!(
            r#"[mailbox]
host = "outlook.office365.com"
port = 993
security = "tls"
username = "antrag@example.org"
auth = "oauth"
archive = "Erledigt"
[outbound]
kind = "graph"
username = "antrag@example.org"
[oauth]
kind = "microsoft"
grant = "client_credentials"
tenant = "example.org"
client_id = "{APP}"
client_secret_file = "oauth"
client_secret_expires = "2099-11-30""#
        )
    );
    assert_eq!(house.read("credentials/oauth"), b"Wert~1\n");
    let mode = std::fs::metadata(house.path("credentials/oauth")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    assert!(!house.path("credentials/mailbox").exists());
    assert!(!house.path("oauth.neu").exists());
    assert!(!run.output().contains("login"), "{}", run.output());
    let check = house.run(&["--config", "bot.toml", "check", "--offline"]);
    assert_eq!(check.code, 0, "{}", check.output());
    assert!(
        check
            .output()
            .contains("✓ Token, Geheimnis: das Geheimnis gilt noch "),
        "{}",
        check.output()
    );
}

#[test]
fn a_person_is_led_through_the_portal() {
    let house = House::new();
    let answers = [
        "3",           // which way
        "",            // the first
        "",            // the tenant, as offered
        "Antragsbote", // no id
        APP,
        APP, // the secret's id, not the secret
        "Wert~1",
        "11/30/2099", // a day as Americans write it
        "30.11.2009",
        "30.11.2099",
        "", // done
    ];
    let run = setup(&house, &["--oauth", "microsoft"], &answers);
    assert_eq!(run.code, 0, "{}", run.errors);
    for words in [
        "1 oder 2",
        "eine Anwendungs-ID sieht aus wie",
        "das ist die „Geheime ID“",
        "Tage sehen aus wie",
        "dieser Tag ist vorbei",
    ] {
        let reasons = run.errors.split("Das geht nicht: ").skip(1);
        let named = reasons
            .filter_map(|rest| rest.lines().next())
            .any(|why| why.contains(words));
        assert!(named, "{words} is no reason in {}", run.errors);
    }
    let places: Vec<_> = [
        "https://entra.microsoft.com",
        "Entra ID → App-Registrierungen → Neue Registrierung",
        "Verzeichnis-ID (Mandant) [example.org]: ",
        "Anwendungs-ID (Client): ",
        "Office 365 Exchange Online",
        "IMAP.AccessAsApp",
        "„Administratorzustimmung erteilen“",
        "Zertifikate & Geheimnisse → Neuer geheimer Clientschlüssel",
        "Wert des Geheimnisses: ",
        "Gültig bis",
        &format!("New-ServicePrincipal -AppId {APP} -ObjectId OBJEKT-ID"),
        "Add-MailboxPermission -Identity antrag@example.org -User OBJEKT-ID -AccessRights FullAccess",
        "Set-CASMailbox -Identity antrag@example.org -ImapEnabled $true",
        "\"PrimarySmtpAddress -eq 'antrag@example.org'\"",
        "\"Application Mail.Send\"",
        "Weiter mit Enter",
    ]
    .iter()
    .map(|words| run.errors.find(words).unwrap_or_else(|| panic!("no {words} in {}", run.errors)))
    .collect();
    assert!(
        places.is_sorted(),
        "in this order: {places:?} {}",
        run.errors
    );
    assert!(!run.errors.contains("Wert~1"), "{}", run.errors);
    assert_eq!(house.read("credentials/oauth"), b"Wert~1\n");
    is_sound(&house);
}

#[test]
fn a_code_needs_no_secret_but_a_sign_in() {
    let house = House::new();
    let run = setup(&house, &["--oauth", "microsoft"], &["2", "", APP, ""]);
    assert_eq!(run.code, 0, "{}", run.errors);
    for words in [
        "Delegierte Berechtigungen → IMAP.AccessAsUser.All, Mail.Send",
        "„Öffentliche Clientflows zulassen“: Ja",
        "E-Mail-Apps verwalten → IMAP",
    ] {
        assert!(
            run.errors.contains(words),
            "{words} is not in {}",
            run.errors
        );
    }
    assert!(!run.errors.contains("Set-CASMailbox"), "{}", run.errors);
    assert_eq!(
        settings(&house),
        format!(
            r#"[mailbox]
host = "outlook.office365.com"
port = 993
security = "tls"
username = "antrag@example.org"
auth = "oauth"
archive = "Erledigt"
[outbound]
kind = "graph"
[oauth]
kind = "microsoft"
grant = "device_code"
tenant = "example.org"
client_id = "{APP}""#
        )
    );
    assert!(
        std::fs::read_dir(house.path("credentials"))
            .unwrap()
            .next()
            .is_none()
    );
    let login = format!("--config {} login\n", house.path("bot.toml").display());
    assert!(run.output().contains(&login), "{}", run.output());
    let check = house.run(&["--config", "bot.toml", "check", "--offline"]);
    assert_eq!(check.code, 69, "{}", check.output());
    assert!(
        check.output().contains("✗ Token, Anmeldung: "),
        "{}",
        check.output()
    );
}

#[test]
fn google_is_asked_for_a_password_or_tokens() {
    let house = House::new();
    let address = ["--address", "antrag.fuerth@gmail.com"];
    let run = setup(
        &house,
        &address,
        &["", "vielleicht", "OAuth", "4711.apps.example", "GOCSPX-1"],
    );
    assert_eq!(run.code, 0, "{}", run.errors);
    for words in [
        "App-Passwort",
        "Passwort oder OAuth [Passwort]: ",
        "„Intern“",
        "„Desktop-App“",
    ] {
        assert!(
            run.errors.contains(words),
            "{words} is not in {}",
            run.errors
        );
    }
    assert_eq!(
        settings(&house),
        r#"[mailbox]
host = "imap.gmail.com"
port = 993
security = "tls"
username = "antrag.fuerth@gmail.com"
auth = "oauth"
archive = "Erledigt"
[outbound]
host = "smtp.gmail.com"
port = 587
security = "starttls"
username = "antrag.fuerth@gmail.com"
auth = "oauth"
[oauth]
kind = "google"
grant = "authorization_code"
client_id = "4711.apps.example"
client_secret_file = "oauth""#
    );
    assert_eq!(house.read("credentials/oauth"), b"GOCSPX-1\n");
    is_sound(&house);

    let house = House::new();
    let run = setup(&house, &address, &["", "", "", "abcd efgh"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert_eq!(house.read("credentials/mailbox"), b"abcd efgh\n");
    assert!(
        !settings(&house).contains("oauth\""),
        "{}",
        settings(&house)
    );
}

#[test]
fn any_other_provider_is_named_by_its_addresses() {
    let house = House::new();
    house.write("geheim", "x\n");
    house.write("ca.pem", "");
    let servers = [
        "--imap-host",
        "imap.example.org",
        "--smtp-host",
        "smtp.example.org",
    ];
    let options = [
        "--oauth",
        "other",
        "--client-id",
        "bote",
        "--client-secret-file",
        "geheim",
        "--token-url",
        "https://login.example.org/token",
        "--scope",
        "mail offline",
        "--ca-file",
        "ca.pem",
    ];
    let run = setup(&house, &[&servers[..], &options].concat(), &[]);
    assert_eq!((run.code, run.errors.as_str()), (0, ""));
    let ca_file = house.path("ca.pem").canonicalize().unwrap();
    let settings = settings(&house);
    let (_, oauth) = settings.split_once("[oauth]\n").unwrap();
    assert_eq!(
        oauth,
        format!(
            r#"kind = "other"
grant = "client_credentials"
client_id = "bote"
client_secret_file = "oauth"
scope = "mail offline"
token_url = "https://login.example.org/token"
ca_file = "{}""#,
            ca_file.display()
        )
    );
    is_sound(&house);

    let house = House::new();
    house.write("geheim", "x\n");
    house.write("ca.pem", "");
    for (missing, option) in [(6, "--token-url"), (8, "--scope"), (2, "--client-id")] {
        let rest = [&options[..missing], &options[missing + 2..]].concat();
        let run = setup(&house, &[&servers[..], &rest].concat(), &[]);
        assert_eq!(run.code, 64, "{option}: {}", run.errors);
        assert!(
            run.errors.trim_end().ends_with(option),
            "{option}: {}",
            run.errors
        );
        assert!(!house.path("bot.toml").exists());
    }
}

#[test]
fn options_that_cannot_be_are_named_and_nothing_is_written() {
    let house = House::new();
    house.write("geheim", "x\n");
    let sound = [
        "--oauth",
        "microsoft",
        "--grant",
        "client_credentials",
        "--client-id",
        APP,
        "--client-secret-file",
        "geheim",
    ];
    for (more, words) in [
        (
            &["--client-id", "Antragsbote"][..],
            "--client-id \"Antragsbote\": eine Anwendungs-ID",
        ),
        (
            &["--client-secret-expires", "2009-11-30"],
            "dieser Tag ist vorbei",
        ),
        (&["--grant", "password"], "password"),
        (&["--password-file", "geheim"], "--password-file"),
    ] {
        // The last of several counts nowhere: each is given once.
        let kept = sound.chunks(2).filter(|pair| pair[0] != more[0]).flatten();
        let options: Vec<_> = kept.chain(more).copied().collect();
        let run = setup(&house, &options, &[]);
        assert_eq!(run.code, 64, "{more:?}: {}", run.errors);
        assert!(run.errors.contains(words), "{more:?}: {}", run.errors);
        assert!(!house.path("bot.toml").exists());
    }
    // Who registers the bot means to use that.
    let run = setup(&house, &["--client-id", APP], &[]);
    assert_eq!(run.code, 64, "{}", run.errors);
    assert!(run.errors.contains("--oauth"), "{}", run.errors);
}
