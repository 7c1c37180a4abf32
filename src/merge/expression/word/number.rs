//! Pictures of numbers: the switch `\#` (ECMA-376 part 1, 17.16.4.2).
//!
//! A picture is text around one number: `#.##0,00 €`. Up to three of them, separated by
//! semicolons, are for positive numbers, negative ones and zero. Where docx-mailmerge2
//! reads a picture otherwise than Word, but soundly (`%`, `N2`, `P1`, `#` that leaves no
//! blank), it is followed.

use super::decimal::Decimal;

/// Digits behind the decimal sign that a picture may ask for.
const PLACES: usize = 100;

/// The number as the picture shows it; `None` if the picture has no place for one.
pub(super) fn written(number: Decimal, picture: &str) -> Option<String> {
    let sections = sections(picture);
    let pictures: Vec<Picture> = sections
        .iter()
        .map(|section| Picture::read(section))
        .collect();
    if pictures.iter().all(|picture| picture.digits.is_none()) {
        return None;
    }
    let (first, negative, zero) = (pictures.first()?, pictures.get(1), pictures.get(2));
    Some(match (negative, zero) {
        (_, Some(zero)) if number.is_zero() => zero.show(number),
        (Some(picture), _) if number.negative && !number.is_zero() => picture.show(Decimal {
            // the picture of negative numbers says itself where their sign stands
            negative: picture.has_sign(),
            ..number
        }),
        _ => first.show(number),
    })
}

/// Splits at the semicolons outside of quotation marks.
fn sections(picture: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let mut quoted = false;
    let chars: Vec<char> = picture.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        quoted ^= *c == '\'' && !groups(&chars, at);
        match sections.last_mut() {
            Some(last) if *c != ';' || quoted => last.push(*c),
            _ => sections.push(String::new()),
        }
    }
    sections
}

/// Text, a number, text.
#[derive(Debug, Default)]
struct Picture {
    before: String,
    digits: Option<Digits>,
    behind: String,
}

/// How the number is written.
#[derive(Debug, Default)]
struct Digits {
    /// digits before the decimal sign at least
    least: usize,
    /// digits before the decimal sign at most
    most: Option<usize>,
    places: usize,
    decimal_sign: Option<char>,
    grouping: Option<char>,
    percent: bool,
    sign: Sign,
}

/// What a picture says about the sign.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// nothing: negative numbers have one
    #[default]
    Minus,
    /// `-`: a blank stands in its place where there is none
    Blank,
    /// `+`: positive numbers have one, too
    Plus,
}

impl Picture {
    fn read(section: &str) -> Self {
        let chars: Vec<char> = section.chars().collect();
        let mut picture = Self::default();
        let mut at = 0;
        let mut quoted = false;
        while let Some(c) = chars.get(at) {
            if !quoted
                && picture.digits.is_none()
                && let Some((digits, end)) = Digits::read(&chars, at)
            {
                picture.digits = Some(digits);
                at = end;
                continue;
            }
            match c {
                '\'' => quoted = !quoted,
                c if picture.digits.is_none() => picture.before.push(*c),
                c => picture.behind.push(*c),
            }
            at += 1;
        }
        picture
    }

    fn has_sign(&self) -> bool {
        let digits = self.digits.as_ref();
        digits.is_some_and(|digits| digits.sign != Sign::Minus)
    }

    fn show(&self, number: Decimal) -> String {
        let number = self.digits.as_ref().map(|digits| digits.show(number));
        format!(
            "{}{}{}",
            self.before,
            number.unwrap_or_default(),
            self.behind
        )
    }
}

impl Digits {
    /// The number that begins here, and where it ends.
    fn read(chars: &[char], start: usize) -> Option<(Self, usize)> {
        let mut digits = Self::default();
        let mut at = start;
        digits.sign = match chars.get(at)? {
            '-' => Sign::Blank,
            '+' => Sign::Plus,
            _ => Sign::Minus,
        };
        at += usize::from(digits.sign != Sign::Minus);
        if let Some(end) = digits.read_standard(chars, at) {
            return Some((digits, end));
        }
        let end = (at..chars.len()).find(|at| !is_place(chars, *at) && !is_separator(chars, *at));
        let places = chars.get(at..end.unwrap_or(chars.len()))?;
        if !places.iter().any(|c| matches!(c, '0' | '#')) {
            return None;
        }
        at += places.len();
        digits.read_places(places);
        digits.percent = chars.get(at) == Some(&'%');
        at += usize::from(digits.percent);
        Some((digits, at))
    }

