//! Servers: as options or a person name them, and what is usual where they say no more.

use std::net::{IpAddr, SocketAddr};

use super::super::dialogue::{Dialogue, Question};
use super::super::exit::{Class, Failure};
use super::super::flaw::Peer;
use crate::config;
use crate::discover::Endpoint;
use crate::tls::Security;

/// What options say about one server.
#[derive(Debug, Default)]
pub(super) struct Given<'a> {
    pub(super) host: Option<&'a str>,
    pub(super) port: Option<u16>,
    pub(super) security: Option<Security>,
}

fn option_of_host(peer: Peer) -> &'static str {
    match peer {
        Peer::Imap => "--imap-host",
        Peer::Smtp => "--smtp-host",
    }
}

/// What a port is for; `None` if that is not known.
fn security_of(host: &str, port: u16) -> Option<Security> {
    match port {
        993 | 465 => Some(Security::Tls),
        143 | 25 if config::is_loopback(host) => Some(Security::None),
        143 | 587 | 25 => Some(Security::Starttls),
        _ => None,
    }
}

/// The port for servers that are reached so.
fn port_of(peer: Peer, security: Security) -> u16 {
    match peer {
        Peer::Imap => config::imap_port(security),
        Peer::Smtp => config::smtp_port(security),
    }
}

/// How servers are usually reached.
fn usual(peer: Peer, host: &str) -> Security {
    match peer {
        _ if config::is_loopback(host) => Security::None,
        Peer::Imap => Security::Tls,
        Peer::Smtp => Security::Starttls,
    }
}

/// The server that options name, with what was found and else with what is usual where they say no more.
///
/// # Errors
/// [`Class::Usage`] if what they say cannot be.
pub(super) fn given(peer: Peer, given: &Given<'_>, found: &Endpoint) -> Result<Endpoint, Failure> {
    let text = given.host.unwrap_or(&found.host);
    let wrong = |why: String| {
        let option = option_of_host(peer);
        Failure::say(Class::Usage, format!("{option} \"{text}\": {why}"))
    };
    let (host, port) = parse(text).map_err(wrong)?;
    let port = given.port.or(port);
    let as_found = port.is_none_or(|port| port == found.port) && given.security.is_none();
    if host == found.host && as_found {
        return Ok(found.clone());
    }
    let security = given
        .security
        .or_else(|| security_of(&host, port?))
        .unwrap_or_else(|| usual(peer, &host));
    if security == Security::None && !config::is_loopback(&host) {
        let why = "ohne Verschlüsselung nur auf diesem Rechner selbst (localhost, 127.0.0.1, ::1)";
        return Err(wrong(why.to_owned()));
    }
    Ok(Endpoint {
        port: port.unwrap_or_else(|| port_of(peer, security)),
        host,
        security,
    })
}

/// A server, as it is shown to whoever judges it.
pub(super) fn shown(what: &str, endpoint: &Endpoint) -> String {
    let security = match endpoint.security {
        Security::Tls => "TLS",
        Security::Starttls => "STARTTLS",
        Security::None => "unverschlüsselt",
    };
    let Endpoint { host, port, .. } = endpoint;
    format!("  {what} {host}, Port {port}, {security}\n")
}

/// Asks for a server, with its port where that is not the usual one.
///
/// # Errors
/// [`Class::Usage`] if there is no answer.
pub(super) fn ask(
    dialogue: &mut Dialogue,
    peer: Peer,
    now: &Endpoint,
) -> Result<Endpoint, Failure> {
    let offer = address(now);
    let question = Question {
        words: match peer {
            Peer::Imap => "IMAP-Server, wenn nötig mit Port",
            Peer::Smtp => "SMTP-Server für die Antworten, wenn nötig mit Port",
        },
        offer: Some(&offer),
        may_be_left_open: false,
        option: option_of_host(peer),
    };
    let (host, port) = dialogue.ask(&question, parse)?;
    let known = match port {
        None => Some(usual(peer, &host)),
        Some(port) => security_of(&host, port),
    };
    let security = match known {
        Some(security) => security,
        None => ask_security(dialogue, peer, &host, now.security)?,
    };
    Ok(Endpoint {
        port: port.unwrap_or_else(|| port_of(peer, security)),
        host,
        security,
    })
}

/// Asks how a port of no known meaning is secured.
fn ask_security(
    dialogue: &mut Dialogue,
    peer: Peer,
    host: &str,
    now: Security,
) -> Result<Security, Failure> {
    let local = config::is_loopback(host);
    let choices = if local {
        "tls, starttls oder none"
    } else {
        "tls oder starttls"
    };
    let now = if local || now != Security::None {
        now
    } else {
        usual(peer, host)
    };
    let question = Question {
        words: &format!("Verschlüsselung ({choices})"),
        offer: Some(word(now)),
        may_be_left_open: false,
        option: match peer {
            Peer::Imap => "--imap-security ART",
            Peer::Smtp => "--smtp-security ART",
        },
    };
    dialogue.ask(&question, |typed| {
        let security = of_word(&typed.to_lowercase());
        let allowed = security.filter(|security| local || *security != Security::None);
        allowed.ok_or_else(|| format!("möglich ist {choices}"))
    })
}

/// The words for [`of_word`].
pub(super) fn words() -> [&'static str; 3] {
    config::SECURITIES.map(|(word, _)| word)
}

