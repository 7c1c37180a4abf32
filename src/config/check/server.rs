//! A server to log in to, as `[mailbox]` and `[outbound]` describe it alike.

use std::net::IpAddr;
use std::path::PathBuf;

use super::Check;
use crate::tls::Security;

/// The words for how a connection is secured.
pub const SECURITIES: [(&str, Security); 3] = [
    ("tls", Security::Tls),
    ("starttls", Security::Starttls),
    ("none", Security::None),
];

const HOST: &str = "der Name eines Servers wie \"mail.example.org\", ohne Port und ohne \"://\"";

/// Where it is, and how to talk to it.
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) ca_file: Option<PathBuf>,
}

impl Check<'_> {
    /// The server of a section: secured as is `usual` there, at the port that goes with it, unless it says otherwise.
    pub(super) fn server(
        &mut self,
        section: &str,
        usual: Security,
        port_of: fn(Security) -> u16,
    ) -> Option<Server> {
        let key = |name: &str| format!("{section}.{name}");
        self.demand(&key("host"), "der Server: host = \"mail.example.org\"");
        let host = self.file.read(&key("host"), HOST, parse_host);
        let security = self
            .file
            .word(&key("security"), &SECURITIES)
            .unwrap_or(usual);
        if security == Security::None && host.as_deref().is_some_and(|host| !is_loopback(host)) {
            self.file.complain(
                &key("security"),
                "ohne Verschlüsselung nur auf diesem Rechner selbst (localhost, 127.0.0.1, ::1)",
                "setzen Sie security = \"tls\" oder \"starttls\": sonst reist das Passwort lesbar durchs Netz",
            );
        }
        let port = self.file.number(&key("port"), 1..=u32::from(u16::MAX));
        let port = port
            .and_then(|port| u16::try_from(port).ok())
            .unwrap_or(port_of(security));
        let ca_file = self.path(&key("ca_file"));
        Some(Server {
            host: host?,
            port,
            security,
            ca_file,
        })
    }
}

/// The name of a host, or an IP address.
pub fn parse_host(text: &str) -> Option<String> {
    let is_name = !text.is_empty() && !text.contains([':', '/', '@', '[', ']']);
    let sound = (is_name && !text.contains(|c: char| c.is_whitespace() || c.is_control()))
        || text.parse::<IpAddr>().is_ok();
    sound.then(|| text.to_owned())
}

/// Whether a host is this machine itself, where nobody listens in.
pub fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
