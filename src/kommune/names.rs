//! The written forms of names, and the index over them.
//!
//! A name is its base and its additions: "Neustadt" and "Aisch" for Neustadt a.d.Aisch,
//! "Frankfurt" and "Oder". The index knows bases; additions are compared where one is met.

use std::collections::HashMap;

use super::read::Former;
use super::words::{Gap, Words, fold, fold_without_dots};
use super::{Art, Kommune, Land};

/// How a base belongs to a municipality, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bond {
    /// it is its name
    Name,
    /// its name but for the word Kreis: "Hochtaunus"
    Stem,
    /// its name without the dots of its umlauts
    Undotted,
    /// a name that it took the place of
    Former,
}

/// One municipality behind a base.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// its place in the register's list
    pub(super) kommune: u32,
    pub(super) bond: Bond,
    /// what follows the base, folded, without small words: "aisch", "teutoburger wald"
    pub(super) addition: Option<Box<str>>,
}

/// All bases, and how many words the longest one with a given first word has.
#[derive(Debug, Default)]
pub(super) struct Names {
    bases: HashMap<Box<str>, Vec<Entry>>,
    longest: HashMap<Box<str>, u8>,
}

/// Words that join an addition to its base, in full and abbreviated.
const SMALL: [&str; 26] = [
    "a", "am", "an", "auf", "b", "bei", "d", "dem", "den", "der", "i", "im", "in", "o", "ob", "u",
    "unter", "v", "vom", "von", "vor", "vorm", "zu", "zum", "zur", "unterm",
];

/// Abbreviations in official names that are no beginnings of the word they stand for.
const ABBREVIATIONS: [(&str, &str); 10] = [
    ("opf", "oberpfalz"),
    ("ob", "oberbayern"),
    ("nb", "niederbayern"),
    ("ufr", "unterfranken"),
    ("ofr", "oberfranken"),
    ("rhld", "rheinland"),
    ("odw", "odenwald"),
    ("oldb", "oldenburg"),
    ("ol", "oberlausitz"),
    ("hann", "hannoversch"),
];

/// Districts in which a lone slash stands before the Sorbian name.
const LOWER_LUSATIA: [&str; 4] = ["12052", "12061", "12066", "12071"];

/// Names by which cities are known elsewhere, or in short.
const OTHER_NAMES: [(&str, &str); 7] = [
    ("Köln", "Cologne"),
    ("München", "Munich"),
    ("Nürnberg", "Nuremberg"),
    ("Hannover", "Hanover"),
    ("Braunschweig", "Brunswick"),
    ("Frankfurt am Main", "Ffm"),
    ("Hann. Münden", "Hannoversch Münden"),
];

impl Names {
    pub(super) fn of(kommunen: &[Kommune], former: &[Former]) -> Self {
        let mut names = Self {
            bases: HashMap::with_capacity(kommunen.len() * 2),
            longest: HashMap::with_capacity(kommunen.len()),
        };
        let mut place = HashMap::with_capacity(kommunen.len());
        for (kommune, i) in kommunen.iter().zip(0..) {
            place.insert(kommune.schluessel.as_str(), i);
            names.add_kommune(i, kommune);
        }
        for old in former {
            for successor in &old.successors {
                if let Some(&i) = place.get(successor.as_str()) {
                    names.add_name(i, Bond::Former, &old.name);
                }
            }
        }
        names
    }

    /// Who bears the base.
    pub(super) fn bearers(&self, base: &str) -> &[Entry] {
        self.bases.get(base).map_or(&[], Vec::as_slice)
    }

    /// All bases.
    pub(super) fn bases(&self) -> impl Iterator<Item = &str> {
        self.bases.keys().map(AsRef::as_ref)
    }

