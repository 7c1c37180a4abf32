//! Proposals for what was misspelt.

use super::{FORMS, find};
use crate::merge::Schema;

/// The filters that templates use; there are more.
pub(super) const FILTERS: [&str; 20] = [
    "upper",
    "lower",
    "capitalize",
    "title",
    "trim",
    "replace",
    "default",
    "join",
    "length",
    "first",
    "last",
    "sort",
    "unique",
    "reverse",
    "round",
    "int",
    "float",
    "abs",
    "list",
    "wordcount",
];

/// The tests that templates use; there are more.
pub(super) const TESTS: [&str; 10] = [
    "defined",
    "undefined",
    "none",
    "number",
    "string",
    "odd",
    "even",
    "true",
    "false",
    "in",
];

/// What is wrong with two names that stand side by side (`dre Rat`, `anfragende person`).
pub(super) fn adjacent(schema: &Schema, first: &str, second: &str) -> String {
    let written = format!("{first} {second}");
    if find(schema.nouns.keys(), second).is_none()
        && let Some(known) = near(&written, &candidates(schema))
    {
        return format!("„{written}“ ist kein bekanntes Feld; meinten Sie „{known}“?");
    }
    let forms = FORMS.iter().map(|(name, _)| *name);
    format!(
        "„{written}“ ist nicht zu verstehen: „{first}“ ist keine Form{}",
        nearest(first, forms)
    )
}

/// A proposal for a field that is not known, as the end of a sentence: a field, a noun in a
/// form or with an attribute; else all fields there are.
pub(super) fn nearest_name(schema: &Schema, name: &str) -> String {
    match near(name, &candidates(schema)) {
        Some(known) => format!("; meinten Sie „{known}“?"),
        None => nearest(name, schema.names()),
    }
}

/// A proposal for what was misspelt among many, as the end of a sentence; else nothing.
pub(super) fn nearest_of(name: &str, known: &[&str]) -> String {
    let known: Vec<String> = known.iter().map(|known| (*known).to_owned()).collect();
    let near = near(name, &known);
    near.map_or(String::new(), |known| format!("; meinten Sie „{known}“?"))
}

/// A proposal for what was misspelt, as the end of a sentence; else all there is.
pub(in crate::merge) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<String> = known.map(str::to_owned).collect();
    match near(name, &known) {
        Some(known) => format!("; meinten Sie „{known}“?"),
        None if known.is_empty() => String::new(),
        None => format!("; möglich sind: {}", known.join(", ")),
    }
}

/// All that a mark may name: what is shortest first.
fn candidates(schema: &Schema) -> Vec<String> {
    let names = schema.names().map(str::to_owned);
    names
        .chain(schema.phrases())
        .chain(schema.attributes())
        .collect()
}

/// The nearest of these, if it is near; the first of several.
fn near<'k>(name: &str, known: &'k [String]) -> Option<&'k str> {
    let name = folded(name);
    let distance = |known: &String| strsim::damerau_levenshtein(&name, &folded(known));
    let all = known.iter().map(|known| (distance(known), known));
    let (distance, known) = all.min_by_key(|(distance, _)| *distance)?;
    let is_near = distance <= 1 + name.chars().count() / 4 || is_jumbled(&name, &folded(known));
    is_near.then_some(known.as_str())
}

/// Whether both begin alike and have the same letters but for one, in any order (`bereit`,
/// `beirat`).
fn is_jumbled(name: &str, known: &str) -> bool {
    let length = name.chars().count();
    let mut left: Vec<char> = known.chars().collect();
    let common = name.chars().filter(|c| {
        let at = left.iter().position(|other| other == c);
        at.map(|at| left.swap_remove(at)).is_some()
    });
    length > 4
        && name.chars().next() == known.chars().next()
        && known.chars().count() == length
        && common.count() + 1 >= length
}

/// A name without what is easily mistaken: case, blanks, dots and underscores, umlauts.
fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.trim().to_lowercase().chars() {
        match c {
            'ä' => folded.push_str("ae"),
            'ö' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            '_' | '.' | '-' => folded.push(' '),
            c if c.is_whitespace() => folded.push(' '),
            c => folded.push(c),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        let attributes = ["land", "landkreis", "name"].map(str::to_owned);
        let nouns =
            ["beirat", "kommune", "rat"].map(|noun| (noun.to_owned(), attributes.clone().into()));
        let fields = ["datum", "anfragende_person", "aktenzeichen", "Behörde"];
        Schema {
            nouns: nouns.into(),
            fields: fields.map(str::to_owned).into(),
            ..Schema::default()
        }
    }

    #[test]
    fn what_is_misspelt_gets_a_proposal() {
        for (written, expected) in [
            ("Bereit", "beirat"),
            ("komune", "kommune"),
            ("Rad", "rat"),
            ("dem_rat", "dem rat"),
            ("DerBeirat", "der beirat"),
            ("in_komune", "in kommune"),
            ("anfragende person", "anfragende_person"),
            ("anfragendePerson", "anfragende_person"),
            ("kommune_name", "kommune.name"),
            ("Behoerde", "Behörde"),
            ("dattum", "datum"),
        ] {
            let proposal = nearest_name(&schema(), written);
            assert_eq!(
                proposal,
                format!("; meinten Sie „{expected}“?"),
                "{written}"
            );
        }
        assert_eq!(
            nearest_name(&schema(), "quelle"),
            "; möglich sind: beirat, kommune, rat, Behörde, aktenzeichen, anfragende_person, datum"
        );
    }

    #[test]
    fn two_words_are_a_field_or_a_wrong_form() {
        for (first, second, expected) in [
            ("dre", "Rat", "„dre“ ist keine Form; meinten Sie „der“?"),
            ("anfragende", "person", "meinten Sie „anfragende_person“?"),
            ("kommune", "name", "meinten Sie „kommune.name“?"),
        ] {
            let told = adjacent(&schema(), first, second);
            assert!(told.ends_with(expected), "{told}");
        }
    }

    #[test]
    fn filters_and_tests_that_are_proposed_exist() {
        let rules = crate::merge::Rules::Strict(Schema::default());
        let environment = crate::merge::expression::environment(&rules);
        for filter in FILTERS {
            assert!(super::super::has_filter(&environment, filter), "{filter}");
        }
        for test in TESTS {
            assert!(super::super::has_test(&environment, test), "{test}");
        }
    }
}
