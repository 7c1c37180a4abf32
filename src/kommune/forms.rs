//! The written forms of names: what the index knows a municipality by.

#[cfg(test)]
mod tests;

use super::addition::split;
use super::names::Bond;
use super::words::{fold, fold_without_dots};
use super::{Art, Kommune, Land, kind};

/// One written form, folded and taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) bond: Bond,
    pub(super) base: String,
    /// what follows the base, without small words: "aisch", "teutoburger wald"
    pub(super) addition: Option<Box<str>>,
}

/// Districts in which a lone slash stands before the Sorbian name.
const LOWER_LUSATIA: [&str; 4] = ["12052", "12061", "12066", "12071"];

/// Names by which cities are known elsewhere, or in short.
const OTHER_NAMES: [(&str, &str); 20] = [
    ("Aachen", "Aix-la-Chapelle"),
    ("Braunschweig", "Brunswick"),
    ("Frankfurt am Main", "Ffm"),
    ("Garmisch-Partenkirchen", "Garmisch"),
    ("Hamburg-Mitte", "Mitte"),
    ("Hameln", "Hamelin"),
    ("Hann. Münden", "Hannoversch Münden"),
    ("Hannover", "Hanover"),
    ("Kaiserslautern", "K'lautern"),
    ("Koblenz", "Coblenz"),
    ("Konstanz", "Constance"),
    ("Köln", "Cologne"),
    ("Mönchengladbach", "M'gladbach"),
    ("Mönchengladbach", "Mönchen-Gladbach"),
    ("München", "Munich"),
    ("Nürnberg", "Nuremberg"),
    ("Regensburg", "Ratisbon"),
    ("Trier", "Treves"),
    ("Wittenberg", "Lutherstadt Wittenberg"),
    ("Eisleben", "Lutherstadt Eisleben"),
];

/// First words that are no part of what people call the place. A spa is called by the bare
/// name as often as not; the others only where nobody else is.
const TITLES: [(&str, Bond); 6] = [
    ("heilbad ", Bond::Name),
    ("amt ", Bond::Spelling),
    ("insel ", Bond::Spelling),
    ("kloster ", Bond::Spelling),
    ("markt ", Bond::Spelling),
    ("stadt ", Bond::Spelling),
];

/// First parts that people write as a word of their own, or do not.
const PREFIXES: [&str; 19] = [
    "alt", "bad", "burg", "gross", "hinter", "hohen", "kirch", "klein", "mittel", "neu", "nieder",
    "nord", "ober", "ost", "schoen", "sued", "unter", "vorder", "west",
];

/// All written forms of a municipality's name.
pub(super) fn of_kommune(kommune: &Kommune) -> Vec<Form> {
    let name = kommune.name.as_str();
    match kommune.art {
        Art::Bezirk => {
            let city = kommune.land.name();
            let names = [name].into_iter().chain(also_called(name));
            let mut forms: Vec<Form> = names.flat_map(|name| of_name(Bond::Name, name)).collect();
            if !name.starts_with(city) {
                forms.extend(of_name(Bond::Name, &format!("{city}-{name}")));
            }
            forms
        }
        art if art.is_kreis() => of_kreis(name),
        _ => {
            let (german, other) = bilingual(kommune);
            let names = [german].into_iter().chain(other).chain(also_called(name));
            names.flat_map(|name| of_name(Bond::Name, name)).collect()
        }
    }
}

/// First parts that stand for a name among people who know it: "Annaberg", "Oberberg".
pub(super) fn fronts(kommune: &Kommune) -> Vec<String> {
    let name = match kommune.art {
        art if art.is_kreis() => kommune.name.rsplit_once("kreis ").map(|(_, rest)| rest),
        _ => None,
    };
    let name = name.unwrap_or(&kommune.name);
    let hyphened = name.split_once('-').map(|(front, _)| fold(front));
    let adjective = fold(name).strip_suffix("ischer kreis").map(str::to_owned);
    let is_telling = |front: &String| front.len() > 4 && !PREFIXES.contains(&front.as_str());
    let fronts = hyphened.into_iter().chain(adjective);
    fronts.filter(is_telling).collect()
}

