//! `setup`: writes a configuration that `check` takes.

use std::os::unix::fs::PermissionsExt as _;

use crate::program::House;

#[test]
fn what_is_asked_becomes_a_configuration() {
    let house = House::new();
    // Address, IMAP server, mail server and login name as offered, password.
    let run = house.feed(
        &["setup", "--offline"],
        b"antrag@example.org\n\n\nbote\nge\"heim\\ #1\n",
    );
    assert_eq!(run.code, 0, "{}", run.errors);
    let config = String::from_utf8(house.read("antragsbote.toml")).unwrap();
    assert!(
        config.contains("mail.example.org") && !config.contains("heim"),
        "{config}"
    );
    let secret = house.path("antragsbote.passwort");
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "ge\"heim\\ #1\n");
    assert_eq!(
        std::fs::metadata(&secret).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let run = house.run(&["template", "list"]);
    assert_eq!(run.code, 0, "the configuration is sound: {}", run.errors);
    let run = house.feed(&["setup", "--offline"], b"");
    assert_eq!(run.code, 73, "it is not overwritten: {}", run.errors);
}

#[test]
fn everything_may_be_given_by_options() {
    let house = House::new();
    house.write("geheim", "x\n");
    let run = house.run(&[
        "setup",
        "--offline",
        "--config",
        "bot.toml",
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
    ]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let run = house.run(&["--config", "bot.toml", "template", "list"]);
    assert_eq!(run.code, 0, "{}", run.errors);
}

#[test]
fn missing_and_wrong_answers_write_nothing() {
    let house = House::new();
    for (input, code) in [
        ("", 64),
        ("antrag\nh\nh\nu\np\n", 65),
        ("antrag@example.org\n\n\n\n", 64),
    ] {
        let run = house.feed(&["setup", "--offline"], input.as_bytes());
        assert_eq!(run.code, code, "{input:?}: {}", run.errors);
        assert!(
            !house.path("antragsbote.toml").exists()
                && !house.path("antragsbote.passwort").exists()
        );
    }
}

#[test]
fn a_login_that_fails_writes_nothing() {
    let house = House::new();
    house.write("geheim", "x\n");
    let host = "gibt-es-nicht.invalid";
    let run = house.run(&[
        "setup",
        "--address",
        "antrag@example.org",
        "--imap-host",
        host,
        "--smtp-host",
        host,
        "--username",
        "bote",
        "--password-file",
        "geheim",
    ]);
    assert_eq!(run.code, 69, "{}", run.errors);
    assert!(run.errors.contains(host), "{}", run.errors);
    assert!(!house.path("antragsbote.toml").exists());
}
