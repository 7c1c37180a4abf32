//! Supervision: the service manager hears how the service fares, and that it lives for as long
//! as every stage keeps its promises.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{Shared, status};
use crate::clock;
use crate::german::in_germany;
use crate::log::Day;
use crate::notify::Manager;

/// How soon a change shows.
const LOOK: Duration = Duration::from_secs(1);

/// The log is asked for figures, and the line said again, no more often than this.
const MINUTE: Duration = Duration::from_secs(60);

/// Reports until the service stops.
pub(super) async fn run(shared: Arc<Shared>, manager: Arc<Manager>) -> anyhow::Result<()> {
    let reporting = async {
        // A log that does not answer must not keep the watchdog from being fed: stages say of it.
        tokio::join!(report(&shared, &manager), feed(&shared, &manager));
    };
    shared.stop.run_until_cancelled(reporting).await;
    Ok(())
}

/// Says how the service fares when that changes, and every minute.
async fn report(shared: &Shared, manager: &Manager) {
    let mut looks = ticks(LOOK);
    let (mut day, mut asked): (Option<Day>, Option<Instant>) = (None, None);
    let (mut said, mut told): (String, Option<Instant>) = (String::new(), None);
    let is_due = |last: Option<Instant>| last.is_none_or(|at| at.elapsed() >= MINUTE);
    loop {
        looks.tick().await;
        if is_due(asked) {
            day = figures(shared).await;
            asked = Some(Instant::now());
        }
        let line = status::line(shared, day, clock::now());
        if line != said || is_due(told) {
            manager.status(&line).await;
            (said, told) = (line, Some(Instant::now()));
        }
    }
}

/// What the day has brought; nothing where the log does not say.
async fn figures(shared: &Shared) -> Option<Day> {
    let midnight = midnight(clock::now())?;
    shared.log.day(midnight).await.ok()
}

/// When the day began in Germany.
fn midnight(now: Timestamp) -> Option<Timestamp> {
    let began = in_germany(now).start_of_day().ok()?;
    Some(began.timestamp())
}

/// Feeds the watchdog while no stage is late.
async fn feed(shared: &Shared, manager: &Manager) {
    let Some(limit) = manager.watchdog() else {
        return;
    };
    // Half of its time, as sd_watchdog_enabled(3) asks for.
    let mut meals = ticks(limit / 2);
    let mut late = None;
    loop {
        meals.tick().await;
        let before = late;
        late = shared.pulse.late(Instant::now());
        match late {
            None => manager.alive().await,
            Some(stage) if before != late => tracing::error!(
                error.kind = "late",
                stage = stage.word(),
                "the watchdog of systemd is not fed"
            ),
            Some(_) => {}
        }
        if before.is_some() && late.is_none() {
            tracing::info!("all stages are heard again");
        }
    }
}

/// After a pause of the machine one tick is enough.
fn ticks(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period.max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_midnight_in_germany() {
        for (now, began) in [
            ("2026-11-23T14:10:00Z", "2026-11-22T23:00:00Z"),
            ("2026-07-01T21:59:59Z", "2026-06-30T22:00:00Z"),
            ("2026-07-01T22:00:00Z", "2026-07-01T22:00:00Z"),
            // the day on which summer time begins
            ("2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z"),
        ] {
            let began: Timestamp = began.parse().unwrap();
            assert_eq!(midnight(now.parse().unwrap()), Some(began), "{now}");
        }
    }
}