/// A name as it is written, with and without umlaut dots, titles and blanks.
pub(super) fn of_name(bond: Bond, name: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    for (bond, folded) in [
        (bond, Some(fold(name))),
        (bond.max(Bond::Undotted), fold_without_dots(name)),
    ] {
        let Some(folded) = folded else { continue };
        let (base, addition) = split(name, &folded);
        let mut add = |bond: Bond, base: &str| {
            forms.push(Form {
                bond,
                base: base.to_owned(),
                addition: addition.clone(),
            });
        };
        add(bond, &base);
        for respelt in [joined(&base), parted(&base)].into_iter().flatten() {
            add(bond.max(Bond::Spelling), &respelt);
        }
        let untitled = TITLES
            .iter()
            .find_map(|(title, bond)| Some((base.strip_prefix(title)?, *bond)));
        if let Some((rest, of_title)) = untitled.filter(|(rest, _)| kind::region_of(rest).is_none())
        {
            add(bond.max(of_title), rest);
        }
        if let Some(rest) = base.strip_prefix("markt ") {
            add(bond, &format!("marktes {rest}"));
        }
        if let Some(rest) = base.strip_prefix("bad ").filter(|_| addition.is_some()) {
            add(bond.max(Bond::Shortened), rest);
        }
    }
    forms
}

/// "bad homburg" as "badhomburg".
fn joined(base: &str) -> Option<String> {
    (base.contains(' ') && !base.starts_with("markt ") && !base.starts_with("stadt "))
        .then(|| base.replace(' ', ""))
}

/// "neubrandenburg" as "neu brandenburg".
fn parted(base: &str) -> Option<String> {
    let (prefix, rest) = PREFIXES
        .iter()
        .find_map(|prefix| Some((prefix, base.strip_prefix(prefix)?)))?;
    // "Kirchen" and "Neuss" have no such part
    let is_word = rest.len() > 3 && rest.starts_with(|c: char| c.is_ascii_lowercase());
    is_word.then(|| format!("{prefix} {rest}"))
}

/// "Landkreis Fürth", "Hochtaunuskreis", "Rhein-Sieg-Kreis", "Eifelkreis Bitburg-Prüm", "Märkischer Kreis".
fn of_kreis(name: &str) -> Vec<Form> {
    let folded = fold(name);
    let bare = |bond: Bond, base: String| Form {
        bond,
        base,
        addition: None,
    };
    if let Some(stem) = folded.strip_suffix("kreis") {
        let adjective = stem
            .strip_suffix("er ")
            .filter(|_| name.ends_with("er Kreis"));
        let stem = stem.trim_end();
        let mut forms = Vec::new();
        let named = match adjective {
            Some(adjective) => adjective_forms(adjective),
            None => {
                forms.push(bare(Bond::Stem, stem.to_owned()));
                compound_forms(stem)
            }
        };
        forms.extend(named.into_iter().map(|form| bare(Bond::Name, form)));
        let undotted = fold_without_dots(name);
        forms.extend(undotted.map(|form| bare(Bond::Undotted, form)));
        return forms;
    }
    let Some((label, rest)) = name.rsplit_once("kreis ").or(name.rsplit_once("Kreis ")) else {
        let rest = name.split_once(' ').map(|(_, rest)| rest);
        return rest.map_or_else(Vec::new, |rest| of_name(Bond::Name, rest));
    };
    let mut forms = of_name(Bond::Name, rest);
    if !matches!(label, "" | "Land") {
        for ending in ["kreis", "kreises"] {
            let form = format!("{label}{ending} {rest}");
            forms.push(bare(Bond::Name, fold(&form)));
            let undotted = fold_without_dots(&form);
            forms.extend(undotted.map(|form| bare(Bond::Undotted, form)));
        }
    }
    forms
}

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

/// Adjectives of places that follow no rule.
const ADJECTIVES: [(&str, &str); 6] = [
    ("hannoveraner", "hannover"),
    ("hallenser", "halle"),
    ("hallesche", "halle"),
    ("jenenser", "jena"),
    ("kassler", "kassel"),
    ("muensteraner", "muenster"),
];

/// What an adjective or a genitive of a name may come from: "Erlanger", "Münchner", "Darmstädter", "Hanaus".
pub(crate) fn stems(word: &str) -> Vec<String> {
    let mut stems = Vec::new();
    let irregular = |(form, _): &&(&str, &str)| {
        word.strip_prefix(form)
            .is_some_and(|ending| matches!(ending, "" | "n" | "r" | "s" | "m"))
    };
    stems.extend(
        ADJECTIVES
            .iter()
            .filter(irregular)
            .map(|(_, name)| (*name).to_owned()),
    );
    if let Some(stem) = word.strip_suffix("er") {
        stems.extend([stem.to_owned(), format!("{stem}en"), format!("{stem}e")]);
        if let Some(stem) = stem.strip_suffix('n') {
            stems.push(format!("{stem}en"));
        }
        if let Some(stem) = stem.strip_suffix("staedt") {
            stems.push(format!("{stem}stadt"));
        }
    }
    if let Some(stem) = word.strip_suffix('s') {
        stems.push(stem.to_owned());
    }
    stems.retain(|stem| stem.len() >= 3);
    stems
}
