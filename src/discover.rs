//! Where a domain's mail is fetched and handed over, found out from an address alone.
//!
//! In: a mail address. Out: [`Found`]: servers to offer whoever sets the service up, and where
//! that is known from. Never here: whether they work.

use crate::tls::Security;

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

/// Where the servers of an address are known from.
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

/// Finds the servers of an address.
pub async fn find(address: &str) -> Found {
    let domain = address.rsplit('@').next().unwrap_or_default();
    let at = |port, security| Endpoint {
        host: format!("mail.{domain}"),
        port,
        security,
    };
    Found {
        imap: at(993, Security::Tls),
        smtp: at(587, Security::Starttls),
        username: address.to_owned(),
        source: Source::Guess,
        note: None,
        provider: None,
        takes_password: true,
        unconfirmed: Vec::new(),
    }
}
