//! The index over the written forms of names.
//!
//! It knows bases; additions are compared where a base is met.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::Kommune;
use super::addition::{self, APART, Fit};
use super::forms::{self, Form};
use super::near::{Near, Neighbours};
use super::read::Former;
use super::words::{Gap, Words};

/// How a base belongs to a municipality, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bond {
    /// it is its name
    Name,
    /// its name with blanks put in or left out, or without a title
    Spelling,
    /// its name but for the word Kreis: "Hochtaunus"
    Stem,
    /// its name without the dots of its umlauts
    Undotted,
    /// a name that it took the place of
    Former,
    /// its name without "Bad"; counts with its addition only: "Homburg v.d.H."
    Shortened,
}

/// One municipality behind a base.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// its place in the register's list
    pub(super) kommune: u32,
    pub(super) bond: Bond,
    /// what follows the base, folded, without small words: "aisch", "teutoburger wald"
    pub(super) addition: Option<Box<str>>,
}

/// All bases, and how many words the longest one with a given first word has.
#[derive(Debug, Default)]
pub(super) struct Names {
    bases: HashMap<Arc<str>, Vec<Entry>>,
    longest: HashMap<Box<str>, u8>,
    /// the bases that have an addition somewhere, by its first letter
    with_addition: HashMap<char, Vec<Arc<str>>>,
    /// for a base those that go on behind it: "garmisch partenkirchen" for "garmisch"
    longer: HashMap<Arc<str>, Vec<Arc<str>>>,
    /// for a base those that end in it: "altmarkkreis salzwedel" for "salzwedel"
    ending: HashMap<Arc<str>, Vec<Arc<str>>>,
    /// who is called so in front: "annaberg", "oberberg"
    fronts: HashMap<String, Vec<Entry>>,
    neighbours: Neighbours,
}

/// First words in full for what people write short with a full stop; those of the second
/// list without one as well.
const SHORT_FIRST_WORDS: [(&str, &str); 22] = [
    ("ob", "ober"),
    ("o", "ober"),
    ("unt", "unter"),
    ("u", "unter"),
    ("nied", "nieder"),
    ("ndr", "nieder"),
    ("nd", "nieder"),
    ("hann", "hannoversch"),
    ("schwaeb", "schwaebisch"),
    ("schw", "schwaebisch"),
    ("hess", "hessisch"),
    ("preuss", "preussisch"),
    ("pr", "preussisch"),
    ("dt", "deutsch"),
    ("wend", "wendisch"),
    ("kgs", "koenigs"),
    ("gr", "gross"),
    ("kl", "klein"),
    ("bd", "bad"),
    ("hzgt", "herzogtum"),
    ("hztm", "herzogtum"),
    ("hzgtm", "herzogtum"),
];

/// Not words of their own, so that no full stop is needed.
const NO_WORDS: [&str; 6] = ["gr", "kl", "bd", "hzgt", "hztm", "hzgtm"];

impl Names {
    pub(super) fn of(kommunen: &[Kommune], former: &[Former]) -> Self {
        let mut names = Self {
            bases: HashMap::with_capacity(kommunen.len()),
            longest: HashMap::with_capacity(kommunen.len()),
            ..Self::default()
        };
        let mut place = HashMap::with_capacity(kommunen.len());
        for (kommune, i) in kommunen.iter().zip(0..) {
            place.insert(kommune.schluessel.as_str(), i);
            names.add_all(i, forms::of_kommune(kommune));
            for front in forms::fronts(kommune) {
                names.fronts.entry(front).or_default().push(Entry {
                    kommune: i,
                    bond: Bond::Name,
                    addition: None,
                });
            }
        }
        for old in former {
            for successor in &old.successors {
                if let Some(&i) = place.get(successor.as_str()) {
                    names.add_all(i, forms::of_name(Bond::Former, &old.name));
                }
            }
        }
        for (base, entries) in &names.bases {
            let shorter = base.match_indices(' ').filter_map(|(at, _)| base.get(..at));
            for shorter in shorter.filter_map(|shorter| names.bases.get_key_value(shorter)) {
                let longer = names.longer.entry(Arc::clone(shorter.0)).or_default();
                longer.push(Arc::clone(base));
            }
            let tails = base
                .match_indices(' ')
                .filter_map(|(at, _)| base.get(at + 1..));
            for tail in tails.filter_map(|tail| names.bases.get_key_value(tail)) {
                let ending = names.ending.entry(Arc::clone(tail.0)).or_default();
                ending.push(Arc::clone(base));
            }
            let mut initials: Vec<char> = entries.iter().filter_map(initial).collect();
            initials.sort_unstable();
            initials.dedup();
            for initial in initials {
                let bases = names.with_addition.entry(initial).or_default();
                bases.push(Arc::clone(base));
            }
        }
        names.neighbours = Neighbours::of(names.bases.keys());
        names
    }

    /// Who bears the base.
    pub(super) fn bearers(&self, base: &str) -> &[Entry] {
        self.bases.get(base).map_or(&[], Vec::as_slice)
    }

    /// Who is called so in front of a hyphen or of "-ischer Kreis".
    pub(super) fn in_front(&self, folded: &str) -> &[Entry] {
        self.fronts.get(folded).map_or(&[], Vec::as_slice)
    }

