//! Faults of the machine: no room, no files, no memory, a log that is gone or broken. The daemon takes
//! no mail it cannot record, says so, and goes on by itself when it can.

mod yard;

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::{Daemon, eventually, program};
use yard::{Limit, Yard};

/// No fault lasts longer here; a pause between attempts is a minute at the most.
const PATIENCE: Duration = Duration::from_secs(90);

#[track_caller]
fn until_told(daemon: &Daemon, words: &str) {
    eventually(words, PATIENCE, || {
        daemon.errors().contains(words).then_some(())
    });
}

#[track_caller]
fn until_full(daemon: &Daemon) {
    eventually("a full disk to be told", PATIENCE, || {
        let words = daemon.errors();
        (words.contains("error.kind=\"full\"") || words.contains("no room left")).then_some(())
    });
}

/// How many event lines hold all of these words.
fn lines(daemon: &Daemon, words: &[&str]) -> usize {
    let text = daemon.errors();
    let lines = text.lines();
    lines
        .filter(|line| words.iter().all(|word| line.contains(word)))
        .count()
}

#[test]
fn a_full_disk_delays_and_loses_nothing() {
    let yard = Yard::small("2m");
    let daemon = Daemon::start(&yard.config);
    let mut ids = yard.put_many("vorher", 2);
    yard.until_settled(ids.len());
    yard.fill_disk();
    ids.extend(yard.put_many("voll", 3));
    until_full(&daemon);
    // Somebody hands mail in: not now.
    let handed = yard.deliver("abgegeben");
    assert_eq!(handed.code, 75, "{}", handed.errors);
    assert_eq!(yard.unread(), 3, "what cannot be recorded stays as it is");
    assert_eq!(yard.replies().len(), 2);
    yard.free_disk();
    yard.until_answered(ids.len());
    assert!(
        lines(&daemon, &["error.kind=\"full\"", "stage=\"decisions\""]) <= 1,
        "{}",
        daemon.errors()
    );
    daemon.stop();
    yard.assert_answered_once(&ids);
}

#[test]
fn a_disk_that_fills_up_in_the_midst_of_work_doubles_nothing() {
    let yard = Yard::small("24m");
    let daemon = Daemon::start(&yard.config);
    let mut ids = Vec::new();
    for round in 0..3 {
        let answered = yard.replies().len();
        ids.extend(yard.put_many(&format!("runde-{round}"), 150));
        yard.until_answered(answered + 1);
        yard.fill_disk();
        until_full(&daemon);
        yard.free_disk();
        yard.until_answered(ids.len());
    }
    daemon.stop();
    yard.assert_answered_once(&ids);
}

/// What was sent and could not be noted is noted within the seconds that a stop leaves.
#[test]
fn a_stop_on_a_full_disk_is_heard_and_nothing_is_sent_twice() {
    let yard = Yard::small("24m");
    let mut daemon = Daemon::start(&yard.config);
    let ids = yard.put_many("anfrage", 150);
    yard.until_answered(1);
    yard.fill_disk();
    until_full(&daemon);
    daemon.signal("TERM");
    yard.free_disk();
    eventually("the end of the daemon", Duration::from_secs(6), || {
        daemon.has_ended().then_some(())
    });
    let daemon = Daemon::start(&yard.config);
    yard.until_answered(ids.len());
    daemon.stop();
    yard.assert_answered_once(&ids);
}

#[test]
fn a_disk_that_turns_read_only_delays_and_loses_nothing() {
    let yard = Yard::new();
    let daemon = Daemon::start(&yard.config);
    let mut ids = yard.put_many("vorher", 1);
    yard.until_answered(1);
    let fault = yard.inject(&daemon, "pwrite64:error=EROFS");
    ids.extend(yard.put_many("stumm", 2));
    until_told(&daemon, "error.kind=");
    assert_eq!(yard.replies().len(), 1);
    fault.end();
    yard.until_answered(ids.len());
    daemon.stop();
    yard.assert_answered_once(&ids);
}

#[test]
fn a_read_only_log_is_told_at_the_start() {
    let yard = Yard::small("2m");
    Daemon::start(&yard.config).stop();
    yard.remount("ro");
    let run = program(&yard.config, &["serve"]);
    yard.remount("rw");
    assert_eq!(run.code, 69, "{}", run.errors);
    assert!(
        run.errors.contains("ist nicht beschreibbar"),
        "{}",
        run.errors
    );
}

