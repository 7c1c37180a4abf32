//! The conversation with an IMAP server: async-imap reads and writes the lines and logs in.
//!
//! Commands after the login are run here: async-imap 0.12 takes a NO, a BAD or the end
//! of the connection for the end of a FETCH, STORE, LIST, SEARCH or NOOP, takes the end
//! during IDLE for an interruption, waits for ever when IDLE is refused, and no call of
//! its has a deadline.

use std::io;
use std::time::Duration;

use async_imap::imap_proto::{Capability, MailboxDatum, Response, ResponseCode, Status};
use async_imap::{Client, Connection, Session};
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufWriter};
use tokio::time::{Instant, timeout};

pub(super) use super::meter::Budget;
use super::meter::Metered;
use crate::mailbox::{Error, ImapConfig};
use crate::oauth::{Audience, Credential};
use crate::tls::{self, Security, Stream};

mod append;
mod idle;
mod login;

pub(super) use idle::Idled;
pub(super) use login::Key;

/// How long a server may think about a command: large folders take their time.
pub(super) const COMMAND_LIMIT: Duration = Duration::from_secs(60);

/// A server that has much to say may take so many times the time it has for one response.
const PATIENCE: u32 = 10;

/// How long LOGOUT may take: the program is ending and has five seconds.
const LOGOUT_LIMIT: Duration = Duration::from_secs(1);

/// A session on a server.
#[derive(Debug)]
pub(super) struct Wire {
    session: Session<Metered<BufWriter<Stream>>>,
    tags: u32,
    news: bool,
    /// whose token it was that logged in, if it was one
    by_token: Option<String>,
    /// when the server's certificate ends, if it has one
    pub(super) certificate_end: Option<Timestamp>,
}

impl Wire {
    /// Connects, secures the connection, logs in. A token that is refused may have been revoked: once
    /// more with a new one, if there is any.
    pub(super) async fn open(config: &ImapConfig) -> Result<Self, Error> {
        let tokens = match &config.credential {
            Credential::Password(secret) => {
                return Self::enter(config, Key::Password(secret)).await;
            }
            Credential::OAuth(tokens) => tokens,
        };
        let mut first = true;
        loop {
            let access = Audience::Mail;
            let token = tokens.access(access).await.map_err(Error::Token)?;
            match Self::enter(config, Key::Token(token.as_str())).await {
                Err(error @ Error::NotLetIn { .. }) => {
                    if !tokens.refused(access, &token).await || !first {
                        return Err(error);
                    }
                    first = false;
                }
                entered => return entered,
            }
        }
    }

    /// Connects, secures the connection, logs in.
    pub(super) async fn enter(config: &ImapConfig, key: Key<'_>) -> Result<Self, Error> {
        let host = config.host.as_str();
        let mut tcp = tls::dial(host, config.port).await.map_err(Error::Connect)?;
        let mut greeted = false;
        if config.security == Security::Starttls {
            tcp = starttls(tcp, host).await?;
            greeted = true;
        }
        let stream = match config.security {
            Security::None => Stream::Plain(tcp),
            Security::Tls | Security::Starttls => tls::secure(tcp, host, config.ca_file.as_deref())
                .await
                .map_err(Error::Connect)?,
        };
        let certificate_end = stream.certificate_end();
        // async-imap writes tag, command and line end one by one.
        let mut client = Client::new(Metered::new(BufWriter::new(stream)));
        if !greeted {
            greeting(&mut client).await?;
        }
        let session = Box::pin(login::login(client, config, key)).await?;
        let by_token = matches!(key, Key::Token(_)).then(|| config.username.clone());
        Ok(Self {
            session,
            tags: 0,
            news: false,
            by_token,
            certificate_end,
        })
    }

