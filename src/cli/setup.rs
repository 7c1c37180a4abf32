//! `setup`: asks what matters, tests it, writes the configuration.

use std::fs::OpenOptions;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::exit::{Class, Failure};
use super::{Settings, block_on, check, confine, print};
use crate::config::{Config, Surroundings};
use crate::secret::Secret;
use crate::{mailbox, outbound};

/// Every key with its default and meaning: what is asked is put in there.
const SAMPLE: &str = include_str!("../../config/antragsbote.toml");
/// The password's file, beside the configuration.
const PASSWORD_FILE: &str = "antragsbote.passwort";
/// The log beside the configuration, where the machine has no folder for it.
const LOG: &str = "sqlite:antragsbote.db";

/// What `setup` is asked; what is not given it asks back.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Adresse, an die Anfragen gehen
    #[arg(long, value_name = "ADRESSE")]
    address: Option<String>,
    /// IMAP-Server (TLS, Port 993)
    #[arg(long, value_name = "SERVER")]
    imap_host: Option<String>,
    /// Mailserver für Antworten (STARTTLS, Port 587)
    #[arg(long, value_name = "SERVER")]
    smtp_host: Option<String>,
    /// Anmeldename bei beiden
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// Datei mit dem Passwort; ohne Angabe wird es erfragt und in eine solche geschrieben
    #[arg(long, value_name = "DATEI")]
    password_file: Option<PathBuf>,
    /// Schreibt, ohne die Anmeldung zu prüfen
    #[arg(long)]
    offline: bool,
}

/// All that was asked.
struct Answers {
    address: String,
    imap_host: String,
    smtp_host: String,
    username: String,
    password: Password,
}

enum Password {
    /// lies in this file already
    File(PathBuf),
    /// was typed
    Typed(String),
}

/// Asks, tests, writes.
pub(super) fn run(settings: &Settings, args: &Args) -> Result<(), Failure> {
    let file = settings
        .explicit
        .clone()
        .unwrap_or_else(|| "antragsbote.toml".into());
    if file.exists() {
        return Err(Failure::say(
            Class::CantCreate,
            format!("{} gibt es schon", file.display()),
        )
        .hint("benennen Sie die Datei um, oder nennen Sie mit --config eine andere"));
    }
    let answers = ask(args)?;
    let mut text = compose(&answers);
    let mut config = checked(&file, &text)?;
    if !config.log.path.parent().is_some_and(Path::is_dir) {
        text = set(&text, "log", "url", LOG);
    }
    if let Password::Typed(password) = &answers.password {
        lend(&mut config, password);
    }
    if !args.offline {
        test(&config)?;
    }
    if let Password::Typed(password) = &answers.password {
        write_new(
            &file.with_file_name(PASSWORD_FILE),
            0o600,
            &format!("{password}\n"),
        )?;
    }
    write_new(&file, 0o644, &text)?;
    let file = file.display();
    print(format!(
        "{file} ist geschrieben.\nWeiter mit: antragsbote --config {file} serve\n"
    ))
}

fn ask(args: &Args) -> Result<Answers, Failure> {
    let address = answer(
        args.address.as_ref(),
        "--address",
        "Adresse, an die Anfragen gehen",
        None,
    )?;
    let domain = address.rsplit('@').next().unwrap_or_default();
    let usual = format!("mail.{domain}");
    let imap_host = answer(
        args.imap_host.as_ref(),
        "--imap-host",
        "IMAP-Server",
        Some(&usual),
    )?;
    let smtp_host = answer(
        args.smtp_host.as_ref(),
        "--smtp-host",
        "Mailserver für Antworten",
        Some(&imap_host),
    )?;
    let username = answer(
        args.username.as_ref(),
        "--username",
        "Anmeldename",
        Some(&address),
    )?;
    let password = match &args.password_file {
        Some(file) => Password::File(std::path::absolute(file).unwrap_or_else(|_| file.clone())),
        None => Password::Typed(password()?),
    };
    Ok(Answers {
        address,
        imap_host,
        smtp_host,
        username,
        password,
    })
}

