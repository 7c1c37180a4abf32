//! What the administrator is told, read in the administrator's own Maildir.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use mail_parser::MessageParser;

use crate::correspondence::{request, rows, until_answered, until_rows};
use crate::support::{Daemon, House, Settings, command, eventually};

/// A retry that is due at its latest, and a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

const RELOAD: &str = "Dateien sind fehlerhaft";
const FAILED: &str = "Anfragen konnten nicht beantwortet werden";
const LOG: &str = "Das Protokoll ist nicht zu gebrauchen";
pub(crate) const MAILBOX: &str = "Das Postfach ist nicht zu erreichen";

pub(crate) fn trouble(subject: &str) -> String {
    format!("Bitte nachsehen: {subject}")
}

pub(crate) fn well(subject: &str) -> String {
    format!("Erledigt: {subject}")
}

/// Subject and text of every mail to the administrator, in order of subjects.
pub(crate) fn told(house: &House) -> Vec<(String, String)> {
    let maildir = house.dovecot.maildir("verwaltung");
    let files = ["new", "cur"].map(|part| fs::read_dir(maildir.join(part)).unwrap());
    let mut told: Vec<(String, String)> = files
        .into_iter()
        .flatten()
        .map(|file| {
            let raw = fs::read(file.unwrap().path()).unwrap();
            let mail = MessageParser::default().parse(&raw).unwrap();
            let automatic = mail.header_raw("Auto-Submitted").unwrap().trim();
            assert_eq!(automatic, "auto-generated");
            (
                mail.subject().unwrap().to_owned(),
                mail.body_text(0).unwrap().into_owned(),
            )
        })
        .collect();
    told.sort();
    told
}

/// Waits until the administrator has been told these, in order of subjects, and no others.
#[track_caller]
pub(crate) fn until_told(house: &House, subjects: &[String]) {
    eventually(&format!("{subjects:?}"), PATIENCE, || {
        let told: Vec<String> = told(house)
            .into_iter()
            .map(|(subject, _)| subject)
            .collect();
        assert!(told.len() <= subjects.len(), "{told:?}");
        (told == subjects).then_some(())
    });
}

/// The configuration of a daemon whose administrator is verwaltung@example.org.
fn configure(house: &House, log: &str) -> PathBuf {
    let file = house.configure(Settings {
        // Dovecot, which may be down, checks logins for Postfix.
        outbound: "none",
        ..Settings::default()
    });
    let text = fs::read_to_string(&file).unwrap();
    let text = text.replace("sqlite:log.db", &format!("sqlite:{log}"));
    let more = "[admin]\naddress = \"verwaltung@example.org\"\n[templates]\npath = \"vorlagen\"\n";
    fs::write(&file, text + more).unwrap();
    let motion =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/nationaler-integrationsplan");
    let folder = house.path("vorlagen/nationaler-integrationsplan");
    fs::create_dir_all(&folder).unwrap();
    fs::create_dir_all(house.path("vorlagen/mail")).unwrap();
    for name in ["template.toml", "motion.md"] {
        fs::copy(motion.join(name), folder.join(name)).unwrap();
    }
    file
}

