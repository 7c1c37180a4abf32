//! How a body's name is also spelt, as far as that follows from the name.

use crate::german::{Genus, inflections};

/// Nouns of bodies, the longest first; "Ausländer-Beirat" and "Ausländer Beirat" are the Ausländerbeirat.
const HEADS: [&str; 10] = [
    "ausländerbeirat",
    "gemeinderat",
    "beirat",
    "rat",
    "ausschuss",
    "forum",
    "kommission",
    "tag",
    "versammlung",
    "vertretung",
];

/// People in compounds, and what their gendered forms begin with.
const PEOPLE: [(&str, &str); 2] = [("Ausländer", "Ausländer"), ("Migranten", "Migrant")];

/// Shorter than this, the first part of a compound is not told apart from what stands
/// before it by chance.
const LEAST: usize = 4;

/// Every form of every spelling that follows from a name, the name itself among them.
pub(super) fn spellings(name: &str, genus: Genus) -> Vec<String> {
    let mut variants = vec![name.to_owned()];
    extend(&mut variants, |name| in_brief(name, " für ", [" ", " f. "]));
    extend(&mut variants, |name| in_brief(name, " und ", [" ", " u. "]));
    extend(&mut variants, gendered);
    extend(&mut variants, hyphens);
    variants
        .iter()
        .flat_map(|variant| inflections(variant, genus))
        .collect()
}

/// The gender of a spelling that need not be the name's: the Stadtverordnetenversammlung
/// is a Stadtparlament.
pub(super) fn genus_of(spelling: &str, of_name: Genus) -> Genus {
    let feminine = ["ung", "ion", "schaft"];
    let is_feminine = feminine.iter().any(|ending| spelling.ends_with(ending));
    match of_name {
        Genus::Femininum if is_feminine || spelling.contains(' ') => Genus::Femininum,
        Genus::Femininum => Genus::Neutrum,
        other => other,
    }
}

fn extend(variants: &mut Vec<String>, more: impl Fn(&str) -> Vec<String>) {
    let found: Vec<String> = variants.iter().flat_map(|name| more(name)).collect();
    variants.extend(found);
}

/// "Beirat Migration", "Beirat f. Migration"; an "&" counts for no more than a blank.
fn in_brief(name: &str, word: &str, instead: [&str; 2]) -> Vec<String> {
    let joined = name.contains(word) && !name.contains(&format!("-{word}"));
    let brief = |instead: &str| name.replace(word, instead);
    instead
        .iter()
        .filter(|_| joined)
        .map(|i| brief(i))
        .collect()
}

/// "Ausländer:innenbeirat" (any mark is the same), "AusländerInnenbeirat".
fn gendered(name: &str) -> Vec<String> {
    let goes_on = |rest: &str| rest.starts_with(char::is_lowercase) && !rest.starts_with("innen");
    PEOPLE
        .iter()
        .filter_map(|(people, stem)| {
            let at = name.find(people)?;
            let (before, rest) = (name.get(..at)?, name.get(at + people.len()..)?);
            goes_on(rest).then(|| [":", ""].map(|mark| format!("{before}{stem}{mark}innen{rest}")))
        })
        .flatten()
        .collect()
}

/// "Integrations-Beirat" for "Integrationsbeirat", and the other way round.
fn hyphens(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let with = |place: usize, word: String| {
        let mut words = words.clone();
        if let Some(old) = words.get_mut(place) {
            *old = &word;
        }
        words.join(" ")
    };
    let mut found = Vec::new();
    for (place, word) in words.iter().enumerate() {
        if let Some((first, second)) = word
            .split_once('-')
            .filter(|(_, second)| second.len() > LEAST)
        {
            found.push(with(place, format!("{first}{}", second.to_lowercase())));
        }
        let lower = word.to_lowercase();
        let split = HEADS.iter().find_map(|head| {
            let first = lower.strip_suffix(head)?;
            (first.len() >= LEAST && !first.ends_with('-')).then(|| format!("{first}-{head}"))
        });
        found.extend(split.map(|word| with(place, word)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Genus, spellings};
    use crate::kommune::fold;
    use Genus::{Femininum, Maskulinum, Neutrum};

    #[test]
    fn what_follows_from_a_name_need_not_be_listed() {
        let cases: [(&str, Genus, &[&str]); 6] = [
            (
                "Ausländerbeirat",
                Maskulinum,
                &[
                    "Ausländer-Beirat",
                    "Ausländer:innenbeirats",
                    "AusländerInnenbeirat",
                    "Ausländerbeiräten",
                ],
            ),
            (
                "Beirat für Migration und Integration",
                Maskulinum,
                &[
                    "Beirats f. Migration u. Integration",
                    "Beirat Migration & Integration",
                    "Beiräten für Migration und Integration",
                ],
            ),
            (
                "Integrations-Kommission",
                Femininum,
                &["Integrationskommissionen"],
            ),
            (
                "Kommunale Ausländervertretung",
                Femininum,
                &["Kommunalen Ausländer*innenvertretung"],
            ),
            (
                "Forum der Kulturen",
                Neutrum,
                &["Forums der Kulturen", "Foren der Kulturen"],
            ),
            (
                "Migranten- und Flüchtlingsrat",
                Maskulinum,
                &["Migranten- und Flüchtlingsrates"],
            ),
        ];
        for (name, genus, expected) in cases {
            let found: Vec<String> = spellings(name, genus).iter().map(|s| fold(s)).collect();
            for spelling in expected {
                assert!(found.contains(&fold(spelling)), "{spelling}: {found:?}");
            }
        }
    }
}
