//! A template made of a model motion: its convention turned into marks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::convention::{Finding, Found, findings};
use super::title::{id_of, is_bare, words_of};
use super::{Examination, Files, Motion, Occasion, TemplateId, examine, file_name};
use crate::kommune::Register;
use crate::merge::{Change, Fault, Manuscript, Passage};

/// A model motion, turned into a template.
#[derive(Debug)]
pub struct Import {
    /// the name of its folder
    pub id: TemplateId,
    /// its files, by their paths in the folder
    pub files: Files,
    /// what was replaced
    pub replaced: Vec<Replaced>,
    /// the notes that were taken out: where, and what they said
    pub removed: Vec<(String, String)>,
    /// what was left as it is, because it is not sure
    pub doubts: Vec<Doubt>,
    /// what was done to the file beside that
    pub notes: Vec<Fault>,
    /// whether it is sound, and what sample documents showed
    pub examined: Result<Examination, Vec<Fault>>,
}

/// A text that has a mark in its place now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// part and paragraph, for people
    pub place: String,
    /// what stood there
    pub before: String,
    /// what stands there now
    pub after: String,
}

/// A text that may be of the convention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// part and paragraph, for people
    pub place: String,
    /// what stands there
    pub text: String,
    /// why it was left, and what to do
    pub reason: String,
    /// the marks that may be meant
    pub marks: Vec<String>,
}

impl Import {
    /// Turns a Word file into a template; `stem` is the file's name without its ending.
    ///
    /// # Errors
    ///
    /// If it is no sound Word file.
    pub fn of(
        package: &[u8],
        stem: &str,
        id: Option<TemplateId>,
        register: &Register,
        occasion: &Occasion,
    ) -> Result<Self, Fault> {
        let manuscript = Manuscript::read(package)?;
        let passages = manuscript.passages();
        let texts: Vec<&str> = passages.iter().map(|passage| passage.text).collect();
        let findings = findings(&texts, register);
        let mut found = Findings::default();
        for finding in findings {
            if let Some(passage) = passages.get(finding.paragraph) {
                found.take(passage, finding);
            }
        }
        found.highlights(&passages);
        let title = title(&manuscript, &passages, &found).unwrap_or_else(|| stem.to_owned());
        let id = id.unwrap_or_else(|| id_of(&title, stem));
        let notes = manuscript.notes().to_vec();
        let manifest = manifest(&title);
        let motion = manuscript.reword(&found.changes)?;
        let files = Files::from([
            ("motion.docx".to_owned(), motion),
            ("template.toml".to_owned(), manifest.into_bytes()),
        ]);
        Ok(Self {
            examined: examined(&id, &files, register, occasion),
            id,
            files,
            replaced: found.replaced,
            removed: found.removed,
            doubts: found.doubts,
            notes,
        })
    }
}

/// Whether the template is sound, and what its samples show.
fn examined(
    id: &TemplateId,
    files: &Files,
    register: &Register,
    occasion: &Occasion,
) -> Result<Examination, Vec<Fault>> {
    let within = |(name, bytes): (&String, &Vec<u8>)| (format!("{}/{name}", id.0), bytes.clone());
    let files: Files = files.iter().map(within).collect();
    let motion = Motion::read(&files, id.as_str(), register)?;
    Ok(examine(&motion, register, occasion))
}

/// What the convention made of the passages.
#[derive(Debug, Default)]
struct Findings {
    changes: Vec<(usize, Change)>,
    replaced: Vec<Replaced>,
    removed: Vec<(String, String)>,
    doubts: Vec<Doubt>,
    /// what is settled or in doubt, by passage
    seen: BTreeMap<usize, Vec<Range<usize>>>,
}

impl Findings {
    fn take(&mut self, passage: &Passage<'_>, finding: Finding) {
        let number = finding.paragraph;
        let place = passage.place.text.clone();
        let text = one_line(passage.text.get(finding.span.clone()).unwrap_or_default());
        let seen = self.seen.entry(number).or_default();
        seen.push(finding.span.clone());
        // what repeats another passage changes with it and is told once
        let is_told = !passage.is_copy;
        match finding.found {
            Found::Mark(after) => {
                self.changes
                    .push((number, Change::Replace(finding.span, after.clone())));
                let before = text;
                self.replaced.extend(is_told.then_some(Replaced {
                    place,
                    before,
                    after,
                }));
            }
            Found::Note => {
                self.changes.push((number, Change::Remove));
                self.removed.extend(is_told.then_some((place, text)));
            }
            Found::Doubt(reason, marks) => self.doubts.extend(is_told.then_some(Doubt {
                place,
                text: shown(passage.text, finding.span),
                reason,
                marks,
            })),
        }
    }

    /// What is highlighted is often to be filled in, whatever it says.
    fn highlights(&mut self, passages: &[Passage<'_>]) {
        for (number, passage) in passages.iter().enumerate() {
            for span in &passage.highlighted {
                let meets = |seen: &Range<usize>| seen.start < span.end && span.start < seen.end;
                let mut seen = self.seen.get(&number).into_iter().flatten();
                let text = passage.text.get(span.clone()).unwrap_or_default().trim();
                let says = text.chars().any(char::is_alphanumeric);
                if says && !passage.is_copy && !seen.any(meets) {
                    self.doubts.push(Doubt {
                        place: passage.place.text.clone(),
                        text: one_line(text),
                        reason: "das ist farbig hervorgehoben oder ein Platzhalter; soll hier \
                                 etwas eingesetzt werden, schreiben Sie eine Marke"
                            .to_owned(),
                        marks: Vec::new(),
                    });
                }
            }
        }
    }
}

/// What is in doubt, with the words before it if it says nothing itself.
fn shown(text: &str, span: Range<usize>) -> String {
    const REACH: usize = 40;
    let own = text.get(span.clone()).unwrap_or_default();
    if own.chars().any(char::is_alphanumeric) {
        return one_line(own);
    }
    let before = text.get(..span.start).unwrap_or_default();
    let start = before
        .char_indices()
        .rev()
        .nth(REACH)
        .map_or(0, |(at, _)| at);
    one_line(text.get(start..span.end).unwrap_or_default())
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// The title of a motion: that of the file's properties, else its first heading, else its first
/// line, if they say more than that this is a motion.
fn title(manuscript: &Manuscript, passages: &[Passage<'_>], found: &Findings) -> Option<String> {
    const LONGEST: usize = 200;
    let changed: BTreeSet<usize> = found.changes.iter().map(|(number, _)| *number).collect();
    let own: Vec<&Passage<'_>> = passages
        .iter()
        .enumerate()
        .filter(|(number, passage)| passage.place.anchor.is_some() && !changed.contains(number))
        .map(|(_, passage)| passage)
        .collect();
    let headings = own.iter().filter(|passage| passage.is_heading);
    let lines = headings.chain(&own).map(|passage| passage.text.trim());
    let mut titles = manuscript.title().into_iter().chain(lines);
    let title = titles.find(|title| !is_bare(title) && title.len() <= LONGEST)?;
    let title: String = title.chars().filter(|c| *c != '\u{ad}').collect();
    Some(one_line(&title))
}

/// A `template.toml` that explains itself.
fn manifest(title: &str) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let words: Vec<String> = words_of(title)
        .iter()
        .map(|word| format!("    {},\n", quoted(word)))
        .collect();
    format!(
        include_str!("import.toml"),
        title = quoted(title),
        words = words.concat(),
        file_name = quoted(file_name::DEFAULT),
    )
}
