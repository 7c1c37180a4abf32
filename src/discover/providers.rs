//! Providers whose servers are known from their own pages: the table `providers.toml`.

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::account::is_within;
use super::clue::{Clue, Offer};
use super::{Account, Endpoint, Source, usual};
use crate::oauth;
use crate::tls::Security;

/// A provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Provider {
    /// as people know it
    pub(super) name: String,
    /// domains of its own mailboxes
    #[serde(default)]
    pub(super) domains: Vec<String>,
    /// names that its mail exchangers have or lie below
    #[serde(default)]
    pub(super) exchangers: Vec<String>,
    /// none: it offers no access for programs
    imap: Option<Server>,
    smtp: Option<Server>,
    /// whether the name to log in with is what stands before the `@`
    #[serde(default)]
    local_part: bool,
    /// whether a password opens the mailbox by IMAP
    #[serde(default = "yes")]
    pub(super) takes_password: bool,
    /// whose tokens open it
    #[serde(default, deserialize_with = "whose")]
    pub(super) oauth: Option<oauth::Provider>,
    /// what a person has to know or do there, in German
    pub(super) note: Option<String>,
}

/// A server, written `host:port`; with port 993 or 465 it speaks TLS from the first byte, with
/// another STARTTLS. `*` is the exchanger that the domain's mail is sent to.
#[derive(Debug, Deserialize)]
struct Server(String);

fn yes() -> bool {
    true
}

fn whose<'de, D: Deserializer<'de>>(word: D) -> Result<Option<oauth::Provider>, D::Error> {
    match String::deserialize(word)?.as_str() {
        "microsoft" => Ok(Some(oauth::Provider::Microsoft)),
        "google" => Ok(Some(oauth::Provider::Google)),
        other => Err(D::Error::custom(other)),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "provider")]
    rows: Vec<Provider>,
}

static TABLE: LazyLock<Table> =
    // A test reads it, too.
    LazyLock::new(|| toml::from_str(include_str!("providers.toml")).unwrap_or_default());

#[cfg(test)]
pub(super) fn rows() -> &'static [Provider] {
    &TABLE.rows
}

/// The provider of an account.
#[derive(Debug)]
pub(super) struct Match {
    pub(super) row: &'static Provider,
    /// whether it gives out addresses of this domain, or else only receives the domain's mail
    pub(super) by_domain: bool,
    exchanger: String,
    account: Account,
}

/// The provider that gives out addresses of a domain.
pub(super) fn of_domain(account: &Account) -> Option<Match> {
    let gives_out = |row: &&Provider| row.domains.contains(&account.domain);
    TABLE.rows.iter().find(gives_out).map(|row| Match {
        row,
        by_domain: true,
        exchanger: String::new(),
        account: account.clone(),
    })
}

/// The provider whose servers take these tokens.
pub(super) fn of_tokens(account: &Account, oauth: oauth::Provider) -> Option<Match> {
    let row = TABLE.rows.iter().find(|row| row.oauth == Some(oauth))?;
    Some(Match {
        row,
        by_domain: true,
        exchanger: String::new(),
        account: account.clone(),
    })
}

/// The provider that a domain's mail is sent to, by its exchangers, the preferred first.
pub(super) fn of_exchangers(account: &Account, exchangers: &[String]) -> Option<Match> {
    exchangers.iter().find_map(|exchanger| {
        let exchanger = exchanger.to_ascii_lowercase();
        let nearness = |row: &&Provider| {
            let names = row.exchangers.iter();
            let around = names.filter(|name| is_within(&exchanger, name));
            around.map(String::len).max()
        };
        let known = TABLE.rows.iter().filter(|row| nearness(row).is_some());
        let row = known.max_by_key(nearness)?;
        Some(Match {
            row,
            by_domain: false,
            exchanger,
            account: account.clone(),
        })
    })
}

impl Match {
    /// What the table says.
    pub(super) fn clue(&self) -> Clue {
        Clue {
            source: Source::Provider,
            imap: self.offer(self.row.imap.as_ref()),
            smtp: self.offer(self.row.smtp.as_ref()),
            username: Some(self.username()),
            takes_password: self.row.takes_password,
        }
    }

    fn offer(&self, server: Option<&Server>) -> Offer {
        match server {
            Some(server) => Offer::from(server.endpoint(&self.exchanger)),
            None => Offer::Refused,
        }
    }

    /// Whether this is one of the provider's servers.
    pub(super) fn has(&self, host: &str) -> bool {
        let servers = [&self.row.imap, &self.row.smtp].into_iter().flatten();
        let mut known = servers.filter_map(|server| server.endpoint(&self.exchanger));
        known.any(|known| known.host == host)
    }

    /// The name to log in with.
    pub(super) fn username(&self) -> String {
        let account = &self.account;
        let name = if self.row.local_part {
            &account.local
        } else {
            &account.address
        };
        name.clone()
    }
}

impl Server {
    fn endpoint(&self, exchanger: &str) -> Option<Endpoint> {
        let (host, port) = self.0.rsplit_once(':')?;
        let port = port.parse().ok()?;
        let host = if host == "*" { exchanger } else { host };
        Endpoint::new(host, port, usual(port, Security::Starttls))
    }
}