    /// Runs a command; `take` sees every response, the one that ends it unless it refuses. `limit` is for each of them,
    /// for all together it is [`PATIENCE`] times as long.
    pub(super) async fn run(
        &mut self,
        command: &str,
        limit: Duration,
        take: impl FnMut(&Response<'_>),
    ) -> Result<(), Error> {
        self.run_within(command, limit, Budget::command(), take)
            .await
    }

    /// The same with what the server may say.
    pub(super) async fn run_within(
        &mut self,
        command: &str,
        limit: Duration,
        budget: Budget,
        mut take: impl FnMut(&Response<'_>),
    ) -> Result<(), Error> {
        self.tags += 1;
        let tag = format!("b{}", self.tags);
        let news = &mut self.news;
        run(
            &mut self.session,
            &tag,
            command,
            limit,
            budget,
            |response| {
                *news |= is_news(response);
                take(response);
            },
        )
        .await
        .map_err(|error| self.not_let_in(error))
    }

    /// Exchange lets any token of its tenant in, and refuses every command after that where the token gives no
    /// right to the mailbox: "BAD User is authenticated but not connected." (November 2026).
    fn not_let_in(&self, error: Error) -> Error {
        match (error, &self.by_token) {
            (Error::Refused { words, .. }, Some(username))
                if words.starts_with("User is authenticated but not connected") =>
            {
                let username = username.clone();
                Error::NotLetIn { username, words }
            }
            (error, _) => error,
        }
    }

    /// Whether the server has told of new mail since this was last asked.
    pub(super) fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.news)
    }

    /// Says good-bye.
    pub(super) async fn close(mut self) {
        let _ = timeout(LOGOUT_LIMIT, self.session.logout()).await;
    }
}

/// New mail is announced by EXISTS, and by RECENT beside it.
fn is_news(response: &Response<'_>) -> bool {
    matches!(
        response,
        Response::MailboxData(MailboxDatum::Exists(_) | MailboxDatum::Recent(1..))
    )
}

/// Reads the greeting (RFC 3501 7.1); a session that needs no login is none of ours.
async fn greeting<T: AsyncRead + AsyncWrite + Unpin + std::fmt::Debug + Send>(
    client: &mut Client<Metered<T>>,
) -> Result<(), Error> {
    const COMMAND: &str = "the connection";
    let welcome = read(client, COMMAND, COMMAND_LIMIT, |response| {
        matches!(
            response,
            Response::Data {
                status: Status::Ok,
                ..
            }
        )
    });
    if welcome.await? {
        return Ok(());
    }
    Err(Error::Protocol {
        command: COMMAND.to_owned(),
    })
}

/// Goes up to where TLS begins (RFC 3501 6.2.1). Whatever was read beyond that came in
/// clear and is dropped with the client.
async fn starttls(tcp: tokio::net::TcpStream, host: &str) -> Result<tokio::net::TcpStream, Error> {
    let mut client = Client::new(Metered::new(tcp));
    greeting(&mut client).await?;
    if !capabilities(&mut client)
        .await?
        .iter()
        .any(|c| c == "STARTTLS")
    {
        return Err(Error::Connect(tls::Error::NotOffered {
            host: host.to_owned(),
        }));
    }
    let budget = Budget::command();
    run(&mut client, "s2", "STARTTLS", COMMAND_LIMIT, budget, |_| {}).await?;
    Ok(client.into_inner().into_inner())
}

/// What the server can do before the login, in capitals.
async fn capabilities<T: AsyncRead + AsyncWrite + Unpin + std::fmt::Debug>(
    connection: &mut Connection<Metered<T>>,
) -> Result<Vec<String>, Error> {
    let mut capabilities = Vec::new();
    let budget = Budget::command();
    run(
        connection,
        "s1",
        "CAPABILITY",
        COMMAND_LIMIT,
        budget,
        |response| {
            capabilities.extend(read_capabilities(response));
        },
    )
    .await?;
    Ok(capabilities)
}

