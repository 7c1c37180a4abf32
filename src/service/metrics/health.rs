//! Whether all stages are well: for monitoring that does not know Prometheus.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::time::Instant;

use crate::clock;
use crate::service::Shared;
use crate::service::pulse::{Sign, Stage};

/// Trouble that lasts no longer wakes nobody: a mail server is restarted within minutes, and what
/// waits meanwhile is not lost.
const LASTING: SignedDuration = SignedDuration::from_mins(5);

/// The stages, each with its name and what of its work the log may keep it from.
pub(super) const STAGES: [(Stage, &str, &[&str]); 3] = [
    (Stage::Mailbox, "mailbox", &["mail"]),
    (Stage::Answering, "answering", &["decisions"]),
    (Stage::Sending, "sending", &["sending", "results"]),
];

/// How all stages fare.
#[derive(Debug)]
pub(super) struct Health(Vec<Trouble>);

/// The trouble of one stage.
#[derive(Debug)]
pub(super) struct Trouble {
    /// whose
    pub(super) stage: &'static str,
    /// a fixed word
    pub(super) kind: &'static str,
    /// when it last succeeded; when the service began, if it never has
    since: Timestamp,
    lasting: bool,
}

impl Health {
    /// That of this moment.
    pub(super) fn of(shared: &Shared) -> Self {
        let (now, tick) = (clock::now(), Instant::now());
        let troubles = STAGES.iter().filter_map(|(stage, name, work)| {
            let sign = shared.pulse.sign(*stage);
            let of_log = shared.ailing.kind(work);
            judge(name, sign, of_log, shared.meters.began, now, tick)
        });
        Self(troubles.collect())
    }

    /// The trouble of a stage.
    pub(super) fn trouble(&self, stage: &str) -> Option<&Trouble> {
        self.0.iter().find(|trouble| trouble.stage == stage)
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
                "stage": trouble.stage,
                "kind": trouble.kind,
                "since": format!("{:.0}", trouble.since),
            })
        };
        let troubles: Vec<_> = self.0.iter().map(trouble).collect();
        format!("{}\n", json!({ "status": status, "trouble": troubles }))
    }
}

/// The trouble of a stage with this sign, and this trouble with the log.
fn judge(
    stage: &'static str,
    sign: Sign,
    of_log: Option<&'static str>,
    began: Timestamp,
    now: Timestamp,
    tick: Instant,
) -> Option<Trouble> {
    let silent = tick.saturating_duration_since(sign.due) > Duration::ZERO;
    let kind = sign
        .trouble
        .or(of_log)
        .or_else(|| silent.then_some("silent"))?;
    let since = sign.well.unwrap_or(began);
    Some(Trouble {
        stage,
        kind,
        since,
        lasting: silent || now.duration_since(since) > LASTING,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN: &str = "2026-11-22T08:00:00Z";
    const WELL: &str = "2026-11-22T10:00:00.4Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// What is said of the mailbox at a time: whether it fails, and the line.
    fn said(well: Option<&str>, trouble: Option<&'static str>, now: &str) -> (bool, String) {
        let tick = Instant::now();
        let sign = Sign {
            well: well.map(at),
            trouble,
            due: tick + Duration::from_secs(1),
        };
        let judged = judge("mailbox", sign, None, at(BEGAN), at(now), tick);
        let health = Health(judged.into_iter().collect());
        (health.is_failing(), health.json())
    }

    #[test]
    fn trouble_that_lasts_more_than_five_minutes_fails() {
        let line = |status: &str, since: &str| {
            let trouble =
                format!("{{\"stage\":\"mailbox\",\"kind\":\"login\",\"since\":\"{since}\"}}");
            format!("{{\"status\":\"{status}\",\"trouble\":[{trouble}]}}\n")
        };
        let well = "{\"status\":\"ok\",\"trouble\":[]}\n".to_owned();
        assert_eq!(
            said(Some(WELL), None, "2026-11-23T10:00:00Z"),
            (false, well.clone())
        );
        assert_eq!(said(None, None, "2026-11-22T08:01:00Z"), (false, well));
        let since = "2026-11-22T10:00:00Z";
        for (now, fails, status) in [
            ("2026-11-22T10:05:00Z", false, "degraded"),
            ("2026-11-22T10:05:01Z", true, "failing"),
            // The clock was set back.
            ("2026-11-22T09:00:00Z", false, "degraded"),
        ] {
            let expected = (fails, line(status, since));
            assert_eq!(said(Some(WELL), Some("login"), now), expected, "{now}");
        }
        let expected = (true, line("failing", BEGAN));
        assert_eq!(said(None, Some("login"), "2026-11-22T08:06:00Z"), expected);
    }

    #[test]
    fn a_stage_that_is_not_heard_in_time_fails_at_once() {
        let tick = Instant::now();
        let sign = Sign {
            well: Some(at(WELL)),
            trouble: None,
            due: tick,
        };
        let judged = |of_log, tick| judge("sending", sign, of_log, at(BEGAN), at(WELL), tick);
        assert!(judged(None, tick).is_none());
        let later = tick + Duration::from_millis(1);
        let trouble = judged(None, later).unwrap();
        assert_eq!((trouble.kind, trouble.lasting), ("silent", true));
        let trouble = judged(Some("full"), tick).unwrap();
        assert_eq!((trouble.kind, trouble.lasting), ("full", false));
    }
}
