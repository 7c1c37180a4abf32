//! Why it stays open which municipality a name means, whatever speaks for it.

use std::ops::Range;

use super::places::Reader;
use super::{lexicon, mention};
use crate::kommune::{Bearing, Case, Gap, Kind, Spot, land_of};

/// Why it stays open which municipality a name means, whoever bears it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// "Essen (Oldenburg)"
    Contradiction,
    Former,
    /// "in Brandenburg"
    State,
    /// "Stadt und Land Rosenheim"
    TownAndCountry,
    /// "Ulm-Söflingen"
    Glued,
    /// a typing error that may stand for others, too
    Spelling,
    /// "Fürth oder Erlangen"
    Or,
    /// "weiß noch nicht, ob Stadt oder Landkreis"
    Undecided,
    /// "alle Städte im Landkreis"
    All,
    /// several are named, none is asked for
    Several,
    /// "Fürth Erlangen"
    SideBySide,
    /// "Integrationsbeirat Wedding, Berlin"
    Part,
    /// "ggf. Zülpich"
    Perhaps,
    /// "an Kreistag und Stadtrat"
    Councils,
    /// only named beside something else
    Idle,
    /// the Landkreis or Bezirk of that name may be meant
    Level,
    /// a Landkreis is named in passing
    KreisInPassing,
}

impl Doubt {
    /// What is said of the name.
    pub(super) fn says(self) -> &'static str {
        match self {
            Self::Contradiction => "was daneben steht, passt zu keiner Kommune dieses Namens",
            Self::Former => "der Name ist ein früherer",
            Self::State => "das kann auch das Land sein",
            Self::TownAndCountry => "das kann Stadt und Landkreis sein",
            Self::Glued => "mit Bindestrich kann es ein anderer Ort sein",
            Self::Spelling => "die Schreibweise ist keine bekannte",
            Self::Or => "ein „oder“ lässt es offen",
            Self::Undecided => "die Mail sagt, dass es offen ist",
            Self::All => "die Mail meint mehr Kommunen, als sie nennt",
            Self::Several => "mehrere Orte sind genannt, um keinen ist gebeten",
            Self::SideBySide => "zwei Orte stehen nebeneinander ohne „und“",
            Self::Part => "davor steht ein unbekannter Name, vielleicht ein Stadtteil",
            Self::Perhaps => "die Mail sagt „vielleicht“",
            Self::Councils => "genannt sind ein Rat der Gemeinde und einer des Landkreises",
            Self::Idle => "es ist nur nebenbei genannt",
            Self::Level => "auch ein Landkreis oder Stadtbezirk heißt so",
            Self::KreisInPassing => "ein Landkreis ist erwähnt und kann ebenso gemeint sein",
        }
    }
}

impl Reader<'_, '_> {
    /// What is doubtful about the name at a spot.
    pub(super) fn doubt(&self, spot: &Spot) -> Option<Doubt> {
        let rows = [
            (
                spot.conflict || self.is_contradicted(spot.words.end, &spot.bearers),
                Doubt::Contradiction,
            ),
            (spot.bond == Bearing::Formerly, Doubt::Former),
            (spot.is_doubtful(), Doubt::Spelling),
            (
                self.is_town_and_country(spot.words.start),
                Doubt::TownAndCountry,
            ),
            (self.is_glued(spot), Doubt::Glued),
            (
                mention::is_perhaps(self.text, spot.words.start),
                Doubt::Perhaps,
            ),
            (self.is_state(spot), Doubt::State),
            (self.is_part(spot), Doubt::Part),
        ];
        rows.into_iter()
            .find_map(|(holds, doubt)| holds.then_some(doubt))
    }