#[test]
fn a_broken_change_and_requests_given_up_are_told_once_also_over_restarts() {
    let house = House::start();
    let config = configure(&house, "log.db");
    let daemon = Daemon::start(&config);
    let text = house.path("vorlagen/mail/question.txt");
    fs::write(&text, "{{ nicht_zu_ende").unwrap();
    let refused = "the last sound state stays in use";
    for count in 1..=2 {
        daemon.reload();
        eventually("the refused reload", PATIENCE, || {
            (daemon.errors().matches(refused).count() == count).then_some(())
        });
        until_told(&house, &[trouble(RELOAD)]);
    }
    assert!(
        told(&house)[0].1.contains("mail/question.txt"),
        "{:?}",
        told(&house)
    );
    fs::remove_file(&text).unwrap();
    daemon.reload();
    until_told(&house, &[trouble(RELOAD), well(RELOAD)]);

    // Nobody of this name has a mailbox there: Postfix refuses the reply for good.
    for id in ["eins", "zwei"] {
        let mail = String::from_utf8(request(id)).unwrap();
        let mail = mail.replace("anna@example.org", "niemand@example.org");
        house.dovecot.drop_in("antrag", id, mail.as_bytes());
    }
    until_rows(&config, 2, |row| row["state"] == "failed");
    until_told(&house, &[trouble(FAILED), trouble(RELOAD), well(RELOAD)]);
    let (_, text) = told(&house).swap_remove(0);
    for row in rows(&config) {
        let id = row["id"].as_str().unwrap();
        assert!(text.contains(id), "{id} is not in {text}");
    }
    for word in ["niemand", "Anna", "Fürth"] {
        assert!(!text.contains(word), "{word} is in {text}");
    }
    daemon.stop();

    let daemon = Daemon::start(&config);
    fs::write(house.path("vorlagen/mail/question.txt"), "{{ wieder_nicht").unwrap();
    daemon.reload();
    eventually("the refused reload", PATIENCE, || {
        daemon.errors().contains(refused).then_some(())
    });
    // Something that is surely later than a mail would have been.
    house.dovecot.drop_in("antrag", "drei", &request("drei"));
    until_answered(&house, 1);
    daemon.stop();
    house.postfix.until_delivered();
    until_told(&house, &[trouble(FAILED), trouble(RELOAD), well(RELOAD)]);
}

/// A small disk; gone with this value.
struct Disk(PathBuf);

impl Disk {
    fn mount(path: PathBuf) -> Self {
        fs::create_dir_all(&path).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"])
            .arg(&path);
        assert!(mount.status().unwrap().success(), "mount needs root");
        Self(path)
    }

    fn fill(&self) {
        let filler = vec![0_u8; 4096];
        let mut file = fs::File::create(self.0.join("voll")).unwrap();
        while std::io::Write::write_all(&mut file, &filler).is_ok() {}
    }

    fn empty(&self) {
        fs::remove_file(self.0.join("voll")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// The daemon with a clock that runs a hundred times as fast.
pub(crate) fn hurried(config: &Path) -> Daemon {
    let libraries = fs::read_dir("/usr/lib").unwrap();
    let library = libraries
        .map(|folder| folder.unwrap().path().join("faketime/libfaketimeMT.so.1"))
        .find(|path| path.exists())
        .expect("tests/run installs faketime");
    let mut command = command(config, &["serve"]);
    command
        .env("LD_PRELOAD", library)
        .env("FAKETIME", "+0d x100");
    let daemon = Daemon::run(config, &mut command);
    eventually("the first look", PATIENCE, || {
        daemon.errors().contains("ready").then_some(())
    });
    daemon
}

#[test]
fn a_full_disk_is_told_and_so_is_its_end() {
    let house = House::start();
    let disk = Disk::mount(house.path("platte"));
    let config = configure(&house, "platte/log.db");
    let daemon = hurried(&config);
    disk.fill();
    let mut mail = request("gross");
    mail.extend(b"\r\n".repeat(300_000));
    house.dovecot.drop_in("antrag", "gross", &mail);
    until_told(&house, &[trouble(LOG)]);
    disk.empty();
    until_told(&house, &[trouble(LOG), well(LOG)]);
    until_answered(&house, 1);
    daemon.stop();
}

#[test]
fn a_mailbox_out_of_reach_is_told_after_half_an_hour_and_so_is_its_end() {
    let mut house = House::start();
    let config = configure(&house, "log.db");
    let daemon = hurried(&config);
    house.dovecot.stop();
    until_told(&house, &[trouble(MAILBOX)]);
    house.dovecot.resume();
    until_told(&house, &[trouble(MAILBOX), well(MAILBOX)]);
    daemon.stop();
}
