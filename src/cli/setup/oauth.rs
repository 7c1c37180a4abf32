//! The bot as a client of OAuth 2.0: what options say of it, and what becomes of that.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use jiff::civil::Date;

use crate::oauth::{Grant, Provider};

mod ask;
mod guide;

pub(super) use ask::{ask, ask_client_again, ask_secret_again};

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
