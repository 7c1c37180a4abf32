//! Days as Germans write and name them.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan, Zoned, tz::TimeZone};

const MONATE: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// Other names of months, with what they are the number of.
const MONATE_AUCH: [(&str, i8); 7] = [
    ("jänner", 1),
    ("feber", 2),
    ("maerz", 3),
    ("mrz", 3),
    ("juno", 6),
    ("julei", 7),
    ("sept", 9),
];

const TAGE: [(&str, Weekday); 8] = [
    ("montag", Weekday::Monday),
    ("dienstag", Weekday::Tuesday),
    ("mittwoch", Weekday::Wednesday),
    ("donnerstag", Weekday::Thursday),
    ("freitag", Weekday::Friday),
    ("samstag", Weekday::Saturday),
    ("sonntag", Weekday::Sunday),
    ("sonnabend", Weekday::Saturday),
];

/// What may stand between the name of a date and the date.
const GLUE: [&str; 12] = [
    "am", "den", "dem", "der", "ist", "wird", "vom", "für", "auf", "findet", "lautet", "also",
];

/// How far ahead a day without its year is still the next one, in days: who writes in
/// April means this May, but "im Mai" said in June may be either.
const AHEAD: i32 = 183;

/// "22. November 2026"
pub fn datum(day: Date) -> String {
    let month = usize::try_from(day.month()).unwrap_or_default();
    let monat = MONATE.get(month.wrapping_sub(1)).unwrap_or(&"");
    format!("{}. {monat} {}", day.day(), day.year())
}

/// The time it is in Germany.
pub fn in_germany(now: Timestamp) -> Zoned {
    // Directive 2000/84/EC: summer time from the last Sunday of March to that of October.
    let germany = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC);
    now.to_zoned(germany)
}

/// "22.11.2026 11:15:00 MEZ": a moment as output for people has it.
pub fn zeitpunkt(at: Timestamp) -> String {
    let local = in_germany(at);
    let zone = match local.offset().seconds() {
        7_200 => "MESZ",
        _ => "MEZ",
    };
    format!("{} {zone}", local.strftime("%d.%m.%Y %H:%M:%S"))
}

/// The one day that a text tells; else those it may mean.
///
/// A day without its year is the next such day if that is near `today`. A weekday that is
/// another one's, a second day, a number that belongs to neither day nor hour make doubt.
pub fn read_date(text: &str, today: Option<Date>) -> Result<Date, Vec<Date>> {
    let tokens = tokens(text);
    let mut days: Vec<Result<Date, Vec<Date>>> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at = match (hour_at(&tokens, at), day_at(&tokens, at)) {
            (Some(end), _) => end,
            (None, Some((day, end))) => {
                days.push(day.meant(weekday_before(&tokens, at), today));
                end
            }
            (None, None) if matches!(token, Token::Number(_)) => return Err(Vec::new()),
            (None, None) => at + 1,
        };
    }
    days.dedup();
    match days.as_slice() {
        [one] => one.clone(),
        several => Err(several.iter().flatten().copied().collect()),
    }
}

