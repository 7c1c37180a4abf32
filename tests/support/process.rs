//! Starting and ending other programs, waiting with a deadline, free ports.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A program that ends with this value, with all that it started.
#[derive(Debug)]
pub(crate) struct Process {
    name: &'static str,
    child: Child,
}

impl Process {
    /// Starts `command` in a process group of its own.
    pub(crate) fn start(name: &'static str, command: &mut Command) -> Self {
        let child = command.process_group(0).spawn();
        let child = child.unwrap_or_else(|error| {
            panic!("{name} does not start ({error}): tests/run installs what is missing")
        });
        Self { name, child }
    }

    /// Its process id, which is also its group's.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, once it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits until it listens on a loopback port.
    #[track_caller]
    pub(crate) fn until_listening(&mut self, port: u16) {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let what = format!("{} to listen on port {port}", self.name);
        eventually(&what, Duration::from_secs(30), || {
            if let Some(status) = self.ended() {
                panic!("{} has ended: {status}", self.name);
            }
            TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()
        });
    }

    /// Sends a signal ("TERM", "HUP") to the program alone.
    pub(crate) fn signal(&self, signal: &str) {
        send_signal(signal, &self.id().to_string());
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self, limit: Duration) -> ExitStatus {
        let name = self.name;
        eventually(&format!("the end of {name}"), limit, || self.ended())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        send_signal("KILL", &format!("-{}", self.id()));
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process, or with a leading `-` to a process group; one that has ended is no error.
pub(crate) fn send_signal(signal: &str, id: &str) {
    let mut shell = Command::new("sh");
    let kill = r#"kill -s "$0" -- "$1""#;
    let _ = shell.args(["-c", kill, signal, id]).output();
}

/// Looks every 20 ms until `probe` yields something; panics after `limit`.
#[track_caller]
pub(crate) fn eventually<T>(
    what: &str,
    limit: Duration,
    mut probe: impl FnMut() -> Option<T>,
) -> T {
    let end = Instant::now() + limit;
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(Instant::now() < end, "waited {limit:?} in vain for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A loopback port nobody listens on. Below the range the kernel gives to clients,
/// and never the same twice in one run, so that tests do not meet.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + std::process::id() % 10_000;
    eventually("a free port", Duration::from_secs(5), || {
        let port = u16::try_from(first).unwrap() + NEXT.fetch_add(1, Ordering::Relaxed);
        TcpListener::bind(("127.0.0.1", port)).ok().map(|_| port)
    })
}
