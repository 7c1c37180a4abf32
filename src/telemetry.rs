//! Event lines: compact, on standard error.
#![allow(
    clippy::disallowed_methods,
    reason = "the level of events comes from the environment"
)]

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

/// Takes event lines from now on: level by `ANTRAGSBOTE_LOG` or `RUST_LOG`, else `level`.
pub fn start(level: &str) {
    let directives = ["ANTRAGSBOTE_LOG", "RUST_LOG"]
        .into_iter()
        .find_map(|name| {
            std::env::var(name)
                .ok()
                .filter(|directives| !directives.trim().is_empty())
        });
    // async-imap tells passwords at its lowest level: it is never listened to.
    let directives = format!("{},async_imap=off", directives.as_deref().unwrap_or(level));
    let filter = EnvFilter::builder().parse_lossy(directives);
    let subscriber = tracing_subscriber::fmt()
        .compact()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    // A second start (tests) keeps the first.
    let _ = subscriber.try_init();
}