/// The day with which a text begins, behind "am", "den" or a weekday.
pub fn leading_date(text: &str, today: Option<Date>) -> Option<Result<Date, Vec<Date>>> {
    let tokens = tokens(text);
    let glue = |token: &&Token<'_>| match token {
        Token::Word(word) => {
            let lower = word.to_lowercase();
            GLUE.contains(&lower.as_str()) || weekday(word).is_some()
        }
        Token::Mark(mark) => ":,=.–-(".contains(*mark),
        Token::Number(_) => false,
    };
    let at = tokens.iter().take_while(glue).count();
    let (day, _) = day_at(&tokens, at)?;
    Some(day.meant(weekday_before(&tokens, at), today))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Number(&'t str),
    Word(&'t str),
    Mark(char),
}

/// More of a text than this is not looked at: nobody writes a date so.
const MOST: usize = 400;

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next().filter(|_| tokens.len() < MOST) {
        let digit = c.is_ascii_digit();
        let part = |other: char| match digit {
            true => other.is_ascii_digit(),
            false => other.is_alphabetic(),
        };
        let length = match digit || c.is_alphabetic() {
            true => rest.find(|other| !part(other)).unwrap_or(rest.len()),
            false => c.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        match c {
            _ if digit => tokens.push(Token::Number(token)),
            _ if c.is_alphabetic() => tokens.push(Token::Word(token)),
            _ if c.is_whitespace() => {}
            _ => tokens.push(Token::Mark(c)),
        }
        rest = behind;
    }
    tokens
}

/// A day, perhaps without its year.
#[derive(Debug, Clone, Copy)]
struct Day {
    day: i8,
    month: i8,
    year: Option<i16>,
}

impl Day {
    fn meant(self, weekday: Option<Weekday>, today: Option<Date>) -> Result<Date, Vec<Date>> {
        let of = |year: i16| Date::new(year, self.month, self.day).ok();
        let fits = |day: &Date| weekday.is_none_or(|weekday| day.weekday() == weekday);
        if let Some(year) = self.year {
            let day = of(year).ok_or_else(Vec::new)?;
            return Some(day).filter(fits).ok_or_else(|| vec![day]);
        }
        let today = today.ok_or_else(Vec::new)?;
        let near: Vec<Date> = (-1..=1)
            .filter_map(|years| of(today.year() + years))
            .filter(fits)
            .collect();
        let next = near.iter().copied().find(|day| *day >= today);
        let last = near.iter().copied().rfind(|day| *day < today);
        let limit = today.saturating_add(AHEAD.days());
        next.filter(|day| *day <= limit)
            .ok_or_else(|| last.into_iter().chain(next).collect())
    }
}

/// The day that begins at a token, and where it ends.
fn day_at(tokens: &[Token<'_>], at: usize) -> Option<(Day, usize)> {
    let first = number(tokens, at)?;
    if let (4, Some(Token::Mark('-')), Some(Token::Mark('-'))) =
        (first.len(), tokens.get(at + 1), tokens.get(at + 3))
    {
        let day = Day {
            year: Some(first.parse().ok()?),
            month: short(number(tokens, at + 2)?)?,
            day: short(number(tokens, at + 4)?)?,
        };
        return Some((day, at + 5));
    }
    let day = short(first)?;
    let behind = at + 1 + dot(tokens, at + 1);
    let (month, end) = match tokens.get(behind)? {
        Token::Word(word) => (month(word)?, behind + 1),
        Token::Number(month) if behind > at + 1 => (short(month)?, behind + 1),
        _ => return None,
    };
    let end = end + dot(tokens, end);
    let (year, end) = match year(tokens, end) {
        Some(year) => (Some(year), end + 1),
        None => (None, end),
    };
    Some((Day { day, month, year }, end))
}

/// Where an hour ends that begins at a token: "18 Uhr", "18:30", "18.30 Uhr", "18 bis 20 Uhr".
fn hour_at(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    short(number(tokens, at)?)?;
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => word.to_lowercase(),
        _ => String::new(),
    };
    let minutes = |at: usize| match (tokens.get(at), number(tokens, at + 1)) {
        (Some(Token::Mark(':' | '.')), Some(minutes)) if minutes.len() == 2 => at + 2,
        _ => at,
    };
    let behind = minutes(at + 1);
    if matches!(word(behind).as_str(), "uhr" | "h") {
        let behind = behind + 1;
        return Some(
            number(tokens, behind)
                .filter(|n| n.len() == 2)
                .map_or(behind, |_| behind + 1),
        );
    }
    let joins = word(behind) == "bis" || matches!(tokens.get(behind), Some(Token::Mark('-' | '–')));
    if joins && let Some(end) = hour_at(tokens, behind + 1) {
        return Some(end);
    }
    matches!(tokens.get(at + 1), Some(Token::Mark(':')))
        .then_some(behind)
        .filter(|end| *end > at + 1)
}

fn number<'t>(tokens: &[Token<'t>], at: usize) -> Option<&'t str> {
    match tokens.get(at)? {
        Token::Number(digits) => Some(digits),
        _ => None,
    }
}

