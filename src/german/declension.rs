//! The declension that follows from a noun's name and gender alone.

use super::Genus;

/// Nominative, genitive, dative, accusative of a singular noun behind the definite article.
///
/// `name` is the strong nominative, as in a heading. Adjectives before the noun decline
/// weakly ("Internationaler Ausschuss": der Internationale, des Internationalen Ausschusses);
/// what follows the noun ("für Integration", "Fürth") stays. Names of towns used as
/// adjectives ("Bremer Rat") do not decline.
pub fn declension(name: &str, genus: Genus) -> [String; 4] {
    let words: Vec<&str> = name.split(' ').collect();
    let head = head(&words, genus);
    let decline = |kasus: Kasus| {
        let forms: Vec<String> = words
            .iter()
            .enumerate()
            .map(|(place, word)| match adjective_stem(word, genus) {
                Some(stem) if place < head || (place == head && is_nominalised(stem)) => {
                    format!("{stem}{}", weak_ending(kasus, genus))
                }
                _ if place == head && kasus == Kasus::Genitiv => genitive(word, genus),
                _ => (*word).to_owned(),
            })
            .collect();
        forms.join(" ")
    };
    [
        Kasus::Nominativ,
        Kasus::Genitiv,
        Kasus::Dativ,
        Kasus::Akkusativ,
    ]
    .map(decline)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kasus {
    Nominativ,
    Genitiv,
    Dativ,
    Akkusativ,
}

/// Where the noun itself stands: behind adjectives and behind "Migrations- und".
fn head(words: &[&str], genus: Genus) -> usize {
    let mut place = 0;
    while let Some(word) = words.get(place) {
        let adjective = || adjective_stem(word, genus).is_some() || is_town_adjective(word);
        let followed = words
            .get(place + 1)
            .is_some_and(|next| next.starts_with(char::is_uppercase));
        place += match word {
            _ if word.ends_with('-') => 2,
            _ if word.ends_with("-,") || (followed && adjective()) => 1,
            _ => return place,
        };
    }
    words.len().saturating_sub(1)
}

fn weak_ending(kasus: Kasus, genus: Genus) -> &'static str {
    match (kasus, genus) {
        (Kasus::Nominativ, _) | (Kasus::Akkusativ, Genus::Femininum | Genus::Neutrum) => "e",
        _ => "en",
    }
}

/// The word without its strong ending, if it is an adjective (or a participle used as a noun).
fn adjective_stem(word: &str, genus: Genus) -> Option<&str> {
    let ending = match genus {
        Genus::Maskulinum => "er",
        Genus::Femininum => "e",
        Genus::Neutrum => "es",
    };
    word.strip_suffix(ending)
        .filter(|stem| is_adjective(stem) || is_nominalised(stem))
}

/// Adjectives one finds in names; a suffix alone would take "Leipziger" and "Freitaler" for some.
fn is_adjective(stem: &str) -> bool {
    const SUFFIXES: [&str; 16] = [
        "isch", "lich", "nal", "ial", "kal", "tral", "nell", "rell", "uell", "tiv", "sam", "frei",
        "ständig", "malig", "tend", "nend",
    ];
    const WORDS: [&str; 17] = [
        "alt",
        "bunt",
        "digital",
        "erst",
        "erweitert",
        "groß",
        "hoh",
        "klein",
        "neu",
        "nieder",
        "ober",
        "offen",
        "rund",
        "unter",
        "vereinigt",
        "vereint",
        "zweit",
    ];
    const TOWNS: [&str; 2] = ["jülich", "wittlich"];
    let stem = stem.to_lowercase();
    !TOWNS.contains(&stem.as_str())
        && (WORDS.contains(&stem.as_str()) || SUFFIXES.iter().any(|suffix| stem.ends_with(suffix)))
}

/// "Integrationsbeauftragter" declines as an adjective does.
fn is_nominalised(stem: &str) -> bool {
    let stem = stem.to_lowercase();
    ["beauftragt", "vorsitzend", "abgeordnet"]
        .iter()
        .any(|participle| stem.ends_with(participle))
}

/// "Bremer", "Nürnberger": the town's name as an adjective, which keeps its form.
fn is_town_adjective(word: &str) -> bool {
    word.ends_with("er")
}

fn genitive(noun: &str, genus: Genus) -> String {
    let lower = noun.to_lowercase();
    let abbreviation = !noun.contains(char::is_lowercase);
    let latin = lower.ends_with("us") && !lower.ends_with("aus");
    if genus == Genus::Femininum || abbreviation || latin {
        return noun.to_owned();
    }
    let ends_in = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    let ending = if lower.ends_with("nis") {
        "ses"
    } else if ends_in(&["s", "ß", "x", "z", "sch", "st"])
        || (is_monosyllable(&lower) && ends_in_consonant(&lower) && !ends_in(&["team", "club"]))
    {
        "es"
    } else {
        "s"
    };
    format!("{noun}{ending}")
}

fn ends_in_consonant(lower: &str) -> bool {
    !lower.ends_with(|c| "aeiouäöü".contains(c))
}

/// One vowel or diphthong: "Rat", "Kreis", "Markt" – not "Beirat".
fn is_monosyllable(lower: &str) -> bool {
    let vowel = |c: char| "aeiouäöüy".contains(c);
    lower
        .split(|c| !vowel(c))
        .filter(|group| !group.is_empty())
        .count()
        == 1
}
