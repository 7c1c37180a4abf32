//! Clocks that are set while the daemon runs.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::refusals::{HELLO, MAIL};
use super::{ask, leaving_by, row, until};
use crate::support::{Daemon, House, Script, eventually};

/// libfaketime, for a daemon whose wall clock the test sets; its timers go on as they are.
struct Clock<'a> {
    file: &'a Path,
}

impl Clock<'_> {
    fn start(&self, config: &Path) -> Daemon {
        self.set("+0");
        Daemon::start_with(
            config,
            &[
                ("LD_PRELOAD", library().as_str()),
                ("FAKETIME_TIMESTAMP_FILE", self.file.to_str().unwrap()),
                ("FAKETIME_NO_CACHE", "1"),
                ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ],
        )
    }

    /// Sets the clock so far from the true time: "+10d", "-1y".
    fn set(&self, offset: &str) {
        let draft = self.file.with_extension("neu");
        fs::write(&draft, offset).unwrap();
        fs::rename(draft, self.file).unwrap();
    }
}

/// Where Debian has what lets a program see another time.
pub(super) fn library() -> String {
    let arch = std::env::consts::ARCH;
    let library = format!("/usr/lib/{arch}-linux-gnu/faketime/libfaketime.so.1");
    assert!(Path::new(&library).exists(), "tests/run installs faketime");
    library
}

/// How long until a reply that is due leaves: two looks, with time for a busy machine. It is
/// less than any pause after a second attempt.
const DUE: Duration = Duration::from_secs(20);

#[test]
fn a_clock_set_back_by_a_year_delays_no_reply_and_one_set_forward_gives_none_up() {
    let later = [HELLO, "S: 450 4.2.0 later\nC: QUIT"].concat();
    let taken = [HELLO, MAIL, "S: 250 2.0.0 Ok"].concat();
    let server = Script::play(&[&later, &taken, &later, &later, &taken]);
    let house = House::start();
    let config = leaving_by(&house, server.port);
    let file = house.path("uhr");
    let clock = Clock { file: &file };
    let daemon = clock.start(&config);

    ask(&house, "zurueck");
    super::until_failed_once(&config, "zurueck");
    clock.set("-1y");
    eventually("the second attempt", DUE, || {
        (server.connections() == 2).then_some(())
    });
    until(&config, "zurueck", "answered", 2);

    clock.set("+0");
    ask(&house, "vor");
    super::until_failed_once(&config, "vor");
    clock.set("+10d");
    eventually("the second attempt", DUE, || {
        let row = row(&config, "vor").unwrap();
        (server.connections() == 4 && row["attempts"] == 2).then_some(())
    });
    until(&config, "vor", "waiting", 2);
    clock.set("+11d");
    until(&config, "vor", "answered", 3);
    daemon.stop();
    assert_eq!(server.surprises(), [] as [String; 0]);
}
