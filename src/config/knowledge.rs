//! What the program knows: templates and register, read from their folders.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Config, Error};
use crate::answer::Knowledge;
use crate::kommune::verzeichnis::{self, Stand};
use crate::kommune::{self, Register};
use crate::merge::Fault;
use crate::template::{self, Catalogue, Files, TemplateId, Texts};

/// How deep folders of templates may nest: `nationaler-integrationsplan/bilder/…` is two.
const MAX_DEPTH: usize = 4;
/// How many files a folder of templates may hold; a mistyped path such as "/" holds more.
const MAX_FILES: usize = 2_000;
/// How large they may be together, in bytes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// What was read, and what of it is broken.
#[derive(Debug)]
pub struct Loaded {
    /// what is known now
    pub knowledge: Knowledge,
    /// what is broken, by the folder it lies in
    pub broken: BTreeMap<String, Broken>,
}

/// Why something cannot be taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// a fixed word for event lines
    pub kind: &'static str,
    /// a line for each fault: German, without excerpts
    pub lines: Vec<String>,
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self {
            kind: error.kind(),
            lines: error.in_brief(),
        }
    }
}

/// All that stays the same from request to request: templates, texts, register, rules.
///
/// Each part is taken up by itself. What is broken stays as it was in `last`; where it was never
/// sound, requests for that motion have to wait, and built-in texts stand in for broken ones.
///
/// # Errors
/// Without a `last` one: if the register is broken, the folder of templates cannot be read as a
/// whole, or there is no default motion.
pub fn load_knowledge(config: &Config, last: Option<&Knowledge>) -> Result<Loaded, Error> {
    let mut broken = BTreeMap::new();
    let last_register = last.map(|last| last.register);
    let register = or_last(
        load_register(config),
        last_register,
        "[registry]",
        &mut broken,
    )?;
    let last_templates = last.map(|last| (last.catalogue.clone(), last.texts.clone()));
    let templates = load_catalogue_and_texts(config, register, last, &mut broken);
    let (catalogue, texts) = or_last(templates, last_templates, "[templates]", &mut broken)?;
    Ok(Loaded {
        knowledge: Knowledge {
            bot: config.bot.clone(),
            admin: config.admin.clone(),
            register,
            catalogue,
            texts,
            rules: config.policy.clone(),
        },
        broken,
    })
}

/// What was read; else what was in use before, and why.
fn or_last<T>(
    read: Result<T, Error>,
    last: Option<T>,
    section: &str,
    broken: &mut BTreeMap<String, Broken>,
) -> Result<T, Error> {
    match (read, last) {
        (Err(error), Some(last)) => {
            broken.insert(section.to_owned(), error.into());
            Ok(last)
        }
        (read, _) => read,
    }
}

fn load_catalogue_and_texts(
    config: &Config,
    register: &Register,
    last: Option<&Knowledge>,
    broken: &mut BTreeMap<String, Broken>,
) -> Result<(Catalogue, Texts), Error> {
    let found = Found::of(config)?;
    let mut refused = found.refused();
    let unreadable: BTreeSet<String> = refused.keys().cloned().collect();
    let mut faults = refused.remove(TEXTS).unwrap_or_default();
    let last_catalogue = last.map(|last| &last.catalogue);
    let catalogue = found.catalogue(config, last_catalogue, register, &mut refused)?;
    let mut texts = match last {
        Some(last) => last.texts.clone(),
        None => Texts::read(&template::built_in(), register)
            .map_err(|faults| Error::Templates { path: None, faults })?,
    };
    if faults.is_empty() {
        texts = Texts::renew(&texts, &found.files, register, &mut faults);
    }
    if !faults.is_empty() {
        refused.insert(TEXTS.to_owned(), faults);
    }
    broken.extend(refused.into_iter().map(|(folder, faults)| {
        let kind = match unreadable.contains(&folder) {
            true => "unreadable",
            false => "templates",
        };
        let lines = faults.iter().map(ToString::to_string).collect();
        (folder, Broken { kind, lines })
    }));
    Ok((catalogue, texts))
}

