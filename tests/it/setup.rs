//! `setup`: writes a configuration that `check` takes, from what is asked and from options.

use std::os::unix::fs::PermissionsExt as _;

use crate::program::{House, Run};

/// Nothing of the machine's is asked for, and nothing in /etc is meant.
const BARE: [&str; 4] = ["--config", "bot.toml", "setup", "--offline"];

/// Every option that answers a question.
const ALL: [&str; 16] = [
    "--address",
    "antrag@example.org",
    "--imap-host",
    "imap.example.org",
    "--smtp-host",
    "smtp.example.org",
    "--username",
    "bote",
    "--password-file",
    "geheim",
    "--archive",
    "Erledigt",
    "--retention",
    "90d",
    "--admin",
    "technik@example.org",
];

fn setup(house: &House, options: &[&str], input: &str) -> Run {
    house.feed(&[&BARE, options].concat(), input.as_bytes())
}

/// What a configuration written by setup says, without its comments.
fn settings(house: &House) -> String {
    let text = String::from_utf8(house.read("bot.toml")).unwrap();
    let is_set = |line: &&str| !line.is_empty() && !line.starts_with('#');
    text.lines().filter(is_set).collect::<Vec<_>>().join("\n")
}

/// All files below the house's folder.
fn files(house: &House) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![house.path("")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path.clone());
            }
            let name = path.strip_prefix(house.path("")).unwrap();
            found.push(name.to_str().unwrap().to_owned());
        }
    }
    found.sort();
    found
}

fn mode(house: &House, name: &str) -> u32 {
    let data = std::fs::metadata(house.path(name)).unwrap();
    data.permissions().mode() & 0o777
}

#[test]
fn what_is_asked_becomes_a_configuration() {
    let house = House::new();
    let answers = [
        "antrag@example.org",  // address
        "",                    // the servers, as offered
        "bote",                // login name
        "ge\"heim\\ #1 ",      // password
        "technik@example.org", // administrator
        "",                    // archive, as offered
        "90 Jahre",
        "0d",
        "180d",
    ];
    let run = setup(&house, &[], &(answers.join("\n") + "\n"));
    assert_eq!(run.code, 0, "{}", run.errors);
    assert_eq!(
        settings(&house),
        r#"[bot]
address = "antrag@example.org"
[mailbox]
host = "mail.example.org"
port = 993
security = "tls"
username = "bote"
password_file = "mailbox"
archive = "Erledigt"
[outbound]
host = "mail.example.org"
port = 587
security = "starttls"
username = "bote"
password_file = "outbound"
[oauth]
[log]
url = "sqlite:antragsbote.db"
retention = "180d"
[templates]
[policy]
[registry]
[admin]
address = "technik@example.org"
[metrics]
[service]"#
    );
    assert_eq!(
        files(&house),
        [
            "bot.toml",
            "credentials",
            "credentials/mailbox",
            "credentials/outbound"
        ]
    );
    for secret in ["credentials/mailbox", "credentials/outbound"] {
        assert_eq!(house.read(secret), b"ge\"heim\\ #1 \n");
        assert_eq!(mode(&house, secret), 0o600);
    }
    assert_eq!(mode(&house, "credentials"), 0o700);
    assert_eq!(mode(&house, "bot.toml"), 0o644);
    let output = run.output();
    let file = house.path("bot.toml");
    for words in [
        format!("antragsbote --config {} serve", file.display()),
        format!("antragsbote --config {} check", file.display()),
        "Mail an antrag@example.org".to_owned(),
    ] {
        assert!(output.contains(&words), "{words} is not in {output}");
    }
    for shown in [&output, &run.errors, &settings(&house)] {
        assert!(!shown.contains("heim"), "{shown}");
    }
    let run = house.run(&["--config", "bot.toml", "check", "--offline"]);
    assert_eq!(run.code, 0, "it is sound: {}", run.output());
}

#[test]
fn with_every_option_nothing_is_asked() {
    let house = House::new();
    house.write("geheim", "x\nzweite Zeile\n");
    house.write("ausgang", "y\n");
    house.write("templates/brief/template.toml", "");
    house.write("register/gremien.csv", "");
    house.write("leer/x", "");
    let mut options = ALL.to_vec();
    options.extend(["--imap-port", "143", "--smtp-port", "465"]);
    options.extend([
        "--smtp-username",
        "ausgang",
        "--smtp-password-file",
        "ausgang",
    ]);
    let run = setup(&house, &options, "");
    assert_eq!((run.code, run.errors.as_str()), (0, ""));
    assert_eq!(
        settings(&house),
        r#"[bot]
address = "antrag@example.org"
[mailbox]
host = "imap.example.org"
port = 143
security = "starttls"
username = "bote"
password_file = "mailbox"
archive = "Erledigt"
[outbound]
host = "smtp.example.org"
port = 465
security = "tls"
username = "ausgang"
password_file = "outbound"
[oauth]
[log]
url = "sqlite:antragsbote.db"
retention = "90d"
[templates]
path = "templates"
[policy]
[registry]
path = "register"
[admin]
address = "technik@example.org"
[metrics]
[service]"#
    );
    assert_eq!(house.read("credentials/mailbox"), b"x\n");
    assert_eq!(house.read("credentials/outbound"), b"y\n");
}

