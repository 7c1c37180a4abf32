//! Claimed mails that cannot be decided yet go back to the log, and hold no other up.

use jiff::SignedDuration;
use tokio::time::Instant;

use super::standing::Standing;
use super::trouble::tell;
use super::{Shared, second};
use crate::log::{Deferred, Error};
use crate::request::State;

/// The pause before a request is tried again whose motion is not sound. Whatever mends the
/// motion calls it back before; this is for what nobody told us of.
pub(super) const PAUSE: SignedDuration = SignedDuration::from_mins(30);

/// Gives mails back until their times.
pub(super) async fn defer(
    shared: &Shared,
    kind: &'static str,
    deferred: Vec<Deferred>,
) -> Result<(), Error> {
    for request in &deferred {
        tracing::debug!(
            request.id = request.id.as_str(),
            request.state = State::Received.word(),
            error.kind = kind,
            retry.at = second(request.until),
            "request deferred"
        );
    }
    shared.log.defer(&shared.owner, deferred).await
}

/// Requests for motions that are not sound.
#[derive(Debug, Default)]
pub(super) struct Unsound {
    /// what was told of them
    standing: Standing,
}

impl Unsound {
    /// Has them wait until the motion is sound.
    pub(super) async fn defer(
        &mut self,
        shared: &Shared,
        requests: Vec<Deferred>,
    ) -> Result<(), Error> {
        if requests.is_empty() {
            return Ok(());
        }
        if self.standing.is_news("templates", Instant::now()) {
            tell!(
                "templates",
                requests = requests.len(),
                "requests wait until their motion is sound"
            );
        }
        defer(shared, "templates", requests).await
    }
}

/// Has all requests that wait for a motion looked at again: it may be sound by now.
pub(super) async fn recall(shared: &Shared) {
    match shared.log.recall().await {
        Ok(()) => shared.recorded.ring(),
        // They come back by themselves.
        Err(error) => tracing::debug!(
            error.kind = error.kind(),
            "requests that wait for a motion go on waiting"
        ),
    }
}
