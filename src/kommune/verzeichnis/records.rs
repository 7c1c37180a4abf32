//! Records of both formats, checked: keys, states, and that none is missing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{AGAIN, ANOTHER, Fault, Stand, Verzeichnis};
use crate::kommune::{Land, Schluessel};

/// The most records; there are some 16 000.
const MAX_RECORDS: usize = 50_000;

const ENCODING: &str = "nötig ist UTF-8 oder Windows-1252 (ISO 8859-1), wie Destatis sie liefert; laden Sie die Datei noch einmal herunter";

/// A unit that the register knows.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) kennzeichen: Kennzeichen,
    pub(super) land: Land,
    pub(super) key: Schluessel,
    pub(super) kreis: Schluessel,
    /// of a Gemeinde
    pub(super) verband: Option<Schluessel>,
    /// the official name
    pub(super) name: String,
    /// whether the name fills its field, so that more may have followed
    pub(super) full: bool,
    pub(super) einwohner: Option<u32>,
    pub(super) plz: Option<String>,
}

/// Textkennzeichen: the kind of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kennzeichen {
    Kreis,
    Landkreis,
    Regionalverband,
    Samtgemeinde,
    Verbandsgemeinde,
    Markt,
    KreisfreieStadt,
    Stadt,
    Gemeinde,
}

/// What a line or row says, each as it stands there.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) satzart: String,
    pub(super) kennzeichen: String,
    pub(super) land: String,
    pub(super) bezirk: String,
    pub(super) kreis: String,
    pub(super) verband: String,
    pub(super) gemeinde: String,
    pub(super) name: String,
    pub(super) full: bool,
    pub(super) einwohner: String,
    pub(super) plz: String,
}

/// Records as they are read, with the lines of their keys.
#[derive(Debug, Default)]
pub(super) struct Records {
    records: Vec<Record>,
    lines: HashMap<Schluessel, usize>,
    laender: BTreeSet<&'static str>,
}

impl Records {
    pub(super) fn add(&mut self, line: usize, raw: Raw) -> Result<(), Fault> {
        let land = raw.land(line)?;
        if raw.satzart == "10" {
            // Umlauts of a wrong encoding would go into every name.
            if raw.name != land.name() {
                let problem = format!(
                    "statt „{}“ steht da „{}“: ein anderer Zeichensatz",
                    land.name(),
                    raw.name
                );
                return Err(Fault::at(line, problem, ENCODING));
            }
            self.laender.insert(land.name());
        }
        let Some(record) = raw.record(line, land)? else {
            return Ok(());
        };
        if let Some(first) = self.lines.insert(record.key.clone(), line) {
            let key = record.key.as_str();
            let problem = format!("der Schlüssel {key} steht schon in Zeile {first}");
            return Err(Fault::at(line, problem, AGAIN));
        }
        self.records.push(record);
        if self.records.len() > MAX_RECORDS {
            return Err(Fault::at(line, "so viele Gemeinden gibt es nicht", AGAIN));
        }
        Ok(())
    }

    /// All, if every Land is there and every Kreis has its Gemeinden.
    pub(super) fn finish(self, stand: Stand) -> Result<Verzeichnis, Fault> {
        let cut = |problem: String| {
            Err(Fault::whole(
                format!("{problem}; die Datei ist unvollständig"),
                AGAIN,
            ))
        };
        let all = (1..=16).filter_map(Land::numbered).map(Land::name);
        let missing: Vec<&str> = all.filter(|name| !self.laender.contains(name)).collect();
        if !missing.is_empty() {
            return cut(format!("es fehlen {}", missing.join(", ")));
        }
        let mut kreise: BTreeMap<&Schluessel, [bool; 2]> = BTreeMap::new();
        for record in self
            .records
            .iter()
            .filter(|record| !record.kennzeichen.is_kreisfrei())
        {
            let known = kreise.entry(&record.kreis).or_default();
            match record.key.as_str().len() {
                5 => known[0] = true,
                8 => known[1] = true,
                _ => {}
            }
        }
        for (kreis, known) in kreise {
            match known {
                [true, false] => {
                    return cut(format!("der Kreis {} hat keine Gemeinde", kreis.as_str()));
                }
                [false, true] => return cut(format!("der Kreis {} fehlt", kreis.as_str())),
                _ => {}
            }
        }
        Ok(Verzeichnis {
            stand,
            records: self.records,
        })
    }
}

