//! Pictures of dates: the switch `\@` (ECMA-376 part 1, 17.16.4.1), in German.

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;

const MONTHS: [(&str, &str); 12] = [
    ("Januar", "Jan"),
    ("Februar", "Feb"),
    ("März", "Mrz"),
    ("April", "Apr"),
    ("Mai", "Mai"),
    ("Juni", "Jun"),
    ("Juli", "Jul"),
    ("August", "Aug"),
    ("September", "Sep"),
    ("Oktober", "Okt"),
    ("November", "Nov"),
    ("Dezember", "Dez"),
];

const DAYS: [(&str, &str); 7] = [
    ("Montag", "Mo"),
    ("Dienstag", "Di"),
    ("Mittwoch", "Mi"),
    ("Donnerstag", "Do"),
    ("Freitag", "Fr"),
    ("Samstag", "Sa"),
    ("Sonntag", "So"),
];

/// Reads a date as ISO 8601 or as Germans write it: "2026-11-22T10:30:00Z", "22.11.2026",
/// "22. November 2026, 10:30 Uhr". A time zone is not converted.
pub(super) fn read(text: &str) -> Option<DateTime> {
    let text = text.trim();
    if text.as_bytes().get(4) == Some(&b'-') {
        let pieces = Pieces::parse(text).ok()?;
        let time = pieces.time().unwrap_or(Time::midnight());
        return Some(pieces.date().to_datetime(time));
    }
    let (day, rest) = text.split_once('.')?;
    let rest = rest.trim_start();
    let end = rest.find(['.', ' ', '\u{a0}'])?;
    let (month, rest) = rest.split_at(end);
    let rest = rest.trim_start_matches(['.', ' ', '\u{a0}']);
    let end = rest.find([',', ' ', '\u{a0}']).unwrap_or(rest.len());
    let (year, time) = rest.split_at(end);
    let year = match year.len() {
        4 => year.parse().ok()?,
        2 => 2000 + year.parse::<i16>().ok()?,
        _ => return None,
    };
    let date = Date::new(year, month_of(month)?, day.parse().ok()?).ok()?;
    Some(date.to_datetime(time_of(time)?))
}

fn month_of(text: &str) -> Option<i8> {
    let lower = text.to_lowercase();
    let named = MONTHS.iter().position(|(name, short)| {
        let name = name.to_lowercase();
        name == lower || short.to_lowercase() == lower || lower == "jänner" && name == "januar"
    });
    match named {
        Some(at) => i8::try_from(at + 1).ok(),
        None => text.parse().ok(),
    }
}

/// "", ", 10:30 Uhr", " 10:30:15"
fn time_of(text: &str) -> Option<Time> {
    let text = text.trim_start_matches([',', ' ', '\u{a0}']).trim_end();
    let text = text.strip_suffix("Uhr").unwrap_or(text).trim_end();
    if text.is_empty() {
        return Some(Time::midnight());
    }
    let mut parts = text.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    Time::new(hour, minute, second, 0).ok()
}

/// The date as the picture shows it. `M` is the month, `m` the minute; what stands
/// between apostrophes, and what is no part of a date, is text.
pub(super) fn written(date: DateTime, picture: &str) -> String {
    let mut out = String::new();
    let mut rest = picture;
    while let Some(c) = rest.chars().next() {
        if c == '\'' {
            let text = rest.get(1..).unwrap_or_default();
            let end = text.find('\'').unwrap_or(text.len());
            out.push_str(text.get(..end).unwrap_or_default());
            rest = text.get(end + 1..).unwrap_or_default();
            continue;
        }
        let half = rest
            .get(..5)
            .filter(|text| text.eq_ignore_ascii_case("am/pm"));
        if half.is_some() {
            out.push_str(if date.hour() < 12 { "AM" } else { "PM" });
            rest = rest.get(5..).unwrap_or_default();
            continue;
        }
        let length = rest.find(|other| other != c).unwrap_or(rest.len());
        let (run, after) = rest.split_at(length);
        match part(date, c, run.len()) {
            Some(part) => out.push_str(&part),
            None => out.push_str(run),
        }
        rest = after;
    }
    out
}

/// A part of the date, by its letter and how often it stands there.
fn part(date: DateTime, letter: char, count: usize) -> Option<String> {
    let number = |number: i8| match count {
        1 => number.to_string(),
        _ => format!("{number:02}"),
    };
    let named = |(name, short): (&str, &str)| match count {
        3 => short.to_owned(),
        _ => name.to_owned(),
    };
    let of = |names: &[(&'static str, &'static str)], number: i8| {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        names.get(at).copied().map(named)
    };
    Some(match (letter, count) {
        ('d' | 'D', 1 | 2) => number(date.day()),
        ('d' | 'D', _) => of(&DAYS, date.weekday().to_monday_one_offset())?,
        ('M', 1 | 2) => number(date.month()),
        ('M', _) => of(&MONTHS, date.month())?,
        ('y' | 'Y', 1 | 2) => format!("{:02}", date.year().rem_euclid(100)),
        ('y' | 'Y', _) => format!("{:04}", date.year()),
        ('H', _) => number(date.hour()),
        ('h', _) => number((date.hour() + 11) % 12 + 1),
        ('m', _) => number(date.minute()),
        ('s' | 'S', _) => number(date.second()),
        _ => return None,
    })
}
