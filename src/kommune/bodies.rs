//! The spellings of bodies and councils, and the index over them.

use std::collections::HashMap;

use strsim::osa_distance;

use super::Gremium;
use super::addition::APART;
use super::near::letters_of;
use super::words::{Words, fold, fold_without_dots};

/// All spellings, and how many words the longest one with a given first word has.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    /// each with its body's place in the register's list
    spellings: HashMap<Box<str>, usize>,
    longest: HashMap<Box<str>, usize>,
    /// names of one word, with their letters
    single: Vec<(Box<str>, u32, usize)>,
}

/// Endings in the singular and their plurals.
const PLURALS: [(&str, &[&str]); 8] = [
    ("rat", &["räte", "räten", "raete", "raeten"]),
    ("ausschuss", &["ausschüsse", "ausschüssen"]),
    ("vertretung", &["vertretungen"]),
    ("versammlung", &["versammlungen"]),
    ("kommission", &["kommissionen"]),
    ("kreistag", &["kreistage", "kreistagen"]),
    ("parlament", &["parlamente", "parlamenten"]),
    ("forum", &["foren"]),
];

impl Bodies {
    pub(super) fn of(gremien: &[Gremium]) -> Self {
        let mut bodies = Self::default();
        let texts = |gremium: &Gremium| {
            let named = std::iter::once(gremium.name.clone());
            let spelt = gremium.kasus.iter().chain(&gremium.synonyms).cloned();
            named.chain(spelt).collect::<Vec<String>>()
        };
        for (i, gremium) in gremien.iter().enumerate() {
            for text in texts(gremium) {
                if text.ends_with("rat") {
                    bodies.add(&format!("{text}s"), i);
                    bodies.add(&format!("{text}es"), i);
                }
                bodies.add(&text, i);
            }
        }
        for (i, gremium) in gremien.iter().enumerate() {
            for form in std::iter::once(&gremium.name)
                .chain(&gremium.kasus)
                .map(|form| fold(form))
            {
                if !form.contains(' ') {
                    bodies
                        .single
                        .push((form.as_str().into(), letters_of(&form), i));
                }
            }
            for plural in texts(gremium).iter().flat_map(|text| plurals(text)) {
                bodies.add(&plural, i);
            }
        }
        bodies
    }

    /// The longest spelling that begins at the word `i`, and where it ends.
    pub(super) fn longest_at(&self, words: &Words<'_>, i: usize) -> Option<(usize, usize)> {
        let longest = *self.longest.get(words.word(i))?;
        (i + 1..=i + longest).rev().find_map(|end| {
            let within = (i + 1..end).all(|j| !words.gap(j).has(APART) || is_gender_mark(words, j));
            let spelling = within.then(|| self.spellings.get(words.joined(i..end)))??;
            Some((end, *spelling))
        })
    }

    /// The body whose name of one word is one letter from this one, if there is but one.
    pub(super) fn near(&self, word: &str) -> Option<usize> {
        let letters = letters_of(word);
        let mut near = self.single.iter().filter(|(name, of_name, _)| {
            name.len().abs_diff(word.len()) <= 1
                && (of_name ^ letters).count_ones() <= 2
                && osa_distance(name, word) <= 1
        });
        let (_, _, gremium) = near.next()?;
        let mut others = near.map(|(_, _, other)| other);
        others.all(|other| other == gremium).then_some(*gremium)
    }

    /// The spelling that is these folded words.
    pub(super) fn get(&self, folded: &str) -> Option<usize> {
        self.spellings.get(folded).copied()
    }

    /// What is spelt first keeps its meaning.
    fn add(&mut self, text: &str, gremium: usize) {
        for folded in [Some(fold(text)), fold_without_dots(text)]
            .into_iter()
            .flatten()
        {
            let words = folded.split(' ').count();
            if let Some(first) = folded.split(' ').next() {
                let longest = self.longest.entry(first.into()).or_default();
                *longest = words.max(*longest);
            }
            // "Beirat f. Migration u. Integration"
            let short = folded.replace(" fuer ", " f ");
            let spellings = [
                folded.replace(" und ", " u "),
                short.replace(" und ", " u "),
                folded.replace(" und ", " "),
                short,
                folded,
            ];
            for spelling in spellings {
                self.spellings.entry(spelling.into()).or_insert(gremium);
            }
        }
    }
}

/// The colon of "Ausländer:innenbeirat".
fn is_gender_mark(words: &Words<'_>, i: usize) -> bool {
    words.word(i).starts_with("innen")
}

/// "Beirat für Migration" has its plural in the first word, others in the last.
fn plurals(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let heads: Vec<usize> = lower
        .char_indices()
        .filter(|(at, _)| lower.get(*at..).is_some_and(|rest| rest.starts_with(' ')))
        .map(|(at, _)| at)
        .chain([lower.len()])
        .collect();
    heads
        .into_iter()
        .filter_map(|end| {
            let (head, tail) = (lower.get(..end)?, lower.get(end..)?);
            let (ending, forms) = PLURALS.iter().find(|(ending, _)| head.ends_with(ending))?;
            let stem = head.strip_suffix(ending)?;
            Some(forms.iter().map(move |form| format!("{stem}{form}{tail}")))
        })
        .flatten()
        .collect()
}

impl Gremium {
    /// The compound with a word before it: "Kreis" and Migrationsbeirat are Kreismigrationsbeirat,
    /// with a hyphen Kreis-Migrationsbeirat.
    pub(crate) fn compound(&self, before: &str, hyphen: bool) -> Self {
        let join = |name: &String| {
            if hyphen {
                return format!("{before}-{name}");
            }
            let mut letters = name.chars();
            let first = letters.next().into_iter().flat_map(char::to_lowercase);
            before.chars().chain(first).chain(letters).collect()
        };
        Self {
            rolle: self.rolle,
            name: join(&self.name),
            genus: self.genus,
            kasus: std::array::from_fn(|i| self.kasus.get(i).map(join).unwrap_or_default()),
            synonyms: Vec::new(),
        }
    }
}
