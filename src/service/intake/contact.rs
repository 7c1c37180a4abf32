//! How the mailbox fares, in event lines.

use std::time::Duration;

use tokio::time::Instant;

use super::super::retry_at;
use super::super::standing::Standing;
use super::super::trouble::tell;
use crate::mailbox::Mailbox;

/// What was told of the mailbox.
#[derive(Debug, Default)]
pub(super) struct Contact {
    standing: Standing,
    /// whether it was last told that it is open
    open: bool,
    /// whether a look on this connection succeeded
    sound: bool,
}

impl Contact {
    /// A look succeeded.
    pub(super) fn is_sound(&mut self, mailbox: &Mailbox) {
        self.sound = true;
        self.standing.is_over();
        if !self.open {
            self.open = true;
            tracing::info!(
                mailbox.tells = mailbox.tells(),
                mailbox.claims = mailbox.claims(),
                "mailbox open"
            );
        }
    }

    /// A connection has ended by trouble of this kind in this step, if it was cut perhaps by
    /// none; another is opened after a pause.
    pub(super) fn ended(&mut self, kind: &'static str, step: &str, is_cut: bool, pause: Duration) {
        let was_sound = std::mem::take(&mut self.sound);
        let step = Some(step).filter(|step| !step.is_empty());
        if was_sound && is_cut {
            // Many servers end connections every so often.
            tracing::debug!(
                error.kind = kind,
                error.step = step,
                retry.at = retry_at(pause),
                "connection to the mailbox has ended"
            );
        } else if self.standing.is_news(kind, Instant::now()) {
            self.open = false;
            tell!(
                kind,
                error.step = step,
                retry.at = retry_at(pause),
                "mailbox out of reach"
            );
        }
    }
}
