//! `setup` on real servers: what they do not take is named and asked again, and what they take
//! is all that the service needs.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::alarms::{MAILBOX, hurried, trouble, until_told};
use crate::correspondence::{request, until_answered};
use crate::support::{
    Daemon, Finished, House, PASSWORD, Script, command, eventually, free_port, program,
};

/// Only a failing test waits as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Options by their names; of several the last counts.
struct Options(Vec<(&'static str, String)>);

impl Options {
    /// All there are.
    fn of(house: &House) -> Self {
        let password = house.path("kennwort");
        fs::write(&password, PASSWORD).unwrap();
        Self(vec![
            ("--address", "antrag@example.org".to_owned()),
            ("--imap-host", "localhost".to_owned()),
            ("--imap-port", house.dovecot.imaps_port.to_string()),
            ("--imap-security", "tls".to_owned()),
            ("--smtp-host", "localhost".to_owned()),
            ("--smtp-port", house.postfix.submission_port.to_string()),
            ("--smtp-security", "starttls".to_owned()),
            ("--username", "antrag@example.org".to_owned()),
            ("--password-file", password.to_string_lossy().into_owned()),
            ("--ca-file", house.ca_file.to_string_lossy().into_owned()),
            ("--archive", "Erledigt".to_owned()),
            ("--admin", "verwaltung@example.org".to_owned()),
        ])
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, value.to_string()));
        self
    }

    /// Replies leave without a login.
    fn without_login(self, house: &House) -> Self {
        self.with("--smtp-port", house.postfix.smtp_port)
            .with("--smtp-security", "none")
    }

    fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|(known, _)| !names.contains(known));
        self
    }

    fn arguments(&self) -> Vec<&str> {
        let pairs = self.0.iter().flat_map(|(name, value)| [*name, value]);
        ["setup"].into_iter().chain(pairs).collect()
    }
}

/// Where setup is to write: an empty folder.
pub(crate) fn file(house: &House) -> PathBuf {
    let folder = house.path("bote");
    fs::create_dir_all(&folder).unwrap();
    folder.join("antragsbote.toml")
}

/// Runs setup, with these answers.
fn setup(house: &House, options: &Options, answers: &[&str]) -> Finished {
    feed(command(&file(house), &options.arguments()), &lines(answers))
}

/// Each answer, as it is typed.
pub(crate) fn lines(answers: &[&str]) -> String {
    answers.iter().map(|line| format!("{line}\n")).collect()
}

