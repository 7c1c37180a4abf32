//! HTTPS (RFC 9110) through the [`tls`] of this house: the same roots, the same errors.
//!
//! In: an address on the web, or a request. Out: the bytes that lie there, or the response. Never
//! here: what they mean, cookies, caches, kept connections, anything in clear.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue, LOCATION, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, timeout, timeout_at};

use crate::dns::{self, Resolver};
use crate::tls;

mod reach;
#[cfg(test)]
mod tests;

pub use reach::is_public;

/// Who fetches.
#[derive(Debug, Clone, Copy)]
pub struct Client<'a> {
    /// finds the addresses of hosts
    pub resolver: &'a Resolver,
    /// certificates that count beside the system's roots
    pub ca_file: Option<&'a Path>,
    /// whether a redirect may lead to addresses that are not [public](is_public): whoever writes
    /// it must not have us knock at inner machines
    pub inner: bool,
}

/// How much a file or a response may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// all of it together
    pub time: Duration,
    /// of what comes, in bytes
    pub size: usize,
    /// how often it may lie elsewhere
    pub redirects: usize,
}

/// A file that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// neither `https://` nor a host
    #[error("{0:?} is no address of a file by HTTPS")]
    Address(String),
    /// the DNS is silent
    #[error("the host cannot be looked up")]
    Dns(#[source] dns::Error),
    /// a redirect leads into a network that is not public
    #[error("{host} is no public host")]
    Inner {
        /// where it leads
        host: String,
    },
    /// no connection
    #[error("no secure connection")]
    Tls(#[source] tls::Error),
    /// something other than HTTP is spoken there
    #[error("{host} breaks off or speaks no HTTP")]
    Protocol {
        /// who
        host: String,
        /// why
        #[source]
        source: hyper::Error,
    },
    /// the server says no
    #[error("{host} answers {status}")]
    Status {
        /// who
        host: String,
        /// RFC 9110 section 15
        status: u16,
    },
    /// the file breaks off
    #[error("the file of {host} breaks off")]
    Broken {
        /// whose
        host: String,
    },
    /// more than was asked for
    #[error("the file of {host} is too large")]
    TooLarge {
        /// whose
        host: String,
    },
    /// from one place to the next
    #[error("redirected too often")]
    Redirects,
    /// it takes too long
    #[error("no answer in time")]
    NoAnswer,
    /// it takes too long once the request has been made
    #[error("{host} does not answer the request in time")]
    Unanswered {
        /// who
        host: String,
    },
}

impl Error {
    /// Whether a request of [`Client::exchange`] may have reached whoever was to take it.
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Protocol { source, .. } => !source.is_canceled(),
            Self::Unanswered { .. } | Self::Broken { .. } | Self::TooLarge { .. } => true,
            _ => false,
        }
    }
}

impl Client<'_> {
    /// Fetches what lies at an address, there or where its server sends us.
    ///
    /// # Errors
    /// Whatever is not a file within the limits, with status 200 (RFC 9110 section 15.3.1).
    pub async fn get(&self, address: &str, limits: Limits) -> Result<Vec<u8>, Error> {
        let following = Box::pin(self.follow(address, limits));
        timeout(limits.time, following)
            .await
            .unwrap_or(Err(Error::NoAnswer))
    }

    /// Sends a request to where its address says, and takes the response, whatever its status; it
    /// is not repeated, and a redirect not followed.
    ///
    /// # Errors
    /// Whatever is no response within the limits.
    pub async fn exchange(
        &self,
        request: Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<Response<Vec<u8>>, Error> {
        let deadline = Instant::now() + limits.time;
        let place = Place::parse(&request.uri().to_string())?;
        let request = place.addressed(request.map(|body| Full::new(Bytes::from(body))));
        let connecting = Box::pin(async {
            let addresses = self.addresses(&place.host).await?;
            self.connect(&place, &addresses).await
        });
        let line = timeout_at(deadline, connecting)
            .await
            .unwrap_or(Err(Error::NoAnswer))?;
        let host = &place.host;
        let take = async |response: Response<Incoming>| {
            let (head, body) = response.into_parts();
            let body = whole(body, host, limits.size).await?;
            Ok(Response::from_parts(head, body))
        };
        let asking = Box::pin(line.ask(request, take));
        timeout_at(deadline, asking)
            .await
            .unwrap_or_else(|_| Err(Error::Unanswered { host: host.clone() }))
    }

    async fn follow(&self, address: &str, limits: Limits) -> Result<Vec<u8>, Error> {
        let mut place = Place::parse(address)?;
        for turn in 0..=limits.redirects {
            let is_asked_for = turn == 0;
            let addresses = self.addresses(&place.host).await?;
            if !is_asked_for && !self.inner && !addresses.iter().all(is_public_address) {
                return Err(Error::Inner { host: place.host });
            }
            let request = place.addressed(Request::new(Full::default()));
            let take = async |response| taken(response, &place.host, limits.size).await;
            let line = self.connect(&place, &addresses).await?;
            match line.ask(request, take).await? {
                Fetched::File(bytes) => return Ok(bytes),
                Fetched::Elsewhere(location) => place = place.elsewhere(&location)?,
            }
        }
        Err(Error::Redirects)
    }

    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Error> {
        self.resolver.addresses(host).await.map_err(Error::Dns)
    }

    async fn connect(&self, place: &Place, addresses: &[IpAddr]) -> Result<Line, Error> {
        let host = &place.host;
        let tcp = tls::dial_known(host, place.port, addresses).await;
        let tls = tls::secure(tcp.map_err(Error::Tls)?, host, self.ca_file).await;
        let stream = TokioIo::new(tls.map_err(Error::Tls)?);
        let (sender, connection) = match http1::handshake(stream).await {
            Ok(line) => line,
            Err(source) => return Err(protocol(host, source)),
        };
        Ok(Line {
            host: host.clone(),
            sender,
            connection,
        })
    }
}

