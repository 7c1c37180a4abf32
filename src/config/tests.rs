//! What a configuration may say, and what is answered to what it may not.

use std::path::Path;

use super::keys::KEYS;
use super::{Config, Problem, Surroundings};
use crate::oauth::Credential;
use crate::secret::Secret;
use crate::tls::Security;
use crate::{mailbox, outbound};

mod oauth;

const SAMPLE: &str = include_str!("../../config/antragsbote.toml");

const SOUND: &str = r#"[bot]
address = "antrag@example.org"
[mailbox]
host = "imap.example.org"
password = "geheim"
[outbound]
kind = "maildir"
path = "out"
"#;

fn around() -> Surroundings {
    Surroundings {
        dir: "/etc/antragsbote".into(),
        ..Surroundings::default()
    }
}

fn check(text: &str) -> Result<Config, Vec<Problem>> {
    Config::check(text, &around())
}

fn problems(text: &str) -> Vec<Problem> {
    check(text).expect_err("has problems")
}

#[test]
fn defaults_are_filled_in() {
    let config = check(SOUND).unwrap();
    assert_eq!(config.bot.email, "antrag@example.org");
    assert_eq!(config.bot.name.as_deref(), Some("Antragsbote"));
    let mailbox::Config::Imap(imap) = &config.mailbox else {
        panic!("{:?}", config.mailbox)
    };
    assert_eq!((imap.port, imap.security), (993, Security::Tls));
    assert_eq!(imap.username, "antrag@example.org");
    assert_eq!(
        (imap.folder.as_str(), imap.archive.as_deref()),
        ("INBOX", None)
    );
    assert!(
        matches!(&config.outbound, outbound::Config::Maildir(path) if path == Path::new("/etc/antragsbote/out"))
    );
    assert_eq!(config.log.path, Path::new("/var/lib/antragsbote/log.db"));
    assert_eq!(
        config.socket,
        Path::new("/var/lib/antragsbote/deliver.sock")
    );
    assert_eq!(config.policy.max_message_size, 10_485_760);
    assert_eq!(config.socket_mode, 0o660);
}

#[test]
fn ports_follow_the_security() {
    for (section, security, port) in [
        ("mailbox", "starttls", 143),
        ("outbound", "tls", 465),
        ("outbound", "starttls", 587),
        ("outbound", "none", 25),
    ] {
        let text = SOUND.replace(
            "kind = \"maildir\"\npath = \"out\"\n",
            "host = \"127.0.0.1\"\n",
        );
        let text = text.replace(
            &format!("[{section}]"),
            &format!("[{section}]\nsecurity = \"{security}\""),
        );
        let config = check(&text).unwrap();
        let got = match (section, &config.mailbox, &config.outbound) {
            ("mailbox", mailbox::Config::Imap(imap), _) => imap.port,
            (_, _, outbound::Config::Smtp(smtp)) => smtp.port,
            _ => panic!("{config:?}"),
        };
        assert_eq!(got, port, "{section} {security}");
    }
}

#[test]
fn the_runtime_directory_holds_the_socket() {
    let around = Surroundings {
        runtime_directory: Some("/run/antragsbote".into()),
        ..around()
    };
    let config = Config::check(SOUND, &around).unwrap();
    assert_eq!(config.socket, Path::new("/run/antragsbote/deliver.sock"));
}

