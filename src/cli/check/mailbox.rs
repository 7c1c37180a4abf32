//! The mailbox: what the service needs of it, line by line.

use super::finding::Finding;
use super::{machine, oauth, rights, validity};
use crate::cli::exit::Class;
use crate::cli::flaw::Flaw;
use crate::cli::remedy;
use crate::clock;
use crate::config::Config;
use crate::mailbox::{self, Access, Archive, ImapConfig, MaildirConfig, Survey};

const MAILBOX: &str = "Postfach";
const FOLDER: &str = "Postfach, Ordner";
const IDLE: &str = "Postfach, IDLE";
const MOVE: &str = "Postfach, MOVE";
const CLAIMS: &str = "Postfach, Vormerken";
const ARCHIVE: &str = "Postfach, Archiv";

const ASK: &str =
    "bitten Sie die Betreiber des Servers um dieses Recht, oder nennen Sie einen anderen Ordner";

/// Logs in and looks around.
pub(super) async fn look(config: &Config) -> Vec<Finding> {
    match &config.mailbox {
        mailbox::Config::Imap(imap) => {
            let token = clock::request_id();
            match Box::pin(mailbox::survey(imap, token.as_str())).await {
                Ok(survey) => of_imap(imap, survey),
                Err(mailbox::Error::Token(_)) => vec![oauth::missing(MAILBOX)],
                Err(error) => {
                    let (message, remedy) = remedy::of_mailbox(&error);
                    let finding = Finding::wrong(MAILBOX, Class::Unavailable, message, remedy);
                    vec![finding.blaming(Flaw::of_mailbox(&error))]
                }
            }
        }
        mailbox::Config::Maildir(maildir) => of_maildir(maildir),
        mailbox::Config::Memory(_) => Vec::new(),
    }
}

fn of_maildir(config: &MaildirConfig) -> Vec<Finding> {
    let archive = config.archive.as_deref();
    let archive = archive.map(|path| rights::maildir(ARCHIVE, path));
    let own = rights::maildir(MAILBOX, &config.path);
    [own].into_iter().chain(archive).collect()
}

fn of_imap(config: &ImapConfig, survey: Survey) -> Vec<Finding> {
    let login = format!("angemeldet an {} als {}", config.host, config.username);
    let mut findings = vec![Finding::sound(MAILBOX, login)];
    findings.extend(validity::look("Postfach, TLS", survey.certificate_end));
    findings.push(folder(config, &survey));
    findings.push(idle(&survey));
    findings.extend(config.archive.as_ref().map(|_| moves(&survey)));
    findings.push(claims(&survey));
    if let (Some(name), Some(found)) = (&config.archive, &survey.archive) {
        findings.push(archive(name, found));
        findings.extend(left(found));
    }
    let clock = survey.clock;
    findings.extend(clock.and_then(|(time, told)| machine::against(time, told)));
    findings
}

fn folder(config: &ImapConfig, survey: &Survey) -> Finding {
    let name = &config.folder;
    match &survey.folder {
        Access::Granted | Access::Untold => Finding::sound(FOLDER, format!("\"{name}\"")),
        Access::Denied(words) => Finding::wrong(
            FOLDER,
            Class::Unavailable,
            format!(
                "in \"{name}\" darf nichts verändert werden ({words}): beantwortete Mails blieben als neu liegen"
            ),
            ASK,
        ),
    }
}

fn idle(survey: &Survey) -> Finding {
    Finding::sound(
        IDLE,
        match survey.idle {
            true => "der Server meldet neue Mails sofort",
            false => "kennt der Server nicht; der Dienst sieht deshalb alle 30 Sekunden nach",
        },
    )
}

fn moves(survey: &Survey) -> Finding {
    match (survey.moves, survey.uidplus) {
        (true, _) => Finding::sound(MOVE, "verschoben wird in einem Schritt"),
        (false, true) => Finding::sound(
            MOVE,
            "kennt der Server nicht; der Dienst kopiert deshalb und löscht dann",
        ),
        (false, false) => Finding::warning(
            MOVE,
            "weder MOVE noch UIDPLUS: gelöscht wird nur, solange niemand sonst im Ordner etwas zum Löschen vorgemerkt hat",
            "löschen Sie in diesem Ordner nichts von Hand, oder wählen Sie einen anderen Anbieter",
        ),
    }
}

fn claims(survey: &Survey) -> Finding {
    Finding::sound(
        CLAIMS,
        match survey.claims {
            true => "möglich (CONDSTORE und eigene Merkmale)",
            false => "nicht möglich; lassen Sie an diesem Postfach nur einen Antragsboten arbeiten",
        },
    )
}

fn archive(name: &str, found: &Archive) -> Finding {
    match (&found.access, found.exists) {
        (Access::Granted, true) => Finding::sound(ARCHIVE, format!("\"{name}\" ist beschreibbar")),
        (Access::Granted, false) => Finding::sound(
            ARCHIVE,
            format!("\"{name}\" fehlt noch und wird beim Start angelegt"),
        ),
        (Access::Denied(words), true) => Finding::wrong(
            ARCHIVE,
            Class::Unavailable,
            format!("in den Ordner \"{name}\" darf nichts gelegt werden: {words}"),
            ASK,
        )
        .blaming(Some(Flaw::Folder)),
        (Access::Denied(words), false) => Finding::wrong(
            ARCHIVE,
            Class::Unavailable,
            format!("der Ordner \"{name}\" fehlt und kann nicht angelegt werden: {words}"),
            "legen Sie ihn im Mailprogramm an, oder nennen Sie unter archive einen anderen, auch Groß- und Kleinschreibung zählt",
        )
        .blaming(Some(Flaw::Folder)),
        (Access::Untold, _) => Finding::sound(
            ARCHIVE,
            format!(
                "\"{name}\" ist da; ob er beschreibbar ist, sagt der Server nicht, ohne dass eine Probe liegen bliebe"
            ),
        ),
    }
}

/// What the probe could not take away again.
fn left(found: &Archive) -> Option<Finding> {
    let name = found.left.as_ref()?;
    Some(if found.exists {
        Finding::warning(
            ARCHIVE,
            "eine leere Probemail ließ sich nicht wieder löschen",
            format!("löschen Sie in {name} die Mail \"Probe (antragsbote check)\""),
        )
    } else {
        Finding::warning(
            ARCHIVE,
            format!("der Probeordner \"{name}\" ließ sich nicht wieder löschen"),
            "löschen Sie ihn im Mailprogramm",
        )
    })
}
