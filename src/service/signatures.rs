//! DKIM signatures of claimed mails, where the policy asks for them.
//!
//! A mail whose keys the DNS does not give for now goes back to the log and is tried again;
//! it holds no other up.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::answering::Reading;
use super::standing::Standing;
use super::{Shared, deferral};
use crate::clock;
use crate::dkim::Verifier;
use crate::log::Deferred;
use crate::mail::Mail;
use crate::policy::{Authentication, Rules, Signature};

/// The pause before a mail is tried again is as long as it has waited, within these.
const SHORTEST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(30);

/// How long the DNS may give no answer; then the signature counts as not to be checked. Two
/// nights: a name server that is out on Saturday is back on Monday.
const PATIENCE: SignedDuration = SignedDuration::from_hours(48);

/// A resolver that gave no answer is set up anew after this: the system's name servers may
/// have changed.
const STALE: Duration = Duration::from_secs(60);

/// Checks signatures; the resolver is set up when it is first needed.
#[derive(Debug, Default)]
pub(super) struct Signatures {
    verifier: Option<(Verifier, Timestamp)>,
    /// what was told of a DNS that gives no answer
    standing: Standing,
}

impl Signatures {
    /// Adds their signatures to the mails; returns those that can be decided on.
    pub(super) async fn check(
        &mut self,
        shared: &Shared,
        rules: &Rules,
        read: Vec<Reading>,
    ) -> anyhow::Result<Vec<Reading>> {
        if rules.authentication != Authentication::Dkim {
            return Ok(read);
        }
        let verifier = self.verifier();
        let checks = read.iter().map(|reading| check(verifier, reading));
        let checked: Vec<_> = join_all(checks).await;
        let now = clock::now();
        let (mut ready, mut deferred) = (Vec::new(), Vec::new());
        for (mut reading, checked) in read.into_iter().zip(checked) {
            let until = next_try(reading.request.received_at, now);
            match (checked, until) {
                (None, Some(until)) => deferred.push(Deferred {
                    id: reading.request.id,
                    until,
                    motion: None,
                }),
                (checked, _) => {
                    reading.signatures = Some(checked.unwrap_or_else(|| vec![unanswered()]));
                    ready.push(reading);
                }
            }
        }
        if deferred.is_empty() {
            self.standing.is_over();
        } else {
            self.defer(shared, deferred, now).await?;
        }
        Ok(ready)
    }

    fn verifier(&mut self) -> Option<&Verifier> {
        if self.verifier.is_none() {
            // Without one the mails wait, which is told.
            let verifier = Verifier::of_system().ok();
            self.verifier = verifier.map(|verifier| (verifier, clock::now()));
        }
        self.verifier.as_ref().map(|(verifier, _)| verifier)
    }

    async fn defer(
        &mut self,
        shared: &Shared,
        requests: Vec<Deferred>,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        if self.standing.is_news("resolver", Instant::now()) {
            tracing::warn!(
                error.kind = "resolver",
                requests = requests.len(),
                "requests wait for the keys of their DKIM signatures"
            );
        }
        let stale = |made: Timestamp| now.duration_since(made).unsigned_abs() > STALE;
        self.verifier.take_if(|(_, made)| stale(*made));
        Ok(deferral::defer(shared, "resolver", requests).await?)
    }
}

/// The signatures of a mail; `None` if the DNS gives no answer for now.
async fn check(verifier: Option<&Verifier>, reading: &Reading) -> Option<Vec<Signature>> {
    let from = reading.mail.as_ref().ok().and_then(author);
    match from {
        Some(from) => verifier?.verify(&reading.request.raw, from).await,
        None => Some(Vec::new()),
    }
}

/// The one author of a mail.
fn author(mail: &Mail) -> Option<&str> {
    let from = mail.from.as_ref()?;
    mail.other_authors.is_empty().then_some(from.email.as_str())
}

/// When a mail is tried again; `None` once the patience is at its end.
fn next_try(received_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let waited = now.duration_since(received_at);
    let pause = waited.clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
    let until = now.checked_add(pause).ok()?;
    (waited < PATIENCE).then_some(until)
}

fn unanswered() -> Signature {
    Signature {
        domain: "DNS".to_owned(),
        fault: Some("gab zwei Tage lang keine Antwort".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_with_the_wait_and_end_after_two_days() {
        let received = Timestamp::UNIX_EPOCH;
        for (waited, pause) in [
            (0, Some(30)),
            (29, Some(30)),
            (300, Some(300)),
            (7200, Some(1800)),
            (48 * 3600 - 1, Some(1800)),
            (48 * 3600, None),
            (-5, Some(30)),
        ] {
            let now = received + SignedDuration::from_secs(waited);
            let expected = pause.map(|pause| now + SignedDuration::from_secs(pause));
            assert_eq!(next_try(received, now), expected, "{waited}");
        }
    }
}
