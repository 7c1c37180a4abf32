//! Further fields of a motion: what they are called, and how their values are read.

mod choice;
mod declared;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use crate::german::{Zahl, datum, leading_date, read_date};
use crate::kommune::{fold, fold_without_dots};
use crate::merge::Values;
pub(super) use declared::{Declared, Raw as RawFeld, declared};

/// Longest text of a field, in characters.
const LONGEST: usize = 2_000;

/// A field that a motion has beside the built-in ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feld {
    /// its name in marks
    pub name: String,
    /// what people call it
    pub title: String,
    /// how it is asked for
    pub question: String,
    /// what it may hold
    pub art: FeldArt,
    /// what holds without a value
    pub need: Need,
    /// name, title and words by which a mail gives it, folded
    keys: Vec<String>,
}

/// What a field may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeldArt {
    /// any text
    Text,
    /// a day
    Date,
    /// a number
    Number,
    /// one of these
    Choice(Vec<String>),
}

/// What holds where nobody gave a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// it is asked for
    Required,
    /// this value
    Default(Wert),
    /// nothing: its marks print nothing
    Optional,
}

/// The value of a field, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wert {
    /// a text, or the option chosen
    Text(String),
    /// a day
    Date(Date),
    /// a number
    Number(Zahl),
}

/// The values of fields, by their names.
pub type Werte = BTreeMap<String, Wert>;

impl Feld {
    /// Whether folded words are its name, its title or one of its words.
    pub(crate) fn is_called(&self, folded: &str) -> bool {
        self.keys.iter().any(|key| key == folded)
    }

    /// The folded words behind which free text may tell the value, and whether a colon has
    /// to follow: its name may be any word.
    pub(crate) fn phrases(&self) -> impl Iterator<Item = (&str, bool)> {
        let keys = self.keys.iter().enumerate();
        keys.map(|(place, key)| (key.as_str(), place == 0))
    }

    /// Reads a value; else those that may be meant, if any are near.
    pub fn read(&self, text: &str, today: Option<Date>) -> Result<Wert, Vec<Wert>> {
        match &self.art {
            FeldArt::Text => harmless(text).map(Wert::Text).ok_or_else(Vec::new),
            FeldArt::Date => read_date(text, today).map(Wert::Date).map_err(days),
            FeldArt::Number => Zahl::read(text).map(Wert::Number).ok_or_else(Vec::new),
            FeldArt::Choice(options) => {
                let found = choice::read(options, text);
                found.map(|one| Wert::Text(one.to_owned())).map_err(texts)
            }
        }
    }

    /// The value with which free text goes on behind one of its [`Self::phrases`].
    pub(crate) fn leading(
        &self,
        text: &str,
        today: Option<Date>,
    ) -> Option<Result<Wert, Vec<Wert>>> {
        match &self.art {
            FeldArt::Text => None,
            FeldArt::Date => {
                let day = leading_date(text, today)?;
                Some(day.map(Wert::Date).map_err(days))
            }
            FeldArt::Number => Zahl::leading(text).map(|number| Ok(Wert::Number(number))),
            FeldArt::Choice(options) => {
                let option = choice::leading(options, text)?;
                Some(Ok(Wert::Text(option.to_owned())))
            }
        }
    }

    /// All that may be answered, where that can be told.
    pub(crate) fn options(&self) -> Vec<Wert> {
        match &self.art {
            FeldArt::Choice(options) => texts(options.iter().map(String::as_str).collect()),
            _ => Vec::new(),
        }
    }

    /// What stands before the colon of a line that gives it.
    pub fn key(&self) -> &str {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-');
        let fits = self.title.len() <= LONGEST_KEY && self.title.chars().all(plain);
        if fits { &self.title } else { &self.name }
    }

    /// The line that gives it this value.
    pub(crate) fn line(&self, wert: &Wert) -> String {
        format!("{}: {wert}", self.key())
    }

    /// A value for samples and examples.
    pub fn sample(&self, today: Date) -> Wert {
        match (&self.need, &self.art) {
            (Need::Default(wert), _) => wert.clone(),
            (_, FeldArt::Text) => Wert::Text(self.title.clone()),
            (_, FeldArt::Date) => Wert::Date(today),
            (_, FeldArt::Number) => Zahl::read("1").map_or(Wert::Text("1".into()), Wert::Number),
            (_, FeldArt::Choice(options)) => {
                Wert::Text(options.first().cloned().unwrap_or_default())
            }
        }
    }

    /// Sets the value, the default one if there is none.
    fn put(&self, wert: Option<&Wert>, values: &mut Values) {
        let default = match &self.need {
            Need::Default(wert) => Some(wert),
            Need::Required | Need::Optional => None,
        };
        match wert.or(default) {
            Some(Wert::Number(number)) => {
                values.number(&self.name, number.value(), number.to_string());
            }
            Some(wert) => values.text(&self.name, wert.to_string()),
            None => values.text(&self.name, ""),
        }
    }
}

/// Longest key of a line, in bytes.
const LONGEST_KEY: usize = 40;

/// Gives each field its value, or what holds without one.
pub fn fill(values: &mut Values, felder: &[Feld], werte: &Werte) {
    for feld in felder {
        feld.put(werte.get(&feld.name), values);
    }
}

impl fmt::Display for Wert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Date(day) => f.write_str(&datum(*day)),
            Self::Number(number) => number.fmt(f),
        }
    }
}

fn days(days: Vec<Date>) -> Vec<Wert> {
    days.into_iter().map(Wert::Date).collect()
}

fn texts(texts: Vec<&str>) -> Vec<Wert> {
    let texts = texts.into_iter().map(str::to_owned);
    texts.map(Wert::Text).collect()
}

/// A text on one line, without what cannot be seen or turns the direction of writing;
/// `None` if nothing is left, or too much.
fn harmless(text: &str) -> Option<String> {
    let text = items_joined(text);
    let kept = text.chars().filter(|c| !turns_or_hides(*c));
    let spaced = kept.map(|c| if c.is_control() { ' ' } else { c });
    let text: String = spaced.take(2 * LONGEST).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    (!text.is_empty() && text.chars().count() <= LONGEST).then_some(text)
}

/// A list of items, one a line, as one line: "Chor; Fest".
fn items_joined(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    // "5. Mai" alone is no list
    let is_list = lines.iter().filter_map(|line| without_bullet(line)).count() > 1;
    let mut joined = String::new();
    for line in lines.into_iter().filter(|line| !line.is_empty()) {
        let item = without_bullet(line).filter(|_| is_list || !line.starts_with(char::is_numeric));
        if !joined.is_empty() {
            let ends = joined.ends_with([';', ':']);
            joined.push_str(if item.is_none() || ends { " " } else { "; " });
        }
        joined.push_str(item.map_or(line, |item| item.trim_end_matches(',')));
    }
    joined
}

/// What a line of a list says: "- Chor", "2. Fest".
pub fn without_bullet(line: &str) -> Option<&str> {
    let line = line.trim();
    let unnumbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let item = match unnumbered.len() == line.len() {
        true => line.strip_prefix(['-', '–', '*', '•', '·']),
        false => unnumbered.strip_prefix(['.', ')']),
    };
    item?
        .strip_prefix(' ')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

/// Marks of direction (UAX #9) and blanks of no width; joiners are letters' business.
fn turns_or_hides(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// The folded spellings by which a field is given, the name first.
fn keys<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for name in names {
        for key in [Some(fold(name)), fold_without_dots(name)]
            .into_iter()
            .flatten()
        {
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}
