//! Municipalities and bodies as nouns.

#[cfg(test)]
mod tests;

use super::{Art, Genus, Gremium, Kommune, Land, Nominal};

impl Art {
    /// The gender of its word.
    pub fn genus(self) -> Genus {
        match self {
            Self::Markt
            | Self::Flecken
            | Self::Kreis
            | Self::Landkreis
            | Self::Regionalverband
            | Self::Bezirk => Genus::Maskulinum,
            _ => Genus::Femininum,
        }
    }

    /// Whether its name means nothing without the word: plain "Montabaur" is the town.
    fn is_named_with_its_word(self) -> bool {
        matches!(
            self,
            Self::Verbandsgemeinde | Self::Samtgemeinde | Self::Bezirk
        )
    }
}

impl Kommune {
    /// The word for its kind and the name without it: ("Stadt", "Fürth"), ("Landkreis", "Fürth");
    /// no word where the name is one with it ("Rhein-Sieg-Kreis").
    pub fn kind_and_place(&self) -> (&str, &str) {
        match self.name.split_once(' ') {
            Some(parts @ ("Kreis", _)) if self.art.is_kreis() => parts,
            Some(parts @ (kind, _)) if kind == self.art.label() => parts,
            _ if self.title() == self.name => ("", &self.name),
            _ => (self.art.label(), &self.name),
        }
    }

    /// The noun behind `{{ kommune }}` and its forms.
    pub fn nominal(&self) -> Nominal {
        if self.art == Art::KreisfreieStadt && self.land == Land::HH {
            return hamburg(&self.name);
        }
        let noun = Nominal::regular(&self.title(), self.art.genus());
        if self.art.is_kreis() || self.art.is_named_with_its_word() {
            return noun;
        }
        Nominal {
            name: self.name.clone(),
            inside: stands_bare_behind_in(&self.name).then(|| format!("in {}", self.name)),
            ..noun
        }
    }
}

impl Gremium {
    /// The noun behind `{{ beirat }}` or `{{ rat }}` and its forms.
    pub fn nominal(&self) -> Nominal {
        Nominal {
            name: self.name.clone(),
            genus: self.genus,
            kasus: self.kasus.clone(),
            inside: None,
        }
    }
}

/// The one city whose kind is an adjective and a noun (article 3 of its constitution).
fn hamburg(name: &str) -> Nominal {
    let with = |kind: &str| format!("{kind} {name}");
    Nominal {
        name: name.to_owned(),
        genus: Genus::Femininum,
        kasus: [
            with("Freie und Hansestadt"),
            with("Freien und Hansestadt"),
            with("Freien und Hansestadt"),
            with("Freie und Hansestadt"),
        ],
        inside: Some(format!("in {name}")),
    }
}

/// Whether "in" may stand before the bare name. It may not where the name would need an
/// article, a case or "auf" ("in Am Mellensee", "in Hohe Börde", "in Fehmarn").
fn stands_bare_behind_in(name: &str) -> bool {
    /// First words that call for an article or have a preposition of their own.
    const FIRST_WORDS: [&str; 14] = [
        "Am",
        "Amt",
        "An",
        "Auf",
        "Bei",
        "Drei",
        "Hallig",
        "Im",
        "In",
        "Insel",
        "Seegebiet",
        "Stadt",
        "Zum",
        "Zur",
    ];
    /// Islands ("auf Fehmarn") and landscapes ("im Saterland") that are municipalities.
    const ISLANDS_AND_LANDSCAPES: [&str; 35] = [
        "Baltrum",
        "Borkum",
        "Bördeland",
        "Chiemsee",
        "Fehmarn",
        "Finneland",
        "Gröde",
        "Helgoland",
        "Juist",
        "Klettgau",
        "Krummhörn",
        "Kyffhäuserland",
        "Langeneß",
        "Langeoog",
        "Norderney",
        "Nordharz",
        "Nordstrand",
        "Nordwestuckermark",
        "Oberharz am Brocken",
        "Pellworm",
        "Ringgau",
        "Saterland",
        "Schorfheide",
        "Seeland",
        "Spiekeroog",
        "Südeichsfeld",
        "Südharz",
        "Südheide",
        "Sylt",
        "Uckerland",
        "Ummanz",
        "Unterspreewald",
        "Wangerland",
        "Wangerooge",
        "Wedemark",
    ];
    let mut words = name.split(' ');
    let first = words.next().unwrap_or_default();
    let adjective = ["e", "er", "es"].iter().any(|end| first.ends_with(end))
        && !matches!(first, "Kloster" | "Nieder" | "Ober")
        && !first.contains('/')
        && words
            .next()
            .is_some_and(|next| next.starts_with(char::is_uppercase));
    // "Nottertal-Heilinger Höhen" is an adjective too; "Kaiser-Wilhelm-Koog" is the polder.
    let polder = name.to_lowercase().ends_with("koog");
    !(adjective || polder || FIRST_WORDS.contains(&first) || ISLANDS_AND_LANDSCAPES.contains(&name))
}
