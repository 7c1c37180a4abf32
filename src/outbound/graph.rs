//! Microsoft Graph: `sendMail` (v1.0) with the mail's own bytes in base 64.
//!
//! Exchange Online makes the envelope from the header: the mail goes to whoever stands in To, Cc and Bcc, and bounces
//! come to From; a null reverse-path there is none. It keeps From, To, Subject, Date, Message-ID, In-Reply-To and
//! References, and may leave out other fields: Auto-Submitted is one (microsoftgraph/msgraph-sdk-dotnet issue 2209,
//! 2023). A copy goes to "Sent Items" of the mailbox; with MIME that cannot be switched off
//! (microsoftgraph/microsoft-graph-docs issue 18698).

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};

use super::{Envelope, Error};
use crate::dns::Resolver;
use crate::halt;
use crate::http;
use crate::mail;
use crate::oauth::{self, AccessToken, Audience, Tokens};

mod answer;
mod error;
mod refusal;
#[cfg(test)]
mod tests;

pub use error::Error as GraphError;

/// The largest mail in bytes: a request has 4 MB at the most ("The maximum request length supported is 4MB"), and base
/// 64 makes four bytes of three. Larger ones take a draft and an upload session for each attachment, which is another
/// mail than the one in the log.
pub const LARGEST: usize = 3_000_000;

/// How much Graph may take, and say: an upload of 4 MB on a bad line, and what Exchange does meanwhile. Giving up
/// earlier is what doubles mails.
const LIMITS: http::Limits = http::Limits {
    time: Duration::from_secs(15 * 60),
    size: 64 * 1024,
    redirects: 0,
};

/// What is no base 64, whoever decodes it.
const NO_MAIL: &[u8] = b"~";

/// Microsoft Graph, and as whom mail is sent there.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphConfig {
    /// of the cloud, without a path: `https://graph.microsoft.com`
    pub url: String,
    /// the mailbox that sends; `None` for that of the person who signed in
    pub mailbox: Option<String>,
    /// what lets us
    pub tokens: Tokens,
    /// certificates trusted beside the system's
    pub ca_file: Option<PathBuf>,
}

impl GraphConfig {
    /// `/me` is for tokens of a person only. With `/users` hers must be her own mailbox, or one she has full access to.
    fn address(&self) -> String {
        let url = &self.url;
        match &self.mailbox {
            None => format!("{url}/v1.0/me/sendMail"),
            Some(mailbox) => format!("{url}/v1.0/users/{}/sendMail", in_path(mailbox)),
        }
    }
}

/// Has a token ready.
pub(super) async fn probe(config: &GraphConfig) -> Result<(), Error> {
    token(config).await?;
    halt::at(halt::Point::Connected);
    Ok(())
}

pub(super) async fn send(
    config: &GraphConfig,
    envelope: &Envelope,
    bytes: &[u8],
) -> Result<String, Error> {
    let size = bytes.len();
    if size > LARGEST {
        return Err(Error::Graph(GraphError::TooLarge { size }));
    }
    if mail::recipients(bytes) != [envelope.to.as_str()] {
        return Err(Error::Graph(GraphError::Recipients));
    }
    let body = STANDARD.encode(bytes).into_bytes();
    let response = post(config, &body).await?;
    match response.status() {
        StatusCode::ACCEPTED => Ok(answer::words(&response)),
        _ => Err(Error::Graph(answer::refused(&response))),
    }
}

/// Sends Graph what is no mail, which it documents to answer with 400 and `ErrorMimeContentInvalidBase64String`: it is
/// there, and has taken the token. Whether it looks at the content before it asks who may send as whom, Microsoft does
/// not say; so this finds most faults of a setup and proves none away.
///
/// # Errors
/// Whatever would keep any mail from being sent, as far as Graph says so.
pub async fn ask_graph(config: &GraphConfig) -> Result<(), Error> {
    let response = post(config, NO_MAIL).await?;
    match answer::refused(&response) {
        error if error.is_about_content() => Ok(()),
        error => Err(Error::Graph(error)),
    }
}

/// A request, once more with another token if Graph does not take the one kept.
async fn post(config: &GraphConfig, body: &[u8]) -> Result<Response<Vec<u8>>, Error> {
    let access = token(config).await?;
    halt::at(halt::Point::Content);
    let response = post_with(config, &access, body).await?;
    let refused = response.status() == StatusCode::UNAUTHORIZED;
    if !refused || !config.tokens.refused(Audience::Graph, &access).await {
        return Ok(response);
    }
    post_with(config, &token(config).await?, body).await
}

async fn token(config: &GraphConfig) -> Result<AccessToken, Error> {
    let token = config.tokens.access(Audience::Graph).await;
    token.map_err(Error::Token)
}

async fn post_with(
    config: &GraphConfig,
    access: &AccessToken,
    body: &[u8],
) -> Result<Response<Vec<u8>>, Error> {
    let bearer = HeaderValue::from_str(&format!("Bearer {}", access.as_str()));
    let mut bearer = bearer.map_err(|_| Error::Token(oauth::Error::Protocol))?;
    bearer.set_sensitive(true);
    let request = Request::post(config.address())
        .header(AUTHORIZATION, bearer)
        .header(CONTENT_TYPE, "text/plain")
        .body(body.to_vec())
        .map_err(|_| failed(http::Error::Address(config.url.clone())))?;
    let resolver = Resolver::of_system().map_err(|error| failed(http::Error::Dns(error)))?;
    let client = http::Client {
        resolver: &resolver,
        ca_file: config.ca_file.as_deref(),
        inner: true,
    };
    client.exchange(request, LIMITS).await.map_err(failed)
}

fn failed(error: http::Error) -> Error {
    match error {
        http::Error::Tls(error) => Error::Connect(error),
        other => Error::Graph(GraphError::Http(other)),
    }
}

/// A name as one piece of a path (RFC 3986 section 3.3).
fn in_path(name: &str) -> String {
    let encode = |byte: u8| match byte {
        b'@' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    name.bytes().map(encode).collect()
}
