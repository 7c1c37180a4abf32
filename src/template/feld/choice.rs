//! The option that words mean.

use strsim::osa_distance;

use crate::kommune::fold;

/// Words by which an option beside them is not chosen.
const DENIALS: [&str; 6] = ["nicht", "kein", "keine", "keinen", "ohne", "statt"];

/// What may stand between the name of a choice and the option.
const GLUE: [&str; 7] = ["ist", "bitte", "soll", "sein", "als", "wird", "am"];

/// Fewer letters begin too many words.
const LEAST: usize = 3;

/// The one option that a text names; else those it may mean.
pub(super) fn read<'o>(options: &'o [String], text: &str) -> Result<&'o str, Vec<&'o str>> {
    let folded = fold(text);
    let same = |option: &&'o String| fold(option) == folded;
    if let Some(option) = options.iter().find(same) {
        return Ok(option);
    }
    let named = named(options, &folded);
    if let [one] = named.as_slice() {
        return Ok(one);
    }
    if !named.is_empty() {
        return Err(named);
    }
    let near: Vec<&str> = options
        .iter()
        .filter(|option| is_part(&folded, &fold(option)) || is_near(&fold(option), &folded))
        .map(String::as_str)
        .collect();
    match near.as_slice() {
        [one] => Ok(one),
        _ => Err(near),
    }
}

/// The option with which a text begins.
pub(super) fn leading<'o>(options: &'o [String], text: &str) -> Option<&'o str> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    let start = words.iter().take_while(|word| GLUE.contains(word)).count();
    let rest = format!("{} ", words.get(start..)?.join(" "));
    let begins = |option: &&String| rest.starts_with(&format!("{} ", fold(option)));
    let longest = options
        .iter()
        .filter(begins)
        .max_by_key(|option| option.len());
    longest.map(String::as_str)
}

/// The options whose words stand in the text, the longest first: "nicht öffentlich" is not
/// "öffentlich". None if what is left denies.
fn named<'o>(options: &'o [String], folded: &str) -> Vec<&'o str> {
    let mut rest = format!(" {folded} ");
    let mut sorted: Vec<&String> = options.iter().collect();
    sorted.sort_by_key(|option| std::cmp::Reverse(option.len()));
    let mut named = Vec::new();
    for option in sorted {
        let words = format!(" {} ", fold(option));
        if words.len() > 2 && rest.contains(&words) {
            rest = rest.replace(&words, "  ");
            named.push(option.as_str());
        }
    }
    if rest.split(' ').any(|word| DENIALS.contains(&word)) {
        return Vec::new();
    }
    named
}

/// Whether the words are some of the option's and leave out nothing that denies.
fn is_part(words: &str, option: &str) -> bool {
    let option = format!(" {option} ");
    let words = format!(" {words} ");
    let denies = |word: &str| DENIALS.contains(&word);
    words.trim().chars().count() >= LEAST
        && option.contains(&words)
        && !option.replacen(&words, "  ", 1).split(' ').any(denies)
}

/// Whether a word is the option's beginning, or misspelt.
fn is_near(option: &str, word: &str) -> bool {
    let letters = word.chars().count();
    let slips = match letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    letters >= LEAST && option.starts_with(word) || osa_distance(option, word) <= slips
}

#[cfg(test)]
mod tests {
    use super::{leading, read};

    fn options() -> Vec<String> {
        ["mündlich", "schriftlich", "öffentlich", "nicht öffentlich"]
            .map(String::from)
            .to_vec()
    }

    #[test]
    fn an_option_is_chosen_by_its_words() {
        let cases: [(&str, Result<&str, &[&str]>); 15] = [
            ("mündlich", Ok("mündlich")),
            ("MUENDLICH", Ok("mündlich")),
            ("mundlich", Ok("mündlich")),
            ("schriftlihc", Ok("schriftlich")),
            ("schrift", Ok("schriftlich")),
            ("bitte schriftlich!", Ok("schriftlich")),
            ("nicht öffentlich", Ok("nicht öffentlich")),
            ("nicht-öffentlich bitte", Ok("nicht öffentlich")),
            ("öffentlich", Ok("öffentlich")),
            (
                "mündlich oder schriftlich",
                Err(&["schriftlich", "mündlich"]),
            ),
            ("nicht schriftlich", Err(&[])),
            ("telefonisch", Err(&[])),
            ("", Err(&[])),
            ("m", Err(&[])),
            ("keine Ahnung", Err(&[])),
        ];
        for (text, expected) in cases {
            let options = options();
            let expected = expected.map_err(<[&str]>::to_vec);
            assert_eq!(read(&options, text), expected, "{text}");
        }
    }

    #[test]
    fn a_part_of_an_option_is_enough_if_it_is_of_one_only() {
        let options = [
            "in einer Summe",
            "in Raten",
            "nach Abrechnung",
            "nach Antrag",
            "nicht bar",
        ];
        let options = options.map(String::from);
        let cases: [(&str, Result<&str, &[&str]>); 5] = [
            ("Raten", Ok("in Raten")),
            ("einer Summe", Ok("in einer Summe")),
            ("Abrechnung", Ok("nach Abrechnung")),
            ("nach", Err(&["nach Abrechnung", "nach Antrag"])),
            ("bar", Err(&[])),
        ];
        for (text, expected) in cases {
            let expected = expected.map_err(<[&str]>::to_vec);
            assert_eq!(read(&options, text), expected, "{text}");
        }
    }

    #[test]
    fn an_option_may_begin_a_text() {
        for (text, expected) in [
            (": bitte nicht öffentlich beraten", Some("nicht öffentlich")),
            ("ist schriftlich.", Some("schriftlich")),
            ("wohl schriftlich", None),
            ("", None),
        ] {
            assert_eq!(leading(&options(), text), expected, "{text}");
        }
    }
}
