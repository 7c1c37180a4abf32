//! When a server's certificate ends.

use jiff::{SignedDuration, Timestamp};

use super::finding::Finding;
use crate::clock;
use crate::german::in_germany;

/// Who renews by machine does so a month before; two weeks are late.
const LATE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A line about a certificate that is good, if the connection has one.
pub(super) fn look(subject: &'static str, end: Option<Timestamp>) -> Option<Finding> {
    end.map(|end| judge(subject, end, clock::now()))
}

fn judge(subject: &'static str, end: Timestamp, now: Timestamp) -> Finding {
    let message = format!(
        "Zertifikat gültig bis {}",
        in_germany(end).strftime("%d.%m.%Y")
    );
    let left = end.duration_since(now);
    if left < LATE {
        let days = left.as_hours() / 24;
        Finding::warning(
            subject,
            format!("{message}, noch {days} Tage"),
            "danach kommt keine Verbindung mehr zustande: die Betreiber des Servers müssen es erneuern",
        )
    } else {
        Finding::sound(subject, message)
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::as_lines;
    use super::*;

    #[test]
    fn two_weeks_before_the_end_is_late() {
        let end: Timestamp = "2026-12-24T12:00:00Z".parse().unwrap();
        for (now, line) in [
            (
                "2026-11-23T12:00:00Z",
                "✓ TLS: Zertifikat gültig bis 24.12.2026\n",
            ),
            (
                "2026-12-10T12:00:00Z",
                "✓ TLS: Zertifikat gültig bis 24.12.2026\n",
            ),
            (
                "2026-12-10T12:00:01Z",
                "! TLS: Zertifikat gültig bis 24.12.2026, noch 13 Tage\n",
            ),
        ] {
            let said = as_lines(&[judge("TLS", end, now.parse().unwrap())]);
            assert!(said.starts_with(line), "{said}");
        }
    }
}
