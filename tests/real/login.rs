//! `login` signs the bot in by each way, and says what is wrong where it does not.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use crate::check::with;
use crate::correspondence::{request, until_answered};
use crate::support::{Daemon, Finished, House, Says, Settings, command, eventually, program};

const PATIENCE: Duration = Duration::from_secs(30);

/// A bot that logs in with tokens, had so.
fn configure(house: &House, grant: &str) -> PathBuf {
    let config = house.configure(Settings {
        oauth: Some(""),
        ..Settings::default()
    });
    let [device, authorize] = ["device", "authorize"].map(|path| house.tokens().url(path));
    let section = format!(
        "grant = \"{grant}\"\ndevice_url = \"{device}\"\nauthorization_url = \"{authorize}\"\n"
    );
    let text = fs::read_to_string(&config).unwrap();
    // The numbers of its refusals are read.
    let microsoft = "kind = \"microsoft\"\ntenant = \"example.org\"";
    let text = text.replace("kind = \"other\"", microsoft);
    fs::write(&config, text + &section).unwrap();
    config
}

/// A command that somebody talks with.
struct Talk {
    child: Child,
    errors: BufReader<ChildStderr>,
    said: String,
}

impl Talk {
    fn start(mut command: Command) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let errors = BufReader::new(child.stderr.take().unwrap());
        Self {
            child,
            errors,
            said: String::new(),
        }
    }

    /// The first line that holds these words.
    #[track_caller]
    fn until(&mut self, words: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.errors.read_line(&mut line).unwrap();
            assert!(read > 0, "{words} is not in {}", self.said);
            self.said.push_str(&line);
            if line.contains(words) {
                return line.trim().to_owned();
            }
        }
    }

    fn types(&mut self, line: &str) {
        writeln!(self.child.stdin.as_ref().unwrap(), "{line}").unwrap();
    }

    fn ended(mut self) -> Finished {
        drop(self.child.stdin.take());
        self.errors.read_to_string(&mut self.said).unwrap();
        let output = self.child.wait_with_output().unwrap();
        Finished {
            code: output.status.code().unwrap(),
            output: String::from_utf8(output.stdout).unwrap(),
            errors: self.said,
        }
    }
}

#[track_caller]
fn succeeded(done: &Finished) {
    assert_eq!(done.code, 0, "{}{}", done.output, done.errors);
    assert!(
        done.output.starts_with("✓ Anmeldung: gelungen\n"),
        "{}",
        done.output
    );
    for words in ["✓ Postfach: angemeldet", "✓ Mailserver: angemeldet"] {
        assert!(done.output.contains(words), "{}", done.output);
    }
}

fn is_signed_in(config: &Path) -> bool {
    let check = program(config, &["check", "--offline"]);
    check.output.contains("✓ Token, Anmeldung: ")
}

#[test]
fn a_code_is_shown_and_waited_for_and_the_running_service_goes_on() {
    let house = House::with_tokens("xoauth2 oauthbearer");
    let config = configure(&house, "device_code");
    let daemon = Daemon::run(&config, &mut command(&config, &["serve"]));
    eventually("that nobody has signed in", PATIENCE, || {
        let said = daemon.errors();
        said.contains("error.kind=\"oauth-signin\"").then_some(())
    });
    house.dovecot.drop_in("antrag", "eins", &request("eins"));
    let mut login = Talk::start(command(&config, &["login"]));
    assert_eq!(login.until("https://"), "https://login.example.org/device");
    login.until("WDJB-MJHT");
    login.until("als antrag@example.org");
    house
        .tokens()
        .say(Says::Error(400, "slow_down", "Not so fast."));
    eventually("a question too early", PATIENCE, || {
        (house.tokens().count() > 1).then_some(())
    });
    house.tokens().decide(true);
    let done = login.ended();
    succeeded(&done);
    assert!(done.output.contains("nimmt das von selbst auf"));
    let store = fs::metadata(house.path("oauth.json")).unwrap();
    assert_eq!(store.mode() & 0o777, 0o600);
    until_answered(&house, 1);
    daemon.stop();
}

#[test]
fn whoever_says_no_or_nothing_is_told_how_to_go_on() {
    let house = House::with_tokens("xoauth2");
    let config = configure(&house, "device_code");
    house.tokens().decide(false);
    let expired = Says::Error(400, "expired_token", "");
    let forbidden = Says::Error(
        400,
        "invalid_grant",
        "AADSTS53003: Access has been blocked by Conditional Access policies.",
    );
    let wrong = Says::Error(
        401,
        "invalid_client",
        "AADSTS7000215: Invalid client secret provided.",
    );
    for (says, code, words, remedy) in [
        (None, 69, "wurde nicht zugestimmt", "stimmen Sie zu"),
        (
            Some(expired),
            69,
            "die Zeit für die Anmeldung",
            "noch einmal",
        ),
        (Some(Says::Page), 69, "mit einer Webseite", "token_url"),
        (Some(forbidden), 69, "(AADSTS53003)", "Administrator"),
        (Some(wrong), 69, "(AADSTS7000215)", "der Wert"),
    ] {
        if let Some(says) = says {
            house.tokens().say(says);
        }
        let done = program(&config, &["login"]);
        assert_eq!(done.code, code, "{words}: {}", done.output);
        let (found, advice) = done.output.split_once("\n  → ").unwrap();
        assert!(found.starts_with("✗ Anmeldung: "), "{found}");
        assert!(found.contains(words), "{words} is not in {found}");
        assert!(advice.contains(remedy), "{remedy} is not in {advice}");
    }
    assert!(!is_signed_in(&config));
    assert!(!house.path("oauth.json").exists());
}

