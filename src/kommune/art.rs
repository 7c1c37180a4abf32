//! Kinds and states in words.

use super::{Art, Kommune, Land};

/// Each kind with its word in the register and its word for people.
const ARTEN: [(Art, &str, &str); 13] = [
    (Art::Stadt, "stadt", "Stadt"),
    (Art::KreisfreieStadt, "kreisfreie-stadt", "Stadt"),
    (Art::Gemeinde, "gemeinde", "Gemeinde"),
    (Art::Markt, "markt", "Markt"),
    (Art::Flecken, "flecken", "Flecken"),
    (Art::Kreis, "kreis", "Kreis"),
    (Art::Landkreis, "landkreis", "Landkreis"),
    (Art::Region, "region", "Region"),
    (Art::Staedteregion, "staedteregion", "Städteregion"),
    (Art::Regionalverband, "regionalverband", "Regionalverband"),
    (
        Art::Verbandsgemeinde,
        "verbandsgemeinde",
        "Verbandsgemeinde",
    ),
    (Art::Samtgemeinde, "samtgemeinde", "Samtgemeinde"),
    (Art::Bezirk, "bezirk", "Bezirk"),
];

/// Each state with its abbreviation in the register and its name, in the order of their
/// official numbers, from 1.
const LAENDER: [(Land, &str, &str); 16] = [
    (Land::SH, "SH", "Schleswig-Holstein"),
    (Land::HH, "HH", "Hamburg"),
    (Land::NI, "NI", "Niedersachsen"),
    (Land::HB, "HB", "Bremen"),
    (Land::NW, "NW", "Nordrhein-Westfalen"),
    (Land::HE, "HE", "Hessen"),
    (Land::RP, "RP", "Rheinland-Pfalz"),
    (Land::BW, "BW", "Baden-Württemberg"),
    (Land::BY, "BY", "Bayern"),
    (Land::SL, "SL", "Saarland"),
    (Land::BE, "BE", "Berlin"),
    (Land::BB, "BB", "Brandenburg"),
    (Land::MV, "MV", "Mecklenburg-Vorpommern"),
    (Land::SN, "SN", "Sachsen"),
    (Land::ST, "ST", "Sachsen-Anhalt"),
    (Land::TH, "TH", "Thüringen"),
];

impl Art {
    /// Reads the column `kind` of the register ("kreisfreie-stadt").
    pub fn parse(text: &str) -> Option<Self> {
        let row = ARTEN.iter().find(|(_, kind, _)| *kind == text)?;
        Some(row.0)
    }

    /// The word of the column `kind`.
    pub(super) fn word(self) -> &'static str {
        ARTEN
            .iter()
            .find(|(art, ..)| *art == self)
            .map_or("", |(_, word, _)| word)
    }

    /// The word for people: "Stadt", "Landkreis", "Städteregion".
    pub fn label(self) -> &'static str {
        ARTEN
            .iter()
            .find(|(art, ..)| *art == self)
            .map_or("", |(_, _, label)| label)
    }

    /// Whether it is a Kreis or stands in the place of one.
    pub fn is_kreis(self) -> bool {
        matches!(
            self,
            Self::Kreis
                | Self::Landkreis
                | Self::Region
                | Self::Staedteregion
                | Self::Regionalverband
        )
    }

    /// Whether it is a town, of a Kreis or without one.
    pub fn is_stadt(self) -> bool {
        matches!(self, Self::Stadt | Self::KreisfreieStadt)
    }

    /// Whether it is a Gemeinde in the sense of the law: a town, a Markt or a Flecken too.
    pub fn is_gemeinde(self) -> bool {
        self.is_stadt() || matches!(self, Self::Gemeinde | Self::Markt | Self::Flecken)
    }
}

impl Land {
    /// Reads the abbreviation of the register ("BY") or the name ("Bayern").
    pub fn parse(text: &str) -> Option<Self> {
        LAENDER
            .iter()
            .find(|(_, short, name)| *short == text || *name == text)
            .map(|row| row.0)
    }

    /// The state with this official number, the first two digits of all keys in it.
    pub(super) fn numbered(number: usize) -> Option<Self> {
        let row = LAENDER.get(number.checked_sub(1)?)?;
        Some(row.0)
    }

    /// The abbreviation of the column `state`.
    pub(super) fn abbreviation(self) -> &'static str {
        LAENDER
            .iter()
            .find(|(land, ..)| *land == self)
            .map_or("", |(_, short, _)| short)
    }

    /// The name: "Bayern".
    pub fn name(self) -> &'static str {
        LAENDER
            .iter()
            .find(|(land, ..)| *land == self)
            .map_or("", |(_, _, name)| name)
    }
}

impl Kommune {
    /// With its kind, as one says it: "Stadt Fürth", "Landkreis Fürth", "Rhein-Sieg-Kreis".
    pub fn title(&self) -> String {
        let label = self.art.label();
        let holds_kind = self.art.is_kreis()
            || self
                .name
                .strip_prefix(label)
                .is_some_and(|rest| rest.starts_with(' '));
        if holds_kind {
            self.name.clone()
        } else {
            format!("{label} {}", self.name)
        }
    }

    /// As [`Self::title`], but without the state that some names carry in brackets, for where
    /// it is told beside: "Stadt Langen" for Langen (Hessen).
    pub fn title_beside_land(&self) -> String {
        let title = self.title();
        let land = format!(" ({})", self.land.name());
        title.strip_suffix(&land).unwrap_or(&title).to_owned()
    }
}
