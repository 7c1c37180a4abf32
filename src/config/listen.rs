//! `[metrics] listen`: where figures may be served.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The longest path of a socket in bytes (`sun_path` of unix(7), without its final zero).
const LONGEST_PATH: usize = 107;

/// A place that only this machine reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// a loopback address with its port
    Tcp(SocketAddr),
    /// the absolute path of a Unix socket
    Unix(PathBuf),
}

impl Listen {
    /// Reads an address with port or an absolute path; else what is wrong with it and what to do, in German.
    pub(super) fn parse(text: &str) -> Result<Self, [&'static str; 2]> {
        if text.starts_with('/') {
            if text.len() > LONGEST_PATH || text.ends_with('/') {
                return Err([
                    "das kann nicht der Pfad eines Unix-Sockets sein",
                    "nennen Sie eine Datei, deren Pfad höchstens 107 Zeichen hat: \"/run/antragsbote/metrics.sock\"",
                ]);
            }
            return Ok(Self::Unix(PathBuf::from(text)));
        }
        match text.parse::<SocketAddr>() {
            Err(_) => Err([
                "das ist weder eine Adresse mit Port noch der volle Pfad eines Unix-Sockets",
                "schreiben Sie \"127.0.0.1:9464\", \"[::1]:9464\" oder \"/run/antragsbote/metrics.sock\"",
            ]),
            Ok(address) if !address.ip().is_loopback() => Err([
                "die Kennzahlen gibt es nur auf diesem Rechner selbst",
                "schreiben Sie \"127.0.0.1:9464\"; von anderswo holt sie ein Reverse Proxy oder ein Prometheus ab, der auf diesem Rechner läuft",
            ]),
            Ok(address) if address.port() == 0 => Err([
                "ohne Port findet niemand die Kennzahlen",
                "schreiben Sie \"127.0.0.1:9464\"",
            ]),
            Ok(address) => Ok(Self::Tcp(address)),
        }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => path.display().fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_alone_is_listened_to() {
        for sound in [
            "127.0.0.1:9464",
            "127.8.9.10:1",
            "[::1]:65535",
            "/run/antragsbote/metrics.sock",
        ] {
            assert_eq!(Listen::parse(sound).unwrap().to_string(), sound);
        }
        let long = format!("/{}", "x".repeat(LONGEST_PATH));
        for (unsound, about) in [
            ("0.0.0.0:9464", "nur auf diesem Rechner"),
            ("[::]:9464", "nur auf diesem Rechner"),
            ("192.0.2.1:9464", "nur auf diesem Rechner"),
            ("[2001:db8::1]:9464", "nur auf diesem Rechner"),
            ("127.0.0.1:0", "ohne Port"),
            ("127.0.0.1", "weder eine Adresse mit Port"),
            ("127.0.0.1:99999", "weder eine Adresse mit Port"),
            (":9464", "weder eine Adresse mit Port"),
            ("localhost:9464", "weder eine Adresse mit Port"),
            ("metrics.sock", "der volle Pfad"),
            ("./metrics.sock", "der volle Pfad"),
            ("/run/antragsbote/", "nicht der Pfad eines Unix-Sockets"),
            (&long, "nicht der Pfad eines Unix-Sockets"),
        ] {
            let [wrong, _] = Listen::parse(unsound).unwrap_err();
            assert!(wrong.contains(about), "{unsound}: {wrong}");
        }
    }
}
