//! Words for kinds, states and regions, as people write them beside a name.

use super::near::is_near;
use super::{Art, Kommune, Land};

/// A kind as a word says it; wider than [`Art`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// with or without a Kreis
    Stadt,
    /// whatever is a Gemeinde and no town
    Gemeinde,
    Markt,
    Flecken,
    /// whatever stands in the place of a Kreis
    Kreis,
    Region,
    Regionalverband,
    Verbandsgemeinde,
    Samtgemeinde,
    Bezirk,
}

impl Kind {
    /// Whether the word fits.
    pub(crate) fn fits(self, art: Art) -> bool {
        match self {
            Self::Stadt => art.is_stadt(),
            Self::Gemeinde => matches!(art, Art::Gemeinde | Art::Markt | Art::Flecken),
            Self::Markt => art == Art::Markt,
            Self::Flecken => art == Art::Flecken,
            Self::Kreis => art.is_kreis(),
            Self::Region => matches!(art, Art::Region | Art::Staedteregion),
            Self::Regionalverband => art == Art::Regionalverband,
            Self::Verbandsgemeinde => art == Art::Verbandsgemeinde,
            Self::Samtgemeinde => art == Art::Samtgemeinde,
            Self::Bezirk => art == Art::Bezirk,
        }
    }

    /// Whether it is one of the words that people take for one another.
    pub(crate) fn is_loose(self) -> bool {
        matches!(
            self,
            Self::Stadt | Self::Gemeinde | Self::Markt | Self::Flecken
        )
    }

    /// The kind a folded word says, and whether it is a plural.
    pub(crate) fn of(word: &str) -> Option<(Self, bool)> {
        let kind = match word {
            "stadt" | "stadtgemeinde" | "stadtkreis" | "stadtverwaltung" | "city" | "town" => {
                Self::Stadt
            }
            "staedte" | "staedten" | "stadte" | "stadten" => return Some((Self::Stadt, true)),
            "gemeinde" | "ortsgemeinde" | "gemeindeverwaltung" | "municipality" => Self::Gemeinde,
            "gemeinden" | "ortsgemeinden" => return Some((Self::Gemeinde, true)),
            "markt" | "marktes" | "markts" | "marktgemeinde" => Self::Markt,
            "maerkte" | "maerkten" => return Some((Self::Markt, true)),
            "flecken" | "fleckens" => Self::Flecken,
            "kreis" | "kreises" | "landkreis" | "landkreises" | "landratsamt" | "landratsamts"
            | "landratsamtes" | "kreisverwaltung" | "lk" | "lkr" | "lkrs" | "ldkr" | "landkr"
            | "kr" | "county" | "district" => Self::Kreis,
            "kreise" | "kreisen" | "landkreise" | "landkreisen" => {
                return Some((Self::Kreis, true));
            }
            "region" | "staedteregion" | "stadteregion" => Self::Region,
            "regionalverband" | "regionalverbands" | "regionalverbandes" => Self::Regionalverband,
            "verbandsgemeinde" | "verbandsgem" | "vg" => Self::Verbandsgemeinde,
            "verbandsgemeinden" => return Some((Self::Verbandsgemeinde, true)),
            "samtgemeinde" | "samtgem" | "sg" => Self::Samtgemeinde,
            "samtgemeinden" => return Some((Self::Samtgemeinde, true)),
            "bezirk" | "bezirks" | "bezirkes" => Self::Bezirk,
            other if is_title_of_a_town(other) => Self::Stadt,
            other => Self::misspelt(other)?,
        };
        Some((kind, false))
    }
}

impl Kind {
    /// The kind that a misspelt word says; "Landkries Fürth" is not the city.
    fn misspelt(word: &str) -> Option<Self> {
        /// Words whose loss would make another municipality of what follows.
        const KINDS: [(&str, Kind); 9] = [
            ("kreis", Kind::Kreis),
            ("landkreis", Kind::Kreis),
            ("landkreises", Kind::Kreis),
            ("gemeinde", Kind::Gemeinde),
            ("region", Kind::Region),
            ("staedteregion", Kind::Region),
            ("regionalverband", Kind::Regionalverband),
            ("samtgemeinde", Kind::Samtgemeinde),
            ("verbandsgemeinde", Kind::Verbandsgemeinde),
        ];
        /// Words of their own.
        const OTHERS: [&str; 6] = ["krebs", "kreist", "kris", "preis", "greis", "legion"];
        if OTHERS.contains(&word) {
            return None;
        }
        let near = |(kind, _): &&(&str, Self)| {
            let bound = if kind.len() > 8 { 2 } else { 1 };
            is_near(kind, word, bound)
        };
        KINDS.iter().find(near).map(|(_, kind)| *kind)
    }
}

