//! What administrators get wrong: an event line names it and says what to do, the running service goes on
//! with its last good state, and no request is lost.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::correspondence::{
    assert_answered_once, replies, request, rows, until_answered, until_rows,
};
use crate::support::{Daemon, House, Settings, command, eventually, free_port, program};

const PATIENCE: Duration = Duration::from_secs(60);

/// A user of Debian's who owns nothing.
const NOBODY: u32 = 65_534;

/// Waits for a line with these words; returns the lines with the first of them.
#[track_caller]
fn until_told(daemon: &Daemon, words: &[&str]) -> Vec<String> {
    eventually(&format!("{words:?}"), PATIENCE, || {
        let text = daemon.errors();
        let holds = |line: &&str| words.iter().all(|word| line.contains(word));
        text.lines().find(holds)?;
        let lines = text.lines().filter(|line| line.contains(words[0]));
        Some(lines.map(str::to_owned).collect())
    })
}

/// Changes a file.
#[track_caller]
fn change(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    let changed = text.replacen(from, to, 1);
    assert_ne!(changed, text, "{from:?} is not in it");
    fs::write(file, changed).unwrap();
}

#[test]
fn a_mailbox_that_is_set_wrongly_is_named_with_its_remedy() {
    let good = House::start();
    let elsewhere = House::with_certificate_for("mail.example.net");
    let port = |house: &House| format!("port = {}\n", house.dovecot.imaps_port);
    let cases = [
        (
            &good,
            "password_file = \"kennwort\"",
            "password = \"falsch\"",
            "login",
            "check username and the password",
        ),
        (
            &good,
            "password_file = \"kennwort\"",
            "password_file = \"weg\"",
            "secret",
            "check password_file",
        ),
        (
            &good,
            &port(&good),
            &format!("port = {}\n", free_port()),
            "refused",
            "check port",
        ),
        (
            &good,
            &port(&good),
            &format!("port = {}\n", good.dovecot.imap_port),
            "handshake",
            "check port",
        ),
        (
            &elsewhere,
            "",
            "",
            "certificate",
            "give host as it stands in the certificate",
        ),
        (
            &good,
            "archive",
            "folder = \"Gibt-es-nicht\"\narchive",
            "folder",
            "check folder and archive in [mailbox]",
        ),
    ];
    for (house, from, to, kind, remedy) in cases {
        let config = house.configure(Settings::default());
        if !from.is_empty() {
            change(&config, from, to);
        }
        let daemon = Daemon::run(&config, &mut command(&config, &["serve"]));
        let kind = format!("error.kind=\"{kind}\"");
        let lines = until_told(&daemon, &["mailbox out of reach", &kind, remedy]);
        assert!(lines[0].contains("retry.at="), "{lines:?}");
        for word in ["antrag@", "falsch", "weg", "Gibt-es-nicht"] {
            assert!(!daemon.errors().contains(word), "{}", daemon.errors());
        }
        daemon.stop();
    }
}

#[test]
fn an_archive_that_cannot_be_written_to_keeps_no_answer_back() {
    let house = House::start();
    let daemon = Daemon::start(&house.configure(Settings::default()));
    let archive = house.dovecot.maildir("antrag").join(".Erledigt");
    let folders = ["cur", "new", "tmp"].map(|folder| archive.join(folder));
    // Dovecot makes a folder's parts when they are missing.
    for folder in folders.iter().chain([&archive]) {
        chown(folder, Some(0), Some(0)).unwrap();
        fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
    }
    let ids = ["eins", "zwei"].map(str::to_owned);
    house.dovecot.drop_in("antrag", &ids[0], &request(&ids[0]));
    let lines = until_told(
        &daemon,
        &[
            "handled mail stays in the mailbox",
            "error.kind=\"archive\"",
            "check archive in [mailbox]",
        ],
    );
    house.dovecot.drop_in("antrag", &ids[1], &request(&ids[1]));
    until_answered(&house, 2);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        !daemon.errors().contains("out of reach"),
        "{}",
        daemon.errors()
    );
    daemon.stop();
    assert_answered_once(&house, &ids);
}

