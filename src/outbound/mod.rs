//! Outbound: hand over finished bytes.
//!
//! In: an envelope and the bytes of a reply. Out: that the server took it, or why not
//! and whether to try again. Never here: queues, retries, what the reply says.

use std::path::PathBuf;

use crate::oauth::Credential;
use crate::tls::Security;

mod error;
mod graph;
mod maildir;
mod memory;
mod sendmail;
mod smtp;
mod verdict;

pub use error::{Closure, Error, Step};
pub use graph::{GraphConfig, GraphError, LARGEST as LARGEST_BY_GRAPH, ask_graph};
pub use memory::Memory;
pub use smtp::{Survey, survey};

/// How replies leave (`[outbound]`).
#[derive(Debug, Clone, PartialEq)]
pub enum Config {
    /// RFC 5321
    Smtp(SmtpConfig),
    /// Microsoft Graph
    Graph(GraphConfig),
    /// the machine's own sendmail program
    Sendmail(PathBuf),
    /// each reply becomes one message in this Maildir
    Maildir(PathBuf),
    /// replies are kept in memory, for tests
    Memory(Memory),
}

impl Config {
    /// The largest mail it takes, in bytes, where that is known before anybody is asked.
    pub fn largest_mail(&self) -> Option<usize> {
        matches!(self, Self::Graph(_)).then_some(graph::LARGEST)
    }
}

/// A mail server.
#[derive(Debug, Clone, PartialEq)]
pub struct SmtpConfig {
    /// host name, also the one the certificate is checked against
    pub host: String,
    /// TCP port
    pub port: u16,
    /// how the connection is secured
    pub security: Security,
    /// login name; none, no login
    pub username: Option<String>,
    /// what proves it
    pub credential: Option<Credential>,
    /// certificates trusted beside the system's
    pub ca_file: Option<PathBuf>,
}

/// The envelope (RFC 5321 2.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// the reverse-path; empty where no bounce is wanted
    pub from: String,
    /// the one forward-path
    pub to: String,
}

/// A way out; one connection at most, reused from mail to mail.
#[derive(Debug)]
pub struct Outbound(Kind);

#[derive(Debug)]
enum Kind {
    Smtp(Box<smtp::Smtp>),
    Graph(GraphConfig),
    Sendmail(PathBuf),
    Maildir(PathBuf),
    Memory(Memory),
}

impl Outbound {
    /// Prepares the way; connects only when there is something to send.
    pub fn new(config: &Config) -> Self {
        Self(match config {
            Config::Smtp(config) => Kind::Smtp(Box::new(smtp::Smtp::new(config))),
            Config::Graph(config) => Kind::Graph(config.clone()),
            Config::Sendmail(program) => Kind::Sendmail(program.clone()),
            Config::Maildir(path) => Kind::Maildir(path.clone()),
            Config::Memory(memory) => Kind::Memory(memory.clone()),
        })
    }

    /// Connects and logs in unless that has been done, or has a token ready, without sending.
    ///
    /// # Errors
    /// Whatever would keep any mail from being sent, as far as that can be known before.
    pub async fn probe(&mut self) -> Result<(), Error> {
        match &mut self.0 {
            Kind::Smtp(smtp) => smtp.probe().await,
            Kind::Graph(config) => graph::probe(config).await,
            Kind::Sendmail(program) => sendmail::probe(program).await,
            Kind::Maildir(path) => maildir::prepare(path.clone()).await,
            Kind::Memory(_) => Ok(()),
        }
    }

    /// Hands a mail over; returns what the server said when it took it.
    ///
    /// # Errors
    /// When it was not taken, or nobody knows; [`Error::verdict`] says what now.
    pub async fn send(&mut self, envelope: &Envelope, bytes: &[u8]) -> Result<String, Error> {
        match &mut self.0 {
            Kind::Smtp(smtp) => smtp.send(envelope, bytes).await,
            Kind::Graph(config) => graph::send(config, envelope, bytes).await,
            Kind::Sendmail(program) => sendmail::send(program, envelope, bytes).await,
            Kind::Maildir(path) => maildir::send(path.clone(), bytes.to_vec()).await,
            Kind::Memory(memory) => memory.send(envelope, bytes),
        }
    }

    /// Says good-bye.
    pub async fn close(&mut self) {
        if let Kind::Smtp(smtp) = &mut self.0 {
            smtp.close().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The service runs it on a runtime of several threads.
    #[test]
    fn everything_it_does_may_change_threads() {
        fn is_send(_: impl Send) {}
        let _ = |mut outbound: Outbound, envelope: Envelope| {
            is_send(outbound.probe());
            is_send(outbound.send(&envelope, b""));
            is_send(outbound.close());
        };
    }
}
