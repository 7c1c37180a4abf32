//! Logging in: by a password or by a token.

use async_imap::error::Error as ImapError;
use async_imap::{Authenticator, Client, Session};
use tokio::io::BufWriter;
use tokio::time::timeout;

use super::{COMMAND_LIMIT, Metered, Stream, broken, capabilities, lost, slow};
use crate::mailbox::{Error, ImapConfig};
use crate::sasl::{self, Bearer};
use crate::secret::Secret;

type Stack = Metered<BufWriter<Stream>>;

/// In event lines it stands for AUTHENTICATE, too.
const COMMAND: &str = "LOGIN";

/// The longest command that servers have to take (RFC 7162 section 4).
const LINE_BYTES: usize = 8192;

/// What proves who logs in.
#[derive(Clone, Copy)]
pub(in crate::mailbox::imap) enum Key<'a> {
    /// read now
    Password(&'a Secret),
    /// an access token
    Token(&'a str),
}

/// Logs in by a token; or by PLAIN, which takes any character of a password, or by LOGIN where there is
/// no PLAIN.
pub(super) async fn login(
    mut client: Client<Stack>,
    config: &ImapConfig,
    key: Key<'_>,
) -> Result<Session<Stack>, Error> {
    let password = match key {
        Key::Password(secret) => secret.read().await.map_err(Error::Secret)?,
        Key::Token(_) => String::new(),
    };
    let offered = capabilities(&mut client).await?;
    let offers = |name: &str| offered.iter().any(|offer| offer == name);
    let sasl = match key {
        Key::Token(token) => {
            let bearer = Bearer::of(|name| offers(&format!("AUTH={name}")));
            let bearer = bearer.ok_or(Error::NoMechanism)?;
            Some(with_token(config, bearer, token, offers("SASL-IR")))
        }
        Key::Password(_) if offers("AUTH=PLAIN") => {
            let plain = format!("\0{}\0{password}", config.username);
            Some(("PLAIN".to_owned(), Answers(Some(plain), "")))
        }
        Key::Password(_) if offers("LOGINDISABLED") => return Err(Error::NoMechanism),
        Key::Password(_) => None,
    };
    let attempt = async {
        match sasl {
            Some((mechanism, answers)) => client.authenticate(mechanism, answers).await,
            None => client.login(&config.username, &password).await,
        }
    };
    timeout(COMMAND_LIMIT, attempt)
        .await
        .map_err(|_| slow(COMMAND, COMMAND_LIMIT))?
        .map_err(|(error, _)| translate(error, config, key))
}

/// The argument of AUTHENTICATE, with the token where the server takes it at once (SASL-IR, RFC 4959),
/// and what is answered to the server.
fn with_token(
    config: &ImapConfig,
    bearer: Bearer,
    token: &str,
    at_once: bool,
) -> (String, Answers) {
    let (name, last) = (bearer.name(), bearer.acknowledgement());
    let initial = bearer.initial(&config.username, &config.host, config.port, token);
    let argument = format!("{name} {}", sasl::encoded(&initial));
    // Tag, command and line end take a part of the line.
    if at_once && argument.len() < LINE_BYTES - 64 {
        return (argument, Answers(None, last));
    }
    (name.to_owned(), Answers(Some(initial), last))
}

/// What is answered to the server's challenges: the first of them, if any, and every other.
struct Answers(Option<String>, &'static str);

impl Authenticator for Answers {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.0.take().unwrap_or_else(|| self.1.to_owned())
    }
}

/// The one place where async-imap's errors become ours.
fn translate(error: ImapError, config: &ImapConfig, key: Key<'_>) -> Error {
    let words = match error {
        ImapError::No(text) | ImapError::Bad(text) => {
            let words = server_words(&text);
            // Not the password, but the server is at fault (RFC 5530 3).
            let passes = ["[UNAVAILABLE]", "[INUSE]", "[SERVERBUG]", "[LIMIT]"];
            if passes.iter().any(|code| words.starts_with(code)) {
                let command = COMMAND.to_owned();
                return Error::Refused { command, words };
            }
            words
        }
        ImapError::Io(error) => return broken(error, COMMAND),
        ImapError::ConnectionLost => return lost(COMMAND),
        error => error.to_string(),
    };
    let username = config.username.clone();
    match key {
        Key::Password(_) => Error::Login { username, words },
        Key::Token(_) => Error::NotLetIn { username, words },
    }
}

/// The server's words out of async-imap's "code: …, info: Some(\"…\")".
fn server_words(text: &str) -> String {
    let words = text
        .split_once("info: Some(\"")
        .and_then(|(_, rest)| rest.strip_suffix("\")"));
    words.unwrap_or(text).to_owned()
}
