//! A strict reader of OpenMetrics 1.0.0 text, for what this program may write.

use std::collections::{BTreeMap, BTreeSet};

/// What was read.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// families with their types
    pub(crate) families: BTreeMap<String, String>,
    /// values by name and labels as they are written: `name{label="word"}`
    pub(crate) samples: BTreeMap<String, f64>,
}

impl Page {
    /// Reads a page; panics at the first line that is not as it must be.
    pub(crate) fn read(text: &str) -> Self {
        let lines = text.strip_suffix("# EOF\n").expect("an end");
        let mut page = Self::default();
        let mut family = String::new();
        let mut expected = "HELP";
        for line in lines.lines() {
            if let Some(comment) = line.strip_prefix("# ") {
                let (word, rest) = comment.split_once(' ').unwrap();
                let (name, value) = rest.split_once(' ').unwrap();
                match word {
                    "HELP" => {
                        assert_ne!(expected, "TYPE", "{line}");
                        assert!(value.ends_with('.') && !value.ends_with(".."), "{line}");
                        family = name.to_owned();
                        expected = "TYPE";
                    }
                    "TYPE" => {
                        assert_eq!((expected, name), ("TYPE", family.as_str()), "{line}");
                        assert!(!page.families.contains_key(name), "twice: {line}");
                        page.families.insert(name.to_owned(), value.to_owned());
                        expected = "sample";
                    }
                    "UNIT" => {
                        assert_eq!((expected, name), ("sample", family.as_str()), "{line}");
                        assert!(name.ends_with(&format!("_{value}")), "{line}");
                    }
                    _ => panic!("{line}"),
                }
            } else {
                assert_ne!(expected, "TYPE", "{line}");
                page.sample(&family, line);
                expected = "HELP";
            }
        }
        page.check_histograms();
        page
    }

    fn sample(&mut self, family: &str, line: &str) {
        let (key, value) = line.rsplit_once(' ').unwrap();
        let value: f64 = value.parse().unwrap();
        let (name, labels) = key.split_once('{').unwrap_or((key, "}"));
        let suffix = name.strip_prefix(family).expect(line);
        let kind = self.families[family].as_str();
        let suits = match kind {
            "counter" => suffix == "_total" && value >= 0.0,
            "gauge" => suffix.is_empty(),
            "info" => suffix == "_info" && value == 1.0,
            "histogram" => ["_bucket", "_count", "_sum"].contains(&suffix) && value >= 0.0,
            _ => false,
        };
        assert!(suits, "{kind}: {line}");
        let labels = labels.strip_suffix('}').unwrap();
        let mut names = BTreeSet::new();
        for label in labels.split(',').filter(|label| !label.is_empty()) {
            let (name, word) = label.split_once('=').unwrap();
            assert!(names.insert(name), "twice: {line}");
            let word = word.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
            // Stricter than the format: labels are words of the program's own.
            let sound =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.+Inf".contains(c);
            assert!(!word.is_empty() && word.chars().all(sound), "{line}");
        }
        let twice = self.samples.insert(key.to_owned(), value);
        assert_eq!(twice, None, "twice: {line}");
    }

    /// Buckets are cumulative, and the last holds all.
    fn check_histograms(&self) {
        let histograms = self
            .families
            .iter()
            .filter(|(_, kind)| *kind == "histogram");
        for (name, _) in histograms {
            let prefix = format!("{name}_bucket{{le=\"");
            let mut buckets: Vec<(f64, f64)> = self
                .samples
                .iter()
                .filter_map(|(key, count)| {
                    let limit = key.strip_prefix(&prefix)?.strip_suffix("\"}").unwrap();
                    Some((limit.parse().unwrap(), *count))
                })
                .collect();
            buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
            assert!(buckets.is_sorted_by_key(|bucket| bucket.1), "{name}");
            let (limit, all) = buckets.last().unwrap();
            assert_eq!(
                (*limit, *all),
                (f64::INFINITY, self.value(&format!("{name}_count")))
            );
        }
    }

    /// The value of a sample.
    #[track_caller]
    pub(crate) fn value(&self, key: &str) -> f64 {
        *self
            .samples
            .get(key)
            .unwrap_or_else(|| panic!("no {key} in {self:#?}"))
    }

    /// The samples of a family that are not zero, as lines.
    pub(crate) fn counted(&self, name: &str) -> Vec<String> {
        let samples = self.samples.iter();
        samples
            .filter(|(key, value)| key.split('{').next() == Some(name) && **value != 0.0)
            .map(|(key, value)| format!("{} {value}", key.trim_start_matches(name)))
            .collect()
    }

    /// The names of all samples.
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        let names = self.samples.keys();
        names.map(|key| key.split('{').next().unwrap()).collect()
    }
}
