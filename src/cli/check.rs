//! `check`: whether everything is ready, and what to do where it is not.
//!
//! Looks that do not need one another run at once; their lines come in a fixed order, each as
//! soon as those before it are out.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::stream::{FuturesOrdered, StreamExt as _};
use tokio::time::timeout;

use super::exit::{Class, Failure};
use super::{Settings, block_on, print};
use crate::config::{Config, Surroundings};

mod domain;
mod finding;
mod knowledge;
mod machine;
mod mailbox;
mod oauth;
mod outbound;
mod precaution;
mod record;
mod rights;
mod service_user;
mod settings;
mod validity;

use finding::as_json;
pub(super) use finding::{Finding, as_lines};
pub(super) use oauth::refused;

/// How long one look may take: a server that is alive answers all its questions in a few
/// seconds.
const LIMIT: Duration = Duration::from_secs(45);

/// What `check` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Ohne alles, wozu das Netz gebraucht wird: Postfach, Mailserver, DNS
    #[arg(long)]
    offline: bool,
    /// Als JSON
    #[arg(long)]
    json: bool,
}

/// Looks at everything, says what it found, and fails if anything is wrong.
pub(super) fn run(settings: &Settings, args: &Args) -> Result<(), Failure> {
    let mut report = Report {
        settings,
        findings: Vec::new(),
        json: args.json,
    };
    match prepare(settings) {
        Ok((config, findings)) => {
            report.add(findings)?;
            block_on(look(Arc::new(config), args.offline, &mut report))?;
        }
        Err(findings) => report.add(findings)?,
    }
    report.end()
}

/// What was found so far.
struct Report<'a> {
    settings: &'a Settings,
    findings: Vec<Finding>,
    json: bool,
}

impl Report<'_> {
    fn add(&mut self, findings: Vec<Finding>) -> Result<(), Failure> {
        if !self.json {
            print(self.settings.adapt(&as_lines(&findings)))?;
        }
        self.findings.extend(findings);
        Ok(())
    }

    fn end(self) -> Result<(), Failure> {
        if self.json {
            print(self.settings.adapt(&as_json(&self.findings)))?;
        }
        let classes: Vec<_> = self.findings.iter().filter_map(Finding::failed).collect();
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
}

/// The configuration, once this process has no more rights than the service, and what there
/// was to say on the way; else what is wrong with it.
fn prepare(given: &Settings) -> Result<(Config, Vec<Finding>), Vec<Finding>> {
    let (file, mut config) = settings::load(given)?;
    // These look at files that the service itself cannot see.
    let precautions = precaution::look(&file, &config);
    let folder = Surroundings::of(&file).dir;
    let name = folder.join(file.file_name().unwrap_or_default());
    let user = service_user::assume(&folder, &mut config);
    let mut findings = vec![match rights::obstacle(&name, rights::Use::Read) {
        None => Finding::sound(settings::CONFIGURATION, file.display().to_string()),
        Some((message, remedy)) => {
            Finding::wrong(settings::CONFIGURATION, Class::Config, message, remedy)
        }
    }];
    findings.extend(user);
    findings.extend(precautions);
    findings.extend(settings::senders(&config));
    findings.push(settings::admin(&config));
    findings.extend(machine::group(&config));
    Ok((config, findings))
}

/// Everything that takes time, all at once.
async fn look(config: Arc<Config>, offline: bool, report: &mut Report<'_>) -> Result<(), Failure> {
    let config = &config;
    let mut looks = FuturesOrdered::from_iter([
        within("Vorlagen", knowledge(Arc::clone(config))),
        within("Protokoll", record(config)),
        within("Uhr", machine::clock()),
    ]);
    if offline {
        looks.push_back(within("Token", oauth::look(config, false)));
        looks.push_back(within("Dateien", async { settings::files(config) }));
    } else {
        looks.push_back(within("Token", oauth::look(config, true)));
        looks.push_back(mailbox(config));
        looks.push_back(outbound(config));
        looks.push_back(within("Domain", domain::look(config)));
    }
    while let Some(findings) = looks.next().await {
        report.add(findings)?;
    }
    Ok(())
}

/// Logs in to the mailbox and to the mail server, once there are the tokens for that.
pub(super) async fn peers(config: &Config) -> Vec<Finding> {
    let tokens = within("Token", oauth::look(config, true)).await;
    if !tokens.iter().all(Finding::is_sound) {
        return tokens;
    }
    let (mailbox, outbound) = tokio::join!(mailbox(config), outbound(config));
    [tokens, mailbox, outbound].concat()
}

fn mailbox(config: &Config) -> BoxFuture<'_, Vec<Finding>> {
    within("Postfach", mailbox::look(config))
}

fn outbound(config: &Config) -> BoxFuture<'_, Vec<Finding>> {
    within("Mailserver", outbound::look(config))
}

/// Gives a look its deadline; one that breaks off is named.
fn within<'a>(
    subject: &'static str,
    look: impl Future<Output = Vec<Finding>> + Send + 'a,
) -> BoxFuture<'a, Vec<Finding>> {
    bounded(subject, LIMIT, look)
}

fn bounded<'a>(
    subject: &'static str,
    limit: Duration,
    look: impl Future<Output = Vec<Finding>> + Send + 'a,
) -> BoxFuture<'a, Vec<Finding>> {
    let looked = timeout(limit, AssertUnwindSafe(look).catch_unwind());
    let finding = move |message: String, remedy: &str| {
        vec![Finding::wrong(subject, Class::Unavailable, message, remedy)]
    };
    async move {
        match looked.await {
            Ok(Ok(findings)) => findings,
            Ok(Err(_)) => finding(
                "die Prüfung ist abgebrochen".to_owned(),
                "das ist ein Fehler in antragsbote: bitte melden Sie ihn",
            ),
            Err(_) => finding(
                format!("keine Antwort in {} Sekunden", limit.as_secs()),
                "prüfen Sie host, port und security; bleibt es so, fragen Sie die Betreiber des Servers",
            ),
        }
    }
    .boxed()
}

/// Compiling templates keeps a thread busy for a while.
async fn knowledge(config: Arc<Config>) -> Vec<Finding> {
    let looked = tokio::task::spawn_blocking(move || knowledge::look(&config)).await;
    // As it came: `within` names it.
    looked.unwrap_or_else(|broken| resume_unwind(broken.into_panic()))
}

/// The log, and what can be said only once it is known whether a daemon works on it.
async fn record(config: &Config) -> Vec<Finding> {
    let (mut findings, runs) = record::look(config).await;
    findings.extend(machine::metrics(config, runs));
    findings
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn a_look_that_breaks_off_or_does_not_end_is_named() {
        let broken = within("Uhr", async { panic!("a test's own") }).await;
        assert!(as_lines(&broken).starts_with("✗ Uhr: die Prüfung ist abgebrochen\n  → "));
        let endless = bounded("Uhr", Duration::ZERO, pending()).await;
        assert!(as_lines(&endless).starts_with("✗ Uhr: keine Antwort in 0 Sekunden\n  → "));
        assert!(!broken[0].is_sound() && !endless[0].is_sound());
    }
}
