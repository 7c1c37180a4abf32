//! The declension that follows from a noun's name and gender alone.

use super::Genus;

/// Nominative, genitive, dative, accusative of a singular noun behind the definite article.
///
/// `name` is the strong nominative, as in a heading. Adjectives before the noun decline
/// weakly ("Internationaler Ausschuss": der Internationale, des Internationalen Ausschusses);
/// what follows the noun ("für Integration", "Fürth") stays. Names of towns used as
/// adjectives ("Bremer Rat") do not decline.
pub fn declension(name: &str, genus: Genus) -> [String; 4] {
    let phrase = Phrase::of(name, genus);
    let nominative = "e";
    let accusative = match genus {
        Genus::Maskulinum => "en",
        _ => "e",
    };
    let genitive = genitive(phrase.noun(), genus);
    [
        phrase.say(nominative, phrase.noun()),
        phrase.say("en", &genitive),
        phrase.say("en", phrase.noun()),
        phrase.say(accusative, phrase.noun()),
    ]
}

/// A name taken apart: adjectives, the noun, and what follows it.
pub(super) struct Phrase<'n> {
    words: Vec<&'n str>,
    /// where the noun stands
    head: usize,
    pub(super) genus: Genus,
}

impl<'n> Phrase<'n> {
    pub(super) fn of(name: &'n str, genus: Genus) -> Self {
        let words: Vec<&str> = name.split(' ').collect();
        let head = head(&words, genus);
        Self { words, head, genus }
    }

    pub(super) fn noun(&self) -> &'n str {
        self.words.get(self.head).copied().unwrap_or_default()
    }

    /// Whether any word of it declines as adjectives do.
    pub(super) fn has_adjectives(&self) -> bool {
        (0..=self.head).any(|place| self.stem(place).is_some())
    }

    /// The name with this ending of its adjectives and this form of its noun.
    pub(super) fn say(&self, ending: &str, noun: &str) -> String {
        let word = |(place, word): (usize, &&str)| match self.stem(place) {
            Some(stem) => format!("{stem}{ending}"),
            None if place == self.head => noun.to_owned(),
            None => (*word).to_owned(),
        };
        let words: Vec<String> = self.words.iter().enumerate().map(word).collect();
        words.join(" ")
    }

    /// What the endings of adjectives are put to, where the word declines as they do.
    fn stem(&self, place: usize) -> Option<&'n str> {
        let stem = adjective_stem(self.words.get(place)?, self.genus)?;
        (place < self.head || place == self.head && is_nominalised(stem)).then_some(stem)
    }
}

/// Where the noun itself stands: behind adjectives and behind "Migrations- und".
fn head(words: &[&str], genus: Genus) -> usize {
    let mut place = 0;
    while let Some(word) = words.get(place) {
        let next = words.get(place + 1).copied().unwrap_or_default();
        let adjective = |word: &str| adjective_stem(word, genus).is_some();
        let behind_and = || words.get(place + 2).is_some_and(|word| adjective(word));
        place += match word {
            _ if word.ends_with('-') => 2,
            _ if word.ends_with("-,") => 1,
            _ if adjective(word) && next == "und" && behind_and() => 2,
            _ if adjective(word) && (starts_noun(next) || adjective(next)) => 1,
            _ if is_town_adjective(word) && starts_noun(next) => 1,
            _ => return place,
        };
    }
    words.len().saturating_sub(1)
}

fn starts_noun(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// The word without its strong ending, if it is an adjective (or a participle used as a noun).
fn adjective_stem(word: &str, genus: Genus) -> Option<&str> {
    // "Integrationsbeauftragte/r" is named for both genders
    let open = ["/r", "/-r", "(r)", ":r", "*r", "_r"];
    if let Some(both) = open.iter().find_map(|mark| word.strip_suffix(mark)) {
        return both.strip_suffix('e').filter(|stem| is_nominalised(stem));
    }
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
    const SUFFIXES: [&str; 29] = [
        "isch", "lich", "nal", "ial", "kal", "tral", "nell", "rell", "uell", "tiv", "siv", "sam",
        "frei", "offen", "iert", "ständig", "malig", "hängig", "fältig", "wärtig", "seitig",
        "jährig", "artig", "mächtig", "willig", "künftig", "städtig", "tend", "nend",
    ];
    const WORDS: [&str; 22] = [
        "alt",
        "autonom",
        "besonder",
        "bunt",
        "digital",
        "divers",
        "erst",
        "erweitert",
        "fair",
        "groß",
        "hoh",
        "jung",
        "klein",
        "neu",
        "nieder",
        "ober",
        "rund",
        "sozial",
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
    ["beauftragt", "vorsitzend", "abgeordnet", "delegiert"]
        .iter()
        .any(|participle| stem.ends_with(participle))
}

/// "Bremer", "Nürnberger": the town's name as an adjective, which keeps its form.
fn is_town_adjective(word: &str) -> bool {
    const NOUNS: [&str; 7] = [
        "center",
        "cluster",
        "kloster",
        "orchester",
        "register",
        "theater",
        "zimmer",
    ];
    let lower = word.to_lowercase();
    lower.ends_with("er") && !NOUNS.iter().any(|noun| lower.ends_with(noun))
}

/// The genitive of the noun itself.
pub(super) fn genitive(noun: &str, genus: Genus) -> String {
    let lower = noun.to_lowercase();
    if genus == Genus::Femininum || is_abbreviation(noun) || is_latin(&lower) {
        return noun.to_owned();
    }
    // "Ausschuß" was written so until 1996, its genitive never
    if let Some(stem) = noun.strip_suffix('ß').filter(|_| lower.ends_with("schuß")) {
        return format!("{stem}sses");
    }
    let ending = if lower.ends_with("nis") {
        "ses"
    } else if ends_in_sibilant(&lower)
        || lower.ends_with("st")
        || (is_monosyllable(&lower) && ends_in_consonant(&lower) && !is_english(&lower))
    {
        "es"
    } else {
        "s"
    };
    format!("{noun}{ending}")
}

/// "AIB", "AStA": spelt with capitals to the end.
fn is_abbreviation(noun: &str) -> bool {
    !noun.ends_with(char::is_lowercase)
}

/// "Campus", "Kosmos": they do not decline in the singular.
fn is_latin(lower: &str) -> bool {
    let ending = lower.ends_with("us") && !lower.ends_with("aus") || lower.ends_with("os");
    ending && !is_monosyllable(lower)
}

pub(super) fn ends_in_sibilant(lower: &str) -> bool {
    ["s", "ß", "x", "z", "sch"]
        .iter()
        .any(|ending| lower.ends_with(ending))
}

/// Loan words of one syllable, which take an s alone, in the plural too.
pub(super) fn is_english(lower: &str) -> bool {
    const WORDS: [&str; 11] = [
        "board", "center", "chat", "club", "desk", "hub", "lab", "point", "pool", "team", "treff",
    ];
    WORDS.iter().any(|word| lower.ends_with(word))
}

pub(super) fn ends_in_consonant(lower: &str) -> bool {
    !lower.ends_with(|c| VOWELS.contains(c))
}

const VOWELS: &str = "aeiouäöüyéèáà";

/// One vowel or diphthong: "Rat", "Kreis", "Markt" – not "Beirat".
fn is_monosyllable(lower: &str) -> bool {
    let vowel = |c: char| VOWELS.contains(c);
    lower
        .split(|c| !vowel(c))
        .filter(|group| !group.is_empty())
        .count()
        == 1
}
