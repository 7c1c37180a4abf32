//! The bot as a client of OAuth 2.0: what options say of it, and what is asked where they say nothing.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use jiff::civil::Date;

use super::super::dialogue::{Dialogue, Question, read_secret};
use super::super::exit::{Class, Failure};
use super::answers::check_text;
use crate::clock;
use crate::oauth::{Grant, Provider};

mod guide;

use guide::Guide;

/// Providers, as options and the configuration call them.
const PROVIDERS: [(&str, Provider); 3] = [
    ("microsoft", Provider::Microsoft),
    ("google", Provider::Google),
    ("other", Provider::Other),
];

/// Ways to tokens, as options and the configuration call them.
const GRANTS: [(&str, Grant); 3] = [
    ("client_credentials", Grant::ClientCredentials),
    ("device_code", Grant::DeviceCode),
    ("authorization_code", Grant::AuthorizationCode),
];

/// What options say; all but the first have the names of the keys in `[oauth]`.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Anmeldung mit OAuth 2.0 statt mit einem Passwort: microsoft, google oder other
    #[arg(long, value_name = "ANBIETER", value_parser = word_of(PROVIDERS), hide_possible_values = true, conflicts_with = "password_file")]
    pub(super) oauth: Option<Provider>,
    /// Wie der Bote an Token kommt: client_credentials, device_code oder authorization_code
    #[arg(long, value_name = "ART", value_parser = word_of(GRANTS), hide_possible_values = true, requires = "oauth")]
    grant: Option<Grant>,
    /// Bei Microsoft: die Verzeichnis-ID (Mandant) oder eine Domain des Mandanten
    #[arg(long, value_name = "MANDANT", requires = "oauth")]
    tenant: Option<String>,
    /// Die Anwendungs-ID (Client), unter der der Anbieter den Boten kennt
    #[arg(long, value_name = "ID", requires = "oauth")]
    client_id: Option<String>,
    /// Datei, in deren erster Zeile das Geheimnis des Clients steht; - ist die Standardeingabe
    #[arg(long, value_name = "DATEI", requires = "oauth")]
    client_secret_file: Option<PathBuf>,
    /// Der letzte Tag, an dem es gilt: 2028-11-30 oder 30.11.2028
    #[arg(long, value_name = "TAG", requires = "oauth")]
    client_secret_expires: Option<String>,
    /// Bei other: was der Bote beim Anbieter darf, wie dieser es nennt
    #[arg(long, value_name = "RECHTE", requires = "oauth")]
    scope: Option<String>,
    /// Bei other: wo es Token gibt
    #[arg(long, value_name = "URL", requires = "oauth")]
    token_url: Option<String>,
    /// Bei other und device_code: wo es den Code gibt
    #[arg(long, value_name = "URL", requires = "oauth")]
    device_url: Option<String>,
    /// Bei other und authorization_code: wo sich ein Mensch anmeldet
    #[arg(long, value_name = "URL", requires = "oauth")]
    authorization_url: Option<String>,
}

/// How the bot is registered with its provider: the section `[oauth]`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Registration {
    pub(super) provider: Provider,
    pub(super) grant: Grant,
    pub(super) tenant: Option<String>,
    pub(super) client_id: String,
    pub(super) secret: Option<String>,
    pub(super) expires: Option<Date>,
    /// the rest of the section, keys and values
    pub(super) given: Vec<(&'static str, String)>,
}

impl std::fmt::Debug for Registration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Registration")
    }
}

impl Registration {
    /// Whether a person has to sign in for the bot.
    pub(super) fn needs_sign_in(&self) -> bool {
        self.grant != Grant::ClientCredentials
    }

    /// How the configuration calls the provider.
    pub(super) fn kind(&self) -> &'static str {
        word(PROVIDERS, self.provider)
    }

    /// How the configuration calls the grant.
    pub(super) fn grant(&self) -> &'static str {
        word(GRANTS, self.grant)
    }
}

/// Asks what the options leave open, and says on the way what to click. `mailbox` is the name that
/// the bot logs in with; `by_graph`: replies leave by Microsoft Graph, not by SMTP.
///
/// # Errors
/// [`Class::Usage`] if an answer is missing or cannot be used, [`Class::NoInput`] for a file.
pub(super) fn ask(
    dialogue: &mut Dialogue,
    options: &Options,
    provider: Provider,
    mailbox: &str,
    by_graph: bool,
) -> Result<Registration, Failure> {
    let grant = ask_grant(dialogue, options.grant, provider)?;
    // Whoever names the client has registered it.
    let guide = options.client_id.is_none().then(|| Guide {
        provider,
        grant,
        mailbox,
        by_graph,
    });
    if let Some(guide) = &guide {
        dialogue.tell(&guide.registration());
    }
    let tenant = ask_tenant(dialogue, options.tenant.as_deref(), provider, mailbox)?;
    let client_id = ask_client_id(dialogue, options.client_id.as_deref(), provider)?;
    if let Some(guide) = &guide {
        dialogue.tell(&guide.permissions());
    }
    let secret = ask_secret(dialogue, options, provider, grant)?;
    let expires = ask_expires(dialogue, options, provider, secret.is_some())?;
    let given = ask_addresses(dialogue, options, provider, grant)?;
    if let Some(guide) = &guide
        && provider == Provider::Microsoft
    {
        dialogue.tell(&guide.mailbox(&client_id));
        dialogue.pause()?;
    }
    Ok(Registration {
        provider,
        grant,
        tenant,
        client_id,
        secret,
        expires,
        given,
    })
}

