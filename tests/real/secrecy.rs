//! What nobody but its owner may read: persons in event lines, passwords anywhere, files of the service.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::correspondence::{until_answered, until_rows};
use crate::support::{Daemon, House, Settings, command, eventually};

const PATIENCE: Duration = Duration::from_secs(60);
/// A password no text holds by chance.
const SECRET: &str = "Waldmeister-4711";
/// The user that owns nothing.
const NOBODY: u32 = 65_534;

/// A mail of somebody who is nowhere else, with HTML beside its text.
fn strange(id: &str, from: &str) -> Vec<u8> {
    format!(
        "From: Wolpertinger Rauhnacht <{from}>\r\nTo: antrag@example.org\r\n\
         Subject: Rauhnacht und Perchten\r\nMessage-ID: <rauhnacht-{id}@example.org>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=grenze\r\n\r\n\
         --grenze\r\nContent-Type: text/plain\r\n\r\nKommune: Stadt Wunsiedel\r\n\
         Beirat: Rauhnachtbeirat\r\nTelefon 0815/perchten\r\n\
         --grenze\r\nContent-Type: text/html\r\n\r\n<p title='perchten'>Rauhnacht &unbekannt; <b\r\n\
         --grenze--\r\n"
    )
    .into_bytes()
}

#[test]
fn no_event_line_names_anybody_or_quotes_anything() {
    let house = House::start();
    let config = house.configure(Settings::default());
    let trace = |config: &Path| {
        let mut command = command(config, &["serve"]);
        command.env(
            "RUST_LOG",
            "trace,sqlx=trace,html5ever=trace,async_imap=trace",
        );
        Daemon::run(config, &mut command)
    };
    let daemon = trace(&config);
    let submitted = strange("eins", "anna@example.org");
    house.dovecot.drop_in("antrag", "eins", &submitted);
    // Postfix refuses the reply to nobody, quoting the address.
    let refused = strange("zwei", "rauhnacht.wolpertinger@example.org");
    house.dovecot.drop_in("antrag", "zwei", &refused);
    until_answered(&house, 1);
    until_rows(&config, 1, |row| row["state"] == "failed");
    let mut said = daemon.errors();
    daemon.stop();
    assert!(said.contains("reply given up"), "{said}");
    assert!(said.contains("error.kind=\"refused-for-good\""), "{said}");

    // Dovecot and Postfix refuse logins in words of their own.
    let text = fs::read_to_string(&config).unwrap();
    let text = text.replace("username = \"antrag@", "username = \"rauhnacht@");
    fs::write(
        &config,
        text.replace("\"geheim\"", &format!("\"{SECRET}\"")),
    )
    .unwrap();
    fs::write(house.path("kennwort"), SECRET).unwrap();
    let daemon = trace(&config);
    eventually("a refused login", PATIENCE, || {
        daemon
            .errors()
            .contains("error.kind=\"login\"")
            .then_some(())
    });
    said += &daemon.errors();
    daemon.kill();
    assert!(said.contains("TRACE") || said.contains("DEBUG") || said.contains("INFO"));
    let said = said.to_lowercase();
    for word in [
        "rauhnacht",
        "wolpertinger",
        "perchten",
        "wunsiedel",
        "anna",
        "@",
        "waldmeister",
        "recipient",
    ] {
        let line = said.lines().find(|line| line.contains(word));
        assert_eq!(line, None, "{word}");
    }
}

