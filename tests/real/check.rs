//! `check` asks the real servers and names what is wrong.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::sending::clock::library;
use crate::support::{Finished, House, Settings, Validity, command, program};

/// The user that owns nothing.
const NOBODY: u32 = 65_534;

/// The line about this subject and its remedy.
pub(crate) fn line<'a>(check: &'a Finished, subject: &str) -> (&'a str, &'a str) {
    let mut lines = check.output.lines();
    let head = format!("{subject}: ");
    let line = lines.find(|line| {
        let said = line.split_once(' ');
        said.is_some_and(|(_, said)| said.starts_with(&head))
    });
    let line = line.unwrap_or_else(|| panic!("no line of {subject}: {}", check.output));
    let remedy = lines.next().and_then(|next| next.strip_prefix("  → "));
    (line, remedy.unwrap_or_default())
}

/// The configuration with this text in place of that.
pub(crate) fn with(config: &Path, old: &str, new: &str) -> PathBuf {
    let text = fs::read_to_string(config).unwrap();
    assert!(text.contains(old), "{old}");
    fs::write(config, text.replace(old, new)).unwrap();
    config.to_owned()
}

/// Gives both servers a certificate that ends so much later.
fn certify(house: &mut House, lasting: Duration) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_after = (SystemTime::now() + lasting).into();
    let pem = params.self_signed(&key).unwrap().pem();
    house.dovecot.stop();
    house.postfix.stop();
    fs::write(house.path("server.pem"), &pem).unwrap();
    fs::write(house.path("server.key"), key.serialize_pem()).unwrap();
    fs::write(&house.ca_file, &pem).unwrap();
    house.dovecot.resume();
    house.postfix.resume();
}

