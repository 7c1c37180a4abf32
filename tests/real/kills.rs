//! Kills from outside at any moment, under a steady stream of requests: what counts is what arrives.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::correspondence::rows;
use crate::lane::{Lane, Way};
use crate::support::{Daemon, House, command_of, eventually};

/// Between two requests of the stream.
const PACE: Duration = Duration::from_millis(100);
/// How long the last replies may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program as it is shipped.
fn release() -> PathBuf {
    let debug = Path::new(env!("CARGO_BIN_EXE_antragsbote"));
    let target = debug.parent().and_then(Path::parent).unwrap();
    let program = target.join("release/antragsbote");
    assert!(
        program.exists(),
        "{} is missing: cargo build --release --locked (tests/run does)",
        program.display()
    );
    program
}

/// How many kills, and in how many seconds; `tests/kills` asks for more.
fn extent() -> (u32, u32) {
    let wanted = env::var("ANTRAGSBOTE_KILLS").unwrap_or_else(|_| "30/12".to_owned());
    let (kills, seconds) = wanted.split_once('/').unwrap();
    (kills.parse().unwrap(), seconds.parse().unwrap())
}

/// Chance that can be had again: splitmix64.
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        let seed = env::var("ANTRAGSBOTE_SEED").map_or_else(
            |_| {
                SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap()
                    .as_micros() as u64
            },
            |seed| seed.parse().unwrap(),
        );
        eprintln!("ANTRAGSBOTE_SEED={seed}");
        Self(seed)
    }

    /// Up to twice `mean`, so that it is that in the mean.
    fn pause(&mut self, mean: Duration) -> Duration {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        mean.mul_f64(bits as f64 / u64::MAX as f64 * 2.0)
    }
}

fn serve(program: &Path, lane: &Lane) -> Daemon {
    Daemon::run(
        &lane.config,
        &mut command_of(program, &lane.config, &["serve"]),
    )
}

/// Kills this program again and again while requests come in; returns them.
fn kill_at_random(program: &Path, lane: &Lane) -> Vec<String> {
    let (kills, seconds) = extent();
    let mean = Duration::from_secs(seconds.into()) / kills;
    let mut chance = Chance::new();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let stream = scope.spawn(|| {
            let mut ids = Vec::new();
            while !over.load(Ordering::Relaxed) {
                let id = format!("anfrage-{}", ids.len());
                lane.drop_in(&id);
                ids.push(id);
                thread::sleep(PACE);
            }
            ids
        });
        for _ in 0..kills {
            let mut daemon = serve(program, lane);
            // No waiting for anything: that is the point.
            thread::sleep(chance.pause(mean));
            assert!(!daemon.has_ended(), "the daemon has ended by itself");
            daemon.kill();
        }
        over.store(true, Ordering::Relaxed);
        stream.join().unwrap()
    })
}

/// Has a last daemon finish, and asserts that each request has one reply, be it in several copies.
fn assert_nothing_lost(program: &Path, house: &House, lane: &Lane, ids: &[String], what: &str) {
    let begin = Instant::now();
    let daemon = serve(program, lane).ready();
    let mut arrived = lane.arrived();
    eventually("all replies", PATIENCE, || {
        let replies = arrived.look();
        ids.iter().all(|id| replies.contains_key(id)).then_some(())
    });
    eventually("an empty mailbox", PATIENCE, || {
        lane.is_settled().then_some(())
    });
    daemon.stop();
    house.postfix.until_delivered();
    let replies = arrived.look();
    let answered: Vec<&String> = replies.keys().collect();
    let mut asked: Vec<&String> = ids.iter().collect();
    asked.sort();
    assert_eq!(answered, asked);
    let mut copies = 0;
    for (id, message_ids) in &replies {
        let same = message_ids
            .iter()
            .all(|message_id| *message_id == message_ids[0]);
        assert!(same, "different replies to {id}: {message_ids:?}");
        copies += message_ids.len() - 1;
    }
    assert!(
        rows(&lane.config)
            .iter()
            .all(|row| row["state"] == "answered")
    );
    eprintln!(
        "{what}: {} requests, 0 lost, {copies} copies with the same Message-ID, the rest in {:?}",
        ids.len(),
        begin.elapsed()
    );
}

fn killed_at_random(program: &Path) {
    let house = House::start();
    let lane = Lane::new(&house, "antrag", "kills", Way::Smtp);
    let ids = kill_at_random(program, &lane);
    let (kills, _) = extent();
    assert_nothing_lost(program, &house, &lane, &ids, &format!("{kills} kills"));
}

#[test]
fn the_debug_build_is_killed_at_random() {
    killed_at_random(Path::new(env!("CARGO_BIN_EXE_antragsbote")));
}

#[test]
fn the_release_is_killed_at_random() {
    killed_at_random(&release());
}

/// It has no halts to be killed at: the kernel kills it when it begins its nth such call.
#[test]
fn the_release_is_killed_at_one_system_call_after_the_other() {
    let program = release();
    let house = House::start();
    let lane = Lane::new(&house, "antrag", "calls", Way::Smtp);
    let mut ids = Vec::new();
    // What makes changes last, what writes them, what goes over the wire.
    for (call, step) in [("fsync", 1), ("pwrite64", 40), ("sendto", 1)] {
        for nth in (1..).step_by(step) {
            for number in 0..2 {
                let id = format!("{call}-{nth}-{number}");
                lane.drop_in(&id);
                ids.push(id);
            }
            if !is_killed_at(&program, &lane, call, nth) {
                eprintln!("all {call}: fewer than {nth} a thread");
                assert!(nth > 4, "not even killed at {nth}");
                break;
            }
        }
    }
    assert_nothing_lost(&program, &house, &lane, &ids, "system calls");
}

/// Starts the daemon to be killed there; `false` if it has done all there was without so many calls.
fn is_killed_at(program: &Path, lane: &Lane, call: &str, nth: u32) -> bool {
    let serve = command_of(program, &lane.config, &["serve"]);
    // The tracer is not its parent (-D): it is the test that waits for its end.
    let mut traced = Command::new("strace");
    traced.args(["-D", "-f", "-qq", "-o", "/dev/null"]);
    traced.arg(format!("--trace={call}"));
    traced.arg(format!("--inject={call}:signal=SIGKILL:when={nth}"));
    traced.arg(serve.get_program()).args(serve.get_args());
    traced.env_remove("RUST_LOG");
    let mut daemon = Daemon::run(&lane.config, &mut traced);
    let killed = eventually("the kill, or nothing left to do", PATIENCE, || {
        if daemon.has_ended() {
            return Some(true);
        }
        lane.is_settled().then_some(false)
    });
    daemon.kill();
    killed
}

#[test]
fn the_release_knows_no_halts() {
    let program = std::fs::read(release()).unwrap();
    let holds = |word: &[u8]| program.windows(word.len()).any(|some| some == word);
    assert!(holds(b"ANTRAGSBOTE_CONFIG"));
    assert!(!holds(b"ANTRAGSBOTE_HALT") && !holds(b"ANTRAGSBOTE_POISON"));
}

/// Where it was built is nobody's business, and would make each machine's program another one:
/// `.cargo/rustc` leaves it out.
#[test]
fn the_release_does_not_tell_where_it_was_built() {
    let program = std::fs::read(release()).unwrap();
    let text = String::from_utf8_lossy(&program);
    let crates = text.matches("/registry/src/").count();
    assert!(crates > 0, "panics name no crate's source any more");
    assert_eq!(text.matches("/cargo/registry/src/").count(), crates);
    assert!(!text.contains(env!("CARGO_MANIFEST_DIR")));
}
