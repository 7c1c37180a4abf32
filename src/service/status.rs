//! How the service fares, in the one line of `systemctl status`: what is wrong and since when,
//! else that it watches; then what the day has brought.

use jiff::Timestamp;

use super::Shared;
use super::alarm::Cause;
use super::pulse::{Sign, Stage};
use super::trouble::words;
use crate::german::in_germany;
use crate::log::Day;

/// The line, with what the log last said of the day.
pub(super) fn line(shared: &Shared, day: Option<Day>, now: Timestamp) -> String {
    let mailbox = shared.pulse.sign(Stage::Mailbox);
    let sending = shared.pulse.sign(Stage::Sending);
    compose(&shared.alarms.open(), mailbox, sending, day, now)
}

fn compose(
    open: &[(Cause, Timestamp, String)],
    mailbox: Sign,
    sending: Sign,
    day: Option<Day>,
    now: Timestamp,
) -> String {
    let is_open = |wanted: Cause| open.iter().any(|(cause, ..)| *cause == wanted);
    let mut parts: Vec<String> = open
        .iter()
        .map(|(cause, since, detail)| trouble(*cause, &clock(*since, now), detail))
        .collect();
    if let (Some(kind), false) = (sending.trouble, is_open(Cause::Log)) {
        let since = sending
            .well
            .map_or_else(String::new, |well| format!(" seit {}", clock(well, now)));
        parts.push(format!("keine Antwort geht hinaus{since}: {}", words(kind)));
    }
    let is_shut = mailbox.trouble.is_some() && is_open(Cause::Tokens);
    if !is_open(Cause::Mailbox) && !is_open(Cause::Log) && !is_shut {
        let watching = match mailbox.well {
            Some(well) => format!("beobachtet das Postfach (zuletzt {})", clock(well, now)),
            None => "sieht zum ersten Mal ins Postfach".to_owned(),
        };
        parts.insert(0, watching);
    }
    parts.extend(day.map(figures));
    let clauses: Vec<&str> = parts
        .iter()
        .map(|part| part.trim_end_matches('.'))
        .collect();
    clauses.join("; ")
}

/// Trouble of this cause, in a clause.
fn trouble(cause: Cause, since: &str, detail: &str) -> String {
    match cause {
        Cause::Mailbox => format!("Postfach seit {since} nicht zu erreichen: {detail}"),
        Cause::Log => format!("Protokoll seit {since} nicht zu gebrauchen: {detail}"),
        Cause::Tokens => format!("Anmeldung seit {since} nicht möglich: {detail}"),
        Cause::TokensEnd => detail.to_owned(),
        Cause::Breaker => format!(
            "Anfragen warten seit {since}, in einer Stunde entstanden so viele Antworten wie erlaubt"
        ),
        Cause::Rival => {
            format!("seit {since} holt ein anderer Antragsbote Mails aus demselben Postfach")
        }
        Cause::Reload => format!(
            "Dateien sind seit {since} fehlerhaft, ihr letzter guter Stand gilt weiter, sonst warten \
             Anfragen (antragsbote check --offline)"
        ),
        Cause::RequestFailed => detail.to_owned(),
    }
}

fn figures(day: Day) -> String {
    let mut said = format!("heute {} beantwortet", day.answered);
    match day.waiting {
        0 => {}
        1 => said.push_str(", 1 wartet"),
        waiting => said.push_str(&format!(", {waiting} warten")),
    }
    if day.failed > 0 {
        said.push_str(&format!(", {} gescheitert", day.failed));
    }
    said
}

