//! What of `nachtrag.csv` a newer `kommunen.csv` leaves to do.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;

use super::{Error, KOMMUNE, Kommune, Schluessel, Table};

/// The rows that hold from a later day than `day` ("2024-12-31") or say none, and whose
/// municipalities are there: the head and these, as they stood.
pub(in crate::kommune) fn later(
    text: &str,
    day: &str,
    kommunen: &BTreeMap<Schluessel, Kommune>,
) -> Result<Vec<StringRecord>, Error> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut known: BTreeSet<Schluessel> = kommunen.keys().cloned().collect();
    let mut replaced = BTreeSet::new();
    let mut columns = vec!["replaces"];
    columns.extend(KOMMUNE);
    let mut table = Table::open("nachtrag.csv", text, &columns)?;
    let head = table.reader.headers().cloned().unwrap_or_default();
    let mut rows = vec![head];
    table.each(|row| {
        let key = row.kommune()?.schluessel;
        let effective = row.get("effective");
        let replaces = row.keys("replaces")?;
        let is_there = if replaces.is_empty() {
            known.contains(&key)
        } else {
            let is_there = |old| known.contains(old) || replaced.contains(old);
            replaces.iter().all(is_there)
        };
        if is_there && (effective.is_empty() || effective > day) {
            for old in replaces {
                known.remove(&old);
                replaced.insert(old);
            }
            known.insert(key);
            rows.push(row.record.clone());
        }
        Ok(())
    })?;
    Ok(rows)
}
