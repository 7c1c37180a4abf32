//! The built program: its daemon, and its other commands.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::process::{Process, eventually};

/// `antragsbote serve`; killed with this value unless it was stopped.
#[derive(Debug)]
pub(crate) struct Daemon {
    process: Process,
    output: PathBuf,
}

/// What a command that has ended left behind.
#[derive(Debug)]
pub(crate) struct Finished {
    /// exit code
    pub(crate) code: i32,
    /// standard output
    pub(crate) output: String,
    /// standard error
    pub(crate) errors: String,
}

impl Daemon {
    /// Starts the daemon and waits until it has looked at its mailbox.
    pub(crate) fn start(config: &Path) -> Self {
        Self::start_with(config, &[])
    }

    /// As [`Daemon::start`], with these variables in its environment.
    pub(crate) fn start_with(config: &Path, environment: &[(&str, &str)]) -> Self {
        let mut command = command(config, &["serve"]);
        command.envs(environment.iter().copied());
        Self::run(config, &mut command).ready()
    }

    /// As [`Daemon::start`], with these settings for DNS in place of /etc/resolv.conf; root only.
    pub(crate) fn start_with_dns(config: &Path, resolv_conf: &Path) -> Self {
        let serve = command(config, &["serve"]);
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c"]);
        command.arg(r#"mount --bind "$0" /etc/resolv.conf && exec "$@""#);
        command.arg(resolv_conf).arg(serve.get_program());
        command.args(serve.get_args());
        command.stdin(Stdio::null()).env_remove("RUST_LOG");
        Self::run(config, &mut command).ready()
    }

    /// Waits until it has looked at its mailbox.
    pub(crate) fn ready(mut self) -> Self {
        let what = "the daemon's first look";
        eventually(what, Duration::from_secs(30), || {
            assert_eq!(self.process.ended(), None, "the daemon has ended");
            self.errors().contains("ready").then_some(())
        });
        self
    }

    /// Starts a [`command`] that serves, in whatever way, and waits for nothing.
    pub(crate) fn run(config: &Path, command: &mut Command) -> Self {
        let output = config.with_file_name("daemon.txt");
        let errors = File::create(&output).unwrap();
        command.stdout(Stdio::null()).stderr(errors);
        Self {
            process: Process::start("antragsbote serve", command),
            output,
        }
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: &str) {
        self.process.signal(signal);
    }

    /// Has it take up changed settings.
    pub(crate) fn reload(&self) {
        self.process.signal("HUP");
    }

    /// Stops it as systemd does: within five seconds everything is on disk and the process has ended well.
    pub(crate) fn stop(mut self) {
        assert!(self.process.ended().is_none(), "the daemon ended by itself");
        self.process.signal("TERM");
        let status = self.process.wait(Duration::from_secs(5));
        assert_eq!(status.code(), Some(0), "{}", self.errors());
    }

    /// The most memory it has held so far, in bytes.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let mut lines = status.lines();
        let kibibytes = lines.find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
        kibibytes.unwrap().trim().parse::<u64>().unwrap() * 1024
    }

    /// Kills it without warning, as a power cut does.
    pub(crate) fn kill(mut self) {
        self.process.signal("KILL");
        self.process.wait(Duration::from_secs(5));
    }

    /// Whether it has stopped itself: each of its threads stands.
    pub(crate) fn stands(&self) -> bool {
        let threads = fs::read_dir(format!("/proc/{}/task", self.process.id())).unwrap();
        let mut states = threads.map(|thread| {
            let stat = thread.unwrap().path().join("stat");
            // One that has ended meanwhile does not run either.
            let stat = fs::read_to_string(stat).unwrap_or_default();
            let state = stat
                .rsplit_once(") ")
                .and_then(|(_, rest)| rest.chars().next());
            state.unwrap_or('T')
        });
        states.all(|state| state == 'T')
    }

    /// Whether it has ended by itself, or by somebody else.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.process.ended().is_some()
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// The event lines it has written so far.
    pub(crate) fn errors(&self) -> String {
        fs::read_to_string(&self.output).unwrap()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("--- antragsbote serve\n{}", self.errors());
        }
    }
}

/// Runs a command of the program to its end.
pub(crate) fn program(config: &Path, arguments: &[&str]) -> Finished {
    let output = command(config, arguments).output().unwrap();
    Finished {
        code: output.status.code().unwrap(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A command of the program, without an input and with nothing of the test's environment that it listens to.
pub(crate) fn command(config: &Path, arguments: &[&str]) -> Command {
    command_of(env!("CARGO_BIN_EXE_antragsbote"), config, arguments)
}

/// A command of a program built otherwise.
pub(crate) fn command_of(program: impl AsRef<OsStr>, config: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.arg("--config").arg(config).args(arguments);
    command.stdin(Stdio::null()).env_remove("RUST_LOG");
    command
}