#[test]
fn a_log_that_is_taken_away_is_not_written_to() {
    let yard = Yard::new();
    let daemon = Daemon::start(&yard.config);
    let mut ids = yard.put_many("vorher", 1);
    yard.until_settled(1);
    let files = ["log.db", "log.db-wal", "log.db-shm"];
    let aside = yard.path("beiseite");
    fs::create_dir(&aside).unwrap();
    let carry = |from: &Path, to: &Path| {
        for file in files {
            fs::rename(from.join(file), to.join(file)).unwrap();
        }
    };
    carry(&yard.log, &aside);
    ids.extend(yard.put_many("ohne", 2));
    until_told(&daemon, "error.kind=\"replaced\"");
    assert_eq!(yard.unread(), 2);
    // Put back, it is used again.
    carry(&aside, &yard.log);
    yard.until_settled(ids.len());
    // Without its log the service begins anew with what is unread, and leaves the rest alone.
    daemon.stop();
    for file in fs::read_dir(&yard.log).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    ids.extend(yard.put_many("neu", 2));
    let daemon = Daemon::start(&yard.config);
    yard.until_answered(ids.len());
    daemon.stop();
    yard.assert_answered_once(&ids);
}

/// Overwrites bytes of a file, from a part of its length on.
fn scratch(file: &Path, from: impl Fn(u64) -> u64, bytes: usize) {
    let open = fs::OpenOptions::new().write(true).open(file).unwrap();
    let length = open.metadata().unwrap().len();
    open.write_all_at(&vec![0xA5; bytes], from(length)).unwrap();
}

#[test]
fn a_broken_log_is_told_and_can_be_recovered() {
    let yard = Yard::new();
    let daemon = Daemon::start(&yard.config);
    let mut ids = yard.put_many("vorher", 60);
    yard.until_settled(60);
    daemon.stop();
    let log = yard.log.join("log.db");
    let whole = fs::read(&log).unwrap();

    scratch(&log, |_| 0, 100);
    let run = program(&yard.config, &["serve"]);
    assert_eq!(run.code, 78, "{}", run.errors);
    assert!(run.errors.contains("Anfang zerstört"), "{}", run.errors);

    fs::write(&log, &whole).unwrap();
    // All but the first pages: whichever is needed next.
    scratch(&log, |_| 40 << 10, whole.len() - (40 << 10));
    ids.extend(yard.put_many("nachher", 2));
    let run = program(&yard.config, &["log", "export"]);
    assert_eq!(run.code, 69, "{}", run.errors);
    for words in ["ist beschädigt", ".recover", "Sicherung"] {
        assert!(run.errors.contains(words), "{words}: {}", run.errors);
    }
    // What can be read is saved, and the service goes on with it.
    let recovered = yard.log.join("neu.db");
    let shell = r#"sqlite3 "$0" .recover | sqlite3 "$1""#;
    let shell = Command::new("sh")
        .args(["-c", shell])
        .arg(&log)
        .arg(&recovered)
        .output()
        .unwrap();
    assert!(shell.status.success(), "{shell:?}");
    fs::rename(&recovered, &log).unwrap();
    let daemon = Daemon::start(&yard.config);
    yard.until_answered(ids.len());
    daemon.stop();
    yard.assert_answered_once(&ids);
}

