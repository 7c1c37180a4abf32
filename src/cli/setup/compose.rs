//! The text of the configuration: the sample with what was asked put in.

use std::path::Path;

use super::super::exit::{Class, Failure};
use super::answers::{Answers, Outbound};
use super::logins::{Login, Proof};
use super::place::{self, Place};
use super::servers::word;
use crate::config::{Config, Surroundings};
use crate::discover::Endpoint;
use crate::secret::Secret;

/// Every key with its default and meaning.
const SAMPLE: &str = include_str!("../../../config/antragsbote.toml");
/// The log beside the configuration, where the machine has no folder for it.
const LOG: &str = "sqlite:antragsbote.db";
/// How a comment ends whose key has no default.
const EXAMPLE: &str = " Beispiel:";

/// A key of a section, and what it is to say.
type Setting = (&'static str, &'static str, Option<toml::Value>);

/// The text of the configuration.
pub(super) fn text(answers: &Answers, place: &Place) -> String {
    let mut lines: Vec<String> = SAMPLE.lines().map(str::to_owned).collect();
    let sections = [
        mailbox(answers, place),
        outbound(answers, place),
        oauth(answers, place),
        vec![
            ("bot", "address", Some(answers.address.clone().into())),
            ("log", "url", (!place.keeps_log()).then(|| LOG.into())),
            ("templates", "path", place.folder_beside("templates")),
            ("registry", "path", place.folder_beside("register")),
            ("admin", "address", answers.admin.clone().map(Into::into)),
        ],
    ];
    for (section, key, value) in sections.into_iter().flatten() {
        set(&mut lines, section, key, value.as_ref());
    }
    lines.join("\n") + "\n"
}

fn mailbox(answers: &Answers, place: &Place) -> Vec<Setting> {
    let archive = answers.archive.clone().map(Into::into);
    let mut settings = server("mailbox", &answers.imap, answers).to_vec();
    settings.extend(login(
        "mailbox",
        Some(&answers.login),
        place,
        place::MAILBOX,
    ));
    settings.push(("mailbox", "archive", archive));
    settings
}

fn outbound(answers: &Answers, place: &Place) -> Vec<Setting> {
    match &answers.outbound {
        Outbound::Smtp {
            server: at,
            login: with,
        } => {
            let mut settings = server("outbound", at, answers).to_vec();
            settings.extend(login("outbound", with.as_ref(), place, place::OUTBOUND));
            settings
        }
        Outbound::Graph => {
            // Whoever signs in sends as herself.
            let client = answers.oauth.as_ref().filter(|it| !it.needs_sign_in());
            let username = client.map(|_| answers.login.username.clone().into());
            vec![
                ("outbound", "kind", Some("graph".into())),
                ("outbound", "host", None),
                ("outbound", "username", username),
                ("outbound", "password_file", None),
                ("outbound", "ca_file", ca_file(answers)),
            ]
        }
    }
}

fn oauth(answers: &Answers, place: &Place) -> Vec<Setting> {
    let Some(client) = &answers.oauth else {
        return Vec::new();
    };
    let secret = client.secret.as_ref();
    let expires = client.expires.map(|day| day.to_string().into());
    let mut settings = vec![
        ("oauth", "kind", Some(client.kind().into())),
        ("oauth", "grant", Some(client.grant().into())),
        ("oauth", "tenant", client.tenant.clone().map(Into::into)),
        ("oauth", "client_id", Some(client.client_id.clone().into())),
        (
            "oauth",
            "client_secret_file",
            secret.map(|_| place.password_file(place::OAUTH).into()),
        ),
        ("oauth", "client_secret_expires", expires),
        ("oauth", "ca_file", ca_file(answers)),
    ];
    let given = client.given.iter();
    settings.extend(given.map(|(key, value)| ("oauth", *key, Some(value.clone().into()))));
    settings
}

fn server(section: &'static str, server: &Endpoint, answers: &Answers) -> [Setting; 4] {
    [
        (section, "host", Some(server.host.clone().into())),
        (section, "port", Some(i64::from(server.port).into())),
        (section, "security", Some(word(server.security).into())),
        (section, "ca_file", ca_file(answers)),
    ]
}

