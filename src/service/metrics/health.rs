//! Whether all stages are well: for monitoring that does not know Prometheus.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::time::Instant;

use crate::clock;
use crate::service::Shared;
use crate::service::pulse::{Sign, Stage};

/// Trouble that lasts no longer wakes nobody: a mail server is restarted within minutes, and what
/// waits meanwhile is not lost.
const LASTING: SignedDuration = SignedDuration::from_mins(5);

/// How all stages fare.
#[derive(Debug)]
pub(super) struct Health(Vec<Trouble>);

/// The trouble of one stage.
#[derive(Debug)]
struct Trouble {
    stage: Stage,
    /// a fixed word
    kind: &'static str,
    since: Timestamp,
    /// whether a person should look
    lasting: bool,
}

impl Health {
    /// That of this moment.
    pub(super) fn of(shared: &Shared) -> Self {
        let (now, tick) = (clock::now(), Instant::now());
        let began = shared.meters.began;
        let troubles = Stage::ALL
            .into_iter()
            .filter_map(|stage| judge(stage, shared.pulse.sign(stage), began, now, tick));
        Self(troubles.collect())
    }

    /// The kind of a stage's trouble.
    pub(super) fn trouble(&self, stage: Stage) -> Option<&'static str> {
        let trouble = self.0.iter().find(|trouble| trouble.stage == stage);
        trouble.map(|trouble| trouble.kind)
    }

    /// Whether a person should look.
    pub(super) fn is_failing(&self) -> bool {
        self.0.iter().any(|trouble| trouble.lasting)
    }

    /// All of it in one line.
    pub(super) fn json(&self) -> String {
        let status = match self.0.as_slice() {
            [] => "ok",
            _ if self.is_failing() => "failing",
            _ => "degraded",
        };
        let trouble = |trouble: &Trouble| {
            json!({
                "stage": trouble.stage.word(),
                "kind": trouble.kind,
                "since": format!("{:.0}", trouble.since),
            })
        };
        let troubles: Vec<_> = self.0.iter().map(trouble).collect();
        format!("{}\n", json!({ "status": status, "trouble": troubles }))
    }
}

/// The trouble of a stage with this sign; the service `began` then.
fn judge(
    stage: Stage,
    sign: Sign,
    began: Timestamp,
    now: Timestamp,
    tick: Instant,
) -> Option<Trouble> {
    let silent = sign.due < tick;
    let kind = match sign.trouble {
        Some("") => "other",
        Some(kind) => kind,
        None if silent => "silent",
        None => return None,
    };
    let since = sign.since.or(sign.well).unwrap_or(began);
    Some(Trouble {
        stage,
        kind,
        since,
        lasting: silent || now.duration_since(since) > LASTING,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const BEGAN: &str = "2026-11-22T08:00:00Z";
    const WELL: &str = "2026-11-22T09:00:00Z";
    const SINCE: &str = "2026-11-22T10:00:00.4Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// What is said at this time of one stage with this sign: whether it fails, and the line.
    fn said(sign: Sign, now: &str, tick: Instant) -> (bool, String) {
        let judged = judge(Stage::Mailbox, sign, at(BEGAN), at(now), tick);
        let health = Health(judged.into_iter().collect());
        (health.is_failing(), health.json())
    }

    fn line(status: &str, kind: &str, since: &str) -> String {
        let trouble =
            format!("{{\"stage\":\"mailbox\",\"kind\":\"{kind}\",\"since\":\"{since}\"}}");
        format!("{{\"status\":\"{status}\",\"trouble\":[{trouble}]}}\n")
    }

    #[test]
    fn trouble_that_lasts_more_than_five_minutes_fails() {
        let tick = Instant::now();
        let well = Sign {
            well: None,
            trouble: None,
            since: None,
            due: tick,
        };
        let line_of_well = "{\"status\":\"ok\",\"trouble\":[]}\n".to_owned();
        assert_eq!(said(well, SINCE, tick), (false, line_of_well));
        let ill = Sign {
            trouble: Some("login"),
            since: Some(at(SINCE)),
            ..well
        };
        for (now, fails, status) in [
            ("2026-11-22T10:05:00Z", false, "degraded"),
            ("2026-11-22T10:05:01Z", true, "failing"),
            // The clock was set back.
            ("2026-11-22T09:00:00Z", false, "degraded"),
        ] {
            let expected = (fails, line(status, "login", "2026-11-22T10:00:00Z"));
            assert_eq!(said(ill, now, tick), expected, "{now}");
        }
    }

    #[test]
    fn a_stage_that_is_not_heard_in_time_fails_at_once() {
        let due = Instant::now();
        let late = due + Duration::from_millis(1);
        let sign = |well: Option<&str>| Sign {
            well: well.map(at),
            trouble: None,
            since: None,
            due,
        };
        let expected = (true, line("failing", "silent", WELL));
        assert_eq!(said(sign(Some(WELL)), WELL, late), expected);
        let expected = (true, line("failing", "silent", BEGAN));
        assert_eq!(said(sign(None), BEGAN, late), expected);
    }
}