#[test]
fn a_mail_server_of_this_machine_needs_no_login() {
    for login in [&[][..], &["--smtp-username", ""]] {
        let house = House::new();
        house.write("geheim", "x\n");
        let mut options = ALL.to_vec();
        options[5] = "localhost";
        options.extend(login);
        let run = setup(&house, &options, "");
        assert_eq!(run.code, 0, "{}", run.errors);
        let settings = settings(&house);
        let outbound = settings.split("[outbound]").nth(1).unwrap();
        let outbound = outbound.split('[').next().unwrap();
        assert_eq!(
            outbound,
            "\nhost = \"localhost\"\nport = 25\nsecurity = \"none\"\n"
        );
        assert!(!house.path("credentials/outbound").exists());
        let run = house.run(&["--config", "bot.toml", "check", "--offline"]);
        assert_eq!(run.code, 0, "{}", run.output());
    }
}

#[test]
fn passwords_may_come_by_the_standard_input() {
    let house = House::new();
    let mut options = ALL.to_vec();
    options[9] = "-";
    options.extend(["--smtp-password-file", "-"]);
    let run = setup(&house, &options, "eins\nzwei\n");
    assert_eq!(run.code, 0, "{}", run.errors);
    assert_eq!(house.read("credentials/mailbox"), b"eins\n");
    assert_eq!(house.read("credentials/outbound"), b"zwei\n");
}

#[test]
fn a_wrong_answer_is_named_and_asked_again() {
    let house = House::new();
    let answers = [
        "antrag",
        "antrag@example.org",
        "vielleicht",
        "n",
        "imap.example.org:99999",
        "imap.example.org:1143",
        "keine",
        "starttls",
        "",
        "",
        "",
        "geheim",
        "antrag@example.org",
        "",
        "INBOX",
        "-",
    ];
    let run = setup(&house, &[], &(answers.join("\n") + "\n"));
    assert_eq!(run.code, 0, "{}", run.errors);
    for words in [
        "keine Mailadresse",
        "j oder n",
        "99999",
        "tls oder starttls",
        "ohne Passwort",
        "des Antragsboten selbst",
        "Posteingang",
    ] {
        let reasons = run.errors.split("Das geht nicht: ").skip(1);
        let mut reasons = reasons.filter_map(|rest| rest.lines().next());
        let named = reasons.any(|why| why.contains(words));
        assert!(named, "{words} is no reason in {}", run.errors);
    }
    let settings = settings(&house);
    assert!(
        settings.contains("host = \"imap.example.org\"\nport = 1143\nsecurity = \"starttls\""),
        "{settings}"
    );
    assert!(!settings.contains("archive"), "{settings}");
    assert!(!settings.contains("technik"), "{settings}");
}

#[test]
fn what_is_missing_is_named_by_its_option_and_nothing_is_written() {
    for (option, remaining) in [
        ("--address", &ALL[2..]),
        ("--imap-host", &[&ALL[..2], &ALL[4..]].concat()),
        ("--smtp-host", &[&ALL[..4], &ALL[6..]].concat()),
        ("--password-file", &[&ALL[..8], &ALL[10..]].concat()),
        ("--admin", &ALL[..12]),
    ] {
        let house = House::new();
        house.write("geheim", "x\n");
        let run = setup(&house, remaining, "");
        assert_eq!(run.code, 64, "{option}: {}", run.errors);
        assert!(
            run.errors.trim_end().ends_with(option),
            "{option}: {}",
            run.errors
        );
        assert_eq!(files(&house), ["geheim"], "{option}");
    }
    // The login name is the address, the archive has its name.
    let house = House::new();
    house.write("geheim", "x\n");
    let remaining = [&ALL[..6], &ALL[8..10], &ALL[12..]].concat();
    let run = setup(&house, &remaining, "");
    assert_eq!(run.code, 0, "{}", run.errors);
    let settings = settings(&house);
    assert!(
        settings.contains("username = \"antrag@example.org\""),
        "{settings}"
    );
    assert!(settings.contains("archive = \"Erledigt\""), "{settings}");
}

