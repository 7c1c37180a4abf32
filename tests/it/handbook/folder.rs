//! The folder that a page's `console` blocks are run in. In it lie
//!
//! | file | |
//! | --- | --- |
//! | `antragsbote.toml` | a configuration with Maildirs in place of servers, and `vorlagen` as folder of templates, with the motions that ship and the example |
//! | `anfrage.eml` | a mail that asks for the motion for Landkreis Fürth |
//! | `Musterantrag.docx` | a motion as it lies in a council's drawer, see [`MUSTERANTRAG`] |
//! | `vorlagen/…` | what the commands of the page make of it, changed by its `word` and `toml` blocks as its author would |
//! | `register` | the page's `csv` blocks, as `gremien.csv` and `raete.csv` |

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::page::Page;
use crate::program::{CONFIG, House, mail};

/// The example that the package brings.
pub(super) const EXAMPLE: &str = "integrationsfonds";

/// The one the handbook's pictures begin with.
const MUSTERANTRAG: &str = include_str!("../../../docs/pictures/musterantrag.md");

/// The folder the samples are run in.
pub(super) fn furnished(page: &Page) -> House {
    let house = House::new();
    let mut config = format!("{CONFIG}\n[templates]\npath = \"vorlagen\"\n");
    let tables = tables(page);
    if !tables.is_empty() {
        config.push_str("[registry]\npath = \"register\"\n");
    }
    for (name, rows) in tables {
        house.write(&format!("register/{name}"), rows);
    }
    house.write("antragsbote.toml", config);
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/beispiele");
    for name in ["motion.docx", "template.toml"] {
        let file = fs::read(examples.join(EXAMPLE).join(name)).unwrap();
        house.write(&format!("vorlagen/{EXAMPLE}/{name}"), file);
    }
    house.write(
        "anfrage.eml",
        mail("Bitte den Musterantrag für den Landkreis Fürth, Ausländerbeirat."),
    );
    for (name, text) in antragsbote::template::built_in() {
        house.write(&format!("vorlagen/{name}"), text);
    }
    house.write(
        "vorlagen/muster/template.toml",
        "title = \"Mehrsprachige Auskünfte\"\n",
    );
    house.write("vorlagen/muster/motion.md", MUSTERANTRAG);
    let run = house.run(&["template", "export", "muster", "-o", "muster"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let (made, drawer) = (
        house.path("muster/motion.docx"),
        house.path("Musterantrag.docx"),
    );
    fs::rename(made, drawer).unwrap();
    fs::remove_dir_all(house.path("muster")).unwrap();
    fs::remove_dir_all(house.path("vorlagen/muster")).unwrap();
    house
}

/// The page's tables by the file each belongs to: rows under another head are given all its columns.
fn tables(page: &Page) -> BTreeMap<&'static str, String> {
    const GREMIEN: [&str; 4] = ["role", "name", "genus", "synonyms"];
    const RAETE: [&str; 2] = ["rat", "keys"];
    let mut tables = BTreeMap::new();
    for block in page.tagged("csv") {
        let mut lines = block.text.lines();
        let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
        let (file, columns): (_, &[&str]) = match head.as_slice() {
            ["rat", ..] => ("raete.csv", &RAETE),
            _ => ("gremien.csv", &GREMIEN),
        };
        let table = tables.entry(file).or_insert(columns.join(",") + "\n");
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let cell = |column| {
                let at = head.iter().position(|name| *name == column);
                at.and_then(|at| cells.get(at)).copied().unwrap_or_default()
            };
            let row: Vec<&str> = columns.iter().copied().map(cell).collect();
            table.push_str(&(row.join(",") + "\n"));
        }
    }
    tables
}
