//! `check` by root judges as the service's user would fare, and leaves nothing of root's behind.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::check::{line, with};
use crate::support::{Daemon, House, Settings, eventually, program};

const PATIENCE: Duration = Duration::from_secs(60);
/// The user that owns nothing but the log's folder.
const NOBODY: u32 = 65_534;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A service of nobody's: the log's folder is its own, its secrets are root's alone and are
/// handed to it by systemd, all else is root's and may be read.
fn configure(house: &House) -> PathBuf {
    let config = house.configure(Settings::default());
    with(&config, "sqlite:log.db", "sqlite:state/log.db");
    with(
        &config,
        "password = \"geheim\"",
        "password_file = \"outbound\"",
    );
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let copied = Command::new("cp")
        .args(["-r", "--no-preserve=mode"])
        .args([&templates, &house.path("templates")])
        .status();
    assert!(copied.unwrap().success());
    with(
        &config,
        "[policy]",
        "[templates]\npath = \"templates\"\n\n[policy]",
    );
    let (state, credentials) = (house.path("state"), house.path("credentials"));
    fs::create_dir(&state).unwrap();
    chown(&state, Some(NOBODY), Some(NOBODY)).unwrap();
    set_mode(&state, 0o700);
    fs::create_dir(&credentials).unwrap();
    fs::rename(house.path("kennwort"), credentials.join("kennwort")).unwrap();
    fs::copy(credentials.join("kennwort"), credentials.join("outbound")).unwrap();
    for secret in ["kennwort", "outbound"] {
        set_mode(&credentials.join(secret), 0o600);
    }
    set_mode(&credentials, 0o700);
    config
}

#[test]
fn what_systemd_hands_to_the_service_is_found() {
    let house = House::start();
    let config = configure(&house);
    let check = program(&config, &["check"]);
    assert_eq!(check.code, 0, "{}{}", check.output, check.errors);
    let user = line(&check, "Benutzer").0;
    assert_eq!(
        user,
        "✓ Benutzer: geprüft wird mit den Rechten von nobody, wie sie der Dienst hat"
    );
    assert_eq!(
        line(&check, "Vorlage").0,
        "✓ Vorlage: nationaler-integrationsplan"
    );
}

#[test]
fn what_is_closed_to_the_service_is_named_with_the_way_to_open_it() {
    let house = House::start();
    let config = configure(&house);
    let templates = house.path("templates");
    let motion = templates.join("nationaler-integrationsplan/motion.md");
    for (path, mode, subject, verb) in [
        (&templates, 0o700, "Vorlagen", "betreten"),
        (&motion, 0o600, "Vorlagen", "lesen"),
        (&house.ca_file, 0o640, "Dateien", "lesen"),
        (&config, 0o600, "Konfiguration", "lesen"),
    ] {
        let before = fs::metadata(path).unwrap().permissions().mode();
        set_mode(path, mode);
        let check = program(&config, &["check", "--offline"]);
        assert_eq!(check.code, 78, "{}", check.output);
        let (found, remedy) = line(&check, subject);
        let name = path.display();
        assert!(
            found.starts_with(&format!(
                "✗ {subject}: der Benutzer nobody darf {name} nicht "
            )),
            "{found}"
        );
        assert!(
            found.contains(&format!("(root:root, Rechte {mode:04o})")),
            "{found}"
        );
        assert!(found.contains(verb) || path == &templates, "{found}");
        assert!(remedy.starts_with("chgrp nogroup "), "{remedy}");
        // Root does what it says.
        let (first, _) = remedy.split_once(", oder").unwrap();
        let done = Command::new("sh").args(["-c", first]).status().unwrap();
        assert!(done.success());
        let check = program(&config, &["check", "--offline"]);
        assert_eq!(check.code, 0, "{first}: {}", check.output);
        chown(path, Some(0), Some(0)).unwrap();
        set_mode(path, before);
    }
    // Beside the configuration, and so not among what systemd reads for the service.
    let secret = house.path("kennwort");
    fs::copy(house.path("credentials/kennwort"), &secret).unwrap();
    let check = program(&config, &["check", "--offline"]);
    assert_eq!(check.code, 78, "{}", check.output);
    assert!(
        line(&check, "Dateien")
            .0
            .contains(&format!("{} nicht lesen", secret.display()))
    );
}

