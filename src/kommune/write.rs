//! The register's files, written; [`super::read`] reads them.

use std::collections::BTreeMap;

use csv::StringRecord;

use super::read::Former;
use super::{Art, Kommune, Register, Schluessel};

/// `kommunen.csv`, ordered by key.
pub(super) fn kommunen(kommunen: &BTreeMap<Schluessel, Kommune>) -> String {
    let head = [
        "key",
        "level",
        "kind",
        "name",
        "official_name",
        "suffix",
        "state",
        "district",
        "population",
        "postal_code",
    ];
    let row = |kommune: &Kommune| {
        let einwohner = kommune.einwohner.map(|number| number.to_string());
        [
            kommune.schluessel.as_str().to_owned(),
            level(kommune.art).to_owned(),
            kommune.art.word().to_owned(),
            kommune.name.clone(),
            kommune.official_name.clone(),
            suffix(&kommune.official_name),
            kommune.land.abbreviation().to_owned(),
            kommune
                .kreis
                .as_ref()
                .map(|kreis| kreis.as_str().to_owned())
                .unwrap_or_default(),
            einwohner.unwrap_or_default(),
            kommune.plz.clone().unwrap_or_default(),
        ]
    };
    let rows = kommunen.values().map(row);
    csv(std::iter::once(head.map(str::to_owned))
        .chain(rows)
        .map(StringRecord::from_iter))
}

/// `merged.csv`: old names with those who took their place in the register.
pub(super) fn merged(former: &[Former], register: &Register) -> String {
    let head = ["old_key", "old_name", "new_key", "new_name", "effective"];
    let row = |old: &Former| {
        let keys: Vec<&str> = old.successors.iter().map(Schluessel::as_str).collect();
        let names = old.successors.iter().filter_map(|key| register.get(key));
        let names: Vec<&str> = names.map(|kommune| kommune.name.as_str()).collect();
        [
            old.schluessel.as_str().to_owned(),
            old.name.clone(),
            keys.join("|"),
            names.join("|"),
            old.year.clone().unwrap_or_default(),
        ]
    };
    let rows = former.iter().map(row);
    csv(std::iter::once(head.map(str::to_owned))
        .chain(rows)
        .map(StringRecord::from_iter))
}

/// Records as CSV.
pub(super) fn csv(records: impl IntoIterator<Item = StringRecord>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in records {
        // memory takes all, and all rows of a file have the same columns
        let _ = writer.write_record(&record);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn level(art: Art) -> &'static str {
    match art {
        Art::Bezirk => "bezirk",
        Art::Verbandsgemeinde | Art::Samtgemeinde => "verband",
        art if art.is_kreis() => "kreis",
        _ => "gemeinde",
    }
}

/// What stands behind the first comma of an official name.
pub(super) fn suffix(official_name: &str) -> String {
    let suffix = official_name
        .split_once(',')
        .map_or("", |(_, suffix)| suffix);
    let words: Vec<&str> = suffix.split_whitespace().collect();
    words.join(" ").replace(" ,", ",")
}
