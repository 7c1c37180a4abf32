//! `setup` on a terminal: what a person types and sees.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use nix::pty::openpty;
use nix::sys::signal::Signal;
use nix::sys::termios::{LocalFlags, tcgetattr};

use crate::program::House;

/// Only a failing test waits as long.
const FAILURE: Duration = Duration::from_secs(60);

/// A program on a terminal of its own.
struct Terminal {
    child: Child,
    master: File,
    screen: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Terminal {
    fn start(command: &Command) -> Self {
        let pty = openpty(None, None).unwrap();
        let slave = |end: &OwnedFd| File::from(end.try_clone().unwrap());
        // Its controlling terminal, so that Ctrl-C and /dev/tty mean this one; tests that run in the
        // background may ignore Ctrl-C, and what they start would, too.
        let child = Command::new("env")
            .args(["--default-signal=INT", "setsid", "--ctty"])
            .arg(command.get_program())
            .args(command.get_args())
            .current_dir(command.get_current_dir().unwrap())
            .stdin(slave(&pty.slave))
            .stdout(slave(&pty.slave))
            .stderr(slave(&pty.slave))
            .spawn()
            .unwrap();
        drop(pty.slave);
        let screen = Arc::new(Mutex::new(Vec::new()));
        let master = File::from(pty.master);
        let (mut output, seen) = (master.try_clone().unwrap(), screen.clone());
        let reader = thread::spawn(move || {
            let mut bytes = [0; 1024];
            // An error is the end: nobody holds the other side any more.
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                seen.lock().unwrap().extend(&bytes[..count]);
            }
        });
        Self {
            child,
            master,
            screen,
            reader: Some(reader),
        }
    }

    fn screen(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().unwrap()).into_owned()
    }

    fn until(&mut self, what: &str, mut reached: impl FnMut(&mut Self) -> bool) {
        let end = Instant::now() + FAILURE;
        while !reached(self) {
            assert!(Instant::now() < end, "no {what}: {}", self.screen());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits for a question.
    fn asked(&mut self, question: &str) {
        self.until(question, |terminal| {
            terminal.screen().trim_end().ends_with(question)
        });
    }

    fn shows_what_is_typed(&self) -> bool {
        let settings = tcgetattr(self.master.as_fd()).unwrap();
        settings.local_flags.contains(LocalFlags::ECHO)
    }

    /// Waits for the question for the password.
    fn asked_in_secret(&mut self) {
        self.asked("Passwort (wird nicht angezeigt):");
        self.until("secrecy", |terminal| !terminal.shows_what_is_typed());
    }

    fn types(&mut self, text: &str) {
        self.master.write_all(text.as_bytes()).unwrap();
    }

    /// How it ended; the screen holds all it said.
    fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        self.until("end", |terminal| {
            status = terminal.child.try_wait().unwrap();
            status.is_some()
        });
        self.reader.take().unwrap().join().unwrap();
        status.unwrap()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn setup(house: &House) -> Terminal {
    Terminal::start(&house.command(&["--config", "bot.toml", "setup", "--offline"]))
}

#[test]
fn a_password_is_not_shown() {
    let house = House::new();
    let mut terminal = setup(&house);
    terminal.asked("Adresse, an die Anfragen gehen:");
    terminal.types("antrag@example.org\n");
    terminal.asked("Stimmt das? [J/n]:");
    terminal.types("\n");
    terminal.asked("Anmeldename [antrag@example.org]:");
    terminal.types("\n");
    terminal.asked_in_secret();
    terminal.types("geheim\n");
    terminal.asked("(leer: keine):");
    assert!(terminal.shows_what_is_typed());
    terminal.types("technik@example.org\n");
    terminal.asked("[Erledigt]:");
    terminal.types("\n");
    let status = terminal.ended();
    let screen = terminal.screen();
    assert!(status.success(), "{screen}");
    assert!(screen.contains("technik@example.org"), "{screen}");
    assert!(!screen.contains("geheim"), "{screen}");
    assert!(!screen.contains('\u{1b}'), "no colours: {screen:?}");
    assert_eq!(house.read("credentials/mailbox"), b"geheim\n");
}

#[test]
fn the_secret_of_a_client_is_not_shown() {
    const APP: &str = "6f1c2d6e-1234-4000-8000-9abcdef01234";
    let house = House::new();
    let setup = [
        "--config",
        "bot.toml",
        "setup",
        "--offline",
        "--oauth",
        "microsoft",
        "--address",
        "antrag@example.org",
        "--admin",
        "",
        "--archive",
        "",
    ];
    let mut terminal = Terminal::start(&house.command(&setup));
    terminal.asked("Welcher Weg? [1]:");
    terminal.types("\n");
    terminal.asked("Verzeichnis-ID (Mandant) [example.org]:");
    terminal.types("\n");
    terminal.asked("Anwendungs-ID (Client):");
    terminal.types(&format!("{APP}\n"));
    terminal.asked("Wert des Geheimnisses (wird nicht angezeigt):");
    terminal.until("secrecy", |terminal| !terminal.shows_what_is_typed());
    terminal.types("Wert~1\n");
    terminal.asked("(leer: unbekannt):");
    assert!(terminal.shows_what_is_typed());
    terminal.types("\n");
    terminal.asked("Weiter mit Enter, sobald das getan ist:");
    terminal.types("\n");
    let status = terminal.ended();
    let screen = terminal.screen();
    assert!(status.success(), "{screen}");
    assert!(!screen.contains("Wert~1"), "{screen}");
    assert_eq!(house.read("credentials/oauth"), b"Wert~1\n");
}

#[test]
fn whoever_breaks_off_finds_the_terminal_and_the_folder_as_they_were() {
    let house = House::new();
    let begin = |house: &House| {
        let mut terminal = setup(house);
        terminal.asked("Adresse, an die Anfragen gehen:");
        terminal
    };
    let until_password = |house: &House| {
        let mut terminal = begin(house);
        terminal.types("antrag@example.org\n\n\n");
        terminal.asked_in_secret();
        terminal
    };
    let interrupted = |mut terminal: Terminal| {
        terminal.types("\u{3}");
        assert_eq!(terminal.ended().signal(), Some(Signal::SIGINT as i32));
        assert!(terminal.shows_what_is_typed());
    };
    interrupted(begin(&house));
    interrupted(until_password(&house));
    for mut terminal in [begin(&house), until_password(&house)] {
        terminal.types("\u{4}");
        assert_eq!(terminal.ended().code(), Some(64));
        assert!(terminal.shows_what_is_typed());
        assert!(
            terminal.screen().contains("geschrieben wurde nichts"),
            "{}",
            terminal.screen()
        );
    }
    assert!(house.path("").read_dir().unwrap().next().is_none());
}
