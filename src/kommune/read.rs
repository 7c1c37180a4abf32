//! The register's files, read.

mod gremien;
mod later;
mod raete;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use csv::StringRecord;

use super::bodies::Bodies;
use super::names::Names;
use super::{Art, Error, Files, Gremium, Kommune, Land, Register, Rolle, Schluessel};

pub(super) use later::later;

/// A name that was replaced, and what took its place.
#[derive(Debug, Clone)]
pub(super) struct Former {
    pub(super) schluessel: Schluessel,
    pub(super) name: String,
    pub(super) successors: Vec<Schluessel>,
    /// since when it is so called, where the file says
    pub(super) year: Option<String>,
}

/// One file with its columns by name.
struct Table<'a> {
    file: &'static str,
    reader: csv::Reader<&'a [u8]>,
    columns: HashMap<String, usize>,
}

impl<'a> Table<'a> {
    fn open(file: &'static str, text: &'a str, columns: &[&str]) -> Result<Self, Error> {
        // what a German spreadsheet writes
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let header = text.lines().next().unwrap_or_default();
        let semicolons = header.contains(';') && !header.contains(',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(if semicolons { b';' } else { b',' })
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let header = reader.headers().map_err(|e| broken(file, &e))?;
        let found: HashMap<String, usize> = header
            .iter()
            .enumerate()
            .map(|(i, name)| (name.to_owned(), i))
            .collect();
        match columns.iter().find(|name| !found.contains_key(**name)) {
            Some(missing) => Err(Error {
                file,
                line: 1,
                problem: format!(
                    "die Spalte „{missing}“ fehlt; nötig sind {}",
                    columns.join(", ")
                ),
            }),
            None => Ok(Self {
                file,
                reader,
                columns: found,
            }),
        }
    }

    /// Makes sure that no column goes unread because its name is misspelt.
    fn has_only(&self, known: &[&str]) -> Result<(), Error> {
        let mut names = self.columns.keys();
        match names.find(|name| !known.contains(&name.as_str())) {
            Some(unknown) => Err(Error {
                file: self.file,
                line: 1,
                problem: format!(
                    "die Spalte „{unknown}“ ist unbekannt; es gibt {}",
                    known.join(", ")
                ),
            }),
            None => Ok(()),
        }
    }

    /// Calls `each` with every row.
    fn each(mut self, mut each: impl FnMut(&Row<'_>) -> Result<(), Error>) -> Result<(), Error> {
        let mut record = StringRecord::new();
        while self
            .reader
            .read_record(&mut record)
            .map_err(|e| broken(self.file, &e))?
        {
            each(&Row {
                file: self.file,
                record: &record,
                columns: &self.columns,
            })?;
        }
        Ok(())
    }
}

struct Row<'a> {
    file: &'static str,
    record: &'a StringRecord,
    columns: &'a HashMap<String, usize>,
}

impl Row<'_> {
    fn get(&self, column: &str) -> &str {
        self.columns
            .get(column)
            .and_then(|&i| self.record.get(i))
            .unwrap_or_default()
    }

    fn fault(&self, problem: String) -> Error {
        Error {
            file: self.file,
            line: self.record.position().map_or(0, csv::Position::line),
            problem,
        }
    }

    /// What `parse` makes of a column.
    fn parsed<T>(&self, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
        let text = self.get(column);
        let found = || match text {
            "" => format!("die Spalte „{column}“ ist leer"),
            text => format!("in der Spalte „{column}“ steht „{text}“"),
        };
        parse(text)
            .ok_or_else(|| self.fault(format!("{}; erwartet wird {}", found(), expected(column))))
    }

    /// As [`Self::parsed`], `None` if the column is empty.
    fn optional<T>(
        &self,
        column: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        if self.get(column).is_empty() {
            return Ok(None);
        }
        self.parsed(column, parse).map(Some)
    }

    fn keys(&self, column: &str) -> Result<Vec<Schluessel>, Error> {
        self.get(column)
            .split('|')
            .filter(|key| !key.is_empty())
            .map(|key| {
                Schluessel::parse(key).ok_or_else(|| {
                    self.fault(format!(
                        "in der Spalte „{column}“ steht „{key}“; erwartet wird {}",
                        expected("key")
                    ))
                })
            })
            .collect()
    }

    fn kommune(&self) -> Result<Kommune, Error> {
        Ok(Kommune {
            schluessel: self.parsed("key", Schluessel::parse)?,
            art: self.parsed("kind", Art::parse)?,
            name: self.parsed("name", some_text)?,
            official_name: self.parsed("official_name", some_text)?,
            land: self.parsed("state", Land::parse)?,
            kreis: self.optional("district", Schluessel::parse)?,
            einwohner: self.optional("population", |text| text.parse().ok())?,
            plz: self.optional("postal_code", some_text)?,
        })
    }
}

const KOMMUNE: [&str; 8] = [
    "key",
    "kind",
    "name",
    "official_name",
    "state",
    "district",
    "population",
    "postal_code",
];

