//! SMTP (RFC 5321) by lettre, one connection for many mails, commands in groups where the
//! server takes them so (PIPELINING, RFC 2920).

use std::time::Duration;

use jiff::Timestamp;
use lettre::Address;
use lettre::transport::smtp::Error as LettreError;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Envelope, Error, SmtpConfig, Step};
use crate::oauth::{Audience, Credential};
use crate::tls::{self, Security, Stream};

mod login;
mod survey;
#[cfg(test)]
mod tests;
mod wire;

use login::Key;
pub use survey::{Survey, survey};
use wire::Wire;

/// How long the server may take for most replies (RFC 5321 4.5.3.2.1 to .3).
const REPLY_LIMIT: Duration = Duration::from_secs(5 * 60);

/// How long a mail may take, and then the reply to its final dot: three minutes and ten
/// (RFC 5321 4.5.3.2.5 and .6). Giving up earlier is what doubles mails.
const CONTENT_LIMIT: Duration = Duration::from_secs(13 * 60);

/// How long QUIT may take: nothing depends on it.
const QUIT_LIMIT: Duration = Duration::from_secs(1);

/// A mail server, and the connection to it while there is one.
pub(super) struct Smtp {
    config: SmtpConfig,
    connection: Option<Connection>,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp")
            .field("config", &self.config)
            .field("connected", &self.connection.is_some())
            .finish()
    }
}

impl Smtp {
    pub(super) fn new(config: &SmtpConfig) -> Self {
        Self {
            config: config.clone(),
            connection: None,
        }
    }

    pub(super) async fn probe(&mut self) -> Result<(), Error> {
        if self.connection.is_none() {
            self.connection = Some(Box::pin(Connection::open(&self.config)).await?);
        }
        Ok(())
    }

    pub(super) async fn send(
        &mut self,
        envelope: &Envelope,
        bytes: &[u8],
    ) -> Result<String, Error> {
        let kept = self.connection.is_some();
        match self.attempt(envelope, bytes).await {
            Err(error) if kept && is_stale(&error) => self.attempt(envelope, bytes).await,
            result => result,
        }
    }

    async fn attempt(&mut self, envelope: &Envelope, bytes: &[u8]) -> Result<String, Error> {
        // Taken out: a send that is dropped half-way leaves no connection behind.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Box::pin(Connection::open(&self.config)).await?,
        };
        let result = connection.send(envelope, bytes).await;
        match &result {
            Ok(_) => self.connection = Some(connection),
            Err(Error::Refused { .. }) => connection.quit().await,
            Err(_) => {}
        }
        result
    }

    pub(super) async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.quit().await;
        }
    }
}

/// Whether a kept connection, or the login on it, had ended before it was used again: no mail
/// has been handed over, so the same may be sent once more.
fn is_stale(error: &Error) -> bool {
    matches!(
        error,
        Error::Lost {
            step: Step::Mail,
            ..
        } | Error::Refused {
            step: Step::Mail,
            code: 421 | 530 | 535,
            ..
        }
    )
}

/// A connection, logged in.
struct Connection {
    lettre: AsyncSmtpConnection,
    pipelining: bool,
    /// the largest mail it takes, in bytes (SIZE, RFC 1870), if it says so
    size_limit: Option<u64>,
    /// when the server's certificate ends, if it has one
    certificate_end: Option<Timestamp>,
}

impl Connection {
    /// Connects, secures the connection, logs in. A token that is refused may have been revoked: once
    /// more with a new one, if there is any.
    async fn open(config: &SmtpConfig) -> Result<Self, Error> {
        let tokens = match &config.credential {
            None => return Self::enter(config, None).await,
            Some(Credential::Password(secret)) => {
                return Self::enter(config, Some(Key::Password(secret))).await;
            }
            Some(Credential::OAuth(tokens)) => tokens,
        };
        let mut first = true;
        loop {
            let access = Audience::Mail;
            let token = tokens.access(access).await.map_err(Error::Token)?;
            match Self::enter(config, Some(Key::Token(token.as_str()))).await {
                Err(error) if error.is_about_token() => {
                    if !tokens.refused(access, &token).await || !first {
                        return Err(error);
                    }
                    first = false;
                }
                entered => return entered,
            }
        }
    }