#[test]
fn an_administrator_finds_the_secrets_that_the_unit_loads() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("credentials");
    std::fs::create_dir(&kept).unwrap();
    std::fs::write(kept.join("mailbox"), "x").unwrap();
    let around = Surroundings {
        dir: folder.path().to_owned(),
        ..Surroundings::default()
    };
    let text = SOUND.replace("password = \"geheim\"", "password_file = \"mailbox\"");
    let found = |text: &str| match Config::check(text, &around).unwrap().mailbox {
        mailbox::Config::Imap(imap) => match imap.credential {
            Credential::Password(Secret::File(path)) => path,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    assert_eq!(found(&text), kept.join("mailbox"));
    std::fs::write(folder.path().join("mailbox"), "x").unwrap();
    assert_eq!(found(&text), folder.path().join("mailbox"));
}

#[test]
fn credentials_come_before_files_beside_the_configuration() {
    let credentials = tempfile::tempdir().unwrap();
    std::fs::write(credentials.path().join("imap"), "x").unwrap();
    std::fs::write(credentials.path().join("credentials_smtp"), "x").unwrap();
    let around = Surroundings {
        credentials_directory: Some(credentials.path().to_owned()),
        ..around()
    };
    for (name, expected) in [
        ("imap", credentials.path().join("imap")),
        ("smtp", credentials.path().join("credentials_smtp")),
        ("missing", "/etc/antragsbote/missing".into()),
        ("./imap", "/etc/antragsbote/./imap".into()),
        ("/run/secret", "/run/secret".into()),
    ] {
        let text = SOUND.replace(
            "password = \"geheim\"",
            &format!("password_file = \"{name}\""),
        );
        let config = Config::check(&text, &around).unwrap();
        let mailbox::Config::Imap(imap) = config.mailbox else {
            panic!("{name}")
        };
        assert!(
            matches!(&imap.credential, Credential::Password(Secret::File(path)) if *path == expected),
            "{name}"
        );
    }
}

/// Each case changes one line of a sound file: what it says, on which line, what is to be done.
#[test]
fn one_fault_is_named_with_its_line_and_remedy() {
    for (from, to, line, message, hint) in [
        (
            "host =",
            "hots =",
            4,
            "unbekannter Schlüssel `hots`",
            "`host`",
        ),
        ("[bot]", "[bto]", 1, "unbekannter Abschnitt [bto]", "[bot]"),
        (
            "[bot]\n",
            "host = \"x\"\n[bot]\n",
            1,
            "vor dem ersten Abschnitt",
            "[mailbox]",
        ),
        (
            "path = \"out\"",
            "path = \"out\"\nhost = \"x\"",
            9,
            "`host` passt nicht zu kind = \"maildir\"",
            "kind = \"smtp\"",
        ),
        (
            "path = \"out\"",
            "path = 7",
            8,
            "`outbound.path`",
            "Anführungszeichen",
        ),
        (
            "path = \"out\"\n",
            "",
            6,
            "`outbound.path` fehlt",
            "Maildir",
        ),
        (
            "kind = \"maildir\"",
            "kind = \"mailbox\"",
            7,
            "`outbound.kind`",
            "\"sendmail\"",
        ),
        (
            "password = \"geheim\"\n",
            "",
            3,
            "`mailbox.password_file` fehlt",
            "password_command",
        ),
        (
            "password = \"geheim\"",
            "password = \"g\"\npassword_file = \"f\"",
            6,
            "mehrfach",
            "genau eines",
        ),
        (
            "path = \"out\"\n",
            "path = \"out\"\n[admin]\naddress = \"Antrag+alarm@example.org\"\n",
            10,
            "Adresse des Antragsboten selbst",
            "Menschen",
        ),
        (
            "host = ",
            "port = 70000\nhost = ",
            4,
            "`mailbox.port`",
            "65535",
        ),
        (
            "host = ",
            "security = \"none\"\nhost = ",
            4,
            "ohne Verschlüsselung",
            "starttls",
        ),
        (
            "imap.example.org",
            "imaps://imap.example.org:993",
            4,
            "`mailbox.host`",
            "ohne Port",
        ),
        (
            "host = ",
            "archive = \"INBOX\"\nhost = ",
            4,
            "derselbe Ordner",
            "anderen",
        ),
        (
            "host = ",
            "archive_retention = \"90d\"\nhost = ",
            4,
            "`archive_retention`",
            "archive = ",
        ),
        (
            "host = ",
            "archive_retention = \"90d\"\narchive = \"inbox\"\nhost = ",
            4,
            "Posteingang",
            "anderen Ordner",
        ),
        (
            "antrag@example.org",
            "antrag",
            2,
            "`bot.address`",
            "Mailadresse",
        ),
        (
            "address = ",
            "name = ",
            1,
            "`bot.address` fehlt",
            "address =",
        ),
        (
            "[outbound]",
            "[log]\nretention = \"ein Jahr\"\n[outbound]",
            7,
            "`log.retention`",
            "365d",
        ),
        (
            "[outbound]",
            "[log]\nurl = \"postgres://x\"\n[outbound]",
            7,
            "`log.url`",
            "sqlite:",
        ),
        (
            "[outbound]",
            "[policy]\nallow = \"*\"\n[outbound]",
            7,
            "`policy.allow`",
            "Liste",
        ),
        (
            "[outbound]",
            "[policy]\nmax_message_size = \"groß\"\n[outbound]",
            7,
            "max_message_size",
            "10 MiB",
        ),
        (
            "[outbound]",
            "[policy]\nrequire = \"ja\"\n[outbound]",
            7,
            "`policy.require`",
            "authenticated",
        ),
        (
            "[outbound]",
            "[policy]\nauthserv_id = \"mx.example.org; dkim=pass\"\n[outbound]",
            7,
            "`policy.authserv_id`",
            "mx.example.org",
        ),
        (
            "[outbound]",
            "[policy]\nreplies_per_hour = 0\n[outbound]",
            7,
            "`policy.replies_per_hour`",
            "von 1 bis",
        ),
        (
            "[outbound]",
            "[policy]\nreplies_per_domain_per_hour = -1\n[outbound]",
            7,
            "`policy.replies_per_domain_per_hour`",
            "von 0 bis",
        ),
        (
            "[outbound]",
            "[service]\nsocket_mode = \"rw\"\n[outbound]",
            7,
            "socket_mode",
            "0660",
        ),
        (
            "kind = \"maildir\"",
            "kind = maildir",
            7,
            "braucht Anführungszeichen",
            "gerade",
        ),
    ] {
        let found = problems(&SOUND.replacen(from, to, 1));
        let fitting = found.iter().any(|problem| {
            problem.line == line && problem.message.contains(message) && problem.hint.contains(hint)
        });
        assert!(fitting, "{to}: {found:#?}");
    }
}

#[test]
fn all_problems_come_at_once_in_the_order_of_the_file() {
    let text = "[bot]\nadress = \"x\"\n[mailbox]\nkind = \"maildir\"\nhost = \"h\"\n[log]\nretention = \"1\"\n";
    let lines: Vec<_> = problems(text).iter().map(|problem| problem.line).collect();
    // address is missing, adress unknown; path missing, host misplaced; retention; [outbound] missing
    assert_eq!(lines, [1, 2, 3, 5, 7, 8]);
}

#[test]
fn a_file_without_settings_names_setup_and_one_with_few_says_what_is_needed() {
    for text in ["", "# Noch nicht eingerichtet.\n", "[bot]\n[mailbox]\n"] {
        let problems = problems(text);
        let hints: Vec<_> = problems.iter().map(|problem| &problem.hint).collect();
        assert_eq!(hints.len(), 1, "{text:?}: {hints:?}");
        assert!(hints[0].contains("antragsbote setup"), "{hints:?}");
    }
    let problems = problems("[bot]\nname = \"x\"\n");
    let messages: Vec<_> = problems.iter().map(|problem| &problem.message).collect();
    for word in ["bot.address", "[mailbox]", "[outbound]"] {
        let named = messages.iter().any(|message| message.contains(word));
        assert!(named, "{word}: {messages:?}");
    }
}

#[test]
fn no_encryption_is_for_this_machine_only() {
    for (host, allowed) in [
        ("localhost", true),
        ("LOCALHOST", true),
        ("127.0.0.1", true),
        ("127.8.9.10", true),
        ("::1", true),
        ("10.0.0.1", false),
        ("localhost.example.org", false),
        ("127.0.0.1.example.org", false),
    ] {
        let text = SOUND.replace(
            "imap.example.org\"",
            &format!("{host}\"\nsecurity = \"none\""),
        );
        assert_eq!(check(&text).is_ok(), allowed, "{host}");
    }
}

/// A sound file whose replies leave by Microsoft Graph, with these lines in [outbound] and [oauth].
fn by_graph(outbound: &str, oauth: &str) -> String {
    let way = format!(
        "kind = \"graph\"\n{outbound}[oauth]\nkind = \"microsoft\"\ntenant = \"example.org\"\nclient_id = \"bot\"\nclient_secret = \"geheim\"\n{oauth}"
    );
    SOUND.replace("kind = \"maildir\"\npath = \"out\"\n", &way)
}

#[test]
fn graph_sends_as_the_bot_or_as_whoever_signed_in() {
    const USA: &str = "url = \"https://graph.microsoft.us/\"\n";
    const NAMED: &str = "username = \"post@example.org\"\n";
    const BY_PERSON: &str = "grant = \"device_code\"\n";
    for (outbound, oauth, url, mailbox, scope) in [
        (
            "",
            "",
            "https://graph.microsoft.com",
            Some("antrag@example.org"),
            "https://graph.microsoft.com/.default",
        ),
        (
            USA,
            "",
            "https://graph.microsoft.us",
            Some("antrag@example.org"),
            "https://graph.microsoft.us/.default",
        ),
        (
            NAMED,
            "",
            "https://graph.microsoft.com",
            Some("post@example.org"),
            "https://graph.microsoft.com/.default",
        ),
        (
            "",
            BY_PERSON,
            "https://graph.microsoft.com",
            None,
            "https://graph.microsoft.com/Mail.Send offline_access",
        ),
        (
            NAMED,
            BY_PERSON,
            "https://graph.microsoft.com",
            Some("post@example.org"),
            "https://graph.microsoft.com/Mail.Send https://graph.microsoft.com/Mail.Send.Shared offline_access",
        ),
    ] {
        let config = check(&by_graph(outbound, oauth)).unwrap();
        let outbound::Config::Graph(graph) = &config.outbound else {
            panic!("{:?}", config.outbound)
        };
        assert_eq!(graph.url, url);
        assert_eq!(graph.mailbox.as_deref(), mailbox);
        assert_eq!(graph.tokens.config().graph_scope, scope);
        assert_eq!(config.oauth.as_ref(), Some(&graph.tokens));
    }
}

#[test]
fn graph_wants_a_token_of_microsoft_and_an_address_without_a_path() {
    let without = SOUND.replace("kind = \"maildir\"\npath = \"out\"", "kind = \"graph\"");
    let by_google = by_graph("", "")
        .replace("\"microsoft\"", "\"google\"")
        .replace("tenant = \"example.org\"\n", "");
    for (text, message) in [
        (without, "der Abschnitt [oauth] fehlt"),
        (by_google, "Token von Google"),
        (
            by_graph("url = \"https://graph.microsoft.com/v1.0\"\n", ""),
            "`outbound.url`",
        ),
        (
            by_graph("url = \"http://localhost\"\n", ""),
            "`outbound.url`",
        ),
        (
            by_graph("host = \"mail.example.org\"\n", ""),
            "`host` passt nicht",
        ),
        (
            SOUND.replace("path =", "url = \"https://x\"\npath ="),
            "`url` passt nicht",
        ),
    ] {
        let found = problems(&text);
        let named: Vec<_> = found.iter().map(|problem| &problem.message).collect();
        assert!(named.len() == 1 && named[0].contains(message), "{named:?}");
    }
}

#[test]
fn the_sample_names_every_key() {
    let mut section = String::new();
    let mut named = Vec::new();
    for line in SAMPLE.lines() {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            name.clone_into(&mut section);
        } else if let Some((key, _)) = line.trim_start_matches('#').split_once(" = ")
            && key
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        {
            named.push(format!("{section}.{key}"));
        }
    }
    named.sort();
    let mut known: Vec<_> = KEYS.iter().map(|(key, _)| (*key).to_owned()).collect();
    known.sort();
    assert_eq!(named, known);
}

/// Every commented line that is no example, uncommented, changes nothing.
#[test]
fn the_sample_tells_the_defaults() {
    let plain = format!("{:?}", check(SAMPLE).unwrap());
    let lines: Vec<_> = SAMPLE.lines().collect();
    let mut seen = 0;
    for (number, line) in lines.iter().enumerate() {
        let Some(setting) = line
            .strip_prefix('#')
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
        else {
            continue;
        };
        if lines[number - 1].ends_with("Beispiel:") {
            continue;
        }
        let mut with = lines.clone();
        with[number] = setting;
        let config = check(&with.join("\n")).unwrap_or_else(|found| panic!("{setting}: {found:?}"));
        assert_eq!(format!("{config:?}"), plain, "{setting}");
        seen += 1;
    }
    assert!(seen > 15, "only {seen} defaults in the sample");
}
