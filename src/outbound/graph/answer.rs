//! What a response of Graph says ("Microsoft Graph error responses and resource types").

use std::time::Duration;

use hyper::header::{DATE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::GraphError;
use crate::http;

/// Names the request where Microsoft looks into it.
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// The longest word that is kept of an answer.
const LONGEST_WORD: usize = 80;

/// No pause is longer: what asks for more is asked again before.
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// An answer for the log.
pub(super) fn words(response: &Response<Vec<u8>>) -> String {
    let status = response.status();
    match header(response, &REQUEST_ID).and_then(word) {
        Some(id) => format!("{status}, request-id {id}"),
        None => status.to_string(),
    }
}

/// An answer that is no success. Of its words none is kept but the code: they may quote addresses.
pub(super) fn refused(response: &Response<Vec<u8>>) -> GraphError {
    let status = response.status();
    // Whoever is in between refuses no mail. That it is too large, or too busy, its own servers may say
    // with a page, too.
    let is_its_own = matches!(
        status,
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::TOO_MANY_REQUESTS
    );
    if http::is_page(response) && !is_its_own && !status.is_server_error() {
        let status = status.as_u16();
        return GraphError::Page { status };
    }
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let code = body.pointer("/error/code").and_then(|code| code.as_str());
    GraphError::Refused {
        status: status.as_u16(),
        code: code.and_then(word).unwrap_or_default().to_owned(),
        pause: pause(response),
    }
}

/// How long not to ask again (RFC 9110 section 10.2.3): seconds, or a date by the server's own clock.
fn pause(response: &Response<Vec<u8>>) -> Option<Duration> {
    let after = header(response, &RETRY_AFTER)?;
    let seconds = match after.trim().parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let span = date(after)?.duration_since(date(header(response, &DATE)?)?);
            u64::try_from(span.as_secs()).ok()?
        }
    };
    Some(Duration::from_secs(seconds).min(LONGEST_PAUSE))
}

fn date(text: &str) -> Option<Timestamp> {
    let date = rfc2822::DateTimeParser::new().parse_timestamp(text);
    date.ok()
}

fn header<'r>(response: &'r Response<Vec<u8>>, name: &HeaderName) -> Option<&'r str> {
    let value = response.headers().get(name).map(HeaderValue::to_str);
    value?.ok()
}

/// Text that is one word of a machine.
fn word(text: &str) -> Option<&str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let sound = !text.is_empty() && text.len() <= LONGEST_WORD && text.chars().all(is_plain);
    sound.then_some(text)
}
