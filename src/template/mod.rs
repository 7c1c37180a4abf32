//! Templates: what an administrator may write, and what is on offer.
//!
//! In: the files of a template folder (as bytes; reading them is the shell's work).
//! Out: the [`Catalogue`] of motions, compiled and checked, and the texts of replies.
//! Never here: mails.

mod convention;
mod examine;
mod feld;
mod file_name;
mod fillings;
mod import;
mod inspect;
mod manifest;
mod names;
mod overview;
mod take_up;
#[cfg(test)]
mod tests;
mod texts;
mod title;
mod trial;
mod variants;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::kommune::{Register, fold};
use crate::merge::{Document, Fault, Page, Place, Rules, Schema, word_package};
pub use examine::{Examination, examine};
pub use feld::{Feld, FeldArt, Need, Wert, Werte, fill, without_bullet};
pub use file_name::{FileName, distinct};
pub use import::{Doubt, Import, Replaced};
pub use inspect::{inspect, motion_folders, source as source_of};
use manifest::Manifest;
pub use names::{Occasion, begin_of_day, schema, values};
pub use overview::{Column, Overview, unnamed_in_word};
pub use take_up::Broken;
pub use texts::{TextName, Texts, anfragen};
pub use trial::{MANIFEST, Trial, checked_name, sample_name};
pub use variants::{Variant, typical, variants};

/// The name of a motion's folder: small letters, digits, hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TemplateId(String);

impl TemplateId {
    /// Reads an id; `None` unless it is made of small letters, digits and hyphens.
    pub fn parse(text: &str) -> Option<Self> {
        let sound = !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        sound.then(|| Self(text.to_owned()))
    }

    /// The letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What understanding knows of a motion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// its name in the catalogue
    pub id: TemplateId,
    /// its title
    pub title: String,
    /// words by which a mail names it
    pub words: Vec<String>,
    /// whether a mail that names none means it
    pub default: bool,
    /// what it asks for beside municipality, body and council
    pub felder: Vec<Feld>,
}

/// A motion that can be asked for.
#[derive(Debug, Clone)]
pub struct Motion {
    /// what understanding knows of it
    pub offer: Offer,
    /// what it is about, in a sentence or two; may be empty
    pub description: String,
    /// the pattern of its documents' file names
    pub file_name: FileName,
    /// the compiled document
    pub document: Arc<Document>,
    /// what its author should know of `template.toml`
    pub notes: Vec<Fault>,
    /// what a mail may call it, each with its line in `template.toml`
    names: Vec<(usize, String)>,
}

/// The files below a template folder: path with `/`, content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The folder of the texts of replies, which is no motion.
const MAIL: &str = "mail/";

/// What mails may ask for: motions that are sound, and those that are not and make requests wait.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// what a mail means that names none
    default: TemplateId,
    /// the sound ones
    motions: BTreeMap<TemplateId, Motion>,
    /// of all of them
    offers: Vec<Offer>,
}

impl Catalogue {
    /// Compiles all motions among the files; all faults at once, each with its file.
    ///
    /// A motion is a folder with a `template.toml`; other folders are left alone.
    ///
    /// # Errors
    /// If any of them is not sound, or the default one is missing.
    pub fn read(
        files: &Files,
        default: &TemplateId,
        register: &Register,
    ) -> Result<Self, Vec<Fault>> {
        let mut broken = Broken::new();
        let read = Self::take_up(None, files, default, register, &mut broken);
        let faults: Vec<Fault> = broken.into_values().flatten().collect();
        match read {
            Ok(catalogue) if faults.is_empty() => Ok(catalogue),
            Ok(_) => Err(faults),
            Err(missing) => Err(faults.into_iter().chain([missing]).collect()),
        }
    }

    /// A motion by its id, if it is sound.
    pub fn get(&self, id: &TemplateId) -> Option<&Motion> {
        self.motions.get(id)
    }

    /// How many motions are sound.
    pub fn sound(&self) -> usize {
        self.motions.len()
    }

    /// What a mail asks for that names this, or nothing.
    pub fn wanted<'a>(&'a self, named: Option<&'a TemplateId>) -> &'a TemplateId {
        named.unwrap_or(&self.default)
    }

    /// The motion of a mail that names none, if it is sound.
    pub fn default_motion(&self) -> Option<&Motion> {
        self.get(&self.default)
    }

    /// What mails may ask for, sound or not, ordered by id.
    pub fn offers(&self) -> &[Offer] {
        &self.offers
    }

    /// What a mail may ask for, by its id.
    pub fn offer(&self, id: &TemplateId) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.id == *id)
    }
}

/// The motions that mails may call like an earlier one, each with the fault.
fn called_alike<'m>(motions: impl IntoIterator<Item = &'m Motion>) -> Vec<(&'m TemplateId, Fault)> {
    let mut first: BTreeMap<String, &TemplateId> = BTreeMap::new();
    let mut faults = Vec::new();
    for motion in motions {
        let id = &motion.offer.id;
        for (line, name) in &motion.names {
            let other = *first.entry(fold(name)).or_insert(id);
            if other != id {
                let problem = format!(
                    "„{name}“ heißt schon der Antrag „{}“; streichen Sie es bei einem von beiden",
                    other.as_str()
                );
                let place = format!("{}/template.toml, Zeile {line}", id.as_str());
                faults.push((id, Fault::new(place, problem)));
            }
        }
    }
    faults
}

