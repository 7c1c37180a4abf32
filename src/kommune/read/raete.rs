//! `raete.csv`: which council a municipality has.

use std::collections::{BTreeMap, HashMap};

use super::{Error, Table};
use crate::kommune::{Art, Gremium, Kommune, Land, Rolle, Schluessel};

type ByKind = HashMap<(Land, Art), usize>;
type ByKey = HashMap<Schluessel, usize>;

/// Reads the files one after the other: a row takes the place of an earlier one for the same
/// key, or for the same state and kind.
pub(super) fn read(
    kommunen: &BTreeMap<Schluessel, Kommune>,
    gremien: &[Gremium],
    files: &[&str],
) -> Result<(ByKind, ByKey), Error> {
    let (mut by_kind, mut by_key) = (ByKind::new(), ByKey::new());
    for (file, text) in files.iter().enumerate() {
        let table = Table::open("raete.csv", text, &["rat", "keys"])?;
        table.has_only(&["state", "kind", "rat", "keys", "source"])?;
        table.each(|row| {
            let rat = row.parsed("rat", |name| {
                gremien
                    .iter()
                    .position(|gremium| gremium.rolle == Rolle::Rat && gremium.name == name)
            })?;
            let keys = row.keys("keys")?;
            if keys.is_empty() {
                let land = row.parsed("state", Land::parse)?;
                by_kind.insert((land, row.parsed("kind", Art::parse)?), rat);
            }
            // the program's own may name some that another kommunen.csv does not have
            let unknown = keys.iter().find(|key| !kommunen.contains_key(key));
            if let Some(unknown) = unknown.filter(|_| file > 0) {
                return Err(row.fault(format!(
                    "es gibt keine Kommune {}; `antragsbote kommune find NAME` nennt den Schlüssel",
                    unknown.as_str()
                )));
            }
            by_key.extend(keys.into_iter().map(|key| (key, rat)));
            Ok(())
        })?;
    }
    Ok((by_kind, by_key))
}
