//! The configuration itself: whether it is sound, what it leaves open, what it names.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::finding::Finding;
use super::rights::{Use, obstacle};
use crate::cli::Settings;
use crate::cli::exit::Class;
use crate::cli::remedy::chain;
use crate::config::{self, Config};
use crate::secret::Secret;
use crate::{mailbox, outbound};

/// What the findings about the configuration are called.
pub(super) const CONFIGURATION: &str = "Konfiguration";

/// The configuration and its file, if it is sound; else each of its problems.
pub(super) fn load(settings: &Settings) -> Result<(PathBuf, Config), Vec<Finding>> {
    let wrong = |message: String, remedy: String| {
        Finding::wrong(CONFIGURATION, Class::Config, message, remedy)
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

/// A warning where `allow` keeps nobody out who knows how to write somebody else's address.
pub(super) fn senders(config: &Config) -> Option<Finding> {
    let message = "allow hält niemanden ab: eine Absenderadresse lässt sich fälschen";
    let remedy = "setzen Sie unter [policy] require = \"authenticated\", am besten mit authserv_id";
    let risky = config.policy.trusts_forgeable_senders();
    risky.then(|| Finding::warning("Absender", message, remedy))
}

/// Whether somebody hears when something needs a person.
pub(super) fn admin(config: &Config) -> Finding {
    let subject = "Verwaltung";
    match &config.admin {
        Some(address) => Finding::sound(subject, format!("Störungen werden {address} gemeldet")),
        None => Finding::warning(
            subject,
            "niemand erfährt, wenn etwas nicht geht",
            "nennen Sie unter [admin] address die Adresse eines Menschen",
        ),
    }
}

/// The files of passwords and certificates that cannot be read: what else a login shows.
pub(super) fn files(config: &Config) -> Vec<Finding> {
    let finding = |path: PathBuf| {
        let (message, remedy) = obstacle(&path, Use::Read)?;
        Some(Finding::wrong("Dateien", Class::Config, message, remedy))
    };
    let imap = match &config.mailbox {
        mailbox::Config::Imap(imap) => imap.ca_file.clone(),
        _ => None,
    };
    let smtp = match &config.outbound {
        outbound::Config::Smtp(smtp) => smtp.ca_file.clone(),
        outbound::Config::Graph(graph) => graph.ca_file.clone(),
        _ => None,
    };
    let oauth = config.oauth.as_ref();
    let oauth = oauth.and_then(|tokens| tokens.config().ca_file.clone());
    let secrets = config.secrets().into_iter().filter_map(file_of);
    let certificates = [imap, smtp, oauth].into_iter().flatten();
    let files: BTreeSet<PathBuf> = secrets.chain(certificates).collect();
    files.into_iter().filter_map(finding).collect()
}

fn file_of(secret: &Secret) -> Option<PathBuf> {
    match secret {
        Secret::File(path) => Some(path.clone()),
        _ => None,
    }
}