/// Asks for the client and its secret again.
///
/// # Errors
/// [`Class::Usage`] if there is no answer.
pub(super) fn ask_client_again(
    dialogue: &mut Dialogue,
    now: &Registration,
) -> Result<Registration, Failure> {
    let mut new = now.clone();
    if let Some(tenant) = &now.tenant {
        new.tenant = Some(ask_text(
            dialogue,
            "Verzeichnis-ID (Mandant)",
            "--tenant",
            Some(tenant),
        )?);
    }
    for (key, value) in &mut new.given {
        // As the key is called, so is the option.
        *value = ask_text(dialogue, key, "--oauth", Some(value))?;
    }
    let words = client_words(now.provider);
    new.client_id = ask_text(dialogue, words, "--client-id", Some(&now.client_id))?;
    Ok(new)
}

/// Asks for the secret again.
///
/// # Errors
/// [`Class::Usage`] if there is no answer.
pub(super) fn ask_secret_again(
    dialogue: &mut Dialogue,
    now: &Registration,
) -> Result<Registration, Failure> {
    let mut new = now.clone();
    new.secret = Some(type_secret(dialogue, now.provider)?);
    new.expires = match now.provider {
        Provider::Microsoft => type_expires(dialogue)?,
        Provider::Google | Provider::Other => None,
    };
    Ok(new)
}

fn ask_grant(
    dialogue: &mut Dialogue,
    given: Option<Grant>,
    provider: Provider,
) -> Result<Grant, Failure> {
    match (given, provider) {
        (Some(grant), _) => return Ok(grant),
        (None, Provider::Google) => return Ok(Grant::AuthorizationCode),
        (None, Provider::Other) => return Ok(Grant::ClientCredentials),
        (None, Provider::Microsoft) => {}
    }
    let question = Question {
        words: "Welcher Weg?",
        offer: Some("1"),
        may_be_left_open: true,
        option: "--grant",
    };
    dialogue.tell(guide::TWO_WAYS);
    dialogue.ask(&question, |typed| match typed {
        "1" => Ok(Grant::ClientCredentials),
        "2" => Ok(Grant::DeviceCode),
        _ => Err("die Antwort ist 1 oder 2".to_owned()),
    })
}

fn ask_tenant(
    dialogue: &mut Dialogue,
    given: Option<&str>,
    provider: Provider,
    mailbox: &str,
) -> Result<Option<String>, Failure> {
    if provider != Provider::Microsoft {
        return Ok(None);
    }
    let domain = mailbox.rsplit_once('@').map(|(_, domain)| domain);
    let question = Question {
        words: "Verzeichnis-ID (Mandant)",
        offer: domain,
        may_be_left_open: true,
        option: "--tenant",
    };
    dialogue.answer(given, &question, check_text).map(Some)
}

fn ask_client_id(
    dialogue: &mut Dialogue,
    given: Option<&str>,
    provider: Provider,
) -> Result<String, Failure> {
    let question = Question {
        words: client_words(provider),
        offer: None,
        may_be_left_open: false,
        option: "--client-id",
    };
    dialogue.answer(given, &question, |typed| match provider {
        Provider::Microsoft if !is_uuid(typed) => {
            Err("eine Anwendungs-ID sieht aus wie 6f1c2d6e-1234-5678-9abc-def012345678".to_owned())
        }
        Provider::Microsoft | Provider::Google | Provider::Other => check_text(typed),
    })
}

/// The secret; none for a client that has none.
fn ask_secret(
    dialogue: &mut Dialogue,
    options: &Options,
    provider: Provider,
    grant: Grant,
) -> Result<Option<String>, Failure> {
    match &options.client_secret_file {
        Some(file) => read_secret(file, "--client-secret-file").map(Some),
        None if grant == Grant::ClientCredentials || provider == Provider::Google => {
            type_secret(dialogue, provider).map(Some)
        }
        None => Ok(None),
    }
}

fn type_secret(dialogue: &mut Dialogue, provider: Provider) -> Result<String, Failure> {
    let words = match provider {
        Provider::Microsoft => "Wert des Geheimnisses",
        Provider::Google => "Clientschlüssel",
        Provider::Other => "Geheimnis des Clients",
    };
    dialogue.secret(words, "--client-secret-file", |typed| match provider {
        Provider::Microsoft if is_uuid(typed) => {
            Err("das ist die „Geheime ID“; gebraucht wird, was unter „Wert“ steht".to_owned())
        }
        Provider::Microsoft | Provider::Google | Provider::Other => Ok(()),
    })
}