/// How the configuration calls it.
pub(super) fn word(security: Security) -> &'static str {
    config::SECURITIES
        .iter()
        .find(|(_, meaning)| *meaning == security)
        .map_or("", |(word, _)| word)
}

/// What the configuration means by this word.
pub(super) fn of_word(word: &str) -> Option<Security> {
    config::SECURITIES
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, meaning)| *meaning)
}

/// Host and port, as [`parse`] reads them.
pub(super) fn address(endpoint: &Endpoint) -> String {
    match endpoint.host.parse() {
        Ok(IpAddr::V6(host)) => format!("[{host}]:{}", endpoint.port),
        _ => format!("{}:{}", endpoint.host, endpoint.port),
    }
}

/// A host with or without a port.
fn parse(text: &str) -> Result<(String, Option<u16>), String> {
    if let Ok(both) = text.parse::<SocketAddr>() {
        return Ok((both.ip().to_string(), Some(both.port())));
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if text.parse::<IpAddr>().is_err() => (host, Some(port)),
        _ => (text, None),
    };
    let port = port.map(|port| {
        let number = port.parse().ok().filter(|number| *number > 0);
        number.ok_or_else(|| format!("\"{port}\" ist kein Port; Ports sind Zahlen von 1 bis 65535"))
    });
    let host = config::parse_host(host)
        .ok_or("das ist kein Name eines Servers wie mail.example.org oder mail.example.org:993")?;
    Ok((host, port.transpose()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(host: &str, port: u16, security: Security) -> Endpoint {
        Endpoint {
            host: host.to_owned(),
            port,
            security,
        }
    }

    #[test]
    fn what_options_leave_open_is_what_is_usual() {
        use Peer::{Imap, Smtp};
        use Security::{None as Clear, Starttls, Tls};
        for (peer, host, port, security, expected) in [
            (Imap, "a.example", None, None, (993, Tls)),
            (Imap, "a.example:143", None, None, (143, Starttls)),
            (Imap, "a.example", Some(143), None, (143, Starttls)),
            (Imap, "a.example", Some(1143), None, (1143, Tls)),
            (Imap, "a.example", None, Some(Starttls), (143, Starttls)),
            (
                Imap,
                "a.example",
                Some(993),
                Some(Starttls),
                (993, Starttls),
            ),
            (Imap, "localhost", None, None, (143, Clear)),
            (Imap, "localhost", Some(993), None, (993, Tls)),
            (Smtp, "a.example", None, None, (587, Starttls)),
            (Smtp, "a.example", Some(465), None, (465, Tls)),
            (Smtp, "a.example", Some(25), None, (25, Starttls)),
            (Smtp, "a.example", Some(2525), None, (2525, Starttls)),
            (Smtp, "a.example", None, Some(Tls), (465, Tls)),
            (Smtp, "localhost", None, None, (25, Clear)),
            (Smtp, "localhost", Some(587), None, (587, Starttls)),
            (Smtp, "::1", None, Some(Clear), (25, Clear)),
        ] {
            let options = Given {
                host: Some(host),
                port,
                security,
            };
            let found = endpoint("mail.example.org", 993, Tls);
            let made = given(peer, &options, &found).unwrap();
            let name = host.split_once(".example:").map_or(host, |_| "a.example");
            let expected = endpoint(name, expected.0, expected.1);
            assert_eq!(made, expected, "{peer:?} {host} {port:?} {security:?}");
        }
    }

    #[test]
    fn a_server_that_was_found_is_taken_as_it_was_found() {
        let found = endpoint("a.example", 1993, Security::Starttls);
        let options = Given {
            host: Some("a.example"),
            ..Given::default()
        };
        for options in [options, Given::default()] {
            assert_eq!(given(Peer::Imap, &options, &found).unwrap(), found);
        }
        let options = Given {
            port: Some(993),
            ..Given::default()
        };
        let made = given(Peer::Imap, &options, &found).unwrap();
        assert_eq!(made, endpoint("a.example", 993, Security::Tls));
    }

    #[test]
    fn nothing_goes_elsewhere_in_clear() {
        let options = Given {
            host: Some("a.example"),
            port: None,
            security: Some(Security::None),
        };
        let found = endpoint("mail.example.org", 587, Security::Starttls);
        let failure = given(Peer::Smtp, &options, &found).unwrap_err();
        assert_eq!(failure.class, Class::Usage);
    }

    #[test]
    fn hosts_are_read_with_and_without_a_port() {
        for (text, expected) in [
            ("mail.example.org", ("mail.example.org", None)),
            ("mail.example.org:993", ("mail.example.org", Some(993))),
            ("127.0.0.1:25", ("127.0.0.1", Some(25))),
            ("::1", ("::1", None)),
            ("[::1]:143", ("::1", Some(143))),
        ] {
            let (host, port) = parse(text).unwrap();
            assert_eq!((host.as_str(), port), expected);
            let back = endpoint(&host, port.unwrap_or(1), Security::Tls);
            assert!(port.is_none() || address(&back) == text);
        }
        for wrong in [
            "",
            "a b",
            "imaps://mail.example.org",
            "mail.example.org:0",
            "mail.example.org:99999",
            "mail.example.org:",
            "antrag@example.org",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
