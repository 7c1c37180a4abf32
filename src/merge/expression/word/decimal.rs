//! Numbers as decimal digits, so that no binary fraction changes what is written.

use std::cmp::Ordering;

use minijinja::value::Value;

/// A number; equal numbers are not always written equally (`1` and `1.0`).
#[derive(Debug, Clone)]
pub(super) struct Decimal {
    pub(super) negative: bool,
    /// the digits before the decimal sign, without leading zeros
    pub(super) whole: String,
    pub(super) fraction: String,
}

impl Decimal {
    /// The number that a value is, or that a text reads as.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value.as_str() {
            Some(text) => Self::read(text),
            None if value.is_integer() => Self::new(&value.to_string(), ""),
            None if value.is_number() => {
                let digits = f64::try_from(value.clone()).ok()?.to_string();
                let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
                Self::new(whole, fraction)
            }
            None => None,
        }
    }

    /// Reads "1234.5", "1.234,5", "1 234", "1'234.50", "-7". The decimal sign is the last
    /// of two kinds; one that stands alone and has three digits behind it groups.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, text) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => ("-", rest),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = match decimal_sign(text) {
            Some(sign) => text
                .rsplit_once(sign)
                .filter(|(_, fraction)| !fraction.is_empty())?,
            None => (text, ""),
        };
        Self::new(&format!("{sign}{}", ungrouped(whole)?), fraction)
    }

    fn new(whole: &str, fraction: &str) -> Option<Self> {
        let digits = whole.strip_prefix('-').unwrap_or(whole);
        let sound = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
        (!digits.is_empty() && sound(digits) && sound(fraction)).then(|| Self {
            negative: digits.len() < whole.len(),
            whole: digits.trim_start_matches('0').to_owned(),
            fraction: fraction.to_owned(),
        })
    }

    pub(super) fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.bytes().all(|b| b == b'0')
    }

    /// A hundred times as much.
    pub(super) fn percent(mut self) -> Self {
        for _ in 0..2 {
            let digit = match self.fraction.is_empty() {
                true => '0',
                false => self.fraction.remove(0),
            };
            if !(self.whole.is_empty() && digit == '0') {
                self.whole.push(digit);
            }
        }
        self
    }

    /// Rounded to so many digits behind the decimal sign, a half away from zero.
    pub(super) fn rounded(mut self, places: usize) -> Self {
        if self.fraction.len() <= places {
            let missing = places - self.fraction.len();
            self.fraction.extend(std::iter::repeat_n('0', missing));
            return self;
        }
        let cut = self.fraction.split_off(places);
        if cut.starts_with(['5', '6', '7', '8', '9']) {
            let carry = increment(&mut self.fraction);
            if carry && increment(&mut self.whole) {
                self.whole.insert(0, '1');
            }
        }
        self
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |a: &Self, b: &Self| {
            let fraction = |n: &Self| n.fraction.trim_end_matches('0').to_owned();
            let whole = (a.whole.len(), &a.whole).cmp(&(b.whole.len(), &b.whole));
            whole.then_with(|| fraction(a).cmp(&fraction(b)))
        };
        match (
            self.negative && !self.is_zero(),
            other.negative && !other.is_zero(),
        ) {
            (false, false) => size(self, other),
            (true, true) => size(other, self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal {}

/// Adds one to the last digit; whether one is left to carry.
fn increment(digits: &mut String) -> bool {
    let nines = digits.len() - digits.trim_end_matches('9').len();
    digits.truncate(digits.len() - nines);
    let last = digits.pop();
    let next = last.and_then(|last| last.to_digit(10));
    digits.extend(next.and_then(|next| char::from_digit(next + 1, 10)));
    digits.extend(std::iter::repeat_n('0', nines));
    last.is_none()
}

/// The sign that stands before the fraction, if there is one.
fn decimal_sign(text: &str) -> Option<char> {
    let at = text.rfind(['.', ','])?;
    let (before, behind) = text.split_at(at);
    let sign = behind.chars().next()?;
    let other = if sign == '.' { ',' } else { '.' };
    let repeated = before.contains(sign);
    if before.contains(other) {
        return (!repeated).then_some(sign);
    }
    let groups = behind.len() == 4 && before.len() <= 3 && before != "0";
    (!repeated && !groups).then_some(sign)
}

/// The digits of a whole number; those between two separators must be three.
fn ungrouped(text: &str) -> Option<String> {
    let is_separator = |c: char| {
        matches!(
            c,
            '.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}'
        )
    };
    let mut groups = text.split(is_separator);
    let mut digits = groups.next()?.to_owned();
    let alone = digits.len() == text.len();
    if !alone && !(1..=3).contains(&digits.len()) {
        return None;
    }
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}
