//! What is wrong and what of it was told: rules about time as values.
//!
//! ```text
//! well ──raise──► untold ──mail──► told ──clear──► recovered ──mail──► well
//!   ◄────clear──────┘               └──news──► untold
//! ```

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::answer::{Alarm, Cause};
use crate::log::Told;

/// Between two mails that tell of trouble of one cause.
const PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// Trouble that lasts is told again after this: a mail can be overlooked.
const REMINDER: SignedDuration = SignedDuration::from_hours(24);
/// Lines one mail lists; what goes beyond is counted.
const MOST_DETAILS: usize = 50;
/// Characters of a line.
const LONGEST_DETAIL: usize = 500;

/// How far a cause has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Well,
    Untold,
    Told,
    Recovered,
}

impl Phase {
    const ALL: [Self; 4] = [Self::Well, Self::Untold, Self::Told, Self::Recovered];

    fn word(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Untold => "untold",
            Self::Told => "told",
            Self::Recovered => "recovered",
        }
    }
}

#[derive(Debug)]
struct Entry {
    phase: Phase,
    since: Timestamp,
    /// whether an earlier mail told of this trouble
    known: bool,
    mailed_at: Option<Timestamp>,
    details: Vec<String>,
    more: u32,
    /// since when it has been well, where that has to last
    calm_since: Option<Timestamp>,
}

/// All causes that were ever raised.
#[derive(Debug, Default)]
pub(super) struct Ledger(BTreeMap<Cause, Entry>);

/// How long trouble has to last before it is told.
fn patience(cause: Cause) -> SignedDuration {
    match cause {
        // A server may be restarted, or its machine.
        Cause::Mailbox => SignedDuration::from_mins(30),
        // Another process may hold the file for a moment; a daemon that is started again
        // and again because of it ends before.
        Cause::Log => SignedDuration::from_mins(1),
        // Mails that fail together are told together.
        Cause::RequestFailed => SignedDuration::from_secs(5),
        Cause::Reload | Cause::Tokens | Cause::TokensEnd | Cause::Breaker | Cause::Rival => {
            SignedDuration::ZERO
        }
    }
}

/// After how long it is told again.
fn reminder(cause: Cause) -> SignedDuration {
    match cause {
        // Nothing is wrong yet.
        Cause::TokensEnd => SignedDuration::MAX,
        _ => REMINDER,
    }
}

/// How long it has to stay well before it counts.
fn calm(cause: Cause) -> SignedDuration {
    match cause {
        // On a full disk a small change may succeed between large ones that do not.
        Cause::Log => SignedDuration::from_mins(2),
        _ => SignedDuration::ZERO,
    }
}

impl Ledger {
    /// What an earlier process left. Trouble it had told nobody of has to show itself again,
    /// but for requests: nobody fails them twice.
    pub(super) fn remembering(told: Vec<Told>) -> Self {
        let entries = told.into_iter().map(|told| {
            let mut phase = Phase::ALL
                .into_iter()
                .find(|phase| phase.word() == told.state)
                .unwrap_or(Phase::Well);
            if phase == Phase::Untold && !told.known && told.cause != Cause::RequestFailed {
                phase = Phase::Well;
            }
            let entry = Entry {
                phase,
                since: told.since,
                known: told.known,
                mailed_at: told.mailed_at,
                details: told.details,
                more: told.more,
                calm_since: None,
            };
            (told.cause, entry)
        });
        Self(entries.collect())
    }

    /// What the next process has to know.
    pub(super) fn to_remember(&self) -> Vec<Told> {
        let told = self.0.iter().map(|(cause, entry)| Told {
            cause: *cause,
            since: entry.since,
            state: entry.phase.word(),
            known: entry.known,
            mailed_at: entry.mailed_at,
            details: entry.details.clone(),
            more: entry.more,
        });
        told.collect()
    }

    /// Something is wrong; `detail` is a line, of [`Cause::Reload`] one for each fault.
    pub(super) fn raise(&mut self, cause: Cause, detail: &str, now: Timestamp) {
        let entry = self.0.entry(cause).or_insert_with(|| Entry {
            phase: Phase::Well,
            since: now,
            known: false,
            mailed_at: None,
            details: Vec::new(),
            more: 0,
            calm_since: None,
        });
        entry.calm_since = None;
        let more = detail.lines().skip(MOST_DETAILS).count();
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        let cut = |line: &str| line.chars().take(LONGEST_DETAIL).collect();
        let details: Vec<String> = detail.lines().take(MOST_DETAILS).map(cut).collect();
        let fresh = details.iter().any(|detail| !entry.details.contains(detail));
        match entry.phase {
            Phase::Well => {
                entry.phase = Phase::Untold;
                entry.since = now;
            }
            Phase::Told if cause == Cause::RequestFailed => {
                entry.phase = Phase::Untold;
                entry.since = now;
            }
            // Whoever changed something once more wants to know; an end comes nearer.
            Phase::Told if matches!(cause, Cause::Reload | Cause::TokensEnd) && fresh => {
                entry.phase = Phase::Untold;
            }
            Phase::Told if is_over(entry.mailed_at, reminder(cause), now) => {
                entry.phase = Phase::Untold;
            }
            Phase::Untold | Phase::Told => {}
            // It was well for too short a time to be told of.
            Phase::Recovered => entry.phase = Phase::Told,
        }
        if cause != Cause::RequestFailed {
            entry.details = details;
            entry.more = more;
        } else if fresh && entry.details.len() < MOST_DETAILS {
            entry.details.extend(details);
        } else if fresh {
            entry.more = entry.more.saturating_add(1);
        }
    }

