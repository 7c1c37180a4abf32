//! Alarms: what needs a person.

/// What needs a person; a cause is open until it is well again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Cause {
    /// what was changed cannot be taken up; the last sound state stays in use
    Reload,
    /// a request was given up; each is told, none is ever well again by itself
    RequestFailed,
    /// the log cannot be written to or read
    Log,
    /// the mailbox cannot be reached
    Mailbox,
    /// so many replies left that no more do for now
    Breaker,
    /// another antragsbote takes mail from the same mailbox
    Rival,
}

/// Who hears of trouble.
#[derive(Debug, Default)]
pub(super) struct Alarms;

impl Alarms {
    /// Something is wrong, or still is; `detail` in German, without personal data.
    pub(super) fn raise(&self, cause: Cause, detail: &str) {
        tracing::debug!(?cause, detail, "alarm");
    }

    /// It is well again, or still is.
    pub(super) fn clear(&self, cause: Cause) {
        tracing::trace!(?cause, "well");
    }
}