/// "Kreisstadt", "Landeshauptstadt", "Universitätsstadt": words before the name of a town.
/// The second half are titles of the register.
fn is_title_of_a_town(word: &str) -> bool {
    const TITLES: [&str; 51] = [
        "kreis",
        "landeshaupt",
        "haupt",
        "bundeshaupt",
        "bundes",
        "hanse",
        "universitaets",
        "universitats",
        "hochschul",
        "luther",
        "welterbe",
        "residenz",
        "wissenschafts",
        "dom",
        "gross",
        "kur",
        "berg",
        "messe",
        "hafen",
        "klingen",
        "barbarossa",
        "barlach",
        "bergring",
        "bernstein",
        "blueten",
        "blumen",
        "buechner",
        "documenta",
        "einhard",
        "fontane",
        "garnisons",
        "glocken",
        "goethe",
        "insel",
        "kaiser",
        "karolinger",
        "kolping",
        "konfirmations",
        "kupfer",
        "loreley",
        "motorrad",
        "muenchhausen",
        "nationalpark",
        "oranien",
        "orgel",
        "peene",
        "reformations",
        "reuter",
        "schliemann",
        "sickingen",
        "widukind",
    ];
    word.strip_suffix("stadt")
        .is_some_and(|title| TITLES.contains(&title))
}

/// States in words and abbreviations; those of two letters count in brackets and behind commas only.
const LAENDER: [(&str, Land); 45] = [
    ("schleswig holstein", Land::SH),
    ("sh", Land::SH),
    ("hamburg", Land::HH),
    ("hh", Land::HH),
    ("niedersachsen", Land::NI),
    ("nds", Land::NI),
    ("ni", Land::NI),
    ("bremen", Land::HB),
    ("hb", Land::HB),
    ("nordrhein westfalen", Land::NW),
    ("nrw", Land::NW),
    ("nw", Land::NW),
    ("hessen", Land::HE),
    ("he", Land::HE),
    ("rheinland pfalz", Land::RP),
    ("rlp", Land::RP),
    ("rp", Land::RP),
    ("baden wuerttemberg", Land::BW),
    ("baden wurttemberg", Land::BW),
    ("bawue", Land::BW),
    ("ba wue", Land::BW),
    ("bw", Land::BW),
    ("bayern", Land::BY),
    ("bay", Land::BY),
    ("by", Land::BY),
    ("saarland", Land::SL),
    ("sl", Land::SL),
    ("berlin", Land::BE),
    ("brandenburg", Land::BB),
    ("bb", Land::BB),
    ("mecklenburg vorpommern", Land::MV),
    ("meck pomm", Land::MV),
    ("mv", Land::MV),
    ("sachsen", Land::SN),
    ("sn", Land::SN),
    ("sachsen anhalt", Land::ST),
    ("lsa", Land::ST),
    ("thueringen", Land::TH),
    ("thuringen", Land::TH),
    ("thuer", Land::TH),
    ("hess", Land::HE),
    ("brandenb", Land::BB),
    ("nieders", Land::NI),
    ("saarl", Land::SL),
    ("th", Land::TH),
];

/// Adjectives of states and regions without their ending, and the key prefixes they stand for.
const ADJECTIVES: [(&str, &[&str]); 24] = [
    ("bayerisch", &["09"]),
    ("bayrisch", &["09"]),
    ("fraenkisch", &["094", "095", "096"]),
    ("oberfraenkisch", &["094"]),
    ("mittelfraenkisch", &["095"]),
    ("unterfraenkisch", &["096"]),
    ("oberbayerisch", &["091"]),
    ("niederbayerisch", &["092"]),
    ("oberpfaelzisch", &["093"]),
    ("hessisch", &["06"]),
    ("nordhessisch", &["06"]),
    ("suedhessisch", &["06"]),
    ("saechsisch", &["14"]),
    ("niedersaechsisch", &["03"]),
    ("thueringisch", &["16"]),
    ("brandenburgisch", &["12"]),
    ("saarlaendisch", &["10"]),
    ("westfaelisch", &["055", "057", "059"]),
    ("pfaelzisch", &["073"]),
    ("badisch", &["08"]),
    ("baden wuerttembergisch", &["08"]),
    ("holsteinisch", &["01"]),
    ("hamburg", &["02"]),
    ("berlin", &["11"]),
];

