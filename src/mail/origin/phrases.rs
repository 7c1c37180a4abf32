//! What programs and people write: the tables of `phrases.txt`.

use std::sync::LazyLock;

use crate::german::table;

/// The phrases of a table, in lower case.
pub(super) type Phrases = LazyLock<Vec<&'static str>>;

const TABLES: &str = include_str!("phrases.txt");

/// A static for every table of the file, named after it.
macro_rules! tables {
    ($($table:ident)*) => {
        $(pub(super) static $table: Phrases = LazyLock::new(|| section(stringify!($table)));)*

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($table)),*];
    };
}

tables! {
    AUTOMATIC_SUBJECTS
    MECHANICAL_SUBJECTS
    FAILURE_SUBJECTS
    FAILURES
    DECLARATIONS
    THIS_MAIL
    AUTOMATICALLY
    MADE
    ABSENT
    DEPUTIES
    AWAY_IN_SUBJECT
    YOUR_MAIL
    ARRIVED
    WE_RECEIVED
    CASES
    THANKS_FOR
    PROMISES
    ASSISTANTS
    INPUT
    NOT_UNDERSTOOD
    DEVICES
    UNSUBSCRIBING
    YOU_RECEIVE
    CIRCULARS
    REPORT_SUBJECTS
    NO_ANSWERS
    CONDITIONS
    FORMS
    MOTIONS
    PLEAS
    OF_OTHERS
    FIELDS
}

/// The phrases of a section.
fn section(name: &str) -> Vec<&'static str> {
    table(TABLES, &name.to_lowercase(), ';').collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_is_read_and_in_lower_case() {
        let sections = TABLES.lines().filter_map(|line| line.strip_prefix('['));
        let sections: BTreeSet<_> = sections.map(|name| name.trim_end_matches(']')).collect();
        let names: BTreeSet<_> = NAMES.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(sections, names.iter().map(String::as_str).collect());
        for name in NAMES {
            let phrases = section(name);
            assert!(!phrases.is_empty(), "{name}");
            let unique: BTreeSet<_> = phrases.iter().collect();
            assert_eq!(unique.len(), phrases.len(), "{name} says something twice");
            for phrase in phrases {
                assert_eq!(phrase, phrase.to_lowercase(), "{name}");
            }
        }
    }
}
