//! Additions of names: "an der Aisch", "(Oder)", "/Erzgeb.", and how people write them.
//!
//! A name is its base and its addition: "Neustadt" and "Aisch" for Neustadt a.d.Aisch,
//! "Frankfurt" and "Oder". The small words between them are not compared.

use super::near::is_near;
use super::words::{Gap, Words, fold};

/// Words that join an addition to its base, in full and abbreviated.
const SMALL: [&str; 27] = [
    "a", "am", "an", "auf", "b", "bei", "beim", "d", "dem", "den", "der", "i", "im", "in", "o",
    "ob", "u", "unter", "v", "vom", "von", "vor", "vorm", "zu", "zum", "zur", "unterm",
];

/// Small words run together with what follows: "vdH", "a.dAisch", "idOPf".
const RUN_TOGETHER: [&str; 8] = ["ad", "id", "od", "vd", "bd", "a", "i", "u"];

/// Abbreviations in official names that are no beginnings of the word they stand for.
const ABBREVIATIONS: [(&str, &str); 12] = [
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
    ("hl", "heiligen"),
    ("wn", "waldnaab"),
];

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

/// Base and addition of a folded name.
pub(super) fn split(name: &str, folded: &str) -> (String, Option<Box<str>>) {
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

/// How an addition stands behind a base; the greater, the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    /// the word behind it
    pub(super) end: usize,
    /// all of it is there
    complete: bool,
    /// in full or in a usual abbreviation, not in any letters of it
    pub(super) usual: bool,
}

/// How the addition stands at the word `i`, behind a base, if it does.
pub(super) fn addition_at(words: &Words<'_>, i: usize, addition: &str) -> Option<Fit> {
    let marked = words.gap(i).has(Gap::OPEN.or(Gap::SLASH));
    let mut smalls = 0;
    while smalls < 3
        && joins_at(words, i + smalls)
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

fn addition_words_at(words: &Words<'_>, i: usize, addition: &str, exact: bool) -> Option<Fit> {
    let apart = |at: usize| at >= words.len() || words.gap(at).has(APART_BUT_OPEN);
    let mut at = i;
    let mut complete = true;
    let mut usual = true;
    for wanted in addition.split(' ') {
        let mut next = at;
        while next > i && is_small(words.word(next)) && !apart(next) {
            next += 1;
        }
        let word = words.word(next);
        let table = ABBREVIATIONS.contains(&(word, wanted));
        let same = word == wanted
            || is_register_short(wanted) && word.starts_with(wanted)
            || table && word.len() > 3;
        let short = || {
            !exact && (is_short_for(words, next, wanted) || is_misspelt(word, wanted))
                || next == i && is_run_together(words, next, wanted)
        };
        if apart(next) || !(same || short()) {
            complete = false;
            break;
        }
        usual &= same || table;
        at = next + 1;
        // "O.L." is one abbreviation
        let letter = words.word(at);
        let goes_on = words.gap(at) == Gap::DOT
            || word.len() == 1 && words.gap(at) == Gap::DOT.or(Gap::BLANK);
        if goes_on && letter.len() == 1 && wanted.contains(letter) {
            at += 1;
        }
    }
    // "Weingarten (Baden-Württemberg)" is not the one in Baden
    let is_land = at > i && super::kind::land_of(words.joined(at - 1..at + 1)).is_some();
    (at > i && !is_land).then_some(Fit {
        end: at,
        complete,
        usual,
    })
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

/// "Wenistraße" for "Weinstraße".
fn is_misspelt(word: &str, long: &str) -> bool {
    long.len() > 4 && word.len() > 3 && is_near(long, word, 1)
}

/// "vdH" for "vor der Höhe", "aM" for "am Main": small letters first, then a capital.
fn is_run_together(words: &Words<'_>, i: usize, long: &str) -> bool {
    let source = words.source(i..i + 1);
    let short_and_mixed = source.len() <= 6
        && source.starts_with(char::is_lowercase)
        && source.chars().any(char::is_uppercase);
    short_and_mixed
        && RUN_TOGETHER.iter().any(|small| {
            let rest = words.word(i).strip_prefix(small).unwrap_or_default();
            !rest.is_empty() && (abbreviates(rest, long) || ABBREVIATIONS.contains(&(rest, long)))
        })
}

/// Abbreviations that stand in official names and are beginnings: "Westf.", "Erzgeb.", "Schw."
fn is_register_short(word: &str) -> bool {
    matches!(
        word,
        "westf" | "erzgeb" | "vogtl" | "sa" | "thuer" | "schw" | "saechs" | "bay"
    )
}

/// Same first letter, the others in the same order.
fn abbreviates(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().next() == long.chars().next()
        && short.chars().all(|c| rest.any(|other| other == c))
}

/// A small word, or one that is misspelt before another: "uneer der Burg".
fn joins_at(words: &Words<'_>, i: usize) -> bool {
    let word = words.word(i);
    let slip = || is_near("unter", word, 1) && is_small(words.word(i + 1));
    is_small(word) || slip()
}

/// Whether the word joins an addition to its base.
pub(super) fn is_small(word: &str) -> bool {
    SMALL.contains(&word)
}

/// With which letters an addition that stands at the word `i` may begin: none if there is no
/// sign that one does, such as a small word or a bracket.
pub(super) fn initials_at(words: &Words<'_>, i: usize) -> Vec<char> {
    let first = |at: usize| words.word(at).chars().next();
    let stop = |at: usize| at >= words.len() || words.gap(at).has(APART_BUT_OPEN);
    if stop(i) {
        return Vec::new();
    }
    if words.gap(i).has(Gap::OPEN.or(Gap::SLASH)) && !is_small(words.word(i)) {
        return first(i).into_iter().collect();
    }
    let joins = |at: &usize| !stop(*at) && is_small(words.word(*at));
    let smalls = (i..i + 3).take_while(joins).count();
    match smalls {
        0 => {
            let rests = RUN_TOGETHER.iter();
            let word = words.source(i..i + 1);
            let mixed = word.chars().any(char::is_uppercase) && !words.is_capital(i);
            rests
                .filter(|_| mixed)
                .filter_map(|small| words.word(i).strip_prefix(small)?.chars().next())
                .collect()
        }
        _ if stop(i + smalls) => Vec::new(),
        _ => first(i + smalls).into_iter().collect(),
    }
}

/// Whether small words that open nothing but a name stand at the word `i`, with a name behind
/// them: "an der Oru", "o. d. X."; "in der" and "am" may go on with anything.
pub(super) fn opens_at(words: &Words<'_>, i: usize) -> bool {
    let joins = (i..i + 2).all(|at| !words.gap(at).has(APART) && is_small(words.word(at)));
    let first = matches!(
        words.word(i),
        "an" | "a" | "ob" | "o" | "unter" | "u" | "vor" | "v"
    );
    joins && first && words.is_capital(i + 2) && !words.gap(i + 2).has(APART)
}
