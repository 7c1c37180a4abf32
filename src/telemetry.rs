//! Event lines: compact, on standard error, or in the journal where that is what standard
//! error leads to; ours alone.
//!
//! A line says by itself what happened: the fixed words of the event, and of trouble what it
//! means and what to do, by its `error.kind` ([`trouble`]). The journal has the same line as
//! MESSAGE and each field of it as a field of its own.
//!
//! No line holds an address, a subject, a name or a word of a mail, at any level. What
//! other crates tell is not ours to vouch for (async-imap tells passwords, html5ever tells
//! text): they are never listened to, whatever the environment asks for.
#![allow(
    clippy::disallowed_methods,
    reason = "the level of events and where they go come from the environment"
)]

mod journal;
mod line;
pub mod trouble;

use std::io::{self, IsTerminal as _};
use std::panic::{self, PanicHookInfo};

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, filter_fn};
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

pub use journal::FIELDS;

use journal::Journal;
use line::Compact;

/// The root of our own targets.
const OWN: &str = env!("CARGO_PKG_NAME");

/// Where event lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sink {
    /// to standard error
    StandardError,
    /// to the journal, with their fields
    Journal,
}

/// Takes event lines from now on: level by `ANTRAGSBOTE_LOG` or `RUST_LOG`, else `level`.
pub fn start(level: &str) -> Sink {
    let directives = ["ANTRAGSBOTE_LOG", "RUST_LOG"]
        .into_iter()
        .find_map(|name| {
            std::env::var(name)
                .ok()
                .filter(|directives| !directives.trim().is_empty())
        });
    let asked_for = EnvFilter::builder().parse_lossy(directives.as_deref().unwrap_or(level));
    let ours = filter_fn(|event| event.target().split("::").next() == Some(OWN));
    let (layer, sink) = match Journal::of_standard_error() {
        Some(journal) => (journal.boxed(), Sink::Journal),
        None => {
            let lines = fmt::layer()
                .compact()
                .with_ansi(io::stderr().is_terminal())
                .fmt_fields(Compact)
                .with_writer(io::stderr);
            (lines.boxed(), Sink::StandardError)
        }
    };
    let layer = layer.with_filter(asked_for.and(ours));
    // A second start (tests) keeps the first.
    let _ = tracing_subscriber::registry().with(layer).try_init();
    panic::set_hook(Box::new(tell_of_panic));
    sink
}

/// Says where, and not what: the message may quote a mail.
fn tell_of_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    tracing::error!(
        error.kind = "panic",
        panic.place = place.unwrap_or_default(),
        "the work on something broke off"
    );
}

#[cfg(test)]
mod tests;
