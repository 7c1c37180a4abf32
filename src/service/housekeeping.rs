//! Housekeeping: personal data that is older than `[log] retention`, and mail in the archive
//! that is older than `[mailbox] archive_retention`, are removed twice a day.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Shared;
use crate::clock;
use crate::log::Stretch;
use crate::mailbox::{self, Mailbox};

/// Twice a day, so that a daemon restarted every evening gets round to it too.
const EVERY: Duration = Duration::from_hours(12);
/// Not at the very start, when requests may wait.
const FIRST: Duration = Duration::from_mins(2);
/// A machine that was off for longer, and a clock that was set further, look the same.
const GAP: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Clocks are put back by a little all the time.
const BACK: SignedDuration = SignedDuration::from_hours(1);
/// A clock is believed after so long: time enough to notice that it is wrong.
const PROBATION: SignedDuration = SignedDuration::from_hours(48);

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
        if let Some(now) = believed_now(&shared).await {
            purge_log(&shared, now).await;
            let cleaned = clean_archive(&shared, now);
            shared.stop.run_until_cancelled(cleaned).await;
        }
    }
    Ok(())
}

/// Now, unless the clock has jumped of late: what is removed by a wrong clock is lost.
async fn believed_now(shared: &Shared) -> Option<Timestamp> {
    let now = clock::now();
    let looked = async {
        let before = shared.log.stretch().await?;
        let stretch = go_on(before, now);
        shared.log.note_stretch(stretch).await?;
        Ok::<_, crate::log::Error>((before, stretch))
    };
    match looked.await {
        Ok((before, stretch)) => {
            if before.is_some_and(|before| before.since != stretch.since) {
                tracing::warn!(
                    error.kind = "clock",
                    "nothing is removed by its age for two days"
                );
            }
            is_believed(stretch).then_some(now)
        }
        Err(error) => {
            tracing::error!(
                error.kind = error.kind(),
                "personal data past its retention is still there"
            );
            None
        }
    }
}

/// A look at the clock: it goes on evenly, or a new stretch begins.
fn go_on(before: Option<Stretch>, now: Timestamp) -> Stretch {
    match before {
        Some(before) if (-BACK..=GAP).contains(&now.duration_since(before.last)) => Stretch {
            since: before.since,
            last: now,
        },
        _ => Stretch {
            since: now,
            last: now,
        },
    }
}

/// Whether the clock has gone evenly for long enough to remove things by their age.
fn is_believed(stretch: Stretch) -> bool {
    stretch.last.duration_since(stretch.since) >= PROBATION
}

async fn purge_log(shared: &Shared, now: Timestamp) {
    let Ok(oldest) = now.checked_sub(shared.config.log.retention) else {
        return;
    };
    match shared.log.purge(oldest).await {
        Ok(0) => {}
        Ok(requests) => tracing::info!(requests, "personal data past its retention removed"),
        Err(error) => tracing::error!(
            error.kind = error.kind(),
            "personal data past its retention is still there"
        ),
    }
}

async fn clean_archive(shared: &Shared, now: Timestamp) {
    let Some(retention) = shared.config.mailbox.archive_retention() else {
        return;
    };
    let Ok(oldest) = now.checked_sub(retention) else {
        return;
    };
    match expire(&shared.config.mailbox, oldest).await {
        Ok(0) => {}
        Ok(mails) => tracing::info!(mails, "mail past its retention removed from the archive"),
        Err(error) => tracing::error!(
            error.kind = error.kind(),
            error.step = error.step(),
            "mail past its retention is still in the archive"
        ),
    }
}

/// On a connection of its own: new mail is not kept waiting.
async fn expire(config: &mailbox::Config, oldest: Timestamp) -> Result<u64, mailbox::Error> {
    let mut mailbox = Mailbox::open(config).await?;
    let removed = mailbox.expire(oldest).await?;
    mailbox.close().await;
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Looks at the clock at these times; when it was believed.
    fn believed(times: &[&str]) -> Vec<bool> {
        let mut stretch = None;
        let look = |time: &&str| {
            let next = go_on(stretch, at(time));
            stretch = Some(next);
            is_believed(next)
        };
        times.iter().map(look).collect()
    }

    #[test]
    fn a_clock_is_believed_once_it_has_gone_evenly_for_two_days() {
        let times = [
            "2026-11-01T08:00Z",
            "2026-11-01T20:00Z",
            "2026-11-02T08:00Z",
            "2026-11-03T08:00Z",
            // off for a few days
            "2026-11-08T08:00Z",
            // set back by the time server
            "2026-11-08T07:59Z",
        ];
        assert_eq!(believed(&times), [false, false, false, true, true, true]);
    }

    #[test]
    fn a_clock_that_jumps_is_not_believed_forward_back_nor_after_a_restart() {
        let times = [
            "2026-11-01T08:00Z",
            "2026-11-03T08:00Z",
            "2038-01-19T03:14Z",
            "2038-01-19T03:16Z",
            "2038-01-20T03:14Z",
            "2026-11-04T08:00Z",
            "2026-11-05T08:00Z",
            "2026-11-06T08:00Z",
        ];
        assert_eq!(
            believed(&times),
            [false, true, false, false, false, false, false, true]
        );
    }
}
