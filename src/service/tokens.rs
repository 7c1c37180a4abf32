//! Tokens in place of passwords: what only a person can mend is told at once, an end two weeks
//! before; what a person has given is used once in a while, so that it does not lapse.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep};

use super::Shared;
use super::alarm::{Alarms, Cause};
use super::standing::Standing;
use super::trouble::tell;
use crate::clock;
use crate::german::{datum, in_germany};
use crate::oauth::{End, Ending, Error, Tokens};
use crate::telemetry::trouble;

/// Twice a day, so that a daemon restarted every evening gets round to it too.
const EVERY: Duration = Duration::from_hours(12);
/// What could not be written is tried again this often.
const SETTLE: Duration = Duration::from_secs(30);
/// A new secret may take somebody with rights in a portal.
const EARLY: SignedDuration = SignedDuration::from_hours(14 * 24);
const LATE: SignedDuration = SignedDuration::from_hours(3 * 24);

/// Watches how tokens fare until the service stops.
pub(super) async fn run(shared: Arc<Shared>, tokens: Tokens) -> anyhow::Result<()> {
    let mut watch = Watch {
        alarms: &shared.alarms,
        tokens: &tokens,
        unsaved: Standing::default(),
        clock: Standing::default(),
    };
    let both = async { tokio::join!(watch.keep(), look_ahead(&shared.alarms, &tokens)) };
    shared.stop.run_until_cancelled(both).await;
    // What is on its way may be the only refresh token that is still good.
    tokens.settle().await;
    Ok(())
}

struct Watch<'a> {
    alarms: &'a Alarms,
    tokens: &'a Tokens,
    /// what was told of the store
    unsaved: Standing,
    /// what was told of the clock
    clock: Standing,
}

impl Watch<'_> {
    async fn keep(&mut self) {
        // Before the first answer nothing is known to be well.
        let _ = self.tokens.access(self.tokens.config().first).await;
        loop {
            self.take_up();
            tokio::select! {
                () = self.tokens.news() => {}
                () = sleep(SETTLE) => self.tokens.settle().await,
            }
        }
    }

    /// How they fare now.
    fn take_up(&mut self) {
        let now = Instant::now();
        match self.tokens.clock_ahead() {
            Some(_) if self.clock.is_news("oauth-clock", now) => {
                tracing::error!(error.kind = "oauth-clock", "the clock is wrong");
            }
            None if self.clock.is_over() => tracing::info!("the clock is right again"),
            _ => {}
        }
        match self.tokens.unsaved() {
            Some(error) if self.unsaved.is_news(error.kind(), now) => tell!(
                error.kind(),
                "new tokens are not on disk, a restart would lose them"
            ),
            None if self.unsaved.is_over() => tracing::info!("new tokens are on disk again"),
            _ => {}
        }
        let troubles = self.tokens.troubles();
        match troubles.iter().find(|error| lasts(error.kind())) {
            Some(error) => self.alarms.raise(Cause::Tokens, &words(error)),
            None if troubles.is_empty() => self.alarms.clear(Cause::Tokens),
            // It passes by itself, and says nothing of what did not.
            None => {}
        }
    }
}

/// Tells of an end that comes near, and uses what a person has given.
async fn look_ahead(alarms: &Alarms, tokens: &Tokens) {
    loop {
        let end = tokens.end().await;
        match end.and_then(|end| warning(end, clock::now())) {
            Some(words) => {
                tracing::error!(error.kind = "oauth-end", "tokens end soon");
                alarms.raise(Cause::TokensEnd, &words);
            }
            None => alarms.clear(Cause::TokensEnd),
        }
        sleep(EVERY).await;
        let _ = tokens.renewed(tokens.config().first).await;
    }
}

/// Whether trouble of this kind stays until somebody does something.
pub(super) fn lasts(kind: &str) -> bool {
    trouble::of(kind).is_none_or(|trouble| trouble.lasts)
}

/// What is told of the lack of tokens; it quotes nobody, but for a number.
fn words(error: &Error) -> String {
    let words = super::trouble::words(error.kind());
    match error {
        Error::Refused { code, .. } | Error::Clock { code, .. } => format!("{words} ({code})"),
        _ => words.to_owned(),
    }
}

/// What is told of an end, if it is near: a line that changes as it comes nearer.
fn warning(end: End, now: Timestamp) -> Option<String> {
    let left = end.at.duration_since(now);
    let what = match end.of {
        Ending::Secret => "Das Geheimnis für den Anmeldedienst (client_secret)",
        Ending::SignIn => "Die Anmeldung am Anmeldedienst (antragsbote login)",
    };
    let day = datum(in_germany(end.at).date());
    if left > EARLY {
        return None;
    }
    Some(if left > LATE {
        format!("{what} gilt nur noch bis zum {day}, weniger als zwei Wochen.")
    } else if left.is_positive() {
        format!("{what} gilt nur noch bis zum {day}, weniger als drei Tage.")
    } else {
        format!("{what} gilt seit dem {day} nicht mehr.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_two_weeks_before_and_again_as_it_comes_near() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (now, expected) in [
            ("2028-11-15T23:00:00Z", None),
            (
                "2028-11-16T01:00:00Z",
                Some("gilt nur noch bis zum 30. November 2028, weniger als zwei Wochen."),
            ),
            (
                "2028-11-27T00:00:00Z",
                Some("gilt nur noch bis zum 30. November 2028, weniger als drei Tage."),
            ),
            (
                "2028-11-30T00:00:00Z",
                Some("gilt seit dem 30. November 2028 nicht mehr."),
            ),
        ] {
            let end = End {
                at: at("2028-11-30T00:00:00Z"),
                of: Ending::Secret,
            };
            let told = warning(end, at(now));
            let expected = expected
                .map(|rest| format!("Das Geheimnis für den Anmeldedienst (client_secret) {rest}"));
            assert_eq!(told, expected, "{now}");
        }
    }
}