/// Runs a command that reads this.
pub(crate) fn feed(mut command: Command, input: &str) -> Finished {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who does not read its input closes it: that is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Finished {
        code: output.status.code().unwrap(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The command with this file in the place of another one of the machine's; root only.
pub(crate) fn in_place_of(path: &str, file: &Path, command: &Command) -> Command {
    let mut wrapped = Command::new("unshare");
    wrapped.args(["--mount", "sh", "-c"]);
    wrapped.arg(r#"mount --bind "$0" "$1" && shift && exec "$@""#);
    wrapped.arg(file).arg(path).arg(command.get_program());
    wrapped.args(command.get_args()).env_remove("RUST_LOG");
    wrapped
}

fn is_empty(house: &House) -> bool {
    fs::read_dir(house.path("bote")).unwrap().next().is_none()
}

#[test]
fn after_setup_the_service_answers_and_tells_of_trouble() {
    let mut house = House::start();
    // Dovecot, which will be down, checks logins for Postfix.
    let options = Options::of(&house).without_login(&house);
    let done = setup(&house, &options, &[]);
    assert_eq!(done.code, 0, "{}", done.errors);
    let config = file(&house);
    let check = program(&config, &["check"]);
    assert_eq!(check.code, 0, "{}{}", check.output, check.errors);
    let daemon = hurried(&config);
    house.dovecot.drop_in("antrag", "eins", &request("eins"));
    until_answered(&house, 1);
    let mut imap = house.dovecot.login("antrag");
    eventually("the mail in the archive", PATIENCE, || {
        (imap.messages("Erledigt").len() == 1).then_some(())
    });
    house.dovecot.stop();
    until_told(&house, &[trouble(MAILBOX)]);
    daemon.stop();
}

#[test]
fn a_wrong_password_is_asked_again_and_nothing_else() {
    let house = House::start();
    let options = Options::of(&house).without(&["--password-file"]);
    let done = setup(&house, &options, &["falsch", "", PASSWORD]);
    assert_eq!(done.code, 0, "{}", done.errors);
    assert!(
        done.errors.contains("Name oder Passwort"),
        "{}",
        done.errors
    );
    assert_eq!(
        done.errors.matches("Passwort: ").count(),
        2,
        "{}",
        done.errors
    );
    assert!(!done.errors.contains("Adresse"), "{}", done.errors);
    for secret in ["mailbox", "outbound"] {
        let secret = house.path("bote/credentials").join(secret);
        assert_eq!(fs::read_to_string(secret).unwrap(), format!("{PASSWORD}\n"));
    }
    let daemon = Daemon::start(&file(&house));
    house.dovecot.drop_in("antrag", "eins", &request("eins"));
    until_answered(&house, 1);
    daemon.stop();
}

#[test]
fn three_passwords_are_tried_and_no_fourth() {
    let house = House::start();
    let options = Options::of(&house)
        .without(&["--password-file"])
        .without_login(&house);
    let answers = [
        "falsch",
        "",
        "auch falsch",
        "",
        "noch falscher",
        "",
        PASSWORD,
    ];
    let done = setup(&house, &options, &answers);
    assert_eq!(done.code, 69, "{}", done.errors);
    assert_eq!(
        done.errors.matches("Passwort: ").count(),
        3,
        "{}",
        done.errors
    );
    assert!(is_empty(&house));
}

#[test]
fn a_mail_server_with_other_logins_is_asked_about_alone() {
    let house = House::start();
    let wrong = house.path("falsch");
    fs::write(&wrong, "falsch").unwrap();
    let options = Options::of(&house)
        .without(&["--password-file"])
        .with("--smtp-username", "anna@example.org")
        .with("--smtp-password-file", wrong.display());
    let done = setup(
        &house,
        &options,
        &[PASSWORD, "verwaltung@example.org", PASSWORD],
    );
    assert_eq!(done.code, 0, "{}", done.errors);
    let text = fs::read_to_string(file(&house)).unwrap();
    assert!(
        text.contains("\nusername = \"antrag@example.org\""),
        "{text}"
    );
    assert!(
        text.contains("\nusername = \"verwaltung@example.org\""),
        "{text}"
    );
}

#[test]
fn a_wrong_port_is_asked_again_with_its_security() {
    let house = House::start();
    let closed = free_port();
    let options = Options::of(&house)
        .without(&["--username"])
        .with("--imap-port", closed);
    let right = format!("localhost:{}", house.dovecot.imap_port);
    let done = setup(&house, &options, &["", &right, "STARTTLS"]);
    assert_eq!(done.code, 0, "{}", done.errors);
    assert!(
        done.errors
            .contains(&format!("auf Port {closed} keine Verbindung")),
        "{}",
        done.errors
    );
    let text = fs::read_to_string(file(&house)).unwrap();
    let set = format!("port = {}\n", house.dovecot.imap_port);
    assert!(text.contains(&set), "{text}");
}

#[test]
fn an_authority_of_ones_own_is_asked_for() {
    let house = House::start();
    let options = Options::of(&house).without(&["--ca-file", "--username"]);
    let ca_file = house.ca_file.to_string_lossy();
    let done = setup(&house, &options, &["", "gibt-es-nicht.pem", &ca_file]);
    assert_eq!(done.code, 0, "{}", done.errors);
    let text = fs::read_to_string(file(&house)).unwrap();
    assert_eq!(text.matches(&*ca_file).count(), 2, "{text}");
}

#[test]
fn an_archive_that_cannot_be_is_asked_for_again() {
    let house = House::start();
    let options = Options::of(&house)
        .without(&["--username"])
        .with("--archive", "a//b");
    let done = setup(&house, &options, &["", "Erledigt"]);
    assert_eq!(done.code, 0, "{}", done.errors);
    assert!(done.errors.contains("a//b"), "{}", done.errors);
}

#[test]
fn a_script_is_told_what_is_wrong_and_asked_nothing() {
    let house = House::start();
    let wrong = house.path("falsch");
    fs::write(&wrong, "falsch").unwrap();
    let refusing = Script::play(&[
        "S: 220 mx\nC: EHLO\nS: 250 mx\nC: EHLO\nS: 250 mx\nC: MAIL FROM:<antrag@example.org>\nS: 550 5.7.1 not your address\nC: QUIT\nS: 221 bye",
    ]);
    let options = || Options::of(&house);
    for (options, words) in [
        (
            options().with("--password-file", wrong.display()),
            ["Passwort von antrag@example.org", "→"],
        ),
        (
            options().with("--imap-port", house.dovecot.imap_port),
            ["TLS", "Port"],
        ),
        (
            options()
                .with("--smtp-port", refusing.port)
                .with("--smtp-security", "none"),
            ["not your address", "→"],
        ),
        (options().with("--archive", "a//b"), ["a//b", "archive"]),
    ] {
        let done = setup(&house, &options, &["", "", "", ""]);
        assert_eq!(done.code, 69, "{words:?}: {}", done.errors);
        for word in words {
            assert!(
                done.errors.contains(word),
                "{word} is not in {}",
                done.errors
            );
        }
        assert!(!done.errors.contains(": \n"), "asked: {}", done.errors);
        assert!(is_empty(&house), "{words:?}");
    }
}

#[test]
fn a_certificate_of_another_name_is_named() {
    let house = House::start();
    let hosts = house.path("hosts");
    fs::write(&hosts, "127.0.0.1 localhost mail.example.org\n").unwrap();
    let options = Options::of(&house)
        .without(&["--username"])
        .with("--imap-host", "mail.example.org");
    let right = format!("localhost:{}", house.dovecot.imaps_port);
    let setup = command(&file(&house), &options.arguments());
    let setup = in_place_of("/etc/hosts", &hosts, &setup);
    let done = feed(setup, &format!("\n{right}\ntls\n"));
    assert_eq!(done.code, 0, "{}", done.errors);
    assert!(
        done.errors.contains("lautet auf einen anderen Namen"),
        "{}",
        done.errors
    );
}

#[test]
fn what_root_writes_belongs_to_whom_the_folder_does() {
    let house = House::start();
    let config = file(&house);
    let nobody = 65_534;
    chown(house.path("bote"), Some(nobody), Some(nobody)).unwrap();
    let mut arguments = Options::of(&house).0;
    arguments.push(("--offline", String::new()));
    let options = Options(arguments);
    let mut arguments = options.arguments();
    arguments.pop();
    let done = feed(command(&config, &arguments), "");
    assert_eq!(done.code, 0, "{}", done.errors);
    for name in ["antragsbote.toml", "credentials", "credentials/mailbox"] {
        let data = fs::metadata(house.path("bote").join(name)).unwrap();
        assert_eq!((data.uid(), data.gid()), (nobody, nobody), "{name}");
    }
}

#[test]
fn root_on_a_machine_with_the_package_sets_the_service_up() {
    let house = House::start();
    let etc = house.path("etc");
    fs::create_dir_all(etc.join("antragsbote/templates/brief")).unwrap();
    fs::write(etc.join("antragsbote/antragsbote.toml"), "# Noch leer.\n").unwrap();
    let options = Options::of(&house);
    let mut arguments = options.arguments();
    arguments.push("--offline");
    let mut setup = Command::new(env!("CARGO_BIN_EXE_antragsbote"));
    setup.args(&arguments);
    let done = feed(in_place_of("/etc", &etc, &setup), "");
    assert_eq!(done.code, 0, "{}", done.errors);
    let text = fs::read_to_string(etc.join("antragsbote/antragsbote.toml")).unwrap();
    for line in [
        "\n#url = \"sqlite:/var/lib/antragsbote/log.db\"",
        "\npath = \"templates\"",
        "\n#path = \"register\"",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    for (name, mode) in [
        ("antragsbote.toml", 0o644),
        ("credentials", 0o700),
        ("credentials/mailbox", 0o600),
        ("credentials/outbound", 0o600),
    ] {
        let data = fs::metadata(etc.join("antragsbote").join(name)).unwrap();
        assert_eq!((data.mode() & 0o777, data.uid()), (mode, 0), "{name}");
    }
    assert!(done.output.contains("antragsbote check"), "{}", done.output);
}