/// The motions of a configuration, and the faults of those that are not sound, by folder.
///
/// # Errors
/// If the folder of templates cannot be read as a whole, or there is no default motion.
pub fn load_catalogue(
    config: &Config,
    register: &Register,
) -> Result<(Catalogue, template::Broken), Error> {
    let found = Found::of(config)?;
    let mut broken = found.refused();
    broken.remove(TEXTS);
    let catalogue = found.catalogue(config, None, register, &mut broken)?;
    Ok((catalogue, broken))
}

/// The files of the templates: the configured folder, else the built-in ones.
pub fn load_files(config: &Config) -> Result<Files, Error> {
    config
        .templates
        .as_deref()
        .map_or_else(|| Ok(template::built_in()), load_templates)
}

/// Reads a folder of templates with all its folders; hidden files and Word's lock files are left out.
pub fn load_templates(folder: &Path) -> Result<Files, Error> {
    let found = Found::in_folder(folder)?;
    match found.unreadable.into_iter().next() {
        Some((_, path, source)) => Err(Error::Unreadable { path, source }),
        None => Ok(found.files),
    }
}

/// Knowledge with one motion of a folder of templates taken up anew, or for the first time.
///
/// # Errors
/// If the folder cannot be read or the motion is not sound.
pub fn renew_motion(folder: &Path, id: &TemplateId, last: &Knowledge) -> Result<Knowledge, Error> {
    let found = Found::in_folder(folder)?;
    let faulty = |faults| Error::Templates {
        path: Some(folder.to_owned()),
        faults,
    };
    if let Some(faults) = found.refused().remove(id.as_str()) {
        return Err(faulty(faults));
    }
    let catalogue = Catalogue::renew_one(&last.catalogue, &found.files, id, last.register);
    Ok(Knowledge {
        catalogue: catalogue.map_err(faulty)?,
        ..last.clone()
    })
}

/// The folder of the texts of replies.
const TEXTS: &str = "mail";

/// What was found in a folder of templates.
#[derive(Debug, Default)]
struct Found {
    files: Files,
    /// what could not be read: its path below the folder, the whole path, why
    unreadable: Vec<(String, PathBuf, io::Error)>,
}

impl Found {
    fn of(config: &Config) -> Result<Self, Error> {
        match config.templates.as_deref() {
            Some(folder) => Self::in_folder(folder),
            None => Ok(Self {
                files: template::built_in(),
                unreadable: Vec::new(),
            }),
        }
    }

    fn in_folder(folder: &Path) -> Result<Self, Error> {
        let mut found = Self::default();
        let mut room = MAX_BYTES;
        read_folder(folder, "", MAX_DEPTH, &mut found, &mut room)?;
        Ok(found)
    }

    /// The catalogue of what was found; the faults of motions that are not sound are added.
    fn catalogue(
        &self,
        config: &Config,
        last: Option<&Catalogue>,
        register: &Register,
        broken: &mut template::Broken,
    ) -> Result<Catalogue, Error> {
        let default = &config.default_template;
        Catalogue::take_up(last, &self.files, default, register, broken).map_err(|missing| {
            Error::Templates {
                path: config.templates.clone(),
                faults: vec![missing],
            }
        })
    }

    /// What could not be read, by the folder it lies in; a file beside the folders is no template.
    fn refused(&self) -> template::Broken {
        let mut refused = template::Broken::new();
        for (path, _, why) in &self.unreadable {
            if let Some((folder, _)) = path.split_once('/') {
                let problem = format!(
                    "kann nicht gelesen werden ({}); darf der Benutzer, unter dem der Dienst läuft, \
                     die Datei lesen?",
                    in_words(why)
                );
                let fault = Fault::new(path.trim_end_matches('/'), problem);
                refused.entry(folder.to_owned()).or_default().push(fault);
            }
        }
        refused
    }
}

