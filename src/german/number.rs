//! Numbers as Germans write them.

use std::fmt;

/// A number, with its digits as they were written: 1250.50 is "1.250,50".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zahl {
    negative: bool,
    /// the digits before the comma
    whole: String,
    /// the digits behind it
    fraction: String,
}

/// More digits than this are no number that anybody fills in; so many a double keeps.
const MOST: usize = 15;

/// Small numbers are written as words.
const WORDS: [&str; 13] = [
    "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn",
    "elf", "zwölf",
];

/// Words that multiply what stands before them.
const MULTIPLIERS: [&str; 7] = [
    "mio", "million", "mrd", "milliard", "tsd", "tausend", "dutzend",
];

/// What may stand between the name of a number and the number.
const GLUE: [&str; 11] = [
    "sind", "ist", "es", "von", "beträgt", "etwa", "ca", "rund", "eur", "euro", "zirka",
];

impl Zahl {
    /// The one number that a text tells: "1.250,50 €", "ca. 1250.5", "zwölf".
    pub fn read(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        if MULTIPLIERS.iter().any(|word| lower.contains(word)) {
            return None;
        }
        let Some(start) = text.find(|c: char| c.is_ascii_digit()) else {
            return in_words(&lower);
        };
        let (before, number) = text.split_at(start);
        let (number, behind) = number.split_at(end_of(number));
        if behind.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        Self::parse(number, is_negative(before))
    }

    /// The number with which a text begins, behind "sind" or "ca.".
    pub fn leading(text: &str) -> Option<Self> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let (before, number) = text.split_at(start);
        let glue = |word: &str| GLUE.contains(&word.to_lowercase().as_str());
        let mut words = before.split(|c: char| !c.is_alphabetic());
        words
            .all(|word| word.is_empty() || glue(word))
            .then(|| Self::parse(number.get(..end_of(number))?, is_negative(before)))?
    }

    /// The number for reckoning.
    pub fn value(&self) -> f64 {
        let sign = if self.negative { "-" } else { "" };
        let digits = format!("{sign}{}.{}0", self.whole, self.fraction);
        digits.parse().unwrap_or_default()
    }

    fn parse(written: &str, negative: bool) -> Option<Self> {
        let is_sign = |c: char| matches!(c, '.' | ',');
        let signs: Vec<char> = written.chars().filter(|c| is_sign(*c)).collect();
        let last = signs.last().copied();
        let alone = signs.iter().filter(|sign| Some(**sign) == last).count() == 1;
        let (whole, fraction) = match last.filter(|_| alone) {
            Some(sign) => written.rsplit_once(sign)?,
            None => (written, ""),
        };
        let lone = signs.len() == 1 && whole.len() <= 3 && whole != "0" && fraction.len() == 3;
        let (whole, fraction) = match last {
            // "1,250" is a fraction in Germany and thousands in England
            Some(',') if lone => return None,
            Some('.') if lone => (written, ""),
            _ => (whole, fraction),
        };
        let whole = ungrouped(whole)?;
        (whole.len() + fraction.len() <= MOST).then(|| Self {
            negative,
            whole,
            fraction: fraction.to_owned(),
        })
    }
}

/// "1.250,50"; a number of four digits may be a year and is left whole.
impl fmt::Display for Zahl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.negative { "-" } else { "" })?;
        let small = self.whole.len() < 5 && self.fraction.is_empty();
        match small {
            true => f.write_str(&self.whole)?,
            false => f.write_str(&grouped(&self.whole))?,
        }
        match self.fraction.as_str() {
            "" => Ok(()),
            fraction => write!(f, ",{fraction}"),
        }
    }
}