impl Motion {
    fn read(files: &Files, folder: &str, register: &Register) -> Result<Self, Vec<Fault>> {
        let path = format!("{folder}/template.toml");
        let Some(id) = TemplateId::parse(folder) else {
            let problem = "der Name des Ordners darf nur aus kleinen Buchstaben, Ziffern und \
                           Bindestrichen bestehen";
            return Err(vec![Fault::new(path, problem)]);
        };
        let bytes = files.get(&path).map_or(&[][..], Vec::as_slice);
        // which fields the document may name is known only if they are sound
        let manifest = Manifest::read(&path, bytes, Some(register))?;
        let (source, package) = package_on(files, folder, manifest.page())?;
        let rules = Rules::Strict(with_felder(schema(register), &manifest.felder));
        let document = Document::compile_keeping(package, &rules, &manifest.keep, &manifest.title)
            .map_err(|faults| within(&source, faults))?;
        let unheeded = manifest.unheeded(&path);
        Ok(Self {
            notes: (unheeded.into_iter())
                .filter(|_| source.ends_with(".docx"))
                .collect(),
            offer: Offer {
                id,
                default: false,
                title: manifest.title,
                words: manifest.words,
                felder: manifest.felder,
            },
            description: manifest.description,
            file_name: manifest.file_name,
            document: Arc::new(document),
            names: manifest.names,
        })
    }
}

/// The names that a motion may use that has these fields.
fn with_felder(mut schema: Schema, felder: &[Feld]) -> Schema {
    for feld in felder {
        schema.fields.insert(feld.name.clone());
        if feld.art == FeldArt::Number {
            schema.numbers.insert(feld.name.to_lowercase());
        }
    }
    schema
}

/// A motion's Word template and the file it comes from: `motion.docx`, else `motion.md` made one.
///
/// # Errors
/// If there is neither, or the Markdown cannot become a Word file; what is wrong with
/// `template.toml` is told where the motion is read.
pub fn package(files: &Files, folder: &str) -> Result<(String, Vec<u8>), Vec<Fault>> {
    let manifest = inspect::manifest(files, folder);
    package_on(
        files,
        folder,
        manifest.as_ref().map_or(Page::default(), Manifest::page),
    )
}

fn package_on(
    files: &Files,
    folder: &str,
    page: Page<'_>,
) -> Result<(String, Vec<u8>), Vec<Fault>> {
    let docx = format!("{folder}/motion.docx");
    if let Some(package) = files.get(&docx) {
        return Ok((docx, package.clone()));
    }
    let path = format!("{folder}/motion.md");
    let Some(bytes) = files.get(&path) else {
        return Err(vec![inspect::no_document(files, folder)]);
    };
    let package =
        word_package(source(&path, bytes)?, page).map_err(|fault| within(&path, vec![fault]))?;
    Ok((path, package))
}

/// The motions and texts that the program ships.
pub fn built_in() -> Files {
    macro_rules! shipped {
        ($($path:literal),+ $(,)?) => {
            [$(($path, &include_bytes!(concat!("../../templates/", $path))[..])),+]
        };
    }
    shipped![
        "nationaler-integrationsplan/template.toml",
        "nationaler-integrationsplan/motion.md",
        "mail/document.txt",
        "mail/question.txt",
        "mail/help.txt",
        "mail/refusal.txt",
        "mail/alarm.txt",
        "mail/trial.txt",
    ]
    .into_iter()
    .map(|(path, bytes)| (path.to_owned(), bytes.to_vec()))
    .collect()
}

/// The folders that hold a `template.toml`.
fn folders(files: &Files) -> impl Iterator<Item = &str> {
    files
        .keys()
        .filter(|path| !path.starts_with(MAIL))
        .filter_map(|path| path.strip_suffix("/template.toml"))
        .filter(|folder| !folder.contains('/'))
}

fn no_such_default(files: &Files, default: &TemplateId) -> Fault {
    let default = default.as_str();
    let problem = format!(
        "der voreingestellte Antrag „{default}“ fehlt; {}",
        did_you_mean(default, folders(files))
    );
    Fault::new(format!("{default}/template.toml"), problem)
}

/// The text of a file.
fn source<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Vec<Fault>> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        vec![Fault::new(
            path,
            "die Datei ist nicht als UTF-8 gespeichert",
        )]
    })?;
    // Editors on Windows begin UTF-8 with a byte order mark.
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

/// Faults of a part, with the file that the part lies in; who writes Markdown knows of no
/// parts.
fn within(path: &str, faults: Vec<Fault>) -> Vec<Fault> {
    let is_word = path.ends_with(".docx");
    let place = |mut place: Place| {
        if let Some(text) = place.text.strip_prefix("Text, ").filter(|_| !is_word) {
            place.text = text.to_owned();
        }
        place.within(path)
    };
    let within = |fault: Fault| Fault::new(place(fault.place), fault.problem);
    faults.into_iter().map(within).collect()
}

/// "meinten Sie „title“?", or all that is known where nothing is near.
fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: BTreeSet<&str> = known.into_iter().collect();
    match nearest(word, known.iter().copied()) {
        Some(name) => format!("meinten Sie „{name}“?"),
        None if known.is_empty() => "es gibt keinen".to_owned(),
        None => {
            let names: Vec<&str> = known.into_iter().collect();
            format!("es gibt {}", names.join(", "))
        }
    }
}

/// What is known by nearly this name.
fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(word, name), name))
        .filter(|(nearness, _)| *nearness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