impl Raw {
    fn odd(line: usize, what: &str, found: &str) -> Fault {
        let problem = format!("{what} ist „{found}“: ein anderer Satzaufbau");
        Fault::at(line, problem, ANOTHER)
    }

    fn land(&self, line: usize) -> Result<Land, Fault> {
        let number = self.land.parse().ok();
        number
            .and_then(Land::numbered)
            .ok_or_else(|| Self::odd(line, "das Land", &self.land))
    }

    /// The record, if it is of a kind that the register knows.
    fn record(self, line: usize, land: Land) -> Result<Option<Record>, Fault> {
        let kennzeichen = Kennzeichen::of(&self.satzart, &self.kennzeichen)
            .map_err(|()| Self::odd(line, "das Textkennzeichen", &self.kennzeichen))?;
        let Some(kennzeichen) = kennzeichen else {
            return Ok(None);
        };
        let kreis = format!("{}{}{}", self.land, self.bezirk, self.kreis);
        let key = |more: &str, digits: usize| {
            let key = format!("{kreis}{more}");
            Schluessel::parse(&key)
                .filter(|key| key.as_str().len() == digits)
                .ok_or_else(|| Self::odd(line, "der Schlüssel", &key))
        };
        let is_gemeinde = self.satzart == "60";
        if self.name.is_empty() {
            return Err(Self::odd(line, "der Name", ""));
        }
        let einwohner = match self.einwohner.as_str() {
            "" => None,
            said => Some(
                said.parse()
                    .map_err(|_| Self::odd(line, "die Bevölkerung", said))?,
            ),
        };
        let is_plz = |said: &str| said.len() == 5 && said.bytes().all(|byte| byte.is_ascii_digit());
        if !self.plz.is_empty() && !is_plz(&self.plz) {
            return Err(Self::odd(line, "die Postleitzahl", &self.plz));
        }
        Ok(Some(Record {
            kennzeichen,
            land,
            key: match self.satzart.as_str() {
                "40" => key("", 5)?,
                "50" => key(&self.verband, 9)?,
                _ => key(&self.gemeinde, 8)?,
            },
            kreis: key("", 5)?,
            verband: is_gemeinde.then(|| key(&self.verband, 9)).transpose()?,
            einwohner,
            plz: Some(self.plz).filter(|plz| !plz.is_empty()),
            name: self.name,
            full: self.full,
        }))
    }
}

impl Kennzeichen {
    /// `None` for what is in no register; an error for what nobody knows.
    fn of(satzart: &str, text: &str) -> Result<Option<Self>, ()> {
        Ok(Some(match (satzart, text) {
            ("40", "43") => Self::Kreis,
            ("40", "44") => Self::Landkreis,
            ("40", "45") => Self::Regionalverband,
            ("50", "52") => Self::Samtgemeinde,
            ("50", "53") => Self::Verbandsgemeinde,
            ("60", "60") => Self::Markt,
            ("60", "61" | "62") => Self::KreisfreieStadt,
            ("60", "63" | "67") => Self::Stadt,
            ("60", "64") => Self::Gemeinde,
            ("40", "41" | "42") | ("60", "65" | "66") => return Ok(None),
            ("50", "50" | "51" | "54" | "55" | "56" | "57" | "58") | ("10" | "20" | "30", _) => {
                return Ok(None);
            }
            _ => return Err(()),
        }))
    }

    pub(super) fn is_kreisfrei(self) -> bool {
        self == Self::KreisfreieStadt
    }
}
