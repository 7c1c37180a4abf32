//! What the service manager hears of the daemon: a socket of the test stands for systemd's.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::daemon::{Daemon, FUERTH, House, request, until};

/// Nothing here takes longer, on a loaded machine either; reaching it is a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// A watchdog whose feeding is seen soon, in microseconds, ...
const SHORT: &str = "100000";
/// ... and the unit's.
const MINUTE: &str = "60000000";

/// The manager's end: takes what the daemon tells, in order and at once.
struct Manager {
    told: Receiver<String>,
    heard: Vec<String>,
}

impl Manager {
    fn of(house: &House) -> Self {
        let socket = UnixDatagram::bind(house.path("notify")).unwrap();
        let (teller, told) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length) = socket.recv(&mut bytes) {
                let said = String::from_utf8(bytes[..length].to_vec()).unwrap();
                if teller.send(said).is_err() {
                    break;
                }
            }
        });
        Self {
            told,
            heard: Vec::new(),
        }
    }

    /// Hears on until this, and returns it.
    fn until(&mut self, what: &str, is_it: impl Fn(&str) -> bool) -> String {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            let said = self.next();
            if is_it(&said) {
                return said;
            }
        }
        panic!("no {what}: {:?}", self.heard);
    }

    /// The last status if it says this, else the next that does: one that still holds comes a minute later.
    fn until_status(&mut self, words: &str) -> String {
        let is_status = |said: &str| said.starts_with("STATUS=");
        let last = self.heard.iter().rfind(|said| is_status(said));
        match last.filter(|said| said.contains(words)) {
            Some(said) => said.clone(),
            None => self.until(words, |said| is_status(said) && said.contains(words)),
        }
    }

    fn next(&mut self) -> String {
        let said = self.told.recv_timeout(PATIENCE);
        let said = said.unwrap_or_else(|_| panic!("silence after {:?}", self.heard));
        self.heard.push(said.clone());
        said
    }

    /// What has been told by now and not been heard.
    fn rest(&mut self) -> Vec<String> {
        self.told.try_iter().collect()
    }
}

/// Runs the daemon under the manager, whose watchdog has this time in microseconds, until it says this.
fn serve(house: &House, watchdog: &str, words: &str, change: impl FnOnce(&mut Command)) -> Daemon {
    house.serve_until(words, |command| {
        command.env("NOTIFY_SOCKET", house.path("notify"));
        command.env("WATCHDOG_USEC", watchdog);
        change(command);
    })
}

/// The monotonic time of this machine, in microseconds.
fn monotonic() -> u128 {
    let now = nix::time::clock_gettime(nix::time::ClockId::CLOCK_MONOTONIC).unwrap();
    Duration::from(now).as_micros()
}

fn is_fed(said: &str) -> bool {
    said == "WATCHDOG=1"
}

#[test]
fn the_manager_hears_of_start_work_reload_and_stop_in_order() {
    let house = House::new();
    let mut manager = Manager::of(&house);
    let daemon = serve(&house, SHORT, "ready", |_| {});
    assert_eq!(manager.next(), "STATUS=öffnet das Protokoll");
    assert_eq!(manager.next(), "READY=1");
    for _ in 0..3 {
        manager.until("food", is_fed);
    }
    let status = manager.until_status("beobachtet das Postfach (zuletzt ");
    let figures = status.split_once("); ").unwrap().1;
    assert_eq!(figures, "heute 0 beantwortet");

    let before = monotonic();
    daemon.reload("reloaded");
    let reloading = manager.until("a reload", |said| said.contains("RELOADING"));
    let time = reloading
        .strip_prefix("RELOADING=1\nMONOTONIC_USEC=")
        .unwrap();
    assert!(
        (before..=monotonic()).contains(&time.parse().unwrap()),
        "{time}"
    );
    manager.until("the end of the reload", |said| said == "READY=1");

    fs::write(house.path("antragsbote.toml"), "halb geschr").unwrap();
    daemon.reload("nothing reloaded");
    manager.until("a second reload", |said| said.contains("RELOADING"));
    manager.until("its end", |said| said == "READY=1");
    manager.until_status("ihr letzter guter Stand gilt weiter");

    daemon.stop();
    manager.until("the stop", |said| said == "STOPPING=1");
    let after = manager.rest();
    assert!(
        !after.iter().any(|said| said.contains("READY")),
        "{after:?}"
    );
}

#[test]
fn a_mailbox_out_of_reach_is_told_and_no_reason_to_starve() {
    let house = House::new();
    fs::remove_dir_all(house.path("in")).unwrap();
    fs::write(house.path("in"), "kein Ordner").unwrap();
    let mut manager = Manager::of(&house);
    let daemon = serve(&house, MINUTE, "mailbox out of reach", fast);
    manager.until("the start", |said| said == "READY=1");
    manager.until_status("nicht zu erreichen: Der Maildir-Ordner ist nicht zu gebrauchen");
    // For eight minutes: longer than any stage may be silent, were it not for its next attempt.
    for _ in 0..16 {
        manager.until("food", is_fed);
    }
    assert!(!daemon.told().contains("is not fed"), "{}", daemon.told());
    daemon.stop();
}

#[test]
fn who_works_on_a_mail_without_end_starves() {
    let house = House::new();
    let mut manager = Manager::of(&house);
    let daemon = serve(&house, MINUTE, "ready", |command| {
        fast(command);
        command.env("ANTRAGSBOTE_ENDLESS", "ohne Ende");
    });
    manager.until("food", is_fed);
    house.put(
        "endless",
        &request("endless", &format!("{FUERTH} ohne Ende")),
    );
    let words = "the watchdog of systemd is not fed";
    until(|| daemon.told().contains(words), words);
    let told = daemon.told();
    let line = told.lines().find(|line| line.contains(words)).unwrap();
    assert!(line.contains("stage=\"answering\""), "{line}");
    manager.rest();
    manager.heard.clear();
    // Everything else goes on.
    for _ in 0..2 {
        manager.until("a status", |said| {
            said.starts_with("STATUS=beobachtet das Postfach")
        });
    }
    let fed = manager.heard.iter().any(|said| is_fed(said));
    assert!(!fed, "{:?}", manager.heard);
    assert_eq!(told.matches(words).count(), 1, "said once");
}

/// A minute of the daemon is a second of the test.
fn fast(command: &mut Command) {
    let library = Path::new("/usr/lib")
        .join(format!("{}-linux-gnu", std::env::consts::ARCH))
        .join("faketime/libfaketimeMT.so.1");
    assert!(library.exists(), "tests/packages lists faketime");
    command.env("LD_PRELOAD", library);
    command.env("FAKETIME", "+0 x60");
}
