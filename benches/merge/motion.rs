//! The seed's motion for municipalities of the register, as `serve` merges it.

use std::hint::black_box;
use std::io::BufRead;
use std::path::Path;
use std::time::Instant;

use antragsbote::kommune::{Kommune, Register, Rolle};
use antragsbote::merge::{Document, Rules, Schema, Values};
use antragsbote::template::{Occasion, schema, values};
use serde_json::json;

use crate::processor_time;

/// The bodies that ask, by turns.
const BEIRAETE: [&str; 3] = ["Ausländerbeirat", "Integrationsbeirat", "Migrationsrat"];

/// Municipalities from all over the register, no two of one name, with the body that asks.
fn kommunen(count: usize) -> Vec<(&'static Kommune, &'static str)> {
    let mut names = std::collections::BTreeSet::new();
    let kommunen = Register::built_in().kommunen().step_by(23);
    kommunen
        .filter(|kommune| names.insert(&kommune.name))
        .zip(BEIRAETE.iter().cycle())
        .map(|(kommune, beirat)| (kommune, *beirat))
        .take(count)
        .collect()
}

fn values_of(kommune: &Kommune, beirat: &str) -> Values {
    let register = Register::built_in();
    let occasion = Occasion {
        now: "2026-03-02T10:00:00Z".parse().unwrap(),
        anfragende_person: "Anna Muster".to_owned(),
        aktenzeichen: "01JD0000000000000000000000".to_owned(),
    };
    let beirat = register.gremium(Rolle::Beirat, beirat).unwrap();
    values(
        register,
        kommune,
        beirat,
        register.rat_of(kommune),
        &occasion,
    )
}

/// Prints the records that all engines merge.
pub(crate) fn records(count: usize) {
    let records: Vec<_> = kommunen(count)
        .into_iter()
        .map(|(kommune, beirat)| {
            json!({
                "beirat": beirat,
                "rat": Register::built_in().rat_of(kommune).name,
                "kommune": kommune.name,
                "datum": "2. März 2026",
            })
        })
        .collect();
    println!("{}", json!(records));
}

/// Answers each line of standard input, an engine's name and maybe a file for its first
/// document, with what the documents cost.
pub(crate) fn engines(folder: &Path) {
    let count: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("records.json")).unwrap()).unwrap();
    let values: Vec<Values> = kommunen(count.as_array().unwrap().len())
        .into_iter()
        .map(|(kommune, beirat)| values_of(kommune, beirat))
        .collect();
    let compile = |file: &str, rules: &Rules| {
        let template = std::fs::read(folder.join(file)).unwrap();
        Document::compile(template, rules).unwrap()
    };
    let plain = compile("jinja.docx", &Rules::Lenient(Schema::default()));
    let checked = compile("jinja.docx", &Rules::Strict(schema(Register::built_in())));
    let german = compile("german.docx", &Rules::Strict(schema(Register::built_in())));
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let mut words = line.split(' ');
        let document = match words.next().unwrap() {
            "unchecked" => &plain,
            "checked" => &checked,
            "german" => &german,
            engine => panic!("{engine}?"),
        };
        match words.next() {
            Some(file) => {
                std::fs::write(file, document.merge(values.first().unwrap()).unwrap()).unwrap();
                println!("{{}}");
            }
            None => println!("{}", measure(document, &values)),
        }
    }
}

fn measure(document: &Document, values: &[Values]) -> serde_json::Value {
    let before = processor_time();
    let walls: Vec<u128> = values
        .iter()
        .map(|values| {
            let start = Instant::now();
            black_box(document.merge(values).unwrap());
            start.elapsed().as_nanos()
        })
        .collect();
    let processor = (processor_time() - before) / u32::try_from(values.len()).unwrap();
    json!({ "wall": walls, "processor": processor.as_nanos() })
}