/// A time as people in Germany say it, with its day unless that is today.
fn clock(time: Timestamp, now: Timestamp) -> String {
    let (time, now) = (in_germany(time), in_germany(now));
    let format = match time.date() == now.date() {
        true => "%H:%M",
        false => "%d.%m. %H:%M",
    };
    time.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;

    /// 15:10 in Germany.
    const NOW: &str = "2026-11-23T14:10:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn sign(well: Option<&str>, trouble: Option<&'static str>) -> Sign {
        Sign {
            well: well.map(at),
            trouble,
            since: None,
            due: Instant::now() + Duration::from_secs(1),
        }
    }

    fn day(answered: u64, waiting: u64, failed: u64) -> Option<Day> {
        Some(Day {
            answered,
            failed,
            waiting,
        })
    }

    fn check(open: &[(Cause, &str, &str)], sending: Sign, day: Option<Day>, expected: &str) {
        let open: Vec<_> = open
            .iter()
            .map(|(cause, since, detail)| (*cause, at(since), (*detail).to_owned()))
            .collect();
        let mailbox = sign(Some("2026-11-23T13:03:20Z"), None);
        assert_eq!(compose(&open, mailbox, sending, day, at(NOW)), expected);
    }

    #[test]
    fn while_all_is_well_it_says_when_it_looked_and_what_the_day_has_brought() {
        let well = sign(Some(NOW), None);
        for (day, expected) in [
            (None, "beobachtet das Postfach (zuletzt 14:03)"),
            (
                day(12, 3, 1),
                "beobachtet das Postfach (zuletzt 14:03); heute 12 beantwortet, 3 warten, 1 gescheitert",
            ),
            (
                day(0, 1, 0),
                "beobachtet das Postfach (zuletzt 14:03); heute 0 beantwortet, 1 wartet",
            ),
        ] {
            check(&[], well, day, expected);
        }
        let never = sign(None, None);
        let line = compose(&[], never, never, None, at(NOW));
        assert_eq!(line, "sieht zum ersten Mal ins Postfach");
    }

    #[test]
    fn trouble_comes_with_its_time_and_its_reason() {
        let well = sign(Some(NOW), None);
        let login = "Der Server nimmt Name oder Passwort nicht an.";
        let full = "Auf dem Datenträger ist kein Platz mehr.";
        check(
            &[(Cause::Mailbox, "2026-11-23T12:20:00Z", login)],
            well,
            day(4, 0, 0),
            "Postfach seit 13:20 nicht zu erreichen: Der Server nimmt Name oder Passwort nicht an; heute 4 beantwortet",
        );
        check(
            &[
                (Cause::Log, "2026-11-21T12:20:00Z", full),
                (Cause::Mailbox, "2026-11-23T12:20:00Z", login),
            ],
            sign(None, Some("full")),
            None,
            "Protokoll seit 21.11. 13:20 nicht zu gebrauchen: Auf dem Datenträger ist kein Platz mehr; \
             Postfach seit 13:20 nicht zu erreichen: Der Server nimmt Name oder Passwort nicht an",
        );
        let secret = "Der Anmeldedienst nimmt das Geheimnis nicht an.";
        let open = [(Cause::Tokens, at("2026-11-23T12:20:00Z"), secret.to_owned())];
        let shut = sign(None, Some("oauth-secret"));
        assert_eq!(
            compose(&open, shut, well, None, at(NOW)),
            "Anmeldung seit 13:20 nicht möglich: Der Anmeldedienst nimmt das Geheimnis nicht an"
        );
        check(
            &[(
                Cause::TokensEnd,
                "2026-11-23T12:20:00Z",
                "Das Geheimnis gilt nur noch bis zum 30. November 2026.",
            )],
            well,
            None,
            "beobachtet das Postfach (zuletzt 14:03); Das Geheimnis gilt nur noch bis zum 30. November 2026",
        );
        check(
            &[(Cause::Breaker, "2026-11-23T14:01:00Z", "…")],
            sign(Some("2026-11-23T13:59:00Z"), Some("refused")),
            None,
            "beobachtet das Postfach (zuletzt 14:03); Anfragen warten seit 15:01, in einer Stunde entstanden so \
             viele Antworten wie erlaubt; keine Antwort geht hinaus seit 14:59: Der Server nimmt keine Verbindung an",
        );
    }
}
