//! Sizes ("10 MiB") and spans of time ("365d") as people write them.

use std::time::Duration;

/// Reads a size in bytes: "10 MiB", "500kB", "1048576"; `None` if it is none.
pub(super) fn parse_size(text: &str) -> Option<u64> {
    let (number, unit) = number_and_unit(text)?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "mb" => 1000_u64.pow(2),
        "gb" => 1000_u64.pow(3),
        "kib" => 1024,
        "mib" => 1024_u64.pow(2),
        "gib" => 1024_u64.pow(3),
        _ => return None,
    };
    number.checked_mul(factor)
}

/// Reads a span of time: "365d", "12h", "30m", "45s"; `None` if it is none.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let (number, unit) = number_and_unit(text)?;
    let seconds = match unit {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}

/// "10 MiB" → (10, "MiB").
fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, unit.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, expected) in [
            ("10 MiB", Some(10 * 1024 * 1024)),
            ("10MiB", Some(10 * 1024 * 1024)),
            ("500 kB", Some(500_000)),
            ("1 GB", Some(1_000_000_000)),
            ("1048576", Some(1_048_576)),
            ("0", Some(0)),
            ("", None),
            ("MiB", None),
            ("-1 MiB", None),
            ("1.5 MiB", None),
            ("10 Äpfel", None),
            ("99999999999 GiB", None),
        ] {
            assert_eq!(parse_size(text), expected, "{text}");
        }
    }

    #[test]
    fn durations() {
        for (text, expected) in [
            ("365d", Some(365 * 86_400)),
            ("5 d", Some(5 * 86_400)),
            ("12h", Some(43_200)),
            ("30m", Some(1800)),
            ("45s", Some(45)),
            ("5", None),
            ("d", None),
            ("5 Tage", None),
            ("999999999999999999d", None),
        ] {
            assert_eq!(
                parse_duration(text),
                expected.map(Duration::from_secs),
                "{text}"
            );
        }
    }
}
