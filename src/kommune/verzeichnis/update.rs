//! The register's files anew.

use super::changes::Changes;
use super::{AGAIN, Fault, Stand, Verzeichnis};
use crate::german::grouped;
use crate::kommune::read::{Former, later};
use crate::kommune::{Error, Files, Kommune, Land, Register, Schluessel, write};

/// The file that says where `kommunen.csv` comes from, and of which day.
pub const SOURCE: &str = "quelle.txt";

/// Fewer Gemeinden or Kreise than this share of those there are now is no reform but a cut
/// file, in percent.
const MIN_ALL: usize = 95;
/// The same of the Gemeinden of a state; Thuringia lost a fifth of them in 2019.
const MIN_LAND: usize = 70;

/// A new register.
#[derive(Debug)]
pub struct Update {
    /// what is different in it
    pub changes: Changes,
    /// its files by name, in the order in which they are to be replaced: `kommunen.csv` is
    /// the last, since the new ones go with the old one sooner than the other way round
    pub files: [(&'static str, String); 4],
    /// how many Gemeinden and Kreise it has
    pub counts: [usize; 2],
}

/// Makes a register of a Gemeindeverzeichnis, and proves it by reading it back.
///
/// `files` are those `present` was read from, and `stand` is the day of their `kommunen.csv`
/// where that is known. Changes after the day of the Gemeindeverzeichnis and old names stay.
///
/// # Errors
/// If the Gemeindeverzeichnis is older or lacks much of what the register has, or if the
/// other files do not fit it.
pub fn update(
    present: &Register,
    files: Files<'_>,
    stand: Option<Stand>,
    verzeichnis: &Verzeichnis,
) -> Result<Update, Fault> {
    let day = verzeichnis.stand;
    if let Some(stand) = stand.filter(|stand| day < *stand) {
        let problem = format!("der Gebietsstand {day} ist älter als der des Registers, {stand}");
        return Err(Fault::whole(problem, "nehmen Sie die neueste Ausgabe"));
    }
    let kommunen = verzeichnis.kommunen(present);
    is_whole(present, &kommunen.values().collect::<Vec<_>>())?;
    let nachtrag = later(files.nachtrag, &day.iso(), &kommunen).map_err(unsound)?;
    let (kommunen, nachtrag) = (write::kommunen(&kommunen), write::csv(nachtrag));
    let files = Files {
        kommunen: &kommunen,
        nachtrag: &nachtrag,
        merged: "",
        ..files
    };
    let fresh = Register::read(files).map_err(unsound)?;
    let changes = Changes::between(present, &fresh);
    let year = stand.filter(|stand| day.within_a_year_of(*stand));
    let former = former(
        present,
        &fresh,
        &changes,
        year.map(|_| day.year().to_string()),
    );
    let merged = write::merged(&former, &fresh);
    let proof = Files {
        merged: &merged,
        ..files
    };
    Register::read(proof).map_err(unsound)?;
    let count = |is: fn(&Kommune) -> bool| fresh.kommunen().filter(|k| is(k)).count();
    Ok(Update {
        changes,
        counts: [count(|k| k.art.is_gemeinde()), count(|k| k.art.is_kreis())],
        files: [
            ("merged.csv", merged),
            ("nachtrag.csv", nachtrag),
            (SOURCE, source(day)),
            ("kommunen.csv", kommunen),
        ],
    })
}

/// Makes sure that no part of a file is missing.
fn is_whole(present: &Register, kommunen: &[&Kommune]) -> Result<(), Fault> {
    let compare = |what: &str, share: usize, is: &dyn Fn(&Kommune) -> bool| {
        let before = present.kommunen().filter(|kommune| is(kommune)).count();
        let now = kommunen.iter().filter(|kommune| is(kommune)).count();
        if now * 100 >= before * share {
            return Ok(());
        }
        let problem = format!(
            "die Datei nennt {} {what}, das Register {}; sie ist unvollständig",
            grouped(now),
            grouped(before)
        );
        Err(Fault::whole(problem, AGAIN))
    };
    compare("Gemeinden", MIN_ALL, &|k| k.art.is_gemeinde())?;
    compare("Kreise", MIN_ALL, &|k| k.art.is_kreis())?;
    for land in (1..=16).filter_map(Land::numbered) {
        let what = format!("Gemeinden ({})", land.name());
        compare(&what, MIN_LAND, &|k| k.land == land && k.art.is_gemeinde())?;
    }
    Ok(())
}

/// The names that are no more: those that were so before, and those of this change.
fn former(
    present: &Register,
    fresh: &Register,
    changes: &Changes,
    year: Option<String>,
) -> Vec<Former> {
    let successor_of = |old: &Schluessel| {
        let gone = changes
            .gone
            .iter()
            .find(|gone| gone.kommune.schluessel == *old);
        let rekeyed = changes
            .rekeyed
            .iter()
            .find(|(before, _)| before.schluessel == *old);
        let found = gone.and_then(|gone| gone.successor.as_ref());
        found.or_else(|| rekeyed.map(|(_, now)| now))
    };
    let now = |key: &Schluessel| match fresh.get(key) {
        Some(kommune) => Some(kommune.schluessel.clone()),
        None => successor_of(key).map(|kommune| kommune.schluessel.clone()),
    };
    let mut former: Vec<Former> = present.former.clone();
    for old in &mut former {
        old.successors = old.successors.iter().filter_map(now).collect();
    }
    let renamed = changes.renamed.iter().map(|(before, _)| before);
    let gone = changes.gone.iter().map(|gone| &gone.kommune);
    let rekeyed = changes.rekeyed.iter().map(|(before, _)| before);
    former.extend(renamed.chain(gone).chain(rekeyed).map(|old| Former {
        schluessel: old.schluessel.clone(),
        name: old.name.clone(),
        successors: now(&old.schluessel).into_iter().collect(),
        year: year.clone(),
    }));
    // a name that is in use under the same key is none of yesterday, and what the changes that
    // are still to come replace is known from them
    former.retain(|old| {
        let now = fresh.get(&old.schluessel);
        let mut known = fresh.former.iter();
        now.is_none_or(|now| now.name != old.name)
            && !known.any(|known| (&known.schluessel, &known.name) == (&old.schluessel, &old.name))
    });
    former.sort_by(|a, b| (&a.schluessel, &a.name).cmp(&(&b.schluessel, &b.name)));
    former.dedup_by(|b, a| (&a.schluessel, &a.name) == (&b.schluessel, &b.name));
    former
}

fn unsound(error: Error) -> Fault {
    Fault::whole(
        format!("das neue Register wäre fehlerhaft: {error}"),
        "berichtigen Sie die genannte Datei im Ordner unter [registry] path; fehlt sie dort, legen Sie eine eigene an",
    )
}

/// The line that the licence asks for; [`Stand::find_in`] reads it.
fn source(day: Stand) -> String {
    format!(
        "Datenquelle: Statistisches Bundesamt (Destatis), Gemeindeverzeichnis, Gebietsstand {day}, www.destatis.de; \
         Datenlizenz Deutschland – Namensnennung – Version 2.0 (www.govdata.de/dl-de/by-2-0); \
         Daten verändert (ausgewählt, ergänzt, Kreisnamen ausgeschrieben).\n"
    )
}