#[test]
fn a_log_that_breaks_under_the_daemon_is_told() {
    let yard = Yard::new();
    let daemon = Daemon::start(&yard.config);
    let mut ids = yard.put_many("vorher", 60);
    yard.until_settled(60);
    let log = yard.log.join("log.db");
    // Another process changes something, so that the daemon reads its pages anew.
    let run = program(&yard.config, &["log", "forget", "niemand@example.org"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let whole = fs::read(&log).unwrap();
    scratch(&log, |_| 4096, whole.len() - 4096);
    ids.extend(yard.put_many("nachher", 2));
    until_told(&daemon, "error.kind=\"damaged\"");
    daemon.kill();
    assert_eq!(yard.replies().len(), 60);
    // A backup is put in its place.
    for file in ["log.db-wal", "log.db-shm"] {
        let _ = fs::remove_file(yard.log.join(file));
    }
    fs::write(&log, &whole).unwrap();
    let daemon = Daemon::start(&yard.config);
    yard.until_answered(ids.len());
    daemon.stop();
    yard.assert_answered_once(&ids);
}

/// The command of the handbook's page on backups, with paths of ours: made while the daemon works, put
/// back beside what is left of the newer log.
#[test]
fn the_handbook_s_backup_is_whole_and_can_be_put_back() {
    let page = include_str!("../../docs/handbuch/sicherung.md");
    let line = page
        .lines()
        .find(|line| line.starts_with("sqlite3 -readonly "));
    let yard = Yard::new();
    let backup = yard.path("sicherung.db");
    let line = line
        .unwrap()
        .replace("/var/lib/antragsbote", yard.log.to_str().unwrap())
        .replace("$ziel/log-$(date +%F).db", backup.to_str().unwrap());
    let daemon = Daemon::start(&yard.config);
    let mut ids = yard.put_many("vorher", 40);
    yard.until_answered(1);
    let made = Command::new("sh").args(["-c", &line]).output().unwrap();
    assert!(made.status.success() && made.stderr.is_empty(), "{made:?}");
    yard.until_answered(ids.len());
    daemon.stop();

    let log = yard.log.join("log.db");
    fs::copy(&backup, &log).unwrap();
    let kept = program(&yard.config, &["log", "export"]);
    assert_eq!(kept.code, 0, "{}", kept.errors);
    assert!(kept.output.lines().count() >= 1, "{}", kept.output);
    let daemon = Daemon::start(&yard.config);
    ids.extend(yard.put_many("nachher", 2));
    yard.until_answered_all(&ids);
    daemon.stop();
}

/// The end of the write-ahead log is lost, and with it what was recorded last: mail that is still in the
/// mailbox is taken up again.
#[test]
fn a_torn_write_ahead_log_loses_no_request() {
    let yard = Yard::new();
    let daemon = Daemon::start(&yard.config);
    let ids = yard.put_many("anfrage", 100);
    yard.until_answered(1);
    daemon.kill();
    let wal = yard.log.join("log.db-wal");
    assert!(wal.metadata().unwrap().len() > 8192);
    scratch(&wal, |length| length - 6000, 6000);
    let daemon = Daemon::start(&yard.config);
    yard.until_answered_all(&ids);
    daemon.stop();
}

#[test]
fn used_up_file_descriptors_delay_and_lose_nothing() {
    let yard = Yard::new();
    let daemon = Daemon::start(&yard.config);
    let mut ids = yard.put_many("vorher", 1);
    yard.until_settled(1);
    let limit = Limit::set(&daemon, "nofile", yard::free_descriptor(&daemon));
    ids.extend(yard.put_many("knapp", 3));
    until_told(&daemon, "error.kind=\"maildir\"");
    limit.lift();
    yard.until_answered(ids.len());
    daemon.stop();
    yard.assert_answered_once(&ids);
}

/// The process may die of it; nothing is lost, and nothing doubled.
#[test]
fn too_little_memory_loses_nothing() {
    let yard = Yard::new();
    let mut ids = Vec::new();
    for number in 0..8 {
        ids.push(yard.put_heavy(&format!("schwer-{number}"), 9 << 20));
    }
    ids.extend(yard.put_many("leicht", 20));
    let mut daemon = Daemon::start(&yard.config);
    let limit = Limit::set(&daemon, "data", 90 << 20);
    ids.extend(yard.put_many("danach", 20));
    eventually("death or work", PATIENCE, || {
        (daemon.has_ended() || yard.replies().len() == ids.len()).then_some(())
    });
    if !daemon.has_ended() {
        limit.lift();
        daemon.stop();
    }
    let daemon = Daemon::start(&yard.config);
    yard.until_answered_all(&ids);
    daemon.stop();
}

/// Without inotify the Maildir is looked at every so often.
#[test]
fn a_machine_without_inotify_left_is_served() {
    let yard = Yard::new();
    let ids = yard.put_many("vorher", 2);
    let script =
        r#"echo 0 > /proc/sys/user/max_inotify_instances && exec "$0" --config "$1" serve"#;
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "sh", "-c", script]);
    command
        .arg(env!("CARGO_BIN_EXE_antragsbote"))
        .arg(&yard.config);
    let daemon = Daemon::run(&yard.config, &mut command);
    yard.until_answered(2);
    assert_eq!(lines(&daemon, &["mailbox open", "mailbox.tells=false"]), 1);
    daemon.stop();
    yard.assert_answered_once(&ids);
}
