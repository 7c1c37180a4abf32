//! Words that tell what a name is doing in a sentence: the tables of `lexicon.txt`.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use crate::german::table;
use crate::kommune::Words;

const TABLES: &str = include_str!("lexicon.txt");

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

/// For every table of the file its set of words and a function that asks for one of them.
macro_rules! tables {
    ($($(#[$doc:meta])* $is:ident: $table:ident;)*) => {
        struct Lexicon {
            $($table: HashSet<&'static str>,)*
        }

        impl Lexicon {
            fn read() -> Self {
                Self {
                    $($table: table(TABLES, stringify!($table), ',').collect(),)*
                }
            }
        }

        $($(#[$doc])* pub(super) fn $is(word: &str) -> bool {
            LEXICON.$table.contains(word)
        })*

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($table)),*];
    };
}

tables! {
    is_ordinary: ordinary;
    is_common: common;
    is_person_before: person_before;
    is_named_after_places: named_after_places;
    only_mentions: only_mentions;
    is_not_this_body: not_this_body;
    reports: reports;
    is_perfect: perfect;
    is_hearsay: hearsay;
    thanks: thanks;
    is_glue: glue;
    is_article: articles;
    is_preposition: prepositions;
    is_noun: nouns;
    is_before_rat: before_rat;
    is_purpose: purposes;
    is_company: companies;
    is_question_word: question_words;
    is_other_business: other_business;
    is_help: help;
    begins_request: requests;
    is_called_motion: motions;
    is_motion: motion_words;
    is_kind_of_body: kinds_of_bodies;
    introduces_topic: topic_words;
    is_no_topic: no_topics;
    names_no_motion: no_motions;
    is_of_lists: lists;
    leads_to_list: list_leads;
    is_every: every;
    is_motions: motions_plural;
    sets_apart: set_apart;
    restricts: restrictions;
    is_of_answers: of_answers;
    affirms: affirms;
    denies: denies;
    closes_letter: closes_letter;
    is_alternative: alternatives;
    is_of_corrections: of_corrections;
    objects: objections;
    is_larger: larger;
    is_smaller: smaller;
    ends_street: streets;
    leaves_open: undecided;
    is_all_of_them: all_of_them;
    is_as_model: models;
    lives: lives;
    is_event: events;
    is_month: months;
    compares: comparisons;
    corrects: corrections;
    corrects_all: rectifications;
    is_member: members;
    is_beside: besides;
    links: links;
    is_now: now;
    is_abroad: abroad;
    is_label: labels;
    is_group: groups;
    is_stage: stages;
    is_each: each;
    renames: renamings;
    is_seat: seats;
    is_later: later;
    is_perhaps: perhaps;
    is_body_part: body_parts;
    is_topic_of_bodies: topics_of_bodies;
    is_polite: polite;
    is_needed: needs;
    lags_behind: lagging;
    softens_not: before_not;
    is_mistake: mistakes;
    is_street_word: street_words;
}

/// Parts of compounds that name a body of the same people on another level.
pub(super) const BODY_PREFIXES: [(&str, &str); 11] = [
    ("kreis", "Kreis"),
    ("landkreis", "Landkreis"),
    ("stadt", "Stadt"),
    ("gemeinde", "Gemeinde"),
    ("markt", "Markt"),
    ("bezirks", "Bezirks"),
    ("gesamt", "Gesamt"),
    ("verbandsgemeinde", "Verbandsgemeinde"),
    ("samtgemeinde", "Samtgemeinde"),
    ("regional", "Regional"),
    ("orts", "Orts"),
];

/// Endings of compounds with a body: "Stadtratssitzung", "Ausländerbeiratsmitglied".
pub(super) const BODY_TAILS: [&str; 8] = [
    "sitzung",
    "vorsitz",
    "mitglied",
    "fraktion",
    "beschluss",
    "wahl",
    "buero",
    "geschaeftsstelle",
];

/// Short forms of the first part of a body's name: "Ausl.-Beirat", "Integration Beirat".
pub(super) const BODY_SHORT: [(&str, &str); 6] = [
    ("integration", "integrations"),
    ("migration", "migrations"),
    ("migranten", "migranten"),
    ("ausl", "auslaender"),
    ("integr", "integrations"),
    ("migr", "migrations"),
];

/// No part of a word that a table has is longer, in bytes.
const LONGEST: usize = 20;

/// Whether the word asks for something.
pub(super) fn requests(word: &str) -> bool {
    (3..=word.len().min(LONGEST)).any(|end| word.get(..end).is_some_and(begins_request))
}

/// Whether the word names a street.
pub(super) fn is_street(word: &str) -> bool {
    let first = word.len().saturating_sub(LONGEST);
    (first..word.len()).any(|start| word.get(start..).is_some_and(ends_street))
}

/// Whether a motion is called so.
pub(super) fn is_of_motions(word: &str) -> bool {
    word.len() <= 2 * LONGEST
        && (0..word.len()).any(|start| {
            let mut ends = start + 3..=word.len().min(start + LONGEST);
            ends.any(|end| word.get(start..end).is_some_and(is_called_motion))
        })
}

/// Whether words of the range say that something is open.
pub(super) fn is_undecided(words: &Words<'_>, range: Range<usize>) -> bool {
    says(words, range, leaves_open)
}

/// Whether words of the range ask how to ask.
pub(super) fn asks_how(words: &Words<'_>, range: Range<usize>) -> bool {
    says(words, range, is_help)
}

/// Whether the range holds a phrase of up to four words.
fn says(words: &Words<'_>, range: Range<usize>, is_phrase: fn(&str) -> bool) -> bool {
    range.clone().any(|i| {
        let mut ends = i + 1..=range.end.min(i + 4);
        ends.any(|end| is_phrase(words.joined(i..end)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_phrase_breaks_at_a_line() {
        let lines: Vec<&str> = TABLES.lines().collect();
        for pair in lines.windows(2) {
            let [line, next] = pair else { continue };
            let open = !line.is_empty() && !line.starts_with(['#', '[']) && !line.ends_with(',');
            assert!(!open || next.is_empty(), "{line}");
        }
    }

    #[test]
    fn every_section_is_read_and_folded() {
        let sections = TABLES.lines().filter_map(|line| line.strip_prefix('['));
        for name in sections.map(|line| line.trim_end_matches(']')) {
            assert!(NAMES.contains(&name), "{name}");
        }
        for name in NAMES {
            let words: Vec<&str> = table(TABLES, name, ',').collect();
            assert!(!words.is_empty(), "{name}");
            for word in words {
                assert_eq!(crate::kommune::fold(word), word, "{name}");
            }
        }
    }
}
