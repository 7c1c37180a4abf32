//! A configuration file being read: its values by `section.key`, and all that is found wrong.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys;
use super::problem::Problem;
use crate::syntax::{self, Flaw};

/// The parsed file and the problems found so far.
pub(super) struct Source<'a> {
    text: &'a str,
    root: DeTable<'a>,
    problems: Vec<Problem>,
}

impl<'a> Source<'a> {
    /// Parses the file; without TOML there is nothing further to check.
    pub(super) fn parse(text: &'a str) -> Result<Self, Vec<Problem>> {
        let (root, flaws) = syntax::read(text);
        if flaws.is_empty() {
            let root = root.into_inner();
            return Ok(Self {
                text,
                root,
                problems: Vec::new(),
            });
        }
        let problem =
            |flaw: Flaw| Problem::at(text, flaw.span, flaw.problem, flaw.remedy.to_owned());
        Err(flaws.into_iter().map(problem).collect())
    }

    /// Whether there is not a single setting.
    pub(super) fn is_blank(&self) -> bool {
        let mut sections = self.root.values();
        sections.all(|section| is_empty(section.get_ref()))
    }

    /// The problems, in the order of the file.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.problems
            .sort_by_key(|problem| (problem.line, problem.column));
        self.problems
    }

    /// Notes a problem with the value of `section.key`, or with the section if it has no such key.
    pub(super) fn complain(
        &mut self,
        key: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let span = self.place(key);
        self.note(span, message.into(), hint.into());
    }

    /// Whether the file has a value for this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// Whether the file has this word for this key.
    pub(super) fn says(&self, key: &str, word: &str) -> bool {
        let value = self.value(key);
        value.is_some_and(|value| value.get_ref().as_str() == Some(word))
    }

    /// Whether the file has this section.
    pub(super) fn has_section(&self, name: &str) -> bool {
        self.root.contains_key(name)
    }

    /// Whether this section says anything.
    pub(super) fn has_settings(&self, name: &str) -> bool {
        let section = self.root.get(name);
        section.is_some_and(|section| !is_empty(section.get_ref()))
    }

    /// A text of one line.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        self.read(key, "ein Text in Anführungszeichen", |text| {
            let sound = !text.trim().is_empty() && !text.contains(char::is_control);
            sound.then(|| text.to_owned())
        })
    }

    /// A text that means something; `expected` says what: "eine Dauer wie \"5d\"".
    pub(super) fn read<T>(
        &mut self,
        key: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = self.value(key)?.get_ref().as_str().and_then(parse);
        if parsed.is_none() {
            self.expected(key, expected);
        }
        parsed
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let names: Vec<_> = words
            .iter()
            .map(|(word, _)| format!("\"{word}\""))
            .collect();
        let expected = format!("eines von {}", names.join(", "));
        self.read(key, &expected, |text| {
            words
                .iter()
                .find(|(word, _)| *word == text)
                .map(|(_, meaning)| *meaning)
        })
    }

    /// A whole number.
    pub(super) fn number(&mut self, key: &str, allowed: RangeInclusive<u32>) -> Option<u32> {
        let value = self.value(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(digits) => u32::from_str_radix(digits.as_str(), digits.radix()).ok(),
            _ => None,
        };
        let fitting = number.filter(|number| allowed.contains(number));
        if fitting.is_none() {
            let (least, most) = allowed.into_inner();
            self.expected(key, &format!("eine ganze Zahl von {least} bis {most}"));
        }
        fitting
    }

    /// A list of texts that each mean something.
    pub(super) fn texts(
        &mut self,
        key: &str,
        expected: &str,
        sound: impl Fn(&str) -> bool,
    ) -> Option<Vec<String>> {
        let texts = match self.value(key)?.get_ref() {
            DeValue::Array(items) => items
                .iter()
                .map(|item| {
                    item.get_ref()
                        .as_str()
                        .filter(|text| sound(text))
                        .map(str::to_owned)
                })
                .collect(),
            _ => None,
        };
        if texts.is_none() {
            self.expected(key, expected);
        }
        texts
    }

    /// Notes sections and keys that do not exist.
    pub(super) fn check_keys(&mut self) {
        let mut found: Vec<(Range<usize>, String, String)> = Vec::new();
        for (section, value) in &self.root {
            let name = section.get_ref().as_ref();
            match value.get_ref() {
                DeValue::Table(table) if keys::is_section(name) => {
                    found.extend(table.keys().filter_map(|key| {
                        let full = format!("{name}.{}", key.get_ref());
                        let unknown = keys::kinds(&full).is_none();
                        unknown.then(|| unknown_key(key.span(), name, key.get_ref()))
                    }));
                }
                DeValue::Table(_) => found.push((
                    section.span(),
                    format!("unbekannter Abschnitt [{name}]"),
                    format!("gemeint ist wohl [{}]", keys::nearest_section(name)),
                )),
                _ if keys::is_section(name) => found.push((
                    section.span(),
                    format!("`{name}` ist ein Abschnitt"),
                    format!("schreiben Sie [{name}] in eine Zeile und darunter seine Schlüssel"),
                )),
                _ => found.push(unknown_key(section.span(), "", name)),
            }
        }
        for (span, message, hint) in found {
            self.note(span, message, hint);
        }
    }

    /// Notes the keys of this section that do not fit its `kind`.
    pub(super) fn check_kind(&mut self, section: &str, kind: &str) {
        let misfits = keys::KEYS.iter().filter(|(key, kinds)| {
            key.split_once('.')
                .is_some_and(|(first, _)| first == section)
                && !kinds.is_empty()
                && !kinds.contains(&kind)
                && self.has(key)
        });
        for (key, kinds) in misfits.collect::<Vec<_>>() {
            let name = key.rsplit('.').next().unwrap_or(key);
            self.complain(
                key,
                format!("`{name}` passt nicht zu kind = \"{kind}\" in [{section}]"),
                format!(
                    "streichen Sie die Zeile, oder setzen Sie kind = \"{}\"",
                    kinds.join("\" oder \"")
                ),
            );
        }
    }

    fn expected(&mut self, key: &str, expected: &str) {
        self.complain(
            key,
            format!("`{key}` hat keinen brauchbaren Wert"),
            format!("erwartet wird {expected}"),
        );
    }

    fn note(&mut self, span: Range<usize>, message: String, hint: String) {
        self.problems
            .push(Problem::at(self.text, span, message, hint));
    }

    fn value(&self, key: &str) -> Option<&Spanned<DeValue<'a>>> {
        let (section, name) = key.split_once('.')?;
        self.root.get(section)?.get_ref().as_table()?.get(name)
    }

    /// Where the value stands, else its section, else the end of the file.
    fn place(&self, key: &str) -> Range<usize> {
        let section = key.split_once('.').map_or(key, |(section, _)| section);
        self.value(key)
            .map(Spanned::span)
            .or_else(|| {
                self.root
                    .get_key_value(section)
                    .map(|(name, _)| name.span())
            })
            .unwrap_or(self.text.len()..self.text.len())
    }
}

fn is_empty(section: &DeValue<'_>) -> bool {
    section.as_table().is_some_and(DeTable::is_empty)
}

/// Whether a configuration holds nothing but comments and empty sections.
pub fn is_blank(text: &str) -> bool {
    Source::parse(text).is_ok_and(|source| source.is_blank())
}

/// A key that does not exist, with the nearest that does.
fn unknown_key(span: Range<usize>, section: &str, key: &str) -> (Range<usize>, String, String) {
    let nearest = keys::nearest_key(section, key);
    let (owner, name) = nearest.split_once('.').unwrap_or(("", nearest));
    let place = if section.is_empty() {
        "vor dem ersten Abschnitt".to_owned()
    } else {
        format!("in [{section}]")
    };
    let hint = if owner == section {
        format!("gemeint ist wohl `{name}`")
    } else {
        format!("`{name}` gehört in den Abschnitt [{owner}]")
    };
    (span, format!("unbekannter Schlüssel `{key}` {place}"), hint)
}