/// The secret's last day, where it has one: whoever types the secret sees it.
fn ask_expires(
    dialogue: &mut Dialogue,
    options: &Options,
    provider: Provider,
    has_secret: bool,
) -> Result<Option<Date>, Failure> {
    let is_typed = has_secret && options.client_secret_file.is_none();
    match options.client_secret_expires.as_deref() {
        Some(given) => check_day(given.trim()).map(Some).map_err(|why| {
            let option = "--client-secret-expires";
            Failure::say(Class::Usage, format!("{option} \"{given}\": {why}"))
        }),
        None if is_typed && provider == Provider::Microsoft => type_expires(dialogue),
        None => Ok(None),
    }
}

fn type_expires(dialogue: &mut Dialogue) -> Result<Option<Date>, Failure> {
    let question = Question {
        words: "Gültig bis, wie 30.11.2028 (leer: unbekannt)",
        offer: None,
        may_be_left_open: true,
        option: "--client-secret-expires",
    };
    dialogue.ask(&question, |typed| match typed {
        "" => Ok(None),
        typed => check_day(typed).map(Some),
    })
}

/// What a provider that is not known has to be told of.
fn ask_addresses(
    dialogue: &mut Dialogue,
    options: &Options,
    provider: Provider,
    grant: Grant,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let all = [
        ("scope", "Rechte (scope)", "--scope", &options.scope, true),
        (
            "token_url",
            "Adresse für Token",
            "--token-url",
            &options.token_url,
            true,
        ),
        (
            "device_url",
            "Adresse für Codes",
            "--device-url",
            &options.device_url,
            grant == Grant::DeviceCode,
        ),
        (
            "authorization_url",
            "Adresse der Anmeldung",
            "--authorization-url",
            &options.authorization_url,
            grant == Grant::AuthorizationCode,
        ),
    ];
    let mut given = Vec::new();
    for (key, words, option, value, is_needed) in all {
        let is_needed = is_needed && provider == Provider::Other;
        match value {
            None if !is_needed => {}
            None => given.push((key, ask_text(dialogue, words, option, None)?)),
            Some(value) => given.push((key, value.trim().to_owned())),
        }
    }
    Ok(given)
}

fn ask_text(
    dialogue: &mut Dialogue,
    words: &str,
    option: &'static str,
    offer: Option<&str>,
) -> Result<String, Failure> {
    let question = Question {
        words,
        offer,
        may_be_left_open: false,
        option,
    };
    dialogue.ask(&question, check_text)
}

fn client_words(provider: Provider) -> &'static str {
    match provider {
        Provider::Microsoft => "Anwendungs-ID (Client)",
        Provider::Google => "Client-ID",
        Provider::Other => "Name des Clients (client_id)",
    }
}

/// Whether this is written as a UUID (RFC 9562 section 4).
fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_hex = |part: &&str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(is_hex)
}

/// A day to come, as people and machines in Germany write it.
fn check_day(text: &str) -> Result<Date, String> {
    let written = ["%d.%m.%Y", "%Y-%m-%d"];
    let day = written
        .iter()
        .find_map(|format| Date::strptime(format, text).ok());
    let day = day.ok_or("Tage sehen aus wie 30.11.2028 oder 2028-11-30")?;
    if day < clock::now().to_zoned(jiff::tz::TimeZone::UTC).date() {
        return Err("dieser Tag ist vorbei: legen Sie ein neues Geheimnis an".to_owned());
    }
    Ok(day)
}

fn word_of<T: Copy + Send + Sync + 'static>(
    words: [(&'static str, T); 3],
) -> impl clap::builder::TypedValueParser<Value = T> {
    PossibleValuesParser::new(words.map(|(word, _)| word)).try_map(move |given| {
        let known = words.iter().find(|(word, _)| *word == given);
        known.map(|(_, meaning)| *meaning).ok_or("unbekannt")
    })
}

fn word<T: Copy + PartialEq>(words: [(&'static str, T); 3], meaning: T) -> &'static str {
    let known = words.iter().find(|(_, known)| *known == meaning);
    known.map_or("", |(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_and_machines_write_them() {
        for (text, expected) in [
            ("30.11.2928", Ok("2928-11-30")),
            ("1.2.2928", Ok("2928-02-01")),
            ("2928-11-30", Ok("2928-11-30")),
            ("11/30/2928", Err("Tage sehen")),
            ("31.02.2928", Err("Tage sehen")),
            ("30.11.2008", Err("dieser Tag ist vorbei")),
        ] {
            let read = check_day(text).map(|day| day.to_string());
            match (read, expected) {
                (Ok(day), Ok(expected)) => assert_eq!(day, expected),
                (Err(why), Err(expected)) => assert!(why.starts_with(expected), "{why}"),
                (read, _) => panic!("{text}: {read:?}"),
            }
        }
    }

    #[test]
    fn the_id_of_a_secret_is_told_from_its_value() {
        assert!(is_uuid("6f1c2d6e-0000-4000-8000-00000000ABCD"));
        for other in [
            "",
            "6f1c2d6e",
            "ApZ8Q~2mlBG7-x-x-x",
            "6f1c2d6e-0000-4000-8000-00000000ABCG",
        ] {
            assert!(!is_uuid(other), "{other}");
        }
    }
}