    /// Connects, secures the connection, logs in where there is a name to do so.
    async fn enter(config: &SmtpConfig, key: Option<Key<'_>>) -> Result<Self, Error> {
        let host = config.host.as_str();
        let mut tcp = tls::dial(host, config.port).await.map_err(Error::Connect)?;
        let name = own_name(&tcp).await;
        let greeting = match config.security {
            Security::Starttls => timeout(REPLY_LIMIT, wire::starttls(&mut tcp, host, &name))
                .await
                .map_err(|_| slow(Step::Greeting, REPLY_LIMIT))??,
            Security::Tls | Security::None => Vec::new(),
        };
        let stream = match config.security {
            Security::None => Stream::Plain(tcp),
            Security::Tls | Security::Starttls => tls::secure(tcp, host, config.ca_file.as_deref())
                .await
                .map_err(Error::Connect)?,
        };
        let certificate_end = stream.certificate_end();
        let wire = Box::new(Wire::new(greeting, stream));
        let opening = AsyncSmtpConnection::connect_with_transport(wire, &name);
        let mut lettre = within(Step::Greeting, REPLY_LIMIT, opening).await?;
        // lettre keeps of the reply to EHLO what it knows; PIPELINING it does not.
        let hello = lettre.command(Ehlo::new(name));
        let offers = within(Step::Greeting, REPLY_LIMIT, hello).await?;
        let pipelining = offers
            .message()
            .any(|line| line.trim().eq_ignore_ascii_case("PIPELINING"));
        let size_limit = offers.message().find_map(size_limit);
        if let (Some(username), Some(key)) = (&config.username, key) {
            login::login(&mut lettre, &offers, config, username, key).await?;
        }
        crate::halt::at(crate::halt::Point::Connected);
        Ok(Self {
            lettre,
            pipelining,
            size_limit,
            certificate_end,
        })
    }

    async fn send(&mut self, envelope: &Envelope, bytes: &[u8]) -> Result<String, Error> {
        let commands = self.commands(envelope, bytes)?;
        let group: String = commands.iter().map(|(_, line)| line.as_str()).collect();
        for (step, line) in &commands {
            let lettre = &mut self.lettre;
            let reply = async {
                match (self.pipelining, step) {
                    (false, _) => lettre.command(line).await,
                    (true, Step::Mail) => lettre.command(&group).await,
                    (true, _) => lettre.read_response().await,
                }
            };
            expected(*step, within(*step, REPLY_LIMIT, reply).await?)?;
        }
        crate::halt::at(crate::halt::Point::Content);
        let content = bytes.strip_suffix(b"\r\n").unwrap_or(bytes);
        let sending = async {
            match str::from_utf8(content) {
                Ok(text) => self.lettre.command(transparent(text)).await,
                Err(_) => self.lettre.message(content).await,
            }
        };
        let reply = within(Step::Content, CONTENT_LIMIT, sending).await?;
        let reply = expected(Step::Content, reply)?;
        Ok(format!("{} {}", u16::from(reply.code()), words(&reply)))
    }