/// A whole number with points between thousands: "132.032".
pub fn grouped(number: impl fmt::Display) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// Where a number ends that begins a text: behind its last digit.
fn end_of(text: &str) -> usize {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len())
    };
    let mut end = digits(0);
    while let Some(sign) = text.get(end..).and_then(|rest| rest.chars().next()) {
        let behind = digits(end + sign.len_utf8());
        let joins = match sign {
            '.' | ',' | '\'' | '’' => behind > 0,
            ' ' | '\u{a0}' | '\u{202f}' => behind == 3,
            _ => false,
        };
        if !joins {
            break;
        }
        end += sign.len_utf8() + behind;
    }
    end
}

/// The digits without what groups them by three.
fn ungrouped(whole: &str) -> Option<String> {
    let groups: Vec<&str> = whole.split(|c: char| !c.is_ascii_digit()).collect();
    let sound = match groups.as_slice() {
        [_] => true,
        [first, rest @ ..] => {
            (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3)
        }
        [] => false,
    };
    let digits = groups.concat();
    let trimmed = digits.trim_start_matches('0');
    (sound && !digits.is_empty()).then(|| match trimmed {
        "" => "0".to_owned(),
        digits => digits.to_owned(),
    })
}

fn is_negative(before: &str) -> bool {
    let before = before.trim_end();
    let minus = before.strip_suffix(['-', '\u{2212}', '–']);
    minus.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
        || before.to_lowercase().ends_with("minus")
}

fn in_words(lower: &str) -> Option<Zahl> {
    let mut numbers = lower
        .split(|c: char| !c.is_alphabetic())
        .filter_map(|word| {
            WORDS
                .iter()
                .position(|name| *name == word || plain(name) == word)
        });
    let number = numbers.next()?;
    numbers.next().is_none().then(|| Zahl {
        negative: false,
        whole: number.to_string(),
        fraction: String::new(),
    })
}

fn plain(name: &str) -> String {
    name.replace('ü', "ue").replace('ö', "oe")
}

#[cfg(test)]
mod tests {
    use super::{Zahl, grouped};

    #[test]
    fn numbers_are_read_as_germans_write_them() {
        // written, as it is printed, for reckoning
        let cases = [
            ("5", "5", 5.0),
            ("1250", "1250", 1250.0),
            ("2026", "2026", 2026.0),
            ("1.250", "1250", 1250.0),
            ("12.500", "12.500", 12500.0),
            ("1.250,50", "1.250,50", 1250.5),
            ("1250,5", "1.250,5", 1250.5),
            ("1250.50", "1.250,50", 1250.5),
            ("1,250.50", "1.250,50", 1250.5),
            ("1 250 000", "1.250.000", 1_250_000.0),
            ("1'250'000", "1.250.000", 1_250_000.0),
            ("0,125", "0,125", 0.125),
            ("12,5 %", "12,5", 12.5),
            ("EUR 500", "500", 500.0),
            ("ca. 1.250,- €", "1250", 1250.0),
            ("-7", "-7", -7.0),
            ("minus 7 Grad", "-7", -7.0),
            ("007", "7", 7.0),
            ("zwölf", "12", 12.0),
            ("etwa fuenf", "5", 5.0),
        ];
        for (text, printed, value) in cases {
            let number = Zahl::read(text).expect(text);
            assert_eq!(number.to_string(), printed, "{text}");
            assert_eq!(number.value().to_string(), value.to_string(), "{text}");
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1000, "1.000"),
            (3_755_251, "3.755.251"),
        ] {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn what_is_no_number_or_may_be_several_is_none() {
        for text in [
            "",
            "viele",
            "1,250",
            "3.5.2026",
            "5 oder 6",
            "12/2026",
            "1.25.3",
            "2 Mio. Euro",
            "drei bis vier",
            "1234567890123456",
            "1.2345,0",
        ] {
            assert_eq!(Zahl::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_may_begin_a_text() {
        for (text, expected) in [
            (": 12, in 5 Räumen", Some("12")),
            ("sind ca. 1.250 Euro", Some("1250")),
            ("der Räume 12", None),
            ("keine", None),
        ] {
            let number = Zahl::leading(text).map(|number| number.to_string());
            assert_eq!(number.as_deref(), expected, "{text}");
        }
    }
}
