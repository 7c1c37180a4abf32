//! What follows from the title of a motion: the name of its folder, and words for it.

use super::{MAIL, TemplateId};

/// The longest name of a folder (bytes).
const LONGEST: usize = 60;

/// Words in titles that name no motion in particular, in small letters.
const COMMON: [&str; 34] = [
    "musterantrag",
    "musterantrags",
    "antrag",
    "antrags",
    "vorlage",
    "mustervorlage",
    "muster",
    "umsetzung",
    "einführung",
    "einrichtung",
    "förderung",
    "stärkung",
    "verbesserung",
    "erstellung",
    "entwicklung",
    "unterstützung",
    "schaffung",
    "ausbau",
    "aufbau",
    "kommune",
    "kommunen",
    "stadt",
    "städte",
    "städten",
    "gemeinde",
    "gemeinden",
    "landkreis",
    "landkreises",
    "landkreise",
    "landkreisen",
    "kreis",
    "kreise",
    "rahmen",
    "zusammenarbeit",
];

/// Whether a text says nothing but that this is a motion, as a title.
pub(super) fn is_bare(title: &str) -> bool {
    const PROGRAMS: [&str; 8] = [
        "word document",
        "microsoft word",
        "dokument",
        "document",
        "unbenannt",
        "untitled",
        "titel",
        "powerpoint",
    ];
    let lower = title.to_lowercase();
    let made = PROGRAMS.iter().any(|program| {
        let rest = lower.strip_prefix(program);
        rest.is_some_and(|rest| rest.is_empty() || !rest.starts_with(char::is_alphabetic))
    });
    let says = |word: &str| {
        let letters = word.chars().any(char::is_alphabetic);
        letters && !["der", "des", "die", "an", "den"].contains(&word) && !COMMON.contains(&word)
    };
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    made || !words.any(says)
}

/// The name of the folder: the words of the title in small letters.
pub(super) fn id_of(title: &str, stem: &str) -> TemplateId {
    let id = [title, stem].into_iter().find_map(|text| {
        let id = hyphenated(text);
        let reserved = MAIL.trim_end_matches('/') == id;
        TemplateId::parse(&id).filter(|_| !reserved)
    });
    id.unwrap_or_else(|| TemplateId("antrag".to_owned()))
}

fn hyphenated(text: &str) -> String {
    let mut id = String::new();
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
        let ascii = word.chars().fold(String::new(), |mut ascii, c| {
            match c {
                'ä' => ascii.push_str("ae"),
                'ö' => ascii.push_str("oe"),
                'ü' => ascii.push_str("ue"),
                'ß' => ascii.push_str("ss"),
                c if c.is_ascii_alphanumeric() => ascii.push(c),
                _ => {}
            }
            ascii
        });
        if ascii.is_empty() || id.len() + ascii.len() >= LONGEST {
            continue;
        }
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(&ascii);
    }
    id
}

/// Words by which a mail may name the motion: the nouns of its title with the capital words
/// before them, and alone if they are long enough to mean no other.
pub(super) fn words_of(title: &str) -> Vec<String> {
    const TELLING: usize = 9;
    let mut words: Vec<String> = Vec::new();
    let mut add = |word: String| {
        if !words.contains(&word) {
            words.push(word);
        }
    };
    let plain = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let titled: Vec<String> = title.split_whitespace().map(|word| plain(&word)).collect();
    let is_telling = |word: &String| {
        word.starts_with(char::is_uppercase) && !COMMON.contains(&word.to_lowercase().as_str())
    };
    for group in titled.split(|word| !is_telling(word)) {
        if group.len() > 1 {
            add(group.join(" "));
        }
        if let Some(last) = group.last().filter(|last| last.chars().count() >= TELLING) {
            add(last.clone());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{id_of, is_bare, words_of};

    #[test]
    fn a_title_gives_a_folder_and_words() {
        let cases: [(&str, &str, &[&str]); 4] = [
            (
                "Umsetzung des Nationalen Integrationsplanes in den Kommunen",
                "umsetzung-des-nationalen-integrationsplanes-in-den-kommunen",
                &["Nationalen Integrationsplanes", "Integrationsplanes"],
            ),
            (
                "Musterantrag: Mehrsprachige Bürgerbüros – für größere Teilhabe",
                "musterantrag-mehrsprachige-buergerbueros-fuer-groessere",
                &["Mehrsprachige Bürgerbüros", "Bürgerbüros"],
            ),
            (
                "„Wahlrecht für alle“",
                "wahlrecht-fuer-alle",
                &["Wahlrecht"],
            ),
            ("Антраг", "datei-1", &[]),
        ];
        for (title, id, words) in cases {
            assert_eq!(id_of(title, "Datei 1").as_str(), id);
            assert_eq!(words_of(title), words, "{title}");
        }
        assert_eq!(id_of("Mail", "Mail").as_str(), "antrag");
    }

    #[test]
    fn bare_titles_name_no_motion() {
        for bare in [
            "",
            " ",
            "Musterantrag",
            "Antrag an den",
            "Microsoft Word - Antrag.doc",
            "Dokument1",
        ] {
            assert!(is_bare(bare), "{bare}");
        }
        for title in ["Wahlrecht", "Antrag zum Wahlrecht", "Dokumentation"] {
            assert!(!is_bare(title), "{title}");
        }
    }
}
