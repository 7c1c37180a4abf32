//! Figures for monitoring, at `[metrics] listen`: `/metrics` for Prometheus, `/healthz` for whoever
//! only wants to know whether all is well.
//!
//! Nothing here holds up the service, and no client another one: each connection brings one request and has
//! a few seconds for it, and where too many are open the oldest makes room. What cannot be listened at is
//! tried again and again: mail is answered without figures, too.

mod exposition;
mod health;
mod listener;
mod page;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::task::{AbortHandle, JoinSet};

use super::Shared;
use crate::config::Listen;
use listener::{Listener, Stream};
use page::Desk;

/// Between attempts to listen.
const AGAIN: Duration = Duration::from_secs(5);
/// Clients served at once.
const CLIENTS: usize = 16;
/// Whoever has not sent its request by then has gone.
const REQUEST: Duration = Duration::from_secs(5);
/// Request and response together take no longer.
const CONNECTION: Duration = Duration::from_secs(15);
/// Bytes of a request's head: the least that hyper takes, and eight times what Prometheus sends.
const HEAD: usize = 8 << 10;
/// Header fields of a request.
const FIELDS: usize = 64;

/// Serves figures until the service stops.
pub(super) async fn run(shared: Arc<Shared>, listen: Listen) -> anyhow::Result<()> {
    let stop = shared.stop.clone();
    if let Some(listener) = stop.run_until_cancelled(bind(&listen)).await {
        let desk = Arc::new(Desk::new(Arc::clone(&shared)));
        stop.run_until_cancelled(serve(&listener, desk)).await;
        listener.close().await;
    }
    Ok(())
}

/// Listens, once that is possible; each cause that it is not is told once.
async fn bind(listen: &Listen) -> Listener {
    let mut told = None;
    loop {
        match Listener::bind(listen).await {
            Ok(listener) => {
                tracing::info!(metrics.listen = %listen, "figures are served");
                return listener;
            }
            Err(error) => {
                if told.replace(error.kind()) != Some(error.kind()) {
                    tracing::warn!(
                        error.kind = "metrics",
                        error = %error,
                        metrics.listen = %listen,
                        "figures cannot be served, trying again: free that place, or name another by metrics.listen and restart; mail is answered nevertheless"
                    );
                }
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}

async fn serve(listener: &Listener, desk: Arc<Desk>) {
    let mut clients = Clients::default();
    loop {
        match listener.accept().await {
            Ok(stream) => clients.take(stream, Arc::clone(&desk)),
            Err(error) => {
                // Out of file descriptors, as a rule: those in use become free soon.
                tracing::warn!(error.kind = "metrics", error = %error, "cannot take a client for figures");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// The open connections.
#[derive(Default)]
struct Clients {
    tasks: JoinSet<()>,
    /// the same, oldest first
    open: VecDeque<AbortHandle>,
}

impl Clients {
    /// Serves one more.
    fn take(&mut self, stream: Stream, desk: Arc<Desk>) {
        while self.tasks.try_join_next().is_some() {}
        self.open.retain(|client| !client.is_finished());
        if self.open.len() >= CLIENTS
            && let Some(oldest) = self.open.pop_front()
        {
            oldest.abort();
        }
        let client = self.tasks.spawn(async move {
            // Whoever is too slow, or speaks no HTTP, is nobody's concern.
            let _ = tokio::time::timeout(CONNECTION, answer(stream, desk)).await;
        });
        self.open.push_back(client);
    }
}

/// Answers one request.
async fn answer(stream: Stream, desk: Arc<Desk>) -> hyper::Result<()> {
    let service = service_fn(move |request: hyper::Request<_>| {
        let desk = Arc::clone(&desk);
        async move { Ok::<_, Infallible>(desk.respond(request.method(), request.uri().path()).await) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST)
        .max_buf_size(HEAD)
        .max_headers(FIELDS)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await
}
