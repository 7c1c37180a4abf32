//! One row of a list: what its cells say about the motion asked for.

use super::super::bodies;
use super::super::fields::Block;
use super::super::targets::named_by;
use super::super::text::Text;
use crate::kommune::{Kind, Register, Rolle, Schluessel, Words, fold};
use crate::understand::{Understanding, question};

/// A row as it is to be understood; what it does not say is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// its number as people count it
    pub(super) number: usize,
    /// as it was written
    pub(super) heard: String,
    pub(super) kommune: String,
    pub(super) kind: Option<Kind>,
    pub(super) kreis: String,
    pub(super) beirat: String,
    pub(super) rat: String,
    pub(super) land: String,
    pub(super) plz: String,
    /// its cells do not name one municipality
    pub(super) contradicts: bool,
}

/// What people write into a cell that they leave open.
const NOTHING: [&str; 8] = [
    "",
    "x",
    "k a",
    "keine angabe",
    "unbekannt",
    "kreisfrei",
    "kreisfreie stadt",
    "n a",
];

/// Small words between a body and its place.
const SMALL: [&str; 17] = [
    "der", "die", "das", "des", "dem", "den", "fuer", "fur", "in", "im", "von", "vom", "aus",
    "bei", "an", "jeweils", "und",
];

impl Record {
    pub(super) fn of_block(number: usize, block: &Block<'_>) -> Self {
        let said = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let (kommune, kind) = block.kommune.unwrap_or_default();
        let mut heard = vec![kommune];
        heard.extend(block.beirat);
        Self {
            number,
            heard: heard.join(", "),
            kommune: kommune.to_owned(),
            kind,
            kreis: said(block.kreis),
            beirat: said(block.beirat),
            rat: said(block.rat),
            land: said(block.land),
            plz: said(block.plz),
            contradicts: false,
        }
    }

    /// A line that names a municipality, perhaps with its body and council:
    /// "Ausländerbeirat der Stadt Fürth", "Fürth – Ausländerbeirat – Stadtrat".
    pub(super) fn of_phrase(number: usize, line: &str, register: &Register) -> Self {
        let text = Text::of(line);
        let bodies = bodies::read(&text, register);
        let mut record = Self {
            number,
            heard: line.to_owned(),
            ..Self::default()
        };
        for body in &bodies {
            let said = if body.gremium.rolle == Rolle::Rat {
                &mut record.rat
            } else {
                &mut record.beirat
            };
            if !said.is_empty() {
                said.push_str(" oder ");
            }
            said.push_str(text.words.source(body.words.clone()));
        }
        let count = text.words.len();
        let starts = bodies.iter().map(|body| body.words.end);
        let ends = bodies.iter().map(|body| body.words.start).chain([count]);
        let places: Vec<String> = std::iter::once(0)
            .chain(starts)
            .zip(ends)
            .map(|(start, end)| closed(bare(&text.words, start..end)))
            .filter(|place| !place.is_empty())
            .collect();
        record.kommune = places.join(", ");
        record
    }

    /// As the fields of a block; what the row does not say is as the mail says for all.
    pub(super) fn block<'a>(&'a self, defaults: Option<&Block<'a>>) -> Block<'a> {
        let said = |value: &'a String| Some(value.as_str()).filter(|value| !is_nothing(value));
        Block {
            kommune: Some((said(&self.kommune).unwrap_or_default(), self.kind)),
            kreis: said(&self.kreis),
            beirat: said(&self.beirat).or(defaults.and_then(|block| block.beirat)),
            rat: said(&self.rat).or(defaults.and_then(|block| block.rat)),
            land: said(&self.land).or(defaults.and_then(|block| block.land)),
            plz: said(&self.plz),
            ..Block::default()
        }
    }

    /// Whether its words are, all of them, a municipality's.
    pub(super) fn is_placed(&self, register: &Register) -> bool {
        names_place(&self.kommune, register)
    }

    /// Sets the municipality by its official key, which a name beside it must not contradict.
    /// Spreadsheets drop leading zeros.
    pub(super) fn set_key(&mut self, digits: &str, register: &Register) {
        let Some(key) = key_of(digits, register) else {
            self.contradicts |= self.kommune.is_empty();
            return;
        };
        if !is_nothing(&self.kommune) {
            let place = register.place_of(&key);
            let named = named_by(&self.kommune, self.kind, register);
            let same = |bearer: &u32| Some(*bearer) == place;
            self.contradicts |= !named.iter().any(|target| target.bearers.iter().any(same));
        }
        key.as_str().clone_into(&mut self.kommune);
        self.kind = None;
        self.kreis.clear();
        self.land.clear();
        self.plz.clear();
    }

    /// The question that a row raises whose cells contradict one another.
    pub(super) fn in_doubt(&self, register: &Register) -> Understanding {
        Understanding {
            questions: vec![question::about_kommune(
                Some(self.heard.clone()),
                &[],
                register,
            )],
            ..Understanding::default()
        }
    }
}

/// Whether a text is, all of it, a municipality's name or key.
pub(super) fn names_place(text: &str, register: &Register) -> bool {
    let key = Schluessel::parse(text).and_then(|key| register.place_of(&key));
    key.is_some() || register.whole_spot(&Words::of(text)).is_some()
}

fn is_nothing(value: &str) -> bool {
    NOTHING.contains(&fold(value).as_str())
}

/// The municipality with a key that may have lost its zeros, also in its long form (ARS, twelve digits).
fn key_of(digits: &str, register: &Register) -> Option<Schluessel> {
    let digits: String = digits.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = digits.as_str();
    let padded = match digits.len() {
        4 | 7 | 11 => format!("0{digits}"),
        _ => digits.to_owned(),
    };
    let short = match (padded.get(..5), padded.get(5..9), padded.get(9..)) {
        (Some(kreis), Some(verband), Some(gemeinde)) if padded.len() == 12 => vec![
            format!("{kreis}{gemeinde}"),
            format!("{kreis}{verband}"),
            kreis.to_owned(),
        ],
        _ => vec![padded],
    };
    short
        .iter()
        .filter_map(|key| Schluessel::parse(key))
        .find(|key| register.place_of(key).is_some())
}

/// The words of a range without small words round them, as they were written.
fn bare<'t>(words: &Words<'t>, range: std::ops::Range<usize>) -> &'t str {
    let small = |i: &usize| SMALL.contains(&words.word(*i));
    let start = range.clone().find(|i| !small(i)).unwrap_or(range.end);
    let end = range.rev().find(|i| *i >= start && !small(i));
    end.map_or("", |end| words.source(start..end + 1))
}

/// With the bracket that the last word lost.
fn closed(place: &str) -> String {
    match place.contains('(') && !place.contains(')') {
        true => format!("{place})"),
        false => place.to_owned(),
    }
}