/// The capabilities a response names, in capitals.
pub(super) fn read_capabilities(response: &Response<'_>) -> Vec<String> {
    let named = match response {
        Response::Capabilities(named) => named,
        Response::Data { outcome, .. } => match &outcome.code {
            Some(ResponseCode::Capabilities(named)) => named,
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let write = |capability: &Capability<'_>| match capability {
        Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
        Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_ascii_uppercase()),
        Capability::Atom(atom) => atom.to_ascii_uppercase(),
    };
    named.iter().map(write).collect()
}

/// Runs a command under a tag; `take` sees every response but a refusal.
async fn run<T: AsyncRead + AsyncWrite + Unpin + std::fmt::Debug>(
    connection: &mut Connection<Metered<T>>,
    tag: &str,
    command: &str,
    limit: Duration,
    budget: Budget,
    mut take: impl FnMut(&Response<'_>),
) -> Result<(), Error> {
    let name = name(command);
    let patience = limit * PATIENCE;
    let end = Instant::now() + patience;
    connection.get_mut().allow(budget);
    write(connection, &format!("{tag} {command}"), &name).await?;
    loop {
        if Instant::now() > end {
            return Err(slow(&name, patience));
        }
        connection.get_mut().next(budget);
        let done = read(connection, &name, limit, |response| match response {
            Response::Done {
                tag: done,
                status,
                outcome,
            } if done.0 == tag => Some(match status {
                Status::Ok => {
                    take(response);
                    Ok(())
                }
                _ => Err(words(outcome.information.as_deref())),
            }),
            other => {
                take(other);
                None
            }
        });
        if let Some(done) = done.await? {
            return done.map_err(|words| Error::Refused {
                command: name,
                words,
            });
        }
    }
}

async fn write<T: AsyncRead + AsyncWrite + Unpin + std::fmt::Debug>(
    connection: &mut Connection<Metered<T>>,
    line: &str,
    command: &str,
) -> Result<(), Error> {
    let line = format!("{line}\r\n");
    let stream = connection.get_mut();
    let writing = async {
        stream.write_all(line.as_bytes()).await?;
        stream.flush().await
    };
    timeout(COMMAND_LIMIT, writing)
        .await
        .map_err(|_| slow(command, COMMAND_LIMIT))?
        .map_err(|error| broken(error, command))
}

/// Reads one response, unless it or the lack of one says that the connection has ended.
async fn read<T: AsyncRead + AsyncWrite + Unpin + std::fmt::Debug, R>(
    connection: &mut Connection<Metered<T>>,
    command: &str,
    limit: Duration,
    take: impl FnOnce(&Response<'_>) -> R,
) -> Result<R, Error> {
    let response = timeout(limit, connection.read_response())
        .await
        .map_err(|_| slow(command, limit))?
        .map_err(|error| broken(error, command))?
        .ok_or_else(|| lost(command))?;
    match response.parsed() {
        Response::Data {
            status: Status::Bye,
            outcome,
        } => Err(Error::Bye {
            words: words(outcome.information.as_deref()),
        }),
        response => Ok(take(response)),
    }
}

/// A command without its arguments, which may be private.
fn name(command: &str) -> String {
    let words = if command.starts_with("UID ") { 2 } else { 1 };
    command.split(' ').take(words).collect::<Vec<_>>().join(" ")
}

fn words(information: Option<&str>) -> String {
    information.unwrap_or("without a reason").to_owned()
}

fn slow(command: &str, limit: Duration) -> Error {
    Error::Timeout {
        command: command.to_owned(),
        limit,
    }
}

fn lost(command: &str) -> Error {
    Error::Lost {
        command: command.to_owned(),
        source: None,
    }
}

/// Reading fails by the line or, as "other", by what came over it.
fn broken(error: io::Error, command: &str) -> Error {
    match error.kind() {
        io::ErrorKind::Other => Error::Protocol {
            command: command.to_owned(),
        },
        _ => Error::Lost {
            command: command.to_owned(),
            source: Some(error),
        },
    }
}