#[test]
fn the_address_where_the_browser_ended_is_pasted() {
    let house = House::with_tokens("oauthbearer");
    let config = configure(&house, "authorization_code");
    let mut earlier = Talk::start(command(&config, &["login"]));
    let earlier = house.tokens().browse(&earlier.until("https://"));
    let mut login = Talk::start(command(&config, &["login"]));
    let address = login.until("https://");
    let landed = house.tokens().browse(&address);
    login.until("http://localhost");
    login.types("https://login.example.org/authorize");
    login.until("Das geht nicht: das ist keine Adresse, bei der eine Anmeldung endet; ");
    login.types(&earlier);
    login.until("Das geht nicht: diese Adresse gehört zu einer anderen Anmeldung; ");
    login.types(&landed);
    let done = login.ended();
    succeeded(&done);
    assert!(is_signed_in(&config));
    // Nobody pastes anything.
    let done = Talk::start(command(&config, &["login"])).ended();
    assert_eq!(done.code, 64, "{}", done.errors);
    assert!(is_signed_in(&config), "the earlier one stays");
    // Something else is in the way of the code.
    let mut login = Talk::start(command(&config, &["login"]));
    let address = login.until("https://");
    house.tokens().say(Says::Error(400, "invalid_grant", ""));
    login.types(&house.tokens().browse(&address));
    assert_eq!(login.ended().code, 69);
}

#[test]
fn a_token_may_be_brought_along() {
    let house = House::with_tokens("xoauth2 oauthbearer");
    let config = configure(&house, "authorization_code");
    let file = house.path("token");
    fs::write(&file, house.tokens().refresh_token() + "\n").unwrap();
    let path = file.to_string_lossy();
    let done = program(&config, &["login", "--refresh-token-file", &path]);
    succeeded(&done);
    house.tokens().revoke_refresh();
    let done = program(&config, &["login", "--refresh-token-file", &path]);
    assert_eq!(done.code, 69, "{}", done.output);
    assert!(done.output.contains("gilt nicht mehr"), "{}", done.output);
    let mut login = Talk::start(command(&config, &["login", "--refresh-token-file", "-"]));
    login.types(&house.tokens().refresh_token());
    succeeded(&login.ended());
    for (content, code) in [("", 66), ("zwei Wörter\n", 65)] {
        fs::write(&file, content).unwrap();
        let done = program(&config, &["login", "--refresh-token-file", &path]);
        assert_eq!(done.code, code, "{content}: {}{}", done.output, done.errors);
    }
}

#[test]
fn whoever_has_a_secret_needs_no_sign_in() {
    let house = House::with_tokens("xoauth2");
    let config = configure(&house, "client_credentials");
    let done = program(&config, &["login"]);
    assert_eq!(done.code, 0, "{}{}", done.output, done.errors);
    assert!(done.output.contains("meldet sich niemand an"));
    assert!(
        done.output.contains("✓ Token: localhost"),
        "{}",
        done.output
    );
    let done = program(&config, &["login", "--refresh-token-file", "token"]);
    assert_eq!(done.code, 64, "{}", done.errors);
    house.tokens().set_secret(Some("ein anderes"));
    let done = program(&config, &["login"]);
    assert_eq!(done.code, 69, "{}", done.output);
    assert!(done.output.contains("✗ Token: "), "{}", done.output);
    // And who has a password needs none either.
    let config = house.configure(Settings::default());
    let done = program(&config, &["login"]);
    assert_eq!(done.code, 78, "{}", done.errors);
    assert!(done.errors.contains("[oauth]"), "{}", done.errors);
}

#[test]
fn what_root_signs_in_for_is_the_services() {
    const NOBODY: u32 = 65_534;
    let house = House::with_tokens("xoauth2");
    let config = configure(&house, "device_code");
    with(&config, "sqlite:log.db", "sqlite:state/log.db");
    fs::create_dir(house.path("state")).unwrap();
    chown(house.path("state"), Some(NOBODY), Some(NOBODY)).unwrap();
    house.tokens().decide(true);
    // A shell that lets nobody read what is made in it does not keep the service from its tokens.
    let login = command(&config, &["login"]);
    let mut shell = Command::new("sh");
    shell.args(["-c", "umask 777; exec \"$0\" \"$@\""]);
    shell.arg(login.get_program()).args(login.get_args());
    succeeded(&Talk::start(shell).ended());
    let left: Vec<_> = fs::read_dir(house.path("state"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name(), entry.metadata().unwrap()))
        .map(|(name, it)| (name, it.uid(), it.mode() & 0o777))
        .collect();
    assert_eq!(left, [("oauth.json".into(), NOBODY, 0o600)]);
    let check = program(&config, &["check"]);
    assert_eq!(check.code, 0, "{}", check.output);
}
