//! Names of finished files: the pattern of `template.toml`, filled in and made safe.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::did_you_mean;
use crate::kommune::Kommune;

/// The pattern of a motion that names none; part of the contract.
pub(super) const DEFAULT: &str = "Musterantrag_{art}-{name}_{beirat}.docx";

pub(super) const EXTENSION: &str = ".docx";

/// What Windows or a path would stumble over.
const UNSAFE: &str = r#"/\:*?"<>|"#;

/// Longest stem in bytes: file systems and archives end at 255, a number and the extension follow.
const MAX_STEM: usize = 200;

/// A pattern such as [`DEFAULT`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Blank(Blank),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blank {
    Art,
    Name,
    Land,
    Beirat,
    Rat,
}

const BLANKS: [(&str, Blank); 5] = [
    ("art", Blank::Art),
    ("name", Blank::Name),
    ("land", Blank::Land),
    ("beirat", Blank::Beirat),
    ("rat", Blank::Rat),
];

impl FileName {
    /// Reads a pattern; the error says in German what is wrong with it.
    pub fn compile(pattern: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = pattern.strip_suffix(EXTENSION).unwrap_or(pattern);
        while let Some((literal, behind)) = rest.split_once('{') {
            let (blank, behind) = behind.split_once('}').ok_or_else(|| {
                format!("im Dateinamen „{pattern}“ fehlt die schließende Klammer „}}“")
            })?;
            pieces.push(Piece::Literal(literal.to_owned()));
            pieces.push(Piece::Blank(named(blank)?));
            rest = behind;
        }
        pieces.push(Piece::Literal(rest.to_owned()));
        Ok(Self(pieces))
    }

    /// Reads the pattern of a `template.toml`, which must look like a file's name; the error
    /// says in German what is wrong with it.
    pub(super) fn read(pattern: &str) -> Result<Self, String> {
        if let Some(unsafe_char) = pattern.chars().find(|c| UNSAFE.contains(*c)) {
            return Err(format!(
                "der Dateiname „{pattern}“ enthält „{unsafe_char}“, das in Dateinamen nicht erlaubt ist; \
                 nehmen Sie „-“"
            ));
        }
        match pattern.strip_suffix(EXTENSION) {
            Some(stem) if !stem.trim().is_empty() => Self::compile(pattern),
            _ => Err(format!(
                "der Dateiname „{pattern}“ muss auf „{EXTENSION}“ enden, etwa \"{DEFAULT}\""
            )),
        }
    }

    /// Fills the pattern in: a name that is safe on every system and ends in ".docx".
    ///
    /// A kind that the name holds already ("Rhein-Sieg-Kreis") is left out together with
    /// what joins it to the name.
    pub fn fill(&self, kommune: &Kommune, beirat: &str, rat: &str) -> String {
        let (art, name) = kommune.kind_and_place();
        let mut stem = String::new();
        let mut left_out = false;
        for piece in &self.0 {
            match piece {
                Piece::Literal(literal) if left_out => {
                    stem.push_str(literal.trim_start_matches(['-', '_', ' ']));
                }
                Piece::Literal(literal) => stem.push_str(literal),
                Piece::Blank(blank) => stem.push_str(match blank {
                    Blank::Art => art,
                    Blank::Name => name,
                    Blank::Land => kommune.land.name(),
                    Blank::Beirat => beirat,
                    Blank::Rat => rat,
                }),
            }
            left_out = *piece == Piece::Blank(Blank::Art) && art.is_empty();
        }
        safe(&stem) + EXTENSION
    }
}

fn named(blank: &str) -> Result<Blank, String> {
    BLANKS
        .iter()
        .find(|(name, _)| *name == blank)
        .map(|(_, blank)| *blank)
        .ok_or_else(|| {
            let hint = did_you_mean(blank, BLANKS.map(|(name, _)| name));
            format!("im Dateinamen ist „{{{blank}}}“ unbekannt; {hint}")
        })
}

/// Makes names of one reply distinct, also where case does not count: `-2`, `-3` before ".docx".
pub fn distinct(names: Vec<String>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut free = |name: &str| taken.insert(name.to_lowercase());
    names
        .into_iter()
        .map(|name| {
            if free(&name) {
                return name;
            }
            let stem = name.strip_suffix(EXTENSION).unwrap_or(&name);
            (2_usize..)
                .map(|number| format!("{stem}-{number}{EXTENSION}"))
                .find(|name| free(name))
                .unwrap_or_default()
        })
        .collect()
}

