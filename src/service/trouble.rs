//! Errors for event lines and alarms: a fixed word instead of a peer's own words, which may
//! quote addresses and mail.

use super::alarm::{Alarms, Cause};
use crate::telemetry::trouble;
use crate::{config, log, mailbox, outbound};

/// Tells of trouble of a kind: what lasts until somebody does something is an error, what may
/// pass by itself a warning.
macro_rules! tell {
    ($kind:expr, $($event:tt)+) => {
        if $crate::telemetry::trouble::of($kind).is_none_or(|trouble| trouble.lasts) {
            tracing::error!(error.kind = $kind, $($event)+);
        } else {
            tracing::warn!(error.kind = $kind, $($event)+);
        }
    };
}
pub(super) use tell;

/// The fixed word for an error, by its nearest cause that has one.
pub(crate) fn kind(error: &anyhow::Error) -> &'static str {
    error.chain().find_map(kind_of).unwrap_or("other")
}

fn kind_of(error: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    let of_log = || error.downcast_ref().map(log::Error::kind);
    let of_mailbox = || error.downcast_ref().map(mailbox::Error::kind);
    let of_outbound = || error.downcast_ref().map(outbound::Error::kind);
    let of_config = || error.downcast_ref().map(config::Error::kind);
    let of_system = || error.is::<std::io::Error>().then_some("system");
    of_log()
        .or_else(of_mailbox)
        .or_else(of_outbound)
        .or_else(of_config)
        .or_else(of_system)
}

/// Raises an alarm if it was the log that failed.
pub(super) fn tell_of_log(alarms: &Alarms, error: &anyhow::Error) {
    let mut causes = error.chain();
    if let Some(error) = causes.find_map(|cause| cause.downcast_ref::<log::Error>()) {
        alarms.raise(Cause::Log, words(error.kind()));
    }
}

/// What such a word means, for the administrator: a German sentence.
pub(super) fn words(kind: &str) -> &'static str {
    match trouble::of(kind) {
        Some(trouble) => trouble.satz,
        None => "Mehr sagen die Ereigniszeilen: journalctl -u antragsbote",
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn the_word_is_found_below_any_context() {
        let login = mailbox::Error::Login {
            username: "anna@example.org".into(),
            words: "no such user anna@example.org".into(),
        };
        let error = Err::<(), _>(login).context("cannot look").unwrap_err();
        assert_eq!(kind(&error), "login");
        let full = log::Error::Full("log.db".into());
        let error = Err::<(), _>(full).context("cannot record").unwrap_err();
        assert_eq!(kind(&error), "full");
        assert_eq!(kind(&anyhow::anyhow!("no word")), "other");
    }
}