/// Postfix refuses it at RCPT, as if it were the recipient's fault.
#[test]
fn a_sender_that_is_refused_has_the_replies_wait() {
    let house = House::start();
    let set = |restriction: &str| {
        let etc = house.path("postfix/etc");
        for (program, last) in [("postconf", restriction), ("postfix", "reload")] {
            let mut command = Command::new(program);
            command.arg("-c").arg(&etc).args(last.split_whitespace());
            assert!(command.output().unwrap().status.success(), "{program}");
        }
    };
    set(
        "smtpd_sender_login_maps=static:jemand smtpd_sender_restrictions=reject_sender_login_mismatch",
    );
    let config = house.configure(Settings::default());
    let daemon = Daemon::start(&config);
    let ids = ["eins", "zwei", "drei"].map(str::to_owned);
    for id in &ids {
        house.dovecot.drop_in("antrag", id, &request(id));
    }
    until_told(
        &daemon,
        &[
            "no reply gets through",
            "error.kind=\"sender\"",
            "let this login send as [bot] address",
        ],
    );
    until_rows(&config, 3, |row| row["state"] == "waiting");
    assert_eq!(replies(&house), []);
    set("smtpd_sender_restrictions=");
    until_rows(&config, 3, |row| row["state"] == "answered");
    let lines = until_told(&daemon, &["gets through", "no reply"]);
    assert_eq!(lines.len(), 1, "{lines:?}");
    until_told(&daemon, &["replies get through again"]);
    daemon.stop();
    assert_answered_once(&house, &ids);
}

#[test]
fn a_half_written_configuration_and_one_that_wants_a_restart_leave_all_as_it_was() {
    let house = House::start();
    let config = house.configure(Settings::default());
    let sound = fs::read_to_string(&config).unwrap();
    let daemon = Daemon::start(&config);
    let (half, _) = sound.split_at(sound.len() / 2);
    fs::write(&config, half).unwrap();
    daemon.reload();
    until_told(
        &daemon,
        &[
            "nothing reloaded, the last sound state stays in use",
            "error.kind=\"configuration\"",
            "`antragsbote check --offline` shows it",
        ],
    );
    fs::write(&config, &sound).unwrap();
    change(&config, "host = \"localhost\"", "host = \"127.0.0.1\"");
    change(
        &config,
        "kind = \"smtp\"\nhost = \"localhost\"",
        "kind = \"smtp\"\nhost = \"127.0.0.1\"",
    );
    daemon.reload();
    let restart = until_told(
        &daemon,
        &[
            "error.kind=\"restart\"",
            "config.sections=\"[mailbox] [outbound]\"",
            "systemctl restart antragsbote",
        ],
    );
    assert_eq!(restart.len(), 1, "{restart:?}");
    house.dovecot.drop_in("antrag", "eins", &request("eins"));
    until_answered(&house, 1);
    daemon.stop();
    assert_eq!(rows(&config).len(), 1);
}

#[test]
fn templates_that_the_service_may_no_longer_read_stay_in_use() {
    let house = House::start();
    let config = house.configure(Settings::default());
    let text = fs::read_to_string(&config).unwrap();
    let text = text.replace("sqlite:log.db", "sqlite:log/log.db");
    fs::write(
        &config,
        text + "[templates]\npath = \"vorlagen\"\n[service]\nsocket = \"log/d.sock\"\n",
    )
    .unwrap();
    fs::create_dir(house.path("log")).unwrap();
    chown(house.path("log"), Some(NOBODY), Some(NOBODY)).unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let motion = "nationaler-integrationsplan";
    fs::create_dir_all(house.path("vorlagen").join(motion)).unwrap();
    for name in ["template.toml", "motion.md"] {
        let name = Path::new(motion).join(name);
        fs::copy(shipped.join(&name), house.path("vorlagen").join(&name)).unwrap();
    }
    let binary = house.path("antragsbote");
    fs::copy(env!("CARGO_BIN_EXE_antragsbote"), &binary).unwrap();
    let mut serve = Command::new(&binary);
    serve.arg("--config").arg(&config).arg("serve");
    let daemon = Daemon::run(&config, serve.uid(NOBODY).gid(NOBODY)).ready();
    let file = format!("vorlagen/{motion}/motion.md");
    for (id, path, mode) in [("ordner", "vorlagen", 0o755), ("datei", &file, 0o644)] {
        let set = |mode| {
            fs::set_permissions(house.path(path), Permissions::from_mode(mode)).unwrap();
        };
        let told = || daemon.errors().matches("error.kind=\"unreadable\"").count();
        let before = told();
        set(0o700);
        daemon.reload();
        eventually("the refused reload", PATIENCE, || {
            (told() > before).then_some(())
        });
        house.dovecot.drop_in("antrag", id, &request(id));
        until_rows(&config, 1, |row| {
            row["message_id"] == format!("<{id}@example.org>").as_str()
                && row["state"] == "answered"
                && row["template"] == motion
        });
        set(mode);
    }
    let lines = until_told(
        &daemon,
        &[
            "error.kind=\"unreadable\"",
            "let the user that runs the service read it",
        ],
    );
    assert_eq!(lines.len(), 2, "{lines:?}");
    daemon.reload();
    until_told(&daemon, &[": reloaded motions=1"]);
    daemon.stop();
    assert_eq!(program(&config, &["check", "--offline"]).code, 0);
}