#[test]
fn the_certificates_are_read_as_the_service_reads_them() {
    let house = House::start();
    let config = configure(&house);
    set_mode(&house.ca_file, 0o600);
    let check = program(&config, &["check"]);
    assert_eq!(check.code, 69, "{}", check.output);
    let (found, _) = line(&check, "Postfach");
    assert!(
        found.contains("ca_file") && found.contains("ermission denied"),
        "{found}"
    );
}

/// Everything beside the log, with its owner.
fn owners(folder: &Path) -> Vec<(String, u32)> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let owner = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        (name, entry.metadata().unwrap().uid())
    };
    let mut owners: Vec<_> = entries.map(owner).collect();
    owners.sort();
    owners
}

#[test]
fn nothing_of_roots_is_left_beside_the_log() {
    let house = House::start();
    let config = configure(&house);
    let state = house.path("state");
    let check = program(&config, &["check", "--offline"]);
    assert_eq!(check.code, 0, "{}", check.output);
    assert_eq!(owners(&state), [], "who checks makes no log");

    let copy = state.join("antragsbote");
    fs::copy(env!("CARGO_BIN_EXE_antragsbote"), &copy).unwrap();
    set_mode(&copy, 0o755);
    // As systemd hands them over.
    let credentials = house.path("state/credentials");
    fs::create_dir(&credentials).unwrap();
    for secret in ["kennwort", "outbound"] {
        fs::write(credentials.join(secret), "geheim").unwrap();
    }
    let mut serve = Command::new(&copy);
    serve.arg("--config").arg(&config).arg("serve");
    serve.env("CREDENTIALS_DIRECTORY", &credentials);
    let daemon = Daemon::run(&config, serve.uid(NOBODY).gid(NOBODY)).ready();
    let check = program(&config, &["check", "--offline"]);
    assert_eq!(check.code, 0, "{}", check.output);
    assert_eq!(line(&check, "Dienst").0, "✓ Dienst: läuft");
    // Its -wal and -shm stay, and are what `check` has to open.
    daemon.kill();
    for name in ["log.db-wal", "log.db-shm"] {
        assert!(state.join(name).exists(), "{name}");
    }
    let check = program(&config, &["check"]);
    assert_eq!(check.code, 0, "{}", check.output);
    assert!(
        line(&check, "Protokoll")
            .0
            .contains("; 0 wartend, 0 gescheitert")
    );
    let log = owners(&state);
    let log: Vec<_> = log
        .iter()
        .filter(|(name, _)| name.starts_with("log"))
        .collect();
    assert!(log.iter().all(|(_, uid)| *uid == NOBODY), "{log:?}");
    let mut serve = Command::new(&copy);
    serve.arg("--config").arg(&config).arg("serve");
    serve.env("CREDENTIALS_DIRECTORY", &credentials);
    let daemon = Daemon::run(&config, serve.uid(NOBODY).gid(NOBODY)).ready();
    daemon.stop();
}

#[test]
fn a_log_that_is_roots_is_named() {
    let house = House::start();
    let config = configure(&house);
    let log = house.path("state/log.db");
    fs::write(&log, "").unwrap();
    set_mode(&log, 0o600);
    let check = program(&config, &["check", "--offline"]);
    assert_eq!(check.code, 78, "{}", check.output);
    let (found, remedy) = line(&check, "Protokoll");
    assert_eq!(
        found,
        format!(
            "✗ Protokoll: der Benutzer nobody darf {} nicht beschreiben (root:root, Rechte 0600)",
            log.display()
        )
    );
    assert_eq!(remedy, format!("chown nobody {}", log.display()));
    eventually("the service's log", PATIENCE, || {
        chown(&log, Some(NOBODY), Some(NOBODY)).ok()
    });
    let check = program(&config, &["check", "--offline"]);
    assert_eq!(check.code, 0, "{}", check.output);
}
