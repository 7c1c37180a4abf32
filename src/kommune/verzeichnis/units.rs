//! Records as rows of the register.

use std::collections::BTreeMap;

use super::Verzeichnis;
use super::records::{Kennzeichen, Record};
use crate::kommune::{Art, Kommune, Land, Register, Schluessel};

impl Verzeichnis {
    /// All municipalities, districts and associations, with the Bezirke of the register in use.
    pub(super) fn kommunen(&self, present: &Register) -> BTreeMap<Schluessel, Kommune> {
        let bezirke = present.kommunen().filter(|k| k.art == Art::Bezirk).cloned();
        let units = self.records.iter().map(|record| record.kommune(present));
        let mut kommunen: BTreeMap<Schluessel, Kommune> = bezirke
            .chain(units)
            .map(|kommune| (kommune.schluessel.clone(), kommune))
            .collect();
        // Kreise and Verbände have as many inhabitants as their Gemeinden.
        for record in &self.records {
            let Some(einwohner) = record.einwohner else {
                continue;
            };
            let above = [Some(&record.kreis), record.verband.as_ref()];
            for key in above.into_iter().flatten() {
                if let Some(unit) = kommunen.get_mut(key) {
                    let sum = unit.einwohner.unwrap_or_default();
                    unit.einwohner = Some(sum.saturating_add(einwohner));
                }
            }
        }
        kommunen
    }
}

impl Record {
    fn kommune(&self, present: &Register) -> Kommune {
        let known = present.get(&self.key);
        let art = self.art();
        let official_name = match known {
            Some(known) if self.full && known.official_name.starts_with(&self.name) => {
                known.official_name.clone()
            }
            _ => self.name.clone(),
        };
        Kommune {
            schluessel: self.key.clone(),
            art,
            name: if art.is_kreis() {
                self.name_of_kreis(present)
            } else {
                let name = official_name.split(',').next().unwrap_or_default();
                name.trim().to_owned()
            },
            official_name,
            land: self.land,
            kreis: (!art.is_kreis() && !self.kennzeichen.is_kreisfrei())
                .then(|| self.kreis.clone()),
            einwohner: self.einwohner,
            plz: self.plz.clone(),
        }
    }

    fn art(&self) -> Art {
        let suffix = self.name.split_once(',').map_or("", |(_, suffix)| suffix);
        match self.kennzeichen {
            Kennzeichen::Kreis if self.name.starts_with("Städteregion ") => Art::Staedteregion,
            Kennzeichen::Landkreis if self.name.starts_with("Region ") => Art::Region,
            Kennzeichen::Kreis => Art::Kreis,
            Kennzeichen::Landkreis => Art::Landkreis,
            Kennzeichen::Regionalverband => Art::Regionalverband,
            Kennzeichen::Samtgemeinde => Art::Samtgemeinde,
            Kennzeichen::Verbandsgemeinde => Art::Verbandsgemeinde,
            Kennzeichen::Markt => Art::Markt,
            Kennzeichen::KreisfreieStadt => Art::KreisfreieStadt,
            // Landgemeinden that gave the title up keep the code of a town: Buttstädt.
            Kennzeichen::Stadt if self.land == Land::TH && !suffix.contains("Stadt") => {
                Art::Gemeinde
            }
            Kennzeichen::Stadt => Art::Stadt,
            Kennzeichen::Gemeinde if suffix.to_lowercase().contains("flecken") => Art::Flecken,
            Kennzeichen::Gemeinde => Art::Gemeinde,
        }
    }

    /// As it is said. The source writes most without their kind and some short; what the
    /// register in use says of the same official name is better.
    fn name_of_kreis(&self, present: &Register) -> String {
        let is_same = |known: &&Kommune| {
            known.art.is_kreis() && known.land == self.land && known.official_name == self.name
        };
        let known = present.get(&self.key).filter(is_same);
        if let Some(known) = known.or_else(|| present.kommunen().find(is_same)) {
            return known.name.clone();
        }
        let lower = self.name.to_lowercase();
        let says_kind = ["kreis", "region", "verband"]
            .iter()
            .any(|kind| lower.contains(kind));
        match says_kind {
            true => self.name.clone(),
            false => format!("{} {}", self.art().label(), self.name),
        }
    }
}
