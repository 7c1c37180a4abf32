//! Outbound: hand over finished bytes.
//!
//! In: an envelope and the bytes of a reply. Out: that the server took it, or why not
//! and whether to try again. Never here: queues, retries, what the reply says.

use std::path::PathBuf;

use crate::request::Verdict;
use crate::secret::Secret;
use crate::tls::Security;

/// How replies leave (`[outbound]`).
#[derive(Debug, Clone)]
pub enum Config {
    /// RFC 5321
    Smtp(SmtpConfig),
    /// the machine's own sendmail program
    Sendmail(PathBuf),
    /// each reply becomes one message in this Maildir
    Maildir(PathBuf),
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct SmtpConfig {
    /// host name, also the one the certificate is checked against
    pub host: String,
    /// TCP port
    pub port: u16,
    /// how the connection is secured
    pub security: Security,
    /// login name; none, no login
    pub username: Option<String>,
    /// password, read anew at every login
    pub password: Option<Secret>,
    /// certificates trusted beside the system's
    pub ca_file: Option<PathBuf>,
}

/// The envelope (RFC 5321 2.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// the reverse-path
    pub from: String,
    /// the one forward-path
    pub to: String,
}

/// A way out; one connection at most, reused from mail to mail.
#[derive(Debug)]
pub enum Outbound {}

impl Outbound {
    /// Prepares the way; connects only when there is something to send.
    pub fn new(config: &Config) -> Self {
        let _ = config;
        todo!()
    }
    /// Connects and logs in, without sending (for `check`).
    pub async fn probe(&mut self) -> Result<(), Error> {
        todo!()
    }
    /// Hands a mail over; returns the server's reply to the final dot.
    pub async fn send(&mut self, envelope: &Envelope, bytes: &[u8]) -> Result<String, Error> {
        let _ = (envelope, bytes);
        todo!()
    }
    /// Says good-bye.
    pub async fn close(&mut self) {
        todo!()
    }
}

/// A mail that was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {}

impl Error {
    /// Whether to try again.
    pub fn verdict(&self) -> Verdict {
        todo!()
    }
}
