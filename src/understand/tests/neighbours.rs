//! Short mails with what a careful clerk would understand, written by hand: `text => wishes`,
//! a `¶` for a line's end. A wish is the municipality's title, the body and, where it is
//! not the municipality's own, the council; `?kommune beirat` is a question, `-` silence.

use std::collections::HashMap;

use super::{mail, offers};
use crate::kommune::{Kommune, Land, Register};
use crate::understand::{Understanding, understand};

fn check(file: &str, table: &str) {
    let register = Register::built_in();
    let mut titles: HashMap<String, Vec<&Kommune>> = HashMap::new();
    for kommune in register.kommunen() {
        titles.entry(kommune.title()).or_default().push(kommune);
    }
    let title = |kommune: &Kommune| {
        let title = kommune.title();
        let others = titles.get(&title).map_or(&[][..], Vec::as_slice);
        let near = others.iter().filter(|other| other.land == kommune.land);
        match (others.len(), near.count()) {
            (1, _) => title,
            (_, 1) => format!("{title} ({})", short(kommune.land)),
            _ => format!("{title} ({})", kommune.schluessel.as_str()),
        }
    };
    let said = |understanding: &Understanding| -> String {
        if understanding.nothing_asked {
            return "-".to_owned();
        }
        if !understanding.questions.is_empty() {
            let topics = understanding.questions.iter().map(|q| q.topic.as_str());
            return format!("?{}", topics.collect::<Vec<_>>().join(" "));
        }
        let wishes = understanding.wishes.iter().map(|wish| {
            let kommune = register.get(&wish.kommune).unwrap();
            let mut text = format!("{}, {}", title(kommune), wish.beirat.name);
            if register.rat_of(kommune).name != wish.rat.name {
                text = format!("{text}, {}", wish.rat.name);
            }
            text
        });
        wishes.collect::<Vec<_>>().join(" + ")
    };
    let rows: Vec<(&str, &str)> = table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            line.split_once(" => ")
                .unwrap_or_else(|| panic!("{file}: {line}"))
        })
        .collect();
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, wanted)| {
            let mail = mail("Ingrid Nolte", "Musterantrag", &text.replace('¶', "\n"), "");
            let got = understand(&mail, register, &offers(), None);
            let told = got.evidence.join("\n      ");
            (said(&got) != *wanted).then(|| {
                format!(
                    "{text}\n   wanted {wanted}\n   got    {}\n      {told}",
                    said(&got)
                )
            })
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{file}: {} of {} wrong:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

fn short(land: Land) -> String {
    format!("{land:?}")
}

macro_rules! tables {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            let file = concat!(stringify!($name), ".txt");
            check(file, include_str!(concat!("neighbours/", stringify!($name), ".txt")));
        })*
    };
}

tables! { asking several aside words bodies councils same_name kinds letters doubts forms pitfalls }