#[test]
fn a_password_is_nowhere_to_be_read() {
    let house = House::start();
    let config = house.configure(Settings::default());
    let sound = fs::read_to_string(&config).unwrap();
    fs::write(house.path("kennwort"), format!("{SECRET}\n")).unwrap();
    let script = house.path("kennwort.sh");
    let text = format!(
        "#!/bin/sh\ntr '\\0' '\\n' </proc/self/environ >'{}'\necho {SECRET} | tee /dev/stderr\n",
        house.path("umgebung").display()
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    let by_command = format!("password_command = [\"{}\"]", script.display());
    let plain = format!("password = \"{SECRET}\"");
    let file = "password_file = \"kennwort\"";
    let ways = [plain.as_str(), file, &by_command];
    // Told as it should be, and misspelt in every way.
    let faults = [
        format!("passwort = \"{SECRET}\""),
        format!("password = \"{SECRET}"),
        format!("password = {SECRET}"),
        format!("password = \"{SECRET}\"\npassword = \"{SECRET}\""),
        format!("password = [\"{SECRET}\"]"),
        format!("{plain}\n{file}"),
    ];
    let ways = ways.iter().map(|way| (*way, true));
    let faults = faults.iter().map(|way| (way.as_str(), false));
    for (way, is_sound) in ways.chain(faults) {
        let text = sound
            .replace(file, way)
            .replace("password = \"geheim\"", way);
        fs::write(&config, text).unwrap();
        for arguments in [
            &["check"][..],
            &["check", "--json"],
            &["check", "--offline"],
            &["log", "list"],
            &["template", "list"],
        ] {
            let mut command = command(&config, arguments);
            let output = command.env("RUST_LOG", "trace").output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(!said.contains(SECRET), "{way}: {arguments:?}: {said}");
        }
        if !is_sound {
            continue;
        }
        let mut command = command(&config, &["serve"]);
        let daemon = Daemon::run(&config, command.env("RUST_LOG", "trace"));
        eventually("a refused login", PATIENCE, || {
            daemon
                .errors()
                .contains("error.kind=\"login\"")
                .then_some(())
        });
        for name in ["cmdline", "environ"] {
            let shown = fs::read(format!("/proc/{}/{name}", daemon.id())).unwrap();
            assert!(
                !String::from_utf8_lossy(&shown).contains(SECRET),
                "{way}: {name}"
            );
        }
        assert!(
            !daemon.errors().contains(SECRET),
            "{way}: {}",
            daemon.errors()
        );
        daemon.kill();
    }
    let environment = fs::read_to_string(house.path("umgebung")).unwrap();
    assert!(!environment.contains(SECRET), "{environment}");
}

/// A folder of the service, which is not root, with a copy of the program it can start.
fn property_of_nobody() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for maildir in ["in", "out"] {
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(path(maildir).join(part)).unwrap();
            chown(path(maildir).join(part), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        chown(path(maildir), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    fs::write(path("antragsbote.toml"), crate::case::CONFIG).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_antragsbote"), path("antragsbote")).unwrap();
    chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    folder
}

/// Runs a command on this input: its exit code, and what it said.
fn feed(command: &mut Command, input: &[u8]) -> (i32, String) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    // Who does not read its input closes it.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(said).unwrap(),
    )
}

#[test]
fn what_root_makes_belongs_to_the_service_and_is_read_by_nobody_else() {
    let folder = property_of_nobody();
    let path = |name: &str| folder.path().join(name);
    let config = path("antragsbote.toml");
    let run = |arguments: &[&str], input: &[u8]| {
        // The most careless of masks.
        let mut shell = Command::new("sh");
        shell.args(["-c", "umask 000; exec \"$@\"", "sh"]);
        shell
            .arg(path("antragsbote"))
            .env("ANTRAGSBOTE_CONFIG", &config);
        shell.args(arguments).current_dir(folder.path());
        feed(&mut shell, input)
    };
    assert_eq!(run(&["check"], b"").0, 0);
    let mut serve = command(&config, &["serve"]);
    let daemon = Daemon::run(&config, &mut serve);
    eventually("the first look of root", PATIENCE, || {
        daemon.errors().contains("ready").then_some(())
    });
    assert_eq!(daemon.errors().matches("running as root").count(), 1);
    daemon.stop();
    for arguments in [
        &["log", "list"][..],
        &["log", "stats"],
        &["log", "forget", "niemand@example.org"],
        &["check"],
    ] {
        let said = run(arguments, b"");
        assert_eq!(said.0, 0, "{arguments:?}: {said:?}");
    }
    fs::create_dir(path("neu")).unwrap();
    chown(path("neu"), Some(NOBODY), Some(NOBODY)).unwrap();
    let setup = "--config neu/bote.toml setup --offline --address antrag@example.org \
        --imap-host mail.example.org --smtp-host mail.example.org --username bote \
        --password-file - --admin= --archive=";
    let said = run(&setup.split_whitespace().collect::<Vec<_>>(), b"geheim\n");
    assert_eq!(said.0, 0, "{said:?}");
    for (name, mode, may_be_gone) in [
        ("log.db", 0o600, false),
        ("log.db-wal", 0o600, true),
        ("log.db-shm", 0o600, true),
        ("neu/credentials", 0o700, false),
        ("neu/credentials/mailbox", 0o600, false),
        ("neu/credentials/outbound", 0o600, false),
    ] {
        match fs::metadata(path(name)) {
            Ok(file) => {
                assert_eq!(file.uid(), NOBODY, "{name}");
                assert_eq!(file.permissions().mode() & 0o777, mode, "{name}");
            }
            Err(error) => assert!(may_be_gone, "{name}: {error}"),
        }
    }
    let mut serve = Command::new("sh");
    serve.args(["-c", "umask 000; exec \"$@\"", "sh"]);
    serve
        .arg(path("antragsbote"))
        .arg("--config")
        .arg(&config)
        .arg("serve");
    let daemon = Daemon::run(&config, serve.uid(NOBODY).gid(NOBODY));
    eventually("the first look", PATIENCE, || {
        daemon.errors().contains("ready").then_some(())
    });
    assert!(!daemon.errors().contains("root"), "{}", daemon.errors());
    // No core dump, and a process that cannot be dumped belongs to root in /proc.
    let process = format!("/proc/{}", daemon.id());
    let limits = fs::read_to_string(format!("{process}/limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let core: Vec<&str> = core.unwrap().split_whitespace().skip(4).take(2).collect();
    assert_eq!(core, ["0", "0"]);
    assert_eq!(fs::metadata(format!("{process}/environ")).unwrap().uid(), 0);
    let said = run(&["deliver"], &strange("drei", "anna@example.org"));
    assert_eq!(said.0, 0, "{said:?}");
    eventually("the reply", PATIENCE, || {
        (fs::read_dir(path("out/new")).unwrap().count() == 1).then_some(())
    });
    for name in ["log.db", "log.db-wal", "log.db-shm", "log.db-lock"] {
        let file = fs::metadata(path(name)).unwrap();
        assert_eq!(
            (file.uid(), file.permissions().mode() & 0o777),
            (NOBODY, 0o600),
            "{name}"
        );
    }
    daemon.stop();
}