    /// What is said before the mail itself.
    fn commands(&self, envelope: &Envelope, bytes: &[u8]) -> Result<[(Step, String); 3], Error> {
        let address = |text: &str| text.parse::<Address>().map_err(Error::Address);
        let to = address(&envelope.to)?;
        let from = match envelope.from.as_str() {
            "" => None,
            from => Some(address(from)?),
        };
        let server = self.lettre.server_info();
        let mut parameters = Vec::new();
        if !envelope.to.is_ascii() || !envelope.from.is_ascii() {
            if !server.supports_feature(Extension::SmtpUtfEight) {
                return Err(Error::NoSmtputf8);
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !bytes.is_ascii() && server.supports_feature(Extension::EightBitMime) {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok([
            (Step::Mail, Mail::new(from, parameters).to_string()),
            (Step::Rcpt, Rcpt::new(to, Vec::new()).to_string()),
            (Step::Data, Data.to_string()),
        ])
    }

    async fn quit(mut self) {
        let _ = timeout(QUIT_LIMIT, self.lettre.quit()).await;
    }
}

/// A mail up to its final dot, those that begin its lines doubled (RFC 5321 4.5.2). lettre does the same byte
/// by byte, which takes longer than all else it does.
fn transparent(content: &str) -> String {
    let first = if content.starts_with('.') { "." } else { "" };
    format!("{first}{}\r\n.\r\n", content.replace("\r\n.", "\r\n.."))
}

/// The number of a line "SIZE 52428800"; 0 is no limit (RFC 1870 4).
fn size_limit(line: &str) -> Option<u64> {
    let (word, number) = line.trim().split_once(' ')?;
    let number = number.trim().parse().ok().filter(|number| *number > 0);
    number.filter(|_| word.eq_ignore_ascii_case("SIZE"))
}

/// How this machine calls itself: its full name, or its address where it has none
/// (RFC 5321 4.1.1.1).
async fn own_name(tcp: &TcpStream) -> ClientId {
    let name = tokio::fs::read_to_string("/proc/sys/kernel/hostname").await;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    match (name, tcp.local_addr()) {
        (Ok(name), _) if name.trim().contains('.') && name.trim().chars().all(is_plain) => {
            ClientId::Domain(name.trim().to_owned())
        }
        (_, Ok(std::net::SocketAddr::V4(address))) => ClientId::Ipv4(*address.ip()),
        (_, Ok(std::net::SocketAddr::V6(address))) => ClientId::Ipv6(*address.ip()),
        (_, Err(_)) => ClientId::default(),
    }
}

/// Gives a step its deadline, for lettre has none, and its failure our words.
async fn within<T>(
    step: Step,
    limit: Duration,
    doing: impl Future<Output = Result<T, LettreError>>,
) -> Result<T, Error> {
    timeout(limit, doing)
        .await
        .map_err(|_| slow(step, limit))?
        .map_err(|error| translate(step, &error))
}

/// A reply of the kind that belongs to the step: 354 to DATA, 2xx to all others. lettre takes
/// either for either, and would believe a reply that answers another command.
fn expected(step: Step, reply: Response) -> Result<Response, Error> {
    let code = u16::from(reply.code());
    match (step, code) {
        (Step::Data, 354) => Ok(reply),
        (Step::Data, _) => Err(Error::Protocol { step }),
        (_, 200..300) => Ok(reply),
        _ => Err(Error::Protocol { step }),
    }
}

fn slow(step: Step, limit: Duration) -> Error {
    Error::Timeout { step, limit }
}

/// The one place where lettre's errors become ours.
fn translate(step: Step, error: &LettreError) -> Error {
    let source = std::error::Error::source(error);
    let text = source.map(ToString::to_string).unwrap_or_default();
    if let Some(code) = error.status() {
        return refused(step, u16::from(code), text);
    }
    // What lettre says when the connection ends before a reply does.
    if error.is_response() && text == "incomplete response" {
        return Error::Lost { step, source: None };
    }
    match source.and_then(|source| source.downcast_ref::<std::io::Error>()) {
        // A reply that is not UTF-8.
        Some(error) if error.kind() != std::io::ErrorKind::InvalidData => Error::Lost {
            step,
            source: Some(std::io::Error::new(error.kind(), text)),
        },
        _ => Error::Protocol { step },
    }
}

fn refused(step: Step, code: u16, reply: String) -> Error {
    let is_enhanced = |word: &&str| {
        let parts: Vec<&str> = word.split('.').collect();
        let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        parts.len() == 3 && parts.iter().all(is_number)
    };
    let first = reply.split_ascii_whitespace().next();
    Error::Refused {
        step,
        code,
        enhanced: first.filter(is_enhanced).map(str::to_owned),
        reply,
    }
}

fn words(reply: &Response) -> String {
    reply.message().collect::<Vec<_>>().join(" ")
}
