//! How connections are made and secured: host names, the roots that are trusted, and
//! what goes wrong, in words.
//!
//! In: a host, a port, the administrator's own certificates. Out: a [`Stream`]. Never
//! here: what is said on it.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use jiff::Timestamp;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

mod certificate;
mod error;
#[cfg(test)]
pub(crate) mod peer;
#[cfg(test)]
mod tests;

pub use error::Error;

/// How long looking a host up and connecting may take, all its addresses together.
const CONNECT_LIMIT: Duration = Duration::from_secs(30);

/// How long one address may take: a dead IPv6 route must leave time for IPv4.
const ADDRESS_LIMIT: Duration = Duration::from_secs(10);

/// How long the handshake may take: a few round trips and a slow server's arithmetic.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(30);

/// How a connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte
    Tls,
    /// STARTTLS, refused if the server does not offer it
    Starttls,
    /// in clear; checked to be a loopback address
    None,
}

/// A connection, secured or in clear.
#[derive(Debug)]
pub enum Stream {
    /// in clear
    Plain(TcpStream),
    /// under TLS
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    /// The connection itself.
    pub fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => tls.get_ref().0,
        }
    }

    /// When the peer's certificate ends; `None` without TLS, or if it names no end.
    pub fn certificate_end(&self) -> Option<Timestamp> {
        let Self::Tls(tls) = self else { return None };
        let own = tls.get_ref().1.peer_certificates()?.first()?;
        certificate::end(own)
    }
}

/// Connects to the first address of a host that answers.
///
/// # Errors
/// When the host has no address or none of them answers.
pub async fn dial(host: &str, port: u16) -> Result<TcpStream, Error> {
    let connecting = async {
        // The resolver's own kinds of error vary; what matters is that there is no address.
        let addresses = tokio::net::lookup_host((host, port)).await;
        connect(addresses.map_err(not_found)?).await
    };
    dialled(host, port, connecting).await
}

/// As [`dial`], where the host's addresses are known.
///
/// # Errors
/// As [`dial`].
pub async fn dial_known(host: &str, port: u16, addresses: &[IpAddr]) -> Result<TcpStream, Error> {
    let addresses = addresses.iter().map(|&ip| SocketAddr::new(ip, port));
    dialled(host, port, connect(addresses)).await
}

/// A connection in the making, bounded and with its failures in words.
async fn dialled(
    host: &str,
    port: u16,
    connecting: impl Future<Output = io::Result<TcpStream>>,
) -> Result<TcpStream, Error> {
    let no_answer = || Error::NoAnswer {
        host: host.to_owned(),
        port,
    };
    let tcp = timeout(CONNECT_LIMIT, connecting)
        .await
        .map_err(|_| no_answer())?
        .map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => Error::HostNotFound {
                host: host.to_owned(),
                source,
            },
            io::ErrorKind::ConnectionRefused => Error::Refused {
                host: host.to_owned(),
                port,
            },
            io::ErrorKind::TimedOut => no_answer(),
            _ => Error::Unreachable {
                host: host.to_owned(),
                port,
                source,
            },
        })?;
    // Commands are small and wait for their answer: Nagle's algorithm would hold them back.
    let _ = tcp.set_nodelay(true);
    Ok(tcp)
}

async fn connect(addresses: impl Iterator<Item = SocketAddr>) -> io::Result<TcpStream> {
    let mut last = not_found(io::Error::other("the name has no address"));
    for address in addresses {
        match timeout(ADDRESS_LIMIT, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => return Ok(tcp),
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(last)
}

fn not_found(source: io::Error) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, source)
}

/// Puts a connection under TLS 1.2 or later; the certificate must be for `host` and go
/// back to the system's roots (`SSL_CERT_FILE` counts) or to one in `ca_file`.
///
/// # Errors
/// When the roots cannot be read, the certificate does not do, or the handshake breaks.
pub async fn secure(tcp: TcpStream, host: &str, ca_file: Option<&Path>) -> Result<Stream, Error> {
    let handshake = |source| Error::Handshake {
        host: host.to_owned(),
        source,
    };
    let name = ServerName::try_from(host.to_owned())
        .map_err(|error| handshake(io::Error::new(io::ErrorKind::InvalidInput, error)))?;
    let config =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| handshake(io::Error::other(error)))?
            .with_root_certificates(roots(ca_file)?)
            .with_no_client_auth();
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, tcp);
    match timeout(HANDSHAKE_LIMIT, connecting).await {
        Ok(Ok(tls)) => Ok(Stream::Tls(Box::new(tls))),
        Ok(Err(error)) => Err(certificate_fault(host, &error).unwrap_or_else(|| handshake(error))),
        Err(_) => Err(handshake(io::ErrorKind::TimedOut.into())),
    }
}

fn roots(ca_file: Option<&Path>) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(system.certs);
    if let Some(path) = ca_file {
        let unreadable = |source| Error::CaFile {
            path: path.to_owned(),
            source,
        };
        let own = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(unreadable)?;
        if roots.add_parsable_certificates(own).0 == 0 {
            return Err(unreadable(pem::Error::NoItemsFound));
        }
    }
    if roots.is_empty() {
        return Err(Error::NoRoots {
            source: system.errors.into_iter().next(),
        });
    }
    Ok(roots)
}

/// What is wrong with the certificate, if that is what broke the handshake.
fn certificate_fault(host: &str, error: &io::Error) -> Option<Error> {
    let source = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    let rustls::Error::InvalidCertificate(problem) = source else {
        return None;
    };
    let fault = match problem {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet".to_owned()
        }
        CertificateError::UnknownIssuer => "comes from an unknown issuer".to_owned(),
        CertificateError::NotValidForName => "is for another host name".to_owned(),
        CertificateError::NotValidForNameContext { presented, .. } => {
            format!("is for another host name ({})", presented.join(", "))
        }
        _ => "is not acceptable".to_owned(),
    };
    Some(Error::Certificate {
        host: host.to_owned(),
        fault,
        source: source.clone(),
    })
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_read(context, buffer),
            Self::Tls(tls) => Pin::new(tls).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_write(context, bytes),
            Self::Tls(tls) => Pin::new(tls).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_flush(context),
            Self::Tls(tls) => Pin::new(tls).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_shutdown(context),
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(context),
        }
    }
}