    /// `N2` and `P1`, as docx-mailmerge2 knows them; gives where they end.
    fn read_standard(&mut self, chars: &[char], at: usize) -> Option<usize> {
        let kind = chars.get(at).filter(|c| matches!(c, 'N' | 'P'))?;
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        let places: String = chars
            .iter()
            .skip(at + 1)
            .take_while(|c| c.is_ascii_digit())
            .collect();
        let end = at + 1 + places.len();
        let in_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        if in_word(before) || in_word(chars.get(end)) {
            return None;
        }
        self.places = places.parse::<usize>().ok()?.min(PLACES);
        self.least = 1;
        self.decimal_sign = Some('.');
        self.percent = *kind == 'P';
        Some(end)
    }

    /// `#.##0,00`
    fn read_places(&mut self, places: &[char]) {
        let point = decimal_sign(places);
        let (whole, fraction) = match point {
            Some(at) => places.split_at(at),
            None => (places, [].as_slice()),
        };
        let is_digit = |c: &&char| matches!(c, '0' | '#' | 'x');
        self.decimal_sign = fraction.first().copied();
        self.places = fraction.iter().filter(is_digit).count().min(PLACES);
        self.least = whole.iter().filter(|c| **c == '0').count();
        self.grouping = whole.iter().find(|c| !is_digit(c)).copied();
        let cut = whole.iter().position(|c| *c == 'x');
        let kept = |at| whole.iter().skip(at).filter(is_digit).count();
        self.most = cut.map(kept);
        // as in Python, a number has a digit before its decimal sign
        self.least = self.least.max(1);
    }

    fn show(&self, number: Decimal) -> String {
        let number = if self.percent {
            number.percent()
        } else {
            number
        };
        let number = number.rounded(self.places);
        let sign = match self.sign {
            _ if number.negative && !number.is_zero() => "-",
            Sign::Plus if !number.is_zero() => "+",
            Sign::Plus | Sign::Blank => " ",
            Sign::Minus => "",
        };
        let missing = self.least.saturating_sub(number.whole.len());
        let whole = "0".repeat(missing) + &number.whole;
        let dropped = self.most.map_or(0, |most| whole.len().saturating_sub(most));
        let mut out = sign.to_owned();
        for (at, digit) in whole.chars().enumerate().skip(dropped) {
            let behind = whole.len() - at;
            if at > dropped && behind % 3 == 0 {
                out.extend(self.grouping);
            }
            out.push(digit);
        }
        if self.places > 0 {
            out.extend(self.decimal_sign);
            out.push_str(&number.fraction);
        }
        out.extend(self.percent.then_some('%'));
        out
    }
}

/// Where the decimal sign stands: of two kinds the last; of one it is none that comes
/// twice or has exactly `##0` behind it (or `###`, after a comma).
fn decimal_sign(places: &[char]) -> Option<usize> {
    let separators = || {
        places
            .iter()
            .enumerate()
            .filter(|(_, c)| !matches!(c, '0' | '#' | 'x'))
    };
    let (at, sign) = separators().next_back()?;
    if !matches!(sign, '.' | ',') {
        return None;
    }
    let others = separators().filter(|(_, other)| *other != sign).count();
    let repeated = separators().filter(|(_, other)| *other == sign).count() > 1;
    let behind: String = places.iter().skip(at + 1).collect();
    let groups = behind == "##0" || (behind == "###" && *sign == ',');
    let decimal = !repeated && (others > 0 || !groups);
    decimal.then_some(at)
}

/// Whether a digit's place stands here; an `x` is one before or behind the others.
fn is_place(chars: &[char], at: usize) -> bool {
    let digit = |at: Option<usize>| {
        at.and_then(|at| chars.get(at))
            .is_some_and(|c| matches!(c, '0' | '#'))
    };
    match chars.get(at) {
        Some('0' | '#') => true,
        Some('x') => digit(Some(at + 1)) || digit(at.checked_sub(1)) && has_point(chars, at),
        _ => false,
    }
}

/// Whether a decimal sign stands in the number that ends before this.
fn has_point(chars: &[char], at: usize) -> bool {
    let before = chars.iter().take(at).rev();
    let mut number = before.skip_while(|c| matches!(c, '0' | '#'));
    matches!(number.next(), Some('.' | ','))
}

/// Whether a separator stands here: a full stop or comma beside a digit's place, or
/// another sign that groups.
fn is_separator(chars: &[char], at: usize) -> bool {
    let digit = |at: Option<usize>| at.is_some_and(|at| is_place(chars, at));
    match chars.get(at) {
        Some('.' | ',') => digit(Some(at + 1)),
        _ => groups(chars, at),
    }
}

/// Whether an apostrophe or a blank between digits' places groups them: three follow.
fn groups(chars: &[char], at: usize) -> bool {
    let digit = |at: Option<usize>| {
        at.and_then(|at| chars.get(at))
            .is_some_and(|c| matches!(c, '0' | '#'))
    };
    matches!(
        chars.get(at),
        Some('\'' | '’' | ' ' | '\u{a0}' | '\u{202f}')
    ) && digit(at.checked_sub(1))
        && (1..=3).all(|step| digit(Some(at + step)))
        && !digit(Some(at + 4))
}
