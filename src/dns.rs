//! Questions to the domain name system (RFC 1035), as the machine's own settings have them asked.
//!
//! In: a name. Out: its records; none where the name has none. Never here: what they mean.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{RData, RecordType};
use tokio::time::timeout;

/// How long one question may take, all name servers and attempts together.
const DEADLINE: Duration = Duration::from_secs(8);

/// Who asks the name servers of /etc/resolv.conf.
pub struct Resolver(TokioResolver);

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Resolver")
    }
}

/// A question without an answer; that a name has no such records is an answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// the system's settings cannot be used
    #[error("the system's DNS settings (/etc/resolv.conf) cannot be used: {0}")]
    NoResolver(String),
    /// no name server answers, or not in time
    #[error("the DNS gives no answer about {name}")]
    NoAnswer {
        /// what was asked about
        name: String,
    },
}

/// A server that a domain offers for a service (RFC 2782).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Srv {
    /// the lowest comes first
    pub priority: u16,
    /// among those of one priority, the heaviest first
    pub weight: u16,
    /// 0..=65535
    pub port: u16,
    /// without the final dot; empty where the service is decidedly not offered
    pub target: String,
}

impl Resolver {
    /// One that asks as the machine is set up to.
    ///
    /// # Errors
    /// [`Error::NoResolver`] if it is set up in no usable way.
    pub fn of_system() -> Result<Self, Error> {
        let made = TokioResolver::builder_tokio().and_then(|builder| builder.build());
        made.map(Self)
            .map_err(|error| Error::NoResolver(error.to_string()))
    }

    /// One that asks this name server and no other.
    ///
    /// # Errors
    /// [`Error::NoResolver`] if none can be made.
    pub fn asking(server: SocketAddr) -> Result<Self, Error> {
        let mut connection = ConnectionConfig::udp();
        connection.port = server.port();
        let server = NameServerConfig::new(server.ip(), true, vec![connection]);
        let config = ResolverConfig::from_name_servers(vec![server]);
        let made = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        made.build()
            .map(Self)
            .map_err(|error| Error::NoResolver(error.to_string()))
    }

    /// The addresses of a host, IPv4 first: a dead IPv6 route costs time. The machine's own
    /// table of hosts counts.
    ///
    /// # Errors
    /// [`Error::NoAnswer`].
    pub async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Error> {
        let asked = timeout(DEADLINE, self.0.lookup_ip(absolute(name))).await;
        match asked.map_err(|_| no_answer(name))? {
            Ok(found) => {
                let mut found: Vec<IpAddr> = found.iter().collect();
                found.sort_by_key(IpAddr::is_ipv6);
                Ok(found)
            }
            Err(error) if is_nothing(&error) => Ok(Vec::new()),
            Err(_) => Err(no_answer(name)),
        }
    }

    /// The texts of a name (TXT), the strings of each joined (RFC 7208 3.3).
    ///
    /// # Errors
    /// [`Error::NoAnswer`].
    pub async fn txt(&self, name: &str) -> Result<Vec<String>, Error> {
        self.ask(name, RecordType::TXT, |data| match data {
            RData::TXT(txt) => {
                let bytes = txt.txt_data.concat();
                Some(String::from_utf8_lossy(&bytes).into_owned())
            }
            _ => None,
        })
        .await
    }

    /// The mail exchangers of a domain, the preferred first (RFC 5321 5.1), without their final dots.
    ///
    /// # Errors
    /// [`Error::NoAnswer`].
    pub async fn mx(&self, name: &str) -> Result<Vec<String>, Error> {
        let mut found = self
            .ask(name, RecordType::MX, |data| match data {
                RData::MX(mx) => Some((mx.preference, without_dot(&mx.exchange.to_ascii()))),
                _ => None,
            })
            .await?;
        found.sort();
        Ok(found.into_iter().map(|(_, exchange)| exchange).collect())
    }

    /// The servers of a service (RFC 2782), as in `_imaps._tcp.example.org`, in the order to try them.
    ///
    /// # Errors
    /// [`Error::NoAnswer`].
    pub async fn srv(&self, name: &str) -> Result<Vec<Srv>, Error> {
        let mut found = self
            .ask(name, RecordType::SRV, |data| match data {
                RData::SRV(srv) => Some(Srv {
                    priority: srv.priority,
                    weight: srv.weight,
                    port: srv.port,
                    target: without_dot(&srv.target.to_ascii()),
                }),
                _ => None,
            })
            .await?;
        found.sort_by_key(|srv| (srv.priority, std::cmp::Reverse(srv.weight)));
        Ok(found)
    }

    async fn ask<T>(
        &self,
        name: &str,
        kind: RecordType,
        read: impl Fn(&RData) -> Option<T>,
    ) -> Result<Vec<T>, Error> {
        let asked = timeout(DEADLINE, self.0.lookup(absolute(name), kind)).await;
        match asked.map_err(|_| no_answer(name))? {
            Ok(found) => Ok(found
                .answers()
                .iter()
                .filter_map(|record| read(&record.data))
                .collect()),
            Err(error) if is_nothing(&error) => Ok(Vec::new()),
            Err(_) => Err(no_answer(name)),
        }
    }
}

/// Absolute, or the machine's own search domains come into play.
fn absolute(name: &str) -> String {
    format!("{}.", name.trim_end_matches('.'))
}

fn no_answer(name: &str) -> Error {
    Error::NoAnswer {
        name: name.to_owned(),
    }
}

fn is_nothing(error: &NetError) -> bool {
    error.is_no_records_found() || error.is_nx_domain()
}

fn without_dot(name: &str) -> String {
    name.trim_end_matches('.').to_owned()
}
