//! What the program knows: templates and register, read from their folders.

use std::fs;
use std::io;
use std::path::Path;

use super::{Config, Error};
use crate::answer::Knowledge;
use crate::kommune::verzeichnis::{self, Stand};
use crate::kommune::{self, Register};
use crate::template::{self, Catalogue, Files, Texts};

/// How deep folders of templates may nest: `nationaler-integrationsplan/bilder/…` is two.
const MAX_DEPTH: usize = 4;
/// How many files a folder of templates may hold; a mistyped path such as "/" holds more.
const MAX_FILES: usize = 2_000;
/// How large they may be together, in bytes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// All that stays the same from request to request: templates, texts, register, rules.
pub fn load_knowledge(config: &Config) -> Result<Knowledge, Error> {
    let files = load_files(config)?;
    let register = load_register(config)?;
    let faulty = |faults| Error::Templates {
        path: config.templates.clone(),
        faults,
    };
    Ok(Knowledge {
        bot: config.bot.clone(),
        admin: config.admin.clone(),
        register,
        catalogue: Catalogue::read(&files, &config.default_template, register).map_err(faulty)?,
        texts: Texts::read(&files, register).map_err(faulty)?,
        rules: config.policy.clone(),
    })
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
    let mut files = Files::new();
    let mut room = MAX_BYTES;
    read_folder(folder, "", MAX_DEPTH, &mut files, &mut room)?;
    Ok(files)
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    depth: usize,
    files: &mut Files,
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
        let data = fs::metadata(&path).map_err(unreadable(&path))?;
        if data.is_dir() && depth > 0 {
            read_folder(&path, &format!("{prefix}{name}/"), depth - 1, files, room)?;
        } else if data.is_file() {
            *room = room
                .checked_sub(data.len())
                .filter(|_| files.len() < MAX_FILES)
                .ok_or_else(|| Error::Oversized {
                    path: folder.to_owned(),
                })?;
            let content = fs::read(&path).map_err(unreadable(&path))?;
            files.insert(format!("{prefix}{name}"), content);
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