    /// The longest base that begins at the word `i`, and where it ends.
    pub(super) fn longest_at<'n>(
        &'n self,
        words: &Words<'_>,
        i: usize,
    ) -> Option<(usize, &'n [Entry])> {
        let longest = usize::from(*self.longest.get(words.word(i))?);
        (i + 1..=i + longest).rev().find_map(|end| {
            let within = (i + 1..end).all(|j| !words.gap(j).has(APART));
            let entries = within.then(|| self.bases.get(words.joined(i..end)))??;
            Some((end, entries.as_slice()))
        })
    }

    fn add_kommune(&mut self, i: u32, kommune: &Kommune) {
        let name = kommune.name.as_str();
        match kommune.art {
            Art::Bezirk => {
                self.add_name(i, Bond::Name, name);
                let city = kommune.land.name();
                if !name.starts_with(city) {
                    self.add_name(i, Bond::Name, &format!("{city}-{name}"));
                }
            }
            art if art.is_kreis() => self.add_kreis(i, name),
            _ => {
                let (german, other) = bilingual(kommune);
                self.add_name(i, Bond::Name, german);
                for other in other.into_iter().chain(also_called(name)) {
                    self.add_name(i, Bond::Name, other);
                }
            }
        }
    }

    /// "Landkreis Fürth", "Hochtaunuskreis", "Rhein-Sieg-Kreis", "Eifelkreis Bitburg-Prüm", "Märkischer Kreis".
    fn add_kreis(&mut self, i: u32, name: &str) {
        let folded = fold(name);
        if let Some(stem) = folded.strip_suffix("kreis") {
            let adjective = stem
                .strip_suffix("er ")
                .filter(|_| name.ends_with("er Kreis"));
            let forms = match adjective {
                Some(adjective) => adjective_forms(adjective),
                None => {
                    self.add(i, Bond::Stem, stem.trim_end(), None);
                    compound_forms(stem.trim_end())
                }
            };
            for form in forms {
                self.add(i, Bond::Name, &form, None);
            }
            return;
        }
        let Some((label, rest)) = name.rsplit_once("kreis ").or(name.rsplit_once("Kreis ")) else {
            if let Some((_, rest)) = name.split_once(' ') {
                self.add_name(i, Bond::Name, rest);
            }
            return;
        };
        self.add_name(i, Bond::Name, rest);
        if !matches!(label, "" | "Land") {
            for ending in ["kreis", "kreises"] {
                let form = fold(&format!("{label}{ending} {rest}"));
                self.add(i, Bond::Name, &form, None);
            }
        }
    }

    /// Adds a name as it is written, split into base and addition, with and without umlaut dots.
    fn add_name(&mut self, i: u32, bond: Bond, name: &str) {
        for (bond, folded) in [
            (bond, Some(fold(name))),
            (bond.max(Bond::Undotted), fold_without_dots(name)),
        ] {
            let Some(folded) = folded else { continue };
            let (base, addition) = split(name, &folded);
            self.add(i, bond, &base, addition);
        }
    }

    fn add(&mut self, kommune: u32, bond: Bond, base: &str, addition: Option<Box<str>>) {
        let first = base.split(' ').next().unwrap_or(base);
        let count = u8::try_from(base.split(' ').count()).unwrap_or(u8::MAX);
        match self.longest.get_mut(first) {
            Some(longest) => *longest = count.max(*longest),
            None => {
                self.longest.insert(first.into(), count);
            }
        }
        let entry = Entry {
            kommune,
            bond,
            addition,
        };
        match self.bases.get_mut(base) {
            Some(entries) => entries.push(entry),
            None => {
                self.bases.insert(base.into(), vec![entry]);
            }
        }
    }
}

/// What never stands within a name.
pub(super) const APART: Gap = APART_BUT_OPEN.or(Gap::OPEN);

/// What never stands before an addition, which may be in brackets.
const APART_BUT_OPEN: Gap = Gap::COMMA
    .or(Gap::COLON)
    .or(Gap::STOP)
    .or(Gap::CLOSE)
    .or(Gap::BREAK)
    .or(Gap::AT)
    .or(Gap::CELL)
    .or(Gap::DASH)
    .or(Gap::QUOTE);

fn compound_forms(stem: &str) -> Vec<String> {
    let glued = stem.replace(' ', "");
    let mut forms = Vec::new();
    for ending in ["kreis", "kreises", "kreise"] {
        forms.push(format!("{stem} {ending}"));
        forms.push(format!("{stem}{ending}"));
        if glued != stem {
            forms.push(format!("{glued}{ending}"));
        }
    }
    forms
}

fn adjective_forms(stem: &str) -> Vec<String> {
    ["er kreis", "e kreis", "en kreis", "em kreis", "en kreises"]
        .iter()
        .map(|ending| format!("{stem}{ending}"))
        .collect()
}

/// The German name and, in Lusatia and the like, the other one.
fn bilingual(kommune: &Kommune) -> (&str, Option<&str>) {
    let name = kommune.name.as_str();
    if let Some((german, other)) = name.split_once(" / ") {
        return (german, Some(other));
    }
    let sorbian = kommune.land == Land::BB
        && LOWER_LUSATIA
            .iter()
            .any(|kreis| kommune.schluessel.as_str().starts_with(kreis));
    match name.split_once('/').filter(|_| sorbian) {
        Some((german, other)) => (german, Some(other)),
        None => (name, None),
    }
}

