//! `check`: whether everything is ready, and what to do where it is not.

use serde_json::json;

use super::exit::{Class, Failure};
use super::{Settings, block_on, print};
use crate::config::{self, Config};
use crate::log::Log;
use crate::mailbox::Mailbox;
use crate::outbound::Outbound;
use crate::template::{Catalogue, Texts};

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
}

impl Finding {
    /// Whether nothing is wrong.
    pub(super) fn is_sound(&self) -> bool {
        self.result.is_ok()
    }
}

/// What is wrong, and what to do.
#[derive(Debug)]
struct Trouble {
    class: Class,
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
    // Without a sound configuration nothing else counts.
    let classes = || {
        findings
            .iter()
            .filter_map(|finding| finding.result.as_ref().err())
            .map(|trouble| trouble.class)
    };
    let worst = classes()
        .find(|class| *class == Class::Config)
        .or_else(|| classes().next());
    worst.map_or(Ok(()), |class| {
        let count = classes().count();
        let failed = if count == 1 {
            "eine Prüfung ist".to_owned()
        } else {
            format!("{count} Prüfungen sind")
        };
        Err(Failure::say(class, format!("{failed} fehlgeschlagen")))
    })
}

fn look(settings: &Settings, offline: bool) -> Result<Vec<Finding>, Failure> {
    let (config, mut findings) = configuration(settings);
    let Some(config) = config else {
        return Ok(findings);
    };
    findings.push(templates(&config));
    findings.push(register(&config));
    block_on(async {
        findings.push(log(&config).await);
        if !offline {
            findings.extend(peers(&config).await);
        }
        Ok::<_, Failure>(findings)
    })
}

/// Logs in to the mailbox and to the mail server.
pub(super) async fn peers(config: &Config) -> [Finding; 2] {
    let (mailbox, outbound) = tokio::join!(mailbox(config), outbound(config));
    [mailbox, outbound]
}

/// The configuration, if it is sound; each of its problems is a finding.
fn configuration(settings: &Settings) -> (Option<Config>, Vec<Finding>) {
    let subject = "Konfiguration";
    let wrong = |message: String, remedy: &str| {
        let trouble = Trouble {
            class: Class::Config,
            message,
            remedy: remedy.to_owned(),
        };
        Finding {
            subject,
            result: Err(trouble),
        }
    };
    let file = match settings.file() {
        Ok(file) => file,
        Err(failure) => {
            return (
                None,
                vec![wrong(
                    failure.error.to_string(),
                    &failure.hint.unwrap_or_default(),
                )],
            );
        }
    };
    match Config::load(&file) {
        Ok(config) => {
            let finding = Finding {
                subject,
                result: Ok(file.display().to_string()),
            };
            (Some(config), vec![finding])
        }
        Err(config::Error::Unsound { path, problems }) => {
            let finding = |problem: &config::Problem| {
                let place = format!("{}:{}:{}", path.display(), problem.line, problem.column);
                wrong(format!("{place}: {}", problem.message), &problem.hint)
            };
            (None, problems.iter().map(finding).collect())
        }
        Err(error) => (
            None,
            vec![wrong(chain(&error), "prüfen Sie Pfad und Rechte der Datei")],
        ),
    }
}

fn templates(config: &Config) -> Finding {
    let look = || {
        let files = config::load_files(config).map_err(|error| chain(&error))?;
        let faults = |faults: Vec<crate::merge::Fault>| {
            faults
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; ")
        };
        Texts::read(&files).map_err(faults)?;
        let catalogue = Catalogue::read(&files, &config.default_template).map_err(faults)?;
        let offers = catalogue.offers().iter().map(|offer| offer.id.as_str());
        Ok(offers.collect::<Vec<_>>().join(", "))
    };
    finding(
        "Vorlagen",
        Class::Config,
        look(),
        "`antragsbote template check` zeigt die Fehler im Einzelnen",
    )
}

fn register(config: &Config) -> Finding {
    let look = config::load_register(config)
        .map(|register| format!("{} Kommunen", register.kommunen().count()))
        .map_err(|error| chain(&error));
    finding(
        "Register",
        Class::Config,
        look,
        "prüfen Sie den Ordner unter [registry] path, oder streichen Sie die Zeile",
    )
}

/// Opens the log if there is one; does not make it: whoever checks may be root.
async fn log(config: &Config) -> Finding {
    let path = &config.log.path;
    let folder = path.parent().filter(|folder| folder.is_dir());
    let look = match (path.exists(), folder) {
        (true, _) => match Log::open(&config.log).await {
            Ok(log) => {
                log.close().await;
                Ok(path.display().to_string())
            }
            Err(error) => Err(chain(&error)),
        },
        (false, Some(_)) => Ok(format!(
            "{} wird beim ersten Start angelegt",
            path.display()
        )),
        (false, None) => Err(format!("der Ordner von {} fehlt", path.display())),
    };
    finding(
        "Protokoll",
        Class::Config,
        look,
        "legen Sie den Ordner an, oder ändern Sie [log] url",
    )
}

async fn mailbox(config: &Config) -> Finding {
    let look = match Mailbox::open(&config.mailbox).await {
        Ok(mailbox) => {
            let name = mailbox.identity().0.to_owned();
            mailbox.close().await;
            Ok(name)
        }
        Err(error) => Err(chain(&error)),
    };
    finding("Postfach", Class::Unavailable, look, "prüfen Sie [mailbox]")
}

async fn outbound(config: &Config) -> Finding {
    let mut outbound = Outbound::new(&config.outbound);
    let look = outbound.probe().await.map_err(|error| chain(&error));
    outbound.close().await;
    finding(
        "Mailserver",
        Class::Unavailable,
        look.map(|()| "nimmt Mails an".to_owned()),
        "prüfen Sie [outbound]",
    )
}

fn finding(
    subject: &'static str,
    class: Class,
    look: Result<String, String>,
    remedy: &str,
) -> Finding {
    let trouble = |message| Trouble {
        class,
        message,
        remedy: remedy.to_owned(),
    };
    Finding {
        subject,
        result: look.map_err(trouble),
    }
}

/// An error with its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// One line a look; below what is wrong, what to do.
pub(super) fn as_lines(findings: &[Finding]) -> String {
    let line = |finding: &Finding| match &finding.result {
        Ok(detail) => format!("✓ {}: {detail}\n", finding.subject),
        Err(Trouble {
            message, remedy, ..
        }) => {
            format!("✗ {}: {message}\n  → {remedy}\n", finding.subject)
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
            json!({"name": finding.subject, "ok": false, "message": message, "remedy": remedy})
        }
    });
    let ok = findings.iter().all(Finding::is_sound);
    format!(
        "{:#}\n",
        json!({"ok": ok, "checks": checks.collect::<Vec<_>>()})
    )
}
