//! What the service manager is told (sd_notify(3)): that the service runs, reloads, stops,
//! how it fares, and that it lives.
//!
//! In: states and a line for people. Out: datagrams to `$NOTIFY_SOCKET`; nothing where no
//! manager asks. Never here: whether the service is well.
//!
//! sd-notify words the states and reads the clock. Its own `notify` would hold up a thread of
//! the runtime for as long as the manager is busy, so the datagrams are sent here.
#![allow(
    clippy::disallowed_methods,
    reason = "the manager says by the environment where it listens"
)]

use std::convert::Infallible;
use std::env;
use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram as StdDatagram};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::net::UnixDatagram;
use tokio::process::Command;
use tokio::time::timeout;

/// Where the manager listens.
const SOCKET: &str = "NOTIFY_SOCKET";

/// What is between the manager and this process alone: a program that is started and holds
/// these could speak for the service, or believe that it is watched.
const OURS: [&str; 3] = [SOCKET, "WATCHDOG_USEC", "WATCHDOG_PID"];

/// How long the manager may be too busy to take a datagram.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two requests for more time, and how much each asks for.
const EXTEND_EVERY: Duration = Duration::from_secs(10);
const EXTEND_BY: Duration = Duration::from_secs(60);
/// More are not made: what takes longer than an hour hangs.
const EXTENSIONS: u32 = 360;

/// Characters of a line for people: what `systemctl status` shows without scrolling.
const LONGEST_STATUS: usize = 300;

/// A program that is started is told nothing of the manager.
pub fn keep_from(command: &mut Command) -> &mut Command {
    OURS.iter()
        .fold(command, |command, name| command.env_remove(name))
}

/// Whoever started this process and watches over it, if anybody does.
#[derive(Debug)]
pub struct Manager {
    socket: Option<UnixDatagram>,
    watchdog: Option<Duration>,
    /// that it cannot be told is said once
    deaf: AtomicBool,
}

impl Manager {
    /// The one that the environment names; inside a runtime.
    pub fn of_environment() -> Self {
        let address = env::var_os(SOCKET).filter(|address| !address.is_empty());
        let connected = address.map(|address| connect(&address)).transpose();
        let deaf = AtomicBool::new(false);
        let socket = connected.unwrap_or_else(|error| {
            tell_once(&deaf, &error);
            None
        });
        Self {
            socket,
            watchdog: sd_notify::watchdog_enabled().filter(|limit| !limit.is_zero()),
            deaf,
        }
    }

    /// Whether anybody listens.
    pub fn listens(&self) -> bool {
        self.socket.is_some()
    }

    /// How long it waits for a [sign of life](Self::alive) before it restarts the service; for
    /// ever if `None`.
    pub fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    /// The service runs.
    pub async fn ready(&self) {
        self.tell(&[NotifyState::Ready]).await;
    }

    /// Files are read anew; [`Manager::ready`] ends it.
    pub async fn reloading(&self) {
        // Managers from 253 on tell by the time which reload this is.
        match NotifyState::monotonic_usec_now() {
            Ok(now) => self.tell(&[NotifyState::Reloading, now]).await,
            Err(error) => tell_once(&self.deaf, &error),
        }
    }

    /// The service stops.
    pub async fn stopping(&self) {
        self.tell(&[NotifyState::Stopping]).await;
    }

    /// How it fares, in a line for people.
    pub async fn status(&self, line: &str) {
        let line: String = line.chars().take(LONGEST_STATUS).collect();
        let line = line.replace(['\r', '\n'], " ");
        self.tell(&[NotifyState::Status(&line)]).await;
    }

    /// A sign of life for the watchdog.
    pub async fn alive(&self) {
        self.tell(&[NotifyState::Watchdog]).await;
    }

    /// Asks for more time while the service starts; a large log takes some to open.
    pub async fn wait_for<T>(&self, start: impl Future<Output = T>) -> T {
        let extending = self.extend(EXTEND_EVERY, EXTENSIONS);
        tokio::select! {
            biased;
            started = start => started,
            never = extending => match never {},
        }
    }

    async fn extend(&self, every: Duration, times: u32) -> Infallible {
        for _ in 0..times {
            tokio::time::sleep(every).await;
            let more = u32::try_from(EXTEND_BY.as_micros()).unwrap_or(u32::MAX);
            self.tell(&[NotifyState::ExtendTimeoutUsec(more)]).await;
        }
        std::future::pending().await
    }

