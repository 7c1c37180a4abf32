//! Sending: replies that are due go to the mail server; what it says is recorded.
//!
//! Several connections work at once when many replies wait; one that is free is used
//! again, the warmest first. Results that come together share one commit.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::alarm::Cause;
use super::{LOOK_ANYWAY, Shared, chain, trouble};
use crate::clock;
use crate::log::{Delivery, Due};
use crate::outbound::{Envelope, Error, Outbound};
use crate::request::{self, Verdict};

/// Connections to the mail server at the most; Postfix takes 50 from one client, big
/// providers ten and less.
const CONNECTIONS: usize = 4;
/// Replies claimed at once: no more than the slowest server can draw out before the lease ends.
const CLAIM: u32 = 32;
/// Results that come within this are recorded together, while further replies are on their way.
const GATHER: Duration = Duration::from_millis(20);
/// Looks without work, a minute of them, after which connections are closed; servers close
/// them after five minutes.
const KEEP: u32 = 20;

/// Sends what is due until the service stops.
pub(super) async fn run(shared: Arc<Shared>) -> anyhow::Result<()> {
    let (results, recorder) = mpsc::channel(CONNECTIONS * 4);
    let (stopped, sent) = tokio::join!(record(&shared, recorder), dispatch(&shared, results));
    stopped.and(sent)
}

/// Hands due replies to free connections.
async fn dispatch(shared: &Arc<Shared>, results: mpsc::Sender<Delivery>) -> anyhow::Result<()> {
    let mut free: Vec<Outbound> = Vec::new();
    let mut busy: JoinSet<Outbound> = JoinSet::new();
    let mut unused = 0;
    while !shared.stop.is_cancelled() {
        let due = match shared.log.claim_due(&shared.lease(), CLAIM).await {
            Ok(due) => due,
            Err(error) => {
                shared
                    .alarms
                    .raise(Cause::Log, trouble::words(error.kind()));
                tracing::error!(error.kind = error.kind(), "replies cannot be sent for now");
                Vec::new()
            }
        };
        if due.is_empty() {
            idle(shared, &mut free, &mut busy).await;
            unused += 1;
            if unused > KEEP {
                close(&mut free).await;
            }
            continue;
        }
        unused = 0;
        for reply in due {
            if busy.len() >= CONNECTIONS {
                free.extend(busy.join_next().await.and_then(Result::ok));
            }
            if shared.stop.is_cancelled() {
                break;
            }
            let connection = free
                .pop()
                .unwrap_or_else(|| Outbound::new(&shared.config.outbound));
            busy.spawn(deliver(
                Arc::clone(shared),
                connection,
                reply,
                results.clone(),
            ));
        }
        free.extend(std::iter::from_fn(|| busy.try_join_next()).filter_map(Result::ok));
    }
    while let Some(Ok(connection)) = busy.join_next().await {
        free.push(connection);
    }
    close(&mut free).await;
    Ok(())
}

/// Nothing is due: waits for the bell or a while, and takes free connections back.
async fn idle(shared: &Shared, free: &mut Vec<Outbound>, busy: &mut JoinSet<Outbound>) {
    tokio::select! {
        () = shared.stop.cancelled() => {}
        () = shared.decided.wait(LOOK_ANYWAY) => {}
        Some(Ok(connection)) = busy.join_next() => free.push(connection),
    }
}

async fn close(connections: &mut Vec<Outbound>) {
    for mut connection in connections.drain(..) {
        connection.close().await;
    }
}

async fn deliver(
    shared: Arc<Shared>,
    mut connection: Outbound,
    reply: Due,
    results: mpsc::Sender<Delivery>,
) -> Outbound {
    let envelope = Envelope {
        from: shared.config.bot.email.clone(),
        to: reply.to.clone(),
    };
    let sent = connection.send(&envelope, &reply.bytes).await;
    let at = clock::now();
    let kind = sent.as_ref().err().map_or("none", Error::kind);
    let (verdict, response) = match sent {
        Ok(response) => (Verdict::Accepted, response),
        Err(error) => (error.verdict(), chain(&error)),
    };
    let next = match verdict {
        Verdict::TryAgain => request::next_attempt(
            reply.attempts,
            reply.first_attempt_at,
            at,
            shared.config.max_retry_age,
            clock::chance(),
        ),
        Verdict::Accepted | Verdict::GiveUp => None,
    };
    announce(&shared, &reply, verdict, next.is_some(), kind);
    let delivery = Delivery {
        id: reply.id,
        verdict,
        response,
        at,
        next,
    };
    // The recorder outlives every delivery; should it not, the lease brings the reply back.
    let _ = results.send(delivery).await;
    connection
}

fn announce(shared: &Shared, reply: &Due, verdict: Verdict, again: bool, kind: &str) {
    let (request, attempt) = (reply.id.as_str(), reply.attempts);
    match verdict {
        Verdict::Accepted => tracing::info!(request.id = request, attempt, "reply sent"),
        Verdict::TryAgain if again => {
            tracing::warn!(
                request.id = request,
                attempt,
                error.kind = kind,
                "reply not taken yet, trying again"
            );
        }
        Verdict::TryAgain | Verdict::GiveUp => {
            shared.alarms.raise(Cause::RequestFailed, request);
            tracing::error!(
                request.id = request,
                attempt,
                error.kind = kind,
                "reply given up"
            );
        }
    }
}

/// Takes results up until there are as many as one commit records.
async fn gather(results: &mut mpsc::Receiver<Delivery>, batch: &mut Vec<Delivery>) {
    while batch.len() < CONNECTIONS * 4 {
        match results.recv().await {
            Some(delivery) => batch.push(delivery),
            None => return,
        }
    }
}

/// Records results, those that come together in one commit.
async fn record(shared: &Shared, mut results: mpsc::Receiver<Delivery>) -> anyhow::Result<()> {
    let mut batch = Vec::new();
    while let Some(first) = results.recv().await {
        batch.push(first);
        let gathered = gather(&mut results, &mut batch);
        // Once nothing comes any more, or not soon, what there is is recorded.
        let _ = tokio::time::timeout(GATHER, gathered).await;
        while let Err(error) = shared.log.record(&shared.owner, batch.clone()).await {
            shared
                .alarms
                .raise(Cause::Log, trouble::words(error.kind()));
            tracing::error!(
                error.kind = error.kind(),
                "results of deliveries cannot be recorded"
            );
            if shared.stop.is_cancelled() {
                break;
            }
            tokio::time::sleep(LOOK_ANYWAY).await;
        }
        batch.clear();
        shared.ended.ring();
    }
    Ok(())
}
