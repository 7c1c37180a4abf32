//! The heads by which the columns of a table are known.

use crate::kommune::{Kind, fold};
use crate::understand::fields::{self, Field};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Kommune,
    /// a municipality under a head that may mean something else: "Ort", "Name"
    Place,
    Kreis,
    Beirat,
    Rat,
    Land,
    Plz,
    Schluessel,
    /// the motion
    Vorlage,
    /// municipality and body in one cell
    Phrase,
    /// numbers and remarks, as lists of municipalities have them
    Beside,
    /// anything else: persons, dates, streets
    Other,
}

/// Heads, folded, beside the names of fields.
const HEADS: &[(Column, &[&str])] = &[
    (
        Column::Kommune,
        &[
            "kommunen",
            "gemeinden",
            "staedte",
            "gemeinde stadt",
            "stadt kreis",
            "kommune landkreis",
            "kommune kreis",
            "staedte und gemeinden",
            "gemeindename",
            "name kommune",
            "kommune name",
            "name der gemeinde",
            "mitgliedskommune",
            "mitgliedskommunen",
            "mitgliedsgemeinde",
            "mitgliedsstadt",
            "gebietskoerperschaft",
            "kommune gemeinde stadt",
        ],
    ),
    (
        Column::Place,
        &[
            "ort",
            "name",
            "plz ort",
            "standort",
            "bezeichnung",
            "mitglied",
            "mitglieder",
        ],
    ),
    (
        Column::Kreis,
        &[
            "landkreise",
            "kreise",
            "lkr",
            "kreis landkreis",
            "landkreis kreis",
        ],
    ),
    (
        Column::Beirat,
        &[
            "gremien",
            "beiraete",
            "ausschuss",
            "ausschuesse",
            "art des gremiums",
            "beirat gremium",
            "gremium beirat",
            "beirat ausschuss",
            "gremium antragsteller",
            "mitgliedsbeirat",
        ],
    ),
    (
        Column::Rat,
        &[
            "raete",
            "organ",
            "beschlussorgan",
            "beschliessendes organ",
            "kommunalparlament",
            "parlament",
            "vertretung",
            "vertretungskoerperschaft",
            "rat organ",
            "rat kreistag",
            "stadtrat kreistag",
        ],
    ),
    (
        Column::Schluessel,
        &[
            "schluessel",
            "ags",
            "ars",
            "gemeindeschluessel",
            "amtlicher gemeindeschluessel",
            "kreisschluessel",
            "regionalschluessel",
            "amtlicher regionalschluessel",
            "gemeindekennziffer",
            "gkz",
            "ags ars",
            "amtlicher schluessel",
            "gemeindeschluessel ags",
            "schluessel ags",
        ],
    ),
    (Column::Vorlage, &["musterantrag", "antrag", "thema"]),
    (
        Column::Beside,
        &[
            "",
            "nr",
            "lfd nr",
            "lfd",
            "nummer",
            "pos",
            "id",
            "no",
            "einwohner",
            "einwohnerzahl",
            "bevoelkerung",
            "art",
            "typ",
            "bemerkung",
            "bemerkungen",
            "anmerkung",
            "anmerkungen",
            "hinweis",
            "anzahl",
            "regierungsbezirk",
            "status",
            "notiz",
        ],
    ),
];

/// The column under a head.
pub(super) fn head(cell: &str) -> Column {
    let folded = fold(cell);
    let first = folded.split(' ').next().unwrap_or_default();
    // "Kommune (bitte ausschreiben)"
    let begun = || known(first).filter(|_| cell.contains('(') && !first.is_empty());
    known(&folded).or_else(begun).unwrap_or(Column::Other)
}

fn known(head: &str) -> Option<Column> {
    if let Some((column, _)) = HEADS.iter().find(|(_, names)| names.contains(&head)) {
        return Some(*column);
    }
    Some(match fields::named(head)? {
        Field::Kommune(Some(Kind::Kreis)) => Column::Kreis,
        Field::Kommune(_) => Column::Kommune,
        Field::Beirat => Column::Beirat,
        Field::Rat => Column::Rat,
        Field::Land => Column::Land,
        Field::Plz => Column::Plz,
        Field::Vorlage => Column::Vorlage,
        Field::Further(_) => return None,
    })
}
