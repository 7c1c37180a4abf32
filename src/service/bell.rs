//! A bell that is never missed.

use std::time::Duration;

use tokio::sync::Notify;

/// Wakes one waiting stage. A ring that comes while nobody waits is kept for the next wait.
#[derive(Debug, Default)]
pub(super) struct Bell(Notify);

impl Bell {
    /// Rings.
    pub(super) fn ring(&self) {
        self.0.notify_one();
    }

    /// Ends at the next ring.
    pub(super) async fn rung(&self) {
        self.0.notified().await;
    }

    /// Ends at the next ring, or after `limit` if there is none.
    pub(super) async fn wait(&self, limit: Duration) {
        // Which of the two it was does not matter: the stage looks for work in either case.
        let _ = tokio::time::timeout(limit, self.0.notified()).await;
    }
}