    async fn tell(&self, states: &[NotifyState<'_>]) {
        let Some(socket) = &self.socket else { return };
        let lines: Vec<String> = states.iter().map(ToString::to_string).collect();
        let lines = lines.join("\n");
        let sent = timeout(PATIENCE, socket.send(lines.as_bytes())).await;
        match sent.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            Ok(_) => self.deaf.store(false, Ordering::Relaxed),
            Err(error) => tell_once(&self.deaf, &error),
        }
    }
}

fn tell_once(deaf: &AtomicBool, error: &io::Error) {
    if !deaf.swap(true, Ordering::Relaxed) {
        tracing::warn!(error.kind = "system", error = %error, "the service manager cannot be told");
    }
}

/// A path, or a name in the abstract namespace after `@` (sd_notify(3)).
fn connect(address: &OsStr) -> io::Result<UnixDatagram> {
    let address = match address.as_bytes() {
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name)?,
        _ => SocketAddr::from_pathname(address)?,
    };
    let socket = StdDatagram::unbound()?;
    socket.connect_addr(&address)?;
    socket.set_nonblocking(true)?;
    UnixDatagram::from_std(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A manager, and what it hears.
    fn manager() -> (Manager, StdDatagram) {
        let (socket, heard) = StdDatagram::pair().unwrap();
        for end in [&socket, &heard] {
            end.set_nonblocking(true).unwrap();
        }
        let manager = Manager {
            socket: Some(UnixDatagram::from_std(socket).unwrap()),
            watchdog: None,
            deaf: AtomicBool::new(false),
        };
        (manager, heard)
    }

    fn next(heard: &StdDatagram) -> Option<String> {
        let mut bytes = [0; 1024];
        let length = heard.recv(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes[..length]).into_owned())
    }

    #[tokio::test]
    async fn states_are_worded_as_the_manager_wants_them() {
        let (manager, heard) = manager();
        manager.ready().await;
        manager.status("zwei\nZeilen").await;
        manager.alive().await;
        manager.stopping().await;
        manager.reloading().await;
        for expected in ["READY=1", "STATUS=zwei Zeilen", "WATCHDOG=1", "STOPPING=1"] {
            assert_eq!(next(&heard).as_deref(), Some(expected));
        }
        let reloading = next(&heard).unwrap();
        let (state, time) = reloading.split_once("\nMONOTONIC_USEC=").unwrap();
        assert_eq!(state, "RELOADING=1");
        assert!(time.parse::<u64>().unwrap() > 0);
        assert_eq!(next(&heard), None);
    }

    #[tokio::test]
    async fn more_time_is_asked_for_until_the_start_is_over_but_not_for_ever() {
        let (manager, heard) = manager();
        manager.wait_for(async {}).await;
        assert_eq!(next(&heard), None);
        let more = || next(&heard).as_deref() == Some("EXTEND_TIMEOUT_USEC=60000000");
        let hanging = manager.extend(Duration::from_millis(1), 3);
        let counted = async {
            let mut asked = 0;
            while asked < 3 {
                asked += u32::from(more());
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            never = hanging => match never {},
            () = counted => {}
        }
        assert_eq!(next(&heard), None);
    }

    #[tokio::test]
    async fn abstract_names_are_understood_and_nobody_need_listen() {
        let name = format!("antragsbote-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).unwrap();
        let heard = StdDatagram::bind_addr(&address).unwrap();
        let socket = connect(OsStr::new(&format!("@{name}"))).unwrap();
        socket.send(b"READY=1").await.unwrap();
        let mut bytes = [0; 16];
        assert_eq!(heard.recv(&mut bytes).unwrap(), 7);

        let nobody = Manager {
            socket: None,
            watchdog: None,
            deaf: AtomicBool::new(false),
        };
        nobody.ready().await;
        assert!(!nobody.listens());
    }

    #[tokio::test]
    async fn programs_that_are_started_hear_nothing_of_the_manager() {
        let mut command = Command::new("env");
        for name in OURS {
            command.env(name, "1");
        }
        let said = keep_from(&mut command).output().await.unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        assert!(!OURS.iter().any(|name| said.contains(name)), "{said}");
    }
}