fn also_called(name: &str) -> impl Iterator<Item = &str> {
    OTHER_NAMES
        .iter()
        .filter(move |(official, _)| *official == name)
        .map(|&(_, other)| other)
}

/// Base and addition of a folded name.
fn split(name: &str, folded: &str) -> (String, Option<Box<str>>) {
    let words: Vec<&str> = folded.split(' ').collect();
    let punctuated = name
        .find(['(', '/'])
        .map(|at| fold(name.get(..at).unwrap_or(name)).split(' ').count());
    let joined = words.iter().position(|word| SMALL.contains(word));
    let at = match (punctuated, joined) {
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b).unwrap_or(words.len()),
    };
    match words.split_at_checked(at) {
        Some((base, rest)) if !base.is_empty() && !rest.is_empty() => {
            (base.join(" "), Some(addition(rest).into()))
        }
        _ => (folded.to_owned(), None),
    }
}

/// The addition without its small words, abbreviations written out.
fn addition(words: &[&str]) -> String {
    let mut told: Vec<&str> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        match (*word, words.get(i + 1)) {
            ("o", Some(&"l")) => told.push("oberlausitz"),
            ("l", None) if told.last() == Some(&"oberlausitz") => {}
            (word, Some(_)) if SMALL.contains(&word) || word == "landkreis" => {}
            (word, _) => told.push(
                ABBREVIATIONS
                    .iter()
                    .find(|(short, _)| *short == word)
                    .map_or(word, |(_, long)| long),
            ),
        }
    }
    told.join(" ")
}

/// Where the addition ends if it stands at the word `i`, behind a base, and whether it stands there in full.
pub(super) fn addition_at(words: &Words<'_>, i: usize, addition: &str) -> Option<(usize, bool)> {
    let marked = words.gap(i).has(Gap::OPEN.or(Gap::SLASH));
    let mut smalls = 0;
    while smalls < 3
        && is_small(words.word(i + smalls))
        && !words.gap(i + smalls).has(APART_BUT_OPEN)
        && !words.gap(i + smalls + 1).has(Gap::OPEN)
    {
        smalls += 1;
    }
    (0..=smalls).rev().find_map(|small| {
        // "Frankfurt Oder" without a small word or a mark: nothing may be abbreviated
        let exact = small == 0 && !marked;
        addition_words_at(words, i + small, addition, exact)
    })
}

fn addition_words_at(
    words: &Words<'_>,
    i: usize,
    addition: &str,
    exact: bool,
) -> Option<(usize, bool)> {
    let apart = |at: usize| at >= words.len() || words.gap(at).has(APART_BUT_OPEN);
    let mut at = i;
    let mut complete = true;
    for wanted in addition.split(' ') {
        let mut next = at;
        while next > i && is_small(words.word(next)) && !apart(next) {
            next += 1;
        }
        let word = words.word(next);
        let same = word == wanted || is_register_short(wanted) && word.starts_with(wanted);
        if apart(next) || !(same || !exact && is_short_for(words, next, wanted)) {
            complete = false;
            break;
        }
        at = next + 1;
        // "O.L." is one abbreviation
        let letter = words.word(at);
        if words.gap(at) == Gap::DOT && letter.len() == 1 && wanted.contains(letter) {
            at += 1;
        }
    }
    (at > i).then_some((at, complete))
}

/// Whether the word at `i` abbreviates `long` ("M.", "OPf.", "Westf.").
fn is_short_for(words: &Words<'_>, i: usize, long: &str) -> bool {
    let word = words.word(i);
    let dotted = words.gap(i + 1).has(Gap::DOT);
    let brief = word.len() <= 3 || dotted;
    (brief && word.len() < long.len() && abbreviates(word, long))
        || ABBREVIATIONS.contains(&(word, long))
        || (word.len() > 3 && long.starts_with(word) && dotted)
}

/// Abbreviations that stand in official names and are beginnings: "Westf.", "Erzgeb.", "Schw."
fn is_register_short(word: &str) -> bool {
    matches!(
        word,
        "westf" | "erzgeb" | "vogtl" | "sa" | "thuer" | "schw" | "saechs" | "bay" | "hl"
    )
}

/// Same first letter, the others in the same order.
fn abbreviates(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().next() == long.chars().next()
        && short.chars().all(|c| rest.any(|other| other == c))
}

/// Whether the word joins an addition to its base.
pub(super) fn is_small(word: &str) -> bool {
    SMALL.contains(&word)
}
