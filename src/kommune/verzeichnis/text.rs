//! GV100AD: a record a line, fields by place.

use super::records::{Raw, Records};
use super::{AGAIN, ANOTHER, Fault, Stand, Verzeichnis};

/// The length of a record, in characters; blanks at its end are often lost on the way.
const LENGTH: usize = 220;
/// The least that a Gemeinde needs: up to its postal code.
const GEMEINDE: usize = 170;

pub(super) fn read(bytes: &[u8]) -> Result<Verzeichnis, Fault> {
    let text = decode(bytes);
    let mut records = Records::default();
    let mut stand = None;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_matches(['\u{1a}', ' ']).is_empty() {
            continue;
        }
        let line = Line {
            number,
            chars: line.chars().collect(),
        };
        let day = line.stand()?;
        if *stand.get_or_insert(day) != day {
            let problem = "der Gebietsstand ist ein anderer als in den Zeilen darüber";
            return Err(Fault::at(
                number,
                problem,
                "geben Sie eine Datei eines einzigen Stichtags an",
            ));
        }
        records.add(number, line.record()?)?;
    }
    match stand {
        Some(stand) => records.finish(stand),
        None => Err(Fault::whole("die Datei ist leer", AGAIN)),
    }
}

/// UTF-8 since the names are bilingual; before, Windows-1252.
fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // below 0xa0 the two differ, in signs that no name has
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

struct Line {
    number: usize,
    chars: Vec<char>,
}

impl Line {
    /// What stands from one place to another, counted from 1, without the blanks round it.
    fn field(&self, from: usize, to: usize) -> String {
        let chars = self.chars.iter().take(to).skip(from - 1);
        chars.collect::<String>().trim().to_owned()
    }

    fn fault(&self, problem: String) -> Fault {
        Fault::at(self.number, problem, ANOTHER)
    }

    /// The Gebietsstand, behind a Satzart; without both it is no such record.
    fn stand(&self) -> Result<Stand, Fault> {
        let known = matches!(
            self.field(1, 2).as_str(),
            "10" | "20" | "30" | "40" | "50" | "60"
        );
        let stand = Stand::of(&self.field(3, 6), &self.field(7, 8), &self.field(9, 10));
        stand.filter(|_| known).ok_or_else(|| {
            let found: String = self.chars.iter().take(40).filter(|c| !c.is_control()).collect();
            self.fault(format!(
                "erwartet werden Satzart (10 bis 60) und Gebietsstand (JJJJMMTT) wie in GV100AD, da steht „{found}“"
            ))
        })
    }

    fn record(&self) -> Result<Raw, Fault> {
        let satzart = self.field(1, 2);
        let length = self.chars.len();
        if length > LENGTH {
            return Err(self.fault(format!(
                "die Zeile hat {length} statt {LENGTH} Zeichen: ein anderer Satzaufbau"
            )));
        }
        let is_gemeinde = satzart == "60";
        if is_gemeinde && length < GEMEINDE {
            let problem = format!("die Zeile bricht nach {length} von {LENGTH} Zeichen ab");
            return Err(Fault::at(self.number, problem, AGAIN));
        }
        let of_gemeinde = |from, to| match is_gemeinde {
            true => self.field(from, to),
            false => String::new(),
        };
        let einwohner = of_gemeinde(140, 150);
        Ok(Raw {
            satzart,
            land: self.field(11, 12),
            bezirk: self.field(13, 13),
            kreis: self.field(14, 15),
            gemeinde: self.field(16, 18),
            verband: self.field(19, 22),
            name: self.field(23, 72),
            full: self.chars.get(71).is_some_and(|last| *last != ' '),
            kennzeichen: self.field(123, 124),
            einwohner,
            plz: of_gemeinde(166, 170),
        })
    }
}