/// Whether a response is meant for people: a page, or a way to one.
pub fn is_page(response: &Response<Vec<u8>>) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    response.status().is_redirection()
        || kind.to_ascii_lowercase().contains("html")
        || response.body().trim_ascii_start().starts_with(b"<")
}

/// A connection, for one request.
struct Line {
    host: String,
    sender: http1::SendRequest<Full<Bytes>>,
    connection: http1::Connection<TokioIo<tls::Stream>, Full<Bytes>>,
}

impl Line {
    async fn ask<T>(
        mut self,
        request: Request<Full<Bytes>>,
        take: impl AsyncFnOnce(Response<Incoming>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let exchange = async {
            let response = self.sender.send_request(request).await;
            take(response.map_err(|source| protocol(&self.host, source))?).await
        };
        // The connection does the work and may end before its last bytes are taken.
        let at_work = async {
            let _ = self.connection.await;
            std::future::pending().await
        };
        tokio::select! {
            taken = exchange => taken,
            never = at_work => never,
        }
    }
}

fn protocol(host: &str, source: hyper::Error) -> Error {
    Error::Protocol {
        host: host.to_owned(),
        source,
    }
}

fn is_public_address(address: &IpAddr) -> bool {
    is_public(*address)
}

/// What one request brings.
enum Fetched {
    File(Vec<u8>),
    Elsewhere(String),
}

/// Takes what a response brings.
async fn taken(response: Response<Incoming>, host: &str, size: usize) -> Result<Fetched, Error> {
    let status = response.status();
    let location = response.headers().get(LOCATION).map(HeaderValue::to_str);
    match (status.as_u16(), location) {
        (200, _) => {}
        (301 | 302 | 303 | 307 | 308, Some(Ok(location))) => {
            return Ok(Fetched::Elsewhere(location.to_owned()));
        }
        (status, _) => {
            let host = host.to_owned();
            return Err(Error::Status { host, status });
        }
    }
    whole(response.into_body(), host, size)
        .await
        .map(Fetched::File)
}

/// A body, read to its end.
async fn whole(body: Incoming, host: &str, size: usize) -> Result<Vec<u8>, Error> {
    let host = || host.to_owned();
    match Limited::new(body, size).collect().await {
        Ok(body) => Ok(body.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(Error::TooLarge { host: host() }),
        Err(_) => Err(Error::Broken { host: host() }),
    }
}

/// Where a file lies: a host, and what to ask it for.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    host: String,
    port: u16,
    /// path and query
    path: String,
}

impl Place {
    fn parse(address: &str) -> Result<Self, Error> {
        let wrong = || Error::Address(address.to_owned());
        let uri: Uri = address.parse().map_err(|_| wrong())?;
        let is_https = uri.scheme_str() == Some("https");
        // A name before the host is somebody's trick (RFC 9110 section 4.2.4).
        let has_user = uri.authority().is_some_and(|it| it.as_str().contains('@'));
        let host = uri.host().unwrap_or_default();
        if !is_https || has_user || host.is_empty() || host.starts_with('[') {
            return Err(wrong());
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            host: host.to_ascii_lowercase(),
            port: uri.port_u16().unwrap_or(443),
            path: path.to_owned(),
        })
    }

    /// Where a redirect leads: another address, or another path here (RFC 9110 section 10.2.2).
    fn elsewhere(&self, location: &str) -> Result<Self, Error> {
        if location.starts_with('/') && !location.starts_with("//") {
            return Self::parse(&format!("https://{}:{}{location}", self.host, self.port));
        }
        Self::parse(location)
    }

    /// A request as this place's server wants to read it (RFC 9112 section 3.2.1).
    fn addressed(&self, mut request: Request<Full<Bytes>>) -> Request<Full<Bytes>> {
        let headers = request.headers_mut();
        let host = match self.port {
            443 => HeaderValue::from_str(&self.host),
            port => HeaderValue::from_str(&format!("{}:{port}", self.host)),
        };
        if let Ok(host) = host {
            headers.insert(HOST, host);
        }
        headers.insert(USER_AGENT, HeaderValue::from_static("antragsbote"));
        *request.uri_mut() = self.path.parse().unwrap_or_default();
        request
    }
}
