//! The text of the configuration: the sample with what was asked put in.

use std::path::Path;

use super::super::exit::{Class, Failure};
use super::answers::{Answers, Login};
use super::place::{self, Place};
use super::servers::word;
use crate::config::{Config, Surroundings};
use crate::oauth::Credential;
use crate::secret::Secret;
use crate::{mailbox, outbound};

/// Every key with its default and meaning.
const SAMPLE: &str = include_str!("../../../config/antragsbote.toml");
/// The log beside the configuration, where the machine has no folder for it.
const LOG: &str = "sqlite:antragsbote.db";
/// How a comment ends whose key has no default.
const EXAMPLE: &str = " Beispiel:";

/// The text of the configuration.
pub(super) fn text(answers: &Answers, place: &Place) -> String {
    let Answers { imap, smtp, .. } = answers;
    let ca_file = answers.ca_file.as_deref().map(Path::to_string_lossy);
    let smtp_login = answers.smtp_login.as_ref();
    let name_of = |login: &Login| login.username.clone().into();
    let password_of = |secret| smtp_login.map(|_| place.password_file(secret).into());
    let text_of = |text: &Option<String>| text.clone().map(Into::into);
    let ca_file = || ca_file.as_deref().map(Into::into);
    let values: [(&str, &str, Option<toml::Value>); 18] = [
        ("bot", "address", Some(answers.address.clone().into())),
        ("mailbox", "host", Some(imap.host.clone().into())),
        ("mailbox", "port", Some(i64::from(imap.port).into())),
        ("mailbox", "security", Some(word(imap.security).into())),
        ("mailbox", "username", Some(name_of(&answers.login))),
        (
            "mailbox",
            "password_file",
            Some(place.password_file(place::MAILBOX).into()),
        ),
        ("mailbox", "ca_file", ca_file()),
        ("mailbox", "archive", text_of(&answers.archive)),
        ("outbound", "host", Some(smtp.host.clone().into())),
        ("outbound", "port", Some(i64::from(smtp.port).into())),
        ("outbound", "security", Some(word(smtp.security).into())),
        ("outbound", "username", smtp_login.map(name_of)),
        ("outbound", "password_file", password_of(place::OUTBOUND)),
        ("outbound", "ca_file", ca_file()),
        ("log", "url", (!place.keeps_log()).then(|| LOG.into())),
        ("templates", "path", place.folder_beside("templates")),
        ("registry", "path", place.folder_beside("register")),
        ("admin", "address", text_of(&answers.admin)),
    ];
    let mut lines: Vec<String> = SAMPLE.lines().map(str::to_owned).collect();
    for (section, key, value) in values {
        set(&mut lines, section, key, value.as_ref());
    }
    lines.join("\n") + "\n"
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
    let credential = |login: &Login| Credential::Password(Secret::Plain(login.password.clone()));
    if let mailbox::Config::Imap(imap) = &mut config.mailbox {
        imap.credential = credential(&answers.login);
    }
    if let outbound::Config::Smtp(smtp) = &mut config.outbound {
        smtp.credential = answers.smtp_login.as_ref().map(credential);
    }
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
