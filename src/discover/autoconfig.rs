//! The file of a domain for mail programs, as Thunderbird has introduced it ("config-v1.1.xml").
//!
//! Only by HTTPS: what names the servers for a password must come from the domain itself. The
//! address is sent only where the domain's name alone brings nothing.

use std::net::IpAddr;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::clue::{Clue, Offer};
use super::{Account, Endpoint, Source};
use crate::http::{self, Limits, is_public};
use crate::tls::Security;

/// The largest file that is read, in bytes; real ones have two or three thousand.
const SIZE: usize = 64 * 1024;

/// How deep its elements may lie in one another; real ones need five.
const DEPTH: usize = 16;

/// The most characters of one value.
const VALUE: usize = 320;

/// Below the domain that the file is fetched from.
const PATH: &str = "mail/config-v1.1.xml";

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// where mail is fetched
    pub imap: Option<Endpoint>,
    /// where mail is handed over
    pub smtp: Option<Endpoint>,
    /// the name to log in with
    pub username: Option<String>,
    /// whether the servers take passwords
    pub takes_password: bool,
}

/// Fetches and reads the file of a domain.
pub(super) async fn ask(client: http::Client<'_>, account: &Account) -> Option<Clue> {
    let domain = &account.domain;
    let own = client.resolver.addresses(domain).await.unwrap_or_default();
    let client = http::Client {
        inner: own.iter().any(|address| !is_public(*address)),
        ..client
    };
    let special = format!("https://autoconfig.{domain}/{PATH}");
    let general = format!("https://{domain}/.well-known/autoconfig/{PATH}");
    let (by_special, by_general) = tokio::join!(
        fetch(client, &special, account),
        fetch(client, &general, account)
    );
    let settings = match (by_special, by_general) {
        (Answer::Settings(settings), _) | (_, Answer::Settings(settings)) => settings,
        (Answer::Useless, _) => {
            let address = escaped(&account.address);
            let special = format!("{special}?emailaddress={address}");
            match fetch(client, &special, account).await {
                Answer::Settings(settings) => settings,
                _ => return None,
            }
        }
        _ => return None,
    };
    let (imap, smtp) = tokio::join!(
        reachable(client, settings.imap),
        reachable(client, settings.smtp)
    );
    Some(Clue {
        source: Source::Autoconfig,
        imap,
        smtp,
        username: settings.username,
        takes_password: settings.takes_password,
    })
}

/// What a place has to say.
enum Answer {
    Settings(Settings),
    /// a server, but nothing of use
    Useless,
    /// nobody is there
    Nobody,
}

async fn fetch(client: http::Client<'_>, place: &str, account: &Account) -> Answer {
    let limits = Limits {
        time: super::AUTOCONFIG_LIMIT / 2,
        size: SIZE,
        redirects: 3,
    };
    match client.get(place, limits).await {
        Ok(file) => parse(&file, account).map_or(Answer::Useless, Answer::Settings),
        Err(http::Error::Status { .. } | http::Error::TooLarge { .. }) => Answer::Useless,
        Err(_) => Answer::Nobody,
    }
}

/// A server, unless its file has us knock at a machine that is not public.
async fn reachable(client: http::Client<'_>, endpoint: Option<Endpoint>) -> Offer {
    let Some(endpoint) = endpoint else {
        return Offer::Unknown;
    };
    let addresses = client.resolver.addresses(&endpoint.host).await;
    let addresses = addresses.unwrap_or_default();
    let is_good = |address: &IpAddr| client.inner || is_public(*address);
    let is_reachable = !addresses.is_empty() && addresses.iter().all(is_good);
    Offer::from(is_reachable.then_some(endpoint))
}

