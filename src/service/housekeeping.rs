//! Housekeeping: personal data that is older than `[log] retention` is removed once a day.

use std::sync::Arc;
use std::time::Duration;

use super::Shared;
use crate::clock;

/// Twice a day, so that a daemon restarted every evening gets round to it too.
const EVERY: Duration = Duration::from_hours(12);
/// Not at the very start, when requests may wait.
const FIRST: Duration = Duration::from_mins(2);

/// Cleans up until the service stops.
pub(super) async fn run(shared: Arc<Shared>) -> anyhow::Result<()> {
    let mut pause = FIRST;
    while shared
        .stop
        .run_until_cancelled(tokio::time::sleep(pause))
        .await
        .is_some()
    {
        pause = EVERY;
        let Ok(oldest) = clock::now().checked_sub(shared.config.log.retention) else {
            continue;
        };
        match shared.log.purge(oldest).await {
            Ok(0) => {}
            Ok(requests) => tracing::info!(requests, "personal data past its retention removed"),
            Err(error) => {
                tracing::error!(
                    error.kind = error.kind(),
                    "personal data past its retention is still there"
                );
            }
        }
    }
    Ok(())
}