fn login(
    section: &'static str,
    login: Option<&Login>,
    place: &Place,
    secret: &'static str,
) -> [Setting; 3] {
    let username = login.map(|login| login.username.clone().into());
    let (auth, password) = match login.map(|login| &login.proof) {
        Some(Proof::Token) => (Some("oauth".into()), None),
        Some(Proof::Password(_)) => (None, Some(place.password_file(secret).into())),
        None => (None, None),
    };
    [
        (section, "username", username),
        (section, "auth", auth),
        (section, "password_file", password),
    ]
}

fn ca_file(answers: &Answers) -> Option<toml::Value> {
    let path = answers.ca_file.as_deref().map(Path::to_string_lossy);
    path.as_deref().map(Into::into)
}

/// Gives a key its value, or comments it out, whichever it was before.
fn set(lines: &mut [String], section: &str, key: &str, value: Option<&toml::Value>) {
    let header = format!("[{section}]");
    let given = format!("{key} = ");
    let is_key = |line: &String| line.trim_start_matches('#').starts_with(&given);
    let start = lines.iter().position(|line| *line == header);
    let lines = start.and_then(|start| lines.get_mut(start..));
    let (before, line) = lines
        .and_then(|lines| {
            let at = lines.iter().position(is_key)?;
            let (before, rest) = lines.split_at_mut(at);
            Some((before.last_mut()?, rest.first_mut()?))
        })
        .unzip();
    let (Some(before), Some(line)) = (before, line) else {
        return;
    };
    match value {
        Some(value) => {
            *line = format!("{given}{value}");
            if let Some(said) = before.strip_suffix(EXAMPLE) {
                *before = said.to_owned();
            }
        }
        None if !line.starts_with('#') => line.insert(0, '#'),
        None => {}
    }
}

/// The settings of a text whose secrets are not written yet.
///
/// # Errors
/// [`Class::Data`] with all that is wrong.
pub(super) fn checked(text: &str, answers: &Answers, place: &Place) -> Result<Config, Failure> {
    let mut config = Config::check(text, &Surroundings::of(place.file())).map_err(|problems| {
        let message = |problem: &crate::config::Problem| problem.message.clone();
        let hint = |problem: &crate::config::Problem| problem.hint.clone();
        let messages: Vec<_> = problems.iter().map(message).collect();
        let hints: Vec<_> = problems.iter().map(hint).collect();
        Failure::say(Class::Data, messages.join("; ")).hint(hints.join("; "))
    })?;
    let written = answers.secrets();
    config.replace_secrets(|secret| {
        let name = match secret {
            Secret::File(path) => path.file_name(),
            Secret::Plain(_) | Secret::Command(_) => None,
        };
        let known = written
            .iter()
            .find(|(known, _)| name.is_some_and(|name| name == *known));
        known.map_or_else(
            || secret.clone(),
            |(_, value)| Secret::Plain((*value).to_owned()),
        )
    });
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_in(text: &str, section: &str, key: &str, value: Option<&toml::Value>) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        set(&mut lines, section, key, value);
        lines.join("\n")
    }

    #[test]
    fn a_key_gets_its_value_in_its_section_alone() {
        let text =
            "[a]\n# Wo. Beispiel:\n#host = \"x\"\n# Wer.\nname = \"y\"\n[b]\n# Wo.\nhost = \"x\"";
        for (section, key, value, expected) in [
            (
                "a",
                "host",
                Some("z\"\\".into()),
                text.replace("#host = \"x\"", "host = 'z\"\\'")
                    .replace("Wo. Beispiel:", "Wo."),
            ),
            ("a", "host", None, text.to_owned()),
            ("a", "name", None, text.replace("name", "#name")),
            (
                "b",
                "host",
                Some(7.into()),
                text.replace("\nhost = \"x\"", "\nhost = 7"),
            ),
        ] {
            assert_eq!(
                set_in(text, section, key, value.as_ref()),
                expected,
                "{section}.{key}"
            );
        }
    }
}
