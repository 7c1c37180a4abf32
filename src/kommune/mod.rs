//! The register: municipalities and districts, bodies and councils.
//!
//! In: the CSV files of `config/register/`. Out: look-up by key, by spelling, by
//! nearness, with candidates; which council a municipality has. Never here: what
//! a mail asks for.
//!
//! | what | where |
//! | --- | --- |
//! | the register's files: read, written, made anew from the Gemeindeverzeichnis | `read`, `write`, `verzeichnis` |
//! | names as nouns | `nominal`, `art` |
//! | how names are written, and the index over it | `names`, `forms`, `addition`, `landscape`; of bodies `bodies`, `spellings` |
//! | words, and what those beside a name tell | `words`, `kind`, `qualifier`, `kennzeichen` |
//! | look-up: exact, in a text, near, of several the usual one | `find`, `spot`, `near`, `guess`, `rank` |

mod addition;
mod art;
mod bodies;
mod find;
mod forms;
mod guess;
mod kennzeichen;
mod kind;
mod landscape;
mod names;
mod near;
mod nominal;
mod qualifier;
mod rank;
mod read;
mod spellings;
mod spot;
#[cfg(test)]
mod tests;
pub mod verzeichnis;
mod words;
mod write;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

pub(crate) use forms::stems;
pub(crate) use guess::Guess;
pub(crate) use kind::{Kind, adjective_region, land_of, lies_in_region, region_of};
pub use near::Slip;
pub(crate) use spot::{Bearing, Head, Spot};
pub(crate) use words::{Case, Gap, Words, fold, fold_without_dots};

use crate::german::{Genus, Nominal};

/// An official key: eight digits (AGS) for a Gemeinde or Bezirk, five for a Kreis,
/// nine (ARS without the last three) for a Gemeindeverband.
///
/// Its digits lie in place, zeroes behind them: eleven thousand of them are not to be as many pieces of heap.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Schluessel([u8; Self::LONGEST]);

impl Schluessel {
    const LONGEST: usize = 9;

    /// Reads a key; `None` unless it has five, eight or nine digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let mut key = [0; Self::LONGEST];
        let place = key.get_mut(..text.len())?;
        place.copy_from_slice(text.as_bytes());
        (digits && matches!(text.len(), 5 | 8 | Self::LONGEST)).then_some(Self(key))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        let digits = self.0.split(|&byte| byte == 0).next();
        digits
            .and_then(|digits| str::from_utf8(digits).ok())
            .unwrap_or_default()
    }
}

impl fmt::Debug for Schluessel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Schluessel").field(&self.as_str()).finish()
    }
}

/// What kind of municipality or district; the column `kind` of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the words are the register's own")]
pub enum Art {
    Stadt,
    KreisfreieStadt,
    Gemeinde,
    Markt,
    Flecken,
    Kreis,
    Landkreis,
    Region,
    Staedteregion,
    Regionalverband,
    Verbandsgemeinde,
    Samtgemeinde,
    Bezirk,
}

/// One of the sixteen federal states; the column `state` of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the register's own abbreviations")]
pub enum Land {
    SH,
    HH,
    NI,
    HB,
    NW,
    HE,
    RP,
    BW,
    BY,
    SL,
    BE,
    BB,
    MV,
    SN,
    ST,
    TH,
}

/// One municipality, district or association of municipalities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kommune {
    /// its official key
    pub schluessel: Schluessel,
    /// its kind
    pub art: Art,
    /// as it is called: "Fürth", "Landkreis Fürth", "Rhein-Sieg-Kreis"
    pub name: String,
    /// exactly as in the Gemeindeverzeichnis
    pub official_name: String,
    /// the state it lies in
    pub land: Land,
    /// the Kreis it belongs to, if it does to one
    pub kreis: Option<Schluessel>,
    /// inhabitants, where the register has them
    pub einwohner: Option<u32>,
    /// postal code of the administration, where the register has it
    pub plz: Option<String>,
}

/// Whether a body moves motions or decides on them; the column `role` of `gremien.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rolle {
    /// the body that moves the motion
    Beirat,
    /// the council that is to decide
    Rat,
}

/// A body or a council, with its declension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gremium {
    /// what it is there for
    pub rolle: Rolle,
    /// name without article, as in a heading
    pub name: String,
    /// its gender
    pub genus: Genus,
    /// nominative, genitive, dative, accusative as they stand behind the definite article
    pub kasus: [String; 4],
    /// further spellings by which mails name it
    pub synonyms: Vec<String>,
}

/// The text of the register's files, each a CSV with its header row.
#[derive(Debug, Clone, Copy)]
#[expect(
    missing_docs,
    reason = "named as the files are; config/register/README.md describes them"
)]
pub struct Files<'a> {
    pub kommunen: &'a str,
    /// empty if nothing changed since
    pub nachtrag: &'a str,
    /// empty if nobody is called otherwise than before
    pub merged: &'a str,
    /// the program's own, then an administrator's: a row takes the place of an earlier one
    /// of the same name
    pub gremien: &'a [&'a str],
    /// the program's own, then an administrator's: a row takes the place of an earlier one
    /// for the same key, or for the same state and kind
    pub raete: &'a [&'a str],
}

/// All municipalities, bodies and councils that are known.
#[derive(Debug)]
pub struct Register {
    /// ordered by key
    kommunen: Vec<Kommune>,
    names: names::Names,
    former: Vec<read::Former>,
    /// the postal codes of all municipalities
    plz: HashSet<u32>,
    gremien: Vec<Gremium>,
    /// the words of all bodies, and of all councils
    words: [Arc<BTreeSet<String>>; 2],
    bodies: bodies::Bodies,
    rat_by_kind: HashMap<(Land, Art), usize>,
    rat_by_key: HashMap<Schluessel, usize>,
    /// the council of a kind that its state does not have
    last_resort: Gremium,
}

