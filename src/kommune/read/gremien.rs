//! `gremien.csv`: bodies and councils. Name and gender are enough, the rest follows.

use std::collections::HashSet;

use super::{Error, Row, Table, some_text};
use crate::german::{Genus, declension};
use crate::kommune::{Gremium, Rolle, fold};

const FILE: &str = "gremien.csv";

/// All columns there may be; only name and gender are needed.
const COLUMNS: [&str; 8] = [
    "role",
    "name",
    "genus",
    "nominative",
    "genitive",
    "dative",
    "accusative",
    "synonyms",
];

/// The cases in the order of [`Gremium::kasus`].
const KASUS: [&str; 4] = ["nominative", "genitive", "dative", "accusative"];

/// Reads the files one after the other: a row takes the place of an earlier file's of the
/// same name, else it goes before all of them, so that its spellings win.
pub(super) fn read(files: &[&str]) -> Result<Vec<Gremium>, Error> {
    let mut gremien: Vec<Gremium> = Vec::new();
    for file in files {
        let mut new = Vec::new();
        let mut named = HashSet::new();
        let table = Table::open(FILE, file, &["name", "genus"])?;
        table.has_only(&COLUMNS)?;
        table.each(|row| {
            let gremium = row.gremium()?;
            let folded = fold(&gremium.name);
            if !named.insert((gremium.rolle, folded.clone())) {
                return Err(row.fault(format!(
                    "„{}“ steht hier zum zweiten Mal; streichen Sie eine der Zeilen",
                    gremium.name
                )));
            }
            let same =
                |known: &&mut Gremium| known.rolle == gremium.rolle && fold(&known.name) == folded;
            match gremien.iter_mut().find(same) {
                Some(known) => *known = gremium,
                None => new.push(gremium),
            }
            Ok(())
        })?;
        gremien.splice(0..0, new);
    }
    Ok(gremien)
}

impl Row<'_> {
    fn gremium(&self) -> Result<Gremium, Error> {
        let name = self.parsed("name", some_text)?;
        let genus = self.parsed("genus", |text| match text {
            "m" => Some(Genus::Maskulinum),
            "f" | "w" => Some(Genus::Femininum),
            "n" | "s" => Some(Genus::Neutrum),
            _ => None,
        })?;
        let rolle = self.optional("role", |text| match text {
            "beirat" => Some(Rolle::Beirat),
            "rat" => Some(Rolle::Rat),
            _ => None,
        })?;
        let mut kasus = declension(&name, genus);
        for (form, column) in kasus.iter_mut().zip(KASUS) {
            if let Some(given) = some_text(self.get(column)) {
                *form = given;
            }
        }
        let synonyms = self.get("synonyms").split('|').map(str::trim);
        Ok(Gremium {
            rolle: rolle.unwrap_or(Rolle::Beirat),
            name,
            genus,
            kasus,
            synonyms: synonyms.filter_map(some_text).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Gremium, Rolle, read};

    fn faults(file: &str) -> String {
        read(&[file]).expect_err("a fault").to_string()
    }

    #[test]
    fn name_and_gender_are_enough() {
        let gremien = read(&["name,genus\nInternationaler Ausschuss,m\n"]).expect("sound");
        let [
            Gremium {
                rolle,
                kasus,
                synonyms,
                ..
            },
        ] = gremien.as_slice()
        else {
            panic!("one body: {gremien:?}");
        };
        assert_eq!((*rolle, synonyms.len()), (Rolle::Beirat, 0));
        assert_eq!(
            kasus.each_ref().map(String::as_str),
            [
                "Internationale Ausschuss",
                "Internationalen Ausschusses",
                "Internationalen Ausschuss",
                "Internationalen Ausschuss"
            ]
        );
    }

    #[test]
    fn what_is_irregular_is_given() {
        let file = "\u{feff}name;genus;genitive;synonyms;role\r\nKonzil;n;Konziles;Kirchenrat | KR;rat\r\n";
        let gremien = read(&[file]).expect("sound");
        let konzil = gremien.first().expect("a council");
        assert_eq!(konzil.kasus, ["Konzil", "Konziles", "Konzil", "Konzil"]);
        assert_eq!(konzil.synonyms, ["Kirchenrat", "KR"]);
        assert_eq!(konzil.rolle, Rolle::Rat);
    }

    #[test]
    fn a_later_file_adds_and_replaces() {
        let own = "role,name,genus\nbeirat,Forum B,n\nrat,Rat,m";
        let added = "role,name,genus,genitive\nbeirat,forum b,n,Forums\nbeirat,Rat,m,";
        let gremien = read(&[own, added]).expect("sound");
        let names: Vec<(Rolle, &str)> =
            gremien.iter().map(|g| (g.rolle, g.name.as_str())).collect();
        assert_eq!(
            names,
            [
                (Rolle::Beirat, "Rat"),
                (Rolle::Beirat, "forum b"),
                (Rolle::Rat, "Rat")
            ]
        );
    }

    #[test]
    fn faults_name_line_column_and_remedy() {
        let cases = [
            (
                "name\nX",
                "gremien.csv, Zeile 1: die Spalte „genus“ fehlt; nötig sind name, genus",
            ),
            (
                "name,genus\nA,m\nB,x",
                "gremien.csv, Zeile 3: in der Spalte „genus“ steht „x“; erwartet wird m, f oder n",
            ),
            (
                "name,genus\n,m",
                "gremien.csv, Zeile 2: die Spalte „name“ ist leer; erwartet wird ein Name",
            ),
            (
                "role,name,genus\nrath,A,m",
                "gremien.csv, Zeile 2: in der Spalte „role“ steht „rath“; erwartet wird beirat oder rat",
            ),
            (
                "name,genus\nA,m\na,m",
                "gremien.csv, Zeile 3: „a“ steht hier zum zweiten Mal; streichen Sie eine der Zeilen",
            ),
            (
                "name,genus,nominativ\nA,m,B",
                "gremien.csv, Zeile 1: die Spalte „nominativ“ ist unbekannt; es gibt role, name, genus, nominative, genitive, dative, accusative, synonyms",
            ),
            (
                "name,genus\nA,m,\n",
                "gremien.csv, Zeile 2: die Zeile hat 3 Spalten statt 2; ein Wert mit Komma gehört in Anführungszeichen",
            ),
        ];
        for (file, expected) in cases {
            assert_eq!(faults(file), expected);
        }
    }
}
