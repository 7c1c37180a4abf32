//! When what tokens are had with ends, as far as anybody says so.

use std::time::Duration;

use hyper::Request;
use hyper::header::AUTHORIZATION;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::{Audience, Grant, Provider, Tokens};
use crate::dns::Resolver;
use crate::http;

/// The end of what tokens are had with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct End {
    /// from when on there are no more tokens
    pub at: Timestamp,
    /// what ends
    pub of: Ending,
}

/// What can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// the client's secret: somebody has to make a new one at the provider
    Secret,
    /// what a person has given: she has to sign in again
    SignIn,
}

/// How much Microsoft Graph may take, and say.
const LIMITS: http::Limits = http::Limits {
    time: Duration::from_secs(30),
    size: 256 * 1024,
    redirects: 0,
};

/// The application resource of Microsoft Graph v1.0, as far as it is asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Application {
    #[serde(default)]
    password_credentials: Vec<PasswordCredential>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PasswordCredential {
    /// the first three characters of the secret
    hint: Option<String>,
    end_date_time: Option<Timestamp>,
}

impl Tokens {
    /// What ends next: by the configuration, by what the token server said, and by Microsoft
    /// Graph if the app may read its own registration there.
    pub async fn end(&self) -> Option<End> {
        let secret = match self.configured_end() {
            Some(at) => Some(at),
            None => self.registered_end().await,
        };
        let secret = secret.map(|at| End {
            at,
            of: Ending::Secret,
        });
        let sign_in = match self.config().grant {
            Grant::ClientCredentials => None,
            Grant::DeviceCode | Grant::AuthorizationCode => self.refresh_end().await,
        };
        let sign_in = sign_in.map(|at| End {
            at,
            of: Ending::SignIn,
        });
        secret.into_iter().chain(sign_in).min()
    }

    /// The last day counts whole, wherever the provider may be.
    fn configured_end(&self) -> Option<Timestamp> {
        let last = self.config().client_secret_expires?;
        let end = last.to_zoned(TimeZone::UTC).ok()?;
        Some(end.timestamp())
    }

    /// Silence is no end: most apps may not read this.
    async fn registered_end(&self) -> Option<Timestamp> {
        let config = self.config();
        if config.provider != Provider::Microsoft || config.grant != Grant::ClientCredentials {
            return None;
        }
        let secret = config.client_secret.as_ref()?.read().await.ok()?;
        let token = self.access(Audience::Graph).await.ok()?;
        let request = Request::get(application(&config.graph_scope, &config.client_id)?)
            .header(AUTHORIZATION, format!("Bearer {}", token.as_str()))
            .body(Vec::new())
            .ok()?;
        let client = http::Client {
            resolver: &Resolver::of_system().ok()?,
            ca_file: config.ca_file.as_deref(),
            inner: true,
        };
        let response = client.exchange(request, LIMITS).await.ok()?;
        if response.status().as_u16() != 200 {
            return None;
        }
        let application: Application = serde_json::from_slice(response.body()).ok()?;
        let credentials = application.password_credentials.into_iter();
        let own = credentials.filter(|it| {
            it.hint
                .as_ref()
                .is_some_and(|hint| !hint.is_empty() && secret.starts_with(hint))
        });
        own.filter_map(|it| it.end_date_time).max()
    }
}

/// Where Graph tells of an app, by the scope of its tokens, which begins with its address: other
/// clouds have other ones.
fn application(graph_scope: &str, client_id: &str) -> Option<String> {
    let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let graph = graph_scope.strip_suffix("/.default")?;
    let is_sound = graph.starts_with("https://") && client_id.chars().all(is_id);
    is_sound.then(|| {
        format!("{graph}/v1.0/applications(appId='{client_id}')?$select=passwordCredentials")
    })
}
