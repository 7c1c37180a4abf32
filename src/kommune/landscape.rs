//! Rivers, lakes and landscapes behind a name, whether or not its official form has them:
//! "Wetzlar/Lahn", "Friedrichshafen, Bodensee", "Hagen (Ruhrgebiet)".

use super::Register;
use super::addition;
use super::kind;
use super::qualifier::{Qualified, Qualifier};
use super::spot::Spot;
use super::words::{Gap, Words};

/// Rivers, lakes and landscapes, and the beginnings of the keys of all that may lie there: rather
/// a whole state than too little, since nobody tells where a landscape ends.
const LANDSCAPES: [(&str, &[&str]); 75] = [
    ("ahr", &["05", "07"]),
    ("aller", &["03", "15"]),
    ("altmuehl", &["09"]),
    ("altmuehltal", &["09"]),
    ("ammersee", &["091"]),
    ("baden", &["08"]),
    ("bayerwald", &["092", "093"]),
    ("bergstrasse", &["06", "08"]),
    ("bodensee", &["08", "097"]),
    ("breisgau", &["083"]),
    ("chiemgau", &["091"]),
    ("chiemsee", &["091"]),
    ("donau", &["08", "09"]),
    ("eder", &["05", "06"]),
    ("elbe", &["01", "02", "03", "12", "13", "14", "15"]),
    ("elster", &["12", "14", "15", "16"]),
    ("emsland", &["03"]),
    ("fichtelgebirge", &["09"]),
    ("filder", &["081"]),
    ("frankenwald", &["09"]),
    ("harz", &["03", "15", "16"]),
    ("havel", &["11", "12", "13", "15"]),
    ("hegau", &["083"]),
    ("hochrhein", &["083"]),
    ("hohenlohe", &["08"]),
    ("iller", &["08", "09"]),
    ("inn", &["091", "092"]),
    ("isar", &["091", "092"]),
    ("kocher", &["08"]),
    ("kraichgau", &["08"]),
    ("kurpfalz", &["06", "07", "08"]),
    ("lahn", &["05", "06", "07"]),
    ("lech", &["09"]),
    ("leine", &["03", "16"]),
    ("main", &["06", "08", "09"]),
    ("mittelhessen", &["06"]),
    ("mosel", &["07", "10"]),
    ("muensterland", &["05"]),
    ("mulde", &["14", "15"]),
    ("neckar", &["06", "08"]),
    ("neisse", &["12", "14"]),
    ("niederlausitz", &["12"]),
    ("niederrhein", &["05"]),
    ("nordhessen", &["06"]),
    ("oberhessen", &["06"]),
    ("oberrhein", &["07", "08"]),
    ("ortenau", &["08"]),
    ("osthessen", &["06"]),
    ("ostalb", &["08"]),
    ("ostsee", &["01", "13"]),
    ("ostwestfalen", &["05"]),
    ("rems", &["08"]),
    ("rhein", &["05", "06", "07", "08"]),
    ("rheinhessen", &["07"]),
    ("rhoen", &["06", "09", "16"]),
    ("ruhr", &["05"]),
    ("ruhrgebiet", &["05"]),
    ("ruhrpott", &["05"]),
    ("saale", &["03", "09", "15", "16"]),
    ("saar", &["07", "10"]),
    ("schwarzwald", &["08"]),
    ("sieg", &["05", "07"]),
    ("siegerland", &["05"]),
    ("spessart", &["06", "09"]),
    ("spree", &["11", "12", "14"]),
    ("suedbaden", &["08"]),
    ("suedhessen", &["06"]),
    ("suedpfalz", &["07"]),
    ("tauber", &["08", "09"]),
    ("uckermark", &["12", "13"]),
    ("unstrut", &["15", "16"]),
    ("vogelsberg", &["06"]),
    ("werra", &["03", "06", "16"]),
    ("weser", &["03", "04", "05", "06"]),
    ("wetterau", &["06"]),
];

/// What a letter or two stand for behind "i.": "Münster i. W.", "Freiberg i. S.".
const INITIALS: [(&str, &[&str]); 12] = [
    // Bayern, Baden, Breisgau, Brandenburg
    ("b", &["08", "09", "12"]),
    ("br", &["083", "12"]),
    // Erzgebirge
    ("e", &["14"]),
    // Holstein, Hessen
    ("h", &["01", "06"]),
    // Mecklenburg
    ("m", &["13"]),
    // Oldenburg, Odenwald, Oberfranken
    ("o", &["03", "06", "094"]),
    // Pfalz
    ("p", &["073"]),
    // Sachsen, Schwaben
    ("s", &["14", "097"]),
    ("sa", &["14"]),
    // Thüringen
    ("t", &["16"]),
    ("th", &["16"]),
    // Westfalen, Württemberg
    ("w", &["055", "057", "059", "08"]),
];

/// Words before a name that make a list of what stands behind a comma.
const JOINS: [&str; 7] = ["und", "sowie", "u", "oder", "bzw", "and", "plus"];

impl Register {
    /// A river, lake or landscape behind a name. One behind a comma or slash may be a place of
    /// its own and is read only if it fits, one that goes on as a list not at all.
    pub(super) fn landscape_at(&self, words: &Words<'_>, spot: &Spot) -> Option<Qualified> {
        let i = spot.words.end;
        let gap = words.gap(i);
        let small = |at: &usize| addition::is_small(words.word(*at)) && *at + 1 < words.len();
        let smalls = (i..i + 2).take_while(small).count();
        let at = i + smalls;
        let tight = |at: usize| matches!(words.gap(at), Gap::BLANK) || words.between(at) == ". ";
        if !(i + 1..=at).all(|at| tight(at) || words.between(at) == ".") {
            return None;
        }
        if smalls == 1 && words.word(i) == "i" && words.gap(at + 1).has(Gap::DOT) {
            let qualifier = abbreviated(words.word(at))?;
            return Some(Qualified::loosely(qualifier, at + 1));
        }
        let bracket = gap.has(Gap::OPEN);
        let listed = !bracket && gap.has(Gap::COMMA.or(Gap::SLASH));
        if !(bracket || listed || smalls > 0) || gap.has(Gap::LINE) {
            return None;
        }
        let written = words.is_capital(at) || !words.is_capital(spot.name.start);
        let (_, region) = LANDSCAPES
            .iter()
            .find(|(name, _)| written && *name == words.word(at))?;
        let goes_on = listed
            && (JOINS.contains(&words.word(at + 1)) || words.gap(at + 1).has(Gap::HYPHEN))
            || words.gap(at + 1) == Gap::COMMA.or(Gap::BLANK) && self.is_name_at(words, at + 1);
        let qualifier = Qualifier::Region(region);
        (!goes_on).then(|| match bracket {
            true => Qualified::surely(qualifier, at + 1),
            false => Qualified::loosely(qualifier, at + 1),
        })
    }

    fn is_name_at(&self, words: &Words<'_>, i: usize) -> bool {
        words.is_capital(i) && self.names.longest_at(words, i).is_some()
    }
}

/// What stands behind "i.": "W.", "Westf.", "Thür."
fn abbreviated(word: &str) -> Option<Qualifier> {
    let brief = INITIALS.iter().find(|(letters, _)| *letters == word);
    let region = brief.map(|(_, region)| *region);
    let region = region
        .or_else(|| kind::region_of(word))
        .map(Qualifier::Region);
    region.or_else(|| kind::land_of(word).map(Qualifier::Land))
}
