//! OAuth 2.0: whether there are tokens, whom they are for, and how long that lasts.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::finding::Finding;
use super::machine;
use super::rights::{Use, obstacle};
use crate::cli::draft::folder_of;
use crate::cli::exit::Class;
use crate::cli::flaw::Flaw;
use crate::cli::remedy;
use crate::clock;
use crate::config::Config;
use crate::oauth::{Audience, Credential, Ending, Error, Grant, Tokens};
use crate::{mailbox, outbound};

const TOKEN: &str = "Token";
const SIGN_IN: &str = "Token, Anmeldung";
const STORE: &str = "Token, Datei";

/// Whoever makes a new secret needs somebody with rights in the portal: two weeks, in days.
const LATE: i32 = 14;

/// All that is to be said; without asking anybody, if that is not wanted.
pub(super) async fn look(config: &Config, asks: bool) -> Vec<Finding> {
    let Some(tokens) = &config.oauth else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    match of_store(&tokens.config().store) {
        Some(finding) => findings.push(finding),
        None => findings.extend(of_sign_in(tokens).await),
    }
    // What the token server gives must be kept, or the service has lost it.
    if asks && findings.iter().all(Finding::is_sound) {
        for (audience, whom) in audiences(config) {
            let renewed = tokens.renewed(audience).await;
            let finding = match &renewed {
                Ok(_) => Finding::sound(TOKEN, format!("{} gibt eines für {whom}", host(tokens))),
                Err(error) => refused(TOKEN, error),
            };
            if !findings.contains(&finding) {
                findings.push(finding);
            }
            // Whoever cannot be asked cannot be asked for others either.
            if renewed.is_err_and(|error| !matches!(error, Error::Refused { .. })) {
                break;
            }
        }
        let ahead = tokens.clock_ahead();
        findings.extend(ahead.map(|it| machine::ahead_of(&format!("von {}", host(tokens)), it)));
    }
    if audiences(config).is_empty() {
        findings.push(Finding::warning(
            TOKEN,
            "mit [oauth] meldet sich nichts an",
            "setzen Sie unter [mailbox] und [outbound] auth = \"oauth\", oder streichen Sie [oauth]",
        ));
    }
    let today = clock::now().to_zoned(TimeZone::UTC).date();
    let end = match tokens.config().client_secret_expires {
        Some(end) => Some((Ending::Secret, end)),
        None if asks => tokens
            .end()
            .await
            .map(|end| (end.of, end.at.to_zoned(TimeZone::UTC).date())),
        None => None,
    };
    findings.extend(end.map(|(of, end)| of_end(of, end, today)));
    findings
}

/// What picks the exit code.
fn class_of(error: &Error) -> Class {
    match error {
        Error::Secret(_) | Error::NotConfigured | Error::Store { .. } | Error::Damaged { .. } => {
            Class::Config
        }
        Error::NotLanded | Error::OtherSignIn | Error::NoToken => Class::Data,
        _ => Class::Unavailable,
    }
}

/// That there is no token.
pub(in crate::cli) fn refused(subject: &'static str, error: &Error) -> Finding {
    let (message, remedy) = remedy::of_oauth(error);
    let finding = Finding::wrong(subject, class_of(error), message, remedy);
    finding.blaming(Flaw::of_oauth(error))
}

/// That nobody can log in there, for want of a token: why is said once.
pub(super) fn missing(subject: &'static str) -> Finding {
    let remedy = "siehe Token";
    Finding::wrong(
        subject,
        Class::Unavailable,
        "ohne Token keine Anmeldung",
        remedy,
    )
}

/// Whom tokens are for, in words.
fn audiences(config: &Config) -> Vec<(Audience, &'static str)> {
    let by_token = |credential: &Credential| matches!(credential, Credential::OAuth(_));
    let imap = match &config.mailbox {
        mailbox::Config::Imap(imap) => by_token(&imap.credential),
        _ => false,
    };
    let smtp = match &config.outbound {
        outbound::Config::Smtp(smtp) => smtp.credential.as_ref().is_some_and(by_token),
        _ => false,
    };
    let mail = match (imap, smtp) {
        (true, true) => Some("Postfach und Mailserver"),
        (true, false) => Some("das Postfach"),
        (false, true) => Some("den Mailserver"),
        (false, false) => None,
    };
    let graph = matches!(config.outbound, outbound::Config::Graph(_)).then_some("Microsoft Graph");
    let all = [(Audience::Mail, mail), (Audience::Graph, graph)];
    let wanted = all.map(|(audience, whom)| Some((audience, whom?)));
    wanted.into_iter().flatten().collect()
}

