//! Why a connection cannot be made or secured, and what to do about it.

use std::io;
use std::path::PathBuf;

use rustls::CertificateError;
use rustls::pki_types::pem;

/// A connection that cannot be made or secured.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// the name has no address
    #[error("the host {host} cannot be found")]
    HostNotFound {
        /// as configured
        host: String,
        /// what the resolver said
        #[source]
        source: io::Error,
    },
    /// nobody listens
    #[error("{host} refuses connections on port {port}")]
    Refused {
        /// as configured
        host: String,
        /// as configured
        port: u16,
    },
    /// no answer at all
    #[error("{host} does not answer on port {port}")]
    NoAnswer {
        /// as configured
        host: String,
        /// as configured
        port: u16,
    },
    /// the network says no
    #[error("{host} cannot be reached on port {port}")]
    Unreachable {
        /// as configured
        host: String,
        /// as configured
        port: u16,
        /// what the system said
        #[source]
        source: io::Error,
    },
    /// `ca_file` cannot be read
    #[error("the ca_file {} cannot be read", path.display())]
    CaFile {
        /// as configured
        path: PathBuf,
        /// why
        #[source]
        source: pem::Error,
    },
    /// there is nothing to trust
    #[error("no trusted root certificates were found")]
    NoRoots {
        /// the first thing that went wrong, if anything did
        #[source]
        source: Option<rustls_native_certs::Error>,
    },
    /// the server cannot do what `security = "starttls"` asks for
    #[error("{host} does not offer STARTTLS")]
    NotOffered {
        /// as configured
        host: String,
    },
    /// bytes came in clear where only TLS may follow: somebody may be in between
    #[error("{host} went on in clear after STARTTLS")]
    Injected {
        /// as configured
        host: String,
    },
    /// the certificate does not do
    #[error("the certificate of {host} {fault}")]
    Certificate {
        /// as configured
        host: String,
        /// the fault as the rest of the sentence
        fault: String,
        /// the same in rustls' words
        #[source]
        source: rustls::Error,
    },
    /// anything else that breaks the handshake
    #[error("TLS with {host} failed")]
    Handshake {
        /// as configured
        host: String,
        /// why
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::HostNotFound { .. } => "check host for typing errors, and this machine's DNS",
            Self::Refused { .. } => "check port; is the server running?",
            Self::NoAnswer { .. } | Self::Unreachable { .. } => {
                "check host and port; a firewall may be in between"
            }
            Self::CaFile { .. } => "ca_file names a file with certificates in PEM",
            Self::NoRoots { .. } => {
                "install the package ca-certificates, or check SSL_CERT_FILE and ca_file"
            }
            Self::NotOffered { .. } => {
                "use security = \"tls\" with the port for it (IMAP 993, SMTP 465)"
            }
            Self::Injected { .. } => {
                "the connection is being tampered with; use security = \"tls\" with the port for it"
            }
            Self::Certificate { source, .. } => match source {
                rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
                    "for a private authority, give its certificate as ca_file"
                }
                rustls::Error::InvalidCertificate(
                    CertificateError::NotValidForName
                    | CertificateError::NotValidForNameContext { .. },
                ) => "give host as it stands in the certificate",
                _ => {
                    "the server's administrator must renew the certificate; is this machine's clock right?"
                }
            },
            Self::Handshake { .. } => {
                "is this a port for TLS? 993 and 465 take security = \"tls\", 143 and 587 take \"starttls\""
            }
        }
    }

    /// A fixed word for log and counters.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::HostNotFound { .. } => "host-not-found",
            Self::Refused { .. } => "refused",
            Self::NoAnswer { .. } => "no-answer",
            Self::Unreachable { .. } => "unreachable",
            Self::CaFile { .. } | Self::NoRoots { .. } => "roots",
            Self::NotOffered { .. } | Self::Injected { .. } => "starttls",
            Self::Certificate { .. } => "certificate",
            Self::Handshake { .. } => "handshake",
        }
    }
}
