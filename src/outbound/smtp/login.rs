//! AUTH (RFC 4954): by a password or by a token.

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::response::Response;

use super::{REPLY_LIMIT, within};
use crate::outbound::{Error, SmtpConfig, Step};
use crate::sasl::{self, Bearer};
use crate::secret::Secret;

/// In order of preference; both give the password away and need TLS.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// What proves who logs in.
#[derive(Clone, Copy)]
pub(super) enum Key<'a> {
    /// read now
    Password(&'a Secret),
    /// an access token
    Token(&'a str),
}

/// Logs in; `offers` is the reply to EHLO.
pub(super) async fn login(
    lettre: &mut AsyncSmtpConnection,
    offers: &Response,
    config: &SmtpConfig,
    username: &str,
    key: Key<'_>,
) -> Result<(), Error> {
    match key {
        Key::Password(secret) => {
            let password = secret.read().await.map_err(Error::Secret)?;
            by_password(lettre, username, password).await
        }
        Key::Token(token) => {
            let offered = |name: &str| offers.message().any(|line| has_mechanism(line, name));
            let bearer = Bearer::of(offered).ok_or(Error::NoMechanism)?;
            let initial = bearer.initial(username, &config.host, config.port, token);
            by_token(lettre, bearer, &initial).await
        }
    }
}

async fn by_password(
    lettre: &mut AsyncSmtpConnection,
    username: &str,
    password: String,
) -> Result<(), Error> {
    let server = lettre.server_info();
    if server.get_auth_mechanism(&MECHANISMS).is_none() {
        return Err(Error::NoMechanism);
    }
    let credentials = Credentials::new(username.to_owned(), password);
    let login = lettre.auth(&MECHANISMS, &credentials);
    within(Step::Login, REPLY_LIMIT, login).await?;
    Ok(())
}

/// The token is too long for the line of AUTH (RFC 4954 section 4: 512 bytes): the server asks for it.
async fn by_token(
    lettre: &mut AsyncSmtpConnection,
    bearer: Bearer,
    initial: &str,
) -> Result<(), Error> {
    let asked = say(lettre, &format!("AUTH {}", bearer.name())).await?;
    if asked != CHALLENGE {
        return Err(Error::Protocol { step: Step::Token });
    }
    let mut answered = say(lettre, &sasl::encoded(initial)).await?;
    if answered == CHALLENGE {
        // It has said why it refuses the token, and says that it does once it knows that this was heard.
        answered = say(lettre, &sasl::encoded(bearer.acknowledgement())).await?;
    }
    match answered {
        ACCEPTED => Ok(()),
        _ => Err(Error::Protocol { step: Step::Token }),
    }
}

/// Authentication succeeded.
const ACCEPTED: u16 = 235;
/// A challenge.
const CHALLENGE: u16 = 334;

async fn say(lettre: &mut AsyncSmtpConnection, line: &str) -> Result<u16, Error> {
    let saying = lettre.command(format!("{line}\r\n"));
    let reply = within(Step::Token, REPLY_LIMIT, saying).await?;
    Ok(u16::from(reply.code()))
}

/// Whether a line of the reply to EHLO offers the mechanism; old servers write "AUTH=".
fn has_mechanism(line: &str, name: &str) -> bool {
    let mut words = line.split([' ', '=']);
    let is_auth = words
        .next()
        .is_some_and(|word| word.eq_ignore_ascii_case("AUTH"));
    is_auth && words.any(|word| word.eq_ignore_ascii_case(name))
}