fn host(tokens: &Tokens) -> &str {
    let url = &tokens.config().endpoints.token;
    let rest = url.strip_prefix("https://").unwrap_or(url);
    rest.split(['/', '?']).next().unwrap_or(rest)
}

fn of_end(of: Ending, end: Date, today: Date) -> Finding {
    let (subject, what, remedy) = match of {
        Ending::Secret => (
            "Token, Geheimnis",
            "das Geheimnis",
            "legen Sie beim Anbieter ein neues Geheimnis an, schreiben Sie es in die Datei, die unter [oauth] client_secret_file steht, und den neuen Tag unter client_secret_expires; dann: systemctl restart antragsbote",
        ),
        Ending::SignIn => (
            SIGN_IN,
            "die Anmeldung",
            "rufen Sie `antragsbote login` auf",
        ),
    };
    let day = end.strftime("%d.%m.%Y");
    let message = match (end - today).get_days() {
        ..0 => {
            let message = format!("{what} ist seit dem {day} abgelaufen");
            return Finding::wrong(subject, Class::Config, message, remedy);
        }
        0 => format!("{what} gilt nur noch heute, {day}"),
        1 => format!("{what} gilt noch einen Tag, bis {day}"),
        left if left < LATE => format!("{what} gilt noch {left} Tage, bis {day}"),
        left => return Finding::sound(subject, format!("{what} gilt noch {left} Tage, bis {day}")),
    };
    Finding::warning(subject, message, remedy)
}

/// Whatever keeps tokens from being kept, or lets others read them.
fn of_store(store: &Path) -> Option<Finding> {
    let there = store
        .exists()
        .then(|| obstacle(store, Use::Change))
        .flatten();
    if let Some((message, remedy)) = obstacle(folder_of(store), Use::Fill).or(there) {
        return Some(Finding::wrong(STORE, Class::Config, message, remedy));
    }
    let mode = fs::metadata(store).ok()?.permissions().mode();
    (mode & 0o077 != 0).then(|| {
        Finding::warning(
            STORE,
            format!(
                "{} können andere lesen (Rechte {:04o})",
                store.display(),
                mode & 0o7777
            ),
            format!("chmod 0600 {}", store.display()),
        )
    })
}

async fn of_sign_in(tokens: &Tokens) -> Option<Finding> {
    if tokens.config().grant == Grant::ClientCredentials {
        return None;
    }
    Some(match tokens.is_signed_in().await {
        Ok(true) => {
            let store = tokens.config().store.display();
            Finding::sound(
                SIGN_IN,
                format!("jemand hat sich angemeldet, siehe {store}"),
            )
        }
        Ok(false) => refused(SIGN_IN, &Error::SignedOut),
        Err(error) => refused(SIGN_IN, &error),
    })
}

#[cfg(test)]
mod tests {
    use super::super::finding::as_lines;
    use super::*;

    #[test]
    fn the_end_of_a_secret_is_told_in_days() {
        let end: Date = "2028-11-30".parse().unwrap();
        for (today, line) in [
            (
                "2028-10-18",
                "✓ Token, Geheimnis: das Geheimnis gilt noch 43 Tage, bis 30.11.2028\n",
            ),
            (
                "2028-11-16",
                "✓ Token, Geheimnis: das Geheimnis gilt noch 14 Tage, bis 30.11.2028\n",
            ),
            (
                "2028-11-17",
                "! Token, Geheimnis: das Geheimnis gilt noch 13 Tage, bis 30.11.2028\n",
            ),
            (
                "2028-11-29",
                "! Token, Geheimnis: das Geheimnis gilt noch einen Tag, bis 30.11.2028\n",
            ),
            (
                "2028-11-30",
                "! Token, Geheimnis: das Geheimnis gilt nur noch heute, 30.11.2028\n",
            ),
            (
                "2028-12-01",
                "✗ Token, Geheimnis: das Geheimnis ist seit dem 30.11.2028 abgelaufen\n",
            ),
        ] {
            let said = as_lines(&[of_end(Ending::Secret, end, today.parse().unwrap())]);
            assert!(said.starts_with(line), "{said}");
        }
    }
}
