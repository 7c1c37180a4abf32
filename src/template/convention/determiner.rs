//! Prepositions and articles, as they stand before a noun or before each of several.

use super::case::{Preposition, article, contraction, is_other_determiner, preposition};
use super::phrase::Reader;

/// What stands before a noun.
#[derive(Debug, Clone, Default)]
pub(super) struct Determiner {
    pub(super) preposition: Option<Preposition>,
    pub(super) articles: Vec<&'static str>,
    /// "eine", "unser": no mark declines it
    pub(super) other: bool,
    /// where the articles begin; with the preposition if both are one word
    pub(super) articles_at: usize,
    pub(super) contracted: bool,
    pub(super) end: usize,
}

impl Determiner {
    pub(super) fn is_empty(&self) -> bool {
        self.preposition.is_none() && self.articles.is_empty() && !self.other
    }
}

impl Reader<'_> {
    /// Prepositions and articles before a noun.
    pub(super) fn determiner(&self, start: usize) -> Determiner {
        let mut found = Determiner {
            end: start,
            articles_at: start,
            ..Determiner::default()
        };
        let Some(word) = self.lower(start) else {
            return found;
        };
        if let Some((preposition, article)) = contraction(&word) {
            found.preposition = Some(preposition);
            found.articles.push(article);
            found.contracted = true;
            found.end = start + 1;
        } else {
            found.preposition = preposition(&word);
            found.end += usize::from(found.preposition.is_some());
            found.articles_at = found.end;
            let next = self.lower(found.end).unwrap_or_default();
            if let Some(article) = article(&next) {
                found.articles.push(article);
                found.end += 1;
            } else if is_other_determiner(&next) {
                found.other = true;
                found.end += 1;
            }
        }
        // "der/die", "zum/zur"
        while let Some((next, _)) = self
            .separator(found.end)
            .filter(|_| !found.articles.is_empty())
        {
            let word = self.lower(next).unwrap_or_default();
            let Some(article) = contraction(&word)
                .map(|(_, a)| a)
                .or_else(|| article(&word))
            else {
                break;
            };
            found.articles.push(article);
            found.end = next + 1;
        }
        found
    }

    /// What stands before a noun in a bracket, behind what stands before the bracket.
    pub(super) fn within_bracket(&self, lead: Determiner, at: usize) -> Determiner {
        if !lead.articles.is_empty() {
            return Determiner { end: at, ..lead };
        }
        let inner = self.determiner(at);
        Determiner {
            preposition: lead.preposition.or(inner.preposition),
            other: lead.other || inner.other,
            ..inner
        }
    }
}