    pub(super) fn clear(&mut self, cause: Cause, now: Timestamp) {
        if let Some(entry) = self.0.get_mut(&cause)
            && cause != Cause::RequestFailed
            && matches!(entry.phase, Phase::Untold | Phase::Told)
        {
            let since = *entry.calm_since.get_or_insert(now);
            if is_over(Some(since), calm(cause), now) {
                entry.phase = if entry.known {
                    Phase::Recovered
                } else {
                    Phase::Well
                };
                entry.calm_since = None;
            }
        }
    }

    /// Whether there is trouble of this cause.
    pub(super) fn is_open(&self, cause: Cause) -> bool {
        let entry = self.0.get(&cause);
        entry.is_some_and(|entry| matches!(entry.phase, Phase::Untold | Phase::Told))
    }

    /// All trouble that lasts: its cause, since when, and the first line about it.
    pub(super) fn open(&self) -> Vec<(Cause, Timestamp, String)> {
        let lasting = |cause: &Cause| *cause != Cause::RequestFailed && self.is_open(*cause);
        let entries = self.0.iter().filter(|(cause, _)| lasting(cause));
        let first = |entry: &Entry| entry.details.first().cloned().unwrap_or_default();
        entries
            .map(|(cause, entry)| (*cause, entry.since, first(entry)))
            .collect()
    }

    /// What is to be told now.
    pub(super) fn due(&mut self, now: Timestamp) -> Option<Alarm> {
        // A clock that was set back must not keep anything silent for longer than usual.
        for entry in self.0.values_mut() {
            entry.since = entry.since.min(now);
            entry.mailed_at = entry.mailed_at.map(|at| at.min(now));
        }
        let (cause, entry) = self.0.iter().find(|(cause, entry)| match entry.phase {
            Phase::Untold => {
                is_over(Some(entry.since), patience(**cause), now)
                    && is_over(entry.mailed_at, PAUSE, now)
            }
            Phase::Recovered => true,
            Phase::Well | Phase::Told => false,
        })?;
        Some(Alarm {
            cause: *cause,
            well: entry.phase == Phase::Recovered,
            since: entry.since,
            details: entry.details.clone(),
            more: entry.more,
        })
    }

    /// Notes that a mail with this is about to leave; returns what [`Ledger::unbook`] needs.
    pub(super) fn book(&mut self, alarm: &Alarm, now: Timestamp) -> Option<Timestamp> {
        let entry = self.0.get_mut(&alarm.cause)?;
        let before = entry.mailed_at;
        if !alarm.well {
            entry.mailed_at = Some(now);
        }
        before
    }

    /// It did not leave.
    pub(super) fn unbook(&mut self, alarm: &Alarm, before: Option<Timestamp>) {
        if let Some(entry) = self.0.get_mut(&alarm.cause) {
            entry.mailed_at = before;
        }
    }

    /// It was told; what came meanwhile has its turn later.
    pub(super) fn told(&mut self, alarm: &Alarm) {
        let Some(entry) = self.0.get_mut(&alarm.cause) else {
            return;
        };
        if alarm.well {
            entry.known = false;
            if entry.phase == Phase::Recovered {
                entry.phase = Phase::Well;
                entry.details.clear();
            } else if entry.phase == Phase::Told {
                // It came back while the mail was on its way.
                entry.phase = Phase::Untold;
            }
            return;
        }
        entry.known = true;
        if alarm.cause == Cause::RequestFailed {
            entry
                .details
                .retain(|detail| !alarm.details.contains(detail));
            entry.more = entry.more.saturating_sub(alarm.more);
            if entry.details.is_empty() && entry.more == 0 {
                entry.phase = Phase::Told;
            }
            return;
        }
        match entry.phase {
            Phase::Untold if entry.details == alarm.details || alarm.cause != Cause::Reload => {
                entry.phase = Phase::Told;
            }
            // It became well while the mail was on its way.
            Phase::Well => entry.phase = Phase::Recovered,
            Phase::Untold | Phase::Told | Phase::Recovered => {}
        }
    }
}

/// Whether this long has passed since then; since never, always.
fn is_over(since: Option<Timestamp>, span: SignedDuration, now: Timestamp) -> bool {
    since.is_none_or(|since| now.duration_since(since) >= span)
}

#[cfg(test)]
mod tests;