/// Why a municipality is among the candidates of a look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearness<'a> {
    /// it is its name
    Name,
    /// another way to write its name, or an inflected form of it
    Spelling,
    /// a name that was replaced; the candidate is its successor
    Former {
        /// the name it took the place of
        name: &'a str,
        /// since when, where the register knows
        year: Option<&'a str>,
    },
    /// its name without "Bad"
    Shortened,
    /// the letters of a licence plate lead to it, no name does
    Kennzeichen,
    /// it has the name, but not what is said beside it: "Stadt Fürth (Hessen)"
    Conflict,
    /// few letters differ
    Similar(Slip),
}

/// One municipality that a spelling may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// the municipality
    pub kommune: &'a Kommune,
    /// why it is one
    pub nearness: Nearness<'a>,
    /// the letters of a licence plate that told it from others
    pub kennzeichen: Option<&'static str>,
}

/// A fault in a file of the register.
#[derive(Debug, thiserror::Error)]
#[error("{file}, Zeile {line}: {problem}")]
pub struct Error {
    /// the file's name
    pub file: &'static str,
    /// the line, counted from 1
    pub line: u64,
    /// what is wrong with it, in German, with the column and what to do
    pub problem: String,
}

impl Register {
    /// The register that the program ships.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Register> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            #[expect(
                clippy::expect_used,
                reason = "the files are compiled in, a test reads them"
            )]
            Self::read(Files::BUILT_IN).expect("the built-in register is sound")
        })
    }

    /// Reads a register; the replaced rows of `nachtrag` are kept as old names.
    ///
    /// # Errors
    ///
    /// The first row that does not fit its file, with file and line.
    pub fn read(files: Files<'_>) -> Result<Self, Error> {
        read::read(files)
    }

    /// The municipality with this key.
    pub fn get(&self, schluessel: &Schluessel) -> Option<&Kommune> {
        self.at(self.place_of(schluessel)?)
    }

    /// The place in the list of the municipality with this key.
    pub(crate) fn place_of(&self, schluessel: &Schluessel) -> Option<u32> {
        let found = self
            .kommunen
            .binary_search_by(|kommune| kommune.schluessel.cmp(schluessel));
        u32::try_from(found.ok()?).ok()
    }

    /// All municipalities, ordered by key.
    pub fn kommunen(&self) -> impl Iterator<Item = &Kommune> {
        self.kommunen.iter()
    }

    /// All bodies and councils in the order of the file.
    pub fn gremien(&self) -> &[Gremium] {
        &self.gremien
    }

    /// The words of all bodies or councils; see [`Gremium::words`].
    pub fn words(&self, rolle: Rolle) -> &Arc<BTreeSet<String>> {
        let [beiraete, raete] = &self.words;
        match rolle {
            Rolle::Beirat => beiraete,
            Rolle::Rat => raete,
        }
    }

    /// The body or council of this name or spelling, whatever its case.
    pub fn gremium(&self, rolle: Rolle, spelling: &str) -> Option<&Gremium> {
        self.gremien
            .get(self.bodies.get(&fold(spelling))?)
            .filter(|gremium| gremium.rolle == rolle)
    }

    /// The council that decides in this municipality.
    pub fn rat_of(&self, kommune: &Kommune) -> &Gremium {
        let by_key = self.rat_by_key.get(&kommune.schluessel);
        let found = by_key.or_else(|| self.rat_by_kind.get(&(kommune.land, kommune.art)));
        found
            .and_then(|&i| self.gremien.get(i))
            .unwrap_or(&self.last_resort)
    }

    /// Whom a name as people write it may mean ("Rothenburg o.d.T.", "Landkreis Fürth"), best first.
    pub fn find(&self, spelling: &str) -> Vec<Candidate<'_>> {
        self.candidates(spelling)
    }

    /// The one that a name means: of those who bear it a Gemeinde before all others, then by
    /// far the largest. What is merely similar, or was a name once, means nobody.
    pub fn means(&self, spelling: &str) -> Option<&Kommune> {
        let found = self.candidates(spelling);
        let how = found.first().map(|best| best.nearness)?;
        let usable = matches!(how, Nearness::Name | Nearness::Spelling);
        let bearers: Vec<u32> = found
            .iter()
            .filter(|candidate| usable && candidate.nearness == how)
            .filter_map(|candidate| self.place_of(&candidate.kommune.schluessel))
            .collect();
        self.at(self.meant(&bearers)?)
    }

    /// The body or council whose name of one word is one letter from a folded word.
    pub(crate) fn gremium_near(&self, word: &str) -> Option<&Gremium> {
        self.gremien.get(self.bodies.near(word)?)
    }

    /// The longest spelling of a body or council that begins at the word `i`, and where it ends.
    pub(crate) fn gremium_at(&self, words: &Words<'_>, i: usize) -> Option<(usize, &Gremium)> {
        let (end, gremium) = self.bodies.longest_at(words, i)?;
        Some((end, self.gremien.get(gremium)?))
    }
}

impl Files<'static> {
    /// `config/register/`, as it was when the program was built.
    pub const BUILT_IN: Self = Self {
        kommunen: include_str!("../../config/register/kommunen.csv"),
        nachtrag: include_str!("../../config/register/nachtrag.csv"),
        merged: include_str!("../../config/register/merged.csv"),
        gremien: &[include_str!("../../config/register/gremien.csv")],
        raete: &[include_str!("../../config/register/raete.csv")],
    };
}
