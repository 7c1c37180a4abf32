//! Words to choose from that are no nouns of the convention: "seine/ihre", and what
//! belongs to a Stadt or a Landkreis ("Stadtverwaltung/Landratsamt").

use std::ops::Range;

use super::phrase::Reader;
use super::token::Kind;
use super::vocabulary::{Sort, is_kind};
use super::{Found, Token};

impl Reader<'_> {
    /// What begins here, if a choice is left to make: its tokens, and where it stands in the text.
    /// `nouns`: what was spoken of before.
    pub(super) fn aside(
        &self,
        at: usize,
        nouns: &[Sort],
    ) -> Option<(Range<usize>, Range<usize>, Found)> {
        let first = self.token(at).filter(|token| token.kind == Kind::Word)?;
        let (next, is_word) = self.separator(at + 1)?;
        let second = self.token(next).filter(|token| token.kind == Kind::Word)?;
        let until = |end: usize, found: Found| {
            let tokens = at..end + 1;
            Some((tokens.clone(), self.text.span(tokens), found))
        };
        if let Some((form, ending)) = pronoun(first, second) {
            return until(next, refer(form, &ending, first.is_capital(), nouns));
        }
        let noun = self.determiner(next).end;
        let second = self.token(noun)?;
        let (of_stadt, of_kreis) = (belongs(first)?, belongs(second)?);
        if is_word || of_stadt == of_kreis {
            return None;
        }
        let (stadt, kreis) = if of_stadt == Side::Stadt {
            (first, second)
        } else {
            (second, first)
        };
        let reason = "hier ist zu wählen, aber eine Marke dafür gibt es nicht; schreiben Sie, was \
                      für Landkreise und was für alle anderen gilt, samt Artikel";
        let mark = format!(
            "{{% if kommune.landkreis %}}{}{{% else %}}{}{{% endif %}}",
            kreis.text, stadt.text
        );
        // articles of their own stand outside of the mark that was to take their place
        let is_whole = !mark.contains("-{%") && noun == next;
        let marks = is_whole.then_some(mark).into_iter().collect();
        until(noun, Found::Doubt(reason.to_owned(), marks))
    }
}

/// The pronoun that two words offer, as a form of a mark, with its ending.
fn pronoun(first: &Token, second: &Token) -> Option<(&'static str, String)> {
    let (first, second) = (first.lower(), second.lower());
    if [("er", "sie"), ("sie", "er")].contains(&(first.as_str(), second.as_str())) {
        return Some(("er", String::new()));
    }
    let ending = |sein: &str, ihr: &str| {
        let ending = sein.strip_prefix("sein")?;
        let known = ["", "e", "en", "em", "er", "es"].contains(&ending);
        (known && ihr.strip_prefix("ihr")? == ending).then(|| ending.to_owned())
    };
    let ending = ending(&first, &second).or_else(|| ending(&second, &first))?;
    Some(("sein", ending))
}

/// The mark for a pronoun, if it is clear of what.
fn refer(form: &str, ending: &str, capital: bool, nouns: &[Sort]) -> Found {
    let mark = |sort| super::case::mark(form, sort, capital) + ending;
    let all = [Sort::Beirat, Sort::Rat, Sort::Kommune];
    let named: Vec<Sort> = all
        .into_iter()
        .filter(|sort| nouns.contains(sort))
        .collect();
    match named.as_slice() {
        [sort] => Found::Mark(mark(*sort)),
        _ => {
            let offered = if named.is_empty() { &all[..] } else { &named };
            let marks = offered.iter().map(|sort| mark(*sort)).collect();
            let reason = "wessen, ist nicht eindeutig; wählen Sie die Marke".to_owned();
            Found::Doubt(reason, marks)
        }
    }
}

/// Where a word belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Stadt,
    Kreis,
}

/// Offices and people of a Stadt or of a Landkreis.
fn belongs(word: &Token) -> Option<Side> {
    const STADT: [&str; 6] = [
        "stadt",
        "gemeinde",
        "rathaus",
        "oberbürgermeister",
        "bürgermeister",
        "magistrat",
    ];
    const KREIS: [&str; 4] = ["landrat", "landkreis", "kreis", "landrät"];
    const PLURALS: [&str; 6] = [
        "städten",
        "städte",
        "gemeinden",
        "kreise",
        "kreisen",
        "landkreise",
    ];
    let lower = word.is_capital().then(|| word.lower())?;
    if is_kind(&lower) || PLURALS.contains(&lower.as_str()) {
        return None;
    }
    let begins = |stems: &[&str]| stems.iter().any(|stem| lower.starts_with(stem));
    if begins(&STADT) {
        Some(Side::Stadt)
    } else {
        begins(&KREIS).then_some(Side::Kreis)
    }
}