    /// The bases nearest to a folded spelling.
    pub(super) fn near(&self, folded: &str, bound: usize) -> Near<'_> {
        self.neighbours.nearest(folded, bound)
    }

    /// The longest base that begins at the word `i`, and where it ends.
    pub(super) fn longest_at<'n>(
        &'n self,
        words: &Words<'_>,
        i: usize,
    ) -> Option<(usize, &'n [Entry])> {
        self.written_out_at(words, i).or_else(|| {
            let longest = usize::from(*self.longest.get(words.word(i))?);
            (i + 1..=i + longest).rev().find_map(|end| {
                let within = (i + 1..end).all(|j| !words.gap(j).has(APART));
                let entries = within.then(|| self.bases.get(words.joined(i..end)))??;
                Some((end, entries.as_slice()))
            })
        })
    }

    /// As [`Self::longest_at`], for a short first word: "Gr. Gerau", "Ob.-Ramstadt", "Schw. Hall".
    fn written_out_at<'n>(&'n self, words: &Words<'_>, i: usize) -> Option<(usize, &'n [Entry])> {
        let short = words.word(i);
        if short.len() > 7 || !words.is_capital(i) {
            return None;
        }
        let longs = SHORT_FIRST_WORDS.iter().filter(|(word, _)| *word == short);
        let dotted = words.gap(i + 1).has(Gap::DOT);
        let hyphened = words.gap(i + 1).has(Gap::HYPHEN);
        let said = dotted || NO_WORDS.contains(&short) && !hyphened;
        longs.filter(|_| said).find_map(|(_, long)| {
            let longest = usize::from(*self.longest.get(*long)?);
            (i + 2..=i + longest).rev().find_map(|end| {
                let within = (i + 1..end).all(|j| !words.gap(j).has(APART));
                let base = format!("{long} {}", words.joined(i + 1..end));
                let entries = within.then(|| self.bases.get(base.as_str()))??;
                Some((end, entries.as_slice()))
            })
        })
    }

    /// Those whose addition stands at the word `i` behind what is nearly their base:
    /// "Rotenburg ob der Tauber".
    pub(super) fn misspelt_before(
        &self,
        words: &Words<'_>,
        i: usize,
        base: &str,
        bound: usize,
    ) -> Option<(usize, Vec<&Entry>)> {
        let mut found: Vec<(Fit, &Entry)> = Vec::new();
        for initial in addition::initials_at(words, i) {
            let bases = self.with_addition.get(&initial).into_iter().flatten();
            for near in bases.filter(|other| super::near::is_near(other, base, bound)) {
                found.extend(self.bearers(near).iter().filter_map(|entry| {
                    let addition = entry.addition.as_deref()?;
                    // base and addition may not both be guessed
                    let fit = addition::addition_at(words, i, addition)?;
                    let dotted = words.gap(fit.end).has(Gap::DOT);
                    (fit.usual || dotted).then_some((fit, entry))
                }));
            }
        }
        let (best, _) = *found.iter().max_by_key(|(fit, _)| *fit)?;
        found.retain(|(fit, entry)| *fit == best && entry.bond != Bond::Shortened);
        let entries: Vec<&Entry> = found.into_iter().map(|(_, entry)| entry).collect();
        (!entries.is_empty()).then_some((best.end, entries))
    }

    /// A longer base that begins as the words do and is misspelt at its end:
    /// "Garmisch-Partenkirchn".
    pub(super) fn misspelt_behind(
        &self,
        words: &Words<'_>,
        name: Range<usize>,
    ) -> Option<(usize, &[Entry])> {
        let longer = self.longer.get(words.joined(name.clone()))?;
        let goes_on = words.is_capital(name.end) && !words.gap(name.end).has(APART.or(Gap::LINE));
        longer.iter().filter(|_| goes_on).find_map(|base| {
            let end = name.start + base.split(' ').count();
            let bound = 1 + usize::from(base.len() > 15);
            // "Wakendorf I" and "Wakendorf II" are two
            let long = words.word(end - 1).len() > 3;
            let near = long && super::near::is_near(base, words.joined(name.start..end), bound);
            near.then(|| (end, self.bearers(base)))
        })
    }

    /// A base of several words that is misspelt in its first: "Altmarkkreeis Salzwedel".
    pub(super) fn misspelt_ahead(&self, words: &Words<'_>, i: usize) -> Option<(usize, &[Entry])> {
        let goes_on = words.is_capital(i)
            && words.word(i).len() > 4
            && words.is_capital(i + 1)
            && !words.gap(i + 1).has(APART.or(Gap::LINE));
        let (end, _) = goes_on.then(|| self.longest_at(words, i + 1))??;
        let spelling = words.joined(i..end);
        let bound = 1 + usize::from(spelling.len() > 15);
        let bases = self.ending.get(words.joined(i + 1..end))?.iter();
        let mut near = bases.filter(|base| super::near::is_near(base, spelling, bound));
        near.next().map(|base| (end, self.bearers(base)))
    }

    fn add_all(&mut self, kommune: u32, forms: Vec<Form>) {
        for form in forms {
            self.add(kommune, form);
        }
    }

    fn add(&mut self, kommune: u32, form: Form) {
        let base = form.base.as_str();
        let first = base.split(' ').next().unwrap_or(base);
        let count = u8::try_from(base.split(' ').count()).unwrap_or(u8::MAX);
        match self.longest.get_mut(first) {
            Some(longest) => *longest = count.max(*longest),
            None => {
                self.longest.insert(first.into(), count);
            }
        }
        let entry = Entry {
            kommune,
            bond: form.bond,
            addition: form.addition,
        };
        match self.bases.get_mut(base) {
            Some(entries) => entries.push(entry),
            None => {
                self.bases.insert(base.into(), vec![entry]);
            }
        }
    }
}

fn initial(entry: &Entry) -> Option<char> {
    entry.addition.as_deref()?.chars().next()
}
