//! What is served: two pages.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Response, StatusCode};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::exposition;
use super::health::Health;
use crate::clock;
use crate::log::Figures;
use crate::service::Shared;

/// The log is asked at most this often, whoever asks.
const FRESH: Duration = Duration::from_secs(5);
/// A log that does not answer by then is served without.
const PATIENCE: Duration = Duration::from_secs(5);

/// OpenMetrics 1.0.0, "Protocol Negotiation".
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// Where the pages are written.
pub(super) struct Desk {
    shared: Arc<Shared>,
    of_log: Mutex<OfLog>,
}

/// What the log said last.
#[derive(Default)]
struct OfLog {
    asked: Option<Instant>,
    figures: Option<Figures>,
}

impl Desk {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            of_log: Mutex::default(),
        }
    }

    /// The answer to a request.
    pub(super) async fn respond(&self, method: &Method, path: &str) -> Response<Full<Bytes>> {
        if !matches!(path, "/metrics" | "/healthz") {
            let words = "there are /metrics and /healthz\n";
            return response(StatusCode::NOT_FOUND, TEXT, words.to_owned());
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            let words = "GET or HEAD\n".to_owned();
            let mut response = response(StatusCode::METHOD_NOT_ALLOWED, TEXT, words);
            let allowed = HeaderValue::from_static("GET, HEAD");
            response.headers_mut().insert(ALLOW, allowed);
            return response;
        }
        if path == "/healthz" {
            let health = Health::of(&self.shared);
            let status = if health.is_failing() {
                StatusCode::SERVICE_UNAVAILABLE
            } else {
                StatusCode::OK
            };
            return response(status, JSON, health.json());
        }
        let figures = self.figures().await;
        match exposition::text(&self.shared, figures.as_ref(), clock::now()) {
            Ok(text) => response(StatusCode::OK, OPEN_METRICS, text),
            Err(error) => response(StatusCode::INTERNAL_SERVER_ERROR, TEXT, error.to_string()),
        }
    }

    /// The log's figures, none if it cannot be read. Those who ask at once share one answer.
    async fn figures(&self) -> Option<Figures> {
        let mut of_log = self.of_log.lock().await;
        if of_log.asked.is_none_or(|asked| asked.elapsed() >= FRESH) {
            let asking = self.shared.log.figures();
            // Of what keeps the log from answering, the stages that live by it tell.
            let answer = tokio::time::timeout(PATIENCE, asking).await;
            of_log.figures = answer.ok().and_then(Result::ok);
            of_log.asked = Some(Instant::now());
        }
        of_log.figures.clone()
    }
}

fn response(status: StatusCode, kind: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