pub(super) fn read(files: Files<'_>) -> Result<Register, Error> {
    let mut kommunen = read_kommunen(files.kommunen)?;
    let mut former = apply_nachtrag(&mut kommunen, files.nachtrag)?;
    read_merged(&kommunen, &mut former, files.merged)?;
    let gremien = gremien::read(files.gremien)?;
    let (rat_by_kind, rat_by_key) = raete::read(&kommunen, &gremien, files.raete)?;
    let kommunen: Vec<Kommune> = kommunen.into_values().collect();
    if let Some(kommune) = kommunen
        .iter()
        .find(|kommune| !rat_by_kind.contains_key(&(kommune.land, kommune.art)))
    {
        return Err(Error {
            file: "raete.csv",
            line: 1,
            problem: format!(
                "für {} ({}) ist kein Rat genannt; ergänzen Sie eine Zeile für diese Art von Kommune",
                kommune.title(),
                kommune.land.name()
            ),
        });
    }
    let Some(last_resort) = gremien
        .iter()
        .find(|gremium| gremium.rolle == Rolle::Rat && gremium.name == "Rat")
    else {
        return Err(Error {
            file: "gremien.csv",
            line: 1,
            problem: "der Rat „Rat“ fehlt; ergänzen Sie die Zeile rat,Rat,m".to_owned(),
        });
    };
    Ok(Register {
        last_resort: last_resort.clone(),
        plz: kommunen
            .iter()
            .filter_map(|kommune| kommune.plz.as_deref()?.parse().ok())
            .collect(),
        names: Names::of(&kommunen, &former),
        words: [Rolle::Beirat, Rolle::Rat].map(|rolle| {
            let own = gremien.iter().filter(|gremium| gremium.rolle == rolle);
            Arc::new(own.flat_map(Gremium::words).collect())
        }),
        bodies: Bodies::of(&gremien),
        kommunen,
        former,
        gremien,
        rat_by_kind,
        rat_by_key,
    })
}

fn read_kommunen(text: &str) -> Result<BTreeMap<Schluessel, Kommune>, Error> {
    let mut kommunen = BTreeMap::new();
    Table::open("kommunen.csv", text, &KOMMUNE)?.each(|row| {
        let kommune = row.kommune()?;
        let key = kommune.schluessel.clone();
        match kommunen.insert(key, kommune) {
            Some(twice) => Err(row.fault(format!(
                "der Schlüssel {} steht hier zum zweiten Mal; streichen Sie eine der Zeilen",
                twice.schluessel.as_str()
            ))),
            None => Ok(()),
        }
    })?;
    Ok(kommunen)
}

/// Brings the register forward; what was replaced is handed back.
fn apply_nachtrag(
    kommunen: &mut BTreeMap<Schluessel, Kommune>,
    text: &str,
) -> Result<Vec<Former>, Error> {
    let mut replaced: BTreeMap<Schluessel, Former> = BTreeMap::new();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut columns = vec!["replaces"];
    columns.extend(KOMMUNE);
    Table::open("nachtrag.csv", text, &columns)?.each(|row| {
        let kommune = row.kommune()?;
        let key = kommune.schluessel.clone();
        for old in row.keys("replaces")? {
            if let Some(gone) = kommunen.remove(&old) {
                replaced.insert(old.clone(), former(gone, row));
            }
            match replaced.get_mut(&old) {
                Some(former) => former.successors.push(key.clone()),
                None => return Err(row.fault(format!(
                        "es gibt keine Kommune {}, die ersetzt werden kann; prüfen Sie die Spalte „replaces“",
                        old.as_str()
                    ))),
            }
        }
        if let Some(before) = kommunen.insert(key.clone(), kommune) {
            let mut before = former(before, row);
            before.successors.push(key.clone());
            replaced.insert(key, before);
        }
        Ok(())
    })?;
    Ok(replaced.into_values().collect())
}

fn former(kommune: Kommune, row: &Row<'_>) -> Former {
    Former {
        schluessel: kommune.schluessel,
        name: kommune.name,
        successors: Vec::new(),
        year: year(row),
    }
}

/// The year in which a change took place, where the row says it.
fn year(row: &Row<'_>) -> Option<String> {
    row.get("effective").split('-').next().and_then(some_text)
}

fn read_merged(
    kommunen: &BTreeMap<Schluessel, Kommune>,
    former: &mut Vec<Former>,
    text: &str,
) -> Result<(), Error> {
    if text.is_empty() {
        return Ok(());
    }
    let columns = ["old_key", "old_name", "new_key"];
    Table::open("merged.csv", text, &columns)?.each(|row| {
        let name = row.get("old_name");
        former.push(Former {
            schluessel: row.parsed("old_key", Schluessel::parse)?,
            name: name.split(',').next().unwrap_or(name).to_owned(),
            successors: row
                .keys("new_key")?
                .into_iter()
                .filter(|key| kommunen.contains_key(key))
                .collect(),
            year: year(row),
        });
        Ok(())
    })
}

fn some_text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// What a column may hold.
fn expected(column: &str) -> &'static str {
    match column {
        "role" => "beirat oder rat",
        "genus" => "m, f oder n",
        "rat" => "ein Rat aus gremien.csv",
        "kind" => "eine Art wie stadt, gemeinde oder landkreis",
        "state" => "ein Land wie BY",
        "population" => "eine Zahl",
        "key" | "district" | "old_key" | "new_key" => {
            "ein Schlüssel aus fünf, acht oder neun Ziffern"
        }
        _ => "ein Name",
    }
}

fn broken(file: &'static str, error: &csv::Error) -> Error {
    let problem = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!(
            "die Zeile hat {len} Spalten statt {expected_len}; ein Wert mit Komma gehört in Anführungszeichen"
        ),
        _ => format!("das ist kein gültiges CSV: {error}"),
    };
    Error {
        file,
        line: error.position().map_or(1, csv::Position::line),
        problem,
    }
}
