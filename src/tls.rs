//! How connections are secured: the choice, and the roots that are trusted.

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
