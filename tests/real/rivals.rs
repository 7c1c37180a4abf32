//! Two daemons where there should be one: no request is lost, none is answered by both.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use crate::correspondence::{assert_answered_once, replies, request, rows, until_answered};
use crate::support::{Daemon, House, Settings, eventually, program};

const SHORTLY: Duration = Duration::from_secs(60);

/// The same configuration once more, with a log of its own, as on another machine.
fn elsewhere(house: &House, config: &Path) -> PathBuf {
    let folder = house.path("anderswo");
    fs::create_dir(&folder).unwrap();
    fs::copy(house.path("kennwort"), folder.join("kennwort")).unwrap();
    let other = folder.join("antragsbote.toml");
    fs::copy(config, &other).unwrap();
    other
}

fn drop_in(house: &House, ids: &[String]) {
    for id in ids {
        house.dovecot.drop_in("antrag", id, &request(id));
    }
}

fn named(kind: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("{kind}-{number}"))
        .collect()
}

#[test]
fn two_daemons_with_two_logs_share_a_mailbox() {
    for archive in [Some("Erledigt"), None] {
        let house = House::start();
        let config = house.configure(Settings {
            archive,
            ..Settings::default()
        });
        let other = elsewhere(&house, &config);
        let (one, two) = (Daemon::start(&config), Daemon::start(&other));
        let first = named("erst", 60);
        drop_in(&house, &first);
        until_answered(&house, first.len());
        assert_answered_once(&house, &first);
        let counts = [&config, &other].map(|config| rows(config).len());
        assert_eq!(counts[0] + counts[1], first.len(), "each is in one log");

        // One is killed amid work: what it had claimed waits for it, the other goes on.
        let second = named("dann", 60);
        drop_in(&house, &second);
        until_answered(&house, first.len() + 1);
        one.kill();
        let third = named("nun", 20);
        drop_in(&house, &third);
        eventually("what came without the first", SHORTLY, || {
            let answered = replies(&house);
            let answered = |id: &String| answered.iter().any(|reply| reply.answers == *id);
            third.iter().all(answered).then_some(())
        });
        let one = Daemon::start(&config);
        let all: Vec<String> = [first, second, third].concat();
        eventually("all rows", SHORTLY, || {
            let rows = [&config, &other].map(|config| rows(config));
            let answered = rows
                .iter()
                .flatten()
                .filter(|row| row["state"] == "answered");
            (answered.count() == all.len()).then_some(())
        });
        house.postfix.until_delivered();
        // A kill between the server's 250 and its note repeats the same mail.
        let distinct: BTreeMap<_, _> = replies(&house)
            .into_iter()
            .map(|reply| ((reply.answers, reply.message_id), ()))
            .collect();
        let mut answered: Vec<_> = distinct.into_keys().map(|(id, _)| id).collect();
        answered.sort();
        let mut all = all;
        all.sort();
        assert_eq!(answered, all);
        one.stop();
        two.stop();
    }
}

/// A folder with Maildirs `in`, `out` and `done`, and configurations `a` and `b`.
struct Maildirs(TempDir);

impl Maildirs {
    fn new() -> Self {
        let folder = TempDir::with_prefix("antragsbote-").unwrap();
        let maildirs = Self(folder);
        for name in ["a", "b"] {
            fs::create_dir(maildirs.path(name)).unwrap();
            let text = "[bot]\naddress = \"antrag@example.org\"\n\
                        [mailbox]\nkind = \"maildir\"\npath = \"../in\"\narchive = \"../done\"\n\
                        [outbound]\nkind = \"maildir\"\npath = \"../out\"\n\
                        [log]\nurl = \"sqlite:log.db\"\n\
                        [policy]\nreplies_per_sender_per_hour = 1000\n";
            fs::write(maildirs.config(name), text).unwrap();
        }
        maildirs
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn config(&self, name: &str) -> PathBuf {
        self.path(name).join("antragsbote.toml")
    }

    fn put(&self, id: &str) {
        let tmp = self.path("in/tmp").join(id);
        fs::write(&tmp, request(id)).unwrap();
        fs::rename(
            tmp,
            self.path("in/new").join(format!("1700000000.{id}.host")),
        )
        .unwrap();
    }

    fn until_replies(&self, count: usize) {
        eventually(&format!("{count} replies"), SHORTLY, || {
            let found = fs::read_dir(self.path("out/new")).map_or(0, Iterator::count);
            assert!(found <= count, "{found} replies for {count} requests");
            (found == count).then_some(())
        });
    }
}

#[test]
fn two_daemons_with_two_logs_share_a_maildir() {
    let maildirs = Maildirs::new();
    let configs = ["a", "b"].map(|name| maildirs.config(name));
    let (one, two) = (Daemon::start(&configs[0]), Daemon::start(&configs[1]));
    for number in 0..40 {
        maildirs.put(&format!("erst-{number}"));
    }
    maildirs.until_replies(40);
    let count = |config: &PathBuf| rows(config).len();
    assert_eq!(configs.iter().map(count).sum::<usize>(), 40);
    // One is killed: the other goes on, and what was claimed waits for it.
    one.kill();
    for number in 0..10 {
        maildirs.put(&format!("dann-{number}"));
    }
    maildirs.until_replies(50);
    let one = Daemon::start(&configs[0]);
    eventually("all mail set aside", SHORTLY, || {
        let folders = ["in/new", "in/cur"].map(|name| fs::read_dir(maildirs.path(name)).unwrap());
        (folders.into_iter().flatten().count() == 0).then_some(())
    });
    maildirs.until_replies(50);
    assert_eq!(configs.iter().map(count).sum::<usize>(), 50);
    one.stop();
    two.stop();
}

#[test]
fn a_second_daemon_on_the_same_log_refuses_to_start() {
    let maildirs = Maildirs::new();
    let config = maildirs.config("a");
    let one = Daemon::start(&config);
    let second = program(&config, &["serve"]);
    assert_eq!(second.code, 69, "{}", second.errors);
    assert!(
        second.errors.contains("arbeitet schon ein anderer"),
        "{}",
        second.errors
    );
    maildirs.put("1");
    maildirs.until_replies(1);
    one.stop();
}