/// A folder for handled mail in the bot's mailbox.
fn make_archive(house: &House) -> PathBuf {
    let archive = house.dovecot.maildir("antrag").join(".Erledigt");
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(archive.join(part)).unwrap();
        chown(archive.join(part), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    chown(&archive, Some(NOBODY), Some(NOBODY)).unwrap();
    archive
}

#[test]
fn sound_settings_pass() {
    let house = House::start();
    for security in ["tls", "starttls", "none"] {
        let config = house.configure(Settings {
            mailbox: security,
            outbound: security,
            ..Settings::default()
        });
        let check = program(&config, &["check"]);
        assert_eq!(
            check.code, 0,
            "{security}: {}{}",
            check.output, check.errors
        );
        let under_tls = security != "none";
        for server in ["Postfach", "Mailserver"] {
            let told = format!("✓ {server}, TLS: Zertifikat gültig bis ");
            assert_eq!(check.output.contains(&told), under_tls, "{}", check.output);
        }
        let expected = [
            ("Postfach, Ordner", "\"INBOX\""),
            ("Postfach, IDLE", "der Server meldet neue Mails sofort"),
            ("Postfach, MOVE", "verschoben wird in einem Schritt"),
            (
                "Postfach, Vormerken",
                "möglich (CONDSTORE und eigene Merkmale)",
            ),
            (
                "Postfach, Archiv",
                "\"Erledigt\" fehlt noch und wird beim Start angelegt",
            ),
            ("Mailserver, Absender", "antrag@example.org wird angenommen"),
            ("Mailserver, Größe", "Mails bis 52 MB"),
        ];
        for (subject, found) in expected {
            assert_eq!(line(&check, subject).0, format!("✓ {subject}: {found}"));
        }
    }
}

#[test]
fn nothing_is_left_behind_and_no_mail_is_touched() {
    let house = House::start();
    let config = house.configure(Settings::default());
    house
        .dovecot
        .drop_in("antrag", "eins", b"Subject: eins\r\n\r\n");
    let mut imap = house.dovecot.login("antrag");
    let folders = imap.folders();
    for exists in [false, true] {
        if exists {
            make_archive(&house);
        }
        let check = program(&config, &["check"]);
        assert_eq!(check.code, 0, "{}", check.output);
        assert_eq!(imap.folders().contains(&"Erledigt".to_owned()), exists);
        assert_eq!(imap.folders().len(), folders.len() + usize::from(exists));
        let mails = imap.messages("INBOX");
        assert_eq!(mails.len(), 1);
        assert!(!mails[0].seen);
    }
    assert_eq!(imap.count("Erledigt"), 0);
    let check = program(&config, &["check"]);
    assert_eq!(
        line(&check, "Postfach, Archiv").0,
        "✓ Postfach, Archiv: \"Erledigt\" ist beschreibbar"
    );
    house.postfix.until_delivered();
    assert_eq!(imap.count("INBOX"), 1);
    assert!(!house.path("log.db").exists(), "who checks makes no log");
}

#[test]
fn a_wrong_password_an_unknown_host_and_an_expired_certificate_are_named() {
    let good = House::start();
    let expired = House::with_certificate(Validity::Expired);
    let cases = [
        (
            &good,
            Settings {
                password: "falsch",
                ..Settings::default()
            },
            ["Passwort", "antrag@example.org"],
        ),
        (
            &good,
            Settings {
                host: "gibt-es-nicht.invalid",
                ..Settings::default()
            },
            ["gibt-es-nicht.invalid", "unbekannt"],
        ),
        (&expired, Settings::default(), ["Zertifikat", "abgelaufen"]),
    ];
    for (house, settings, words) in cases {
        let check = program(&house.configure(settings), &["check"]);
        let said = check.output + &check.errors;
        assert_eq!(check.code, 69, "{said}");
        for word in words {
            assert!(said.contains(word), "{word:?} is not in {said:?}");
        }
    }
}

#[test]
fn a_wrong_port_and_a_missing_folder_are_named() {
    let house = House::start();
    let port = house.dovecot.imaps_port;
    let config = house.configure(Settings::default());
    with(&config, &format!("port = {port}"), "port = 9");
    let check = program(&config, &["check"]);
    assert_eq!(check.code, 69, "{}", check.output);
    assert_eq!(
        line(&check, "Postfach"),
        (
            "✗ Postfach: localhost nimmt auf Port 9 keine Verbindung an",
            "prüfen Sie port; läuft der Server?"
        )
    );
    // The other look goes on.
    assert!(line(&check, "Mailserver").0.starts_with('✓'));

    let config = house.configure(Settings::default());
    with(&config, "[outbound]", "folder = \"Anträge\"\n\n[outbound]");
    let check = program(&config, &["check"]);
    assert_eq!(check.code, 69, "{}", check.output);
    let (found, remedy) = line(&check, "Postfach");
    assert!(
        found.starts_with("✗ Postfach: der Ordner \"Anträge\""),
        "{found}"
    );
    assert!(remedy.starts_with("prüfen Sie folder"), "{remedy}");
}

#[test]
fn a_certificate_of_another_name_is_wrong_and_one_that_ends_soon_a_warning() {
    let house = House::with_certificate(Validity::OtherName);
    let config = house.configure(Settings::default());
    let check = program(&config, &["check"]);
    assert_eq!(check.code, 69, "{}", check.output);
    for server in ["Postfach", "Mailserver"] {
        let (found, remedy) = line(&check, server);
        assert_eq!(
            found,
            format!(
                "✗ {server}: das Zertifikat von localhost lautet auf einen anderen Namen: mail.example.net"
            )
        );
        assert_eq!(
            remedy,
            "nennen Sie unter host den Namen, der im Zertifikat steht"
        );
    }

    let mut house = House::start();
    let config = house.configure(Settings::default());
    certify(&mut house, Duration::from_secs(10 * 24 * 60 * 60));
    let check = program(&config, &["check"]);
    assert_eq!(check.code, 0, "{}{}", check.output, check.errors);
    for subject in ["Postfach, TLS", "Mailserver, TLS"] {
        let (found, remedy) = line(&check, subject);
        assert!(
            found.starts_with("! ") && found.ends_with(", noch 9 Tage"),
            "{found}"
        );
        assert!(remedy.contains("erneuern"), "{remedy}");
    }
}

#[test]
fn an_archive_that_is_not_writable_is_named() {
    let house = House::start();
    let config = house.configure(Settings::default());
    let archive = make_archive(&house);
    for part in ["cur", "new", "tmp", ""] {
        fs::set_permissions(archive.join(part), fs::Permissions::from_mode(0o500)).unwrap();
    }
    let check = program(&config, &["check"]);
    assert_eq!(check.code, 69, "{}", check.output);
    let (found, remedy) = line(&check, "Postfach, Archiv");
    assert!(
        found.starts_with(
            "✗ Postfach, Archiv: in den Ordner \"Erledigt\" darf nichts gelegt werden: "
        ),
        "{found}"
    );
    assert!(
        remedy.contains("Rechte") || remedy.contains("Recht"),
        "{remedy}"
    );
}

#[test]
fn a_sender_that_is_refused_is_named() {
    let mut house = House::start();
    let config = house.configure(Settings::default());
    with(&config, "address = \"antrag@", "address = \"rathaus@");
    // Postfix judges the sender only with the recipient, and this one is nobody's.
    let check = program(&config, &["check"]);
    assert_eq!(check.code, 0, "{}", check.output);
    let (found, _) = line(&check, "Mailserver, Absender");
    assert!(
        found.starts_with("! Mailserver, Absender: der Server nimmt an rathaus@example.org keine Mails an; ob er welche davon annimmt, bleibt offen: 550 5.1.1 "),
        "{found}"
    );

    house.postfix.stop();
    let settings = house.path("postfix/etc/main.cf");
    let text = fs::read_to_string(&settings).unwrap();
    let rule = "smtpd_sender_login_maps = static:leitung@example.org\n\
                smtpd_sender_restrictions = reject_sender_login_mismatch\n";
    fs::write(&settings, format!("{text}{rule}")).unwrap();
    house.postfix.resume();
    with(&config, "address = \"rathaus@", "address = \"verwaltung@");
    let check = program(&config, &["check"]);
    assert_eq!(check.code, 69, "{}", check.output);
    let (found, remedy) = line(&check, "Mailserver, Absender");
    assert!(
        found.starts_with("✗ Mailserver, Absender: der Server nimmt von verwaltung@example.org keine Mails an: 553 5.7.1 "),
        "{found}"
    );
    assert!(remedy.contains("bot.address"), "{remedy}");
}

#[test]
fn a_clock_that_is_wrong_is_told_by_the_servers() {
    let house = House::start();
    let config = house.configure(Settings::default());
    make_archive(&house);
    for (offset, told) in [
        ("+630", Some("10 Minuten vor")),
        ("-630", Some("10 Minuten nach")),
        ("+0", None),
    ] {
        let mut command = command(&config, &["check"]);
        command.envs([
            ("LD_PRELOAD", library().as_str()),
            ("FAKETIME", offset),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ]);
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}");
        let clock = "Uhr: sie geht gegenüber der des IMAP-Servers ";
        let wrong = said
            .lines()
            .find_map(|line| line.strip_prefix("! ")?.strip_prefix(clock));
        assert_eq!(wrong, told, "{offset}: {said}");
    }
}

#[test]
fn json_says_the_same() {
    let house = House::start();
    let config = house.configure(Settings {
        password: "falsch",
        ..Settings::default()
    });
    let lines = program(&config, &["check"]);
    let json = program(&config, &["check", "--json"]);
    assert_eq!(json.code, 69);
    let said: Value = serde_json::from_str(&json.output).unwrap();
    assert_eq!(said["ok"], false);
    let signs = [("ok", '✓'), ("warning", '!'), ("error", '✗')];
    let checks = said["checks"].as_array().unwrap().iter().map(|check| {
        let sign = signs.iter().find(|(level, _)| check["level"] == *level);
        let sign = sign.unwrap().1;
        assert_eq!(check["ok"], sign != '✗');
        let head = format!("{sign} {}: ", check["name"].as_str().unwrap());
        assert_eq!(check["remedy"].is_null(), sign == '✓');
        head
    });
    let heads: Vec<String> = checks.collect();
    let lines = lines.output.lines().filter(|line| !line.starts_with(' '));
    let lines: Vec<String> = lines.map(str::to_owned).collect();
    assert_eq!(lines.len(), heads.len());
    for (line, head) in lines.iter().zip(&heads) {
        assert!(line.starts_with(head), "{line} and {head}");
    }
}