/// Regions that no register names, and the key prefixes of what lies in them.
const REGIONS: [(&str, &[&str]); 47] = [
    ("oberbayern", &["091"]),
    ("obb", &["091"]),
    ("niederbayern", &["092"]),
    ("niederb", &["092"]),
    ("ndb", &["092"]),
    ("nb", &["092"]),
    ("oberpfalz", &["093"]),
    ("opf", &["093"]),
    ("oberpf", &["093"]),
    ("oberfranken", &["094"]),
    ("ofr", &["094"]),
    ("mittelfranken", &["095"]),
    ("mfr", &["095"]),
    ("unterfranken", &["096"]),
    ("ufr", &["096"]),
    ("schwaben", &["097"]),
    ("schwab", &["097"]),
    ("franken", &["094", "095", "096"]),
    ("pfalz", &["073"]),
    ("westfalen", &["055", "057", "059"]),
    ("westf", &["055", "057", "059"]),
    ("rheinland", &["051", "053"]),
    ("holstein", &["01"]),
    ("holst", &["01"]),
    ("wuerttemberg", &["08"]),
    ("wuertt", &["08"]),
    ("ostfr", &["03402", "03452", "03457", "03462"]),
    ("ostfriesland", &["03402", "03452", "03457", "03462"]),
    (
        "allgaeu",
        &[
            "08436", "09763", "09764", "09776", "09777", "09778", "09780",
        ],
    ),
    ("odenwald", &["06431", "06432", "06437", "08225", "08226"]),
    ("taunus", &["06433", "06434", "06436", "06439", "07141"]),
    (
        "eifel",
        &[
            "05354", "05358", "05366", "07131", "07135", "07137", "07231", "07232", "07233",
        ],
    ),
    (
        "hunsrueck",
        &["07131", "07133", "07134", "07135", "07140", "07231"],
    ),
    ("westerwald", &["06532", "06533", "07132", "07138", "07143"]),
    ("sauerland", &["05958", "05962", "05966"]),
    ("erzgebirge", &["14521", "14522", "14524", "14627", "14628"]),
    ("erzgeb", &["14521", "14522", "14524", "14627", "14628"]),
    ("vogtland", &["14523", "16076"]),
    ("vogtl", &["14523", "16076"]),
    (
        "lausitz",
        &[
            "12052", "12061", "12062", "12066", "12071", "14625", "14626",
        ],
    ),
    ("oberlausitz", &["14625", "14626"]),
    ("ruegen", &["13073"]),
    ("altmark", &["15081", "15090"]),
    ("mecklenburg", &["13"]),
    ("meckl", &["13"]),
    ("vorpommern", &["13"]),
    ("anhalt", &["15"]),
];

/// The state that folded words name.
pub(crate) fn land_of(words: &str) -> Option<Land> {
    let row = LAENDER.iter().find(|(name, _)| *name == words)?;
    Some(row.1)
}

/// A part of the country, by the beginnings of its keys.
pub(crate) type Region = &'static [&'static str];

/// The region that folded words name.
pub(crate) fn region_of(words: &str) -> Option<Region> {
    let row = REGIONS.iter().find(|(name, _)| *name == words)?;
    Some(row.1)
}

/// Whether the word abbreviates a region and is no other word, with or without its full stop.
pub(crate) fn is_abbreviation(word: &str) -> bool {
    matches!(
        word,
        "obb" | "ndb" | "opf" | "oberpf" | "ofr" | "mfr" | "ufr" | "westf" | "erzgeb" | "vogtl"
    )
}

/// The region of an inflected adjective ("hessischen").
pub(crate) fn adjective_region(word: &str) -> Option<Region> {
    let stem = ["en", "er", "es", "em", "e"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))?;
    let row = ADJECTIVES.iter().find(|(name, _)| *name == stem)?;
    Some(row.1)
}

/// Whether it lies in the region.
pub(crate) fn lies_in_region(kommune: &Kommune, region: Region) -> bool {
    region
        .iter()
        .any(|prefix| kommune.schluessel.as_str().starts_with(prefix))
}