/// Any text as a file name's stem: what Windows, macOS or a mail program would stumble over is `-`.
pub(super) fn safe(text: &str) -> String {
    let mut stem = String::new();
    for c in text.nfc() {
        let c = match c {
            _ if c.is_control() || is_invisible(c) || UNSAFE.contains(c) => '-',
            _ if c.is_whitespace() => ' ',
            _ => c,
        };
        if stem.len() + c.len_utf8() > MAX_STEM {
            break;
        }
        stem.push(c);
    }
    let stem = stem
        .trim_start_matches(['.', '-', ' ', '~'])
        .trim_end_matches(['.', ' ']);
    if stem.is_empty() || is_reserved(stem) {
        return format!("Musterantrag_{stem}")
            .trim_end_matches('_')
            .to_owned();
    }
    stem.to_owned()
}

/// Characters that show nothing or turn the direction of writing (Unicode 16, 23.2).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFF}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Device names of Windows, with any extension.
fn is_reserved(stem: &str) -> bool {
    let device = stem.split('.').next().unwrap_or(stem).trim().to_uppercase();
    let numbered = |prefix| {
        device
            .strip_prefix(prefix)
            .is_some_and(|number| number.chars().count() == 1)
    };
    matches!(device.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT, FileName, distinct};
    use crate::kommune::{Art, Kommune, Land, Schluessel};
    use proptest::prelude::*;

    fn kommune(art: Art, name: &str) -> Kommune {
        Kommune {
            schluessel: Schluessel::parse("09573").expect("five digits"),
            art,
            name: name.into(),
            official_name: name.into(),
            land: Land::BY,
            kreis: None,
            einwohner: None,
            plz: None,
        }
    }

    fn fill(pattern: &str, kommune: &Kommune, beirat: &str) -> String {
        FileName::compile(pattern)
            .expect("a sound pattern")
            .fill(kommune, beirat, "Kreistag")
    }

    #[test]
    fn follows_the_contract() {
        let cases = [
            (Art::KreisfreieStadt, "Fürth", "Stadt-Fürth"),
            (Art::Landkreis, "Landkreis Fürth", "Landkreis-Fürth"),
            (Art::Landkreis, "Kreis Bergstraße", "Kreis-Bergstraße"),
            (Art::Kreis, "Rhein-Sieg-Kreis", "Rhein-Sieg-Kreis"),
            (Art::Kreis, "Märkischer Kreis", "Märkischer Kreis"),
            (
                Art::Landkreis,
                "Eifelkreis Bitburg-Prüm",
                "Eifelkreis Bitburg-Prüm",
            ),
            (Art::Stadt, "Stadt Wehlen", "Stadt-Wehlen"),
            (Art::Region, "Region Hannover", "Region-Hannover"),
            (
                Art::Verbandsgemeinde,
                "Montabaur",
                "Verbandsgemeinde-Montabaur",
            ),
            (Art::Stadt, "Cottbus/Chóśebuz", "Stadt-Cottbus-Chóśebuz"),
        ];
        for (art, name, expected) in cases {
            assert_eq!(
                fill(DEFAULT, &kommune(art, name), "Ausländerbeirat"),
                format!("Musterantrag_{expected}_Ausländerbeirat.docx")
            );
        }
    }

    #[test]
    fn a_pattern_of_ones_own() {
        let fuerth = kommune(Art::Landkreis, "Landkreis Fürth");
        assert_eq!(
            fill("Antrag {rat} {land}", &fuerth, ""),
            "Antrag Kreistag Bayern.docx"
        );
        assert_eq!(fill("CON", &fuerth, ""), "Musterantrag_CON.docx");
        assert_eq!(fill("", &fuerth, ""), "Musterantrag.docx");
        let faults =
            ["{rath}", "{art", "{}"].map(|pattern| FileName::compile(pattern).unwrap_err());
        assert_eq!(
            faults[0],
            "im Dateinamen ist „{rath}“ unbekannt; meinten Sie „rat“?"
        );
        assert!(faults[1].contains("schließende Klammer"));
        assert!(faults[2].contains("unbekannt"));
    }

    #[test]
    fn equal_names_are_numbered() {
        let names = ["a.docx", "A.docx", "a-2.docx", "a.docx", "b.docx"].map(String::from);
        assert_eq!(
            distinct(names.to_vec()),
            ["a.docx", "A-2.docx", "a-2-2.docx", "a-3.docx", "b.docx"]
        );
    }

    proptest! {
        #[test]
        fn any_text_gives_a_safe_name(name in any::<String>(), beirat in any::<String>(), pattern in "[^{}]*") {
            let pattern = format!("{pattern}{{name}}_{{beirat}}");
            let file = fill(&pattern, &kommune(Art::Gemeinde, &name), &beirat);
            let stem = file.strip_suffix(".docx").expect("the extension");
            prop_assert!(file.len() <= 255 && !stem.is_empty());
            prop_assert!(!file.contains(|c: char| c.is_control() || r#"/\:*?"<>|"#.contains(c)));
            prop_assert!(!stem.starts_with(['.', '-', ' ', '~']) && !stem.ends_with(['.', ' ']));
        }
    }
}