/// An address as the value of a query (RFC 3986 section 3.4).
fn escaped(address: &str) -> String {
    let mut escaped = String::new();
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// A server as the file describes it.
#[derive(Debug, Default)]
struct Server {
    kind: String,
    host: String,
    port: String,
    socket: String,
    username: String,
    authentication: Vec<String>,
}

/// Reads a file; none if it is no such file, or names no server that can be used.
pub fn parse(file: &[u8], account: &Account) -> Option<Settings> {
    if file.len() > SIZE {
        return None;
    }
    let text = String::from_utf8_lossy(file);
    let servers = read(text.trim_start_matches('\u{feff}'))?;
    let best = |kind| {
        let of_kind = servers.iter().filter(|server| server.kind == kind);
        let usable = of_kind.filter_map(|server| Some((server, server.endpoint(account)?)));
        usable.min_by_key(|(server, endpoint)| {
            let is_tls = endpoint.security == Security::Tls;
            (!server.takes_password(), !is_tls)
        })
    };
    let (imap, smtp) = (best("imap"), best("smtp"));
    let username = imap.as_ref().or(smtp.as_ref());
    let username = username.map(|(server, _)| filled(&server.username, account));
    let takes_password = [&imap, &smtp]
        .into_iter()
        .flatten()
        .all(|(server, _)| server.takes_password());
    (imap.is_some() || smtp.is_some()).then(|| Settings {
        imap: imap.map(|(_, endpoint)| endpoint),
        smtp: smtp.map(|(_, endpoint)| endpoint),
        username: username.filter(|name| !name.is_empty() && !name.contains(char::is_control)),
        takes_password,
    })
}

/// The servers of the first provider in a file. What is no well-formed XML, has a DTD or names an
/// entity is no such file.
fn read(text: &str) -> Option<Vec<Server>> {
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut servers: Vec<Server> = Vec::new();
    let mut value = String::new();
    let mut providers = 0;
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                path.push(tag.name().as_ref().to_owned());
                if path.len() > DEPTH {
                    return None;
                }
                value.clear();
                match names(&path).as_slice() {
                    ["clientConfig", "emailProvider"] => providers += 1,
                    [
                        "clientConfig",
                        "emailProvider",
                        "incomingServer" | "outgoingServer",
                    ] if providers == 1 => {
                        servers.push(Server::of(&tag));
                    }
                    _ => {}
                }
            }
            Event::Text(text) => value.push_str(&text.xml10_content()),
            Event::CData(text) => value.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => value.push_str(&character(&reference)?),
            Event::End(_) => {
                if let Some(server) = servers.last_mut().filter(|_| providers == 1) {
                    server.take(&names(&path), value.trim());
                }
                path.pop();
                value.clear();
            }
            Event::DocType(_) => return None,
            Event::Eof => return path.is_empty().then_some(servers),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// What a reference stands for, if it is a character's number or one of the five names of XML.
fn character(reference: &BytesRef<'_>) -> Option<String> {
    match reference.resolve_char_ref().ok()? {
        Some(character) => Some(character.to_string()),
        None => resolve_xml_entity(&reference.xml10_content()).map(str::to_owned),
    }
}

fn names(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

impl Server {
    fn of(tag: &BytesStart<'_>) -> Self {
        let kind = tag.try_get_attribute("type").ok().flatten();
        Self {
            kind: kind.map(|kind| kind.value.into_owned()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Takes the value of an element, if it is one of a server's.
    fn take(&mut self, path: &[&str], value: &str) {
        let [
            "clientConfig",
            "emailProvider",
            "incomingServer" | "outgoingServer",
            name,
        ] = path
        else {
            return;
        };
        let value: String = value.chars().take(VALUE).collect();
        match *name {
            "hostname" => self.host = value,
            "port" => self.port = value,
            "socketType" => self.socket = value,
            "username" => self.username = value,
            "authentication" => self.authentication.push(value),
            _ => {}
        }
    }

    /// Where it is; none unless it is secured.
    fn endpoint(&self, account: &Account) -> Option<Endpoint> {
        let security = match self.socket.to_ascii_uppercase().as_str() {
            "SSL" | "TLS" => Security::Tls,
            "STARTTLS" => Security::Starttls,
            _ => return None,
        };
        Endpoint::new(
            &filled(&self.host, account),
            self.port.parse().ok()?,
            security,
        )
    }

    fn takes_password(&self) -> bool {
        let is_password = |way: &String| {
            let way = way.to_ascii_lowercase();
            // the latter two are older names
            way.starts_with("password-") || way == "plain" || way == "secure"
        };
        self.authentication.is_empty() || self.authentication.iter().any(is_password)
    }
}

/// A value with the address in the place of its names.
fn filled(value: &str, account: &Account) -> String {
    value
        .replace("%EMAILADDRESS%", &account.address)
        .replace("%EMAILLOCALPART%", &account.local)
        .replace("%EMAILDOMAIN%", &account.domain)
}