    /// "Stadt Fürth, Hessen", "Linz (Oberösterreich)": where no bearer lies.
    pub(super) fn is_contradicted(&self, end: usize, bearers: &[u32]) -> bool {
        let words = &self.text.words;
        let i = end;
        let gap = words.gap(i);
        if i >= words.len() || gap.has(Gap::LINE.or(Gap::STOP).or(Gap::CELL)) {
            return false;
        }
        let marked = gap.has(Gap::COMMA.or(Gap::OPEN).or(Gap::SLASH));
        let at = if matches!(words.word(i), "in" | "im") {
            i + 1
        } else {
            i
        };
        if (marked || at > i) && lexicon::is_abroad(words.word(at)) {
            return true;
        }
        let land = [i + 2, i + 1].into_iter().find_map(|end| {
            let alone = end >= words.len() || words.gap(end) != Gap::BLANK;
            let text = words.joined(i..end);
            land_of(text).filter(|_| alone && gap.has(Gap::COMMA) && text.len() > 3)
        });
        land.is_some_and(|land| {
            let lies = |&b: &u32| self.register.at(b).is_some_and(|k| k.land == land);
            !bearers.iter().any(lies)
        })
    }

    /// "Integrationsbeirat Wedding, Berlin": an unknown name stands between the body and the place.
    fn is_part(&self, spot: &Spot) -> bool {
        let words = &self.text.words;
        let start = spot.words.start;
        let near = start > 0 && matches!(words.word(start - 1), "in" | "von");
        let comma = words.gap(start).has(Gap::COMMA.or(Gap::OPEN));
        let Some(at) = start.checked_sub(if near { 2 } else { 1 }) else {
            return false;
        };
        let glued = |i: usize| words.gap(i) == Gap::BLANK;
        let new = self.last.as_ref().is_none_or(|last| last.end <= at);
        new && (near && glued(start) && glued(start - 1) || !near && comma)
            && !words.gap(start).has(Gap::LINE)
            && self.body_ending_at(at).is_some()
            && glued(at)
            && self.is_unknown_name(at)
    }

    /// A word with a capital that is nothing else than a name, perhaps.
    pub(super) fn is_unknown_name(&self, i: usize) -> bool {
        let words = &self.text.words;
        let word = words.word(i);
        let nominal = [
            "ung", "heit", "keit", "schaft", "tion", "ende", "ender", "rat", "in", "innen", "ion",
        ];
        !self.text.flat
            && words.case(i) == Case::Capital
            && word.len() > 3
            && !lexicon::is_noun(word)
            && !lexicon::is_person_before(word)
            && !lexicon::is_called_motion(word)
            && !lexicon::is_article(word)
            && !lexicon::requests(word)
            && !lexicon::thanks(word)
            && Kind::of(word).is_none()
            && land_of(word).is_none()
            && !nominal.iter().any(|ending| word.ends_with(ending))
    }

    /// "in Brandenburg" may be the state as well as the town.
    fn is_state(&self, spot: &Spot) -> bool {
        let base = self.text.words.joined(spot.name.start..spot.base_end);
        let bearer = spot.bearers.first().and_then(|&b| self.register.at(b));
        let city = bearer.is_some_and(|kommune| kommune.land.name() == kommune.name);
        spot.kind.is_none() && !spot.told && !city && land_of(base).is_some()
    }

    /// "Stadt und Land Rosenheim"
    fn is_town_and_country(&self, start: usize) -> bool {
        let before = start.saturating_sub(3)..start;
        matches!(
            self.text.words.joined(before),
            "stadt und land" | "stadt oder land"
        )
    }

    /// A hyphen ties the name to another: a part of the town, or another place altogether
    /// ("Ulm-Söflingen", "Mainz-Spessart-Kreis").
    fn is_glued(&self, spot: &Spot) -> bool {
        let words = &self.text.words;
        let is_foreign = |i: usize| {
            let body = self.bodies.iter().any(|body| body.words.contains(&i));
            let word = words.word(i);
            !body && !lexicon::is_called_motion(word) && Kind::of(word).is_none()
        };
        let Range { start, end } = spot.words;
        // "Brüder-Grimm-Stadt Hanau"
        let titled = start < spot.name.start;
        start > 0 && !titled && words.gap(start) == Gap::HYPHEN && is_foreign(start - 1)
            || end < words.len() && words.gap(end) == Gap::HYPHEN && is_foreign(end)
    }
}