/// 1 if a full stop stands there.
fn dot(tokens: &[Token<'_>], at: usize) -> usize {
    usize::from(tokens.get(at) == Some(&Token::Mark('.')))
}

fn short(digits: &str) -> Option<i8> {
    (digits.len() <= 2).then(|| digits.parse().ok())?
}

/// "2026" or "26", unless it is an hour.
fn year(tokens: &[Token<'_>], at: usize) -> Option<i16> {
    let digits = number(tokens, at)?;
    if hour_at(tokens, at).is_some() {
        return None;
    }
    let year: i16 = digits.parse().ok()?;
    match digits.len() {
        2 => Some(2000 + year),
        4 => (1900..2200).contains(&year).then_some(year),
        _ => None,
    }
}

fn month(word: &str) -> Option<i8> {
    let lower = word.to_lowercase();
    let other = MONATE_AUCH.iter().find(|(name, _)| *name == lower);
    let month = |at: usize| i8::try_from(at + 1).ok();
    let named = MONATE.iter().position(|name| {
        let name = name.to_lowercase();
        // "Okt." and "Oktober"
        name == lower || lower.chars().count() == 3 && name.starts_with(&lower)
    });
    let misspelt = || {
        let near = |name: &str| strsim::osa_distance(&name.to_lowercase(), &lower) == 1;
        MONATE.iter().position(|name| name.len() > 5 && near(name))
    };
    match (other, named) {
        (Some((_, month)), _) => Some(*month),
        (None, Some(at)) => month(at),
        (None, None) => month(misspelt()?),
    }
}

/// The weekday said before a date: "Montag, den", "Mo.,".
fn weekday_before(tokens: &[Token<'_>], at: usize) -> Option<Weekday> {
    let before = tokens.get(at.saturating_sub(4)..at)?;
    before.iter().rev().find_map(|token| match token {
        Token::Word(word) => weekday(word),
        _ => None,
    })
}

fn weekday(word: &str) -> Option<Weekday> {
    let lower = word.to_lowercase();
    let day = TAGE.iter().find(|(name, _)| {
        *name == lower
            || lower.chars().count() == 2
                && word.starts_with(char::is_uppercase)
                && name.starts_with(&lower)
    })?;
    Some(day.1)
}

#[cfg(test)]
mod tests {
    use super::{Date, datum, leading_date, read_date, zeitpunkt};

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn moments_are_told_in_german_time_with_its_name() {
        for (at, expected) in [
            ("2026-11-22T23:15:07Z", "23.11.2026 00:15:07 MEZ"),
            ("2026-07-01T10:00:00.9Z", "01.07.2026 12:00:00 MESZ"),
            // the hour that comes twice
            ("2026-10-25T00:30:00Z", "25.10.2026 02:30:00 MESZ"),
            ("2026-10-25T01:30:00Z", "25.10.2026 02:30:00 MEZ"),
        ] {
            assert_eq!(zeitpunkt(at.parse().expect("a time")), expected);
        }
    }

    #[test]
    fn days_are_read_as_germans_write_them() {
        let cases = [
            ("3.5.2026", "2026-05-03"),
            ("03.05.2026", "2026-05-03"),
            ("3. 5. 2026", "2026-05-03"),
            ("03.05.26", "2026-05-03"),
            ("3. Mai 2026", "2026-05-03"),
            ("3.Mai 2026", "2026-05-03"),
            ("3 Mai 2026", "2026-05-03"),
            ("3. mai 26", "2026-05-03"),
            ("12. Okt. 2026", "2026-10-12"),
            ("12. Sept. 2026", "2026-09-12"),
            ("1. März 2026", "2026-03-01"),
            ("1. Maerz 2026", "2026-03-01"),
            ("4. Febuar 2026", "2026-02-04"),
            ("2026-05-03", "2026-05-03"),
            ("am Sonntag, den 3. Mai 2026", "2026-05-03"),
            ("So., 3.5.2026, 18:30 Uhr im Rathaus", "2026-05-03"),
            ("3. Mai 2026 um 18 Uhr 30", "2026-05-03"),
            ("3. Mai 2026, 18.00 bis 20.00 Uhr", "2026-05-03"),
            ("3.5.2026 (3. Mai 2026)", "2026-05-03"),
            // the next one, where it is near
            ("3. Mai", "2026-05-03"),
            ("3.5.", "2026-05-03"),
            ("am 3.5. um 18 Uhr", "2026-05-03"),
            ("20. April", "2026-04-20"),
            ("1. Oktober", "2026-10-01"),
        ];
        for (text, expected) in cases {
            assert_eq!(
                read_date(text, Some(day("2026-04-20"))),
                Ok(day(expected)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_day_or_may_be_several_is_doubtful() {
        let cases: [(&str, &[&str]); 16] = [
            ("", &[]),
            ("demnächst", &[]),
            ("Mai 2026", &[]),
            ("31.2.2026", &[]),
            ("3.13.2026", &[]),
            ("3. oder 4. Mai 2026", &[]),
            ("3./4.5.2026", &[]),
            ("KW 23", &[]),
            ("TOP 5 am 3.5.2026", &[]),
            ("5/3/2026", &[]),
            ("18 Uhr", &[]),
            ("3.5.2026 oder 4.5.2026", &["2026-05-03", "2026-05-04"]),
            // a Sunday
            ("Montag, 3. Mai 2026", &["2026-05-03"]),
            ("19. April", &["2026-04-19", "2027-04-19"]),
            ("24.12.", &["2025-12-24", "2026-12-24"]),
            ("3. Mai 20266", &[]),
        ];
        for (text, expected) in cases {
            let expected: Vec<Date> = expected.iter().map(|text| day(text)).collect();
            assert_eq!(
                read_date(text, Some(day("2026-04-20"))),
                Err(expected),
                "{text}"
            );
        }
        assert_eq!(read_date("3. Mai", None), Err(Vec::new()));
    }

    #[test]
    fn a_day_may_begin_a_text() {
        let cases = [
            (
                "am Sonntag, den 3. Mai 2026 um 18 Uhr in Saal 5",
                Some(Ok(day("2026-05-03"))),
            ),
            (": 3.5.2026", Some(Ok(day("2026-05-03")))),
            ("im Rathaus am 3.5.2026", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(leading_date(text, None), expected, "{text}");
        }
    }

    #[test]
    fn days_are_written_in_words() {
        assert_eq!(datum(day("2026-05-03")), "3. Mai 2026");
        assert_eq!(datum(day("2026-12-31")), "31. Dezember 2026");
    }
}
