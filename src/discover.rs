//! Where a domain's mail is fetched and handed over, found out from an address alone.
//!
//! Sources in the order of trust: the domain's own service records (`srv`), its file for mail
//! programs ([`autoconfig`]), the table of `providers`, servers that answer to usual names
//! (`probe`). A source of less trust only fills in what those before it leave open.
//!
//! In: a mail address. Out: [`Found`]: servers to offer whoever sets the service up, and where
//! that is known from. Never here: a password, and whether the servers take one.

use std::path::PathBuf;
use std::time::Duration;

use tokio::time::timeout;

use crate::dns::Resolver;
use crate::tls::Security;
use crate::{http, oauth};

mod account;
pub mod autoconfig;
mod clue;
mod probe;
mod providers;
mod srv;
#[cfg(test)]
mod tests;

pub use account::Account;
use clue::{is_enough, settle};

/// How long the questions to the DNS may take that open the search.
const DNS_LIMIT: Duration = Duration::from_secs(6);

/// How long the domain's file for mail programs may take, all places and attempts together.
const AUTOCONFIG_LIMIT: Duration = Duration::from_secs(5);

/// How long trying usual names may take.
const PROBE_LIMIT: Duration = Duration::from_secs(4);

// A person is waiting.
const _: () =
    assert!(DNS_LIMIT.as_secs() + AUTOCONFIG_LIMIT.as_secs() + PROBE_LIMIT.as_secs() <= 15);

/// The servers for an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// where mail is fetched
    pub imap: Endpoint,
    /// where replies are handed over
    pub smtp: Endpoint,
    /// the name to log in with
    pub username: String,
    /// where this is known from
    pub source: Source,
    /// what whoever sets up has to know or do at this provider, in German
    pub note: Option<&'static str>,
    /// the provider's name, where it is known
    pub provider: Option<&'static str>,
    /// whether a password opens the mailbox by IMAP; if not, `note` says why and what to do
    pub takes_password: bool,
    /// whose tokens open it, where that is known
    pub oauth: Option<oauth::Provider>,
    /// servers outside the address's domain that nothing but the DNS names, which can be forged:
    /// a person agrees to them before a password goes there (RFC 6186 section 6)
    pub unconfirmed: Vec<String>,
}

/// A server of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// its name, as its certificate has it
    pub host: String,
    /// 1..=65535
    pub port: u16,
    /// how to connect
    pub security: Security,
}

/// Where the servers of an address are known from: for each what comes first of these; for both
/// together what the server for fetching is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// the domain's service records (RFC 6186, RFC 8314)
    Srv,
    /// the domain's file for mail programs, by HTTPS
    Autoconfig,
    /// the provider is known, by the address's domain or by where the domain's mail is sent
    Provider,
    /// servers of usual names answer there
    Probe,
    /// nothing tells: names that are usual, and where nothing is known to answer
    Guess,
}

/// Who looks for servers.
#[derive(Debug)]
pub struct Finder {
    /// none where the machine has no usable DNS: then only the table of providers tells
    pub resolver: Option<Resolver>,
    /// certificates that count beside the system's roots
    pub ca_file: Option<PathBuf>,
}

/// What is known of the servers of an address without asking anybody: its provider's, or names
/// that are usual.
pub fn guess(address: &str) -> Found {
    let Some(account) = Account::parse(address) else {
        return Found::guessed(address, address.rsplit('@').next().unwrap_or_default());
    };
    let provider = providers::of_domain(&account);
    let clues = provider.iter().map(providers::Match::clue).collect();
    settle(&account, clues, provider.as_ref())
}

/// The servers that take a provider's tokens, without asking anybody; `None` for a provider without
/// servers of its own.
pub fn of_tokens(address: &str, oauth: oauth::Provider) -> Option<Found> {
    let account = Account::parse(address)?;
    let provider = providers::of_tokens(&account, oauth)?;
    Some(settle(&account, vec![provider.clue()], Some(&provider)))
}

/// Finds the servers of an address, as this machine is set up; within 15 seconds.
pub async fn find(address: &str) -> Found {
    Finder::of_system(None).find(address).await
}

impl Finder {
    /// One that asks as the machine is set up to.
    pub fn of_system(ca_file: Option<PathBuf>) -> Self {
        Self {
            resolver: Resolver::of_system().ok(),
            ca_file,
        }
    }

    /// Finds the servers of an address; within 15 seconds.
    pub async fn find(&self, address: &str) -> Found {
        let (Some(account), Some(resolver)) = (Account::parse(address), &self.resolver) else {
            return guess(address);
        };
        let client = http::Client {
            resolver,
            ca_file: self.ca_file.as_deref(),
            inner: false,
        };
        let (records, exchangers) = tokio::join!(
            srv::ask(resolver, &account),
            timeout(DNS_LIMIT, resolver.mx(&account.domain)),
        );
        let mut clues = vec![records];
        let exchangers = exchangers.ok().and_then(Result::ok).unwrap_or_default();
        let provider = providers::of_domain(&account)
            .or_else(|| providers::of_exchangers(&account, &exchangers));
        if !is_enough(&clues) {
            let asking = Box::pin(autoconfig::ask(client, &account));
            clues.extend(timeout(AUTOCONFIG_LIMIT, asking).await.ok().flatten());
        }
        clues.extend(provider.as_ref().map(providers::Match::clue));
        if !is_enough(&clues) {
            clues.push(Box::pin(probe::ask(client, &account)).await);
        }
        settle(&account, clues, provider.as_ref())
    }
}

impl Found {
    /// Where nothing tells: names that are usual.
    fn guessed(address: &str, domain: &str) -> Self {
        let at = |port, security| Endpoint {
            host: format!("mail.{domain}"),
            port,
            security,
        };
        Self {
            imap: at(993, Security::Tls),
            smtp: at(587, Security::Starttls),
            username: address.to_owned(),
            source: Source::Guess,
            note: None,
            provider: None,
            takes_password: true,
            oauth: None,
            unconfirmed: Vec::new(),
        }
    }
}

impl Endpoint {
    /// A server, if its name and port can be those of one.
    fn new(host: &str, port: u16, security: Security) -> Option<Self> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        (account::is_host_name(&host) && port > 0).then_some(Self {
            host,
            port,
            security,
        })
    }
}

/// The ports that speak TLS from the first byte do so whatever they are published as: 465 is often
/// found as `_submission`.
fn usual(port: u16, otherwise: Security) -> Security {
    match port {
        993 | 465 => Security::Tls,
        _ => otherwise,
    }
}
