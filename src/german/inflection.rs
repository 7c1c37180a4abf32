//! All forms in which a text may use a noun.

use super::Genus;
use super::declension::{Phrase, ends_in_consonant, ends_in_sibilant, genitive, is_english};

/// Nouns of bodies whose plural changes the vowel, with their plural; a noun that ends so
/// has it too ("Migrationsbeiräte").
const CHANGING: [(&str, &str); 9] = [
    ("rat", "räte"),
    ("ausschuss", "ausschüsse"),
    ("ausschuß", "ausschüsse"),
    ("verband", "verbände"),
    ("vorstand", "vorstände"),
    ("bund", "bünde"),
    ("haus", "häuser"),
    ("amt", "ämter"),
    ("stadt", "städte"),
];

/// The name in every case, singular and plural, with the adjectives' strong and weak
/// endings: "dem Internationalen Ausschuss", "ein Internationaler Ausschuss",
/// "Internationale Ausschüsse". The name itself comes first; no form is there twice.
pub fn inflections(name: &str, genus: Genus) -> Vec<String> {
    let phrase = Phrase::of(name, genus);
    let endings: &[&str] = if phrase.has_adjectives() {
        &["e", "en", "er", "em", "es"]
    } else {
        &[""]
    };
    let mut forms = vec![name.to_owned()];
    for noun in nouns(phrase.noun(), genus) {
        for ending in endings {
            let form = phrase.say(ending, &noun);
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms
}

/// The noun alone in all its forms.
fn nouns(noun: &str, genus: Genus) -> Vec<String> {
    let lower = noun.to_lowercase();
    let own = genitive(noun, genus);
    let mut nouns = vec![noun.to_owned(), own.clone()];
    if genus != Genus::Femininum && own != noun {
        // "des Beirats" is also "des Beirates", "des Rates" also "des Rats"
        let unstressed = ["um", "en", "er", "el"]
            .iter()
            .any(|end| lower.ends_with(end));
        if !ends_in_sibilant(&lower) {
            nouns.push(format!("{noun}s"));
            if ends_in_consonant(&lower) && !unstressed && !is_english(&lower) {
                nouns.push(format!("{noun}es"));
            }
        }
    }
    nouns.extend(plurals(noun, &lower, genus));
    nouns
}

/// Nominative and dative of the plural.
fn plurals(noun: &str, lower: &str, genus: Genus) -> Vec<String> {
    let instead = |ending: &str, forms: &[&str]| -> Option<Vec<String>> {
        let stem = noun.get(..noun.len().checked_sub(ending.len())?)?;
        lower
            .ends_with(ending)
            .then(|| forms.iter().map(|form| format!("{stem}{form}")).collect())
    };
    let added = |forms: &[&str]| forms.iter().map(|form| format!("{noun}{form}")).collect();
    if noun.ends_with(char::is_uppercase) {
        return added(&["s"]);
    }
    let changing = CHANGING.iter().find_map(|(ending, plural)| {
        // a name that is nothing but the noun begins with a capital
        let plural = if lower == *ending {
            super::capitalise(plural)
        } else {
            (*plural).to_owned()
        };
        instead(ending, &[&plural, &format!("{plural}n")])
    });
    let latin = || instead("um", &["en"]).filter(|_| genus == Genus::Neutrum);
    let in_nis = || instead("nis", &["nisse", "nissen"]);
    if let Some(forms) = changing.or_else(latin).or_else(in_nis) {
        return forms;
    }
    let ends_in = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    match genus {
        Genus::Femininum if lower.ends_with('e') => added(&["n"]),
        Genus::Femininum if ends_in(&["in"]) => added(&["nen"]),
        Genus::Femininum => added(&["en"]),
        _ if is_english(lower) || !ends_in_consonant(lower) => added(&["s"]),
        _ if ends_in(&["er", "el"]) => added(&["n"]),
        _ if ends_in(&["en"]) => Vec::new(),
        _ => added(&["e", "en"]),
    }
}

#[cfg(test)]
mod tests {
    use super::{Genus, inflections};
    use Genus::{Femininum, Maskulinum, Neutrum};

    #[test]
    fn every_form_of_a_noun() {
        let cases: [(&str, Genus, &[&str]); 16] = [
            (
                "Ausländerbeirat",
                Maskulinum,
                &[
                    "Ausländerbeirats",
                    "Ausländerbeirates",
                    "Ausländerbeiräte",
                    "Ausländerbeiräten",
                ],
            ),
            ("Rat", Maskulinum, &["Rates", "Rats", "Räte", "Räten"]),
            (
                "Beirat für Migration",
                Maskulinum,
                &[
                    "Beirats für Migration",
                    "Beirates für Migration",
                    "Beiräte für Migration",
                    "Beiräten für Migration",
                ],
            ),
            (
                "Integrationsausschuss",
                Maskulinum,
                &[
                    "Integrationsausschusses",
                    "Integrationsausschüsse",
                    "Integrationsausschüssen",
                ],
            ),
            ("Forum", Neutrum, &["Forums", "Foren"]),
            ("Museum", Neutrum, &["Museums", "Museen"]),
            ("Gremium", Neutrum, &["Gremiums", "Gremien"]),
            (
                "Bündnis",
                Neutrum,
                &["Bündnisses", "Bündnisse", "Bündnissen"],
            ),
            (
                "Haus der Kulturen",
                Neutrum,
                &[
                    "Hauses der Kulturen",
                    "Häuser der Kulturen",
                    "Häusern der Kulturen",
                ],
            ),
            (
                "Netzwerk",
                Neutrum,
                &["Netzwerks", "Netzwerkes", "Netzwerke", "Netzwerken"],
            ),
            ("Team", Neutrum, &["Teams"]),
            ("Komitee", Neutrum, &["Komitees"]),
            ("Vertretung", Femininum, &["Vertretungen"]),
            ("Initiative", Femininum, &["Initiativen"]),
            ("KAV", Femininum, &["KAVs"]),
            ("Flecken", Maskulinum, &["Fleckens"]),
        ];
        for (name, genus, expected) in cases {
            assert_eq!(inflections(name, genus)[1..], *expected, "{name}");
        }
    }

    #[test]
    fn adjectives_take_every_ending() {
        let forms = inflections("Internationaler Ausschuss", Maskulinum);
        for form in [
            "Internationaler Ausschuss",
            "Internationale Ausschuss",
            "Internationalen Ausschuss",
            "Internationalem Ausschuss",
            "Internationalen Ausschusses",
            "Internationale Ausschüsse",
            "Internationaler Ausschüsse",
            "Internationalen Ausschüssen",
        ] {
            assert!(forms.iter().any(|own| own == form), "{form}: {forms:?}");
        }
        let forms = inflections("Integrationsbeauftragte/r", Maskulinum);
        for form in [
            "Integrationsbeauftragter",
            "Integrationsbeauftragten",
            "Integrationsbeauftragte",
        ] {
            assert!(forms.iter().any(|own| own == form), "{form}: {forms:?}");
        }
    }
}
