//! `check`: whether everything is ready, and what to do where it is not.

use std::path::PathBuf;

use serde_json::json;

use super::exit::{Class, Failure};
use super::flaw::Flaw;
use super::remedy::{self, Words, chain};
use super::{Settings, block_on, precaution, print};
use crate::config::{self, Config};
use crate::kommune::Register;
use crate::log::{self, Log};
use crate::mailbox::Mailbox;
use crate::merge::Fault;
use crate::outbound::Outbound;
use crate::policy::Rules;
use crate::template::{Catalogue, Texts};

/// What the findings about the configuration are called.
const CONFIGURATION: &str = "Konfiguration";

/// What `check` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Ohne Anmeldung bei Postfach und Mailserver
    #[arg(long)]
    offline: bool,
    /// Als JSON
    #[arg(long)]
    json: bool,
}

/// What one look found.
#[derive(Debug)]
pub(super) struct Finding {
    /// what was looked at
    subject: &'static str,
    /// what is there, or what is wrong
    result: Result<String, Trouble>,
    /// which setting a server finds fault with
    pub(super) flaw: Option<Flaw>,
}

impl Finding {
    /// Something that works and yet should be otherwise.
    pub(super) fn warning(
        subject: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            subject,
            result: Err(Trouble {
                class: None,
                message: message.into(),
                remedy: remedy.into(),
            }),
            flaw: None,
        }
    }

    /// Whether nothing keeps the service from working.
    pub(super) fn is_sound(&self) -> bool {
        self.failed().is_none()
    }

    fn failed(&self) -> Option<Class> {
        self.result.as_ref().err().and_then(|trouble| trouble.class)
    }
}

/// What is wrong or risky, and what to do.
#[derive(Debug)]
struct Trouble {
    /// how grave; none for a warning
    class: Option<Class>,
    message: String,
    remedy: String,
}

/// Looks at everything, says what it found, and fails if anything is wrong.
pub(super) fn run(settings: &Settings, args: &Args) -> Result<(), Failure> {
    let findings = look(settings, args.offline)?;
    print(if args.json {
        as_json(&findings)
    } else {
        as_lines(&findings)
    })?;
    let classes: Vec<_> = findings.iter().filter_map(Finding::failed).collect();
    let failed = match classes.as_slice() {
        [] => return Ok(()),
        [_] => "eine Prüfung ist fehlgeschlagen".to_owned(),
        all => format!("{} Prüfungen sind fehlgeschlagen", all.len()),
    };
    // What is wrong here weighs more than what is wrong elsewhere.
    let worst = classes
        .iter()
        .find(|class| **class == Class::Config)
        .or(classes.first());
    Err(Failure::say(*worst.unwrap_or(&Class::Unavailable), failed))
}

fn look(settings: &Settings, offline: bool) -> Result<Vec<Finding>, Failure> {
    let (file, config) = match configuration(settings) {
        Ok(sound) => sound,
        Err(findings) => return Ok(findings),
    };
    let precautions = precaution::look(&file, &config);
    let file = Finding {
        subject: CONFIGURATION,
        result: Ok(file.display().to_string()),
        flaw: None,
    };
    let loaded = config::load_register(&config);
    // a faulty register is a finding of its own
    let known = loaded
        .as_ref()
        .map_or_else(|_| Register::built_in(), |own| *own);
    let mut findings = vec![file, templates(&config, known), register(loaded)];
    findings.extend(senders(&config.policy));
    findings.extend(precautions);
    block_on(async {
        findings.push(look_at_log(&config).await);
        if !offline {
            findings.extend(peers(&config).await);
        }
        Ok::<_, Failure>(findings)
    })
}

/// Logs in to the mailbox and to the mail server.
pub(super) async fn peers(config: &Config) -> Vec<Finding> {
    let (mailbox, outbound) = tokio::join!(look_at_mailbox(config), look_at_outbound(config));
    vec![mailbox, outbound]
}

/// The configuration and its file, if it is sound; else each of its problems.
fn configuration(settings: &Settings) -> Result<(PathBuf, Config), Vec<Finding>> {
    let wrong = |message: String, remedy: String| {
        let trouble = Trouble {
            class: Some(Class::Config),
            message,
            remedy,
        };
        Finding {
            subject: CONFIGURATION,
            result: Err(trouble),
            flaw: None,
        }
    };
    let file = settings.file().map_err(|failure| {
        vec![wrong(
            failure.error.to_string(),
            failure.hint.unwrap_or_default(),
        )]
    })?;
    let config = Config::load(&file).map_err(|error| match error {
        config::Error::Unsound { path, problems } => {
            let finding = |problem: config::Problem| {
                let place = format!("{}:{}:{}", path.display(), problem.line, problem.column);
                wrong(format!("{place}: {}", problem.message), problem.hint)
            };
            problems.into_iter().map(finding).collect()
        }
        other => vec![wrong(
            chain(&other),
            "prüfen Sie Pfad und Rechte der Datei".to_owned(),
        )],
    })?;
    Ok((file, config))
}

