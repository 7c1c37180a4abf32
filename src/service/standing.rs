//! Trouble that goes on: told when it begins, when its kind changes, and once an hour, so that
//! who looks for its lines finds one and not a thousand.

use std::time::Duration;

use tokio::time::Instant;

/// Between two lines about the same trouble.
const AGAIN: Duration = Duration::from_hours(1);

/// What was last told.
#[derive(Debug, Default)]
pub(super) struct Standing(Option<(&'static str, Instant)>);

impl Standing {
    /// There is trouble of this kind; whether that is to be told.
    pub(super) fn is_news(&mut self, kind: &'static str, now: Instant) -> bool {
        let is_known =
            |(told, at): (&str, Instant)| told == kind && now.saturating_duration_since(at) < AGAIN;
        if self.0.is_some_and(is_known) {
            return false;
        }
        self.0 = Some((kind, now));
        true
    }

    /// There is none any more; whether there was any that was told.
    pub(super) fn is_over(&mut self) -> bool {
        self.0.take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_when_it_begins_changes_lasts_and_ends() {
        let begin = Instant::now();
        let at = |minute| begin + Duration::from_mins(minute);
        let mut standing = Standing::default();
        assert!(!standing.is_over());
        for (kind, minute, told) in [
            ("refused", 0, true),
            ("refused", 1, false),
            ("login", 2, true),
            ("login", 61, false),
            ("login", 62, true),
            ("refused", 63, true),
        ] {
            assert_eq!(standing.is_news(kind, at(minute)), told, "{kind} {minute}");
        }
        assert!(standing.is_over());
        assert!(!standing.is_over());
        assert!(standing.is_news("refused", at(64)));
    }
}