/// The option, else what is typed, else what is usual.
fn answer(
    option: Option<&String>,
    name: &str,
    question: &str,
    usual: Option<&str>,
) -> Result<String, Failure> {
    if let Some(given) = option {
        return Ok(given.clone());
    }
    let offer = usual.map(|usual| format!(" [{usual}]")).unwrap_or_default();
    let mut err = io::stderr();
    let _ = write!(err, "{question}{offer}: ").and_then(|()| err.flush());
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    let typed = line.trim();
    match (read, typed.is_empty(), usual) {
        (Ok(1..), true, Some(usual)) => Ok(usual.to_owned()),
        (Ok(_), false, _) => Ok(typed.to_owned()),
        _ => Err(
            Failure::say(Class::Usage, format!("keine Antwort auf: {question}"))
                .hint(format!("geben Sie sie mit {name}")),
        ),
    }
}

/// A password, not shown where somebody might look on.
fn password() -> Result<String, Failure> {
    let question = "Passwort";
    let typed = if io::stdin().is_terminal() {
        rpassword::prompt_password(format!("{question}: ")).unwrap_or_default()
    } else {
        let mut line = String::new();
        let _ = io::stdin().lock().read_line(&mut line);
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    if typed.is_empty() {
        return Err(
            Failure::say(Class::Usage, format!("keine Antwort auf: {question}"))
                .hint("geben Sie es mit --password-file DATEI"),
        );
    }
    Ok(typed)
}

/// The text of the configuration.
fn compose(answers: &Answers) -> String {
    let password = match &answers.password {
        Password::File(path) => path.to_string_lossy(),
        Password::Typed(_) => PASSWORD_FILE.into(),
    };
    [
        ("bot", "address", answers.address.as_str()),
        ("mailbox", "host", &answers.imap_host),
        ("mailbox", "username", &answers.username),
        ("mailbox", "password_file", &password),
        ("outbound", "host", &answers.smtp_host),
        ("outbound", "username", &answers.username),
        ("outbound", "password_file", &password),
    ]
    .iter()
    .fold(SAMPLE.to_owned(), |text, (section, key, value)| {
        set(&text, section, key, value)
    })
}

/// The text with this value for a key, whether the key had one or was commented out.
fn set(text: &str, section: &str, key: &str, value: &str) -> String {
    let header = format!("[{section}]");
    let given = format!("{key} = ");
    let mut inside = false;
    let line = |line: &str| {
        if line.starts_with('[') {
            inside = line == header;
        }
        if inside && line.trim_start_matches('#').starts_with(&given) {
            format!("{given}{}\n", toml::Value::from(value))
        } else {
            format!("{line}\n")
        }
    };
    text.lines().map(line).collect()
}

/// Puts the typed password where its file will be.
fn lend(config: &mut Config, password: &str) {
    let secret = || Secret::Plain(password.to_owned());
    if let mailbox::Config::Imap(imap) = &mut config.mailbox {
        imap.password = secret();
    }
    if let outbound::Config::Smtp(smtp) = &mut config.outbound {
        smtp.password = Some(secret());
    }
}

fn checked(file: &Path, text: &str) -> Result<Config, Failure> {
    Config::check(text, &Surroundings::of(file)).map_err(|problems| {
        let reasons: Vec<_> = problems
            .iter()
            .map(|problem| problem.message.as_str())
            .collect();
        let hints: Vec<_> = problems
            .iter()
            .map(|problem| problem.hint.as_str())
            .collect();
        Failure::say(Class::Data, reasons.join("; ")).hint(hints.join("; "))
    })
}

fn test(config: &Config) -> Result<(), Failure> {
    let findings = block_on(async { Ok::<_, Failure>(check::peers(config).await) })?;
    let _ = io::stderr().write_all(check::as_lines(&findings).as_bytes());
    if findings.iter().all(check::Finding::is_sound) {
        return Ok(());
    }
    Err(Failure::say(
        Class::Unavailable,
        "die Anmeldung ist fehlgeschlagen, geschrieben wurde nichts",
    )
    .hint("mit --offline wird ohne Prüfung geschrieben"))
}

/// Writes a file that must not exist yet.
fn write_new(path: &Path, mode: u32, text: &str) -> Result<(), Failure> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| confine::give_away(path))
        .map_err(|error| {
            let message = format!("{} kann nicht geschrieben werden", path.display());
            Failure::new(
                Class::CantCreate,
                anyhow::Error::new(error).context(message),
            )
        })
}