fn templates(config: &Config, register: &Register) -> Finding {
    let remedy = "`antragsbote template check` zeigt die Fehler im Einzelnen";
    let faults = |faults: Vec<Fault>| {
        let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
        (faults.join("; "), remedy)
    };
    let look = || {
        let files = config::load_files(config).map_err(|error| (chain(&error), remedy))?;
        Texts::read(&files, register).map_err(faults)?;
        let catalogue = Catalogue::read(&files, &config.default_template, register);
        let catalogue = catalogue.map_err(faults)?;
        let offers = catalogue.offers().iter().map(|offer| offer.id.as_str());
        Ok(offers.collect::<Vec<_>>().join(", "))
    };
    finding("Vorlagen", Class::Config, look())
}

fn register(loaded: Result<&Register, config::Error>) -> Finding {
    let remedy = "prüfen Sie den Ordner unter [registry] path, oder streichen Sie die Zeile";
    let look = loaded
        .map(|register| format!("{} Kommunen", register.kommunen().count()))
        .map_err(|error| (chain(&error), remedy));
    finding("Register", Class::Config, look)
}

/// A warning where `allow` keeps nobody out who knows how to write somebody else's address.
fn senders(rules: &Rules) -> Option<Finding> {
    let message = "allow hält niemanden ab: eine Absenderadresse lässt sich fälschen";
    let remedy = "setzen Sie unter [policy] require = \"authenticated\", am besten mit authserv_id";
    let risky = rules.trusts_forgeable_senders();
    risky.then(|| Finding::warning("Absender", message, remedy))
}

/// Opens the log if there is one; does not make it: whoever checks may be root.
async fn look_at_log(config: &Config) -> Finding {
    let path = &config.log.path;
    let folder = path.parent().unwrap_or(path);
    let look = if path.exists() {
        open(&config.log).await.map(|()| path.display().to_string())
    } else if folder.is_dir() {
        Ok(format!(
            "{} wird beim ersten Start angelegt",
            path.display()
        ))
    } else {
        Err(log::Error::NoFolder(folder.to_owned()))
    };
    finding(
        "Protokoll",
        Class::Config,
        look.map_err(|error| remedy::of_log(&error)),
    )
}

async fn open(config: &log::Config) -> Result<(), log::Error> {
    Log::open(config).await?.close().await;
    Ok(())
}

async fn look_at_mailbox(config: &Config) -> Finding {
    let mut flaw = None;
    let look = match Mailbox::open(&config.mailbox).await {
        Ok(mailbox) => {
            let name = mailbox.identity().0.to_owned();
            mailbox.close().await;
            Ok(name)
        }
        Err(error) => {
            flaw = Flaw::of_mailbox(&error);
            Err(remedy::of_mailbox(&error))
        }
    };
    Finding {
        flaw,
        ..finding("Postfach", Class::Unavailable, look)
    }
}

async fn look_at_outbound(config: &Config) -> Finding {
    let mut outbound = Outbound::new(&config.outbound);
    let look = outbound.probe().await;
    outbound.close().await;
    let flaw = look.as_ref().err().and_then(Flaw::of_outbound);
    let look = look
        .map(|()| "bereit".to_owned())
        .map_err(|error| remedy::of_outbound(&error));
    Finding {
        flaw,
        ..finding("Mailserver", Class::Unavailable, look)
    }
}

fn finding(subject: &'static str, class: Class, look: Result<String, Words>) -> Finding {
    let trouble = |(message, remedy): Words| Trouble {
        class: Some(class),
        message,
        remedy: remedy.to_owned(),
    };
    Finding {
        subject,
        result: look.map_err(trouble),
        flaw: None,
    }
}

/// One line a look; below what is wrong or risky, what to do.
pub(super) fn as_lines(findings: &[Finding]) -> String {
    let line = |finding: &Finding| match &finding.result {
        Ok(detail) => format!("✓ {}: {detail}\n", finding.subject),
        Err(Trouble {
            message, remedy, ..
        }) => {
            let sign = if finding.is_sound() { "!" } else { "✗" };
            format!("{sign} {}: {message}\n  → {remedy}\n", finding.subject)
        }
    };
    findings.iter().map(line).collect()
}

fn as_json(findings: &[Finding]) -> String {
    let checks = findings.iter().map(|finding| match &finding.result {
        Ok(detail) => {
            json!({"name": finding.subject, "ok": true, "message": detail, "remedy": null})
        }
        Err(Trouble {
            message, remedy, ..
        }) => {
            let ok = finding.is_sound();
            json!({"name": finding.subject, "ok": ok, "message": message, "remedy": remedy})
        }
    });
    let ok = findings.iter().all(Finding::is_sound);
    format!(
        "{:#}\n",
        json!({"ok": ok, "checks": checks.collect::<Vec<_>>()})
    )
}