/// Why the system refuses a file, in the words for what happens most.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "die Rechte fehlen".to_owned(),
        io::ErrorKind::NotFound => "sie ist gerade verschwunden".to_owned(),
        _ => error.to_string(),
    }
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    depth: usize,
    found: &mut Found,
    room: &mut u64,
) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let entry = entry.map_err(unreadable(folder))?;
        let path = entry.path();
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
            continue;
        };
        if name.starts_with(['.', '~']) {
            continue;
        }
        let data = match fs::metadata(&path) {
            Ok(data) => data,
            Err(error) => {
                found
                    .unreadable
                    .push((format!("{prefix}{name}"), path, error));
                continue;
            }
        };
        if data.is_dir() && depth > 0 {
            let below = format!("{prefix}{name}/");
            match read_folder(&path, &below, depth - 1, found, room) {
                Err(Error::Unreadable { path, source }) => {
                    found.unreadable.push((below, path, source));
                }
                read => read?,
            }
        } else if data.is_file() {
            *room = room
                .checked_sub(data.len())
                .filter(|_| found.files.len() < MAX_FILES)
                .ok_or_else(|| Error::Oversized {
                    path: folder.to_owned(),
                })?;
            match fs::read(&path) {
                Ok(content) => {
                    found.files.insert(format!("{prefix}{name}"), content);
                }
                Err(error) => found
                    .unreadable
                    .push((format!("{prefix}{name}"), path, error)),
            }
        }
    }
    Ok(())
}

/// The register: the built-in one, with the files of the configured folder in the place of
/// its own; bodies and councils are added to those there are.
///
/// A register of one's own stays in memory until the process ends; only a reload makes another.
pub fn load_register(config: &Config) -> Result<&'static Register, Error> {
    let Some(folder) = &config.registry else {
        return Ok(Register::built_in());
    };
    let register = RegisterFiles::load(folder)?.with(Register::read);
    let register = register.map_err(|source| Error::Register {
        path: folder.clone(),
        source,
    })?;
    Ok(Box::leak(Box::new(register)))
}

/// The files of the register as they lie in its folder; those that do not are `None`.
#[derive(Debug, Default)]
pub struct RegisterFiles {
    kommunen: Option<String>,
    nachtrag: Option<String>,
    merged: Option<String>,
    gremien: Option<String>,
    raete: Option<String>,
    source: Option<String>,
}

impl RegisterFiles {
    /// Reads them.
    ///
    /// # Errors
    /// If the folder or a file cannot be read, or if there is none of them.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        fs::read_dir(folder).map_err(unreadable(folder))?;
        let read = |name: &str| {
            let path = folder.join(name);
            if !path.exists() {
                return Ok(None);
            }
            fs::read_to_string(&path)
                .map_err(unreadable(&path))
                .map(Some)
        };
        let files = Self {
            kommunen: read("kommunen.csv")?,
            nachtrag: read("nachtrag.csv")?,
            merged: read("merged.csv")?,
            gremien: read("gremien.csv")?,
            raete: read("raete.csv")?,
            source: read(verzeichnis::SOURCE)?,
        };
        let own = [&files.kommunen, &files.gremien, &files.raete];
        if own.into_iter().all(Option::is_none) {
            return Err(Error::NoRegister {
                path: folder.to_owned(),
            });
        }
        Ok(files)
    }

    /// Hands over the texts, the built-in ones in the place of those that are missing.
    pub fn with<T>(&self, take: impl FnOnce(kommune::Files<'_>) -> T) -> T {
        let built_in = kommune::Files::BUILT_IN;
        // the program's own changes are changes of its own municipalities
        let changes = |own: &'static str| match self.kommunen {
            Some(_) => "",
            None => own,
        };
        let [gremien, raete] = [&self.gremien, &self.raete]
            .map(|own| own.iter().map(String::as_str).collect::<Vec<_>>());
        take(kommune::Files {
            kommunen: self.kommunen.as_deref().unwrap_or(built_in.kommunen),
            nachtrag: self
                .nachtrag
                .as_deref()
                .unwrap_or(changes(built_in.nachtrag)),
            merged: self.merged.as_deref().unwrap_or(changes(built_in.merged)),
            gremien: &[built_in.gremien, &gremien].concat(),
            raete: &[built_in.raete, &raete].concat(),
        })
    }

    /// The day whose territory `kommunen.csv` shows, if it is known.
    pub fn stand(&self) -> Option<Stand> {
        match (&self.kommunen, &self.source) {
            (None, _) => Some(Stand::BUILT_IN),
            (Some(_), source) => Stand::find_in(source.as_deref()?),
        }
    }
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    |source| Error::Unreadable { path, source }
}
