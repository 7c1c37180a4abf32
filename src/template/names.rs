//! The built-in names of marks and the values behind them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::german::{Genus, datum, grouped, in_germany};
use crate::kommune::{Art, Gremium, Kommune, Register, Rolle};
use crate::merge::{Attribute, Schema, Values};

/// What is the same for all documents of a request.
#[derive(Debug, Clone)]
pub struct Occasion {
    /// when it was asked for
    pub now: Timestamp,
    /// who asks
    pub anfragende_person: String,
    /// the log id
    pub aktenzeichen: String,
}

/// The truth values of a municipality. A Kreis is a Landkreis here: what North Rhine-Westphalia
/// and Schleswig-Holstein call Kreis is the same in law, and `kommune.kreis` is where it lies.
const ARTEN: [(&str, &[Art]); 12] = [
    ("stadt", &[Art::Stadt, Art::KreisfreieStadt]),
    ("kreisfreie_stadt", &[Art::KreisfreieStadt]),
    ("gemeinde", &[Art::Gemeinde]),
    ("markt", &[Art::Markt]),
    ("flecken", &[Art::Flecken]),
    ("landkreis", &[Art::Landkreis, Art::Kreis]),
    ("region", &[Art::Region]),
    ("staedteregion", &[Art::Staedteregion]),
    ("regionalverband", &[Art::Regionalverband]),
    ("verbandsgemeinde", &[Art::Verbandsgemeinde]),
    ("samtgemeinde", &[Art::Samtgemeinde]),
    ("bezirk", &[Art::Bezirk]),
];

const KOMMUNE: [&str; 6] = ["name", "art", "land", "kreis", "schluessel", "einwohner"];
const GREMIUM: [&str; 2] = ["name", "geschlecht"];
const FIELDS: [&str; 3] = ["datum", "anfragende_person", "aktenzeichen"];

/// The names that every motion may use: `kommune`, `beirat` and `rat` with their attributes,
/// `datum`, `anfragende_person`, `aktenzeichen`.
pub fn schema(register: &Register) -> Schema {
    let gremium = |rolle| {
        let truths = register.words(rolle).iter().cloned();
        truths.chain(GREMIUM.map(String::from)).collect()
    };
    let kommune: BTreeSet<String> = ARTEN
        .iter()
        .map(|(name, _)| *name)
        .chain(KOMMUNE)
        .map(String::from)
        .collect();
    Schema {
        nouns: BTreeMap::from([
            ("kommune".to_owned(), kommune),
            ("beirat".to_owned(), gremium(Rolle::Beirat)),
            ("rat".to_owned(), gremium(Rolle::Rat)),
        ]),
        fields: FIELDS.map(String::from).into(),
        numbers: BTreeSet::new(),
    }
}

/// The attributes of a noun that are texts, but for its name.
pub(super) fn texts_of(noun: &str) -> &'static [&'static str] {
    let all: &[&str] = if noun == "kommune" {
        &KOMMUNE
    } else {
        &GREMIUM
    };
    all.get(1..).unwrap_or_default()
}

/// The values behind the built-in names, for one document.
pub fn values(
    register: &Register,
    kommune: &Kommune,
    beirat: &Gremium,
    rat: &Gremium,
    occasion: &Occasion,
) -> Values {
    let mut values = Values::new();
    values.time(occasion.now);
    values.noun(
        "kommune",
        kommune.nominal(),
        kommune_attributes(register, kommune),
        Arc::default(),
    );
    for (name, gremium) in [("beirat", beirat), ("rat", rat)] {
        values.noun(
            name,
            gremium.nominal(),
            gremium_attributes(gremium),
            Arc::clone(register.words(gremium.rolle)),
        );
    }
    values.text("datum", datum(in_germany(occasion.now).date()));
    values.text("anfragende_person", &occasion.anfragende_person);
    values.text("aktenzeichen", &occasion.aktenzeichen);
    values
}

fn kommune_attributes(register: &Register, kommune: &Kommune) -> BTreeMap<String, Attribute> {
    let kreis = kommune.kreis.as_ref().and_then(|kreis| register.get(kreis));
    let texts = [
        ("name", kommune.name.clone()),
        ("art", kommune.art.label().to_owned()),
        ("land", kommune.land.name().to_owned()),
        (
            "kreis",
            kreis.map_or(String::new(), |kreis| kreis.name.clone()),
        ),
        ("schluessel", kommune.schluessel.as_str().to_owned()),
        (
            "einwohner",
            kommune.einwohner.map_or(String::new(), grouped),
        ),
    ];
    let truths = ARTEN
        .iter()
        .map(|(name, arten)| (*name, Attribute::Truth(arten.contains(&kommune.art))));
    texts
        .into_iter()
        .map(|(name, text)| (name, Attribute::Text(text)))
        .chain(truths)
        .map(|(name, attribute)| (name.to_owned(), attribute))
        .collect()
}

fn gremium_attributes(gremium: &Gremium) -> BTreeMap<String, Attribute> {
    let geschlecht = match gremium.genus {
        Genus::Maskulinum => "m",
        Genus::Femininum => "f",
        Genus::Neutrum => "n",
    };
    let own = gremium.words().map(|word| (word, Attribute::Truth(true)));
    let texts = [("name", gremium.name.as_str()), ("geschlecht", geschlecht)]
        .map(|(name, text)| (name.to_owned(), Attribute::Text(text.to_owned())));
    own.into_iter().chain(texts).collect()
}

/// When the day began that it is in Germany.
pub fn begin_of_day(now: Timestamp) -> Timestamp {
    in_germany(now)
        .start_of_day()
        .map_or(now, |begin| begin.timestamp())
}

#[cfg(test)]
mod tests {
    use super::{begin_of_day, datum, in_germany};

    #[test]
    fn the_day_is_that_of_germany() {
        let cases = [
            ("2026-11-22T10:15:00Z", "22. November 2026"),
            ("2026-12-31T22:59:59Z", "31. Dezember 2026"),
            ("2026-12-31T23:00:00Z", "1. Januar 2027"),
            ("2026-06-30T21:59:59Z", "30. Juni 2026"),
            ("2026-06-30T22:00:00Z", "1. Juli 2026"),
            ("2026-03-29T22:30:00Z", "30. März 2026"),
            ("2026-10-25T22:30:00Z", "25. Oktober 2026"),
        ];
        for (now, expected) in cases {
            let now = now.parse().expect("a timestamp");
            assert_eq!(datum(in_germany(now).date()), expected);
        }
        let evening: jiff::Timestamp = "2026-06-30T22:10:00Z".parse().expect("a timestamp");
        assert_eq!(begin_of_day(evening).to_string(), "2026-06-30T22:00:00Z");
    }
}