#[test]
fn wrong_options_are_named_and_nothing_is_written() {
    for (at, value, code, words) in [
        (1, "antrag", 64, "--address \"antrag\""),
        (3, "imaps://example.org", 64, "--imap-host"),
        (7, " ", 64, "--username"),
        (9, "gibt-es-nicht", 66, "gibt-es-nicht"),
        (13, "bald", 64, "--retention \"bald\""),
        (15, "antrag+x@example.org", 64, "--admin"),
        (15, "technik", 64, "--admin"),
    ] {
        let house = House::new();
        house.write("geheim", "x\n");
        let mut options = ALL.to_vec();
        options[at] = value;
        let run = setup(&house, &options, "");
        assert_eq!(run.code, code, "{value}: {}", run.errors);
        assert!(run.errors.contains(words), "{value}: {}", run.errors);
        assert_eq!(files(&house), ["geheim"], "{value}");
    }
    for (more, code) in [
        (&["--smtp-security", "none"][..], 64),
        (&["--imap-security", "ssl"], 64),
        (&["--imap-port", "0"], 64),
        (&["--ca-file", "gibt-es-nicht.pem"], 66),
    ] {
        let house = House::new();
        house.write("geheim", "x\n");
        let run = setup(&house, &[&ALL[..], more].concat(), "");
        assert_eq!(run.code, code, "{more:?}: {}", run.errors);
        assert_eq!(files(&house), ["geheim"], "{more:?}");
    }
}

#[test]
fn settings_are_never_overwritten_and_a_file_of_comments_is() {
    let house = House::new();
    house.write("geheim", "x\n");
    for sound in ["[bot]\nname = \"x\"\n", "kein TOML", "\u{feff}x = 1"] {
        house.write("bot.toml", sound);
        let run = setup(&house, &ALL, "");
        assert_eq!(run.code, 73, "{sound}: {}", run.errors);
        for words in ["bot.toml", "--config", "mv "] {
            assert!(run.errors.contains(words), "{words}: {}", run.errors);
        }
        assert_eq!(house.read("bot.toml"), sound.as_bytes());
        assert!(!house.path("credentials").exists());
    }
    // Secrets of an earlier try are replaced, and their folder closed.
    house.write("credentials/mailbox", "alt\n");
    house.write("bot.toml", "# Noch nicht eingerichtet.\n[bot]\n");
    let run = setup(&house, &ALL, "");
    assert_eq!(run.code, 0, "{}", run.errors);
    assert_eq!(house.read("credentials/mailbox"), b"x\n");
    assert_eq!(mode(&house, "credentials"), 0o700);
    assert_eq!(mode(&house, "credentials/mailbox"), 0o600);
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named_before_anything_is_asked() {
    let house = House::new();
    let run = house.feed(
        &["--config", "fehlt/bot.toml", "setup", "--offline"],
        b"antrag@example.org\n",
    );
    assert_eq!(run.code, 73, "{}", run.errors);
    assert!(run.errors.contains("fehlt"), "{}", run.errors);
    assert!(!run.errors.contains("Adresse"), "{}", run.errors);
}

#[test]
fn a_file_in_the_way_of_the_secrets_leaves_everything_as_it_was() {
    let house = House::new();
    house.write("geheim", "x\n");
    house.write("credentials", "eine Datei");
    let run = setup(&house, &ALL, "");
    assert_eq!(run.code, 73, "{}", run.errors);
    assert_eq!(files(&house), ["credentials", "geheim"]);

    // A folder where the configuration's draft is to lie.
    let house = House::new();
    house.write("geheim", "x\n");
    house.write("bot.toml.neu/x", "");
    let run = setup(&house, &ALL, "");
    assert_eq!(run.code, 73, "{}", run.errors);
    assert_eq!(files(&house), ["bot.toml.neu", "bot.toml.neu/x", "geheim"]);
}

#[test]
fn a_login_that_fails_writes_nothing() {
    let house = House::new();
    house.write("geheim", "x\n");
    let host = "gibt-es-nicht.invalid";
    let mut options = ALL.to_vec();
    options[3] = host;
    options[5] = host;
    let run = house.run(&[&["--config", "bot.toml", "setup"], &options[..]].concat());
    assert_eq!(run.code, 69, "{}", run.errors);
    assert!(run.errors.contains(host), "{}", run.errors);
    assert_eq!(files(&house), ["geheim"]);
}

#[test]
fn a_service_that_is_not_set_up_names_setup() {
    let house = House::new();
    house.write("bot.toml", "# Noch nicht eingerichtet.\n");
    for command in [&["serve"][..], &["check", "--offline"]] {
        let run = house.run(&[&["--config", "bot.toml"], command].concat());
        assert_eq!(run.code, 78, "{command:?}: {}", run.errors);
        let said = run.output() + &run.errors;
        assert!(said.contains("antragsbote setup"), "{command:?}: {said}");
    }
}
