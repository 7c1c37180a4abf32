//! What is asked of the token server, by the `oauth2` crate, and what its answers mean.

use std::future::ready;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::header::{CONTENT_TYPE, DATE, HeaderName, RETRY_AFTER};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenType};
use oauth2::{
    AsyncHttpClient, AuthType, AuthorizationCode, Client, ClientId, ClientSecret,
    DeviceAuthorizationUrl, EndpointNotSet, EndpointSet, ErrorResponse, ErrorResponseType,
    ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, StandardDeviceAuthorizationResponse, StandardErrorResponse,
    StandardRevocableToken, StandardTokenIntrospectionResponse, StandardTokenResponse,
    TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

use super::{Error, Provider, Refusal, Tokens, refusal};
use crate::dns::Resolver;
use crate::{clock, http};

/// Where a sign-in in a browser ends: nothing has to listen there (RFC 8252 section 7.3).
pub(super) const LANDING: &str = "http://localhost";

/// How much a token server may take, and say.
const LIMITS: http::Limits = http::Limits {
    time: Duration::from_secs(30),
    size: 64 * 1024,
    redirects: 0,
};

/// Tokens are a few thousand characters long; servers take no lines much longer than this.
const LONGEST: usize = 16 * 1024;

/// Addresses and codes to be typed are short.
const LONGEST_SHOWN: usize = 1024;

/// Where a server does not say how long a token lasts; one that does not is found out by its refusal.
const USUAL_LIFE: Duration = Duration::from_hours(1);

/// A server that asks for more peace than this gets this.
const LONGEST_REST: Duration = Duration::from_mins(10);

/// Between two questions whether a person is done there is no less, whatever the server says.
const LEAST_PAUSE: Duration = Duration::from_secs(1);

/// Nobody is waited for longer; Microsoft gives a quarter of an hour, Google half of one.
pub(super) const LONGEST_SIGN_IN: Duration = Duration::from_hours(1);

/// A clock that is off by less harms nobody, in seconds.
const TOLERANCE: u64 = 5 * 60;

/// The numbers in its answers; what is none of them is as good as nothing.
const NUMBERS: [&str; 4] = [
    "expires_in",
    "interval",
    "refresh_token_expires_in",
    "refresh_expires_in",
];

/// What a token server gives.
pub(super) struct Given {
    pub(super) access: String,
    pub(super) life: Duration,
    /// what the next is asked for with, if that changes
    pub(super) refresh: Option<String>,
    /// how long that lasts, if the server says so
    pub(super) refresh_life: Option<Duration>,
}

/// What some servers add to RFC 6749 section 5.1; a zero is no end.
#[derive(Debug, Deserialize, Serialize)]
struct Lives {
    /// Google's
    refresh_token_expires_in: Option<u64>,
    /// Keycloak's
    refresh_expires_in: Option<u64>,
}

impl ExtraTokenFields for Lives {}

type Answer = StandardTokenResponse<Lives, BasicTokenType>;

/// With the address for tokens, and for device codes where `D` says so.
type Asker<D = EndpointNotSet> = Client<
    BasicErrorResponse,
    Answer,
    StandardTokenIntrospectionResponse<Lives, BasicTokenType>,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    D,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

impl Tokens {
    /// RFC 6749 section 4.4
    pub(super) async fn by_client(&self, scope: &str) -> Result<Given, Error> {
        let asker = self.asker().await?;
        let peer = self.peer()?;
        let asking = asker.exchange_client_credentials();
        let answer = asking.add_scopes(scopes(scope)).request_async(&peer).await;
        given(answer.map_err(|error| peer.named(error))?)
    }

    /// RFC 6749 section 6
    pub(super) async fn by_refresh(&self, token: &str, scope: &str) -> Result<Given, Error> {
        let asker = self.asker().await?;
        let peer = self.peer()?;
        let token = RefreshToken::new(token.to_owned());
        let asking = asker.exchange_refresh_token(&token);
        let answer = asking.add_scopes(scopes(scope)).request_async(&peer).await;
        given(answer.map_err(|error| peer.named(error))?)
    }

    /// RFC 6749 section 4.1.3 with RFC 7636 section 4.5
    pub(super) async fn by_code(
        &self,
        code: String,
        verifier: PkceCodeVerifier,
    ) -> Result<Given, Error> {
        let landing = RedirectUrl::new(LANDING.to_owned()).map_err(|_| Error::Protocol)?;
        let asker = self.asker().await?.set_redirect_uri(landing);
        let peer = self.peer()?;
        let asking = asker.exchange_code(AuthorizationCode::new(code));
        let mut asking = asking.set_pkce_verifier(verifier);
        if self.config().provider == Provider::Microsoft {
            // It may want to hear it again (AADSTS28003).
            asking = asking.add_extra_param("scope", self.scope(self.config().first));
        }
        let answer = asking.request_async(&peer).await;
        given(answer.map_err(|error| peer.named(error))?)
    }

    /// RFC 8628 section 3.1
    pub(super) async fn device_code(
        &self,
        scope: &str,
    ) -> Result<StandardDeviceAuthorizationResponse, Error> {
        let asker = self.device_asker().await?;
        let peer = self.peer()?;
        let asking = asker.exchange_device_code().add_scopes(scopes(scope));
        let answer = asking.request_async(&peer).await;
        let code = answer.map_err(|error| peer.named(error))?;
        // Each "slow_down" adds to the interval; and what is shown on a terminal must not speak to it.
        let is_sound = code.interval() <= LONGEST_SIGN_IN
            && is_shown(code.user_code().secret())
            && is_shown(code.verification_uri());
        is_sound.then_some(code).ok_or(Error::Protocol)
    }

    /// RFC 8628 section 3.4, again and again as section 3.5 says
    pub(super) async fn by_device(
        &self,
        code: &StandardDeviceAuthorizationResponse,
    ) -> Result<Given, Error> {
        let asker = self.device_asker().await?;
        let peer = self.peer()?;
        let asking = asker.exchange_device_access_token(code);
        let life = code.expires_in().min(LONGEST_SIGN_IN);
        let pause = |interval: Duration| sleep(interval.max(LEAST_PAUSE));
        let answer = asking.request_async(&peer, pause, Some(life));
        let answer = timeout(life, answer).await.map_err(|_| Error::Late)?;
        given(answer.map_err(|error| peer.named(error))?)
    }

    async fn asker(&self) -> Result<Asker, Error> {
        let config = self.config();
        let url = config.endpoints.token.clone();
        let url = TokenUrl::new(url).map_err(|_| Error::Protocol)?;
        // All servers have to take the header (RFC 6749 section 2.3.1); of how to write a secret
        // in it there are several readings, and these document the body.
        let auth_type = match config.provider {
            Provider::Microsoft | Provider::Google => AuthType::RequestBody,
            Provider::Other => AuthType::BasicAuth,
        };
        let asker = Client::new(ClientId::new(config.client_id.clone()))
            .set_token_uri(url)
            .set_auth_type(auth_type);
        let Some(secret) = &config.client_secret else {
            return Ok(asker);
        };
        let secret = secret.read().await;
        let secret = secret.map_err(|error| Error::Secret(Arc::new(error)))?;
        Ok(asker.set_client_secret(ClientSecret::new(secret)))
    }

    async fn device_asker(&self) -> Result<Asker<EndpointSet>, Error> {
        let url = self.config().endpoints.device.clone();
        let url = DeviceAuthorizationUrl::new(url.ok_or(Error::NotConfigured)?);
        let url = url.map_err(|_| Error::Protocol)?;
        Ok(self.asker().await?.set_device_authorization_url(url))
    }

    /// What it means that the token server says no.
    pub(super) fn no(&self, code: &str, description: &str) -> Error {
        // RFC 8628 section 3.5
        if code == "expired_token" {
            return Error::Late;
        }
        let (refusal, code) = refusal::of(self.config().provider, code, description);
        let is_vague = refusal == Refusal::Other || code == "invalid_grant";
        match (is_vague, self.clock_ahead()) {
            (true, Some(seconds)) => Error::Clock { code, seconds },
            _ => Error::Refused { refusal, code },
        }
    }

    fn peer(&self) -> Result<Peer, Error> {
        Ok(Peer {
            resolver: Resolver::of_system().map_err(|error| Error::Dns(Arc::new(error)))?,
            tokens: self.clone(),
            page: Mutex::default(),
        })
    }
}

fn scopes(scope: &str) -> impl Iterator<Item = Scope> {
    let words = scope.split_whitespace();
    words.map(|scope| Scope::new(scope.to_owned()))
}

fn given(answer: Answer) -> Result<Given, Error> {
    let access = answer.access_token().secret().clone();
    let refresh = answer.refresh_token().map(|token| token.secret().clone());
    let lives = answer.extra_fields();
    let refresh_life = lives.refresh_token_expires_in.or(lives.refresh_expires_in);
    // One of another type is not to be shown as a bearer's (RFC 6749 section 7.1).
    let is_bearer = *answer.token_type() == BasicTokenType::Bearer;
    let all_sound = is_bearer && is_sound(&access) && refresh.as_deref().is_none_or(is_sound);
    if !all_sound {
        return Err(Error::Protocol);
    }
    Ok(Given {
        access,
        life: answer.expires_in().unwrap_or(USUAL_LIFE),
        refresh,
        refresh_life: refresh_life
            .filter(|&seconds| seconds > 0)
            .map(Duration::from_secs),
    })
}

/// Whether a token is made of visible characters (RFC 6749 appendix A.12): it is to stand in
/// headers and commands.
pub(super) fn is_sound(token: &str) -> bool {
    (1..=LONGEST).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a person can be shown this.
fn is_shown(text: &str) -> bool {
    (1..=LONGEST_SHOWN).contains(&text.len()) && !text.contains(char::is_control)
}

/// The token server.
struct Peer {
    resolver: Resolver,
    tokens: Tokens,
    /// who has answered with a page for people
    page: Mutex<Option<String>>,
}

impl<'c> AsyncHttpClient<'c> for Peer {
    type Error = http::Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, http::Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        if let Some(status) = self.tokens.rests() {
            let host = host(&request);
            return Box::pin(ready(Err(http::Error::Status { host, status })));
        }
        Box::pin(self.exchange(request))
    }
}

impl Peer {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, http::Error> {
        let client = http::Client {
            resolver: &self.resolver,
            ca_file: self.tokens.config().ca_file.as_deref(),
            inner: true,
        };
        let host = host(&request);
        let response = client.exchange(request, LIMITS).await?;
        self.tokens.note_clock(ahead(&response));
        let status = response.status();
        // A busy server's words are not for us, unless it is the token server itself that speaks.
        let is_busy = status.is_server_error() || status.as_u16() == 429;
        if is_busy {
            self.tokens.rest(rest(&response), status.as_u16());
        }
        if is_busy && !is_json(&response) {
            let status = status.as_u16();
            return Err(http::Error::Status { host, status });
        }
        if http::is_page(&response) {
            *self.page.lock().unwrap_or_else(PoisonError::into_inner) = Some(host);
        }
        Ok(response.map(legible))
    }

    fn named<E: ErrorResponseType + 'static>(
        &self,
        error: RequestTokenError<http::Error, StandardErrorResponse<E>>,
    ) -> Error
    where
        StandardErrorResponse<E>: ErrorResponse,
    {
        let page = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        match (error, page.clone()) {
            (RequestTokenError::Request(http::Error::Status { status, .. }), _) => {
                Error::Busy { status }
            }
            (RequestTokenError::Request(error), _) => Error::Http(Arc::new(error)),
            (RequestTokenError::ServerResponse(answer), _) => {
                let description = answer.error_description().map_or("", String::as_str);
                let code = error_code(answer.error());
                self.tokens.no(&code, description)
            }
            (RequestTokenError::Parse(..) | RequestTokenError::Other(_), Some(host)) => {
                Error::Page { host }
            }
            (RequestTokenError::Parse(..) | RequestTokenError::Other(_), None) => Error::Protocol,
        }
    }
}

