//! OAuth 2.0 (RFC 6749): the tokens that servers take in place of a password.
//!
//! In: how this bot is registered with its provider. Out: an access token for whoever logs in or
//! calls. Never here: SASL, mail, whom to tell.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use oauth2::basic::BasicClient;
use oauth2::{
    AsyncHttpClient, ClientId, ClientSecret, HttpRequest, HttpResponse, Scope, TokenResponse,
    TokenUrl,
};

use crate::dns::{self, Resolver};
use crate::http;
use crate::secret::{Secret, SecretError};

/// How tokens are had (`[oauth]`).
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// who gives them out, and so whose words a refusal is in
    pub provider: Provider,
    /// what they are given for
    pub grant: Grant,
    /// where the client asks
    pub endpoints: Endpoints,
    /// the client's name at the provider (RFC 6749 section 2.2)
    pub client_id: String,
    /// what proves that it is the client (section 2.3.1); public clients have none
    pub client_secret: Option<Secret>,
    /// its last day, as the provider said when it made it
    pub client_secret_expires: Option<Date>,
    /// what is asked for to read and send mail by IMAP and SMTP (section 3.3), blanks between
    pub mail_scope: String,
    /// what is asked for to send mail by Microsoft Graph
    pub graph_scope: String,
    /// certificates trusted beside the system's
    pub ca_file: Option<PathBuf>,
    /// the file that tokens are kept in
    pub store: PathBuf,
}

/// Who gives tokens out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Microsoft Entra ID
    Microsoft,
    /// Google
    Google,
    /// any other
    Other,
}

/// What tokens are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// the client's own secret (RFC 6749 section 4.4)
    ClientCredentials,
    /// a person's consent, given on another device with a code (RFC 8628); then a refresh token
    DeviceCode,
    /// a person's consent, given in a browser (RFC 6749 section 4.1); then a refresh token
    AuthorizationCode,
}

/// The provider's addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// RFC 6749 section 3.2
    pub token: String,
    /// RFC 8628 section 3.1, for [`Grant::DeviceCode`]
    pub device: Option<String>,
    /// RFC 6749 section 3.1, for [`Grant::AuthorizationCode`]
    pub authorization: Option<String>,
}

/// Whom a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// IMAP and SMTP
    Mail,
    /// Microsoft Graph
    Graph,
}

/// What proves to a server who logs in.
#[derive(Debug, Clone, PartialEq)]
pub enum Credential {
    /// a password, read anew at every login
    Password(Secret),
    /// a token
    OAuth(Tokens),
}

/// An access token (RFC 6749 section 1.4): worth as much as a password while it lasts.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(String);

impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl AccessToken {
    /// For the server it is meant for, and for nobody else.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// No token.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// the client's secret cannot be read
    #[error("the client secret cannot be read")]
    Secret(#[source] SecretError),
    /// the DNS cannot be asked
    #[error("the token server cannot be looked up")]
    Dns(#[source] dns::Error),
    /// the token server gives no answer
    #[error("the token server cannot be asked")]
    Http(#[source] http::Error),
    /// it gives one that no token server would
    #[error("the token server does not answer as one")]
    Protocol,
    /// it says no
    #[error("the token server refuses: {code}")]
    Refused {
        /// RFC 6749 section 5.2
        code: String,
    },
}

impl Error {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Secret(source) => source.hint(),
            Self::Dns(_) | Self::Http(_) | Self::Protocol => {
                "it is tried again; if it stays, check token_url, and whether this machine may reach it by HTTPS"
            }
            Self::Refused { .. } => "check client_id, client_secret and tenant",
        }
    }

    /// A fixed word for log and counters.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Secret(_) => "secret",
            Self::Dns(_) | Self::Http(_) | Self::Protocol => "oauth-server",
            Self::Refused { .. } => "oauth-refused",
        }
    }
}

/// How much a token server may take, and say.
const LIMITS: http::Limits = http::Limits {
    time: Duration::from_secs(30),
    size: 64 * 1024,
    redirects: 0,
};

/// Where tokens come from; all that log in share one.
#[derive(Debug, Clone)]
pub struct Tokens(Arc<Config>);

impl PartialEq for Tokens {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Tokens {
    /// Those of a client.
    pub fn of(config: Config) -> Self {
        Self(Arc::new(config))
    }

    /// How they are had.
    pub fn config(&self) -> &Config {
        &self.0
    }

    /// A token that is good for some minutes at least.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn access(&self, audience: Audience) -> Result<AccessToken, Error> {
        let config = &*self.0;
        let url = TokenUrl::new(config.endpoints.token.clone()).map_err(|_| Error::Protocol)?;
        let mut client =
            BasicClient::new(ClientId::new(config.client_id.clone())).set_token_uri(url);
        if let Some(secret) = &config.client_secret {
            let secret = secret.read().await.map_err(Error::Secret)?;
            client = client.set_client_secret(ClientSecret::new(secret));
        }
        let scope = match audience {
            Audience::Mail => &config.mail_scope,
            Audience::Graph => &config.graph_scope,
        };
        let asking = client
            .exchange_client_credentials()
            .add_scopes(scope.split(' ').map(|scope| Scope::new(scope.to_owned())));
        let peer = Peer {
            resolver: Resolver::of_system().map_err(Error::Dns)?,
            config: Arc::clone(&self.0),
        };
        let answer = asking.request_async(&peer).await.map_err(named)?;
        Ok(AccessToken(answer.access_token().secret().clone()))
    }

    /// A server would not have this token: the next one is a new one. Whether there may be one that does
    /// better: not if this one came fresh from the token server.
    pub async fn refused(&self, _audience: Audience, _token: &AccessToken) -> bool {
        false
    }
}

/// The token server.
struct Peer {
    resolver: Resolver,
    config: Arc<Config>,
}

impl<'c> AsyncHttpClient<'c> for Peer {
    type Error = http::Error;
    type Future =
        std::pin::Pin<Box<dyn Future<Output = Result<HttpResponse, http::Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let client = http::Client {
                resolver: &self.resolver,
                ca_file: self.config.ca_file.as_deref(),
                inner: true,
            };
            client.exchange(request, LIMITS).await
        })
    }
}

fn named(
    error: oauth2::RequestTokenError<http::Error, oauth2::basic::BasicErrorResponse>,
) -> Error {
    use oauth2::RequestTokenError as Cause;
    match error {
        Cause::Request(error) => Error::Http(error),
        Cause::ServerResponse(answer) => Error::Refused {
            code: answer.error().as_ref().to_owned(),
        },
        Cause::Parse(..) | Cause::Other(_) => Error::Protocol,
    }
}
