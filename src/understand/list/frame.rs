//! What the text round a list says of all its rows.

use std::collections::BTreeSet;

use super::record::Record;
use crate::kommune::{Kind, Register, Rolle, Words};
use crate::understand::evidence::Sign;
use crate::understand::lexicon;
use crate::understand::targets::Reading;

/// "Der Stadtrat bzw. Kreistag" leaves it to the law which council it is in each row.
pub(super) fn mute_councils(frame: &mut Reading<'_, '_>) {
    let names: BTreeSet<&str> = frame
        .bodies
        .iter()
        .filter(|body| body.counts() && body.gremium.rolle == Rolle::Rat)
        .map(|body| body.gremium.name.as_str())
        .collect();
    if names.len() > 1 {
        for body in &mut frame.bodies {
            if body.gremium.rolle == Rolle::Rat {
                body.signs.add(Sign::Mentioned);
            }
        }
    }
}

/// "Für alle außer Hof", "nur die Städte", "nicht für die Landkreise": who knows what is left.
pub(super) fn restricts(frame: &Reading<'_, '_>) -> bool {
    let text = &frame.text;
    let words = &text.words;
    (0..words.len()).any(|i| {
        let word = words.word(i);
        let denied = word == "nicht";
        if !denied && !lexicon::restricts(word) && words.joined(i..i + 2) != "bis auf" {
            return false;
        }
        let near = if denied {
            text.clause(i)
        } else {
            text.sentence(i)
        };
        let placed = frame
            .places
            .iter()
            .any(|place| near.contains(&place.words.start));
        placed
            || text.any(near, |word| {
                lexicon::is_every(word)
                    || lexicon::is_of_lists(word) && !denied
                    || Kind::of(word).is_some_and(|(_, plural)| plural)
            })
    })
}

/// Kinds that the text says of all rows.
pub(super) struct Kinds {
    /// a word for districts
    kreis: bool,
    /// a word for municipalities, or a district that may be one of both
    other: bool,
}

impl Kinds {
    /// "Für die Landkreise:", "in Stadt und Landkreis".
    pub(super) fn of(frame: &Reading<'_, '_>) -> Self {
        let mut kinds = Self {
            kreis: false,
            other: false,
        };
        let words = &frame.text.words;
        for i in 0..words.len() {
            let Some((kind, plural)) = Kind::of(words.word(i)) else {
                continue;
            };
            let named = frame.places.iter().any(|place| place.words.contains(&i));
            let kreis = kind == Kind::Kreis;
            if !named && (plural || kreis) {
                kinds.kreis |= kreis;
                kinds.other |= !kreis || !plural;
            }
        }
        kinds
    }

    /// Of a row that says no kind itself: the one that is said of all. Of "Städte und
    /// Landkreise" it may be either, where both bear the name.
    pub(super) fn apply(&self, mut record: Record, register: &Register) -> Record {
        let spot = register.whole_spot(&Words::of(&record.kommune));
        let Some(spot) =
            spot.filter(|spot| self.kreis && spot.kind.is_none() && record.kind.is_none())
        else {
            return record;
        };
        let is_kreis = |bearer: &u32| register.at(*bearer).is_some_and(|k| k.art.is_kreis());
        if !self.other {
            record.kind = Some(Kind::Kreis);
        } else if spot.bearers.iter().any(is_kreis) && !spot.bearers.iter().all(is_kreis) {
            record.contradicts = true;
        }
        record
    }
}