/// As it is written in the answer.
fn error_code(error: &impl Serialize) -> String {
    let value = serde_json::to_value(error).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn host(request: &HttpRequest) -> String {
    request.uri().host().unwrap_or_default().to_owned()
}

fn header(response: &HttpResponse, name: HeaderName) -> &str {
    let value = response.headers().get(name);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn is_json(response: &HttpResponse) -> bool {
    header(response, CONTENT_TYPE)
        .to_ascii_lowercase()
        .contains("json")
}

/// An answer as its standards have it: some servers begin with a mark of byte order, which RFC 8259
/// section 8.1 forbids, or write numbers as text.
fn legible(body: Vec<u8>) -> Vec<u8> {
    let json = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body);
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(json) else {
        return body;
    };
    for name in NUMBERS {
        let number = fields.get(name).and_then(|value| match value {
            Value::String(text) => text.trim().parse::<u64>().ok(),
            value => value.as_u64(),
        });
        match number {
            Some(number) => drop(fields.insert(name.to_owned(), number.into())),
            None => drop(fields.remove(name)),
        }
    }
    Value::Object(fields).to_string().into_bytes()
}

/// By how much this machine's clock is ahead of the server's (RFC 9110 section 6.6.1), in seconds.
fn ahead(response: &HttpResponse) -> Option<i64> {
    let date = rfc2822::parse(header(response, DATE)).ok()?.timestamp();
    let between = |now: Timestamp| now.duration_since(date).as_secs();
    Some(between(clock::now()))
}

/// Whether a clock that is so far ahead is wrong.
pub(super) fn is_off(seconds: i64) -> bool {
    seconds.unsigned_abs() > TOLERANCE
}

/// Until when a busy server wants its peace (RFC 9110 section 10.2.3).
fn rest(response: &HttpResponse) -> Option<Instant> {
    let seconds: u64 = header(response, RETRY_AFTER).parse().ok()?;
    Some(Instant::now() + Duration::from_secs(seconds).min(LONGEST_REST))
}
