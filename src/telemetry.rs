//! Event lines: compact, on standard error; ours alone.
//!
//! No line holds an address, a subject, a name or a word of a mail, at any level. What
//! other crates tell is not ours to vouch for (async-imap tells passwords, html5ever tells
//! text): they are never listened to, whatever the environment asks for.
#![allow(
    clippy::disallowed_methods,
    reason = "the level of events comes from the environment"
)]

use std::io::{self, IsTerminal as _};
use std::panic::{self, PanicHookInfo};

use tracing_subscriber::filter::{EnvFilter, FilterExt as _, filter_fn};
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

/// The root of our own targets.
const OWN: &str = env!("CARGO_PKG_NAME");

/// Takes event lines from now on: level by `ANTRAGSBOTE_LOG` or `RUST_LOG`, else `level`.
pub fn start(level: &str) {
    let directives = ["ANTRAGSBOTE_LOG", "RUST_LOG"]
        .into_iter()
        .find_map(|name| {
            std::env::var(name)
                .ok()
                .filter(|directives| !directives.trim().is_empty())
        });
    let asked_for = EnvFilter::builder().parse_lossy(directives.as_deref().unwrap_or(level));
    let ours = filter_fn(|event| event.target().split("::").next() == Some(OWN));
    let lines = fmt::layer()
        .compact()
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .with_filter(asked_for.and(ours));
    // A second start (tests) keeps the first.
    let _ = tracing_subscriber::registry().with(lines).try_init();
    panic::set_hook(Box::new(tell_of_panic));
}

/// Says where, and not what: the message may quote a mail.
fn tell_of_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    tracing::error!(
        error.kind = "panic",
        panic.place = place.unwrap_or_default(),
        "the program broke; please report it"
    );
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_tells_its_place_and_not_its_words() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = fmt().with_writer(move || writer.clone()).finish();
        let before = panic::take_hook();
        panic::set_hook(Box::new(tell_of_panic));
        tracing::subscriber::with_default(subscriber, || {
            let broken = panic::catch_unwind(|| panic!("anna@example.net"));
            assert!(broken.is_err());
        });
        panic::set_hook(before);
        let said = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(said.contains("telemetry.rs:"), "{said}");
        assert!(!said.contains("anna"), "{said}");
    }
}
