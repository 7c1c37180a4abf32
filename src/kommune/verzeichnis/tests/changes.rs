//! What is different, and who took the place of whom.

use crate::kommune::verzeichnis::Changes;
use crate::kommune::{Files, Kommune, Register};

/// A register of a few municipalities: key, kind, name, state, Kreis, inhabitants, postal code.
fn register(rows: &[&str]) -> Register {
    let rows: String = rows
        .iter()
        .map(|row| {
            let cells: Vec<&str> = row.split_whitespace().collect();
            let [key, kind, name, state, kreis, einwohner, plz] = cells[..] else {
                panic!("{row}");
            };
            format!(
                "{key},{kind},{name},{name},{state},{},{einwohner},{plz}\n",
                kreis.replace('-', "")
            )
        })
        .collect();
    let kommunen =
        format!("key,kind,name,official_name,state,district,population,postal_code\n{rows}");
    let files = Files {
        kommunen: &kommunen,
        nachtrag: "",
        merged: "",
        ..Files::BUILT_IN
    };
    Register::read(files).expect("sound")
}

#[test]
fn changes_are_told_apart() {
    let before = register(&[
        "16061 landkreis Kreis TH - 20000 0",
        "16061001 gemeinde Alt TH 16061 500 37318",
        "16061002 gemeinde Uder TH 16061 2500 37318",
        "16061003 gemeinde Fern TH 16061 300 37399",
        "16061004 stadt Groß TH 16061 9000 37300",
        "16061005 gemeinde Neudorf TH 16061 700 37301",
        "16061006 gemeinde Wachs TH 16061 800 37302",
        "16061007 gemeinde Bleibt TH 16061 900 37303",
    ]);
    let now = register(&[
        "16061 landkreis Kreis TH - 20000 0",
        "16061004 stadt Groß TH 16061 9010 37300",
        "16061005 gemeinde Neuort TH 16061 700 37301",
        "16061006 stadt Wachs TH 16061 800 37302",
        "16061007 gemeinde Bleibt TH 16061 900 37304",
        "16061119 gemeinde Uder TH 16061 2990 37318",
        "16061120 gemeinde Eigen TH 16061 40 37305",
    ]);
    let changes = Changes::between(&before, &now);
    let keys = |pairs: &[(Kommune, Kommune)]| -> Vec<[String; 2]> {
        let key = |k: &Kommune| k.schluessel.as_str().to_owned();
        pairs.iter().map(|(a, b)| [key(a), key(b)]).collect()
    };
    let gone: Vec<(&str, Option<&str>)> = changes
        .gone
        .iter()
        .map(|gone| {
            let successor = gone.successor.as_ref();
            (
                gone.kommune.name.as_str(),
                successor.map(|now| now.schluessel.as_str()),
            )
        })
        .collect();
    let new: Vec<&str> = changes.new.iter().map(|new| new.name.as_str()).collect();
    assert_eq!(gone, [("Alt", Some("16061119")), ("Fern", None)]);
    assert_eq!(new, ["Eigen"]);
    assert_eq!(keys(&changes.rekeyed), [["16061002", "16061119"]]);
    assert_eq!(keys(&changes.renamed), [["16061005", "16061005"]]);
    assert_eq!(keys(&changes.kinds), [["16061006", "16061006"]]);
    assert_eq!(
        (changes.additions, changes.einwohner, changes.plz),
        (0, 1, 1)
    );
    assert!(Changes::between(&now, &now).is_empty());
}
